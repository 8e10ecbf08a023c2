//! What blocks a check that requires another: the findings about the same thing, unless they let on.

use rstest::rstest;
use serde_json::json;

use super::{engine::run, *};
use crate::{
    judge::rule_fixture::RuleFixture,
    model::{
        catalogue::Edition,
        media::{Media, Slot},
        repeat::ForEach,
        report::Report,
    },
};

/// A check by a call that is answered well.
fn wanting(id: &str, required: &str) -> Check {
    Check { requires: vec![check_id(required)], ..check(id, by_probe("key", vec![status(200.0)])) }
}

fn each(kind: ForEach, check: Check) -> Check {
    Check { for_each: Some(kind), ..check }
}

/// Check, subject and verdict of each finding but those of what is required.
fn told(report: Report) -> Vec<(String, String)> {
    let wanting = report.findings.into_iter().filter(|finding| finding.check.as_str() != "a.first");
    wanting.map(|finding| (finding.subject.unwrap_or_default(), finding.verdict.word().to_owned())).collect()
}

fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
    wanted.iter().map(|(subject, verdict)| ((*subject).to_owned(), (*verdict).to_owned())).collect()
}

#[rstest]
#[case::passes(Severity::Block, 200, "pass")]
#[case::passes_at_a_lower_severity(Severity::Warn, 200, "pass")]
#[case::fails(Severity::Block, 404, "blocked")]
#[case::fails_at_a_lower_severity(Severity::Warn, 404, "blocked")]
fn what_is_refuted_blocks_at_any_severity(
    #[case] severity: Severity,
    #[case] code: u16,
    #[case] verdict: &str,
) {
    let fixture = RuleFixture::new().reply("key", 200, json!({})).reply("first", code, json!({}));
    let first = Check { severity, ..check("a.first", by_probe("first", vec![status(200.0)])) };
    let report = run(&fixture, &checklist(vec![first, wanting("a.second", "a.first")], vec![]));
    assert_eq!(told(report), pairs(&[("", verdict)]));
}

#[test]
fn a_caution_lets_on() {
    let mut fixture = RuleFixture::new().reply("key", 200, json!({}));
    let reviewed = "2026-01-01".parse().ok();
    fixture.catalogue.editions = vec![Edition { id: "own".to_owned(), reviewed, stale_after_days: Some(1) }];
    let stale = check("a.first", by_rule("catalogue-fresh", &fixture, None));
    let report = run(&fixture, &checklist(vec![stale, wanting("a.second", "a.first")], vec![]));
    assert_eq!(report.findings[0].verdict.word(), "warn");
    assert_eq!(told(report), pairs(&[("", "pass")]));
}

/// Two shots, the first with a picture that is not there.
fn pictures() -> RuleFixture {
    let (lost, there) = (RuleFixture::file("lost.png"), RuleFixture::file("there.png"));
    let mut fixture = RuleFixture::new().reply("key", 200, json!({})).media(&there, Media::default());
    fixture.shot().inputs = vec![(Slot::Image, lost)];
    fixture.add_shot("other").inputs = vec![(Slot::Image, there)];
    fixture
}

#[test]
fn a_shot_is_blocked_by_the_pictures_that_it_uses_alone() {
    let fixture = pictures();
    let present = each(ForEach::Input, check("a.first", by_rule("media-present", &fixture, None)));
    let second = each(ForEach::Shot, wanting("a.second", "a.first"));
    let report = run(&fixture, &checklist(vec![present, second], vec![]));
    assert_eq!(told(report), pairs(&[("shot", "blocked"), ("other", "pass")]));
}

#[test]
fn a_picture_is_blocked_by_the_shots_that_use_it_alone() {
    let mut fixture = pictures().number("percent", 1);
    fixture.shot().prompt = Some("A fox runs.".to_owned());
    let prompt = each(ForEach::Shot, check("a.first", by_rule("prompt-is-a-brief", &fixture, None)));
    let second = each(ForEach::Input, wanting("a.second", "a.first"));
    let report = run(&fixture, &checklist(vec![prompt, second], vec![]));
    assert_eq!(told(report), pairs(&[("lost.png", "pass"), ("there.png", "blocked")]));
}

#[test]
fn an_address_is_not_blocked_by_what_is_asked_of_files() {
    let mut fixture = pictures();
    fixture.add_shot("far").inputs = vec![(Slot::Image, RuleFixture::url("https://media.example/a.png"))];
    let present = each(ForEach::File, check("a.first", by_rule("media-present", &fixture, None)));
    let second = each(ForEach::Input, wanting("a.second", "a.first"));
    let report = run(&fixture, &checklist(vec![present, second], vec![]));
    let wanted = [("lost.png", "blocked"), ("there.png", "pass"), ("https://media.example/a.png", "pass")];
    assert_eq!(told(report), pairs(&wanted));
}
