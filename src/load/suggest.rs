//! "Did you mean": the nearest of the words that would have been right.

/// A help text for a word that is not among these: the nearest one, or all of them.
pub(super) fn among<'a>(word: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let choices: Vec<&str> = choices.into_iter().collect();
    if let Some(near) = nearest(word, choices.iter().copied()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let list: Vec<_> = choices.iter().take(24).map(|choice| format!("`{choice}`")).collect();
    let more = if choices.len() > list.len() { ", …" } else { "" };
    (!list.is_empty()).then(|| format!("one of {}{more}", list.join(", ")))
}

/// The nearest word, when one is near enough to be a slip of the hand.
pub fn nearest<'a>(word: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    choices
        .into_iter()
        .map(|choice| (strsim::jaro_winkler(word, choice), choice))
        .filter(|(likeness, _)| *likeness > 0.84)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, choice)| choice)
}

/// The word of which this one is certainly a slip: one letter too many, too few, wrong or swapped. For words that may
/// be free, of which a likeness says nothing.
pub(super) fn slip<'a>(word: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    choices.into_iter().find(|choice| strsim::osa_distance(word, choice) == 1)
}
