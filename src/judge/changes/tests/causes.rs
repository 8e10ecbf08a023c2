//! Why a check was changed, in the words that a reader sees.

use rstest::rstest;
use serde_json::{Value, json};

use super::{but, changes, finding, report};
use crate::model::changes::ProjectChanges;

/// The causes of the first change, as `cause: words`.
fn why(found: &ProjectChanges) -> Vec<String> {
    found.changes[0].why.iter().map(|cause| format!("{}: {}", cause.cause.word(), cause.says)).collect()
}

/// Two receipts that differ in what the case says of each.
fn told(old: Value, new: Value) -> Vec<String> {
    why(&changes(old, new))
}

fn with(mut value: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else { panic!("not an object") };
    value.as_object_mut().unwrap().extend(fields);
    value
}

/// A receipt of this day with one finding, which is a pass but for these fields.
fn on(day: &str, fields: Value) -> Value {
    let at = json!(format!("{day}T10:04:00Z"));
    with(report([with(finding("a.one", None, "pass"), fields)]), json!({ "at": at, "made": at }))
}

/// With answers that have changed since, of which a receipt knows the digest alone.
fn with_answers(mut report: Value, digest: &str) -> Value {
    report["inputs"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "role": "answers", "path": "answers.toml", "sha256": digest }));
    report
}

fn by(name: &str, answered: &str, expires: &str) -> Value {
    json!({ "by": name, "answered": answered, "expires": expires })
}

fn waived(until: &str) -> Value {
    json!({ "verdict": "waived", "until": until })
}

fn unknown(reason: &str) -> Value {
    json!({ "verdict": "unknown", "reason": reason })
}

#[rstest]
#[case::begins_to_wait(None, Some("b.root"), "follows: waits for b.root (b.root)")]
#[case::waits_for_another(Some("c.root"), Some("b.root"), "follows: waits for b.root (b.root)")]
#[case::waits_no_more(Some("b.root"), None, "follows: no longer waits for b.root (b.root)")]
#[case::of_nothing_known(None, Some("c.root"), "follows: waits for c.root")]
fn a_check_that_waits_names_what_it_waits_for(
    #[case] old: Option<&str>,
    #[case] new: Option<&str>,
    #[case] says: &str,
) {
    let of = |root: Option<&str>| {
        let one = finding("a.one", None, "pass");
        let waiting = |root| with(one.clone(), json!({ "verdict": "blocked", "by": root }));
        let one = root.map_or_else(|| one.clone(), waiting);
        report([one, but(finding("b.root", None, "fail"), "row", json!("cost"))])
    };
    assert_eq!(told(of(old), of(new)), [says]);
}

#[test]
fn a_check_that_waits_for_the_same_one_changed_for_another_reason() {
    let of = |severity: &str| {
        on("2026-11-22", json!({ "verdict": "blocked", "by": "b.root", "severity": severity }))
    };
    assert_eq!(
        told(of("block"), of("warn")),
        ["observed: a reply or this machine changed; the files did not"]
    );
}

#[rstest]
#[case::recorded(json!({}), waived("2026-12-01"), "waiver: waived until 2026-12-01")]
#[case::prolonged(waived("2026-12-01"), waived("2026-12-09"), "waiver: until 2026-12-01 → until 2026-12-09")]
#[case::over(waived("2026-11-23"), json!({}), "clock: the waiver's last day was 2026-11-23")]
#[case::taken_back_on_its_last_day(
    waived("2026-11-24"), json!({}), "waiver: the waiver until 2026-11-24 no longer counts"
)]
fn a_waiver_that_came_or_went_is_why(#[case] old: Value, #[case] new: Value, #[case] says: &str) {
    assert_eq!(told(on("2026-11-22", old), on("2026-11-24", new)), [says]);
}

#[test]
fn a_waiver_that_still_stands_is_no_reason() {
    let of = |severity: &str| on("2026-11-22", with(waived("2026-12-01"), json!({ "severity": severity })));
    assert!(told(of("block"), of("warn"))[0].starts_with("observed: "));
}

/// The receipts are of the 22nd and the 24th, and the answer is one and the same.
#[rstest]
#[case::last_day_before("2026-11-01", "2026-11-21", None)]
#[case::last_day_of_the_old("2026-11-01", "2026-11-22", Some("clock: the answer's last day was 2026-11-22"))]
#[case::last_day_between("2026-11-01", "2026-11-23", Some("clock: the answer's last day was 2026-11-23"))]
#[case::last_day_of_the_new("2026-11-01", "2026-11-24", None)]
#[case::first_day_of_the_old("2026-11-22", "2026-12-24", None)]
#[case::first_day_between("2026-11-23", "2026-12-24", Some("clock: the answer counts from 2026-11-23"))]
#[case::first_day_of_the_new("2026-11-24", "2026-12-24", Some("clock: the answer counts from 2026-11-24"))]
#[case::first_day_after("2026-11-25", "2026-12-24", None)]
fn an_answer_that_began_or_ended_between_the_receipts_is_why(
    #[case] answered: &str,
    #[case] expires: &str,
    #[case] says: Option<&str>,
) {
    let recorded = json!({ "recorded": by("Ann", answered, expires) });
    let old = on("2026-11-22", recorded.clone());
    let new = on("2026-11-24", with(recorded, json!({ "verdict": "fail" })));
    let found = told(old, new);
    assert_eq!(found.iter().map(String::as_str).find(|why| why.contains("answer")), says, "{found:?}");
}

#[rstest]
#[case::another(
    json!({ "recorded": by("Ann", "2026-11-01", "2026-12-01") }),
    json!({ "recorded": by("Bob", "2026-11-20", "2026-12-20") }),
    "answer: by Ann on 2026-11-01, until 2026-12-01 → by Bob on 2026-11-20, until 2026-12-20"
)]
#[case::gone(
    json!({ "recorded": by("Ann", "2026-11-01", "2026-12-01") }),
    unknown("unanswered"),
    "answer: by Ann on 2026-11-01, until 2026-12-01 is gone"
)]
#[case::new(
    unknown("unanswered"),
    json!({ "recorded": by("Ann", "2026-11-01", "2026-12-01") }),
    "answer: by Ann on 2026-11-01, until 2026-12-01 is new"
)]
#[case::the_same_tells_something_else(
    json!({ "recorded": by("Ann", "2026-11-01", "2026-12-01") }),
    json!({ "recorded": by("Ann", "2026-11-01", "2026-12-01"), "verdict": "fail" }),
    "answer: answers.toml changed"
)]
#[case::of_another_project(unknown("unanswered"), unknown("borrowed"), "answer: answers.toml changed")]
#[case::not_about_answers(json!({}), json!({ "verdict": "fail" }), "observed: a reply or this machine changed; the files did not")]
fn answers_that_changed_are_why(#[case] old: Value, #[case] new: Value, #[case] says: &str) {
    let old = with_answers(on("2026-11-22", old), "aa");
    let new = with_answers(on("2026-11-22", new), "bb");
    assert_eq!(told(old, new), [says]);
}

#[test]
fn an_answer_alone_is_no_reason_while_its_file_is_the_same() {
    let old = on("2026-11-22", json!({ "recorded": by("Ann", "2026-11-01", "2026-12-01") }));
    let new = on("2026-11-22", json!({ "recorded": by("Bob", "2026-11-01", "2026-12-01") }));
    assert!(told(old, new)[0].starts_with("observed: "));
}

#[rstest]
#[case::by_the_verdict(json!({}), unknown("evidence-changed"), "evidence: the evidence of the answer")]
#[case::still(
    unknown("evidence-changed"),
    with(unknown("evidence-changed"), json!({ "severity": "warn" })),
    "observed: a reply or this machine changed; the files did not"
)]
fn evidence_that_changed_is_why(#[case] old: Value, #[case] new: Value, #[case] says: &str) {
    assert_eq!(told(on("2026-11-22", old), on("2026-11-22", new)), [says]);
}

/// Each receipt has the check for another shot. Where it is the project that repeats it, no other file decided.
#[rstest]
#[case::asked_for_a_part(json!([]), json!(["cost"]), "bb", "run: asked for: all → cost")]
#[case::asked_for_another_part(json!(["access", "mode"]), json!(["cost"]), "bb", "run: asked for: access, mode → cost")]
#[case::for_another_shot(json!([]), json!([]), "bb", "project: greenlight.toml changed")]
#[case::by_itself(json!([]), json!([]), "aa", "observed: a reply or this machine changed; the files did not")]
fn a_check_that_only_one_receipt_has_is_explained(
    #[case] old: Value,
    #[case] new: Value,
    #[case] project: &str,
    #[case] says: &str,
) {
    let old = with(report([finding("a.one", Some("x"), "pass")]), json!({ "only": old }));
    let mut new = with(report([finding("a.one", Some("y"), "pass")]), json!({ "only": new }));
    new["inputs"][0]["sha256"] = json!(project);
    if project != "aa" {
        new["inputs"][1]["sha256"] = json!("zz");
    }
    assert_eq!(told(old, new), [says]);
}

#[test]
fn a_check_that_is_new_everywhere_comes_with_the_files_that_changed() {
    let mut new = report([finding("a.one", None, "pass")]);
    new["inputs"][0]["sha256"] = json!("zz");
    new["inputs"][1]["sha256"] = json!("zz");
    new["tool"]["version"] = json!("0.2.0");
    let says = [
        "project: greenlight.toml changed",
        "checklist: the shipped `api` changed",
        "tool: greenlight 0.1.0 → greenlight 0.2.0",
    ];
    assert_eq!(told(report([]), new), says);
}

/// The receipts are of the 22nd and the 24th.
#[rstest]
#[case::before("2026-11-22", false)]
#[case::between("2026-11-23", true)]
#[case::on_the_day("2026-11-24", true)]
#[case::after("2026-11-25", false)]
fn a_fact_that_came_into_force_between_the_receipts_is_why(#[case] day: &str, #[case] clock: bool) {
    let new = json!({ "source": { "url": "https://example.com/", "as-of": day } });
    let mut says = vec![format!("source: 2026-11-01 (example.com) → {day} (example.com)")];
    if clock {
        says.insert(0, format!("clock: this fact counts from {day}"));
    }
    assert_eq!(told(on("2026-11-22", json!({})), on("2026-11-24", new)), says);
}

#[rstest]
#[case::fault(json!({}), json!({ "fault": "key-refused" }), "provider: fault none → key-refused")]
#[case::silent_now(json!({}), unknown("unreachable"), "provider: what it replied")]
#[case::silent_otherwise(
    unknown("unreachable"), with(unknown("unreachable"), json!({ "seen": "no reply (tls)" })), "provider: what it replied"
)]
#[case::another_value(json!({ "got": "3" }), json!({ "got": "4" }), "provider: got 3 → 4")]
#[case::a_value_now(json!({}), json!({ "got": "4" }), "provider: what it replied")]
#[case::nothing_of_the_reply(
    json!({}), json!({ "seen": "another" }), "observed: a reply or this machine changed; the files did not"
)]
fn another_reply_is_why(#[case] old: Value, #[case] new: Value, #[case] says: &str) {
    assert_eq!(told(on("2026-11-22", old), on("2026-11-22", new)), [says]);
}

#[rstest]
#[case::a_rehearsal(json!({ "rehearsal": {} }), "run: against the provider → a REHEARSAL")]
#[case::of_a_scenario(
    json!({ "rehearsal": { "scenario": "key-refused" } }),
    "run: against the provider → a REHEARSAL (scenario key-refused)"
)]
#[case::a_replay(
    json!({ "replay": { "recorded": "2026-11-22T10:04:00Z", "sha256": "aa" } }), "run: against the provider → a replay"
)]
#[case::private(json!({ "allow-private": true }), "run: against the provider → with private addresses allowed")]
#[case::another_time(
    json!({ "made": "2026-11-20T10:04:00Z" }), "run: against the provider → judged as of 2026-11-22 10:04 UTC"
)]
#[case::no_calls(json!({ "calls": [] }), "run: with calls → without a call")]
fn a_run_of_another_kind_is_why(#[case] run: Value, #[case] says: &str) {
    let old = on("2026-11-22", json!({}));
    let new = with(on("2026-11-22", json!({ "verdict": "fail" })), run);
    assert_eq!(told(old, new), [says]);
}

#[rstest]
#[case(false, "2026-11-22", "observed: this machine changed; the files and the program did not")]
#[case(false, "2026-11-23", "clock: the day changed; the files and the program did not")]
#[case(true, "2026-11-22", "observed: a reply or this machine changed; the files did not")]
#[case(true, "2026-11-23", "observed: a reply or the day changed; the files did not")]
fn without_any_other_reason_it_was_the_day_or_the_world(
    #[case] called: bool,
    #[case] day: &str,
    #[case] says: &str,
) {
    let run = |report: Value| if called { report } else { but(report, "calls", json!([])) };
    let (old, new) = (on("2026-11-22", json!({})), on(day, json!({ "verdict": "warn" })));
    assert_eq!(told(run(old), run(new)), [says]);
}
