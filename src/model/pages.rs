//! Whose pages count as evidence. Hosts are compared as browsers read them, never as plain text.

use std::fmt;

use url::{Host, Url};

/// The placeholder for the project's provider in a list of hosts.
pub const PROVIDER: &str = "{provider}";

/// Whose pages count as evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Pages {
    /// Anyone's.
    #[default]
    Anybody,
    /// Those of these hosts.
    Of(Vec<PageHost>),
    /// Those of the provider, which only a project names.
    Provider,
    /// Those of a provider whose hosts aren't listed: any except these, which belong to others.
    NotOf(Vec<PageHost>),
}

/// Why a page does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTheirs {
    /// It can't be told whose page it is.
    #[error("`{0}` is not the address of a page")]
    NoAddress(String),
    /// Someone in between could have changed it.
    #[error("it is not an https:// address")]
    NotHttps,
    /// The part before the `@` is easily mistaken for the host.
    #[error("it has a user before its host `{0}`")]
    User(String),
    /// Another server on the same machine, perhaps with another owner.
    #[error("it is at port {1} of `{0}`")]
    Port(String, u16),
    /// The page belongs to someone else.
    #[error("it is at `{0}`")]
    Host(String),
}

impl Pages {
    /// Whether a page at this address counts.
    ///
    /// # Errors
    /// [`NotTheirs`] when it is someone else's page, or could be.
    pub fn count(&self, address: &str) -> Result<(), NotTheirs> {
        if *self == Self::Anybody {
            return Ok(());
        }
        let none = || NotTheirs::NoAddress(address.to_owned());
        // Programs don't agree on what a backslash or a space in an address means.
        if address.contains(|c: char| c == '\\' || c.is_whitespace() || c.is_control()) {
            return Err(none());
        }
        let url = Url::parse(address).map_err(|_| none())?;
        let host = url.host().ok_or_else(none)?;
        let name = host.to_string();
        if url.scheme() != "https" {
            return Err(NotTheirs::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(NotTheirs::User(name));
        }
        if let Some(port) = url.port() {
            return Err(NotTheirs::Port(name, port));
        }
        let Host::Domain(domain) = host else { return Err(NotTheirs::Host(name)) };
        let counts = match self {
            Self::Anybody => true,
            Self::Of(hosts) => hosts.iter().any(|theirs| theirs.holds(domain)),
            // Without a project it isn't known whose site a checklist means.
            Self::Provider => false,
            Self::NotOf(others) => !others.iter().any(|theirs| theirs.holds(domain)),
        };
        if counts { Ok(()) } else { Err(NotTheirs::Host(name)) }
    }

    /// Whose pages are wanted, in words; `None` when anyone's are.
    #[must_use]
    pub fn wanted(&self) -> Option<String> {
        match self {
            Self::Anybody => None,
            Self::Of(hosts) => Some(hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")),
            Self::Provider | Self::NotOf(_) => Some("the provider's own site".to_owned()),
        }
    }
}

/// A host such as `docs.x.ai`, or one with all its subdomains: `*.x.ai`, which includes `x.ai`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageHost {
    name: String,
    below: bool,
}

/// Why a text isn't a page host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a host of pages is written like `docs.x.ai` or `*.x.ai`: lower case, no scheme, port or path")]
pub struct BadHost;

impl PageHost {
    /// Parses a host as a file writes it.
    ///
    /// # Errors
    /// [`BadHost`] for anything that a browser would read differently, and for a bare name or number.
    pub fn new(text: &str) -> Result<Self, BadHost> {
        let (below, name) = text.strip_prefix("*.").map_or((false, text), |name| (true, name));
        let url = Url::parse(&format!("https://{name}/")).map_err(|_| BadHost)?;
        let same = matches!(url.host(), Some(Host::Domain(domain)) if domain == name);
        let plain = url.as_str() == format!("https://{name}/") && !name.contains('*');
        if same && plain && name.contains('.') && !format!(".{name}.").contains("..") {
            Ok(Self { name: name.to_owned(), below })
        } else {
            Err(BadHost)
        }
    }

    /// Whether a domain from a parsed address is this host. A trailing dot makes no difference, and `www.` is the same
    /// site.
    fn holds(&self, domain: &str) -> bool {
        let domain = domain.strip_suffix('.').unwrap_or(domain);
        let rest = domain.strip_suffix(self.name.as_str());
        match rest {
            Some("" | "www.") => true,
            Some(labels) => self.below && labels.ends_with('.'),
            None => false,
        }
    }
}

impl fmt::Display for PageHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn docs() -> Pages {
        Pages::Of(vec![PageHost::new("docs.x.ai").unwrap(), PageHost::new("*.fal.ai").unwrap()])
    }

    #[rstest]
    #[case("https://docs.x.ai/developers/models/grok-imagine-video")]
    #[case("https://DOCS.X.AI/a")]
    #[case("HTTPS://docs.x.ai")]
    #[case("https://docs.x.ai./a")]
    #[case("https://docs.x.ai:443/a")]
    #[case("https://docs.x.ai?q#f")]
    #[case("https://www.docs.x.ai/")]
    #[case("https://\u{ff44}ocs.x.ai/")]
    #[case("https://docs%2ex.ai/")]
    #[case("https://fal.ai/x")]
    #[case("https://trust.fal.ai/")]
    #[case("https://a.b.fal.ai/")]
    fn a_page_of_the_owner_counts(#[case] address: &str) {
        assert_eq!(docs().count(address), Ok(()), "{address}");
    }

    #[rstest]
    #[case("http://docs.x.ai/a", "it is not an https:// address")]
    #[case("ftp://docs.x.ai/a", "it is not an https:// address")]
    #[case("https://docs.x.ai@evil.example/", "it has a user before its host `evil.example`")]
    #[case("https://docs.x.ai:pw@evil.example/", "it has a user before its host `evil.example`")]
    #[case("https://me@docs.x.ai/", "it has a user before its host `docs.x.ai`")]
    #[case("https://docs.x.ai:8443/", "it is at port 8443 of `docs.x.ai`")]
    #[case("https://docs.x.ai.evil.example/", "it is at `docs.x.ai.evil.example`")]
    #[case("https://evildocs.x.ai/", "it is at `evildocs.x.ai`")]
    #[case("https://x.ai/", "it is at `x.ai`")]
    #[case("https://sub.docs.x.ai/", "it is at `sub.docs.x.ai`")]
    #[case("https://docs-x.ai/", "it is at `docs-x.ai`")]
    #[case("https://docs.x.ai../", "it is at `docs.x.ai..`")]
    #[case("https://d\u{43e}cs.x.ai/", "it is at `xn--dcs-sed.x.ai`")]
    #[case(
        "https://docs.x.ai\\@evil.example/",
        "`https://docs.x.ai\\@evil.example/` is not the address of a page"
    )]
    #[case("https://evil.example/https://docs.x.ai/", "it is at `evil.example`")]
    #[case("https://evil.example#docs.x.ai", "it is at `evil.example`")]
    #[case("https://evil.example?docs.x.ai", "it is at `evil.example`")]
    #[case("https://docs.x.ai\t/", "`https://docs.x.ai\t/` is not the address of a page")]
    #[case("https://docs.x.ai/ ", "`https://docs.x.ai/ ` is not the address of a page")]
    #[case("https://notfal.ai/", "it is at `notfal.ai`")]
    #[case("https://fal.ai.evil.example/", "it is at `fal.ai.evil.example`")]
    #[case("https://127.0.0.1/", "it is at `127.0.0.1`")]
    #[case("https://[::1]/", "it is at `[::1]`")]
    #[case("https://2130706433/", "it is at `127.0.0.1`")]
    #[case("javascript://docs.x.ai/%0aalert(1)", "it is not an https:// address")]
    #[case("javascript:docs.x.ai", "`javascript:docs.x.ai` is not the address of a page")]
    #[case("data:text/html,docs.x.ai", "`data:text/html,docs.x.ai` is not the address of a page")]
    #[case("file:///docs.x.ai", "`file:///docs.x.ai` is not the address of a page")]
    #[case("docs.x.ai/a", "`docs.x.ai/a` is not the address of a page")]
    #[case("//docs.x.ai/a", "`//docs.x.ai/a` is not the address of a page")]
    #[case("", "`` is not the address of a page")]
    fn another_page_does_not(#[case] address: &str, #[case] why: &str) {
        assert_eq!(docs().count(address).unwrap_err().to_string(), why);
    }

    #[test]
    fn whose_pages_are_wanted_is_told_in_words() {
        assert_eq!(Pages::Anybody.wanted(), None);
        assert_eq!(docs().wanted().as_deref(), Some("docs.x.ai or fal.ai"));
        for pages in [Pages::Provider, Pages::NotOf(vec![])] {
            assert_eq!(pages.wanted().as_deref(), Some("the provider's own site"));
        }
    }

    #[test]
    fn pages_of_an_unlisted_provider_must_not_belong_to_others() {
        let pages = Pages::NotOf(vec![PageHost::new("*.x.ai").unwrap()]);
        assert_eq!(pages.count("https://acme.example/terms"), Ok(()));
        for other in ["https://x.ai/", "https://docs.x.ai/", "https://docs.x.ai./", "https://WWW.X.AI"] {
            assert!(matches!(pages.count(other), Err(NotTheirs::Host(_))), "{other}");
        }
        assert!(Pages::Provider.count("https://acme.example/").is_err(), "nobody has said who it is");
    }

    #[rstest]
    #[case("docs.x.ai", true)]
    #[case("*.x.ai", true)]
    #[case("xn--dcs-sed.x.ai", true)]
    #[case("Docs.x.ai", false)]
    #[case("docs.x.ai.", false)]
    #[case("docs.x.ai/", false)]
    #[case("docs.x.ai:443", false)]
    #[case("docs.x.ai:8443", false)]
    #[case("https://docs.x.ai", false)]
    #[case("me@docs.x.ai", false)]
    #[case("docs.x.ai?q", false)]
    #[case("docs.x.ai#f", false)]
    #[case("docs.x.ai\\", false)]
    #[case(" docs.x.ai", false)]
    #[case("d\u{43e}cs.x.ai", false)]
    #[case("docs%2ex.ai", false)]
    #[case("*", false)]
    #[case("*.", false)]
    #[case("*.ai", false)]
    #[case("*.*.ai", false)]
    #[case(".x.ai", false)]
    #[case("x..ai", false)]
    #[case("localhost", false)]
    #[case("127.0.0.1", false)]
    #[case("1", false)]
    #[case("[::1]", false)]
    #[case("", false)]
    fn a_host_is_written_as_it_is_compared(#[case] text: &str, #[case] fits: bool) {
        assert_eq!(PageHost::new(text).is_ok(), fits, "{text}");
    }
}
