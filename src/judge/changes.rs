//! What changed between two receipts: which checks were added, removed or changed.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use super::causes::{Between, how};
use crate::model::{
    changes::{Change, Changes, Glimpse, InputChange, Kind, ProjectChanges, Sides, Turn},
    decision::{Decided, FailOn},
    receipt::{ReceiptEntry, ReceiptFile},
    report::{InputDigest, InputRole, Report, SCHEMA_VERSION},
    verdict::{Finding, Verdict},
};

/// Compares two receipt files. Reports in a format this program doesn't know are left out.
#[must_use]
pub fn compare(old: &ReceiptFile, new: &ReceiptFile) -> Changes {
    let (then, now) = (readable(old), readable(new));
    let mut left: Vec<Option<&Side<'_>>> = then.iter().map(Some).collect();
    let lone = then.len() == 1 && now.len() == 1;
    let mut projects = Vec::new();
    for side in &now {
        let matching = |same_file: bool| {
            left.iter().position(|other| {
                other.is_some_and(|other| {
                    lone || (is_same(other.report, side.report)
                        && (!same_file || other.report.file() == side.report.file()))
                })
            })
        };
        let place = matching(true).or_else(|| matching(false));
        let before = place.and_then(|place| left.get_mut(place)).and_then(Option::take);
        projects.push(project(before, Some(side), side.report));
    }
    projects.extend(left.into_iter().flatten().map(|side| project(Some(side), None, side.report)));
    let decided = Sides { old: whole(&then), new: whole(&now) };
    let turned = |change: &Change| change.kind != Kind::Seen;
    let changed =
        projects.iter().any(|one| one.decided.turned() || one.changes.iter().any(turned)) || decided.turned();
    Changes {
        schema_version: SCHEMA_VERSION,
        old: old.file.clone(),
        new: new.file.clone(),
        decided,
        changed,
        projects,
    }
}

/// The report of a project in one of the files.
struct Side<'a> {
    report: &'a Report,
    intact: bool,
}

impl<'a> Side<'a> {
    fn of(entry: &'a ReceiptEntry) -> Option<Self> {
        Some(Self { report: entry.report.as_ref()?, intact: entry.is_intact() })
    }
}

/// What was decided for all projects of a file.
fn whole(sides: &[Side<'_>]) -> Option<Decided> {
    Decided::of_all(sides.iter().map(|side| side.report.decided()))
}

fn readable(file: &ReceiptFile) -> Vec<Side<'_>> {
    file.entries.iter().filter_map(Side::of).collect()
}

fn is_same(one: &Report, other: &Report) -> bool {
    let name = |report: &Report| {
        (report.project.name.clone(), report.project.route, report.project.provider.clone())
    };
    name(one) == name(other)
}

fn project(old: Option<&Side<'_>>, new: Option<&Side<'_>>, shown: &Report) -> ProjectChanges {
    let (then, now) = (old.map(|side| side.report), new.map(|side| side.report));
    let both = then.zip(now);
    let inputs = both.map(|(then, now)| inputs(&then.inputs, &now.inputs)).unwrap_or_default();
    let (changes, same) = both.map(|(then, now)| findings(then, now, &inputs)).unwrap_or_default();
    let mut remarks = Vec::new();
    for (which, side) in [("old", old), ("new", new)] {
        remarks.extend(side.into_iter().flat_map(|side| labels(which, side)));
    }
    if let Some((then, now)) = both.filter(|(then, now)| then.fail_on != now.fail_on) {
        remarks.push(format!("what closes the gate: {} → {}", word(then.fail_on), word(now.fail_on)));
    }
    ProjectChanges {
        project: shown.project.clone(),
        file: shown.file().to_owned(),
        decided: Sides { old: then.map(Report::decided), new: now.map(Report::decided) },
        at: Sides { old: then.map(|one| one.at), new: now.map(|one| one.at) },
        remarks,
        inputs,
        changes,
        same,
    }
}

/// What a reader should know about a receipt before relying on it.
fn labels(which: &str, side: &Side<'_>) -> Vec<String> {
    let mut labels = Vec::new();
    if !side.intact {
        labels.push(format!("the {which} receipt was edited: its digest does not match its content"));
    }
    if let Some(run) = how(side.report) {
        labels.push(format!("the {which} receipt is {run}, which clears nothing"));
    }
    labels
}

fn word(fail_on: FailOn) -> &'static str {
    match fail_on {
        FailOn::Warn => "warnings and failures",
        FailOn::Fail => "failures",
    }
}

/// The files that differ. The project file is the same file, wherever greenlight was started.
#[must_use]
pub fn inputs(old: &[InputDigest], new: &[InputDigest]) -> Vec<InputChange> {
    let same = |one: &InputDigest, other: &InputDigest| {
        one.role == other.role && (one.role == InputRole::Project || one.path == other.path)
    };
    let turned =
        |input: &InputDigest, change| InputChange { role: input.role, path: input.path.clone(), change };
    let mut turns: Vec<_> = new
        .iter()
        .filter_map(|now| match old.iter().find(|then| same(then, now)) {
            None => Some(turned(now, Turn::New)),
            Some(then) if !then.is_known_as(now) => Some(turned(now, Turn::Changed)),
            Some(_) => None,
        })
        .collect();
    let gone = old.iter().filter(|then| !new.iter().any(|now| same(then, now)));
    turns.extend(gone.map(|then| turned(then, Turn::Gone)));
    turns.sort_by(|one, other| (one.role, &one.path).cmp(&(other.role, &other.path)));
    turns
}

/// The checks that differ, and how many don't.
fn findings(old: &Report, new: &Report, inputs: &[InputChange]) -> (Vec<Change>, usize) {
    let between = Between { old, new, inputs };
    let mut before: HashMap<_, _> = numbered(&old.findings).into_iter().collect();
    let (mut changes, mut same) = (Vec::new(), 0);
    for (key, now) in numbered(&new.findings) {
        match before.remove(&key) {
            None => changes.push(change(&between, Kind::Appeared, None, Some(now), now)),
            Some(then) => match kind((old, then), (new, now)) {
                None => same += 1,
                Some(kind) => changes.push(change(&between, kind, Some(then), Some(now), now)),
            },
        }
    }
    // In the order of the old receipt, since a map has none.
    for (key, then) in numbered(&old.findings) {
        if before.contains_key(&key) {
            changes.push(change(&between, Kind::Vanished, Some(then), None, then));
        }
    }
    changes.sort_by_key(|change| (change.row, change.kind == Kind::Seen, rank(change)));
    (changes, same)
}

/// A check, its subject, and how often that pair occurred before.
type Key<'a> = (&'a str, Option<&'a str>, usize);

fn numbered(findings: &[Finding]) -> Vec<(Key<'_>, &Finding)> {
    let mut counts: HashMap<(&str, Option<&str>), usize> = HashMap::new();
    let mut all = Vec::with_capacity(findings.len());
    for finding in findings {
        let (check, subject) = (finding.check.as_str(), finding.subject.as_deref());
        let count = counts.entry((check, subject)).or_default();
        all.push(((check, subject, *count), finding));
        *count += 1;
    }
    all
}

fn change(
    between: &Between<'_>,
    kind: Kind,
    old: Option<&Finding>,
    new: Option<&Finding>,
    shown: &Finding,
) -> Change {
    Change {
        kind,
        check: shown.check.clone(),
        subject: shown.subject.clone(),
        row: shown.row,
        title: shown.title.to_string(),
        sides: Sides { old: old.map(glimpse), new: new.map(glimpse) },
        why: between.why(old, new),
    }
}

fn glimpse(finding: &Finding) -> Glimpse {
    Glimpse { severity: finding.severity, verdict: finding.verdict.clone(), seen: finding.seen.clone() }
}

/// How two findings of a check differ, if the difference matters.
fn kind((then, old): (&Report, &Finding), (now, new): (&Report, &Finding)) -> Option<Kind> {
    if old.verdict != new.verdict {
        return Some(Kind::Verdict);
    }
    if old.severity != new.severity {
        return Some(Kind::Severity);
    }
    // The cause is reported at the check it waits for.
    let derived = matches!(new.verdict, Verdict::Blocked { .. } | Verdict::NotApplicable { .. });
    let rests_on = |report: &Report, finding: &Finding| {
        let day = report.at.date_naive().to_string();
        let texts = [Some(&finding.seen), finding.expected.as_ref(), finding.got.as_ref()];
        let texts = texts.map(|text| text.map(|text| steady(text, &day)));
        (finding.recorded.clone(), finding.source.clone(), finding.fault.clone(), texts)
    };
    (!derived && rests_on(then, old) != rests_on(now, new)).then_some(Kind::Seen)
}

/// The text without parts that differ in every run and mean nothing: the day of the run, days left, free space, and the
/// port of a stand-in.
fn steady(text: &str, day: &str) -> String {
    static PASSING: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let ages = r"expires (today|tomorrow|in [0-9]+ days)|until [0-9]{4}-[0-9]{2}-[0-9]{2}";
        let here = r"//(127\.0\.0\.1|\[::1\]|([a-z-]+\.)?localhost):[0-9]+";
        Regex::new(&format!(r"{ages}|{here}|[0-9]+(\.[0-9]+)? (bytes|[KMG]iB)")).ok()
    });
    let text = text.replace(day, "…");
    match PASSING.as_ref() {
        Some(passing) => passing.replace_all(&text, "…").into_owned(),
        None => text,
    }
}

/// The worst first, according to the newer receipt.
fn rank(change: &Change) -> (bool, u8) {
    let shown = change.sides.new.as_ref().or(change.sides.old.as_ref());
    let of = |verdict: &Verdict| match verdict {
        Verdict::Fail => 0,
        Verdict::Unknown { .. } => 1,
        Verdict::Blocked { .. } => 2,
        Verdict::Warn => 3,
        Verdict::Pass => 4,
        Verdict::Waived { .. } => 5,
        Verdict::NotApplicable { .. } => 6,
    };
    (change.sides.new.is_none(), shown.map_or(u8::MAX, |glimpse| of(&glimpse.verdict)))
}

#[cfg(test)]
mod tests;
