//! What was between this program and the servers it called, if it wasn't a direct connection with the built-in
//! certificates.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text::printable;

/// How many digits of a digest a person compares.
const SHOWN_DIGITS: usize = 16;

/// What was between this program and the servers it called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Via {
    /// The proxy that calls went through. It can't read them, unless custom certificate authorities are trusted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub proxy: Option<Proxy>,
    /// Custom certificate authorities that were trusted in addition to the built-in ones: anyone who has their keys can
    /// impersonate every server.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trusted: Option<Trusted>,
}

/// A proxy that was set for calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Proxy {
    /// The variable that names it.
    pub variable: String,
    /// Its host, and its port where one is given.
    pub host: String,
}

/// A file of certificate authorities that a person named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Trusted {
    /// As it was typed.
    pub file: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
}

impl Via {
    /// Both, when there is one of them.
    #[must_use]
    pub fn of(proxy: Option<Proxy>, trusted: Option<Trusted>) -> Option<Self> {
        (proxy.is_some() || trusted.is_some()).then_some(Self { proxy, trusted })
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Proxy { variable, host }) = &self.proxy {
            write!(f, "calls went through the proxy {} ({})", printable(host), printable(variable))?;
        }
        if let Some(Trusted { file, sha256 }) = &self.trusted {
            let between = if self.proxy.is_some() { "; " } else { "" };
            let digits: String = sha256.chars().take(SHOWN_DIGITS).collect();
            let digits = printable(&digits);
            let file = printable(file);
            write!(f, "{between}trusted besides the built-in authorities: {file} (sha256 {digits}…)")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(false, false, None)]
    #[case::a_proxy(true, false, Some("calls went through the proxy proxy.example (HTTPS_PROXY)"))]
    #[case::certificates(
        false,
        true,
        Some("trusted besides the built-in authorities: ca.pem (sha256 0123456789abcdef…)")
    )]
    #[case::both(
        true,
        true,
        Some(
            "calls went through the proxy proxy.example (HTTPS_PROXY); \
             trusted besides the built-in authorities: ca.pem (sha256 0123456789abcdef…)"
        )
    )]
    fn what_stood_between_is_told(#[case] proxied: bool, #[case] trusted: bool, #[case] says: Option<&str>) {
        let proxy = Proxy { variable: "HTTPS_PROXY".to_owned(), host: "proxy.example".to_owned() };
        let own = Trusted { file: "ca.pem".to_owned(), sha256: "0123456789abcdef".repeat(4) };
        let via = Via::of(proxied.then_some(proxy), trusted.then_some(own));
        assert_eq!(via.map(|via| via.to_string()).as_deref(), says);
    }
}
