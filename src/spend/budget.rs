//! What is left of a budget: its limit minus what every job holds of it.

use crate::model::ticks::Ticks;

/// A price that doesn't fit the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{price} does not fit the budget: {left} of {limit} left")]
pub struct OverBudget {
    /// The amount to set aside.
    pub price: Ticks,
    /// What is left; negative when a provider charged more than was set aside.
    pub left: Ticks,
    /// The budget.
    pub limit: Ticks,
}

/// What is left of a budget when this much of it is held. A charge above its reservation is never hidden: it makes the
/// rest negative, and nothing more fits.
#[must_use]
pub fn left(limit: Ticks, held: Ticks) -> Ticks {
    limit.checked_sub(held).unwrap_or(Ticks::new(i64::MIN))
}

/// Whether a price may be set aside.
///
/// # Errors
/// [`OverBudget`] when it doesn't fit, or isn't positive: such a price means that the real price is unknown.
pub fn fits(limit: Ticks, held: Ticks, price: Ticks) -> Result<(), OverBudget> {
    let left = left(limit, held);
    if price > Ticks::ZERO && price <= left { Ok(()) } else { Err(OverBudget { price, left, limit }) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::all_of_it(100, 0, 100, true)]
    #[case::the_rest(100, 60, 40, true)]
    #[case::one_too_many(100, 60, 41, false)]
    #[case::nothing_left(100, 100, 1, false)]
    #[case::overcharged(100, 140, 1, false)]
    #[case::no_price(100, 0, 0, false)]
    #[case::less_than_none(100, 0, -5, false)]
    #[case::beyond_numbers(i64::MAX, -1, 1, false)]
    #[case::held_beyond_numbers(i64::MIN, i64::MAX, 1, false)]
    fn a_price_fits_what_is_left(
        #[case] limit: i64,
        #[case] held: i64,
        #[case] price: i64,
        #[case] fit: bool,
    ) {
        assert_eq!(fits(Ticks::new(limit), Ticks::new(held), Ticks::new(price)).is_ok(), fit);
    }
}
