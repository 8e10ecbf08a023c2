//! What a rule says.

use super::{rule_context::RuleContext, wording};
use crate::model::{catalogue::Claim, mode::Mode, source::Source, verdict::Reason};

/// The state of a claim after a rule looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleStatus {
    /// It holds.
    Holds,
    /// It holds, with a caution.
    Caution,
    /// It does not hold.
    Refuted,
    /// It cannot be decided.
    Unknown(Reason),
    /// It can't be decided without the reply that the rule knows by this name.
    NeedsReply(&'static str),
    /// It doesn't apply.
    NotApplicable,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleOutcome {
    /// The state of the claim.
    pub status: RuleStatus,
    /// What was seen, for a reader.
    pub seen: String,
    /// What was expected and what was found, when the claim doesn't hold.
    pub sides: Option<(String, String)>,
    /// What to do, when the check's own advice is too general.
    pub fix: Option<String>,
    /// The dated fact that decided, when it was not the check's own.
    pub source: Option<Source>,
    /// Whether a person may confirm what the rule refutes. No one may if a live reply refutes it.
    pub confirmable: bool,
}

impl RuleOutcome {
    fn new(status: RuleStatus, seen: impl Into<String>) -> Self {
        Self { status, seen: seen.into(), sides: None, fix: None, source: None, confirmable: false }
    }

    /// The claim holds.
    pub fn holds(seen: impl Into<String>) -> Self {
        Self::new(RuleStatus::Holds, seen)
    }

    /// The claim holds, with a caution.
    pub fn caution(seen: impl Into<String>) -> Self {
        Self::new(RuleStatus::Caution, seen)
    }

    /// The claim does not hold.
    pub fn refuted(seen: impl Into<String>) -> Self {
        Self::new(RuleStatus::Refuted, seen)
    }

    /// The claim cannot be decided.
    pub fn unknown(reason: Reason, seen: impl Into<String>) -> Self {
        Self::new(RuleStatus::Unknown(reason), seen)
    }

    /// The catalogue has no claim of this kind about a shot's model and mode.
    #[must_use]
    pub fn no_claim(context: &RuleContext<'_>, what: &str, model: &str, mode: Mode) -> Self {
        let model = wording::clip(model);
        Self::unknown(
            Reason::NoClaim,
            format!("no claim about {what} of `{model}` in {mode} by {}", context.today()),
        )
    }

    /// The claim cannot be decided without the reply that the rule knows by this name.
    #[must_use]
    pub fn needs_reply(name: &'static str) -> Self {
        Self::new(RuleStatus::NeedsReply(name), "")
    }

    /// The claim doesn't apply.
    pub fn not_applicable(why: impl Into<String>) -> Self {
        Self::new(RuleStatus::NotApplicable, why)
    }

    /// Adds both sides of a refuted claim.
    #[must_use]
    pub fn sides(self, expected: impl Into<String>, got: impl Into<String>) -> Self {
        Self { sides: Some((expected.into(), got.into())), ..self }
    }

    /// Says what to do.
    #[must_use]
    pub fn fix(self, fix: impl Into<String>) -> Self {
        Self { fix: Some(fix.into()), ..self }
    }

    /// Allows a person to confirm the claim anyway.
    #[must_use]
    pub fn confirmable(self) -> Self {
        Self { confirmable: true, ..self }
    }

    /// Names the dated fact that decided.
    #[must_use]
    pub fn by(self, claim: &Claim) -> Self {
        Self { source: Some(claim.source.clone()), ..self }
    }

    /// How bad it is: of several outcomes about one subject, the worst counts.
    pub(super) fn weight(&self) -> u8 {
        match self.status {
            RuleStatus::NotApplicable => 0,
            RuleStatus::Holds => 1,
            RuleStatus::Caution => 2,
            RuleStatus::Unknown(_) | RuleStatus::NeedsReply(_) => 3,
            RuleStatus::Refuted => 4,
        }
    }

    /// Combines several outcomes about one subject: the worst counts, and what the equally bad ones saw is kept.
    #[must_use]
    pub fn worst(outcomes: Vec<Self>) -> Option<Self> {
        let worst = outcomes.iter().map(Self::weight).max()?;
        let mut equal = outcomes.into_iter().filter(|outcome| outcome.weight() == worst);
        let mut first = equal.next()?;
        for next in equal {
            // Nothing is contained in everything.
            if !first.seen.contains(&next.seen) {
                first.seen = format!("{}; {}", first.seen, next.seen);
            }
            first.sides = match (first.sides.take(), next.sides) {
                (Some((want, got)), Some((want_too, got_too))) => {
                    Some((format!("{want}; {want_too}"), format!("{got}; {got_too}")))
                }
                (one, other) => one.or(other),
            };
        }
        Some(first)
    }
}
