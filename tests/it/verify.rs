//! A receipt as a deploy job meets it: what is relied on, and everything that isn't.
//!
//! `verify` has no flag for the time, so everything here is made just now by the real clock.

mod calls;
mod files;
mod old;
mod several;

use chrono::TimeDelta;
use greenlight::model::{
    decision::{Decision, Stated},
    report::{Rehearsal, Replay, Report, Totals},
    verdict::{Reason, Verdict},
    via::{Proxy, Trusted, Via},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    answers::{begun, cleared, settle, unanswer},
    support::{
        Ran, Sample, ran,
        receipts::{keep, named, report_at, report_now},
    },
};

fn verify(place: &Sample, args: &[&str]) -> Ran {
    ran(place.greenlight(&["verify", "receipt.json"]).args(args))
}

/// The claims that don't hold.
fn broken(run: &Ran) -> Vec<String> {
    let verification = run.json();
    let claims =
        verification["reports"].as_array().unwrap().iter().flat_map(|one| one["claims"].as_array().unwrap());
    let broken = claims.filter(|claim| claim["holds"] == false);
    broken.map(|claim| claim["claim"].as_str().unwrap().to_owned()).collect()
}

/// A cleared project with its receipt, changed and sealed again.
fn with(change: impl Fn(&mut Report)) -> Sample {
    let place = named(cleared());
    let mut report = report_now(&place, &[]);
    assert_eq!(report.decided().decision(), Some(Decision::Go));
    change(&mut report);
    keep(&place, "receipt.json", &[&report.sealed()]);
    place
}

/// Verifies in both formats, which must agree; returns the table.
fn judged(place: &Sample, code: i32, claims: &[&str]) -> String {
    let (table, machine) = (verify(place, &[]), verify(place, &["--format", "json"]));
    assert_eq!((table.code, machine.code), (code, code), "{}", table.all());
    assert_eq!(broken(&machine), claims, "{}", table.all());
    assert_eq!(table.out.matches("✗").count(), claims.len(), "{}", table.out);
    table.all()
}

/// The text without what changes from day to day.
fn dateless(text: &str) -> String {
    let day = regex::Regex::new(r"\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?").unwrap();
    day.replace_all(text, "…").into_owned()
}

#[test]
fn a_good_receipt_clears() {
    insta::assert_snapshot!(dateless(&judged(&with(|_| ()), 0, &[])));
}

#[rstest]
#[case::as_it_is(&[], 0)]
#[case::for_another_time(&["--at", "2026-11-22"], 3)]
#[case::rehearsed(&["--rehearse"], 3)]
#[case::of_a_part(&["--only", "cost"], 3)]
fn what_a_run_was_cannot_be_undone_by_verifying(#[case] how: &[&str], #[case] code: i32) {
    let place = cleared();
    let checked = ran(place.greenlight(&["check", "--format", "json"]).args(how));
    place.write("receipt.json", &checked.out);
    let run = verify(&place, &[]);
    assert_eq!(run.code, code, "{}", run.all());
}

/// No flag makes an old receipt fresh.
#[test]
fn the_time_cannot_be_chosen() {
    let run = verify(&with(|report| ago(report, "25h")), &["--at", "2026-11-22"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains("unexpected argument '--at'"), "{}", run.err);
}

/// A run that lets warnings through clears nothing where warnings close the gate, however that was set.
#[rstest]
#[case::as_it_is(&[], None, 0)]
#[case::no_less(&["--fail-on", "fail"], None, 0)]
#[case::flag(&["--fail-on", "warn"], None, 3)]
#[case::variable(&[], Some("warn"), 3)]
#[case::variable_beside_a_flag(&["--fail-on", "fail"], Some("warn"), 3)]
#[case::no_such_level(&[], Some("x"), 2)]
fn verifying_may_be_stricter_than_the_run(
    #[case] args: &[&str],
    #[case] variable: Option<&str>,
    #[case] code: i32,
) {
    let place = cleared();
    unanswer(&place, "wrapper.provider-defaults");
    let checked = ran(&mut place.greenlight(&["check", "--report", "json=receipt.json"]));
    assert_eq!(checked.code, 0, "{}", checked.all());
    let mut command = place.greenlight(&["verify", "receipt.json"]);
    let run = ran(command.args(args).envs(variable.map(|level| ("GREENLIGHT_FAIL_ON", level))));
    assert_eq!(run.code, code, "{}", run.all());
    assert_eq!(run.out.contains("GO, and HOLD where warnings close the gate"), code == 3, "{}", run.out);
}

/// A reader that takes the first of two would see a different decision from one that takes the last.
#[test]
fn an_ambiguous_file_is_not_a_receipt() {
    let place = with(|_| ());
    let text = fs_err::read_to_string(place.path().join("receipt.json")).unwrap();
    for twice in ["\"decision\": \"GO\"", "\"fail-on\": \"fail\"", "\"calls\": []"] {
        let (key, _) = twice.split_once(':').unwrap();
        assert!(text.contains(twice), "{twice}");
        place.write("receipt.json", &text.replacen(twice, &format!("{key}: 0, {twice}"), 1));
        let run = verify(&place, &[]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
        assert!(run.err.contains("appears twice in one object"), "{}", run.err);
    }
}

/// A receipt that depends on a proxy and on other certificates says so where it is relied on.
#[test]
fn a_proxy_and_extra_authorities_are_reported() {
    let place = with(|report| {
        let proxy = Proxy { variable: "HTTPS_PROXY".to_owned(), host: "proxy.example:8080".to_owned() };
        let trusted = Trusted { file: "ca.pem".to_owned(), sha256: "ab".repeat(32) };
        report.via = Via::of(Some(proxy), Some(trusted));
    });
    let shown = judged(&place, 0, &[]);
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("calls went through the proxy proxy.example:8080 (HTTPS_PROXY)"), "{shown}");
    assert!(shown.contains("trusted besides the built-in authorities: ca.pem"), "{shown}");
}

fn hold(report: &mut Report) {
    let one = report.findings.iter_mut().find(|finding| finding.verdict == Verdict::Pass).unwrap();
    one.verdict = Verdict::Unknown { reason: Reason::Unanswered };
    report.totals = Totals::count(&report.findings);
    report.stated = Stated::decision(Decision::Hold);
}

fn no_go(report: &mut Report) {
    report.findings[0].verdict = Verdict::Fail;
    report.totals = Totals::count(&report.findings);
    report.stated = Stated::decision(Decision::NoGo);
}

fn ago(report: &mut Report, time: &str) {
    report.made -= length(time);
    report.at = report.made;
}

fn length(text: &str) -> TimeDelta {
    let (number, unit) = text.split_at(text.len() - 1);
    let number = number.parse().unwrap();
    match unit {
        "m" => TimeDelta::minutes(number),
        _ => TimeDelta::hours(number),
    }
}

/// Each of these is sealed again, so that the digest fits and only the claim itself can refuse it.
#[rstest]
#[case::hold(&["same-findings", "says-go"], hold)]
#[case::no_go(&["same-findings", "says-go"], no_go)]
#[case::rehearsal(&["real-run", "says-go"], |r: &mut Report| r.rehearsal = Some(Rehearsal { scenario: Some("healthy".to_owned()) }))]
#[case::own_stand_in(&["real-run", "says-go"], |r: &mut Report| r.rehearsal = Some(Rehearsal { scenario: None }))]
#[case::replay(&["real-run", "says-go"], |r: &mut Report| r.replay = Some(Replay { recorded: r.at, sha256: "ab".repeat(32) }))]
#[case::part(&["whole-run", "says-go"], |r: &mut Report| r.only = vec!["cost".to_owned()])]
#[case::check_left_out(&["whole-run"], |r: &mut Report| {
    r.findings.remove(0);
    r.totals = Totals::count(&r.findings);
})]
#[case::check_made_up(&["same-findings"], |r: &mut Report| {
    r.findings.push(r.findings[0].clone());
    r.totals = Totals::count(&r.findings);
})]
#[case::severity(&["same-findings"], |r: &mut Report| r.findings[0].severity = greenlight::model::checklist::Severity::Info)]
#[case::set_aside(&["same-findings"], |r: &mut Report| {
    r.findings[0].verdict = Verdict::NotApplicable { reason: "it does not".to_owned() };
    r.totals = Totals::count(&r.findings);
})]
#[case::waived_without_a_waiver(&["same-findings"], |r: &mut Report| {
    r.findings[0].verdict = Verdict::Waived { until: r.at.date_naive() };
    r.totals = Totals::count(&r.findings);
})]
#[case::another_answer(&["same-findings"], |r: &mut Report| r.findings[0].recorded.as_mut().unwrap().by = "Eve".to_owned())]
#[case::for_longer(&["same-findings"], |r: &mut Report| {
    let recorded = r.findings[0].recorded.as_mut().unwrap();
    recorded.expires = recorded.expires + chrono::Days::new(1);
})]
#[case::too_old(&["fresh"], |r: &mut Report| ago(r, "25h"))]
#[case::future(&["fresh"], |r: &mut Report| ago(r, "-1h"))]
#[case::judged_for_another_time(&["fresh", "says-go"], |r: &mut Report| r.made -= length("1m"))]
#[case::old_and_judged_for_now(&["fresh", "says-go"], |r: &mut Report| r.made -= length("99h"))]
#[case::decision_flipped(&["consistent", "says-go"], |r: &mut Report| r.stated = Stated::decision(Decision::NoGo))]
#[case::flipped_to_go(&["consistent", "same-findings"], |r: &mut Report| {
    hold(r);
    r.stated = Stated::decision(Decision::Go);
})]
#[case::verdict_alone(&["consistent", "same-findings"], |r: &mut Report| r.findings[0].verdict = Verdict::Fail)]
#[case::totals(&["consistent"], |r: &mut Report| r.totals.pass += 1)]
#[case::later_schema(&["known-version"], |r: &mut Report| r.schema_version = 3)]
#[case::later_tool(&["known-version"], |r: &mut Report| r.tool.version = "99.0.0".to_owned())]
#[case::no_version(&["known-version"], |r: &mut Report| r.tool.version = "latest".to_owned())]
#[case::other_tool(&["known-version"], |r: &mut Report| r.tool.name = "amberlight".to_owned())]
#[case::inputs_left_out(&["same-files"], |r: &mut Report| r.inputs.clear())]
#[case::answers_left_out(&["same-files"], |r: &mut Report| r.inputs.retain(|input| input.path != "answers.toml"))]
#[case::evidence_left_out(&["same-files"], |r: &mut Report| r.inputs.retain(|input| input.path != "screen.txt"))]
#[case::digest_left_out(&["same-files"], |r: &mut Report| r.inputs.iter_mut().for_each(|input| input.sha256 = None))]
#[case::everything(&["known-version", "real-run", "fresh", "whole-run", "same-files", "says-go"], |r: &mut Report| {
    hold(r);
    r.tool.version = "99.0.0".to_owned();
    r.rehearsal = Some(Rehearsal { scenario: None });
    r.only = vec!["cost".to_owned()];
    ago(r, "100h");
    r.inputs[0].sha256 = Some("ab".repeat(32));
})]
fn a_receipt_is_refused(#[case] claims: &[&str], #[case] change: fn(&mut Report)) {
    judged(&with(change), 3, claims);
}

#[test]
fn a_no_go_that_is_relied_on_is_told_as_one() {
    let place = named(cleared());
    let answers = fs_err::read_to_string(place.path().join("answers.toml")).unwrap();
    let value = answers.lines().find(|line| line.starts_with("value = \"yes: all three\"")).unwrap();
    place.write("answers.toml", &answers.replacen(value, "value = \"no: one of them is not\"", 1));
    let report = report_now(&place, &[]);
    keep(&place, "receipt.json", &[&report]);
    assert_eq!(report.decided().decision(), Some(Decision::NoGo));
    judged(&place, 1, &["says-go"]);
}

#[test]
fn every_word_that_refuses_is_shown() {
    let place = with(|report| {
        hold(report);
        report.tool.version = "99.0.0".to_owned();
        report.inputs[0].sha256 = None;
        report.made -= length("99h");
    });
    insta::assert_snapshot!(dateless(&verify(&place, &[]).all()));
}

#[rstest]
#[case::skew_ahead("-4m", 0)]
#[case::beyond_skew("-6m", 3)]
#[case::not_yet("1439m", 0)]
#[case::past_it("1441m", 3)]
fn the_edges_of_fresh(#[case] time: &str, #[case] code: i32) {
    // Answered long enough ago to have counted then.
    let place = begun("wrapper");
    let made = now() - length(time);
    settle(&place, |mut answer| {
        let holds = answer.expires - answer.answered;
        answer.answered = (now() - length("72h")).date_naive();
        answer.expires = answer.answered + holds;
        Some(answer)
    });
    let report = report_at(&place, &made.to_rfc3339_opts(chrono::SecondsFormat::Secs, true), &[]);
    keep(&place, "receipt.json", &[&report]);
    let run = verify(&place, &[]);
    assert_eq!(run.code, code, "{}", run.all());
}

#[expect(clippy::disallowed_methods, reason = "what is run here asks the real clock as well")]
fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}

#[test]
fn how_old_a_receipt_may_be_is_chosen_within_reason() {
    let place = with(|report| ago(report, "2h"));
    let ages = [("1h", "fresh"), ("3h", ""), ("90m", "fresh"), ("10days", ""), ("30days", "")];
    for (age, claim) in ages {
        let run = verify(&place, &["--max-age", age, "--format", "json"]);
        let is_broken = broken(&run).contains(&"fresh".to_owned());
        assert_eq!(is_broken, claim == "fresh", "{age}: {}", run.all());
    }
    for age in ["0s", "soon", "31days", "500000years"] {
        assert_eq!(verify(&place, &["--max-age", age]).code, 2, "{age}");
    }
}

/// Edits by hand: the digest stays as it was.
#[rstest]
#[case::decision("/decision", json!("NO-GO"), &["intact", "consistent", "says-go"])]
#[case::words("/findings/0/seen", json!("all is well"), &["intact"])]
#[case::totals("/totals/pass", json!(99), &["intact", "consistent"])]
#[case::digest("/digest", json!("00"), &["intact"])]
#[case::unknown_field("/note", json!("trust me"), &["intact"])]
fn an_edit_by_hand_is_seen(#[case] pointer: &str, #[case] to: Value, #[case] claims: &[&str]) {
    let place = with(|_| ());
    let text = fs_err::read_to_string(place.path().join("receipt.json")).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    match value.pointer_mut(pointer) {
        Some(field) => *field = to,
        None => value[&pointer[1..]] = to,
    }
    place.write("receipt.json", &value.to_string());
    judged(&place, 3, claims);
}

#[test]
fn white_space_and_field_order_do_not_matter() {
    let place = with(|_| ());
    let text = fs_err::read_to_string(place.path().join("receipt.json")).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let turned: serde_json::Map<_, _> = value.as_object().unwrap().clone().into_iter().rev().collect();
    place.write("receipt.json", &format!("\u{feff}{}", Value::Object(turned)));
    judged(&place, 0, &[]);
}

/// An answer is valid at the time of the run, and not any more now.
#[test]
fn what_people_recorded_may_lapse_after_the_run() {
    let place = named(begun("wrapper"));
    let made = now() - length("26h");
    settle(&place, |mut answer| {
        let holds = answer.expires - answer.answered;
        answer.answered = (now() - length("72h")).date_naive();
        answer.expires = answer.answered + holds;
        if answer.check.as_str() == "wrapper.support" {
            answer.expires = (now() - length("24h")).date_naive();
        }
        Some(answer)
    });
    let report = report_at(&place, &made.to_rfc3339_opts(chrono::SecondsFormat::Secs, true), &[]);
    assert_eq!(report.decided().decision(), Some(Decision::Go));
    keep(&place, "receipt.json", &[&report]);
    let run = verify(&place, &["--max-age", "48h"]);
    assert_eq!(run.code, 3, "{}", run.all());
    let machine = verify(&place, &["--max-age", "48h", "--format", "json"]);
    assert_eq!(broken(&machine), ["in-force"], "{}", run.all());
    assert!(
        run.out.contains("wrapper.support: answered") && run.out.contains("greenlight answer"),
        "{}",
        run.out
    );
}

#[rstest]
#[case::toml("toml", "[project]\nname = \"x\"\n")]
#[case::sarif("sarif", "{\"version\": \"2.1.0\", \"runs\": []}")]
#[case::torn("torn", "{\"schema-version\": 1,\n  \"tool\": {")]
#[case::steering("steering", "{\"schema-version\": 1, \"\u{1b}[2J\": }")]
fn what_is_no_receipt_is_told(#[case] name: &str, #[case] text: &str) {
    let place = cleared();
    place.write("receipt.json", text);
    let run = verify(&place, &[]);
    assert_eq!(run.code, 2, "{}", run.all());
    insta::assert_snapshot!(format!("no_receipt_{name}"), run.all());
}

#[test]
fn no_file_and_no_project_are_told() {
    let place = with(|_| ());
    assert_eq!(ran(&mut place.greenlight(&["verify", "none.json"])).code, 2);
    assert_eq!(ran(&mut place.greenlight(&["verify"])).code, 2);
    assert_eq!(verify(&place, &["--project", "a", "--project", "b"]).code, 2);
    fs_err::remove_file(place.path().join("greenlight.toml")).unwrap();
    let none = verify(&place, &[]);
    assert!(none.code == 2 && none.out.is_empty(), "{}", none.all());
}

#[test]
fn what_no_file_can_tell_is_said() {
    let help = ran(&mut crate::support::greenlight(&["verify", "--help"])).out;
    assert!(help.contains("No file can prove that the replies were real"), "{help}");
}

/// The command that is proposed is pasted into a shell.
#[test]
fn the_command_to_check_again_is_quoted() {
    let place = named(cleared());
    keep(&place, "$(touch x) y.json", &[&report_now(&place, &[])]);
    place.edit("[project]", "# changed\n[project]");
    let told = ran(&mut place.greenlight(&["verify", "$(touch x) y.json"]));
    assert!(told.out.contains("greenlight check --report json='$(touch x) y.json'"), "{}", told.all());
}

#[test]
fn the_command_that_shows_the_mistakes_is_quoted() {
    let place = named(cleared());
    keep(&place, "receipt.json", &[&report_now(&place, &[])]);
    place.write("a $(b).toml", &place.project().replace("[failure]", "[failures]"));
    let told = ran(&mut place.greenlight(&["verify", "receipt.json", "--project", "a $(b).toml"]));
    assert!(told.out.contains("`greenlight lint 'a $(b).toml'` shows them"), "{}", told.all());
}
