//! Looks at public addresses the way a provider will: without a key, following nothing.

use std::collections::BTreeMap;

use url::Url;

use crate::{
    model::{
        call::{Call, Method},
        media::{Media, MediaFact},
        observation::{NotMade, Observation, Reply},
    },
    observe::{
        base,
        caller::{Caller, Done, Job},
        fan_out,
    },
};

/// Looks at every address once: by its headers, or by its first byte where a server does not give them.
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
    let mut calls = Vec::new();
    for method in [Method::Head, Method::Get] {
        let jobs: Vec<_> = open.iter().map(|url| Job::look(method, url)).collect();
        let mut unclear = Vec::new();
        if jobs.is_empty() {
            break;
        }
        for (url, Done { observation, call }) in open.into_iter().zip(fan_out::make_all(caller, &jobs).await)
        {
            calls.extend(call);
            if method == Method::Head && is_unclear(&observation) {
                unclear.push(url);
            } else {
                facts.insert(url.clone(), fact(&observation));
            }
        }
        open = unclear;
    }
    (facts, calls)
}

/// Why nobody looks.
fn refused(url: &Url, caller: &Caller<'_>) -> Option<MediaFact> {
    let local = base::is_loopback(url);
    let unreachable = |why: &str| Some(MediaFact::Unreachable(why.to_owned()));
    if url.scheme() != "https" && !(url.scheme() == "http" && local) {
        unreachable("not an https address")
    } else if !url.username().is_empty() || url.password().is_some() {
        unreachable("an address with a user name or password in it")
    } else if caller.settings.offline {
        Some(MediaFact::NotLooked("offline".to_owned()))
    } else if caller.settings.rehearsal().is_some() && !local {
        Some(MediaFact::NotLooked("a rehearsal looks at nothing outside this machine".to_owned()))
    } else {
        None
    }
}

/// Whether the headers alone do not settle it: many servers sign or serve GET only.
fn is_unclear(seen: &Observation) -> bool {
    match seen {
        Observation::Reply(reply) if reply.is_success() => !reply.headers.contains_key("content-type"),
        Observation::Reply(reply) => matches!(reply.status, 400 | 403 | 404 | 405 | 410 | 501),
        Observation::Trouble(_) | Observation::NotMade(_) => false,
    }
}

fn fact(seen: &Observation) -> MediaFact {
    match seen {
        Observation::Reply(reply) if matches!(reply.status, 200 | 206) => MediaFact::Present(media(reply)),
        Observation::Reply(reply) if (300..400).contains(&reply.status) => MediaFact::Unreachable(format!(
            "HTTP {}: it leads to another address, which is not followed",
            reply.status
        )),
        Observation::Reply(reply) => {
            MediaFact::Unreachable(format!("HTTP {} to a caller without a key", reply.status))
        }
        Observation::Trouble(trouble) => MediaFact::Unreachable(trouble.detail.clone()),
        Observation::NotMade(NotMade::NotInTranscript) => {
            MediaFact::NotLooked("not in the transcript".to_owned())
        }
        Observation::NotMade(_) => MediaFact::NotLooked("no call was made".to_owned()),
    }
}

fn media(reply: &Reply) -> Media {
    let header = |name: &str| reply.headers.get(name).map(String::as_str);
    let mime = header("content-type").and_then(|value| value.split(';').next()).map(str::trim);
    let bytes = if reply.status == 206 {
        header("content-range").and_then(|range| range.rsplit('/').next())
    } else {
        header("content-length")
    };
    Media {
        bytes: bytes.and_then(|text| text.trim().parse().ok()),
        mime: mime.filter(|mime| !mime.is_empty()).map(str::to_ascii_lowercase),
        ..Media::default()
    }
}
