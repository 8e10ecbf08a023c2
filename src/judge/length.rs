//! How long each clip of a project will be, as far as shots, files and dated claims say so.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::wording;
use crate::model::{
    catalogue::{Catalogue, Claim, Fact},
    checklist::Probe,
    id::ShotId,
    media::{Input, MediaFact, Slot},
    mode::Mode,
    observation::{Observation, Observations},
    project::{Project, Shot, ShotIndex},
};

/// What lengths are computed from.
#[derive(Debug, Clone, Copy)]
pub struct Lengths<'a> {
    /// The shots.
    pub project: &'a Project,
    /// Where each of them is.
    pub index: &'a ShotIndex,
    /// Default lengths.
    pub catalogue: &'a Catalogue,
    /// Lengths of local files.
    pub observations: &'a Observations,
    /// The calls that say which model serves a shot.
    pub probes: &'a [Probe],
    /// The day for which claims are used.
    pub today: NaiveDate,
}

/// Why a length is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoLength {
    /// The chain of shots is a cycle.
    Circular(Vec<ShotId>),
    /// Something isn't given: what, and what to do about it, for a reader.
    Unsaid(String, Option<String>),
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
            Self::Unsaid(why, _) => why.clone(),
        }
    }

    /// What to do about it, when there is something.
    #[must_use]
    pub fn fix(&self) -> Option<String> {
        match self {
            Self::Circular(_) => None,
            Self::Unsaid(_, fix) => fix.clone(),
        }
    }
}

/// How an input that can't be looked into can be made measurable.
pub(super) fn measurable(input: &Input, shot: &ShotId) -> Option<String> {
    matches!(input, Input::Url(_)).then(|| {
        format!(
            "Download the clip and name the file as `video` of shot `{shot}`: greenlight does not look inside a clip \
             at an address, so its length and size stay unknown."
        )
    })
}

impl<'a> Lengths<'a> {
    /// The newest claim of one kind about the model that makes a shot, and its mode.
    pub fn newest<T>(&self, shot: &Shot, pick: impl Fn(&'a Fact) -> Option<T>) -> Option<(T, &'a Claim)> {
        let model = self.served(shot).unwrap_or(&shot.model);
        self.catalogue.newest(model, shot.mode, self.today, pick)
    }

    /// The other model that serves a shot, if a live reply names one. Its price counts, not that of the requested
    /// model.
    #[must_use]
    pub fn served(&self, shot: &Shot) -> Option<&'a str> {
        let named = self.probes.iter().find_map(|probe| {
            let path = probe.serves.as_ref()?;
            let Observation::Reply(reply) = self.observations.of(&probe.id, Some(shot.id.as_str()))? else {
                return None;
            };
            path.only(reply.json().filter(|_| reply.is_success())?)?.as_str()
        });
        named.filter(|named| self.catalogue.canonical(named) != self.catalogue.canonical(&shot.model))
    }

    /// The seconds that a shot asks for: as written, or the dated default.
    #[must_use]
    pub fn asked(&self, shot: &Shot) -> Option<u32> {
        let default = || {
            let pick = |fact: &Fact| match fact {
                Fact::Duration { default, .. } => Some(*default),
                _ => None,
            };
            self.newest(shot, pick).and_then(|(default, _)| default)
        };
        shot.duration.or_else(default)
    }

    /// Length of the finished clip of a shot, in milliseconds.
    ///
    /// # Errors
    /// [`NoLength`] says what is missing.
    pub fn of(&self, shot: &'a Shot) -> Result<u64, NoLength> {
        self.along(shot, Vec::new())
    }

    /// Length of the input clip of an edit or extension, in milliseconds.
    ///
    /// # Errors
    /// [`NoLength`] says what is missing.
    pub fn going_into(&self, shot: &'a Shot) -> Result<u64, NoLength> {
        match self.input_of(shot)? {
            Source::Measured(millis) => Ok(millis),
            Source::Made(other) => self.along(other, vec![&shot.id]),
        }
    }

    /// Adds up a chain of shots, from its end back to the clip that it starts from.
    fn along(&self, shot: &'a Shot, mut path: Vec<&'a ShotId>) -> Result<u64, NoLength> {
        let (mut at, mut sum) = (shot, 0_u64);
        loop {
            // A path is in a cycle only if it is longer than there are shots.
            if path.len() > self.project.shots.len() {
                return Err(NoLength::Circular(circle(&path, &at.id)));
            }
            path.push(&at.id);
            if at.mode != Mode::Edit {
                let asked = self.asked(at).map(|seconds| u64::from(seconds) * 1000);
                // The sum saturates: beyond u64 milliseconds it is absurd anyway.
                sum = sum.saturating_add(asked.ok_or_else(|| no_duration(at))?);
            }
            if at.mode.required_input() != Some(Slot::Video) {
                return Ok(sum);
            }
            match self.input_of(at)? {
                Source::Measured(millis) => return Ok(sum.saturating_add(millis)),
                Source::Made(other) => at = other,
            }
        }
    }

    fn input_of(&self, shot: &'a Shot) -> Result<Source<'a>, NoLength> {
        let unsaid = |why: String| Err(NoLength::Unsaid(why, None));
        let Some(input) = shot.inputs_in(Slot::Video).next() else {
            return unsaid(format!("shot `{}` names no clip to start from", shot.id));
        };
        if let Input::Shot(id) = input {
            return match self.index.shot(self.project, id) {
                Some(other) => Ok(Source::Made(other)),
                None => unsaid(format!("there is no shot `{id}`")),
            };
        }
        let name = wording::input(input);
        let what = match self.observations.media.get(input) {
            Some(MediaFact::Present(media)) => match media.millis {
                Some(millis) => return Ok(Source::Measured(millis)),
                None => format!("the length of {name} is not known"),
            },
            _ => format!("{name} was not looked at"),
        };
        Err(NoLength::Unsaid(what, measurable(input, &shot.id)))
    }
}

/// The cycle at the end of a path, from the shot that repeats first.
fn circle(path: &[&ShotId], next: &ShotId) -> Vec<ShotId> {
    let mut seen = HashMap::new();
    for (at, id) in path.iter().copied().chain([next]).enumerate() {
        if let Some(start) = seen.insert(id, at) {
            let round = path.iter().copied().chain([next]).skip(start).take(at - start + 1);
            return round.cloned().collect();
        }
    }
    Vec::new()
}

/// Where the input clip comes from.
enum Source<'a> {
    /// A file of this many milliseconds.
    Measured(u64),
    /// Another shot.
    Made(&'a Shot),
}

fn no_duration(shot: &Shot) -> NoLength {
    let fix = format!("Give shot `{}` its `duration`.", shot.id);
    NoLength::Unsaid(format!("shot `{}` gives no duration", shot.id), Some(fix))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::at_once(&["a", "a"], "a", &["a", "a"])]
    #[case::behind_a_way_in(&["x", "a", "b", "a"], "b", &["a", "b", "a"])]
    #[case::with_the_next(&["x", "y", "a"], "y", &["y", "a", "y"])]
    fn a_circle_is_told_from_where_it_begins(
        #[case] path: &[&str],
        #[case] next: &str,
        #[case] round: &[&str],
    ) {
        let [path, round] =
            [path, round].map(|ids| ids.iter().map(|id| ShotId::new(id).unwrap()).collect::<Vec<_>>());
        assert_eq!(circle(&path.iter().collect::<Vec<_>>(), &ShotId::new(next).unwrap()), round);
    }
}
