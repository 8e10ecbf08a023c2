//! Collects the mistakes of one file during validation, each with its place.

use std::{cell::Cell, fmt::Display, ops::Range};

use super::{
    diagnostic::{Diagnostic, Label, Level},
    document::Taken,
    raw::scalar::RawSource,
    spanned::Spanned,
};
use crate::model::{
    days::{MOST_DAYS, days},
    id::BadId,
    source::{Source, is_web_page},
    text::can_be_seen,
};

/// Most mistakes that are collected in one run. No one reads more, and a file of empty tables has a million.
pub(super) const MOST_MISTAKES: usize = 1000;

/// The mistakes of one file.
pub(super) struct DiagnosticSink<'a> {
    pub(super) file: usize,
    pub(super) text: &'a str,
    /// Whether it is one of the program's own files.
    pub(super) shipped: bool,
    pub(super) taken: &'a [Taken],
    /// How many more regular expressions may be compiled, over all files.
    pub(super) patterns: &'a Cell<usize>,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

impl DiagnosticSink<'_> {
    /// Reports a mistake at a place.
    pub(super) fn error(&mut self, code: &'static str, span: Range<usize>, message: impl Into<String>) {
        self.error_with(code, span, message, None);
    }

    /// Reports a mistake with advice.
    pub(super) fn error_with(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.note(Diagnostic {
            code,
            level: Level::Error,
            message: message.into(),
            file: self.file,
            labels: vec![Label { span, text: String::new(), primary: true }],
            help,
        });
    }

    fn note(&mut self, mistake: Diagnostic) {
        if self.diagnostics.len() < MOST_MISTAKES {
            self.diagnostics.push(mistake);
        }
    }

    /// Reports that the same name occurs twice in this file.
    pub(super) fn twice(&mut self, what: &str, name: &str, first: Range<usize>, again: Range<usize>) {
        self.note(Diagnostic {
            code: "duplicate-id",
            level: Level::Error,
            message: format!("duplicate {what} id `{name}`"),
            file: self.file,
            labels: vec![
                Label { span: again, text: "used again here".to_owned(), primary: true },
                Label { span: first, text: "first used here".to_owned(), primary: false },
            ],
            help: Some("ids are unique".to_owned()),
        });
    }

    /// The value of a required key.
    pub(super) fn need<T>(
        &mut self,
        value: Option<T>,
        key: &str,
        whose: &str,
        at: &Range<usize>,
    ) -> Option<T> {
        if value.is_none() && !self.told(key, at) {
            self.error("missing-key", at.clone(), format!("{whose} has no `{key}`"));
        }
        value
    }

    /// Whether this key of this table was present but wrong, and has been reported.
    fn told(&self, key: &str, table: &Range<usize>) -> bool {
        self.taken.iter().filter(|taken| taken.file == self.file && taken.key == key).any(|taken| {
            let between = self.text.get(table.end.min(taken.at)..taken.at).unwrap_or_default();
            taken.at >= table.start && !between.contains("\n[")
        })
    }

    /// A text that must not be blank.
    pub(super) fn filled(
        &mut self,
        text: Option<Spanned<String>>,
        key: &str,
        whose: &str,
        at: &Range<usize>,
    ) -> Option<String> {
        let text = self.need(text, key, whose, at)?;
        if text.get_ref().trim().is_empty() {
            self.error("empty-value", text.span(), format!("`{key}` is empty"));
            return None;
        }
        Some(text.into_inner())
    }

    /// A text that must be visible, because a reader identifies something by it.
    pub(super) fn seen(
        &mut self,
        text: Option<Spanned<String>>,
        key: &str,
        whose: &str,
        at: &Range<usize>,
    ) -> Option<String> {
        let span = text.as_ref().map(Spanned::span).unwrap_or_default();
        let text = self.filled(text, key, whose, at)?;
        if can_be_seen(&text) {
            return Some(text);
        }
        let help = Some("write something visible".to_owned());
        self.error_with("empty-value", span, format!("`{key}` contains nothing visible"), help);
        None
    }

    /// The value, or a report of why there is none.
    pub(super) fn keep<T, E: Display>(
        &mut self,
        result: Result<T, E>,
        code: &'static str,
        span: Range<usize>,
    ) -> Option<T> {
        result.map_err(|error| self.error(code, span, error.to_string())).ok()
    }

    /// A name that consists of the characters allowed in names.
    pub(super) fn named<T>(
        &mut self,
        make: impl Fn(&str) -> Result<T, BadId>,
        text: &str,
        span: Range<usize>,
    ) -> Option<T> {
        let id = make(text);
        if let Err(rule) = &id {
            self.error_with("bad-id", span, format!("`{text}` is not an id"), Some(rule.to_string()));
        }
        id.ok()
    }

    /// Whether something in this range was wrong, removed and reported.
    pub(super) fn touched(&self, at: &Range<usize>) -> bool {
        self.taken.iter().any(|taken| taken.file == self.file && at.contains(&taken.at))
    }

    /// A source with address and date.
    pub(super) fn source(
        &mut self,
        raw: Option<Spanned<RawSource>>,
        whose: &str,
        at: &Range<usize>,
    ) -> Option<Source> {
        let raw = self.need(raw, "source", whose, at)?;
        let span = raw.span();
        let raw = raw.into_inner();
        let url = self.need(raw.url, "url", "`source`", &span);
        let as_of = self.need(raw.as_of, "as-of", "`source`", &span);
        let url = url?;
        if !is_web_page(url.get_ref()) {
            let message =
                "a source is named by the full address of a page, such as `https://…`, without a login";
            self.error("bad-url", url.span(), message);
        }
        Some(Source { url: url.into_inner().into(), as_of: as_of?.0, confidence: raw.confidence })
    }

    /// Whole days, written like `90d`.
    pub(super) fn days(&mut self, text: &Spanned<String>) -> Option<u32> {
        let days = days(text.get_ref()).filter(|days| (1..=MOST_DAYS).contains(days));
        if days.is_none() {
            self.error_with(
                "bad-duration",
                text.span(),
                format!("`{}` is not a number of days", text.get_ref()),
                Some(
                    "write whole days from `1d` to `3650d`; `m` and `y` are not taken, they are ambiguous"
                        .into(),
                ),
            );
        }
        days
    }
}

/// Counts lines while going through a file; every line is counted once if the positions are in order.
#[derive(Default)]
pub(super) struct Lines {
    at: usize,
    before: u32,
}

impl Lines {
    /// The line of a byte offset, from 1.
    pub(super) fn of(&mut self, text: &str, offset: usize) -> u32 {
        if offset < self.at {
            *self = Self::default();
        }
        let passed = text.as_bytes().get(self.at..offset).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed).count();
        self.before = self.before.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.at = offset;
        self.before.saturating_add(1)
    }
}
