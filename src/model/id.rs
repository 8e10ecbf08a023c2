//! Identifiers: lower-case words joined by `-` and `.`, as written in TOML.

use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// Longest identifier that is accepted, in bytes.
pub const MAX_LEN: usize = 80;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "an id is lower-case letters, digits, `-`, `_` and `.`, starts with a letter or digit, and has at most {MAX_LEN} bytes"
)]
pub struct BadId;

/// Checks the shape that all identifiers share.
///
/// # Errors
/// [`BadId`] for a text that is empty, too long or oddly spelled.
pub fn validate(text: &str) -> Result<(), BadId> {
    let ok = text.len() <= MAX_LEN
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c));
    if ok { Ok(()) } else { Err(BadId) }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(#[schemars(with = "String")] Arc<str>);

        impl $name {
            /// Reads an identifier.
            ///
            /// # Errors
            /// [`BadId`] when [`validate`] refuses the text.
            pub fn new(text: &str) -> Result<Self, BadId> {
                validate(text)?;
                Ok(Self(Arc::from(text)))
            }

            /// The identifier as written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::new(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

id! {
    /// Names a check, for example `api.key-accepted`; unique over all checklists of a run.
    CheckId
}
id! {
    /// Names a probe within its checklist.
    ProbeId
}
id! {
    /// Names a fault within its checklist.
    FaultId
}
id! {
    /// Names a shot within its project.
    ShotId
}
id! {
    /// Names a checklist: the stem of its file.
    ChecklistId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shared_shape_is_an_id() {
        for good in ["a", "api.key-accepted", "9-lives", "a_b"] {
            assert!(validate(good).is_ok(), "{good}");
        }
        assert!(validate(&"x".repeat(MAX_LEN)).is_ok());
        for bad in ["", "-a", ".a", "A", "a b", "ä", &"x".repeat(MAX_LEN + 1)] {
            assert!(validate(bad).is_err(), "{bad}");
        }
    }
}
