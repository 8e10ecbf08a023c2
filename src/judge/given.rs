//! What a check gives its rule: declared once and read into a struct, so that it is never looked up by a name that
//! could be wrong.

use std::time::Duration;

use serde_json::Value;

use super::{rule_context::RuleContext, rule_outcome::RuleOutcome};
use crate::model::{
    expect::{Path, Pattern},
    mode::Mode,
    observation::{Body, Observation, Reply},
    rule::{Param, ParamKind},
    verdict::Reason,
};

/// A type that a parameter can have.
pub(super) trait Argument<'a>: Sized {
    /// What the checklist must write.
    const KIND: ParamKind;
    /// Whether the checklist may leave it out.
    const OPTIONAL: bool = false;

    /// The value, if it is there and of this kind.
    fn of(param: Option<&'a Param>) -> Option<Self>;
}

/// The environment variable of a key that the loader found in the list of owners.
#[derive(Clone, Copy)]
pub(super) struct KeyVariable<'a>(pub(super) &'a str);

/// Implements [`Argument`] for the type that a kind of parameter is read as.
macro_rules! argument {
    ($type:ty, $kind:ident, $given:ident => $read:expr) => {
        impl<'a> Argument<'a> for $type {
            const KIND: ParamKind = ParamKind::$kind;

            fn of(param: Option<&'a Param>) -> Option<Self> {
                match param? {
                    Param::$kind($given) => Some($read),
                    _ => None,
                }
            }
        }
    };
}

argument!(&'a str, Text, text => text);
argument!(KeyVariable<'a>, Key, env => KeyVariable(env));
argument!(&'a [String], Texts, texts => texts);
argument!(u64, Number, number => *number);
argument!(Duration, Duration, duration => *duration);
argument!(&'a Pattern, Pattern, pattern => pattern);
argument!(&'a Path, Path, path => path);
argument!(&'a [Mode], Modes, modes => modes);

impl<'a> Argument<'a> for Mode {
    const KIND: ParamKind = ParamKind::Word(&Self::WORDS);

    fn of(param: Option<&'a Param>) -> Option<Self> {
        match param? {
            Param::Word(word) => Self::ALL.into_iter().find(|mode| mode.word() == *word),
            _ => None,
        }
    }
}

impl<'a, T: Argument<'a>> Argument<'a> for Option<T> {
    const KIND: ParamKind = T::KIND;
    const OPTIONAL: bool = true;

    fn of(param: Option<&'a Param>) -> Option<Self> {
        match param {
            None => Some(None),
            some => T::of(some).map(Some),
        }
    }
}

/// A probe that a rule looks at, and what it saw.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looked<'a> {
    /// The rule's name for it.
    pub name: &'static str,
    seen: Option<&'a Observation>,
}

impl<'a> Looked<'a> {
    /// What the probe of this name saw, for the current shot; `None` when the check names no such probe.
    pub(super) fn at(context: &RuleContext<'a>, name: &'static str) -> Option<Self> {
        let probe = context.given.probes.get(name)?;
        Some(Self { name, seen: context.observations.of(probe, context.shot.map(|shot| shot.id.as_str())) })
    }

    /// The reply, if it is a success.
    fn reply(self) -> Option<&'a Reply> {
        match self.seen? {
            Observation::Reply(reply) if reply.is_success() => Some(reply),
            _ => None,
        }
    }

    /// Whether the server said that there is no such thing.
    pub(super) fn is_gone(self) -> bool {
        matches!(self.seen, Some(Observation::Reply(reply)) if reply.status == 404)
    }

    /// Whether it is one page of a list and more follow: something that isn't on it may be on a later one.
    pub(super) fn goes_on(self) -> bool {
        self.reply().is_some_and(|reply| reply.more)
    }

    /// The text of a success that isn't JSON.
    pub(super) fn text(self) -> Option<&'a str> {
        match &self.reply()?.body {
            Body::Text(text) => Some(text),
            Body::Json(_) | Body::Empty | Body::Unclear(_) => None,
        }
    }

    /// The whole of a success.
    pub(super) fn json(self) -> Option<&'a Value> {
        self.reply()?.json()
    }

    /// A header of a success.
    pub(super) fn header(self, name: &str) -> Option<&'a str> {
        self.reply()?.headers.get(name).map(String::as_str)
    }

    /// The value at a path of a success, unchanged, when there is exactly one.
    pub(super) fn one(self, path: &Path) -> Option<&'a Value> {
        path.only(self.reply()?.json()?)
    }

    /// Every value at a path of a success; a found array counts as its items.
    pub(super) fn values(self, path: &Path) -> Vec<&'a Value> {
        let Some(json) = self.reply().and_then(Reply::json) else {
            return Vec::new();
        };
        let found = path.all(json);
        // A path that already names the items doesn't expect nested lists.
        let of_items = path.text.trim_end().ends_with("[*]");
        let mut values = Vec::with_capacity(found.len());
        for value in found {
            match value {
                Value::Array(items) if !of_items => values.extend(items),
                other => values.push(other),
            }
        }
        values
    }

    /// Every text at a path of a success.
    pub(super) fn texts(self, path: &Path) -> Vec<&'a str> {
        self.values(path).into_iter().filter_map(Value::as_str).collect()
    }
}

/// What a rule says when its check doesn't give what the rule declares. Load rejects such checks.
pub(super) fn not_given(name: &str) -> RuleOutcome {
    RuleOutcome::unknown(Reason::NotDeclared, format!("the check gives its rule no `{name}`"))
}

/// Declares what a rule takes: parameters by type, and the replies it looks at, with the optional ones last. The
/// generated struct can only be read whole, so a rule can't ask for anything it didn't declare.
///
/// ```ignore
/// given! {
///     params {
///         total: &'a Path = "total",
///         most: Option<u64> = "most",
///     }
///     probes {
///         balance = "balance",
///     }
///     perhaps {
///         limit = "limit",
///     }
/// }
/// ```
macro_rules! given {
    (
        params { $($param:ident: $type:ty = $key:literal,)* }
        $(probes { $($probe:ident = $name:literal,)* })?
        $(perhaps { $($perhaps:ident = $perhaps_name:literal,)* })?
    ) => {
        /// What the check gives.
        struct Given<'a> {
            $($param: $type,)*
            $($($probe: $crate::judge::given::Looked<'a>,)*)?
            $($($perhaps: Option<$crate::judge::given::Looked<'a>>,)*)?
            _of: std::marker::PhantomData<&'a ()>,
        }

        impl<'a> Given<'a> {
            const PARAMS: &'static [$crate::model::rule::ParamSpec] = &[$(
                $crate::model::rule::ParamSpec {
                    name: $key,
                    kind: <$type as $crate::judge::given::Argument<'a>>::KIND,
                    optional: <$type as $crate::judge::given::Argument<'a>>::OPTIONAL,
                },
            )*];
            const PROBES: &'static [$crate::model::rule::ProbeSpec] = &[
                $($($crate::model::rule::ProbeSpec { name: $name, optional: false },)*)?
                $($($crate::model::rule::ProbeSpec { name: $perhaps_name, optional: true },)*)?
            ];

            /// Judges with the given values.
            fn with(
                context: &$crate::judge::rule_context::RuleContext<'a>,
                judge: impl FnOnce(Self) -> $crate::judge::rule_outcome::RuleOutcome,
            ) -> $crate::judge::rule_outcome::RuleOutcome {
                $(
                    let Some($param) = $crate::judge::given::Argument::of(context.given.params.get($key)) else {
                        return $crate::judge::given::not_given($key);
                    };
                )*
                $($(
                    let Some($probe) = $crate::judge::given::Looked::at(context, $name) else {
                        return $crate::judge::given::not_given($name);
                    };
                )*)?
                $($(
                    let $perhaps = $crate::judge::given::Looked::at(context, $perhaps_name);
                )*)?
                judge(Self { $($param,)* $($($probe,)*)? $($($perhaps,)*)? _of: std::marker::PhantomData })
            }
        }
    };
}

pub(super) use given;

#[cfg(test)]
mod tests;
