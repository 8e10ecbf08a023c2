//! Diagnostics → text with the lines they are about. Total: whatever the spans and texts are, it neither panics nor
//! lets a file control the terminal.

use std::{borrow::Cow, collections::BTreeSet, ops::Range};

use annotate_snippets::{Annotation, AnnotationKind, Level as Title, Origin, Renderer, Snippet};
use anstyle::AnsiColor;

use super::diagnostic::{Diagnostic, Level, SourceFile};
use crate::model::text::{counted, is_steering, printable};

/// The most diagnostics that are shown; the rest are counted.
const MOST: usize = 50;

/// Shows what is wrong, errors first, with a count at the end. Empty when nothing is wrong. `width` is that of the
/// terminal, in columns.
#[must_use]
pub fn emit(diagnostics: &[Diagnostic], sources: &[SourceFile], colour: bool, width: u16) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(width.max(40).into());
    let mut sorted: Vec<_> = diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| diagnostic.level);
    let mut parts: Vec<_> = sorted
        .iter()
        .take(MOST)
        .map(|diagnostic| one(diagnostic, sources.get(diagnostic.file), &renderer))
        .collect();
    if sorted.len() > MOST {
        parts.push(format!("… and {} more", sorted.len() - MOST));
    }
    parts.push(count(diagnostics, sources, colour));
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

fn one(diagnostic: &Diagnostic, source: Option<&SourceFile>, renderer: &Renderer) -> String {
    let level = match diagnostic.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
    };
    let mut group = level
        .primary_title(printable(&diagnostic.message))
        .id(diagnostic.code)
        .elements([] as [Origin<'_>; 0]);
    if let Some(source) = source {
        group = if diagnostic.labels.is_empty() {
            group.element(Origin::path(printable(&source.path)))
        } else {
            group.element(snippet(diagnostic, source))
        };
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Title::HELP.message(printable(help)));
    }
    renderer.render(&[group])
}

fn snippet<'a>(diagnostic: &'a Diagnostic, source: &'a SourceFile) -> Snippet<'a, Annotation<'a>> {
    let text = &*source.text;
    let has_primary = diagnostic.labels.iter().any(|label| label.primary);
    let spans: Vec<_> = diagnostic.labels.iter().map(|label| within(text, &label.span)).collect();
    let window = window(text, &spans);
    let before = text.get(..window.start).unwrap_or_default();
    let shown = text.get(window.clone()).unwrap_or_default();
    let labels = diagnostic.labels.iter().zip(&spans).enumerate().map(|(index, (label, span))| {
        // The header shows the position of a primary label, so there must be one.
        let primary = label.primary || (!has_primary && index == 0);
        let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let label = Some(printable(&label.text)).filter(|text| !text.is_empty());
        kind.span(span.start - window.start..span.end - window.start).label(label)
    });
    Snippet::source(masked(shown))
        .line_start(before.matches('\n').count() + 1)
        .path(printable(&source.path))
        .annotations(labels)
}

/// The span, clamped to the text and to character boundaries.
fn within(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.ceil_char_boundary(span.end.min(text.len()));
    start..end.max(start)
}

/// Whole lines around all the spans.
fn window(text: &str, spans: &[Range<usize>]) -> Range<usize> {
    let first = spans.iter().map(|span| span.start).min().unwrap_or(0);
    let last = spans.iter().map(|span| span.end).max().unwrap_or(0);
    let start = text.get(..first).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(last..).and_then(|after| after.find('\n')).map_or(text.len(), |at| last + at);
    start..end
}

/// The text with everything that could control a terminal replaced by the same number of bytes, so that spans stay
/// valid. The renderer draws control characters of one byte itself.
fn masked(text: &str) -> Cow<'_, str> {
    let bad = |c: char| c.len_utf8() > 1 && is_steering(c);
    if !text.contains(bad) {
        return Cow::Borrowed(text);
    }
    let mask = |c: char| match c.len_utf8() {
        2 if bad(c) => '\u{b7}',
        3 if bad(c) => char::REPLACEMENT_CHARACTER,
        4 if bad(c) => '\u{1f6c7}',
        _ => c,
    };
    Cow::Owned(text.chars().map(mask).collect())
}

/// `error: 3 mistakes and 1 warning in greenlight.toml`.
fn count(diagnostics: &[Diagnostic], sources: &[SourceFile], colour: bool) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error).count();
    let warnings = diagnostics.len() - errors;
    let (word, look, what) = match (errors, warnings) {
        (0, _) => ("warning", AnsiColor::Yellow, counted(warnings, "warning")),
        (_, 0) => ("error", AnsiColor::BrightRed, counted(errors, "mistake")),
        _ => {
            let both = format!("{} and {}", counted(errors, "mistake"), counted(warnings, "warning"));
            ("error", AnsiColor::BrightRed, both)
        }
    };
    let files: BTreeSet<_> = diagnostics
        .iter()
        .filter_map(|diagnostic| sources.get(diagnostic.file))
        .map(|file| &file.path)
        .collect();
    let place = match (files.len(), files.first()) {
        (1, Some(path)) => format!(" in {}", printable(path)),
        (0, _) => String::new(),
        (several, _) => format!(" in {several} files"),
    };
    let style = if colour { look.on_default().bold() } else { anstyle::Style::new() };
    format!("{style}{word}{style:#}: {what}{place}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::load::diagnostic::Label;

    const TEXT: &str = "[project]\nname = \"Spring teaser\"\nroute = \"apo\"\n\n[[shot]]\nid = \"opening\"\n\n[[shot]]\nid = \"opening\"\nmodle = \"grok-imagine-video\"\n";

    fn source(text: &str) -> SourceFile {
        SourceFile { path: "greenlight.toml".to_owned(), text: text.to_owned().into() }
    }

    /// Where this part of the text is; the last occurrence counts.
    fn span(part: &str) -> Range<usize> {
        let start = TEXT.rfind(part).unwrap();
        start..start + part.len()
    }

    #[test]
    fn every_mistake_is_shown_with_its_place_and_what_to_do() {
        let first = TEXT.find("\"opening\"").unwrap();
        let diagnostics = [
            Diagnostic::warning("odd-name", 0, "the name has a space").at(span("\"Spring teaser\""), ""),
            Diagnostic::error("bad-route", 0, "`apo` is not a route")
                .at(span("\"apo\""), "no such route")
                .help("the routes are `api`, `app` and `wrapper`"),
            Diagnostic::error("twice", 0, "two shots are called `opening`")
                .at(span("\"opening\""), "again here")
                .see(first..first + 9, "first here"),
            Diagnostic::error("unknown-key", 0, "unknown key `modle`")
                .at(span("modle"), "unknown")
                .help("did you mean `model`?"),
            Diagnostic::error("no-shots", 0, "a message without a place"),
        ];
        insta::assert_snapshot!(emit(&diagnostics, &[source(TEXT)], false, 80));
    }

    #[test]
    fn colour_only_adds_colour() {
        let diagnostics = [Diagnostic::error("unknown-key", 0, "unknown key").at(span("modle"), "here")];
        let plain = emit(&diagnostics, &[source(TEXT)], false, 80);
        let coloured = emit(&diagnostics, &[source(TEXT)], true, 80);
        assert!(coloured.contains("\u{1b}["));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    }

    #[rstest]
    #[case(&[], "")]
    #[case(&[Level::Error], "error: 1 mistake in greenlight.toml")]
    #[case(&[Level::Error, Level::Error], "error: 2 mistakes in greenlight.toml")]
    #[case(&[Level::Warning, Level::Error], "error: 1 mistake and 1 warning in greenlight.toml")]
    #[case(&[Level::Warning, Level::Warning], "warning: 2 warnings in greenlight.toml")]
    fn the_last_line_counts(#[case] levels: &[Level], #[case] says: &str) {
        let all: Vec<_> = levels
            .iter()
            .map(|level| Diagnostic { level: *level, ..Diagnostic::error("x", 0, "x") })
            .collect();
        assert_eq!(emit(&all, &[source(TEXT)], false, 80).lines().last().unwrap_or(""), says);
    }

    #[test]
    fn errors_are_never_pushed_out_by_warnings() {
        let mut all = vec![Diagnostic::warning("w", 0, "a warning"); 60];
        all.push(Diagnostic::error("e", 1, "the error"));
        let other = SourceFile { path: "own.toml".to_owned(), text: "".into() };
        let text = emit(&all, &[source(TEXT), other], false, 80);
        assert!(text.starts_with("error[e]: the error\n"), "{text}");
        assert!(text.ends_with("\n… and 11 more\n\nerror: 1 mistake and 60 warnings in 2 files\n"), "{text}");
    }

    #[test]
    fn a_very_long_line_is_trimmed() {
        let text = format!("a = \"{}\" b = 1 c = \"{}\"\n", "x".repeat(90_000), "y".repeat(90_000));
        let at = text.find(" b ").unwrap() + 1;
        let shown =
            emit(&[Diagnostic::error("x", 0, "x").at(at..at + 1, "here")], &[source(&text)], false, 80);
        assert!(shown.contains("b = 1") && shown.contains("^ here"), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= 90), "{shown}");
    }

    #[test]
    fn a_file_cannot_steer_the_terminal() {
        let text = "name = \"\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\"\n";
        let diagnostic = Diagnostic::error("x", 0, "\u{1b}[2J").at(7..20, "\u{1b}").help("\u{9b}");
        let shown = emit(&[diagnostic], &[source(text)], false, 80);
        assert!(shown.chars().all(|c| c == '\n' || !is_steering(c)), "{shown:?}");
    }

    proptest! {
        #[test]
        fn any_span_in_any_text_is_shown(
            text in "[a-z\t\r\n\u{0}-\u{2f}日é\u{202e}\u{200d}]{0,300}",
            labels in prop::collection::vec((0..400_usize, 0..400_usize, any::<bool>(), "[a-z\n日]{0,9}"), 0..4),
            message in any::<String>(),
            file in 0..2_usize,
            width in any::<u16>(),
        ) {
            let labels = labels
                .into_iter()
                .map(|(start, end, primary, text)| Label { span: start..end, text, primary })
                .collect();
            let diagnostic = Diagnostic { labels, ..Diagnostic::error("code", file, message) };
            let shown = emit(&[diagnostic], &[source(&text)], false, width);
            prop_assert!(shown.starts_with("error[code]: "));
            prop_assert!(shown.chars().all(|c| c == '\n' || !is_steering(c)), "{shown:?}");
        }
    }
}
