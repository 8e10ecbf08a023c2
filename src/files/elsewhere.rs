//! The same for systems other than Unix, as far as their paths allow.

use std::fs::File;

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    error::{Bounds, FileError},
    kind::Sort,
    place::is_gits,
};

/// Opens a file to read it, following links.
pub(super) fn open(path: &Utf8Path) -> Result<(File, u64), FileError> {
    let about = fs_err::metadata(path)?;
    if about.is_dir() {
        return Err(FileError::Is(Sort::Folder));
    }
    if !about.is_file() {
        return Err(FileError::Is(Sort::Other));
    }
    let file = fs_err::File::open(path)?.into_parts().0;
    Ok((file, about.len()))
}

/// Opens a regular file to add to its end; creates it if it doesn't exist. Does not follow a link.
pub(super) fn open_to_append(path: &Utf8Path) -> Result<File, FileError> {
    if path.is_symlink() {
        return Err(FileError::LinkThere);
    }
    let file = fs_err::OpenOptions::new().create(true).append(true).open(path)?;
    Ok(file.into_parts().0)
}

/// Where a path ends, with every link on its way followed.
#[derive(Debug)]
pub(super) struct Landing {
    pub(super) path: Utf8PathBuf,
}

impl Landing {
    /// Opens what is there to read it.
    pub(super) fn open(&self) -> Result<(File, u64), FileError> {
        open(&self.path)
    }

    /// Makes the folder of this name if it doesn't exist.
    pub(super) fn into_folder(self, shown: &'static str) -> Result<StateFolder, FileError> {
        if self.path.is_symlink() {
            return Err(FileError::Link(shown));
        }
        fs_err::create_dir_all(&self.path)?;
        Ok(StateFolder(self.path))
    }
}

/// A folder that holds state.
pub(super) struct StateFolder(Utf8PathBuf);

impl StateFolder {
    /// Opens the file of this name for writing, without emptying it; creates it if it doesn't exist.
    pub(super) fn file(&self, name: &'static str, shown: &'static str) -> Result<File, FileError> {
        let path = self.0.join(name);
        if path.is_symlink() {
            return Err(FileError::Link(shown));
        }
        let options = fs_err::OpenOptions::new().read(true).write(true).create(true).open(&path)?;
        Ok(options.into_parts().0)
    }

    /// Creates the file of this name; none when something of this name exists.
    pub(super) fn new_file(&self, name: &'static str) -> Result<Option<File>, FileError> {
        match fs_err::OpenOptions::new().write(true).create_new(true).open(self.0.join(name)) {
            Ok(file) => Ok(Some(file.into_parts().0)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Like [`land`], for a name that must not be a link itself.
pub(super) fn land_beside(top: &Utf8Path, along: &Utf8Path, bounds: Bounds) -> Result<Landing, FileError> {
    let path = top.join(along);
    if path.is_symlink() { Ok(Landing { path }) } else { land(top, along, bounds) }
}

/// Follows a path from `top` without leaving it. `top` is a path without links.
pub(super) fn land(top: &Utf8Path, along: &Utf8Path, bounds: Bounds) -> Result<Landing, FileError> {
    let path = top.join(along);
    let name = path.file_name().ok_or(FileError::Is(Sort::Folder))?;
    let path = match path.canonicalize_utf8() {
        Ok(real) => real,
        Err(_) => path.parent().unwrap_or(top).canonicalize_utf8()?.join(name),
    };
    let below = path.strip_prefix(top).map_err(|_| FileError::Outside(bounds))?;
    if below.components().any(|part| is_gits(part.as_str())) {
        return Err(FileError::Gits);
    }
    Ok(Landing { path })
}
