//! What the findings mean for the gate.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether the route is cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Decision {
    /// Cleared.
    #[serde(rename = "GO")]
    Go,
    /// Not refuted, but not known either.
    #[serde(rename = "HOLD")]
    Hold,
    /// Refuted.
    #[serde(rename = "NO-GO")]
    NoGo,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Go => "GO",
            Self::Hold => "HOLD",
            Self::NoGo => "NO-GO",
        })
    }
}

/// What closes the gate: tightened by `--fail-on`, loosened by nothing but a dated waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FailOn {
    /// What does not pass at severity `warn` closes the gate too, and so does a caution.
    Warn,
    /// What fails at severity `block` closes the gate.
    #[default]
    Fail,
}

impl FailOn {
    /// Both, in the order in which help lists them.
    pub const ALL: [Self; 2] = [Self::Fail, Self::Warn];

    /// The word used in TOML and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|level| level.word() == text);
        found.ok_or_else(|| format!("`{text}` is neither `fail` nor `warn`"))
    }
}
