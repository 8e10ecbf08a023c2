//! `JUnit` XML: one suite per project, one case per finding.
//!
//! | finding | case |
//! |---|---|
//! | closes the gate | `failure` |
//! | not known, and holds the gate | `error`, its type the verdict |
//! | warning | passed, with the text as output |
//! | waived, not applicable, or not known and not required | `skipped`, its type the verdict |
//!
//! There is no standard. The schema followed here is the one that Jenkins' xUnit plugin validates with, `junit-10.xsd`
//! (<https://github.com/jenkinsci/xunit-plugin>, as of 2025-11-15).

use quick_junit::{NonSuccessKind, Property, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::{
    Style,
    machine::{self, CiOutcome, Told},
};
use crate::model::{
    decision::Decided,
    report::{Batch, Report},
    source::Source,
    verdict::Finding,
};

/// The document, with a final line break.
#[must_use]
pub fn render(batch: &Batch, _: &Style) -> String {
    let mut document = Document::new("greenlight");
    document.add_test_suites(batch.reports.iter().map(|report| suite(report, batch.several)));
    // Writing to memory can't fail.
    let text = document.to_string().unwrap_or_default();
    // The schema doesn't allow this attribute on the root; the suites have it.
    text.replacen(&format!(" skipped=\"{}\"", document.skipped), "", 1)
}

fn suite(report: &Report, several: bool) -> TestSuite {
    let mut suite = TestSuite::new(machine::project(report, several));
    suite.set_timestamp(report.at);
    suite.add_properties(properties(report));
    suite.add_test_cases(machine::told(report).map(|told| case(&told)));
    if let Some(why) = machine::shut_without_cause(report) {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(why).set_type(report.decided().short());
        suite.add_test_case(TestCase::new("decision", status));
    }
    suite.set_system_out(machine::decided(report, several));
    suite
}

fn properties(report: &Report) -> Vec<Property> {
    let decided = report.decided();
    // A run that decides nothing says so in the attribute in which readers look for the decision.
    let (decision, would_be) = match decided.decision() {
        Some(_) => (decided.short(), None),
        None => ("none".to_owned(), Some(Property::new("would-be", Decided::from(decided.found()).short()))),
    };
    let mut properties = vec![
        Property::new("decision", decision),
        Property::new("version", machine::plain(&report.tool.version)),
        Property::new("file", machine::file(report.file())),
        Property::new("route", report.project.route.word()),
        Property::new("provider", machine::plain(&report.project.provider)),
        Property::new("receipt", &report.digest),
    ];
    properties.extend(would_be);
    properties
        .extend(machine::labels(report).into_iter().map(|label| Property::new("clears-nothing", label)));
    let remarks = report.remarks.iter().map(|remark| Property::new("note", machine::plain(remark)));
    properties.extend(remarks);
    properties
}

fn case(told: &Told<'_>) -> TestCase {
    let Told { report, finding, outcome, seen } = told;
    let word = finding.verdict.word();
    let mut status = match outcome {
        CiOutcome::Passed | CiOutcome::Cautioned => TestCaseStatus::success(),
        CiOutcome::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        CiOutcome::Holding => TestCaseStatus::non_success(NonSuccessKind::Error),
        CiOutcome::Open | CiOutcome::Waived | CiOutcome::Absent => TestCaseStatus::skipped(),
    };
    if !matches!(outcome, CiOutcome::Passed | CiOutcome::Cautioned) {
        status.set_type(word).set_message(seen.as_str());
    }
    if matches!(outcome, CiOutcome::Failed | CiOutcome::Holding) {
        status.set_description(details(finding).join("\n"));
    }
    let mut case = TestCase::new(machine::name(finding), status);
    case.set_classname(format!("{}.{}", machine::plain(&report.project.name), finding.row));
    if *outcome == CiOutcome::Cautioned {
        let mut lines = vec![format!("{word}: {seen}")];
        lines.extend(details(finding));
        case.set_system_out(lines.join("\n"));
    }
    case
}

fn details(finding: &Finding) -> Vec<String> {
    let Source { url, as_of, .. } = &finding.source;
    let place = format!("{}:{}", machine::file(&finding.location.file), finding.location.line);
    let mut lines = vec![format!("check: {}", machine::title(finding))];
    lines.extend(machine::notes(finding).into_iter().map(|(label, text)| format!("{label}: {text}")));
    lines.push(format!("at: {place}"));
    lines.push(format!("source: {} ({as_of})", machine::plain(url)));
    lines
}

#[cfg(test)]
mod tests;
