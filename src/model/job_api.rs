//! How a provider's paid jobs are begun, asked for and ended: dated facts, and no code.

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
    /// The host of its checklist that takes jobs, with its key.
    pub host: String,
    /// Where a job is begun, by mode.
    pub create: IndexMap<Mode, String>,
    /// Where a job is asked for: `{id}` is what the provider calls it.
    pub poll: String,
    /// Words for a job that goes on.
    pub pending: Vec<String>,
    /// Words for a job with a clip.
    pub done: Vec<String>,
    /// Words for a job that failed.
    pub failed: Vec<String>,
    /// Words for a job that is kept no longer.
    pub expired: Vec<String>,
    /// Where this was read.
    pub source: Source,
    /// What unhappy endings point to; the first that fits speaks.
    pub cause: Vec<Cause>,
}

/// What an unhappy ending points to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cause {
    /// A fault of the checklist, which says how it is recognised, what it means and what to do.
    pub fault: Option<FaultId>,
    /// One of these statuses; any without it.
    #[serde(default)]
    pub status: Vec<u16>,
    /// The code of the reply.
    pub code: Option<String>,
    /// The code of a job that failed.
    pub error_code: Option<String>,
    /// What the sentence of the reply looks like.
    #[serde(default, deserialize_with = "pattern")]
    pub message: Option<Regex>,
    /// How the job ended, where the reply does not say it in its status.
    pub ending: Option<CauseEnding>,
    /// What it points to; nothing when it cannot tell.
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

/// An ending that a cause decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CauseEnding {
    /// Moderation held it back.
    Moderated,
}

/// What an ending may point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PointsTo {
    /// The prompt.
    Prompt,
    /// An image or clip that went in.
    Input,
    /// The length.
    Duration,
    /// The resolution.
    Resolution,
    /// What the account may do or pay.
    AccountAccess,
    /// The address of the clip, which lasts a while only.
    TemporaryUrl,
    /// Moderation.
    Moderation,
}

impl PointsTo {
    /// For a reader.
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
    /// The same, once what stood in the way is gone.
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
