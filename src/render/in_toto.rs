//! An in-toto Statement v1 with the test-result predicate, ready to be signed.
//!
//! Its subjects are the files that were judged and the receipt, by their digests. A waived check, or an unknown one
//! that isn't required, counts as a warning; one that isn't applicable wasn't tested and is in none of the lists.
//!
//! | report | result |
//! |---|---|
//! | GO, all passed | `PASSED` |
//! | GO with warnings | `WARNED` |
//! | HOLD, NO-GO | `FAILED` |
//! | a rehearsal, a replay or a part of the checks | `FAILED`, and nothing is listed as passed or warned |
//!
//! <https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md> and
//! <https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md>, as of 2026-11-23.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    Style,
    machine::{self, CiOutcome},
};
use crate::model::{
    decision::Decision,
    report::{Batch, InputDigest, InputRole, Report},
};

/// The statement of one project; for several, one statement per line.
#[must_use]
pub fn render(batch: &Batch, _: &Style) -> String {
    // Plain data with string keys: writing it to memory can't fail.
    if let ([report], false) = (batch.reports.as_slice(), batch.several) {
        return serde_json::to_string_pretty(&Statement::of(report)).unwrap_or_default() + "\n";
    }
    let line = |report| serde_json::to_string(&Statement::of(report)).unwrap_or_default() + "\n";
    batch.reports.iter().map(line).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: Vec<Descriptor>,
    predicate_type: &'static str,
    predicate: TestResult,
}

#[derive(Serialize)]
struct Descriptor {
    name: String,
    digest: Value,
    #[serde(skip_serializing_if = "Map::is_empty")]
    annotations: Map<String, Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TestResult {
    result: &'static str,
    configuration: Vec<Descriptor>,
    passed_tests: Vec<String>,
    warned_tests: Vec<String>,
    failed_tests: Vec<String>,
}

impl Statement {
    fn of(report: &Report) -> Self {
        let notes = annotations(report);
        let mut subject: Vec<_> =
            report.inputs.iter().filter_map(|input| descriptor(input, Map::new())).collect();
        subject.push(receipt(report));
        let is_configuration = |input: &&InputDigest| input.role != InputRole::Project;
        let mut configuration: Vec<_> = report
            .inputs
            .iter()
            .filter(is_configuration)
            .filter_map(|input| descriptor(input, notes.clone()))
            .collect();
        let mut receipt = receipt(report);
        receipt.annotations.extend(notes);
        receipt.annotations.insert("greenlight-verdicts".to_owned(), verdicts(report));
        configuration.push(receipt);
        Self {
            kind: "https://in-toto.io/Statement/v1",
            subject,
            predicate_type: "https://in-toto.io/attestation/test-result/v0.1",
            predicate: TestResult { configuration, ..result(report) },
        }
    }
}

fn result(report: &Report) -> TestResult {
    let names = |of: &[CiOutcome]| -> Vec<String> {
        let told = machine::told(report).filter(|told| of.contains(&told.outcome));
        told.map(|told| machine::name(told.finding)).collect()
    };
    let mut passed_tests = names(&[CiOutcome::Passed]);
    let mut warned_tests = names(&[CiOutcome::Cautioned, CiOutcome::Open, CiOutcome::Waived]);
    let mut failed_tests = names(&[CiOutcome::Failed, CiOutcome::Holding]);
    failed_tests.extend(machine::shut_without_cause(report).map(str::to_owned));
    let labels = machine::labels(report);
    if !labels.is_empty() {
        // A policy may look at one test alone: in this run, nothing passed.
        passed_tests.clear();
        warned_tests.clear();
        failed_tests.extend(labels);
    }
    let result = match report.decided().decision() {
        Some(Decision::Go) if !failed_tests.is_empty() => "FAILED",
        Some(Decision::Go) if warned_tests.is_empty() => "PASSED",
        Some(Decision::Go) => "WARNED",
        Some(Decision::Hold | Decision::NoGo) | None => "FAILED",
    };
    TestResult { result, configuration: Vec::new(), passed_tests, warned_tests, failed_tests }
}

/// A file without a digest can't be a subject.
fn descriptor(input: &InputDigest, annotations: Map<String, Value>) -> Option<Descriptor> {
    let role = serde_json::to_value(input.role).unwrap_or_default();
    Some(Descriptor {
        name: format!("{}:{}", role.as_str().unwrap_or_default(), machine::plain(&input.path)),
        digest: json!({ "sha256": input.sha256.as_ref()? }),
        annotations,
    })
}

/// The receipt by the digest it contains: of its contents, not of the file.
fn receipt(report: &Report) -> Descriptor {
    Descriptor {
        name: "receipt".to_owned(),
        digest: json!({ "sha256": report.digest }),
        annotations: Map::new(),
    }
}

fn annotations(report: &Report) -> Map<String, Value> {
    let mut notes = Map::new();
    let mut note = |key: &str, value: Value| notes.insert(format!("greenlight-{key}"), value);
    let decided = report.decided();
    note("decision", json!(decided.decision()));
    if decided.decision().is_none() {
        note("would-be", json!(decided.found()));
    }
    note("version", json!(machine::plain(&report.tool.version)));
    note("at", json!(report.at));
    note("fail-on", json!(report.fail_on));
    note("project", json!(machine::plain(&report.project.name)));
    note("route", json!(report.project.route));
    note("provider", json!(machine::plain(&report.project.provider)));
    if let Some(aside) = machine::set_aside(report) {
        note("set-aside", json!(aside));
    }
    let labels = machine::labels(report);
    if !labels.is_empty() {
        note("clears-nothing", json!(labels));
    }
    notes
}

/// The word of each finding, including those that are in none of the lists.
fn verdicts(report: &Report) -> Value {
    let one = |told: machine::Told<'_>| json!([machine::name(told.finding), told.finding.verdict.word()]);
    machine::told(report).map(one).collect()
}

#[cfg(test)]
mod tests;
