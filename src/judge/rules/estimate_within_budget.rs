//! All shots, with every retry, cost no more than the budget.

use super::{Judge, Rule};
use crate::{
    judge::{estimate::Estimate, rule_context::RuleContext, rule_outcome::RuleOutcome},
    model::{money::Usd, rule::RuleSpec, verdict::Reason},
};

pub(super) const RULE: Rule = Rule {
    spec: RuleSpec {
        name: "estimate-within-budget",
        decides: "Dated price × seconds of all shots, plus their inputs, times one more than the retries, is within \
                  the budget. An edit or extension is priced by the clip that goes in, as measured or as planned. A \
                  price without a claim is unknown, never zero; if a live reply names another model that serves a \
                  shot, that model's price counts.",
        params: &[],
        probes: &[],
    },
    judge: Judge::Project(judge),
};

fn judge(context: &RuleContext<'_>) -> RuleOutcome {
    let Some(budget) = context.project.budget else {
        return RuleOutcome::unknown(Reason::NotDeclared, "the project names no `budget`");
    };
    against(context, budget, "the budget")
}

/// Compares the worst case with an available amount.
pub(super) fn against(context: &RuleContext<'_>, have: Usd, name: &str) -> RuleOutcome {
    let retries = context.project.failure.retries;
    // Without a retry budget, the price of one attempt is still the minimum.
    let worst = Estimate::of(context.lengths())
        .and_then(|estimate| Ok((estimate.worst(retries.unwrap_or(0))?, estimate)));
    let (worst, estimate) = match worst {
        Ok(known) => known,
        Err(error) => return RuleOutcome::unknown(Reason::MissingValue, error.to_string()),
    };
    let number = |usd: Usd| usd.to_string().trim_end_matches(" USD").to_owned();
    let as_of =
        estimate.oldest().map(|claim| format!(" (prices as of {})", claim.source.as_of)).unwrap_or_default();
    let least = if estimate.missing.is_empty() && retries.is_some() { "" } else { "at least " };
    let instead = Estimate::stand_ins(context.lengths());
    let seen = format!("{least}{} of {have}{as_of}{instead}", number(worst));
    let outcome = if worst > have {
        RuleOutcome::refuted(seen).sides(format!("at most {have}, {name}"), format!("{least}{worst}"))
    } else if !estimate.missing.is_empty() {
        let fixes: Vec<&str> = estimate.missing.iter().filter_map(|gap| gap.fix.as_deref()).collect();
        let unknown = RuleOutcome::unknown(Reason::NoClaim, format!("{seen}; {}", estimate.gaps()));
        if fixes.is_empty() { unknown } else { unknown.fix(fixes.join(" ")) }
    } else if retries.is_none() {
        RuleOutcome::unknown(Reason::NotDeclared, format!("{seen}; the number of retries is not declared"))
    } else {
        RuleOutcome::holds(seen)
    };
    match estimate.oldest() {
        Some(claim) => outcome.by(claim),
        None => outcome,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::{
        judge::{rule_fixture::RuleFixture, rule_outcome::RuleStatus},
        model::{
            catalogue::{Fact, ModelName},
            media::{Input, Media, MediaKind, Slot},
            mode::Mode,
        },
    };

    fn fixture(budget: i64, price: i64, seconds: u32, retries: u32) -> RuleFixture {
        let mut fixture = RuleFixture::new().price(&[Mode::TextToVideo, Mode::Extend], "720p", price);
        fixture.project.budget = Some(Usd::from_micros(budget));
        fixture.project.failure.retries = Some(retries);
        fixture.shot().duration = Some(seconds);
        fixture.shot().resolution = Some("720p".into());
        fixture
    }

    #[rstest]
    #[case(1_260_000, RuleStatus::Holds)]
    #[case(1_259_999, RuleStatus::Refuted)]
    fn the_worst_case_counts_every_retry(#[case] budget: i64, #[case] wanted: RuleStatus) {
        let outcome = fixture(budget, 70_000, 6, 2).rule("estimate-within-budget");
        assert_eq!(outcome.status, wanted);
        assert!(outcome.seen.starts_with("1.26 of 1.2"), "{}", outcome.seen);
        assert!(outcome.seen.ends_with("USD (prices as of 2026-01-01)"), "{}", outcome.seen);
    }

    #[test]
    fn an_unknown_price_is_unknown_and_names_the_shot() {
        let mut fixture = fixture(i64::MAX, 1, 6, 0);
        let dear = fixture.add_shot("dear");
        (dear.duration, dear.resolution) = (Some(6), Some("8k".into()));
        let outcome = fixture.rule("estimate-within-budget");
        assert_eq!(outcome.status, RuleStatus::Unknown(Reason::NoClaim));
        assert!(
            outcome.seen.contains("shot `dear`: no dated price for 8k text-to-video"),
            "{}",
            outcome.seen
        );
    }

    #[rstest]
    #[case(10_000_000, RuleStatus::Unknown(Reason::NoClaim))]
    #[case(600_000, RuleStatus::Refuted)]
    fn the_unclaimed_price_of_an_input_clip_is_a_lower_bound(
        #[case] budget: i64,
        #[case] wanted: RuleStatus,
    ) {
        let mut fixture = fixture(budget, 70_000, 6, 0);
        fixture.add_shot("longer").mode = Mode::Extend;
        let longer = &mut fixture.project.shots[1];
        (longer.duration, longer.resolution) = (Some(4), Some("720p".into()));
        longer.inputs = vec![(Slot::Video, RuleFixture::clip_of("shot"))];
        assert_eq!(fixture.rule("estimate-within-budget").status, wanted);
        let price = Fact::InputPrice { kind: MediaKind::Video, each: Some(Usd::ZERO), per_second: None };
        let known = fixture.claim(&[Mode::Extend], price).rule("estimate-within-budget").status;
        assert_eq!(known, if budget > 700_000 { RuleStatus::Holds } else { RuleStatus::Refuted });
    }

    /// Six seconds of `model`, at 0.01 USD a second, beside a model that takes 1 USD.
    fn asked_cheap() -> RuleFixture {
        let mut fixture = fixture(2_000_000, 10_000, 6, 0);
        for (id, price) in [("dear", Some(1_000_000)), ("free-of-claims", None)] {
            fixture
                .catalogue
                .models
                .push(ModelName { id: id.to_owned(), aliases: vec![format!("{id}-alias")] });
            if let Some(price) = price {
                fixture = fixture.price(&[Mode::TextToVideo], "720p", price);
                fixture.catalogue.claims.last_mut().unwrap().models = vec![id.to_owned()];
            }
        }
        fixture
    }

    #[rstest]
    #[case::itself(200, json!({"id": "model"}), RuleStatus::Holds, "0.06 of 2.00 USD (prices as of 2026-01-01)")]
    #[case::a_dearer_one(200, json!({"id": "dear"}), RuleStatus::Refuted,
        "6.00 of 2.00 USD (prices as of 2026-01-01); `model` is served by `dear`, at its price")]
    #[case::its_alias(200, json!({"id": "dear-alias"}), RuleStatus::Refuted, "`model` is served by `dear-alias`")]
    #[case::without_a_price(200, json!({"id": "free-of-claims"}), RuleStatus::Unknown(Reason::NoClaim),
        "of `free-of-claims`, which serves it")]
    #[case::a_stranger(200, json!({"id": "grok-99"}), RuleStatus::Unknown(Reason::NoClaim), "of `grok-99`, which serves it")]
    #[case::an_error_names_no_model(404, json!({"id": "dear"}), RuleStatus::Holds, "0.06 of 2.00 USD")]
    #[case::no_name(200, json!({"id": ["dear"]}), RuleStatus::Holds, "0.06 of 2.00 USD")]
    fn the_price_is_that_of_the_model_that_serves_the_shot(
        #[case] status: u16,
        #[case] reply: serde_json::Value,
        #[case] wanted: RuleStatus,
        #[case] says: &str,
    ) {
        let outcome = asked_cheap().served(status, reply).rule("estimate-within-budget");
        assert_eq!(outcome.status, wanted, "{}", outcome.seen);
        assert!(outcome.seen.contains(says), "{}", outcome.seen);
    }

    #[test]
    fn without_a_live_reply_the_price_is_that_of_the_catalogue() {
        let outcome = asked_cheap().rule("estimate-within-budget");
        assert_eq!(
            (outcome.status, outcome.seen.as_str()),
            (RuleStatus::Holds, "0.06 of 2.00 USD (prices as of 2026-01-01)")
        );
    }

    /// An edit of a 4.2 s clip, at 0.05 or 0.07 USD a second, and 0.01 USD for each second of input.
    fn edited(pixels: Option<(u32, u32)>, millis: Option<u64>, input: &Input) -> RuleFixture {
        let modes = [Mode::Edit, Mode::Extend, Mode::TextToVideo];
        let fields = ["aspect-ratio", "resolution"].map(str::to_owned).to_vec();
        let per_second = Some(Usd::from_micros(10_000));
        let offered = ["720p", "480p"].map(str::to_owned).to_vec();
        let mut fixture = RuleFixture::new()
            .price(&modes, "480p", 50_000)
            .price(&modes, "720p", 70_000)
            .price(&modes, "1080p", 900_000)
            .claim(&modes[..2], Fact::Ignores(fields))
            .claim(&modes[..2], Fact::Resolutions { offered, default: None })
            .claim(&modes[..2], Fact::InputPrice { kind: MediaKind::Video, each: None, per_second })
            .media(input, Media { pixels, millis, ..Media::default() });
        fixture.project.budget = Some(Usd::from_micros(1_000_000_000));
        fixture.project.failure.retries = Some(0);
        let shot = fixture.shot();
        shot.mode = Mode::Edit;
        shot.inputs = vec![(Slot::Video, input.clone())];
        // A field that the mode ignores doesn't affect the price.
        shot.resolution = Some("1080p".into());
        fixture
    }

    #[rstest]
    #[case::small((320, 180), "0.30 of")]
    #[case::exact((854, 480), "0.30 of")]
    #[case::upright((480, 854), "0.30 of")]
    #[case::between((640, 640), "0.40 of")]
    #[case::hd((1280, 720), "0.40 of")]
    #[case::never_above_what_is_offered((3840, 2160), "0.40 of")]
    fn an_edit_is_priced_by_its_input_clip(#[case] pixels: (u32, u32), #[case] sum: &str) {
        // 4.2 s count as 5: 5 × 0.05 + 5 × 0.01, or 5 × 0.07 + 5 × 0.01.
        let file = RuleFixture::file("a.mp4");
        let outcome = edited(Some(pixels), Some(4200), &file).rule("estimate-within-budget");
        assert_eq!((outcome.status, outcome.fix), (RuleStatus::Holds, None), "{}", outcome.seen);
        assert!(outcome.seen.starts_with(sum), "{}", outcome.seen);
    }

    #[test]
    fn an_extension_is_paid_for_what_it_adds_and_for_what_goes_in() {
        let file = RuleFixture::file("a.mp4");
        let mut fixture = edited(Some((1280, 720)), Some(6000), &file);
        (fixture.shot().mode, fixture.shot().duration) = (Mode::Extend, Some(4));
        let outcome = fixture.rule("estimate-within-budget");
        assert!(outcome.seen.starts_with("0.34 of"), "{}", outcome.seen);
    }

    #[rstest]
    #[case("480p", "1.16 of")]
    #[case("720p", "1.56 of")]
    #[case::above_what_an_extension_makes("1080p", "6.54 of")]
    fn a_chain_is_paid_by_what_its_shots_plan(#[case] resolution: &str, #[case] sum: &str) {
        // 6 s made; 4 s added to 6; 10 s edited.
        let mut fixture = edited(None, None, &RuleFixture::file("unused.mp4"));
        let first = fixture.shot();
        (first.mode, first.inputs) = (Mode::TextToVideo, vec![]);
        (first.duration, first.resolution) = (Some(6), Some(resolution.to_owned()));
        let longer = fixture.add_shot("longer");
        (longer.mode, longer.duration) = (Mode::Extend, Some(4));
        longer.inputs = vec![(Slot::Video, RuleFixture::clip_of("shot"))];
        let other = fixture.add_shot("other");
        other.mode = Mode::Edit;
        other.inputs = vec![(Slot::Video, RuleFixture::clip_of("longer"))];
        let outcome = fixture.rule("estimate-within-budget");
        assert_eq!(outcome.status, RuleStatus::Holds, "{}", outcome.seen);
        assert!(outcome.seen.starts_with(sum), "{}", outcome.seen);
    }

    #[rstest]
    #[case::a_file_without_a_picture(&RuleFixture::file("a.mp4"), None, Some(1000), "the size in pixels of a.mp4", None)]
    #[case::a_file_without_a_length(&RuleFixture::file("a.mp4"), Some((2, 2)), None, "the length of a.mp4", None)]
    #[case::no_lines(&RuleFixture::file("a.mp4"), Some((0, 9)), Some(1000), "the size in pixels of a.mp4", None)]
    #[case::an_address(&RuleFixture::url("https://h.example/a.mp4?k=s"), None, None, "the size in pixels of https://h.example/a.mp4 ", Some("Download the clip"))]
    #[case::an_address_of_known_size(&RuleFixture::url("https://h.example/a.mp4"), Some((2, 2)), None, "the length of https://h.example/a.mp4", Some("Download the clip"))]
    fn a_clip_that_cannot_be_measured_has_no_price(
        #[case] input: &Input,
        #[case] pixels: Option<(u32, u32)>,
        #[case] millis: Option<u64>,
        #[case] says: &str,
        #[case] fix: Option<&str>,
    ) {
        let outcome = edited(pixels, millis, input).rule("estimate-within-budget");
        assert_eq!(outcome.status, RuleStatus::Unknown(Reason::NoClaim));
        assert!(outcome.seen.contains(says) && outcome.seen.starts_with("at least "), "{}", outcome.seen);
        assert_eq!(outcome.seen.matches(says).count(), 1, "{}", outcome.seen);
        assert!(fix.is_none_or(|fix| outcome.fix.as_deref().is_some_and(|told| told.starts_with(fix))));
        assert_eq!(outcome.fix.is_some(), fix.is_some());
    }

    #[test]
    fn a_cycle_of_shots_has_no_price_and_terminates() {
        let mut fixture = edited(None, None, &RuleFixture::file("unused.mp4"));
        fixture.shot().inputs = vec![(Slot::Video, RuleFixture::clip_of("shot"))];
        assert_eq!(fixture.rule("estimate-within-budget").status, RuleStatus::Unknown(Reason::NoClaim));
    }

    #[test]
    fn inputs_are_paid_for_each() {
        let mut fixture = fixture(66_000, 10_000, 6, 0);
        fixture.shot().inputs =
            ["a", "b", "c"].map(|name| (Slot::References, RuleFixture::file(name))).to_vec();
        let each = Some(Usd::from_micros(2000));
        let price = Fact::InputPrice { kind: MediaKind::Image, each, per_second: None };
        let mut fixture = fixture.claim(&[], price);
        assert_eq!(fixture.rule("estimate-within-budget").status, RuleStatus::Holds);
        fixture.project.budget = Some(Usd::from_micros(65_999));
        assert_eq!(fixture.rule("estimate-within-budget").status, RuleStatus::Refuted);
    }

    #[test]
    fn a_voice_without_a_price_claim_is_not_free() {
        let mut fixture = fixture(60_000, 10_000, 6, 0);
        fixture.shot().voices = vec!["ada".to_owned(), "bob".to_owned()];
        let outcome = fixture.rule("estimate-within-budget");
        assert_eq!(outcome.status, RuleStatus::Unknown(Reason::NoClaim));
        assert!(outcome.seen.contains("shot `shot`: no dated price for a voice"), "{}", outcome.seen);
        let fixture = fixture.claim(&[], Fact::VoicePrice(Usd::ZERO));
        assert_eq!(fixture.rule("estimate-within-budget").status, RuleStatus::Holds);
        let fixture = fixture.claim(&[], Fact::VoicePrice(Usd::from_micros(1)));
        assert_eq!(fixture.rule("estimate-within-budget").status, RuleStatus::Refuted);
    }

    #[test]
    fn what_is_not_declared_is_unknown() {
        let mut fixture = fixture(1_000_000, 1, 6, 0);
        fixture.project.failure.retries = None;
        assert_eq!(fixture.rule("estimate-within-budget").status, RuleStatus::Unknown(Reason::NotDeclared));
        fixture.project.budget = None;
        assert_eq!(fixture.rule("estimate-within-budget").status, RuleStatus::Unknown(Reason::NotDeclared));
    }

    proptest! {
        // Whatever the numbers are: it holds exactly when the true product is within the budget, and never wraps.
        #[test]
        fn the_estimate_is_exact_or_unknown(
            budget in 0..i64::MAX,
            price in 0..i64::MAX,
            seconds in 0..5_000_000_u32,
            retries in any::<u32>(),
        ) {
            let status = fixture(budget, price, seconds, retries).rule("estimate-within-budget").status;
            let exact = i128::from(price).checked_mul(i128::from(seconds))
                .and_then(|once| once.checked_mul(i128::from(retries) + 1));
            match status {
                RuleStatus::Holds => prop_assert!(exact.is_some_and(|exact| exact <= i128::from(budget))),
                RuleStatus::Refuted => prop_assert!(exact.is_none_or(|exact| exact > i128::from(budget))),
                RuleStatus::Unknown(Reason::MissingValue) => {
                    let fits = exact.is_some_and(|exact| exact <= i128::from(i64::MAX));
                    prop_assert!(!fits || seconds > u32::MAX / 1000 || retries == u32::MAX);
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }
}
