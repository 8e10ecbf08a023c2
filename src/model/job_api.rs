//! How a provider's paid jobs are started, polled and finished: dated facts, no code.

use indexmap::IndexMap;
use regex::Regex;
use serde::{Deserialize, Deserializer};

use super::{id::FaultId, mode::Mode, route::Route, source::Source};

/// The paid jobs of one provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct JobApi {
    /// The route on which it can be automated.
    pub route: Route,
    /// The provider.
    pub id: String,
    /// The checklist host that takes jobs, with its key.
    pub host: String,
    /// Where a job is started, by mode.
    pub create: IndexMap<Mode, String>,
    /// Where a job is polled: `{id}` is the provider's id for it.
    pub poll: String,
    /// Words for a job that is still running.
    pub pending: Vec<String>,
    /// Words for a job with a clip.
    pub done: Vec<String>,
    /// Words for a job that failed.
    pub failed: Vec<String>,
    /// Words for a job that the provider no longer keeps.
    pub expired: Vec<String>,
    /// Where this was read.
    pub source: Source,
    /// What failed endings point to; the first match wins.
    pub cause: Vec<Cause>,
}

/// What a failed ending points to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cause {
    /// A fault in the checklist, which says how to recognise it, what it means and what to do.
    pub fault: Option<FaultId>,
    /// One of these statuses; any status if empty.
    #[serde(default)]
    pub status: Vec<u16>,
    /// The code of the reply.
    pub code: Option<String>,
    /// The error code of a job that failed.
    pub error_code: Option<String>,
    /// What the message in the reply looks like.
    #[serde(default, deserialize_with = "pattern")]
    pub message: Option<Regex>,
    /// How the job ended, where the status in the reply doesn't say so.
    pub ending: Option<CauseEnding>,
    /// What it points to; empty when that can't be told.
    pub points_to: Vec<PointsTo>,
    /// Whether it is worth another try.
    pub again: Again,
    /// What happened, for a reader.
    #[serde(default)]
    pub says: String,
    /// What to do.
    #[serde(default)]
    pub fix: String,
    /// Where it was read.
    pub source: Option<Source>,
}

/// An ending that a cause determines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CauseEnding {
    /// Blocked by moderation.
    Moderated,
}

/// What an ending may point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PointsTo {
    /// The prompt.
    Prompt,
    /// An input image or clip.
    Input,
    /// The length.
    Duration,
    /// The resolution.
    Resolution,
    /// What the account may use or pay for.
    AccountAccess,
    /// The address of the clip, which is valid only for a while.
    TemporaryUrl,
    /// Moderation.
    Moderation,
}

impl PointsTo {
    /// The words shown to a reader.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Prompt => "the prompt",
            Self::Input => "an input",
            Self::Duration => "the duration",
            Self::Resolution => "the resolution",
            Self::AccountAccess => "account access",
            Self::TemporaryUrl => "the temporary URL",
            Self::Moderation => "moderation",
        }
    }
}

/// Whether a job that failed is worth another try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Again {
    /// The same request, once the obstacle is gone.
    Same,
    /// With one thing changed.
    Changed,
    /// With another model or mode.
    Elsewhere,
    /// Not at all.
    Never,
}

fn pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Regex>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Regex::new(&text).map(Some).map_err(serde::de::Error::custom)
}
