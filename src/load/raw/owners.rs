//! Owners, their keys and their free calls as written.

use indexmap::IndexMap;
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
    pub(in crate::load) owner: Vec<Spanned<RawOwner>>,
    #[serde(default)]
    pub(in crate::load) credential: Vec<Spanned<RawShape>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawOwner {
    pub(in crate::load) id: String,
    pub(in crate::load) name: String,
    #[serde(default)]
    pub(in crate::load) keys: Vec<Spanned<RawOwnedKey>>,
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
    /// The variable; with `_FILE` appended, the one that names a file.
    pub(in crate::load) env: String,
    /// The header that carries it: `authorization` if not given.
    pub(in crate::load) header: Option<String>,
    /// The word before it in the header; without one the key is sent by itself.
    pub(in crate::load) scheme: Option<String>,
    /// What it looks like.
    pub(in crate::load) looks: Option<Spanned<RawLooks>>,
    pub(in crate::load) hosts: Vec<Spanned<String>>,
}

/// What a key looks like. One that looks different is sent all the same, with a warning.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawLooks {
    #[serde(default)]
    pub(in crate::load) prefix: String,
    /// The least and the most characters.
    pub(in crate::load) length: Option<[usize; 2]>,
    pub(in crate::load) says: String,
    pub(in crate::load) source: Option<Spanned<RawSource>>,
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
    pub(in crate::load) post: Option<String>,
    /// The fields of the body; only a POST has this table.
    pub(in crate::load) body: Option<IndexMap<String, Spanned<RawField>>>,
    /// Whether no key is sent with it.
    #[serde(default)]
    pub(in crate::load) keyless: bool,
    /// Whether everyone gets an answer, even with a wrong key.
    #[serde(default)]
    pub(in crate::load) public: bool,
    /// Whether a POST may be sent again when no good answer came; read-only calls always may.
    pub(in crate::load) repeatable: Option<Spanned<bool>>,
    pub(in crate::load) source: Option<Spanned<RawSource>>,
}

/// One field of a body: its type, or its only possible value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::load) struct RawField {
    #[serde(rename = "type")]
    pub(in crate::load) kind: Option<RawKind>,
    pub(in crate::load) constant: Option<serde_json::Value>,
    #[serde(default)]
    pub(in crate::load) optional: bool,
    /// For a table: its fields.
    pub(in crate::load) fields: Option<IndexMap<String, Spanned<Self>>>,
    /// For an entry: the type of its value.
    pub(in crate::load) of: Option<Box<Spanned<Self>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::load) enum RawKind {
    Text,
    Integer,
    Number,
    Boolean,
    Table,
    Entry,
}
