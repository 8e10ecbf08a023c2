//! What a waiver waives: what it was recorded for, and nothing that was added or changed later.

use chrono::Days;
use rstest::rstest;

use super::{engine::run, *};
use crate::{
    judge::{rule_fixture::RuleFixture, waived_for},
    model::{
        answer::{Answer, Waiver},
        checklist::{AnswerKind, Question},
        media::{Input, Slot},
        project::Project,
        question::HangsOn,
        repeat::ForEach,
        report::Report,
        verdict::Verdict,
    },
};

fn asked() -> Question {
    Question {
        kind: AnswerKind::YesNo,
        pass: vec!["yes".to_owned()],
        ..crate::judge::rule_fixture::question()
    }
}

/// A question about the owner's terms, which depend on no shot.
fn of_terms(_: &RuleFixture) -> Check {
    check("a.open", Decider::Question(asked()))
}

/// A question about how the shots are made.
fn of_settings(_: &RuleFixture) -> Check {
    let hanging = Question { hangs_on: vec![HangsOn::Settings], ..asked() };
    check("a.open", Decider::Question(hanging))
}

fn per_shot(_: &RuleFixture) -> Check {
    Check { for_each: Some(ForEach::Shot), ..of_terms(&RuleFixture::new()) }
}

fn per_input(_: &RuleFixture) -> Check {
    Check { for_each: Some(ForEach::Input), ..of_terms(&RuleFixture::new()) }
}

/// A rule over the whole project that fails: neither timeout nor retries are declared.
fn of_project(fixture: &RuleFixture) -> Check {
    check("a.open", by_rule("timeout-and-retries", fixture, None))
}

fn waiver(project: &Project, check: &Check) -> Waiver {
    Waiver {
        check: check.id.clone(),
        route: project.route,
        provider: project.provider.clone(),
        account: project.account.clone(),
        given_for: waived_for(project, check, &crate::judge::Files::default()),
        reason: "the pilot is free of charge".to_owned(),
        owner: "Bo".to_owned(),
        recorded: now().date_naive(),
        until: now().date_naive() + Days::new(10),
    }
}

fn fixture() -> RuleFixture {
    let mut fixture = RuleFixture::new();
    fixture.project.account = Some("ours".to_owned());
    fixture.shot().inputs = vec![(Slot::Image, RuleFixture::file("a.png"))];
    fixture
}

/// The verdicts after a change that was made once the waiver existed.
fn after(kind: fn(&RuleFixture) -> Check, change: impl FnOnce(&mut RuleFixture)) -> (Report, Vec<bool>) {
    let mut fixture = fixture();
    let check = kind(&fixture);
    fixture.answers.waivers = vec![waiver(&fixture.project, &check)];
    change(&mut fixture);
    let report = run(&fixture, &checklist(vec![kind(&fixture)], vec![]));
    let waived = report.findings.iter().map(|it| matches!(it.verdict, Verdict::Waived { .. })).collect();
    (report, waived)
}

fn another_shot(fixture: &mut RuleFixture) {
    fixture.add_shot("later").inputs = vec![(Slot::Image, RuleFixture::file("b.png"))];
}

fn another_model(fixture: &mut RuleFixture) {
    fixture.shot().model = "dearer".to_owned();
}

fn another_name(fixture: &mut RuleFixture) {
    fixture.project.name = "Renamed".to_owned();
}

fn another_input(fixture: &mut RuleFixture) {
    let address: Input = RuleFixture::url("https://media.example/b.png");
    fixture.shot().inputs.push((Slot::Image, address));
}

#[rstest]
#[case::nothing_that_matters(per_shot, another_name, &[true])]
#[case::nothing_that_matters_to_a_rule(of_project, another_name, &[true])]
#[case::terms_hang_on_no_shot(of_terms, another_shot, &[true])]
#[case::settings_hang_on_every_shot(of_settings, another_shot, &[false])]
#[case::a_shot_that_came_later(per_shot, another_shot, &[true, false])]
#[case::a_shot_that_changed(per_shot, another_model, &[false])]
#[case::an_input_that_came_later(per_input, another_input, &[true, false])]
#[case::a_rule_over_more_shots(of_project, another_shot, &[false])]
#[case::a_rule_over_other_shots(of_project, another_model, &[false])]
fn it_covers_what_it_was_recorded_for(
    #[case] kind: fn(&RuleFixture) -> Check,
    #[case] change: fn(&mut RuleFixture),
    #[case] waived: &[bool],
) {
    let (report, now) = after(kind, change);
    assert_eq!(now, waived, "{:#?}", report.findings);
    let told = report.remarks.iter().any(|remark| remark.contains("was not recorded for "));
    assert_eq!(told, waived.contains(&false), "{:?}", report.remarks);
}

#[test]
fn what_it_leaves_open_is_named() {
    let (report, _) = after(per_shot, another_shot);
    let wanted = "the waiver of `a.open` was not recorded for later: text-to-video, default length, default \
                  resolution, model, images: 1; if it holds there too, record it again with `greenlight waive a.open`";
    assert_eq!(report.remarks, [wanted]);
}

#[test]
fn a_later_waiver_adds_to_an_earlier_one() {
    let mut fixture = fixture();
    let check = per_shot(&fixture);
    let first = waiver(&fixture.project, &check);
    another_shot(&mut fixture);
    let second = waiver(&fixture.project, &check);
    fixture.answers.waivers = vec![second, first];
    let report = run(&fixture, &checklist(vec![check], vec![]));
    assert!(report.findings.iter().all(|it| matches!(it.verdict, Verdict::Waived { .. })), "{report:#?}");
    assert_eq!(report.remarks, Vec::<String>::new());
}

#[test]
fn a_waiver_recorded_without_names_is_reported_and_not_valid() {
    let (report, waived) = after(of_project, |fixture| fixture.answers.waivers[0].given_for.clear());
    assert_eq!(waived, [false]);
    assert!(report.remarks[0].contains("was not recorded for shot: text-to-video"), "{:?}", report.remarks);
}

#[rstest]
#[case::of_another_account(Some("theirs"), "is for account ours, and the project names account theirs")]
#[case::without_an_account(None, "is for account ours, and the project names no account")]
fn it_belongs_to_its_account(#[case] account: Option<&str>, #[case] says: &str) {
    let (report, waived) = after(of_terms, |fixture| fixture.project.account = account.map(str::to_owned));
    assert_eq!(waived, [false]);
    assert_eq!(report.remarks, [format!("the waiver of `a.open` {says}")]);
}

/// Two waivers of one check, recorded on these days and ending this many days after yesterday; whether it is waived.
#[rstest]
#[case::lengthened((1, 1), (0, 11), true)]
#[case::withdrawn((5, 31), (2, 0), false)]
#[case::withdrawn_on_the_same_day((2, 31), (2, 0), false)]
#[case::an_older_one_says_nothing((2, 31), (5, 0), true)]
fn of_two_waivers_the_newer_decides(
    #[case] first: (u64, u64),
    #[case] second: (u64, u64),
    #[case] waived: bool,
) {
    let mut fixture = fixture();
    let check = of_terms(&fixture);
    let today = now().date_naive();
    fixture.answers.waivers = [first, second]
        .map(|(ago, left)| Waiver {
            recorded: today - Days::new(ago),
            until: today - Days::new(1) + Days::new(left),
            ..waiver(&fixture.project, &check)
        })
        .to_vec();
    let report = run(&fixture, &checklist(vec![check], vec![]));
    assert_eq!(matches!(report.findings[0].verdict, Verdict::Waived { .. }), waived, "{report:#?}");
    assert_eq!(report.remarks.iter().any(|remark| remark.contains("expired on")), !waived, "{report:#?}");
}

/// What is said of one waiver after this change, and whether it sets its check aside.
fn remarked(change: impl FnOnce(&mut Waiver), waivable: bool) -> (Vec<String>, bool) {
    let mut fixture = fixture();
    let check = Check { waivable, ..of_terms(&fixture) };
    let mut waiver = waiver(&fixture.project, &check);
    change(&mut waiver);
    fixture.answers.waivers = vec![waiver];
    let report = run(&fixture, &checklist(vec![check], vec![]));
    (report.remarks, matches!(report.findings[0].verdict, Verdict::Waived { .. }))
}

#[rstest]
#[case::whole(|_: &mut Waiver| (), None)]
#[case::on_its_last_day(|it: &mut Waiver| it.until = now().date_naive(), None)]
#[case::after_it(
    |it: &mut Waiver| it.until = now().date_naive() - Days::new(1),
    Some("the waiver of `a.open` expired on 2026-11-21")
)]
#[case::before_its_first(
    |it: &mut Waiver| it.recorded = now().date_naive() + Days::new(1),
    Some("the waiver of `a.open` begins on 2026-11-23")
)]
#[case::nobodys(
    |it: &mut Waiver| "7".clone_into(&mut it.owner),
    Some("the waiver of `a.open` has no name: it contains no visible letter; it is ignored")
)]
#[case::for_no_reason(
    |it: &mut Waiver| "x".clone_into(&mut it.reason),
    Some("the waiver of `a.open` has no reason: write a few words that someone else can check; it is ignored")
)]
#[case::of_a_name_that_is_near(
    |it: &mut Waiver| it.check = check_id("a.opne"),
    Some("a waiver names the check `a.opne`, which does not exist; did you mean `a.open`?")
)]
#[case::of_a_name_that_is_not(
    |it: &mut Waiver| it.check = check_id("retention"),
    Some("a waiver names the check `retention`, which does not exist")
)]
fn a_waiver_that_counts_for_nothing_is_told(#[case] change: fn(&mut Waiver), #[case] says: Option<&str>) {
    let (remarks, waived) = remarked(change, true);
    assert_eq!((remarks, waived), (says.into_iter().map(str::to_owned).collect(), says.is_none()));
}

#[test]
fn what_may_never_be_waived_is_not() {
    let says = "`a.open` cannot be waived; the waiver is ignored";
    assert_eq!(remarked(|_| (), false), (vec![says.to_owned()], false));
}

#[test]
fn a_waiver_of_another_check_covers_nothing_of_this_one() {
    let mut fixture = fixture();
    let (check, other) = (of_project(&fixture), Check { id: check_id("a.other"), ..of_project(&fixture) });
    let without = Waiver { given_for: vec![], ..waiver(&fixture.project, &check) };
    fixture.answers.waivers = vec![without, waiver(&fixture.project, &other)];
    let report = run(&fixture, &checklist(vec![check, other], vec![]));
    assert!(
        report.remarks[0].starts_with("the waiver of `a.open` was not recorded for shot: "),
        "{report:#?}"
    );
}

#[rstest]
#[case::nobody_asks("a.opne", "which does not exist; did you mean `a.open`?")]
#[case::no_person_decides("a.open", "which no person decides")]
fn an_answer_that_nothing_asks_for_is_told(#[case] id: &str, #[case] says: &str) {
    let mut fixture = fixture();
    let given = standing::answer();
    fixture.answers.answers = vec![Answer { check: check_id(id), ..given }];
    let report = run(&fixture, &checklist(vec![of_project(&fixture)], vec![]));
    assert_eq!(report.remarks, [format!("an answer names the check `{id}`, {says}")]);
}
