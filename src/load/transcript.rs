//! Transcripts: read completely or not at all, and written so that they can be read again.

use std::collections::HashSet;

use camino::Utf8Path;
use chrono::Datelike as _;
use sha2::{Digest as _, Sha256};

use crate::{
    files::{self, FileError, Kind},
    model::{
        json,
        text::hex,
        transcript::{TRANSCRIPT_VERSION, Transcript},
    },
};

/// Largest transcript, in bytes.
pub const LARGEST_TRANSCRIPT: u64 = Kind::Transcript.most();

/// Most values in all its replies together: each takes a hundred bytes.
const MOST_VALUES: usize = 1_000_000;

/// Why a transcript can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BadTranscript {
    /// It couldn't be read.
    #[error("it cannot be read")]
    Unreadable(#[source] FileError),
    /// Larger than [`LARGEST_TRANSCRIPT`].
    #[error("it is larger than {} MiB", LARGEST_TRANSCRIPT >> 20)]
    TooLarge,
    /// It contains more values than the limit.
    #[error("its replies have more than {MOST_VALUES} values")]
    TooMuch,
    /// It isn't JSON, or not in this format.
    #[error("it is not a transcript")]
    Shape(#[source] serde_json::Error),
    /// It has another version.
    #[error("it has version {0} of the format, and this greenlight reads versions 1 to {TRANSCRIPT_VERSION}")]
    Version(serde_json::Number),
    /// An invalid value: where, and what is wrong.
    #[error("{place}: {wrong}")]
    Value {
        /// The path of the value.
        place: String,
        /// What is wrong.
        wrong: &'static str,
    },
}

impl BadTranscript {
    /// What to do about it, if recording again isn't the answer.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Unreadable(error) => error.hint(),
            _ => None,
        }
    }
}

/// The text of a transcript file, of limited size.
///
/// # Errors
/// [`BadTranscript`] when there is no such text.
pub fn transcript_text(path: &Utf8Path) -> Result<String, BadTranscript> {
    let text = files::text(path, Kind::Transcript).map_err(BadTranscript::Unreadable)?;
    // Counted right away: searching for keys in a text that will be refused anyway takes far longer.
    if json::may_exceed(text.as_bytes(), MOST_VALUES) { Err(BadTranscript::TooMuch) } else { Ok(text) }
}

/// Parses the text of a transcript. The text must not contain keys, because errors show the wrong value.
///
/// # Errors
/// [`BadTranscript`]: the first mistake, with its place.
pub fn transcript(text: &str) -> Result<Transcript, BadTranscript> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Version {
        schema_version: serde_json::Number,
    }
    json::read_around(text.as_bytes()).map_err(BadTranscript::Shape)?;
    let Version { schema_version } = serde_json::from_str(text).map_err(BadTranscript::Shape)?;
    if !(1..=TRANSCRIPT_VERSION).any(|known| schema_version == known.into()) {
        return Err(BadTranscript::Version(schema_version));
    }
    let transcript: Transcript = serde_json::from_str(text).map_err(BadTranscript::Shape)?;
    let wrong = |place: String, wrong| Err(BadTranscript::Value { place, wrong });
    // Outside of these years, adding a few days can exceed the calendar.
    if !(1..=9999).contains(&transcript.recorded.year()) {
        return wrong("$.recorded".to_owned(), "not within the years 1 to 9999");
    }
    let mut ids = HashSet::new();
    for (at, exchange) in transcript.exchanges.iter().enumerate() {
        let place = || format!("$.exchanges[{at}].id");
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if exchange.id.len() != 64 || !exchange.id.bytes().all(digit) {
            return wrong(place(), "not 64 hexadecimal digits");
        }
        if !ids.insert(exchange.id.as_str()) {
            return wrong(place(), "an earlier exchange has the same id");
        }
    }
    Ok(transcript)
}

/// The digest of a transcript file, lower-case hexadecimal.
#[must_use]
pub fn transcript_digest(text: &str) -> String {
    hex(&Sha256::digest(text))
}

/// A transcript as text that [`transcript`] reads back unchanged.
///
/// # Errors
/// [`BadTranscript`] when that isn't possible: a reply may be nested deeper than can be read inside another document.
pub fn transcript_to_text(kept: &Transcript) -> Result<String, BadTranscript> {
    let mut text = serde_json::to_string_pretty(kept).map_err(BadTranscript::Shape)?;
    text.push('\n');
    if text.len() as u64 > LARGEST_TRANSCRIPT {
        return Err(BadTranscript::TooLarge);
    }
    transcript(&text)?;
    Ok(text)
}

/// The JSON Schema of transcripts, as committed in `schema/transcript.schema.json`.
#[must_use]
pub fn transcript_schema() -> String {
    let schema = schemars::schema_for!(Transcript);
    // Plain data with string keys: writing it to memory can't fail.
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    fn small() -> Value {
        let exchange = |id: char, outcome: Value| {
            json!({ "id": id.to_string().repeat(64), "method": "GET", "url": "https://a.example/b?c=…", "attempts": 1,
                    "outcome": outcome })
        };
        let reply = json!({ "status": 401, "headers": { "content-type": "application/json" },
                            "body": { "json": { "price": 0.1 } }, "error": { "message": "No." } });
        json!({
            "schema-version": 1, "tool": { "name": "greenlight", "version": "0.1.0" },
            "recorded": "2026-11-17T09:30:00Z", "rehearsal": { "scenario": "bad-key" },
            "keys": { "A": "present", "B": { "wrong": "it is set but empty" } },
            "bases": { "https://a.example": { "origin": "http://127.0.0.1:1/", "set-by": "--base-url" } },
            "exchanges": [exchange('a', json!({ "reply": reply })),
                          exchange('b', json!({ "trouble": { "kind": "dns", "detail": "no" } })),
                          exchange('c', json!({ "reply": { "status": 204, "headers": {}, "body": "empty" } }))],
        })
    }

    #[test]
    fn what_is_written_reads_back() {
        let read = transcript(&small().to_string()).unwrap();
        let text = transcript_to_text(&read).unwrap();
        assert_eq!(transcript(&text).unwrap(), read);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), small());
    }

    #[rstest]
    #[case::later("/schema-version", json!(3), "it has version 3 of the format, and this greenlight reads versions 1 to 2")]
    #[case::far("/recorded", json!("+12345-01-01T00:00:00Z"), "$.recorded: not within the years 1 to 9999")]
    #[case::twice("/exchanges/1/id", json!("a".repeat(64)), "$.exchanges[1].id: an earlier exchange has the same id")]
    #[case::id("/exchanges/2/id", json!("../../etc"), "$.exchanges[2].id: not 64 hexadecimal digits")]
    #[case::body("/exchanges/2/outcome/reply/body", json!("none"), "it is not a transcript")]
    #[case::status("/exchanges/2/outcome/reply/status", json!(-1), "it is not a transcript")]
    #[case::method("/exchanges/0/method", json!("PUT"), "it is not a transcript")]
    #[case::unknown("/exchanges/0/outcome", json!({ "reply": {}, "trouble": {} }), "it is not a transcript")]
    fn impossible_values_are_refused(#[case] at: &str, #[case] value: Value, #[case] says: &str) {
        let mut wrong = small();
        *wrong.pointer_mut(at).unwrap() = value;
        assert_eq!(transcript(&wrong.to_string()).unwrap_err().to_string(), says);
    }

    #[test]
    fn a_duplicate_key_is_refused() {
        let twice = small().to_string().replace(r#""price":0.1"#, r#""price":0.1,"price":0.2"#);
        let Err(BadTranscript::Shape(error)) = transcript(&twice) else { panic!() };
        assert!(error.to_string().starts_with("the key `price` appears twice in one object"), "{error}");
    }

    #[test]
    fn a_reply_that_could_not_be_read_again_is_not_written() {
        let mut deep = transcript(&small().to_string()).unwrap();
        let body = (0..125).fold(Value::Null, |inner, _| json!([inner]));
        if let Some(crate::model::transcript::CallResult::Reply(reply)) =
            deep.exchanges.first_mut().map(|exchange| &mut exchange.outcome)
        {
            reply.body = crate::model::observation::Body::Json(body);
        }
        assert!(matches!(transcript_to_text(&deep), Err(BadTranscript::Shape(_))));
    }

    #[test]
    fn the_schema_accepts_a_transcript_and_no_other() {
        let schema: Value = serde_json::from_str(&transcript_schema()).unwrap();
        assert!(jsonschema::is_valid(&schema, &small()));
        let mut other = small();
        other["exchanges"][0]["authorization"] = json!("x");
        assert!(!jsonschema::is_valid(&schema, &other));
    }

    /// They are counted before anything looks for keys in it, which takes longer.
    #[test]
    fn a_transcript_of_too_many_values_is_refused_as_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = camino::Utf8PathBuf::from_path_buf(folder.path().join("calls.json")).unwrap();
        fs_err::write(&path, format!("[{}0]", "0,".repeat(MOST_VALUES))).unwrap();
        assert!(matches!(transcript_text(&path), Err(BadTranscript::TooMuch)));
        fs_err::write(&path, "[0,0]").unwrap();
        assert_eq!(transcript_text(&path).unwrap(), "[0,0]");
    }
}
