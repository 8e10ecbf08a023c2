//! What looks like somebody's key, whoever holds it.

use std::{borrow::Cow, ops::Range};

use crate::model::{checklist::KeyShape, link};

/// Words that stand before a credential.
const SCHEMES: [&[u8]; 2] = [b"bearer ", b"basic "];

/// How the header of a signed token begins: `{"` in base64 (<https://www.rfc-editor.org/rfc/rfc7519#section-3.1>).
const JWT: &[u8] = b"eyJ";

/// No part of a signed token is shorter.
const SHORTEST_PART: usize = 8;

/// So many letters and digits in a row, a digit among them, are no word of a sentence.
const RANDOM: usize = 16;

/// What looks like a key.
pub(super) struct Shaped<'s> {
    pub(super) span: Range<usize>,
    /// In words.
    pub(super) what: Cow<'s, str>,
    /// Whether it has the shape of an owner's keys.
    pub(super) is_key: bool,
}

/// What looks like a key in these bytes.
pub(super) fn find<'s>(bytes: &[u8], shapes: &'s [KeyShape]) -> Vec<Shaped<'s>> {
    let lower = bytes.to_ascii_lowercase();
    let mut found = Vec::new();
    for link::Credential { span, name } in link::credentials(bytes) {
        let what = Cow::Owned(format!("a credential in an address ({name})"));
        found.push(Shaped { span, what, is_key: false });
    }
    for shape in shapes {
        found.extend(behind(bytes, shape.prefix.as_bytes()).filter_map(|at| {
            let span = at - shape.prefix.len()..token(bytes, at)?;
            Some(Shaped { span, what: Cow::Borrowed(shape.says.as_str()), is_key: true })
        }));
    }
    found.extend(behind(bytes, JWT).filter_map(|at| {
        let span = at - JWT.len()..signed(bytes, at)?;
        Some(Shaped { span, what: Cow::Borrowed("a signed token (JWT)"), is_key: false })
    }));
    for scheme in SCHEMES {
        found.extend(behind(&lower, scheme).filter_map(|at| {
            let span = at..token(&lower, at)?;
            Some(Shaped { span, what: Cow::Borrowed("an `Authorization` header"), is_key: false })
        }));
    }
    found
}

/// The places behind a prefix that begins a word.
fn behind(bytes: &[u8], prefix: &[u8]) -> impl Iterator<Item = usize> {
    let places = bytes.windows(prefix.len().max(1)).enumerate();
    places.filter_map(move |(at, window)| {
        let begins = at.checked_sub(1).and_then(|at| bytes.get(at)).is_none_or(|byte| !is_letter(*byte));
        (window == prefix && begins).then_some(at + prefix.len())
    })
}

/// The end of something random that begins here.
fn token(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.+/=~".contains(byte);
    let length = rest.iter().position(|byte| !of_token(byte)).unwrap_or(rest.len());
    let mut parts = rest.get(..length)?.split(|byte| !byte.is_ascii_alphanumeric());
    parts.any(|part| part.len() >= RANDOM && part.iter().any(u8::is_ascii_digit)).then_some(at + length)
}

/// The end of a signed token whose header begins before here: three parts with dots between.
fn signed(bytes: &[u8], at: usize) -> Option<usize> {
    let of_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    let part = |at: usize| {
        let rest = bytes.get(at..)?;
        let length = rest.iter().position(|byte| !of_part(byte)).unwrap_or(rest.len());
        (length >= SHORTEST_PART).then_some(at + length)
    };
    let dot = |at: usize| bytes.get(at).filter(|byte| **byte == b'.').map(|_| at + 1);
    part(dot(part(dot(part(at)?)?)?)?)
}

/// Letters beyond ASCII are letters too.
fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}
