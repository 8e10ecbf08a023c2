//! Where an answer stands: the verdict, the words and the advice, for every way in which it can count or not.

use chrono::NaiveDate;
use rstest::rstest;

use super::{
    engine::{only, unknown},
    *,
};
use crate::{
    judge::{answers, answers::scope_of, rule_fixture, rule_fixture::RuleFixture, terms::Files},
    model::{
        answer::{Answer, AnswerValue, Scope as For},
        checklist::{AnswerKind, Question},
        media::{Media, Slot},
        money::Usd,
        question::{Covers, HangsOn},
        repeat::ForEach,
        verdict::{Finding, Reason, Verdict},
    },
};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Any text answers it, and its answer hangs on nothing.
pub(super) fn question() -> Question {
    rule_fixture::question()
}

/// Ann's answer of the day before yesterday, for the route, the provider and nothing else.
pub(super) fn answer() -> Answer {
    let project = RuleFixture::new().project;
    Answer {
        check: check_id("a.ask"),
        scope: For {
            route: project.route,
            provider: project.provider,
            account: None,
            models: vec![],
            given_for: vec![],
        },
        value: AnswerValue::Text("yes".to_owned()),
        by: "Ann".to_owned(),
        answered: day("2026-11-20"),
        expires: day("2026-12-31"),
        question: "d".to_owned(),
        evidence: vec![],
        note: None,
    }
}

/// The finding of a question with these answers, on 2026-11-22.
pub(super) fn asked(question: Question, answers: Vec<Answer>) -> Finding {
    found(&RuleFixture::new(), check("a.ask", Decider::Question(question)), answers)
}

fn found(fixture: &RuleFixture, check: Check, answers: Vec<Answer>) -> Finding {
    let mut fixture = RuleFixture { project: fixture.project.clone(), ..RuleFixture::new() };
    fixture.answers.answers = answers;
    only(&fixture, check, vec![])
}

fn not_applicable() -> AnswerValue {
    AnswerValue::NotApplicable("the pilot is free of charge".to_owned())
}

#[rstest]
#[case("2026-11-22", "yes, by Ann on 2026-11-20, expires today")]
#[case("2026-11-23", "yes, by Ann on 2026-11-20, expires tomorrow")]
#[case("2026-11-24", "yes, by Ann on 2026-11-20, expires in 2 days")]
#[case("2026-12-06", "yes, by Ann on 2026-11-20, expires in 14 days")]
#[case("2026-12-07", "yes, by Ann on 2026-11-20, until 2026-12-07")]
fn an_answer_that_ends_soon_says_so(#[case] expires: &str, #[case] seen: &str) {
    let finding = asked(question(), vec![Answer { expires: day(expires), ..answer() }]);
    assert_eq!((finding.verdict, finding.seen.as_str(), finding.fix), (Verdict::Pass, seen, None));
}

#[rstest]
#[case::first_form("0123456789abcdef", 1, "and the question was reworded since")]
#[case::second_form("v2:0123", 1, "and the question was reworded since")]
#[case::second_meaning("v2:0123", 2, "and the question's meaning changed with revision 2")]
#[case::unknown_form("v3:0123", 2, "and the question is recorded in a form that this version does not know")]
fn an_answer_to_another_question_is_asked_again(
    #[case] asked_as: &str,
    #[case] revision: u32,
    #[case] why: &str,
) {
    let given = Answer { question: asked_as.to_owned(), ..answer() };
    let finding = asked(Question { revision, ..question() }, vec![given]);
    let seen = format!("answered 2026-11-20, {why}");
    assert_eq!((finding.verdict, finding.seen), (unknown(Reason::Reworded), seen));
    assert_eq!(finding.fix.as_deref(), Some("the check's fix. Record it: `greenlight answer a.ask`"));
}

#[rstest]
#[case::route(|of: &mut For| of.route = Route::App, "answered for app, asked for api")]
#[case::provider(|of: &mut For| of.provider = "fal".to_owned(), "answered for fal, asked for xai")]
#[case::account(
    |of: &mut For| of.account = Some("studio".to_owned()),
    "answered for account studio, asked for no account"
)]
#[case::models(
    |of: &mut For| of.models = vec!["one".to_owned(), "two".to_owned()],
    "answered for one, two, asked for model"
)]
fn an_answer_of_somebody_else_counts_for_nothing(#[case] change: fn(&mut For), #[case] seen: &str) {
    let mut given = answer();
    given.scope.models = vec!["model".to_owned()];
    change(&mut given.scope);
    let finding = asked(Question { hangs_on: vec![HangsOn::Models], ..question() }, vec![given]);
    assert_eq!((finding.verdict, finding.seen.as_str()), (unknown(Reason::Borrowed), seen));
    assert_eq!(finding.recorded, None);
}

/// The answer was given for a file of this digest.
#[rstest]
#[case::the_same("a", Verdict::Pass)]
#[case::another_of_that_name("b", unknown(Reason::Borrowed))]
fn an_answer_about_a_file_is_about_that_very_one(#[case] digit: &str, #[case] verdict: Verdict) {
    let picture = RuleFixture::file("robot.jpg");
    let media = Media { sha256: Some(digit.repeat(64)), ..Media::default() };
    let mut fixture = RuleFixture::new().media(&picture, media);
    fixture.shot().inputs = vec![(Slot::Image, picture)];
    let mut given = answer();
    given.scope.given_for = vec![format!("input robot.jpg (sha256 {})", "a".repeat(16))];
    fixture.answers.answers = vec![given];
    let question = Question { hangs_on: vec![HangsOn::Inputs], ..question() };
    let finding = only(&fixture, check("a.ask", Decider::Question(question)), vec![]);
    assert_eq!(finding.verdict, verdict, "{}", finding.seen);
}

#[test]
fn an_answer_that_hangs_on_no_model_counts_for_every_one() {
    assert_eq!(asked(question(), vec![answer()]).verdict, Verdict::Pass);
}

#[test]
fn an_answer_is_recorded_for_the_models_only_where_they_matter() {
    let project = RuleFixture::new().project;
    let models = |for_each, hangs_on: Vec<HangsOn>| {
        let question = Question { hangs_on, ..question() };
        let check = Check { for_each, ..check("a.ask", Decider::Question(question.clone())) };
        scope_of(&project, &Files::default(), &check, &question).models
    };
    assert_eq!(models(None, vec![]), Vec::<String>::new());
    assert_eq!(models(Some(ForEach::Input), vec![]), Vec::<String>::new());
    assert_eq!(models(Some(ForEach::Shot), vec![]), ["model"]);
    assert_eq!(models(None, vec![HangsOn::Models]), ["model"]);
}

#[rstest]
#[case::an_open_question(
    true,
    not_applicable(),
    "n/a",
    "n/a by Ann until 2026-12-31: the pilot is free of charge"
)]
#[case::of_a_check_that_is_never_set_aside(
    false,
    not_applicable(),
    "unknown",
    "answered as not applicable, but this question always applies"
)]
#[case::a_value_for_it(
    false,
    AnswerValue::Text("yes".to_owned()),
    "pass",
    "yes, by Ann on 2026-11-20, until 2026-12-31"
)]
fn only_a_check_that_may_be_waived_may_be_said_not_to_apply(
    #[case] waivable: bool,
    #[case] value: AnswerValue,
    #[case] verdict: &str,
    #[case] seen: &str,
) {
    let asked = Check { waivable, ..check("a.ask", Decider::Question(question())) };
    let finding = found(&RuleFixture::new(), asked, vec![Answer { value, ..answer() }]);
    assert_eq!((finding.verdict.word(), finding.seen.as_str()), (verdict, seen));
}

#[test]
fn what_a_rule_asks_about_always_applies() {
    let mut fixture = RuleFixture::new().pattern("named", "preview").word("mode", "text-to-video");
    fixture.shot().model = "x-preview".to_owned();
    let ruled = Check {
        for_each: Some(ForEach::Shot),
        ..check("a.ask", by_rule("preview-not-default", &fixture, Some(question())))
    };
    let mut given = Answer { value: not_applicable(), ..answer() };
    given.scope.models = vec!["x-preview".to_owned()];
    let finding = found(&fixture, ruled, vec![given]);
    let says = "; confirmation: answered as not applicable, but this question always applies";
    assert_eq!(finding.verdict, Verdict::Fail);
    assert!(finding.seen.ends_with(says), "{}", finding.seen);
}

#[test]
fn what_a_rule_settles_needs_no_confirmation() {
    let fixture = RuleFixture::new().pattern("named", "preview").word("mode", "text-to-video");
    let ruled = Check {
        for_each: Some(ForEach::Shot),
        ..check("a.ask", by_rule("preview-not-default", &fixture, Some(question())))
    };
    let mut given = answer();
    given.scope.models = vec!["model".to_owned()];
    let finding = found(&fixture, ruled, vec![given]);
    assert_eq!((finding.verdict, finding.recorded), (Verdict::Pass, None), "{}", finding.seen);
}

/// Nothing of the shots was recorded with these answers.
#[rstest]
#[case::a_price(AnswerKind::Money, AnswerValue::Text("1.00 USD".to_owned()), "unknown")]
#[case::no_price_at_all(AnswerKind::Money, not_applicable(), "n/a")]
#[case::not_about_money(AnswerKind::Text, not_applicable(), "unknown")]
fn what_costs_nothing_costs_nothing_for_other_shots_too(
    #[case] kind: AnswerKind,
    #[case] value: AnswerValue,
    #[case] verdict: &str,
) {
    let hanging = Question { kind, hangs_on: vec![HangsOn::Settings], ..question() };
    let finding = asked(hanging, vec![Answer { value, ..answer() }]);
    assert_eq!(finding.verdict.word(), verdict, "{finding:?}");
}

/// The sum that an answer to such a question tells of all shots, and the day of it.
#[rstest]
#[case::for_all_shots(AnswerKind::Money, Covers::Shots, AnswerValue::Text("1.50 USD".to_owned()), true)]
#[case::for_one_clip(AnswerKind::Money, Covers::Job, AnswerValue::Text("1.50 USD".to_owned()), false)]
#[case::no_money(AnswerKind::Text, Covers::Shots, AnswerValue::Text("1.50 USD".to_owned()), false)]
#[case::nothing_to_pay(AnswerKind::Money, Covers::Shots, not_applicable(), false)]
#[case::no_amount(AnswerKind::Money, Covers::Shots, AnswerValue::Text("cheap".to_owned()), false)]
fn what_all_shots_cost_is_told_by_the_answer_that_covers_them(
    #[case] kind: AnswerKind,
    #[case] covers: Covers,
    #[case] value: AnswerValue,
    #[case] told: bool,
) {
    let mut fixture = RuleFixture::new();
    fixture.project.budget = Some(Usd::from_micros(2_000_000));
    fixture.project.failure.retries = Some(0);
    let question = Question { kind, covers, ..question() };
    let asking = check("a.ask", Decider::Question(question.clone()));
    let scope = scope_of(&fixture.project, &Files::default(), &asking, &question);
    fixture.answers.answers = vec![Answer { scope, value, ..answer() }];
    let quoted = in_case(&fixture, &checklist(vec![asking], vec![]), answers::quoted);
    let wanted = told.then(|| (Usd::from_micros(1_500_000), day("2026-11-20")));
    assert_eq!(quoted.map(|quoted| (quoted.sum, quoted.answered)), wanted);
}

#[rstest]
#[case::listed("1.00 USD", Verdict::Pass, "1.00 USD of 2.00 USD, by Ann on 2026-11-20, until 2026-12-31")]
#[case::not_listed("1.50 USD", Verdict::Fail, "1.50 USD, by Ann on 2026-11-20, until 2026-12-31")]
fn an_amount_within_the_budget_is_held_against_what_passes_besides(
    #[case] value: &str,
    #[case] verdict: Verdict,
    #[case] seen: &str,
) {
    let mut fixture = RuleFixture::new();
    fixture.project.budget = Some(Usd::from_micros(2_000_000));
    fixture.project.failure.retries = Some(0);
    let listing = Question { kind: AnswerKind::Money, pass: vec!["1.00 USD".to_owned()], ..question() };
    let asking = check("a.ask", Decider::Question(listing.clone()));
    let scope = scope_of(&fixture.project, &Files::default(), &asking, &listing);
    let value = AnswerValue::Text(value.to_owned());
    let finding = found(&fixture, asking, vec![Answer { scope, value, ..answer() }]);
    assert_eq!((finding.verdict, finding.seen.as_str()), (verdict, seen));
}
