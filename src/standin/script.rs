//! The script of the stand-in: which reply it gives to which path, healthy and per scenario.
//!
//! The script itself is `scenarios/xai.toml`, built into the program.

use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};

use crate::model::id::FaultId;

const SCRIPT: &str = include_str!("../../scenarios/xai.toml");

/// Stands in a body for the last segment of the path that was asked for.
const ASKED: &str = "{asked}";

/// The built-in script cannot be read; a test of this project keeps that from happening.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the built-in script of the stand-in cannot be read: {0}")]
pub struct ScriptError(String);

/// Everything the stand-in can play.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Script {
    /// What a healthy provider replies; the first that covers a path wins.
    pub(super) reply: Vec<Reply>,
    /// What else can happen.
    pub(super) scenario: Vec<Scenario>,
}

/// One way in which a provider can be unwell, or an account unfit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// What it is asked for by.
    pub id: String,
    /// What happens in it, in one line.
    pub title: String,
    /// The fault a checklist must recognise in it, if it shows one.
    pub fault: Option<FaultId>,
    /// What happens below HTTP instead of a reply.
    pub(super) connect: Option<Connect>,
    /// Replies that come before the healthy ones.
    #[serde(default)]
    pub(super) reply: Vec<Reply>,
}

/// Why no connection to the stand-in comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Connect {
    /// Nobody listens at the port.
    Refused,
    /// The name has no address.
    Dns,
    /// Nothing ever answers.
    Stall,
    /// Plain bytes come where TLS is expected.
    Tls,
}

/// One reply.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Reply {
    /// The path it covers: `*` is one segment, a last `**` is the rest, also an empty one.
    get: String,
    /// Further paths it covers.
    #[serde(default)]
    also: Vec<String>,
    /// Status of HTTP.
    #[serde(default = "ok")]
    pub(super) status: u16,
    /// A JSON body.
    pub(super) json: Option<String>,
    /// Any other body.
    pub(super) text: Option<String>,
    /// What [`Self::text`] calls itself.
    content_type: Option<String>,
    /// Further headers.
    #[serde(default)]
    pub(super) headers: IndexMap<String, String>,
    /// How long the reply is held back.
    #[serde(default, deserialize_with = "duration")]
    pub(super) delay: Option<Duration>,
    /// Bytes of padding that are sent instead of a written body.
    pub(super) filler: Option<usize>,
    /// Whether more bytes are announced than sent.
    #[serde(default)]
    pub(super) cut: bool,
}

fn ok() -> u16 {
    200
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text).map(Some).map_err(serde::de::Error::custom)
}

impl Script {
    /// Reads the built-in script.
    ///
    /// # Errors
    /// [`ScriptError`] when it is not valid.
    pub(super) fn built_in() -> Result<Self, ScriptError> {
        toml::from_str(SCRIPT).map_err(|error| ScriptError(error.to_string()))
    }
}

impl Reply {
    /// Every path pattern it covers.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.get).chain(&self.also).map(String::as_str)
    }

    /// Whether it is the reply to this path.
    pub(super) fn covers(&self, path: &str) -> bool {
        self.patterns().any(|pattern| covers(pattern, path))
    }

    /// What its body calls itself.
    pub(super) fn content_type(&self) -> Option<&str> {
        match (&self.content_type, &self.json) {
            (Some(named), _) => Some(named),
            (None, Some(_)) => Some("application/json"),
            (None, None) => None,
        }
    }

    /// Its written body for this path; empty without one.
    pub(super) fn body(&self, path: &str) -> String {
        let written = self.json.as_deref().or(self.text.as_deref()).unwrap_or_default();
        // The name came from outside and lands inside a JSON text, so only harmless letters return.
        let asked: String = path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
            .collect();
        written.replace(ASKED, &asked)
    }
}

fn covers(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    for wanted in pattern.split('/') {
        if wanted == "**" {
            return true;
        }
        match segments.next() {
            Some(segment) if wanted == segment || (wanted == "*" && !segment.is_empty()) => {}
            _ => return false,
        }
    }
    segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/v1/me", "/v1/me", true)]
    #[case("/v1/me", "/v1/me/", false)]
    #[case("/v1/me", "/v1", false)]
    #[case("/v1/models/*", "/v1/models/a", true)]
    #[case("/v1/models/*", "/v1/models", false)]
    #[case("/v1/models/*", "/v1/models/", false)]
    #[case("/v1/models/*", "/v1/models/a/b", false)]
    #[case("/v1/models/**", "/v1/models", true)]
    #[case("/v1/models/**", "/v1/models/a/b", true)]
    #[case("/v1/models/**", "/v1/modelsx", false)]
    #[case("/**", "/", true)]
    #[case("/v1/teams/*/balance", "/v1/teams/t-1/balance", true)]
    #[case("/v1/teams/*/balance", "/v1/teams/t-1/invoice", false)]
    fn a_pattern_covers_whole_segments(#[case] pattern: &str, #[case] path: &str, #[case] expected: bool) {
        assert_eq!(covers(pattern, path), expected);
    }

    #[test]
    fn what_was_asked_returns_without_quotes() {
        let reply: Reply = toml::from_str("get = \"/*\"\njson = '{ \"error\": \"no {asked}\" }'").unwrap();
        assert_eq!(reply.body("/v1/odd\"}model"), "{ \"error\": \"no oddmodel\" }");
    }

    #[test]
    fn a_misspelt_key_is_an_error() {
        assert!(toml::from_str::<Reply>("get = \"/a\"\nstatsu = 400").is_err());
        assert!(toml::from_str::<Reply>("get = \"/a\"\ndelay = \"soon\"").is_err());
    }
}
