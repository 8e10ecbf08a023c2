//! How a check is decided: by a probe, by a rule or by a question, and by one of them only.

use std::ops::Range;

use indexmap::IndexMap;
use sha2::{Digest as _, Sha256};

use super::{
    checklist::{Named, Reader},
    notes::Notes,
    raw::{checklist::RawQuestion, expect::RawExpect},
    spanned::Spanned,
    suggest,
};
use crate::model::{
    checklist::{AnswerKind, Decider, ForEach, Question},
    id::ProbeId,
    rule::{Param, ParamKind, ParamSpec, Params, Per},
    text::hex,
};

/// The ways in which a check may say how it is decided.
pub(super) struct Ways {
    pub(super) probe: Option<Spanned<String>>,
    pub(super) expect: Option<Spanned<Vec<Spanned<RawExpect>>>>,
    pub(super) rule: Option<Spanned<String>>,
    pub(super) with: IndexMap<Spanned<String>, Spanned<toml::Value>>,
    pub(super) probes: Vec<Spanned<String>>,
    pub(super) question: Option<Spanned<RawQuestion>>,
    pub(super) for_each: Option<ForEach>,
}

impl Reader<'_, '_> {
    pub(super) fn decider(&mut self, whose: &str, at: &Range<usize>, ways: Ways) -> Option<Decider> {
        match ways {
            Ways { probe: Some(probe), expect, rule: None, question: None, probes, with, .. } => {
                if !probes.is_empty() || !with.is_empty() {
                    self.notes.error("ambiguous", at.clone(), "`probes` and `with` go with `rule`");
                }
                self.mention(Named::Probe, &probe);
                let id = self.notes.named(ProbeId::new, probe.get_ref(), probe.span())?;
                let expect = self.notes.need(expect, "expect", whose, at)?;
                let count = expect.get_ref().len();
                let expect = self.notes.expectations(expect);
                (expect.len() == count && count > 0).then_some(Decider::Probe { probe: id, expect })
            }
            Ways { probe: None, expect: None, rule: Some(rule), with, probes, question, for_each } => {
                let question = match question {
                    None => None,
                    Some(raw) => Some(self.question(raw, whose)?),
                };
                self.rule(&rule, with, &probes, question, for_each)
            }
            Ways { probe: None, expect: None, rule: None, question: Some(raw), probes, with, .. }
                if probes.is_empty() && with.is_empty() =>
            {
                Some(Decider::Question(self.question(raw, whose)?))
            }
            _ => {
                self.notes.error_with(
                    "undecided-check",
                    at.clone(),
                    format!("{whose} must say in one way how it is decided"),
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
        probes: &[Spanned<String>],
        question: Option<Question>,
        for_each: Option<ForEach>,
    ) -> Option<Decider> {
        let Some(known) = self.rules.iter().find(|known| known.spec.name == rule.get_ref()) else {
            let help = suggest::among(rule.get_ref(), self.rules.iter().map(|known| known.spec.name));
            let message = format!("there is no rule `{}`", rule.get_ref());
            self.notes.error_with("unknown-rule", rule.span(), message, help);
            return None;
        };
        let spec = known.spec;
        if !known.per.fits(for_each) {
            let (what, help) = match known.per {
                Per::Project => ("the project as a whole", "drop `for-each`"),
                Per::Shot => ("one shot at a time", "add `for-each = \"shot\"`"),
                Per::Input => ("one input at a time", "add `for-each = \"file\"`, `\"url\"` or `\"input\"`"),
            };
            let message = format!("rule `{}` judges {what}", spec.name);
            self.notes.error_with("wrong-repetition", rule.span(), message, Some(help.to_owned()));
        }
        let mut params = IndexMap::new();
        let before = self.notes.diagnostics.len();
        for (key, value) in with {
            let Some(param) = spec.params.iter().find(|param| param.name == key.get_ref()) else {
                let help = suggest::among(key.get_ref(), spec.params.iter().map(|param| param.name));
                let message = format!("rule `{}` takes no `{}`", spec.name, key.get_ref());
                self.notes.error_with("unknown-key", key.span(), message, help);
                continue;
            };
            params.extend(self.param(*param, &value).map(|value| (key.into_inner(), value)));
        }
        for param in spec.params {
            if !params.contains_key(param.name) && self.notes.diagnostics.len() == before {
                let message = format!("rule `{}` needs `{}` in `with`", spec.name, param.name);
                self.notes.error("missing-key", rule.span(), message);
            }
        }
        let mut ids = Vec::new();
        for probe in probes {
            self.mention(Named::Probe, probe);
            ids.extend(self.notes.named(ProbeId::new, probe.get_ref(), probe.span()));
        }
        Some(Decider::Rule { rule: spec.name, with: Params(params), probes: ids, question })
    }

    fn param(&mut self, spec: ParamSpec, value: &Spanned<toml::Value>) -> Option<Param> {
        let span = value.span();
        let text = value.get_ref().as_str();
        let wrong = |notes: &mut Notes<'_>, wanted: &str| {
            notes.error("wrong-type", span.clone(), format!("`{}` must be {wanted}", spec.name));
            None
        };
        match (spec.kind, text) {
            (ParamKind::Text, Some(text)) => Some(Param::Text(text.to_owned())),
            (ParamKind::Pattern, Some(text)) => self.notes.pattern(text, span.clone()).map(Param::Pattern),
            (ParamKind::Path, Some(text)) => {
                self.notes.path(&Spanned::new(span.clone(), text.to_owned())).map(Param::Path)
            }
            (ParamKind::Duration, Some(text)) => self
                .notes
                .keep(humantime::parse_duration(text), "bad-duration", span.clone())
                .map(Param::Duration),
            (ParamKind::Number, None) => match value.get_ref().as_integer().map(u64::try_from) {
                Some(Ok(number)) => Some(Param::Number(number)),
                _ => wrong(&mut self.notes, "a whole number that is not negative"),
            },
            (ParamKind::Texts, None) => {
                let list = value.get_ref().as_array().map_or(&[][..], Vec::as_slice);
                let texts: Option<Vec<_>> =
                    list.iter().map(|text| text.as_str().map(str::to_owned)).collect();
                match texts.filter(|texts| !texts.is_empty()) {
                    Some(texts) => Some(Param::Texts(texts)),
                    None => wrong(&mut self.notes, "an array of strings that is not empty"),
                }
            }
            (ParamKind::Number, Some(_)) => wrong(&mut self.notes, "a whole number that is not negative"),
            (ParamKind::Texts, Some(_)) => wrong(&mut self.notes, "an array of strings"),
            (_, None) => wrong(&mut self.notes, "a string"),
        }
    }

    fn question(&mut self, raw: Spanned<RawQuestion>, whose: &str) -> Option<Question> {
        let at = raw.span();
        let raw = raw.into_inner();
        let ask = self.notes.filled(raw.ask, "ask", whose, &at);
        let kind = self.notes.need(raw.kind, "type", "`question`", &at);
        let valid_for = self.notes.need(raw.valid_for, "valid-for", "`question`", &at);
        let days = valid_for.and_then(|text| self.notes.days(&text));
        let kind = kind?;
        let allowed: Vec<&str> = match kind {
            AnswerKind::YesNo => vec!["yes", "no"],
            AnswerKind::Choice => raw.choices.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        if (kind == AnswerKind::Choice) != (raw.choices.len() > 1) {
            self.notes.error(
                "wrong-operand",
                at,
                "`choices` lists at least two values, for `type = \"choice\"` alone",
            );
        }
        for value in &raw.pass {
            if !allowed.is_empty() && !allowed.contains(&value.get_ref().as_str()) {
                let help = suggest::among(value.get_ref(), allowed.iter().copied());
                let message = format!("`{}` is not among the values this question takes", value.get_ref());
                self.notes.error_with("wrong-operand", value.span(), message, help);
            }
        }
        let ask = ask?;
        let pass: Vec<String> = raw.pass.into_iter().map(Spanned::into_inner).collect();
        let digest = question_digest(&ask, kind, &raw.choices, &pass);
        Some(Question {
            ask,
            kind,
            choices: raw.choices,
            pass,
            evidence: raw.evidence,
            valid_for_days: days?,
            per_model: raw.per_model,
            digest,
        })
    }
}

/// Sixteen hexadecimal digits over what was asked and what counts as a pass.
fn question_digest(ask: &str, kind: AnswerKind, choices: &[String], pass: &[String]) -> String {
    let mut hash = Sha256::new();
    let kind = format!("{kind:?}");
    let parts = [ask, kind.as_str()].into_iter().chain(choices.iter().chain(pass).map(String::as_str));
    for part in parts {
        // Layout is no meaning: a question may be wrapped otherwise.
        let words: Vec<&str> = part.split_whitespace().collect();
        hash.update(words.join(" "));
        hash.update([0]);
    }
    hex(hash.finalize().get(..8).unwrap_or_default())
}
