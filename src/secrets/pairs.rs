//! Keys without a prefix: the id of a key and its secret, joined by a colon, as fal issues them
//! (<https://fal.ai/docs/documentation/setting-up/authentication>, as of 2026-11-22).

use std::ops::Range;

/// The lengths of the parts of an id, with hyphens between.
const ID: [usize; 5] = [8, 4, 4, 4, 12];

/// The length of an id, and of a secret.
const LENGTHS: (usize, usize) = (36, 32);

/// Every such pair.
pub(super) fn find(bytes: &[u8]) -> Vec<Range<usize>> {
    let colons = memchr::memchr_iter(b':', bytes);
    let pair = |at: usize| {
        let (start, end) = (at.checked_sub(LENGTHS.0)?, at + 1 + LENGTHS.1);
        let secret = bytes.get(at + 1..end)?;
        // Most colons don't have a digit on both sides.
        let both = secret.iter().all(u8::is_ascii_hexdigit) && is_id(bytes.get(start..at)?);
        both.then_some(start..end)
    };
    colons.filter_map(pair).collect()
}

fn is_id(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b'-');
    let fits = ID.iter().all(|length| {
        parts.next().is_some_and(|part| part.len() == *length && part.iter().all(u8::is_ascii_hexdigit))
    });
    fits && parts.next().is_none()
}
