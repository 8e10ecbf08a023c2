//! The forms in which a secret or a piece of it may stand in a text.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD_NO_PAD as STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD},
};

use super::{bare, decode};
use crate::model::text::hex;

/// So many characters of a key in a row are a piece of it, and a shorter text is no key.
pub(super) const RUN: usize = 8;

/// A run of fewer different characters is a line drawn in a table.
const DIFFERENT: usize = 3;

/// Base64 letters that eight bytes settle, wherever their groups of three begin.
const SETTLED: usize = 10;

/// Longer keys, in bytes, are known by their beginning; there are none.
const LONGEST: usize = 4096;

/// All forms of some secrets.
#[derive(Default)]
pub(super) struct Forms {
    /// Upper and lower case are the same here: as it stands, from its end, and as hexadecimal digits.
    pub(super) folded: BTreeSet<String>,
    /// Base64 in both alphabets.
    pub(super) exact: BTreeSet<String>,
    /// Both of them in a text of which only letters and digits are left.
    pub(super) bare_folded: BTreeSet<String>,
    pub(super) bare_exact: BTreeSet<String>,
}

impl Forms {
    /// Adds a secret. `prefixes` are beginnings that all keys of an owner have and that tell nothing.
    pub(super) fn add(&mut self, secret: &str, prefixes: &[&str]) {
        let secret = secret.get(..secret.floor_char_boundary(LONGEST)).unwrap_or_default();
        // A key with a percent sign or a backslash of its own looks different once escapes are read.
        for secret in decode::levels(secret).iter().filter(|secret| secret.chars().count() >= RUN) {
            let prefix = prefixes.iter().find(|prefix| secret.starts_with(**prefix)).map_or(0, |p| p.len());
            let inner = secret.get(prefix..).unwrap_or_default();
            for (whole, inner) in [(secret.clone(), inner.to_owned()), (reversed(secret), reversed(inner))] {
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

    /// Takes out the short runs that also stand in an ordinary text: these say nothing about a key. `whole`
    /// secrets stay.
    pub(super) fn spare<'o>(&mut self, ordinary: impl IntoIterator<Item = &'o str>, whole: &[String]) {
        let (mut folded, mut bare_folded) = (Short::of(&self.folded), Short::of(&self.bare_folded));
        for text in ordinary {
            folded.meet(text.as_bytes());
            bare_folded.meet(bare::text(text).as_bytes());
        }
        folded.take_out_of(&mut self.folded, whole);
        let whole: Vec<_> = whole.iter().map(|whole| bare::text(whole)).collect();
        bare_folded.take_out_of(&mut self.bare_folded, &whole);
    }
}

/// Short runs, and which of them stand in an ordinary text.
struct Short {
    runs: Vec<String>,
    /// None when nothing can be found; then none is ordinary.
    found: Option<AhoCorasick>,
    ordinary: Vec<bool>,
}

impl Short {
    fn of(forms: &BTreeSet<String>) -> Self {
        let runs: Vec<String> = forms.iter().filter(|form| form.chars().count() <= RUN).cloned().collect();
        Self { found: automaton(&runs, true), ordinary: vec![false; runs.len()], runs }
    }

    fn meet(&mut self, text: &[u8]) {
        for hit in self.found.iter().flat_map(|found| found.find_overlapping_iter(text)) {
            if let Some(ordinary) = self.ordinary.get_mut(hit.pattern().as_usize()) {
                *ordinary = true;
            }
        }
    }

    fn take_out_of(self, forms: &mut BTreeSet<String>, whole: &[String]) {
        let is_whole = |form: &String| whole.iter().any(|secret| secret == form || reversed(secret) == *form);
        for (run, ordinary) in self.runs.iter().zip(self.ordinary) {
            if ordinary && !is_whole(run) {
                forms.remove(run);
            }
        }
    }
}

/// Finds all of these patterns at once; none when that is not possible.
pub(super) fn automaton<P: AsRef<[u8]>>(
    patterns: impl IntoIterator<Item = P>,
    fold: bool,
) -> Option<AhoCorasick> {
    AhoCorasick::builder().ascii_case_insensitive(fold).build(patterns).ok()
}

/// Every run of so many characters that is not a drawn line.
fn runs(text: &str, length: usize) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.chars().collect();
    let all: Vec<String> = letters
        .windows(length)
        .filter(|run| run.iter().collect::<BTreeSet<_>>().len() >= DIFFERENT)
        .map(|run| run.iter().collect())
        .collect();
    all.into_iter()
}

/// Whether it can be told from words of which only the letters are left: there is a digit in it, or letters of both
/// cases.
fn is_no_word(run: &str) -> bool {
    let has = |of: fn(&u8) -> bool| run.bytes().any(|byte| of(&byte));
    has(u8::is_ascii_digit) || (has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase))
}

fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

/// What is certain of the base64 of a longer text in which the secret stands behind so many bytes of its group, in
/// either alphabet.
fn base64(secret: &str, lead: usize) -> [String; 2] {
    let mut bytes = vec![0; lead];
    bytes.extend(secret.as_bytes());
    // The first letters depend on what stands before, the last one on what comes behind.
    let (first, end) = ((lead * 8).div_ceil(6), bytes.len() * 8 / 6);
    [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)]
        .map(|text| text.get(first..end).unwrap_or_default().to_owned())
}
