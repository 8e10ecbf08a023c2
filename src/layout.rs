//! Texts side by side: columns, wrapping, padding and colour. Pure; knows nothing about reports or terminals.

use std::{collections::HashMap, fmt::Write as _, sync::Arc};

use anstyle::Style;
use comfy_table::{ColumnConstraint, Table, Width, presets};

/// The narrowest page that is laid out; a narrower terminal wraps.
pub(crate) const NARROWEST: u16 = 40;

/// Columns between two cells.
pub(crate) const GAP: usize = 2;

/// The same for columns that are laid out together.
const BETWEEN: u16 = 2;

/// The last of several columns is never narrower than this; on a smaller terminal, the terminal breaks the lines.
const LEAST: u16 = 20;

/// A piece of text in a column of its own.
#[derive(Debug, Clone)]
pub(crate) struct Cell<'a> {
    gap: usize,
    width: u16,
    text: &'a str,
    look: Style,
}

impl<'a> Cell<'a> {
    /// A cell `gap` columns right of its neighbour. The text must be printable.
    pub(crate) fn new(gap: usize, width: u16, text: &'a str) -> Self {
        Self { gap, width, text, look: Style::new() }
    }

    /// An empty cell: an indentation.
    pub(crate) fn blank(width: u16) -> Self {
        Self::new(0, width, "")
    }

    /// The same cell in a colour.
    pub(crate) fn look(mut self, look: Style) -> Self {
        self.look = look;
        self
    }
}

/// A text that grows line by line.
#[derive(Debug)]
pub(crate) struct Page {
    out: String,
    colour: bool,
    wrapped: Wrapped,
}

/// Texts that were already wrapped to a width. Most cells of five hundred tables say the same.
#[derive(Debug, Default)]
struct Wrapped(HashMap<u16, HashMap<Box<str>, Arc<[String]>>>);

impl Wrapped {
    /// At most this many texts are remembered for each width, none of them longer than this.
    const MOST: (usize, usize) = (2_000, 1_000);

    fn lines(&mut self, text: &str, width: u16) -> Arc<[String]> {
        let known = self.0.entry(width).or_default();
        if let Some(lines) = known.get(text) {
            return Arc::clone(lines);
        }
        let lines: Arc<[String]> = wrap(text, width).into();
        if known.len() < Self::MOST.0 && text.len() <= Self::MOST.1 {
            known.insert(text.into(), Arc::clone(&lines));
        }
        lines
    }
}

impl Page {
    /// An empty page.
    pub(crate) fn new(colour: bool) -> Self {
        Self { out: String::new(), colour, wrapped: Wrapped::default() }
    }

    /// Adds an empty line, unless there is one already or the page is empty.
    pub(crate) fn skip(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Cells side by side, each wrapped in its own width. No line ends in a space.
    pub(crate) fn row(&mut self, cells: &[Cell<'_>]) {
        let columns: Vec<Column<'_>> = cells.iter().map(|cell| self.column(cell)).collect();
        let height = columns.iter().map(Column::height).max().unwrap_or(0);
        for index in 0..height {
            let mut pending = 0;
            for (cell, column) in cells.iter().zip(&columns) {
                pending += cell.gap;
                let (text, behind) = column.line(index, cell.width);
                if text.is_empty() {
                    pending += usize::from(cell.width);
                    continue;
                }
                self.out.extend(std::iter::repeat_n(' ', pending));
                let plain = !self.colour || cell.look.is_plain();
                if plain {
                    self.out.push_str(text);
                } else {
                    let _ = write!(self.out, "{}{text}{}", cell.look.render(), cell.look.render_reset());
                }
                pending = behind;
            }
            self.out.push('\n');
        }
    }

    fn column<'a>(&mut self, cell: &Cell<'a>) -> Column<'a> {
        // Most cells are short and plain; looking up each of ten thousand would take noticeable time.
        if cell.text.is_ascii() && cell.text.len() <= usize::from(cell.width) {
            Column::Short(cell.text)
        } else {
            Column::Wrapped(self.wrapped.lines(cell.text, cell.width))
        }
    }

    /// The finished text.
    pub(crate) fn finish(self) -> String {
        self.out
    }
}

/// The lines of a cell.
enum Column<'a> {
    /// One line, not padded.
    Short(&'a str),
    /// Lines of the width of the cell.
    Wrapped(Arc<[String]>),
}

impl Column<'_> {
    fn height(&self) -> usize {
        match self {
            Self::Short(_) => 1,
            Self::Wrapped(lines) => lines.len(),
        }
    }

    /// A line without trailing blanks, and how many columns of the width remain after it.
    fn line(&self, index: usize, width: u16) -> (&str, usize) {
        match self {
            Self::Short(text) if index == 0 => {
                let line = text.trim_end_matches(' ');
                (line, usize::from(width) - line.len())
            }
            Self::Short(_) => ("", 0),
            Self::Wrapped(lines) => {
                let padded = lines.get(index).map_or("", String::as_str);
                let line = padded.trim_end_matches(' ');
                (line, padded.len() - line.len())
            }
        }
    }
}

/// Joins a few words so that they aren't split across lines; leaves a longer text as it is.
pub(crate) fn glued(text: &str) -> String {
    if text.chars().count() > 28 { text.to_owned() } else { text.replace(' ', GLUE) }
}

/// Stands for a space within [`glued`] words. Printable text never holds one.
const GLUE: &str = "\u{a0}";

/// Rows of cells below each other. The last column takes the rest of the width and wraps in it; the others are as wide
/// as their widest cell. The texts must be printable.
#[must_use]
pub(crate) fn columns<const N: usize>(rows: &[[String; N]], indent: u16, width: u16) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).force_no_tty();
    for row in rows {
        table.add_row(row);
    }
    let widths = table.column_max_content_widths();
    let before: u16 = widths.iter().take(N.saturating_sub(1)).map(|wide| wide.saturating_add(BETWEEN)).sum();
    let room = width.saturating_sub(indent).saturating_sub(before).max(LEAST);
    for (at, column) in table.column_iter_mut().enumerate() {
        let last = at + 1 == N;
        let left = if at == 0 { indent } else { 0 };
        let inner = if last { room } else { widths.get(at).copied().unwrap_or(0) + BETWEEN };
        column.set_padding((left, if last { 0 } else { BETWEEN }));
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(inner + left)));
    }
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// The widest of the texts, in columns.
pub(crate) fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> u16 {
    let mut table = Table::new();
    let mut ascii = 0;
    for text in texts {
        if text.is_ascii() {
            ascii = ascii.max(text.len());
        } else {
            table.add_row([text]);
        }
    }
    let wide = table.column_max_content_widths().into_iter().max().unwrap_or(0);
    wide.max(u16::try_from(ascii).unwrap_or(u16::MAX))
}

/// Lines of exactly this width, broken between words where a word fits.
fn wrap(text: &str, width: u16) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).force_no_tty().add_row([text]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0)).set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
    }
    table.lines().map(|line| line.replace(GLUE, " ")).collect()
}

#[cfg(test)]
mod tests {
    use anstyle::AnsiColor;

    use super::*;

    fn lines(cells: &[Cell<'_>], colour: bool) -> String {
        let mut page = Page::new(colour);
        page.row(cells);
        page.finish()
    }

    #[test]
    fn each_cell_wraps_in_its_own_column() {
        let cells = [Cell::blank(2), Cell::new(0, 6, "left"), Cell::new(1, 9, "several words here")];
        assert_eq!(lines(&cells, false), "  left   several\n         words\n         here\n");
    }

    #[test]
    fn glued_words_stay_together() {
        let text = format!("one · {}", glued("2 unknown"));
        assert_eq!(lines(&[Cell::new(0, 12, &text)], false), "one ·\n2 unknown\n");
        assert_eq!(lines(&[Cell::new(0, 20, &text)], false), "one · 2 unknown\n");
    }

    #[test]
    fn wide_characters_count_double() {
        let cells = [Cell::new(0, 6, "日本"), Cell::new(1, 4, "x")];
        assert_eq!(lines(&cells, false), "日本   x\n");
        assert_eq!(widest(["日本語", "abcd"].into_iter()), 6);
    }

    #[test]
    fn colour_never_covers_padding() {
        let red = AnsiColor::Red.on_default();
        let cells = [Cell::new(0, 6, "ab").look(red), Cell::new(1, 4, "x")];
        assert_eq!(lines(&cells, true), "\u{1b}[31mab\u{1b}[0m     x\n");
        assert_eq!(lines(&cells, false), "ab     x\n");
    }
}
