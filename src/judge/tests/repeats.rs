//! For what a check is judged: its repetitions, and whether it arises at all.

use rstest::rstest;

use super::{
    engine::{only, question, run, unknown},
    *,
};
use crate::{
    judge::rule_fixture::RuleFixture,
    model::{
        checklist::AppliesIf,
        decision::Decision,
        media::{Input, Slot, Way},
        mode::Mode,
        repeat::ForEach,
        verdict::{Finding, Reason, Verdict},
    },
};

#[test]
fn inputs_are_judged_once_each_and_shown_without_secrets() {
    let mut fixture = RuleFixture::new();
    let url = RuleFixture::url("https://me:pw@host.example/a.png?sig=secret");
    let upload = Input::File { path: "b.png".into(), way: Way::Upload };
    fixture.shot().inputs =
        vec![(Slot::Image, url.clone()), (Slot::References, url), (Slot::References, upload)];
    let decider = by_rule("media-size", &fixture, None);
    let per = |kind| {
        let check = Check { for_each: Some(kind), ..check("a.size", decider.clone()) };
        let report = run(&fixture, &checklist(vec![check], vec![]));
        report.findings.into_iter().map(|finding| finding.subject.unwrap_or_default()).collect::<Vec<_>>()
    };
    assert_eq!(per(ForEach::Input), ["https://host.example/a.png", "b.png"]);
    assert_eq!(per(ForEach::File), ["b.png"]);
    assert_eq!(per(ForEach::Url), ["https://host.example/a.png"]);
}

#[rstest]
#[case(Some(AppliesIf::HasInputs), None)]
#[case(Some(AppliesIf::HasReferences), None)]
#[case(Some(AppliesIf::SeveralShots), None)]
#[case(Some(AppliesIf::Commercial), None)]
#[case(None, Some(ForEach::Input))]
#[case(None, Some(ForEach::Url))]
fn a_claim_that_does_not_arise_is_said_once_and_clears_nothing(
    #[case] applies_if: Option<AppliesIf>,
    #[case] for_each: Option<ForEach>,
) {
    let asked = Check { for_each, applies_if, ..check("a.ask", Decider::Question(question())) };
    let report = run(&RuleFixture::new(), &checklist(vec![asked], vec![]));
    assert!(matches!(report.findings[..], [Finding { verdict: Verdict::NotApplicable { .. }, .. }]));
    assert_eq!(report.found(), Decision::Hold);
}

#[rstest]
#[case(AppliesIf::HasInputs, |fixture: &mut RuleFixture| fixture.shot().inputs = vec![(Slot::Image, RuleFixture::file("a"))])]
#[case(AppliesIf::HasReferences, |fixture: &mut RuleFixture| fixture.shot().inputs = vec![(Slot::References, RuleFixture::file("a"))])]
#[case(AppliesIf::SeveralShots, |fixture: &mut RuleFixture| { fixture.add_shot("other"); })]
#[case(AppliesIf::Commercial, |fixture: &mut RuleFixture| fixture.project.commercial = true)]
fn a_claim_that_arises_is_asked(#[case] applies_if: AppliesIf, #[case] change: fn(&mut RuleFixture)) {
    let mut fixture = RuleFixture::new();
    change(&mut fixture);
    let asked = Check { applies_if: Some(applies_if), ..check("a.ask", Decider::Question(question())) };
    assert_eq!(only(&fixture, asked, vec![]).verdict, unknown(Reason::Unanswered));
}

#[test]
fn a_chain_of_shots_has_no_input_of_its_own() {
    let mut fixture = RuleFixture::new();
    fixture.shot().mode = Mode::Extend;
    fixture.shot().inputs = vec![(Slot::Video, RuleFixture::clip_of("shot"))];
    let asked =
        Check { applies_if: Some(AppliesIf::HasInputs), ..check("a.ask", Decider::Question(question())) };
    assert_eq!(only(&fixture, asked, vec![]).verdict.word(), "n/a");
}
