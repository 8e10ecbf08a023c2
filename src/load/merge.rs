//! Merges checklists: parents first, a child's faults before a parent's, names checked across files, and no cycles.

use std::{
    cell::Cell,
    collections::{HashMap, HashSet},
    ops::Range,
};

use indexmap::IndexMap;

use super::{
    checklist::{ParsedChecklist, PlacedHost},
    circles::Circles,
    diagnostic::{Diagnostic, Label, Level},
    loader::ships,
    reader::Named,
    sink::DiagnosticSink,
    suggest,
};
use crate::model::{
    checklist::{Check, Checklist, Decider, Fault, Host, Probe, Slug, Told},
    expect::Expectation,
    id::CheckId,
    owners::Owners,
    repeat::ForEach,
    route::Route,
    sign::Sign,
};

/// Merges checklists that are already in order: a parent comes before what extends it.
pub(super) fn merge(
    parts: Vec<ParsedChecklist>,
    route: Option<Route>,
    owners: &Owners,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Checklist> {
    let mut merger = Merger { diagnostics, owners, patterns: Cell::default() };
    let last = parts.last()?;
    let (id, reviewed) = (last.id.clone(), parts.iter().map(|part| part.reviewed).min()?);
    let owner = parts.iter().rev().find_map(|part| part.owner.clone());
    let own_route = parts.iter().rev().find_map(|part| part.route.as_ref().map(|route| *route.get_ref()));
    merger.routes(&parts, route);
    let names = Names::of(&parts);
    merger.mentions(&parts, &names);
    merger.duplicates(&parts);
    merger.adds_only(&parts);
    merger.circles(&parts);
    let mut hosts: IndexMap<String, Host> = IndexMap::new();
    let mut places = Vec::new();
    for part in &parts {
        for (name, placed) in &part.hosts {
            // The mistake in it was reported; its name can still be used.
            let host = merger.at_home(part.file, placed).unwrap_or_else(|| placed.host.clone());
            merger.agrees(part.file, name, (placed, host), &mut hosts);
        }
        places.extend(part.probes.iter().map(|(span, probe)| (part, span.clone(), probe.clone())));
    }
    for (part, span, probe) in &places {
        merger.free(part, span, probe, &hosts);
    }
    merger.key_proof(route.or(own_route), &places, &hosts);
    let mut checks: Vec<Check> = Vec::new();
    let mut faults: Vec<Fault> = Vec::new();
    let mut slugs: Vec<Slug> = Vec::new();
    let mut signs: Vec<Sign> = Vec::new();
    let probes: Vec<Probe> = places.into_iter().map(|(_, _, probe)| probe).collect();
    let per_shot: HashSet<&str> = probes
        .iter()
        .filter(|probe| probe.for_each == Some(ForEach::Shot))
        .map(|probe| probe.id.as_str())
        .collect();
    for part in parts {
        for (span, check) in &part.checks {
            merger.repeats(part.file, span, check, &per_shot);
            merger.known_keys(part.file, span, check);
        }
        checks.extend(part.checks.into_iter().map(|(_, check)| check));
        let own: Vec<_> = part.faults.into_iter().map(|(_, fault)| fault).collect();
        faults.splice(0..0, own);
        slugs.extend(part.slugs.into_iter().map(|(_, slug)| slug));
        signs.extend(part.signs.into_iter().map(|(_, sign)| sign));
    }
    let (remarks, told) = (Vec::new(), Told::default());
    let route = own_route;
    Some(Checklist { id, route, owner, reviewed, hosts, probes, checks, faults, slugs, signs, remarks, told })
}

struct Names<'a> {
    checks: HashSet<&'a str>,
    probes: HashSet<&'a str>,
    hosts: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(parts: &'a [ParsedChecklist]) -> Self {
        let of = |what| {
            let declared = parts.iter().flat_map(|part| &part.declared);
            declared.filter(|(named, _)| *named == what).map(|(_, name)| name.as_str()).collect()
        };
        Self { checks: of(Named::Check), probes: of(Named::Probe), hosts: of(Named::Host) }
    }

    fn all(&self, what: Named) -> (&'static str, &HashSet<&'a str>) {
        match what {
            Named::Check => ("check", &self.checks),
            Named::Probe => ("probe", &self.probes),
            Named::Host => ("host", &self.hosts),
        }
    }
}

/// Checklists that are being merged.
pub(super) struct Merger<'a> {
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
    pub(super) owners: &'a Owners,
    /// Zero, because all regular expressions are compiled by now.
    pub(super) patterns: Cell<usize>,
}

impl Merger<'_> {
    pub(super) fn sink(&mut self, file: usize) -> DiagnosticSink<'_> {
        DiagnosticSink {
            file,
            text: "",
            shipped: false,
            taken: &[],
            patterns: &self.patterns,
            diagnostics: self.diagnostics,
        }
    }

    fn routes(&mut self, parts: &[ParsedChecklist], wanted: Option<Route>) {
        for part in parts {
            let (Some(route), Some(wanted)) = (&part.route, wanted) else { continue };
            if *route.get_ref() != wanted {
                let message = format!(
                    "checklist `{}` is for route `{}`, but the project is for route `{wanted}`",
                    part.id,
                    route.get_ref()
                );
                let help = Some("a claim belongs to its route owner and counts for no other".to_owned());
                self.sink(part.file).error_with("foreign-route", route.span(), message, help);
            }
        }
    }

    fn mentions(&mut self, parts: &[ParsedChecklist], names: &Names<'_>) {
        for part in parts {
            for mention in &part.mentions {
                let (what, known) = names.all(mention.what);
                if !known.contains(&mention.name.as_str()) {
                    let mut sorted: Vec<_> = known.iter().copied().collect();
                    sorted.sort_unstable();
                    let help = suggest::among(&mention.name, sorted);
                    let message = format!("there is no {what} `{}`", mention.name);
                    self.sink(part.file).error_with("unknown-name", mention.span.clone(), message, help);
                }
            }
        }
    }

    fn duplicates(&mut self, parts: &[ParsedChecklist]) {
        let mut seen: HashMap<(&str, &str), (usize, Range<usize>)> = HashMap::new();
        for part in parts {
            let checks = part.checks.iter().map(|(span, check)| ("check", check.id.as_str(), span));
            let probes = part.probes.iter().map(|(span, probe)| ("probe", probe.id.as_str(), span));
            let faults = part.faults.iter().map(|(span, fault)| ("fault", fault.id.as_str(), span));
            let slugs = part.slugs.iter().map(|(span, slug)| ("slug", slug.id.as_str(), span));
            let signs = part.signs.iter().map(|(span, sign)| ("sign", sign.id.as_str(), span));
            for (what, name, span) in checks.chain(probes).chain(faults).chain(slugs).chain(signs) {
                match seen.get(&(what, name)) {
                    None => {
                        seen.insert((what, name), (part.file, span.clone()));
                    }
                    Some((file, first)) if *file == part.file => {
                        let first = first.clone();
                        self.sink(part.file).twice(what, name, first, span.clone());
                    }
                    Some(_) => self.diagnostics.push(Diagnostic {
                        code: "duplicate-id",
                        level: Level::Error,
                        message: format!(
                            "{what} `{name}` exists already in a checklist that is loaded with this one"
                        ),
                        file: part.file,
                        labels: vec![Label { span: span.clone(), text: String::new(), primary: true }],
                        help: Some("give it a name of its own; a checklist adds, it does not replace".into()),
                    }),
                }
            }
        }
    }

    /// A project's own fault may apply only to the project's own checks: applied to a shipped check, it would take a
    /// reply away from it. Likewise, its own check can't answer a shipped question, which asks a person, and its own
    /// slugs can't be added to those of a pack.
    fn adds_only(&mut self, parts: &[ParsedChecklist]) {
        let checks = || parts.iter().flat_map(|part| &part.checks).map(|(_, check)| check);
        let shipped: HashSet<&CheckId> =
            checks().filter(|check| !check.is_own()).map(|check| &check.id).collect();
        let help = || Some("name checks of your own; a checklist adds, it does not replace".to_owned());
        let listed = parts.iter().any(|part| ships(part.id.as_str()) && !part.slugs.is_empty());
        for part in parts.iter().filter(|part| listed && !ships(part.id.as_str())) {
            if let Some((span, slug)) = part.slugs.first() {
                let message = format!("the slug `{}` is not one of the provider's pack", slug.id);
                let help = "a pack lists every slug of its provider; leave it out".to_owned();
                self.sink(part.file).error_with("wrong-owner", span.clone(), message, Some(help));
            }
        }
        for part in parts {
            for (span, check) in part.checks.iter().filter(|(_, check)| check.is_own()) {
                if let Some(question) = check.settles.iter().find(|question| shipped.contains(question)) {
                    let message = format!("check `{}` settles `{question}`, which is shipped", check.id);
                    self.sink(part.file).error_with("wrong-owner", span.clone(), message, help());
                }
            }
            for (span, fault) in part.faults.iter().filter(|(_, fault)| fault.own) {
                if let Some(check) = fault.checks.iter().find(|check| shipped.contains(check)) {
                    let message = format!("fault `{}` refers to `{check}`, which is shipped", fault.id);
                    self.sink(part.file).error_with("wrong-owner", span.clone(), message, help());
                }
            }
        }
    }

    /// `requires` and `needs` must not form a cycle.
    fn circles(&mut self, parts: &[ParsedChecklist]) {
        let checks: HashMap<&str, Vec<&str>> = parts
            .iter()
            .flat_map(|part| &part.checks)
            .map(|(_, check)| (check.id.as_str(), check.requires.iter().map(CheckId::as_str).collect()))
            .collect();
        let probes: HashMap<&str, Vec<&str>> = parts
            .iter()
            .flat_map(|part| &part.probes)
            .map(|(_, probe)| {
                (probe.id.as_str(), probe.needs.values().map(|need| need.probe.as_str()).collect())
            })
            .collect();
        let of_checks =
            Circles::among(parts.iter().flat_map(|part| &part.checks).map(|(_, c)| c.id.as_str()), &checks);
        let of_probes =
            Circles::among(parts.iter().flat_map(|part| &part.probes).map(|(_, p)| p.id.as_str()), &probes);
        for part in parts {
            for (span, check) in &part.checks {
                if let Some(circle) = of_checks.from(check.id.as_str()) {
                    let message = format!("checks require each other: {circle}");
                    self.sink(part.file).error("circle", span.clone(), message);
                }
            }
            for (span, probe) in &part.probes {
                if let Some(circle) = of_probes.from(probe.id.as_str()) {
                    let message = format!("probes need each other: {circle}");
                    self.sink(part.file).error("circle", span.clone(), message);
                }
            }
        }
    }

    /// A checklist adds hosts; it doesn't redirect another checklist's calls and doesn't take their key away.
    fn agrees(
        &mut self,
        file: usize,
        name: &str,
        (placed, host): (&PlacedHost, Host),
        hosts: &mut IndexMap<String, Host>,
    ) {
        let key = |host: &Host| host.key.as_ref().map(|key| key.env.clone());
        match hosts.get_mut(name) {
            None => {
                hosts.insert(name.to_owned(), host);
            }
            Some(earlier) if earlier.base_url == host.base_url && key(earlier) == key(&host) => {
                // A key is foreign if either of them says so.
                let refused = host.key.into_iter().flat_map(|key| key.refuse);
                if let Some(key) = &mut earlier.key {
                    key.refuse.extend(refused);
                }
                // One file may narrow what another calls a success, but not widen it.
                earlier.success.extend(host.success);
                // Nor may it make anything unknown that the other one decides.
                if !host.more.is_empty() {
                    let message =
                        format!("only the checklist that names host `{name}` first can set its `more`");
                    let help = Some("leave it out; a checklist adds, it does not replace".to_owned());
                    self.sink(file).error_with("wrong-owner", placed.url_at.clone(), message, help);
                }
            }
            Some(_) => {
                let message =
                    format!("host `{name}` exists already in a checklist that is loaded with this one");
                let help =
                    Some("give it a name of its own; a checklist adds, it does not replace".to_owned());
                self.sink(file).error_with("duplicate-id", placed.url_at.clone(), message, help);
            }
        }
    }

    /// A check that looks at a per-shot reply, or refers to a shot, must itself be per shot.
    fn repeats(&mut self, file: usize, span: &Range<usize>, check: &Check, per_shot: &HashSet<&str>) {
        if check.for_each == Some(ForEach::Shot) {
            return;
        }
        let sees_all = matches!(&check.decider, Decider::Rule { given, .. } if given.every_shot);
        let by_probe = !sees_all && check.decider.probes().iter().any(|id| per_shot.contains(id.as_str()));
        let by_text = matches!(
            &check.decider,
            Decider::Probe { expect, entry, .. }
                if expect.iter().any(Expectation::speaks_of_shot)
                    || entry.as_ref().is_some_and(|entry| entry.is.needs_shot())
        );
        if by_probe || by_text {
            self.sink(file).error_with(
                "needs-shot",
                span.clone(),
                format!("check `{}` refers to a shot", check.id),
                Some("add `for-each = \"shot\"`".into()),
            );
        }
    }
}
