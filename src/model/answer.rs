//! What people recorded: answers with their evidence, and dated exceptions.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{checklist::EvidenceKind, id::CheckId, route::Route};

/// Longest time a waiver may run, in days.
pub const LONGEST_WAIVER_DAYS: i64 = 90;

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
                Evidence::Url { .. } | Evidence::Quote(_) => None,
            })
            .collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

/// A recorded reply to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The check that asked.
    pub check: CheckId,
    /// For whom it holds.
    pub scope: Scope,
    /// What was said.
    pub reply: Reply,
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
}

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A value of the kind that the question asks for.
    Value(String),
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
    },
    /// A file of the project's own. It stays where it is; only its digest is kept.
    File {
        /// Relative to the project.
        path: Utf8PathBuf,
        /// Lower-case hexadecimal.
        sha256: String,
        /// Length in bytes.
        bytes: u64,
    },
    /// Words, verbatim.
    Quote(String),
}

impl Evidence {
    /// Whether it is of the kind that a question wants.
    #[must_use]
    pub fn is(&self, kind: EvidenceKind) -> bool {
        match kind {
            EvidenceKind::Any => true,
            EvidenceKind::Url => matches!(self, Self::Url { .. }),
            EvidenceKind::File => matches!(self, Self::File { .. }),
            EvidenceKind::Quote => matches!(self, Self::Quote(_)),
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
    /// Whether it runs longer than any waiver may.
    #[must_use]
    pub fn is_over_long(&self) -> bool {
        (self.until - self.recorded).num_days() > LONGEST_WAIVER_DAYS
    }
}

/// What is found today where file evidence was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EvidenceFact {
    /// A file of this digest.
    Present {
        /// Lower-case hexadecimal.
        sha256: String,
    },
    /// No readable file: the text says why.
    Missing(String),
}

/// The evidence files of a project, by the path that was recorded.
pub type EvidenceFacts = BTreeMap<Utf8PathBuf, EvidenceFact>;

/// The recorded reply behind a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Recorded {
    /// Who answered.
    pub by: String,
    /// The day.
    pub answered: NaiveDate,
    /// The last day on which it counts.
    pub expires: NaiveDate,
}
