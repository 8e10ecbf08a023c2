//! How a report shows recorded answers and waivers, and which of them its findings use.

use chrono::NaiveDate;

use super::{engine::run, *};
use crate::{
    judge::{
        answers::scope_of,
        rule_fixture::{self, RuleFixture},
        terms::Files,
    },
    model::{
        answer::{Answer, AnswerValue, Evidence, Waiver},
        call::{Billable, Call, Method},
        checklist::{EvidenceKind, Question},
        question::HangsOn,
        receipt::Receipts,
        recorded::{ReportedAnswer, ReportedEvidence},
        repeat::ForEach,
        report::{Batch, Replay, Report},
        said::passage,
        topic::Topic,
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn asking(id: &str) -> Check {
    check(id, Decider::Question(rule_fixture::question()))
}

/// An answer from November with this value.
fn answer(fixture: &RuleFixture, check: &str, value: &str, on: u32) -> Answer {
    let answered = NaiveDate::from_ymd_opt(2026, 11, on).unwrap();
    Answer {
        check: check_id(check),
        scope: scope_of(&fixture.project, &Files::default(), &asking(check), &rule_fixture::question()),
        value: AnswerValue::Text(value.to_owned()),
        by: "Ann".to_owned(),
        answered,
        expires: day("2026-12-31"),
        question: "d".to_owned(),
        evidence: vec![],
        note: None,
    }
}

fn waiver(fixture: &RuleFixture, check: &str, until: &str) -> Waiver {
    Waiver {
        check: check_id(check),
        route: fixture.project.route,
        provider: fixture.project.provider.clone(),
        account: None,
        given_for: vec![],
        reason: "the pilot is free of charge".to_owned(),
        owner: "Bob".to_owned(),
        recorded: day("2026-11-01"),
        until: day(until),
    }
}

fn report_of(fixture: &RuleFixture, checks: Vec<Check>) -> Report {
    run(fixture, &checklist(checks, vec![]))
}

/// The value of each answer, and whether a finding uses it.
fn told(fixture: &RuleFixture, checks: Vec<Check>) -> Vec<(String, bool)> {
    let one = |answer: ReportedAnswer| (answer.value.unwrap_or_default(), answer.used);
    report_of(fixture, checks).answers.into_iter().map(one).collect()
}

fn pairs(wanted: &[(&str, bool)]) -> Vec<(String, bool)> {
    wanted.iter().map(|(value, used)| ((*value).to_owned(), *used)).collect()
}

#[test]
fn older_answers_are_the_history_of_the_newest() {
    let mut fixture = RuleFixture::new();
    let on = |value: &str, on: u32| answer(&fixture, "a.ask", value, on);
    fixture.answers.answers = vec![on("first", 1), on("newest", 20), on("late in the file", 10)];
    let wanted = [("first", false), ("newest", true), ("late in the file", false)];
    assert_eq!(told(&fixture, vec![asking("a.ask")]), pairs(&wanted));
    let to_come = answer(&fixture, "a.ask", "to come", 30);
    fixture.answers.answers.push(to_come);
    let wanted = [("first", false), ("newest", false), ("late in the file", false), ("to come", true)];
    assert_eq!(
        told(&fixture, vec![asking("a.ask")]),
        pairs(&wanted),
        "it is the one that unsettles the others"
    );
}

#[test]
fn the_later_of_two_answers_of_one_day_is_used() {
    let mut fixture = RuleFixture::new();
    let on = |value: &str, check: &str| answer(&fixture, check, value, 20);
    fixture.answers.answers = vec![on("one", "a.ask"), on("other", "a.other"), on("two", "a.ask")];
    let wanted = [("one", false), ("other", true), ("two", true)];
    assert_eq!(told(&fixture, vec![asking("a.ask"), asking("a.other")]), pairs(&wanted));
}

#[test]
fn each_shot_uses_the_answer_for_its_model() {
    let mut fixture = RuleFixture::new();
    fixture.add_shot("other").model = "second".to_owned();
    let question = Question { hangs_on: vec![HangsOn::Models], ..rule_fixture::question() };
    let check = Check { for_each: Some(ForEach::Shot), ..check("a.ask", Decider::Question(question)) };
    let of = |model: &str| {
        let mut one = answer(&fixture, "a.ask", model, 20);
        one.scope.models = vec![model.to_owned()];
        one
    };
    let first = fixture.project.shots[0].model.clone();
    fixture.answers.answers = vec![of(&first), of("second"), of("third")];
    assert_eq!(told(&fixture, vec![check]), pairs(&[(&first, true), ("second", true), ("third", false)]));
}

#[test]
fn records_for_other_providers_are_not_reported() {
    let mut fixture = RuleFixture::new();
    let (mut elsewhere, mut account) =
        (answer(&fixture, "a.ask", "other", 1), answer(&fixture, "a.ask", "account", 2));
    elsewhere.scope.provider = "somebody".to_owned();
    account.scope.account = Some("studio".to_owned());
    let gone = answer(&fixture, "a.gone", "nobody asks", 3);
    fixture.answers.answers = vec![elsewhere, account, gone];
    let mut foreign = waiver(&fixture, "a.ask", "2026-12-01");
    foreign.provider = "somebody".to_owned();
    fixture.answers.waivers = vec![foreign];
    let report = report_of(&fixture, vec![asking("a.ask")]);
    let [told] = &report.answers[..] else { panic!("{:?}", report.answers) };
    assert_eq!(
        (told.value.as_deref(), told.account.as_deref(), told.used),
        (Some("account"), Some("studio"), false)
    );
    assert_eq!(report.waivers, []);
}

#[test]
fn the_waiver_in_use_is_marked() {
    let mut fixture = RuleFixture::new();
    let until = |check: &str, until: &str| waiver(&fixture, check, until);
    let all = [
        until("a.ask", "2026-11-10"),
        until("a.ask", "2026-12-01"),
        until("a.ask", "2026-11-30"),
        until("a.other", "2026-12-01"),
    ];
    fixture.answers.waivers = all.to_vec();
    fixture.answers.answers = vec![answer(&fixture, "a.other", "passes", 20)];
    let report = report_of(&fixture, vec![asking("a.ask"), asking("a.other")]);
    let used: Vec<_> = report.waivers.iter().map(|waiver| waiver.used).collect();
    assert_eq!(used, [false, false, true, false]);
}

#[test]
fn evidence_and_days_are_reported_with_redacted_addresses() {
    let mut fixture = RuleFixture::new();
    let open = "https://page.example/x?token=abcd1234";
    let mut one = answer(&fixture, "a.ask", &format!("see {open}"), 20);
    one.evidence = vec![
        Evidence::Url {
            url: open.to_owned(),
            read: day("2026-11-19"),
            clause: Some(format!("4 of {open}")),
            passage: Some(passage(&format!("it says {open}"))),
        },
        Evidence::File {
            path: "a.png".into(),
            sha256: "ab".to_owned(),
            bytes: 3,
            captured: day("2026-11-20"),
        },
        Evidence::Quote { words: format!("it says {open}"), read: day("2026-11-20"), clause: None },
    ];
    one.note = Some(open.to_owned());
    fixture.answers.answers = vec![one];
    let mut set_aside = waiver(&fixture, "a.ask", "2026-12-01");
    set_aside.reason = format!("as agreed on {open}");
    fixture.answers.waivers = vec![set_aside];
    let question =
        Question { evidence: Some(EvidenceKind::Any), valid_for_days: 30, ..rule_fixture::question() };
    let report = report_of(&fixture, vec![check("a.ask", Decider::Question(question))]);
    let told = &report.answers[0];
    let shut = "https://page.example/x?token=[redacted]";
    let captured = day("2026-11-20");
    assert_eq!(
        told.evidence,
        [
            ReportedEvidence::Url {
                url: shut.to_owned(),
                read: day("2026-11-19"),
                clause: Some(format!("4 of {shut}")),
                passage_sha256: Some(passage(&format!("it says {open}"))),
            },
            ReportedEvidence::File { file: "a.png".to_owned(), sha256: "ab".to_owned(), bytes: 3, captured },
            ReportedEvidence::Quote { quote: format!("it says {shut}"), captured, clause: None },
        ]
    );
    assert_eq!((told.value.clone(), told.note.clone()), (Some(format!("see {shut}")), Some(shut.to_owned())));
    assert_eq!((told.expires, told.until), (day("2026-12-31"), day("2026-12-20")));
    assert_eq!(report.waivers[0].reason, format!("as agreed on {shut}"));
}

#[test]
fn checks_are_reported_in_checklist_order() {
    let probed = Check { topic: Topic::new("key").ok(), ..check("a.key", by_probe("key", vec![])) };
    let report = report_of(&RuleFixture::new(), vec![asking("a.ask"), probed]);
    let told: Vec<_> = report
        .checks
        .all()
        .iter()
        .map(|check| (check.id.as_str(), check.question.as_ref().map(|question| question.ask.as_str())))
        .collect();
    assert_eq!(told, [("a.ask", Some("Which?")), ("a.key", None)]);
    let key = &report.checks.all()[1];
    assert_eq!((key.topic.as_ref().map(Topic::as_str), &*key.why), (Some("key"), "why"));
}

#[test]
fn a_list_of_checks_stands_once_beside_the_reports_that_name_it() {
    let fixture = RuleFixture::new();
    let of = |id: &str| report_of(&fixture, vec![asking(id)]);
    let batch = Batch { reports: vec![of("a.ask"), of("a.ask"), of("a.other")], several: true };
    let receipts = Receipts::of(&batch);
    assert_eq!(receipts.checks.len(), 2);
    for (report, whole) in receipts.reports.iter().zip(&batch.reports) {
        assert_eq!(receipts.checks_of(report).as_ref(), Some(&whole.checks));
    }
    assert_ne!(batch.reports[0].checks, batch.reports[2].checks);
    assert_eq!(receipts.checks_of(&batch.reports[0]), None, "it stands in the report itself");
}

/// A call of an earlier project was not sent again, and a replay sends nothing.
#[test]
fn only_the_calls_of_a_live_run_were_sent() {
    let call = |shared| Call {
        method: Method::Get,
        url: "https://api.x.ai/v1/models".to_owned(),
        body: None,
        status: Some(200),
        trouble: None,
        attempts: 1,
        at: None,
        shared,
        billable: Billable::No,
    };
    let live = Report { calls: vec![call(false), call(true)], ..report_of(&RuleFixture::new(), vec![]) };
    let replay = Some(Replay { recorded: now(), sha256: String::new() });
    assert_eq!(live.sent().count(), 1);
    assert_eq!(Report { replay, ..live }.sent().count(), 0);
}
