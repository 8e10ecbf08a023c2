//! Files by Unix calls: a file is opened without waiting and looked at before a byte is read; below a folder, each step
//! of a path is taken separately, and each link is looked at before it is followed.

use std::fs::File;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use rustix::{
    fd::{AsFd, OwnedFd},
    fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat},
};

use super::{
    error::{Bounds, FileError},
    kind::Sort,
    place::is_gits,
};

/// The most links on the way to a file, as on Linux.
const MOST_LINKS: usize = 40;

/// Does not wait for the writer of a pipe, and does not become this process's terminal.
const AT_ONCE: OFlags = OFlags::NONBLOCK.union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// Enough to continue from a folder; on Linux also from one that may not be listed.
#[cfg(target_os = "linux")]
const STEP: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
#[cfg(not(target_os = "linux"))]
const STEP: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC);

/// Opens a file to read it, following links.
pub(super) fn open(path: &Utf8Path) -> Result<(File, u64), FileError> {
    open_at(CWD, path.as_str(), OFlags::empty())
}

/// Checked before opening, because opening does something to some devices, and after, because it may be another file by
/// then.
fn open_at(folder: impl AsFd, name: &str, flags: OFlags) -> Result<(File, u64), FileError> {
    let folder = folder.as_fd();
    let ask = if flags.contains(OFlags::NOFOLLOW) { AtFlags::SYMLINK_NOFOLLOW } else { AtFlags::empty() };
    regular(&rustix::fs::statat(folder, name, ask).map_err(io)?)?;
    let file =
        rustix::fs::openat(folder, name, OFlags::RDONLY | AT_ONCE | flags, Mode::empty()).map_err(io)?;
    let about = rustix::fs::fstat(&file).map_err(io)?;
    regular(&about)?;
    if is_window(&file) {
        return Err(FileError::Is(Sort::Window));
    }
    Ok((File::from(file), u64::try_from(about.st_size).unwrap_or_default()))
}

/// Opens a regular file to add to its end; creates it if it doesn't exist. Does not follow a link, and refuses
/// generated files.
pub(super) fn open_to_append(path: &Utf8Path) -> Result<File, FileError> {
    let (folder, name) = (path.parent().unwrap_or(path), path.file_name().unwrap_or(path.as_str()));
    let folder = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
    let folder = rustix::fs::open(folder.as_std_path(), STEP, Mode::empty()).map_err(io)?;
    if is_window(&folder) {
        return Err(FileError::Is(Sort::Window));
    }
    match rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(about) if FileType::from_raw_mode(about.st_mode) == FileType::Symlink => {
            return Err(FileError::LinkThere);
        }
        Ok(about) => regular(&about)?,
        Err(rustix::io::Errno::NOENT) => {}
        Err(error) => return Err(io(error)),
    }
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::NOFOLLOW | AT_ONCE;
    let file = rustix::fs::openat(&folder, name, flags, Mode::from_raw_mode(0o666)).map_err(io)?;
    regular(&rustix::fs::fstat(&file).map_err(io)?)?;
    Ok(File::from(file))
}

/// What is there, unless it is a regular file.
///
/// # Errors
/// [`FileError::Is`] says what it is.
pub(super) fn regular(about: &Stat) -> Result<(), FileError> {
    Err(FileError::Is(match FileType::from_raw_mode(about.st_mode) {
        FileType::RegularFile => return Ok(()),
        FileType::Directory => Sort::Folder,
        FileType::Fifo => Sort::Pipe,
        FileType::Socket => Sort::Socket,
        FileType::CharacterDevice => Sort::CharacterDevice,
        FileType::BlockDevice => Sort::BlockDevice,
        FileType::Symlink | FileType::Unknown => Sort::Other,
    }))
}

/// Whether the system generates a file while it is read: environments and kernel logs look like regular files.
#[cfg(target_os = "linux")]
fn is_window(file: &OwnedFd) -> bool {
    // proc, sysfs, debugfs, tracefs (linux/magic.h).
    const WINDOWS: [u64; 4] = [0x9fa0, 0x6265_6572, 0x6462_6720, 0x7472_6163];
    #[allow(
        clippy::useless_conversion,
        clippy::cast_sign_loss,
        reason = "its type is not the same everywhere"
    )]
    rustix::fs::fstatfs(file).is_ok_and(|about| WINDOWS.contains(&(about.f_type as u64)))
}

#[cfg(not(target_os = "linux"))]
fn is_window(_: &OwnedFd) -> bool {
    false
}

/// Where a path ends, with every link on the way followed: a name in an open folder, which is not a link.
#[derive(Debug)]
pub(super) struct Landing {
    folder: OwnedFd,
    name: String,
    /// The same as a path without links.
    pub(super) path: Utf8PathBuf,
}

impl Landing {
    /// Opens what is there to read it.
    pub(super) fn open(&self) -> Result<(File, u64), FileError> {
        open_at(&self.folder, &self.name, OFlags::NOFOLLOW)
    }

    /// Makes the folder of this name if it doesn't exist, and opens it.
    pub(super) fn into_folder(self, shown: &'static str) -> Result<StateFolder, FileError> {
        match rustix::fs::mkdirat(&self.folder, &self.name, Mode::from_raw_mode(0o777)) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => {}
            Err(error) => return Err(io(error)),
        }
        let about = rustix::fs::statat(&self.folder, &self.name, AtFlags::SYMLINK_NOFOLLOW).map_err(io)?;
        if FileType::from_raw_mode(about.st_mode) == FileType::Symlink {
            return Err(FileError::Link(shown));
        }
        let opened = rustix::fs::openat(&self.folder, &self.name, STEP | OFlags::NOFOLLOW, Mode::empty());
        opened.map(StateFolder).map_err(|error| linked(error, shown))
    }
}

/// A folder that holds state.
pub(super) struct StateFolder(OwnedFd);

impl StateFolder {
    /// Opens the file of this name for writing, without emptying it; creates it if it doesn't exist.
    pub(super) fn file(&self, name: &'static str, shown: &'static str) -> Result<File, FileError> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | AT_ONCE;
        let opened = rustix::fs::openat(&self.0, name, flags, Mode::from_raw_mode(0o666));
        let file = opened.map_err(|error| linked(error, shown))?;
        regular(&rustix::fs::fstat(&file).map_err(io)?)?;
        Ok(File::from(file))
    }

    /// Creates the file of this name; none when something of this name exists.
    pub(super) fn new_file(&self, name: &'static str) -> Result<Option<File>, FileError> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | AT_ONCE;
        match rustix::fs::openat(&self.0, name, flags, Mode::from_raw_mode(0o666)) {
            Ok(file) => Ok(Some(File::from(file))),
            Err(rustix::io::Errno::EXIST) => Ok(None),
            Err(error) => Err(io(error)),
        }
    }
}

/// Follows a path from `top` without ever leaving it. `top` is a path without links.
pub(super) fn land(top: &Utf8Path, along: &Utf8Path, bounds: Bounds) -> Result<Landing, FileError> {
    land_at(top, along, (bounds, true))
}

/// The same for a name that must not be a link itself.
pub(super) fn land_beside(top: &Utf8Path, along: &Utf8Path, bounds: Bounds) -> Result<Landing, FileError> {
    land_at(top, along, (bounds, false))
}

fn land_at(
    top: &Utf8Path,
    along: &Utf8Path,
    (bounds, follow_last): (Bounds, bool),
) -> Result<Landing, FileError> {
    let start = rustix::fs::open(top.as_std_path(), STEP, Mode::empty()).map_err(io)?;
    let mut walk = Walk { top, above: Vec::new(), here: start, names: Vec::new(), ahead: Vec::new(), bounds };
    walk.turn_to(along)?;
    let mut links = 0;
    while let Some(part) = walk.ahead.pop() {
        let Part::Name(name) = part else {
            walk.back()?;
            continue;
        };
        if is_gits(&name) {
            return Err(FileError::Gits);
        }
        let last = walk.ahead.is_empty();
        match rustix::fs::statat(&walk.here, name.as_str(), AtFlags::SYMLINK_NOFOLLOW) {
            Ok(about)
                if FileType::from_raw_mode(about.st_mode) == FileType::Symlink && (follow_last || !last) =>
            {
                links += 1;
                if links > MOST_LINKS {
                    return Err(FileError::Circle);
                }
                walk.follow(&name)?;
            }
            Ok(_) if !last => walk.down(name)?,
            Ok(_) | Err(rustix::io::Errno::NOENT) if last => return Ok(walk.end(name)),
            Ok(_) => {}
            Err(error) => return Err(io(error)),
        }
    }
    // The path ends in a folder that is part of the way.
    Err(FileError::Is(Sort::Folder))
}

enum Part {
    Name(String),
    Back,
}

struct Walk<'t> {
    top: &'t Utf8Path,
    /// The folders above the current one, up to the top.
    above: Vec<OwnedFd>,
    here: OwnedFd,
    /// The way from the top to here.
    names: Vec<String>,
    /// What is still to walk, the next step last.
    ahead: Vec<Part>,
    bounds: Bounds,
}

impl Walk<'_> {
    /// Follows this path before what is ahead.
    fn turn_to(&mut self, path: &Utf8Path) -> Result<(), FileError> {
        let rest = if path.is_absolute() {
            let rest = path.strip_prefix(self.top).map_err(|_| FileError::Outside(self.bounds))?;
            while !self.above.is_empty() {
                self.back()?;
            }
            rest
        } else {
            path
        };
        for part in rest.components().rev() {
            match part {
                Utf8Component::Normal(name) => self.ahead.push(Part::Name(name.to_owned())),
                Utf8Component::ParentDir => self.ahead.push(Part::Back),
                _ => {}
            }
        }
        Ok(())
    }

    fn back(&mut self) -> Result<(), FileError> {
        self.here = self.above.pop().ok_or(FileError::Outside(self.bounds))?;
        self.names.pop();
        Ok(())
    }

    fn down(&mut self, name: String) -> Result<(), FileError> {
        let flags = STEP | OFlags::NOFOLLOW;
        let inner = rustix::fs::openat(&self.here, name.as_str(), flags, Mode::empty()).map_err(io)?;
        self.above.push(std::mem::replace(&mut self.here, inner));
        self.names.push(name);
        Ok(())
    }

    fn follow(&mut self, name: &str) -> Result<(), FileError> {
        let leads = rustix::fs::readlinkat(&self.here, name, Vec::new()).map_err(io)?;
        let leads = leads.into_string().map_err(|_| FileError::NoText)?;
        self.turn_to(Utf8Path::new(&leads))
    }

    fn end(self, name: String) -> Landing {
        let mut path = self.top.to_owned();
        path.extend(&self.names);
        path.push(&name);
        Landing { folder: self.here, name, path }
    }
}

fn io(error: rustix::io::Errno) -> FileError {
    if error == rustix::io::Errno::LOOP { FileError::Circle } else { std::io::Error::from(error).into() }
}

/// The same for calls that follow no link: there the error means that a link is in the way.
fn linked(error: rustix::io::Errno, shown: &'static str) -> FileError {
    match error {
        rustix::io::Errno::LOOP => FileError::Link(shown),
        error => FileError::Io(error.into()),
    }
}
