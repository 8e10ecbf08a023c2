//! What is wrong with a file that a person wrote, and where. How it is shown is decided elsewhere.

use std::{borrow::Cow, ops::Range};

/// A mistake, or something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable kebab-case name of the kind of mistake, such as `unknown-key`.
    pub code: &'static str,
    /// Whether the file can be used at all.
    pub level: Level,
    /// What is wrong, in lower case and without a full stop.
    pub message: String,
    /// Which file: an index into the sources that are shown with it.
    pub file: usize,
    /// The places it is about.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
}

/// How serious it is. Errors are shown first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The file cannot be used.
    Error,
    /// The file can be used, but probably isn't what was meant.
    Warning,
}

/// A place in a file, and a comment on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Byte range in the text.
    pub span: Range<usize>,
    /// A few words; may be empty.
    pub text: String,
    /// Whether the mistake is here. The other labels explain it.
    pub primary: bool,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// As a person would write it.
    pub path: String,
    /// Its whole text; borrowed if it is one of the program's own files.
    pub text: Cow<'static, str>,
}

impl SourceFile {
    /// Whether it is one of the program's own files.
    pub(super) fn is_shipped(&self) -> bool {
        matches!(self.text, Cow::Borrowed(_))
    }
}

impl Diagnostic {
    /// An error without a place.
    #[must_use]
    pub fn error(code: &'static str, file: usize, message: impl Into<String>) -> Self {
        Self { code, level: Level::Error, message: message.into(), file, labels: Vec::new(), help: None }
    }

    /// A warning without a place.
    #[must_use]
    pub fn warning(code: &'static str, file: usize, message: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(code, file, message) }
    }

    /// Adds the place of the mistake.
    #[must_use]
    pub fn at(mut self, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), primary: true });
        self
    }

    /// Adds a place that explains the mistake.
    #[must_use]
    pub fn see(mut self, span: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
