//! The prompt is there, and as a brief it is complete.

use super::{Judge, Rule};
use crate::{
    judge::ruling::{Ruling, Scene},
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

fn judge<'a>(_: &Scene<'a>, shot: &'a Shot) -> Ruling {
    let prompt = shot.prompt.as_deref().is_some_and(says_something);
    match (&shot.brief, prompt) {
        (Some(brief), _) => {
            match missing(brief)[..] {
                [] => Ruling::holds("a complete brief"),
                ref missing => Ruling::refuted(format!("the brief lacks {}", missing.join(", ")))
                    .fix(format!("Add {} to the brief of shot `{}`.", missing.join(", "), shot.id)),
            }
        }
        (None, true) => Ruling::holds("one text; only as a `brief` can its parts be checked"),
        (None, false) => Ruling::refuted("no prompt and no brief"),
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
    use crate::judge::{ruling::Standing, stage::Stage};

    #[rstest]
    #[case(Some("A fox runs."), Standing::Holds)]
    #[case(Some("  \n"), Standing::Refuted)]
    #[case(Some("\u{200b}\u{feff}"), Standing::Refuted)]
    #[case(None, Standing::Refuted)]
    fn one_text(#[case] prompt: Option<&str>, #[case] wanted: Standing) {
        let mut stage = Stage::new();
        stage.shot().prompt = prompt.map(str::to_owned);
        assert_eq!(stage.rule("prompt-is-a-brief").standing, wanted);
    }

    #[test]
    fn the_missing_parts_of_a_brief_are_named() {
        let mut stage = Stage::new();
        let some = |text: &str| Some(text.to_owned());
        stage.shot().brief = Some(Brief {
            subject: some("a fox"),
            action: some("runs"),
            setting: some("snow"),
            camera: some("\u{3164}"),
            style: None,
            exclude: None,
        });
        assert_eq!(stage.rule("prompt-is-a-brief").seen, "the brief lacks camera, style, exclude");
        let brief = stage.shot().brief.as_mut().unwrap();
        (brief.camera, brief.style, brief.exclude) = (some("wide"), some("film"), Some(vec![]));
        assert_eq!(stage.rule("prompt-is-a-brief").standing, Standing::Holds);
    }
}
