//! Secrets: the keys of this environment, and whatever looks like a key, found in every form in which they
//! can stand in a text. Everything that leaves the program goes through here: output, reports, transcripts,
//! errors, and what is recorded.
//!
//! Found is a key as a whole or a run of eight of its characters: as it stands, from its end, in hexadecimal
//! digits, in base64 at each of its three alignments; and all of that again behind the escapes of JSON, XML,
//! Markdown and addresses, up to six of them deep. Upper and lower case are the same where an encoding does
//! not need them apart. And on each level once more without whatever is no plain letter or digit: a key is read as
//! well with marks of no width, line ends or blanks within it, or in letters of another kind.
//!
//! What is covered too much garbles a report, so a run of eight counts for nothing by itself when it also
//! stands in the product's own files (`grok-ima`, `-api.x.a`), when it is the prefix that all keys of an owner
//! share (`xai-`), or when it is a drawn line. The key as a whole always counts. A text of fewer than eight
//! characters is no key.

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

/// What stands where a secret stood.
const MARK: &str = "[redacted]";

/// A shorter text, in characters, is no key.
pub const SHORTEST: usize = forms::RUN;

/// Takes secrets out of texts.
#[derive(Clone)]
pub struct Redactor {
    known: Option<Arc<Known>>,
    /// How keys of owners begin.
    keys: Vec<KeyShape>,
    /// How what others give out begins.
    others: Vec<KeyShape>,
    /// Made ready once a text is looked at: knowing of more shapes makes all of it anew.
    shapes: Arc<OnceLock<Shapes>>,
}

/// Knows no key of its own, and what a key looks like.
impl Default for Redactor {
    fn default() -> Self {
        Self::knowing(None, Vec::new(), Vec::new())
    }
}

/// A secret in a text: where it stands, and what it is in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// `a key of this environment`, or what it looks like. Never the secret.
    pub what: String,
    kind: Kind,
}

/// How sure it is that a secret is a key, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// It is one of this environment.
    Known,
    /// It has the shape of an owner's keys.
    Key,
    /// It opens something else.
    Other,
}

impl Redactor {
    /// Knows these keys, and all keys of these shapes. `ordinary` are texts in which no key stands.
    #[must_use]
    pub fn new(
        secrets: impl IntoIterator<Item = SecretString>,
        shapes: Vec<KeyShape>,
        ordinary: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        let words = |secret: &SecretString| -> Vec<String> {
            // Whoever sets a sentence for a key sets the key with it.
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

    /// The same, looking for keys of these shapes as well.
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

    /// The same, looking for what others give out as well.
    #[must_use]
    pub fn with_others(self, others: Vec<KeyShape>) -> Self {
        Self::knowing(self.known, self.keys, others)
    }

    /// The first secret in a text.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Found> {
        self.all(text).into_iter().next()
    }

    /// The first key in a text: of this environment, or of an owner by its looks. What opens an address is none.
    #[must_use]
    pub fn find_key(&self, text: &str) -> Option<Found> {
        let keys = self.each(text).into_iter().filter(|found| found.kind != Kind::Other);
        keys.min_by_key(|found| (found.kind, found.span.start))
    }

    /// Whether a key of this environment stands in a text; what only looks like a key does not count.
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

    /// The text with a star for every character of a secret, so that what points at a column still does. White space
    /// stays: a secret may be written over several lines.
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

    /// Every secret in a text, in order, those that touch as one.
    fn all(&self, text: &str) -> Vec<Found> {
        let mut found = self.each(text);
        found.sort_by_key(|found| (found.span.start, std::cmp::Reverse(found.span.end)));
        let mut apart: Vec<Found> = Vec::new();
        for next in found {
            match apart.last_mut().filter(|last| next.span.start <= last.span.end) {
                Some(last) => {
                    let end = last.span.end.max(next.span.end);
                    // What is known to be a key is told as that.
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

    /// Every secret on every level of a text, in no order.
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

    /// Whether a secret stands on any level of a text.
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
