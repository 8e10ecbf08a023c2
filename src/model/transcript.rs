//! The transcript: the replies to a run's free calls, kept so that they can be judged again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::{
    call::{FreeCall, Method},
    observation::{FollowedBase, KeyFact, Observation, Reply, Trouble},
    report::{Rehearsal, Tool},
    text::hex,
};

/// Version of the transcript's format. Version 1 has no request bodies and can still be read.
pub const TRANSCRIPT_VERSION: u32 = 2;

/// Whole replies without secrets, and what was known about keys and hosts when they came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Transcript {
    /// [`TRANSCRIPT_VERSION`].
    pub schema_version: u32,
    /// What wrote it.
    pub tool: Tool,
    /// When the run began (UTC).
    pub recorded: DateTime<Utc>,
    /// Present when the calls went to a stand-in; replaying them is a rehearsal too.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rehearsal: Option<Rehearsal>,
    /// Whether media could be at addresses that no provider can reach; the same holds in a replay.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub allow_private: bool,
    /// What was known about each key, by environment variable. Never its value.
    pub keys: BTreeMap<String, KeyFact>,
    /// The base URL in force, by the official origin that it replaced.
    pub bases: BTreeMap<String, Base>,
    /// Every call with its result, each once.
    pub exchanges: Vec<Exchange>,
}

/// The base URL that was in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Base {
    /// Scheme, host and port.
    #[schemars(with = "String")]
    pub origin: Url,
    /// What set it, such as `--base-url`; absent when it comes from the checklist.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub set_by: Option<String>,
    /// Where the user's own app would have gone instead of to the official host.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub followed: Vec<FollowedBase>,
}

/// One call and its result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Exchange {
    /// [`id`] of the call.
    pub id: String,
    /// How it was called.
    pub method: Method,
    /// Where it went, without user, password and query values.
    pub url: String,
    /// What was asked, without secrets.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body: Option<Value>,
    /// How often it was sent.
    pub attempts: u32,
    /// What the last attempt brought back.
    pub outcome: CallResult,
}

/// What a call brought back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum CallResult {
    /// An answer.
    Reply(Reply),
    /// Nothing usable.
    Trouble(Trouble),
}

impl CallResult {
    /// What was observed, unless the call was not made.
    #[must_use]
    pub fn of(seen: &Observation) -> Option<Self> {
        match seen {
            Observation::Reply(reply) => Some(Self::Reply(reply.clone())),
            Observation::Trouble(trouble) => Some(Self::Trouble(trouble.clone())),
            Observation::NotMade(_) => None,
        }
    }
}

impl From<CallResult> for Observation {
    fn from(outcome: CallResult) -> Self {
        match outcome {
            CallResult::Reply(reply) => Self::Reply(reply),
            CallResult::Trouble(trouble) => Self::Trouble(trouble),
        }
    }
}

/// Identifies a call without revealing what is in its address: SHA-256 over the method, the official address with its
/// query, the caller, and the body with its names sorted (lower-case hexadecimal).
#[must_use]
pub fn id(call: &FreeCall, caller: &str) -> String {
    let (method, url) = (call.method(), call.url());
    // A call without a body keeps the id it had before bodies existed.
    hex(&Sha256::digest(match call.body() {
        Some(body) => format!("{method}\n{url}\n{caller}\n{body}"),
        None => format!("{method}\n{url}\n{caller}"),
    }))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::model::call::Terms;

    fn call(method: Method, url: &str, body: Option<Value>) -> FreeCall {
        let terms = Terms { keyless: false, repeatable: true };
        FreeCall::listed(method, Url::parse(url).unwrap(), body, terms)
    }

    #[rstest]
    #[case(Method::Head, "https://a.b/c?sig=1", "Bearer A")]
    #[case(Method::Get, "https://a.b/c?sig=2", "Bearer A")]
    #[case(Method::Get, "https://a.c/c?sig=1", "Bearer A")]
    #[case(Method::Get, "https://a.b/c?sig=1", "Bearer B")]
    fn another_call_has_another_id(#[case] method: Method, #[case] url: &str, #[case] caller: &str) {
        let one = id(&call(Method::Get, "https://a.b/c?sig=1", None), "Bearer A");
        assert_eq!(one.len(), 64);
        assert_ne!(one, id(&call(method, url, None), caller));
    }

    #[test]
    fn a_call_without_a_body_has_the_id_that_it_always_had() {
        let told = hex(&Sha256::digest("GET\nhttps://a.b/c?sig=1\nBearer A"));
        assert_eq!(id(&call(Method::Get, "https://a.b/c?sig=1", None), "Bearer A"), told);
    }

    #[rstest]
    #[case::another_order(json!({ "b": 1, "a": 2 }), true)]
    #[case::another_value(json!({ "a": 2, "b": 2 }), false)]
    #[case::a_text(json!({ "a": "2", "b": 1 }), false)]
    fn another_body_makes_another_call(#[case] body: Value, #[case] same: bool) {
        let of = |body| id(&call(Method::Post, "https://a.b/c", Some(body)), "Bearer A");
        assert_eq!(of(json!({ "a": 2, "b": 1 })) == of(body), same);
    }
}
