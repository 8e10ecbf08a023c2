//! How a check is decided: by a probe, by a rule or by a question, but only by one of them.

use std::ops::Range;

use indexmap::IndexMap;

use super::{
    raw::{
        checklist::{RawEntry, RawQuestion},
        expect::RawExpect,
    },
    reader::{Named, Reader},
    sink::DiagnosticSink,
    spanned::Spanned,
    suggest,
};
use crate::model::{
    checklist::{Decider, Question},
    id::{CheckId, ProbeId},
    mode::Mode,
    nearest::nearest,
    repeat::ForEach,
    rule::{Given, Param, ParamKind, ParamSpec, Per, RuleSpec},
};

/// The ways in which a check can say how it is decided.
pub(super) struct Ways {
    pub(super) probe: Option<Spanned<String>>,
    pub(super) entry: Option<Spanned<RawEntry>>,
    pub(super) expect: Option<Spanned<Vec<Spanned<RawExpect>>>>,
    pub(super) rule: Option<Spanned<String>>,
    pub(super) with: IndexMap<Spanned<String>, Spanned<toml::Value>>,
    pub(super) probes: IndexMap<Spanned<String>, Spanned<String>>,
    pub(super) question: Option<Spanned<RawQuestion>>,
    pub(super) for_each: Option<ForEach>,
}

impl Reader<'_, '_> {
    pub(super) fn decider(&mut self, check: &CheckId, at: &Range<usize>, ways: Ways) -> Option<Decider> {
        let whose = &format!("check `{check}`");
        match ways {
            Ways { probe: Some(probe), entry, expect, rule: None, question: None, probes, with, .. } => {
                if !probes.is_empty() || !with.is_empty() {
                    self.sink.error("ambiguous", at.clone(), "`probes` and `with` go with `rule`");
                }
                self.mention(Named::Probe, &probe);
                let id = self.sink.named(ProbeId::new, probe.get_ref(), probe.span())?;
                let expect = self.sink.need(expect, "expect", whose, at)?;
                let entry = match entry {
                    None => None,
                    Some(raw) => Some(self.sink.entry(raw)?),
                };
                let count = expect.get_ref().len();
                let expect = self.sink.expectations(expect);
                (expect.len() == count && count > 0).then_some(Decider::Probe { probe: id, entry, expect })
            }
            Ways {
                probe: None,
                entry: None,
                expect: None,
                rule: Some(rule),
                with,
                probes,
                question,
                for_each,
            } => {
                let question = match question {
                    None => None,
                    Some(raw) => Some(self.question(raw, check)?),
                };
                self.rule(&rule, with, probes, question, for_each)
            }
            Ways {
                probe: None,
                entry: None,
                expect: None,
                rule: None,
                question: Some(raw),
                probes,
                with,
                ..
            } if probes.is_empty() && with.is_empty() => Some(Decider::Question(self.question(raw, check)?)),
            _ => {
                self.sink.error_with(
                    "undecided-check",
                    at.clone(),
                    format!("{whose} must be decided in exactly one way"),
                    Some("give it `probe` with `expect`, or `rule`, or `question`".into()),
                );
                None
            }
        }
    }

    fn rule(
        &mut self,
        rule: &Spanned<String>,
        with: IndexMap<Spanned<String>, Spanned<toml::Value>>,
        probes: IndexMap<Spanned<String>, Spanned<String>>,
        question: Option<Question>,
        for_each: Option<ForEach>,
    ) -> Option<Decider> {
        let Some(known) = self.rules.iter().find(|known| known.spec.name == rule.get_ref()) else {
            let help = suggest::among(rule.get_ref(), self.rules.iter().map(|known| known.spec.name));
            let message = format!("there is no rule `{}`", rule.get_ref());
            self.sink.error_with("unknown-rule", rule.span(), message, help);
            return None;
        };
        let spec = known.spec;
        if !known.per.fits(for_each) {
            let (what, help) = match known.per {
                Per::Project | Per::Shots => ("the project as a whole", "drop `for-each`"),
                Per::Shot => ("one shot at a time", "add `for-each = \"shot\"`"),
                Per::Input => ("one input at a time", "add `for-each = \"file\"`, `\"url\"` or `\"input\"`"),
            };
            let message = format!("rule `{}` judges {what}", spec.name);
            self.sink.error_with("wrong-repetition", rule.span(), message, Some(help.to_owned()));
        }
        let mut given = self.given(&spec, rule, with, probes);
        given.every_shot = known.per == Per::Shots;
        Some(Decider::Rule { rule: spec.name, given, question })
    }

    /// What the check gives its rule: everything that the rule declares, and nothing else.
    fn given(
        &mut self,
        spec: &RuleSpec,
        rule: &Spanned<String>,
        with: IndexMap<Spanned<String>, Spanned<toml::Value>>,
        probes: IndexMap<Spanned<String>, Spanned<String>>,
    ) -> Given {
        let mut given = Given::default();
        let declared: Vec<_> = spec.params.iter().map(|param| (param.name, param.optional)).collect();
        for (name, value) in self.declared_by(spec, rule, "with", &declared, with) {
            let param = spec.params.iter().find(|param| param.name == name);
            let param = param.and_then(|param| self.param(*param, &value));
            given.params.extend(param.map(|param| (name, param)));
        }
        let declared: Vec<_> = spec.probes.iter().map(|probe| (probe.name, probe.optional)).collect();
        for (name, probe) in self.declared_by(spec, rule, "probes", &declared, probes) {
            self.mention(Named::Probe, &probe);
            let id = self.sink.named(ProbeId::new, probe.get_ref(), probe.span());
            given.probes.extend(id.map(|id| (name, id)));
        }
        given
    }

    /// The entries of `with` or `probes` that the rule declares. Unknown and missing ones are reported.
    fn declared_by<T>(
        &mut self,
        spec: &RuleSpec,
        rule: &Spanned<String>,
        table: &str,
        declared: &[(&'static str, bool)],
        written: IndexMap<Spanned<String>, Spanned<T>>,
    ) -> Vec<(&'static str, Spanned<T>)> {
        let names = || declared.iter().map(|(name, _)| *name);
        let mut kept = Vec::new();
        // An entry that was only misspelled isn't reported as missing too.
        let mut meant = Vec::new();
        for (key, value) in written {
            if let Some(name) = names().find(|name| name == key.get_ref()) {
                kept.push((name, value));
                continue;
            }
            meant.extend(nearest(key.get_ref(), names()));
            let message = format!("rule `{}` takes no `{}` in `{table}`", spec.name, key.get_ref());
            let help = suggest::among(key.get_ref(), names());
            self.sink.error_with("unknown-key", key.span(), message, help);
        }
        for (name, optional) in declared {
            let there = *optional || meant.contains(name) || kept.iter().any(|(kept, _)| kept == name);
            if !there {
                let message = format!("rule `{}` needs `{name}` in `{table}`", spec.name);
                self.sink.error("missing-key", rule.span(), message);
            }
        }
        kept
    }

    fn param(&mut self, spec: ParamSpec, value: &Spanned<toml::Value>) -> Option<Param> {
        let span = value.span();
        let text = value.get_ref().as_str();
        let wrong = |sink: &mut DiagnosticSink<'_>, wanted: &str| {
            sink.error("wrong-type", span.clone(), format!("`{}` must be {wanted}", spec.name));
            None
        };
        match (spec.kind, text) {
            (ParamKind::Text, Some(text)) => Some(Param::Text(text.to_owned())),
            (ParamKind::Word(words), Some(text)) => {
                let known = words.iter().find(|word| **word == text);
                if known.is_none() {
                    let message = format!("`{}` cannot be `{text}`", spec.name);
                    let help = suggest::among(text, words.iter().copied());
                    self.sink.error_with("unknown-word", span, message, help);
                }
                known.map(|word| Param::Word(word))
            }
            (ParamKind::Key, Some(text)) => Some(Param::Key(text.to_owned())),
            (ParamKind::Pattern, Some(text)) => self.sink.pattern(text, span.clone()).map(Param::Pattern),
            (ParamKind::Path, Some(text)) => {
                self.sink.path(&Spanned::new(span.clone(), text.to_owned())).map(Param::Path)
            }
            (ParamKind::Duration, Some(text)) => self
                .sink
                .keep(humantime::parse_duration(text), "bad-duration", span.clone())
                .map(Param::Duration),
            (ParamKind::Number, None) => match value.get_ref().as_integer().map(u64::try_from) {
                Some(Ok(number)) => Some(Param::Number(number)),
                _ => wrong(&mut self.sink, "a non-negative whole number"),
            },
            (ParamKind::Texts | ParamKind::Modes, None) => {
                let list = value.get_ref().as_array().map_or(&[][..], Vec::as_slice);
                let texts: Option<Vec<_>> =
                    list.iter().map(|text| text.as_str().map(str::to_owned)).collect();
                match texts.filter(|texts| !texts.is_empty()) {
                    None => wrong(&mut self.sink, "an array of strings that is not empty"),
                    Some(texts) if spec.kind == ParamKind::Texts => Some(Param::Texts(texts)),
                    Some(words) => {
                        let modes: Result<Vec<Mode>, _> = words.iter().map(|word| word.parse()).collect();
                        self.sink.keep(modes, "unknown-word", span.clone()).map(Param::Modes)
                    }
                }
            }
            (ParamKind::Number, Some(_)) => wrong(&mut self.sink, "a non-negative whole number"),
            (ParamKind::Texts | ParamKind::Modes, Some(_)) => wrong(&mut self.sink, "an array of strings"),
            (_, None) => wrong(&mut self.sink, "a string"),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use crate::{
        load::{self, LoadError},
        model::rule::{KnownRule, ParamKind, ParamSpec, Per, ProbeSpec, RuleSpec},
    };

    const RULE: KnownRule = KnownRule {
        spec: RuleSpec {
            name: "made-up",
            decides: "nothing",
            params: &[
                ParamSpec { name: "first", kind: ParamKind::Number, optional: false },
                ParamSpec { name: "second", kind: ParamKind::Number, optional: true },
            ],
            probes: &[
                ProbeSpec { name: "before", optional: false },
                ProbeSpec { name: "after", optional: false },
            ],
        },
        per: Per::Project,
    };

    /// The mistakes in a check that gives the rule this, as `line:column message (help)`.
    fn mistakes(given: &str) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = camino::Utf8PathBuf::from_path_buf(folder.path().join("own.toml")).unwrap();
        let check = "id = \"own\"\nreviewed = 2026-11-22\n[api]\nbase-url = \"https://api.x.ai\"\n\
                     [[probe]]\nid = \"me\"\nget = \"/v1/me\"\n[[check]]\nid = \"own.check\"\nrow = \"access\"\n\
                     title = \"t\"\nseverity = \"warn\"\nwhy = \"w\"\nfix = \"f\"\n\
                     source = { url = \"https://x.ai\", as-of = 2026-10-01 }\nrule = \"made-up\"\n";
        let text = format!("{check}{given}");
        fs_err::write(&path, &text).unwrap();
        let Err(LoadError::Invalid { diagnostics, .. }) = load::lint("".into(), &[path], &[RULE]) else {
            return Vec::new();
        };
        let told = diagnostics.into_iter().map(|one| {
            let before = &text[..one.labels[0].span.start];
            let line = before.matches('\n').count() + 1;
            let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
            let help = one.help.map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{line}:{column} {}{help}", one.message)
        });
        told.collect()
    }

    #[rstest]
    #[case::all("with = { first = 1, second = 2 }\nprobes = { after = \"me\", before = \"me\" }\n", &[])]
    #[case::all_but_the_optional("with = { first = 1 }\nprobes = { before = \"me\", after = \"me\" }\n", &[])]
    #[case::nothing("", &[
        "16:8 rule `made-up` needs `first` in `with`",
        "16:8 rule `made-up` needs `before` in `probes`",
        "16:8 rule `made-up` needs `after` in `probes`",
    ])]
    #[case::misspelt("with = { frist = 1, secnd = 2 }\nprobes = { befor = \"me\", after = \"me\" }\n", &[
        "17:10 rule `made-up` takes no `frist` in `with` (did you mean `first`?)",
        "17:21 rule `made-up` takes no `secnd` in `with` (did you mean `second`?)",
        "18:12 rule `made-up` takes no `befor` in `probes` (did you mean `before`?)",
    ])]
    #[case::a_slip_does_not_hide_what_is_missing("with = { scond = 1 }\nprobes = { before = \"me\", afer = \"me\" }\n", &[
        "16:8 rule `made-up` needs `first` in `with`",
        "17:10 rule `made-up` takes no `scond` in `with` (did you mean `second`?)",
        "18:27 rule `made-up` takes no `afer` in `probes` (did you mean `after`?)",
    ])]
    #[case::surplus("with = { first = 1, zzz = 1 }\nprobes = { before = \"me\", after = \"me\", q = \"me\" }\n", &[
        "17:21 rule `made-up` takes no `zzz` in `with` (one of `first`, `second`)",
        "18:41 rule `made-up` takes no `q` in `probes` (one of `before`, `after`)",
    ])]
    #[case::by_order("with = { first = 1 }\nprobes = [\"me\", \"me\"]\n", &[
        "16:8 rule `made-up` needs `before` in `probes`",
        "16:8 rule `made-up` needs `after` in `probes`",
        "18:10 `probes`: expected a table, found an array",
    ])]
    #[case::no_such_call("with = { first = 1 }\nprobes = { before = \"me\", after = \"mee\" }\n", &[
        "18:35 there is no probe `mee` (did you mean `me`?)",
    ])]
    fn a_rule_is_given_what_it_declares(#[case] given: &str, #[case] wanted: &[&str]) {
        assert_eq!(mistakes(given), wanted);
    }
}
