//! What greenlight keeps beside a project. It goes through no link, and nothing that stands there is emptied.

use std::{fs::File, io::Write as _};

use camino::Utf8Path;

use super::{error::FileError, inside::Root};

/// The folder of it, beside the project file.
pub const STATE: &str = ".greenlight";

/// The lock of whoever records an answer, from the project's folder.
pub const LOCK: &str = ".greenlight/answers.lock";

/// Held by one process at a time, until it is dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "closing it lets go")] File);

/// Waits until nobody else records in this project.
///
/// The lock is a file of its own: the answers themselves are replaced, and a lock would go with the old file.
///
/// # Errors
/// [`FileError::Link`] and [`FileError::Outside`] when a link is in the way; else what the system says.
pub fn lock(project_dir: &Utf8Path) -> Result<Lock, FileError> {
    let state = Root::checkout(project_dir).land(Utf8Path::new(STATE))?.into_folder(STATE)?;
    if let Some(mut ignore) = state.new_file(".gitignore")? {
        ignore.write_all(b"*\n").map_err(FileError::Io)?;
    }
    let lock = state.file("answers.lock", LOCK)?;
    lock.lock().map_err(FileError::Io)?;
    Ok(Lock(lock))
}
