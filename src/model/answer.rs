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

/// The longest an exception may run, in days: a waiver, or an answer that says the question doesn't apply.
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
    /// Who it is valid for.
    pub scope: Scope,
    /// What was said.
    pub value: AnswerValue,
    /// Who said it.
    pub by: String,
    /// The day on which it was true.
    pub answered: NaiveDate,
    /// The last day on which it is valid.
    pub expires: NaiveDate,
    /// Digest of the question as it was asked.
    pub question: String,
    /// Why it is believed.
    pub evidence: Vec<Evidence>,
    /// A note.
    pub note: Option<String>,
}

/// Why an answer or a waiver is never accepted, whatever it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// There is no one to ask about it.
    #[error("has no name: it contains no visible letter")]
    Nameless,
    /// No one can judge it.
    #[error("has no reason: write a few words that someone else can check")]
    Reasonless,
    /// It runs longer than any exception may.
    #[error("runs from {from} to {to}, longer than the {most} days it may")]
    OverLong {
        /// Its first day.
        from: NaiveDate,
        /// Its last day.
        to: NaiveDate,
        /// The most days after the first day on which it may end.
        most: u32,
    },
}

/// Whether an exception ends in time.
fn in_time(from: NaiveDate, to: NaiveDate, most: u32) -> Result<(), Defect> {
    if (to - from).num_days() > i64::from(most) { Err(Defect::OverLong { from, to, most }) } else { Ok(()) }
}

impl Answer {
    /// Whether the answer can be accepted at all: it names a person, and if it sets its question aside, it gives a
    /// reason and runs no longer than a waiver may.
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

/// For how many days an answer may be valid.
#[must_use]
pub fn longest(question: &Question, value: &AnswerValue) -> u32 {
    match value {
        AnswerValue::Text(_) => question.valid_for_days,
        AnswerValue::NotApplicable(_) => question.valid_for_days.min(LONGEST_WAIVER_DAYS),
    }
}

/// Who an answer is valid for. It is valid for no one else.
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
    /// The shots in short, when the question is about money: a price is valid for those shots only.
    pub given_for: Vec<String>,
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerValue {
    /// A value of the kind that the question asks for.
    Text(String),
    /// The question doesn't apply, and why.
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
        /// Where on the page it is, such as `7.2 Fees`.
        clause: Option<String>,
        /// What [`passage`](super::said::passage) makes of the words that were read there, when they were quoted.
        passage: Option<String>,
    },
    /// One of the project's own files. It stays where it is; only its digest is kept.
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
        /// Where they are, such as `7.2 Fees`.
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

    /// Where in the text it is, when that was recorded.
    #[must_use]
    pub fn clause(&self) -> Option<&str> {
        match self {
            Self::Url { clause, .. } | Self::Quote { clause, .. } => clause.as_deref(),
            Self::File { .. } => None,
        }
    }

    /// The day it is from.
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
    /// Who it is valid for.
    pub route: Route,
    /// The provider it is valid for.
    pub provider: String,
    /// The account, when the project names one.
    pub account: Option<String>,
    /// The shots in short, or the inputs, where the check looks at them: it doesn't cover any that were added or
    /// changed later.
    pub given_for: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who is responsible for it.
    pub owner: String,
    /// The day on which it was recorded.
    pub recorded: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
}

impl Waiver {
    /// Whether it can be accepted at all: it has an owner and a reason, and ends in time.
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
        /// What an answer could be based on.
        shows: Shows,
    },
    /// No readable file: the text says why.
    Missing(String),
}

/// What a file has to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shows {
    /// Something that a person can judge.
    Something,
    /// Nothing, for this reason.
    Nothing(String),
    /// How a client behaved: for each check that this is evidence for, the rule that contradicts it, if there is one.
    Conformance(BTreeMap<String, Option<String>>),
}

/// The evidence files of a project, by recorded path.
pub type EvidenceFacts = BTreeMap<Utf8PathBuf, EvidenceFact>;

/// The recorded answer behind a finding.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Recorded {
    /// Who answered.
    pub by: String,
    /// The day.
    pub answered: NaiveDate,
    /// The last day on which it is valid.
    pub expires: NaiveDate,
}
