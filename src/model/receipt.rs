//! Receipts: what is written to a file, and what is read back, with the exact value its digest covers.

use std::{collections::BTreeMap, sync::Arc};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    decision::{Decision, Stated},
    report::{Batch, Report, SCHEMA_VERSION, digest, of_all_else},
    reported::{CheckList, ReportedCheck, ReportedChecks},
};

/// What a receipt file contains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Receipt {
    /// The report of one project.
    One(Box<Report>),
    /// The reports of several projects.
    Several(Receipts),
}

/// The reports of several projects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Receipts {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What is stated for all of them: the worst result.
    #[serde(flatten)]
    pub stated: Stated,
    /// One report for each project, in the order in which they were named.
    pub reports: Vec<Report>,
    /// The checks of the reports: each list once, under the digest by which the reports refer to it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    #[schemars(with = "BTreeMap<String, Vec<ReportedCheck>>")]
    pub checks: BTreeMap<String, Arc<CheckList>>,
    /// SHA-256 of all this without this field, with sorted keys and no white space; version 1 has none.
    #[serde(default)]
    pub digest: String,
}

impl Receipts {
    /// The receipt of these projects, with its digest.
    #[must_use]
    pub fn of(batch: &Batch) -> Self {
        let mut checks = BTreeMap::new();
        let beside = |report: &Report| {
            if let (ReportedChecks::Listed(list), false) = (&report.checks, report.checks.is_none()) {
                checks.entry(list.digest().to_owned()).or_insert_with(|| Arc::clone(list));
                return Report { checks: report.checks.beside(), ..report.clone() };
            }
            report.clone()
        };
        let reports = batch.reports.iter().map(beside).collect();
        let stated = batch.decided().stated();
        Self { schema_version: SCHEMA_VERSION, stated, reports, checks, digest: String::new() }.sealed()
    }

    /// The checks that a report refers to, if they are here.
    #[must_use]
    pub fn checks_of(&self, report: &Report) -> Option<ReportedChecks> {
        let ReportedChecks::Beside(digest) = &report.checks else { return None };
        self.checks.get(&**digest).map(|list| ReportedChecks::Listed(Arc::clone(list)))
    }

    fn sealed(mut self) -> Self {
        self.digest = of_all_else(&self);
        self
    }
}

/// A receipt file.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptFile {
    /// The file as it was named.
    pub file: String,
    /// What it says about all of them, when it covers several projects.
    pub outer: Option<Outer>,
    /// One for each project.
    pub entries: Vec<ReceiptEntry>,
}

/// What a receipt file says about all its reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outer {
    /// The worst of their decisions, as stated.
    pub decision: Decision,
    /// Whether it is unchanged since it was written, as far as a digest can tell; version 1 has none.
    pub intact: Option<bool>,
}

/// The receipt of one project.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptEntry {
    /// As written, including anything this program doesn't know.
    pub value: Value,
    /// The version of its format, as written.
    pub version: u64,
    /// What it says; absent when this program doesn't know its format.
    pub report: Option<Report>,
}

impl ReceiptEntry {
    /// Whether it is unchanged since it was written, as far as a digest can tell.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        is_sealed(&self.value)
    }
}

/// Whether the digest in a value matches its contents.
#[must_use]
pub fn is_sealed(value: &Value) -> bool {
    value.get("digest").and_then(Value::as_str) == Some(digest(value.clone()).as_str())
}
