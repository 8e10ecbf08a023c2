//! What the findings mean for the gate, and what a run may say about it.

use std::{borrow::Cow, fmt, str::FromStr};

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// What the findings add up to.
// It has no `Display`: what may be said depends on the run, so `Decided` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Decision {
    /// Cleared.
    #[serde(rename = "GO")]
    Go,
    /// Not refuted, but not known either.
    #[serde(rename = "HOLD")]
    Hold,
    /// Refuted.
    #[serde(rename = "NO-GO")]
    NoGo,
}

impl Decision {
    fn word(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::Hold => "HOLD",
            Self::NoGo => "NO-GO",
        }
    }
}

/// Why a run clears nothing, whatever its findings add up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bar {
    /// The calls went to a stand-in.
    Rehearsal,
    /// The replies were read from a transcript.
    Replay,
    /// Media could be at addresses that no provider can reach.
    Private,
    /// Not every check was judged.
    Partial,
    /// It was judged for another time than that of the run, which is on this day (UTC).
    AsOf(NaiveDate),
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rehearsal => f.write_str("REHEARSAL"),
            Self::Replay => f.write_str("REPLAY"),
            Self::Private => f.write_str("PRIVATE ADDRESSES"),
            Self::Partial => f.write_str("PARTIAL"),
            Self::AsOf(day) => write!(f, "AS OF {day}"),
        }
    }
}

/// What a run decided, or would have decided if it could clear anything: `GO`, or `REHEARSAL · would be GO`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    found: Decision,
    would_be: bool,
    bars: Vec<Bar>,
}

impl Decided {
    /// The result of a run with these bars; it decides only if there are none and the run itself states a decision.
    #[must_use]
    pub fn new(stated: Stated, mut bars: Vec<Bar>) -> Self {
        bars.sort_unstable();
        bars.dedup();
        Self { found: stated.found(), would_be: stated.decision.is_none() || !bars.is_empty(), bars }
    }

    /// The worst of several, which decides only if each of them does; `None` if there are none.
    #[must_use]
    pub fn of_all(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().reduce(|one, other| {
            let found = one.found.max(other.found);
            let decides = !one.would_be && !other.would_be;
            let stated = if decides { Stated::decision(found) } else { Stated::would_be(found) };
            Self::new(stated, [one.bars, other.bars].concat())
        })
    }

    /// What was decided; `None` for a run that clears nothing.
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        (!self.would_be).then_some(self.found)
    }

    /// What the findings add up to, whether that decides anything or not.
    #[must_use]
    pub fn found(&self) -> Decision {
        self.found
    }

    /// Why nothing was decided.
    #[must_use]
    pub fn bars(&self) -> &[Bar] {
        &self.bars
    }

    /// As a receipt states it.
    #[must_use]
    pub fn stated(&self) -> Stated {
        if self.would_be { Stated::would_be(self.found) } else { Stated::decision(self.found) }
    }

    /// Without the reasons: `GO`, or `would be GO`.
    #[must_use]
    pub fn short(&self) -> String {
        format!("{}{}", if self.would_be { "would be " } else { "" }, self.found.word())
    }
}

/// A decision by itself, such as that of `greenlight verify`.
impl From<Decision> for Decided {
    fn from(found: Decision) -> Self {
        Self { found, would_be: false, bars: Vec::new() }
    }
}

impl fmt::Display for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for bar in &self.bars {
            write!(f, "{bar} · ")?;
        }
        f.write_str(&self.short())
    }
}

/// What a receipt states: a decision, or what it would be if the run could clear anything.
///
/// Receipts of version 1 always stated a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", try_from = "Written")]
pub struct Stated {
    decision: Option<Decision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    would_be: Option<Decision>,
}

impl JsonSchema for Stated {
    fn schema_name() -> Cow<'static, str> {
        "Stated".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let decision = generator.subschema_for::<Decision>();
        json_schema!({
            "type": "object",
            "properties": {
                "decision": {
                    "description": "Whether the route is cleared. Null when the run decides nothing: in a rehearsal, \
                                    a replay, a part, with private addresses, or when it was judged for another time.",
                    "anyOf": [decision.clone(), { "type": "null" }],
                },
                "would-be": {
                    "description": "What the decision would be, where there is none.",
                    "allOf": [decision],
                },
            },
            "required": ["decision"],
            "if": { "properties": { "decision": { "type": "null" } } },
            "then": { "required": ["would-be"] },
            "else": { "not": { "required": ["would-be"] } },
        })
    }
}

impl Stated {
    /// A decision.
    #[must_use]
    pub fn decision(decision: Decision) -> Self {
        Self { decision: Some(decision), would_be: None }
    }

    /// What it would be.
    #[must_use]
    pub fn would_be(decision: Decision) -> Self {
        Self { decision: None, would_be: Some(decision) }
    }

    /// Whether it states a decision.
    #[must_use]
    pub fn decides(self) -> bool {
        self.decision.is_some()
    }

    /// What the findings add up to.
    #[must_use]
    pub fn found(self) -> Decision {
        self.decision.or(self.would_be).unwrap_or(Decision::Hold)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Written {
    #[serde(default)]
    decision: Option<Decision>,
    #[serde(default)]
    would_be: Option<Decision>,
}

impl TryFrom<Written> for Stated {
    type Error = &'static str;

    fn try_from(Written { decision, would_be }: Written) -> Result<Self, Self::Error> {
        match (decision, would_be) {
            (None, None) => Err("missing field `decision`"),
            (Some(_), Some(_)) => Err("both `decision` and `would-be`"),
            _ => Ok(Self { decision, would_be }),
        }
    }
}

/// What closes the gate: tightened by `--fail-on`, loosened by nothing but a dated waiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FailOn {
    /// Checks that fail at severity `block` close the gate.
    #[default]
    Fail,
    /// Checks that don't pass at severity `warn` close the gate too, and so does a caution.
    Warn,
}

impl FailOn {
    /// Both, the stricter last, as help lists them.
    pub const ALL: [Self; 2] = [Self::Fail, Self::Warn];

    /// The word used in TOML and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Warn => "warn",
        }
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|level| level.word() == text);
        found.ok_or_else(|| format!("`{text}` is neither `fail` nor `warn`"))
    }
}

#[cfg(test)]
mod tests;
