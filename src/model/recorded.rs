//! What people recorded, as a report shows it: answers with their evidence, waivers, and the history of both.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    answer::{Answer, AnswerValue, Evidence, Waiver},
    id::CheckId,
    link,
};

/// A recorded answer for the project's own route and provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ReportedAnswer {
    /// The check that asked.
    pub check: CheckId,
    /// Whether a finding uses it. The others are history, or were given for other accounts or models.
    pub used: bool,
    /// What was said; absent where the question doesn't apply.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<String>,
    /// Why the question doesn't apply.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub not_applicable: Option<String>,
    /// Who said it.
    pub by: String,
    /// The day on which it was true.
    pub answered: NaiveDate,
    /// The last day recorded with it.
    pub expires: NaiveDate,
    /// The last day on which it is valid for the question as it is asked now, and with the evidence it has.
    pub until: NaiveDate,
    /// The account it was given for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<String>,
    /// The models it was given for, when the question is about models.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub models: Vec<String>,
    /// What it was given for, in short, when the question depends on that: shots, inputs, words or costs.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub given_for: Vec<String>,
    /// Why it is believed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub evidence: Vec<ReportedEvidence>,
    /// A note.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

impl ReportedAnswer {
    /// An answer that is valid until this day. Credentials in addresses are removed.
    #[must_use]
    pub fn new(answer: &Answer, until: NaiveDate, used: bool) -> Self {
        let (value, not_applicable) = match &answer.value {
            AnswerValue::Text(value) => (Some(link::closed(value)), None),
            AnswerValue::NotApplicable(why) => (None, Some(link::closed(why))),
        };
        let scope = &answer.scope;
        let evidence = answer.evidence.iter().map(ReportedEvidence::new);
        Self {
            check: answer.check.clone(),
            used,
            value,
            not_applicable,
            by: link::closed(&answer.by),
            answered: answer.answered,
            expires: answer.expires,
            until,
            account: scope.account.as_deref().map(link::closed),
            models: scope.models.iter().map(|model| link::closed(model)).collect(),
            given_for: scope.given_for.iter().map(|line| link::closed(line)).collect(),
            evidence: evidence.collect(),
            note: answer.note.as_deref().map(link::closed),
        }
    }
}

/// Why an answer is believed, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum ReportedEvidence {
    /// A page.
    Url {
        /// Its address.
        url: String,
        /// The day on which it was read.
        read: NaiveDate,
        /// Where on the page it is.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        clause: Option<String>,
        /// SHA-256 of the words read there, in NFC and with single spaces, lower-case hexadecimal.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        passage_sha256: Option<String>,
    },
    /// One of the project's own files.
    File {
        /// Relative to the project.
        file: String,
        /// Lower-case hexadecimal.
        sha256: String,
        /// Length in bytes.
        bytes: u64,
        /// The day on which it was added.
        captured: NaiveDate,
    },
    /// Words, verbatim.
    Quote {
        /// The words.
        quote: String,
        /// The day on which they were read.
        captured: NaiveDate,
        /// Where they are.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        clause: Option<String>,
    },
}

impl ReportedEvidence {
    fn new(evidence: &Evidence) -> Self {
        let clause = evidence.clause().map(link::closed);
        match evidence {
            Evidence::Url { url, read, passage, .. } => {
                Self::Url { url: link::closed(url), read: *read, clause, passage_sha256: passage.clone() }
            }
            Evidence::File { path, sha256, bytes, captured } => Self::File {
                file: path.to_string(),
                sha256: sha256.clone(),
                bytes: *bytes,
                captured: *captured,
            },
            Evidence::Quote { words, read, .. } => {
                Self::Quote { quote: link::closed(words), captured: *read, clause }
            }
        }
    }
}

/// A recorded exception for the project's own route and provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ReportedWaiver {
    /// The check it waives.
    pub check: CheckId,
    /// Whether it waives a finding. The others are history, or not needed.
    pub used: bool,
    /// The account it was recorded for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<String>,
    /// The shots or inputs it was recorded for, in short, where its check looks at them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
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

impl ReportedWaiver {
    /// A waiver. Credentials in addresses are removed.
    #[must_use]
    pub fn new(waiver: &Waiver, used: bool) -> Self {
        Self {
            check: waiver.check.clone(),
            used,
            account: waiver.account.as_deref().map(link::closed),
            given_for: waiver.given_for.iter().map(|line| link::closed(line)).collect(),
            reason: link::closed(&waiver.reason),
            owner: link::closed(&waiver.owner),
            recorded: waiver.recorded,
            until: waiver.until,
        }
    }
}
