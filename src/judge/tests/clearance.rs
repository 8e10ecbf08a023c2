//! A live, complete GO for now gives a clearance; anything less gives none.

use chrono::TimeDelta;
use rstest::rstest;
use serde_json::json;

use super::*;
use crate::{
    judge::{Case, Clearance, Judgement, judge, rule_fixture::RuleFixture},
    model::{
        decision::{Decision, FailOn},
        observation::Live,
        report::{InputDigest, InputRole, Rehearsal, Replay, Tool},
    },
};

/// The judgement of a project with one passing check, in a run changed as the test wants.
fn judged(fixture: &RuleFixture, change: impl FnOnce(&mut Case<'_>)) -> Judgement {
    let checklist = checklist(vec![check("a", by_probe("key", vec![status(200.0)]))], vec![]);
    let mut case = Case {
        project: &fixture.project,
        file: "greenlight.toml".into(),
        checklist: &checklist,
        catalogue: &fixture.catalogue,
        answers: &fixture.answers,
        observations: &fixture.observations,
        now: fixture.now,
        made: fixture.now,
        rehearsal: None,
        allow_private: false,
        via: None,
        replay: None,
        only: vec![],
        fail_on: FailOn::Fail,
        inputs: vec![InputDigest::read(InputRole::Project, "greenlight.toml", "ab")],
        tool: Tool { name: "greenlight".to_owned(), version: "0".to_owned() },
    };
    change(&mut case);
    judge(&case)
}

fn answering(status: u16) -> RuleFixture {
    let mut fixture = RuleFixture::new().reply("key", status, json!({}));
    fixture.observations.live = Some(Live::witnessed());
    fixture
}

#[test]
fn a_go_is_bound_to_its_receipt_its_project_and_its_moment() {
    let Judgement { report, clearance } = judged(&answering(200), |_| ());
    let clearance = clearance.unwrap();
    assert_eq!((clearance.project(), clearance.at()), ("ab", report.made));
    assert!(clearance.covers(&report));
    let other = judged(&answering(200), |case| case.file = "other.toml".into()).report;
    assert!(!clearance.covers(&other));
    let mut edited = report;
    edited.project.name = "Another".to_owned();
    assert!(!clearance.covers(&edited), "the digest is still that of the report it was given for");
}

#[rstest]
#[case::rehearsed(|case: &mut Case<'_>| case.rehearsal = Some(Rehearsal { scenario: None }))]
#[case::replayed(|case: &mut Case<'_>| case.replay = Some(Replay { recorded: case.made, sha256: "cd".to_owned() }))]
#[case::of_a_part(|case: &mut Case<'_>| case.only = vec!["cost".to_owned()])]
#[case::for_another_time(|case: &mut Case<'_>| case.now += TimeDelta::seconds(1))]
#[case::of_no_project(|case: &mut Case<'_>| case.inputs.clear())]
fn a_go_of_less_than_a_live_whole_run_clears_nothing(#[case] change: fn(&mut Case<'_>)) {
    let Judgement { report, clearance } = judged(&answering(200), change);
    assert_eq!(report.found(), Decision::Go);
    assert!(clearance.is_none(), "{clearance:?}");
}

#[test]
fn what_was_not_seen_live_clears_nothing() {
    let mut fixture = answering(200);
    fixture.observations.live = None;
    let Judgement { report, clearance } = judged(&fixture, |_| ());
    assert_eq!((report.found(), clearance.is_none()), (Decision::Go, true));
}

#[test]
fn what_is_not_go_clears_nothing() {
    let Judgement { report, clearance } = judged(&answering(404), |_| ());
    assert_eq!((report.found(), clearance.is_none()), (Decision::NoGo, true));
    let mut silent = answering(200);
    silent.observations.probes.clear();
    let Judgement { report, clearance } = judged(&silent, |_| ());
    assert_eq!((report.found(), clearance.is_none()), (Decision::Hold, true));
}

/// Compiles only as long as none of these traits is implemented: otherwise the call would be ambiguous.
#[test]
fn a_clearance_is_one_of_a_kind() {
    trait Unless<Impl> {
        fn holds() {}
    }
    struct Copies;
    struct Reads;
    struct Defaults;
    impl<T> Unless<()> for T {}
    impl<T: Clone> Unless<Copies> for T {}
    impl<T: serde::de::DeserializeOwned> Unless<Reads> for T {}
    impl<T: Default> Unless<Defaults> for T {}
    <Clearance as Unless<_>>::holds();
}
