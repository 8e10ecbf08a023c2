//! How a checklist names a built-in rule, and what the rule takes.

use std::time::Duration;

use indexmap::IndexMap;

use super::{
    checklist::ForEach,
    expect::{Path, Pattern},
};

/// What `rule = "…"` may name. The list itself stands beside the rules.
#[derive(Debug, Clone, Copy)]
pub struct RuleSpec {
    /// The name used in TOML.
    pub name: &'static str,
    /// One sentence for `explain`: how the rule decides.
    pub decides: &'static str,
    /// What `with = { … }` may hold.
    pub params: &'static [ParamSpec],
}

/// A rule as a checklist may name it.
#[derive(Debug, Clone, Copy)]
pub struct KnownRule {
    /// Its name, what it decides and what it takes.
    pub spec: RuleSpec,
    /// What its check must be repeated for.
    pub per: Per,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// The project as a whole: no `for-each`.
    Project,
    /// `for-each = "shot"`.
    Shot,
    /// `for-each = "file"`, `"url"` or `"input"`.
    Input,
}

impl Per {
    /// Whether a check that is repeated in this way can name the rule.
    #[must_use]
    pub fn fits(self, for_each: Option<ForEach>) -> bool {
        let given = match for_each {
            None => Self::Project,
            Some(ForEach::Shot) => Self::Shot,
            Some(ForEach::File | ForEach::Url | ForEach::Input) => Self::Input,
        };
        self == given
    }
}

/// One parameter of a rule.
#[derive(Debug, Clone, Copy)]
pub struct ParamSpec {
    /// The key in `with`.
    pub name: &'static str,
    /// What it must be.
    pub kind: ParamKind,
}

/// What a parameter must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A whole number, not negative.
    Number,
    /// A duration such as `10m`.
    Duration,
    /// A regular expression.
    Pattern,
    /// A JSONPath.
    Path,
}

/// One argument, of the kind its rule asked for.
#[derive(Debug, Clone)]
pub enum Param {
    /// A text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// A whole number.
    Number(u64),
    /// A duration.
    Duration(Duration),
    /// A regular expression.
    Pattern(Pattern),
    /// A JSONPath.
    Path(Path),
}

/// The arguments of one check's rule. Load sees to it that every parameter is there and of its kind.
#[derive(Debug, Clone, Default)]
pub struct Params(pub IndexMap<String, Param>);

impl Params {
    /// A text argument; empty when the rule does not declare it.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Param::Text(text)) => text,
            _ => "",
        }
    }

    /// A list argument; empty when the rule does not declare it.
    #[must_use]
    pub fn texts(&self, name: &str) -> &[String] {
        match self.0.get(name) {
            Some(Param::Texts(texts)) => texts,
            _ => &[],
        }
    }

    /// A number argument; 0 when the rule does not declare it.
    #[must_use]
    pub fn number(&self, name: &str) -> u64 {
        match self.0.get(name) {
            Some(Param::Number(number)) => *number,
            _ => 0,
        }
    }

    /// A duration argument; zero when the rule does not declare it.
    #[must_use]
    pub fn duration(&self, name: &str) -> Duration {
        match self.0.get(name) {
            Some(Param::Duration(duration)) => *duration,
            _ => Duration::ZERO,
        }
    }

    /// A pattern argument.
    #[must_use]
    pub fn pattern(&self, name: &str) -> Option<&regex::Regex> {
        match self.0.get(name) {
            Some(Param::Pattern(pattern)) => Some(&pattern.0),
            _ => None,
        }
    }

    /// A path argument.
    #[must_use]
    pub fn path(&self, name: &str) -> Option<&Path> {
        match self.0.get(name) {
            Some(Param::Path(path)) => Some(path),
            _ => None,
        }
    }
}
