//! What each answer means: whether a job was accepted, how it ended, what it cost.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::json;

use super::*;
use crate::{
    load,
    model::{
        observation::{Body, ErrorText},
        route::Route,
    },
};

fn heard(status: u16, json: Option<Value>, error: (&str, &str)) -> Heard {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let body = json.clone().map_or(Body::Empty, Body::Json);
    let error = ErrorText { code: some(error.0), message: some(error.1) };
    let reply = Reply { status, headers: BTreeMap::new(), body, error, unmet: None, more: false };
    Heard { raw: String::new(), json, reply }
}

fn with<T>(delivered: bool, read: impl FnOnce(Reader<'_>) -> T) -> T {
    let api = load::job_api(Route::Api, "xai").unwrap().unwrap();
    read(Reader { api: &api, faults: &[], delivered })
}

#[rstest]
#[case::taken(200, json!({ "request_id": "r-1" }), Event::Accepted("r-1".to_owned()))]
#[case::accepted(202, json!({ "request_id": "r-1" }), Event::Accepted("r-1".to_owned()))]
#[case::id_of_two_lines(200, json!({ "request_id": "r\nended: done" }), Event::NoAnswer)]
#[case::id_that_steers(200, json!({ "request_id": "r\u{1b}[2J" }), Event::NoAnswer)]
#[case::the_longest_id(200, json!({ "request_id": "r".repeat(LONGEST_ID) }), Event::Accepted("r".repeat(LONGEST_ID)))]
#[case::id_without_end(200, json!({ "request_id": "r".repeat(300) }), Event::NoAnswer)]
#[case::id_that_is_a_folder(200, json!({ "request_id": ".." }), Event::NoAnswer)]
#[case::blank_id(200, json!({ "request_id": " " }), Event::NoAnswer)]
#[case::no_id(200, json!({}), Event::NoAnswer)]
#[case::refused(400, json!({}), Event::Refused(None))]
#[case::refused_and_billed(400, json!({ "usage": { "cost_in_usd_ticks": 5 } }), Event::Refused(Some(Ticks::new(5))))]
#[case::debt_is_no_cost(403, json!({ "usage": { "cost_in_usd_ticks": -5 } }), Event::Refused(None))]
#[case::limited(429, json!({}), Event::Refused(None))]
#[case::taken_and_refused(400, json!({ "request_id": "r-1" }), Event::NoAnswer)]
#[case::taken_under_a_number(429, json!({ "request_id": 7 }), Event::NoAnswer)]
#[case::timeout(408, json!({}), Event::NoAnswer)]
#[case::conflict(409, json!({}), Event::NoAnswer)]
#[case::broken(500, json!({}), Event::NoAnswer)]
#[case::elsewhere(307, json!({}), Event::NoAnswer)]
fn only_a_plain_refusal_says_that_nothing_was_begun(
    #[case] status: u16,
    #[case] json: Value,
    #[case] wanted: Event,
) {
    with(false, |reader| assert_eq!(reader.created(&heard(status, Some(json), ("", ""))).0, wanted));
}

fn ending(status: u16, json: Option<Value>, error: (&str, &str), delivered: bool, early: bool) -> String {
    with(delivered, |reader| match reader.polled(&heard(status, json, error), early) {
        Polled::Pending(percent) => format!("pending {percent:?}"),
        Polled::Nothing(_) => "nothing".to_owned(),
        Polled::Barred(_) => "barred".to_owned(),
        Polled::Over(over) => {
            format!("{} {:?} {}", over.ending.word(), over.cost.map(Ticks::get), over.url.unwrap_or_default())
        }
    })
}

#[rstest]
#[case::empty(202, None, "pending None")]
#[case::progress(202, Some(json!({ "status": "pending", "progress": 40 })), "pending Some(40)")]
#[case::all_but_over(202, Some(json!({ "progress": 100 })), "pending Some(100)")]
#[case::odd_progress(202, Some(json!({ "progress": 400 })), "pending None")]
#[case::queued(200, Some(json!({ "status": "queued" })), "pending None")]
#[case::done(200, Some(json!({ "status": "done", "usage": { "cost_in_usd_ticks": 7 }, "video": { "url": "u" } })), "done Some(7) u")]
#[case::no_status(200, Some(json!({ "video": { "url": "u" } })), "done None u")]
#[case::public_url(200, Some(json!({ "status": "done", "video": { "url": "", "file_output": { "public_url": "p" } } })), "done None p")]
#[case::held_back(200, Some(json!({ "status": "done", "video": { "url": "", "respect_moderation": false } })), "moderated None ")]
#[case::held_back_with_a_url(200, Some(json!({ "status": "done", "video": { "url": "u", "respect_moderation": false } })), "moderated None ")]
#[case::nothing_named(200, Some(json!({ "status": "done", "video": { "url": "" } })), "unknown None ")]
#[case::failed(200, Some(json!({ "status": "failed", "error": { "code": "internal_error" } })), "failed None ")]
#[case::failed_by_a_text(200, Some(json!({ "status": "failed", "error": "broken" })), "failed None ")]
#[case::cost_as_a_text(200, Some(json!({ "status": "expired", "usage": { "cost_in_usd_ticks": "15000000000" } })), "expired Some(15000000000) ")]
#[case::cost_as_a_float(200, Some(json!({ "status": "expired", "usage": { "cost_in_usd_ticks": 15_000_000_000.0 } })), "expired Some(15000000000) ")]
#[case::cost_with_decimals(200, Some(json!({ "status": "expired", "usage": { "cost_in_usd_ticks": "15.00" } })), "expired Some(15) ")]
#[case::cost_with_an_exponent(200, Some(json!({ "status": "expired", "usage": { "cost_in_usd_ticks": 1.5e20 } })), "expired Some(9223372036854775807) ")]
#[case::part_of_a_tick(200, Some(json!({ "status": "expired", "usage": { "cost_in_usd_ticks": "1.5" } })), "expired None ")]
#[case::no_cost(200, Some(json!({ "status": "expired", "usage": { "cost_in_usd_ticks": 0.0 } })), "expired Some(0) ")]
#[case::cost_beyond_numbers(200, Some(json!({ "status": "expired", "usage": { "cost_in_usd_ticks": 9_223_372_036_854_775_808_u64 } })), "expired Some(9223372036854775807) ")]
#[case::no_status_and_no_clip(200, Some(json!({})), "nothing")]
#[case::an_error_in_a_good_answer(200, Some(json!({ "error": "try again" })), "nothing")]
#[case::a_list(200, Some(json!([])), "nothing")]
#[case::expired(200, Some(json!({ "status": "expired" })), "expired None ")]
#[case::archived(200, Some(json!({ "status": "archived" })), "unknown None ")]
#[case::no_content(200, None, "nothing")]
#[case::limited(429, None, "nothing")]
#[case::broken(502, None, "nothing")]
#[case::barred(403, None, "barred")]
#[case::gone(404, Some(json!({ "code": "not-found", "error": "No." })), "expired None ")]
#[case::a_page_of_a_server_between(404, None, "nothing")]
#[case::malformed(400, Some(json!({ "error": "No." })), "unknown None ")]
#[case::a_refusal_of_a_server_between(400, None, "nothing")]
fn a_poll_ends_a_job_or_does_not(#[case] status: u16, #[case] json: Option<Value>, #[case] wanted: &str) {
    assert_eq!(ending(status, json, ("", ""), false, false), wanted);
}

#[rstest]
#[case::by_code("imagine:content-moderated", "")]
#[case::by_words("", "Generated video rejected by content moderation.")]
fn moderation_is_final_however_early_it_is_told(#[case] code: &str, #[case] message: &str) {
    let cost = Some(json!({ "usage": { "cost_in_usd_ticks": 9 } }));
    assert_eq!(ending(400, cost, (code, message), false, true), "moderated Some(9) ");
    // For a request that wasn't accepted, the same words are neither an ending of a job nor a bill.
    with(false, |reader| {
        let (event, advice) = reader.created(&heard(400, Some(json!({})), (code, message)));
        assert_eq!(event, Event::Refused(None));
        assert!(!advice.says.contains("billed"), "{}", advice.says);
    });
}

#[rstest]
#[case::gone(404)]
#[case::refused(400)]
fn a_job_that_is_young_may_not_be_found_yet(#[case] status: u16) {
    let told = Some(json!({ "code": "not-found", "error": "No." }));
    assert_eq!(ending(status, told, ("", ""), false, true), "nothing");
}

#[test]
fn what_is_delivered_elsewhere_has_no_address() {
    let done = Some(json!({ "status": "done", "video": { "url": "" } }));
    assert_eq!(ending(200, done, ("", ""), true, false), "delivered None ");
}

/// What a person is told of an ending: what happened, in the provider's words too, what it points to and what to do.
fn told_of(
    json: Value,
    error: (&str, &str),
) -> (String, Option<String>, Vec<PointsTo>, String, Option<Again>) {
    with(true, |reader| match reader.polled(&heard(200, Some(json), error), false) {
        Polled::Over(over) => {
            let Advice { says, told, points_to, fix, again } = over.advice;
            (says, told, points_to, fix, again)
        }
        other => panic!("{other:?}"),
    })
}

#[rstest]
#[case::saved(json!({ "status": "done", "video": { "url": "u" } }), "")]
#[case::delivered(json!({ "status": "done", "video": {} }), "")]
#[case::saved_at_an_odd_cost(
    json!({ "status": "done", "video": { "url": "u" }, "usage": { "cost_in_usd_ticks": "dear" } }),
    "the cost it reports cannot be read"
)]
#[case::saved_at_no_cost(
    json!({ "status": "done", "video": { "url": "u" }, "usage": { "cost_in_usd_ticks": null } }),
    ""
)]
fn a_clip_that_is_made_needs_no_advice(#[case] json: Value, #[case] says: &str) {
    assert_eq!(told_of(json, ("", "")), (says.to_owned(), None, vec![], String::new(), None));
}

#[test]
fn a_job_that_expired_is_started_again() {
    let usage = json!({ "status": "expired", "usage": { "cost_in_usd_ticks": "dear" } });
    let fix = "Start again, and let greenlight run until the clip is saved.".to_owned();
    let says = "the job expired at the provider; the cost it reports cannot be read".to_owned();
    let told = Some("gone: No.".to_owned());
    assert_eq!(
        told_of(usage, ("gone", "No.")),
        (says, told, vec![PointsTo::TemporaryUrl], fix, Some(Again::Same))
    );
}

#[rstest]
#[case::both("code", "No.", Some("code: No."))]
#[case::a_code("code", "", Some("code"))]
#[case::a_sentence("", "No.", Some("No."))]
#[case::nothing("", "", None)]
fn a_clip_that_is_held_back_is_told_with_what_was_said(
    #[case] code: &str,
    #[case] message: &str,
    #[case] told: Option<&str>,
) {
    let held_back = json!({ "status": "done", "video": { "url": "u", "respect_moderation": false } });
    let (says, said, points_to, _, again) = told_of(held_back, (code, message));
    assert_eq!((says.as_str(), said.as_deref()), ("moderation held the finished clip back", told));
    assert_eq!((points_to, again), (vec![PointsTo::Moderation], Some(Again::Changed)));
}
