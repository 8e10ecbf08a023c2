use proptest::prelude::*;
use quick_junit::{Report as Document, TestCase, TestCaseStatus};
use rstest::rstest;
use uppsala::XsdValidator;

use super::render;
use crate::{
    model::{
        checklist::Severity,
        decision::{Decision, FailOn},
        report::Batch,
        verdict::{Reason, Verdict},
    },
    render::{
        fixture::{STYLE, finding, report, rich, two},
        hostile::{hostile, saying, words},
    },
};

const SCHEMA: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/published/junit-10.xsd"));

/// The errors that Jenkins' schema reports.
fn mistakes(document: &str) -> Vec<String> {
    let schema = XsdValidator::from_schema(&uppsala::parse(SCHEMA).unwrap()).unwrap();
    let document = uppsala::parse(document).unwrap();
    schema.validate(&document).iter().map(ToString::to_string).collect()
}

fn read(text: &str) -> Document {
    Document::deserialize_from_str(text).unwrap()
}

fn word(case: &TestCase) -> &str {
    let ty = match &case.status {
        TestCaseStatus::Success { .. } => {
            return case.system_out.as_ref().map_or("pass", |out| out.split(':').next().unwrap());
        }
        TestCaseStatus::NonSuccess { ty, .. } | TestCaseStatus::Skipped { ty, .. } => ty,
    };
    ty.as_ref().unwrap().as_str()
}

#[test]
fn the_document_keeps_its_shape() {
    insta::assert_snapshot!(render(&Batch::one(rich()), &STYLE));
}

#[test]
fn several_projects_are_several_suites() {
    let text = render(&two(), &STYLE);
    assert!(mistakes(&text).is_empty(), "{:#?}", mistakes(&text));
    let names: Vec<_> = read(&text).test_suites.iter().map(|suite| suite.name.to_string()).collect();
    assert_eq!(names, ["Spring teaser (greenlight.toml)", "Autumn teaser (plans/autumn/greenlight.toml)"]);
    let last = read(&text).test_suites[1].system_out.clone().unwrap();
    assert_eq!(
        last.as_str(),
        "REPLAY · PARTIAL · would be GO · Autumn teaser (plans/autumn/greenlight.toml) · \
         of 2026-11-22 10:04 UTC · only access · 1 pass, 1 warn"
    );
}

#[rstest]
#[case::attribute("<testsuites ", "<testsuites skipped=\"1\" ")]
#[case::element("</testcase>", "<verdict/></testcase>")]
#[case::missing("<testsuite name=", "<testsuite title=")]
fn the_schema_refuses(#[case] right: &str, #[case] wrong: &str) {
    let text = render(&Batch::one(rich()), &STYLE);
    assert!(text.contains(right));
    assert!(!mistakes(&text.replacen(right, wrong, 1)).is_empty());
}

/// The document is valid and contains every verdict, whatever the texts contain.
fn survives(text: &str) {
    let report = saying(text);
    let document = render(&Batch::one(report.clone()), &STYLE);
    assert_eq!(mistakes(&document), Vec::<String>::new(), "{text:.80}");
    let illegal = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!document.contains(illegal), "{text:.80}");
    let read = read(&document);
    let cases = &read.test_suites[0].test_cases;
    let mut found: Vec<_> = cases.iter().map(|case| (case.name.to_string(), word(case))).collect();
    found.sort();
    assert_eq!(found, words(&report), "{text:.80}");
}

#[test]
fn no_text_breaks_the_document() {
    for text in hostile() {
        survives(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_text_breaks_the_document_whatever_it_is(text in any::<String>()) {
        survives(&text);
    }
}

#[test]
fn the_totals_are_those_of_the_cases() {
    let text = render(&Batch::one(rich()), &STYLE);
    let document = read(&text);
    let suite = &document.test_suites[0];
    assert_eq!((document.tests, document.failures, document.errors), (20, 1, 3));
    assert_eq!((suite.tests, suite.failures, suite.errors, suite.skipped), (20, 1, 3, 5));
    assert_eq!(suite.timestamp.unwrap(), rich().at);
}

#[rstest]
#[case(Verdict::Fail, Severity::Block, FailOn::Fail, "failure")]
#[case(Verdict::Warn, Severity::Warn, FailOn::Fail, "system-out")]
#[case(Verdict::Warn, Severity::Warn, FailOn::Warn, "failure")]
#[case(Verdict::Warn, Severity::Info, FailOn::Warn, "system-out")]
#[case(Verdict::Unknown { reason: Reason::Expired }, Severity::Block, FailOn::Fail, "error")]
#[case(Verdict::Unknown { reason: Reason::Expired }, Severity::Warn, FailOn::Fail, "skipped")]
#[case(Verdict::Unknown { reason: Reason::Expired }, Severity::Warn, FailOn::Warn, "error")]
#[case(Verdict::NotApplicable { reason: "no".to_owned() }, Severity::Block, FailOn::Fail, "skipped")]
fn a_case_says_what_the_gate_says(
    #[case] verdict: Verdict,
    #[case] severity: Severity,
    #[case] fail_on: FailOn,
    #[case] element: &str,
) {
    let mut finding = finding("api.x", verdict);
    finding.severity = severity;
    let mut report =
        report(Decision::Hold, vec![finding, crate::render::fixture::finding("api.y", Verdict::Fail)]);
    report.fail_on = fail_on;
    let text = render(&Batch::one(report), &STYLE);
    let start = text.find("name=\"api.x\"").unwrap();
    let inner = text[start..].split_once('>').unwrap().1.trim_start();
    assert!(inner.starts_with(&format!("<{element}")), "{text}");
}

#[test]
fn a_gate_that_nothing_opened_is_no_green_suite() {
    let text = render(&Batch::one(report(Decision::Hold, vec![])), &STYLE);
    assert_eq!((read(&text).tests, read(&text).errors), (1, 1));
    assert!(mistakes(&text).is_empty());
    let none = render(&Batch { reports: vec![], several: true }, &STYLE);
    assert_eq!(read(&none).tests, 0);
}
