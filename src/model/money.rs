//! US dollars as whole micro-dollars: no floats, checked arithmetic.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An amount in micro-dollars (one millionth of a US dollar).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Usd(i64);

/// Micro-dollars in one dollar.
const MICROS: i64 = 1_000_000;

/// Why a text isn't an amount. Nothing is guessed: a text that could be read in two ways is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAmount {
    /// Not of the form `2.00 USD`.
    #[error("an amount is written like `2.00 USD`")]
    Form,
    /// A number without its currency.
    #[error("an amount names its currency, like `2.00 USD`")]
    NoCurrency,
    /// Another currency.
    #[error("amounts are in USD; `{0}` is not converted")]
    Currency(String),
    /// Below zero.
    #[error("an amount is not negative")]
    Negative,
    /// `NaN` or `inf`.
    #[error("an amount is a number, like `2.00 USD`")]
    NoNumber,
    /// `1e3`.
    #[error("an amount is written out, without an exponent")]
    Exponent,
    /// `1,000.00`, and anything that could be meant like that: `1,5`.
    #[error("an amount has a point before the cents and nothing between the thousands, like `1000.00 USD`")]
    Separator,
    /// Fractions of a micro-dollar.
    #[error("an amount has at most six decimals")]
    TooFine,
    /// A billion or more.
    #[error("an amount stays below 1,000,000,000 USD")]
    TooLarge,
}

impl Usd {
    /// Zero.
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
        let number = match (text.strip_prefix('$'), text.strip_suffix("USD")) {
            (Some(number), None) => number,
            (None, Some(number)) => number.strip_suffix(' ').unwrap_or(number),
            (Some(_), Some(_)) => return Err(BadAmount::Form),
            (None, None) => return Err(without_dollars(text)),
        };
        let (whole, decimals) = match number.split_once('.') {
            Some((_, "")) => return Err(BadAmount::Form),
            Some(parts) => parts,
            None => (number, ""),
        };
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) {
            return Err(no_number(number));
        }
        if decimals.len() > 6 {
            return Err(BadAmount::TooFine);
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > 9 {
            return Err(BadAmount::TooLarge);
        }
        let micros = format!("{whole}{decimals:0<6}").parse().map_err(|_| BadAmount::TooLarge)?;
        Ok(Self(micros))
    }
}

/// What is wrong with a text that doesn't name dollars.
fn without_dollars(text: &str) -> BadAmount {
    let number = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let behind = text.get(number.len()..).unwrap_or_default().trim();
    let ahead = text.trim_end_matches(|c: char| c.is_ascii_digit() || SEPARATORS.contains(&c)).trim();
    let names = |unit: &str| {
        let unit_like = unit.chars().all(|c| c.is_alphabetic() || !(c.is_ascii() || c.is_numeric()));
        unit_like && !unit.is_empty() && !unit.eq_ignore_ascii_case("usd")
    };
    let amount = format!("{number} USD").parse::<Usd>();
    match (number.is_empty(), amount) {
        (true, _) => no_number(text),
        (false, Ok(_)) if behind.is_empty() => BadAmount::NoCurrency,
        (false, Ok(_)) if names(behind) => BadAmount::Currency(behind.to_owned()),
        (false, Err(_)) if behind.is_empty() && names(ahead) => BadAmount::Currency(ahead.to_owned()),
        (false, Ok(_)) => BadAmount::Form,
        (false, Err(error)) => error,
    }
}

/// What is wrong with a text that should be digits with a decimal point.
fn no_number(text: &str) -> BadAmount {
    let lower = text.to_ascii_lowercase();
    let counts = lower.bytes().any(|byte| byte.is_ascii_digit());
    if matches!(lower.trim_start_matches(['+', '-']), "nan" | "inf" | "infinity") {
        BadAmount::NoNumber
    } else if counts && lower.starts_with(['-', '\u{2212}', '(']) {
        BadAmount::Negative
    } else if counts && lower.contains('e') && lower.bytes().all(|byte| b"0123456789.e+-".contains(&byte)) {
        BadAmount::Exponent
    } else if lower.starts_with(|c: char| c.is_ascii_digit())
        && lower.ends_with(|c: char| c.is_ascii_digit())
        && lower.chars().all(|c| c.is_ascii_digit() || SEPARATORS.contains(&c))
    {
        BadAmount::Separator
    } else {
        BadAmount::Form
    }
}

/// What people write between the thousands or before the cents. A second point counts too.
const SEPARATORS: [char; 9] = ['.', ',', '\'', '_', ' ', '\u{a0}', '\u{2009}', '\u{202f}', '\u{2019}'];

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
    #[case("", BadAmount::Form)]
    #[case("USD", BadAmount::Form)]
    #[case("1. USD", BadAmount::Form)]
    #[case(".5 USD", BadAmount::Form)]
    #[case("$5 USD", BadAmount::Form)]
    #[case("5 usd", BadAmount::Form)]
    #[case("USD 5", BadAmount::Form)]
    #[case("5 USD each", BadAmount::Form)]
    #[case("5  USD", BadAmount::Form)]
    #[case("+5 USD", BadAmount::Form)]
    #[case("0x10 USD", BadAmount::Form)]
    #[case("٣ USD", BadAmount::Form)]
    #[case("２ USD", BadAmount::Form)]
    #[case("2", BadAmount::NoCurrency)]
    #[case("2.00", BadAmount::NoCurrency)]
    #[case("2.00 EUR", BadAmount::Currency("EUR".into()))]
    #[case("2.00EUR", BadAmount::Currency("EUR".into()))]
    #[case("EUR 2.00", BadAmount::Currency("EUR".into()))]
    #[case("2 €", BadAmount::Currency("€".into()))]
    #[case("€2", BadAmount::Currency("€".into()))]
    #[case("100 credits", BadAmount::Currency("credits".into()))]
    #[case("-1 USD", BadAmount::Negative)]
    #[case("$-1", BadAmount::Negative)]
    #[case("-1", BadAmount::Negative)]
    #[case("\u{2212}1 USD", BadAmount::Negative)]
    #[case("-1e3 USD", BadAmount::Negative)]
    #[case("(1.00) USD", BadAmount::Negative)]
    #[case("NaN USD", BadAmount::NoNumber)]
    #[case("nan", BadAmount::NoNumber)]
    #[case("inf USD", BadAmount::NoNumber)]
    #[case("-Infinity USD", BadAmount::NoNumber)]
    #[case("1e3 USD", BadAmount::Exponent)]
    #[case("1E-3 USD", BadAmount::Exponent)]
    #[case("1e3", BadAmount::Exponent)]
    #[case("1,000.00 USD", BadAmount::Separator)]
    #[case("1.000,00 USD", BadAmount::Separator)]
    #[case("1,5 USD", BadAmount::Separator)]
    #[case("1'000 USD", BadAmount::Separator)]
    #[case("1_000 USD", BadAmount::Separator)]
    #[case("1 000 USD", BadAmount::Separator)]
    #[case("1\u{202f}000 USD", BadAmount::Separator)]
    #[case("1.000.000 USD", BadAmount::Separator)]
    #[case("1.0000001 USD", BadAmount::TooFine)]
    #[case("0.0000001 USD", BadAmount::TooFine)]
    #[case("9999999999 USD", BadAmount::TooLarge)]
    #[case("99999999999999999999999999 USD", BadAmount::TooLarge)]
    fn refuses_what_is_not_an_amount(#[case] text: &str, #[case] why: BadAmount) {
        assert_eq!(text.parse::<Usd>(), Err(why));
    }

    #[test]
    fn the_largest_amount_still_fits() {
        assert_eq!("999999999.999999 USD".parse(), Ok(Usd(999_999_999_999_999)));
        assert_eq!("000000000999999999.999999 USD".parse(), Ok(Usd(999_999_999_999_999)));
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
