//! Whether a clip may be begun, by what became of earlier ones of its shot, and what to do instead.

use rstest::rstest;
use serde_json::json;

use super::*;
use crate::{
    model::{id::ShotId, mode::Mode, route::Route},
    spend::job::{Basis, Ending, Settled},
};

fn order(attempt: Attempt) -> Order {
    let body = json!({ "model": "m", "duration": 6 });
    Order {
        project: "Teaser".to_owned(),
        route: Route::Api,
        provider: "xai".to_owned(),
        shot: ShotId::new("opening").unwrap(),
        mode: Mode::TextToVideo,
        model: "m".to_owned(),
        body: body.clone(),
        shown: body,
        price: Ticks::new(10),
        priced: None,
        budget: Ticks::new(100),
        retries: 1,
        attempt,
    }
}

fn job(id: &str, state: State) -> Job {
    Job {
        id: id.to_owned(),
        shot: "opening".to_owned(),
        route: "api".to_owned(),
        provider: "xai".to_owned(),
        mode: "text-to-video".to_owned(),
        model: "m".to_owned(),
        request: json!({ "model": "m", "duration": 6 }).to_string(),
        receipt: String::new(),
        attempt: "first".to_owned(),
        price: Ticks::new(10),
        state,
        file: None,
        sha256: None,
        opened: String::new(),
        changed: String::new(),
    }
}

fn ended(id: &str, ending: Ending) -> Job {
    costing(id, ending, 10, Basis::Reported)
}

fn costing(id: &str, ending: Ending, ticks: i64, basis: Basis) -> Job {
    let settled = Settled { request_id: None, ending, amount: Ticks::new(ticks), basis, to_store: false };
    job(id, State::Settled(settled))
}

fn to_store(id: &str) -> Job {
    let mut made = ended(id, Ending::Done);
    if let State::Settled(settled) = &mut made.state {
        settled.to_store = true;
    }
    made
}

fn elsewhere(job: Job) -> Job {
    Job { shot: "other".to_owned(), ..job }
}

/// Why not, and what to do about it; nothing when it may be begun.
fn told(attempt: Attempt, jobs: &[Job]) -> Option<(String, String)> {
    may_begin(&order(attempt), jobs).err().map(|why| (why.to_string(), why.fix()))
}

fn pair(says: &str, fix: &str) -> (String, String) {
    (says.to_owned(), fix.to_owned())
}

#[rstest]
#[case::nothing_was_made(Attempt::First, vec![])]
#[case::nothing_was_taken(Attempt::First, vec![ended("opening-1", Ending::Refused), ended("opening-2", Ending::NotSent)])]
#[case::of_another_shot(Attempt::First, vec![elsewhere(ended("other-1", Ending::Done)), elsewhere(job("other-2", State::Unknown))])]
#[case::again(Attempt::Again, vec![ended("opening-1", Ending::Done)])]
#[case::one_failed(Attempt::Retry(None), vec![ended("opening-1", Ending::Failed)])]
#[case::failed_before_the_last_clip(
    Attempt::Again,
    vec![ended("opening-1", Ending::Failed), ended("opening-2", Ending::Failed), ended("opening-3", Ending::Done)]
)]
#[case::a_bill_says_so(Attempt::Again, vec![costing("opening-1", Ending::Done, 11, Basis::Bill)])]
#[case::at_its_price(Attempt::Again, vec![costing("opening-1", Ending::Done, 10, Basis::Reported)])]
fn a_clip_is_begun_when_nothing_stands_in_its_way(#[case] attempt: Attempt, #[case] jobs: Vec<Job>) {
    assert_eq!(told(attempt, &jobs), None);
}

const SETTLE: &str = "check the provider's usage page, then run `greenlight ledger settle opening-1` with the bill, or \
                      `greenlight ledger resolve opening-1`";

#[rstest]
#[case::nobody_knows(
    job("opening-1", State::Unknown),
    "job `opening-1` of shot `opening` is still unknown",
    SETTLE
)]
#[case::taken(
    job("opening-1", State::Accepted("r-1".to_owned())),
    "job `opening-1` of shot `opening` is still accepted",
    "run `greenlight clip --resume opening-1`"
)]
#[case::made(
    to_store("opening-1"),
    "the clip of shot `opening` is made but not saved yet",
    "run `greenlight clip --resume opening-1`"
)]
#[case::dearer_than_reserved(
    costing("opening-1", Ending::Done, 11, Basis::Reported),
    "job `opening-1` cost 0.0000000011 USD, more than was reserved (0.000000001 USD)",
    "find out why, correct the prices, then record the bill: `greenlight ledger settle opening-1`"
)]
#[case::dearer_elsewhere(
    elsewhere(costing("other-1", Ending::Done, 11, Basis::Reported)),
    "job `other-1` cost 0.0000000011 USD, more than was reserved (0.000000001 USD)",
    "find out why, correct the prices, then record the bill: `greenlight ledger settle other-1`"
)]
fn what_is_not_over_comes_first(#[case] job: Job, #[case] says: &str, #[case] fix: &str) {
    for attempt in [Attempt::First, Attempt::Again, Attempt::Retry(None)] {
        assert_eq!(told(attempt, std::slice::from_ref(&job)), Some(pair(says, fix)));
    }
}

#[rstest]
#[case(Attempt::First)]
#[case(Attempt::Retry(None))]
fn a_clip_that_is_made_is_paid_again_on_demand_alone(#[case] attempt: Attempt) {
    let says = "shot `opening` already has a clip (job `opening-1`)";
    let fix = "name the next shot, or pass `--again` to pay for another clip";
    assert_eq!(told(attempt, &[ended("opening-1", Ending::Done)]), Some(pair(says, fix)));
}

#[rstest]
#[case(Attempt::First)]
#[case(Attempt::Again)]
fn a_clip_that_failed_is_tried_again_on_demand_alone(#[case] attempt: Attempt) {
    let says = "the last clip of shot `opening` failed (job `opening-1`: moderated)";
    let fix = "run `greenlight clip opening --retry`, or change one thing: `greenlight clip opening --retry duration=4`";
    assert_eq!(told(attempt, &[ended("opening-1", Ending::Moderated)]), Some(pair(says, fix)));
}

#[test]
fn where_nothing_failed_nothing_is_tried_again() {
    let says = "nothing to retry: no clip of shot `opening` failed";
    assert_eq!(told(Attempt::Retry(None), &[]), Some(pair(says, "run `greenlight clip opening`")));
}

#[rstest]
#[case::none_allowed(0, 1, "failed 1 times and the project allows 0 retries")]
#[case::one_allowed(1, 2, "failed 2 times and the project allows 1 retry")]
#[case::two_allowed(2, 3, "failed 3 times and the project allows 2 retries")]
fn retries_are_used_up(#[case] allowed: u32, #[case] failed: usize, #[case] says: &str) {
    let jobs: Vec<_> = (1..=failed).map(|at| ended(&format!("opening-{at}"), Ending::Failed)).collect();
    let order = Order { retries: allowed, ..order(Attempt::Retry(None)) };
    let why = may_begin(&order, &jobs).unwrap_err();
    assert_eq!(why.to_string(), format!("shot `opening` {says}"));
    assert!(why.fix().starts_with("stop here: find out why it fails"));
    // One less, and there is one to go.
    assert_eq!(may_begin(&order, &jobs[1..]).is_ok(), failed > 1);
}

/// The last clip that failed, with one thing changed since.
#[rstest]
#[case::nothing(|_: &mut Order| (), None)]
#[case::one_field(|order: &mut Order| order.shown = json!({ "model": "m", "duration": 4 }), None)]
#[case::two_fields(
    |order: &mut Order| order.shown = json!({ "model": "n", "duration": 4 }),
    Some(&["duration", "model"][..])
)]
#[case::one_gone_and_one_new(
    |order: &mut Order| order.shown = json!({ "model": "m", "seed": 7 }),
    Some(&["duration", "seed"][..])
)]
#[case::the_mode(|order: &mut Order| order.mode = Mode::Edit, None)]
#[case::the_mode_and_the_route(
    |order: &mut Order| (order.mode, order.route) = (Mode::Edit, Route::Wrapper),
    Some(&["mode", "route"][..])
)]
#[case::the_mode_and_the_provider(
    |order: &mut Order| (order.mode, order.provider) = (Mode::Edit, "fal".to_owned()),
    Some(&["mode", "route"][..])
)]
#[case::another_try(
    |order: &mut Order| {
        order.attempt = Attempt::Again;
        order.shown = json!({});
    },
    None
)]
fn a_retry_changes_one_thing(#[case] change: fn(&mut Order), #[case] changed: Option<&[&str]>) {
    let mut order = order(Attempt::Retry(Some("duration=4".to_owned())));
    change(&mut order);
    // What came after it and was not taken, or is of another shot, is nothing to compare with.
    let bare = |job: Job| Job { request: "{}".to_owned(), ..job };
    let jobs = [
        ended("opening-1", Ending::Failed),
        bare(ended("opening-2", Ending::Refused)),
        bare(elsewhere(ended("other-1", Ending::Failed))),
    ];
    let changed = changed.map(|all| all.iter().map(|&one| one.to_owned()).collect::<Vec<_>>());
    assert_eq!(two_changes(&order, &jobs), changed);
}
