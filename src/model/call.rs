//! Calls: the proof that one is free, and the line it leaves in the report.

use std::fmt;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::body::canonical;

/// How a free call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Read.
    Get,
    /// Read the headers only.
    Head,
    /// Ask with a body, such as for a quote.
    Post,
}

impl Method {
    /// The word of HTTP.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A call that is known to be free. Only [`super::owners::Owners::free_call`] makes one for a
/// provider, and [`FreeCall::look`] one that carries no key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FreeCall {
    method: Method,
    url: Url,
    body: Option<Value>,
    keyless: bool,
    repeatable: bool,
    look: bool,
}

/// What the list says of a call besides that it is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terms {
    /// No key goes with it.
    pub(super) keyless: bool,
    /// It may be sent again when no answer came.
    pub(super) repeatable: bool,
}

impl FreeCall {
    pub(super) fn listed(method: Method, url: Url, body: Option<Value>, terms: Terms) -> Self {
        let Terms { keyless, repeatable } = terms;
        Self { method, url, body: body.map(canonical), keyless, repeatable, look: false }
    }

    /// A look at the first bytes of a public file of the project's own: it never carries a key, so no account can be
    /// billed. A server may answer the headers alone where it refuses the file, so that those are not asked for.
    #[must_use]
    pub fn look(url: Url) -> Self {
        Self { method: Method::Get, url, body: None, keyless: true, repeatable: true, look: true }
    }

    /// How it is called.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// The official address, also when a rehearsal sends it elsewhere.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The body, with its names in order: equal bodies are equal bytes.
    #[must_use]
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// Whether a key must never go with it.
    #[must_use]
    pub fn keyless(&self) -> bool {
        self.keyless
    }

    /// Whether it may be sent again when no good answer came.
    #[must_use]
    pub fn repeatable(&self) -> bool {
        self.repeatable
    }

    /// Whether it is a look at a file, and no call of a provider's API.
    #[must_use]
    pub fn is_look(&self) -> bool {
        self.look
    }
}

/// Whether a call can cost anything. There is one value: no other call can be made while checking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Billable {
    /// It cannot.
    #[default]
    No,
}

/// One line of the report's call log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Call {
    /// How it was called.
    pub method: Method,
    /// Where it went, without user, password and query values.
    pub url: String,
    /// What was asked, without secrets.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body: Option<Value>,
    /// The status of the last reply, if one came.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub status: Option<u16>,
    /// What went wrong below HTTP, if anything.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trouble: Option<String>,
    /// How often it was sent.
    pub attempts: u32,
    /// When it was sent first (UTC); version 1 of the receipt does not say.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<DateTime<Utc>>,
    /// Whether it was made for an earlier project of the same run, and its reply used again.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub shared: bool,
    /// Always `no`.
    pub billable: Billable,
}

impl Call {
    /// Method, address and body, as a reader would write them.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.body {
            Some(body) => format!("{} {} {body}", self.method, self.url),
            None => format!("{} {}", self.method, self.url),
        }
    }
}

/// An address without user, password, fragment and query values.
#[must_use]
pub fn shown(url: &Url) -> String {
    let mut text = format!("{}{}", url.origin().ascii_serialization(), url.path());
    for (index, pair) in url.query().into_iter().flat_map(|query| query.split('&')).enumerate() {
        text.push(if index == 0 { '?' } else { '&' });
        if let Some((name, _)) = pair.split_once('=') {
            text.push_str(name);
            text.push('=');
        }
        text.push('…');
    }
    text
}
