//! What each claim about a receipt says, and where it begins and ends to hold.

use super::*;
use crate::{judge::Judgement, model::verdict::Verdict};

/// Whether a claim holds, what was seen and what to do.
fn told(claim: &Claim) -> (bool, &str, Option<&str>) {
    (claim.holds, claim.seen.as_str(), claim.fix.as_deref())
}

fn claim(found: &Verified, about: About) -> (bool, &str, Option<&str>) {
    told(found.claims.iter().find(|claim| claim.claim == about).unwrap())
}

fn report(change: impl FnOnce(&mut Report)) -> Report {
    let mut report: Report = serde_json::from_value(good()).unwrap();
    change(&mut report);
    report
}

/// One claim about this report, where this closes the gate now.
fn said_of(report: &Report, fail_on: FailOn, claim: fn(&Case<'_>, &Report) -> Claim) -> Claim {
    let (world, entry) = (World::new(), entry(good()));
    claim(
        &Case {
            entry: &entry,
            all: std::slice::from_ref(&entry),
            outer: None,
            hand: &world.case(NOW),
            max_age: TimeDelta::hours(24),
            again: "check again",
            fail_on,
        },
        report,
    )
}

/// It was made at 10:04 and may be 24 hours old; clocks may be 5 minutes apart.
#[rstest]
#[case::at_once("2026-11-22T10:04:00Z", true, "made just now, at most 24 h", None)]
#[case::within_a_minute("2026-11-22T10:04:59Z", true, "made just now, at most 24 h", None)]
#[case::after_a_minute("2026-11-22T10:05:00Z", true, "made 1 min ago, at most 24 h", None)]
#[case::at_the_last_moment("2026-11-23T10:04:00Z", true, "made 24 h ago, at most 24 h", None)]
#[case::too_late("2026-11-23T10:05:00Z", false, "made 24 h 1 min ago, older than 24 h", Some("check again"))]
#[case::by_a_clock_that_is_behind("2026-11-22T09:59:00Z", true, "made just now, at most 24 h", None)]
#[case::before_it_was_made(
    "2026-11-22T09:58:00Z",
    false,
    "made 2026-11-22 10:04 UTC, 6 min from now",
    Some("set the clocks of both machines, then check again")
)]
fn a_receipt_is_fresh_for_as_long_as_was_asked(
    #[case] now: &str,
    #[case] holds: bool,
    #[case] seen: &str,
    #[case] fix: Option<&str>,
) {
    let found = verified_at(good(), now);
    assert_eq!(claim(&found, About::Fresh), (holds, seen, fix));
}

/// A call belongs to a run from five minutes before it to an hour behind, and never to a time to come.
#[rstest]
#[case::just_before("2026-11-22T09:59:00Z", NOW, true)]
#[case::before("2026-11-22T09:58:59Z", NOW, false)]
#[case::at_the_end("2026-11-22T11:04:00Z", NOW, true)]
#[case::behind("2026-11-22T11:04:01Z", NOW, false)]
#[case::just_ahead("2026-11-22T10:09:00Z", MADE, true)]
#[case::ahead("2026-11-22T10:09:01Z", MADE, false)]
fn a_call_is_one_of_its_run(#[case] at: &str, #[case] now: &str, #[case] holds: bool) {
    let mut receipt = good();
    receipt["calls"][0]["at"] = json!(at);
    let found = verified_at(sealed(receipt), now);
    assert_eq!(claim(&found, About::Calls).0, holds, "{}", said(&found, About::Calls));
}

#[test]
fn a_file_of_version_1_may_lack_a_report() {
    let all: Vec<_> = [good(), good()].map(entry).into();
    let (world, outer) = (World::new(), Outer { decision: Decision::Go, intact: None });
    let found = verify(&Case {
        entry: &all[0],
        all: &all,
        outer: Some(&outer),
        hand: &world.case(NOW),
        max_age: TimeDelta::hours(24),
        again: "check again",
        fail_on: FailOn::Fail,
    });
    let seen = "version 1 does not seal its reports together: one may be missing";
    assert_eq!(claim(&found, About::Intact), (false, seen, Some("check again")));
}

#[test]
fn a_receipt_in_a_file_of_a_newer_version_is_not_known() {
    let newer = ReceiptEntry { version: 99, ..entry(good()) };
    let world = World::new();
    let found = verify(&Case {
        entry: &newer,
        all: std::slice::from_ref(&newer),
        outer: None,
        hand: &world.case(NOW),
        max_age: TimeDelta::hours(24),
        again: "check again",
        fail_on: FailOn::Fail,
    });
    let fix = "verify with the program that wrote it, or write it again with this one";
    let seen = "schema version 99; this program reads 1 to 2";
    assert_eq!(claim(&found, About::KnownVersion), (false, seen, Some(fix)));
}

/// Version 1 stated a decision whatever the run was.
#[rstest]
#[case(1, &[])]
#[case(2, &["it states a decision, but its run is: PRIVATE ADDRESSES · would be GO"])]
fn a_run_that_clears_nothing_states_no_decision(#[case] version: u32, #[case] wrong: &[&str]) {
    let found = report(|report| (report.schema_version, report.allow_private) = (version, true));
    assert_eq!(contradictions(&found), wrong);
}

const STRICTER: &str = "`greenlight check --fail-on warn` shows what keeps the gate shut";

/// A run with a warning that went through, when this closed the gate then and this does now.
#[rstest]
#[case::as_then(FailOn::Fail, FailOn::Fail, (true, "GO", None))]
#[case::stricter_now(FailOn::Fail, FailOn::Warn, (false, "GO, and NO-GO where warnings close the gate", Some(STRICTER)))]
#[case::less_strict_now(FailOn::Warn, FailOn::Fail, (true, "GO", None))]
fn a_stricter_gate_holds_for_a_run_of_before(
    #[case] then: FailOn,
    #[case] now: FailOn,
    #[case] wanted: (bool, &str, Option<&str>),
) {
    let warned = report(|report| {
        report.fail_on = then;
        report.findings[0].verdict = Verdict::Warn;
    });
    assert_eq!(told(&said_of(&warned, now, says_go)), wanted);
}

#[test]
fn what_a_run_decided_is_told_whether_it_fits_or_not() {
    let failed = report(|report| report.findings[0].verdict = Verdict::Fail);
    assert_eq!(told(&said_of(&failed, FailOn::Fail, says_go)), (true, "GO", None));
    assert!(!said_of(&failed, FailOn::Fail, consistent).holds);
}

/// The world after a change: what people recorded there, and until when it lets the gate open.
#[rstest]
#[case::a_waiver_first(|_: &mut World| (), Decision::Go, "what people recorded is valid until 2026-11-25 at least")]
#[case::an_answer_first(
    |world: &mut World| world.fixture.answers.answers[0].expires = "2026-11-24".parse().unwrap(),
    Decision::Go,
    "what people recorded is valid until 2026-11-24 at least"
)]
#[case::an_answer_that_keeps_it_shut(
    refuse,
    Decision::NoGo,
    "what people recorded is valid until 2026-11-30 at least"
)]
#[case::nothing(forget, Decision::Hold, "it rests on nothing that people recorded")]
fn what_lets_the_gate_open_is_told_with_its_last_day(
    #[case] change: fn(&mut World),
    #[case] decision: Decision,
    #[case] seen: &str,
) {
    let (mut then, mut now) = (World::new(), World::new());
    change(&mut then);
    change(&mut now);
    let Judgement { report, .. } = then.run();
    let found = verified_of(&now, vec![serde_json::to_value(report).unwrap()], NOW);
    assert_eq!(claim(&found, About::InForce), (true, seen, None));
    assert_eq!(found.decision, decision, "{found:#?}");
}

/// Ann says no to what was waived; her word is of two days more.
fn refuse(world: &mut World) {
    let answers = &mut world.fixture.answers;
    let refused = Answer {
        check: check_id("a.open"),
        value: AnswerValue::Text("no".to_owned()),
        expires: "2026-11-23".parse().unwrap(),
        ..answers.answers[0].clone()
    };
    answers.answers.push(refused);
    answers.waivers.clear();
}

fn forget(world: &mut World) {
    world.fixture.answers.answers.clear();
    world.fixture.answers.waivers.clear();
    world.fixture.observations.evidence.clear();
}

/// Ann's no counts from tomorrow on: the run of today held, and would refuse then.
#[test]
fn what_comes_to_something_worse_today_is_not_in_force() {
    let refused_tomorrow = || {
        let mut world = World::new();
        refuse(&mut world);
        let answer = world.fixture.answers.answers.last_mut().unwrap();
        (answer.answered, answer.expires) = ("2026-11-23".parse().unwrap(), "2026-11-30".parse().unwrap());
        world
    };
    let Judgement { report, .. } = refused_tomorrow().run();
    let receipt = serde_json::to_value(report).unwrap();
    let found = verified_of(&refused_tomorrow(), vec![receipt], "2026-11-23T09:00:00Z");
    let seen = "judged for today, the decision is worse";
    assert_eq!(claim(&found, About::InForce), (false, seen, Some("check again")));
}
