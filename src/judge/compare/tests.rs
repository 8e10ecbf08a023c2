//! Which rows differ, who qualifies, and what an owner charges.

mod columns;

use rstest::rstest;

use super::*;
use crate::{
    judge::{
        rule_fixture::{self, RuleFixture},
        tests::{check, checklist, in_case},
    },
    model::{
        checklist::{Decider, Question},
        mode::Mode,
        pages::PageHost,
        verdict::Reason,
    },
};

fn cell(verdict: Verdict) -> Cell {
    Cell {
        check: CheckId::new("a.b").unwrap(),
        title: "b".to_owned(),
        severity: Severity::Block,
        verdict,
        seen: String::new(),
        day: None,
        rests_on: vec![],
        of: 1,
        like: 1,
    }
}

fn of(word: &str) -> Option<Cell> {
    let verdict = match word {
        "pass" => Verdict::Pass,
        "fail" => Verdict::Fail,
        "unknown" => Verdict::Unknown { reason: Reason::Unanswered },
        "expired" => Verdict::Unknown { reason: Reason::Expired },
        "n/a" => Verdict::NotApplicable { reason: "no".to_owned() },
        _ => return None,
    };
    Some(cell(verdict))
}

#[rstest]
#[case(&["pass", "pass"], false)]
#[case(&["pass", "fail"], true)]
#[case(&["pass", "pass", "unknown"], true)]
#[case(&["unknown", "expired"], false)]
#[case(&["unknown", "unknown"], false)]
#[case::only_one_has_it(&["pass", "-"], false)]
#[case::only_one_has_it_open(&["unknown", "-"], true)]
#[case::only_one_has_it_refuted(&["-", "-", "fail"], true)]
#[case::does_not_arise(&["n/a", "-", "pass"], false)]
#[case::does_not_arise_there(&["n/a", "fail"], true)]
#[case::nowhere(&["-", "-"], false)]
fn what_differs_is_a_verdict(#[case] words: &[&str], #[case] wanted: bool) {
    let cells: Vec<_> = words.iter().map(|word| of(word)).collect();
    assert_eq!(differ(&cells), wanted, "{words:?}");
}

/// What each shot and all of them cost, in words, where a person is asked so and the owner's pages are on this host.
fn asked_of(fixture: &RuleFixture, host: &str, kind: AnswerKind) -> Vec<String> {
    let question = Question { kind, ..rule_fixture::question() };
    let checklist = checklist(vec![check("a.price", Decider::Question(question))], vec![]);
    let pages = Pages::Of(vec![PageHost::new(host).unwrap()]);
    let told = |(shot, asked): (Option<String>, Asked)| {
        let shot = shot.unwrap_or_else(|| "all".to_owned());
        match asked {
            Asked::Known(price) => format!("{shot}: {} of {} {}", price.sum, price.owner, price.day),
            Asked::Unknown(why) => format!("{shot}: {why}"),
        }
    };
    in_case(fixture, &checklist, |case| asked(case, &pages)).into_iter().map(told).collect()
}

/// One owner's price never appears in another owner's column.
#[rstest]
#[case::own("docs.example", true)]
#[case::of_another("acme.example", false)]
fn a_price_is_that_of_the_owner(#[case] host: &str, #[case] known: bool) {
    let mut fixture = RuleFixture::new().price(&[Mode::TextToVideo], "480p", 50_000);
    for length in [6, 10] {
        let shot = if length == 6 { fixture.shot() } else { fixture.add_shot("other") };
        (shot.duration, shot.resolution) = (Some(length), Some("480p".to_owned()));
    }
    let told = asked_of(&fixture, host, AnswerKind::Text);
    let wanted = if known {
        [
            "shot: 0.30 USD of xai 2026-01-01",
            "other: 0.50 USD of xai 2026-01-01",
            "all: 0.80 USD of xai 2026-01-01",
        ]
        .map(str::to_owned)
    } else {
        ["shot", "other", "all"].map(|shot| format!("{shot}: the only known price is not from its own pages"))
    };
    assert_eq!(told, wanted);
}

#[rstest]
#[case::asked_of_nobody(AnswerKind::Text, "no dated price for 720p text-to-video")]
#[case::asked_of_a_person(AnswerKind::Money, "no quote is recorded")]
fn a_price_that_no_list_gives_is_told_with_what_is_missing(#[case] kind: AnswerKind, #[case] why: &str) {
    let mut fixture = RuleFixture::new().price(&[Mode::TextToVideo], "480p", 50_000);
    (fixture.shot().duration, fixture.shot().resolution) = (Some(6), Some("480p".to_owned()));
    let other = fixture.add_shot("other");
    (other.duration, other.resolution) = (Some(6), Some("720p".to_owned()));
    let told = asked_of(&fixture, "docs.example", kind);
    let wanted =
        ["shot: 0.30 USD of xai 2026-01-01".to_owned(), format!("other: {why}"), format!("all: {why}")];
    assert_eq!(told, wanted);
}
