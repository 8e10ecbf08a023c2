//! Turns a request into an entry of the journal.

use std::collections::BTreeMap;

use axum::{body::HttpBody as _, http::HeaderMap, response::Response};
use sha2::{Digest, Sha256};

use super::{
    call::Call,
    jobs::play::Cut,
    journal::{Entry, KeySeen, shortened},
    reply::Reply,
    stage::Stage,
    state::CREDENTIALS,
};
use crate::model::text::hex;

/// What is known about a request before it is answered.
pub(super) fn begun(call: Call<'_>, stage: &Stage) -> Entry {
    let after = stage.clock().running();
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Entry {
        number: stage.state.number(),
        at: stage.clock().now(),
        after_ms: u64::try_from(after.as_millis()).unwrap_or(u64::MAX),
        took_ms: 0,
        host: call.asked.host.to_owned(),
        method: call.asked.method.to_owned(),
        path: call.asked.path.to_owned(),
        query: some(call.asked.query),
        key: if call.bearer().is_some() { KeySeen::Unasked } else { KeySeen::None },
        headers: told(call.headers),
        body: shortened(call.bytes),
        body_sha256: (!call.bytes.is_empty()).then(|| hex(&Sha256::digest(call.bytes))),
        status: None,
        answer_headers: BTreeMap::new(),
        answer: String::new(),
        answer_bytes: None,
        cut: None,
        plays: Vec::new(),
        job: None,
        taken: false,
        state: None,
        cost_in_usd_ticks: None,
        notes: Vec::new(),
    }
}

/// The same with its answer.
pub(super) fn ended(mut entry: Entry, response: &Response, cut: Option<Cut>, stage: &Stage) -> Entry {
    let now = u64::try_from(stage.clock().running().as_millis()).unwrap_or(u64::MAX);
    entry.took_ms = now.saturating_sub(entry.after_ms);
    entry.cut = cut.map(|cut| match cut {
        Cut::Before => "before the answer",
        Cut::Within => "within the answer",
    });
    if cut != Some(Cut::Before) {
        entry.answer_bytes = response.body().size_hint().exact();
        entry.status = Some(response.status().as_u16());
        entry.answer_headers = told(response.headers());
    }
    entry
}

/// The body of an answer, if it is text.
pub(super) fn text_of(reply: &Reply) -> String {
    let is_text = |kind: &String| kind.contains("json") || kind.starts_with("text/");
    let text = reply.headers.get("content-type").is_some_and(is_text) && reply.cut != Some(Cut::Before);
    if text { shortened(&reply.body) } else { String::new() }
}

/// Headers by name; for one that carries a credential, only that it was there.
fn told(headers: &HeaderMap) -> BTreeMap<String, String> {
    let value = |name: &str, value: &[u8]| {
        if CREDENTIALS.contains(&name) { "(kept out)".to_owned() } else { shortened(value) }
    };
    headers.iter().map(|(name, it)| (name.to_string(), value(name.as_str(), it.as_bytes()))).collect()
}
