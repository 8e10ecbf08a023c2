//! Findings → lines of the table: similar findings become one line, and no check takes more than a few lines, however
//! many shots a project has.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::mark::{Mark, mark, reason};
use crate::model::{
    report::Report,
    route::Row,
    text::printable,
    verdict::{Finding, Verdict},
};

/// The most lines of one check.
const MOST: usize = 10;

/// The most passes of one check that are shown separately.
const MOST_PASSES: usize = 3;

/// If the subjects together are longer than this, some are only counted.
const SHORT: usize = 24;

/// A line of the table, ready to be laid out. All texts are printable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableLine {
    /// Symbol, word, colour.
    pub(super) mark: Mark,
    /// The check's title and what it was repeated for; empty when more of the same are only counted.
    pub(super) title: String,
    /// The check's id.
    pub(super) check: String,
    /// What was seen.
    pub(super) seen: String,
    /// A label and its text: expected, got, fix.
    pub(super) notes: Vec<(&'static str, String)>,
}

/// The lines of a row of the report, root causes first.
pub(super) fn lines<'a>(findings: impl Iterator<Item = &'a Finding>, titles: &Titles<'_>) -> Vec<TableLine> {
    let mut checks: IndexMap<&str, Vec<&Finding>> = IndexMap::new();
    for finding in findings {
        checks.entry(finding.check.as_str()).or_default().push(finding);
    }
    let mut lines: Vec<TableLine> = checks.values().flat_map(|findings| of_check(findings, titles)).collect();
    lines.sort_by_key(|line| line.mark.rank);
    lines
}

/// Whether a person said that the question doesn't apply. If a rule says so, there is no date.
pub(super) fn is_set_aside(finding: &Finding) -> bool {
    matches!(finding.verdict, Verdict::NotApplicable { .. }) && finding.recorded.is_some()
}

/// The titles of checks by id, for findings that are blocked by another.
#[derive(Debug)]
pub(super) struct Titles<'a>(HashMap<&'a str, &'a str>);

impl<'a> Titles<'a> {
    /// All titles of a report.
    pub(super) fn of(report: &'a Report) -> Self {
        Self(report.findings.iter().map(|finding| (finding.check.as_str(), &*finding.title)).collect())
    }
}

/// The findings of a report by row, in the order of the table.
pub(super) fn rows(report: &Report) -> impl Iterator<Item = (Row, Vec<&Finding>)> {
    Row::ALL.into_iter().map(|row| (row, report.findings.iter().filter(|f| f.row == row).collect()))
}

/// Findings of one check that are shown as one.
struct Bundle<'a> {
    mark: Mark,
    first: &'a Finding,
    subjects: Vec<&'a str>,
    count: usize,
    seen: String,
}

fn of_check(findings: &[&Finding], titles: &Titles<'_>) -> Vec<TableLine> {
    let mut bundles = bundles(findings, titles);
    fold(&mut bundles, |finding| matches!(finding.verdict, Verdict::Pass), MOST_PASSES);
    // If a person said that it doesn't apply, their name is shown.
    let absent = |finding: &Finding| {
        matches!(finding.verdict, Verdict::NotApplicable { .. }) && !is_set_aside(finding)
    };
    fold(&mut bundles, absent, 1);
    bundles.sort_by_key(|bundle| bundle.mark.rank);
    let more: usize = bundles.iter().skip(MOST).map(|bundle| bundle.count).sum();
    bundles.truncate(MOST);
    let mut lines = Vec::with_capacity(bundles.len() + 1);
    for (index, bundle) in bundles.iter().enumerate() {
        let next = bundles.get(index + 1).filter(|next| next.mark == bundle.mark);
        let same_fix_follows = next.is_some_and(|next| next.first.fix == bundle.first.fix);
        lines.push(line(bundle, !same_fix_follows));
    }
    if let (1.., Some(last)) = (more, bundles.last()) {
        let title = format!("… and {more} more");
        lines.push(TableLine {
            mark: last.mark,
            title,
            check: String::new(),
            seen: String::new(),
            notes: Vec::new(),
        });
    }
    lines
}

fn bundles<'a>(findings: &[&'a Finding], titles: &Titles<'_>) -> Vec<Bundle<'a>> {
    let mut alike = IndexMap::new();
    for finding in findings {
        let mark = mark(finding);
        let seen = seen(finding, titles);
        let key = (mark.rank, seen, &finding.expected, &finding.got, &finding.fix);
        let bundle = alike.entry(key).or_insert_with_key(|(_, seen, ..)| Bundle {
            mark,
            first: finding,
            subjects: Vec::new(),
            count: 0,
            seen: seen.clone(),
        });
        bundle.count += 1;
        bundle.subjects.extend(finding.subject.as_deref());
    }
    alike.into_values().collect()
}

/// Merges all bundles of a kind into one when there are more than `most`.
fn fold(bundles: &mut Vec<Bundle<'_>>, of: fn(&Finding) -> bool, most: usize) {
    let (mut these, others): (Vec<_>, Vec<_>) =
        std::mem::take(bundles).into_iter().partition(|bundle| of(bundle.first));
    *bundles = others;
    if these.len() > most {
        let mut rest = these.split_off(1);
        if let Some(first) = these.first_mut() {
            first.seen = format!("e.g. {}", first.seen);
            for other in &mut rest {
                first.count += other.count;
                first.subjects.append(&mut other.subjects);
            }
        }
    }
    bundles.append(&mut these);
}

fn line(bundle: &Bundle<'_>, with_fix: bool) -> TableLine {
    let finding = bundle.first;
    let wants_notes = matches!(finding.verdict, Verdict::Fail | Verdict::Warn | Verdict::Unknown { .. });
    let notes = [
        ("expected", finding.expected.as_deref()),
        ("got", finding.got.as_deref()),
        ("fix", finding.fix.as_deref().filter(|_| with_fix)),
    ];
    TableLine {
        mark: bundle.mark,
        title: title(bundle),
        check: finding.check.to_string(),
        seen: bundle.seen.clone(),
        notes: notes
            .into_iter()
            .filter(|_| wants_notes)
            .filter_map(|(label, text)| Some((label, printable(text?).into_owned())))
            .filter(|(_, text)| !text.is_empty())
            .collect(),
    }
}

fn title(bundle: &Bundle<'_>) -> String {
    let title = printable(&bundle.first.title);
    match bundle.subjects.as_slice() {
        // Several subjects that a check doesn't apply to aren't listed.
        [_, _, ..] if matches!(bundle.first.verdict, Verdict::NotApplicable { .. }) => title.into_owned(),
        [] if bundle.count < 2 => title.into_owned(),
        [] => format!("{title} (× {})", bundle.count),
        [only] => format!("{title} [{}]", printable(only)),
        subjects => {
            let count = named(subjects);
            let names: Vec<_> = subjects.iter().take(count).map(|subject| printable(subject)).collect();
            let rest = match subjects.len() - count {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("{title} [{}{rest}]", names.join(", "))
        }
    }
}

/// How many subjects are named: all of up to three, or the first ones, as long as they are short.
fn named(subjects: &[&str]) -> usize {
    let length = |count| subjects.iter().take(count).map(|subject| subject.chars().count()).sum::<usize>();
    if subjects.len() <= 3 && length(3) <= SHORT {
        subjects.len()
    } else if length(2) <= SHORT / 2 {
        2
    } else {
        1
    }
}

/// What was seen, for a reader.
pub(super) fn seen(finding: &Finding, titles: &Titles<'_>) -> String {
    let seen = printable(&finding.seen);
    match &finding.verdict {
        Verdict::Blocked { by } => titles.0.get(by.as_str()).map_or_else(
            || format!("blocked by {by}"),
            |title| format!("blocked by {} ({by})", printable(title)),
        ),
        Verdict::Waived { until } if seen.is_empty() => format!("until {until}"),
        Verdict::Waived { until } => format!("until {until}; {seen}"),
        Verdict::NotApplicable { reason } => printable(reason).into_owned(),
        Verdict::Unknown { reason: why } if seen.is_empty() => reason(*why).to_owned(),
        _ => seen.into_owned(),
    }
}
