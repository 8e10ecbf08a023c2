//! Recognises the bad replies that a checklist knows.

use super::{expect, value::Scope};
use crate::model::{
    checklist::{Checklist, Fault},
    id::CheckId,
    observation::Observation,
};

/// The first fault that matches and speaks for a check.
#[must_use]
pub fn recognise<'a>(
    checklist: &'a Checklist,
    check: &CheckId,
    observation: &Observation,
    scope: Scope<'_>,
) -> Option<&'a Fault> {
    checklist
        .faults
        .iter()
        .filter(|fault| fault.checks.is_empty() || fault.checks.contains(check))
        .find(|fault| matches(fault, observation, scope))
}

/// The first fault that matches and names a check: it speaks even when all expectations are met.
#[must_use]
pub fn recognise_named<'a>(
    checklist: &'a Checklist,
    check: &CheckId,
    observation: &Observation,
    scope: Scope<'_>,
) -> Option<&'a Fault> {
    checklist
        .faults
        .iter()
        .filter(|fault| fault.checks.contains(check))
        .find(|fault| matches(fault, observation, scope))
}

/// Whether the same call may be tried again: not when the fault it shows says otherwise.
#[must_use]
pub fn may_retry(checklist: &Checklist, observation: &Observation) -> bool {
    let scope = Scope::default();
    checklist.faults.iter().find(|fault| matches(fault, observation, scope)).is_none_or(|fault| fault.retry)
}

fn matches(fault: &Fault, observation: &Observation, scope: Scope<'_>) -> bool {
    expect::shows(&fault.when, observation, scope)
}
