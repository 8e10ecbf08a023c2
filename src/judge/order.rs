//! In which order checks are judged, and which check is the root of a blocked one.

use crate::model::{
    checklist::{Check, ForEach},
    id::CheckId,
    verdict::{Finding, Verdict},
};

/// The places of the checks such that each stands behind what it requires, else in file order.
///
/// What stands in a circle comes last; its prerequisites have no verdict then, so it is blocked.
#[must_use]
pub fn topological(checks: &[Check]) -> Vec<usize> {
    let mut order = Vec::with_capacity(checks.len());
    let mut waiting: Vec<usize> = (0..checks.len()).collect();
    loop {
        let ready = waiting.iter().position(|at| {
            checks.get(*at).is_some_and(|check| {
                !check.requires.iter().any(|wanted| {
                    waiting.iter().any(|other| checks.get(*other).is_some_and(|other| other.id == *wanted))
                })
            })
        });
        match ready {
            Some(place) => order.push(waiting.remove(place)),
            None => break,
        }
    }
    order.extend(waiting);
    order
}

/// The root cause that blocks a check for one subject, if any.
///
/// `judged` gives a required check and its findings; nothing when it has no verdict.
pub fn blocked_by<'a>(
    check: &Check,
    subject: Option<&str>,
    judged: impl Fn(&CheckId) -> Option<(&'a Check, &'a [Finding])>,
) -> Option<CheckId> {
    let mut carried = None;
    for wanted in &check.requires {
        let Some((required, findings)) = judged(wanted) else {
            return Some(wanted.clone());
        };
        for finding in findings.iter().filter(|finding| concerns(check, required, findings, subject, finding))
        {
            match &finding.verdict {
                verdict if verdict.lets_on() => {}
                Verdict::Blocked { by } => {
                    carried.get_or_insert_with(|| by.clone());
                }
                _ => return Some(wanted.clone()),
            }
        }
    }
    carried
}

/// Whether a finding of a required check says anything about this subject.
fn concerns(
    check: &Check,
    required: &Check,
    findings: &[Finding],
    subject: Option<&str>,
    finding: &Finding,
) -> bool {
    let per_input = |for_each| matches!(for_each, Some(ForEach::File | ForEach::Url | ForEach::Input));
    let same_kind =
        check.for_each == required.for_each || per_input(check.for_each) && per_input(required.for_each);
    let found = findings.iter().any(|other| other.subject.as_deref() == subject);
    if same_kind && (found || check.for_each != required.for_each) {
        finding.subject.as_deref() == subject
    } else {
        true
    }
}
