//! Finds what looks like anyone's key.
//!
//! All prefixes are searched for at once, and the text after one is read once for all prefixes in it: a text that
//! consists only of prefixes takes no longer than any other.

use std::{borrow::Cow, ops::Range};

use aho_corasick::AhoCorasick;

use super::{forms, pairs};
use crate::model::{ahead::Ahead, key::KeyShape, link};

/// Words that come before a credential.
const SCHEMES: [&str; 2] = ["bearer", "basic"];

/// Headers that carry a key and nothing else.
const HEADERS: [&str; 3] = ["authorization", "x-api-key", "api-key"];

/// How the header of a signed token begins: `{"` in base64 (<https://www.rfc-editor.org/rfc/rfc7519#section-3.1>).
const JWT: &str = "eyJ";

/// No part of a signed token is shorter.
const SHORTEST_PART: usize = 8;

/// How the first line of a private key ends (<https://www.rfc-editor.org/rfc/rfc7468#section-10>), and how it begins.
const PRIVATE_KEY: &str = "private key-----";
const BEGIN: &[u8] = b"-----begin ";
const END: &[u8] = b"-----end";

/// The longest kind of private key, such as `ENCRYPTED `, in bytes.
const LONGEST_KIND: usize = 20;

/// At most this many punctuation marks and blanks between the name of a header and its value.
const BETWEEN: usize = 8;

/// This many letters and digits in a row, with at least one digit, aren't a word of a sentence; fewer if letters are of
/// both cases too, more if there are letters of both cases but no digit.
const RANDOM: usize = 16;
const RANDOM_MIXED: usize = 12;
const RANDOM_CASES: usize = 24;

/// What looks like a key.
pub(super) struct Shaped<'s> {
    pub(super) span: Range<usize>,
    /// In words.
    pub(super) what: Cow<'s, str>,
    /// Whether it has the shape of an owner's keys.
    pub(super) is_key: bool,
}

/// The prefixes of keys.
#[derive(Clone)]
pub(super) struct Shapes {
    /// None when it cannot be built.
    begins: Option<AhoCorasick>,
    /// What each beginning means.
    means: Vec<Means>,
}

#[derive(Clone)]
enum Means {
    Key { says: String, is_key: bool },
    Signed,
    Scheme,
    Header,
    Private,
}

impl Shapes {
    /// Knows the keys of owners, and the credentials that others issue.
    pub(super) fn new(keys: &[KeyShape], others: &[KeyShape]) -> Self {
        let of = |is_key: bool| {
            move |shape: &KeyShape| (shape.prefix.clone(), Means::Key { says: shape.says.clone(), is_key })
        };
        let fixed = std::iter::once((JWT.to_owned(), Means::Signed))
            .chain(SCHEMES.map(|word| (word.to_owned(), Means::Scheme)))
            .chain(HEADERS.map(|word| (word.to_owned(), Means::Header)))
            .chain([(PRIVATE_KEY.to_owned(), Means::Private)]);
        let shapes = keys.iter().map(of(true)).chain(others.iter().map(of(false)));
        let (begins, means): (Vec<_>, Vec<_>) =
            shapes.filter(|(prefix, _)| !prefix.is_empty()).chain(fixed).unzip();
        Self { begins: forms::automaton(begins, true), means }
    }

    /// What looks like a key in these bytes.
    pub(super) fn find(&self, bytes: &[u8]) -> Vec<Shaped<'_>> {
        let Some(begins) = &self.begins else {
            // Anything may be a key, so nothing is shown.
            return vec![Shaped { span: 0..bytes.len(), what: Cow::Borrowed("a key"), is_key: true }];
        };
        let mut found: Vec<_> = link::credentials(bytes)
            .into_iter()
            .map(|link::Credential { span, name }| Shaped {
                span,
                what: Cow::Owned(format!("a credential in an address ({name})")),
                is_key: false,
            })
            .collect();
        let mut behind = Behind::new(bytes);
        let hits = begins.find_overlapping_iter(bytes).filter(|hit| begins_word(bytes, hit.start()));
        found.extend(hits.filter_map(|hit| {
            let (span, what, is_key) = match self.means.get(hit.pattern().as_usize())? {
                Means::Key { says, is_key } => {
                    (hit.start()..behind.token(hit.end())?, says.as_str(), *is_key)
                }
                Means::Signed => {
                    // In lower case these letters start ordinary words too.
                    let exact = bytes.get(hit.range())? == JWT.as_bytes();
                    let end = behind.signed(hit.end()).filter(|_| exact)?;
                    (hit.start()..end, "a signed token (JWT)", false)
                }
                Means::Scheme => {
                    let start = blanks(bytes, hit.end()).filter(|start| *start > hit.end())?;
                    (start..behind.token(start)?, "an `Authorization` header", false)
                }
                Means::Header => {
                    let start = assigned(bytes, hit.end())?;
                    (start..behind.token(start)?, "a header that carries a key", false)
                }
                Means::Private => (behind.private(hit.range())?, "a private key", false),
            };
            Some(Shaped { span, what: Cow::Borrowed(what), is_key })
        }));
        let pairs = pairs::find(bytes).into_iter();
        found.extend(pairs.map(|span| Shaped { span, what: Cow::Borrowed("a fal key"), is_key: false }));
        found
    }
}

/// Whether a word starts here.
fn begins_word(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|at| bytes.get(at)).is_none_or(|byte| !is_letter(*byte))
}

/// Letters beyond ASCII are letters too.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// Where the next word starts.
fn blanks(bytes: &[u8], at: usize) -> Option<usize> {
    let blanks = bytes.get(at..)?.iter().take(BETWEEN).take_while(|byte| byte.is_ascii_whitespace()).count();
    Some(at + blanks)
}

/// Where the value of a name starts, after a colon or an equals sign.
fn assigned(bytes: &[u8], at: usize) -> Option<usize> {
    let between = bytes.get(at..)?.iter().take(BETWEEN);
    let between: Vec<u8> =
        between.take_while(|byte| byte.is_ascii_whitespace() || b":='\"`*".contains(byte)).copied().collect();
    between.iter().any(|byte| b":=".contains(byte)).then_some(at + between.len())
}

/// What follows a prefix.
struct Behind<'t> {
    bytes: &'t [u8],
    token: Ahead<'t, fn(&'t [u8], usize) -> bool>,
    part: Ahead<'t, fn(&'t [u8], usize) -> bool>,
    end: Ahead<'t, fn(&'t [u8], usize) -> bool>,
    block: Ahead<'t, fn(&'t [u8], usize) -> bool>,
    /// The end of a token, and where its last random part starts.
    random: (usize, Option<usize>),
    /// The end of the first part of a signed token, and of the whole.
    signed: (usize, Option<usize>),
}

impl<'t> Behind<'t> {
    fn new(bytes: &'t [u8]) -> Self {
        let (token, part, end, block) = (
            Ahead::new(bytes, ends_token as fn(&[u8], usize) -> bool),
            Ahead::new(bytes, ends_part as fn(&[u8], usize) -> bool),
            Ahead::new(bytes, is_end as fn(&[u8], usize) -> bool),
            Ahead::new(bytes, ends_block as fn(&[u8], usize) -> bool),
        );
        Self { bytes, token, part, end, block, random: (usize::MAX, None), signed: (usize::MAX, None) }
    }

    /// The end of something random that starts here.
    fn token(&mut self, at: usize) -> Option<usize> {
        let end = self.token.of(at);
        let parts = self.bytes.get(at..end)?.split(|byte| !byte.is_ascii_alphanumeric());
        if parts.clone().next().is_some_and(is_random) {
            return Some(end);
        }
        if self.random.0 != end {
            let (mut from, mut last) = (at, None);
            for part in parts {
                last = Some(from).filter(|_| is_random(part)).or(last);
                from += part.len() + 1;
            }
            self.random = (end, last);
        }
        self.random.1.filter(|last| *last >= at).map(|_| end)
    }

    /// The end of a signed token whose header starts before here: three parts separated by dots.
    fn signed(&mut self, at: usize) -> Option<usize> {
        let first = self.part.of(at);
        if first < at + SHORTEST_PART {
            return None;
        }
        if self.signed.0 != first {
            let second = self.next_part(first);
            self.signed = (first, second.and_then(|second| self.next_part(second)));
        }
        self.signed.1
    }

    /// The end of the part after a dot.
    fn next_part(&self, dot: usize) -> Option<usize> {
        let rest = self.bytes.get(dot..)?.strip_prefix(b".")?;
        let length = (0..rest.len()).find(|at| ends_part(rest, *at)).unwrap_or(rest.len());
        (length >= SHORTEST_PART).then_some(dot + 1 + length)
    }

    /// A private key whose first line ends here; up to its last line, or as far as it goes.
    fn private(&mut self, line: Range<usize>) -> Option<Range<usize>> {
        let least = line.start.saturating_sub(BEGIN.len() + LONGEST_KIND);
        let before = self.bytes.get(least..line.start)?.to_ascii_lowercase();
        let begin = memchr::memmem::rfind(&before, BEGIN)?;
        let (end, block) = (self.end.of(line.end), self.block.of(line.end));
        Some(least + begin..if end < self.bytes.len() { end } else { block })
    }
}

fn is_random(part: &[u8]) -> bool {
    let digits = part.iter().any(u8::is_ascii_digit);
    let (lower, upper) = (part.iter().any(u8::is_ascii_lowercase), part.iter().any(u8::is_ascii_uppercase));
    (digits && part.len() >= if lower || upper { RANDOM_MIXED } else { RANDOM })
        || (lower && upper && part.len() >= RANDOM_CASES)
}

/// A colon is only part of a token if more follows.
fn ends_token(bytes: &[u8], at: usize) -> bool {
    let of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.+/=~".contains(byte);
    match bytes.get(at) {
        Some(b':') => bytes.get(at + 1).is_none_or(|next| !next.is_ascii_alphanumeric()),
        byte => byte.is_none_or(|byte| !of_token(byte)),
    }
}

fn ends_part(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_none_or(|byte| !(byte.is_ascii_alphanumeric() || b"-_".contains(byte)))
}

fn is_end(bytes: &[u8], at: usize) -> bool {
    bytes.get(at..at + END.len()).is_some_and(|found| found.eq_ignore_ascii_case(END))
}

fn ends_block(bytes: &[u8], at: usize) -> bool {
    let of_block =
        |byte: &u8| byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=\\,:-".contains(byte);
    bytes.get(at).is_none_or(|byte| !of_block(byte))
}
