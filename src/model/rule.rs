//! How a checklist names a built-in rule, and what the rule takes.

use std::time::Duration;

use indexmap::IndexMap;

use super::{
    expect::{Path, Pattern},
    id::ProbeId,
    mode::Mode,
    repeat::ForEach,
};

/// What `rule = "…"` may name. The list of rules is kept next to their code.
#[derive(Debug, Clone, Copy)]
pub struct RuleSpec {
    /// The name used in TOML.
    pub name: &'static str,
    /// One sentence for `explain`: how the rule decides.
    pub decides: &'static str,
    /// What `with = { … }` holds.
    pub params: &'static [ParamSpec],
    /// What `probes = { … }` holds: the names by which the rule looks at replies.
    pub probes: &'static [ProbeSpec],
}

/// A name by which a rule looks at a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProbeSpec {
    /// The key in `probes`.
    pub name: &'static str,
    /// Whether it may be left out.
    pub optional: bool,
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
    /// The project as a whole, using the replies for every shot: no `for-each`.
    Shots,
    /// `for-each = "shot"`.
    Shot,
    /// `for-each = "file"`, `"url"` or `"input"`.
    Input,
}

impl Per {
    /// Whether a check repeated like this can name the rule.
    #[must_use]
    pub fn fits(self, for_each: Option<ForEach>) -> bool {
        let given = match for_each {
            None => return matches!(self, Self::Project | Self::Shots),
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
    /// Whether it may be left out.
    pub optional: bool,
}

/// What a parameter must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    /// A text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The environment variable of a known owner's key.
    Key,
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
    /// A list of modes.
    Modes,
}

/// One argument, of the kind its rule asked for.
#[derive(Debug, Clone)]
pub enum Param {
    /// A text.
    Text(String),
    /// One of the words that the rule knows.
    Word(&'static str),
    /// The environment variable of a key.
    Key(String),
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
    /// A list of modes.
    Modes(Vec<Mode>),
}

/// What one check gives its rule. Load makes sure that everything the rule declares is there and of the right kind, and
/// nothing else; the rule reads it into its own struct.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// The arguments, by parameter.
    pub params: IndexMap<&'static str, Param>,
    /// The probes whose replies the rule looks at, by the rule's own names for them.
    pub probes: IndexMap<&'static str, ProbeId>,
    /// Whether the rule itself goes through the replies for every shot.
    pub every_shot: bool,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::of_the_project(None, &[Per::Project, Per::Shots])]
    #[case::of_each_shot(Some(ForEach::Shot), &[Per::Shot])]
    #[case::of_each_file(Some(ForEach::File), &[Per::Input])]
    #[case::of_each_address(Some(ForEach::Url), &[Per::Input])]
    #[case::of_each_input(Some(ForEach::Input), &[Per::Input])]
    fn a_check_names_a_rule_of_its_own_kind(#[case] for_each: Option<ForEach>, #[case] fitting: &[Per]) {
        let fits =
            [Per::Project, Per::Shots, Per::Shot, Per::Input].into_iter().filter(|per| per.fits(for_each));
        assert_eq!(fits.collect::<Vec<_>>(), fitting);
    }
}
