//! What a rule looks at.

use chrono::{DateTime, NaiveDate, Utc};

use super::length::Lengths;
use crate::model::{
    catalogue::{Catalogue, Claim, Fact},
    checklist::{Probe, Slug},
    media::{Input, MediaFact, Slot},
    money::Usd,
    observation::Observations,
    project::{Project, Shot, ShotIndex},
    rule::Given,
    sign::Sign,
};

/// What a provider charges for all shots, made once each, according to a valid answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// The sum.
    pub sum: Usd,
    /// The day of the answer.
    pub answered: NaiveDate,
}

/// Everything a rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct RuleContext<'a> {
    /// What is to be made.
    pub project: &'a Project,
    /// Where its shots are.
    pub index: &'a ShotIndex,
    /// The current shot, for a check that is repeated per shot.
    pub shot: Option<&'a Shot>,
    /// The current input, for a check that is repeated per file, address or input.
    pub input: Option<&'a Input>,
    /// The dated facts.
    pub catalogue: &'a Catalogue,
    /// Everything that was observed.
    pub observations: &'a Observations,
    /// The calls of the checklist.
    pub probes: &'a [Probe],
    /// The provider's names for the models.
    pub slugs: &'a [Slug],
    /// Known signs of sellers who re-use a consumer login.
    pub signs: &'a [Sign],
    /// What the provider charges for all shots, according to a person.
    pub quoted: Option<&'a Quoted>,
    /// The time it is judged for.
    pub now: DateTime<Utc>,
    /// Whether the calls went to a stand-in.
    pub rehearsal: bool,
    /// Whether media may be at addresses that no provider can reach.
    pub allow_private: bool,
    /// What the check gives the rule.
    pub given: &'a Given,
}

impl<'a> RuleContext<'a> {
    /// The day it is judged for (UTC).
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// The newest claim of one kind about a shot's model and mode.
    pub fn newest<T>(&self, shot: &Shot, pick: impl Fn(&'a Fact) -> Option<T>) -> Option<(T, &'a Claim)> {
        self.catalogue.newest(&shot.model, shot.mode, self.today(), pick)
    }

    /// The fields that a shot's mode ignores, with the claim that says so.
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

    /// What the checklist knows about the provider's name for a shot's model.
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
