//! One checklist file: its own hosts, probes, checks and faults, before anything is folded in.

use std::ops::Range;

use indexmap::IndexMap;
use sha2::{Digest as _, Sha256};
use toml::Spanned;
use url::Url;

use super::{
    notes::{Notes, line_of},
    raw::checklist::{RawCheck, RawChecklist, RawFault, RawHost, RawProbe, RawQuestion},
    suggest,
};
use crate::model::{
    call::Method,
    checklist::{AnswerKind, Check, Decider, Fault, ForEach, Host, KeyShape, KeySpec, Need, Probe, Question},
    id::{CheckId, ChecklistId, FaultId, ProbeId},
    route::Route,
    rule::{KnownRule, Param, ParamKind, ParamSpec, Params, Per},
    template::{Hole, Template},
};

/// What one file says by itself.
pub(super) struct Part {
    pub(super) file: usize,
    pub(super) id: ChecklistId,
    pub(super) extends: Option<Spanned<String>>,
    pub(super) route: Option<Spanned<Route>>,
    pub(super) owner: Option<String>,
    pub(super) reviewed: chrono::NaiveDate,
    pub(super) hosts: IndexMap<String, (Range<usize>, Host)>,
    pub(super) probes: Vec<(Range<usize>, Probe)>,
    pub(super) checks: Vec<(Range<usize>, Check)>,
    pub(super) faults: Vec<(Range<usize>, Fault)>,
    pub(super) mentions: Vec<Mention>,
    pub(super) declared: Vec<(Named, String)>,
}

/// A name that must exist somewhere in the folded checklist.
pub(super) struct Mention {
    pub(super) what: Named,
    pub(super) name: String,
    pub(super) span: Range<usize>,
}

/// What a mention names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Check,
    Probe,
    Host,
}

/// Reads the parts of checklists.
pub(super) struct Reader<'a, 'n> {
    pub(super) notes: Notes<'n>,
    pub(super) rules: &'a [KnownRule],
    pub(super) mentions: Vec<Mention>,
    /// Names that stand in the file, also of what turned out to be wrong.
    pub(super) declared: Vec<(Named, String)>,
}

impl Reader<'_, '_> {
    /// The part that this file makes; `None` when it has no usable id.
    pub(super) fn part(mut self, raw: RawChecklist) -> Option<Part> {
        let top = 0..0;
        let id = self.notes.need(raw.id, "id", "the checklist", &top);
        let id = id.and_then(|id| self.notes.keep(ChecklistId::new(id.get_ref()), "bad-id", id.span()));
        let reviewed = self.notes.need(raw.reviewed, "reviewed", "the checklist", &top);
        let mut hosts = IndexMap::new();
        let main = raw.api.map(|host| ("api".to_owned(), host));
        for (name, host) in main.into_iter().chain(raw.host) {
            self.declared.push((Named::Host, name.clone()));
            let span = host.span();
            if let Some(host) = self.host(host.into_inner(), &span) {
                hosts.insert(name, (span, host));
            }
        }
        let probes = self.each(raw.probe, Self::probe);
        let home = id.clone()?;
        let checks = self.each(raw.check, |reader, raw, at| reader.check(raw, at, &home));
        let faults = self.each(raw.fault, Self::fault);
        Some(Part {
            file: self.notes.file,
            id: home,
            extends: raw.extends,
            route: raw.route,
            owner: raw.owner,
            reviewed: reviewed?.0,
            hosts,
            probes,
            checks,
            faults,
            mentions: self.mentions,
            declared: self.declared,
        })
    }

    fn each<R, T>(
        &mut self,
        raws: Vec<Spanned<R>>,
        mut make: impl FnMut(&mut Self, R, &Range<usize>) -> Option<T>,
    ) -> Vec<(Range<usize>, T)> {
        raws.into_iter()
            .filter_map(|raw| {
                let span = raw.span();
                let made = make(self, raw.into_inner(), &span)?;
                Some((span, made))
            })
            .collect()
    }

    fn mention(&mut self, what: Named, name: &Spanned<String>) {
        self.mentions.push(Mention { what, name: name.get_ref().clone(), span: name.span() });
    }

    fn host(&mut self, raw: RawHost, at: &Range<usize>) -> Option<Host> {
        let url = self.notes.need(raw.base_url, "base-url", "the host", at)?;
        let span = url.span();
        let url = self.notes.keep(Url::parse(url.get_ref()), "bad-url", span.clone())?;
        let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        if url.scheme() != "https" || url.host_str().is_none() || !plain || url.port().is_some() {
            self.notes.error_with(
                "bad-url",
                span,
                "a base URL is `https://HOST`, without user, port or query",
                Some(
                    "to rehearse against a server of your own, run `check --base-url http://127.0.0.1:PORT`"
                        .into(),
                ),
            );
            return None;
        }
        let key = match raw.key {
            None => None,
            Some(raw) => {
                let span = raw.span();
                let raw = raw.into_inner();
                let env = self.notes.need(raw.env, "env", "the key", &span);
                let scheme = self.notes.filled(raw.scheme, "scheme", "the key", &span);
                let refuse = raw.refuse.into_iter().map(|s| KeyShape { prefix: s.prefix, says: s.says });
                Some(KeySpec { env: env?.into_inner(), scheme: scheme?, refuse: refuse.collect() })
            }
        };
        Some(Host { base_url: url, base_url_env: raw.base_url_env, key })
    }

    fn probe(&mut self, raw: RawProbe, at: &Range<usize>) -> Option<Probe> {
        let id = self.notes.need(raw.id, "id", "the probe", at)?;
        self.declared.push((Named::Probe, id.get_ref().clone()));
        let id = self.notes.keep(ProbeId::new(id.get_ref()), "bad-id", id.span())?;
        let (method, path) = match (raw.get, raw.head) {
            (Some(path), None) => (Method::Get, path),
            (None, Some(path)) => (Method::Head, path),
            _ => {
                self.notes.error_with(
                    "bad-probe",
                    at.clone(),
                    format!("probe `{id}` needs exactly one of `get` and `head`"),
                    Some("probes only read; there is no way to write a paid call here".into()),
                );
                return None;
            }
        };
        let span = path.span();
        let template = self.notes.keep(Template::parse(path.get_ref()), "bad-template", span.clone())?;
        if !path.get_ref().starts_with('/') || path.get_ref().contains('#') {
            self.notes.error("bad-probe", span.clone(), "a probe's path starts with `/` and has no `#`");
        }
        let host = raw.host.unwrap_or_else(|| Spanned::new(span.clone(), "api".to_owned()));
        self.mention(Named::Host, &host);
        let for_each = raw.for_each.map(Spanned::into_inner);
        match for_each {
            None if template.needs_shot() => self.notes.error_with(
                "needs-shot",
                span.clone(),
                format!("probe `{id}` speaks of a shot"),
                Some("add `for-each = \"shot\"`".into()),
            ),
            Some(ForEach::File | ForEach::Url | ForEach::Input) => {
                self.notes.error("bad-probe", at.clone(), "a probe is repeated for shots only");
            }
            _ => {}
        }
        let mut needs: IndexMap<String, Need> = IndexMap::new();
        for (name, need) in raw.needs {
            let need = need.into_inner();
            self.mention(Named::Probe, &need.probe);
            let probe = self.notes.keep(ProbeId::new(need.probe.get_ref()), "bad-id", need.probe.span())?;
            needs.insert(name, Need { probe, path: self.notes.path(&need.path)? });
        }
        for hole in template.holes() {
            if let Hole::Bound(name) = hole
                && !needs.contains_key(name)
            {
                let names: Vec<&str> = needs.keys().map(String::as_str).chain(Hole::OF_SHOT).collect();
                let help = suggest::among(name, names);
                self.notes.error_with("unfilled", span.clone(), format!("nothing fills `{{{name}}}`"), help);
            }
        }
        Some(Probe { id, host: host.into_inner(), method, path: template, for_each, needs })
    }

    fn check(&mut self, raw: RawCheck, at: &Range<usize>, home: &ChecklistId) -> Option<Check> {
        let id = self.notes.need(raw.id, "id", "the check", at)?;
        self.declared.push((Named::Check, id.get_ref().clone()));
        let id = self.notes.keep(CheckId::new(id.get_ref()), "bad-id", id.span())?;
        let whose = format!("check `{id}`");
        let row = self.notes.need(raw.row, "row", &whose, at);
        let title = self.notes.filled(raw.title, "title", &whose, at);
        let severity = self.notes.need(raw.severity, "severity", &whose, at);
        let why = self.notes.need(raw.why, "why", &whose, at);
        let fix = self.notes.need(raw.fix, "fix", &whose, at);
        let source = self.notes.source(raw.source, &whose, at);
        let mut requires = Vec::new();
        for name in &raw.requires {
            self.mention(Named::Check, name);
            requires.extend(self.notes.keep(CheckId::new(name.get_ref()), "bad-id", name.span()));
        }
        let mut show = IndexMap::new();
        for (label, path) in &raw.show {
            show.extend(self.notes.path(path).map(|path| (label.clone(), path)));
        }
        let supports = raw.supports.and_then(|name| {
            self.mention(Named::Check, &name);
            if raw.probe.is_none() {
                self.notes.error("ambiguous", name.span(), "`supports` goes with `probe`");
            }
            self.notes.keep(CheckId::new(name.get_ref()), "bad-id", name.span())
        });
        let decider = self.decider(
            &whose,
            at,
            Ways {
                probe: raw.probe,
                expect: raw.expect,
                rule: raw.rule,
                with: raw.with,
                probes: raw.probes,
                question: raw.question,
                for_each: raw.for_each.as_ref().map(|spanned| *spanned.get_ref()),
            },
        );
        Some(Check {
            row: row?,
            title: title?,
            severity: severity?,
            why: why?,
            fix: fix?,
            source: source?,
            for_each: raw.for_each.map(Spanned::into_inner),
            applies_if: raw.applies_if,
            requires,
            decider: decider?,
            show,
            supports,
            waivable: raw.waivable.unwrap_or(true),
            home: home.clone(),
            line: line_of(self.notes.text, at.start),
            id,
        })
    }

    fn decider(&mut self, whose: &str, at: &Range<usize>, ways: Ways) -> Option<Decider> {
        match ways {
            Ways { probe: Some(probe), expect, rule: None, question: None, probes, with, .. } => {
                if !probes.is_empty() || !with.is_empty() {
                    self.notes.error("ambiguous", at.clone(), "`probes` and `with` go with `rule`");
                }
                self.mention(Named::Probe, &probe);
                let id = self.notes.keep(ProbeId::new(probe.get_ref()), "bad-id", probe.span())?;
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
                self.rule(&rule, with, probes, question, for_each)
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
        probes: Vec<Spanned<String>>,
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
            let help = match known.per {
                Per::Project => "drop `for-each`",
                Per::Shot => "add `for-each = \"shot\"`",
                Per::Input => "add `for-each = \"file\"`, `\"url\"` or `\"input\"`",
            };
            let message = format!("rule `{}` is not judged in this repetition", spec.name);
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
        for probe in &probes {
            self.mention(Named::Probe, probe);
            ids.extend(self.notes.keep(ProbeId::new(probe.get_ref()), "bad-id", probe.span()));
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

    fn fault(&mut self, raw: RawFault, at: &Range<usize>) -> Option<Fault> {
        let id = self.notes.need(raw.id, "id", "the fault", at)?;
        let id = self.notes.keep(FaultId::new(id.get_ref()), "bad-id", id.span())?;
        let whose = format!("fault `{id}`");
        let when = self.notes.need(raw.when, "when", &whose, at);
        let means = self.notes.need(raw.means, "means", &whose, at);
        let retry = self.notes.need(raw.retry, "retry", &whose, at);
        let says = self.notes.need(raw.says, "says", &whose, at);
        let fix = self.notes.need(raw.fix, "fix", &whose, at);
        let source = self.notes.source(raw.source, &whose, at);
        let mut checks = Vec::new();
        for name in &raw.checks {
            self.mention(Named::Check, name);
            checks.extend(self.notes.keep(CheckId::new(name.get_ref()), "bad-id", name.span()));
        }
        let when = self.notes.expectations(when?);
        Some(Fault {
            id,
            when,
            checks,
            means: means?,
            retry: retry?,
            says: says?,
            fix: fix?,
            source: source?,
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
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The ways in which a check may say how it is decided.
struct Ways {
    probe: Option<Spanned<String>>,
    expect: Option<Spanned<Vec<Spanned<super::raw::expect::RawExpect>>>>,
    rule: Option<Spanned<String>>,
    with: IndexMap<Spanned<String>, Spanned<toml::Value>>,
    probes: Vec<Spanned<String>>,
    question: Option<Spanned<RawQuestion>>,
    for_each: Option<ForEach>,
}
