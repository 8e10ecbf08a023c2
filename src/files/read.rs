//! Reading a file that a person named: it may be anywhere, but must be a regular file, and size and time are limited.

use std::{fs::File, io::Read};

use camino::Utf8Path;

use super::{
    error::FileError,
    kind::Kind,
    system,
    timed::{Opened, STEP, within},
};

/// Opens a file, wherever it is. Does not limit its size.
///
/// # Errors
/// [`FileError`] when it doesn't exist, isn't a regular file, or does not answer.
pub(crate) fn open(path: &Utf8Path, kind: Kind) -> Result<Opened, FileError> {
    let path = path.to_owned();
    Opened::by(kind.patience(), move || system::open(&path))
}

/// The content of a file, wherever it is.
///
/// # Errors
/// As [`open`], and when it is larger than its kind may be.
pub(crate) fn bytes(path: &Utf8Path, kind: Kind) -> Result<Vec<u8>, FileError> {
    let path = path.to_owned();
    whole(kind, move || system::open(&path))
}

/// The text of a file, wherever it is.
///
/// # Errors
/// As [`bytes`], and when it isn't text.
pub(crate) fn text(path: &Utf8Path, kind: Kind) -> Result<String, FileError> {
    text_of(bytes(path, kind)?)
}

/// The content of a file that this closure opens, which also returns its length in bytes. A file small enough for one
/// step is read on the thread that opens it: five hundred projects read some thousand files.
///
/// # Errors
/// As [`bytes`].
pub(super) fn whole(
    kind: Kind,
    open: impl FnOnce() -> Result<(File, u64), FileError> + Send + 'static,
) -> Result<Vec<u8>, FileError> {
    if kind.patience() <= STEP {
        return within(kind.patience(), move || {
            let (file, length) = open()?;
            all(file, length, kind)
        });
    }
    let file = Opened::by(kind.patience(), open)?;
    let length = file.length();
    all(file, length, kind)
}

fn all(file: impl Read, length: u64, kind: Kind) -> Result<Vec<u8>, FileError> {
    let most = kind.most();
    if length > most {
        return Err(FileError::too_large(kind));
    }
    // The size is checked again while reading: the file may grow, and some files don't know their length.
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(FileError::too_large(kind)) } else { Ok(bytes) }
}

pub(super) fn text_of(bytes: Vec<u8>) -> Result<String, FileError> {
    String::from_utf8(bytes).map_err(|_| FileError::NoText)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use camino::Utf8PathBuf;
    use rstest::rstest;

    use super::*;
    use crate::files::kind::Sort;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        (folder, path)
    }

    #[rstest]
    #[case::device("/dev/zero", "it is a device, not a regular file")]
    #[case::other_device("/dev/null", "it is a device, not a regular file")]
    #[case::folder("/", "it is a folder, not a file")]
    #[case::gone("/nowhere/at/all", "file not found")]
    #[cfg_attr(
        target_os = "linux",
        case::window("/proc/self/environ", "it is a kernel file, not a regular file")
    )]
    #[cfg_attr(
        target_os = "linux",
        case::magic("/proc/self/fd/../environ", "it is a kernel file, not a regular file")
    )]
    fn a_path_that_is_not_a_regular_file_says_what_it_is(#[case] path: &str, #[case] says: &str) {
        for kind in Kind::ALL {
            assert_eq!(bytes(Utf8Path::new(path), kind).unwrap_err().to_string(), says);
        }
    }

    #[test]
    fn reading_a_pipe_or_a_socket_does_not_block() {
        let (_keep, dir) = folder();
        nix::unistd::mkfifo(dir.join("pipe").as_std_path(), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(dir.join("socket")).unwrap();
        assert!(matches!(text(&dir.join("pipe"), Kind::Toml), Err(FileError::Is(Sort::Pipe))));
        assert!(matches!(text(&dir.join("socket"), Kind::Toml), Err(FileError::Is(Sort::Socket))));
    }

    #[test]
    fn every_kind_has_its_size() {
        let (_keep, dir) = folder();
        for kind in Kind::ALL {
            let path = dir.join("file");
            fs_err::File::create(&path).unwrap().set_len(kind.most() + 1).unwrap();
            assert!(matches!(bytes(&path, kind), Err(FileError::TooLarge { .. })), "{kind:?}");
            if kind.most() <= 1 << 20 {
                fs_err::File::create(&path).unwrap().set_len(kind.most()).unwrap();
                assert_eq!(bytes(&path, kind).unwrap().len() as u64, kind.most());
            }
        }
        fs_err::write(dir.join("bytes"), b"\xff").unwrap();
        assert!(matches!(text(&dir.join("bytes"), Kind::Toml), Err(FileError::NoText)));
    }
}
