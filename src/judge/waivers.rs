//! Dated exceptions: what they set aside, and which of them count for nothing.

use super::{Case, wording};
use crate::model::{
    answer::{Answer, Waiver},
    checklist::Check,
    verdict::{Finding, Verdict},
};

/// Sets a finding aside when a waiver in force says so.
pub(super) fn apply(case: &Case<'_>, check: &Check, finding: Finding) -> Finding {
    let open = matches!(
        finding.verdict,
        Verdict::Fail | Verdict::Warn | Verdict::Unknown { .. } | Verdict::Blocked { .. }
    );
    let Some(waiver) = in_force(case, check).filter(|_| open) else { return finding };
    Finding {
        seen: format!(
            "by {}: {} (was {}: {})",
            wording::clip(&waiver.owner),
            wording::clip(&waiver.reason),
            finding.verdict.word(),
            finding.seen
        ),
        verdict: Verdict::Waived { until: waiver.until },
        fix: None,
        ..finding
    }
}

fn in_force<'a>(case: &Case<'a>, check: &Check) -> Option<&'a Waiver> {
    let today = case.now.date_naive();
    ours(case)
        .filter(|waiver| check.waivable && waiver.check == check.id && waiver.sound().is_ok())
        .filter(|waiver| waiver.recorded <= today && today <= waiver.until)
        .max_by_key(|waiver| waiver.until)
}

fn ours<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Waiver> {
    let project = case.project;
    case.answers
        .waivers
        .iter()
        .filter(|waiver| waiver.route == project.route && waiver.provider == project.provider)
}

/// What a reader should know about waivers and answers that count for nothing.
pub(super) fn remarks(case: &Case<'_>, findings: &[Finding]) -> Vec<String> {
    let today = case.now.date_naive();
    let mut remarks = Vec::new();
    let mut say = |remark: String| {
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
    };
    for waiver in ours(case) {
        let id = &waiver.check;
        let Some(check) = case.checklist.check(id.as_str()) else {
            say(format!("a waiver names the check `{id}`, which does not exist{}", near(case, id.as_str())));
            continue;
        };
        let covering = in_force(case, check);
        let used = findings
            .iter()
            .any(|finding| finding.check == *id && matches!(finding.verdict, Verdict::Waived { .. }));
        if !check.waivable {
            say(format!("`{id}` cannot be waived; the waiver counts for nothing"));
        } else if let Err(defect) = waiver.sound() {
            say(format!("the waiver of `{id}` {defect}; it counts for nothing"));
        } else if waiver.recorded > today {
            say(format!("the waiver of `{id}` begins on {}", waiver.recorded));
        } else if waiver.until < today && covering.is_none() {
            // A newer waiver makes an old one history.
            say(format!("the waiver of `{id}` expired on {}", waiver.until));
        } else if covering == Some(waiver) && !used {
            say(format!("the waiver of `{id}` until {} is not needed", waiver.until));
        }
    }
    for answer in case.answers.answers.iter().filter(|answer| is_ours(case, answer)) {
        let id = answer.check.as_str();
        match case.checklist.check(id) {
            None => say(format!("an answer names the check `{id}`, which does not exist{}", near(case, id))),
            Some(check) if check.decider.question().is_none() => {
                say(format!("an answer names the check `{id}`, which no person decides"));
            }
            Some(_) => {}
        }
    }
    remarks
}

fn is_ours(case: &Case<'_>, answer: &Answer) -> bool {
    answer.scope.route == case.project.route && answer.scope.provider == case.project.provider
}

fn near(case: &Case<'_>, id: &str) -> String {
    let best = case
        .checklist
        .checks
        .iter()
        .map(|check| (strsim::jaro_winkler(id, check.id.as_str()), check))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(likeness, _)| *likeness > 0.84)
        .map_or_else(String::new, |(_, check)| format!("; did you mean `{}`?", check.id))
}
