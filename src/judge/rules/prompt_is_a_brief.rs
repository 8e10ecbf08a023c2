//! The prompt is there and, if it is a brief, complete.

use super::{Judge, Rule};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome},
    model::{
        project::{Brief, Shot},
        rule::RuleSpec,
        text::says_something,
    },
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "prompt-is-a-brief",
        decides: "The shot has a prompt that is not empty; a `brief` names subject, action, setting, camera, style and \
                  what to exclude.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Shot(judge),
};

fn judge<'a>(_: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    let prompt = shot.prompt.as_deref().is_some_and(says_something);
    match (&shot.brief, prompt) {
        (Some(brief), _) => match missing(brief)[..] {
            [] => RuleOutcome::holds("a complete brief"),
            ref missing => RuleOutcome::refuted(format!("the brief lacks {}", missing.join(", ")))
                .fix(format!("Add {} to the brief of shot `{}`.", missing.join(", "), shot.id)),
        },
        (None, true) => RuleOutcome::holds("a single text; its parts can only be checked in a `brief`"),
        (None, false) => RuleOutcome::refuted("no prompt and no brief"),
    }
}

fn missing(brief: &Brief) -> Vec<&'static str> {
    let blank = brief.parts().into_iter().filter(|(_, text)| !text.is_some_and(says_something));
    // An empty list is a statement too: nothing is excluded.
    blank.map(|(name, _)| name).chain(brief.exclude.is_none().then_some("exclude")).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus};

    #[rstest]
    #[case(Some("A fox runs."), RuleStatus::Holds)]
    #[case(Some("  \n"), RuleStatus::Refuted)]
    #[case(Some("\u{200b}\u{feff}"), RuleStatus::Refuted)]
    #[case(None, RuleStatus::Refuted)]
    fn one_text(#[case] prompt: Option<&str>, #[case] wanted: RuleStatus) {
        let mut fixture = RuleFixture::new();
        fixture.shot().prompt = prompt.map(str::to_owned);
        assert_eq!(fixture.rule("prompt-is-a-brief").status, wanted);
    }

    #[test]
    fn the_missing_parts_of_a_brief_are_named() {
        let mut fixture = RuleFixture::new();
        let some = |text: &str| Some(text.to_owned());
        fixture.shot().brief = Some(Brief {
            subject: some("a fox"),
            action: some("runs"),
            setting: some("snow"),
            camera: some("\u{3164}"),
            style: None,
            exclude: None,
        });
        assert_eq!(fixture.rule("prompt-is-a-brief").seen, "the brief lacks camera, style, exclude");
        let brief = fixture.shot().brief.as_mut().unwrap();
        (brief.camera, brief.style, brief.exclude) = (some("wide"), some("film"), Some(vec![]));
        assert_eq!(fixture.rule("prompt-is-a-brief").status, RuleStatus::Holds);
    }
}
