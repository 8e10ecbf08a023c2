//! What the tables mean: what a budget stands at, and which jobs count.

use rstest::rstest;

use super::*;

fn ticks(of: i64) -> Ticks {
    Ticks::new(of)
}

/// A budget of 100 of which so much is held; `closed` is what the ledger says.
#[rstest]
#[case::something_left(40, false, 100, false)]
#[case::nothing_left(100, false, 100, false)]
#[case::raised(100, false, 200, false)]
#[case::lowered_to_what_is_held(40, false, 40, false)]
#[case::lowered_below(40, false, 39, true)]
#[case::overdrawn(101, true, 100, true)]
#[case::overdrawn_and_raised(101, true, 200, false)]
#[case::closed_by_an_overcharge(40, true, 100, true)]
#[case::an_overcharge_stays_closed_however_much_is_raised(100, true, 200, true)]
fn a_budget_is_closed_by_what_it_holds(
    #[case] held: i64,
    #[case] closed: bool,
    #[case] limit: i64,
    #[case] still: bool,
) {
    let now = Balance { limit: 100, held, closed }.with_limit(ticks(limit));
    assert_eq!((now.limit(), now.held(), now.closed), (ticks(limit), ticks(held), still));
    assert_eq!(now.left(), ticks(limit - held));
}

#[rstest]
#[case::at_its_price("reported", Some(10), false)]
#[case::above_it("reported", Some(11), true)]
#[case::as_billed("bill", Some(11), false)]
#[case::not_known("reported", None, false)]
fn a_share_above_its_price_is_an_overcharge(
    #[case] basis: &str,
    #[case] amount: Option<i64>,
    #[case] overcharged: bool,
) {
    let share = Share { price_ticks: 10, amount_ticks: amount, basis: Some(basis.to_owned()) };
    assert_eq!(share.is_overcharged(), overcharged);
}
