//! A receipt as a deploy job meets it: what is relied on, and everything that is not.

use greenlight::model::{
    decision::{Decision, Stated},
    report::{Rehearsal, Replay, Report, Totals},
    verdict::{Reason, Verdict},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    answers::{begun, settle, settled},
    support::{
        NOW, Ran, Sample, ran,
        receipts::{keep, named, report},
    },
};

fn verify(place: &Sample, args: &[&str]) -> Ran {
    ran(place.greenlight(&["verify", "receipt.json", "--at", NOW]).args(args))
}

/// The claims that do not hold.
fn broken(run: &Ran) -> Vec<String> {
    let verification = run.json();
    let claims =
        verification["reports"].as_array().unwrap().iter().flat_map(|one| one["claims"].as_array().unwrap());
    let broken = claims.filter(|claim| claim["holds"] == false);
    broken.map(|claim| claim["claim"].as_str().unwrap().to_owned()).collect()
}

/// A cleared project with its receipt, changed and sealed again.
fn with(change: impl Fn(&mut Report)) -> Sample {
    let place = named(settled());
    let mut report = report(&place, &[]);
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

#[test]
fn a_good_receipt_clears() {
    insta::assert_snapshot!(judged(&with(|_| ()), 0, &[]));
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the binary asks the real clock, so the answers must be of today"
)]
fn a_receipt_of_now_clears_by_the_real_clock_without_a_key_or_a_call() {
    for route in ["app", "wrapper"] {
        let place = begun(route);
        let today = chrono::Utc::now().date_naive();
        settle(&place, |mut answer| {
            answer.expires = today + (answer.expires - answer.answered);
            answer.answered = today;
            for evidence in &mut answer.evidence {
                if let greenlight::model::answer::Evidence::Url { read, .. } = evidence {
                    *read = today;
                }
            }
            Some(answer)
        });
        let checked = ran(&mut place.greenlight(&["check", "--format", "json"]));
        assert_eq!(checked.code, 0, "{}", checked.all());
        place.write("receipt.json", &checked.out);
        let run = ran(&mut place.greenlight(&["verify", "receipt.json"]));
        assert_eq!(run.code, 0, "{}", run.all());
        let later = ran(&mut place.greenlight(&["check", "--format", "json", "--at", "2026-11-22"]));
        place.write("receipt.json", &later.out);
        let what_if = ran(&mut place.greenlight(&["verify", "receipt.json", "--at", "2026-11-22"]));
        assert_eq!(what_if.code, 3, "judged for another time: {}", what_if.all());
    }
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
    report.made -= humantime(time);
    report.at = report.made;
}

fn humantime(text: &str) -> chrono::TimeDelta {
    let (number, unit) = text.split_at(text.len() - 1);
    let number = number.parse().unwrap();
    match unit {
        "s" => chrono::TimeDelta::seconds(number),
        "m" => chrono::TimeDelta::minutes(number),
        _ => chrono::TimeDelta::hours(number),
    }
}

/// Each of these is sealed again, so that the digest fits and only the claim itself can refuse it.
#[rstest]
#[case::hold("hold", 3, &["says-go"], hold)]
#[case::no_go("no-go", 1, &["says-go"], no_go)]
#[case::rehearsal("rehearsal", 3, &["real-run", "says-go"], |r: &mut Report| {
    r.rehearsal = Some(Rehearsal { scenario: Some("healthy".to_owned()) });
})]
#[case::own_stand_in("own-stand-in", 3, &["real-run", "says-go"], |r: &mut Report| r.rehearsal = Some(Rehearsal { scenario: None }))]
#[case::replay("replay", 3, &["real-run", "says-go"], |r: &mut Report| {
    r.replay = Some(Replay { recorded: r.at, sha256: "ab".repeat(32) });
})]
#[case::part("part", 3, &["whole-run", "says-go"], |r: &mut Report| r.only = vec!["cost".to_owned()])]
#[case::check_left_out("check-left-out", 3, &["whole-run"], |r: &mut Report| {
    r.findings.remove(0);
    r.totals = Totals::count(&r.findings);
})]
#[case::too_old("too-old", 3, &["fresh"], |r: &mut Report| ago(r, "25h"))]
#[case::future("future", 3, &["fresh"], |r: &mut Report| ago(r, "-1h"))]
#[case::judged_for_another_time("what-if", 3, &["fresh", "says-go"], |r: &mut Report| r.made -= humantime("1h"))]
#[case::old_and_judged_for_now("old-what-if", 3, &["fresh", "says-go"], |r: &mut Report| r.made -= humantime("99h"))]
#[case::decision_flipped("decision-flipped", 3, &["consistent", "says-go"], |r: &mut Report| r.stated = Stated::decision(Decision::NoGo))]
#[case::flipped_to_go("flipped-to-go", 3, &["consistent"], |r: &mut Report| {
    hold(r);
    r.stated = Stated::decision(Decision::Go);
})]
#[case::verdict_alone("verdict-alone", 3, &["consistent"], |r: &mut Report| r.findings[0].verdict = Verdict::Fail)]
#[case::totals("totals", 3, &["consistent"], |r: &mut Report| r.totals.pass += 1)]
#[case::later_schema("later-schema", 3, &["known-version"], |r: &mut Report| r.schema_version = 3)]
#[case::later_tool("later-tool", 3, &["known-version"], |r: &mut Report| r.tool.version = "99.0.0".to_owned())]
#[case::no_version("no-version", 3, &["known-version"], |r: &mut Report| r.tool.version = "latest".to_owned())]
#[case::other_tool("other-tool", 3, &["known-version"], |r: &mut Report| r.tool.name = "amberlight".to_owned())]
#[case::no_go_of_a_rehearsal("no-go-rehearsal", 3, &["real-run", "says-go"], |r: &mut Report| {
    no_go(r);
    r.rehearsal = Some(Rehearsal { scenario: None });
})]
#[case::everything("everything", 3, &["known-version", "real-run", "whole-run", "fresh", "same-files", "says-go"], |r: &mut Report| {
    hold(r);
    r.tool.version = "99.0.0".to_owned();
    r.rehearsal = Some(Rehearsal { scenario: None });
    r.only = vec!["cost".to_owned()];
    ago(r, "100h");
    r.inputs[0].sha256 = "ab".repeat(32);
})]
fn a_receipt_is_refused(
    #[case] name: &str,
    #[case] code: i32,
    #[case] claims: &[&str],
    #[case] change: fn(&mut Report),
) {
    insta::assert_snapshot!(format!("refused_{name}"), judged(&with(change), code, claims));
}

#[rstest]
#[case::skew_ahead("-5m", 0)]
#[case::beyond_skew("-301s", 3)]
#[case::last_moment("24h", 0)]
#[case::past_it("86401s", 3)]
fn the_edges_of_fresh(#[case] time: &str, #[case] code: i32) {
    let run = verify(&with(|report| ago(report, time)), &[]);
    assert_eq!(run.code, code, "{}", run.all());
}

#[test]
fn how_old_a_receipt_may_be_is_chosen() {
    let place = with(|report| ago(report, "2h"));
    for (age, code) in
        [("1h", 3), ("2h", 0), ("90m", 3), ("10days", 0), ("0s", 2), ("soon", 2), ("500000years", 0)]
    {
        let run = verify(&place, &["--max-age", age]);
        assert_eq!(run.code, code, "{age}: {}", run.all());
    }
}

/// Edits by hand: the digest stays as it was.
#[rstest]
#[case::decision("/decision", json!("NO-GO"), &["intact", "consistent", "says-go"])]
#[case::verdict("/findings/0/seen", json!("all is well"), &["intact"])]
#[case::totals("/totals/pass", json!(99), &["intact", "consistent"])]
#[case::time("/made", json!("2026-11-22T10:05:00Z"), &["intact", "consistent", "says-go"])]
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
fn blanks_and_the_order_of_fields_say_nothing() {
    let place = with(|_| ());
    let text = fs_err::read_to_string(place.path().join("receipt.json")).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let turned: serde_json::Map<_, _> = value.as_object().unwrap().clone().into_iter().rev().collect();
    place.write("receipt.json", &format!("\u{feff}{}", Value::Object(turned)));
    judged(&place, 0, &[]);
}

#[rstest]
#[case::project("project", |place: &Sample| { place.edit("[failure]", "# later\n[failure]"); })]
#[case::answer("answer", |place: &Sample| {
    let answers = fs_err::read_to_string(place.path().join("answers.toml")).unwrap();
    place.write("answers.toml", &answers.replacen("by = \"Ann\"", "by = \"Bob\"", 1));
})]
#[case::answers_gone("answers-gone", |place: &Sample| fs_err::remove_file(place.path().join("answers.toml")).unwrap())]
#[case::catalogue_new("catalogue-new", |place: &Sample| {
    place.write("prices.toml", "id = \"own\"\nreviewed = 2026-11-01\n");
    place.edit("[failure]", "catalogues = [\"prices.toml\"]\n\n[failure]");
})]
fn files_that_changed(#[case] name: &str, #[case] change: fn(&Sample)) {
    let place = with(|_| ());
    change(&place);
    insta::assert_snapshot!(format!("files_{name}"), judged(&place, 3, &["same-files"]));
}

const OWN: &str = r#"
id = "own"
reviewed = 2026-11-22

[[check]]
id = "own.retries-set"
row = "failure-policy"
title = "retries set"
severity = "block"
why = "It was agreed."
fix = "Set them."
source = { url = "https://example.com/contract", as-of = 2026-11-01 }
question = { ask = "Are they set?", type = "yes-no", pass = ["yes"], evidence = "url", valid-for = "90d" }
"#;

#[test]
fn another_checklist_is_another_judgement() {
    let place = begun("wrapper");
    place.write("own.toml", OWN).edit("[failure]", "checklists = [\"own.toml\"]\n\n[failure]");
    settle(&place, Some);
    keep(&place, "receipt.json", &[&report(&place, &[])]);
    judged(&place, 0, &[]);
    place.write("own.toml", &OWN.replace("It was agreed.", "It was agreed again."));
    let table = judged(&place, 3, &["same-files"]);
    assert!(table.contains("own.toml changed"), "{table}");
    place.write("own.toml", &OWN.replace("own.retries-set", "own.other"));
    judged(&place, 3, &["whole-run", "same-files"]);
}

#[test]
fn what_people_recorded_may_lapse_after_the_run() {
    let place = with(|report| {
        let answered = report.findings.iter_mut().find(|finding| finding.recorded.is_some()).unwrap();
        answered.recorded.as_mut().unwrap().expires = report.at.date_naive();
    });
    judged(&place, 0, &[]);
    let tomorrow = ran(&mut place.greenlight(&["verify", "receipt.json", "--at", "2026-11-23"]));
    assert_eq!(tomorrow.code, 3, "{}", tomorrow.all());
    insta::assert_snapshot!(tomorrow.all());
    let waived = with(|report| {
        report.findings[0].verdict = Verdict::Waived { until: "2026-11-21".parse().unwrap() };
        report.totals = Totals::count(&report.findings);
    });
    assert!(judged(&waived, 3, &["in-force"]).contains("waiver of"));
}

/// Two projects in folders of their own below a third.
fn two() -> (Sample, [Report; 2]) {
    let place = named(settled());
    for folder in ["a", "b"] {
        fs_err::create_dir(place.path().join(folder)).unwrap();
        for file in ["greenlight.toml", "answers.toml", "screen.txt"] {
            fs_err::copy(place.path().join(file), place.path().join(folder).join(file)).unwrap();
        }
    }
    let text = place.project();
    place.write("b/greenlight.toml", &format!("# the other one\n{text}"));
    let reports = ["a", "b"].map(|folder| report(&place, &["--project", folder]));
    keep(&place, "receipt.json", &[&reports[0], &reports[1]]);
    (place, reports)
}

#[test]
fn a_receipt_of_several_projects_is_verified_for_each() {
    let (place, _) = two();
    let both = verify(&place, &[]);
    assert_eq!(both.code, 0, "{}", both.all());
    assert!(both.out.contains("2 of 2 projects cleared"), "{}", both.out);
    place.write("a/answers.toml", "");
    let (all, one, other) =
        (verify(&place, &[]), verify(&place, &["--project", "a"]), verify(&place, &["--project", "b"]));
    assert_eq!((all.code, one.code, other.code), (3, 3, 0), "{}", all.all());
    insta::assert_snapshot!(all.all());
    let nowhere = verify(&place, &["--project", "b", "--project", "nowhere"]);
    assert_eq!(nowhere.code, 2, "{}", nowhere.all());
}

#[test]
fn a_project_that_is_not_in_the_receipt_holds() {
    let (place, _) = two();
    place.write("greenlight.toml", &place.project().replacen("name = \"", "name = \"Another ", 1));
    let run = verify(&place, &["--project", "b", "--project", "greenlight.toml"]);
    assert_eq!(run.code, 3, "{}", run.all());
    insta::assert_snapshot!(run.all());
}

#[test]
fn the_file_may_not_say_better_than_its_reports() {
    let (place, [one, mut other]) = two();
    hold(&mut other);
    let other = other.sealed();
    keep(&place, "receipt.json", &[&one, &other]);
    let text = fs_err::read_to_string(place.path().join("receipt.json")).unwrap();
    place.write("receipt.json", &text.replacen("\"decision\": \"HOLD\"", "\"decision\": \"GO\"", 1));
    let run = verify(&place, &["--project", "a", "--format", "json"]);
    assert_eq!((run.code, broken(&run)), (3, vec!["consistent".to_owned()]), "{}", run.all());
}

#[test]
fn a_file_of_no_reports_clears_nothing() {
    let place = settled();
    place.write("receipt.json", "{\"schema-version\": 1, \"decision\": \"GO\", \"reports\": []}");
    let run = verify(&place, &[]);
    assert_eq!(run.code, 3, "{}", run.all());
}

#[rstest]
#[case::toml("toml", "[project]\nname = \"x\"\n")]
#[case::sarif("sarif", "{\"version\": \"2.1.0\", \"runs\": []}")]
#[case::torn("torn", "{\"schema-version\": 1,\n  \"tool\": {")]
#[case::steering("steering", "{\"schema-version\": 1, \"\u{1b}[2J\": }")]
fn what_is_no_receipt_is_told(#[case] name: &str, #[case] text: &str) {
    let place = settled();
    place.write("receipt.json", text);
    let run = verify(&place, &[]);
    assert_eq!(run.code, 2, "{}", run.all());
    insta::assert_snapshot!(format!("no_receipt_{name}"), run.all());
}

#[test]
fn no_file_no_project_and_a_wrong_project_are_told() {
    let place = with(|_| ());
    assert_eq!(ran(&mut place.greenlight(&["verify", "none.json"])).code, 2);
    assert_eq!(ran(&mut place.greenlight(&["verify"])).code, 2);
    assert_eq!(verify(&place, &["--project", "a", "--project", "b"]).code, 2);
    place.edit("[failure]", "[failures]");
    let wrong = verify(&place, &[]);
    assert!(wrong.code == 2 && wrong.err.contains("failures"), "{}", wrong.all());
}
