//! What was seen of one project, and what it is judged from.

use chrono::{DateTime, Utc};

use crate::{
    judge::Case,
    load::Loaded,
    model::{
        checklist::Checklist,
        decision::FailOn,
        observation::Observations,
        report::{Rehearsal, Replay, Tool},
        via::Via,
    },
};

/// What was seen of one project, and what it is judged from.
pub struct Observed {
    /// What was seen.
    pub observations: Observations,
    /// The part of the checklist that was asked for; absent if it is the whole checklist.
    pub(super) narrowed: Option<Checklist>,
    pub(super) only: Vec<String>,
    pub(super) now: DateTime<Utc>,
    pub(super) made: DateTime<Utc>,
    pub(super) rehearsal: Option<Rehearsal>,
    pub(super) replay: Option<Replay>,
    pub(super) allow_private: bool,
    pub(super) via: Option<Via>,
    pub(super) fail_on: FailOn,
}

impl Observed {
    /// Everything that the project is judged from; `loaded` is the one that was observed.
    #[must_use]
    pub fn case<'a>(&'a self, loaded: &'a Loaded) -> Case<'a> {
        Case {
            project: &loaded.project,
            file: &loaded.file,
            checklist: self.narrowed.as_ref().unwrap_or(&loaded.checklist),
            catalogue: &loaded.catalogue,
            answers: &loaded.answers,
            observations: &self.observations,
            now: self.now,
            made: self.made,
            rehearsal: self.rehearsal.clone(),
            replay: self.replay.clone(),
            allow_private: self.allow_private,
            via: self.via.clone(),
            only: self.only.clone(),
            fail_on: self.fail_on,
            inputs: loaded.inputs.clone(),
            tool: Tool::this(),
        }
    }
}
