//! The model that answers to the requested name is judged as well, and the worse verdict counts.

use rstest::rstest;
use serde_json::json;

use super::{engine::run, *};
use crate::{
    judge::rule_fixture::RuleFixture,
    model::{
        catalogue::Fact,
        checklist::{AnswerKind, Question},
        media::Slot,
        mode::Mode,
        repeat::ForEach,
        verdict::{Finding, Reason, Verdict},
    },
};

/// What the rule says about the first shot, which asks for `model` and is served by `by`.
fn served(
    rule: &str,
    by: &str,
    set: impl FnOnce(RuleFixture) -> RuleFixture,
    question: Option<Question>,
) -> Finding {
    let fixture = set(RuleFixture::new()).served(200, json!({ "id": by }));
    let check = Check { for_each: Some(ForEach::Shot), ..check("a.rule", by_rule(rule, &fixture, question)) };
    let checklist = Checklist { probes: fixture.probes.clone(), ..checklist(vec![check], vec![]) };
    run(&fixture, &checklist).findings.remove(0)
}

fn previews(fixture: RuleFixture) -> RuleFixture {
    fixture.pattern("named", "preview").word("mode", "text-to-video")
}

#[rstest]
#[case::itself("model", Verdict::Pass, "`model` is not named as a preview")]
#[case::another("model-2", Verdict::Pass, "`model` is not named as a preview")]
#[case::a_preview(
    "model-preview",
    Verdict::Fail,
    "served by another model `model-preview`: `model-preview` is named as a preview and is asked for text-to-video"
)]
fn a_preview_behind_another_name_is_one(#[case] by: &str, #[case] verdict: Verdict, #[case] seen: &str) {
    let found = served("preview-not-default", by, previews, None);
    assert_eq!((found.verdict, found.seen.as_str()), (verdict, seen));
}

#[test]
fn a_confirmation_cannot_overrule_a_live_reply() {
    let question = Question {
        kind: AnswerKind::YesNo,
        pass: vec!["yes".to_owned()],
        ..crate::judge::rule_fixture::question()
    };
    let found = served("preview-not-default", "model-preview", previews, Some(question));
    assert_eq!(found.verdict, Verdict::Fail);
    assert!(!found.seen.contains("person"), "{}", found.seen);
}

#[rstest]
#[case::itself("model", Verdict::Pass, "2 of at most 7")]
#[case::one_that_takes_less("short", Verdict::Fail, "served by another model `short`: ")]
#[case::a_stranger("stranger", Verdict::Unknown { reason: Reason::NoClaim }, "served by another model `stranger`: no claim")]
fn the_limits_of_the_serving_model_apply(#[case] by: &str, #[case] verdict: Verdict, #[case] seen: &str) {
    let set = |fixture: RuleFixture| {
        let takes = |max| Fact::References { max, documented: None };
        let mut fixture = fixture.claim(&[], takes(7)).claim(&[], takes(1));
        fixture.catalogue.claims[1].models = vec!["short".to_owned()];
        fixture.shot().mode = Mode::ReferenceToVideo;
        fixture.shot().inputs =
            ["a.png", "b.png"].map(|name| (Slot::References, RuleFixture::file(name))).to_vec();
        fixture
    };
    let found = served("reference-count", by, set, None);
    assert_eq!(found.verdict, verdict, "{found:?}");
    assert!(found.seen.contains(seen), "{}", found.seen);
}
