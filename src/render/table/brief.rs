//! The table on a terminal: open checks with their fixes, and one line for the rest of each row.

use anstyle::{Effects, Style as Look};

use super::{Columns, TableLine, lines, lines::Titles};
use crate::{
    layout::{Cell, GAP, Page, widest},
    model::{
        report::Report,
        route::Row,
        text::printable,
        verdict::{Finding, Verdict},
    },
};

/// Writes the rows.
pub(super) fn open_checks(page: &mut Page, report: &Report, width: u16) {
    let titles = Titles::of(report);
    let rows: Vec<_> = lines::rows(report)
        .filter(|(_, findings)| !findings.is_empty())
        .map(|(row, findings)| {
            let (folded, open): (Vec<_>, Vec<_>) =
                findings.into_iter().partition(|finding| is_folded(finding));
            (row, folded, lines::lines(open.into_iter(), &titles))
        })
        .collect();
    let columns = Columns::fit(rows.iter().flat_map(|(.., lines)| lines), width);
    let name_width = widest(Row::ALL.map(Row::heading).iter().map(String::as_str));
    page.skip();
    for (row, folded, lines) in &rows {
        let rest = width.saturating_sub(2 + name_width + 2);
        page.row(&[
            Cell::blank(2),
            Cell::new(0, name_width, &row.heading()).look(Look::new().bold()),
            Cell::new(GAP, rest, &told(folded, rest.into())).look(Effects::DIMMED.into()),
        ]);
        for line in lines {
            columns.line(page, &shortened(line));
        }
    }
}

/// What was seen with the check's id, and the first sentence of its fix: `greenlight explain` shows the rest.
fn shortened(line: &TableLine) -> TableLine {
    let mut line = line.clone();
    if !line.check.is_empty() {
        line.seen = format!("{} ({})", line.seen, line.check);
    }
    for (label, text) in &mut line.notes {
        if let (true, Some((first, _))) = (*label == "fix", text.split_once(". ")) {
            *text = format!("{first}.");
        }
    }
    line
}

/// Whether there is nothing to do about it.
fn is_folded(finding: &Finding) -> bool {
    matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable { .. }) && !lines::is_set_aside(finding)
}

/// How many passed, and as many of their titles as fit on the line.
fn told(folded: &[&Finding], room: usize) -> String {
    let passed: Vec<_> = folded.iter().filter(|finding| matches!(finding.verdict, Verdict::Pass)).collect();
    if passed.is_empty() {
        return String::new();
    }
    let mut text = format!("{} passed", passed.len());
    let mut titles: Vec<_> = passed.iter().map(|finding| printable(&finding.title)).collect();
    titles.dedup();
    for (place, title) in titles.iter().enumerate() {
        let before = if place == 0 { ": " } else { ", " };
        if text.chars().count() + before.len() + title.chars().count() + ", …".chars().count() > room {
            text.push_str(if place == 0 { "" } else { ", …" });
            break;
        }
        text.push_str(before);
        text.push_str(title);
    }
    text
}
