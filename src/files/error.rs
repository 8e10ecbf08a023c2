//! Why a file can't be read or written, in words that a person can act on. They never contain any of its content.

use std::io;

use super::kind::{Kind, Sort};

/// Why a file can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Nothing is there.
    #[error("file not found")]
    Gone,
    /// Something other than a regular file is there.
    #[error("it is {0}")]
    Is(Sort),
    /// It is larger than its kind may be.
    #[error("it is larger than {}", size(*.most))]
    TooLarge {
        /// The most bytes that are read for its kind.
        most: u64,
        /// What to do about it.
        hint: &'static str,
    },
    /// It did not answer.
    #[error("it did not respond within {} seconds", .0.as_secs())]
    Slow(std::time::Duration),
    /// Someone else holds it.
    #[error("another process has held its lock for {} seconds", .0.as_secs())]
    Held(std::time::Duration),
    /// Someone else is writing to it.
    #[error("another greenlight is writing to it")]
    Busy,
    /// It isn't text.
    #[error("it is not UTF-8 text")]
    NoText,
    /// It isn't TOML, so it could be anything, such as a file of secrets inside the project.
    #[error("its name does not end in `.toml`")]
    NotToml,
    /// Its path, or a link on the way, leads outside.
    #[error("it lies outside {}", .0.words())]
    Outside(Bounds),
    /// It belongs to git.
    #[error("it is inside `.git`")]
    Gits,
    /// It would be written into git's own folder.
    #[error("it is inside `.git`")]
    GitsToWrite,
    /// It would be written into greenlight's own folder.
    #[error("it is inside `.greenlight`, which holds the ledger")]
    OursToWrite,
    /// It would take the place of a project, its answers or a checklist.
    #[error("a `.toml` file is a project's, and this isn't one")]
    TomlToWrite,
    /// A link on the way leads outside.
    #[error("a link on its way leads outside {}", .0.words())]
    LinkedOut(Bounds),
    /// Its links form a circle.
    #[error("its links form a loop")]
    Circle,
    /// A link is where only a real file or folder may be.
    #[error("`{0}` is a link; greenlight does not follow links there")]
    Link(&'static str),
    /// A link is where a file should be appended to.
    #[error("it is a link; greenlight does not follow links there")]
    LinkThere,
    /// A link made by the system that leads to a regular file; writing would replace it.
    #[error("it is a system link to a regular file")]
    SystemLink,
    /// It exists, and must not be replaced.
    #[error("it exists already")]
    Exists,
    /// The system's error.
    #[error(transparent)]
    Io(io::Error),
}

/// What a path must not lead out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounds {
    /// The folder of the project file.
    Folder,
    /// The git checkout that contains the project; the project's folder if there is none.
    Checkout,
}

impl Bounds {
    fn words(self) -> &'static str {
        match self {
            Self::Folder => "the project's folder",
            Self::Checkout => "the project: its folder, or the git checkout it is in",
        }
    }
}

impl FileError {
    /// It is larger than this kind may be.
    #[must_use]
    pub(crate) const fn too_large(kind: Kind) -> Self {
        Self::TooLarge { most: kind.most(), hint: kind.if_larger() }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Is(Sort::Folder) => Some("name a file in it"),
            Self::Is(_) | Self::Slow(_) => Some("save its content to a regular file and use that"),
            Self::Outside(_) | Self::Gits => Some("copy it into the project and use the copy"),
            Self::GitsToWrite | Self::OursToWrite | Self::TomlToWrite => Some("name another file"),
            Self::LinkedOut(_) => Some("to use the folder it links to, name that folder"),
            Self::Link(_) | Self::LinkThere => Some("check where it leads, then remove it"),
            Self::SystemLink => Some("name the file itself; for standard output, use `--format`"),
            Self::Circle => Some("replace the link with the file itself"),
            Self::Gone => Some("check the path"),
            Self::TooLarge { hint, .. } => Some(hint),
            Self::NoText => Some("save it as UTF-8"),
            Self::NotToml => {
                Some("a file that a project names ends in `.toml`, and so does the target of a link")
            }
            Self::Held(_) | Self::Busy => {
                Some("wait for the other greenlight to end, or end it, and try again")
            }
            Self::Exists | Self::Io(_) => None,
        }
    }
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Gone,
            io::ErrorKind::AlreadyExists => Self::Exists,
            // The error that one of our own readers returned on the way.
            _ if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Self>) => {
                let inner = error.into_inner().and_then(|inner| inner.downcast::<Self>().ok());
                inner.map_or(Self::Gone, |inner| *inner)
            }
            _ => Self::Io(error),
        }
    }
}

fn size(bytes: u64) -> String {
    if bytes < 1 << 20 { format!("{} KiB", bytes >> 10) } else { format!("{} MiB", bytes >> 20) }
}
