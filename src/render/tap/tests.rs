use super::render;
use crate::{
    model::{decision::Decision, report::Batch},
    render::{
        fixture::{STYLE, report, rich, two},
        hostile::{hostile, saying, words},
    },
};
use proptest::prelude::*;

/// A test point as a harness reads it.
#[derive(Debug, PartialEq)]
struct Read {
    ok: bool,
    name: String,
    directive: String,
    block: Vec<(String, String)>,
}

/// A harness that follows the grammar of TAP 14. It panics on any other line.
fn read(text: &str) -> Vec<Read> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let plan: usize =
        lines.next().unwrap().strip_prefix("1..").unwrap().split(' ').next().unwrap().parse().unwrap();
    let mut points: Vec<Read> = Vec::new();
    let mut in_block = false;
    for line in lines {
        if let Some(rest) = line.strip_prefix("  ") {
            let point = points.last_mut().unwrap();
            match rest {
                "---" => in_block = true,
                "..." => in_block = false,
                field => {
                    assert!(in_block, "{line}");
                    let (key, value) = field.split_once(": ").unwrap();
                    // YAML reads JSON, and plain words.
                    let is_word = value.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
                    let value: serde_json::Value =
                        if is_word { value.into() } else { serde_json::from_str(value).unwrap() };
                    point.block.push((key.to_owned(), value.as_str().unwrap_or_default().to_owned()));
                }
            }
        } else if line.starts_with('#') {
            assert!(!in_block);
        } else {
            assert!(!in_block);
            let (ok, rest) = match line.strip_prefix("not ok ") {
                Some(rest) => (false, rest),
                None => (true, line.strip_prefix("ok ").unwrap()),
            };
            let (number, rest) = rest.split_once(" - ").unwrap();
            assert_eq!(number.parse(), Ok(points.len() + 1));
            let (name, directive) = rest.split_once(" # ").unwrap_or((rest, ""));
            let unescaped = |text: &str| text.replace("\\#", "#").replace("\\\\", "\\");
            points.push(Read { ok, name: unescaped(name), directive: unescaped(directive), block: vec![] });
        }
    }
    assert_eq!(points.len(), plan);
    points
}

fn word(point: &Read) -> &str {
    match (point.directive.split_once(' '), point.block.first()) {
        (Some(("SKIP", reason)), _) => reason.split(':').next().unwrap(),
        (_, Some((_, verdict))) => verdict,
        _ => "pass",
    }
}

#[test]
fn the_stream_keeps_its_shape() {
    insta::assert_snapshot!(render(&Batch::one(rich()), &STYLE));
}

#[test]
fn several_projects_are_numbered_through() {
    let text = render(&two(), &STYLE);
    let points = read(&text);
    assert_eq!(points.len(), 22);
    assert!(points[21].name.starts_with("Autumn teaser (plans/autumn/greenlight.toml): api.key-scope"));
    assert!(text.ends_with(
        "# REPLAY · PARTIAL · would be GO · Autumn teaser (plans/autumn/greenlight.toml) · \
         of 2026-11-22 10:04 UTC · only access · 1 pass, 1 warn\n# REHEARSAL · REPLAY · PARTIAL · would be NO-GO\n"
    ));
}

/// A harness reads every verdict, whatever the texts contain.
fn survives(text: &str) {
    let report = saying(text);
    let points = read(&render(&Batch::one(report.clone()), &STYLE));
    let mut found: Vec<_> = points.iter().map(|point| (point.name.clone(), word(point).to_owned())).collect();
    found.sort();
    let wanted: Vec<_> = words(&report).into_iter().map(|(name, word)| (name, word.to_owned())).collect();
    assert_eq!(found, wanted, "{text:.80}");
}

#[test]
fn no_text_adds_a_line_or_a_directive() {
    for text in hostile() {
        survives(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_text_adds_a_line_or_a_directive_whatever_it_is(text in any::<String>()) {
        survives(&text);
    }
}

#[test]
fn what_fails_a_harness_is_what_keeps_the_gate_shut() {
    let points = read(&render(&Batch::one(rich()), &STYLE));
    let failing: Vec<_> = points
        .iter()
        .filter(|point| !point.ok && !point.directive.starts_with("TODO"))
        .map(|point| point.name.as_str())
        .collect();
    assert_eq!(
        failing,
        [
            "api.model-available [opening]",
            "api.mode-supported [opening]",
            "api.policy-read",
            "api.moderation-response"
        ]
    );
}

#[test]
fn a_gate_that_nothing_opened_is_no_pass() {
    let points = read(&render(&Batch::one(report(Decision::Hold, vec![])), &STYLE));
    assert!(matches!(points.as_slice(), [Read { ok: false, .. }]));
    let none = render(&Batch { reports: vec![], several: true }, &STYLE);
    assert_eq!(none, "TAP version 14\n1..0 # nothing was checked\n# HOLD\n");
}
