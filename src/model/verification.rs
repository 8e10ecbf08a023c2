//! Whether a receipt can be relied on: the claims that were checked, and the result.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    decision::Decision,
    report::{ProjectSummary, SCHEMA_VERSION},
};

/// The result for a receipt file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Verification {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The receipt file as it was named.
    pub receipt: String,
    /// The time it is judged for (UTC).
    pub at: DateTime<Utc>,
    /// The worst of the decisions; HOLD when there is none.
    pub decision: Decision,
    /// One for each project.
    pub reports: Vec<Verified>,
}

impl Verification {
    /// Combines the results of all projects.
    #[must_use]
    pub fn of(receipt: String, at: DateTime<Utc>, reports: Vec<Verified>) -> Self {
        let decision = reports.iter().map(|report| report.decision).max().unwrap_or(Decision::Hold);
        Self { schema_version: SCHEMA_VERSION, receipt, at, decision, reports }
    }
}

/// The result for the receipt of one project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Verified {
    /// The project file at hand, as it was named.
    pub file: String,
    /// What is to be made, as the receipt has it; absent when it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<ProjectSummary>,
    /// The time of the run (UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<DateTime<Utc>>,
    /// GO when every claim holds. NO-GO when the receipt can be relied on and says NO-GO. HOLD otherwise.
    pub decision: Decision,
    /// Everything that was looked at.
    pub claims: Vec<Claim>,
}

/// One thing that must be true of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Claim {
    /// Which.
    pub claim: About,
    /// Whether it does.
    pub holds: bool,
    /// What was seen.
    pub seen: String,
    /// What to do, when it does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

/// What must be true of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// It contains a report of the project.
    Present,
    /// It is unchanged since it was written.
    Intact,
    /// Its totals and its decision follow from its findings.
    Consistent,
    /// This program knows its format and the program that wrote it.
    KnownVersion,
    /// The provider was asked: no rehearsal, no replay.
    RealRun,
    /// Every check of the checklist was judged.
    WholeRun,
    /// It was made recently, and judged for the time at which it was made.
    Fresh,
    /// The files at hand are those it was made from.
    SameFiles,
    /// Judging these files again gives the same findings.
    SameFindings,
    /// Findings based on calls have those calls in the log, and the log contains no others.
    Calls,
    /// The answers and waivers it is based on are still valid.
    InForce,
    /// It says GO.
    SaysGo,
}

impl About {
    /// The words used in output.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Intact => "intact",
            Self::Consistent => "consistent",
            Self::KnownVersion => "known version",
            Self::RealRun => "real run",
            Self::WholeRun => "whole run",
            Self::Fresh => "fresh",
            Self::SameFiles => "same files",
            Self::SameFindings => "same findings",
            Self::Calls => "calls",
            Self::InForce => "in force",
            Self::SaysGo => "says GO",
        }
    }
}
