//! Routes side by side: what is found of each for the same shots. Nothing is weighted, and no scores are added up.

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
    /// The topics whose checks close the gate when they don't pass, in table order. Each is met or not met, never
    /// weighted.
    pub mandatory: Vec<TopicRow>,
    /// Everything else that was found; these close no gate.
    pub facts: Vec<TopicRow>,
    /// What each owner charges for these shots.
    pub prices: Vec<PriceRow>,
}

/// A route and its result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// The project file or the receipt.
    pub file: String,
    /// What is to be made, and by which route.
    pub project: ProjectSummary,
    /// The time it was judged for (UTC).
    pub at: DateTime<Utc>,
    /// What its findings add up to; this clears nothing.
    pub found: Decision,
    /// Whether it qualifies for these shots. Only its mandatory checks decide that, whatever else closes a gate.
    pub qualifies: Qualifies,
    /// Its mandatory checks that do not let it qualify.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub open: Vec<Open>,
    /// The day until which it qualifies only because of waivers: the earliest last day of them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waived_until: Option<NaiveDate>,
    /// What a reader should know about it: how it was judged, and which names its models go by.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub remarks: Vec<String>,
}

/// Whether a route qualifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Qualifies {
    /// Every mandatory check is met.
    Yes,
    /// None is refuted, and some are unknown.
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

/// One topic on all routes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TopicRow {
    /// The topic; for a check of the project's own without one, the id of the check.
    pub topic: String,
    /// Where it stands in the table.
    pub row: Row,
    /// Whether the routes differ on it.
    pub differs: bool,
    /// One for each column; `None` where that route has no such check.
    pub cells: Vec<Option<Cell>>,
}

/// What one route says about a topic: the worst of its checks.
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
    /// The day since which this is known: the day of the answer, or of the run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub day: Option<NaiveDate>,
    /// What it is based on.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub rests_on: Vec<Ground>,
    /// How many findings of this route are about the topic.
    pub of: usize,
    /// How many of them are like this one.
    pub like: usize,
}

/// What a verdict is based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// A page that a person read.
    Page,
    /// A file that a person captured.
    File,
    /// Words that a person quoted.
    Words,
    /// A person's word, without evidence.
    Said,
    /// What this program looked at itself: a reply, the project, its files, dated facts.
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

/// What the owners charge for one shot, or for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PriceRow {
    /// The shot; absent in the row for all of them, made once each.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub shot: Option<String>,
    /// One for each column.
    pub cells: Vec<Asked>,
}

/// What the owner of a route charges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// A known price.
    Known(Price),
    /// The price is unknown: the text says why.
    Unknown(String),
}

/// A price, with its owner and its date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Price {
    /// The sum.
    pub sum: Usd,
    /// Who charges it.
    pub owner: String,
    /// How it is known: from a dated price list, or from a quote that a person recorded.
    pub by: PricedBy,
    /// The day since which it is known.
    pub day: NaiveDate,
}

/// How a price is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PricedBy {
    /// From the owner's dated list.
    List,
    /// From a quote that a person recorded.
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
