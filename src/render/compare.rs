//! Routes side by side: mandatory topics first, then everything else, what each owner charges, and who qualifies.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Effects, Style as Look};

use super::{
    Style,
    json::pretty,
    mark::{face, reason},
    markdown::cell as escaped,
};
use crate::{
    layout::{Cell as Box, NARROWEST, Page, glued, widest},
    model::{
        compare::{Asked, Cell, Column, Comparison, PriceRow, Qualifies, TopicRow},
        text::{counted, printable},
        verdict::Verdict,
    },
};

mod html;

pub use html::html;

/// Which rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Those in which routes differ.
    Differing,
    /// All of them.
    All,
}

/// The maximum width of the first column.
const TOPIC: u16 = 24;

/// Columns between two columns.
const GAP: u16 = 2;

/// Routes with less width than this are shown one below the other.
const LEAST: u16 = 13;

/// The most open checks that are named for a route; the others are counted.
const MOST_OPEN: usize = 5;

/// What the words of a cell mean.
const LEGEND: &str = "page, file, words: what an answer rests on; said: a person's word alone; tool: what greenlight \
                      saw itself; day: of the answer, or when it was seen; 1 of 2: of that many checks of this route; \
                      – : no such check on this route";

const MANDATORY: &str = "MANDATORY (closes the gate if not met)";
const FACTS: &str = "FACTS (close no gate)";
const PRICES: &str = "PRICE (what each owner itself asks, shots made once each)";
const QUALIFIES: &str = "WHO QUALIFIES for these shots";

/// As JSON, with every row.
#[must_use]
pub fn json(comparison: &Comparison) -> String {
    pretty(comparison)
}

/// The JSON Schema of it, as committed in `schema/comparison.schema.json`.
#[must_use]
pub fn schema() -> String {
    pretty(&schemars::schema_for!(Comparison))
}

/// As a table for a terminal.
#[must_use]
pub fn table(comparison: &Comparison, rows: Rows, style: &Style) -> String {
    let width = style.width.max(NARROWEST);
    let mut page = Page::new(style.colour);
    let columns = Columns::fit(comparison, width);
    page.row(&[Box::new(0, width, &title(comparison)).look(Look::new().bold())]);
    page.skip();
    columns.heads(&mut page, comparison);
    let (mut hidden, mut shown) = (0, 0);
    for (heading, topics) in [(MANDATORY, &comparison.mandatory), (FACTS, &comparison.facts)] {
        let visible = visible(topics, rows);
        hidden += topics.len() - visible.len();
        shown += visible.len();
        if visible.is_empty() {
            continue;
        }
        section(&mut page, heading, width);
        for row in visible {
            let cells = row.cells.iter().map(|cell| (told(cell.as_ref()), look(cell.as_ref())));
            columns.line(&mut page, comparison, &topic(row), &cells.collect::<Vec<_>>());
        }
    }
    if !comparison.prices.is_empty() {
        section(&mut page, PRICES, width);
        for row in &comparison.prices {
            let cells = row.cells.iter().map(|asked| (price(asked), Look::new()));
            columns.line(&mut page, comparison, &priced(row), &cells.collect::<Vec<_>>());
        }
    }
    section(&mut page, QUALIFIES, width);
    for column in &comparison.columns {
        verdict(&mut page, column, width);
    }
    page.skip();
    for text in foot(hidden, shown) {
        page.row(&[Box::blank(2), Box::new(0, width - 2, &text).look(Effects::DIMMED.into())]);
    }
    page.finish()
}

fn title(comparison: &Comparison) -> String {
    let mut parts = vec!["greenlight compare".to_owned()];
    let first = comparison.columns.first().map(|column| &column.project);
    let same =
        comparison.columns.iter().all(|column| Some(&column.project.name) == first.map(|one| &one.name));
    if let Some(project) = first.filter(|_| same) {
        parts.push(printable(&project.name).into_owned());
        parts.push(glued(&counted(project.shots, "shot")));
    }
    parts.push(glued(&counted(comparison.columns.len(), "route")));
    parts.join(" · ")
}

fn section(page: &mut Page, heading: &str, width: u16) {
    page.skip();
    page.row(&[Box::blank(2), Box::new(0, width - 2, heading).look(Look::new().bold())]);
}

fn visible(topics: &[TopicRow], rows: Rows) -> Vec<&TopicRow> {
    topics.iter().filter(|row| rows == Rows::All || row.differs).collect()
}

fn topic(row: &TopicRow) -> String {
    let words = if row.topic.contains('.') { row.topic.clone() } else { row.topic.replace('-', " ") };
    printable(&words).into_owned()
}

fn priced(row: &PriceRow) -> String {
    row.shot.as_deref().map_or_else(|| "all shots".to_owned(), |shot| format!("shot {}", printable(shot)))
}

/// The text of a cell: verdict, how many of how many, day, and what it is based on.
fn told(cell: Option<&Cell>) -> String {
    let Some(cell) = cell else { return "–".to_owned() };
    let mut text = face(&cell.verdict, cell.severity).text.to_owned();
    if cell.like < cell.of {
        let _ = write!(text, " {} of {}", cell.like, cell.of);
    }
    match &cell.verdict {
        Verdict::Unknown { reason: why } => {
            let _ = write!(text, " {}", reason(*why));
        }
        Verdict::Blocked { .. } => {
            let _ = write!(text, " {}", printable(&cell.seen));
        }
        Verdict::Waived { until } => {
            let _ = write!(text, " until {until}");
        }
        _ => {}
    }
    if let Some(day) = cell.day {
        let _ = write!(text, " {day}");
    }
    let grounds: Vec<_> = cell.rests_on.iter().map(|ground| ground.word()).collect();
    if !grounds.is_empty() {
        let _ = write!(text, " {}", grounds.join("+"));
    }
    text
}

fn look(cell: Option<&Cell>) -> Look {
    cell.map_or_else(|| Effects::DIMMED.into(), |cell| face(&cell.verdict, cell.severity).look)
}

fn price(asked: &Asked) -> String {
    match asked {
        Asked::Known(price) => {
            let (owner, by) = (printable(&price.owner), price.by.word());
            format!("{} {by} of {owner} {}", price.sum, price.day)
        }
        Asked::Unknown(why) => format!("not known: {}", printable(why)),
    }
}

/// Whether a route qualifies, and why not.
fn verdict(page: &mut Page, column: &Column, width: u16) {
    let look = match column.qualifies {
        Qualifies::Yes => AnsiColor::Green.on_default(),
        Qualifies::NotYet => AnsiColor::Yellow.on_default(),
        Qualifies::No => AnsiColor::Red.on_default(),
    };
    let name = printable(&column.name);
    let text = format!("{name}: {}", column.qualifies.word());
    page.row(&[Box::blank(2), Box::new(0, width - 2, &text).look(look.bold())]);
    for line in because(column) {
        page.row(&[Box::blank(6), Box::new(0, width - 6, &line)]);
    }
}

/// Why a route doesn't qualify, and what a reader should know about it.
fn because(column: &Column) -> Vec<String> {
    let mut lines = Vec::new();
    let refuted = column.open.iter().filter(|open| open.verdict == Verdict::Fail).collect::<Vec<_>>();
    for open in refuted.iter().take(MOST_OPEN) {
        lines.push(format!("not met: {}: {}", printable(&open.title), printable(&open.seen)));
    }
    if let Some(more) = refuted.len().checked_sub(MOST_OPEN).filter(|more| *more > 0) {
        lines.push(format!("not met: {more} more"));
    }
    // A check that is repeated per shot is listed once.
    let mut titles: Vec<String> = Vec::new();
    for open in column.open.iter().filter(|open| open.verdict != Verdict::Fail) {
        let title = printable(&open.title).into_owned();
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    if !titles.is_empty() {
        let count = counted(titles.len(), "mandatory check");
        let more = titles.len().saturating_sub(MOST_OPEN);
        titles.truncate(MOST_OPEN);
        if more > 0 {
            titles.push(format!("and {more} more"));
        }
        lines.push(format!("not known: {count}: {}", titles.join(", ")));
    }
    if let Some(until) = column.waived_until {
        lines.push(format!("by exception: a waiver ends on {until}"));
    }
    lines.extend(column.remarks.iter().map(|remark| format!("note: {}", printable(remark))));
    lines
}

fn foot(hidden: usize, shown: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if hidden > 0 {
        let rows = counted(hidden, "row");
        let (are, they) = if hidden == 1 { ("is", "it") } else { ("are", "them") };
        lines.push(format!("{rows} {are} the same on every route; `--all` shows {they} too."));
    }
    if shown > 0 {
        lines.push(format!("{LEGEND}."));
    }
    lines.push(
        "Nothing is weighed or added up, and nothing is decided: `greenlight check` decides.".to_owned(),
    );
    lines
}

/// How the columns are laid out.
struct Columns {
    topic: u16,
    /// Columns of each route; `None` when they are shown one below the other.
    each: Option<u16>,
    names: u16,
    width: u16,
}

impl Columns {
    fn fit(comparison: &Comparison, width: u16) -> Self {
        let topics = comparison.mandatory.iter().chain(&comparison.facts).map(topic);
        let topics: Vec<_> = topics.chain(comparison.prices.iter().map(priced)).collect();
        let topic = widest(topics.iter().map(String::as_str)).min(TOPIC);
        let routes = u16::try_from(comparison.columns.len().max(1)).unwrap_or(u16::MAX);
        let each = width.saturating_sub(2 + topic).checked_div(routes).unwrap_or(0).saturating_sub(GAP);
        let names: Vec<_> = comparison.columns.iter().map(|column| printable(&column.name)).collect();
        let names = widest(names.iter().map(AsRef::as_ref)).min(width / 3);
        Self { topic, each: (each >= LEAST).then_some(each), names, width }
    }

    fn heads(&self, page: &mut Page, comparison: &Comparison) {
        let Some(each) = self.each else { return };
        let names: Vec<_> = comparison.columns.iter().map(|column| printable(&column.name)).collect();
        let mut cells = vec![Box::blank(2 + self.topic)];
        cells.extend(names.iter().map(|name| Box::new(GAP.into(), each, name).look(Look::new().bold())));
        page.row(&cells);
        let words: Vec<_> = comparison.columns.iter().map(|column| column.qualifies.word()).collect();
        let mut cells = vec![Box::blank(2 + self.topic)];
        cells.extend(words.iter().map(|word| Box::new(GAP.into(), each, word)));
        page.row(&cells);
    }

    fn line(&self, page: &mut Page, comparison: &Comparison, head: &str, texts: &[(String, Look)]) {
        if let Some(each) = self.each {
            let mut cells = vec![Box::blank(2), Box::new(0, self.topic, head)];
            cells.extend(texts.iter().map(|(text, look)| Box::new(GAP.into(), each, text).look(*look)));
            page.row(&cells);
            return;
        }
        page.row(&[Box::blank(2), Box::new(0, self.width - 2, head).look(Look::new().bold())]);
        let room = self.width.saturating_sub(4 + self.names + GAP);
        for ((text, look), column) in texts.iter().zip(&comparison.columns) {
            let name = printable(&column.name);
            page.row(&[
                Box::blank(4),
                Box::new(0, self.names, &name),
                Box::new(GAP.into(), room, text).look(*look),
            ]);
        }
    }
}

/// As Markdown, for a page or a comment.
#[must_use]
pub fn markdown(comparison: &Comparison, rows: Rows) -> String {
    let mut out = format!("# {}\n", escaped(&title(comparison)));
    let _ = write!(out, "\n## {QUALIFIES}\n\n| Route | | Why |\n|---|---|---|\n");
    for column in &comparison.columns {
        let why: Vec<_> = because(column).iter().map(|line| escaped(line)).collect();
        let _ = writeln!(
            out,
            "| {} | **{}** | {} |",
            escaped(&column.name),
            column.qualifies.word(),
            why.join("<br>")
        );
    }
    let (mut hidden, mut shown) = (0, 0);
    for (heading, topics) in [(MANDATORY, &comparison.mandatory), (FACTS, &comparison.facts)] {
        let visible = visible(topics, rows);
        hidden += topics.len() - visible.len();
        shown += visible.len();
        if visible.is_empty() {
            continue;
        }
        let _ = write!(out, "\n## {heading}\n\n{}", heads(comparison, "Topic"));
        for row in visible {
            let cells = row.cells.iter().map(|cell| told_whole(cell.as_ref()));
            let _ = writeln!(out, "| {} | {} |", escaped(&topic(row)), cells.collect::<Vec<_>>().join(" | "));
        }
    }
    if !comparison.prices.is_empty() {
        let _ = write!(out, "\n## {PRICES}\n\n{}", heads(comparison, "Shot"));
        for row in &comparison.prices {
            let cells = row.cells.iter().map(|asked| escaped(&price(asked)));
            let _ =
                writeln!(out, "| {} | {} |", escaped(&priced(row)), cells.collect::<Vec<_>>().join(" | "));
        }
    }
    for text in foot(hidden, shown) {
        let _ = write!(out, "\n{}\n", escaped(&text));
    }
    out
}

fn heads(comparison: &Comparison, first: &str) -> String {
    let names: Vec<_> = comparison.columns.iter().map(|column| escaped(&column.name)).collect();
    format!("| {first} | {} |\n|---|{}\n", names.join(" | "), "---|".repeat(names.len()))
}

/// A cell including what was seen, for a page that has the space.
fn told_whole(cell: Option<&Cell>) -> String {
    let text = escaped(&told(cell));
    let seen = cell.map(|cell| cell.seen.as_str()).filter(|seen| !seen.is_empty());
    seen.map_or_else(|| text.clone(), |seen| format!("{text}<br>{}", escaped(seen)))
}

#[cfg(test)]
mod tests;
