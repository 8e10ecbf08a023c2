//! What a price was asked for, in lines that a person can read and a later run can compare.

use std::collections::BTreeMap;

use super::{
    instance::{Instance, instances},
    wording,
};
use crate::model::{
    checklist::{AnswerKind, Check, Decider, Question},
    media::Slot,
    project::{Project, Shot},
    question::Covers,
    said::canonical,
};

/// The shots that an answer to this question was given for; nothing where it does not hang on them.
///
/// Shots that are alike are one line, whatever they are called. A price that covers the retries hangs on their number.
pub(super) fn of(project: &Project, question: &Question) -> Vec<String> {
    if question.kind != AnswerKind::Money {
        return Vec::new();
    }
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    for shot in &project.shots {
        *alike.entry(of_shot(shot)).or_default() += 1;
    }
    let mut lines: Vec<String> = alike.into_iter().map(|(shot, count)| format!("{count} x {shot}")).collect();
    if question.covers == Covers::Project {
        lines.push(match project.failure.retries {
            Some(retries) => format!("retries: {retries}"),
            None => "retries: not declared".to_owned(),
        });
    }
    lines
}

/// What a waiver of this check is recorded for: it sets nothing aside that comes or changes later.
///
/// A shot goes by its name and terms, an input by what the project calls it. A question about an owner's terms, and a
/// call that names no shot, hang on neither.
#[must_use]
pub fn of_waiver(project: &Project, check: &Check) -> Vec<String> {
    let Ok(instances) = instances(project, check) else { return Vec::new() };
    let mut all: Vec<String> = instances.iter().flat_map(|one| of_instance(project, check, one)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What a waiver has to name to set one repetition of a check aside.
pub(super) fn of_instance(project: &Project, check: &Check, instance: &Instance<'_>) -> Vec<String> {
    let named = |shot: &Shot| format!("{}: {}", shot.id, of_shot(shot));
    if let Some(shot) = instance.shot {
        return vec![named(shot)];
    }
    if let Some(input) = instance.input {
        return vec![wording::input(input)];
    }
    let hangs = match &check.decider {
        Decider::Rule { .. } => true,
        Decider::Question(question) => question.per_model || question.kind == AnswerKind::Money,
        Decider::Probe { .. } => false,
    };
    if hangs { project.shots.iter().map(named).collect() } else { Vec::new() }
}

/// Everything that a price is known to hang on.
fn of_shot(shot: &Shot) -> String {
    let seconds = shot.duration.map_or("default length".to_owned(), |seconds| format!("{seconds} s"));
    let resolution = shot.resolution.as_deref().unwrap_or("default resolution");
    let mut parts = vec![shot.mode.to_string(), seconds, canonical(resolution), canonical(&shot.model)];
    // An edit or extension is paid by the clip that goes in; of images only the number counts.
    parts.extend(shot.inputs_in(Slot::Video).map(|input| format!("from {}", wording::input(input))));
    let images = shot.inputs.iter().filter(|(slot, _)| *slot != Slot::Video).count();
    parts.extend((images > 0).then(|| format!("images: {images}")));
    parts.join(", ")
}

/// In which way the shots are others than those that an answer was given for.
pub(super) fn changed(given: &[String], now: &[String]) -> Option<String> {
    if given == now {
        return None;
    }
    if given.is_empty() {
        return Some(
            "and not for which shots; a price holds for those alone that it was asked for".to_owned(),
        );
    }
    let only = |one: &[String], other: &[String]| {
        let only: Vec<_> = one.iter().filter(|line| !other.contains(line)).map(String::as_str).collect();
        if only.is_empty() { "nothing else".to_owned() } else { wording::clip(&only.join("; ")) }
    };
    Some(format!("the shots changed: then {}, now {}", only(given, now), only(now, given)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{judge::stage::Stage, model::mode::Mode};

    fn stage() -> Stage {
        let mut stage = Stage::new();
        stage.project.failure.retries = Some(1);
        stage.add_shot("second").duration = Some(6);
        stage
    }

    fn lines(stage: &Stage, covers: Covers) -> Vec<String> {
        let question = Question { kind: AnswerKind::Money, covers, ..crate::judge::stage::question() };
        of(&stage.project, &question)
    }

    #[test]
    fn shots_that_are_alike_are_one_line() {
        let mut stage = stage();
        stage.add_shot("third").duration = Some(6);
        let wanted = [
            "2 x text-to-video, 6 s, default resolution, model",
            "1 x text-to-video, default length, default resolution, model",
        ];
        assert_eq!(lines(&stage, Covers::Shots), wanted);
        assert_eq!(lines(&stage, Covers::Project).last().unwrap(), "retries: 1");
    }

    #[rstest]
    #[case::count(|stage: &mut Stage| { stage.add_shot("third"); })]
    #[case::one_less(|stage: &mut Stage| { stage.project.shots.pop(); })]
    #[case::duration(|stage: &mut Stage| stage.shot().duration = Some(15))]
    #[case::model(|stage: &mut Stage| stage.shot().model = "dearer".to_owned())]
    #[case::mode(|stage: &mut Stage| stage.shot().mode = Mode::Edit)]
    #[case::resolution(|stage: &mut Stage| stage.shot().resolution = Some("1080p".to_owned()))]
    #[case::longer_clip(|stage: &mut Stage| stage.shot().inputs = vec![(Slot::Video, Stage::file("long.mp4"))])]
    fn what_a_price_hangs_on_changes_them(#[case] change: fn(&mut Stage)) {
        let before = stage();
        let mut after = stage();
        change(&mut after);
        for covers in [Covers::Job, Covers::Shots, Covers::Project] {
            let (given, now) = (lines(&before, covers), lines(&after, covers));
            assert!(changed(&given, &now).unwrap().starts_with("the shots changed: then "));
            assert_eq!(changed(&given, &given), None);
        }
    }

    #[test]
    fn the_number_of_retries_is_multiplied_where_it_is_not_part_of_the_price() {
        let (before, mut after) = (stage(), stage());
        after.project.failure.retries = Some(9);
        assert_eq!(lines(&before, Covers::Shots), lines(&after, Covers::Shots));
        let told = changed(&lines(&before, Covers::Project), &lines(&after, Covers::Project));
        assert_eq!(told.unwrap(), "the shots changed: then retries: 1, now retries: 9");
    }

    #[test]
    fn what_was_given_before_shots_were_recorded_is_told_so() {
        let told = changed(&[], &lines(&stage(), Covers::Job)).unwrap();
        assert!(told.starts_with("and not for which shots"), "{told}");
    }
}
