//! The building blocks of a script: replies, and facts with their sources.

use std::time::Duration;

use chrono::NaiveDate;
use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize};

use crate::model::source::Confidence;

/// A fact with its source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct Dated<T> {
    pub(in crate::standin) value: T,
    #[expect(dead_code, reason = "it must be written, and is read by people")]
    source: Proof,
    #[expect(dead_code, reason = "it is read by people")]
    note: Option<String>,
}

/// Where something was read, its date and its confidence.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Proof {
    /// The page.
    pub url: String,
    /// The date, as the page gives it.
    #[serde(deserialize_with = "day")]
    pub as_of: NaiveDate,
    /// How sure it is.
    pub confidence: Confidence,
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    written.to_string().parse().map_err(serde::de::Error::custom)
}

/// A duration as it is written, such as `90m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::standin) struct Span(pub(in crate::standin) Duration);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        humantime::parse_duration(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// Whole seconds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct Seconds {
    pub(in crate::standin) min: u32,
    pub(in crate::standin) max: u32,
}

/// A reply as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct WrittenReply {
    #[serde(default = "ok")]
    pub(in crate::standin) status: u16,
    pub(in crate::standin) json: Option<String>,
    pub(in crate::standin) text: Option<String>,
    pub(in crate::standin) content_type: Option<String>,
    #[serde(default)]
    pub(in crate::standin) headers: IndexMap<String, String>,
}

pub(super) fn ok() -> u16 {
    200
}
