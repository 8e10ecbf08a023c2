//! What came back, already stripped of secrets.

use std::{collections::BTreeMap, time::Duration};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    answer::EvidenceFacts,
    call::Call,
    id::ProbeId,
    media::{Input, MediaFact},
};

/// What one probe saw.
#[derive(Debug, Clone, PartialEq)]
pub enum Observation {
    /// The provider answered.
    Reply(Reply),
    /// Nothing usable came back.
    Trouble(Trouble),
    /// The call was not made.
    NotMade(NotMade),
}

/// An HTTP reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The kept headers, by lower-case name; all others were dropped.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Body,
    /// The error text, in whatever shape the body had it; also set for a 2xx reply.
    #[serde(skip_serializing_if = "ErrorText::is_empty", default)]
    pub error: ErrorText,
    /// What the reply lacks of what its host or probe calls a success, both sides in words. Never recorded: a replay
    /// compares the reply with the checklist of its own day.
    #[serde(skip)]
    pub unmet: Option<String>,
    /// Whether it is one page of a list and more pages follow: something that isn't on this page may be on a later one.
    /// Never recorded either.
    #[serde(skip)]
    pub more: bool,
}

/// What a checklist says about a reply, besides its words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// See [`Reply::unmet`].
    pub unmet: Option<String>,
    /// See [`Reply::more`].
    pub more: bool,
}

impl Reply {
    /// Whether the status is 2xx and nothing in the reply says otherwise.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.says_success() && self.flaw().is_none()
    }

    /// Whether the status is 2xx.
    pub(super) fn says_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The JSON of a success.
    #[must_use]
    pub fn json(&self) -> Option<&serde_json::Value> {
        self.any_json().filter(|_| self.is_success())
    }

    /// The JSON of any reply, for callers that look for what went wrong.
    #[must_use]
    pub fn any_json(&self) -> Option<&serde_json::Value> {
        match &self.body {
            Body::Json(value) => Some(value),
            Body::Empty | Body::Text(_) | Body::Unclear(_) => None,
        }
    }
}

/// A reply's body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Body {
    /// No bytes at all.
    Empty,
    /// A JSON document.
    Json(serde_json::Value),
    /// Anything else, as text.
    Text(String),
    /// A body that is declared as JSON but is ambiguous or invalid.
    Unclear(Unclear),
}

/// A body that is declared as JSON but isn't, or that two parsers could read differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Unclear {
    /// What is wrong with it.
    pub why: String,
    /// Its text.
    pub text: String,
}

/// Code and message from an error body.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ErrorText {
    /// A machine-readable code.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// A sentence.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub message: Option<String>,
}

impl ErrorText {
    /// Whether neither was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.code.is_none() && self.message.is_none()
    }
}

/// Why nothing usable came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Trouble {
    /// What kind.
    pub kind: TroubleKind,
    /// A detail for the reader, without addresses or secrets.
    pub detail: String,
}

/// What went wrong below HTTP. The words are those of `transport = "…"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TroubleKind {
    /// The name has no address.
    Dns,
    /// No connection.
    Connect,
    /// No connection in time.
    ConnectTimeout,
    /// No secure connection.
    Tls,
    /// Connected, but no reply in time.
    ReadTimeout,
    /// The total time for this call is used up.
    Deadline,
    /// The body is larger than the limit.
    TooLarge,
    /// The reply broke off or is not HTTP.
    Broken,
}

impl TroubleKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Dns,
        Self::Connect,
        Self::ConnectTimeout,
        Self::Tls,
        Self::ReadTimeout,
        Self::Deadline,
        Self::TooLarge,
        Self::Broken,
    ];

    /// The word used in `transport = "…"`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::ConnectTimeout => "connect-timeout",
            Self::Tls => "tls",
            Self::ReadTimeout => "read-timeout",
            Self::Deadline => "deadline",
            Self::TooLarge => "too-large",
            Self::Broken => "broken",
        }
    }
}

/// Why a call was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotMade {
    /// `--offline`.
    Offline,
    /// The variable contains no usable key: its name and what is wrong.
    Key {
        /// The environment variable.
        env: String,
        /// What is wrong with it.
        wrong: String,
    },
    /// The key may not be sent to the host in force.
    ForeignHost(String),
    /// The host name resolves to an address that isn't public: the text says to which.
    NotPublic(String),
    /// It isn't free: the text says what isn't on the list.
    NotFree(String),
    /// The shot doesn't define a value that the call needs: the name of the hole, such as `shot.duration`.
    ShotLacks(String),
    /// A value is missing that another reply should have given: the name of the value.
    Need(String),
    /// A key would be somewhere in the request other than in its header, and the server would see it.
    HoldsKey,
    /// This is a replay, and the transcript doesn't contain the call.
    NotInTranscript,
    /// The time limit of the run was reached: how long that was.
    OutOfTime(Duration),
    /// The project asks for more calls than this limit.
    TooMany(usize),
}

/// What is known about a key without sending it anywhere. Never its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum KeyFact {
    /// There is one, and nothing is wrong with it.
    Present,
    /// There is one that doesn't look as its owner says; it is sent all the same. The text says how it differs.
    Odd(String),
    /// The rehearsal's own stand-in key.
    Rehearsal,
    /// The variable is not set.
    Missing,
    /// There is one, but it cannot be right: the text says why.
    Wrong(String),
}

/// What is known about the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderFact {
    /// As it will be used, absolute.
    pub path: String,
    /// Whether it exists or can be created, and can be written to; otherwise why not.
    pub writable: Result<(), String>,
    /// Whether it is inside a folder that the system empties.
    pub temporary: bool,
    /// Free space in bytes, when the system reports it.
    pub free_bytes: Option<u64>,
}

/// The base URL in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseFact {
    /// Scheme and host (and port), nothing else.
    pub origin: String,
    /// The host name alone.
    pub host: String,
    /// Whether it is an address of this machine.
    pub loopback: bool,
    /// What set it, such as `--base-url`; absent when it comes from the checklist.
    pub set_by: Option<String>,
    /// Where the user's own app would send its calls instead of to the official host.
    pub followed: Vec<FollowedBase>,
}

/// A base URL that is not the official one, in a variable that other programs follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FollowedBase {
    /// The environment variable.
    pub env: String,
    /// Scheme, host and port, or what is wrong with the value.
    pub names: String,
}

/// Proof that what was observed is the real world, just now: not a stand-in and not a transcript, and calls were
/// allowed. Only the observe module creates it.
#[derive(Debug)]
pub struct Live(());

impl Live {
    pub(crate) fn witnessed() -> Self {
        Self(())
    }
}

/// Everything that was observed for one project.
#[derive(Debug)]
pub struct Observations {
    /// What each probe saw; the second part of the key is the shot, for a probe that is made per shot.
    pub probes: BTreeMap<(ProbeId, Option<String>), std::sync::Arc<Observation>>,
    /// Every input that was looked at.
    pub media: BTreeMap<Input, MediaFact>,
    /// The files that answers name as evidence.
    pub evidence: EvidenceFacts,
    /// The output folder, when the project names one.
    pub output: Option<FolderFact>,
    /// The key of each host, by environment variable.
    pub keys: BTreeMap<String, KeyFact>,
    /// The base URL of the main host, when the checklist has one.
    pub base: Option<BaseFact>,
    /// Every call that was made.
    pub calls: Vec<Call>,
    /// How long the run had taken when it ended before everything was seen; `None` when everything was seen.
    pub ended: Option<Duration>,
    /// The day on which all this was seen (UTC).
    pub seen_on: Option<NaiveDate>,
    /// Present when it was seen live.
    pub live: Option<Live>,
}

impl Observations {
    /// What a probe saw, for a shot if it is made per shot.
    #[must_use]
    pub fn of(&self, probe: &ProbeId, shot: Option<&str>) -> Option<&Observation> {
        let per_shot = shot.and_then(|shot| self.probes.get(&(probe.clone(), Some(shot.to_owned()))));
        per_shot.or_else(|| self.probes.get(&(probe.clone(), None))).map(AsRef::as_ref)
    }
}
