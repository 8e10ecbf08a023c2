//! A text reduced to plain letters and digits. Characters between those of a key, or decorations on them, don't stop a
//! person from reading the key, and they vary endlessly: zero-width marks, accents, line ends and table borders, blanks
//! and colons in a dump, letters of another width. All of these are dropped.

use std::{borrow::Cow, ops::Range};

use icu_normalizer::DecomposingNormalizerBorrowed;

use super::decode::View;

/// The letters and digits of a view. Their positions are computed only for the few texts that need them.
pub(super) fn bytes(view: &View<'_>) -> Vec<u8> {
    let mut bare = Vec::with_capacity(view.bytes.len());
    for chunk in view.bytes.utf8_chunks() {
        if chunk.valid().is_ascii() {
            bare.extend(chunk.valid().bytes().filter(u8::is_ascii_alphanumeric));
        } else {
            chunk.valid().chars().for_each(|letter| plain(letter, |byte| bare.push(byte)));
        }
    }
    bare
}

/// The letters and digits of a text, and where each of them is.
pub(super) struct Bare {
    bytes: Vec<u8>,
    /// Where in the original each of them is.
    places: Vec<(u32, u32)>,
}

impl Bare {
    /// The letters and digits of a view.
    pub(super) fn of(view: &View<'_>) -> Self {
        let mut bare = Self { bytes: Vec::new(), places: Vec::new() };
        let mut at = 0;
        for chunk in view.bytes.utf8_chunks() {
            for letter in chunk.valid().chars() {
                let start = at;
                at += letter.len_utf8();
                bare.push(letter, || (place(view.origin(start)), place(view.origin(at))));
            }
            at += chunk.invalid().len();
        }
        bare
    }

    fn push(&mut self, letter: char, place: impl FnOnce() -> (u32, u32)) {
        let before = self.bytes.len();
        plain(letter, |byte| self.bytes.push(byte));
        if self.bytes.len() > before {
            self.places.resize(self.bytes.len(), place());
        }
    }

    /// The position in the original of a position in here.
    pub(super) fn origin(&self, span: Range<usize>) -> Option<Range<usize>> {
        let (first, last) = (self.places.get(span.start)?, self.places.get(span.end.checked_sub(1)?)?);
        Some(usize::try_from(first.0).ok()?..usize::try_from(last.1).ok()?)
    }
}

/// The letters and digits of a text.
pub(super) fn text(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    if text.is_ascii() {
        bare.extend(text.chars().filter(char::is_ascii_alphanumeric));
    } else {
        text.chars().for_each(|letter| plain(letter, |byte| bare.push(byte.into())));
    }
    bare
}

fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The plain letters and digits that a character consists of.
fn plain(letter: char, mut push: impl FnMut(u8)) {
    let mut bytes = [0; 4];
    let text: &str = letter.encode_utf8(&mut bytes);
    let made = match text {
        ascii if ascii.is_ascii() => Cow::Borrowed(ascii),
        other => DecomposingNormalizerBorrowed::new_nfkd().normalize(other),
    };
    made.bytes().filter(u8::is_ascii_alphanumeric).for_each(&mut push);
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{super::decode, *};

    #[rstest]
    #[case("a-b c\n  d│e", "abcde")]
    #[case("a\u{200b}b\u{ad}c\u{fe0f}d\u{301}e\u{e0020}", "abcde")]
    #[case("\u{ff41}\u{1d41b}\u{24d2}d\u{e9}", "abcde")]
    #[case("…ä狐 -", "a")]
    fn letters_and_digits_stay(#[case] of: &str, #[case] wanted: &str) {
        assert_eq!(text(of), wanted);
        decode::each(of, |view| {
            let bare = Bare::of(view);
            assert_eq!(bytes(view), bare.bytes);
            assert_eq!(bare.places.len(), bare.bytes.len());
        });
    }
}
