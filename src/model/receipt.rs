//! Receipts as they come back from a file: what it says, and the very value its digest is over.

use serde_json::Value;

use super::{
    decision::Decision,
    report::{Report, digest},
};

/// A receipt file.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptFile {
    /// The file as it was named.
    pub file: String,
    /// What it says of all of them, when it is of several projects.
    pub outer: Option<Outer>,
    /// One for each project.
    pub entries: Vec<Entry>,
}

/// What a receipt file says of all its reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outer {
    /// The worst of their decisions, as stated.
    pub decision: Decision,
    /// Whether it is as its program wrote it, as far as a digest can tell; version 1 has none.
    pub intact: Option<bool>,
}

/// The receipt of one project.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// As written; also what this program has no word for.
    pub value: Value,
    /// The version of its shape, as written.
    pub version: u64,
    /// What it says; absent when it is of another shape than this program knows.
    pub report: Option<Report>,
}

impl Entry {
    /// Whether it is as its program wrote it, as far as a digest can tell.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        is_sealed(&self.value)
    }
}

/// Whether a value has the digest of what it says.
#[must_use]
pub fn is_sealed(value: &Value) -> bool {
    value.get("digest").and_then(Value::as_str) == Some(digest(value.clone()).as_str())
}
