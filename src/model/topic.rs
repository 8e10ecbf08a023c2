//! Topics: what a check is about, independent of route and provider.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// Longest topic that is accepted, in bytes.
pub const MAX_LEN: usize = 40;

/// Why a text isn't a topic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a topic is lower-case words joined by `-`, such as `retention`, and has at most {MAX_LEN} bytes")]
pub struct BadTopic;

/// What a check is about: routes and providers are compared by it. The same matter has the same topic everywhere.
///
/// Several checks of one checklist may share a topic, where a matter needs more than one check (that a key is accepted,
/// and that its team is active): a comparison includes all of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Topic(#[schemars(with = "String")] Arc<str>);

impl Topic {
    /// Parses a topic.
    ///
    /// # Errors
    /// [`BadTopic`] when it isn't spelled like a topic.
    pub fn new(text: &str) -> Result<Self, BadTopic> {
        let of_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let word = |word: &str| !word.is_empty() && word.chars().all(of_word);
        let starts = text.starts_with(|c: char| c.is_ascii_lowercase());
        let fits = text.len() <= MAX_LEN && starts && text.split('-').all(word);
        if fits { Ok(Self(Arc::from(text))) } else { Err(BadTopic) }
    }

    /// The topic as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Topic {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_words_joined_by_hyphens() {
        for good in ["retention", "which-model", "a", "h264-input"] {
            assert!(Topic::new(good).is_ok(), "{good}");
        }
        assert!(Topic::new(&"x".repeat(MAX_LEN)).is_ok());
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "a.b", "a_b", "9a", "ä", &"x".repeat(MAX_LEN + 1)] {
            assert_eq!(Topic::new(bad), Err(BadTopic), "{bad}");
        }
    }
}
