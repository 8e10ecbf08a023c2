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
    /// The worst decision as the file states it, when it holds the reports of several projects.
    pub several: Option<Decision>,
    /// One for each project.
    pub entries: Vec<Entry>,
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
        self.value.get("digest").and_then(Value::as_str) == Some(digest(self.value.clone()).as_str())
    }
}
