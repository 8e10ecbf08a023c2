//! What people write about themselves and their reasons: whether it contains anything another person can read.

use std::collections::BTreeSet;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};
use sha2::{Digest as _, Sha256};
use unicode_segmentation::UnicodeSegmentation as _;

use super::text::hex;

/// Minimum number of different words in a reason.
const WORDS: usize = 3;

/// Minimum number of letters and digits in a reason.
const LETTERS: usize = 10;

/// In a script where each character is a word or a syllable, as in Chinese, this many different characters are enough
/// instead.
const SIGNS: usize = 6;

/// Minimum number of different words in a text that can be evidence by itself, such as a saved page or an e-mail; and
/// of letters, or of single-character words instead.
const PASSAGE: (usize, usize, usize) = (8, 40, 16);

/// What a reason must be, for the person who is asked for one.
pub const WANTED: &str = "a reason of at least three words that someone else can check";

/// Whether the text contains a visible letter or digit: the minimum for a name or a quotation.
#[must_use]
pub fn is_said(text: &str) -> bool {
    letters(text) > 0
}

/// Whether a text gives a reason: several different words, not one letter or the same one repeated.
#[must_use]
pub fn is_reason(text: &str) -> bool {
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let words: BTreeSet<String> =
        seen.unicode_words().map(str::to_lowercase).filter(|word| is_word(word)).collect();
    let different: BTreeSet<char> = seen.chars().filter(|c| c.is_alphanumeric()).collect();
    // Scripts without spaces are split into single characters.
    let signs = words.iter().filter(|word| !word.is_ascii() && word.chars().count() == 1).count();
    let long = letters(&seen) >= LETTERS || signs >= SIGNS;
    words.len() >= WORDS && long && different.len() >= WORDS
}

/// Whether this is a word, not a number or one repeated letter. A character of a script without spaces is a word.
fn is_word(word: &str) -> bool {
    let letters: BTreeSet<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    letters.len() > 1 || (!letters.is_empty() && word.chars().count() == 1)
}

/// Whether a person can be reached by this name: a number alone names no one.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.chars().any(|c| c.is_alphabetic() && !is_invisible(c))
}

/// Whether a text contains enough words to be evidence by itself.
#[must_use]
pub fn is_passage(text: &str) -> bool {
    let (fewest, least, signs) = PASSAGE;
    let words: BTreeSet<String> = text.unicode_words().map(str::to_lowercase).collect();
    let spelt = words.iter().filter(|word| word.chars().any(char::is_alphabetic));
    let (single, longer): (Vec<_>, Vec<_>) =
        spelt.partition(|word| !word.is_ascii() && word.chars().count() == 1);
    let written: usize = words.iter().map(|word| letters(word)).sum();
    single.len() + longer.len() >= fewest && (written >= least || single.len() >= signs)
}

/// The text as it is compared: in NFC, with every run of white space as a single space.
#[must_use]
pub fn canonical(text: &str) -> String {
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The SHA-256 of the words of a passage, lower-case hexadecimal: it stays the same when only the page's layout
/// changes.
#[must_use]
pub fn passage(words: &str) -> String {
    hex(&Sha256::digest(canonical(words)))
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric() && !is_invisible(*c)).count()
}

/// Whether a character is invisible; some invisible ones count as letters (U+3164)
/// (<https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point>, as of 2026-11-24).
fn is_invisible(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Ann", true)]
    #[case("李", true)]
    #[case("7", true)]
    #[case("", false)]
    #[case(" \u{a0}\u{2003}", false)]
    #[case("\u{200b}\u{feff}", false)]
    #[case("\u{3164}", false)]
    #[case("\u{ffa0}\u{115f}\u{1160}", false)]
    #[case("\u{2800}", false)]
    #[case("\u{ad}\u{34f}\u{e0041}", false)]
    #[case("-- ?!", false)]
    #[case("\u{202e}", false)]
    fn something_is_said_with_a_letter_that_can_be_seen(#[case] text: &str, #[case] is: bool) {
        assert_eq!(is_said(text), is);
    }

    #[rstest]
    #[case("Ann", true)]
    #[case("李", true)]
    #[case("R2", true)]
    #[case("0", false)]
    #[case("12345", false)]
    #[case("\u{3164}", false)]
    fn a_name_is_no_number(#[case] text: &str, #[case] is: bool) {
        assert_eq!(is_name(text), is);
    }

    #[rstest]
    #[case("we pay nothing", true)]
    #[case("the pilot is free", true)]
    #[case("kein Bild wird hochgeladen", true)]
    #[case("このアカウントは無料です", true)]
    #[case("测试账户是免费的", true)]
    #[case("บัญชีทดสอบนี้ฟรี", true)]
    #[case("x", false)]
    #[case("n/a", false)]
    #[case("because", false)]
    #[case("aaaa bbbb cccc", false)]
    #[case("0000 1111 2222", false)]
    #[case("12 34 56 78 90", false)]
    #[case("we pay only 5 USD", true)]
    #[case::ten_letters("we pay after", true)]
    #[case::nine_letters("we pay last", false)]
    #[case::six_signs("测试账户免费", true)]
    #[case::five_signs("测试户免费", false)]
    #[case::three_different_letters("abab baba caca", true)]
    #[case("x x x x x x x x x x", false)]
    #[case("a b c d e f g", false)]
    #[case("no no no no no", false)]
    #[case("aaaaaaaa aaaaaaaaa aaaaaaaaaa", false)]
    #[case("\u{3164}\u{3164} \u{3164}\u{3164}\u{3164} \u{3164}\u{3164}\u{3164}\u{3164}\u{3164}", false)]
    #[case("we\u{200b}pay\u{200b}nothing", false)]
    #[case(". . . . . . . . . . . .", false)]
    #[case("不要", false)]
    #[case("", false)]
    fn a_reason_has_words(#[case] text: &str, #[case] is: bool) {
        assert_eq!(is_reason(text), is, "{text}");
    }

    #[rstest]
    #[case("Dear Ann, a refused prompt is not billed by us; see section four of the terms.", true)]
    #[case("このアカウントは無料です。毎日三本まで動画を作ることができます。", true)]
    #[case::eight_words_of_forty_letters("seven bills refer these where never comes twice", true)]
    #[case::thirty_nine_letters("seven bills refer these where never come twice", false)]
    #[case::sixteen_signs("天地玄黄宇宙洪荒日月盈昃辰宿列张", true)]
    #[case::fifteen_signs("天地玄黄宇宙洪荒日月盈昃辰宿列", false)]
    #[case(" ", false)]
    #[case("see screenshot", false)]
    #[case("yes yes yes yes yes yes yes yes yes yes yes yes yes yes yes", false)]
    #[case("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30", false)]
    #[case("a b c d e f g h i j k l m n o p q r", false)]
    fn a_passage_has_more_words_than_a_reason(#[case] text: &str, #[case] is: bool) {
        assert_eq!(is_passage(text), is, "{text}");
    }

    #[rstest]
    #[case("not  billed\n", "not billed")]
    #[case("cafe\u{301}", "caf\u{e9}")]
    #[case("a\u{2028}b\u{85}c", "a b c")]
    fn layout_and_composition_do_not_tell_texts_apart(#[case] text: &str, #[case] canon: &str) {
        assert_eq!(canonical(text), canon);
        assert_eq!(passage(text), passage(canon));
        assert_ne!(passage(text), passage(&format!("{canon}.")));
    }
}
