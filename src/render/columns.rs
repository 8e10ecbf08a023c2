//! Rows of text for the lists of the verbs: aligned, the last column wrapped, nothing else.

use super::{
    Style,
    layout::{Cell, Page, widest},
};
use crate::model::text::printable;

/// Least width of the last column; narrower terminals wrap by themselves.
const LEAST: u16 = 20;

/// Lays rows out in aligned columns; the last one wraps in what is left of the width.
#[must_use]
pub fn columns<const N: usize>(rows: impl IntoIterator<Item = [String; N]>, style: Style) -> String {
    let rows: Vec<[String; N]> =
        rows.into_iter().map(|row| row.map(|cell| printable(&cell).into_owned())).collect();
    let mut widths: Vec<u16> =
        (0..N).map(|at| widest(rows.iter().filter_map(|row| row.get(at)).map(String::as_str))).collect();
    if let Some((last, before)) = widths.split_last_mut() {
        let taken: u16 = before.iter().map(|width| width.saturating_add(2)).fold(0, u16::saturating_add);
        *last = (*last).min(style.width.saturating_sub(taken).max(LEAST));
    }
    let mut page = Page::new(style.colour);
    for row in &rows {
        let cells: Vec<Cell<'_>> = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(at, (text, width))| Cell::new(if at == 0 { 0 } else { 2 }, *width, text))
            .collect();
        page.row(&cells);
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_column_wraps_below_itself() {
        let rows = [
            ["a".to_owned(), "one two three four five six".to_owned()],
            ["longer".to_owned(), "seven".to_owned()],
        ];
        let text = columns(rows, Style { width: 28, colour: false });
        assert_eq!(text, "a       one two three four\n        five six\nlonger  seven\n");
    }

    #[test]
    fn no_text_can_steer_the_terminal() {
        let text = columns([["\u{1b}[31mred".to_owned()]], Style { width: 80, colour: false });
        assert!(!text.contains('\u{1b}'));
    }
}
