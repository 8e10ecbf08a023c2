//! What people recorded for a project, and which of it the findings use.

use std::collections::HashSet;

use super::{
    Case, answers,
    instance::instances,
    terms::{self, Files},
    waivers,
};
use crate::model::{
    answer::{Answer, Recorded, Waiver},
    checklist::{Check, Question},
    id::CheckId,
    recorded::{ReportedAnswer, ReportedWaiver},
    verdict::{Finding, Verdict},
};

/// All answers of the project's own route and provider to questions that are asked, in file order. Answers for other
/// routes don't belong here, and an answer that no check asks for is reported in a remark.
pub(super) fn answers(case: &Case<'_>, findings: &[Finding]) -> Vec<ReportedAnswer> {
    let spoken_of: HashSet<(&CheckId, &Recorded)> =
        findings.iter().filter_map(|finding| Some((&finding.check, finding.recorded.as_ref()?))).collect();
    let looked_at = looked_at(case);
    let ours = case.answers.answers.iter().filter(|answer| waivers::is_ours(case, answer));
    let told = ours.filter_map(|answer| {
        let question = case.checklist.check(answer.check.as_str())?.decider.question()?;
        let recorded = answers::recorded(case, question, answer);
        // A rule that passes looks at no answers, even if there are some.
        let used = looked_at.contains(&std::ptr::from_ref(answer))
            && spoken_of.contains(&(&answer.check, &recorded));
        Some(ReportedAnswer::new(answer, recorded.expires, used))
    });
    told.collect()
}

/// The answers that apply to any repetition of their checks.
fn looked_at(case: &Case<'_>) -> HashSet<*const Answer> {
    let answered: HashSet<&CheckId> = case.answers.answers.iter().map(|answer| &answer.check).collect();
    let asked = case.checklist.checks.iter().filter(|check| answered.contains(&check.id));
    let asked = asked.filter_map(|check| Some((check, check.decider.question()?)));
    asked.flat_map(|(check, question)| of_check(case, check, question)).collect()
}

fn of_check(case: &Case<'_>, check: &Check, question: &Question) -> Vec<*const Answer> {
    let instances = instances(case.project, check).unwrap_or_default();
    let of = |instance| answers::looked_at(case, check, question, instance).map(std::ptr::from_ref);
    instances.iter().filter_map(of).collect()
}

/// All waivers of the project's own route and provider, in file order.
pub(super) fn waivers(case: &Case<'_>, findings: &[Finding]) -> Vec<ReportedWaiver> {
    let in_force = in_force(case, findings);
    let one = |waiver| ReportedWaiver::new(waiver, in_force.contains(&std::ptr::from_ref(waiver)));
    waivers::of_owner(case).map(one).collect()
}

/// The waivers that waive a finding.
fn in_force(case: &Case<'_>, findings: &[Finding]) -> HashSet<*const Waiver> {
    let waived = findings.iter().filter(|finding| matches!(finding.verdict, Verdict::Waived { .. }));
    let waived: HashSet<(&str, Option<&str>)> =
        waived.map(|finding| (finding.check.as_str(), finding.subject.as_deref())).collect();
    let named: HashSet<&CheckId> = case.answers.waivers.iter().map(|waiver| &waiver.check).collect();
    let (files, mut used) = (Files::seen(&case.observations.media), HashSet::new());
    for check in case.checklist.checks.iter().filter(|check| named.contains(&check.id)) {
        for instance in instances(case.project, check).unwrap_or_default() {
            if waived.contains(&(check.id.as_str(), instance.subject.as_deref())) {
                let wanted = terms::of_instance(case.project, check, &instance, &files);
                used.extend(waivers::in_force(case, check, &wanted).map(std::ptr::from_ref));
            }
        }
    }
    used
}
