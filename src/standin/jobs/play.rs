//! Everything that can happen to a job: how long it is pending, how it ends, and what goes wrong on the way.

use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize};

use super::written::{Proof, Span, WrittenReply, ok};

/// One thing that can happen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct Play {
    /// The name to ask for it by.
    pub(in crate::standin) id: String,
    /// What happens in it, in one line.
    pub(in crate::standin) title: String,
    /// The scenarios in which it happens without being asked for.
    #[serde(default)]
    pub(in crate::standin) scenario: Vec<String>,
    /// How often a job is found pending.
    pub(in crate::standin) polls: Option<u32>,
    /// How long a job is pending by the stand-in's clock, however often it is polled.
    pub(in crate::standin) pending: Option<Pending>,
    /// How a job ends.
    pub(in crate::standin) ending: Option<Ending>,
    /// What happens on the way.
    #[serde(default)]
    pub(in crate::standin) step: Vec<Step>,
    /// Where this was read, unless it is invented.
    pub(in crate::standin) source: Option<Proof>,
}

/// A play, for people who choose one.
#[derive(Debug, Clone, Serialize)]
pub struct PlayInfo {
    /// The name to ask for it by.
    pub id: String,
    /// What happens in it, in one line.
    pub title: String,
    /// Where this was read; none when it is invented.
    pub source: Option<Proof>,
}

impl From<Play> for PlayInfo {
    fn from(play: Play) -> Self {
        Self { id: play.id, title: play.title, source: play.source }
    }
}

/// How long a job is pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::standin) enum Pending {
    /// This long.
    For(Duration),
    /// Forever.
    Never,
}

impl<'de> Deserialize<'de> for Pending {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "never" => Ok(Self::Never),
            text => humantime::parse_duration(text).map(Self::For).map_err(serde::de::Error::custom),
        }
    }
}

/// How a job ends.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct Ending {
    /// Whether it is paid for.
    #[serde(default)]
    pub(in crate::standin) bills: bool,
    /// Whether there is a clip.
    #[serde(default)]
    pub(in crate::standin) film: bool,
    #[serde(default = "ok")]
    status: u16,
    json: String,
}

impl Ending {
    /// The answer to polls from then on.
    pub(in crate::standin) fn reply(&self) -> WrittenReply {
        WrittenReply { status: self.status, json: Some(self.json.clone()), ..WrittenReply::default() }
    }
}

/// Something that happens to a request instead of the usual.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::standin) struct Step {
    /// To which request.
    pub(in crate::standin) on: On,
    /// How often: counted for each body of a create, and for each job's polls and downloads.
    #[serde(default = "once")]
    pub(in crate::standin) times: u32,
    /// Whether it happens every time.
    #[serde(default)]
    pub(in crate::standin) always: bool,
    /// Whether a create is accepted anyway.
    #[serde(default)]
    pub(in crate::standin) taken: bool,
    /// Where the connection is cut.
    pub(in crate::standin) cut: Option<Cut>,
    /// How long the answer is held back.
    pub(in crate::standin) delay: Option<Span>,
    /// Whether half of the usual body is sent as if it were all of it.
    #[serde(default)]
    pub(in crate::standin) short: bool,
    status: Option<u16>,
    json: Option<String>,
    text: Option<String>,
    content_type: Option<String>,
    #[serde(default)]
    headers: IndexMap<String, String>,
}

impl Step {
    /// The answer; none if it is the usual one.
    pub(in crate::standin) fn reply(&self) -> Option<WrittenReply> {
        let own = self.status.is_some() || self.json.is_some() || self.text.is_some();
        own.then(|| WrittenReply {
            status: self.status.unwrap_or_else(ok),
            json: self.json.clone(),
            text: self.text.clone(),
            content_type: self.content_type.clone(),
            headers: self.headers.clone(),
        })
    }
}

/// Which step in the life of a job a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::standin) enum On {
    Create,
    Poll,
    Download,
}

/// Where a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::standin) enum Cut {
    /// Before a byte of the answer.
    Before,
    /// In the middle of its body.
    Within,
}

fn once() -> u32 {
    1
}
