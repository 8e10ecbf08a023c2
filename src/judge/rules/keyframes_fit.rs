//! There are no more keyframes than the model accepts, each in its own slot within the clip.

use std::num::NonZeroU32;

use super::{Judge, Rule};
use crate::{
    judge::{rule_context::RuleContext, rule_outcome::RuleOutcome, wording},
    model::{catalogue::Fact, media::Slot, project::Shot, rule::RuleSpec, verdict::Reason},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "keyframes-fit",
        decides: "There are no more `keyframes` than the newest claim says, each strictly within the clip, in its own \
                  slot and a slot's length from the next; a time that is moved to its slot is a caution.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Shot(judge),
};

fn judge<'a>(context: &RuleContext<'a>, shot: &'a Shot) -> RuleOutcome {
    let count = shot.inputs_in(Slot::Keyframes).count();
    if count == 0 {
        return RuleOutcome::not_applicable("no keyframes used");
    }
    let claim = context.newest(shot, |fact| match fact {
        Fact::Keyframes { max, slots_per_second } => Some((*max, *slots_per_second)),
        _ => None,
    });
    let Some(((max, slots), claim)) = claim else {
        return RuleOutcome::no_claim(context, "keyframes", &shot.model, shot.mode);
    };
    let dated = wording::dated(&claim.source);
    if max == 0 {
        let seen = format!("{} takes no keyframes, {dated}", wording::clip(&shot.model));
        return RuleOutcome::refuted(seen).sides("no keyframes", count.to_string()).by(claim);
    }
    let seen = format!("{count} of at most {max}, {dated}");
    if u32::try_from(count).is_ok_and(|count| count <= max) {
        timed(context, shot, slots, seen).by(claim)
    } else {
        RuleOutcome::refuted(seen).sides(format!("at most {max}"), count.to_string()).by(claim)
    }
}

/// Compares the times with the length of the clip and with each other.
fn timed(context: &RuleContext<'_>, shot: &Shot, slots: Option<NonZeroU32>, seen: String) -> RuleOutcome {
    let Some(length) = context.lengths().asked(shot).and_then(|seconds| seconds.checked_mul(1000)) else {
        return RuleOutcome::unknown(
            Reason::NotDeclared,
            "the length of the clip is not known: the shot does not say its `duration`, and no claim names the default",
        );
    };
    // Without slots, each millisecond is one: times are kept in milliseconds.
    let grid = Grid(slots.map_or(1000, NonZeroU32::get).into());
    let mut times = shot.keyframe_millis.clone();
    times.sort_unstable();
    let places: Vec<Place> = times.iter().map(|time| grid.place(*time)).collect();
    let clip = wording::seconds(length.into());
    let wrong = places
        .iter()
        .filter_map(|place| grid.outside(place, length.into(), &clip))
        .chain(places.windows(2).filter_map(|pair| grid.clash(pair)))
        .collect::<Vec<_>>();
    if !wrong.is_empty() {
        let got = times.iter().map(|time| wording::seconds((*time).into())).collect::<Vec<_>>().join(", ");
        return RuleOutcome::refuted(wrong.join("; "))
            .sides(format!("between 0 s and {clip}, {} apart", grid.step()), got);
    }
    let moved: Vec<_> = places.iter().filter_map(|place| grid.moved(place)).collect();
    if moved.is_empty() {
        return RuleOutcome::holds(seen);
    }
    RuleOutcome::caution(format!("{seen}; {}", moved.join("; ")))
}

/// The times at which a keyframe can be shown: this many per second, counted from the start of the clip.
///
/// A third of a second isn't a whole number of milliseconds, so times are compared as multiples of one slot: `slots *
/// millis`, 1000 for each slot. A slot's time written to the millisecond counts as exact.
#[derive(Clone, Copy)]
struct Grid(u64);

/// A time, and the first and the last slot that may be nearest to it. There are two if it is halfway between them,
/// because it isn't known which way it is rounded.
struct Place {
    millis: u64,
    first: u64,
    last: u64,
}

impl Grid {
    fn place(self, millis: u32) -> Place {
        let millis = u64::from(millis);
        let doubled = 2 * self.0 * millis;
        Place { millis, first: doubled.saturating_sub(1000).div_ceil(2000), last: (doubled + 1000) / 2000 }
    }

    /// The time of a slot, to the millisecond.
    fn time(self, slot: u64) -> String {
        wording::seconds((2000 * slot + self.0) / (2 * self.0))
    }

    /// How far apart two slots are.
    fn step(self) -> String {
        if self.0 == 1000 { wording::seconds(1) } else { format!("1/{} s", self.0) }
    }

    fn outside(self, place: &Place, length: u64, clip: &str) -> Option<String> {
        let at = wording::seconds(place.millis);
        if place.millis == 0 || place.millis >= length {
            Some(format!("{at} is not within the clip of {clip}"))
        } else if place.first == 0 {
            Some(format!("{at} falls into the slot of the first frame"))
        } else if place.last * 1000 >= self.0 * length {
            Some(format!("{at} falls into the slot of the last frame"))
        } else {
            None
        }
    }

    fn clash(self, pair: &[Place]) -> Option<String> {
        let [one, other] = pair else { return None };
        let both = format!("{} and {}", wording::seconds(one.millis), wording::seconds(other.millis));
        // Both times are rounded, so they may be up to a millisecond farther apart than they look.
        let apart = self.0 * (other.millis - one.millis + 1);
        if one.last >= other.first {
            Some(format!("{both} fall into one slot"))
        } else if apart <= 1000 && self.0 < 1000 {
            Some(format!("{both} are less than {} apart", self.step()))
        } else {
            None
        }
    }

    fn moved(self, place: &Place) -> Option<String> {
        let met = |slot: u64| (self.0 * place.millis).abs_diff(1000 * slot) * 2 <= self.0;
        if met(place.first) || met(place.last) {
            return None;
        }
        let at = wording::seconds(place.millis);
        Some(if place.first == place.last {
            format!("{at} is moved to {}", self.time(place.first))
        } else {
            format!("{at} is moved to {} or {}", self.time(place.first), self.time(place.last))
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::mode::Mode,
    };

    const MODE: Mode = Mode::ReferenceToVideo;

    fn fixture(millis: &[u32]) -> RuleFixture {
        let thirds = NonZeroU32::new(3);
        let mut fixture = RuleFixture::new().claim_on(
            "2026-09-24",
            &[MODE],
            Fact::Keyframes { max: 4, slots_per_second: thirds },
        );
        let shot = fixture.shot();
        shot.mode = MODE;
        shot.duration = Some(6);
        shot.inputs = millis.iter().map(|at| (Slot::Keyframes, RuleFixture::file(&at.to_string()))).collect();
        shot.keyframe_millis = millis.to_vec();
        fixture
    }

    #[rstest]
    #[case::none(&[], RuleStatus::NotApplicable, "no keyframes used")]
    #[case::one(&[2000], RuleStatus::Holds, "1 of at most 4, 2026-09-24 (docs.example)")]
    #[case::all_of_them(&[1000, 2000, 3000, 4000], RuleStatus::Holds, "4 of at most 4, 2026-09-24 (docs.example)")]
    #[case::too_many(&[1000, 2000, 3000, 4000, 5000], RuleStatus::Refuted, "5 of at most 4, 2026-09-24 (docs.example)")]
    #[case::thirds(&[333, 667, 1000], RuleStatus::Holds, "3 of at most 4, 2026-09-24 (docs.example)")]
    #[case::in_any_order(&[5000, 667, 1000], RuleStatus::Holds, "3 of at most 4, 2026-09-24 (docs.example)")]
    #[case::at_the_start(&[0], RuleStatus::Refuted, "0 s is not within the clip of 6 s")]
    #[case::first_slot_of_all(&[333], RuleStatus::Holds, "1 of at most 4, 2026-09-24 (docs.example)")]
    #[case::last_slot_of_all(&[5667], RuleStatus::Holds, "1 of at most 4, 2026-09-24 (docs.example)")]
    #[case::at_the_end(&[6000], RuleStatus::Refuted, "6 s is not within the clip of 6 s")]
    #[case::behind_it(&[6001], RuleStatus::Refuted, "6.001 s is not within the clip of 6 s")]
    #[case::on_the_first_frame(&[100], RuleStatus::Refuted, "0.1 s falls into the slot of the first frame")]
    #[case::on_the_last_frame(&[5900], RuleStatus::Refuted, "5.9 s falls into the slot of the last frame")]
    #[case::off_the_grid(
        &[2100],
        RuleStatus::Caution,
        "1 of at most 4, 2026-09-24 (docs.example); 2.1 s is moved to 2 s"
    )]
    #[case::rounded_too_far(
        &[330, 2670],
        RuleStatus::Caution,
        "2 of at most 4, 2026-09-24 (docs.example); 0.33 s is moved to 0.333 s; 2.67 s is moved to 2.667 s"
    )]
    #[case::between_two_slots(
        &[2500],
        RuleStatus::Caution,
        "1 of at most 4, 2026-09-24 (docs.example); 2.5 s is moved to 2.333 s or 2.667 s"
    )]
    #[case::twice(&[2000, 2000], RuleStatus::Refuted, "2 s and 2 s fall into one slot")]
    #[case::in_one_slot(&[2000, 2100], RuleStatus::Refuted, "2 s and 2.1 s fall into one slot")]
    #[case::perhaps_in_one_slot(&[2500, 2667], RuleStatus::Refuted, "2.5 s and 2.667 s fall into one slot")]
    #[case::too_near(&[2400, 2600], RuleStatus::Refuted, "2.4 s and 2.6 s are less than 1/3 s apart")]
    #[case::as_near_as_may_be(&[2000, 2333], RuleStatus::Holds, "2 of at most 4, 2026-09-24 (docs.example)")]
    #[case::both_are_told(
        &[2000, 2001, 7000],
        RuleStatus::Refuted,
        "7 s is not within the clip of 6 s; 2 s and 2.001 s fall into one slot"
    )]
    fn table(#[case] millis: &[u32], #[case] wanted: RuleStatus, #[case] seen: &str) {
        let outcome = fixture(millis).rule("keyframes-fit");
        assert_eq!((outcome.status, outcome.seen.as_str()), (wanted, seen));
        assert_eq!(outcome.source.is_some(), !millis.is_empty());
    }

    #[rstest]
    #[case::before_the_claim(
        "2026-09-23",
        "model",
        "no claim about keyframes of `model` in reference-to-video by 2026-09-23"
    )]
    #[case::of_a_stranger(
        "2026-09-24",
        "stranger",
        "no claim about keyframes of `stranger` in reference-to-video by 2026-09-24"
    )]
    fn without_a_claim_it_is_unknown(#[case] day: &str, #[case] model: &str, #[case] seen: &str) {
        let mut fixture = fixture(&[2000]).at(day);
        fixture.shot().model = model.to_owned();
        let outcome = fixture.rule("keyframes-fit");
        assert_eq!((outcome.status, outcome.seen.as_str()), (RuleStatus::Unknown(Reason::NoClaim), seen));
    }

    #[test]
    fn another_mode_is_unknown() {
        let mut fixture = fixture(&[2000]);
        fixture.shot().mode = Mode::TextToVideo;
        assert_eq!(fixture.rule("keyframes-fit").status, RuleStatus::Unknown(Reason::NoClaim));
    }

    #[test]
    fn a_model_without_keyframes_refuses_them() {
        let fixture = fixture(&[2000]).claim_on(
            "2026-10-01",
            &[MODE],
            Fact::Keyframes { max: 0, slots_per_second: None },
        );
        let outcome = fixture.rule("keyframes-fit");
        assert_eq!(
            (outcome.status, outcome.seen.as_str()),
            (RuleStatus::Refuted, "model takes no keyframes, 2026-10-01 (docs.example)")
        );
    }

    #[rstest]
    #[case::without_a_default(None, RuleStatus::Unknown(Reason::NotDeclared))]
    #[case::the_default(Some(8), RuleStatus::Holds)]
    #[case::the_default_is_short(Some(3), RuleStatus::Refuted)]
    fn a_shot_without_a_duration_is_as_long_as_the_default(
        #[case] default: Option<u32>,
        #[case] wanted: RuleStatus,
    ) {
        let mut fixture = fixture(&[4000]).claim(&[MODE], Fact::Duration { min: 1, max: 15, default });
        fixture.shot().duration = None;
        assert_eq!(fixture.rule("keyframes-fit").status, wanted);
    }

    #[rstest]
    #[case(&[1, 2, 5999], RuleStatus::Holds)]
    #[case(&[0], RuleStatus::Refuted)]
    #[case(&[2000, 2000], RuleStatus::Refuted)]
    fn without_slots_every_time_is_taken_as_it_is(#[case] millis: &[u32], #[case] wanted: RuleStatus) {
        let fixture = fixture(millis).claim_on(
            "2026-10-01",
            &[MODE],
            Fact::Keyframes { max: 4, slots_per_second: None },
        );
        assert_eq!(fixture.rule("keyframes-fit").status, wanted);
    }

    proptest::proptest! {
        /// On every grid, a slot's own time written to the millisecond is on the grid.
        #[test]
        fn the_time_of_a_slot_is_on_the_grid(slots in 1_u64..=100, slot in 1_u64..1000) {
            let grid = Grid(slots);
            let millis = u32::try_from((2000 * slot + slots) / (2 * slots)).unwrap();
            let place = grid.place(millis);
            proptest::prop_assert_eq!(grid.moved(&place), None);
            proptest::prop_assert_eq!((place.first, place.last), (slot, slot));
        }
    }
}
