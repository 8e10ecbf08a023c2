//! How far a person's word counts: whose page it cites, when the page was read, who said that a question does not apply
//! and for how long, and what was asked.

use greenlight::model::answer::{Answer, AnswerValue, Evidence};
use rstest::rstest;

use super::{answers, begun, check_at, day, settle, settled, told};
use crate::support::{NOW, Sample, finding, ran};

/// A project of this route in which the answer to one check is changed; every other is good.
fn changed(place: Sample, check: &str, change: impl Fn(&mut Answer)) -> Sample {
    settle(&place, |mut answer| {
        if answer.check.as_str() == check {
            change(&mut answer);
        }
        Some(answer)
    });
    place
}

fn page(url: &str, read: &str) -> Vec<Evidence> {
    vec![Evidence::Url { url: url.to_owned(), read: day(read), clause: None, passage: None }]
}

/// A project that asks text-to-video of a model named as a preview.
fn preview() -> Sample {
    let place = begun("api");
    place.edit("model = \"grok-imagine-video\"", "model = \"grok-imagine-video-1.5-preview\"");
    place
}

/// The row of a check on one line.
fn row(ran: &crate::support::Ran, title: &str) -> String {
    told(ran, title).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[rstest]
#[case::of_the_owner(
    "https://docs.x.ai/developers/models/grok-imagine-video-1.5-preview",
    "2026-11-21",
    None
)]
#[case::as_browsers_read_it("https://DOCS.X.AI.:443/a", "2026-11-21", None)]
#[case::on_its_last_day("https://docs.x.ai/a", "2026-10-23", None)]
#[case::of_someone_else("http://evil.example/blog", "2026-11-21", Some("it is not an https:// address"))]
#[case::of_someone_else_in_disguise(
    "https://evil.example/docs.x.ai",
    "2026-11-21",
    Some("it is at `evil.example`")
)]
#[case::of_the_same_company("https://x.ai/news", "2026-11-21", Some("it is at `x.ai`"))]
#[case::in_the_open("http://docs.x.ai/a", "2026-11-21", Some("it is not an https:// address"))]
#[case::at_a_longer_name(
    "https://docs.x.ai.evil.example/",
    "2026-11-21",
    Some("it is at `docs.x.ai.evil.example`")
)]
#[case::at_a_name_before("https://evildocs.x.ai/", "2026-11-21", Some("it is at `evildocs.x.ai`"))]
#[case::at_another_port("https://docs.x.ai:8443/", "2026-11-21", Some("it is at port 8443 of `docs.x.ai`"))]
#[case::in_other_letters("https://d\u{43e}cs.x.ai/", "2026-11-21", Some("it is at `xn--dcs-sed.x.ai`"))]
#[case::read_too_long_ago(
    "https://docs.x.ai/a",
    "2026-10-22",
    Some("it was read on 2026-10-22, and a reading counts for 30 days")
)]
#[case::read_in_another_century("https://docs.x.ai/a", "1999-01-01", Some("it was read on 1999-01-01"))]
#[case::signed(
    "https://docs.x.ai/a?sig=Zm9v",
    "2026-11-21",
    Some(
        "its address contains a credential (sig); record it without, and revoke the credential if it was shared"
    )
)]
#[case::read_tomorrow(
    "https://docs.x.ai/a",
    "2026-11-23",
    Some("with a page read on 2026-11-23, which is after 2026-11-22")
)]
#[case::read_in_another_millennium(
    "https://docs.x.ai/a",
    "2999-01-01",
    Some("read on 2999-01-01, which is after")
)]
fn the_stop_rule_rests_on_the_owners_page(
    #[case] url: &str,
    #[case] read: &str,
    #[case] wrong: Option<&str>,
) {
    let place = changed(preview(), "api.preview-not-default", |answer| answer.evidence = page(url, read));
    let ran = ran(&mut place.greenlight(&["check", "--rehearse", "--at", NOW, "--format", "json"]));
    let report = ran.json();
    let found = finding(&report, "api.preview-not-default", None);
    let seen = found["seen"].as_str().unwrap();
    match wrong {
        None => assert_eq!(found["verdict"], "pass", "{seen}"),
        Some(why) => {
            assert_eq!((ran.code, found["verdict"].as_str()), (1, Some("fail")), "{seen}");
            assert!(seen.contains("confirmation: ") && seen.contains(why), "{seen}");
        }
    }
}

#[test]
fn a_foreign_page_is_refused_before_it_is_written() {
    let place = preview();
    let args = ["answer", "api.preview-not-default", "--value", "yes", "--by", "Ann", "--evidence"];
    let told = ran(place.greenlight(&args).arg("https://docs.x.ai.evil.example/"));
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.all());
    let says = "error: cannot use `https://docs.x.ai.evil.example/` as evidence: it is at \
                `docs.x.ai.evil.example`; it must be docs.x.ai\n";
    assert_eq!(told.err, says);
    assert!(!place.path().join("answers.toml").exists());
    // Next to evidence that counts it is allowed, and is shown.
    let both =
        place.greenlight(&args).args(["https://evil.example/", "--evidence", "https://docs.x.ai/a"]).output();
    let both = String::from_utf8(both.unwrap().stdout).unwrap();
    assert!(
        both.contains("`https://evil.example/` as evidence does not count: it is at `evil.example`"),
        "{both}"
    );
}

#[rstest]
#[case::its_own("fal", "https://fal.ai/legal", None)]
#[case::below_its_own("fal", "https://trust.fal.ai/", None)]
#[case::another_providers(
    "fal",
    "https://replicate.com/docs",
    Some("it is at `replicate.com`; it must be fal.ai")
)]
#[case::the_model_owners("fal", "https://docs.x.ai/a", Some("it is at `docs.x.ai`; it must be fal.ai"))]
#[case::of_anyone("fal", "https://blog.example/fal", Some("it is at `blog.example`; it must be fal.ai"))]
#[case::a_strangers("acme", "https://acme.example/terms", None)]
#[case::known_to_be_anothers(
    "acme",
    "https://fal.ai/legal",
    Some("it is at `fal.ai`; it must be the provider's own site")
)]
#[case::known_to_be_the_model_owners(
    "acme",
    "https://docs.x.ai/",
    Some("it is at `docs.x.ai`; it must be the provider's")
)]
fn a_provider_speaks_for_itself(#[case] provider: &str, #[case] url: &str, #[case] wrong: Option<&str>) {
    let place = begun("wrapper");
    place.edit("provider = \"acme\"", &format!("provider = \"{provider}\""));
    let place = changed(place, "wrapper.refunds", |answer| answer.evidence = page(url, "2026-11-21"));
    let ran = check_at(&place, NOW);
    let row = row(&ran, "refunds");
    // Without its key, a provider with a pack is a NO-GO in any case.
    let code = if wrong.is_some() { 3 } else { 0 };
    assert_eq!(ran.code, if provider == "acme" { code } else { 1 }, "{}", ran.all());
    assert!(row.contains(wrong.unwrap_or("refunded, by Ann")), "{row}");
}

#[test]
fn an_answer_ends_with_what_was_read_for_it() {
    let place = changed(begun("wrapper"), "wrapper.refunds", |answer| {
        answer.evidence = page("https://acme.example/a", "2026-09-01");
    });
    // Answered on 2026-11-21 for 90 days, from a page read 81 days before.
    assert!(row(&check_at(&place, NOW), "refunds").contains("expires in 8 days"));
    assert_eq!(check_at(&place, "2026-11-30").code, 3);
    let due = ran(&mut place.greenlight(&["due", "--at", NOW, "--within", "8d"])).out;
    assert!(due.contains("2026-11-30") && due.contains("answer wrapper.refunds, by Ann"), "{due}");
}

const REASON: &str = "the test account is free";

#[rstest]
#[case::a_letter("x", "Ann", "2027-02-19", "has no reason")]
#[case::a_word("because", "Ann", "2027-02-19", "has no reason")]
#[case::a_row_of_letters("x x x x x x x x x x", "Ann", "2027-02-19", "has no reason")]
#[case::nothing_to_be_seen(
    "\u{3164}\u{3164} \u{3164}\u{200b} \u{ffa0}\u{115f}",
    "Ann",
    "2027-02-19",
    "has no reason"
)]
#[case::without_a_name(REASON, "\u{3164}", "2027-02-19", "has no name")]
#[case::by_a_joiner(REASON, "\u{200d}", "2027-02-19", "has no name")]
#[case::a_day_too_long(
    REASON,
    "Ann",
    "2027-02-20",
    "runs from 2026-11-21 to 2027-02-20, longer than the 90 days it may"
)]
#[case::for_ever(REASON, "Ann", "9999-12-31", "longer than the 90 days it may")]
fn not_applicable_needs_a_reason_a_name_and_an_end(
    #[case] reason: &str,
    #[case] by: &str,
    #[case] until: &str,
    #[case] says: &str,
) {
    let place = changed(begun("wrapper"), "wrapper.refunds", |answer| {
        answer.value = AnswerValue::NotApplicable(reason.to_owned());
        by.clone_into(&mut answer.by);
        answer.expires = day(until);
    });
    let ran = check_at(&place, NOW);
    assert_eq!(ran.code, 3, "{}", ran.all());
    let row = row(&ran, "refunds");
    assert!(row.starts_with("? UNKNOWN refunds") && row.contains(says), "{row}");
}

#[test]
fn a_question_that_holds_for_half_a_year_is_set_aside_for_ninety_days() {
    let place = begun("api");
    let args = ["answer", "api.terminal-states", "--not-applicable", REASON, "--answered", "2026-11-20"];
    let told = ran(place.greenlight(&args).args(["--by", "Ann"]));
    assert_eq!(told.out, format!("Recorded api.terminal-states: n/a by Ann until 2027-02-18: {REASON}\n"));
    let told = ran(place.greenlight(&args).args(["--by", "Ann", "--expires", "91d"]));
    assert!(
        told.err.contains("this question is set aside for at most 90 days, until 2027-02-18"),
        "{}",
        told.err
    );
    let told = ran(place.greenlight(&args).env("USER", "runner"));
    assert!(told.err.contains("pass `--by NAME` too: a skipped question needs a name"), "{}", told.err);
    // As earlier versions recorded it: for as long as an answer would have been valid.
    let text = answers(&place).replace("2027-02-18", "2027-05-19");
    let ran = ran(&mut place.write("answers.toml", &text).greenlight(&["check", "--offline", "--at", NOW]));
    assert!(row(&ran, "terminal states").contains("longer than the 90 days it may"), "{}", ran.out);
}

#[rstest]
#[case("table")]
#[case("markdown")]
#[case("json")]
#[case("junit")]
#[case("tap")]
#[case("sarif")]
#[case("github")]
#[case("nagios")]
#[case("prometheus")]
#[case("in-toto")]
fn every_format_says_who_set_a_question_aside_and_until_when(#[case] format: &str) {
    let place = changed(begun("wrapper"), "wrapper.refunds", |answer| {
        answer.value = AnswerValue::NotApplicable(REASON.to_owned());
    });
    let ran = ran(&mut place.greenlight(&["check", "--at", NOW, "--format", format]));
    assert_eq!(ran.code, 0, "{}", ran.all());
    assert!(ran.out.contains("n/a by Ann until 2027-02-19"), "{}", ran.out);
}

/// What earlier versions recorded: one answer to a question of each type.
fn recorded_before() -> Sample {
    let place = Sample::empty();
    let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/recorded/v1");
    for name in ["greenlight.toml", "own.toml", "answers.toml"] {
        fs_err::copy(from.join(name), place.path().join(name)).unwrap();
    }
    place
}

/// Each of the project's own checks, with its verdict and what was seen.
fn own(place: &Sample) -> Vec<(String, String, String)> {
    let report = ran(&mut place.greenlight(&["check", "--at", NOW, "--format", "json"])).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let all = report["findings"].as_array().unwrap();
    let own = all.iter().filter(|found| found["check"].as_str().unwrap().starts_with("own."));
    own.map(|found| (text(&found["check"]), text(&found["verdict"]), text(&found["seen"]))).collect()
}

#[test]
fn what_was_recorded_before_counts_where_the_question_is_the_same() {
    let found = own(&recorded_before());
    assert_eq!(found.len(), 7);
    for (check, verdict, seen) in found {
        // A price that names no shots can't be compared with a budget for them.
        let wanted = if check == "own.money" { "unknown" } else { "pass" };
        assert_eq!(verdict, wanted, "{check}: {seen}");
        assert_eq!(seen.contains("but not for which shots"), check == "own.money", "{seen}");
    }
}

fn question(place: &Sample, old: &str, new: &str) {
    let text = fs_err::read_to_string(place.path().join("own.toml")).unwrap();
    assert!(text.contains(old), "{old}");
    place.write("own.toml", &text.replace(old, new));
}

#[rstest]
#[case::wording("Which one?", "Which of them?", "the question was reworded since")]
#[case::choices("\"red\", ", "\"red\", \"grey\", ", "the question was reworded since")]
#[case::passes(
    "pass = [\"green\", \"blue\"]",
    "pass = [\"blue\", \"green\"]",
    "the question was reworded since"
)]
#[case::meaning(
    "evidence = \"any\"",
    "evidence = \"any\", revision = 2",
    "the question's meaning changed with revision 2"
)]
fn what_was_recorded_before_is_stale_where_it_is_not(
    #[case] old: &str,
    #[case] new: &str,
    #[case] says: &str,
) {
    let place = recorded_before();
    question(&place, old, new);
    let found = own(&place);
    let (check, verdict, seen) = &found[1];
    assert_eq!((check.as_str(), verdict.as_str()), ("own.choice", "unknown"), "{seen}");
    assert!(seen.contains(says), "{seen}");
    assert!(found.iter().filter(|(_, verdict, _)| verdict == "pass").count() == 5, "{found:?}");
}

/// The same answers, recorded by this version.
fn recorded_anew() -> Sample {
    let place = recorded_before();
    let args = [
        "answer",
        "own.choice",
        "--value",
        "green",
        "--evidence",
        "quote:the page says it is green",
        "--by",
        "Ann",
    ];
    let told = ran(place.greenlight(&args).args(["--answered", "2026-11-21"]));
    assert_eq!(told.code, 0, "{}", told.all());
    place
}

#[rstest]
#[case::wording("Which one?", "Which of these colours is it?", "pass")]
#[case::order("[\"red\", \"green\", \"blue\"]", "[\"blue\", \"green\", \"red\"]", "pass")]
#[case::layout("\"green\", \"blue\"]", "\" green\", \"blue\"]", "pass")]
#[case::how_long_it_holds(
    "evidence = \"any\", valid-for = \"90d\"",
    "evidence = \"any\", valid-for = \"30d\"",
    "pass"
)]
#[case::whose_pages("evidence = \"any\"", "evidence = \"any\", evidence-hosts = [\"example.com\"]", "pass")]
#[case::a_choice_more("\"red\", ", "\"red\", \"grey\", ", "unknown")]
#[case::less_passes("pass = [\"green\", \"blue\"]", "pass = [\"green\"]", "unknown")]
#[case::other_evidence("evidence = \"any\"", "evidence = \"quote\"", "unknown")]
#[case::meaning("evidence = \"any\"", "evidence = \"any\", revision = 2", "unknown")]
fn an_answer_outlives_a_better_wording_alone(#[case] old: &str, #[case] new: &str, #[case] verdict: &str) {
    let place = recorded_anew();
    question(&place, old, new);
    let (_, found, seen) = own(&place).remove(1);
    assert_eq!(found, verdict, "{seen}");
}

#[test]
fn a_digest_belongs_to_its_check_and_one_of_tomorrow_is_told() {
    let place = recorded_anew();
    let digest = |check: &str| {
        let loaded = super::loaded(&place);
        loaded.checklist.check(check).unwrap().decider.question().unwrap().digest.clone()
    };
    assert_ne!(digest("own.text"), digest("own.number"));
    assert_ne!(digest("own.text"), digest("own.date"));
    let text = answers(&place).replace("question = \"v2:", "question = \"v3:");
    place.write("answers.toml", &text);
    let (_, verdict, seen) = own(&place).remove(1);
    assert_eq!(verdict, "unknown");
    assert!(seen.contains("in a form that this version does not know"), "{seen}");
}

#[test]
fn a_good_project_is_still_a_good_project() {
    assert_eq!(check_at(&settled(), NOW).code, 0);
}
