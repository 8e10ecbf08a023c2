//! What people recorded: answers with their evidence, and dated exceptions.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    id::CheckId,
    question::{EvidenceKind, Question},
    route::Route,
    said::{is_name, is_reason},
};

/// Longest time an exception may run, in days: a waiver, and the word that a question does not arise.
pub const LONGEST_WAIVER_DAYS: u32 = 90;

/// Everything that was recorded beside a project, in file order.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// All answers, old ones included.
    pub answers: Vec<Answer>,
    /// All waivers, old ones included.
    pub waivers: Vec<Waiver>,
}

impl Answers {
    /// Every file that any answer names as evidence, once.
    #[must_use]
    pub fn evidence_files(&self) -> Vec<Utf8PathBuf> {
        let mut files: Vec<_> = self
            .answers
            .iter()
            .flat_map(|answer| &answer.evidence)
            .filter_map(|evidence| match evidence {
                Evidence::File { path, .. } => Some(path.clone()),
                Evidence::Url { .. } | Evidence::Quote { .. } => None,
            })
            .collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

/// A recorded answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The check that asked.
    pub check: CheckId,
    /// For whom it holds.
    pub scope: Scope,
    /// What was said.
    pub value: AnswerValue,
    /// Who said it.
    pub by: String,
    /// The day on which it was true.
    pub answered: NaiveDate,
    /// The last day on which it counts.
    pub expires: NaiveDate,
    /// Digest of the question as it was put.
    pub question: String,
    /// Why it is believed.
    pub evidence: Vec<Evidence>,
    /// A remark.
    pub note: Option<String>,
}

/// Why a person's word counts for nothing, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// No question can be put about it.
    #[error("has no name: it contains no visible letter")]
    Nameless,
    /// Nobody can judge it.
    #[error("has no reason: write a few words that someone else can check")]
    Reasonless,
    /// It stands longer than any exception may.
    #[error("runs from {from} to {to}, longer than the {most} days it may")]
    OverLong {
        /// Its first day.
        from: NaiveDate,
        /// Its last day.
        to: NaiveDate,
        /// How many days after the first it may end.
        most: u32,
    },
}

/// Whether an exception ends in time.
fn in_time(from: NaiveDate, to: NaiveDate, most: u32) -> Result<(), Defect> {
    if (to - from).num_days() > i64::from(most) { Err(Defect::OverLong { from, to, most }) } else { Ok(()) }
}

impl Answer {
    /// Whether it may count at all: it is somebody's, and where it sets its question aside it does so for a reason
    /// and for no longer than a waiver may.
    ///
    /// # Errors
    /// [`Defect`] says why not.
    pub fn sound(&self, question: &Question) -> Result<(), Defect> {
        if !is_name(&self.by) {
            return Err(Defect::Nameless);
        }
        if let AnswerValue::NotApplicable(reason) = &self.value {
            if !is_reason(reason) {
                return Err(Defect::Reasonless);
            }
            in_time(self.answered, self.expires, longest(question, &self.value))?;
        }
        Ok(())
    }
}

/// For how many days an answer may hold.
#[must_use]
pub fn longest(question: &Question, value: &AnswerValue) -> u32 {
    match value {
        AnswerValue::Text(_) => question.valid_for_days,
        AnswerValue::NotApplicable(_) => question.valid_for_days.min(LONGEST_WAIVER_DAYS),
    }
}

/// For whom an answer holds. It counts for nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The route.
    pub route: Route,
    /// The provider.
    pub provider: String,
    /// The account, when the project names one.
    pub account: Option<String>,
    /// The models, when the question is about models.
    pub models: Vec<String>,
    /// The shots in short, when the question is about money: a price holds for nothing else.
    pub given_for: Vec<String>,
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerValue {
    /// A value of the kind that the question asks for.
    Text(String),
    /// The question does not arise, and why.
    NotApplicable(String),
}

/// Why an answer is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// A page, and the day on which it was read.
    Url {
        /// Its address.
        url: String,
        /// The day.
        read: NaiveDate,
        /// Where on the page it stands, such as `7.2 Fees`.
        clause: Option<String>,
        /// What [`passage`](super::said::passage) makes of the words that were read there, when they were quoted.
        passage: Option<String>,
    },
    /// A file of the project's own. It stays where it is; only its digest is kept.
    File {
        /// Relative to the project.
        path: Utf8PathBuf,
        /// Lower-case hexadecimal.
        sha256: String,
        /// Length in bytes.
        bytes: u64,
        /// The day that it shows.
        captured: NaiveDate,
    },
    /// Words, verbatim, and the day on which they were read or heard.
    Quote {
        /// The words.
        words: String,
        /// The day.
        read: NaiveDate,
        /// Where they stand, such as `7.2 Fees`.
        clause: Option<String>,
    },
}

impl Evidence {
    /// Whether it is of the kind that a question wants.
    #[must_use]
    pub fn is(&self, kind: EvidenceKind) -> bool {
        match kind {
            EvidenceKind::Any => true,
            EvidenceKind::Url => matches!(self, Self::Url { .. }),
            EvidenceKind::File => matches!(self, Self::File { .. }),
            EvidenceKind::Quote => matches!(self, Self::Quote { .. }),
        }
    }

    /// Where in the text it stands, when that was recorded.
    #[must_use]
    pub fn clause(&self) -> Option<&str> {
        match self {
            Self::Url { clause, .. } | Self::Quote { clause, .. } => clause.as_deref(),
            Self::File { .. } => None,
        }
    }

    /// The day of which it is.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        match self {
            Self::Url { read: day, .. }
            | Self::File { captured: day, .. }
            | Self::Quote { read: day, .. } => *day,
        }
    }
}

/// A dated exception. It never edits an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The check it sets aside.
    pub check: CheckId,
    /// For whom it holds.
    pub route: Route,
    /// The provider it holds for.
    pub provider: String,
    /// The account, when the project names one.
    pub account: Option<String>,
    /// The shots in short, or the inputs, where the check looks at them: it covers none that came or changed later.
    pub given_for: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The day on which it was recorded.
    pub recorded: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
}

impl Waiver {
    /// Whether it may count at all: it has an owner and a reason, and ends in time.
    ///
    /// # Errors
    /// [`Defect`] says why not.
    pub fn sound(&self) -> Result<(), Defect> {
        if !is_name(&self.owner) {
            return Err(Defect::Nameless);
        }
        if !is_reason(&self.reason) {
            return Err(Defect::Reasonless);
        }
        in_time(self.recorded, self.until, LONGEST_WAIVER_DAYS)
    }
}

/// What is found today where file evidence was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvidenceFact {
    /// A file of this digest and length.
    Present {
        /// Lower-case hexadecimal.
        sha256: String,
        /// Its length.
        bytes: u64,
        /// What an answer could rest on.
        shows: Shows,
    },
    /// No readable file: the text says why.
    Missing(String),
}

/// What there is to see in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shows {
    /// Something that a person can judge.
    Something,
    /// Nothing, for this reason.
    Nothing(String),
    /// How a client behaved: for each check that it is evidence for, the rule that speaks against it, if one does.
    Conformance(BTreeMap<String, Option<String>>),
}

/// The evidence files of a project, by the path that was recorded.
pub type EvidenceFacts = BTreeMap<Utf8PathBuf, EvidenceFact>;

/// The recorded answer behind a finding.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Recorded {
    /// Who answered.
    pub by: String,
    /// The day.
    pub answered: NaiveDate,
    /// The last day on which it counts.
    pub expires: NaiveDate,
}
