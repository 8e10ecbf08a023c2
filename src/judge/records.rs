//! What people recorded for a project, and which of it the findings speak of.

use std::collections::HashSet;

use super::{Case, answers, instance::instances, terms, waivers};
use crate::model::{
    answer::{Answer, Recorded, Waiver},
    id::CheckId,
    recorded::{ReportedAnswer, ReportedWaiver},
    verdict::{Finding, Verdict},
};

/// All answers of the project's own route and provider to questions that are asked, in file order. What was answered
/// for others is nobody's business here, and an answer that no check asks for is told in a remark.
pub(super) fn answers(case: &Case<'_>, findings: &[Finding]) -> Vec<ReportedAnswer> {
    let spoken_of: HashSet<(&CheckId, &Recorded)> =
        findings.iter().filter_map(|finding| Some((&finding.check, finding.recorded.as_ref()?))).collect();
    let asked = case.answers.answers.iter().filter(|answer| waivers::is_ours(case, answer));
    let asked = asked.filter_map(|answer| {
        let question = case.checklist.check(answer.check.as_str())?.decider.question()?;
        Some((answer, answers::recorded(question, answer)))
    });
    let all: Vec<(&Answer, Recorded)> = asked.collect();
    let one = |(at, (answer, recorded)): (usize, &(&Answer, Recorded))| {
        let later = all.get(at + 1..).unwrap_or_default();
        let used = spoken_of.contains(&(&answer.check, recorded))
            && !later.iter().any(|(other, again)| again == recorded && supersedes(other, answer));
        ReportedAnswer::new(answer, recorded.expires, used)
    };
    all.iter().enumerate().map(one).collect()
}

/// Whether one answer takes the place of an earlier one of the same day and person wherever that would count.
fn supersedes(later: &Answer, earlier: &Answer) -> bool {
    let (new, old) = (&later.scope, &earlier.scope);
    later.check == earlier.check
        && new.account == old.account
        && old.models.iter().all(|model| new.models.contains(model))
}

/// All waivers of the project's own route and provider, in file order.
pub(super) fn waivers(case: &Case<'_>, findings: &[Finding]) -> Vec<ReportedWaiver> {
    let in_force = in_force(case, findings);
    let one = |waiver| ReportedWaiver::new(waiver, in_force.contains(&std::ptr::from_ref(waiver)));
    waivers::of_owner(case).map(one).collect()
}

/// The waivers that set a finding aside.
fn in_force(case: &Case<'_>, findings: &[Finding]) -> HashSet<*const Waiver> {
    let waived = findings.iter().filter(|finding| matches!(finding.verdict, Verdict::Waived { .. }));
    let waived: HashSet<(&str, Option<&str>)> =
        waived.map(|finding| (finding.check.as_str(), finding.subject.as_deref())).collect();
    let mut used = HashSet::new();
    for check in &case.checklist.checks {
        for instance in instances(case.project, check).unwrap_or_default() {
            if waived.contains(&(check.id.as_str(), instance.subject.as_deref())) {
                let wanted = terms::of_instance(case.project, check, &instance);
                used.extend(waivers::in_force(case, check, &wanted).map(std::ptr::from_ref));
            }
        }
    }
    used
}
