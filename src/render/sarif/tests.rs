use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::{render, uri};
use crate::{
    model::{
        checklist::Severity,
        decision::{Decision, FailOn},
        report::Batch,
        verdict::{Reason, Verdict},
    },
    render::{
        fixture::{STYLE, day, finding, report, rich, two},
        hostile::{hostile, saying, words},
    },
};

const SCHEMA: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/published/sarif-schema-2.1.0.json"));

fn log(batch: &Batch) -> Value {
    serde_json::from_str(&render(batch, &STYLE)).unwrap()
}

static PUBLISHED: LazyLock<Validator> = LazyLock::new(|| {
    // An error in the published file that the committee has since fixed: this isn't a regular expression, so no
    // validator of formats accepts it.
    let (slip, mended) = ("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let schema: Value = serde_json::from_str(&SCHEMA.replace(slip, mended)).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
});

/// The errors that the published schema reports.
fn mistakes(log: &Value) -> Vec<String> {
    PUBLISHED.iter_errors(log).map(|mistake| format!("{}: {mistake}", mistake.instance_path())).collect()
}

/// Each finding, whether it is a result or listed as settled.
fn read(log: &Value) -> Vec<(String, String)> {
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap().iter().map(|result| &result["properties"]);
    let settled = run["properties"]["settled"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut found: Vec<_> =
        results.chain(settled).map(|said| (text(&said["check"]), text(&said["verdict"]))).collect();
    found.sort();
    found
}

#[test]
fn the_log_keeps_its_shape() {
    insta::assert_snapshot!(render(&Batch::one(rich()), &STYLE));
}

#[rstest]
#[case("/runs/0/results/0/level", json!("severe"))]
#[case("/runs/0/results/0/message", json!("a bare string"))]
#[case("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0))]
#[case("/runs/0/tool/driver/rules/0/helpUri", json!("not a uri"))]
#[case("/version", json!("2.0.0"))]
fn the_schema_refuses(#[case] pointer: &str, #[case] wrong: Value) {
    let mut log = log(&Batch::one(rich()));
    assert_eq!(mistakes(&log), Vec::<String>::new());
    *log.pointer_mut(pointer).unwrap() = wrong;
    assert!(!mistakes(&log).is_empty());
}

/// The log is valid and contains every verdict, whatever the texts contain.
fn survives(text: &str) {
    let report = saying(text);
    let log = log(&Batch::one(report.clone()));
    assert_eq!(mistakes(&log), Vec::<String>::new(), "{text:.80}");
    let wanted: Vec<_> = words(&report).into_iter().map(|(name, word)| (name, word.to_owned())).collect();
    assert_eq!(read(&log), wanted, "{text:.80}");
}

#[test]
fn no_text_breaks_the_log() {
    for text in hostile() {
        survives(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_text_breaks_the_log_whatever_it_is(text in any::<String>()) {
        survives(&text);
    }
}

#[rstest]
#[case(Verdict::Fail, Severity::Block, FailOn::Fail, "error")]
#[case(Verdict::Unknown { reason: Reason::NotMade }, Severity::Block, FailOn::Fail, "error")]
#[case(Verdict::Unknown { reason: Reason::NotMade }, Severity::Warn, FailOn::Fail, "warning")]
#[case(Verdict::Unknown { reason: Reason::NotMade }, Severity::Warn, FailOn::Warn, "error")]
#[case(Verdict::Unknown { reason: Reason::NotMade }, Severity::Info, FailOn::Fail, "note")]
#[case(Verdict::Warn, Severity::Warn, FailOn::Fail, "warning")]
#[case(Verdict::Warn, Severity::Warn, FailOn::Warn, "error")]
#[case(Verdict::Waived { until: day(12, 1) }, Severity::Block, FailOn::Fail, "note")]
fn the_level_says_what_it_means_for_the_gate(
    #[case] verdict: Verdict,
    #[case] severity: Severity,
    #[case] fail_on: FailOn,
    #[case] level: &str,
) {
    let waived = matches!(verdict, Verdict::Waived { .. });
    let mut finding = finding("a.b", verdict);
    finding.severity = severity;
    let mut report = report(Decision::Go, vec![finding]);
    report.fail_on = fail_on;
    let log = log(&Batch::one(report));
    let result = &log["runs"][0]["results"][0];
    assert_eq!((&result["level"], &result["kind"]), (&json!(level), &json!("fail")));
    assert_eq!(result.get("suppressions").is_some(), waived);
}

#[test]
fn what_is_settled_raises_no_alert() {
    let log = log(&Batch::one(rich()));
    let run = &log["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 8);
    assert_eq!(run["properties"]["settled"].as_array().unwrap().len(), 12);
    assert_eq!(
        (&run["properties"]["decision"], &run["properties"]["would-be"]),
        (&json!(null), &json!("NO-GO"))
    );
    assert_eq!(
        run["properties"]["projects"][0]["clears-nothing"],
        json!(["REHEARSAL (scenario retired-model)"])
    );
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn findings_are_known_again_wherever_their_line_moves() {
    let all = |batch: &Batch| -> Vec<Value> {
        let log = log(batch);
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results.into_iter().map(|mut result| result["partialFingerprints"].take()).collect()
    };
    let before = all(&Batch::one(rich()));
    let mut moved = rich();
    moved.findings.iter_mut().for_each(|finding| finding.location.line = 7);
    assert_eq!(all(&Batch::one(moved)), before);
    let mut both = all(&two());
    both.sort_by_key(ToString::to_string);
    let count = both.len();
    both.dedup();
    assert_eq!(both.len(), count);
}

#[test]
fn several_projects_share_a_run_and_its_rules() {
    let log = log(&two());
    assert_eq!(mistakes(&log), Vec::<String>::new());
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    let run = &log["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
    assert_eq!(run["automationDetails"]["id"], "greenlight/");
    assert_eq!(run["properties"]["projects"].as_array().unwrap().len(), 2);
}

#[rstest]
#[case("plans/a b/ü.toml", "plans/a%20b/%C3%BC.toml")]
#[case("../greenlight.toml", "../greenlight.toml")]
#[case("c:odd.toml", "c%3Aodd.toml")]
#[case("100%?#.toml", "100%25%3F%23.toml")]
#[case("/srv/greenlight.toml", "file:///srv/greenlight.toml")]
fn a_file_is_a_uri(#[case] file: &str, #[case] wanted: &str) {
    assert_eq!(uri(file), wanted);
}

#[rstest]
#[case("https://docs.x.ai/a?b=c#d", Some("https://docs.x.ai/a?b=c#d"))]
#[case(
    "https://a.example/[x]|{y}?q=[1]^#a#b",
    Some("https://a.example/%5Bx%5D%7C%7By%7D?q=%5B1%5D%5E#a%23b")
)]
#[case("http://[::1]:80/x", Some("http://[::1]/x"))]
#[case("xn:<x>", None)]
#[case("javascript:alert(1)", None)]
#[case("no address", None)]
fn the_page_behind_a_check_is_a_uri_or_left_out(#[case] text: &str, #[case] wanted: Option<&str>) {
    assert_eq!(super::address(text).as_deref(), wanted);
}
