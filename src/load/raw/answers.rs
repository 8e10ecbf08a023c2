//! Recorded answers and waivers as written.

use serde::Deserialize;
use toml::Spanned;

use super::scalar::RawDate;
use crate::model::route::Route;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawAnswers {
    #[serde(default)]
    pub(in crate::load) answer: Vec<Spanned<RawAnswer>>,
    #[serde(default)]
    pub(in crate::load) waiver: Vec<Spanned<RawWaiver>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawAnswer {
    pub(in crate::load) check: Option<Spanned<String>>,
    pub(in crate::load) route: Option<Route>,
    pub(in crate::load) provider: Option<Spanned<String>>,
    pub(in crate::load) account: Option<String>,
    #[serde(default)]
    pub(in crate::load) models: Vec<String>,
    pub(in crate::load) value: Option<Spanned<String>>,
    pub(in crate::load) not_applicable: Option<Spanned<String>>,
    pub(in crate::load) by: Option<Spanned<String>>,
    pub(in crate::load) answered: Option<RawDate>,
    pub(in crate::load) expires: Option<Spanned<RawDate>>,
    pub(in crate::load) question: Option<Spanned<String>>,
    #[serde(default)]
    pub(in crate::load) evidence: Vec<Spanned<RawEvidence>>,
    pub(in crate::load) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawEvidence {
    pub(in crate::load) url: Option<String>,
    pub(in crate::load) read: Option<RawDate>,
    pub(in crate::load) file: Option<String>,
    pub(in crate::load) sha256: Option<String>,
    pub(in crate::load) bytes: Option<u64>,
    pub(in crate::load) quote: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawWaiver {
    pub(in crate::load) check: Option<Spanned<String>>,
    pub(in crate::load) route: Option<Route>,
    pub(in crate::load) provider: Option<Spanned<String>>,
    pub(in crate::load) reason: Option<Spanned<String>>,
    pub(in crate::load) owner: Option<Spanned<String>>,
    pub(in crate::load) recorded: Option<RawDate>,
    pub(in crate::load) until: Option<Spanned<RawDate>>,
}
