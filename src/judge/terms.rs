//! What an answer or a waiver was given for, in lines that a person can read and a later run can compare.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    instance::{Instance, instances},
    wording,
};
use crate::model::{
    checklist::{AnswerKind, Check, Decider, Question},
    media::{Input, MediaFact, Slot},
    project::{Project, Shot},
    question::{Covers, HangsOn},
    report::{InputDigest, InputRole},
    said::canonical,
};

/// How many digits of a digest tell two files apart.
const DIGITS: usize = 16;

/// Which files are behind the names of inputs: another file of the same name is another input.
#[derive(Debug, Clone, Default)]
pub struct Files<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Files<'a> {
    /// Those that were looked at.
    pub(super) fn seen(media: &'a BTreeMap<Input, MediaFact>) -> Self {
        let digest = |(input, fact): (&'a Input, &'a MediaFact)| match (input, fact) {
            (Input::File { path, .. }, MediaFact::Present(media)) => {
                Some((path.as_str(), media.sha256.as_deref()?))
            }
            _ => None,
        };
        Self(media.iter().filter_map(digest).collect())
    }

    /// Those named in a report.
    #[must_use]
    pub fn of(inputs: &'a [InputDigest]) -> Self {
        let media = inputs.iter().filter(|input| input.role == InputRole::Media);
        Self(media.filter_map(|input| Some((input.path.as_str(), input.sha256.as_deref()?))).collect())
    }

    fn named(&self, input: &Input) -> String {
        let name = wording::input(input);
        let digest = matches!(input, Input::File { .. }).then(|| self.0.get(name.as_str())).flatten();
        let digits = digest.map(|digest| digest.chars().take(DIGITS).collect::<String>());
        digits.map_or(name.clone(), |digits| format!("{name} (sha256 {digits})"))
    }
}

/// The parts of a project that an answer to this question is given for; empty if it depends on none.
///
/// Shots that cost the same are one line with their count, whatever their names. A price that covers the retries
/// depends on their number.
pub(super) fn of(project: &Project, question: &Question, files: &Files<'_>) -> Vec<String> {
    of_shots(project, &project.shots, question, files)
}

fn of_shots(project: &Project, shots: &[Shot], question: &Question, files: &Files<'_>) -> Vec<String> {
    let on = |part| question.hangs_on.contains(&part);
    let mut lines = Vec::new();
    if is_counted(question) {
        let mut alike: BTreeMap<String, usize> = BTreeMap::new();
        for shot in shots {
            *alike.entry(of_shot(shot, files)).or_default() += 1;
        }
        lines.extend(alike.into_iter().map(|(shot, count)| format!("{count} x {shot}")));
        if on(HangsOn::Cost) || question.covers == Covers::Project {
            lines.push(match project.failure.retries {
                Some(retries) => format!("retries: {retries}"),
                None => "retries: not declared".to_owned(),
            });
        }
    }
    let mut once = BTreeSet::new();
    for shot in shots {
        once.extend(on(HangsOn::Settings).then(|| settings(shot, files)));
        once.extend(
            on(HangsOn::Prompts).then(|| format!("words of shot {}: {}", shot.id, shot.words_digest())),
        );
        once.extend(
            shot.voices
                .iter()
                .filter(|_| on(HangsOn::Inputs))
                .map(|voice| format!("voice {}", canonical(voice))),
        );
        let inputs = shot.inputs.iter().filter(|(_, input)| !matches!(input, Input::Shot(_)));
        once.extend(
            inputs.filter(|_| on(HangsOn::Inputs)).map(|(_, input)| format!("input {}", files.named(input))),
        );
    }
    lines.extend(once);
    lines
}

/// Whether the number of shots matters.
fn is_counted(question: &Question) -> bool {
    question.kind == AnswerKind::Money || question.hangs_on.contains(&HangsOn::Cost)
}

/// What a waiver of this check is recorded for: it waives nothing that is added or changed later.
///
/// A shot is recorded by its name and settings, an input by the project's name for it and its digest. A question is
/// recorded with everything that its answer would be recorded for as well; one about an owner's terms, and a call that
/// names no shot, depend on none of it.
#[must_use]
pub fn of_waiver(project: &Project, check: &Check, files: &Files<'_>) -> Vec<String> {
    let Ok(instances) = instances(project, check) else { return Vec::new() };
    let of = |one| of_instance(project, check, one, files);
    let mut all: Vec<String> = instances.iter().flat_map(of).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What a waiver must name to waive one repetition of a check.
pub(super) fn of_instance(
    project: &Project,
    check: &Check,
    instance: &Instance<'_>,
    files: &Files<'_>,
) -> Vec<String> {
    if let Some(input) = instance.input {
        return vec![files.named(input)];
    }
    let shots = instance.shot.map_or(project.shots.as_slice(), std::slice::from_ref);
    let named = || shots.iter().map(|shot| format!("{}: {}", shot.id, settings(shot, files))).collect();
    match &check.decider {
        Decider::Question(question) => {
            let hangs = !question.hangs_on.is_empty() || question.kind == AnswerKind::Money;
            let mut lines: Vec<String> = if hangs || instance.shot.is_some() { named() } else { Vec::new() };
            lines.extend(of_shots(project, shots, question, files));
            lines
        }
        Decider::Probe { .. } if instance.shot.is_none() => Vec::new(),
        Decider::Probe { .. } | Decider::Rule { .. } => named(),
    }
}

/// Everything that decides what a shot looks like, its words and inputs apart. The ratio has no price.
fn settings(shot: &Shot, files: &Files<'_>) -> String {
    let ratio = shot.aspect_ratio.as_deref().map(|ratio| format!(", {}", canonical(ratio)));
    of_shot(shot, files) + &ratio.unwrap_or_default()
}

/// Everything that a price is known to depend on.
fn of_shot(shot: &Shot, files: &Files<'_>) -> String {
    let seconds = shot.duration.map_or("default length".to_owned(), |seconds| format!("{seconds} s"));
    let resolution = shot.resolution.as_deref().unwrap_or("default resolution");
    let mut parts = vec![shot.mode.to_string(), seconds, canonical(resolution), canonical(&shot.model)];
    // For an edit or extension the input clip determines the price; of images only the number counts.
    parts.extend(shot.inputs_in(Slot::Video).map(|input| format!("from {}", files.named(input))));
    let images = shot.inputs.iter().filter(|(slot, _)| *slot != Slot::Video).count();
    parts.extend((images > 0).then(|| format!("images: {images}")));
    let times: Vec<_> = shot.keyframe_millis.iter().map(|time| wording::seconds((*time).into())).collect();
    parts.extend((!times.is_empty()).then(|| format!("keyframes at {}", times.join(" and "))));
    let voices: Vec<_> = shot.voices.iter().map(|voice| canonical(voice)).collect();
    parts.extend((!voices.is_empty()).then(|| format!("voices: {}", voices.join(" and "))));
    parts.join(", ")
}

/// How the project differs from the one that an answer was given for.
pub(super) fn changed(question: &Question, given: &[String], now: &[String]) -> Option<String> {
    let only = |one: &[String], other: &[String]| {
        let only: Vec<_> = one.iter().filter(|line| !other.contains(line)).map(String::as_str).collect();
        (!only.is_empty()).then(|| wording::clip(&only.join("; ")))
    };
    let (gone, new) = (only(given, now), only(now, given));
    if new.is_none() && (gone.is_none() || !is_counted(question)) {
        return None;
    }
    if given.is_empty() && question.kind == AnswerKind::Money {
        return Some(
            "but not for which shots; a price counts only for the shots it was asked for".to_owned(),
        );
    }
    if let Some(new) = new.as_ref().filter(|_| !is_counted(question)) {
        return Some(format!("and not for {new}; an answer only covers what it was given for"));
    }
    let nothing = || "nothing else".to_owned();
    Some(format!(
        "the shots changed: then {}, now {}",
        gone.unwrap_or_else(nothing),
        new.unwrap_or_else(nothing)
    ))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{judge::rule_fixture::RuleFixture, model::mode::Mode};

    fn fixture() -> RuleFixture {
        let mut fixture = RuleFixture::new();
        fixture.project.failure.retries = Some(1);
        fixture.add_shot("second").duration = Some(6);
        fixture
    }

    fn priced(covers: Covers) -> Question {
        Question { kind: AnswerKind::Money, covers, ..crate::judge::rule_fixture::question() }
    }

    fn lines(fixture: &RuleFixture, covers: Covers) -> Vec<String> {
        of(&fixture.project, &priced(covers), &Files::default())
    }

    #[test]
    fn shots_that_are_alike_are_one_line() {
        let mut fixture = fixture();
        fixture.add_shot("third").duration = Some(6);
        let wanted = [
            "2 x text-to-video, 6 s, default resolution, model",
            "1 x text-to-video, default length, default resolution, model",
        ];
        assert_eq!(lines(&fixture, Covers::Shots), wanted);
        assert_eq!(lines(&fixture, Covers::Project).last().unwrap(), "retries: 1");
    }

    #[rstest]
    #[case::count(|fixture: &mut RuleFixture| { fixture.add_shot("third"); })]
    #[case::one_less(|fixture: &mut RuleFixture| { fixture.project.shots.pop(); })]
    #[case::duration(|fixture: &mut RuleFixture| fixture.shot().duration = Some(15))]
    #[case::model(|fixture: &mut RuleFixture| fixture.shot().model = "dearer".to_owned())]
    #[case::mode(|fixture: &mut RuleFixture| fixture.shot().mode = Mode::Edit)]
    #[case::resolution(|fixture: &mut RuleFixture| fixture.shot().resolution = Some("1080p".to_owned()))]
    #[case::longer_clip(|fixture: &mut RuleFixture| fixture.shot().inputs = vec![(Slot::Video, RuleFixture::file("long.mp4"))])]
    fn what_a_price_hangs_on_changes_them(#[case] change: fn(&mut RuleFixture)) {
        let before = fixture();
        let mut after = fixture();
        change(&mut after);
        for covers in [Covers::Job, Covers::Shots, Covers::Project] {
            let (given, now) = (lines(&before, covers), lines(&after, covers));
            assert!(changed(&priced(covers), &given, &now).unwrap().starts_with("the shots changed: then "));
            assert_eq!(changed(&priced(covers), &given, &given), None);
        }
    }

    #[test]
    fn the_number_of_retries_is_multiplied_where_it_is_not_part_of_the_price() {
        let (before, mut after) = (fixture(), fixture());
        after.project.failure.retries = Some(9);
        assert_eq!(lines(&before, Covers::Shots), lines(&after, Covers::Shots));
        let told = changed(
            &priced(Covers::Project),
            &lines(&before, Covers::Project),
            &lines(&after, Covers::Project),
        );
        assert_eq!(told.unwrap(), "the shots changed: then retries: 1, now retries: 9");
    }

    #[test]
    fn an_answer_recorded_without_shots_is_reported_as_such() {
        let told = changed(&priced(Covers::Job), &[], &lines(&fixture(), Covers::Job)).unwrap();
        assert!(told.starts_with("but not for which shots"), "{told}");
    }

    fn with_media(fixture: &mut RuleFixture) {
        fixture.shot().inputs = vec![(Slot::Image, RuleFixture::file("b.png"))];
    }

    fn with_words(fixture: &mut RuleFixture) {
        fixture.shot().prompt = Some("A real person.".to_owned());
    }

    fn with_a_keyframe(fixture: &mut RuleFixture, at: u32) {
        fixture.shot().inputs = vec![(Slot::Keyframes, RuleFixture::file("b.png"))];
        fixture.shot().keyframe_millis = vec![at];
    }

    fn with_a_voice(fixture: &mut RuleFixture) {
        fixture.shot().voices = vec!["ada".to_owned()];
    }

    fn with_a_like_shot(fixture: &mut RuleFixture) {
        fixture.add_shot("third").duration = Some(6);
    }

    fn with_a_longer_shot(fixture: &mut RuleFixture) {
        fixture.add_shot("third").duration = Some(15);
    }

    fn with_one_less(fixture: &mut RuleFixture) {
        fixture.project.shots.pop();
    }

    fn in_another_mode(fixture: &mut RuleFixture) {
        fixture.shot().mode = Mode::Extend;
    }

    fn in_another_ratio(fixture: &mut RuleFixture) {
        fixture.shot().aspect_ratio = Some("21:9".to_owned());
    }

    fn with_more_retries(fixture: &mut RuleFixture) {
        fixture.project.failure.retries = Some(2);
    }

    #[rstest]
    #[case(HangsOn::Inputs, with_media, Some("input b.png"))]
    #[case(HangsOn::Inputs, with_words, None)]
    #[case(HangsOn::Inputs, with_a_like_shot, None)]
    #[case(HangsOn::Inputs, |fixture: &mut RuleFixture| with_a_keyframe(fixture, 2000), Some("input b.png"))]
    #[case(HangsOn::Settings, |fixture: &mut RuleFixture| with_a_keyframe(fixture, 2333), Some("images: 1, keyframes at 2.333 s"))]
    #[case(HangsOn::Cost, |fixture: &mut RuleFixture| with_a_keyframe(fixture, 2000), Some("images: 1"))]
    #[case(HangsOn::Inputs, with_a_voice, Some("voice ada"))]
    #[case(HangsOn::Settings, with_a_voice, Some("default resolution, model, voices: ada"))]
    #[case(HangsOn::Prompts, with_a_voice, Some("words of shot shot: "))]
    #[case(HangsOn::Cost, with_a_voice, Some("voices: ada"))]
    #[case(HangsOn::Prompts, with_words, Some("words of shot shot: "))]
    #[case(HangsOn::Prompts, with_a_like_shot, Some("words of shot third: "))]
    #[case(HangsOn::Prompts, with_one_less, None)]
    #[case(HangsOn::Prompts, with_media, None)]
    #[case(HangsOn::Settings, in_another_mode, Some("extend, default length"))]
    #[case(HangsOn::Settings, with_a_longer_shot, Some("text-to-video, 15 s"))]
    #[case(HangsOn::Settings, in_another_ratio, Some("default resolution, model, 21:9"))]
    #[case(HangsOn::Cost, in_another_ratio, None)]
    #[case(HangsOn::Settings, with_a_like_shot, None)]
    #[case(HangsOn::Settings, with_one_less, None)]
    #[case(HangsOn::Settings, with_words, None)]
    #[case(HangsOn::Cost, with_a_like_shot, Some("2 x text-to-video, 6 s"))]
    #[case(HangsOn::Cost, with_one_less, Some("now nothing else"))]
    #[case(HangsOn::Cost, with_more_retries, Some("then retries: 1, now retries: 2"))]
    #[case(HangsOn::Cost, with_words, None)]
    fn an_answer_holds_for_what_it_was_given_for(
        #[case] on: HangsOn,
        #[case] change: fn(&mut RuleFixture),
        #[case] says: Option<&str>,
    ) {
        let question = Question { hangs_on: vec![on], ..crate::judge::rule_fixture::question() };
        let (before, mut after) = (fixture(), fixture());
        change(&mut after);
        let told = changed(
            &question,
            &of(&before.project, &question, &Files::default()),
            &of(&after.project, &question, &Files::default()),
        );
        match says {
            None => assert_eq!(told, None),
            Some(says) => assert!(told.as_ref().is_some_and(|told| told.contains(says)), "{told:?}"),
        }
    }

    #[test]
    fn a_keyframe_that_is_seen_at_another_time_is_another_setting() {
        let question =
            Question { hangs_on: vec![HangsOn::Settings], ..crate::judge::rule_fixture::question() };
        let lines = |at| {
            let mut fixture = fixture();
            with_a_keyframe(&mut fixture, at);
            of(&fixture.project, &question, &Files::default())
        };
        let told = changed(&question, &lines(2000), &lines(3000)).unwrap();
        assert!(told.contains("keyframes at 3 s"), "{told}");
        assert_eq!(changed(&question, &lines(2000), &lines(2000)), None);
    }

    /// The same name may refer to another file the next day.
    #[rstest]
    #[case(HangsOn::Inputs, Slot::Image)]
    #[case(HangsOn::Settings, Slot::Video)]
    #[case(HangsOn::Cost, Slot::Video)]
    fn a_file_that_is_replaced_is_another_input(#[case] on: HangsOn, #[case] slot: Slot) {
        let question = Question { hangs_on: vec![on], ..crate::judge::rule_fixture::question() };
        let mut fixture = fixture();
        fixture.shot().inputs = vec![(slot, RuleFixture::file("a.bin"))];
        let lines = |sha256: &str| {
            let inputs = [InputDigest::read(InputRole::Media, "a.bin", sha256)];
            of(&fixture.project, &question, &Files::of(&inputs))
        };
        let (before, after) = (lines(&"0".repeat(64)), lines(&"1".repeat(64)));
        let told = changed(&question, &before, &after).unwrap();
        assert!(told.contains("a.bin (sha256 1111111111111111)"), "{told}");
        assert_eq!(changed(&question, &before, &before), None);
    }

    #[test]
    fn an_answer_recorded_without_settings_is_not_valid() {
        let question =
            Question { hangs_on: vec![HangsOn::Settings], ..crate::judge::rule_fixture::question() };
        let told = changed(&question, &[], &of(&fixture().project, &question, &Files::default())).unwrap();
        assert!(told.starts_with("and not for text-to-video, "), "{told}");
        assert!(told.ends_with("an answer only covers what it was given for"), "{told}");
    }
}
