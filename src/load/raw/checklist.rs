//! A checklist as written.

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::{
    expect::RawExpect,
    scalar::{RawDate, RawSource},
};
use crate::model::{
    checklist::{AnswerKind, AppliesIf, EvidenceKind, ForEach, Means, Severity},
    route::{Route, Row},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawChecklist {
    pub(in crate::load) id: Option<Spanned<String>>,
    pub(in crate::load) extends: Option<Spanned<String>>,
    pub(in crate::load) route: Option<Spanned<Route>>,
    pub(in crate::load) owner: Option<String>,
    pub(in crate::load) reviewed: Option<RawDate>,
    pub(in crate::load) api: Option<Spanned<RawHost>>,
    #[serde(default)]
    pub(in crate::load) host: IndexMap<String, Spanned<RawHost>>,
    #[serde(default)]
    pub(in crate::load) probe: Vec<Spanned<RawProbe>>,
    #[serde(default)]
    pub(in crate::load) check: Vec<Spanned<RawCheck>>,
    #[serde(default)]
    pub(in crate::load) fault: Vec<Spanned<RawFault>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawHost {
    pub(in crate::load) base_url: Option<Spanned<String>>,
    pub(in crate::load) base_url_env: Option<String>,
    pub(in crate::load) key: Option<Spanned<RawKey>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawKey {
    pub(in crate::load) env: Option<Spanned<String>>,
    pub(in crate::load) scheme: Option<Spanned<String>>,
    #[serde(default)]
    pub(in crate::load) refuse: Vec<RawKeyShape>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawKeyShape {
    pub(in crate::load) prefix: String,
    pub(in crate::load) says: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawProbe {
    pub(in crate::load) id: Option<Spanned<String>>,
    pub(in crate::load) get: Option<Spanned<String>>,
    pub(in crate::load) head: Option<Spanned<String>>,
    pub(in crate::load) host: Option<Spanned<String>>,
    pub(in crate::load) for_each: Option<Spanned<ForEach>>,
    #[serde(default)]
    pub(in crate::load) needs: IndexMap<String, Spanned<RawNeed>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawNeed {
    pub(in crate::load) probe: Spanned<String>,
    pub(in crate::load) path: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawCheck {
    pub(in crate::load) id: Option<Spanned<String>>,
    pub(in crate::load) row: Option<Row>,
    pub(in crate::load) title: Option<Spanned<String>>,
    pub(in crate::load) severity: Option<Severity>,
    pub(in crate::load) why: Option<String>,
    pub(in crate::load) fix: Option<String>,
    pub(in crate::load) source: Option<Spanned<RawSource>>,
    pub(in crate::load) for_each: Option<Spanned<ForEach>>,
    pub(in crate::load) applies_if: Option<AppliesIf>,
    #[serde(default)]
    pub(in crate::load) requires: Vec<Spanned<String>>,
    pub(in crate::load) probe: Option<Spanned<String>>,
    pub(in crate::load) expect: Option<Spanned<Vec<Spanned<RawExpect>>>>,
    pub(in crate::load) rule: Option<Spanned<String>>,
    #[serde(default)]
    pub(in crate::load) with: IndexMap<Spanned<String>, Spanned<toml::Value>>,
    #[serde(default)]
    pub(in crate::load) probes: Vec<Spanned<String>>,
    pub(in crate::load) question: Option<Spanned<RawQuestion>>,
    #[serde(default)]
    pub(in crate::load) show: IndexMap<String, Spanned<String>>,
    pub(in crate::load) supports: Option<Spanned<String>>,
    pub(in crate::load) waivable: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawQuestion {
    pub(in crate::load) ask: Option<Spanned<String>>,
    #[serde(rename = "type")]
    pub(in crate::load) kind: Option<AnswerKind>,
    #[serde(default)]
    pub(in crate::load) choices: Vec<String>,
    #[serde(default)]
    pub(in crate::load) pass: Vec<Spanned<String>>,
    pub(in crate::load) evidence: Option<EvidenceKind>,
    pub(in crate::load) valid_for: Option<Spanned<String>>,
    #[serde(default)]
    pub(in crate::load) per_model: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawFault {
    pub(in crate::load) id: Option<Spanned<String>>,
    pub(in crate::load) when: Option<Spanned<Vec<Spanned<RawExpect>>>>,
    #[serde(default)]
    pub(in crate::load) checks: Vec<Spanned<String>>,
    pub(in crate::load) means: Option<Means>,
    pub(in crate::load) retry: Option<bool>,
    pub(in crate::load) says: Option<String>,
    pub(in crate::load) fix: Option<String>,
    pub(in crate::load) source: Option<Spanned<RawSource>>,
}
