//! A mode that makes a clip from words gets some.

use super::{Judge, Rule};
use crate::{
    judge::{given::given, rule_outcome::RuleOutcome},
    model::{mode::Mode, project::Shot, rule::RuleSpec},
};

given! {
    params {
        modes: &'a [Mode] = "modes",
    }
}

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "prompt-given",
        decides: "A shot of one of `modes` has a `prompt`, or a `brief` with a part that says what is to be seen. Blank \
                  and invisible characters are no prompt.",
        params: Given::PARAMS,
        probes: Given::PROBES,
    },
    judge: Judge::Shot(|context, shot| Given::with(context, |given| judge(shot, &given))),
};

fn judge(shot: &Shot, given: &Given<'_>) -> RuleOutcome {
    if shot.has_prompt() {
        return RuleOutcome::holds(if shot.brief.is_some() { "a brief" } else { "a prompt" });
    }
    if !given.modes.contains(&shot.mode) {
        return RuleOutcome::not_applicable(format!("{} needs no prompt", shot.mode));
    }
    let seen = match (&shot.brief, &shot.prompt) {
        (Some(_), _) => "the brief says nothing",
        (None, Some(_)) => "the prompt says nothing",
        (None, None) => "no prompt",
    };
    RuleOutcome::refuted(seen)
        .sides("a prompt", "none")
        .fix(format!("Write the `prompt` of shot `{}`, or fill in its [shot.brief].", shot.id))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::{mode::Mode, project::Brief},
    };

    fn fixture(mode: Mode) -> RuleFixture {
        let mut fixture = RuleFixture::new().modes("modes", &[Mode::TextToVideo, Mode::Edit]);
        fixture.shot().mode = mode;
        fixture
    }

    #[rstest]
    #[case::words(Mode::TextToVideo, Some("A fox runs."), RuleStatus::Holds, "a prompt")]
    #[case::none(Mode::TextToVideo, None, RuleStatus::Refuted, "no prompt")]
    #[case::blank(Mode::Edit, Some(" \t\n"), RuleStatus::Refuted, "the prompt says nothing")]
    #[case::invisible(
        Mode::Edit,
        Some("\u{200b}\u{feff}\u{202e}"),
        RuleStatus::Refuted,
        "the prompt says nothing"
    )]
    #[case::not_needed(Mode::ImageToVideo, None, RuleStatus::NotApplicable, "image-to-video needs no prompt")]
    #[case::not_needed_and_given(Mode::ImageToVideo, Some("It turns."), RuleStatus::Holds, "a prompt")]
    fn one_text(
        #[case] mode: Mode,
        #[case] prompt: Option<&str>,
        #[case] wanted: RuleStatus,
        #[case] seen: &str,
    ) {
        let mut fixture = fixture(mode);
        fixture.shot().prompt = prompt.map(str::to_owned);
        let outcome = fixture.rule("prompt-given");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, seen));
        let told = outcome.fix.is_some_and(|fix| fix.starts_with("Write the `prompt` of shot `shot`"));
        assert_eq!(told, wanted == RuleStatus::Refuted);
    }

    #[rstest]
    #[case::filled("a fox", None, RuleStatus::Holds)]
    #[case::blank(" ", Some(vec![]), RuleStatus::Refuted)]
    #[case::invisible("\u{2060}", None, RuleStatus::Refuted)]
    #[case::only_what_must_not_be_seen("", Some(vec!["people".to_owned()]), RuleStatus::Refuted)]
    fn a_brief(#[case] subject: &str, #[case] exclude: Option<Vec<String>>, #[case] wanted: RuleStatus) {
        let mut fixture = fixture(Mode::TextToVideo);
        let brief = Brief { subject: Some(subject.to_owned()), exclude, ..Brief::default() };
        fixture.shot().brief = Some(brief);
        assert_eq!(fixture.rule("prompt-given").status, wanted);
    }

    /// Either one is enough, and an empty one doesn't invalidate the other.
    #[test]
    fn a_text_beside_a_blank_brief_is_a_prompt() {
        let mut fixture = fixture(Mode::TextToVideo);
        fixture.shot().brief = Some(Brief::default());
        fixture.shot().prompt = Some("A fox runs.".to_owned());
        assert_eq!(fixture.rule("prompt-given").status, RuleStatus::Holds);
    }
}
