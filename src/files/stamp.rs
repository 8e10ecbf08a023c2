//! Whether files are unchanged, without reading them.

use std::{collections::BTreeMap, fs::Metadata, time::SystemTime};

use camino::{Utf8Path, Utf8PathBuf};

use super::timed::{STEP, within};

/// What distinguishes one state of a file from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    /// Editors replace the old file with a new one.
    number: u64,
}

/// The state of files at one moment, whether they exist or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamps(BTreeMap<Utf8PathBuf, Option<Stamp>>);

impl Stamps {
    /// The state of these files now; each is named relative to `base`.
    #[must_use]
    pub(crate) fn of(base: &Utf8Path, files: impl IntoIterator<Item = Utf8PathBuf>) -> Self {
        Self(files.into_iter().map(|path| (path.clone(), stamp(base.join(path)))).collect())
    }

    /// The state of the same files now.
    #[must_use]
    pub(crate) fn again(&self, base: &Utf8Path) -> Self {
        Self::of(base, self.0.keys().cloned())
    }

    /// The first file that differs later.
    #[must_use]
    pub(crate) fn changed<'a>(&'a self, later: &Self) -> Option<&'a Utf8Path> {
        let differs = |(path, stamp): &(&'a Utf8PathBuf, &Option<Stamp>)| later.0.get(*path) != Some(*stamp);
        self.0.iter().find(differs).map(|(path, _)| path.as_path())
    }

    /// How many they are.
    #[must_use]
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }
}

/// A file that does not answer counts as missing.
fn stamp(path: Utf8PathBuf) -> Option<Stamp> {
    let about = within(STEP, move || Ok(path.as_std_path().metadata()?)).ok()?;
    Some(Stamp { length: about.len(), modified: about.modified().ok(), number: number(&about) })
}

#[cfg(unix)]
fn number(about: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(about)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(&[("a", "1")], &[("a", "1")], None)]
    #[case::longer(&[("a", "1")], &[("a", "12")], Some("a"))]
    #[case::comes(&[], &[("b", "1")], Some("b"))]
    #[case::goes(&[("a", "1"), ("b", "1")], &[("a", "1")], Some("b"))]
    #[case::is_none_of_them(&[("a", "1")], &[("a", "1"), ("c", "1")], None)]
    fn a_change_is_seen(
        #[case] before: &[(&str, &str)],
        #[case] after: &[(&str, &str)],
        #[case] told: Option<&str>,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(folder.path()).unwrap();
        let write = |files: &[(&str, &str)]| {
            for (name, text) in files {
                let same = fs_err::read_to_string(dir.join(name)).is_ok_and(|there| there == *text);
                if !same {
                    fs_err::write(dir.join(name), text).unwrap();
                }
            }
        };
        write(before);
        let stamps = Stamps::of(dir, ["a".into(), "b".into()]);
        for (name, _) in before.iter().filter(|(name, _)| !after.iter().any(|(other, _)| other == name)) {
            fs_err::remove_file(dir.join(name)).unwrap();
        }
        write(after);
        assert_eq!(stamps.changed(&stamps.again(dir)).map(Utf8Path::as_str), told);
    }

    #[test]
    fn a_file_in_the_place_of_another_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(folder.path()).unwrap();
        fs_err::write(dir.join("a"), "1").unwrap();
        let stamps = Stamps::of(dir, ["a".into()]);
        fs_err::write(dir.join("new"), "2").unwrap();
        fs_err::rename(dir.join("new"), dir.join("a")).unwrap();
        assert_eq!(stamps.changed(&stamps.again(dir)), Some("a".into()));
    }
}
