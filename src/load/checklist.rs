//! One checklist file: its own hosts, probes, checks and faults, before it is merged with others.

use std::{collections::HashMap, ops::Range};

use camino::Utf8Path;
use indexmap::IndexMap;

use super::{
    decider::Ways,
    raw::{
        checklist::{RawCheck, RawChecklist, RawFault, RawHost, RawSign, RawSlug},
        expect::RawExpect,
    },
    reader::{Mention, Named, Reader},
    request::Places,
    spanned::Spanned,
};
use crate::model::{
    address,
    checklist::{Check, Fault, Host, Probe, Slug},
    expect::{Expectation, Path as JsonPath, Subject, Test},
    id::{CheckId, ChecklistId, FaultId, ProbeId},
    key::KeyShape,
    route::Route,
    sign::{Sign, SignKind},
    topic::Topic,
};

/// Most checks, probes, faults, slugs and signs, each, in one file. A file of the largest accepted size has room for
/// about twice as many meaningful ones.
const MOST_OF_A_TABLE: usize = 10_000;

/// What one file contains by itself.
#[derive(Clone)]
pub(super) struct ParsedChecklist {
    pub(super) file: usize,
    pub(super) id: ChecklistId,
    pub(super) extends: Option<Spanned<String>>,
    pub(super) route: Option<Spanned<Route>>,
    pub(super) owner: Option<String>,
    pub(super) reviewed: chrono::NaiveDate,
    pub(super) hosts: IndexMap<String, PlacedHost>,
    pub(super) probes: Vec<(Range<usize>, Probe)>,
    /// Where the parts of each probe's request are.
    pub(super) requests: HashMap<ProbeId, Places>,
    pub(super) checks: Vec<(Range<usize>, Check)>,
    pub(super) faults: Vec<(Range<usize>, Fault)>,
    pub(super) slugs: Vec<(Range<usize>, Slug)>,
    pub(super) signs: Vec<(Range<usize>, Sign)>,
    pub(super) mentions: Vec<Mention>,
    pub(super) declared: Vec<(Named, String)>,
}

impl ParsedChecklist {
    /// The same part, marked as the project's own, from this file.
    pub(super) fn of(mut self, path: &Utf8Path) -> Self {
        for (_, check) in &mut self.checks {
            check.file = Some(path.to_owned());
        }
        for (_, fault) in &mut self.faults {
            fault.own = true;
        }
        self
    }
}

/// A host, and where its address and its key are.
#[derive(Clone)]
pub(super) struct PlacedHost {
    /// Without its key: how that is sent is known only from the list of owners.
    pub(super) host: Host,
    pub(super) key: Option<KeyClaim>,
    pub(super) url_at: Range<usize>,
    pub(super) key_at: Range<usize>,
}

/// What a checklist says about the key of a host.
#[derive(Debug, Clone)]
pub(super) struct KeyClaim {
    pub(super) env: String,
    pub(super) scheme: Option<String>,
    pub(super) header: Option<String>,
    pub(super) refuse: Vec<KeyShape>,
}

impl Reader<'_, '_> {
    /// The part from this file; `None` when it has no usable id.
    pub(super) fn part(mut self, raw: RawChecklist) -> Option<ParsedChecklist> {
        let top = 0..0;
        let id = self.sink.need(raw.id, "id", "the checklist", &top);
        let id = id.and_then(|id| self.sink.named(ChecklistId::new, id.get_ref(), id.span()));
        let reviewed = self.sink.need(raw.reviewed, "reviewed", "the checklist", &top);
        let mut hosts = IndexMap::new();
        let main = raw.api.map(|host| ("api".to_owned(), host));
        for (name, host) in main.into_iter().chain(raw.host) {
            self.declared.push((Named::Host, name.clone()));
            let span = host.span();
            if let Some(host) = self.host(host.into_inner(), &span) {
                hosts.insert(name, host);
            }
        }
        let probes = self.each(raw.probe, Self::probe);
        let home = id.clone()?;
        let checks = self.each(raw.check, |reader, raw, at| reader.check(raw, at, &home));
        let faults = self.each(raw.fault, Self::fault);
        let slugs = self.each(raw.slug, Self::slug);
        let signs = self.each(raw.sign, Self::sign);
        Some(ParsedChecklist {
            file: self.sink.file,
            id: home,
            extends: raw.extends,
            route: raw.route,
            owner: raw.owner,
            reviewed: reviewed?.0,
            hosts,
            probes,
            requests: self.requests,
            checks,
            faults,
            slugs,
            signs,
            mentions: self.mentions,
            declared: self.declared,
        })
    }

    fn each<R, T>(
        &mut self,
        raws: Vec<Spanned<R>>,
        mut make: impl FnMut(&mut Self, R, &Range<usize>) -> Option<T>,
    ) -> Vec<(Range<usize>, T)> {
        if let Some(beyond) = raws.get(MOST_OF_A_TABLE) {
            let help = Some("split the checklist: `checklists` of a project names several".to_owned());
            let message = format!("a checklist has at most {MOST_OF_A_TABLE} tables of a name");
            self.sink.error_with("too-many", beyond.span(), message, help);
            return Vec::new();
        }
        raws.into_iter()
            .filter_map(|raw| {
                let span = raw.span();
                let value = make(self, raw.into_inner(), &span)?;
                Some((span, value))
            })
            .collect()
    }

    fn host(&mut self, raw: RawHost, at: &Range<usize>) -> Option<PlacedHost> {
        if let Some(variable) = raw.base_url_env {
            self.sink.error_with(
                "unknown-key",
                variable.span(),
                "a checklist can't name a variable that calls follow",
                Some("drop `base-url-env`; to send one run elsewhere, pass `check --base-url URL`".into()),
            );
        }
        let url = self.sink.need(raw.base_url, "base-url", "the host", at)?;
        let span = url.span();
        let url = address::read(url.get_ref()).ok().filter(|url| {
            let bare = url.username().is_empty() && url.password().is_none();
            let bare = bare && url.port().is_none() && url.query().is_none() && url.fragment().is_none();
            bare && url.scheme() == "https" && url.host_str().is_some()
        });
        if url.is_none() {
            self.sink.error_with(
                "bad-url",
                span.clone(),
                "a base URL is `https://HOST`, without user, port or query",
                Some(
                    "to rehearse against a server of your own, run `check --base-url http://127.0.0.1:PORT`"
                        .into(),
                ),
            );
        }
        let base_url = url?;
        let mut key_at = span.clone();
        let key = match raw.key {
            None => None,
            Some(raw) => {
                let span = raw.span();
                key_at = span.clone();
                let raw = raw.into_inner();
                let env = self.sink.need(raw.env, "env", "the key", &span);
                let scheme =
                    raw.scheme.map(|scheme| self.sink.filled(Some(scheme), "scheme", "the key", &span));
                let refuse = raw.refuse.into_iter().map(|s| KeyShape { prefix: s.prefix, says: s.says });
                Some(KeyClaim {
                    env: env?.into_inner(),
                    scheme: scheme.map_or(Some(None), |scheme| scheme.map(Some))?,
                    header: raw.header.map(|header| header.into_inner().to_ascii_lowercase()),
                    refuse: refuse.collect(),
                })
            }
        };
        let success = self.shown("success", raw.success, false);
        let more = self.shown("more", raw.more, false);
        Some(PlacedHost { host: Host { base_url, key: None, success, more }, key, url_at: span, key_at })
    }

    /// What a success, or a page with more pages after it, shows: for a host, or for a probe, which may be repeated for
    /// every shot.
    pub(super) fn shown(
        &mut self,
        key: &str,
        raw: Option<Spanned<Vec<Spanned<RawExpect>>>>,
        per_shot: bool,
    ) -> Vec<Expectation> {
        let Some(raw) = raw else { return Vec::new() };
        let at = raw.span();
        let shown = self.sink.expectations(raw);
        let never = |test: &Test| matches!(test.subject, Subject::Success | Subject::Transport);
        if shown.iter().any(|one| one.any(&never)) {
            let message = format!("`{key}` needs one of `status`, `header`, `path`, `error` or `body`");
            self.sink.error("wrong-operand", at.clone(), message);
        }
        if !per_shot && shown.iter().any(Expectation::speaks_of_shot) {
            let help = Some("say it in a probe with `for-each = \"shot\"`".to_owned());
            self.sink.error_with("needs-shot", at, format!("`{key}` refers to a shot"), help);
        }
        shown
    }

    fn check(&mut self, raw: RawCheck, at: &Range<usize>, home: &ChecklistId) -> Option<Check> {
        let id = self.sink.need(raw.id, "id", "the check", at)?;
        self.declared.push((Named::Check, id.get_ref().clone()));
        let id = self.sink.named(CheckId::new, id.get_ref(), id.span())?;
        let whose = format!("check `{id}`");
        let row = self.sink.need(raw.row, "row", &whose, at);
        let topic = raw.topic.and_then(|topic| self.topic(&topic));
        let title = self.sink.seen(raw.title, "title", &whose, at);
        let severity = self.sink.need(raw.severity, "severity", &whose, at);
        let why = self.sink.need(raw.why, "why", &whose, at);
        let fix = self.sink.need(raw.fix, "fix", &whose, at);
        let source = self.sink.source(raw.source, &whose, at);
        let mut requires = Vec::new();
        for name in &raw.requires {
            self.mention(Named::Check, name);
            requires.extend(self.sink.named(CheckId::new, name.get_ref(), name.span()));
        }
        let show = self.show(&raw.show);
        let supports =
            raw.supports.and_then(|name| self.supports(&name, raw.probe.is_some() || !raw.probes.is_empty()));
        let settles = self.settles(&raw.settles, raw.question.is_some());
        let decider = self.decider(
            &id,
            at,
            Ways {
                probe: raw.probe,
                entry: raw.entry,
                expect: raw.expect,
                rule: raw.rule,
                with: raw.with,
                probes: raw.probes,
                question: raw.question,
                for_each: raw.for_each.as_ref().map(|spanned| *spanned.get_ref()),
            },
        );
        if let Some(decider) = &decider {
            self.sink.can_fail(decider, severity, at);
        }
        Some(Check {
            row: row?,
            topic,
            title: title?.into(),
            severity: severity?,
            why: why?.into(),
            fix: fix?.into(),
            source: source?,
            for_each: raw.for_each.map(Spanned::into_inner),
            applies_if: raw.applies_if,
            requires,
            decider: decider?,
            show,
            supports,
            settles,
            waivable: raw.waivable.unwrap_or(true),
            home: home.clone(),
            file: None,
            line: self.lines.of(self.sink.text, at.start),
            id,
        })
    }

    fn supports(&mut self, name: &Spanned<String>, calls: bool) -> Option<CheckId> {
        self.mention(Named::Check, name);
        if !calls {
            self.sink.error(
                "ambiguous",
                name.span(),
                "`supports` goes with `probe`, or with a rule that looks at replies",
            );
        }
        self.sink.named(CheckId::new, name.get_ref(), name.span())
    }

    fn settles(&mut self, names: &[Spanned<String>], asks: bool) -> Vec<CheckId> {
        let mut settles = Vec::new();
        for name in names {
            self.mention(Named::Check, name);
            if asks {
                self.sink.error("ambiguous", name.span(), "`settles` goes with `probe` or `rule`");
            }
            settles.extend(self.sink.named(CheckId::new, name.get_ref(), name.span()));
        }
        settles
    }

    fn topic(&mut self, raw: &Spanned<String>) -> Option<Topic> {
        self.sink.keep(Topic::new(raw.get_ref()), "bad-id", raw.span())
    }

    fn show(&mut self, raw: &IndexMap<String, Spanned<String>>) -> IndexMap<String, JsonPath> {
        raw.iter().filter_map(|(label, path)| Some((label.clone(), self.sink.path(path)?))).collect()
    }

    fn slug(&mut self, raw: RawSlug, at: &Range<usize>) -> Option<Slug> {
        let id = self.sink.filled(raw.id, "id", "the slug", at);
        let called = self.sink.filled(raw.model, "model", "the slug", at);
        let source = self.sink.source(raw.source, "the slug", at);
        Some(Slug { id: id?, aliases: raw.aliases, model: called?, modes: raw.modes, source: source? })
    }

    fn sign(&mut self, raw: RawSign, at: &Range<usize>) -> Option<Sign> {
        let id = self.sink.filled(raw.id, "id", "the sign", at);
        let says = self.sink.filled(raw.says, "says", "the sign", at);
        let source = self.sink.source(raw.source, "the sign", at);
        let name = raw.name.map(|name| self.sink.pattern(name.get_ref(), name.span()));
        let keys = raw.keys;
        let kind = match (raw.lengths, raw.words, raw.count, raw.price_below, name) {
            (Some(only), None, None, None, None) if !keys.is_empty() && !only.is_empty() => {
                SignKind::Lengths { keys, only }
            }
            (None, Some(words), None, None, None) if !words.is_empty() => SignKind::Words(words),
            (None, None, Some(is), None, None) if !keys.is_empty() => SignKind::Count { keys, is },
            (None, None, None, Some(percent @ 1..=100), None) => SignKind::PriceBelow(percent),
            (None, None, None, None, Some(name)) => SignKind::Name(name?),
            _ => {
                self.sink.error_with(
                    "bad-sign",
                    at.clone(),
                    "this isn't a sign",
                    Some(
                        "give it one of `lengths` with `keys`, `words`, `count` with `keys`, `price-below` and `name`"
                            .to_owned(),
                    ),
                );
                return None;
            }
        };
        Some(Sign { id: id?, says: says?, kind, source: source? })
    }

    fn fault(&mut self, raw: RawFault, at: &Range<usize>) -> Option<Fault> {
        let id = self.sink.need(raw.id, "id", "the fault", at)?;
        let id = self.sink.named(FaultId::new, id.get_ref(), id.span())?;
        let whose = format!("fault `{id}`");
        let when = self.sink.need(raw.when, "when", &whose, at);
        let means = self.sink.need(raw.means, "means", &whose, at);
        let retry = self.sink.need(raw.retry, "retry", &whose, at);
        let says = self.sink.need(raw.says, "says", &whose, at);
        let fix = self.sink.need(raw.fix, "fix", &whose, at);
        let source = self.sink.source(raw.source, &whose, at);
        let mut checks = Vec::new();
        for name in &raw.checks {
            self.mention(Named::Check, name);
            checks.extend(self.sink.named(CheckId::new, name.get_ref(), name.span()));
        }
        let when = self.sink.expectations(when?);
        Some(Fault {
            id,
            when,
            checks,
            means: means?,
            retry: retry?,
            says: says?,
            fix: fix?,
            source: source?,
            own: false,
        })
    }
}
