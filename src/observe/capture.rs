//! Turns an HTTP response into a reply: bounded, stripped to the kept headers, and without secrets.

use std::collections::BTreeMap;

use reqwest::{Response, header::HeaderMap};

use super::{error_text, scrub::Scrub, trouble};
use crate::model::observation::{Body, ErrorText, Observation, Reply, Trouble, TroubleKind};

/// The headers that are kept.
const KEPT: [&str; 8] = [
    "content-length",
    "content-range",
    "content-type",
    "date",
    "retry-after",
    "x-data-retention",
    "x-request-id",
    "x-zero-data-retention",
];

/// How much of an error page is kept, in bytes.
const PAGE: usize = 4096;

/// Reads a response; the body only when it is wanted.
pub(super) async fn observation(
    response: Response,
    wants_body: bool,
    max_body: u64,
    scrub: &Scrub,
) -> Observation {
    let status = response.status().as_u16();
    let headers = kept(response.headers(), scrub);
    let bytes = if wants_body { read(response, max_body).await } else { Ok(Vec::new()) };
    match bytes {
        Err(trouble) => Observation::Trouble(Trouble { detail: scrub.text(trouble.detail), ..trouble }),
        Ok(bytes) => {
            let content_type = headers.get("content-type").map(String::as_str).unwrap_or_default();
            let success = (200..300).contains(&status);
            let body = body(&bytes, content_type, scrub);
            // Read before the body is cut, and scrubbed once more: it may have been JSON within a text.
            let error = if success { ErrorText::default() } else { error_text::read(&body) };
            let error = ErrorText {
                code: error.code.map(|text| scrub.text(text)),
                message: error.message.map(|text| scrub.text(text)),
            };
            let body = if success { body } else { cut(body, bytes.len()) };
            Observation::Reply(Reply { status, headers, body, error })
        }
    }
}

fn kept(headers: &HeaderMap, scrub: &Scrub) -> BTreeMap<String, String> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    KEPT.iter().filter_map(|name| Some(((*name).to_owned(), scrub.text(text(name)?)))).collect()
}

async fn read(mut response: Response, max_body: u64) -> Result<Vec<u8>, Trouble> {
    let too_large = || Trouble {
        kind: TroubleKind::TooLarge,
        detail: format!("the reply is larger than {max_body} bytes"),
    };
    if response.content_length().is_some_and(|length| length > max_body) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(trouble::of)? {
        if bytes.len() as u64 + chunk.len() as u64 > max_body {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn body(bytes: &[u8], content_type: &str, scrub: &Scrub) -> Body {
    if bytes.is_empty() {
        return Body::Empty;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // Gateways send JSON under any name but that of a page or a feed.
    let marked_up = content_type.contains("html") || content_type.contains("xml");
    match serde_json::from_slice(bytes) {
        Ok(value) if !marked_up => Body::Json(scrub.json(value)),
        _ => Body::Text(scrub.text(String::from_utf8_lossy(bytes).into_owned())),
    }
}

/// Thousands of error pages may be held at once, and nobody reads to their end.
fn cut(body: Body, length: usize) -> Body {
    let mut text = match body {
        Body::Text(text) if text.len() > PAGE => text,
        Body::Json(value) if length > PAGE => value.to_string(),
        Body::Empty | Body::Json(_) | Body::Text(_) => return body,
    };
    text.truncate(text.floor_char_boundary(PAGE));
    text.shrink_to_fit();
    Body::Text(text)
}
