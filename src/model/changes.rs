//! What changed between two receipts, and why.

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{
    decision::Decided,
    id::CheckId,
    report::{InputRole, ProjectSummary},
    route::Row,
    severity::Severity,
    verdict::Verdict,
};

/// The two sides of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Sides<T> {
    /// In the old receipt; absent when it says nothing about this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<T>,
    /// In the new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<T>,
}

impl Sides<Decided> {
    /// Whether the findings add up to a different result, whatever kind of runs they were.
    #[must_use]
    pub fn turned(&self) -> bool {
        self.old.as_ref().map(Decided::found) != self.new.as_ref().map(Decided::found)
    }
}

/// As in a receipt: `decision` holds what was decided, and `would-be` what would have been decided.
fn decisions<S: Serializer>(sides: &Sides<Decided>, serializer: S) -> Result<S::Ok, S::Error> {
    let of = |decides: bool| {
        let found = |side: &Option<Decided>| {
            let side = side.as_ref().filter(|side| side.decision().is_some() == decides);
            side.map(Decided::found)
        };
        Sides { old: found(&sides.old), new: found(&sides.new) }
    };
    let (decision, would_be) = (of(true), of(false));
    let mut map = serializer.serialize_map(None)?;
    map.serialize_entry("decision", &decision)?;
    if would_be.old.is_some() || would_be.new.is_some() {
        map.serialize_entry("would-be", &would_be)?;
    }
    map.end()
}

/// What changed between two receipt files.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Changes {
    /// [`SCHEMA_VERSION`](super::report::SCHEMA_VERSION).
    pub schema_version: u32,
    /// The old receipt file as it was named.
    pub old: String,
    /// The new one.
    pub new: String,
    /// What was decided for all projects of each.
    #[serde(flatten, serialize_with = "decisions")]
    pub decided: Sides<Decided>,
    /// Whether a decision or a verdict changed, or a project or a check was added or removed.
    pub changed: bool,
    /// One for each project of either file.
    pub projects: Vec<ProjectChanges>,
}

/// What changed for one project.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ProjectChanges {
    /// What is to be made, as the newer report has it.
    pub project: ProjectSummary,
    /// The project file, as the newer report names it.
    pub file: String,
    /// What was decided.
    #[serde(flatten, serialize_with = "decisions")]
    pub decided: Sides<Decided>,
    /// The time that was judged for (UTC).
    pub at: Sides<DateTime<Utc>>,
    /// What a reader should know about the receipts themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// The files that differ.
    pub inputs: Vec<InputChange>,
    /// The checks that differ, by row, the worst of the new verdicts first.
    pub changes: Vec<Change>,
    /// How many findings are the same.
    pub same: usize,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InputChange {
    /// What it is.
    pub role: InputRole,
    /// As the receipt names it.
    pub path: String,
    /// What happened to it.
    pub change: Turn,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// Its content changed.
    Changed,
    /// Only the new receipt has it.
    New,
    /// Only the old receipt has it.
    Gone,
}

impl Turn {
    /// The words shown after the file name.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::New => "is new",
            Self::Gone => "is gone",
        }
    }
}

/// A check that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Change {
    /// What about it changed.
    pub kind: Kind,
    /// The check.
    pub check: CheckId,
    /// The shot, file or address it was repeated for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Where it stands in the table.
    pub row: Row,
    /// A few words.
    pub title: String,
    /// What was found.
    #[serde(flatten)]
    pub sides: Sides<Glimpse>,
    /// Why, as far as the receipts tell; the most certain cause first.
    pub why: Vec<Cause>,
}

/// How a check differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The verdict, or what it is based on: a reason, another check, a day.
    Verdict,
    /// What a non-pass means for the gate.
    Severity,
    /// Only the new receipt has it.
    Appeared,
    /// Only the old receipt has it.
    Vanished,
    /// The verdict is the same but is based on something else.
    Seen,
}

/// What one receipt says about a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Glimpse {
    /// What a non-pass means for the gate.
    pub severity: Severity,
    /// What was decided.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What was seen.
    pub seen: String,
}

/// Why something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cause {
    /// The kind of cause.
    pub cause: Why,
    /// In words.
    pub says: String,
}

/// Kinds of causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The check that it requires.
    Follows,
    /// A waiver was recorded, withdrawn or extended.
    Waiver,
    /// Another answer is in force.
    Answer,
    /// A file that is evidence for an answer changed.
    Evidence,
    /// Time passed: something expired, or a dated fact came into force.
    Clock,
    /// Another dated fact decided.
    Source,
    /// How the run was made: a rehearsal, a replay, a partial run, or without calls.
    Run,
    /// What the provider replied.
    Provider,
    /// Media files or folders of the project.
    Media,
    /// The project file.
    Project,
    /// A checklist.
    Checklist,
    /// The catalogue of models and prices.
    Catalogue,
    /// The list of hosts and free calls.
    Owners,
    /// Another version of the program.
    Tool,
    /// Files and program are the same, but what was observed changed, or time passed.
    Observed,
}

impl Why {
    /// The word used in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Follows => "follows",
            Self::Waiver => "waiver",
            Self::Answer => "answer",
            Self::Evidence => "evidence",
            Self::Clock => "clock",
            Self::Source => "source",
            Self::Run => "run",
            Self::Provider => "provider",
            Self::Media => "media",
            Self::Project => "project",
            Self::Checklist => "checklist",
            Self::Catalogue => "catalogue",
            Self::Owners => "owners",
            Self::Tool => "tool",
            Self::Observed => "observed",
        }
    }
}
