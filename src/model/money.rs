//! US dollars as whole micro-dollars: no floats, checked arithmetic.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An amount in micro-dollars (one millionth of a US dollar).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Usd(i64);

/// Micro-dollars in one dollar.
const MICROS: i64 = 1_000_000;

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAmount {
    /// Not of the form `2.00 USD`.
    #[error("an amount is written like `2.00 USD`")]
    Form,
    /// More than six decimals, or too large.
    #[error("an amount has at most six decimals and stays below 1,000,000,000 USD")]
    Range,
    /// Another currency.
    #[error("amounts are in USD; `{0}` is not converted")]
    Currency(String),
}

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount in micro-dollars.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// An amount in US cents.
    #[must_use]
    pub fn from_cents(cents: i64) -> Option<Self> {
        cents.checked_mul(MICROS / 100).map(Self)
    }

    /// The amount in micro-dollars.
    #[must_use]
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Sum, or `None` on overflow.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Product with a count, or `None` on overflow.
    #[must_use]
    pub fn checked_mul(self, times: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(times)).map(Self)
    }

    /// The amount for a length in milliseconds at this price per second, rounded up.
    #[must_use]
    pub fn per_second_for(self, millis: u32) -> Option<Self> {
        let exact = i128::from(self.0) * i128::from(millis);
        let up = exact.div_euclid(1000) + i128::from(exact.rem_euclid(1000) != 0);
        i64::try_from(up).ok().map(Self)
    }
}

impl fmt::Display for Usd {
    /// `2.00 USD`: two to six decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        let whole = micros / MICROS.unsigned_abs();
        let mut decimals = format!("{:06}", micros % MICROS.unsigned_abs());
        while decimals.len() > 2 && decimals.ends_with('0') {
            decimals.pop();
        }
        write!(f, "{sign}{whole}.{decimals} USD")
    }
}

impl FromStr for Usd {
    type Err = BadAmount;

    fn from_str(text: &str) -> Result<Self, BadAmount> {
        let text = text.trim();
        let number = match text.split_once(' ') {
            Some((number, "USD")) => number,
            Some((_, other)) => return Err(BadAmount::Currency(other.trim().to_owned())),
            None => text.strip_prefix('$').or_else(|| text.strip_suffix("USD")).ok_or(BadAmount::Form)?,
        };
        let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
        let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) || number.ends_with('.') {
            return Err(BadAmount::Form);
        }
        if decimals.len() > 6 || whole.len() > 9 {
            return Err(BadAmount::Range);
        }
        let micros = format!("{whole}{decimals:0<6}").parse().map_err(|_| BadAmount::Range)?;
        Ok(Self(micros))
    }
}

impl Serialize for Usd {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Usd {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (sign, text) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
        let amount: Self = text.parse().map_err(serde::de::Error::custom)?;
        Ok(Self(sign * amount.0))
    }
}

impl schemars::JsonSchema for Usd {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Usd".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "An amount in US dollars with two to six decimals, such as \"2.00 USD\".",
            "pattern": r"^-?(\$[0-9]{1,9}(\.[0-9]{1,6})?|[0-9]{1,13}(\.[0-9]{1,6})? ?USD)$"
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2.00 USD", 2_000_000)]
    #[case("$0.05", 50_000)]
    #[case("0.002 USD", 2_000)]
    #[case("7USD", 7_000_000)]
    fn reads_amounts(#[case] text: &str, #[case] micros: i64) {
        assert_eq!(text.parse(), Ok(Usd(micros)));
    }

    #[rstest]
    #[case("")]
    #[case("2")]
    #[case("2.00 EUR")]
    #[case("-1 USD")]
    #[case("1. USD")]
    #[case(".5 USD")]
    #[case("1.0000001 USD")]
    #[case("1e3 USD")]
    #[case("9999999999 USD")]
    fn refuses_what_is_not_an_amount(#[case] text: &str) {
        assert!(text.parse::<Usd>().is_err());
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(micros in 0_i64..1_000_000_000_000_000) {
            prop_assert_eq!(Usd(micros).to_string().parse(), Ok(Usd(micros)));
        }

        #[test]
        fn serde_keeps_the_sign(micros in -1_000_000_000_000_i64..1_000_000_000_000) {
            let json = serde_json::to_string(&Usd(micros)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Usd>(&json).unwrap(), Usd(micros));
        }

        #[test]
        fn a_part_of_a_second_is_never_cheaper_than_its_share(price in 0_i64..10_000_000, millis in 0_u32..100_000) {
            let exact = i128::from(price) * i128::from(millis);
            let cost = i128::from(Usd(price).per_second_for(millis).unwrap().micros());
            prop_assert!(cost * 1000 >= exact && (cost - 1) * 1000 < exact);
        }

        #[test]
        fn no_arithmetic_wraps(a in any::<i64>(), b in any::<i64>(), times in any::<u32>()) {
            prop_assert_eq!(Usd(a).checked_add(Usd(b)).map(Usd::micros), a.checked_add(b));
            prop_assert_eq!(Usd(a).checked_mul(times).map(Usd::micros), a.checked_mul(i64::from(times)));
        }
    }
}
