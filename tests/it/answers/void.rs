//! Every way in which an answer stops counting, as a reader of the table sees it.

use greenlight::model::{
    answer::{Answer, AnswerValue, Evidence},
    id::CheckId,
    route::Route,
};
use rstest::rstest;

use super::{SCREEN, answers, begun, check_at, day, settle, settled, told};
use crate::support::{NOW, Sample, ran};

/// The check whose answer is spoiled; all other answers are good.
const CHECK: &str = "wrapper.refunds";
const TITLE: &str = "refunds";

fn spoilt(spoil: fn(&mut Answer)) -> Sample {
    let place = begun("wrapper");
    settle(&place, |mut answer| {
        if answer.check.as_str() == CHECK {
            spoil(&mut answer);
        }
        Some(answer)
    });
    place
}

#[rstest]
#[case::expired("expired", 3, |answer: &mut Answer| answer.expires = day("2026-11-21"))]
#[case::longer_than_its_question_allows("over-long", 3, |answer: &mut Answer| {
    (answer.answered, answer.expires) = (day("2026-08-23"), day("2036-01-01"));
})]
#[case::reworded("reworded", 3, |answer: &mut Answer| answer.question = "0123456789abcdef".to_owned())]
#[case::of_another_provider("provider", 3, |answer: &mut Answer| answer.scope.provider = "other".to_owned())]
#[case::of_another_route("route", 3, |answer: &mut Answer| answer.scope.route = Route::Api)]
#[case::of_another_account("account", 3, |answer: &mut Answer| answer.scope.account = Some("team-1".to_owned()))]
#[case::from_the_future("future", 3, |answer: &mut Answer| {
    (answer.answered, answer.expires) = (day("2026-11-23"), day("2026-12-23"));
})]
#[case::without_evidence("no-evidence", 3, |answer: &mut Answer| answer.evidence.clear())]
#[case::with_other_evidence("other-evidence", 3, |answer: &mut Answer| {
    answer.evidence = vec![Evidence::Quote { words: "they refund it all".to_owned(), read: day("2026-11-21"), clause: None }];
})]
#[case::with_other_words_than_were_read("other-words", 3, |answer: &mut Answer| {
    let read = day("2026-11-21");
    let passage = Some(greenlight::model::said::passage("a failed job is refunded in full"));
    let page = Evidence::Url { url: "https://example.com/page".to_owned(), read, clause: None, passage };
    answer.evidence = vec![page, Evidence::Quote { words: "a failed job is never refunded".to_owned(), read, clause: None }];
})]
#[case::with_the_words_laid_out_anew("same-words", 0, |answer: &mut Answer| {
    let read = day("2026-11-21");
    let passage = Some(greenlight::model::said::passage("a failed job is refunded in full"));
    let clause = Some("7.2 Fees".to_owned());
    let page = Evidence::Url { url: "https://example.com/page".to_owned(), read, clause, passage };
    answer.evidence = vec![page, Evidence::Quote { words: "a failed job\n is refunded  in full".to_owned(), read, clause: None }];
})]
#[case::that_does_not_pass("refuted", 1, |answer: &mut Answer| answer.value = AnswerValue::Text("vague or no answer".to_owned()))]
#[case::of_a_wrong_kind("wrong-kind", 1, |answer: &mut Answer| answer.value = AnswerValue::Text("Refunded".to_owned()))]
#[case::that_does_not_arise("not-applicable", 0, |answer: &mut Answer| {
    answer.value = AnswerValue::NotApplicable("the test account is free".to_owned());
})]
#[case::on_its_last_day("last-day", 0, |answer: &mut Answer| answer.expires = day("2026-11-22"))]
fn an_answer(#[case] name: &str, #[case] code: i32, #[case] spoil: fn(&mut Answer)) {
    let ran = check_at(&spoilt(spoil), NOW);
    assert_eq!(ran.code, code, "{}", ran.all());
    insta::assert_snapshot!(format!("void_{name}"), told(&ran, TITLE));
}

fn remove(place: &Sample) {
    fs_err::remove_file(place.path().join("screen.txt")).unwrap();
}

#[rstest]
#[case::edited("edited", |place: &Sample| { place.write("screen.txt", "something else"); })]
#[case::removed("removed", remove)]
#[case::replaced_by_a_folder("folder", |place: &Sample| {
    remove(place);
    fs_err::create_dir(place.path().join("screen.txt")).unwrap();
})]
#[cfg_attr(unix, case::replaced_by_a_pipe("pipe", |place: &Sample| {
    remove(place);
    let made = std::process::Command::new("mkfifo").arg(place.path().join("screen.txt")).status().unwrap();
    assert!(made.success());
}))]
fn evidence_that_was(#[case] name: &str, #[case] spoil: fn(&Sample)) {
    let place = settled();
    assert_eq!(check_at(&place, NOW).code, 0);
    spoil(&place);
    let ran = check_at(&place, NOW);
    assert_eq!(ran.code, 3, "{}", ran.all());
    insta::assert_snapshot!(format!("evidence_{name}"), told(&ran, TITLE));
}

#[test]
fn evidence_that_comes_back_counts_again() {
    let place = settled();
    assert_eq!(check_at(place.write("screen.txt", "something else"), NOW).code, 3);
    assert_eq!(check_at(place.write("screen.txt", SCREEN), NOW).code, 0);
}

#[rstest]
#[case("2026-11-20", 3)]
#[case("2026-11-21", 0)]
#[case("2026-11-28", 0)]
#[case("2026-11-29", 3)]
#[case("2027-01-01", 3)]
fn the_same_file_is_judged_by_the_day(#[case] at: &str, #[case] code: i32) {
    let ran = check_at(&settled(), at);
    assert_eq!(ran.code, code, "{}", ran.all());
}

#[test]
fn a_newer_answer_counts_even_when_it_is_void() {
    let place = settled();
    let older = answers(&place);
    let newer = older.split("[[answer]]").find(|entry| entry.contains(CHECK)).unwrap();
    // The answer that it replaces was good; the newer one still takes its place.
    let reworded = regex::Regex::new("question = \"v2:[0-9a-f]+\"").unwrap();
    let newer = reworded.replace(newer, "question = \"0123456789abcdef\"");
    place.write("answers.toml", &format!("{older}\n[[answer]]{newer}"));
    let ran = check_at(&place, NOW);
    assert_eq!(ran.code, 3, "{}", ran.all());
    assert!(told(&ran, TITLE).contains("reworded"), "{}", ran.out);
}

#[test]
fn an_answer_of_an_unknown_check_is_told() {
    let place = begun("wrapper");
    settle(&place, |mut answer| {
        if answer.check.as_str() == CHECK {
            answer.check = CheckId::new("wrapper.refund").unwrap();
        }
        Some(answer)
    });
    let ran = check_at(&place, NOW);
    assert_eq!(ran.code, 3, "{}", ran.all());
    insta::assert_snapshot!(told(&ran, TITLE));
}

#[test]
fn an_answer_for_other_models_does_not_count() {
    let place = begun("api");
    place.edit("model = \"grok-imagine-video\"", "model = \"grok-imagine-video-1.5-preview\"");
    settle(&place, |mut answer| {
        if answer.check.as_str() == "api.preview-not-default" {
            answer.scope.models = vec!["another-preview".to_owned()];
        }
        Some(answer)
    });
    let ran = ran(&mut place.greenlight(&["check", "--rehearse", "--at", NOW]));
    assert_eq!(ran.code, 1, "{}", ran.all());
    insta::assert_snapshot!(told(&ran, "preview not default"));
}

const OWN: &str = r#"
id = "own"
reviewed = 2026-11-22

[[check]]
id = "own.nothing-kept"
row = "safety"
title = "nothing is kept"
severity = "block"
why = "The contract asks for it."
fix = "Ask for zero retention."
source = { url = "https://example.com/contract", as-of = 2026-11-01 }
question = { ask = "Does the provider keep nothing?", type = "yes-no", pass = ["yes"], evidence = "url", valid-for = "90d" }

[[check]]
id = "own.retention-seen"
row = "safety"
title = "retention seen"
severity = "warn"
why = "It can be asked for free."
fix = "Look at the console."
source = { url = "https://example.com/contract", as-of = 2026-11-01 }
probe = "me"
expect = [{ path = "$.zdr_status", equals = "zdr" }]
supports = "own.nothing-kept"
"#;

#[test]
fn an_answer_that_a_probe_contradicts_fails_and_both_are_shown() {
    let place = begun("api");
    place.write("own.toml", OWN).edit("[failure]", "checklists = [\"own.toml\"]\n\n[failure]");
    settle(&place, Some);
    let contradicted = ran(&mut place.greenlight(&["check", "--rehearse", "--at", NOW]));
    assert_eq!(contradicted.code, 1, "{}", contradicted.all());
    insta::assert_snapshot!("contradicted", told(&contradicted, "nothing is kept"));
    place.write("own.toml", &OWN.replace("equals = \"zdr\"", "equals = \"no_zdr\""));
    let supported = ran(&mut place.greenlight(&["check", "--rehearse", "--at", NOW]));
    assert_eq!(supported.code, 0, "{}", supported.all());
    insta::assert_snapshot!("supported", told(&supported, "nothing is kept"));
}

#[test]
fn shortening_a_question_shortens_its_answers() {
    let place = begun("api");
    place.write("own.toml", OWN).edit("[failure]", "checklists = [\"own.toml\"]\n\n[failure]");
    settle(&place, Some);
    place.write("own.toml", &OWN.replace("zdr\" }", "none\" }").replace("\"90d\"", "\"1d\""));
    let ran = ran(&mut place.greenlight(&["check", "--rehearse", "--at", "2026-11-23"]));
    let row = told(&ran, "nothing is kept").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(row.contains("UNKNOWN") && row.contains("expired 2026-11-22"), "{row}");
}
