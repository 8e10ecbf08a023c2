//! A receipt whose findings depend on replies must contain those calls, and no others.

use greenlight::model::call::Call;

use super::*;
use crate::{answers::cleared_for, support::receipts::as_if_live};

/// An API project with the receipt of a run in which the provider answered well.
fn api(change: impl Fn(&mut Report)) -> Sample {
    let place = named(cleared_for("api"));
    let mut report = as_if_live(report_now(&place, &["--rehearse"]));
    assert_eq!(report.decided().decision(), Some(Decision::Go), "{:#?}", report.findings);
    change(&mut report);
    keep(&place, "receipt.json", &[&report.sealed()]);
    place
}

fn calls<'r>(report: &'r mut Report, path: &str) -> impl Iterator<Item = &'r mut Call> {
    let path = path.to_owned();
    report.calls.iter_mut().filter(move |call| call.url.contains(&path))
}

#[test]
fn with_its_calls_it_clears() {
    let table = judged(&api(|_| ()), 0, &[]);
    assert!(table.contains("rest on what the run saw"), "{table}");
}

#[rstest]
#[case::without_calls(|r: &mut Report| r.calls.clear(), "which is not in it")]
#[case::without_one(|r: &mut Report| { r.calls.remove(0); }, "rests on GET https://api.x.ai/v1/api-key, which is not in it")]
#[case::to_another_host(|r: &mut Report| calls(r, "/v1/api-key").for_each(|call| call.url = "https://api.example/v1/api-key".to_owned()), "GET https://api.example/v1/api-key is not a call of this checklist")]
#[case::to_this_machine(|r: &mut Report| calls(r, "").for_each(|call| call.url = call.url.replace("https://api.x.ai", "http://127.0.0.1:9000")), "is not a call of this checklist")]
#[case::of_another_model(|r: &mut Report| calls(r, "/video-generation-models/").for_each(|call| call.url.push_str("-2")), "is not a call of this checklist")]
#[case::one_more(|r: &mut Report| { let more = Call { url: "https://api.x.ai/v1/videos/generations".to_owned(), ..r.calls[0].clone() }; r.calls.push(more); }, "GET https://api.x.ai/v1/videos/generations is not a call of this checklist")]
#[case::at_another_time(|r: &mut Report| calls(r, "").for_each(|call| call.at = call.at.map(|at| at - length("2h"))), "not in this run")]
#[case::at_no_time(|r: &mut Report| calls(r, "").for_each(|call| call.at = None), "does not say when it was made")]
#[case::refused(|r: &mut Report| calls(r, "/v1/api-key").for_each(|call| call.status = Some(401)), "api.key-accepted passes, though GET https://api.x.ai/v1/api-key did not")]
#[case::never_answered(|r: &mut Report| calls(r, "/v1/api-key").for_each(|call| call.status = None), "api.key-accepted passes, though GET https://api.x.ai/v1/api-key did not")]
#[case::shared_with_no_project(|r: &mut Report| calls(r, "").for_each(|call| call.shared = true), "was made for another project, which is not in the receipt")]
fn a_log_that_does_not_bear_the_findings_is_refused(#[case] change: fn(&mut Report), #[case] says: &str) {
    let run = verify(&api(change), &["--format", "json"]);
    assert_eq!((run.code, broken(&run)), (3, vec!["calls".to_owned()]), "{}", run.all());
    assert!(run.out.contains(says), "{}", run.out);
}

/// Offline, nothing that needs a call passes, so such a receipt never says GO.
#[test]
fn a_run_without_calls_clears_no_route_that_needs_them() {
    let place = named(cleared_for("api"));
    let mut offline = place.greenlight(&["check", "--offline", "--format", "json"]);
    let run = ran(offline.env("XAI_API_KEY", "xai-invented-for-a-test-0123456789"));
    let mut report: Report = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report.decided().decision(), Some(Decision::Hold));
    keep(&place, "receipt.json", &[&report]);
    judged(&place, 3, &["says-go"]);
    for finding in &mut report.findings {
        if !finding.verdict.lets_on() {
            finding.verdict = Verdict::Pass;
        }
    }
    report.totals = Totals::count(&report.findings);
    report.stated = Stated::decision(Decision::Go);
    keep(&place, "receipt.json", &[&report.sealed()]);
    judged(&place, 3, &["calls"]);
}

/// The second project of a run uses the replies to the first, and has none without it.
#[test]
fn calls_that_projects_share_are_made_by_one_of_them() {
    let place = named(cleared_for("api"));
    for folder in ["a", "b"] {
        fs_err::create_dir(place.path().join(folder)).unwrap();
        for file in ["greenlight.toml", "answers.toml", "screen.txt"] {
            fs_err::copy(place.path().join(file), place.path().join(folder).join(file)).unwrap();
        }
    }
    for file in ["greenlight.toml", "answers.toml", "screen.txt"] {
        fs_err::remove_file(place.path().join(file)).unwrap();
    }
    let run = ran(&mut place.greenlight(&["check", "--rehearse", "--format", "json", "a", "b"]));
    let reports: Vec<Report> = serde_json::from_value(run.json()["reports"].clone()).unwrap();
    let [one, other]: [Report; 2] =
        reports.into_iter().map(as_if_live).collect::<Vec<_>>().try_into().unwrap();
    assert!(other.calls.iter().all(|call| call.shared), "{:#?}", other.calls);
    keep(&place, "receipt.json", &[&one, &other]);
    let both = verify(&place, &[]);
    assert_eq!(both.code, 0, "{}", both.all());
    keep(&place, "receipt.json", &[&other]);
    let alone = verify(&place, &["--project", "b", "--format", "json"]);
    assert_eq!((alone.code, broken(&alone)), (3, vec!["calls".to_owned()]), "{}", alone.all());
}
