//! A shot gives the inputs of its own mode and of no other.

use super::{Judge, Rule};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{catalogue::Fact, media::Slot, mode::Mode, project::Shot, rule::RuleSpec},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "one-job-per-shot",
        decides: "The shot gives the input its mode requires, and beside it only those that a dated claim lets stand there.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Shot(judge),
};

fn judge<'a>(context: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    let given: Vec<Slot> =
        Slot::ALL.into_iter().filter(|slot| shot.inputs_in(*slot).next().is_some()).collect();
    let own = shot.mode.required_input();
    if let Some(own) = own.filter(|own| !given.contains(own)) {
        return RuleOutcome::refuted(format!("{} without `{}`", shot.mode, own.word()))
            .sides(format!("`{}`", own.word()), words(&given))
            .fix(format!(
                "Give shot `{}` its `{}`, or choose the mode that fits its inputs.",
                shot.id,
                own.word()
            ));
    }
    let combines = context.newest(shot, |fact| match fact {
        Fact::Combines(slots) => Some(slots.as_slice()),
        _ => None,
    });
    let beside = combines.map_or(&[][..], |(slots, _)| slots);
    let foreign: Vec<Slot> =
        given.iter().copied().filter(|slot| Some(*slot) != own && !beside.contains(slot)).collect();
    let outcome = if foreign.is_empty() {
        RuleOutcome::holds(format!("{} with {}", shot.mode, words(&given)))
    } else {
        RuleOutcome::refuted(format!("{} is asked together with {}", shot.mode, words(&foreign)))
            .sides(format!("{} with {}", shot.mode, words(own.as_slice())), words(&given))
            .fix(split(shot.mode, &foreign))
    };
    match combines {
        Some((_, claim)) if given.len() > 1 => outcome.by(claim),
        _ => outcome,
    }
}

fn words(slots: &[Slot]) -> String {
    let words: Vec<_> = slots.iter().map(|slot| slot.word()).collect();
    if words.is_empty() { "no input".to_owned() } else { wording::names(&words) }
}

/// The shots that one over-full shot should become.
fn split(mode: Mode, foreign: &[Slot]) -> String {
    let mut jobs = vec![format!("one {mode} shot")];
    for slot in foreign {
        let modes: Vec<_> = Mode::asked_by(*slot).iter().map(|mode| mode.word()).collect();
        jobs.push(format!("one {} shot with `{}`", modes.join(" or "), slot.word()));
    }
    format!("split it: {}; a later shot may start from an earlier one.", jobs.join(", "))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus};

    #[rstest]
    #[case(Mode::TextToVideo, &[], RuleStatus::Holds, "text-to-video with no input")]
    #[case(Mode::TextToVideo, &[Slot::Image], RuleStatus::Refuted, "text-to-video is asked together with `image`")]
    #[case(Mode::ImageToVideo, &[Slot::Image], RuleStatus::Holds, "image-to-video with `image`")]
    #[case(Mode::ImageToVideo, &[], RuleStatus::Refuted, "image-to-video without `image`")]
    #[case(Mode::ImageToVideo, &[Slot::Image, Slot::LastFrame], RuleStatus::Refuted, "image-to-video is asked together with `last-frame`")]
    #[case(Mode::ReferenceToVideo, &[Slot::References, Slot::LastFrame], RuleStatus::Holds, "reference-to-video with `references`, `last-frame`")]
    #[case(Mode::ReferenceToVideo, &[Slot::References, Slot::Video], RuleStatus::Refuted, "reference-to-video is asked together with `video`")]
    #[case(Mode::Edit, &[Slot::Video], RuleStatus::Holds, "edit with `video`")]
    #[case(Mode::Extend, &[Slot::Image], RuleStatus::Refuted, "extend without `video`")]
    fn table(#[case] mode: Mode, #[case] slots: &[Slot], #[case] wanted: RuleStatus, #[case] says: &str) {
        let mut fixture =
            RuleFixture::new().claim(&[Mode::ReferenceToVideo], Fact::Combines(vec![Slot::LastFrame]));
        fixture.shot().mode = mode;
        fixture.shot().inputs = slots.iter().map(|slot| (*slot, RuleFixture::file("a"))).collect();
        let outcome = fixture.rule("one-job-per-shot");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, says));
    }

    #[test]
    fn three_jobs_at_once_are_split_with_the_split_spelled_out() {
        let mut fixture = RuleFixture::new();
        fixture.shot().mode = Mode::Edit;
        fixture.shot().inputs =
            [Slot::Image, Slot::References, Slot::Video].map(|slot| (slot, RuleFixture::file("a"))).to_vec();
        let fix = fixture.rule("one-job-per-shot").fix.unwrap();
        for part in [
            "one edit shot",
            "one image-to-video shot with `image`",
            "one reference-to-video shot with `references`",
        ] {
            assert!(fix.contains(part), "{fix}");
        }
    }
}
