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
mod tests;
