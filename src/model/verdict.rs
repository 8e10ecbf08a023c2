//! What was decided about a check.

use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    answer::Recorded,
    id::{CheckId, FaultId},
    route::Row,
    severity::Severity,
    source::Source,
};

/// The judgement of one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Verdict {
    /// The claim holds.
    Pass,
    /// It holds with a caution, or it doesn't hold but doesn't close the gate.
    Warn,
    /// It doesn't hold, and closes the gate.
    Fail,
    /// It is unknown.
    Unknown {
        /// Why.
        reason: Reason,
    },
    /// Not looked at, because another check did not pass.
    Blocked {
        /// The other check: the root cause, not a link of a chain.
        by: CheckId,
    },
    /// Waived by a dated exception.
    Waived {
        /// The last day of the exception.
        until: NaiveDate,
    },
    /// The claim doesn't apply.
    NotApplicable {
        /// Why.
        reason: String,
    },
}

impl Verdict {
    /// The word used in output.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Unknown { .. } => "unknown",
            Self::Blocked { .. } => "blocked",
            Self::Waived { .. } => "waived",
            Self::NotApplicable { .. } => "n/a",
        }
    }

    /// Whether checks that require this one may be looked at.
    #[must_use]
    pub fn lets_on(&self) -> bool {
        matches!(self, Self::Pass | Self::Warn | Self::Waived { .. } | Self::NotApplicable { .. })
    }
}

/// Why it is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A question without an answer.
    Unanswered,
    /// Answered for another route, provider, account or model.
    Borrowed,
    /// The question was reworded since it was answered.
    Reworded,
    /// The answer is past its last day.
    Expired,
    /// The answer, or a review, has a date in the future.
    Future,
    /// The evidence that the question requires is missing.
    NoEvidence,
    /// A file that was recorded as evidence is gone or has changed.
    EvidenceChanged,
    /// The call was not made.
    NotMade,
    /// No reply came.
    Unreachable,
    /// A reply came that says nothing about the claim.
    UnclearReply,
    /// The value is missing, or of another type.
    MissingValue,
    /// The catalogue has no claim of that date.
    NoClaim,
    /// The project does not say.
    NotDeclared,
    /// A recognised fault that says nothing about the claim.
    Fault,
}

/// A check with its verdict and what was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// The check.
    pub check: CheckId,
    /// The shot, file or address it was repeated for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<String>,
    /// Where it stands in the table.
    pub row: Row,
    /// A few words.
    pub title: Arc<str>,
    /// What a non-pass means for the gate.
    pub severity: Severity,
    /// What was decided.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What was seen, for a reader; never a secret.
    pub seen: String,
    /// What was expected, when the claim was tested and doesn't hold.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expected: Option<String>,
    /// What was there instead.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub got: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fix: Option<String>,
    /// The recorded answer that was looked at.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub recorded: Option<Recorded>,
    /// The fault that was recognised.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fault: Option<FaultId>,
    /// The dated fact that decided; the check's own source when there was none.
    pub source: Source,
    /// The line to look at: of the shot, of a check in the project's own checklist, or of `[project]`.
    pub location: Location,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Location {
    /// The file as named from the working folder.
    pub file: String,
    /// From 1.
    pub line: u32,
}
