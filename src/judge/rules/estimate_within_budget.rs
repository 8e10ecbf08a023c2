//! All shots, with every retry, cost no more than the budget.

use super::{Judge, Rule};
use crate::{
    judge::{
        estimate::Estimate,
        ruling::{Ruling, Scene},
    },
    model::{money::Usd, rule::RuleSpec, verdict::Reason},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "estimate-within-budget",
        decides: "Dated price × seconds of all shots, plus their inputs, times one more than the retries, is within \
                  the budget; a price that nobody claims is unknown and never nought.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Project(judge),
};

fn judge(scene: &Scene<'_>) -> Ruling {
    let Some(budget) = scene.project.budget else {
        return Ruling::unknown(Reason::NotDeclared, "the project names no `budget`");
    };
    against(scene, budget, "the budget")
}

/// Holds the worst case against an amount that there is.
pub(super) fn against(scene: &Scene<'_>, have: Usd, name: &str) -> Ruling {
    let retries = scene.project.failure.retries;
    // Without a retry budget the price of one attempt is still the least it costs.
    let worst = Estimate::of(scene.lengths())
        .and_then(|estimate| Ok((estimate.worst(retries.unwrap_or(0))?, estimate)));
    let (worst, estimate) = match worst {
        Ok(known) => known,
        Err(error) => return Ruling::unknown(Reason::MissingValue, error.to_string()),
    };
    let number = |usd: Usd| usd.to_string().trim_end_matches(" USD").to_owned();
    let as_of =
        estimate.oldest().map(|claim| format!(" (prices as of {})", claim.source.as_of)).unwrap_or_default();
    let least = if estimate.missing.is_empty() && retries.is_some() { "" } else { "at least " };
    let seen = format!("{least}{} of {have}{as_of}", number(worst));
    let ruling = if worst > have {
        Ruling::refuted(seen).sides(format!("at most {have}, {name}"), format!("{least}{worst}"))
    } else if !estimate.missing.is_empty() {
        Ruling::unknown(Reason::NoClaim, format!("{seen}; {}", estimate.missing.join("; ")))
    } else if retries.is_none() {
        Ruling::unknown(Reason::NotDeclared, format!("{seen}; the number of retries is not declared"))
    } else {
        Ruling::holds(seen)
    };
    match estimate.oldest() {
        Some(claim) => ruling.by(claim),
        None => ruling,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::{
        judge::{ruling::Standing, stage::Stage},
        model::{
            catalogue::Fact,
            media::{MediaKind, Slot},
            mode::Mode,
        },
    };

    fn stage(budget: i64, price: i64, seconds: u32, retries: u32) -> Stage {
        let mut stage = Stage::new().price(&[Mode::TextToVideo, Mode::Extend], "720p", price);
        stage.project.budget = Some(Usd::from_micros(budget));
        stage.project.failure.retries = Some(retries);
        stage.shot().duration = Some(seconds);
        stage.shot().resolution = Some("720p".into());
        stage
    }

    #[rstest]
    #[case(1_260_000, Standing::Holds)]
    #[case(1_259_999, Standing::Refuted)]
    fn the_worst_case_counts_every_retry(#[case] budget: i64, #[case] wanted: Standing) {
        let ruling = stage(budget, 70_000, 6, 2).rule("estimate-within-budget");
        assert_eq!(ruling.standing, wanted);
        assert!(ruling.seen.starts_with("1.26 of 1.2"), "{}", ruling.seen);
        assert!(ruling.seen.ends_with("USD (prices as of 2026-01-01)"), "{}", ruling.seen);
    }

    #[test]
    fn an_unknown_price_is_unknown_and_names_the_shot() {
        let mut stage = stage(i64::MAX, 1, 6, 0);
        let dear = stage.add_shot("dear");
        (dear.duration, dear.resolution) = (Some(6), Some("8k".into()));
        let ruling = stage.rule("estimate-within-budget");
        assert_eq!(ruling.standing, Standing::Unknown(Reason::NoClaim));
        assert!(ruling.seen.contains("shot `dear`: no dated price for 8k text-to-video"), "{}", ruling.seen);
    }

    #[rstest]
    #[case(10_000_000, Standing::Unknown(Reason::NoClaim))]
    #[case(600_000, Standing::Refuted)]
    fn the_unclaimed_price_of_an_input_clip_is_a_lower_bound(#[case] budget: i64, #[case] wanted: Standing) {
        let mut stage = stage(budget, 70_000, 6, 0);
        stage.add_shot("longer").mode = Mode::Extend;
        let longer = &mut stage.project.shots[1];
        (longer.duration, longer.resolution) = (Some(4), Some("720p".into()));
        longer.inputs = vec![(Slot::Video, Stage::clip_of("shot"))];
        assert_eq!(stage.rule("estimate-within-budget").standing, wanted);
        let price = Fact::InputPrice { kind: MediaKind::Video, each: Usd::ZERO };
        let known = stage.claim(&[Mode::Extend], price).rule("estimate-within-budget").standing;
        assert_eq!(known, if budget > 700_000 { Standing::Holds } else { Standing::Refuted });
    }

    #[test]
    fn inputs_are_paid_for_each() {
        let mut stage = stage(66_000, 10_000, 6, 0);
        stage.shot().inputs = ["a", "b", "c"].map(|name| (Slot::References, Stage::file(name))).to_vec();
        let price = Fact::InputPrice { kind: MediaKind::Image, each: Usd::from_micros(2000) };
        let mut stage = stage.claim(&[], price);
        assert_eq!(stage.rule("estimate-within-budget").standing, Standing::Holds);
        stage.project.budget = Some(Usd::from_micros(65_999));
        assert_eq!(stage.rule("estimate-within-budget").standing, Standing::Refuted);
    }

    #[test]
    fn what_is_not_declared_is_unknown() {
        let mut stage = stage(1_000_000, 1, 6, 0);
        stage.project.failure.retries = None;
        assert_eq!(stage.rule("estimate-within-budget").standing, Standing::Unknown(Reason::NotDeclared));
        stage.project.budget = None;
        assert_eq!(stage.rule("estimate-within-budget").standing, Standing::Unknown(Reason::NotDeclared));
    }

    proptest! {
        // Whatever the numbers: it holds exactly when the true product is within, and never wraps.
        #[test]
        fn the_estimate_is_exact_or_unknown(
            budget in 0..i64::MAX,
            price in 0..i64::MAX,
            seconds in 0..5_000_000_u32,
            retries in any::<u32>(),
        ) {
            let standing = stage(budget, price, seconds, retries).rule("estimate-within-budget").standing;
            let exact = i128::from(price).checked_mul(i128::from(seconds))
                .and_then(|once| once.checked_mul(i128::from(retries) + 1));
            match standing {
                Standing::Holds => prop_assert!(exact.is_some_and(|exact| exact <= i128::from(budget))),
                Standing::Refuted => prop_assert!(exact.is_none_or(|exact| exact > i128::from(budget))),
                Standing::Unknown(Reason::MissingValue) => {
                    let fits = exact.is_some_and(|exact| exact <= i128::from(i64::MAX));
                    prop_assert!(!fits || seconds > u32::MAX / 1000 || retries == u32::MAX);
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
