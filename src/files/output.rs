//! Where a file goes that a person named: never into git's folder or greenlight's, and never through a link out of the
//! project. The person typed the name, but the folders on the way may come from a stranger's branch.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::{
    error::{Bounds, FileError},
    inside::checkout_around,
    place::Place,
};

/// The place of a file to write, named relative to this folder.
///
/// # Errors
/// [`FileError::TomlToWrite`] for what is read as settings, otherwise as [`project_output`].
pub(crate) fn output(dir: &Utf8Path, typed: &Utf8Path) -> Result<Utf8PathBuf, FileError> {
    if typed.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        return Err(FileError::TomlToWrite);
    }
    project_output(dir, typed)
}

/// The place of a project file to write.
///
/// # Errors
/// [`FileError::GitsToWrite`], [`FileError::OursToWrite`], and [`FileError::LinkedOut`] when a name below this folder
/// leads out of the git checkout that it is in.
pub(crate) fn project_output(dir: &Utf8Path, typed: &Utf8Path) -> Result<Utf8PathBuf, FileError> {
    let path = dir.join(typed);
    let place = Place::of(&path);
    if place.is_gits() {
        return Err(FileError::GitsToWrite);
    }
    if place.is_ours() {
        return Err(FileError::OursToWrite);
    }
    if stays_below(typed) && !place.is_below(checkout_around(&dir.canonicalize_utf8()?)) {
        return Err(FileError::LinkedOut(Bounds::Checkout));
    }
    Ok(path)
}

/// Whether the name itself stays below where it starts. Someone who types a path that leads out means it.
fn stays_below(typed: &Utf8Path) -> bool {
    let step = |depth: usize, part| match part {
        Utf8Component::Normal(_) => Some(depth + 1),
        Utf8Component::ParentDir => depth.checked_sub(1),
        Utf8Component::CurDir => Some(depth),
        Utf8Component::RootDir | Utf8Component::Prefix(_) => None,
    };
    typed.components().try_fold(0, step).is_some()
}
