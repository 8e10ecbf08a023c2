//! Looks at public addresses the way a provider will: without a key, without a proxy, following no redirect.

use std::collections::BTreeMap;

use url::Url;

use crate::{
    model::{
        address::{self, Refused},
        call::Call,
        media::{Media, MediaFact},
        observation::{NotMade, Observation, Reply},
    },
    observe::{
        OUT_OF_TIME,
        caller::{Caller, Done, Job},
        capture::{FIRST_BYTES, HEAD},
        fan_out,
    },
};

/// A file with fewer bytes is neither a picture nor a clip.
const SMALLEST: u64 = HEAD as u64;

/// Reads the first bytes of every address, each once.
pub(super) async fn look_at_all(
    urls: Vec<&Url>,
    caller: &Caller<'_>,
) -> (BTreeMap<Url, MediaFact>, Vec<Call>) {
    let mut facts = BTreeMap::new();
    let mut open = Vec::new();
    for url in urls {
        match refused(url, caller) {
            Some(fact) => drop(facts.insert(url.clone(), fact)),
            None => open.push(url),
        }
    }
    for url in open.split_off(open.len().min(caller.settings.most_calls)) {
        let why = format!("a run looks at no more than {} addresses", caller.settings.most_calls);
        facts.insert(url.clone(), MediaFact::NotLooked(why));
    }
    let jobs: Vec<_> = open.iter().map(|url| Job::look(url)).collect();
    let mut calls = Vec::new();
    for (url, Done { observation, call }) in open.into_iter().zip(fan_out::make_all(caller, &jobs).await) {
        calls.extend(call);
        facts.insert(url.clone(), fact(&observation));
    }
    (facts, calls)
}

/// Why an address is not looked at.
fn refused(url: &Url, caller: &Caller<'_>) -> Option<MediaFact> {
    let settings = caller.settings;
    if caller.scrub.knows(url.as_str()) {
        return Some(MediaFact::HoldsKey);
    }
    let not_looked = |why: String| Some(MediaFact::NotLooked(why));
    match address::refused(url) {
        Some(Refused::NotHttps) => return Some(unreachable("not an https address")),
        Some(Refused::Login) => return Some(unreachable("an address with a user name or password in it")),
        Some(Refused::NotPublic(why)) if !settings.allow_private => return Some(not_public(&why)),
        Some(Refused::NotPublic(_)) | None => {}
    }
    let asks_outside = |url: &Url| !address::is_loopback(url) && !caller.cache.replays();
    if settings.offline {
        not_looked("offline".to_owned())
    } else if settings.rehearsal().is_some() && !address::is_loopback(url) {
        not_looked("a rehearsal looks at nothing outside this machine".to_owned())
    } else if let Some(variable) = settings.proxy.filter(|_| asks_outside(url)) {
        not_looked(format!("{variable} sets a proxy, so the address it connects to cannot be checked"))
    } else {
        None
    }
}

fn unreachable(why: &str) -> MediaFact {
    MediaFact::Unreachable(why.to_owned())
}

fn not_public(why: &str) -> MediaFact {
    MediaFact::Unreachable(format!("{why}; no provider can fetch from there"))
}

fn fact(seen: &Observation) -> MediaFact {
    match seen {
        Observation::Reply(reply) => served(reply),
        // No connection was made, or it broke off: what is at the address is unknown.
        Observation::Trouble(trouble) => MediaFact::NoAnswer(trouble.detail.clone()),
        Observation::NotMade(NotMade::NotPublic(why)) => not_public(why),
        Observation::NotMade(NotMade::HoldsKey) => MediaFact::HoldsKey,
        Observation::NotMade(NotMade::NotInTranscript) => {
            MediaFact::NotLooked("not in the transcript".to_owned())
        }
        Observation::NotMade(NotMade::OutOfTime(_)) => MediaFact::NotLooked(OUT_OF_TIME.to_owned()),
        Observation::NotMade(_) => MediaFact::NotLooked("no call was made".to_owned()),
    }
}

/// What a reply to a request for the first bytes says about the file.
fn served(reply: &Reply) -> MediaFact {
    let status = reply.status;
    let length = header(reply, "content-length").and_then(number);
    let file = |bytes| {
        let media = media(reply, bytes);
        if let Some(bytes) = media.bytes.filter(|bytes| *bytes < SMALLEST) {
            return MediaFact::Unreachable(format!(
                "HTTP {status} with {bytes} bytes: too small for a picture"
            ));
        }
        mistyped(reply, &media).map_or(MediaFact::Present(media), MediaFact::Unreachable)
    };
    match status {
        200 | 206 if length == Some(0) => MediaFact::Unreachable(format!("HTTP {status} with an empty body")),
        200 => file(length),
        206 => match header(reply, "content-range").and_then(|range| total(range, length)) {
            Some(total) => file(number(total)),
            None => unreachable("HTTP 206 with a different range than requested"),
        },
        300..400 => MediaFact::Unreachable(format!("HTTP {status}: a redirect, which is not followed")),
        _ => MediaFact::Unreachable(format!("HTTP {status} without a key")),
    }
}

/// Why the declared type of a file is doubtful. An older transcript does not have the file's first bytes.
fn mistyped(reply: &Reply, media: &Media) -> Option<String> {
    let (told, seen) = (media.mime.as_deref()?, header(reply, FIRST_BYTES)?);
    let claims = told.starts_with("image/") || told.starts_with("video/");
    // A name that many servers use (<https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm>).
    let same = told == seen || (told == "image/jpg" && seen == "image/jpeg");
    (claims && !same).then(|| format!("it is served as {told}, but its first bytes are {seen}"))
}

/// The total size in a `Content-Range` for the first bytes, which may be left open: `bytes 0-63/1000`, `bytes 0-63/*`
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-14.4>, 2022-06). A shorter file has fewer of them; a
/// `Content-Length` in the same reply is that of the part.
fn total(range: &str, length: Option<u64>) -> Option<&str> {
    let (unit, part) = range.trim().split_once(' ')?;
    let (last, total) = part.trim().strip_prefix("0-")?.split_once('/')?;
    let last = number(last).filter(|_| unit.eq_ignore_ascii_case("bytes"))?;
    let whole = number(total);
    let asked = whole.map_or(SMALLEST, |whole| whole.min(SMALLEST));
    let fits = last.checked_add(1) == Some(asked) && length.is_none_or(|length| length == asked);
    (fits && (total == "*" || whole.is_some_and(|whole| whole > 0))).then_some(total)
}

fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn header<'r>(reply: &'r Reply, name: &str) -> Option<&'r str> {
    reply.headers.get(name).map(String::as_str)
}

fn media(reply: &Reply, bytes: Option<u64>) -> Media {
    let mime = header(reply, "content-type").and_then(|value| value.split(';').next()).map(str::trim);
    let encoded = header(reply, "content-encoding").is_some_and(|how| !how.eq_ignore_ascii_case("identity"));
    Media {
        bytes: bytes.filter(|_| !encoded),
        mime: mime.filter(|mime| !mime.is_empty()).map(str::to_ascii_lowercase),
        ..Media::default()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::model::observation::{Body, ErrorText};

    fn size(bytes: Option<u64>) -> MediaFact {
        MediaFact::Present(Media { bytes, mime: Some("image/jpeg".into()), ..Media::default() })
    }

    fn odd() -> MediaFact {
        unreachable("HTTP 206 with a different range than requested")
    }

    fn small(status: u16, bytes: u64) -> MediaFact {
        MediaFact::Unreachable(format!("HTTP {status} with {bytes} bytes: too small for a picture"))
    }

    fn served_as(seen: &str) -> MediaFact {
        MediaFact::Unreachable(format!("it is served as image/jpeg, but its first bytes are {seen}"))
    }

    #[rstest]
    #[case(206, &[("content-range", "bytes 0-63/1000"), ("content-length", "64")], size(Some(1000)))]
    #[case(206, &[("content-range", "bytes 0-63/1000")], size(Some(1000)))]
    #[case(206, &[("content-range", "bytes 0-63/*")], size(None))]
    #[case(206, &[("content-range", "bytes 0-63/1000"), ("content-length", "1000")], odd())]
    #[case(206, &[("content-range", "bytes 0-0/1000"), ("content-length", "1")], odd())]
    #[case(206, &[("content-range", "bytes 0-0/1"), ("content-length", "1")], small(206, 1))]
    #[case(206, &[("content-range", "bytes 0-9/10")], small(206, 10))]
    #[case(206, &[("content-range", "bytes 0-63/0")], odd())]
    #[case(206, &[("content-range", "bytes 0-63/-5")], odd())]
    #[case(206, &[("content-range", "bytes 0-63/+5")], odd())]
    #[case(206, &[("content-range", "bytes 5-68/1000")], odd())]
    #[case(206, &[("content-range", "bytes 0-999/1000")], odd())]
    #[case(206, &[("content-range", "pages 0-63/1000")], odd())]
    #[case(206, &[("content-length", "64")], odd())]
    #[case(200, &[("content-length", "1000")], size(Some(1000)))]
    #[case(200, &[("content-length", "1000"), ("content-encoding", "gzip")], size(None))]
    #[case(200, &[("content-length", "1")], small(200, 1))]
    #[case(200, &[], size(None))]
    #[case(200, &[("first-bytes", "image/jpeg")], size(None))]
    #[case(200, &[("first-bytes", "text/html")], served_as("text/html"))]
    #[case(200, &[("first-bytes", "application/zip")], served_as("application/zip"))]
    #[case(206, &[("content-range", "bytes 0-63/1000"), ("first-bytes", "image/png")], served_as("image/png"))]
    #[case(200, &[("content-length", "0")], unreachable("HTTP 200 with an empty body"))]
    #[case(206, &[("content-range", "bytes 0-8/9"), ("content-length", "0")], unreachable("HTTP 206 with an empty body"))]
    #[case(204, &[], unreachable("HTTP 204 without a key"))]
    #[case(302, &[], unreachable("HTTP 302: a redirect, which is not followed"))]
    #[case(403, &[], unreachable("HTTP 403 without a key"))]
    #[case(405, &[], unreachable("HTTP 405 without a key"))]
    #[case(416, &[], unreachable("HTTP 416 without a key"))]
    fn the_reply_to_its_first_bytes_decides(
        #[case] status: u16,
        #[case] headers: &[(&str, &str)],
        #[case] wanted: MediaFact,
    ) {
        let headers = headers.iter().chain(&[("content-type", "image/jpeg; x=y")]);
        let headers = headers.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let reply = Reply {
            status,
            headers,
            body: Body::Empty,
            error: ErrorText::default(),
            unmet: None,
            more: false,
        };
        assert_eq!(served(&reply), wanted);
    }
}
