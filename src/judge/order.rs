//! In which order checks are judged, and which check is the root of a blocked one.

use std::collections::{HashMap, HashSet};

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
    let mut open: HashSet<&CheckId> = checks.iter().map(|check| &check.id).collect();
    let mut supporters: HashMap<&CheckId, Vec<&CheckId>> = HashMap::new();
    for check in checks {
        if let Some(question) = &check.supports {
            supporters.entry(question).or_default().push(&check.id);
        }
    }
    loop {
        let before = waiting.len();
        waiting.retain(|at| {
            let Some(check) = checks.get(*at) else { return false };
            // What a probe saw is evidence for the question it supports, so it is judged first.
            let heard = supporters.get(&check.id).map_or(&[][..], Vec::as_slice);
            let waits =
                check.requires.iter().chain(heard.iter().copied()).any(|wanted| open.contains(wanted));
            if !waits {
                open.remove(&check.id);
                order.push(*at);
            }
            waits
        });
        if waiting.len() == before {
            break;
        }
    }
    order.extend(waiting);
    order
}

/// What a check is judged for, as findings name it.
#[derive(Debug, Clone, Copy, Default)]
pub struct About<'a> {
    /// The shot, file or address it is repeated for.
    pub subject: Option<&'a str>,
    /// The inputs of that shot, or the shots that use that input.
    pub related: &'a [String],
}

/// The root cause that blocks a check for one subject, if any.
///
/// `judged` gives a required check and its findings; nothing when it has no verdict.
pub fn blocked_by<'a>(
    check: &Check,
    about: About<'_>,
    judged: impl Fn(&CheckId) -> Option<(&'a Check, &'a [Finding])>,
) -> Option<CheckId> {
    let mut carried = None;
    for wanted in &check.requires {
        let Some((required, findings)) = judged(wanted) else {
            return Some(wanted.clone());
        };
        for finding in findings.iter().filter(|finding| concerns(check, required, findings, about, finding)) {
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
    about: About<'_>,
    finding: &Finding,
) -> bool {
    let per_input = |for_each| matches!(for_each, Some(ForEach::File | ForEach::Url | ForEach::Input));
    let same_kind =
        check.for_each == required.for_each || per_input(check.for_each) && per_input(required.for_each);
    let found = findings.iter().any(|other| other.subject.as_deref() == about.subject);
    if same_kind && (found || check.for_each != required.for_each) {
        finding.subject.as_deref() == about.subject
    } else if !same_kind && check.for_each.is_some() && required.for_each.is_some() {
        finding.subject.as_ref().is_none_or(|subject| about.related.contains(subject))
    } else {
        true
    }
}
