//! What a rule makes of the replies that it rests on, and of a fault in one of them.

use rstest::rstest;
use serde_json::{Value, json};

use super::{
    engine::{only, unknown},
    *,
};
use crate::{
    judge::rule_fixture::{RuleFixture, reply},
    model::{
        observation::{Body, Observation, Reply},
        verdict::{Finding, Reason, Verdict},
    },
};

/// The finding of a rule over the reply about an account, where a status of 203 is a fault that names the check.
fn of_account(means: Means, named: &str, seen: Reply) -> Finding {
    let fixture = RuleFixture::new()
        .path("status", "$.zdr")
        .texts("zero", &["zdr"])
        .texts("kept", &["no_zdr"])
        .path("team", "$.team_id")
        .text("header", "x-zero-data-retention")
        .reply("key", 200, json!({}))
        .saw("account", Observation::Reply(seen));
    let mut odd = fault("odd", vec![status(203.0)], means, false);
    odd.checks = vec![check_id(named)];
    only(&fixture, check("a.zdr", by_rule("zero-retention", &fixture, None)), vec![odd])
}

fn account(code: u16, zdr: &str) -> Reply {
    reply(code, Body::Json(json!({ "zdr": zdr })))
}

#[rstest]
#[case::none(200, Means::Fail, "a.zdr", Verdict::Pass, "retention `no_zdr`")]
#[case::of_another_check(203, Means::Fail, "a.other", Verdict::Pass, "retention `no_zdr`")]
#[case::refuting(203, Means::Fail, "a.zdr", Verdict::Fail, "it is odd (HTTP 203)")]
#[case::unclear(203, Means::Unknown, "a.zdr", unknown(Reason::Fault), "it is odd (HTTP 203)")]
fn a_rule_that_holds_yields_to_a_fault_that_names_its_check(
    #[case] code: u16,
    #[case] means: Means,
    #[case] named: &str,
    #[case] verdict: Verdict,
    #[case] seen: &str,
) {
    let finding = of_account(means, named, account(code, "no_zdr"));
    assert_eq!((finding.verdict, finding.seen.as_str()), (verdict, seen));
}

#[rstest]
#[case::refuting(Means::Fail, Some("odd"))]
#[case::unclear(Means::Unknown, None)]
fn what_a_rule_refutes_is_told_with_the_fault_that_refutes_it_too(
    #[case] means: Means,
    #[case] fault: Option<&str>,
) {
    let finding = of_account(means, "a.zdr", account(203, "zdr"));
    let seen = "retention `zdr`, but the project names no `upload-url`";
    assert_eq!((finding.verdict, finding.seen.as_str()), (Verdict::Fail, seen));
    assert_eq!(finding.fault.as_ref().map(FaultId::as_str), fault);
}

#[rstest]
#[case::whole(false, "HTTP 200, without the value that was looked for")]
#[case::of_one_page(true, "what was looked for is not on the first page of a paginated list")]
fn a_reply_without_the_value_is_told_with_why(#[case] more: bool, #[case] seen: &str) {
    let bare = Reply { more, ..reply(200, Body::Json(json!({}))) };
    let finding = of_account(Means::Fail, "a.other", bare);
    assert_eq!((finding.verdict, finding.seen.as_str()), (unknown(Reason::MissingValue), seen));
}

/// Two shots with a reply each, the second of this status.
#[rstest]
#[case::both_good(200, json!({}), "HTTP 200, without the value that was looked for")]
#[case::one_bad(500, json!({}), "HTTP 500")]
fn a_rule_over_all_shots_tells_the_worst_of_their_replies(
    #[case] code: u16,
    #[case] body: Value,
    #[case] seen: &str,
) {
    let mut fixture = RuleFixture::new().path("amount", "$.total").word("written-in", "usd");
    fixture.add_shot("other");
    let quote = ProbeId::new("quote").unwrap();
    for (shot, code) in [("shot", 200), ("other", code)] {
        let seen = Observation::Reply(reply(code, Body::Json(body.clone())));
        fixture.observations.probes.insert((quote.clone(), Some(shot.to_owned())), seen.into());
    }
    fixture.given.probes.insert("quote", quote);
    fixture.given.every_shot = true;
    let finding = only(&fixture, check("a.quote", by_rule("quote-within-budget", &fixture, None)), vec![]);
    assert_eq!(finding.seen, seen);
}
