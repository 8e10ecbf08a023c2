//! Money as the ledger counts it: in ten-billionths of a US dollar, the unit in which xAI reports what a clip cost
//! (`usage.cost_in_usd_ticks`, <https://docs.x.ai/openapi.json>, as of 2026-10-01).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::money::Usd;

/// An amount in ticks of 1e-10 USD. Never a float: sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ticks(i64);

/// Ticks in a micro-dollar.
const IN_A_MICRO: i64 = 10_000;

/// Ticks in a dollar.
const IN_A_DOLLAR: u64 = 10_000_000_000;

impl Ticks {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// This many ticks.
    #[must_use]
    pub fn new(ticks: i64) -> Self {
        Self(ticks)
    }

    /// The same amount in ticks; `None` when it doesn't fit.
    #[must_use]
    pub fn of(amount: Usd) -> Option<Self> {
        amount.micros().checked_mul(IN_A_MICRO).map(Self)
    }

    /// The number of ticks.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }

    /// Sum, or `None` on overflow.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Difference, or `None` on overflow.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
}

impl fmt::Display for Ticks {
    /// `2.00 USD`: two to ten decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let ticks = self.0.unsigned_abs();
        let mut decimals = format!("{:010}", ticks % IN_A_DOLLAR);
        while decimals.len() > 2 && decimals.ends_with('0') {
            decimals.pop();
        }
        write!(f, "{sign}{}.{decimals} USD", ticks / IN_A_DOLLAR)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, "0.00 USD")]
    #[case(5_000_000_000, "0.50 USD")]
    #[case(1, "0.0000000001 USD")]
    #[case(-12_345_000_000, "-1.2345 USD")]
    #[case(i64::MIN, "-922337203.6854775808 USD")]
    fn shown_in_dollars(#[case] ticks: i64, #[case] text: &str) {
        assert_eq!(Ticks::new(ticks).to_string(), text);
    }

    #[test]
    fn a_sum_or_difference_that_cannot_be_counted_is_none() {
        let (most, one) = (Ticks::new(i64::MAX), Ticks::new(1));
        assert_eq!((one.checked_add(one), most.checked_add(one)), (Some(Ticks::new(2)), None));
        assert_eq!(
            (one.checked_sub(one), Ticks::new(i64::MIN).checked_sub(one)),
            (Some(Ticks::new(0)), None)
        );
    }

    proptest! {
        #[test]
        fn dollars_and_ticks_are_the_same_amount(micros in 0_i64..1_000_000_000_000) {
            let amount = Usd::from_micros(micros);
            prop_assert_eq!(Ticks::of(amount).unwrap().to_string(), amount.to_string());
        }
    }

    #[test]
    fn what_does_not_fit_is_no_amount() {
        assert_eq!(Ticks::of(Usd::from_micros(i64::MAX)), None);
        assert_eq!(Ticks::new(i64::MAX).checked_add(Ticks::new(1)), None);
        assert_eq!(Ticks::new(i64::MIN).checked_sub(Ticks::new(1)), None);
    }
}
