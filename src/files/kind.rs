//! Kinds of files, which limit how much is read of one and for how long; and kinds of anything else that a path may
//! lead to.

use std::{fmt, time::Duration};

/// What a file is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A project, checklist or catalogue, and whatever is linted.
    Toml,
    /// A file of answers.
    Answers,
    /// A key, behind a variable that ends in `_FILE`.
    Key,
    /// Certificate authorities in PEM.
    Certificates,
    /// A receipt.
    Receipt,
    /// A transcript.
    Transcript,
    /// A template of a page.
    Template,
    /// A file that an answer names as evidence.
    Evidence,
    /// An image or a clip. A parser reads it piece by piece, however long it is.
    Media,
}

impl Kind {
    /// Every kind.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 9] = [
        Self::Toml,
        Self::Answers,
        Self::Key,
        Self::Certificates,
        Self::Receipt,
        Self::Transcript,
        Self::Template,
        Self::Evidence,
        Self::Media,
    ];

    /// The most bytes that are read in one go.
    #[must_use]
    pub(crate) const fn most(self) -> u64 {
        match self {
            Self::Key => 16 << 10,
            // The bundle of a whole system is a quarter of this.
            Self::Certificates | Self::Template => 1 << 20,
            Self::Toml => 4 << 20,
            // Years of answers are kept, with older ones and remarks: twenty thousand. Reading takes thirty times the
            // memory.
            Self::Answers => 8 << 20,
            // The receipt of five hundred projects takes 22 MiB; reading takes ten to twenty times the memory.
            Self::Receipt | Self::Transcript => 32 << 20,
            Self::Evidence | Self::Media => 512 << 20,
        }
    }

    /// What to do if one is larger.
    #[must_use]
    pub(crate) const fn if_larger(self) -> &'static str {
        match self {
            Self::Toml => "check that it is the file you meant, or split it: a project may name several",
            Self::Answers => "move answers that have expired to another file; git keeps them as well",
            Self::Receipt | Self::Transcript => {
                "check that it is the file you meant, or check fewer projects at once"
            }
            Self::Evidence => "keep the page or the passage that shows it instead",
            Self::Key | Self::Certificates | Self::Template | Self::Media => {
                "check that it is the file you meant"
            }
        }
    }

    /// The longest total wait for a file, not counting our own work on it.
    #[must_use]
    pub(crate) const fn patience(self) -> Duration {
        match self {
            Self::Toml | Self::Answers | Self::Key | Self::Certificates | Self::Template => {
                Duration::from_secs(10)
            }
            Self::Receipt | Self::Transcript => Duration::from_secs(30),
            Self::Evidence | Self::Media => Duration::from_mins(2),
        }
    }
}

/// What a path leads to when it isn't a regular file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A folder.
    Folder,
    /// A named pipe, or one that a shell made.
    Pipe,
    /// A socket.
    Socket,
    /// Such as `/dev/zero`, or a terminal.
    CharacterDevice,
    /// A disk.
    BlockDevice,
    /// A view into the system, such as everything below `/proc`: generated when it is read.
    Window,
    /// Something else.
    Other,
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "a folder, not a file",
            Self::Pipe => "a pipe, not a regular file",
            Self::Socket => "a socket, not a regular file",
            Self::CharacterDevice => "a device, not a regular file",
            Self::BlockDevice => "a disk, not a regular file",
            Self::Window => "a kernel file, not a regular file",
            Self::Other => "not a regular file",
        })
    }
}
