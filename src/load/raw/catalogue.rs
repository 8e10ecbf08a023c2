//! The catalogue as written.

use serde::Deserialize;
use toml::Spanned;

use super::scalar::{RawDate, RawSource};
use crate::model::{
    media::{MediaKind, Slot, Way},
    mode::Mode,
    money::Usd,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawCatalogue {
    pub(in crate::load) id: Option<Spanned<String>>,
    pub(in crate::load) reviewed: Option<RawDate>,
    pub(in crate::load) stale_after: Option<Spanned<String>>,
    #[serde(default)]
    pub(in crate::load) model: Vec<Spanned<RawModel>>,
    #[serde(default)]
    pub(in crate::load) claim: Vec<Spanned<RawClaim>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawModel {
    pub(in crate::load) id: Option<Spanned<String>>,
    #[serde(default)]
    pub(in crate::load) aliases: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawClaim {
    #[serde(default)]
    pub(in crate::load) models: Vec<Spanned<String>>,
    #[serde(default)]
    pub(in crate::load) modes: Vec<Mode>,
    pub(in crate::load) supported: Option<bool>,
    pub(in crate::load) duration: Option<Spanned<RawSpanOfSeconds>>,
    pub(in crate::load) aspect_ratios: Option<Vec<String>>,
    pub(in crate::load) resolutions: Option<RawResolutions>,
    pub(in crate::load) references: Option<u32>,
    pub(in crate::load) input_seconds: Option<Spanned<RawSecondsRange>>,
    pub(in crate::load) input_codecs: Option<Vec<String>>,
    pub(in crate::load) input_types: Option<RawTypes>,
    pub(in crate::load) input_bytes: Option<RawBytes>,
    pub(in crate::load) ignores: Option<Vec<String>>,
    pub(in crate::load) combines: Option<Vec<Slot>>,
    pub(in crate::load) output_price: Option<RawOutputPrice>,
    pub(in crate::load) input_price: Option<RawInputPrice>,
    pub(in crate::load) source: Option<Spanned<RawSource>>,
    pub(in crate::load) note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawSpanOfSeconds {
    pub(in crate::load) min: u32,
    pub(in crate::load) max: u32,
    pub(in crate::load) default: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawSecondsRange {
    pub(in crate::load) min: f64,
    pub(in crate::load) max: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawResolutions {
    pub(in crate::load) offered: Vec<String>,
    pub(in crate::load) default: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawTypes {
    pub(in crate::load) kind: MediaKind,
    pub(in crate::load) types: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawBytes {
    pub(in crate::load) kind: MediaKind,
    pub(in crate::load) way: Way,
    pub(in crate::load) max: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawOutputPrice {
    pub(in crate::load) resolution: String,
    pub(in crate::load) per_second: Usd,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawInputPrice {
    pub(in crate::load) kind: MediaKind,
    pub(in crate::load) each: Usd,
}
