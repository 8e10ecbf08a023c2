//! Where a fact comes from and from when.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The origin of a shipped fact: every price, limit, fault and check carries one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Source {
    /// Where it was read.
    pub url: String,
    /// The day from which it was true as far as the source says.
    pub as_of: NaiveDate,
    /// How sure it is; absent for statements of our own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

/// How sure a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Official text or first-party code, or two independent observations.
    High,
    /// One observation or one careful third party.
    Medium,
    /// A single unconfirmed remark, an inference, or contradicted elsewhere.
    Low,
}
