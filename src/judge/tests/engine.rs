//! From a checklist and observations to findings.

use std::time::Duration;

use indexmap::IndexMap;
use rstest::rstest;
use serde_json::json;

use super::*;
use crate::{
    judge::{
        judge,
        rule_fixture::{RuleFixture, reply},
        rules,
    },
    model::{
        catalogue::Fact,
        checklist::{AnswerKind, EvidenceKind, Question},
        decision::Decision,
        expect::Operator,
        media::Slot,
        observation::{Body, NotMade, Observation, Trouble, TroubleKind},
        pages::Pages,
        repeat::ForEach,
        report::Report,
        verdict::{Finding, Reason, Verdict},
    },
};

pub(super) fn run(fixture: &RuleFixture, checklist: &Checklist) -> Report {
    in_case(fixture, checklist, |case| judge(case).report)
}

pub(super) fn only(fixture: &RuleFixture, check: Check, faults: Vec<Fault>) -> Finding {
    let mut report = run(fixture, &checklist(vec![check], faults));
    assert_eq!(report.findings.len(), 1);
    report.findings.remove(0)
}

pub(super) fn unknown(reason: Reason) -> Verdict {
    Verdict::Unknown { reason }
}

pub(super) fn question() -> Question {
    Question {
        ask: "Who looked?".to_owned(),
        kind: AnswerKind::YesNo,
        choices: vec![],
        pass: vec!["yes".to_owned()],
        evidence: Some(EvidenceKind::Url),
        valid_for_days: 30,
        hangs_on: vec![],
        covers: crate::model::question::Covers::default(),
        takes_zero: false,
        pages: Pages::Anybody,
        revision: 1,
        digest_v1: None,
        digest: "d".to_owned(),
    }
}

pub(super) fn key_check() -> Check {
    let expect = vec![status(200.0), at("$.blocked", Operator::Equals(Literal::Bool(false)))];
    let show = IndexMap::from([
        ("key".to_owned(), Path::parse("$.redacted").unwrap()),
        ("acls".to_owned(), Path::parse("$.acls[*]").unwrap()),
        ("gone".to_owned(), Path::parse("$.gone").unwrap()),
    ]);
    Check { show, ..check("a.key", by_probe("key", expect)) }
}

#[rstest]
#[case(200, json!({"blocked": false, "redacted": "xai-…c4f1", "acls": ["x", "y"]}), Verdict::Pass, "key xai-…c4f1, acls x, y")]
#[case(200, json!({"blocked": true}), Verdict::Fail, "$.blocked true")]
#[case(200, json!({}), unknown(Reason::MissingValue), "$.blocked is not there")]
#[case(200, json!({"blocked": "no"}), unknown(Reason::MissingValue), "$.blocked no")]
#[case(404, json!({}), Verdict::Fail, "HTTP 404")]
fn a_probe_decides(
    #[case] code: u16,
    #[case] body: serde_json::Value,
    #[case] wanted: Verdict,
    #[case] seen: &str,
) {
    let finding = only(&RuleFixture::new().reply("key", code, body), key_check(), vec![]);
    assert_eq!((&finding.verdict, finding.seen.as_str()), (&wanted, seen));
    assert_eq!(finding.fix.is_none(), wanted == Verdict::Pass);
    assert_eq!(finding.expected.is_some(), wanted == Verdict::Fail);
}

#[rstest]
#[case(Observation::NotMade(NotMade::Key { env: "XAI_API_KEY".into(), wrong: "it is not set".into() }), Reason::NotMade, "not called: `XAI_API_KEY` is not set")]
#[case(Observation::NotMade(NotMade::Offline), Reason::NotMade, "not called: offline")]
#[case(Observation::Trouble(Trouble { kind: TroubleKind::Tls, detail: "bad name".into() }), Reason::Unreachable, "no reply (tls): bad name")]
fn without_a_reply_nothing_is_known(#[case] seen: Observation, #[case] reason: Reason, #[case] says: &str) {
    let finding = only(&RuleFixture::new().saw("key", seen), key_check(), vec![]);
    assert_eq!((finding.verdict, finding.seen.as_str()), (unknown(reason), says));
}

#[test]
fn a_call_that_contains_a_key_says_what_to_remove() {
    let finding =
        only(&RuleFixture::new().saw("key", Observation::NotMade(NotMade::HoldsKey)), key_check(), vec![]);
    let says = "not called: a key of this environment is in the request";
    assert_eq!((&finding.verdict, finding.seen.as_str()), (&unknown(Reason::NotMade), says));
    assert!(finding.fix.unwrap().starts_with("Take the key out of the project"));
}

/// Advice about the key or the reply would be about something that was never requested.
#[rstest]
#[case::offline(NotMade::Offline, "Run `greenlight check` without `--offline`")]
#[case::transcript(NotMade::NotInTranscript, "Record the replies again")]
#[case::time(
    NotMade::OutOfTime(Duration::from_secs(30)),
    "Run `greenlight check` again; a longer `--deadline`"
)]
fn a_call_that_was_not_made_says_how_to_make_it(#[case] why: NotMade, #[case] says: &str) {
    let finding = only(&RuleFixture::new().saw("key", Observation::NotMade(why)), key_check(), vec![]);
    assert!(finding.fix.as_deref().unwrap().starts_with(says), "{:?}", finding.fix);
}

#[test]
fn a_probe_that_was_not_made_is_unknown() {
    assert_eq!(only(&RuleFixture::new(), key_check(), vec![]).verdict, unknown(Reason::NotMade));
}

#[rstest]
#[case(Severity::Block, Verdict::Fail, Decision::NoGo)]
#[case(Severity::Warn, Verdict::Warn, Decision::Go)]
#[case(Severity::Info, Verdict::Warn, Decision::Go)]
fn severity_decides_how_a_refuted_claim_counts(
    #[case] severity: Severity,
    #[case] wanted: Verdict,
    #[case] decision: Decision,
) {
    let fixture = RuleFixture::new().reply("key", 404, json!({}));
    let report = run(&fixture, &checklist(vec![Check { severity, ..key_check() }], vec![]));
    assert_eq!((&report.findings[0].verdict, report.found()), (&wanted, decision));
}

#[test]
fn a_question_waits_for_a_person() {
    let finding = only(&RuleFixture::new(), check("a.ask", Decider::Question(question())), vec![]);
    assert_eq!((finding.verdict, finding.seen.as_str()), (unknown(Reason::Unanswered), "not answered"));
}

#[test]
fn a_refuted_rule_with_a_question_says_that_a_person_could_settle_it() {
    let mut fixture = RuleFixture::new().pattern("named", "preview").word("mode", "text-to-video");
    fixture.shot().model = "x-preview".to_owned();
    let decider = by_rule("preview-not-default", &fixture, Some(question()));
    let refuted = Check { for_each: Some(ForEach::Shot), ..check("a.preview", decider) };
    let finding = only(&fixture, refuted.clone(), vec![]);
    assert_eq!(finding.verdict, Verdict::Fail);
    assert_eq!(
        finding.fix.as_deref(),
        Some(
            "the check's fix. A recorded confirmation settles it: Who looked? Record it: `greenlight answer a.preview`"
        )
    );
    fixture.shot().model = "x".to_owned();
    assert_eq!(only(&fixture, refuted, vec![]).fix, None);
}

#[rstest]
#[case(Observation::NotMade(NotMade::Offline), unknown(Reason::NotMade))]
#[case(Observation::Trouble(Trouble { kind: TroubleKind::Dns, detail: String::new() }), unknown(Reason::Unreachable))]
#[case(Observation::Reply(reply(403, Body::Empty)), Verdict::Fail)]
#[case(Observation::Reply(reply(500, Body::Empty)), unknown(Reason::UnclearReply))]
#[case(Observation::Reply(reply(200, Body::Json(json!({})))), unknown(Reason::MissingValue))]
fn a_rule_that_needs_a_reply_is_judged_by_what_came_instead(
    #[case] seen: Observation,
    #[case] wanted: Verdict,
) {
    let fixture = RuleFixture::new()
        .path("status", "$.zdr")
        .texts("zero", &["zdr"])
        .texts("kept", &["no_zdr"])
        .path("team", "$.team_id")
        .text("header", "x-zero-data-retention")
        .saw("key", Observation::NotMade(NotMade::Offline))
        .saw("account", seen);
    let decider = by_rule("zero-retention", &fixture, None);
    let faults = vec![fault("refused", vec![status(403.0)], Means::Fail, false)];
    assert_eq!(only(&fixture, check("a.zdr", decider), faults).verdict, wanted);
}

#[test]
fn a_claim_that_decides_is_the_source_of_the_finding() {
    let mut fixture =
        RuleFixture::new().claim_on("2026-03-04", &[], Fact::References { max: 1, documented: None });
    fixture.shot().inputs = vec![(Slot::References, RuleFixture::file("a"))];
    let decider = by_rule("reference-count", &fixture, None);
    let finding = only(&fixture, Check { for_each: Some(ForEach::Shot), ..check("a.refs", decider) }, vec![]);
    assert_eq!(finding.source.as_of, "2026-03-04".parse().unwrap());
    assert_eq!((finding.subject.as_deref(), finding.verdict), (Some("shot"), Verdict::Pass));
}

#[test]
fn a_misplaced_rule_is_unknown_and_no_panic() {
    let fixture = RuleFixture::new();
    for rule in rules::REGISTRY {
        let finding = only(&fixture, check("a.rule", by_rule(rule.spec.name, &fixture, None)), vec![]);
        if !matches!(rule.judge, rules::Judge::Project(_) | rules::Judge::Shots(_)) {
            assert_eq!(finding.verdict, unknown(Reason::NotDeclared), "{}", rule.spec.name);
        }
        let per_shot = Check {
            for_each: Some(ForEach::Shot),
            ..check("a.rule", by_rule(rule.spec.name, &fixture, None))
        };
        only(&fixture, per_shot, vec![]);
    }
}

fn wanting(id: &str, decider: Decider, requires: &[&str]) -> Check {
    Check { requires: requires.iter().map(|id| check_id(id)).collect(), ..check(id, decider) }
}

#[test]
fn a_blocked_check_names_the_root_and_findings_keep_the_order_of_the_file() {
    let fixture = RuleFixture::new().reply("key", 404, json!({})).reply("ok", 200, json!({}));
    let ok = || by_probe("ok", vec![status(200.0)]);
    let checks = vec![
        wanting("c", ok(), &["b"]),
        wanting("b", ok(), &["fine", "a.key"]),
        wanting("fine", ok(), &[]),
        key_check(),
        wanting("both", ok(), &["b", "bad"]),
        wanting("bad", by_probe("ok", vec![status(204.0)]), &[]),
        wanting("lost", ok(), &["nowhere"]),
    ];
    let report = run(&fixture, &checklist(checks, vec![]));
    let by = |root: &str| Verdict::Blocked { by: check_id(root) };
    let verdicts: Vec<_> =
        report.findings.iter().map(|finding| (finding.check.as_str(), &finding.verdict)).collect();
    let wanted = [
        ("c", &by("a.key")),
        ("b", &by("a.key")),
        ("fine", &Verdict::Pass),
        ("a.key", &Verdict::Fail),
        ("both", &by("bad")),
        ("bad", &Verdict::Fail),
        ("lost", &by("nowhere")),
    ];
    assert_eq!(verdicts, wanted);
    assert_eq!((report.totals.blocked, report.totals.fail, report.totals.pass), (4, 2, 1));
    assert_eq!(report.findings[0].seen, "blocked by the title of a.key");
}

#[test]
fn a_circle_of_requirements_blocks_and_does_not_hang() {
    let ok = || by_probe("ok", vec![status(200.0)]);
    let fixture = RuleFixture::new().reply("ok", 200, json!({}));
    let report =
        run(&fixture, &checklist(vec![wanting("a", ok(), &["b"]), wanting("b", ok(), &["a"])], vec![]));
    let verdicts: Vec<_> = report.findings.iter().map(|finding| finding.verdict.word()).collect();
    assert_eq!(verdicts, ["blocked", "blocked"]);
    assert_eq!(report.found(), Decision::Hold);
}

#[test]
fn a_shot_is_blocked_by_its_own_findings_and_by_those_of_the_whole() {
    let mut fixture = RuleFixture::new().number("percent", 1).reply("key", 200, json!({"blocked": false}));
    fixture.shot().prompt = Some("A fox runs.".to_owned());
    fixture.add_shot("empty");
    let per_shot = |check: Check| Check { for_each: Some(ForEach::Shot), ..check };
    let prompt = per_shot(check("a.prompt", by_rule("prompt-is-a-brief", &fixture, None)));
    let ok = || by_probe("key", vec![status(200.0)]);
    let each = per_shot(wanting("a.each", ok(), &["a.prompt"]));
    let whole = wanting("a.whole", ok(), &["a.prompt"]);
    let report = run(&fixture, &checklist(vec![prompt, each, whole], vec![]));
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|finding| (finding.check.as_str(), finding.subject.as_deref(), finding.verdict.word()))
        .collect();
    assert_eq!(
        found,
        [
            ("a.prompt", Some("shot"), "pass"),
            ("a.prompt", Some("empty"), "fail"),
            ("a.each", Some("shot"), "pass"),
            ("a.each", Some("empty"), "blocked"),
            ("a.whole", None, "blocked"),
        ]
    );
}

#[test]
fn a_run_that_ended_at_its_deadline_says_so() {
    let mut fixture = RuleFixture::new();
    fixture.observations.ended = Some(Duration::from_secs(30));
    let says = "the run ended at its deadline of 30 s; what was still open then is unknown. A longer `--deadline` gives it more time";
    assert_eq!(run(&fixture, &checklist(vec![], vec![])).remarks, [says]);
}

#[test]
fn an_empty_checklist_holds_the_gate() {
    assert_eq!(run(&RuleFixture::new(), &checklist(vec![], vec![])).found(), Decision::Hold);
}
