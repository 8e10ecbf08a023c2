//! The forms in which a secret or a piece of it may occur in a text.

use std::collections::{BTreeSet, HashMap, HashSet};

use aho_corasick::AhoCorasick;
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD_NO_PAD as STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD},
};

use super::{bare, decode};
use crate::model::text::hex;

/// This many characters of a key in a row are a piece of it; a shorter text isn't a key.
pub(super) const RUN: usize = 8;

/// A run with fewer distinct characters is a line drawn in a table.
const DIFFERENT: usize = 3;

/// How many Base64 letters are fixed by eight bytes, wherever the groups of three start.
const SETTLED: usize = 10;

/// Longer keys, in bytes, are recognised by their beginning; none exist.
const LONGEST: usize = 4096;

/// All forms of some secrets.
#[derive(Clone, Default)]
pub(super) struct Forms {
    /// Matched without case: the text itself, reversed, and as hexadecimal digits.
    pub(super) folded: BTreeSet<String>,
    /// Base64 in both alphabets.
    pub(super) exact: BTreeSet<String>,
    /// Byte sequences that aren't text, which escapes in a key may stand for.
    pub(super) raw: BTreeSet<Vec<u8>>,
    /// Both of them, in a text reduced to letters and digits.
    pub(super) bare_folded: BTreeSet<String>,
    pub(super) bare_exact: BTreeSet<String>,
}

impl Forms {
    /// Adds a secret. `prefixes` are beginnings that all keys of an owner share and that reveal nothing.
    pub(super) fn add(&mut self, secret: &str, prefixes: &[&str]) {
        let secret = secret.get(..secret.floor_char_boundary(LONGEST)).unwrap_or_default();
        // A key that contains a percent sign or a backslash looks different once escapes are decoded.
        for level in decode::levels(secret) {
            let no_text = |run: &&[u8]| std::str::from_utf8(run).is_err();
            self.raw.extend(level.windows(RUN).filter(no_text).map(<[u8]>::to_vec));
            let secret = &*String::from_utf8_lossy(&level);
            if secret.chars().count() < RUN {
                continue;
            }
            let prefix = prefixes.iter().find(|prefix| secret.starts_with(**prefix)).map_or(0, |p| p.len());
            let inner = secret.get(prefix..).unwrap_or_default();
            for (whole, inner) in [(secret.to_owned(), inner.to_owned()), (reversed(secret), reversed(inner))]
            {
                self.folded.extend(runs(&inner, RUN));
                self.folded.extend(runs(&whole, RUN).map(|run| hex(run.as_bytes())));
                self.bare_folded.extend(runs(&bare::text(&inner), RUN).filter(|run| is_no_word(run)));
                self.bare_folded.extend(runs(&whole, RUN).map(|run| hex(run.as_bytes())));
                self.bare_folded.extend(Some(bare::text(&whole)).filter(|whole| whole.len() >= RUN));
                for settled in (0..3).flat_map(|lead| base64(&whole, lead)) {
                    self.bare_exact.extend(runs(&bare::text(&settled), SETTLED));
                    self.exact.extend(runs(&settled, SETTLED));
                }
                self.folded.insert(whole);
            }
        }
    }

    /// Removes the short runs that also occur in ordinary texts: they say nothing about a key. `whole` secrets stay.
    pub(super) fn spare<'o>(&mut self, ordinary: impl IntoIterator<Item = &'o str>, whole: &[String]) {
        let (mut folded, mut bare_folded) = (Short::of(&self.folded), Short::of(&self.bare_folded));
        for text in ordinary {
            folded.meet(text);
            bare_folded.meet(&bare::text(text));
        }
        folded.take_out_of(&mut self.folded, whole);
        let whole: Vec<_> = whole.iter().map(|whole| bare::text(whole)).collect();
        bare_folded.take_out_of(&mut self.bare_folded, &whole);
    }
}

/// Short runs, and which of them occur in an ordinary text. Every start of the program goes through all the product's
/// texts, so runs are looked up rather than searched for: each stretch of eight bytes is one number.
struct Short {
    /// Upper and lower case are the same.
    runs: HashMap<u64, Vec<String>>,
    /// Runs with letters beyond ASCII are longer.
    others: Vec<String>,
    ordinary: Vec<String>,
    /// One bit per hash of a run: most stretches match none.
    maybe: Box<[u64; 1024]>,
}

impl Short {
    fn of(forms: &BTreeSet<String>) -> Self {
        let (runs, others) = (HashMap::<u64, Vec<String>>::new(), Vec::new());
        let mut short = Self { runs, others, ordinary: Vec::new(), maybe: Box::new([0; 1024]) };
        for form in forms.iter().filter(|form| form.chars().count() <= RUN) {
            let Ok(bytes) = <[u8; RUN]>::try_from(form.as_bytes()) else {
                short.others.push(form.clone());
                continue;
            };
            let number = bytes.into_iter().fold(0, moved);
            let (word, bit) = place(number);
            if let Some(word) = short.maybe.get_mut(word) {
                *word |= bit;
            }
            short.runs.entry(number).or_default().push(form.clone());
        }
        short
    }

    fn meet(&mut self, text: &str) {
        let (mut number, mut read) = (0, 0);
        for byte in text.bytes() {
            number = moved(number, byte);
            read += 1;
            let (word, bit) = place(number);
            if read >= RUN && self.maybe.get(word).is_some_and(|word| word & bit != 0) {
                self.ordinary.extend(self.runs.remove(&number).into_iter().flatten());
            }
        }
        if !self.others.is_empty() {
            let lower = text.to_ascii_lowercase();
            let met = self.others.extract_if(.., |run| lower.contains(&run.to_ascii_lowercase()));
            self.ordinary.extend(met);
        }
    }

    fn take_out_of(self, forms: &mut BTreeSet<String>, whole: &[String]) {
        let is_whole = |form: &String| whole.iter().any(|secret| secret == form || reversed(secret) == *form);
        for run in self.ordinary.iter().filter(|run| !is_whole(run)) {
            forms.remove(run);
        }
    }
}

/// Tells in one pass that none of some forms occurs in a text, or that one may: by their first eight bytes, ignoring
/// case.
pub(super) struct Glance {
    starts: HashSet<u64>,
    /// One bit per hash of a start: most stretches match none.
    maybe: Box<[u64; 1024]>,
    /// There is a form too short to be recognised by its start.
    always: bool,
}

impl Glance {
    pub(super) fn at<'f>(forms: impl Iterator<Item = &'f [u8]>) -> Self {
        let mut glance = Self { starts: HashSet::new(), maybe: Box::new([0; 1024]), always: false };
        for form in forms {
            let Some(start) = form.first_chunk::<RUN>() else {
                glance.always = true;
                continue;
            };
            let number = start.iter().fold(0, |number, byte| moved(number, *byte));
            let (word, bit) = place(number);
            if let Some(word) = glance.maybe.get_mut(word) {
                *word |= bit;
            }
            glance.starts.insert(number);
        }
        glance
    }

    pub(super) fn meets(&self, bytes: &[u8]) -> bool {
        let mut number = 0;
        self.always
            || bytes.iter().any(|byte| {
                number = moved(number, *byte);
                let (word, bit) = place(number);
                self.maybe.get(word).is_some_and(|word| word & bit != 0) && self.starts.contains(&number)
            })
    }
}

/// The stretch of eight bytes that ends with this one.
fn moved(number: u64, byte: u8) -> u64 {
    number << 8 | u64::from(byte.to_ascii_lowercase())
}

/// A word of `Short::maybe`, and a bit in it.
fn place(number: u64) -> (usize, u64) {
    // Fibonacci hashing: the upper bits depend on all bytes.
    let hash = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48;
    (usize::try_from(hash >> 6).unwrap_or_default(), 1 << (hash & 63))
}

/// Finds all of these patterns at once; none when that is not possible.
pub(super) fn automaton<P: AsRef<[u8]>>(
    patterns: impl IntoIterator<Item = P>,
    fold: bool,
) -> Option<AhoCorasick> {
    AhoCorasick::builder().ascii_case_insensitive(fold).build(patterns).ok()
}

/// Every run of this many characters that isn't a drawn line.
fn runs(text: &str, length: usize) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.chars().collect();
    let all: Vec<String> = letters
        .windows(length)
        .filter(|run| run.iter().collect::<BTreeSet<_>>().len() >= DIFFERENT)
        .map(|run| run.iter().collect())
        .collect();
    all.into_iter()
}

/// Whether it can be told apart from words reduced to their letters: it contains a digit, or letters of both cases.
fn is_no_word(run: &str) -> bool {
    let has = |of: fn(&u8) -> bool| run.bytes().any(|byte| of(&byte));
    has(u8::is_ascii_digit) || (has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase))
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

/// The part of the Base64 that is certain for a secret inside a longer text, after `lead` bytes of its group of three;
/// in both alphabets.
fn base64(secret: &str, lead: usize) -> [String; 2] {
    let mut bytes = vec![0; lead];
    bytes.extend(secret.as_bytes());
    // The first letters depend on the text before, the last one on the text after.
    let (first, end) = ((lead * 8).div_ceil(6), bytes.len() * 8 / 6);
    [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)]
        .map(|text| text.get(first..end).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Few letters, so that runs do occur in texts.
        #[test]
        fn runs_of_ordinary_texts_are_taken_out_and_no_others(
            forms in prop::collection::btree_set("[abAä]{8}", 0..200),
            texts in prop::collection::vec("[abBäx]{0,60}", 0..6),
            whole in prop::collection::vec("[abAä]{8}", 0..2),
        ) {
            let mut short = Short::of(&forms);
            for text in &texts {
                short.meet(text);
            }
            let mut left = forms.clone();
            short.take_out_of(&mut left, &whole);
            let ordinary = |form: &String| {
                let form = form.to_ascii_lowercase();
                texts.iter().any(|text| text.to_ascii_lowercase().contains(&form))
            };
            let is_whole = |form: &String| whole.iter().any(|one| one == form || reversed(one) == *form);
            let wanted = forms.into_iter().filter(|form| !ordinary(form) || is_whole(form));
            prop_assert_eq!(left, wanted.collect::<BTreeSet<_>>());
        }
    }
}
