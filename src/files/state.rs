//! What greenlight keeps next to a project. It never goes through a link, and never empties an existing file.

use std::{fs::File, io::Write as _, time::Duration};

use camino::Utf8Path;

use super::{error::FileError, inside::Root, timed::within};

/// The folder for it, next to the project file.
pub(crate) const STATE: &str = ".greenlight";

/// The lock that is held while an answer is recorded, relative to the project's folder.
const LOCK: &str = ".greenlight/answers.lock";

/// Held by one process at a time, until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "closing it lets go")] File);

/// The longest wait for another holder of the lock.
const PATIENCE: Duration = Duration::from_mins(1);

/// Waits until no one else is recording in this project, for a minute at most.
///
/// The lock is a separate file: the answers themselves are replaced, and a lock on them would go with the old file.
///
/// # Errors
/// [`FileError::Link`] and [`FileError::Outside`] when a link is in the way, [`FileError::Held`] when someone else
/// keeps it; else the system's error.
pub(crate) fn lock(project_dir: &Utf8Path) -> Result<Lock, FileError> {
    lock_within(project_dir, PATIENCE)
}

fn lock_within(project_dir: &Utf8Path, patience: Duration) -> Result<Lock, FileError> {
    let state = Root::checkout(project_dir).land_beside(Utf8Path::new(STATE))?.into_folder(STATE)?;
    if let Some(mut ignore) = state.new_file(".gitignore")? {
        ignore.write_all(b"*\n").map_err(FileError::Io)?;
    }
    let lock = state.file("answers.lock", LOCK)?;
    let held = within(patience, move || lock.lock().map(|()| Lock(lock)).map_err(FileError::Io));
    held.map_err(|error| if let FileError::Slow(most) = error { FileError::Held(most) } else { error })
}

#[cfg(test)]
mod tests {
    use camino::Utf8PathBuf;

    use super::*;

    #[test]
    fn waiting_for_the_lock_times_out() {
        let keep = tempfile::tempdir().unwrap();
        let dir = Utf8PathBuf::from_path_buf(keep.path().to_owned()).unwrap();
        let first = lock(&dir).unwrap();
        let second = lock_within(&dir, Duration::from_millis(20));
        assert!(matches!(second, Err(FileError::Held(_))), "{second:?}");
        drop(first);
    }
}
