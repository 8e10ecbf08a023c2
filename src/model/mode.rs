//! The five jobs a video model can be asked to do.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::media::{Ingredient, Slot};

/// What kind of generation a shot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// A prompt alone.
    TextToVideo,
    /// A prompt and an image that becomes the first frame.
    ImageToVideo,
    /// A prompt and images that guide the look or the identity.
    ReferenceToVideo,
    /// An existing clip and an instruction for changing it.
    Edit,
    /// An existing clip that is continued from its last frame.
    Extend,
}

impl Mode {
    /// All modes, in the order in which they are listed.
    pub const ALL: [Self; 5] =
        [Self::TextToVideo, Self::ImageToVideo, Self::ReferenceToVideo, Self::Edit, Self::Extend];

    /// Their words, in the same order.
    pub const WORDS: [&'static str; 5] = {
        let mut words = [""; 5];
        let mut at = 0;
        while at < words.len() {
            words[at] = Self::ALL[at].word();
            at += 1;
        }
        words
    };

    /// The word used in TOML and output.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TextToVideo => "text-to-video",
            Self::ImageToVideo => "image-to-video",
            Self::ReferenceToVideo => "reference-to-video",
            Self::Edit => "edit",
            Self::Extend => "extend",
        }
    }

    /// The input that the mode can't do without.
    #[must_use]
    pub fn required_input(self) -> Option<Slot> {
        match self {
            Self::TextToVideo => None,
            Self::ImageToVideo => Some(Slot::Image),
            Self::ReferenceToVideo => Some(Slot::References),
            Self::Edit | Self::Extend => Some(Slot::Video),
        }
    }

    /// The modes that need this ingredient.
    #[must_use]
    pub fn asked_by(ingredient: Ingredient) -> &'static [Self] {
        match ingredient {
            Ingredient::Image => &[Self::ImageToVideo],
            Ingredient::References | Ingredient::LastFrame | Ingredient::Keyframes | Ingredient::Voices => {
                &[Self::ReferenceToVideo]
            }
            Ingredient::Video => &[Self::Edit, Self::Extend],
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl std::str::FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|mode| mode.word() == text).ok_or_else(|| {
            let words: Vec<_> = Self::ALL.iter().map(|mode| format!("`{mode}`")).collect();
            format!("`{text}` is not a mode; the modes are {}", words.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_is_read_by_its_word() {
        assert_eq!(Mode::ALL.map(|mode| mode.word().parse()), Mode::ALL.map(Ok));
        let says = "`remix` is not a mode; the modes are `text-to-video`, `image-to-video`, `reference-to-video`, \
                    `edit`, `extend`";
        assert_eq!("remix".parse::<Mode>(), Err(says.to_owned()));
    }
}
