//! The clock of the stand-in: it runs at normal speed, and tests can set it.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that was started at a given time.
#[derive(Debug)]
pub(super) struct Clock {
    base: DateTime<Utc>,
    started: Instant,
    /// How far it was moved forward or back.
    moved: Mutex<TimeDelta>,
}

impl Clock {
    /// Starts at this time.
    pub(super) fn new(base: DateTime<Utc>) -> Self {
        Self { base, started: Instant::now(), moved: Mutex::default() }
    }

    /// What it shows.
    pub(super) fn now(&self) -> DateTime<Utc> {
        let moved = *self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = TimeDelta::from_std(self.running()).unwrap_or(TimeDelta::MAX);
        self.base.checked_add_signed(gone).and_then(|now| now.checked_add_signed(moved)).unwrap_or(self.base)
    }

    /// How long it has really been running, whatever it was set to.
    pub(super) fn running(&self) -> Duration {
        self.started.elapsed()
    }

    /// Moves it forward.
    pub(super) fn advance(&self, by: Duration) {
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        *moved = moved.checked_add(&by).unwrap_or(*moved);
    }

    /// Sets it to a time.
    pub(super) fn set(&self, to: DateTime<Utc>) {
        let by = to - self.now();
        let mut moved = self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        *moved = moved.checked_add(&by).unwrap_or(*moved);
    }

    /// Forgets what it was set to.
    pub(super) fn reset(&self) {
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner) = TimeDelta::zero();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_what_it_was_set_to_and_goes_on() {
        let base: DateTime<Utc> = "2026-11-22T10:00:00Z".parse().unwrap();
        let clock = Clock::new(base);
        let since = |from: DateTime<Utc>| (clock.now() - from).num_minutes();
        assert_eq!(since(base), 0);
        clock.advance(Duration::from_hours(1));
        assert_eq!(since(base), 60);
        let other: DateTime<Utc> = "2027-01-01T00:00:00Z".parse().unwrap();
        clock.set(other);
        assert_eq!(since(other), 0);
        clock.advance(Duration::from_mins(2));
        assert_eq!(since(other), 2);
        clock.reset();
        assert_eq!(since(base), 0);
    }
}
