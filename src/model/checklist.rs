//! Checks as data: what one TOML file of checks says.

use std::sync::{Arc, OnceLock};

use camino::Utf8PathBuf;
use chrono::NaiveDate;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    expect::{Expectation, Path},
    id::{CheckId, ChecklistId, FaultId, ProbeId},
    key::{Carrier, KeyLooks, KeyShape},
    mode::Mode,
    repeat::ForEach,
    reported::{ReportedCheck, ReportedChecks, ReportedQuestion},
    request::Request,
    route::{Route, Row},
    rule::Given,
    sign::Sign,
    source::Source,
    template::Template,
    topic::Topic,
};
pub use super::{
    question::{AnswerKind, EvidenceKind, Question},
    severity::Severity,
};

/// A checklist with everything it extends merged in, ready to be observed and judged.
#[derive(Debug, Clone)]
pub struct Checklist {
    /// The stem of its file.
    pub id: ChecklistId,
    /// The route it is for; `None` for a base that exists only to be extended.
    pub route: Option<Route>,
    /// The company that owns the route.
    pub owner: Option<String>,
    /// When a person last compared it with its sources.
    pub reviewed: NaiveDate,
    /// The hosts its probes call, by name; `api` is the main one.
    pub hosts: IndexMap<String, Host>,
    /// The free calls.
    pub probes: Vec<Probe>,
    /// The claims to be decided, in file order.
    pub checks: Vec<Check>,
    /// The bad replies it recognises; the first match wins.
    pub faults: Vec<Fault>,
    /// The provider's names for the models.
    pub slugs: Vec<Slug>,
    /// Known signs of sellers who re-use a consumer login.
    pub signs: Vec<Sign>,
    /// Things that aren't errors but may be unintended.
    pub remarks: Vec<String>,
    /// Its checks as reports show them.
    pub told: Told,
}

/// The checks of a checklist as reports show them, built once for all reports. A clone starts empty, because a
/// checklist is cloned in order to be changed.
#[derive(Debug, Default)]
pub struct Told(OnceLock<ReportedChecks>);

impl Clone for Told {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Checklist {
    /// Its checks as reports show them.
    #[must_use]
    pub fn reported(&self) -> ReportedChecks {
        self.told.0.get_or_init(|| self.checks.iter().map(Check::reported).collect()).clone()
    }

    /// The checks in its own file, without the inherited ones.
    pub fn own_checks(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.home == self.id)
    }

    /// The check of this id.
    #[must_use]
    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.id.as_str() == id)
    }

    /// The probe of this id.
    #[must_use]
    pub fn probe(&self, id: &str) -> Option<&Probe> {
        self.probes.iter().find(|probe| probe.id.as_str() == id)
    }

    /// What a reply to a probe must show to be a success.
    pub fn success<'a>(&'a self, probe: &'a Probe) -> impl Iterator<Item = &'a Expectation> {
        let of_host = self.hosts.get(&probe.host).map_or(&[][..], |host| host.success.as_slice());
        of_host.iter().chain(&probe.success)
    }

    /// What a reply to a probe shows when more pages follow.
    #[must_use]
    pub fn more(&self, probe: &Probe) -> &[Expectation] {
        self.hosts.get(&probe.host).map_or(&[], |host| host.more.as_slice())
    }
}

/// Where probes are sent.
#[derive(Debug, Clone)]
pub struct Host {
    /// Scheme, host and an optional path that precedes every probe's path.
    pub base_url: Url,
    /// The key that is sent with every call, if any.
    pub key: Option<KeySpec>,
    /// What a 2xx reply must show to be a success; otherwise it is an error, whatever its status.
    pub success: Vec<Expectation>,
    /// What a page of a list shows when more pages follow; one of these is enough.
    pub more: Vec<Expectation>,
}

/// Which key, and how it is sent. Only [`super::owners::Owners`] says where it may be sent.
#[derive(Debug, Clone)]
pub struct KeySpec {
    /// The environment variable; `<env>_FILE` may name a file instead.
    pub env: String,
    /// The header that carries it, and the word before it there.
    pub carrier: Carrier,
    /// What such a key looks like, as far as its owner says.
    pub looks: Option<KeyLooks>,
    /// Shapes of keys that certainly belong to someone else.
    pub refuse: Vec<KeyShape>,
}

/// A free, read-only call.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Its name within the checklist.
    pub id: ProbeId,
    /// A key of [`Checklist::hosts`].
    pub host: String,
    /// What is asked.
    pub request: Request,
    /// Whether it is made once for every shot.
    pub for_each: Option<ForEach>,
    /// Values that other replies must give first.
    pub needs: IndexMap<String, Need>,
    /// What a success shows in addition to what its host requires.
    pub success: Vec<Expectation>,
    /// Where a success names the model that serves the shot.
    pub serves: Option<Path>,
    /// Whether its success proves that the key is valid.
    pub proves_key: bool,
}

/// A provider's name for one of xAI's models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug {
    /// The provider's id, as a shot names it.
    pub id: String,
    /// Other names for the same model.
    pub aliases: Vec<String>,
    /// What xAI calls it.
    pub model: String,
    /// The modes that it makes; empty when the provider doesn't say.
    pub modes: Vec<Mode>,
    /// Who says so.
    pub source: Source,
}

impl Slug {
    /// Whether this is one of its names.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.id == name || self.aliases.iter().any(|alias| alias == name)
    }
}

/// The single list entry that a check looks at.
#[derive(Debug, Clone)]
pub struct ListEntry {
    /// Where the entries are.
    pub of: Path,
    /// Where in an entry its names are.
    pub by: Vec<Path>,
    /// The name that it must have.
    pub is: Template,
}

/// A value taken from another probe's reply.
#[derive(Debug, Clone)]
pub struct Need {
    /// The other probe.
    pub probe: ProbeId,
    /// Where in its body the value is.
    pub path: Path,
}

/// What a project must have for a check to apply to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AppliesIf {
    /// At least one file or address is used as input.
    HasInputs,
    /// At least one shot has references.
    HasReferences,
    /// More than one shot.
    SeveralShots,
    /// `commercial = true`.
    Commercial,
}

/// One claim.
#[derive(Debug, Clone)]
pub struct Check {
    /// Its name, unique in a run.
    pub id: CheckId,
    /// Where it stands in the table.
    pub row: Row,
    /// What it is about, across routes and providers; every shipped check has one.
    pub topic: Option<Topic>,
    /// A few words.
    pub title: Arc<str>,
    /// What a non-pass means for the gate.
    pub severity: Severity,
    /// Why it matters.
    pub why: Arc<str>,
    /// What to do when it does not pass.
    pub fix: Arc<str>,
    /// Where the claim comes from.
    pub source: Source,
    /// What it is repeated for.
    pub for_each: Option<ForEach>,
    /// When it applies at all.
    pub applies_if: Option<AppliesIf>,
    /// Checks that must pass first.
    pub requires: Vec<CheckId>,
    /// How it is decided.
    pub decider: Decider,
    /// What a pass shows from the reply: a label and where the value is.
    pub show: IndexMap<String, Path>,
    /// The question for which this probe's result is evidence.
    pub supports: Option<CheckId>,
    /// The questions that this check answers as well as a person can.
    pub settles: Vec<CheckId>,
    /// Whether a waiver may set it aside.
    pub waivable: bool,
    /// The checklist file that holds it.
    pub home: ChecklistId,
    /// That file as named from the working folder; none for a shipped one.
    pub file: Option<Utf8PathBuf>,
    /// Its line in that file, from 1.
    pub line: u32,
}

impl Check {
    /// Whether it comes from one of the project's own checklists rather than a shipped one.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.file.is_some()
    }

    /// This check as reports show it.
    #[must_use]
    pub fn reported(&self) -> ReportedCheck {
        ReportedCheck {
            id: self.id.clone(),
            topic: self.topic.clone(),
            row: self.row,
            title: Arc::clone(&self.title),
            severity: self.severity,
            why: Arc::clone(&self.why),
            fix: Arc::clone(&self.fix),
            source: self.source.clone(),
            question: self.decider.question().map(ReportedQuestion::from),
        }
    }

    /// Whether a person may say that its question doesn't apply: not where a rule knows that it does, and not where the
    /// check can't be waived.
    #[must_use]
    pub fn may_not_apply(&self) -> bool {
        self.waivable && matches!(self.decider, Decider::Question(_))
    }
}

/// How a check is decided.
#[derive(Debug, Clone)]
pub enum Decider {
    /// By what a probe showed.
    Probe {
        /// Which probe.
        probe: ProbeId,
        /// The entry of its reply that is looked at; without one, the whole reply.
        entry: Option<ListEntry>,
        /// All must hold.
        expect: Vec<Expectation>,
    },
    /// By a built-in rule, perhaps over replies, perhaps confirmed by a person.
    Rule {
        /// Its name.
        rule: &'static str,
        /// Its arguments, and the replies it looks at.
        given: Given,
        /// What a person may confirm when the rule says no.
        question: Option<Question>,
    },
    /// By a person.
    Question(Question),
}

impl Decider {
    /// The question, if a person has a say.
    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        match self {
            Self::Question(question) => Some(question),
            Self::Rule { question, .. } => question.as_ref(),
            Self::Probe { .. } => None,
        }
    }

    /// The probes it looks at.
    #[must_use]
    pub fn probes(&self) -> Vec<&ProbeId> {
        match self {
            Self::Probe { probe, .. } => vec![probe],
            Self::Rule { given, .. } => given.probes.values().collect(),
            Self::Question(_) => vec![],
        }
    }
}

/// A recognised bad reply.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Its name within the checklist.
    pub id: FaultId,
    /// All must hold.
    pub when: Vec<Expectation>,
    /// The checks it applies to; empty for every check that looked at the reply.
    pub checks: Vec<CheckId>,
    /// What it means for them.
    pub means: Means,
    /// Whether the same call may be tried again.
    pub retry: bool,
    /// What happened, for a reader.
    pub says: String,
    /// What to do.
    pub fix: String,
    /// Where the reply was seen.
    pub source: Source,
    /// Whether it comes from one of the project's own checklists rather than a shipped one.
    pub own: bool,
}

impl Fault {
    /// Whether it may apply to this check. A project's own fault never applies to a shipped check, because it could
    /// weaken what the shipped faults say about the same reply.
    #[must_use]
    pub fn speaks_of(&self, check: &Check) -> bool {
        (self.checks.is_empty() || self.checks.contains(&check.id)) && (!self.own || check.is_own())
    }
}

/// What a fault means for a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Means {
    /// The claim is refuted.
    Fail,
    /// Nothing was learnt.
    Unknown,
}
