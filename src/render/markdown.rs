//! GitHub-flavoured Markdown for a step summary or a comment: the decision, a table for each row of the checklist, and
//! the passed checks folded away.
//!
//! A step summary of 1 MiB or more isn't shown at all
//! (<https://docs.github.com/actions/using-workflows/workflow-commands-for-github-actions>, as of 2026-11-23). A page
//! that would be too large omits findings, passed ones first, and says how many.

use std::fmt::Write as _;

use super::{
    Style,
    machine::{self, CiOutcome, Told},
    mark::mark,
};
use crate::model::{
    report::{Batch, Report},
    route::Row,
    text::{counted, printable},
};

/// The limit for a step summary, in bytes; it must be smaller.
pub const SUMMARY_LIMIT: usize = 1_048_576;

/// The most characters of a text.
const LONGEST: usize = 600;

/// The page, small enough for a step summary that contains nothing else.
#[must_use]
pub fn render(batch: &Batch, _: &Style) -> String {
    within(batch, SUMMARY_LIMIT)
}

/// The page in less than `limit` bytes; empty when not even the decision fits.
///
/// If a summary already contains text, there is that much less space.
#[must_use]
pub fn within(batch: &Batch, limit: usize) -> String {
    let sheets = sheets(batch);
    let findings = sheets.iter().map(|sheet| sheet.lines.len()).sum();
    let page = |projects, keep| Some(page(batch, &sheets, projects, keep)).filter(|page| page.len() < limit);
    page(sheets.len(), findings)
        .or_else(|| largest(findings, |keep| page(sheets.len(), keep)))
        .or_else(|| largest(sheets.len(), |projects| page(projects, 0)))
        .unwrap_or_default()
}

/// The page for the largest number below `past` that has a page.
fn largest(mut past: usize, page: impl Fn(usize) -> Option<String>) -> Option<String> {
    let (mut least, mut best) = (0, None);
    while least < past {
        let middle = least + (past - least) / 2;
        match page(middle) {
            Some(page) => (least, best) = (middle + 1, Some(page)),
            None => past = middle,
        }
    }
    best
}

/// A project and its lines in the order of the page.
struct Sheet<'a> {
    report: &'a Report,
    lines: Vec<MarkdownLine>,
}

struct MarkdownLine {
    /// How many findings of the run are more important.
    place: usize,
    row: Row,
    settled: bool,
    text: String,
}

fn sheets(batch: &Batch) -> Vec<Sheet<'_>> {
    let mut places: std::collections::HashMap<_, _> =
        machine::causes_first(batch).iter().map(|told| std::ptr::from_ref(told.finding)).zip(0..).collect();
    let mut sheet = |report| {
        let mut told: Vec<_> = machine::told(report).collect();
        told.sort_by_key(|told| (told.finding.row, mark(told.finding).rank));
        let line = |told: &Told<'_>| MarkdownLine {
            place: places.remove(&std::ptr::from_ref(told.finding)).unwrap_or_default(),
            row: told.finding.row,
            settled: matches!(told.outcome, CiOutcome::Passed | CiOutcome::Absent),
            text: line(told),
        };
        Sheet { report, lines: told.iter().map(line).collect() }
    };
    batch.reports.iter().map(&mut sheet).collect()
}

fn line(told: &Told<'_>) -> String {
    let Told { finding, seen, .. } = told;
    let mut cells = vec![mark(finding).text.to_owned()];
    cells.push(format!(
        "{}<br><code>{}</code>",
        cell(&machine::title(finding)),
        cell(finding.check.as_str())
    ));
    let mut fix = String::new();
    let mut what = cell(seen);
    for (label, text) in machine::notes(finding) {
        if label == "fix" {
            fix = cell(&text);
        } else {
            let _ = write!(what, "<br>{label}: {}", cell(&text));
        }
    }
    cells.extend([what, fix]);
    format!("| {} |\n", cells.join(" | "))
}

fn page(batch: &Batch, sheets: &[Sheet<'_>], projects: usize, keep: usize) -> String {
    let mut out = format!("# greenlight: {}\n", batch.decided());
    for sheet in sheets.iter().take(projects) {
        section(&mut out, sheet, batch.several, keep);
    }
    let mut left_out = Vec::new();
    if projects < sheets.len() {
        left_out.push(counted(sheets.len() - projects, "project"));
    }
    let findings = sheets.iter().flat_map(|sheet| &sheet.lines).count();
    if keep < findings {
        left_out.push(counted(findings - keep, "finding"));
    }
    if !left_out.is_empty() {
        let _ = write!(out, "\n**Left out for lack of room: {}.**\n", left_out.join(", "));
    }
    out
}

fn section(out: &mut String, sheet: &Sheet<'_>, several: bool, keep: usize) {
    let Sheet { report, lines } = sheet;
    let project = &report.project;
    let _ = write!(out, "\n## {}\n", cell(&machine::project(report, several)));
    for label in machine::labels(report) {
        let _ = write!(out, "\n> **{}**: this clears nothing.\n", cell(&label));
    }
    let _ = write!(
        out,
        "\n**{}** · {}\n\nroute {} ({}) · {} · {} · {} {}\n",
        report.decided(),
        tally(report),
        project.route,
        cell(&project.provider),
        counted(project.shots, "shot"),
        report.at.format("%Y-%m-%d %H:%M UTC"),
        cell(&report.tool.name),
        cell(&report.tool.version),
    );
    if let Some(via) = &report.via {
        let _ = write!(out, "\n{}\n", cell(&via.to_string()));
    }
    for remark in &report.remarks {
        let _ = write!(out, "\nnote: {}\n", cell(remark));
    }
    let mut settled = String::new();
    let mut row = None;
    for line in lines.iter().filter(|line| line.place < keep) {
        if line.settled {
            settled.push_str(&line.text);
            continue;
        }
        if row != Some(line.row) {
            row = Some(line.row);
            let _ = write!(out, "\n### {}\n\n{HEAD}", line.row.heading());
        }
        out.push_str(&line.text);
    }
    if !settled.is_empty() {
        let _ = write!(
            out,
            "\n<details><summary>Passed or not applicable</summary>\n\n{HEAD}{settled}\n</details>\n"
        );
    }
    let calls = if report.replay.is_some() { 0 } else { report.calls.len() };
    let _ = write!(
        out,
        "\n{}, no credits spent.\n",
        if calls == 0 { "No calls".to_owned() } else { counted(calls, "free call") }
    );
}

const HEAD: &str = "| Verdict | Check | Seen | What to do |\n|---|---|---|---|\n";

fn tally(report: &Report) -> String {
    let counts = machine::counts(report.totals).into_iter().filter(|(_, count)| *count > 0);
    let parts: Vec<_> = counts.map(|(word, count)| format!("{count} {word}")).collect();
    if parts.is_empty() { "nothing was checked".to_owned() } else { parts.join(", ") }
}

/// A text of limited length that doesn't end the cell.
pub(super) fn cell(text: &str) -> String {
    let text = printable(text);
    literal(&machine::clipped(&text, LONGEST))
}

/// A printable text that doesn't end the cell, opens no tag, link or code, and mentions no one.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '&' | '<' | '>' | '|' | '`' | '\\' | '*' | '_' | '~' | '[' | ']' | '$' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            // GitHub turns addresses into links by itself.
            '.' if ends_with_www(&out) => out.push_str("&#46;"),
            '/' if out.ends_with(":/") => {
                out.pop();
                out.push_str("&#47;&#47;");
            }
            _ => out.push(c),
        }
        // A zero-width space keeps a name from becoming a mention and a number from becoming a reference.
        let calls = c == '@' || (c == '#' && rest.peek().is_some_and(char::is_ascii_digit));
        if calls {
            out.push_str("&#8203;");
        }
    }
    out.replace("##&#91;", "# #&#91;")
}

fn ends_with_www(text: &str) -> bool {
    text.get(text.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

#[cfg(test)]
mod tests;
