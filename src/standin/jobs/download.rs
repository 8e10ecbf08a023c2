//! A download: the clip, whole or a range of it, until its link expires.

use axum::{
    body::Bytes,
    http::header::{AUTHORIZATION, IF_RANGE, RANGE},
};
use http_range_header::parse_range_header;
use indexmap::IndexMap;
use sha2::{Digest, Sha256};

use super::{
    play::On,
    service::{JobRequest, Jobs, stepped},
};
use crate::{
    model::text::hex,
    standin::{
        call::Call,
        journal::{Entry, NoteKind},
        reply::Reply,
    },
};

impl Jobs {
    pub(super) fn download(&self, request: JobRequest<'_>, id: &str, entry: &mut Entry) -> Reply {
        let JobRequest { call, now } = request;
        if call.headers.contains_key(AUTHORIZATION) {
            let says = "a key was sent with a download; the link is public, and the key is not for its host";
            entry.note(NoteKind::KeySentAlong, says);
        }
        let gone = || Reply::filled(&self.script.film.gone, &[]);
        let Some(job) = self.with(|table| table.job(id).cloned()) else { return gone() };
        entry.job = Some(id.to_owned());
        let plays = [self.asked(call, entry), job.plays.clone()].concat();
        let there =
            job.ended.filter(|_| self.ending(&job.plays).is_some_and(|(_, it)| it.film) && !job.uploaded);
        let age = there.and_then(|ended| (now - ended).to_std().ok());
        if age.is_none_or(|age| age >= self.script.film.lifetime.value.0) {
            entry.state = Some("expired-link".to_owned());
            return gone();
        }
        let file = || match job.made.film.file(id) {
            Ok(bytes) => ranged(call, &bytes),
            Err(why) => Reply { status: 500, body: why.into(), ..Reply::default() },
        };
        let Some(step) = self.with(|table| self.step(table, &plays, On::Download, id)) else { return file() };
        if step.short {
            entry.state = Some("short".to_owned());
        }
        stepped(step, &self.values(id, &job), file)
    }
}

/// The file, or the requested range of it.
fn ranged(call: Call<'_>, bytes: &Bytes) -> Reply {
    let tag = format!("\"{}\"", hex(&Sha256::digest(bytes)).get(..16).unwrap_or_default());
    let mut headers = IndexMap::from([
        ("content-type".to_owned(), "video/mp4".to_owned()),
        ("accept-ranges".to_owned(), "bytes".to_owned()),
        ("etag".to_owned(), tag.clone()),
    ]);
    let whole = |headers| Reply { status: 200, headers, body: bytes.clone(), ..Reply::default() };
    // A range of another version is no range of this one.
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
