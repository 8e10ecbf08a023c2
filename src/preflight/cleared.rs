//! What a preflight leaves for the paid step: its judgement, and the way to the server.

use super::{Observed, stand_ins::StandIns};
use crate::{
    judge::Judgement,
    observe::{Clock, KeyRing, Settings},
};

/// A project that was judged for the paid step. Whether it is cleared, its judgement says.
pub struct Cleared {
    /// The judgement of this run.
    pub judgement: Judgement,
    /// What it was judged from.
    pub observed: Observed,
    pub(super) way: Way,
}

/// The way to the server. A stand-in plays as long as this is kept.
pub struct Way {
    /// How calls are made, and where they go.
    pub settings: Settings,
    /// The keys.
    pub keys: KeyRing,
    /// Tells the time of the run.
    pub clock: Clock,
    pub(super) _stand_ins: Option<StandIns>,
}

impl Cleared {
    /// The judgement, to be used up, and the way to the server.
    #[must_use]
    pub fn parted(self) -> (Judgement, Way) {
        (self.judgement, self.way)
    }
}
