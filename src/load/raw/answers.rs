//! Recorded answers and waivers as written.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    super::spanned::Spanned,
    scalar::RawDate,
    word::{FILLED, ID, SHA256},
};
use crate::model::route::Route;

/// Recorded answers and waivers: answers.toml, beside the project. `greenlight answer` and
/// `greenlight waive` write it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "greenlight answers", rename = "AnswersFile")]
pub(in crate::load) struct RawAnswers {
    /// What people found out. The newest answer to a question is in force; older ones are its history.
    #[serde(default)]
    pub(in crate::load) answer: Vec<Spanned<RawAnswer>>,
    /// Checks that are waived until a given day.
    #[serde(default)]
    pub(in crate::load) waiver: Vec<Spanned<RawWaiver>>,
}

/// What a person found out. It has either `value` or `not-applicable`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Answer", extend("oneOf" = [
    { "required": ["value"] },
    { "required": ["not-applicable"] }
]))]
pub(in crate::load) struct RawAnswer {
    /// The check that it answers.
    #[schemars(required, regex(pattern = ID))]
    pub(in crate::load) check: Option<Spanned<String>>,
    /// The route it was found out for; it isn't valid for any other.
    #[schemars(required)]
    pub(in crate::load) route: Option<Route>,
    /// The owner it was found out for; it isn't valid for any other.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) provider: Option<Spanned<String>>,
    /// The account it was found out for.
    pub(in crate::load) account: Option<String>,
    /// The models it was found out for, where that matters.
    #[serde(default)]
    pub(in crate::load) models: Vec<String>,
    /// The shots it was found out for, in short, if it is about money; it isn't valid for any others.
    #[serde(default)]
    pub(in crate::load) given_for: Vec<String>,
    /// The answer.
    pub(in crate::load) value: Option<Spanned<String>>,
    /// Why the question doesn't apply.
    #[schemars(regex(pattern = FILLED))]
    pub(in crate::load) not_applicable: Option<Spanned<String>>,
    /// Who answered.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) by: Option<Spanned<String>>,
    /// The day on which it was true.
    #[schemars(required)]
    pub(in crate::load) answered: Option<RawDate>,
    /// Its last day.
    #[schemars(required)]
    pub(in crate::load) expires: Option<Spanned<RawDate>>,
    /// The digest of the question that was answered: if its meaning changes, it is asked again.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) question: Option<Spanned<String>>,
    /// Why it is believed.
    #[serde(default)]
    pub(in crate::load) evidence: Vec<Spanned<RawEvidence>>,
    /// A note.
    pub(in crate::load) note: Option<String>,
}

/// Why an answer is believed: an address and the day it was read, a file and its digest, or a quotation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Evidence", extend("oneOf" = [
    { "required": ["url", "read"] },
    { "required": ["file", "sha256", "bytes"] },
    { "required": ["quote"] }
]))]
pub(in crate::load) struct RawEvidence {
    /// The address of a page.
    #[schemars(regex(pattern = "^https?://"))]
    pub(in crate::load) url: Option<String>,
    /// The day on which the page was read, or on which a quotation was read or heard; for a quotation, the day of the
    /// answer if left out.
    pub(in crate::load) read: Option<RawDate>,
    /// A file; the path is relative to this file.
    pub(in crate::load) file: Option<String>,
    /// The digest of the file.
    #[schemars(regex(pattern = SHA256))]
    pub(in crate::load) sha256: Option<String>,
    /// The size of the file.
    pub(in crate::load) bytes: Option<u64>,
    /// The day that the file shows; the day of the answer if left out.
    pub(in crate::load) captured: Option<RawDate>,
    /// Words, verbatim.
    #[schemars(regex(pattern = FILLED))]
    pub(in crate::load) quote: Option<String>,
    /// Where on the page, or in the quoted text, it is: `7.2 Fees`.
    #[schemars(regex(pattern = FILLED))]
    pub(in crate::load) clause: Option<String>,
    /// The SHA-256 of the words that were read on the page, if they were quoted; layout doesn't matter.
    #[schemars(regex(pattern = SHA256))]
    pub(in crate::load) passage_sha256: Option<String>,
}

/// A dated exception. It never changes an answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "Waiver")]
pub(in crate::load) struct RawWaiver {
    /// The check that it waives.
    #[schemars(required, regex(pattern = ID))]
    pub(in crate::load) check: Option<Spanned<String>>,
    /// The route it is for.
    #[schemars(required)]
    pub(in crate::load) route: Option<Route>,
    /// The owner it is for.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) provider: Option<Spanned<String>>,
    /// The account it is for.
    pub(in crate::load) account: Option<String>,
    /// The shots in short, or the inputs, that it is for, where the check looks at them; it covers no others.
    #[serde(default)]
    pub(in crate::load) given_for: Vec<String>,
    /// Why.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) reason: Option<Spanned<String>>,
    /// Who is responsible for it.
    #[schemars(required, regex(pattern = FILLED))]
    pub(in crate::load) owner: Option<Spanned<String>>,
    /// The day on which it was recorded.
    #[schemars(required)]
    pub(in crate::load) recorded: Option<RawDate>,
    /// Its last day.
    #[schemars(required)]
    pub(in crate::load) until: Option<Spanned<RawDate>>,
}
