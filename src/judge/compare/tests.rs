//! Which rows differ, who qualifies, and what an owner charges.

use rstest::rstest;

use super::*;
use crate::{
    judge::{self, rule_fixture::RuleFixture, tests::checklist},
    model::{decision::FailOn, mode::Mode, pages::PageHost, report::Tool, verdict::Reason},
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

fn asked_of(fixture: &RuleFixture, host: &str) -> Vec<(Option<String>, Asked)> {
    let checklist = checklist(vec![], vec![]);
    let case = Case {
        project: &fixture.project,
        file: "greenlight.toml".into(),
        checklist: &checklist,
        catalogue: &fixture.catalogue,
        answers: &fixture.answers,
        observations: &fixture.observations,
        now: fixture.now,
        made: fixture.now,
        rehearsal: None,
        replay: None,
        allow_private: false,
        via: None,
        only: vec![],
        fail_on: FailOn::Fail,
        inputs: vec![],
        tool: Tool::this(),
    };
    assert!(judge::judge(&case).report.findings.is_empty());
    asked(&case, &Pages::Of(vec![PageHost::new(host).unwrap()]))
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
    let told: Vec<String> = asked_of(&fixture, host)
        .into_iter()
        .map(|(shot, asked)| {
            let shot = shot.unwrap_or_else(|| "all".to_owned());
            match asked {
                Asked::Known(price) => format!("{shot}: {} of {} {}", price.sum, price.owner, price.day),
                Asked::Unknown(why) => format!("{shot}: {why}"),
            }
        })
        .collect();
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
