//! For what a check or a probe is repeated.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// For what a check or probe is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ForEach {
    /// Every shot.
    Shot,
    /// Every distinct local file that goes in.
    File,
    /// Every distinct address that goes in.
    Url,
    /// Every distinct file or address that goes in.
    Input,
}
