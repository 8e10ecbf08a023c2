//! A reply that is computed rather than looked up.

use std::time::Duration;

use axum::body::Bytes;
use indexmap::IndexMap;

use super::jobs::{play::Cut, written::WrittenReply};

/// What a request gets.
#[derive(Debug, Clone, Default)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: IndexMap<String, String>,
    pub(super) body: Bytes,
    /// Where the connection is cut.
    pub(super) cut: Option<Cut>,
    /// How long it is delayed.
    pub(super) delay: Option<Duration>,
}

impl Reply {
    /// A written one, with `{NAME}` in its texts replaced by a value.
    pub(super) fn filled(written: &WrittenReply, values: &[(&str, String)]) -> Self {
        let mut headers = IndexMap::new();
        let kind = written.json.as_ref().map(|_| "application/json".to_owned());
        if let Some(kind) = written.content_type.clone().or(kind) {
            headers.insert("content-type".to_owned(), kind);
        }
        for (name, value) in &written.headers {
            headers.insert(name.clone(), fill(value, values, str::to_owned));
        }
        let body = match (&written.json, &written.text) {
            (Some(json), _) => fill(json, values, within_json),
            (None, Some(text)) => fill(text, values, str::to_owned),
            (None, None) => String::new(),
        };
        Self { status: written.status, headers, body: body.into(), ..Self::default() }
    }

    /// A JSON document.
    pub(super) fn json(status: u16, value: &serde_json::Value) -> Self {
        let headers = IndexMap::from([("content-type".to_owned(), "application/json".to_owned())]);
        Self { status, headers, body: value.to_string().into(), ..Self::default() }
    }
}

/// A text for people, with `{NAME}` replaced by a value.
pub(super) fn words(text: &str, values: &[(&str, String)]) -> String {
    fill(text, values, str::to_owned)
}

/// A text with every known `{NAME}` replaced, from left to right, so that a value is never read as a name.
fn fill(text: &str, values: &[(&str, String)], spell: impl Fn(&str) -> String) -> String {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, from)) = rest.split_once('{') {
        filled.push_str(before);
        let known = values.iter().find_map(|(name, value)| {
            let after = from.strip_prefix(name)?.strip_prefix('}')?;
            Some((value, after))
        });
        if let Some((value, after)) = known {
            filled.push_str(&spell(value));
            rest = after;
        } else {
            filled.push('{');
            rest = from;
        }
    }
    filled + rest
}

/// A text as it is written between quotes.
fn within_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_and_never_read_again() {
        let values = [("a", "{b}\"".to_owned()), ("b", "2".to_owned())];
        let spelt = |text: &str| fill(text, &values, within_json);
        assert_eq!(
            spelt("{ \"x\": \"{a}\", \"y\": {b}, \"z\": {c} }"),
            "{ \"x\": \"{b}\\\"\", \"y\": 2, \"z\": {c} }"
        );
    }
}
