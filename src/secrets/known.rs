//! The keys of this environment, in all their forms, and where they occur in a text.
//!
//! Most texts contain none of them, and most runs never meet one that does. So each text is scanned quickly first, and
//! the automata that locate a key are only built when they are needed.

use std::{collections::BTreeSet, ops::Range, sync::OnceLock};

use aho_corasick::AhoCorasick;

use super::{
    bare::{self, Bare},
    decode::View,
    forms::{self, Forms, Glance},
};

/// The keys of this environment.
pub(super) struct Known {
    forms: Forms,
    secrets: Vec<String>,
    /// Texts that contain no key.
    ordinary: Vec<&'static str>,
    as_it_stands: Glance,
    /// For a text reduced to letters and digits.
    bare: Glance,
    ready: OnceLock<Ready>,
}

/// The automata that locate the keys.
struct Ready {
    as_it_stands: Pair,
    bare: Pair,
}

/// If one of them is missing, any text may contain a secret.
struct Pair {
    folded: Option<AhoCorasick>,
    exact: Option<AhoCorasick>,
}

impl Known {
    pub(super) fn new(forms: Forms, secrets: Vec<String>, ordinary: Vec<&'static str>) -> Self {
        let Forms { folded, exact, raw, bare_folded, bare_exact } = &forms;
        let texts = folded.iter().chain(exact).map(String::as_bytes);
        let as_it_stands = Glance::at(texts.chain(raw.iter().map(Vec::as_slice)));
        let bare = Glance::at(bare_folded.iter().chain(bare_exact).map(String::as_bytes));
        Self { forms, secrets, ordinary, as_it_stands, bare, ready: OnceLock::new() }
    }

    /// Where they occur in the text of this view.
    pub(super) fn find(&self, view: &View<'_>) -> Vec<Range<usize>> {
        let bare = bare::bytes(view);
        if !self.as_it_stands.meets(&view.bytes) && !self.bare.meets(&bare) {
            return Vec::new();
        }
        let ready = self.ready.get_or_init(|| self.ready());
        let spans = ready.as_it_stands.find(&view.bytes).into_iter();
        let mut found: Vec<_> = spans.map(|span| view.origin(span.start)..view.origin(span.end)).collect();
        let hits = ready.bare.find(&bare);
        if !hits.is_empty() {
            let bare = Bare::of(view);
            found.extend(hits.into_iter().filter_map(|span| bare.origin(span)));
        }
        found
    }

    fn ready(&self) -> Ready {
        let mut forms = self.forms.clone();
        forms.spare(self.ordinary.iter().copied(), &self.secrets);
        let Forms { folded, exact, raw, bare_folded, bare_exact } = forms;
        let pair = |folded: BTreeSet<String>, raw: BTreeSet<Vec<u8>>, exact: BTreeSet<String>| Pair {
            folded: forms::automaton(folded.into_iter().map(String::into_bytes).chain(raw), true),
            exact: forms::automaton(exact, false),
        };
        Ready { as_it_stands: pair(folded, raw, exact), bare: pair(bare_folded, BTreeSet::new(), bare_exact) }
    }
}

impl Pair {
    fn find(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let (Some(folded), Some(exact)) = (&self.folded, &self.exact) else {
            // Anything may be a secret, so nothing is shown.
            return std::iter::once(0..bytes.len()).collect();
        };
        let mut found: Vec<_> = folded.find_overlapping_iter(bytes).map(|hit| hit.range()).collect();
        found.extend(exact.find_overlapping_iter(bytes).map(|hit| widened(bytes, hit.range())));
        found
    }
}

/// The Base64 letters next to the ones that are certain hold bits of the key as well.
fn widened(bytes: &[u8], span: Range<usize>) -> Range<usize> {
    let of_base64 = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
    let before =
        bytes.get(..span.start).unwrap_or_default().iter().rev().take(2).take_while(of_base64).count();
    let behind = bytes.get(span.end..).unwrap_or_default().iter().take(4).take_while(of_base64).count();
    span.start - before..span.end + behind
}
