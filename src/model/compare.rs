//! Routes side by side: what is found of each for the same shots. Nothing is weighed, and nothing is added up.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    decision::Decision, id::CheckId, money::Usd, report::ProjectSummary, route::Row, severity::Severity,
    verdict::Verdict,
};

/// Version of the shape of a comparison.
pub const COMPARISON_VERSION: u32 = 1;

/// Routes side by side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Comparison {
    /// [`COMPARISON_VERSION`].
    pub schema_version: u32,
    /// The columns, in the order in which they were named.
    pub columns: Vec<Column>,
    /// What closes the gate where it does not pass, by the order of the table. It is met or not, and never weighed.
    pub mandatory: Vec<TopicRow>,
    /// What is found besides, and closes no gate.
    pub facts: Vec<TopicRow>,
    /// What each owner itself asks for these shots.
    pub prices: Vec<PriceRow>,
}

/// A route, and what it comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Column {
    /// As it is headed.
    pub name: String,
    /// The project file or the receipt.
    pub file: String,
    /// What is to be made, and by which route.
    pub project: ProjectSummary,
    /// The time it was judged for (UTC).
    pub at: DateTime<Utc>,
    /// What its findings come to; that clears nothing.
    pub found: Decision,
    /// Whether it qualifies for these shots: what its mandatory checks come to, whatever else closes a gate.
    pub qualifies: Qualifies,
    /// Its mandatory checks that do not let it qualify.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub open: Vec<Open>,
    /// Until when it qualifies by exceptions alone: the first last day of a waiver.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waived_until: Option<NaiveDate>,
    /// What a reader should know of it: how it was judged, and under which names its models go.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub remarks: Vec<String>,
}

/// Whether a route qualifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Qualifies {
    /// Every mandatory check is met.
    Yes,
    /// None is refuted, and some are not known.
    NotYet,
    /// At least one is refuted.
    No,
}

impl Qualifies {
    /// The word used in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "qualifies",
            Self::NotYet => "not yet",
            Self::No => "does not",
        }
    }
}

/// A mandatory check that is not met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Open {
    /// The check.
    pub check: CheckId,
    /// A few words.
    pub title: String,
    /// What was decided.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What was seen.
    pub seen: String,
}

/// One matter on all routes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TopicRow {
    /// The topic; the id of a check of one's own that has none.
    pub topic: String,
    /// Where it stands in the table.
    pub row: Row,
    /// Whether the routes differ in it.
    pub differs: bool,
    /// One for each column; nothing where that route has no such check.
    pub cells: Vec<Option<Cell>>,
}

/// What one route says of a matter: the worst of its checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Cell {
    /// The check.
    pub check: CheckId,
    /// A few words.
    pub title: String,
    /// What a non-pass means for the gate.
    pub severity: Severity,
    /// What was decided.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What was seen.
    pub seen: String,
    /// The day from which this is known: that of the answer, or of the run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub day: Option<NaiveDate>,
    /// What it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub rests_on: Vec<Ground>,
    /// How many findings of this route speak of the matter.
    pub of: usize,
    /// How many of them are like this one.
    pub like: usize,
}

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// A page that a person read.
    Page,
    /// A file that a person captured.
    File,
    /// Words that a person quoted.
    Words,
    /// The word of a person, without evidence.
    Said,
    /// What this program looked at: a reply, the project, its files, dated facts.
    Tool,
}

impl Ground {
    /// The word used in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::File => "file",
            Self::Words => "words",
            Self::Said => "said",
            Self::Tool => "tool",
        }
    }
}

/// What the owners ask for one shot, or for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PriceRow {
    /// The shot; all of them, made once each, without one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shot: Option<String>,
    /// One for each column.
    pub cells: Vec<Asked>,
}

/// What the owner of a route asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// So much.
    Known(Price),
    /// Nobody knows: why not.
    Unknown(String),
}

/// A price, with its owner and its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Price {
    /// The sum.
    pub sum: Usd,
    /// Who asks it.
    pub owner: String,
    /// How it is known: by a dated price list, or by a quote that a person recorded.
    pub by: PricedBy,
    /// The day from which it is known.
    pub day: NaiveDate,
}

/// How a price is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PricedBy {
    /// By its dated list.
    List,
    /// By a quote that a person recorded.
    Quote,
}

impl PricedBy {
    /// The word used in output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Quote => "quote",
        }
    }
}
