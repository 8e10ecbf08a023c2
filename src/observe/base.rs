//! Where calls go: the base URL in use, and which base URLs may be trusted with a key.

use url::Url;

use super::{
    Plan,
    settings::{Origins, Settings},
};
use crate::model::{
    address::{self, NoAddress, is_loopback},
    checklist::{Checklist, Host},
    observation::{BaseFact, FollowedBase},
    owners::{Followed, Owners},
};

/// The name of a checklist's main host.
const MAIN: &str = "api";

/// Why a base URL is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBaseUrl {
    /// Not an absolute address of a server.
    #[error("the base URL is not an absolute http or https address")]
    NotAnAddress,
    /// Programs read it as different hosts, such as `https://api.x.ai\@evil.example`.
    #[error(
        "a base URL must not contain a backslash, a blank or an invisible character: programs disagree on its host"
    )]
    Unclear,
    /// Plain HTTP to another machine.
    #[error("a base URL outside this machine must be https")]
    Plain,
    /// A user name or password.
    #[error("a base URL must not contain a user name or password")]
    UserInfo,
    /// A query or fragment.
    #[error("a base URL must not contain a query or fragment")]
    Query,
}

/// Reads a base URL as people write it, with or without a trailing `/v1`.
///
/// # Errors
/// [`BadBaseUrl`] says what is wrong, without repeating the text.
pub fn base_url(text: &str) -> Result<Url, BadBaseUrl> {
    let mut url = address::read(text.trim()).map_err(|error| match error {
        NoAddress::Unclear => BadBaseUrl::Unclear,
        NoAddress::Unreadable(_) => BadBaseUrl::NotAnAddress,
    })?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(BadBaseUrl::NotAnAddress);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadBaseUrl::UserInfo);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(BadBaseUrl::Query);
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err(BadBaseUrl::Plain);
    }
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/v1").unwrap_or(path).trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Where the calls to a host go. If they would go to a host that is neither this machine nor the owner's, no call is
/// made, and the name of that host is the error.
pub(super) fn in_force<'a>(
    host: &'a Host,
    checklist: &Checklist,
    settings: &'a Settings,
) -> Result<&'a Url, String> {
    let Some(to) = &settings.send_to else { return Ok(&host.base_url) };
    let name = host.base_url.host_str().unwrap_or_default();
    let origin = to.origins.of(name).ok_or_else(|| name.to_owned())?;
    if is_loopback(origin) {
        return Ok(origin);
    }
    if is_official(checklist, settings) {
        Ok(&host.base_url)
    } else {
        Err(origin.host_str().unwrap_or_default().to_owned())
    }
}

/// Whether calls go to the checklist's own hosts.
pub(super) fn is_official(checklist: &Checklist, settings: &Settings) -> bool {
    settings.send_to.as_ref().is_none_or(|to| match &to.origins {
        Origins::One(origin) => main(checklist).map(Url::origin) == Some(origin.origin()),
        Origins::Each(_) => false,
    })
}

/// The report's entry about the main host.
pub(super) fn fact(plan: &Plan<'_>) -> Option<BaseFact> {
    let Plan { checklist, settings, cache, .. } = plan;
    let official = main(checklist)?;
    if !cache.knows_base(checklist) {
        return None;
    }
    let url = match &settings.send_to {
        Some(to) => to.origins.of(official.host_str()?)?,
        None => official,
    };
    let followed = cache.followed(checklist).unwrap_or_else(|| plan.followed.to_vec());
    Some(BaseFact {
        origin: url.origin().ascii_serialization(),
        host: url.host_str().unwrap_or_default().to_owned(),
        loopback: is_loopback(url),
        set_by: settings.send_to.as_ref().map(|to| to.set_by.clone()),
        followed,
    })
}

/// The base URLs in variables that other programs follow, if they lead anywhere but the main host. greenlight follows
/// none of them.
#[must_use]
pub fn followed(
    checklist: &Checklist,
    owners: &Owners,
    env: &dyn Fn(&str) -> Option<String>,
) -> Vec<FollowedBase> {
    let Some(official) = main(checklist) else { return Vec::new() };
    let of_host = |followed: &&Followed| Some(followed.host.as_str()) == official.host_str();
    let elsewhere = |followed: &Followed| {
        let text = env(&followed.env).filter(|text| !text.trim().is_empty())?;
        let names = match base_url(&text) {
            Ok(url) if url.origin() == official.origin() => return None,
            Ok(url) => url.origin().ascii_serialization(),
            Err(wrong) => format!("an unusable address ({wrong})"),
        };
        Some(FollowedBase { env: followed.env.clone(), names })
    };
    owners.list.iter().flat_map(|owner| &owner.followed).filter(of_host).filter_map(elsewhere).collect()
}

/// The base URL that the checklist gives its main host.
pub(super) fn main(checklist: &Checklist) -> Option<&Url> {
    checklist.hosts.get(MAIN).map(|host| &host.base_url)
}

/// An address under a base.
pub(crate) fn join(base: &Url, path: &str) -> Option<Url> {
    Url::parse(&format!("{}{path}", base.as_str().trim_end_matches('/'))).ok()
}

/// The path and query of an address.
pub(super) fn path_and_query(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://api.x.ai", "https://api.x.ai/")]
    #[case("https://api.x.ai/v1", "https://api.x.ai/")]
    #[case(" https://api.x.ai/v1/ ", "https://api.x.ai/")]
    #[case("http://127.0.0.1:9000/v1", "http://127.0.0.1:9000/")]
    #[case("http://[::1]:9000/proxy/v1/", "http://[::1]:9000/proxy")]
    #[case("http://localhost:9000", "http://localhost:9000/")]
    fn a_base_url_is_the_same_with_and_without_its_version(#[case] text: &str, #[case] url: &str) {
        assert_eq!(base_url(text).map(String::from), Ok(url.to_owned()));
    }

    #[rstest]
    #[case("api.x.ai", BadBaseUrl::NotAnAddress)]
    #[case("ftp://api.x.ai", BadBaseUrl::NotAnAddress)]
    #[case("https://api.x.ai\\@evil.example", BadBaseUrl::Unclear)]
    #[case("https:\\\\api.x.ai", BadBaseUrl::Unclear)]
    #[case("https://api.x.ai/v1\tx", BadBaseUrl::Unclear)]
    #[case("https://api.x\u{200b}.ai", BadBaseUrl::Unclear)]
    #[case("http://api.x.ai", BadBaseUrl::Plain)]
    #[case("http://localhost.example.com", BadBaseUrl::Plain)]
    #[case("http://127.0.0.1.example.com", BadBaseUrl::Plain)]
    #[case("https://user@api.x.ai", BadBaseUrl::UserInfo)]
    #[case("https://:secret@api.x.ai", BadBaseUrl::UserInfo)]
    #[case("https://api.x.ai/?key=1", BadBaseUrl::Query)]
    #[case("https://api.x.ai/#v1", BadBaseUrl::Query)]
    fn an_odd_base_url_is_refused(#[case] text: &str, #[case] why: BadBaseUrl) {
        assert_eq!(base_url(text), Err(why));
    }
}
