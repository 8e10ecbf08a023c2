//! Which times of keyframes fit, on coarse grids and fine ones.

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
    &[331, 2669],
    RuleStatus::Caution,
    "2 of at most 4, 2026-09-24 (docs.example); 0.331 s is moved to 0.333 s; 2.669 s is moved to 2.667 s"
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
#[case::too_near(10, &[2440, 2539], "2.44 s and 2.539 s are less than 1/10 s apart")]
#[case::far_enough(10, &[2400, 2500], "2 of at most 4, 2026-10-01 (docs.example)")]
#[case::off_a_fine_grid(30, &[2034], "1 of at most 4, 2026-10-01 (docs.example); 2.034 s is moved to 2.033 s")]
fn other_grids_have_slots_of_their_own(#[case] slots: u32, #[case] millis: &[u32], #[case] seen: &str) {
    let grid = Fact::Keyframes { max: 4, slots_per_second: NonZeroU32::new(slots) };
    let outcome = fixture(millis).claim_on("2026-10-01", &[MODE], grid).rule("keyframes-fit");
    assert_eq!(outcome.seen, seen);
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
    let fixture =
        fixture(&[2000]).claim_on("2026-10-01", &[MODE], Fact::Keyframes { max: 0, slots_per_second: None });
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
    let fixture =
        fixture(millis).claim_on("2026-10-01", &[MODE], Fact::Keyframes { max: 4, slots_per_second: None });
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
