//! "Did you mean": the nearest of the valid words.

/// From this similarity on (Jaro-Winkler, 0 to 1) a word is taken for a typo of another.
const ALIKE: f64 = 0.84;

/// The nearest word, when one is near enough to be what a typo meant. Case is ignored.
pub fn nearest<'a>(word: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    choices
        .into_iter()
        .map(|choice| (strsim::jaro_winkler(&word, &choice.to_lowercase()), choice))
        .filter(|(likeness, _)| *likeness > ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, choice)| choice)
}

/// The word of which this one is certainly a typo: one letter too many, missing, wrong or swapped. For names that may
/// be chosen freely, where similarity alone proves nothing.
pub fn slip<'a>(word: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    choices.into_iter().find(|choice| strsim::osa_distance(word, choice) == 1)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::swapped("jnuit", Some("junit"))]
    #[case::case_apart("JUnit", Some("junit"))]
    #[case::a_letter_too_many("markdowns", Some("markdown"))]
    #[case::a_letter_too_few("tabl", Some("table"))]
    #[case::nothing_like_it("xml", None)]
    #[case::empty("", None)]
    fn a_slip_is_told_from_another_word(#[case] word: &str, #[case] near: Option<&str>) {
        assert_eq!(nearest(word, ["table", "json", "junit", "markdown"]), near);
    }

    #[test]
    fn a_free_word_is_a_slip_by_one_letter_alone() {
        assert_eq!(slip("faal", ["fal", "venice"]), Some("fal"));
        assert_eq!(slip("falsehood", ["fal", "venice"]), None);
    }
}
