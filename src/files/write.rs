//! Writing: files are replaced as a whole, so that a crash leaves the old or the new one; devices and pipes are written
//! to as they are.

use std::{
    io::{ErrorKind, Write as _},
    time::Duration,
};

use camino::Utf8Path;
use fs_err::OpenOptions;

use super::{error::FileError, kind::Sort, place::Place, system, timed::within};

/// The longest wait for the reader of a pipe, or for a disk.
const PATIENCE: Duration = Duration::from_secs(30);

/// Writes a file as a whole: next to its place, flushed to the disk, then renamed. A link there is replaced, and its
/// target is left alone; a device or a pipe is written to.
///
/// # Errors
/// When the folder can't be written to or has no room, when the file exists and must not be replaced, or when no one
/// reads from a pipe.
pub(crate) fn write_whole(path: &Utf8Path, text: &str, replace: bool) -> Result<(), FileError> {
    // With the permissions an editor would give it; a temporary file is private by default.
    write(path, text, replace, true)
}

/// The same for regular files only: no one reads manual pages from a pipe.
///
/// # Errors
/// As [`write_whole`], and [`FileError::Is`] for anything else that is there.
pub(crate) fn write_new(path: &Utf8Path, text: &str) -> Result<(), FileError> {
    match standing(path) {
        Some(sort) => Err(FileError::Is(sort)),
        None => write_whole(path, text, true),
    }
}

/// The same for a file that no one else on this machine may read, even if others could read the old one.
///
/// # Errors
/// As [`write_whole`].
pub(crate) fn write_private(path: &Utf8Path, text: &str) -> Result<(), FileError> {
    write(path, text, true, false)
}

/// Appends to a regular file; creates it if it doesn't exist. Does not follow a link.
///
/// # Errors
/// When something else is there, or it can't be written to.
pub(crate) fn append(path: &Utf8Path, text: &str) -> Result<(), FileError> {
    let (path, text) = (path.to_owned(), text.to_owned());
    within(PATIENCE, move || {
        let mut file = system::open_to_append(&path)?;
        file.write_all(text.as_bytes()).map_err(FileError::Io)
    })
}

/// Makes a folder and all folders above it.
///
/// # Errors
/// When it can't be made.
pub(crate) fn make_folder(path: &Utf8Path) -> Result<(), FileError> {
    if Place::of(path).is_gits() {
        return Err(FileError::GitsToWrite);
    }
    fs_err::create_dir_all(path).map_err(FileError::Io)
}

fn write(path: &Utf8Path, text: &str, replace: bool, public: bool) -> Result<(), FileError> {
    if Place::of(path).is_gits() {
        return Err(FileError::GitsToWrite);
    }
    match standing(path) {
        None if is_a_link_of_the_systems(path) => return Err(FileError::SystemLink),
        None => {}
        Some(_) if !replace => return Err(FileError::Exists),
        Some(Sort::Pipe | Sort::CharacterDevice) => return pour(path, text, OpenOptions::new().write(true)),
        Some(sort) => return Err(FileError::Is(sort)),
    }
    let folder = path.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    replaced(path, folder, text, (replace, public)).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists if !replace => FileError::Exists,
        _ => FileError::Io(error),
    })
}

fn replaced(
    path: &Utf8Path,
    folder: &Utf8Path,
    text: &str,
    (replace, public): (bool, bool),
) -> std::io::Result<()> {
    fs_err::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".greenlight");
    #[cfg(unix)]
    if public {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    }
    let mut file = builder.tempfile_in(folder)?;
    if public
        && let Ok(old) = fs_err::symlink_metadata(path)
        && old.is_file()
    {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    let kept = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    kept.map(drop).map_err(|error| error.error)
}

/// What is at a path, links followed; none for a regular file or nothing.
fn standing(path: &Utf8Path) -> Option<Sort> {
    let about = fs_err::metadata(path).ok()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        let sort = about.file_type();
        if sort.is_fifo() {
            return Some(Sort::Pipe);
        } else if sort.is_char_device() {
            return Some(Sort::CharacterDevice);
        } else if sort.is_block_device() {
            return Some(Sort::BlockDevice);
        } else if sort.is_socket() {
            return Some(Sort::Socket);
        }
    }
    match () {
        () if about.is_file() => None,
        () if about.is_dir() => Some(Sort::Folder),
        () => Some(Sort::Other),
    }
}

/// Whether a link such as `/dev/stdout` would be replaced for the whole machine.
fn is_a_link_of_the_systems(path: &Utf8Path) -> bool {
    let folder = path.parent().and_then(|folder| folder.canonicalize_utf8().ok());
    path.is_symlink()
        && folder.is_some_and(|folder| folder.starts_with("/dev") || folder.starts_with("/proc"))
}

/// Writes to something that isn't replaced. Waits for the reader of a pipe, but not forever.
fn pour(path: &Utf8Path, text: &str, how: &OpenOptions) -> Result<(), FileError> {
    let (path, text, how) = (path.to_owned(), text.to_owned(), how.clone());
    within(PATIENCE, move || {
        let opened = how.open(path);
        opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(FileError::Io)
    })
}
