//! How much it matters that a check doesn't pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a non-pass means for the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Only shown.
    Info,
    /// Shown as a warning.
    Warn,
    /// Closes the gate.
    Block,
}

impl Severity {
    /// The word used in TOML and output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}
