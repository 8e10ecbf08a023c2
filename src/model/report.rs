//! The report: the only input of every renderer. As JSON it is the receipt.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{
    call::Call,
    canonical,
    decision::{Bar, Decided, Decision, FailOn, Stated},
    money::Usd,
    recorded::{ReportedAnswer, ReportedWaiver},
    reported::{ReportedChecks, digest_of_list},
    route::Route,
    text::hex,
    verdict::{Finding, Verdict},
    via::Via,
};

/// Version of the receipt's format. A field may be added within a version; no field changes its meaning.
///
/// Since version 2 a run that clears nothing states no `decision`, only what it `would-be`.
pub const SCHEMA_VERSION: u32 = 2;

/// The versions that this program reads.
pub const READABLE: RangeInclusive<u64> = 1..=SCHEMA_VERSION as u64;

/// All findings, and what they were made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What wrote it.
    pub tool: Tool,
    /// The time it is judged for (UTC).
    pub at: DateTime<Utc>,
    /// The time of the run itself (UTC). A run that is judged for another time clears nothing now.
    pub made: DateTime<Utc>,
    /// Present when the calls went to a stand-in: such a report clears nothing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rehearsal: Option<Rehearsal>,
    /// Present when the replies were read from a transcript: such a report clears nothing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub replay: Option<Replay>,
    /// Whether media could be at addresses that no provider can reach: such a report clears nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub allow_private: bool,
    /// What was between this program and the servers it called: a proxy, or custom certificate authorities.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub via: Option<Via>,
    /// The rows and checks that were asked for, when not all of them: such a report clears nothing.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub only: Vec<String>,
    /// What closes the gate.
    pub fail_on: FailOn,
    /// What is to be made.
    pub project: ProjectSummary,
    /// Every file that was read, with its digest.
    pub inputs: Vec<InputDigest>,
    /// All findings, in the order of the checklist.
    pub findings: Vec<Finding>,
    /// The checks of these findings, each once.
    #[serde(skip_serializing_if = "ReportedChecks::is_none", default)]
    pub checks: ReportedChecks,
    /// What people answered, including older answers, in the order in which they were recorded.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub answers: Vec<ReportedAnswer>,
    /// What people waived, including older waivers, in the order in which they were recorded.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub waivers: Vec<ReportedWaiver>,
    /// How many of each verdict.
    pub totals: Totals,
    /// What it states about the gate. [`Report::decided`] says whether that is a decision.
    #[serde(flatten)]
    pub stated: Stated,
    /// What else a reader should know: waivers and answers that aren't valid.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub remarks: Vec<String>,
    /// Every call that was made while checking.
    pub calls: Vec<Call>,
    /// SHA-256 of the receipt without this field and with the SHA-256 of `checks` in their place, both with sorted keys
    /// and no white space: [`digest`]. It shows that nothing was changed by hand; it isn't a signature.
    pub digest: String,
}

impl Report {
    /// The project file as it was named.
    #[must_use]
    pub fn file(&self) -> &str {
        let project = self.inputs.iter().find(|input| input.role == InputRole::Project);
        project.map_or("", |input| &input.path)
    }

    /// The calls that were sent for this project: not those of an earlier project, and none in a replay.
    pub fn sent(&self) -> impl Iterator<Item = &Call> + Clone {
        self.calls.iter().filter(|call| self.replay.is_none() && !call.shared)
    }

    /// Why it clears nothing, whatever its findings add up to; empty for a live, complete run that was judged for its
    /// own time.
    #[must_use]
    pub fn bars(&self) -> Vec<Bar> {
        let own_time = self.replay.as_ref().map_or(self.made, |replay| replay.recorded);
        let bars = [
            (self.rehearsal.is_some(), Bar::Rehearsal),
            (self.replay.is_some(), Bar::Replay),
            (self.allow_private, Bar::Private),
            (!self.only.is_empty(), Bar::Partial),
            (self.at != own_time, Bar::AsOf(self.at.date_naive())),
        ];
        bars.into_iter().filter(|(is, _)| *is).map(|(_, bar)| bar).collect()
    }

    /// What the run decided, or would have decided.
    #[must_use]
    pub fn decided(&self) -> Decided {
        Decided::new(self.stated, self.bars())
    }

    /// What the findings add up to, whether that decides anything or not.
    #[must_use]
    pub fn found(&self) -> Decision {
        self.stated.found()
    }

    /// The report with what its run may state, and with its digest.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.stated = self.decided().stated();
        // The checks are hashed by their digest, which is known, so they aren't serialized again for every project.
        let checks = std::mem::take(&mut self.checks);
        if !checks.is_none() {
            self.checks = checks.beside();
        }
        self.digest = of_all_else(&self);
        self.checks = checks;
        self
    }
}

/// The digest of a receipt, lower-case hexadecimal. The `digest` field is left out and the list of checks is replaced
/// by its own digest, so the result is the same whether the list is in the receipt or next to it.
#[must_use]
pub fn digest(mut receipt: Value) -> String {
    if let Some(checks) = receipt.get_mut("checks")
        && let Some(list) = checks.as_array()
    {
        *checks = digest_of_list(list).into();
    }
    of_all_else(&receipt)
}

/// The field that is left out of its own digest.
const DIGEST: &str = "digest";

/// The digest of a receipt, or of the receipt of several projects, in which the lists of checks have already been
/// replaced.
pub(super) fn of_all_else(receipt: &impl Serialize) -> String {
    let text = canonical::text_without(receipt, DIGEST);
    text.map(|text| hex(&Sha256::digest(text))).unwrap_or_default()
}

/// The reports of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// One for each project, in the order in which they were named.
    pub reports: Vec<Report>,
    /// Whether several projects were asked for, however many there turned out to be.
    pub several: bool,
}

impl Batch {
    /// The run of one project.
    #[must_use]
    pub fn one(report: Report) -> Self {
        Self { reports: vec![report], several: false }
    }

    /// The worst result of all projects; HOLD when there is no report.
    #[must_use]
    pub fn found(&self) -> Decision {
        self.decided().found()
    }

    /// What was decided for all projects: nothing when one of their runs clears nothing.
    #[must_use]
    pub fn decided(&self) -> Decided {
        let all = self.reports.iter().map(Report::decided);
        Decided::of_all(all).unwrap_or_else(|| Decision::Hold.into())
    }
}

/// Where the replies of a replay come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Replay {
    /// When they were recorded (UTC).
    pub recorded: DateTime<Utc>,
    /// The digest of the transcript file, lower-case hexadecimal.
    pub sha256: String,
}

/// What wrote a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Tool {
    /// `greenlight`.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This program.
    #[must_use]
    pub fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// Where the calls of a rehearsal went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Rehearsal {
    /// The scenario of the embedded stand-in; absent for the user's own loopback server.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub scenario: Option<String>,
}

/// What is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ProjectSummary {
    /// Its name.
    pub name: String,
    /// Who owns the generation.
    pub route: Route,
    /// Which owner.
    pub provider: String,
    /// How many clips.
    pub shots: usize,
    /// The most it may cost.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub budget: Option<Usd>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct InputDigest {
    /// What it is.
    pub role: InputRole,
    /// As written, relative to the project, or `builtin:NAME`.
    pub path: String,
    /// Lower-case hexadecimal; absent when it is too large to be read whole.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<String>,
}

impl InputDigest {
    /// A file that was read.
    #[must_use]
    pub fn read(role: InputRole, path: impl Into<String>, sha256: impl Into<String>) -> Self {
        Self { role, path: path.into(), sha256: Some(sha256.into()) }
    }

    /// Whether it is known to be the same file. A file that wasn't read whole isn't.
    #[must_use]
    pub fn is_known_as(&self, other: &Self) -> bool {
        self.sha256.is_some() && self.sha256 == other.sha256
    }
}

/// What a file is to the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InputRole {
    /// `greenlight.toml`.
    Project,
    /// A checklist.
    Checklist,
    /// Dated facts about models.
    Catalogue,
    /// Hosts, keys and free calls.
    Owners,
    /// Recorded answers and waivers.
    Answers,
    /// An image or a clip that goes into a shot.
    Media,
    /// A file that an answer names as evidence.
    Evidence,
}

impl InputRole {
    /// The words used in output.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Checklist => "checklist",
            Self::Catalogue => "catalogue",
            Self::Owners => "list of free calls",
            Self::Answers => "answers",
            Self::Media => "media",
            Self::Evidence => "evidence",
        }
    }
}

/// How many findings of each verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Totals {
    /// Claims that hold.
    pub pass: usize,
    /// Claims that hold with a caution.
    pub warn: usize,
    /// Refuted.
    pub fail: usize,
    /// Unknown.
    pub unknown: usize,
    /// Not looked at.
    pub blocked: usize,
    /// Waived.
    pub waived: usize,
    /// Claims that don't apply.
    pub not_applicable: usize,
}

impl Totals {
    /// Counts the verdicts.
    #[must_use]
    pub fn count(findings: &[Finding]) -> Self {
        let mut totals = Self::default();
        for finding in findings {
            *match finding.verdict {
                Verdict::Pass => &mut totals.pass,
                Verdict::Warn => &mut totals.warn,
                Verdict::Fail => &mut totals.fail,
                Verdict::Unknown { .. } => &mut totals.unknown,
                Verdict::Blocked { .. } => &mut totals.blocked,
                Verdict::Waived { .. } => &mut totals.waived,
                Verdict::NotApplicable { .. } => &mut totals.not_applicable,
            } += 1;
        }
        totals
    }
}
