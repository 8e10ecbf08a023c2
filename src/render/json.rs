//! The receipt: the whole report as JSON, and the schema that describes it.

use std::fmt::Write as _;

use super::Style;
use crate::model::{
    receipt::{Receipt, Receipts},
    report::Batch,
    text::{is_joiner, is_steering, is_unseen, without_commands},
};

/// The receipt, with its fields in the order of [`Report`](crate::model::report::Report) and a final line
/// break. Several projects make one document with all their reports.
#[must_use]
pub fn render(batch: &Batch, _: &Style) -> String {
    match batch.reports.as_slice() {
        [report] if !batch.several => pretty(report),
        _ => pretty(&Receipts::of(batch)),
    }
}

/// The JSON Schema of the receipt, as committed in `schema/receipt.schema.json`.
#[must_use]
pub fn schema() -> String {
    pretty(&schemars::schema_for!(Receipt))
}

/// Plain data with string keys: writing it to memory can't fail.
pub(super) fn pretty(value: &impl serde::Serialize) -> String {
    let plain = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut plain = without_commands(plain.into(), "\\u0023").into_owned();
    plain.push('\n');
    // Outside of strings, line breaks are the only such characters, so an escape means the same to every reader.
    if !plain.contains(|c| (c != '\n' && is_steering(c)) || is_joiner(c)) {
        return plain;
    }
    let (mut text, mut before) = (String::with_capacity(plain.len()), ' ');
    for c in plain.chars() {
        if c != '\n' && is_unseen(before, c) {
            for half in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{half:04x}");
            }
        } else {
            text.push(c);
        }
        before = c;
    }
    text
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        model::{receipt::is_sealed, report::Report},
        render::fixture::{rich, two},
    };

    fn receipt() -> String {
        render(&Batch::one(rich()), &Style::new(80, true))
    }

    #[test]
    fn the_receipt_reads_back() {
        assert_eq!(serde_json::from_str::<Report>(&receipt()).unwrap(), rich());
    }

    #[test]
    fn the_receipt_keeps_its_shape() {
        insta::assert_snapshot!(receipt());
    }

    #[test]
    fn the_schema_accepts_the_receipt() {
        let schema: Value = serde_json::from_str(&schema()).unwrap();
        let receipt: Value = serde_json::from_str(&receipt()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let mistakes: Vec<_> = validator.iter_errors(&receipt).map(|mistake| mistake.to_string()).collect();
        assert!(mistakes.is_empty(), "{mistakes:#?}");
    }

    /// As in a file of several projects: each list once, and each report with the same digest as when it is alone.
    #[test]
    fn reports_of_one_checklist_share_what_its_checks_say() {
        let alone = rich().sealed();
        let other = Report { project: two().reports[1].project.clone(), ..rich() }.sealed();
        let bare = two().reports[1].clone();
        let batch = Batch { reports: vec![alone.clone(), other, bare.clone()], several: true };
        let value: Value = serde_json::from_str(&render(&batch, &Style::new(80, false))).unwrap();
        let lists = value["checks"].as_object().unwrap();
        assert_eq!(lists.len(), 1);
        let (digest, list) = lists.iter().next().unwrap();
        assert_eq!(*list, serde_json::to_value(&alone.checks).unwrap());
        for (at, of_it) in [(0, true), (1, true), (2, false)] {
            let report = &value["reports"][at];
            assert_eq!(report.get("checks").and_then(Value::as_str), of_it.then_some(digest.as_str()));
            assert!(is_sealed(report));
        }
        assert_eq!(
            (&value["reports"][0]["digest"], &value["reports"][2]["digest"]),
            (&json!(alone.digest), &json!(bare.digest))
        );
        assert!(is_sealed(&value));
        let schema: Value = serde_json::from_str(&schema()).unwrap();
        assert!(jsonschema::is_valid(&schema, &value));
    }

    #[test]
    fn invisible_characters_are_escaped_and_read_back() {
        let mut report = rich();
        report.findings[0].seen = "a\u{e0041}\u{200b}b\u{2028}c".to_owned();
        let text = render(&Batch::one(report.clone()), &Style::new(80, false));
        assert!(text.contains(r"a\udb40\udc41\u200bb\u2028c"), "{text}");
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }

    #[test]
    fn what_a_log_would_take_for_a_command_is_escaped_and_reads_back() {
        let mut report = rich();
        report.findings[0].seen =
            "##[add-mask]x ###[group] ##vso[task.complete] ##teamcity[buildStop]".to_owned();
        let text = render(&Batch::one(report.clone()), &Style::new(80, false));
        for command in ["##[", "##vso[", "##teamcity["] {
            assert!(!text.contains(command), "{text}");
        }
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }

    #[rstest]
    #[case::verdict_word("/findings/0/verdict", json!("maybe"))]
    #[case::decision_word("/decision", json!("go"))]
    #[case::both("/decision", json!("NO-GO"))]
    #[case::neither("/would-be", json!(null))]
    #[case::would_be_word("/would-be", json!("yes"))]
    #[case::spending("/calls/0/billable", json!("yes"))]
    #[case::method("/calls/0/method", json!("PUT"))]
    #[case::amount("/project/budget", json!(2.0))]
    #[case::count("/totals/pass", json!(-1))]
    #[case::topic("/checks/0/topic", json!(7))]
    #[case::question("/checks/7/question", json!("Is it?"))]
    #[case::checks("/checks", json!({}))]
    #[case::evidence("/answers/0/evidence/0/kind", json!("rumour"))]
    #[case::last_day("/answers/1/until", json!(7))]
    fn the_schema_refuses(#[case] pointer: &str, #[case] wrong: Value) {
        let schema: Value = serde_json::from_str(&schema()).unwrap();
        let mut receipt: Value = serde_json::from_str(&receipt()).unwrap();
        *receipt.pointer_mut(pointer).unwrap() = wrong;
        assert!(!jsonschema::is_valid(&schema, &receipt));
        assert!(serde_json::from_value::<Report>(receipt).is_err());
    }

    #[rstest]
    #[case::blocked("blocked", "by")]
    #[case::waived("waived", "until")]
    #[case::unknown("unknown", "reason")]
    fn a_verdict_must_say_what_it_rests_on(#[case] verdict: &str, #[case] field: &str) {
        let schema: Value = serde_json::from_str(&schema()).unwrap();
        let mut receipt: Value = serde_json::from_str(&receipt()).unwrap();
        let findings = receipt["findings"].as_array_mut().unwrap();
        let finding = findings.iter_mut().find(|finding| finding["verdict"] == verdict).unwrap();
        finding.as_object_mut().unwrap().remove(field).unwrap();
        assert!(!jsonschema::is_valid(&schema, &receipt));
    }
}
