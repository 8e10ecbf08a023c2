//! Texts that a library draws on the terminal itself, bypassing the printer: questions and the progress line.

use crate::{model::text::printable, secrets::Redactor};

/// A text as it may be drawn: on one line, every secret covered, without control characters.
pub(super) fn drawn(text: &str, redactor: &Redactor) -> String {
    redactor.cover(&printable(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::words("Which provider?", "Which provider?")]
    #[case::a_key("Is it canary-key-of-ours?", "Is it ******************?")]
    #[case::a_key_cut_by_steering(
        "Is it canary-\u{1b}[2Jkey-of-ours?",
        "Is it canary-\\u{1b}[2J***********?"
    )]
    #[case::in_an_address("https://acme.example/?token=0a1b2c", "https://acme.example/?token=******")]
    #[case::a_picture("a\u{1b}]52;c;eA==\u{7}\nb", "a\\u{1b}]52;c;eA==\\u{7} b")]
    #[case::from_right_to_left("a\u{202e}b", "a\\u{202e}b")]
    fn no_key_is_drawn_and_nothing_steers(#[case] text: &str, #[case] wanted: &str) {
        let redactor = Redactor::new(["canary-key-of-ours".into()], Vec::new(), []);
        assert_eq!(drawn(text, &redactor), wanted);
    }
}
