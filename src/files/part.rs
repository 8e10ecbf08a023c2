//! A file that arrives in parts, over several runs if need be, and takes its place only when it is whole.

use std::io::{Seek as _, SeekFrom, Write as _};

use camino::{Utf8Path, Utf8PathBuf};
use fs_err::{File, OpenOptions};

use super::{error::FileError, place::Place};

/// A file that isn't whole yet.
#[derive(Debug)]
pub(crate) struct Part {
    path: Utf8PathBuf,
    file: File,
    length: u64,
}

impl Part {
    /// Continues the part of an earlier run, or starts one. Creates its folder.
    ///
    /// # Errors
    /// When it can't be written to.
    pub(crate) fn open(path: &Utf8Path) -> Result<Self, FileError> {
        if Place::of(path).is_gits() {
            return Err(FileError::GitsToWrite);
        }
        if let Some(folder) = path.parent() {
            fs_err::create_dir_all(folder).map_err(FileError::Io)?;
        }
        if path.is_symlink() {
            fs_err::remove_file(path).map_err(FileError::Io)?;
        }
        let mut file = locked(path)?;
        match names(&file, path)? {
            Names::This => {}
            Names::Others => {
                fs_err::remove_file(path).map_err(FileError::Io)?;
                file = locked(path)?;
            }
            Names::Gone => file = locked(path)?,
        }
        let length = file.seek(SeekFrom::End(0)).map_err(FileError::Io)?;
        Ok(Self { path: path.to_owned(), file, length })
    }

    /// How much is there, in bytes.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Utf8Path {
        &self.path
    }

    /// Starts again from nothing.
    ///
    /// # Errors
    /// When it can't be written to.
    pub(crate) fn restart(&mut self) -> Result<(), FileError> {
        self.file.set_len(0).and_then(|()| self.file.rewind()).map_err(FileError::Io)?;
        self.length = 0;
        Ok(())
    }

    /// Appends to it.
    ///
    /// # Errors
    /// When the disk is full, for example.
    pub(crate) fn add(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.file.write_all(bytes).map_err(FileError::Io)?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Makes sure that all of it is on the disk.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn sync(&self) -> Result<(), FileError> {
        self.file.sync_all().map_err(FileError::Io)
    }

    /// Puts it in its place, if nothing is there.
    ///
    /// # Errors
    /// [`FileError::Exists`] when something is there; the part stays.
    pub(crate) fn put(&self, place: &Utf8Path) -> Result<(), FileError> {
        self.sync()?;
        // A second name never replaces a file; renaming would.
        match fs_err::hard_link(&self.path, place) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(FileError::Exists),
            Err(_) => {
                // Some file systems allow only one name per file.
                OpenOptions::new().write(true).create_new(true).open(place).map_err(|error| {
                    if error.kind() == std::io::ErrorKind::AlreadyExists {
                        FileError::Exists
                    } else {
                        FileError::Io(error)
                    }
                })?;
                fs_err::rename(&self.path, place).map_err(FileError::Io)?;
                return Ok(());
            }
        }
        if let Some(folder) = place.parent() {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(FileError::Io)?;
        }
        fs_err::remove_file(&self.path).map_err(FileError::Io)
    }

    /// Deletes it.
    pub(crate) fn discard(self) {
        drop(fs_err::remove_file(&self.path));
    }
}

/// Opens a part for one run only: if two runs wrote to one file, it would be neither's.
fn locked(path: &Utf8Path) -> Result<File, FileError> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(FileError::Io)?;
    if file.file().try_lock().is_err() { Err(FileError::Busy) } else { Ok(file) }
}

/// Which names an open part has. If it is in its place already, writing to it would change a finished file.
enum Names {
    /// Its own.
    This,
    /// Its own, and that of the finished file.
    Others,
    /// No longer its own: another run put it in its place after it was opened.
    Gone,
}

#[cfg(unix)]
fn names(file: &File, path: &Utf8Path) -> Result<Names, FileError> {
    use std::os::unix::fs::MetadataExt as _;
    let (opened, named) = (file.metadata().map_err(FileError::Io)?, fs_err::metadata(path));
    let same = named.is_ok_and(|named| (named.dev(), named.ino()) == (opened.dev(), opened.ino()));
    Ok(match (same, opened.nlink()) {
        (false, _) => Names::Gone,
        (true, 0 | 1) => Names::This,
        (true, _) => Names::Others,
    })
}

/// Here an open file can't be renamed, so there is no need to look for second names.
#[cfg(not(unix))]
fn names(_: &File, _: &Utf8Path) -> Result<Names, FileError> {
    Ok(Names::This)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let keep = tempfile::tempdir().unwrap();
        let dir = Utf8PathBuf::from_path_buf(keep.path().to_owned()).unwrap();
        (keep, dir)
    }

    #[test]
    fn a_part_goes_on_where_the_last_run_stopped_and_replaces_nothing() {
        let (_keep, dir) = folder();
        let (path, place) = (dir.join("new/.a.part"), dir.join("new/a.mp4"));
        Part::open(&path).unwrap().add(b"abc").unwrap();
        let mut part = Part::open(&path).unwrap();
        assert_eq!(part.length(), 3);
        part.add(b"def").unwrap();
        part.put(&place).unwrap();
        assert_eq!(fs_err::read(&place).unwrap(), b"abcdef");
        assert!(!path.exists());
        let mut other = Part::open(&path).unwrap();
        other.add(b"x").unwrap();
        assert!(matches!(other.put(&place), Err(FileError::Exists)));
        assert_eq!(fs_err::read(&place).unwrap(), b"abcdef");
        other.restart().unwrap();
        assert_eq!((other.length(), fs_err::metadata(&path).unwrap().len()), (0, 0));
        other.discard();
        assert!(!path.exists());
    }

    /// If the process is killed between making the second name and removing the first, the whole file has both.
    #[test]
    fn a_part_that_is_in_its_place_already_is_left_alone() {
        let (_keep, dir) = folder();
        let (path, place) = (dir.join(".a.part"), dir.join("a.mp4"));
        Part::open(&path).unwrap().add(b"whole").unwrap();
        fs_err::hard_link(&path, &place).unwrap();
        let mut part = Part::open(&path).unwrap();
        assert_eq!(part.length(), 0);
        part.restart().unwrap();
        part.add(b"other").unwrap();
        assert_eq!(fs_err::read(&place).unwrap(), b"whole");
        assert_eq!(fs_err::read(&path).unwrap(), b"other");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_way_is_not_written_through() {
        let (_keep, dir) = folder();
        fs_err::write(dir.join("kept"), "kept").unwrap();
        fs_err::os::unix::fs::symlink(dir.join("kept"), dir.join(".a.part")).unwrap();
        Part::open(&dir.join(".a.part")).unwrap().add(b"x").unwrap();
        assert_eq!(fs_err::read(dir.join("kept")).unwrap(), b"kept");
    }
}
