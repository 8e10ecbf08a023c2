//! Where a fact comes from, and when it was true.

use std::sync::Arc;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::address;

/// The origin of a shipped fact: every price, limit, fault and check has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Source {
    /// Where it was read.
    pub url: Arc<str>,
    /// The day since which it has been true, as far as the source says.
    pub as_of: NaiveDate,
    /// How sure it is; absent for greenlight's own statements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

impl Source {
    /// How old it is, and how sure: `as of 2026-10-01, high confidence`.
    #[must_use]
    pub fn age(&self) -> String {
        let sure = match self.confidence {
            Some(Confidence::High) => ", high confidence",
            Some(Confidence::Medium) => ", medium confidence",
            Some(Confidence::Low) => ", low confidence",
            None => "",
        };
        format!("as of {}{sure}", self.as_of)
    }

    /// The host of the page in canonical spelling; see [`web_host`].
    #[must_use]
    pub fn host(&self) -> Option<String> {
        web_host(&self.url)
    }
}

/// The host of a plainly written web address: `http` or `https`, followed by nothing but the host. An address that
/// could be made to look like another one gives `None`: one with a login, a port, a trailing dot, letters of other
/// scripts or look-alike characters. Compare hosts with this, and never by a part of the text.
#[must_use]
pub fn web_host(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let plain = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let written =
        rest.split(['/', '?', '#']).next().filter(|host| !host.ends_with('.'))?.to_ascii_lowercase();
    let host = Url::parse(address).ok().filter(|_| plain)?.host_str().map(str::to_owned)?;
    (host == written).then_some(host)
}

/// Whether an address is that of a web page, with a host and without a login.
#[must_use]
pub fn is_web_page(address: &str) -> bool {
    address::read(address).is_ok_and(|url| {
        let login = !url.username().is_empty() || url.password().is_some();
        matches!(url.scheme(), "http" | "https") && url.has_host() && !login
    })
}

/// How sure a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Official text or first-party code, or two independent observations.
    High,
    /// One observation or one careful third party.
    Medium,
    /// A single unconfirmed remark, an inference, or contradicted elsewhere.
    Low,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://docs.x.ai")]
    #[case("https://docs.x.ai/")]
    #[case("HTTPS://Docs.X.AI/pricing?a=b@c#d:e")]
    #[case("http://docs.x.ai?x")]
    fn a_plain_page_has_its_host(#[case] address: &str) {
        assert_eq!(web_host(address).as_deref(), Some("docs.x.ai"));
        assert!(is_web_page(address));
    }

    #[rstest]
    #[case::script("javascript://docs.x.ai/%0aalert(1)")]
    #[case::data("data:text/html,https://docs.x.ai/")]
    #[case::file("file://docs.x.ai/pricing")]
    #[case::ftp("ftp://docs.x.ai/")]
    #[case::socket("wss://docs.x.ai/")]
    #[case::wrapped("view-source:https://docs.x.ai/")]
    #[case::login("https://docs.x.ai@evil.example/")]
    #[case::empty_login("https://@docs.x.ai/")]
    #[case::password("https://me:pw@docs.x.ai/")]
    #[case::port("https://docs.x.ai:8443/")]
    #[case::usual_port("https://docs.x.ai:443/")]
    #[case::dot("https://docs.x.ai./")]
    #[case::other_script("https://docs.x\u{430}i/")]
    #[case::wide("https://docs.x\u{ff0e}ai/")]
    #[case::soft("https://do\u{ad}cs.x.ai/")]
    #[case::percent("https://docs%2ex.ai/")]
    #[case::backslash("https:\\\\docs.x.ai/")]
    #[case::no_slashes("https:docs.x.ai/")]
    #[case::tab("https://docs.x\t.ai/")]
    #[case::line("https://evil.example\n@docs.x.ai/")]
    #[case::space(" https://docs.x.ai/")]
    #[case::no_host("https:///pricing")]
    #[case::no_scheme("docs.x.ai/pricing")]
    #[case::words("not an address")]
    fn what_could_look_like_another_has_none(#[case] address: &str) {
        assert_eq!(web_host(address), None);
    }

    #[rstest]
    #[case("https://docs.x.ai.evil.example/", "docs.x.ai.evil.example")]
    #[case("https://evil.example/https://docs.x.ai/", "evil.example")]
    #[case("https://evil.example#docs.x.ai", "evil.example")]
    fn another_host_is_itself(#[case] address: &str, #[case] host: &str) {
        assert_eq!(web_host(address).as_deref(), Some(host));
    }

    #[rstest]
    #[case("https://wiki.example:8443/a", true)]
    #[case("https://ann@docs.x.ai/", false)]
    #[case("https://:pw@docs.x.ai/", false)]
    #[case("javascript://docs.x.ai/", false)]
    #[case("mailto:a@b.example", false)]
    #[case("https://me:pw@host.example/", false)]
    #[case("https://", false)]
    fn a_source_is_a_page(#[case] address: &str, #[case] page: bool) {
        assert_eq!(is_web_page(address), page);
    }
}
