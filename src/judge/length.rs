//! How long each clip of a project will be, as far as shots, files and dated claims say.

use chrono::NaiveDate;

use crate::model::{
    catalogue::{Catalogue, Fact},
    id::ShotId,
    media::{Input, MediaFact, Slot},
    mode::Mode,
    observation::Observations,
    project::{Project, Shot},
};

/// What lengths are computed from.
#[derive(Debug, Clone, Copy)]
pub struct Lengths<'a> {
    /// The shots.
    pub project: &'a Project,
    /// Default lengths.
    pub catalogue: &'a Catalogue,
    /// Lengths of local files.
    pub observations: &'a Observations,
    /// The day that claims are taken for.
    pub today: NaiveDate,
}

/// Why a length is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoLength {
    /// The chain of shots comes back to itself.
    Circular(Vec<ShotId>),
    /// Something does not say: the text is for a reader.
    Unsaid(String),
}

impl NoLength {
    /// The text for a reader.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Circular(ids) => {
                let ids: Vec<_> = ids.iter().map(ShotId::as_str).collect();
                format!("the chain is circular: {}", ids.join(" → "))
            }
            Self::Unsaid(why) => why.clone(),
        }
    }
}

impl<'a> Lengths<'a> {
    /// Seconds that a shot asks for: as written, or the dated default that is taken instead.
    #[must_use]
    pub fn asked(&self, shot: &Shot) -> Option<u32> {
        let default = || {
            let pick = |fact: &Fact| match fact {
                Fact::Duration { default, .. } => Some(*default),
                _ => None,
            };
            self.catalogue.newest(&shot.model, shot.mode, self.today, pick).and_then(|(default, _)| default)
        };
        shot.duration.or_else(default)
    }

    /// Length of the finished clip of a shot, in milliseconds.
    ///
    /// # Errors
    /// [`NoLength`] says what is missing.
    pub fn of(&self, shot: &'a Shot) -> Result<u64, NoLength> {
        self.of_chain(shot, &mut Vec::new())
    }

    /// Length of the clip that goes into an edit or extension, in milliseconds.
    ///
    /// # Errors
    /// [`NoLength`] says what is missing.
    pub fn going_into(&self, shot: &'a Shot) -> Result<u64, NoLength> {
        self.input_of(shot, &mut vec![&shot.id])
    }

    // The path is cut off at the first repetition, so it is never longer than the project.
    fn of_chain(&self, shot: &'a Shot, path: &mut Vec<&'a ShotId>) -> Result<u64, NoLength> {
        if path.contains(&&shot.id) {
            let start = path.iter().position(|id| **id == shot.id).unwrap_or(0);
            let circle = path.iter().skip(start).copied().chain([&shot.id]);
            return Err(NoLength::Circular(circle.cloned().collect()));
        }
        path.push(&shot.id);
        let asked = || {
            let seconds = self.asked(shot).map(|seconds| u64::from(seconds) * 1000);
            seconds.ok_or_else(|| NoLength::Unsaid(format!("shot `{}` gives no duration", shot.id)))
        };
        match shot.mode {
            Mode::TextToVideo | Mode::ImageToVideo | Mode::ReferenceToVideo => asked(),
            Mode::Edit => self.input_of(shot, path),
            // A length beyond u64 milliseconds cannot be told from one that is merely absurd.
            Mode::Extend => Ok(self.input_of(shot, path)?.saturating_add(asked()?)),
        }
    }

    fn input_of(&self, shot: &'a Shot, path: &mut Vec<&'a ShotId>) -> Result<u64, NoLength> {
        let unsaid = |why: String| Err(NoLength::Unsaid(why));
        let Some(input) = shot.inputs_in(Slot::Video).next() else {
            return unsaid(format!("shot `{}` names no clip to start from", shot.id));
        };
        if let Input::Shot(id) = input {
            return match self.project.shots.iter().find(|other| other.id == *id) {
                Some(other) => self.of_chain(other, path),
                None => unsaid(format!("there is no shot `{id}`")),
            };
        }
        match self.observations.media.get(input) {
            Some(MediaFact::Present(media)) => media.millis.map_or_else(
                || unsaid(format!("the length of {} is not known", super::wording::input(input))),
                Ok,
            ),
            _ => unsaid(format!("{} was not looked at", super::wording::input(input))),
        }
    }
}
