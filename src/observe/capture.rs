//! Turns an HTTP response into a reply: limited in size, stripped to the kept headers, and without secrets.

use std::collections::BTreeMap;

use reqwest::{Response, header::HeaderMap};

use super::{
    error_text,
    memory::{self, MemoryBudget},
    trouble,
};
use crate::{
    model::{
        json,
        observation::{Body, ErrorText, Observation, Reply, Trouble, TroubleKind, Unclear},
    },
    secrets::Redactor,
};

/// The headers that are kept.
const KEPT: [&str; 9] = [
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "retry-after",
    "x-data-retention",
    "x-request-id",
    "x-zero-data-retention",
];

/// The most values in a reply: a value of two bytes takes a hundred in memory.
const MOST_VALUES: usize = 500_000;

const TOGETHER: &str = "the replies of this run are together larger than greenlight keeps";

/// How much of an error page is kept, in bytes.
const PAGE: usize = 4096;

/// How many bytes of a file at an address are read: enough to recognise its type.
pub(super) const HEAD: usize = 64;

/// The name under which the file type found in the first bytes is kept, next to the headers of the reply. The bytes
/// themselves aren't kept.
pub(super) const FIRST_BYTES: &str = "first-bytes";

/// Reads the first bytes of a file and drops the rest unread: a server that ignores the requested range can't send more
/// than fits in the buffers on the way.
pub(super) async fn first_bytes(mut response: Response, scrub: &Redactor) -> Observation {
    let status = response.status().as_u16();
    let mut headers = kept(response.headers(), scrub);
    // If two types are given, programs disagree about which one counts.
    let types: Vec<_> = response.headers().get_all("content-type").iter().collect();
    if types.len() > 1 {
        let plain = |text: &'_ str| text.split(';').next().unwrap_or_default().trim().to_owned();
        let words: Vec<_> = types.iter().filter_map(|value| value.to_str().ok().map(plain)).collect();
        headers.insert("content-type".to_owned(), scrub.text(words.join(", ")));
    }
    let mut head = Vec::new();
    while matches!(status, 200 | 206) && head.len() < HEAD {
        match response.chunk().await {
            Ok(Some(bytes)) => head.extend_from_slice(&bytes),
            Ok(None) => break,
            Err(error) => {
                let Trouble { kind, detail } = trouble::of(error);
                return Observation::Trouble(Trouble { kind, detail: scrub.text(detail) });
            }
        }
    }
    if matches!(status, 200 | 206) {
        // Whatever length was announced.
        if head.is_empty() {
            headers.insert("content-length".to_owned(), "0".to_owned());
        }
        headers.insert(FIRST_BYTES.to_owned(), type_of(&head).to_owned());
    }
    Observation::Reply(Reply {
        status,
        headers,
        body: Body::Empty,
        error: ErrorText::default(),
        unmet: None,
        more: false,
    })
}

/// The type of a file by its first bytes.
fn type_of(head: &[u8]) -> &'static str {
    match infer::get(head) {
        Some(kind) => kind.mime_type(),
        // A newer brand than the type list contains.
        None if head.get(4..8) == Some(b"ftyp") => "video/mp4",
        None => "application/octet-stream",
    }
}

/// Reads a response with its body; the body counts against the memory limit.
pub(super) async fn observation(
    response: Response,
    (max_body, memory): (u64, &MemoryBudget),
    scrub: &Redactor,
) -> Observation {
    let raw = match Raw::read(response, (max_body, memory), scrub).await {
        Err(trouble) => return Observation::Trouble(trouble),
        Ok(raw) => raw,
    };
    memory.give_back(raw.bytes.len() as u64);
    if json::may_exceed(&raw.bytes, MOST_VALUES) {
        return Observation::Trouble(too_large(format!("the reply has more than {MOST_VALUES} values")));
    }
    if !memory.take(memory::weight(raw.status, &raw.bytes)) {
        return Observation::Trouble(too_large(TOGETHER.to_owned()));
    }
    Observation::Reply(raw.reply(scrub))
}

/// A response as it came, stripped to the kept headers.
pub(crate) struct Raw {
    status: u16,
    headers: BTreeMap<String, String>,
    bytes: Vec<u8>,
}

impl Raw {
    /// Reads a whole response, up to this many bytes.
    ///
    /// # Errors
    /// [`Trouble`] when it doesn't arrive whole, or is larger.
    pub(crate) async fn read(
        response: Response,
        most: (u64, &MemoryBudget),
        scrub: &Redactor,
    ) -> Result<Self, Trouble> {
        let status = response.status().as_u16();
        let headers = kept(response.headers(), scrub);
        let bytes = read(response, most).await;
        let bytes = bytes.map_err(|trouble| Trouble { detail: scrub.text(trouble.detail), ..trouble })?;
        Ok(Self { status, headers, bytes })
    }

    /// Status, kept headers and body as one text, without secrets.
    pub(crate) fn text(&self, scrub: &Redactor) -> String {
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
        let body = String::from_utf8_lossy(&self.bytes).into_owned();
        format!("{}\n{}\n{}", self.status, headers.collect::<String>(), scrub.text(body))
    }

    /// Its JSON unredacted, for addresses and ids that are followed and never shown.
    pub(crate) fn json(&self) -> Option<serde_json::Value> {
        json::read(self.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.bytes)).ok()
    }

    /// The reply.
    pub(crate) fn reply(self, scrub: &Redactor) -> Reply {
        let Self { status, headers, bytes } = self;
        let content_type = headers.get("content-type").map(String::as_str).unwrap_or_default();
        let body = body(&bytes, content_type, scrub);
        // Read before the body is cut, and redacted again: it may have been JSON inside a text.
        let error = error_text::of_reply(status, &body);
        let error = ErrorText {
            code: error.code.map(|text| scrub.text(text)),
            message: error.message.map(|text| scrub.text(text)),
        };
        let body = if (200..300).contains(&status) { body } else { cut(body, bytes.len()) };
        Reply { status, headers, body, error, unmet: None, more: false }
    }
}

fn kept(headers: &HeaderMap, scrub: &Redactor) -> BTreeMap<String, String> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    KEPT.iter().filter_map(|name| Some(((*name).to_owned(), scrub.text(text(name)?)))).collect()
}

/// The whole body. The memory it takes on the way stays counted.
async fn read(mut response: Response, (max_body, memory): (u64, &MemoryBudget)) -> Result<Vec<u8>, Trouble> {
    let beyond = || too_large(format!("the reply is larger than {max_body} bytes"));
    if response.content_length().is_some_and(|length| length > max_body) {
        return Err(beyond());
    }
    let mut taken = Taken { memory, bytes: Vec::new() };
    while let Some(chunk) = response.chunk().await.map_err(trouble::of)? {
        if taken.bytes.len() as u64 + chunk.len() as u64 > max_body {
            return Err(beyond());
        }
        if !memory.take(chunk.len() as u64) {
            return Err(too_large(TOGETHER.to_owned()));
        }
        taken.bytes.extend_from_slice(&chunk);
    }
    Ok(std::mem::take(&mut taken.bytes))
}

/// Bytes that are given back to the memory limit when no one waits for the rest any more.
struct Taken<'r> {
    memory: &'r MemoryBudget,
    bytes: Vec<u8>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.memory.give_back(self.bytes.len() as u64);
    }
}

fn too_large(detail: String) -> Trouble {
    Trouble { kind: TroubleKind::TooLarge, detail }
}

fn body(bytes: &[u8], content_type: &str, scrub: &Redactor) -> Body {
    if bytes.is_empty() {
        return Body::Empty;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = || scrub.text(String::from_utf8_lossy(bytes).into_owned());
    let content_type = content_type.to_ascii_lowercase();
    // Gateways send JSON with any type, but not as a page or a feed.
    if content_type.contains("html") || content_type.contains("xml") {
        return Body::Text(text());
    }
    let unclear = |why: String, text: String| Body::Unclear(Unclear { why: scrub.text(why), text });
    match (json::read(bytes), other_charset(bytes, &content_type)) {
        (Ok(_), Some(charset)) => unclear(format!("it declares the charset `{charset}`"), text()),
        (Ok(value), None) => Body::Json(scrub.json(value)),
        (Err(error), _) if error.is_data() => {
            // Redacted after parsing, so that escapes can't hide a secret.
            let one = serde_json::from_slice(bytes).map(|value| scrub.json(value).to_string());
            unclear(error.to_string(), one.unwrap_or_else(|_| text()))
        }
        (Err(error), _) if content_type.contains("json") => {
            unclear(format!("it claims to be JSON but isn't: {error}"), text())
        }
        (Err(_), _) => Body::Text(text()),
    }
}

/// The charset that a JSON body declares, if its bytes would mean something else in it. JSON is UTF-8 and has no such
/// parameter (<https://www.rfc-editor.org/rfc/rfc8259#section-11>, 2017-12), so programs may or may not heed it.
fn other_charset<'t>(bytes: &[u8], content_type: &'t str) -> Option<&'t str> {
    let parameters = content_type.split(';').skip(1).filter_map(|one| one.split_once('='));
    let charsets = parameters.filter(|(name, _)| name.trim() == "charset");
    let like_ascii = |name: &str| name.starts_with("iso-8859-") || name.starts_with("windows-125");
    charsets.map(|(_, value)| value.trim().trim_matches('"')).find(|name| match *name {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => false,
        name => !(bytes.is_ascii() && like_ascii(name)),
    })
}

/// Thousands of error pages may be held at once, and no one reads them to the end.
fn cut(body: Body, length: usize) -> Body {
    let mut text = match body {
        Body::Text(text) if text.len() > PAGE => text,
        Body::Unclear(Unclear { text, .. }) => text,
        Body::Json(value) if length > PAGE => value.to_string(),
        Body::Empty | Body::Json(_) | Body::Text(_) => return body,
    };
    text.truncate(text.floor_char_boundary(PAGE));
    text.shrink_to_fit();
    Body::Text(text)
}
