//! A finished clip as it is downloaded: whole, or a range of it.

use axum::{
    body::Bytes,
    http::header::{IF_RANGE, RANGE},
};
use http_range_header::parse_range_header;
use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use crate::{
    model::text::hex,
    standin::{call::Call, reply::Reply},
};

/// The file, or the range of it that is asked for.
pub(super) fn ranged(call: Call<'_>, bytes: &Bytes) -> Reply {
    let tag = format!("\"{}\"", hex(&Sha256::digest(bytes)).get(..16).unwrap_or_default());
    let mut headers = IndexMap::from([
        ("content-type".to_owned(), "video/mp4".to_owned()),
        ("accept-ranges".to_owned(), "bytes".to_owned()),
        ("etag".to_owned(), tag.clone()),
    ]);
    let whole = |headers| Reply { status: 200, headers, body: bytes.clone(), ..Reply::default() };
    // A range of another version is none of this one.
    let same = call.header(IF_RANGE.as_str()).is_none_or(|known| known == tag);
    let Some(asked) = call.header(RANGE.as_str()).filter(|_| same) else { return whole(headers) };
    let Ok(parsed) = parse_range_header(asked) else { return whole(headers) };
    let length = bytes.len() as u64;
    let range = parsed.validate(length).ok().filter(|ranges| ranges.len() == 1).and_then(|mut one| one.pop());
    let Some(range) = range else {
        headers.insert("content-range".to_owned(), format!("bytes */{length}"));
        return Reply { status: 416, headers, ..Reply::default() };
    };
    let (start, end) = (*range.start(), *range.end());
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    headers.insert("content-range".to_owned(), format!("bytes {start}-{end}/{length}"));
    Reply { status: 206, headers, body: bytes.slice(place(start)..=place(end)), ..Reply::default() }
}
