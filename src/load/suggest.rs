//! A help text for a wrong word: what was probably meant, or all valid words.

use crate::model::nearest::nearest;

/// A help text for a word that isn't one of these: the nearest one, or all of them.
pub(super) fn among<'a>(word: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let choices: Vec<&str> = choices.into_iter().collect();
    if let Some(near) = nearest(word, choices.iter().copied()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let list: Vec<_> = choices.iter().take(24).map(|choice| format!("`{choice}`")).collect();
    let more = if choices.len() > list.len() { ", …" } else { "" };
    (!list.is_empty()).then(|| format!("one of {}{more}", list.join(", ")))
}
