//! Amounts as providers write them: a number or its text, in a unit known in advance. Nothing is guessed.

use serde_json::Value;

use super::money::{BadAmount, Usd};

/// The unit of a number in a reply; it is part of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// US dollars.
    Dollars,
    /// US cents.
    Cents,
}

impl Unit {
    /// The words used in checklists.
    pub const WORDS: [&'static str; 2] = ["usd", "us-cents"];

    /// The unit that a word names.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "usd" => Some(Self::Dollars),
            "us-cents" => Some(Self::Cents),
            _ => None,
        }
    }

    fn of_a_dollar(self) -> i128 {
        match self {
            Self::Dollars => 1,
            Self::Cents => 100,
        }
    }
}

/// Only this many decimals are looked at; anything beyond is the noise of a computed number.
const DECIMALS: usize = 12;

/// One millionth of a unit, in the smallest part that is looked at.
const MICRO: i128 = 1_000_000;

/// The amount in a number, or in a text that is just a number. Fractions of a micro-dollar are rounded up, so that a
/// sum is never lower than what the provider said.
///
/// # Errors
/// [`BadAmount`] for anything else: words, signs, exponents, separators, or a number that is too large.
pub fn read(value: &Value, unit: Unit) -> Result<Usd, BadAmount> {
    match value {
        Value::String(text) => of_text(text, unit),
        Value::Number(number) => of_text(&number.to_string(), unit),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(BadAmount::NoNumber),
    }
}

fn of_text(text: &str, unit: Unit) -> Result<Usd, BadAmount> {
    let (whole, decimals) = match text.split_once('.') {
        Some((_, "")) => return Err(BadAmount::Form),
        Some(parts) => parts,
        None => (text, ""),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) {
        // Reports the error in the same words as for an amount that a person typed.
        return Err(format!("{text} USD").parse::<Usd>().err().unwrap_or(BadAmount::Form));
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > 9 {
        return Err(BadAmount::TooLarge);
    }
    let kept = decimals.get(..DECIMALS.min(decimals.len())).unwrap_or_default();
    let parts: i128 = format!("{whole}{kept:0<DECIMALS$}").parse().map_err(|_| BadAmount::TooLarge)?;
    let in_a_micro = MICRO * unit.of_a_dollar();
    let micros = parts.div_euclid(in_a_micro) + i128::from(parts.rem_euclid(in_a_micro) != 0);
    i64::try_from(micros).map(Usd::from_micros).map_err(|_| BadAmount::TooLarge)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::whole(json!(2), Unit::Dollars, 2_000_000)]
    #[case::decimals(json!(0.36), Unit::Dollars, 360_000)]
    #[case::text(json!("0.0633"), Unit::Dollars, 63_300)]
    #[case::noise(json!(0.420_000_000_000_000_04), Unit::Dollars, 420_000)]
    #[case::rounded_up(json!("0.0000001"), Unit::Dollars, 1)]
    #[case::cents(json!("5"), Unit::Cents, 50_000)]
    #[case::part_of_a_cent(json!("0.2"), Unit::Cents, 2_000)]
    #[case::nothing(json!(0), Unit::Dollars, 0)]
    #[case::the_most(json!("0999999999"), Unit::Dollars, 999_999_999_000_000)]
    fn an_amount_is_read_in_its_unit(#[case] value: Value, #[case] unit: Unit, #[case] micros: i64) {
        assert_eq!(read(&value, unit), Ok(Usd::from_micros(micros)));
    }

    #[rstest]
    #[case(json!("NaN"), BadAmount::NoNumber)]
    #[case(json!(-1), BadAmount::Negative)]
    #[case(json!("-1"), BadAmount::Negative)]
    #[case(json!("1e400"), BadAmount::Exponent)]
    #[case(json!(1e300), BadAmount::Exponent)]
    #[case(json!(1e-7), BadAmount::Exponent)]
    #[case(json!("five cents"), BadAmount::Form)]
    #[case(json!("5 EUR"), BadAmount::Form)]
    #[case(json!("1,50"), BadAmount::Separator)]
    #[case(json!("1."), BadAmount::Form)]
    #[case(json!(""), BadAmount::Form)]
    #[case(json!(" 1"), BadAmount::Form)]
    #[case(json!("٣"), BadAmount::Form)]
    #[case(json!("9999999999"), BadAmount::TooLarge)]
    #[case(json!(null), BadAmount::NoNumber)]
    #[case(json!([1]), BadAmount::NoNumber)]
    #[case(json!(true), BadAmount::NoNumber)]
    fn what_is_no_number_is_no_amount(#[case] value: Value, #[case] why: BadAmount) {
        assert_eq!(read(&value, Unit::Dollars), Err(why), "{value}");
    }

    proptest! {
        #[test]
        fn no_amount_is_read_too_cheap(whole in 0_u32..1_000_000, decimals in "[0-9]{1,12}") {
            let exact = format!("{whole}{decimals:0<12}").parse::<i128>().unwrap();
            for (unit, part) in [(Unit::Dollars, 1), (Unit::Cents, 100)] {
                let read = read(&json!(format!("{whole}.{decimals}")), unit).unwrap();
                let parts = i128::from(read.micros()) * MICRO * part;
                prop_assert!(parts >= exact && parts - exact < MICRO * part);
            }
        }
    }
}
