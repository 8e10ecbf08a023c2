//! Seconds as written, converted to whole milliseconds: after loading, nothing uses fractions.

/// The most seconds that may be written: a day.
pub(super) const MOST_SECONDS: u32 = 86_400;

/// The nearest millisecond; `None` for anything that isn't a time from 0 to [`MOST_SECONDS`].
pub(super) fn millis(seconds: f64) -> Option<u32> {
    let fits = (0.0..=f64::from(MOST_SECONDS)).contains(&seconds);
    // The bounds make the conversion exact.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
    fits.then(|| (seconds * 1000.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0.0, Some(0))]
    #[case(-0.0, Some(0))]
    #[case(1.0 / 3.0, Some(333))]
    #[case(2.0 / 3.0, Some(667))]
    #[case(86_400.0, Some(86_400_000))]
    #[case(86_400.000_1, None)]
    #[case(-0.000_1, None)]
    #[case(f64::NAN, None)]
    #[case(f64::INFINITY, None)]
    fn to_the_nearest_millisecond(#[case] seconds: f64, #[case] wanted: Option<u32>) {
        assert_eq!(millis(seconds), wanted);
    }
}
