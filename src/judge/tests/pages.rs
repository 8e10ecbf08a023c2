//! One page of a longer list: what is on it counts, and what isn't on it may be on a later page.

use rstest::rstest;
use serde_json::{Value, json};

use super::{
    engine::{only, unknown},
    *,
};
use crate::{
    judge::{
        expect::reading,
        rule_fixture::{RuleFixture, reply},
    },
    model::{
        checklist::{Host, ListEntry},
        observation::{Body, Observation, Reading, Reply},
        repeat::ForEach,
        verdict::{Finding, Reason, Verdict},
    },
};

fn page(list: Value, more: bool) -> Observation {
    Observation::Reply(Reply { more, ..reply(200, Body::Json(list)) })
}

fn path(text: &str) -> Path {
    Path::parse(text).unwrap()
}

/// The finding of a check on the entry of the shot's model.
fn of_entry(list: Value, more: bool) -> Finding {
    let entry = ListEntry {
        of: path("$.data[*]"),
        by: vec![path("$.id")],
        is: Template::parse("{shot.model}").unwrap(),
    };
    let expect = vec![at("$.on", Operator::Equals(Literal::Bool(true)))];
    let decider = Decider::Probe { probe: ProbeId::new("list").unwrap(), entry: Some(entry), expect };
    let check = Check { for_each: Some(ForEach::Shot), ..check("a.listed", decider) };
    only(&RuleFixture::new().saw("list", page(list, more)), check, vec![])
}

#[rstest]
#[case::on_it(json!([{ "id": "model", "on": true }]), Verdict::Pass, Verdict::Pass)]
#[case::on_it_and_off(json!([{ "id": "model", "on": false }]), Verdict::Fail, Verdict::Fail)]
#[case::not_on_it(json!([{ "id": "other" }]), unknown(Reason::MissingValue), Verdict::Fail)]
#[case::an_empty_one(json!([]), unknown(Reason::MissingValue), unknown(Reason::MissingValue))]
fn an_entry_that_is_not_on_the_first_page_is_not_known_to_be_missing(
    #[case] list: Value,
    #[case] on_a_page: Verdict,
    #[case] in_a_whole_list: Verdict,
) {
    let found = of_entry(json!({ "data": list }), true);
    assert_eq!(found.verdict, on_a_page, "{found:?}");
    assert_eq!(of_entry(json!({ "data": list }), false).verdict, in_a_whole_list);
}

#[test]
fn a_missing_entry_on_the_first_page_comes_with_advice() {
    let found = of_entry(json!({ "data": [{ "id": "other" }] }), true);
    assert_eq!(found.seen, "`model` is not on the first page of a paginated list");
    let fix = found.fix.unwrap();
    assert!(fix.contains("the provider's own listing") && fix.contains("greenlight waive a.listed"), "{fix}");
}

/// The second verdict of each case is for a complete list.
#[rstest]
#[case::any_there("$[*]", Quantifier::Any, Operator::Equals(text("a")), Verdict::Pass, Verdict::Pass)]
#[case::any_elsewhere(
    "$[*]",
    Quantifier::Any,
    Operator::Equals(text("z")),
    unknown(Reason::MissingValue),
    Verdict::Fail
)]
#[case::all_here("$[*]", Quantifier::All, Operator::OneOf(vec![text("a"), text("b")]), unknown(Reason::MissingValue), Verdict::Pass)]
#[case::not_all("$[*]", Quantifier::All, Operator::Equals(text("a")), Verdict::Fail, Verdict::Fail)]
#[case::none_here(
    "$[*]",
    Quantifier::None,
    Operator::Equals(text("z")),
    unknown(Reason::MissingValue),
    Verdict::Pass
)]
#[case::one_of_none("$[*]", Quantifier::None, Operator::Equals(text("a")), Verdict::Fail, Verdict::Fail)]
#[case::enough("$[*]", Quantifier::Count, Operator::Ge(2.0), Verdict::Pass, Verdict::Pass)]
#[case::too_few("$[*]", Quantifier::Count, Operator::Ge(3.0), unknown(Reason::MissingValue), Verdict::Fail)]
#[case::few("$[*]", Quantifier::Count, Operator::Le(2.0), unknown(Reason::MissingValue), Verdict::Pass)]
#[case::nowhere("$[7]", Quantifier::One, Operator::Absent, unknown(Reason::MissingValue), Verdict::Pass)]
#[case::here("$[0]", Quantifier::One, Operator::Equals(text("a")), Verdict::Pass, Verdict::Pass)]
fn a_page_shows_what_is_and_not_what_is_not(
    #[case] at: &str,
    #[case] quantifier: Quantifier,
    #[case] operator: Operator,
    #[case] on_a_page: Verdict,
    #[case] in_a_whole_list: Verdict,
) {
    let asked = test(Subject::Path(path(at)), quantifier, operator);
    let found = |more| {
        let fixture = RuleFixture::new().saw("list", page(json!(["a", "b"]), more));
        only(&fixture, check("a.list", by_probe("list", vec![asked.clone()])), vec![]).verdict
    };
    assert_eq!((found(true), found(false)), (on_a_page, in_a_whole_list));
}

#[test]
fn what_a_page_does_not_show_is_told() {
    let asked = test(Subject::Path(path("$[*]")), Quantifier::Any, Operator::Equals(text("z")));
    let fixture = RuleFixture::new().saw("list", page(json!(["a", "b"]), true));
    let found = only(&fixture, check("a.list", by_probe("list", vec![asked])), vec![]);
    let seen = "$[*] any z is not shown on the first page of a paginated list";
    assert_eq!(found.seen, seen);
}

#[test]
fn a_partial_listing_refutes_no_rule() {
    let stories = |more| {
        let fixture = RuleFixture::new()
            .path("listed", "$.data[*].id")
            .saw("listing", page(json!({ "data": [{ "id": "other" }] }), more))
            .reply("single", 200, json!({ "id": "model" }));
        let check =
            Check { for_each: Some(ForEach::Shot), ..check("a.story", by_rule("one-story", &fixture, None)) };
        only(&fixture, check, vec![])
    };
    assert_eq!(stories(false).verdict, Verdict::Fail);
    let found = stories(true);
    assert_eq!(found.verdict, unknown(Reason::MissingValue));
    assert_eq!(found.seen, "what was looked for is not on the first page of a paginated list");
    let listed = |more| {
        let fixture = RuleFixture::new()
            .path("ids", "$.data[*].id")
            .path("aliases", "$.data[*].aliases[*]")
            .path("served", "$.id")
            .path("served-aliases", "$.aliases[*]")
            .reply("model", 404, json!({}))
            .saw("listing", page(json!({ "data": [{ "id": "other" }] }), more));
        let decider = by_rule("model-listed", &fixture, None);
        only(&fixture, Check { for_each: Some(ForEach::Shot), ..check("a.listed", decider) }, vec![]).verdict
    };
    assert_eq!((listed(true), listed(false)), (unknown(Reason::MissingValue), Verdict::Fail));
}

/// What a host asks of a success, and what a reply lacks of it.
#[rstest]
#[case::all_of_it(200, Body::Json(json!({ "ready": true })), None)]
#[case::something_else(200, Body::Json(json!({ "ready": false })), Some("wanted $.ready true, saw: $.ready false"))]
#[case::nothing(200, Body::Json(json!({})), Some("wanted $.ready true, saw: $.ready is not there"))]
#[case::no_json(200, Body::Text("fine".to_owned()), Some("no JSON"))]
#[case::nothing_at_all(200, Body::Empty, Some("empty body"))]
#[case::no_success(404, Body::Json(json!({})), None)]
fn what_a_reply_lacks_of_a_success_is_told(
    #[case] code: u16,
    #[case] body: Body,
    #[case] lacks: Option<&str>,
) {
    let mut list = checklist(vec![], vec![]);
    let host = Host {
        base_url: "https://api.example".parse().unwrap(),
        key: None,
        success: vec![at("$.ready", Operator::Equals(Literal::Bool(true)))],
        more: vec![],
    };
    list.hosts.insert("api".to_owned(), host);
    let seen = Observation::Reply(reply(code, body));
    let read = reading(&list, &part::probe("models", &[]), &seen, scope());
    assert_eq!(read.unmet.as_deref(), lacks);
}

#[rstest]
#[case(json!({ "has_more": true }), true)]
#[case(json!({ "next": "c" }), true)]
#[case::no_boolean(json!({ "has_more": "false" }), true)]
#[case::a_number(json!({ "has_more": 1 }), true)]
#[case::no_text(json!({ "has_more": false, "next": 7 }), true)]
#[case::nothing_at_all(json!({ "next": "" }), false)]
#[case(json!({ "has_more": false, "next": null }), false)]
#[case(json!({}), false)]
fn a_host_says_how_a_page_shows_that_more_follow(#[case] body: Value, #[case] more: bool) {
    let mut list = checklist(vec![], vec![]);
    let host = Host {
        base_url: "https://api.example".parse().unwrap(),
        key: None,
        success: vec![],
        more: vec![
            at("$.has_more", Operator::Equals(Literal::Bool(true))),
            at("$.next", Operator::Equals(text("c"))),
        ],
    };
    list.hosts.insert("api".to_owned(), host);
    let seen = page(body, false);
    let read = reading(&list, &part::probe("models", &[]), &seen, scope());
    assert_eq!(read, Reading { unmet: None, more });
}
