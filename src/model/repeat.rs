//! What a check or a probe is repeated for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a check or probe is repeated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ForEach {
    /// Every shot.
    Shot,
    /// Every distinct local file used as an input.
    File,
    /// Every distinct address used as an input.
    Url,
    /// Every distinct file or address used as an input.
    Input,
}
