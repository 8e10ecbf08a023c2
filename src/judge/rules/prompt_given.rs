//! A mode that is made from words is given some.

use super::{Judge, Rule};
use crate::{
    judge::{given::given, ruling::Ruling},
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
    judge: Judge::Shot(|scene, shot| Given::with(scene, |given| judge(shot, &given))),
};

fn judge(shot: &Shot, given: &Given<'_>) -> Ruling {
    if shot.has_prompt() {
        return Ruling::holds(if shot.brief.is_some() { "a brief" } else { "a prompt" });
    }
    if !given.modes.contains(&shot.mode) {
        return Ruling::not_applicable(format!("{} can do without a prompt", shot.mode));
    }
    let seen = match (&shot.brief, &shot.prompt) {
        (Some(_), _) => "the brief says nothing",
        (None, Some(_)) => "the prompt says nothing",
        (None, None) => "no prompt",
    };
    Ruling::refuted(seen)
        .sides("a prompt", "none")
        .fix(format!("Write the `prompt` of shot `{}`, or fill in its [shot.brief].", shot.id))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::{mode::Mode, project::Brief},
    };

    fn stage(mode: Mode) -> Stage {
        let mut stage = Stage::new().modes("modes", &[Mode::TextToVideo, Mode::Edit]);
        stage.shot().mode = mode;
        stage
    }

    #[rstest]
    #[case::words(Mode::TextToVideo, Some("A fox runs."), Standing::Holds, "a prompt")]
    #[case::none(Mode::TextToVideo, None, Standing::Refuted, "no prompt")]
    #[case::blank(Mode::Edit, Some(" \t\n"), Standing::Refuted, "the prompt says nothing")]
    #[case::invisible(
        Mode::Edit,
        Some("\u{200b}\u{feff}\u{202e}"),
        Standing::Refuted,
        "the prompt says nothing"
    )]
    #[case::not_needed(
        Mode::ImageToVideo,
        None,
        Standing::NotApplicable,
        "image-to-video can do without a prompt"
    )]
    #[case::not_needed_and_given(Mode::ImageToVideo, Some("It turns."), Standing::Holds, "a prompt")]
    fn one_text(
        #[case] mode: Mode,
        #[case] prompt: Option<&str>,
        #[case] wanted: Standing,
        #[case] seen: &str,
    ) {
        let mut stage = stage(mode);
        stage.shot().prompt = prompt.map(str::to_owned);
        let ruling = stage.rule("prompt-given");
        assert_eq!((ruling.standing, ruling.seen.as_str()), (wanted, seen));
        let told = ruling.fix.is_some_and(|fix| fix.starts_with("Write the `prompt` of shot `shot`"));
        assert_eq!(told, wanted == Standing::Refuted);
    }

    #[rstest]
    #[case::filled("a fox", None, Standing::Holds)]
    #[case::blank(" ", Some(vec![]), Standing::Refuted)]
    #[case::invisible("\u{2060}", None, Standing::Refuted)]
    #[case::only_what_must_not_be_seen("", Some(vec!["people".to_owned()]), Standing::Refuted)]
    fn a_brief(#[case] subject: &str, #[case] exclude: Option<Vec<String>>, #[case] wanted: Standing) {
        let mut stage = stage(Mode::TextToVideo);
        let brief = Brief { subject: Some(subject.to_owned()), exclude, ..Brief::default() };
        stage.shot().brief = Some(brief);
        assert_eq!(stage.rule("prompt-given").standing, wanted);
    }

    /// Either of the two is enough, and one that says nothing does not spoil the other.
    #[test]
    fn a_text_beside_a_blank_brief_is_a_prompt() {
        let mut stage = stage(Mode::TextToVideo);
        stage.shot().brief = Some(Brief::default());
        stage.shot().prompt = Some("A fox runs.".to_owned());
        assert_eq!(stage.rule("prompt-given").standing, Standing::Holds);
    }
}
