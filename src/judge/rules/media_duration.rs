//! The input clip of an edit or extension has a length that the model accepts.

use super::{Judge, Rule};
use crate::{
    judge::{length::NoLength, rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{catalogue::Fact, media::Slot, project::Shot, rule::RuleSpec, verdict::Reason},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "media-duration",
        decides: "The input clip, measured or computed along a chain of shots, is as long as the newest claim says.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Shot(of_input),
};

/// Compares the length of a shot's input clip with the claim about its model and mode.
pub(super) fn of_input<'a>(context: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    if shot.inputs_in(Slot::Video).next().is_none() {
        return RuleOutcome::not_applicable("no clip used");
    }
    let claim = context.newest(shot, |fact| match fact {
        Fact::InputMillis { min, max } => Some((u64::from(*min), u64::from(*max))),
        _ => None,
    });
    match (context.lengths().going_into(shot), claim) {
        (Err(why @ NoLength::Circular(_)), _) => RuleOutcome::refuted(why.words()),
        (Err(why), _) => RuleOutcome::unknown(Reason::MissingValue, why.words()).fix(READABLE),
        (_, None) => RuleOutcome::no_claim(context, "the length of the input clip", &shot.model, shot.mode),
        (Ok(millis), Some(((min, max), claim))) => {
            let (length, range) =
                (wording::seconds(millis), format!("{} to {}", wording::seconds(min), wording::seconds(max)));
            if (min..=max).contains(&millis) {
                RuleOutcome::holds(format!("input is {length}")).by(claim)
            } else {
                let seen = format!("{length} is used in shot `{}`, which takes {range}", shot.id);
                RuleOutcome::refuted(seen).sides(range, length).by(claim)
            }
        }
    }
}

const READABLE: &str =
    "Name a clip as `video` whose length can be read: an MP4, here or at a public address.";

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::{
            media::{Input, Media},
            mode::Mode,
        },
    };

    const MISSING: RuleStatus = RuleStatus::Unknown(Reason::MissingValue);

    fn fixture(mode: Mode, input: Input) -> RuleFixture {
        let mut fixture = RuleFixture::new()
            .claim(&[Mode::Edit], Fact::InputMillis { min: 1, max: 8700 })
            .claim(&[Mode::Extend], Fact::InputMillis { min: 2000, max: 15_000 });
        fixture.shot().mode = mode;
        fixture.shot().inputs = vec![(Slot::Video, input)];
        fixture
    }

    #[rstest]
    #[case(Mode::Edit, Some(8700), RuleStatus::Holds, "input is 8.7 s")]
    #[case(
        Mode::Edit,
        Some(8701),
        RuleStatus::Refuted,
        "8.701 s is used in shot `shot`, which takes 0.001 s to 8.7 s"
    )]
    #[case(
        Mode::Extend,
        Some(1999),
        RuleStatus::Refuted,
        "1.999 s is used in shot `shot`, which takes 2 s to 15 s"
    )]
    #[case(Mode::Extend, Some(15_000), RuleStatus::Holds, "input is 15 s")]
    #[case(Mode::Extend, None, MISSING, "the length of a.mp4 is not known")]
    #[case(
        Mode::ReferenceToVideo,
        Some(5000),
        RuleStatus::Unknown(Reason::NoClaim),
        "no claim about the length of the input clip of `model` in reference-to-video by 2026-11-22"
    )]
    fn of_a_file(
        #[case] mode: Mode,
        #[case] millis: Option<u64>,
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let file = RuleFixture::file("a.mp4");
        let fixture = fixture(mode, file.clone()).media(&file, Media { millis, ..Media::default() });
        let outcome = fixture.rule("media-duration");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, says));
    }

    #[test]
    fn the_length_behind_an_address_is_unknown() {
        let url = RuleFixture::url("https://host.example/a.mp4");
        let fixture =
            fixture(Mode::Edit, url.clone()).media(&url, Media { bytes: Some(9), ..Media::default() });
        assert_eq!(fixture.rule("media-duration").status, MISSING);
    }

    #[test]
    fn a_shot_without_a_clip_is_not_concerned() {
        assert_eq!(RuleFixture::new().rule("media-duration").status, RuleStatus::NotApplicable);
    }
}
