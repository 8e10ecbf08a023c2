//! Dated exceptions: what they waive, and which of them aren't valid.

use super::{
    Case,
    instance::Instance,
    terms::{self, Files},
    wording,
};
use crate::model::{
    answer::{Answer, Waiver},
    checklist::Check,
    nearest::nearest,
    verdict::{Finding, Verdict},
};

/// Waives a finding when a waiver in force covers it.
pub(super) fn apply(case: &Case<'_>, check: &Check, instance: &Instance<'_>, finding: Finding) -> Finding {
    if !is_open(&finding.verdict) || of_check(case, check).next().is_none() {
        return finding;
    }
    let files = Files::seen(&case.observations.media);
    let wanted = terms::of_instance(case.project, check, instance, &files);
    let Some(waiver) = in_force(case, check, &wanted) else { return finding };
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

fn is_open(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Fail | Verdict::Warn | Verdict::Unknown { .. } | Verdict::Blocked { .. })
}

/// The waiver that decides on all of this: the newest that was recorded for it, as with answers. If it has ended or
/// isn't valid, an older one doesn't come back into force.
pub(super) fn in_force<'a>(case: &Case<'a>, check: &Check, wanted: &[String]) -> Option<&'a Waiver> {
    let today = case.now.date_naive();
    let begun = ours(case).filter(|waiver| waiver.check == check.id && waiver.recorded <= today);
    begun
        .filter(|waiver| wanted.iter().all(|line| waiver.given_for.contains(line)))
        .max_by_key(|waiver| waiver.recorded)
        .filter(|waiver| check.waivable && waiver.sound().is_ok() && today <= waiver.until)
}

/// The waivers of the project's own route and provider, for any account.
pub(super) fn of_owner<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Waiver> {
    let project = case.project;
    let waivers = case.answers.waivers.iter();
    waivers.filter(|waiver| waiver.route == project.route && waiver.provider == project.provider)
}

fn ours<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Waiver> {
    let account = case.project.account.as_ref();
    of_owner(case).filter(move |waiver| waiver.account.as_ref() == account)
}

/// What a reader should know about waivers and answers that aren't valid.
pub(super) fn remarks(case: &Case<'_>, findings: &[Finding]) -> Vec<String> {
    let today = case.now.date_naive();
    let mut remarks = Vec::new();
    let mut say = |remark: String| {
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
    };
    for waiver in of_owner(case) {
        let id = &waiver.check;
        let Some(check) = case.checklist.check(id.as_str()) else {
            say(format!("a waiver names the check `{id}`, which does not exist{}", near(case, id.as_str())));
            continue;
        };
        if !check.waivable {
            say(format!("`{id}` cannot be waived; the waiver is ignored"));
        } else if let Err(defect) = waiver.sound() {
            say(format!("the waiver of `{id}` {defect}; it is ignored"));
        } else if waiver.recorded > today {
            say(format!("the waiver of `{id}` begins on {}", waiver.recorded));
        } else if waiver.account != case.project.account {
            say(format!(
                "the waiver of `{id}` is for {}, and the project names {}",
                account(waiver.account.as_deref()),
                account(case.project.account.as_deref())
            ));
        } else if waiver.until < today {
            // A newer waiver makes an old one history.
            if of_check(case, check).max_by_key(|other| other.recorded) == Some(waiver) {
                say(format!("the waiver of `{id}` expired on {}", waiver.until));
            }
        } else if let Some(remark) = of_standing(case, check, findings) {
            say(remark);
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

/// What to say about the waivers of a check that are in force: what they leave open, or that they aren't needed.
fn of_standing(case: &Case<'_>, check: &Check, findings: &[Finding]) -> Option<String> {
    let id = &check.id;
    let mut left: Vec<String> = terms::of_waiver(case.project, check, &Files::seen(&case.observations.media));
    left.retain(|line| of_check(case, check).all(|waiver| !waiver.given_for.contains(line)));
    let found = || findings.iter().filter(|finding| finding.check == *id);
    if found().any(|finding| is_open(&finding.verdict)) {
        let left = wording::clip(&left.join("; "));
        return (!left.is_empty()).then(|| {
            format!(
                "the waiver of `{id}` was not recorded for {left}; if it holds there too, record it again with \
                 `greenlight waive {id}`"
            )
        });
    }
    let used = found().any(|finding| matches!(finding.verdict, Verdict::Waived { .. }));
    let until = of_check(case, check).map(|waiver| waiver.until).max()?;
    (!used).then(|| format!("the waiver of `{id}` until {until} is not needed"))
}

/// All waivers of a check that belong to this project and have begun.
fn of_check<'a>(case: &Case<'a>, check: &Check) -> impl Iterator<Item = &'a Waiver> {
    let today = case.now.date_naive();
    let id = check.id.clone();
    ours(case).filter(move |waiver| waiver.check == id && waiver.recorded <= today)
}

fn account(name: Option<&str>) -> String {
    name.map_or_else(|| "no account".to_owned(), |name| format!("account {}", wording::clip(name)))
}

/// Whether an answer is for the project's own route and provider.
pub(super) fn is_ours(case: &Case<'_>, answer: &Answer) -> bool {
    answer.scope.route == case.project.route && answer.scope.provider == case.project.provider
}

fn near(case: &Case<'_>, id: &str) -> String {
    let best = nearest(id, case.checklist.checks.iter().map(|check| check.id.as_str()));
    best.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}
