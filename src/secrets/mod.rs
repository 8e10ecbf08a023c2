//! Secrets: the keys of this environment, and anything that looks like a key, found in every form in which they can
//! occur in a text. Everything that leaves the program goes through here: output, reports, transcripts, errors, and
//! what is recorded.
//!
//! What is found: a whole key, or a run of eight of its characters, written plainly, reversed, in hexadecimal digits,
//! or in Base64 at each of its three alignments; and all of these again inside the escapes of JSON, XML, Markdown and
//! addresses, up to six levels deep. Case is ignored unless the encoding depends on it. Each level is searched once
//! more reduced to plain letters and digits, because people can still read a key with zero-width marks, line ends or
//! blanks in it, or in letters of another kind.
//!
//! Covering too much garbles a report. So a run of eight characters doesn't count when it also occurs in the product's
//! own files (`grok-ima`, `-api.x.a`), when it is the prefix that all keys of an owner share (`xai-`), or when it is a
//! drawn line. The whole key always counts. A text of fewer than eight characters isn't a key.

mod bare;
mod decode;
mod document;
mod forms;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod known;
#[cfg(test)]
mod linear;
mod pairs;
mod scanner;
mod shapes;
mod spoken;
#[cfg(test)]
mod tests;
mod texts;

use std::{
    borrow::Cow,
    ops::Range,
    sync::{Arc, OnceLock},
};

use secrecy::{ExposeSecret, SecretString};

use crate::model::key::KeyShape;
use decode::View;
pub use document::Clean;
use forms::Forms;
use known::Known;
pub use scanner::{Leak, SecretScanner};
use shapes::Shapes;
pub use spoken::spoken;

/// Replaces a secret.
const MARK: &str = "[redacted]";

/// A shorter text, in characters, isn't a key.
pub const SHORTEST: usize = forms::RUN;

/// Takes secrets out of texts.
#[derive(Clone)]
pub struct Redactor {
    known: Option<Arc<Known>>,
    /// The prefixes of owners' keys.
    keys: Vec<KeyShape>,
    /// The prefixes of credentials that others issue.
    others: Vec<KeyShape>,
    /// Built when the first text is searched, because adding shapes builds it again.
    shapes: Arc<OnceLock<Shapes>>,
}

/// Knows no particular key, only what keys look like.
impl Default for Redactor {
    fn default() -> Self {
        Self::knowing(None, Vec::new(), Vec::new())
    }
}

/// A secret in a text: where it is, and what it is in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// `a key of this environment`, or what it looks like. Never the secret.
    pub what: String,
    kind: Kind,
}

/// How certain it is that a secret is a key, the most certain first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// It is one of this environment.
    Known,
    /// It has the shape of an owner's keys.
    Key,
    /// It gives access to something else.
    Other,
}

impl Redactor {
    /// Knows these keys, and all keys of these shapes. `ordinary` are texts that contain no key.
    #[must_use]
    pub fn new(
        secrets: impl IntoIterator<Item = SecretString>,
        shapes: Vec<KeyShape>,
        ordinary: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        let words = |secret: &SecretString| -> Vec<String> {
            // If the variable holds a whole sentence, the key is one of its words.
            let words = secret.expose_secret().split_whitespace().map(|word| word.trim_matches(['"', '\'']));
            words.filter(|word| word.chars().count() >= SHORTEST).map(str::to_owned).collect()
        };
        let secrets: Vec<String> = secrets.into_iter().flat_map(|secret| words(&secret)).collect();
        let prefixes: Vec<&str> = shapes.iter().map(|shape| shape.prefix.as_str()).collect();
        let mut forms = Forms::default();
        for secret in &secrets {
            forms.add(secret, &prefixes);
        }
        let known = (!secrets.is_empty())
            .then(|| Arc::new(Known::new(forms, secrets.clone(), ordinary.into_iter().collect())));
        Self::knowing(known, shapes, Vec::new())
    }

    fn knowing(known: Option<Arc<Known>>, keys: Vec<KeyShape>, others: Vec<KeyShape>) -> Self {
        Self { known, keys, others, shapes: Arc::default() }
    }

    /// The same, and also looks for keys of these shapes.
    #[must_use]
    pub fn with_shapes<'s>(&self, shapes: impl IntoIterator<Item = &'s KeyShape>) -> Self {
        let mut keys = self.keys.clone();
        for shape in shapes {
            if !keys.contains(shape) {
                keys.push(shape.clone());
            }
        }
        Self::knowing(self.known.clone(), keys, self.others.clone())
    }

    /// The same, and also looks for credentials that others issue.
    #[must_use]
    pub fn with_others(self, others: Vec<KeyShape>) -> Self {
        Self::knowing(self.known, self.keys, others)
    }

    /// The first secret in a text.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Found> {
        self.all(text).into_iter().next()
    }

    /// The first key in a text: of this environment, or one that looks like an owner's. The signature of an address
    /// isn't a key.
    #[must_use]
    pub fn find_key(&self, text: &str) -> Option<Found> {
        let keys = self.each(text).into_iter().filter(|found| found.kind != Kind::Other);
        keys.min_by_key(|found| (found.kind, found.span.start))
    }

    /// Whether a key of this environment is in a text; something that only looks like a key does not count.
    #[must_use]
    pub fn knows(&self, text: &str) -> bool {
        self.known.as_ref().is_some_and(|known| decode::any(text, |view| !known.find(view).is_empty()))
    }

    /// The text with `[redacted]` in place of each secret.
    #[must_use]
    pub fn text(&self, text: String) -> String {
        match self.replaced(&text, |_| MARK.to_owned()) {
            Cow::Borrowed(_) => text,
            Cow::Owned(text) => text,
        }
    }

    /// The text with a star for every character of a secret, so that markers still point at the right column. White
    /// space stays: a secret may be written over several lines.
    #[must_use]
    pub fn cover<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let star = |letter: char| if letter.is_whitespace() { letter } else { '*' };
        self.replaced(text, |secret| secret.chars().map(star).collect())
    }

    fn replaced<'t>(&self, text: &'t str, instead: impl Fn(&str) -> String) -> Cow<'t, str> {
        let found = self.all(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let (mut out, mut done) = (String::with_capacity(text.len()), 0);
        for Found { span, .. } in found {
            out.push_str(text.get(done..span.start).unwrap_or_default());
            out.push_str(&instead(text.get(span.clone()).unwrap_or_default()));
            done = span.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        Cow::Owned(out)
    }

    /// Every secret in a text, in order; those that touch are merged.
    fn all(&self, text: &str) -> Vec<Found> {
        let mut found = self.each(text);
        found.sort_by_key(|found| (found.span.start, std::cmp::Reverse(found.span.end)));
        let mut apart: Vec<Found> = Vec::new();
        for next in found {
            match apart.last_mut().filter(|last| next.span.start <= last.span.end) {
                Some(last) => {
                    let end = last.span.end.max(next.span.end);
                    // What is known to be a key is reported as one.
                    if next.kind < last.kind {
                        *last = Found { span: last.span.start..end, ..next };
                    } else {
                        last.span.end = end;
                    }
                }
                None => apart.push(next),
            }
        }
        apart
    }

    /// Every secret on every level of a text, in any order.
    fn each(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        if !self.is_in(text) {
            return found;
        }
        decode::each(text, |view| {
            let place = |span: Range<usize>| view.origin(span.start)..view.origin(span.end);
            let known = self.known.as_ref().map(|known| known.find(view)).unwrap_or_default();
            found.extend(known.into_iter().map(|span| Found {
                span,
                kind: Kind::Known,
                what: "a key of this environment".to_owned(),
            }));
            let shaped = self.shapes().find(&view.bytes);
            found.extend(shaped.into_iter().map(|shaped| Found {
                span: place(shaped.span),
                kind: if shaped.is_key { Kind::Key } else { Kind::Other },
                what: format!("what looks like {}", shaped.what),
            }));
        });
        found
    }

    /// Whether a secret is on any level of a text.
    fn is_in(&self, text: &str) -> bool {
        let shapes = self.shapes();
        let is_known =
            |view: &View<'_>| self.known.as_ref().is_some_and(|known| !known.find(view).is_empty());
        decode::any(text, |view| is_known(view) || !shapes.find(&view.bytes).is_empty())
    }

    fn shapes(&self) -> &Shapes {
        self.shapes.get_or_init(|| Shapes::new(&self.keys, &self.others))
    }
}
