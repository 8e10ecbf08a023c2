//! What a receipt may claim to have seen: what is judged by files is judged again, and what rests on calls has them.

use super::*;
use crate::{
    judge::tests::by_rule,
    model::media::{Input, MediaFact},
};

/// The receipt of a run in this world, and the same world without what was called for.
fn run(change: fn(&mut World)) -> (Value, World) {
    let (mut then, mut now) = (World::new(), World::new());
    change(&mut then);
    change(&mut now);
    now.fixture.observations.media.retain(|input, _| !matches!(input, Input::Url(_)));
    (serde_json::to_value(then.run().report).unwrap(), now)
}

const PICTURE: &str = "https://media.example/a.png";

/// A picture on the web, and a check that somebody can fetch it.
fn with_a_picture_on_the_web(world: &mut World) {
    let address = RuleFixture::url(PICTURE);
    world.fixture.shot().inputs.push((Slot::Image, address.clone()));
    let there = MediaFact::Present(Media::default());
    world.fixture.observations.media.insert(address, there);
    let reached = check("a.reached", by_rule("media-reachable", &world.fixture, None));
    world.checklist.checks.push(Check { for_each: Some(ForEach::Url), ..reached });
}

fn with_a_rule_over_files(world: &mut World) {
    let given = RuleFixture::new().duration("short", 60).number("retries", 3);
    world.checklist.checks.push(check("a.failure", by_rule("timeout-and-retries", &given, None)));
}

fn edited(receipt: &mut Value, check: &str, verdict: &Value) {
    let all = receipt["findings"].as_array_mut().unwrap();
    let one = all.iter_mut().find(|finding| finding["check"] == check).unwrap();
    one.as_object_mut().unwrap().extend(verdict.as_object().unwrap().clone());
}

#[rstest]
#[case::there(Some(200), None)]
#[case::a_part_of_it(Some(206), None)]
#[case::not_there(
    Some(404),
    Some(
        "a.reached (https://media.example/a.png) rests on a look at https://media.example/a.png, which is not in it"
    )
)]
#[case::never(
    None,
    Some(
        "a.reached (https://media.example/a.png) rests on a look at https://media.example/a.png, which is not in it"
    )
)]
fn an_address_that_passes_was_looked_at(#[case] status: Option<u16>, #[case] wrong: Option<&str>) {
    let (mut receipt, world) = run(with_a_picture_on_the_web);
    if status.is_some() {
        let look = Call { status, ..call(PICTURE) };
        receipt["calls"].as_array_mut().unwrap().push(serde_json::to_value(look).unwrap());
    }
    let found = verified_of(&world, vec![sealed(receipt)], NOW);
    let seen = wrong.unwrap_or("5 calls, none billable; every finding has its calls");
    assert_eq!(said(&found, About::Calls), seen, "{found:#?}");
    assert_eq!(said(&found, About::SameFindings).split(';').next(), Some("judged again: 7 findings agree"));
}

#[test]
fn what_a_rule_says_of_files_is_not_believed() {
    let (mut receipt, world) = run(with_a_rule_over_files);
    edited(&mut receipt, "a.failure", &json!({ "verdict": "pass" }));
    let found = verified_of(&world, vec![sealed(receipt)], NOW);
    assert!(said(&found, About::SameFindings).starts_with("a.failure: pass, here fail ("), "{found:#?}");
}

#[rstest]
#[case::not_to_apply(json!({ "verdict": "not-applicable", "reason": "no" }), "n/a")]
#[case::to_wait(json!({ "verdict": "blocked", "by": "a.team" }), "blocked by a.team")]
#[case::to_be_set_aside(json!({ "verdict": "waived", "until": "2026-12-01" }), "waived until 2026-12-01")]
fn a_call_that_was_not_looked_at_cannot_be_said(#[case] verdict: Value, #[case] was: &str) {
    let mut receipt = good();
    edited(&mut receipt, "a.key", &verdict);
    let found = verified_at(sealed(receipt), NOW);
    let says = format!("a.key: {was}, here unknown (");
    assert!(said(&found, About::SameFindings).starts_with(&says), "{found:#?}");
}

#[test]
fn what_did_not_pass_needs_no_call() {
    let mut receipt = good();
    let failed = receipt["findings"].as_array_mut().unwrap().iter_mut().find(|one| one["subject"] == "other");
    failed.unwrap()["verdict"] = json!("fail");
    without(&mut receipt, "calls", 3);
    let found = verified_at(sealed(receipt), NOW);
    assert_eq!(said(&found, About::Calls), "3 calls, none billable; every finding has its calls");
}

#[test]
fn the_checks_that_were_not_judged_are_named() {
    let mut receipt = good();
    receipt["findings"]
        .as_array_mut()
        .unwrap()
        .retain(|one| one["check"] != "a.key" && one["check"] != "a.ask");
    let found = verified_at(sealed(receipt), NOW);
    assert_eq!(said(&found, About::WholeRun), "not judged: a.key, a.ask");
}
