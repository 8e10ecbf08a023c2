//! Texts side by side, wrapped to the width of the terminal with a hanging indent.

use super::drawn::drawn;
use crate::{layout, secrets::Redactor};

/// The width and the redactor for laying out texts.
pub struct Sheet<'r> {
    width: u16,
    redactor: &'r Redactor,
}

impl<'r> Sheet<'r> {
    /// This wide. The redactor covers secrets in each text before it is cut into lines, because the pieces can't be
    /// recognised.
    #[must_use]
    pub fn new(width: u16, redactor: &'r Redactor) -> Self {
        Self { width, redactor }
    }

    /// Rows of cells below each other. The last column takes the rest of the width and wraps in it; the others are as
    /// wide as their widest cell. Control characters are written as escapes.
    #[must_use]
    pub fn columns<const N: usize>(&self, rows: &[[&str; N]], indent: u16) -> String {
        let rows: Vec<_> = rows.iter().map(|row| row.map(|cell| drawn(cell, self.redactor))).collect();
        layout::columns(&rows, indent, self.width)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn columns<const N: usize>(rows: &[[&str; N]], indent: u16, width: u16) -> String {
        Sheet::new(width, &Redactor::default()).columns(rows, indent)
    }

    #[test]
    fn a_secret_is_covered_before_it_is_cut_into_lines() {
        let redactor = Redactor::new(["Q7zW3kP9mT2vB8nL5rX4".into()], Vec::new(), []);
        let key =
            "Q7zW3kP9mT2vB8nL5rX4".bytes().map(|byte| format!("&#{byte:07};")).collect::<Vec<_>>().concat();
        let text = Sheet::new(24, &redactor).columns(&[["a", &key]], 0);
        assert!(text.starts_with("a  ****") && !text.contains(|c: char| c.is_ascii_digit()), "{text}");
    }

    #[test]
    fn the_last_column_hangs_beside_the_others() {
        let rows = [["why", "a", "several words that wrap"], ["source", "bc", "short"]];
        assert_eq!(
            columns(&rows, 2, 34),
            "  why     a   several words that\n              wrap\n  source  bc  short\n"
        );
    }

    #[rstest]
    #[case(80, "one two three four five six\n")]
    #[case(21, "one two three four\nfive six\n")]
    #[case(1, "one two three four\nfive six\n")]
    fn a_paragraph_is_one_column(#[case] width: u16, #[case] expected: &str) {
        assert_eq!(columns(&[["one two three four five six"]], 0, width), expected);
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(columns(&[["a\u{1b}[2J", "b\nc"]], 0, 80), "a\\u{1b}[2J  b c\n");
    }

    #[test]
    fn no_rows_are_no_text() {
        assert_eq!(columns::<2>(&[], 0, 80), "");
    }
}
