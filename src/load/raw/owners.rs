//! Owners, their keys and their free calls as written.

use serde::Deserialize;

use super::{
    super::spanned::Spanned,
    scalar::{RawDate, RawSource},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawOwners {
    #[expect(dead_code, reason = "present so that every file says its own name")]
    pub(in crate::load) id: String,
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(in crate::load) reviewed: RawDate,
    pub(in crate::load) owner: Vec<RawOwner>,
    #[serde(default)]
    pub(in crate::load) credential: Vec<Spanned<RawShape>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawOwner {
    pub(in crate::load) id: String,
    pub(in crate::load) name: String,
    #[serde(default)]
    pub(in crate::load) keys: Vec<RawOwnedKey>,
    #[serde(default)]
    pub(in crate::load) shapes: Vec<Spanned<RawShape>>,
    #[serde(default)]
    pub(in crate::load) pages: Vec<Spanned<RawPages>>,
    #[serde(default)]
    pub(in crate::load) followed: Vec<Spanned<RawFollowed>>,
    #[serde(default)]
    pub(in crate::load) free: Vec<Spanned<RawFree>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawFollowed {
    pub(in crate::load) env: String,
    pub(in crate::load) host: String,
    pub(in crate::load) source: Option<Spanned<RawSource>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawOwnedKey {
    pub(in crate::load) env: String,
    pub(in crate::load) scheme: String,
    pub(in crate::load) hosts: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawShape {
    pub(in crate::load) prefix: String,
    pub(in crate::load) says: String,
    pub(in crate::load) source: Option<Spanned<RawSource>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawPages {
    pub(in crate::load) hosts: Vec<Spanned<String>>,
    pub(in crate::load) source: Option<Spanned<RawSource>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawFree {
    pub(in crate::load) host: String,
    pub(in crate::load) get: Option<String>,
    pub(in crate::load) head: Option<String>,
    pub(in crate::load) source: Option<Spanned<RawSource>>,
}
