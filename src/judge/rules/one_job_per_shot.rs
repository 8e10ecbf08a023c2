//! A shot gives the inputs of its own mode and of no other.

use super::{Judge, Rule};
use crate::{
    judge::{
        ruling::{Ruling, Scene},
        wording,
    },
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

fn judge<'a>(scene: &Scene<'a>, shot: &'a Shot) -> Ruling {
    let given: Vec<Slot> =
        Slot::ALL.into_iter().filter(|slot| shot.inputs_in(*slot).next().is_some()).collect();
    let own = shot.mode.required_input();
    if let Some(own) = own.filter(|own| !given.contains(own)) {
        return Ruling::refuted(format!("{} without `{}`", shot.mode, own.word()))
            .sides(format!("`{}`", own.word()), words(&given))
            .fix(format!(
                "Give shot `{}` its `{}`, or choose the mode that fits its inputs.",
                shot.id,
                own.word()
            ));
    }
    let combines = scene.newest(shot, |fact| match fact {
        Fact::Combines(slots) => Some(slots.as_slice()),
        _ => None,
    });
    let beside = combines.map_or(&[][..], |(slots, _)| slots);
    let foreign: Vec<Slot> =
        given.iter().copied().filter(|slot| Some(*slot) != own && !beside.contains(slot)).collect();
    let ruling = if foreign.is_empty() {
        Ruling::holds(format!("{} with {}", shot.mode, words(&given)))
    } else {
        Ruling::refuted(format!("{} is asked together with {}", shot.mode, words(&foreign)))
            .sides(format!("{} with {}", shot.mode, words(own.as_slice())), words(&given))
            .fix(split(shot.mode, &foreign))
    };
    match combines {
        Some((_, claim)) if given.len() > 1 => ruling.by(claim),
        _ => ruling,
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
    use crate::judge::{ruling::Standing, stage::Stage};

    #[rstest]
    #[case(Mode::TextToVideo, &[], Standing::Holds, "text-to-video with no input")]
    #[case(Mode::TextToVideo, &[Slot::Image], Standing::Refuted, "text-to-video is asked together with `image`")]
    #[case(Mode::ImageToVideo, &[Slot::Image], Standing::Holds, "image-to-video with `image`")]
    #[case(Mode::ImageToVideo, &[], Standing::Refuted, "image-to-video without `image`")]
    #[case(Mode::ImageToVideo, &[Slot::Image, Slot::LastFrame], Standing::Refuted, "image-to-video is asked together with `last-frame`")]
    #[case(Mode::ReferenceToVideo, &[Slot::References, Slot::LastFrame], Standing::Holds, "reference-to-video with `references`, `last-frame`")]
    #[case(Mode::ReferenceToVideo, &[Slot::References, Slot::Video], Standing::Refuted, "reference-to-video is asked together with `video`")]
    #[case(Mode::Edit, &[Slot::Video], Standing::Holds, "edit with `video`")]
    #[case(Mode::Extend, &[Slot::Image], Standing::Refuted, "extend without `video`")]
    fn table(#[case] mode: Mode, #[case] slots: &[Slot], #[case] wanted: Standing, #[case] says: &str) {
        let mut stage = Stage::new().claim(&[Mode::ReferenceToVideo], Fact::Combines(vec![Slot::LastFrame]));
        stage.shot().mode = mode;
        stage.shot().inputs = slots.iter().map(|slot| (*slot, Stage::file("a"))).collect();
        let ruling = stage.rule("one-job-per-shot");
        assert_eq!((ruling.standing, ruling.seen.as_str()), (wanted, says));
    }

    #[test]
    fn three_jobs_at_once_are_split_with_the_split_spelled_out() {
        let mut stage = Stage::new();
        stage.shot().mode = Mode::Edit;
        stage.shot().inputs =
            [Slot::Image, Slot::References, Slot::Video].map(|slot| (slot, Stage::file("a"))).to_vec();
        let fix = stage.rule("one-job-per-shot").fix.unwrap();
        for part in [
            "one edit shot",
            "one image-to-video shot with `image`",
            "one reference-to-video shot with `references`",
        ] {
            assert!(fix.contains(part), "{fix}");
        }
    }
}
