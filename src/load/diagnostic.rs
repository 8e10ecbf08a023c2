//! placeholder
use std::ops::Range;
/// d
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// a
    pub code: &'static str,
    /// a
    pub level: Level,
    /// a
    pub message: String,
    /// a
    pub file: usize,
    /// a
    pub labels: Vec<Label>,
    /// a
    pub help: Option<String>,
}
/// l
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// a
    Error,
    /// b
    Warning,
}
/// l
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// a
    pub span: Range<usize>,
    /// b
    pub text: String,
    /// c
    pub primary: bool,
}
/// s
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// p
    pub path: String,
    /// t
    pub text: String,
}
