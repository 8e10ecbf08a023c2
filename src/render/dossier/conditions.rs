//! What must be settled before a signature: conditions with owner and date, and the largest gaps.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{
    sorted::{Placed, Sorted, shuts},
    words::{badge, first, large, list, named, said},
};
use crate::{
    model::{
        dossier::{Condition, Gap},
        id::CheckId,
        text::counted,
        verdict::{Finding, Verdict},
    },
    render::{lines, machine, mark},
};

/// How many gaps are on the first page.
const GAPS: usize = 3;

/// How many subjects of a check are named.
const SUBJECTS: usize = 3;

/// Open blockers and unknowns first, then what they block, then what is waived for a time.
pub(super) fn conditions(sorted: &Sorted<'_>, today: NaiveDate) -> Vec<Condition> {
    let fail_on = sorted.report.fail_on;
    let counts = |finding: &Finding| {
        let set = matches!(finding.verdict, Verdict::Waived { .. }) || lines::is_set_aside(finding);
        set || shuts(finding, fail_on)
    };
    sorted.bundles(counts).iter().filter_map(|bundle| condition(sorted, bundle, today)).collect()
}

fn condition(sorted: &Sorted<'_>, bundle: &[Placed<'_>], today: NaiveDate) -> Option<Condition> {
    let placed = bundle.first()?;
    let finding = placed.finding;
    let waiver = || {
        let mut all = sorted.report.waivers.iter();
        all.find(|waiver| waiver.used && waiver.check == finding.check)
    };
    let recorded = finding.recorded.as_ref();
    let (todo, owner, date) = match &finding.verdict {
        Verdict::Waived { until } => {
            let owner = waiver().map(|waiver| named(&waiver.owner));
            let why = waiver().map_or_else(|| sorted.seen(finding), |waiver| waiver.reason.clone());
            (format!("waived: {why}"), owner, format!("until {until}"))
        }
        Verdict::NotApplicable { reason } => {
            let until = recorded.map(|recorded| format!("until {}", recorded.expires));
            let owner = recorded.map(|recorded| named(&recorded.by));
            (format!("does not apply: {reason}"), owner, until.unwrap_or_default())
        }
        Verdict::Blocked { .. } => (sorted.seen(finding), None, "together with what blocks it".to_owned()),
        _ => {
            let fix = finding.fix.clone().or_else(|| placed.check.map(|check| check.fix.to_string()));
            let lapsed = recorded.filter(|recorded| recorded.expires < today);
            let date = lapsed.map(|recorded| format!("since {}", recorded.expires));
            let owner = recorded.map(|recorded| named(&recorded.by));
            (
                fix.unwrap_or_else(|| sorted.seen(finding)),
                owner,
                date.unwrap_or_else(|| "before signing".to_owned()),
            )
        }
    };
    Some(Condition {
        badge: badge(finding),
        title: title(bundle),
        numbers: numbers(bundle),
        short: first(&todo),
        todo: said(&todo),
        owner,
        date,
    })
}

/// The largest gaps: refuted before unknown, then by how many checks wait for them.
pub(super) fn gaps(sorted: &Sorted<'_>) -> Vec<Gap> {
    let report = sorted.report;
    let mut waiting: HashMap<&CheckId, usize> = HashMap::new();
    for finding in &report.findings {
        if let Verdict::Blocked { by } = &finding.verdict {
            *waiting.entry(by).or_default() += 1;
        }
    }
    let open = |finding: &Finding| {
        matches!(finding.verdict, Verdict::Fail | Verdict::Unknown { .. } | Verdict::Warn)
    };
    let mut bundles = sorted.bundles(open);
    bundles.sort_by_key(|bundle| {
        bundle.first().map(|placed| {
            let finding = placed.finding;
            let waits = waiting.get(&finding.check).copied().unwrap_or_default();
            let closed = shuts(finding, report.fail_on);
            (!closed, mark::mark(finding).rank, std::cmp::Reverse(waits), std::cmp::Reverse(bundle.len()))
        })
    });
    let gap = |bundle: &Vec<Placed<'_>>| {
        let placed = bundle.first()?;
        let finding = placed.finding;
        let why = placed.check.map_or_else(|| sorted.seen(finding), |check| check.why.to_string());
        Some(Gap {
            badge: badge(finding),
            title: title(bundle),
            numbers: numbers(bundle),
            why: first(&why),
            fix: first(finding.fix.as_deref().or(placed.check.map(|check| &*check.fix)).unwrap_or_default()),
            blocks: waiting.get(&finding.check).copied().unwrap_or_default(),
        })
    };
    bundles.iter().filter_map(gap).take(GAPS).collect()
}

fn numbers(bundle: &[Placed<'_>]) -> Vec<usize> {
    bundle.iter().map(|placed| placed.number).collect()
}

/// The title of a check, with what it was repeated for.
fn title(bundle: &[Placed<'_>]) -> String {
    let subjects: Vec<_> = bundle
        .iter()
        .filter_map(|placed| placed.finding.subject.as_deref())
        .map(|subject| machine::plain(subject).into_owned())
        .collect();
    let Some(placed) = bundle.first() else { return String::new() };
    let title = large(&machine::plain(&placed.finding.title));
    named(&match (subjects.len(), bundle.len()) {
        (0, 1) => title,
        (0, all) => format!("{title} ({})", counted(all, "time")),
        _ => format!("{title} [{}]", list(&subjects, SUBJECTS)),
    })
}
