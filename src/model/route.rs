//! Who owns a generation.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The owner of a generation, which also determines its quota, price, terms and support.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// The official API.
    Api,
    /// The signed-in consumer app.
    App,
    /// A third party that resells or re-exposes the models under its own terms.
    Wrapper,
}

impl Route {
    /// All routes, in the order in which they are listed.
    pub const ALL: [Self; 3] = [Self::Api, Self::App, Self::Wrapper];

    /// The word used in TOML, on the command line and in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::App => "app",
            Self::Wrapper => "wrapper",
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl std::str::FromStr for Route {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|route| route.word() == text)
            .ok_or_else(|| format!("`{text}` is not a route; the routes are `api`, `app` and `wrapper`"))
    }
}

/// A route as named on the command line: `api`, `app`, or `wrapper:PROVIDER`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteChoice {
    /// The route.
    pub route: Route,
    /// Which provider; the only owner of the route if absent.
    pub provider: Option<String>,
}

impl std::str::FromStr for RouteChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (route, provider) = match text.split_once(':') {
            Some((route, provider)) => (route, Some(provider.to_owned())),
            None => (text, None),
        };
        Ok(Self { route: route.parse()?, provider })
    }
}

/// The part of a checklist a check stands in.
///
/// The order is that of the short workflow: owner, model or surface, mode, one short test clip, store promptly, then
/// failure, policy and cost before scaling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Row {
    /// Key, account, team, model listing.
    Access,
    /// What is asked of which model.
    Mode,
    /// Input images and clips.
    InputMedia,
    /// What happens to the clip that comes out.
    OutputHandling,
    /// What is done when a job fails.
    FailurePolicy,
    /// Acceptable use, moderation, likeness.
    Safety,
    /// Price, budget, balance.
    Cost,
}

impl Row {
    /// All rows in the order of the table.
    pub const ALL: [Self; 7] = [
        Self::Access,
        Self::Mode,
        Self::InputMedia,
        Self::OutputHandling,
        Self::FailurePolicy,
        Self::Safety,
        Self::Cost,
    ];

    /// The word used in TOML and machine formats.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Mode => "mode",
            Self::InputMedia => "input-media",
            Self::OutputHandling => "output-handling",
            Self::FailurePolicy => "failure-policy",
            Self::Safety => "safety",
            Self::Cost => "cost",
        }
    }

    /// The heading a person reads.
    #[must_use]
    pub fn heading(self) -> String {
        self.word().replace('-', " ").to_uppercase()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
