//! What a rule looks at, and what it says.

use chrono::{DateTime, NaiveDate, Utc};

use super::{given::Looked, length::Lengths, wording};
use crate::model::{
    catalogue::{Catalogue, Claim, Fact},
    checklist::{Probe, Slug},
    media::{Input, MediaFact, Slot},
    mode::Mode,
    observation::Observations,
    project::{Project, Shot, ShotIndex},
    rule::Given,
    source::Source,
    verdict::Reason,
};

/// Everything a rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// What is to be made.
    pub project: &'a Project,
    /// Where its shots stand.
    pub index: &'a ShotIndex,
    /// The shot at hand, for a check that is repeated per shot.
    pub shot: Option<&'a Shot>,
    /// The input at hand, for a check that is repeated per file, address or input.
    pub input: Option<&'a Input>,
    /// The dated facts.
    pub catalogue: &'a Catalogue,
    /// Everything that was observed.
    pub observations: &'a Observations,
    /// The calls of the checklist.
    pub probes: &'a [Probe],
    /// What the provider calls the models.
    pub slugs: &'a [Slug],
    /// The time it is judged for.
    pub now: DateTime<Utc>,
    /// Whether the calls went to a stand-in.
    pub rehearsal: bool,
    /// Whether media may lie where no provider can fetch them.
    pub allow_private: bool,
    /// What the check gives the rule.
    pub given: &'a Given,
}

impl<'a> Scene<'a> {
    /// The day it is judged for (UTC).
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// The newest claim of one kind about a shot's model and mode.
    pub fn newest<T>(&self, shot: &Shot, pick: impl Fn(&'a Fact) -> Option<T>) -> Option<(T, &'a Claim)> {
        self.catalogue.newest(&shot.model, shot.mode, self.today(), pick)
    }

    /// The fields that a shot's mode does not use, with the claim that says so.
    #[must_use]
    pub fn ignored(&self, shot: &Shot) -> Option<(&'a [String], &'a Claim)> {
        self.newest(shot, |fact| match fact {
            Fact::Ignores(fields) => Some(fields.as_slice()),
            _ => None,
        })
    }

    /// What looking at an input showed.
    #[must_use]
    pub fn media(&self, input: &Input) -> Option<&'a MediaFact> {
        self.observations.media.get(input)
    }

    /// What the provider says under the name of a shot's model, as far as its checklist knows it.
    #[must_use]
    pub fn slug(&self, shot: &Shot) -> Option<&'a Slug> {
        self.slugs.iter().find(|slug| slug.is_called(&shot.model))
    }

    /// The same for one shot alone.
    #[must_use]
    pub fn of_shot(&self, shot: &'a Shot) -> Self {
        Self { shot: Some(shot), ..*self }
    }

    /// Every shot and slot that an input is used in.
    pub fn uses(&self, input: &'a Input) -> impl Iterator<Item = (&'a Shot, Slot)> {
        self.project.shots.iter().flat_map(move |shot| {
            let slots = shot.inputs.iter().filter(move |(_, given)| given == input);
            slots.map(move |(slot, _)| (shot, *slot))
        })
    }

    /// How long the clips will be.
    #[must_use]
    pub fn lengths(&self) -> Lengths<'a> {
        Lengths {
            project: self.project,
            index: self.index,
            catalogue: self.catalogue,
            observations: self.observations,
            probes: self.probes,
            today: self.today(),
        }
    }
}

/// Where a claim stands after a rule looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Holds,
    /// It holds, with a caution.
    Caution,
    /// It does not hold.
    Refuted,
    /// It cannot be decided.
    Unknown(Reason),
    /// It cannot be decided without the reply that the rule knows by this name.
    NeedsReply(&'static str),
    /// It does not arise.
    NotApplicable,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Where the claim stands.
    pub standing: Standing,
    /// What was seen, for a reader.
    pub seen: String,
    /// What had to be there and what was, when the claim does not hold.
    pub sides: Option<(String, String)>,
    /// What to do, when the check's own advice is too general.
    pub fix: Option<String>,
    /// The dated fact that decided, when it was not the check's own.
    pub source: Option<Source>,
    /// Whether a person may confirm what the rule refutes. What a live reply refutes, nobody may.
    pub confirmable: bool,
}

impl Ruling {
    fn new(standing: Standing, seen: impl Into<String>) -> Self {
        Self { standing, seen: seen.into(), sides: None, fix: None, source: None, confirmable: false }
    }

    /// The claim holds.
    pub fn holds(seen: impl Into<String>) -> Self {
        Self::new(Standing::Holds, seen)
    }

    /// The claim holds, with a caution.
    pub fn caution(seen: impl Into<String>) -> Self {
        Self::new(Standing::Caution, seen)
    }

    /// The claim does not hold.
    pub fn refuted(seen: impl Into<String>) -> Self {
        Self::new(Standing::Refuted, seen)
    }

    /// The claim cannot be decided.
    pub fn unknown(reason: Reason, seen: impl Into<String>) -> Self {
        Self::new(Standing::Unknown(reason), seen)
    }

    /// The catalogue has no claim of a kind about a shot's model and mode.
    #[must_use]
    pub fn no_claim(scene: &Scene<'_>, what: &str, model: &str, mode: Mode) -> Self {
        let model = wording::clip(model);
        Self::unknown(
            Reason::NoClaim,
            format!("no claim about {what} of `{model}` in {mode} by {}", scene.today()),
        )
    }

    /// The claim cannot be decided without this reply.
    #[must_use]
    pub fn needs_reply(reply: Looked<'_>) -> Self {
        Self::new(Standing::NeedsReply(reply.name), "")
    }

    /// The claim does not arise.
    pub fn not_applicable(why: impl Into<String>) -> Self {
        Self::new(Standing::NotApplicable, why)
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

    /// Lets a person confirm the claim all the same.
    #[must_use]
    pub fn confirmable(self) -> Self {
        Self { confirmable: true, ..self }
    }

    /// Names the dated fact that decided.
    #[must_use]
    pub fn by(self, claim: &Claim) -> Self {
        Self { source: Some(claim.source.clone()), ..self }
    }

    /// How bad it is: of several rulings about one subject the worst stands.
    pub(super) fn weight(&self) -> u8 {
        match self.standing {
            Standing::NotApplicable => 0,
            Standing::Holds => 1,
            Standing::Caution => 2,
            Standing::Unknown(_) | Standing::NeedsReply(_) => 3,
            Standing::Refuted => 4,
        }
    }

    /// Several rulings about one subject: the worst stands, and what the equally bad ones saw is kept.
    #[must_use]
    pub fn worst(rulings: Vec<Self>) -> Option<Self> {
        let worst = rulings.iter().map(Self::weight).max()?;
        let mut equal = rulings.into_iter().filter(|ruling| ruling.weight() == worst);
        let mut first = equal.next()?;
        for next in equal {
            if !next.seen.is_empty() && !first.seen.contains(&next.seen) {
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
