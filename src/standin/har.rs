//! The journal as an HTTP archive, which browsers and proxies open (HAR 1.2,
//! <http://www.softwareishard.com/blog/har-12-spec/>, read 2026-11-26).

use serde_json::{Value, json};

use super::journal::Entry;

/// The archive of a journal.
#[must_use]
pub fn archive(entries: &[Entry]) -> Value {
    let entries: Vec<_> = entries.iter().map(entry).collect();
    let creator = json!({ "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") });
    json!({ "log": { "version": "1.2", "creator": creator, "entries": entries } })
}

fn entry(entry: &Entry) -> Value {
    let pairs = |all: &std::collections::BTreeMap<String, String>| -> Vec<Value> {
        all.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
    };
    let kind = |all: &std::collections::BTreeMap<String, String>| {
        all.get("content-type").cloned().unwrap_or_default()
    };
    let query = entry.query.as_deref().unwrap_or_default();
    let address = format!("https://{}{}", entry.host, entry.path);
    let url = if query.is_empty() { address } else { format!("{address}?{query}") };
    let asked: Vec<_> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let mut request = json!({
        "method": entry.method, "url": url, "httpVersion": "HTTP/1.1", "cookies": [],
        "headers": pairs(&entry.headers), "queryString": asked, "headersSize": -1, "bodySize": entry.body.len(),
    });
    if !entry.body.is_empty() {
        request["postData"] = json!({ "mimeType": kind(&entry.headers), "text": entry.body });
    }
    let size = entry.answer_bytes.unwrap_or(entry.answer.len() as u64);
    json!({
        "startedDateTime": entry.at, "time": entry.took_ms, "cache": {},
        "timings": { "send": 0, "wait": entry.took_ms, "receive": 0 },
        "request": request,
        "response": {
            // In an archive, zero means that there was no answer.
            "status": entry.status.unwrap_or(0), "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": pairs(&entry.answer_headers), "redirectURL": entry.answer_headers.get("location").cloned().unwrap_or_default(),
            "headersSize": -1, "bodySize": size,
            "content": { "size": size, "mimeType": kind(&entry.answer_headers), "text": entry.answer },
        },
        "_greenlight": {
            "number": entry.number, "key": entry.key, "plays": entry.plays, "job": entry.job, "taken": entry.taken,
            "state": entry.state, "cut": entry.cut, "cost_in_usd_ticks": entry.cost_in_usd_ticks, "notes": entry.notes,
        },
    })
}
