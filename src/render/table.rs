//! The table that a person reads in a terminal or a log. Readable without colour, in a pipe, and at any width from 40
//! columns up.

mod brief;

use anstyle::{AnsiColor, Effects, Style as Look};

use super::{
    Detail, Style,
    lines::{self, TableLine, Titles},
    mark, summary,
};
use crate::{
    layout::{Cell, GAP, NARROWEST, Page, glued, widest},
    model::{
        decision::Bar,
        report::{Batch, Report},
        text::{counted, printable},
    },
};

/// Below this width, what was seen is under the title instead of beside it.
const SIDE_BY_SIDE: u16 = 68;

/// With less width to the right of the verdict, the labels of notes have no column of their own.
const ROOM_FOR_LABELS: u16 = 40;

/// Shows the reports of a run to a person: one table each, and a summary if there are several.
#[must_use]
pub fn render(batch: &Batch, style: &Style) -> String {
    let width = style.width.max(NARROWEST);
    let mut page = Page::new(style.colour);
    for report in &batch.reports {
        page.skip();
        table(&mut page, report, batch.several, (width, style.detail));
    }
    if batch.several {
        page.skip();
        summary::several(&mut page, batch, width);
    }
    page.finish()
}

fn table(page: &mut Page, report: &Report, several: bool, (width, detail): (u16, Detail)) {
    heading(page, report, several, width);
    match detail {
        Detail::All => every_check(page, report, width),
        Detail::Open => brief::open_checks(page, report, width),
    }
    page.skip();
    summary::write(page, report, width);
}

fn every_check(page: &mut Page, report: &Report, width: u16) {
    let titles = Titles::of(report);
    let rows: Vec<_> = lines::rows(report)
        .map(|(row, findings)| (row, lines::lines(findings.into_iter(), &titles)))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let columns = Columns::fit(rows.iter().flat_map(|(_, lines)| lines), width);
    for (row, lines) in &rows {
        let name = row.heading();
        page.skip();
        page.row(&[Cell::blank(2), Cell::new(0, width - 2, &name).look(Look::new().bold())]);
        for line in lines {
            columns.line(page, line);
        }
    }
}

fn heading(page: &mut Page, report: &Report, several: bool, width: u16) {
    let project = &report.project;
    let at = report.at.format("%Y-%m-%d %H:%M UTC");
    let text = format!(
        "{} · {} · {} · {} · {}",
        printable(&report.tool.name),
        printable(&project.name),
        glued(&format!("route {} ({})", project.route, printable(&project.provider))),
        glued(&counted(project.shots, "shot")),
        glued(&at.to_string()),
    );
    page.row(&[Cell::new(0, width, &text).look(Look::new().bold())]);
    // If it is one of several, or was found in a folder above, the file is named to avoid confusion.
    if several || report.file().starts_with("../") {
        page.row(&[Cell::new(0, width, &format!("of {}", printable(report.file())))]);
    }
    for label in labels(report) {
        page.row(&[Cell::new(0, width, &label).look(AnsiColor::Yellow.on_default().bold())]);
    }
    if let Some(via) = &report.via {
        page.row(&[Cell::new(0, width, &via.to_string()).look(AnsiColor::Yellow.on_default())]);
    }
}

/// Why a report clears nothing, whatever it decides.
fn labels(report: &Report) -> Vec<String> {
    let mut labels = Vec::new();
    if let Some(rehearsal) = &report.rehearsal {
        let name = rehearsal.scenario.as_ref().map(|name| format!(" (scenario {})", printable(name)));
        let name = name.unwrap_or_default();
        labels.push(format!("REHEARSAL{name}: calls went to the stand-in; this clears nothing"));
    }
    if let Some(replay) = &report.replay {
        let recorded = replay.recorded.format("%Y-%m-%d %H:%M UTC");
        labels.push(format!("REPLAY of calls recorded {recorded}; this clears nothing"));
    }
    if report.allow_private {
        labels.push("PRIVATE ADDRESSES allowed for media (--allow-private); this clears nothing".to_owned());
    }
    if !report.only.is_empty() {
        let parts = report.only.iter().map(|part| printable(part)).collect::<Vec<_>>().join(", ");
        labels.push(format!("PARTIAL: only {parts} and what they require; this clears nothing"));
    }
    if report.bars().iter().any(|bar| matches!(bar, Bar::AsOf(_))) {
        let at = report.at.format("%Y-%m-%d %H:%M UTC");
        labels.push(format!("AS OF {at}, not now; this clears nothing"));
    }
    labels
}

/// How wide the parts of a line are.
#[derive(Debug, Clone, Copy)]
struct Columns {
    /// Columns to the right of the verdict.
    room: u16,
    /// Columns of the title.
    title: u16,
    /// Columns of what was seen; absent when it is under the title.
    seen: Option<u16>,
}

impl Columns {
    fn fit<'a>(lines: impl Iterator<Item = &'a TableLine>, width: u16) -> Self {
        let room = width - 2 - mark::WIDTH - 2;
        if width < SIDE_BY_SIDE {
            return Self { room, title: room, seen: None };
        }
        let widest = widest(lines.map(|line| line.title.as_str()));
        let title = widest.clamp(12, (room / 20 * 9).min(44));
        Self { room, title, seen: Some(room - title - 2) }
    }

    fn line(self, page: &mut Page, line: &TableLine) {
        let mark = Cell::new(2, mark::WIDTH, line.mark.text).look(line.mark.look);
        let title = Cell::new(GAP, self.title, &line.title);
        if let Some(width) = self.seen {
            page.row(&[mark, title, Cell::new(GAP, width, &line.seen)]);
        } else {
            page.row(&[mark, title]);
            if !line.seen.is_empty() {
                page.row(&[Cell::blank(2 + mark::WIDTH), Cell::new(GAP, self.room, &line.seen)]);
            }
        }
        self.notes(page, line);
    }

    /// Labels in one column, their texts in the next, from the title's column to the right edge, because a command or
    /// an address that will be copied needs the space.
    fn notes(self, page: &mut Page, line: &TableLine) {
        if self.room < ROOM_FOR_LABELS {
            for (label, text) in &line.notes {
                let text = format!("{label}: {text}");
                page.row(&[Cell::blank(2 + mark::WIDTH), Cell::new(GAP, self.room, &text)]);
            }
            return;
        }
        let label_width = widest(line.notes.iter().map(|(label, _)| *label)) + 1;
        for (label, text) in &line.notes {
            let look = if *label == "fix" { AnsiColor::Cyan.on_default() } else { Effects::DIMMED.into() };
            page.row(&[
                Cell::blank(2 + mark::WIDTH),
                Cell::new(GAP, label_width, &format!("{label}:")).look(look),
                Cell::new(1, self.room - label_width - 1, text),
            ]);
        }
    }
}

#[cfg(test)]
mod tests;
