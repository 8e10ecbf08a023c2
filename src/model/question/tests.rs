//! What a question depends on, so when its answers become stale; and which values fit it.

use rstest::rstest;

use super::*;

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn digest(
    check: &str,
    (kind, revision): (AnswerKind, u32),
    choices: &[&str],
    pass: &[&str],
    evidence: Option<EvidenceKind>,
) -> String {
    let (choices, pass) = (texts(choices), texts(pass));
    Asked { choices: &choices, pass: &pass, evidence, revision, ..asked(check, kind) }.digest()
}

fn asked(check: &str, kind: AnswerKind) -> Asked<'_> {
    let (covers, takes_zero) = (Covers::default(), false);
    Asked { check, kind, choices: &[], pass: &[], evidence: None, covers, takes_zero, revision: 1 }
}

#[test]
fn digests_stay_what_they_are() {
    let yes_no = digest("api.policy-read", (AnswerKind::YesNo, 1), &[], &["yes"], None);
    assert_eq!(yes_no, "v2:a50457c227ea2f92");
    let choices = ["billed", "not billed"];
    let url = Some(EvidenceKind::Url);
    let choice = digest("wrapper.refunds", (AnswerKind::Choice, 1), &choices, &["not billed"], url);
    assert_eq!(choice, "v2:cdef6e9fb5b20893");
    let text = digest("own.text", (AnswerKind::Text, 3), &[], &[], Some(EvidenceKind::File));
    assert_eq!(text, "v2:d62e83377f47462e");
    // As it was before a question could say what an amount covers.
    let money = digest("own.money", (AnswerKind::Money, 1), &[], &[], Some(EvidenceKind::Quote));
    assert_eq!(money, "v2:1e938f88e6c0ca50");
}

#[rstest]
#[case(Covers::Job, false, "v2:66f5671f7dddf47f")]
#[case(Covers::Shots, false, "v2:e8827b3bd0726966")]
#[case(Covers::Project, true, "v2:e6188e7b73da5e42")]
fn what_an_amount_covers_is_part_of_its_question(
    #[case] covers: Covers,
    #[case] takes_zero: bool,
    #[case] wanted: &str,
) {
    let evidence = Some(EvidenceKind::Quote);
    let asked = Asked { evidence, covers, takes_zero, ..asked("own.money", AnswerKind::Money) };
    assert_eq!(asked.digest(), wanted);
}

#[test]
fn what_is_hashed_is_a_text_that_a_person_can_write() {
    let choices = texts(&["not  billed\n", "billed", "billed", "cafe\u{301}"]);
    let asked = Asked {
        check: "wrapper.refunds",
        kind: AnswerKind::Choice,
        choices: &choices,
        pass: &texts(&["not billed"]),
        evidence: Some(EvidenceKind::Url),
        ..asked("", AnswerKind::Choice)
    };
    let wanted = "greenlight question v2\ncheck wrapper.refunds\ntype choice\nchoice billed\n\
                  choice caf\u{e9}\nchoice not billed\npass not billed\nevidence url\nrevision 1\n";
    assert_eq!(asked.canonical_text(), wanted);
}

#[rstest]
#[case::another_check("b", 1, &["a", "b"], &["b"], Some(EvidenceKind::Url))]
#[case::a_choice_more("a", 1, &["a", "b", "c"], &["b"], Some(EvidenceKind::Url))]
#[case::another_choice("a", 1, &["a", "c"], &["b"], Some(EvidenceKind::Url))]
#[case::two_choices_in_one("a", 1, &["a b"], &["b"], Some(EvidenceKind::Url))]
#[case::another_pass("a", 1, &["a", "b"], &["a"], Some(EvidenceKind::Url))]
#[case::a_pass_more("a", 1, &["a", "b"], &["a", "b"], Some(EvidenceKind::Url))]
#[case::no_pass("a", 1, &["a", "b"], &[], Some(EvidenceKind::Url))]
#[case::a_choice_that_reads_like_a_pass("a", 1, &["a", "b\npass b"], &[], Some(EvidenceKind::Url))]
#[case::other_evidence("a", 1, &["a", "b"], &["b"], Some(EvidenceKind::Any))]
#[case::no_evidence("a", 1, &["a", "b"], &["b"], None)]
#[case::another_meaning("a", 2, &["a", "b"], &["b"], Some(EvidenceKind::Url))]
fn what_an_answer_depends_on_changes_the_digest(
    #[case] check: &str,
    #[case] revision: u32,
    #[case] choices: &[&str],
    #[case] pass: &[&str],
    #[case] evidence: Option<EvidenceKind>,
) {
    let url = Some(EvidenceKind::Url);
    let before = digest("a", (AnswerKind::Choice, 1), &["a", "b"], &["b"], url);
    assert_ne!(digest(check, (AnswerKind::Choice, revision), choices, pass, evidence), before);
    let reordered = digest("a", (AnswerKind::Choice, 1), &["b", "a", "b"], &["b", " b"], url);
    assert_eq!(reordered, before, "order is no meaning");
}

// Recorded by the program of commit 8563c25, one question of each type: tests/fixtures/recorded/v1.
#[rstest]
#[case("Is it  so?", AnswerKind::YesNo, &[], &["yes"], "fe375c466cda6bf1")]
#[case("Which one?", AnswerKind::Choice, &["red", "green", "blue"], &["green", "blue"], "4756b6f23588e252")]
#[case("Who keeps it?", AnswerKind::Text, &[], &[], "31aaa9f0355881dc")]
#[case("How many?", AnswerKind::Number, &[], &[], "0de09ed9a4e9109c")]
#[case("How much?", AnswerKind::Money, &[], &[], "39d221ba6de62f0c")]
#[case("Since when?", AnswerKind::Date, &[], &[], "a4254d1926057ba5")]
#[case("Where is it written?", AnswerKind::Url, &[], &[], "042586cb095e76a0")]
fn digests_of_the_first_form_are_those_that_were_recorded(
    #[case] ask: &str,
    #[case] kind: AnswerKind,
    #[case] choices: &[&str],
    #[case] pass: &[&str],
    #[case] recorded: &str,
) {
    assert_eq!(digest_v1(ask, kind, &texts(choices), &texts(pass)), recorded);
}

#[rstest]
#[case(AnswerKind::YesNo, "yes", None)]
#[case(AnswerKind::YesNo, "maybe", Some("it takes one of `yes`, `no`"))]
#[case(AnswerKind::Choice, "not  billed", None)]
#[case(AnswerKind::Choice, "free", Some("it takes one of `xAI`, `not billed`"))]
#[case(AnswerKind::Text, "fox", None)]
#[case(AnswerKind::Text, " ", Some("it takes some text"))]
#[case(AnswerKind::Number, "1.5", None)]
#[case(AnswerKind::Number, "inf", Some("it takes a number"))]
#[case(AnswerKind::Money, "2.00 USD", None)]
#[case(AnswerKind::Money, "0.00 USD", Some("the price cannot be zero; it takes `2.00 USD` or `$2.00`"))]
#[case(AnswerKind::Date, "2026-11-22", None)]
#[case(AnswerKind::Date, "22.11.2026", Some("it takes a day such as `2026-11-22`"))]
#[case(AnswerKind::Url, "https://page.example/a", None)]
#[case(AnswerKind::Url, "ftp://page.example/a", Some("it takes a full address such as `https://…`"))]
#[case(AnswerKind::Url, "page.example", Some("it takes a full address such as `https://…`"))]
fn a_value_is_of_the_kind_that_is_asked_for(
    #[case] kind: AnswerKind,
    #[case] value: &str,
    #[case] wrong: Option<&str>,
) {
    assert_eq!(question(kind).fits(value).err().as_deref(), wrong);
}

#[rstest]
#[case(AnswerKind::YesNo, "YES", "yes")]
#[case(AnswerKind::Choice, "xai", "xAI")]
#[case(AnswerKind::Choice, "Not  Billed", "not billed")]
#[case(AnswerKind::Choice, "free", "free")]
#[case(AnswerKind::Text, "YES", "YES")]
fn a_word_is_meant_whatever_its_capitals(#[case] kind: AnswerKind, #[case] value: &str, #[case] meant: &str) {
    assert_eq!(question(kind).spelt(value), meant);
}

fn question(kind: AnswerKind) -> Question {
    Question {
        ask: "Which?".to_owned(),
        kind,
        choices: texts(&["xAI", "not billed"]),
        pass: vec![],
        evidence: None,
        pages: Pages::Anybody,
        valid_for_days: 90,
        hangs_on: vec![],
        covers: Covers::default(),
        takes_zero: false,
        revision: 1,
        digest: "d".to_owned(),
        digest_v1: None,
    }
}
