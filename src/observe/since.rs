//! Whether files are unchanged since they were read: a run takes a while, and its decision is about the files that it
//! saw.

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest as _, Sha256};

use super::digest;
use crate::{
    files::{self, Kind},
    model::{
        report::{InputDigest, InputRole},
        text::hex,
    },
};

/// The first file that has changed since it was read. `files` are all that could be read, whether they exist or not,
/// relative to `base`; `read` are those that were read, each named as in a report, relative to `dir`.
#[must_use]
pub fn changed(
    files: impl Iterator<Item = (InputRole, Utf8PathBuf)>,
    read: &[InputDigest],
    (base, dir): (&Utf8Path, &Utf8Path),
) -> Option<Utf8PathBuf> {
    let then = |role, path: &Utf8Path| {
        let is_it = |input: &&InputDigest| {
            input.role == role && (input.path == path.as_str() || dir.join(&input.path) == path)
        };
        read.iter().find(is_it).map(|input| input.sha256.clone())
    };
    for (role, path) in files {
        let changed = match (role, then(role, &path)) {
            (_, Some(Some(sha256))) => now(role, &base.join(&path)) != Some(sha256),
            // A file that is too large to read whole is never known to be the same, and a missing file lets nothing
            // pass.
            (_, Some(None)) | (InputRole::Media | InputRole::Evidence, None) => false,
            (_, None) => base.join(&path).symlink_metadata().is_ok(),
        };
        if changed {
            return Some(path);
        }
    }
    None
}

fn now(role: InputRole, path: &Utf8Path) -> Option<String> {
    match role {
        InputRole::Media => digest::of(files::open(path, Kind::Media).ok()?).ok()?,
        InputRole::Evidence => digest::of(files::open(path, Kind::Evidence).ok()?).ok()?,
        InputRole::Answers => Some(hex(&Sha256::digest(files::bytes(path, Kind::Answers).ok()?))),
        _ => Some(hex(&Sha256::digest(files::bytes(path, Kind::Toml).ok()?))),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::same("a", Some("a"), None)]
    #[case::other("a", Some("b"), Some("a.toml"))]
    #[case::gone("a", None, Some("a.toml"))]
    fn a_file_is_the_one_that_was_read(
        #[case] then: &str,
        #[case] now: Option<&str>,
        #[case] told: Option<&str>,
        #[values(InputRole::Answers, InputRole::Media, InputRole::Evidence)] role: InputRole,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let dir = Utf8Path::from_path(folder.path()).unwrap();
        if let Some(now) = now {
            fs_err::write(dir.join("a.toml"), now).unwrap();
        }
        let read = [InputDigest::read(role, "a.toml", hex(&Sha256::digest(then)))];
        let files = || [(role, dir.join("a.toml"))].into_iter();
        assert_eq!(changed(files(), &read, (dir, dir)), told.map(|name| dir.join(name)));
        let came = now.filter(|_| role == InputRole::Answers).map(|_| dir.join("a.toml"));
        assert_eq!(changed(files(), &[], (dir, dir)), came);
    }
}
