//! Images and clips that a shot uses, and what looking at them showed.

use camino::Utf8PathBuf;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::id::ShotId;

/// Which field of a shot an input is given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// The image that becomes the first frame.
    Image,
    /// Images that guide the look or the identity.
    References,
    /// The image that becomes the last frame.
    LastFrame,
    /// Images that are shown at a given time within the clip.
    Keyframes,
    /// The clip to edit or extend.
    Video,
}

impl Slot {
    /// All slots.
    pub const ALL: [Self; 5] = [Self::Image, Self::References, Self::LastFrame, Self::Keyframes, Self::Video];

    /// The key of the slot in `[[shot]]`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::References => "references",
            Self::LastFrame => "last-frame",
            Self::Keyframes => "keyframes",
            Self::Video => "video",
        }
    }

    /// What kind of file is expected here.
    #[must_use]
    pub fn kind(self) -> MediaKind {
        match self {
            Self::Video => MediaKind::Video,
            Self::Image | Self::References | Self::LastFrame | Self::Keyframes => MediaKind::Image,
        }
    }
}

/// What a shot is made from besides its prompt: what is in a slot, or voices, which have no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ingredient {
    /// The image that becomes the first frame.
    Image,
    /// Images that guide the look or the identity.
    References,
    /// The image that becomes the last frame.
    LastFrame,
    /// Images that are shown at a given time within the clip.
    Keyframes,
    /// The clip to edit or extend.
    Video,
    /// Provider voices that are heard.
    Voices,
}

impl Ingredient {
    /// The key in `[[shot]]`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => Slot::Image.word(),
            Self::References => Slot::References.word(),
            Self::LastFrame => Slot::LastFrame.word(),
            Self::Keyframes => Slot::Keyframes.word(),
            Self::Video => Slot::Video.word(),
            Self::Voices => "voices",
        }
    }
}

impl From<Slot> for Ingredient {
    fn from(slot: Slot) -> Self {
        match slot {
            Slot::Image => Self::Image,
            Slot::References => Self::References,
            Slot::LastFrame => Self::LastFrame,
            Slot::Keyframes => Self::Keyframes,
            Slot::Video => Self::Video,
        }
    }
}

/// Still or moving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MediaKind {
    /// A still image.
    Image,
    /// A clip.
    Video,
}

impl MediaKind {
    /// The word used in TOML and output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
        }
    }
}

/// How a file reaches the provider; each way has its own size limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The provider fetches a public URL.
    Url,
    /// The bytes travel inside the request as a data URI.
    DataUri,
    /// The file is uploaded first and referred to by id.
    Upload,
}

impl Way {
    /// The word used in TOML and output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::DataUri => "data-uri",
            Self::Upload => "upload",
        }
    }
}

/// One input as the project names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Input {
    /// A local file: its path as written, and how it will be sent.
    File {
        /// As written in the project.
        path: Utf8PathBuf,
        /// Data URI unless the project says `send = "upload"`.
        way: Way,
    },
    /// A public address that the provider fetches.
    Url(Url),
    /// The clip that another shot makes.
    Shot(ShotId),
}

/// What looking at an input showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaFact {
    /// A readable file or reachable address.
    Present(Media),
    /// No such file, a folder, no permission: the text says which.
    Missing(String),
    /// An address that did not give the file without a key: the text says why.
    Unreachable(String),
    /// An address that contains a key of this environment, so no one may be asked for it.
    HoldsKey,
    /// An address that gave no reply: the text says what went wrong.
    NoAnswer(String),
    /// It wasn't looked at (offline, rehearsal): the text says why.
    NotLooked(String),
}

/// Facts about a media file, taken from its content and never from its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Media {
    /// Length in bytes, when known.
    pub bytes: Option<u64>,
    /// The digest of a local file, lower-case hexadecimal; `None` when it is too large to be read whole.
    pub sha256: Option<String>,
    /// MIME type by content; for an address, from its header, as long as its first bytes don't contradict it.
    pub mime: Option<String>,
    /// Width and height in pixels.
    pub pixels: Option<(u32, u32)>,
    /// Length of a clip in milliseconds.
    pub millis: Option<u64>,
    /// Codec of the first video track, such as `avc1`.
    pub codec: Option<String>,
    /// Whether the file is complete.
    pub whole: Whole,
}

/// Whether a file is complete: it doesn't end early, and everything it announces is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whole {
    /// It was read to the end.
    Yes,
    /// It is cut short or damaged: the text says how.
    No(String),
    /// It wasn't read to the end: the text says why.
    Unknown(String),
}

impl Default for Whole {
    fn default() -> Self {
        Self::Unknown("not read".to_owned())
    }
}
