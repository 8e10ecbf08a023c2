//! What a preflight hands to the paid step: its judgement, and the connection to the server.

use camino::Utf8Path;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Observed, PreflightError, stand_ins::StandIns};
use crate::{
    judge::Judgement,
    load::Loaded,
    model::report::InputDigest,
    observe::{Clock, KeyRing, Settings, since},
};

/// A project that was judged for the paid step. The judgement says whether it is cleared.
pub struct Cleared {
    /// The judgement of this run.
    pub judgement: Judgement,
    /// What it was judged from.
    pub observed: Observed,
    /// The files that it was judged by, as they were read.
    pub(super) read: Vec<InputDigest>,
    pub(super) way: Way,
}

/// The connection to the server. A stand-in runs as long as this is kept.
pub struct Way {
    /// How calls are made, and where they go.
    pub settings: Settings,
    /// The keys.
    pub keys: KeyRing,
    /// The time of the run.
    pub clock: Clock,
    pub(super) _stand_ins: Option<StandIns>,
}

/// How long a preflight clears. Someone who thinks about the question for longer would pay for something that may no
/// longer hold.
pub const FRESH: TimeDelta = TimeDelta::minutes(15);

impl Cleared {
    /// Whether it still holds: it is fresh, and its files are unchanged. The person may have taken a while to read.
    ///
    /// # Errors
    /// [`PreflightError::Aged`] and [`PreflightError::Changed`] say why it doesn't.
    pub fn holds(&self, loaded: &Loaded, dir: &Utf8Path) -> Result<(), PreflightError> {
        is_fresh(self.judgement.report.made, self.way.clock.now())?;
        let changed = since::changed(loaded.files(), &self.read, (dir, &loaded.dir));
        changed.map_or(Ok(()), |path| Err(PreflightError::Changed(path)))
    }

    /// The judgement, to be used up, and the connection to the server.
    #[must_use]
    pub fn parted(self) -> (Judgement, Way) {
        (self.judgement, self.way)
    }
}

fn is_fresh(made: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), PreflightError> {
    let age = now - made;
    if age > FRESH { Err(PreflightError::Aged(age.num_minutes())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::just_made("2026-11-22T10:00:00Z", None)]
    #[case::at_the_edge("2026-11-22T10:15:00Z", None)]
    #[case::after_a_break("2026-11-22T10:15:01Z", Some("the preflight is 15 minutes old"))]
    #[case::the_next_day("2026-11-23T10:00:00Z", Some("the preflight is 1440 minutes old"))]
    fn a_preflight_clears_for_a_while(#[case] now: &str, #[case] why: Option<&str>) {
        let fresh = is_fresh("2026-11-22T10:00:00Z".parse().unwrap(), now.parse().unwrap());
        assert_eq!(fresh.err().map(|error| error.to_string()).as_deref(), why);
    }
}
