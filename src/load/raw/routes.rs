//! Routes, materials and the short workflow as written.

use serde::Deserialize;

use super::{
    super::spanned::Spanned,
    scalar::{RawDate, RawSource},
};
use crate::model::{
    mode::Mode,
    route::{Route, Row},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawRoutes {
    #[expect(dead_code, reason = "present so that every file says its own name")]
    pub(in crate::load) id: String,
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(in crate::load) reviewed: RawDate,
    pub(in crate::load) route: Vec<RawRoute>,
    pub(in crate::load) material: Vec<RawMaterial>,
    pub(in crate::load) first_clip: RawFirstClip,
    pub(in crate::load) step: Vec<RawStep>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawRoute {
    pub(in crate::load) route: Route,
    pub(in crate::load) provider: Option<String>,
    pub(in crate::load) model: Option<String>,
    pub(in crate::load) name: String,
    pub(in crate::load) use_when: String,
    pub(in crate::load) first_move: String,
    pub(in crate::load) stop_rule: String,
    pub(in crate::load) source: Spanned<RawSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawMaterial {
    pub(in crate::load) id: String,
    pub(in crate::load) title: String,
    pub(in crate::load) mode: Mode,
    pub(in crate::load) model: String,
    pub(in crate::load) send: String,
    pub(in crate::load) boundary: String,
    pub(in crate::load) recommended: Option<RawRecommendation>,
    pub(in crate::load) source: Spanned<RawSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawRecommendation {
    pub(in crate::load) model: String,
    pub(in crate::load) for_what: String,
    pub(in crate::load) source: Spanned<RawSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawFirstClip {
    pub(in crate::load) duration: u32,
    pub(in crate::load) aspect_ratio: String,
    pub(in crate::load) resolution: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawStep {
    pub(in crate::load) title: String,
    pub(in crate::load) rows: Vec<Row>,
}
