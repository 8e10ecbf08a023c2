//! Recognises the bad replies that a checklist knows.

use super::{expect, value::Scope};
use crate::model::{
    checklist::{Check, Checklist, Fault},
    observation::Observation,
};

/// The first fault that matches and explains why a check didn't pass.
#[must_use]
pub fn recognise<'a>(
    checklist: &'a Checklist,
    check: &Check,
    observation: &Observation,
    scope: Scope<'_>,
) -> Option<&'a Fault> {
    let mut faults = checklist.faults.iter().filter(|fault| fault.speaks_of(check));
    faults.find(|fault| matches(fault, observation, scope))
}

/// The first fault that matches and names a check: it applies even when all expectations are met.
#[must_use]
pub fn recognise_named<'a>(
    checklist: &'a Checklist,
    check: &Check,
    observation: &Observation,
    scope: Scope<'_>,
) -> Option<&'a Fault> {
    let mut faults =
        checklist.faults.iter().filter(|fault| !fault.checks.is_empty() && fault.speaks_of(check));
    faults.find(|fault| matches(fault, observation, scope))
}

/// Whether the same call may be tried again: not when a matching fault says otherwise, whether shipped or the project's
/// own.
#[must_use]
pub fn may_retry(checklist: &Checklist, observation: &Observation) -> bool {
    [false, true].into_iter().all(|own| {
        let mut faults = checklist.faults.iter().filter(|fault| fault.own == own);
        let first = faults.find(|fault| matches(fault, observation, Scope::default()));
        first.is_none_or(|fault| fault.retry)
    })
}

fn matches(fault: &Fault, observation: &Observation, scope: Scope<'_>) -> bool {
    expect::shows(&fault.when, observation, scope)
}
