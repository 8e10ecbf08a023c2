//! The scripts of the stand-in: which reply a provider gives at which host and path, healthy and per scenario.
//!
//! A provider's script is one file, `scenarios/PROVIDER.toml`, built into the program.

use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::asked::{self, Asked};
use crate::model::id::FaultId;

/// Provider and script of every file in `scenarios/`.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));

/// In a script, stands for every host of the provider.
const EVERY_HOST: &str = "*";

/// A built-in script can't be used; a test of this project prevents that.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the built-in script of the stand-in for `{provider}` cannot be used: {wrong}")]
pub struct ScriptError {
    provider: String,
    wrong: String,
}

impl ScriptError {
    pub(super) fn new(provider: &str, wrong: String) -> Self {
        Self { provider: provider.to_owned(), wrong }
    }
}

/// Everything the stand-in can play for one provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Script {
    /// The hosts that it plays; replies that name no host belong to the first one.
    pub(super) hosts: Vec<String>,
    /// What a healthy provider replies; the first that covers a request wins.
    pub(super) reply: Vec<ScriptedReply>,
    /// What else can happen.
    pub(super) scenario: Vec<Scenario>,
}

/// One way in which a provider can be unhealthy, or an account unfit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// The name to ask for it by.
    pub id: String,
    /// What happens in it, in one line.
    pub title: String,
    /// The fault that a checklist must recognise in it, if it shows one.
    pub fault: Option<FaultId>,
    /// What happens below HTTP instead of a reply.
    pub(super) connect: Option<Connect>,
    /// Replies that come before the healthy ones.
    #[serde(default)]
    pub(super) reply: Vec<ScriptedReply>,
}

/// Why no connection to the stand-in succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Connect {
    /// Nothing listens at the port.
    Refused,
    /// The name has no address.
    Dns,
    /// Nothing ever answers.
    Stall,
    /// Plain bytes arrive where TLS is expected.
    Tls,
}

/// One reply.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ScriptedReply {
    /// The host that gives it: the first of the script if none is named, `*` for all of them.
    host: Option<String>,
    /// The path it covers for GET and HEAD: `*` is one segment, a final `**` is the rest, which may be empty.
    get: Option<String>,
    /// The path it covers for POST, instead of GET.
    post: Option<String>,
    /// Values that the query must have, by name: one of these; any query if empty.
    #[serde(default)]
    query: IndexMap<String, Vec<String>>,
    /// The body that a POST must have, see [`asked::is_of`]; any body if absent.
    body: Option<Value>,
    /// Further paths it covers.
    #[serde(default)]
    also: Vec<String>,
    /// How often it is given for each path; after that, the next one that covers the request is.
    pub(super) times: Option<u32>,
    /// The HTTP status.
    #[serde(default = "ok")]
    pub(super) status: u16,
    /// A JSON body.
    pub(super) json: Option<String>,
    /// Any other body.
    pub(super) text: Option<String>,
    /// The declared type of [`Self::text`].
    content_type: Option<String>,
    /// Further headers.
    #[serde(default)]
    pub(super) headers: IndexMap<String, String>,
    /// How long the reply is delayed.
    #[serde(default, deserialize_with = "duration")]
    pub(super) delay: Option<Duration>,
    /// Bytes of padding that are sent instead of a written body.
    pub(super) filler: Option<usize>,
    /// Whether more bytes are announced than sent.
    #[serde(default)]
    pub(super) cut: bool,
}

/// Whether a reply fits a request, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// It fits.
    Yes,
    /// It fits another method.
    ByAnotherMethod,
    /// It fits another body.
    WithAnotherBody,
    /// It belongs to another host or path.
    No,
}

fn ok() -> u16 {
    200
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text).map(Some).map_err(serde::de::Error::custom)
}

/// The providers that have a script, by name.
pub fn providers() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(provider, _)| *provider)
}

impl Script {
    /// Reads the built-in script of a provider, if it has one.
    ///
    /// # Errors
    /// [`ScriptError`] when it is not valid.
    pub(super) fn of(provider: &str) -> Result<Option<Self>, ScriptError> {
        let file = FILES.iter().find(|(name, _)| *name == provider);
        let read = |(_, text): &(&str, &str)| Self::read(text);
        file.map(read).transpose().map_err(|wrong| ScriptError::new(provider, wrong))
    }

    /// Reads a script.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut script: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let Some(main) = script.hosts.first().cloned() else { return Err("it plays no host".to_owned()) };
        let scenarios = script.scenario.iter_mut().flat_map(|scenario| &mut scenario.reply);
        for reply in script.reply.iter_mut().chain(scenarios) {
            let host = reply.host.get_or_insert_with(|| main.clone());
            if host != EVERY_HOST && !script.hosts.contains(host) {
                return Err(format!("a reply is of `{host}`, which is not among its hosts"));
            }
            if reply.get.is_some() == reply.post.is_some() {
                return Err("a reply has exactly one of `get` and `post`".to_owned());
            }
            if reply.body.as_ref().is_some_and(|body| reply.post.is_none() || !body.is_object()) {
                return Err("`body` is a table, and goes with `post` alone".to_owned());
            }
        }
        Ok(script)
    }
}

impl ScriptedReply {
    /// Whether it fits a request.
    pub(super) fn given_to(&self, asked: Asked<'_>) -> Given {
        if !self.covers(asked.host, asked.path) {
            return Given::No;
        }
        let post = match asked.method {
            "GET" | "HEAD" => Some(false),
            "POST" => Some(true),
            _ => None,
        };
        if post != Some(self.post.is_some()) {
            return Given::ByAnotherMethod;
        }
        let asks = |(name, values): (&String, &Vec<String>)| {
            asked.asked_for(name).is_some_and(|value| values.contains(&value))
        };
        if !self.query.iter().all(asks) {
            return Given::No;
        }
        match &self.body {
            Some(pattern) if !asked::is_of(pattern, asked.body) => Given::WithAnotherBody,
            _ => Given::Yes,
        }
    }

    /// The methods that it answers.
    pub(super) fn methods(&self) -> &'static str {
        if self.post.is_some() { "POST" } else { "GET, HEAD" }
    }

    /// A body that it answers.
    #[cfg(test)]
    pub(super) fn example(&self) -> Value {
        self.body.as_ref().map(asked::example).unwrap_or_default()
    }

    /// A query that it answers.
    #[cfg(test)]
    pub(super) fn example_query(&self) -> String {
        let pairs = self.query.iter().filter_map(|(name, values)| Some((name, values.first()?)));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }

    /// Every path pattern it covers.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &str> {
        self.get.iter().chain(&self.post).chain(&self.also).map(String::as_str)
    }

    /// Whether it belongs to this host and path.
    pub(super) fn covers(&self, host: &str, path: &str) -> bool {
        let here = self.host.as_deref().is_some_and(|own| own == EVERY_HOST || own == host);
        here && self.patterns().any(|pattern| covers(pattern, path))
    }

    /// The declared type of its body.
    pub(super) fn content_type(&self) -> Option<&str> {
        match (&self.content_type, &self.json) {
            (Some(named), _) => Some(named),
            (None, Some(_)) => Some("application/json"),
            (None, None) => None,
        }
    }

    /// Its body as written; empty without one.
    pub(super) fn body(&self) -> &str {
        self.json.as_deref().or(self.text.as_deref()).unwrap_or_default()
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

    #[rstest]
    #[case::misspelt("[[reply]]\nget = \"/a\"\nstatsu = 400", "unknown field `statsu`")]
    #[case::no_time("[[reply]]\nget = \"/a\"\ndelay = \"soon\"", "expected number")]
    #[case::foreign_host("[[reply]]\nget = \"/a\"\nhost = \"c.example\"", "`c.example`, which is not among")]
    #[case::in_a_scenario(
        "reply = []\n[[scenario]]\nid = \"x\"\ntitle = \"x\"\n[[scenario.reply]]\nget = \"/a\"\nhost = \"c\"",
        "`c`, which is not among"
    )]
    #[case::both("[[reply]]\nget = \"/a\"\npost = \"/a\"", "exactly one of")]
    #[case::neither("[[reply]]\nstatus = 400", "exactly one of")]
    #[case::body_of_a_get("[[reply]]\nget = \"/a\"\nbody = { a = 1 }", "goes with `post` alone")]
    #[case::no_table("[[reply]]\npost = \"/a\"\nbody = \"*\"", "`body` is a table")]
    fn a_mistake_in_a_script_is_told(#[case] reply: &str, #[case] says: &str) {
        let hosts = "hosts = [\"a.example\", \"b.example\"]\n";
        let scenario = if reply.contains("[[scenario]]") { "" } else { "scenario = []\n" };
        let told = Script::read(&format!("{hosts}{scenario}{reply}")).unwrap_err();
        assert!(told.contains(says), "{told}");
    }

    #[test]
    fn a_script_plays_a_host() {
        assert_eq!(Script::read("hosts = []\nreply = []\nscenario = []").unwrap_err(), "it plays no host");
    }
}
