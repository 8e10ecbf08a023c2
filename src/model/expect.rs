//! What a probe must show: a closed set of typed operators, composed by three-valued logic.

use std::{fmt, sync::OnceLock};

use chrono::TimeDelta;
use regex::{Regex, RegexBuilder};
use serde_json::Value;

use super::{
    effort::{Effort, Size},
    template::Template,
};

/// Deepest nesting of expectations that is accepted at load.
pub const MAX_DEPTH: usize = 8;
/// Longest JSONPath that is accepted at load, in bytes.
pub const MAX_PATH: usize = 300;

/// A claim about one observation.
#[derive(Debug, Clone)]
pub enum Expectation {
    /// A single test.
    Test(Test),
    /// Every one holds.
    AllOf(Vec<Self>),
    /// At least one holds.
    AnyOf(Vec<Self>),
    /// The inner one does not hold.
    Not(Box<Self>),
}

impl Expectation {
    /// Whether one of its tests satisfies `is`, however deeply nested.
    pub fn any(&self, is: &impl Fn(&Test) -> bool) -> bool {
        match self {
            Self::Test(test) => is(test),
            Self::AllOf(inner) | Self::AnyOf(inner) => inner.iter().any(|one| one.any(is)),
            Self::Not(inner) => inner.any(is),
        }
    }

    /// Whether an operand refers to the current shot.
    #[must_use]
    pub fn speaks_of_shot(&self) -> bool {
        self.any(&|test| test.operator.speaks_of_shot())
    }
}

impl Operator {
    fn speaks_of_shot(&self) -> bool {
        let literal = |value: &Literal| matches!(value, Literal::Text(text) if text.needs_shot());
        match self {
            Self::Equals(value) | Self::Contains(value) => literal(value),
            Self::OneOf(values) => values.iter().any(literal),
            Self::Length(inner) | Self::Not(inner) => inner.speaks_of_shot(),
            Self::AllOf(inner) | Self::AnyOf(inner) => inner.iter().any(Self::speaks_of_shot),
            _ => false,
        }
    }
}

/// A subject, and what it must be.
#[derive(Debug, Clone)]
pub struct Test {
    /// What is looked at.
    pub subject: Subject,
    /// What it means when there are several values.
    pub quantifier: Quantifier,
    /// What is asked of a value.
    pub operator: Operator,
}

/// What is looked at.
#[derive(Debug, Clone)]
pub enum Subject {
    /// The HTTP status.
    Status,
    /// A reply header, lower case.
    Header(String),
    /// Whether the reply is a success: its status is 2xx and nothing in it says otherwise.
    Success,
    /// Values in a JSON body. A check looks only at successes, a fault at any reply.
    Path(Path),
    /// The code in an error body, whatever its shape.
    ErrorCode,
    /// The message in an error body, whatever its shape.
    ErrorMessage,
    /// The body as text.
    Body,
    /// What went wrong below HTTP, in the words of [`super::observation::TroubleKind`].
    Transport,
}

/// What it means when there are several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// There is exactly one value and it must satisfy the operator.
    One,
    /// At least one value must satisfy it.
    Any,
    /// Every value must satisfy it.
    All,
    /// No value may satisfy it.
    None,
    /// The number of values must satisfy it.
    Count,
}

/// What is asked about a value.
#[derive(Debug, Clone)]
pub enum Operator {
    /// There is a value.
    Exists,
    /// There is no value, in a reply that could have contained one.
    Absent,
    /// The same value; a value of another type is unknown.
    Equals(Literal),
    /// One of these values.
    OneOf(Vec<Literal>),
    /// A text contains this text, or an array contains this value.
    Contains(Literal),
    /// A text matches this regular expression somewhere.
    Matches(Pattern),
    /// Below.
    Lt(f64),
    /// At most.
    Le(f64),
    /// Above.
    Gt(f64),
    /// At least.
    Ge(f64),
    /// From the first to the second, both inclusive.
    Between(f64, f64),
    /// The length of a text (characters) or array (items) satisfies this.
    Length(Box<Self>),
    /// A time (RFC 3339 or Unix seconds) that is not in the future and at most this long ago.
    Within(TimeDelta),
    /// A semantic version that satisfies this requirement.
    Semver(semver::VersionReq),
    /// All of these.
    AllOf(Vec<Self>),
    /// One of these.
    AnyOf(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
}

/// A value to compare with.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A text, perhaps with holes.
    Text(Template),
    /// A number.
    Number(f64),
    /// A boolean.
    Bool(bool),
}

/// A regular expression.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    ready: OnceLock<Regex>,
}

/// The largest compiled pattern, and the largest lazily built matching table, in bytes.
const LARGEST_PATTERN: usize = 128 << 10;

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, or that it would be too large.
    pub fn parse(text: &str) -> Result<Self, regex::Error> {
        Ok(Self { text: text.to_owned(), ready: OnceLock::from(compiled(text)?) })
    }

    /// A pattern from the files shipped with the program, all of which the tests parse. It is compiled on first use,
    /// because most are never used.
    #[must_use]
    pub fn shipped(text: &str) -> Self {
        Self { text: text.to_owned(), ready: OnceLock::new() }
    }

    /// Whether it matches somewhere in a text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        let compile = || compiled(&self.text).unwrap_or_else(|error| unreachable!("{error}"));
        self.ready.get_or_init(compile).is_match(text)
    }
}

fn compiled(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).size_limit(LARGEST_PATTERN).dfa_size_limit(LARGEST_PATTERN).build()
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A JSONPath (RFC 9535), parsed at load.
#[derive(Debug, Clone)]
pub struct Path {
    /// As written.
    pub text: String,
    /// As parsed.
    parsed: serde_json_path::JsonPath,
    /// How much work it takes to follow it.
    effort: Effort,
}

/// The most values that one path may visit in one document: eight times as many as the largest reply that is read can
/// have. A path that a person writes visits each value only a few times.
pub const MOST_VISITS: u64 = 4_000_000;

/// Whether the text ends before a `\u` has its four digits. The parser expects more there and panics (`serde_json_path`
/// 0.7.2, found by fuzzing).
pub(super) fn ends_within_escape(text: &str) -> bool {
    let is_cut = |digits: &str| digits.len() < 4 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.rsplit_once("\\u").is_some_and(|(_, digits)| is_cut(digits))
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// The parser's own message, or that the path is too long or too deeply nested.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_PATH {
            return Err(format!("a path has at most {MAX_PATH} bytes"));
        }
        // The parser recurses once per bracket; a long run of them would overflow the stack.
        let depth = text.bytes().fold((0_usize, 0), |(deepest, now), byte| match byte {
            b'(' | b'[' => (deepest.max(now + 1), now + 1),
            b')' | b']' => (deepest, now.saturating_sub(1)),
            _ => (deepest, now),
        });
        if depth.0 > MAX_DEPTH {
            return Err(format!("a path nests at most {MAX_DEPTH} brackets"));
        }
        if ends_within_escape(text) {
            return Err("it ends within an escape".to_owned());
        }
        let parsed = serde_json_path::JsonPath::parse(text).map_err(|error| error.to_string())?;
        let effort = Effort::of(text)?;
        Ok(Self { text: text.to_owned(), parsed, effort })
    }

    /// The values it finds; `None` when it might visit too many values to find them.
    #[must_use]
    pub fn find<'v>(&self, document: &'v Value) -> Option<Vec<&'v Value>> {
        (self.visits(document) <= MOST_VISITS).then(|| self.follow(document))
    }

    /// The same for callers that know it isn't too much work.
    #[must_use]
    pub fn follow<'v>(&self, document: &'v Value) -> Vec<&'v Value> {
        self.parsed.query(document).all()
    }

    /// The values it finds, for callers that don't distinguish between nothing found and too much work.
    #[must_use]
    pub fn all<'v>(&self, document: &'v Value) -> Vec<&'v Value> {
        self.find(document).unwrap_or_default()
    }

    /// The value, when it finds exactly one.
    #[must_use]
    pub fn only<'v>(&self, document: &'v Value) -> Option<&'v Value> {
        match self.all(document).as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// The most values it may visit in a document.
    #[must_use]
    pub fn visits(&self, document: &Value) -> u64 {
        if self.effort.is_plain() { 1 } else { self.effort.most(Size::of(document)) }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Bool(truth) => truth.fmt(f),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => f.write_str("status"),
            Self::Success => f.write_str("success"),
            Self::Header(name) => write!(f, "header {name}"),
            Self::Path(path) => f.write_str(&path.text),
            Self::ErrorCode => f.write_str("error code"),
            Self::ErrorMessage => f.write_str("error message"),
            Self::Body => f.write_str("body"),
            Self::Transport => f.write_str("transport"),
        }
    }
}

#[cfg(test)]
mod tests;
