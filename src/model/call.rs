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
    /// Reads.
    Get,
    /// Reads the headers only.
    Head,
    /// Asks with a body, such as for a quote.
    Post,
}

impl Method {
    /// The HTTP method name.
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

/// A call that is known to be free. Only [`super::owners::Owners::free_call`] makes one for a provider, and only
/// [`FreeCall::look`] makes one without a key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FreeCall {
    method: Method,
    url: Url,
    body: Option<Value>,
    keyless: bool,
    repeatable: bool,
    look: bool,
}

/// What the list says about a call besides that it is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terms {
    /// No key is sent with it.
    pub(super) keyless: bool,
    /// It may be sent again when no answer came.
    pub(super) repeatable: bool,
}

impl FreeCall {
    pub(super) fn listed(method: Method, url: Url, body: Option<Value>, terms: Terms) -> Self {
        let Terms { keyless, repeatable } = terms;
        Self { method, url, body: body.map(canonical), keyless, repeatable, look: false }
    }

    /// A look at the first bytes of a public file that the project uses. It never carries a key, so no account can be
    /// billed. A server may answer HEAD where it refuses GET, so HEAD isn't used.
    #[must_use]
    pub fn look(url: Url) -> Self {
        Self { method: Method::Get, url, body: None, keyless: true, repeatable: true, look: true }
    }

    /// How it is called.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// The official address, even when a rehearsal sends the call elsewhere.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The body with its names sorted: equal bodies are equal bytes.
    #[must_use]
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// Whether a key must never be sent with it.
    #[must_use]
    pub fn keyless(&self) -> bool {
        self.keyless
    }

    /// Whether it may be sent again when no good answer came.
    #[must_use]
    pub fn repeatable(&self) -> bool {
        self.repeatable
    }

    /// Whether it is a look at a file rather than a call to a provider's API.
    #[must_use]
    pub fn is_look(&self) -> bool {
        self.look
    }
}

/// Whether a call can cost anything. There is only one value: checking can't make any other call.
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
    /// When it was first sent (UTC). Version 1 of the receipt doesn't record this.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<DateTime<Utc>>,
    /// Whether it was made for an earlier project of the same run and its reply was used again.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub shared: bool,
    /// Always `no`.
    pub billable: Billable,
}

impl Call {
    /// Method, address and body, for a reader.
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
