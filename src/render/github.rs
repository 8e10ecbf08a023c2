//! Annotations of a GitHub workflow run: `::error file=…,line=…,title=…::message`.
//!
//! GitHub shows ten annotations of each kind for a step and silently drops the rest
//! (<https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md>, as of 2026-11-23), so root causes come
//! first and omitted annotations are counted. The last line is the decision as plain text.

use std::fmt::Write as _;

use super::{
    Style,
    machine::{self, CiOutcome, Told},
};
use crate::model::{checklist::Severity, report::Batch, text::counted};

/// The most annotations of one kind.
const MOST: usize = 10;

/// The most characters of a text: a server's whole page doesn't belong in the log.
const LONGEST: usize = 1_000;

const KINDS: [&str; 3] = ["error", "warning", "notice"];

/// The commands, and the decision of each project on its own line.
#[must_use]
pub fn render(batch: &Batch, _: &Style) -> String {
    let mut out = String::new();
    let mut left_out = Vec::new();
    for kind in KINDS {
        let lines = annotations(batch, kind);
        for line in lines.iter().take(MOST) {
            let _ = writeln!(out, "{line}");
        }
        if lines.len() > MOST {
            left_out.push(counted(lines.len() - MOST, kind));
        }
    }
    if !left_out.is_empty() {
        let _ = writeln!(out, "greenlight: not annotated: {}", left_out.join(", "));
    }
    for report in &batch.reports {
        let _ = writeln!(out, "greenlight: {}", machine::decided(report, batch.several));
    }
    if batch.several {
        let _ = writeln!(out, "greenlight: {}", batch.decided());
    }
    out
}

/// All annotations of one kind, root causes first.
fn annotations(batch: &Batch, kind: &'static str) -> Vec<String> {
    let without_cause = batch.reports.iter().filter(|_| kind == "error").filter_map(|report| {
        let why = machine::shut_without_cause(report)?;
        Some(command(kind, &machine::file(report.file()), 1, &report.decided().to_string(), why))
    });
    let with_cause = machine::causes_first(batch);
    let with_cause = with_cause.iter().filter(|told| kind_of(told) == Some(kind));
    with_cause.map(|told| annotation(kind, told, batch.several)).chain(without_cause).collect()
}

fn kind_of(told: &Told<'_>) -> Option<&'static str> {
    match told.outcome {
        CiOutcome::Failed | CiOutcome::Holding => Some("error"),
        CiOutcome::Cautioned => Some("warning"),
        CiOutcome::Open if told.finding.severity >= Severity::Warn => Some("warning"),
        CiOutcome::Open | CiOutcome::Waived => Some("notice"),
        CiOutcome::Passed | CiOutcome::Absent => None,
    }
}

fn annotation(kind: &str, told: &Told<'_>, several: bool) -> String {
    let Told { report, finding, seen, .. } = told;
    let mut title = vec![finding.verdict.word().to_owned(), machine::name(finding)];
    title.extend(several.then(|| machine::plain(&report.project.name).into_owned()));
    title.extend(machine::labels(report));
    let title = title.join(" · ");
    let mut lines = vec![format!("{}: {seen}", machine::plain(&finding.title))];
    lines.extend(machine::notes(finding).into_iter().map(|(label, text)| format!("{label}: {text}")));
    let lines: Vec<_> = lines.iter().map(|line| machine::clipped(line, LONGEST)).collect();
    command(kind, &machine::file(&finding.location.file), finding.location.line, &title, &lines.join("\n"))
}

fn command(kind: &str, file: &str, line: u32, title: &str, message: &str) -> String {
    let title = machine::clipped(title, LONGEST);
    format!("::{kind} file={},line={line},title={}::{}", property(file), property(&title), data(message))
}

/// The escapes that the runner decodes (<https://github.com/actions/runner>, `ActionCommand.cs`, as of 2026-11-23).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests;
