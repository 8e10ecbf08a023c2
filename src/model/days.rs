//! Numbers of days as people write them: `90d`.

/// The most days that anything in a project or checklist may be valid for.
pub const MOST_DAYS: u32 = 3650;

/// A number of whole days, written like `90d`. Other units are ambiguous: a month has 28 to 31 days.
#[must_use]
pub fn days(text: &str) -> Option<u32> {
    let digits = text.strip_suffix('d')?;
    // `parse` accepts a sign, which no one means here.
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("90d", Some(90))]
    #[case("0d", Some(0))]
    #[case("d", None)]
    #[case("+3d", None)]
    #[case("-3d", None)]
    #[case("1.5d", None)]
    #[case("90", None)]
    #[case("3m", None)]
    #[case("90 d", None)]
    #[case("99999999999d", None)]
    fn days_are_digits_and_a_d(#[case] text: &str, #[case] wanted: Option<u32>) {
        assert_eq!(days(text), wanted);
    }
}
