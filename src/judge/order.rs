//! The order in which checks are judged, and which check is the root cause of a blocked one.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use crate::model::{
    checklist::{Check, Severity},
    id::CheckId,
    repeat::ForEach,
    verdict::{Finding, Verdict},
};

/// The positions of the checks, each after what it requires, otherwise in file order. Linear in checks and
/// requirements, except for a logarithm.
///
/// Checks in a cycle come last; their prerequisites have no verdict at that point, so they are blocked.
#[must_use]
pub fn topological(checks: &[Check]) -> Vec<usize> {
    let places: HashMap<&CheckId, usize> =
        checks.iter().enumerate().map(|(at, check)| (&check.id, at)).collect();
    let mut waits_for = vec![0_usize; checks.len()];
    let mut awaited_by = vec![Vec::new(); checks.len()];
    let mut wait = |waiting: usize, wanted: usize| {
        if let (Some(count), Some(others)) = (waits_for.get_mut(waiting), awaited_by.get_mut(wanted)) {
            *count += 1;
            others.push(waiting);
        }
    };
    for (at, check) in checks.iter().enumerate() {
        for wanted in check.requires.iter().filter_map(|id| places.get(id)) {
            wait(at, *wanted);
        }
        // What a probe saw is evidence for the question it supports, so the probe's check is judged first.
        let questions = check.supports.iter().chain(&check.settles);
        for question in questions.filter_map(|id| places.get(id)) {
            wait(*question, at);
        }
    }
    let free = waits_for.iter().enumerate().filter(|(_, count)| **count == 0);
    let mut ready: BinaryHeap<Reverse<usize>> = free.map(|(at, _)| Reverse(at)).collect();
    let mut order = Vec::with_capacity(checks.len());
    while let Some(Reverse(at)) = ready.pop() {
        order.push(at);
        for waiting in awaited_by.get_mut(at).map(std::mem::take).unwrap_or_default() {
            if let Some(count) = waits_for.get_mut(waiting) {
                *count -= 1;
                if *count == 0 {
                    ready.push(Reverse(waiting));
                }
            }
        }
    }
    order.extend(waits_for.iter().enumerate().filter(|(_, count)| **count > 0).map(|(at, _)| at));
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

/// The findings of one check, indexed by what they are about.
#[derive(Debug, Default)]
pub struct Judged {
    findings: Vec<Finding>,
    of_the_whole: Vec<usize>,
    by_subject: HashMap<String, Vec<usize>>,
}

impl Judged {
    /// All findings of a check, in the order of its repetitions.
    #[must_use]
    pub fn new(findings: Vec<Finding>) -> Self {
        let mut judged = Self::default();
        for (at, finding) in findings.iter().enumerate() {
            match &finding.subject {
                None => judged.of_the_whole.push(at),
                Some(subject) => judged.by_subject.entry(subject.clone()).or_default().push(at),
            }
        }
        Self { findings, ..judged }
    }

    /// The findings as they were passed in.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The findings as they were passed in.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    fn about(&self, subject: Option<&str>) -> &[usize] {
        match subject {
            None => &self.of_the_whole,
            Some(subject) => self.by_subject.get(subject).map_or(&[], Vec::as_slice),
        }
    }

    /// The findings that matter for this subject of a check that requires this one.
    fn concerning(&self, check: &Check, required: &Check, about: About<'_>) -> Vec<&Finding> {
        let per_input = |for_each| matches!(for_each, Some(ForEach::File | ForEach::Url | ForEach::Input));
        let same_kind =
            check.for_each == required.for_each || per_input(check.for_each) && per_input(required.for_each);
        let own = self.about(about.subject);
        let at: Vec<usize> = if same_kind && (!own.is_empty() || check.for_each != required.for_each) {
            own.to_vec()
        } else if !same_kind && check.for_each.is_some() && required.for_each.is_some() {
            let related = about.related.iter().flat_map(|subject| self.about(Some(subject)));
            let mut at: Vec<usize> = self.of_the_whole.iter().chain(related).copied().collect();
            at.sort_unstable();
            at
        } else {
            return self.findings.iter().collect();
        };
        at.into_iter().filter_map(|at| self.findings.get(at)).collect()
    }
}

/// The root cause that blocks a check for one subject, if any.
///
/// `judged` gives a required check and its findings; nothing when it has no verdict.
pub fn blocked_by<'a>(
    check: &Check,
    about: About<'_>,
    judged: impl Fn(&CheckId) -> Option<(&'a Check, &'a Judged)>,
) -> Option<CheckId> {
    let mut carried = None;
    for wanted in &check.requires {
        let Some((required, judged)) = judged(wanted) else {
            return Some(wanted.clone());
        };
        for finding in judged.concerning(check, required, about) {
            // A caution doesn't block. A refutation at a lower severity is also a `warn` verdict, but it hasn't passed.
            let refuted = finding.verdict == Verdict::Warn && required.severity != Severity::Block;
            match &finding.verdict {
                verdict if verdict.lets_on() && !refuted => {}
                Verdict::Blocked { by } => {
                    carried.get_or_insert_with(|| by.clone());
                }
                _ => return Some(wanted.clone()),
            }
        }
    }
    carried
}
