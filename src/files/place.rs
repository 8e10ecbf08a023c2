//! Which file a path leads to, so that two names of one file are known to be the same, even before it exists.

use std::ffi::OsStr;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::state::STATE;

/// A file's device and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    device: u64,
    number: u64,
}

impl Identity {
    /// What a path leads to, links included.
    fn of(path: &Utf8Path) -> Option<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let about = fs_err::metadata(path).ok()?;
            Some(Self { device: about.dev(), number: about.ino() })
        }
        #[cfg(not(unix))]
        {
            let _ = path;
            None
        }
    }
}

/// What a folder contains under this name in a different case.
#[must_use]
pub(crate) fn in_other_letters(folder: &Utf8Path, name: &str) -> Option<Utf8PathBuf> {
    let entries = fs_err::read_dir(folder).ok()?;
    let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.find(|other| other != name && other.eq_ignore_ascii_case(name)).map(|other| folder.join(other))
}

/// Where a path leads: by name, and by the file itself if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    path: Utf8PathBuf,
    identity: Option<Identity>,
}

impl Place {
    /// Where this path leads.
    #[must_use]
    pub(crate) fn of(path: &Utf8Path) -> Self {
        Self { path: real(path), identity: Identity::of(path) }
    }

    /// The file that is there, where the system identifies files.
    #[must_use]
    pub(crate) fn identity(&self) -> Option<Identity> {
        self.identity
    }

    /// Whether it is in git's own folder.
    #[must_use]
    pub(crate) fn is_gits(&self) -> bool {
        self.path.components().any(|part| is_gits(part.as_str()))
    }

    /// Whether it is in the folder of the ledger.
    #[must_use]
    pub(crate) fn is_ours(&self) -> bool {
        self.path.components().any(|part| part.as_str().eq_ignore_ascii_case(STATE))
    }

    /// Whether it is below this folder, which is a path without links.
    pub(super) fn is_below(&self, folder: &Utf8Path) -> bool {
        self.path.starts_with(folder)
    }

    /// Whether both lead to the same file: by the same name, by a link or as a hard link.
    #[must_use]
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.path == other.path || (self.identity.is_some() && self.identity == other.identity)
    }
}

/// The path without links, as far as it exists, and without `.` and `..`.
fn real(path: &Utf8Path) -> Utf8PathBuf {
    let exists = |folder: &Utf8Path| {
        let folder = if folder.as_str().is_empty() { Utf8Path::new(".") } else { folder };
        folder.canonicalize_utf8().ok()
    };
    // The last name is not followed: writing replaces a link.
    let (Some(folder), Some(last)) = (path.parent(), path.file_name()) else {
        return exists(path).unwrap_or_else(|| path.to_owned());
    };
    let standing = folder.ancestors().find_map(|above| Some((above, exists(above)?)));
    let Some((above, mut real)) = standing else { return path.to_owned() };
    for part in folder.strip_prefix(above).unwrap_or(folder).components() {
        match part {
            Utf8Component::ParentDir => drop(real.pop()),
            Utf8Component::Normal(name) => {
                real.push(name);
                // A `..` may have led from something that doesn't exist yet to something that does, and to a link.
                real = exists(&real).unwrap_or(real);
            }
            _ => {}
        }
    }
    real.push(last);
    real
}

/// Whether this name is git's own folder, also on systems that ignore case.
pub(super) fn is_gits(name: impl AsRef<OsStr>) -> bool {
    name.as_ref().eq_ignore_ascii_case(".git")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn one_file_by_many_names() {
        let keep = tempfile::tempdir().unwrap();
        let dir = Utf8PathBuf::from_path_buf(keep.path().to_owned()).unwrap();
        fs_err::write(dir.join("a"), "").unwrap();
        fs_err::write(dir.join("b"), "").unwrap();
        fs_err::create_dir(dir.join("folder")).unwrap();
        fs_err::hard_link(dir.join("a"), dir.join("hard")).unwrap();
        std::os::unix::fs::symlink("a", dir.join("soft")).unwrap();
        std::os::unix::fs::symlink(&dir, dir.join("folder/back")).unwrap();
        let place = |path: &str| Place::of(&dir.join(path));
        for same in ["hard", "soft", "folder/../a", "folder/back/a", "new/../a", "folder/back/folder/../a"] {
            assert!(place(same).is(&place("a")), "{same}");
            assert!(!place(same).is(&place("b")), "{same}");
        }
        // Nothing exists yet.
        for same in
            ["new/../folder/back/new/file", "new/x/../file", "folder/back/new/file", "folder/../new/file"]
        {
            assert!(place(same).is(&place("new/file")), "{same}");
        }
        assert!(!place("new/file").is(&place("new/other")));
    }
}
