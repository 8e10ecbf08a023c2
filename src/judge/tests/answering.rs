//! Laws over answers and time.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::{
    judge::{Case, answers::scope_of, judge, rule_fixture::RuleFixture, terms::Files},
    model::{
        answer::{Answer, AnswerValue, Evidence, EvidenceFact, Scope as For, Shows},
        checklist::{AnswerKind, EvidenceKind, Question},
        decision::FailOn,
        pages::{PageHost, Pages},
        question::HangsOn,
        report::Tool,
        verdict::{Reason, Verdict},
    },
};

const VALID_FOR: u32 = 90;

fn question() -> Question {
    Question {
        ask: "Who looked?".to_owned(),
        kind: AnswerKind::YesNo,
        choices: vec![],
        pass: vec!["yes".to_owned()],
        evidence: Some(EvidenceKind::Url),
        valid_for_days: VALID_FOR,
        hangs_on: vec![HangsOn::Models],
        covers: crate::model::question::Covers::default(),
        takes_zero: false,
        pages: Pages::Of(vec![PageHost::new("page.example").unwrap()]),
        revision: 1,
        digest_v1: None,
        digest: "d".to_owned(),
    }
}

fn asking() -> Check {
    check("a.ask", Decider::Question(question()))
}

fn page(url: &str, read: NaiveDate) -> Evidence {
    Evidence::Url { url: url.to_owned(), read, clause: None, passage: None }
}

/// An answer that is valid from this day for this many days after it.
fn answer(fixture: &RuleFixture, answered: NaiveDate, days: u64) -> Answer {
    let evidence = vec![
        page("https://page.example", answered),
        Evidence::File { path: "a.png".into(), sha256: "s".to_owned(), bytes: 1, captured: answered },
    ];
    Answer {
        check: check_id("a.ask"),
        scope: scope_of(&fixture.project, &Files::default(), &asking(), &question()),
        value: AnswerValue::Text("yes".to_owned()),
        by: "Ann".to_owned(),
        answered,
        expires: answered + Days::new(days),
        question: "d".to_owned(),
        evidence,
        note: None,
    }
}

fn verdict(fixture: RuleFixture, answers: Vec<Answer>, on: NaiveDate, seconds: u32) -> Verdict {
    verdict_as_of(fixture, answers, on, seconds, on)
}

/// The verdict for one day, judged on another.
fn verdict_as_of(
    mut fixture: RuleFixture,
    answers: Vec<Answer>,
    on: NaiveDate,
    seconds: u32,
    made: NaiveDate,
) -> Verdict {
    fixture.answers.answers = answers;
    let seen = EvidenceFact::Present { sha256: "s".to_owned(), bytes: 1, shows: Shows::Something };
    fixture.observations.evidence.entry("a.png".into()).or_insert(seen);
    let time = chrono::NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap();
    let mut report = judge(&Case {
        project: &fixture.project,
        file: "greenlight.toml".into(),
        checklist: &checklist(vec![asking()], vec![]),
        catalogue: &fixture.catalogue,
        answers: &fixture.answers,
        observations: &fixture.observations,
        now: on.and_time(time).and_utc(),
        made: made.and_time(time).and_utc(),
        rehearsal: None,
        allow_private: false,
        via: None,
        replay: None,
        only: vec![],
        fail_on: FailOn::Fail,
        inputs: vec![],
        tool: Tool { name: "greenlight".to_owned(), version: "0".to_owned() },
    })
    .report;
    report.findings.remove(0).verdict
}

/// Any day in four centuries, with leap days more often than usual.
fn day() -> impl Strategy<Value = NaiveDate> {
    let any = (1_900_i32..2_300, 1_u32..=366).prop_map(|(year, at)| {
        NaiveDate::from_yo_opt(year, at).or_else(|| NaiveDate::from_yo_opt(year, 365)).unwrap()
    });
    let leap =
        (475_i32..575).prop_filter_map("no leap year", |quarter| NaiveDate::from_ymd_opt(quarter * 4, 2, 29));
    prop_oneof![4 => any, 1 => leap]
}

/// What invalidates a good answer.
#[derive(Debug, Clone, Copy)]
enum Flaw {
    Future,
    Expired,
    Reworded,
    Route,
    Provider,
    Account,
    Models,
    NoEvidence,
    OtherEvidence,
    OtherHost,
    ReadAhead,
    ReadLongAgo,
    Nameless,
    Reasonless,
    OverLong,
    Changed,
    Resized,
    Gone,
    NotLookedAt,
    OtherWords,
    WrongKind,
    Refuted,
}

fn flaw() -> impl Strategy<Value = Flaw> {
    prop::sample::select(vec![
        Flaw::Future,
        Flaw::Expired,
        Flaw::Reworded,
        Flaw::Route,
        Flaw::Provider,
        Flaw::Account,
        Flaw::Models,
        Flaw::NoEvidence,
        Flaw::OtherEvidence,
        Flaw::OtherHost,
        Flaw::ReadAhead,
        Flaw::ReadLongAgo,
        Flaw::Nameless,
        Flaw::Reasonless,
        Flaw::OverLong,
        Flaw::Changed,
        Flaw::Resized,
        Flaw::Gone,
        Flaw::NotLookedAt,
        Flaw::OtherWords,
        Flaw::WrongKind,
        Flaw::Refuted,
    ])
}

/// Invalidates an answer, or what is seen beside it, for a judgement on this day.
fn spoil(flaw: Flaw, answer: &mut Answer, fixture: &mut RuleFixture, on: NaiveDate) {
    let file = |fact| BTreeMap::from([("a.png".into(), fact)]);
    match flaw {
        Flaw::Future => (answer.answered, answer.expires) = (on + Days::new(1), on + Days::new(9)),
        Flaw::Expired => answer.expires = on - Days::new(1),
        Flaw::Reworded => "e".clone_into(&mut answer.question),
        Flaw::Route => answer.scope.route = Route::App,
        Flaw::Provider => "another".clone_into(&mut answer.scope.provider),
        Flaw::Account => answer.scope.account = Some("another".to_owned()),
        Flaw::Models => answer.scope = For { models: vec!["another".to_owned()], ..answer.scope.clone() },
        Flaw::NoEvidence => answer.evidence.clear(),
        Flaw::OtherEvidence => {
            let words = "it says yes to that".to_owned();
            answer.evidence = vec![Evidence::Quote { words, read: answer.answered, clause: None }];
        }
        Flaw::OtherHost => answer.evidence = vec![page("https://page.example.evil", answer.answered)],
        Flaw::ReadAhead => answer.evidence.push(page("https://page.example", on + Days::new(1))),
        Flaw::ReadLongAgo => {
            let read = on - Days::new(u64::from(VALID_FOR) + 1);
            answer.evidence = vec![page("https://page.example", read)];
        }
        Flaw::Nameless => "\u{3164}\u{200b}".clone_into(&mut answer.by),
        Flaw::Reasonless => answer.value = AnswerValue::NotApplicable("x".to_owned()),
        Flaw::OverLong => {
            answer.value = AnswerValue::NotApplicable("the pilot is free of charge".to_owned());
            answer.expires = answer.answered + Days::new(u64::from(VALID_FOR) + 1);
        }
        Flaw::Changed => {
            fixture.observations.evidence =
                file(EvidenceFact::Present { sha256: "t".to_owned(), bytes: 1, shows: Shows::Something });
        }
        Flaw::Resized => {
            fixture.observations.evidence =
                file(EvidenceFact::Present { sha256: "s".to_owned(), bytes: 2, shows: Shows::Something });
        }
        Flaw::Gone => fixture.observations.evidence = file(EvidenceFact::Missing("gone".to_owned())),
        Flaw::NotLookedAt => {
            let other = Evidence::File {
                path: "b.png".into(),
                sha256: "s".to_owned(),
                bytes: 1,
                captured: answer.answered,
            };
            answer.evidence.push(other);
        }
        Flaw::OtherWords => {
            let (read, clause) = (answer.answered, None);
            let (url, passage) = ("https://page.example".to_owned(), Some("s".to_owned()));
            answer.evidence.push(Evidence::Url { url, read, clause: clause.clone(), passage });
            answer.evidence.push(Evidence::Quote { words: "it says yes to that".to_owned(), read, clause });
        }
        Flaw::WrongKind => answer.value = AnswerValue::Text("maybe".to_owned()),
        Flaw::Refuted => answer.value = AnswerValue::Text("no".to_owned()),
    }
}

proptest! {
    #[test]
    fn an_answer_counts_from_its_day_to_its_last(answered in day(), days in 0_u64..=VALID_FOR.into(), seconds in 0_u32..86_400) {
        let on = |day: NaiveDate| verdict(RuleFixture::new(), vec![answer(&RuleFixture::new(), answered, days)], day, seconds);
        let last = answered + Days::new(days);
        prop_assert_eq!(on(answered - Days::new(1)), Verdict::Unknown { reason: Reason::Future });
        prop_assert_eq!(on(answered), Verdict::Pass);
        prop_assert_eq!(on(last), Verdict::Pass);
        prop_assert_eq!(on(last + Days::new(1)), Verdict::Unknown { reason: Reason::Expired });
    }

    #[test]
    fn no_answer_counts_longer_than_its_question_allows(answered in day(), more in 1_u64..100_000, after in 0_u64..200) {
        let written = answer(&RuleFixture::new(), answered, u64::from(VALID_FOR) + more);
        let passes = verdict(RuleFixture::new(), vec![written], answered + Days::new(after), 0) == Verdict::Pass;
        prop_assert_eq!(passes, after <= VALID_FOR.into());
    }

    #[test]
    fn a_void_answer_is_never_a_pass(answered in day(), flaws in prop::collection::vec(flaw(), 1..4)) {
        let (mut fixture, on) = (RuleFixture::new(), answered + Days::new(3));
        let mut spoilt = answer(&fixture, answered, 30);
        prop_assert_eq!(verdict(RuleFixture::new(), vec![spoilt.clone()], on, 0), Verdict::Pass);
        for flaw in flaws {
            spoil(flaw, &mut spoilt, &mut fixture, on);
        }
        let found = verdict(fixture, vec![spoilt], on, 0);
        prop_assert!(matches!(found, Verdict::Unknown { .. } | Verdict::Fail), "{:?}", found);
    }

    #[test]
    fn an_answer_expires_with_its_evidence(answered in day(), before in 0_u64..200, after in 0_u64..200) {
        let fixture = RuleFixture::new();
        let mut given = answer(&fixture, answered, VALID_FOR.into());
        given.evidence = vec![page("https://page.example", answered - Days::new(before))];
        let passes = verdict(fixture, vec![given], answered + Days::new(after), 0) == Verdict::Pass;
        prop_assert_eq!(passes, before + after <= VALID_FOR.into());
    }

    #[test]
    fn not_applicable_lasts_no_longer_than_a_waiver(days in 0_u64..400, valid in 1_u32..400) {
        let answered: NaiveDate = "2026-08-01".parse().unwrap();
        let mut given = answer(&RuleFixture::new(), answered, days);
        given.value = AnswerValue::NotApplicable("the pilot is free of charge".to_owned());
        let question = Question { valid_for_days: valid, ..question() };
        prop_assert_eq!(given.sound(&question).is_ok(), days <= u64::from(valid.min(90)));
    }

    #[test]
    fn the_newest_answer_not_after_now_counts(
        first in day(),
        given in prop::collection::vec((0_u64..40, any::<bool>()), 1..6),
        later in 0_u64..40,
    ) {
        let fixture = RuleFixture::new();
        let answers: Vec<_> = given.iter().map(|&(days, yes)| Answer {
            value: AnswerValue::Text(if yes { "yes" } else { "no" }.to_owned()),
            ..answer(&fixture, first + Days::new(days), VALID_FOR.into())
        }).collect();
        // With the same date, the later one in the file.
        let newest = given.iter().filter(|(days, _)| *days <= later).max_by_key(|(days, _)| *days);
        let wanted = match newest {
            Some((_, true)) => Verdict::Pass,
            Some((_, false)) => Verdict::Fail,
            None => Verdict::Unknown { reason: Reason::Future },
        };
        let on = first + Days::new(later);
        prop_assert_eq!(verdict_as_of(fixture, answers.clone(), on, 0, first + Days::new(40)), wanted);
        // On that day, an answer dated the next day is in the future, and no older one is in force.
        if answers.iter().any(|answer| answer.answered > on) {
            prop_assert_eq!(verdict(RuleFixture::new(), answers, on, 0), Verdict::Unknown { reason: Reason::Future });
        }
    }
}
