//! The time of day of each call, counted from the start of the run.

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// A clock that is set once and then runs on its own, whatever happens to the system's clock.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    set_to: DateTime<Utc>,
    since: Instant,
}

impl Clock {
    /// A clock that shows this time now.
    #[must_use]
    pub fn set_to(time: DateTime<Utc>) -> Self {
        Self { set_to: time, since: Instant::now() }
    }

    /// The time (UTC), to the second.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let passed = i64::try_from(self.since.elapsed().as_secs()).unwrap_or(i64::MAX);
        TimeDelta::try_seconds(passed)
            .and_then(|passed| self.set_to.checked_add_signed(passed))
            .unwrap_or(self.set_to)
    }
}
