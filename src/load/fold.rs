//! Folding checklists together: parents first, own faults before a parent's, names checked across
//! files, no circles, and no probe that is not on the list of free calls.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use indexmap::IndexMap;
use url::Url;

use super::{
    checklist::{Named, Part, PlacedHost},
    circles::Circles,
    diagnostic::{Diagnostic, Label, Level},
    notes::Notes,
    suggest,
};
use crate::model::{
    checklist::{Check, Checklist, Decider, Fault, ForEach, Host, Probe},
    expect::Expectation,
    id::CheckId,
    owners::Owners,
    route::Route,
    rule::Param,
    template::Template,
};

/// Folds parts that are already in order: a parent stands before what extends it.
pub(super) fn fold(
    parts: Vec<Part>,
    route: Option<Route>,
    owners: &Owners,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Checklist> {
    let mut folding = Folding { diagnostics, owners };
    let last = parts.last()?;
    let (id, reviewed) = (last.id.clone(), parts.iter().map(|part| part.reviewed).min()?);
    let owner = parts.iter().rev().find_map(|part| part.owner.clone());
    let own_route = parts.iter().rev().find_map(|part| part.route.as_ref().map(|route| *route.get_ref()));
    folding.routes(&parts, route);
    let names = Names::of(&parts);
    folding.mentions(&parts, &names);
    folding.duplicates(&parts);
    folding.circles(&parts);
    let mut hosts: IndexMap<String, Host> = IndexMap::new();
    let mut places = Vec::new();
    for part in &parts {
        for (name, placed) in &part.hosts {
            folding.at_home(part.file, placed);
            folding.agrees(part.file, name, placed, &mut hosts);
        }
        places.extend(part.probes.iter().map(|(span, probe)| (part.file, span.clone(), probe.clone())));
    }
    for (file, span, probe) in &places {
        folding.free(*file, span, probe, &hosts);
    }
    let mut checks: Vec<Check> = Vec::new();
    let mut faults: Vec<Fault> = Vec::new();
    let per_shot: HashSet<&str> = places
        .iter()
        .filter(|(_, _, probe)| probe.for_each == Some(ForEach::Shot))
        .map(|(_, _, probe)| probe.id.as_str())
        .collect();
    for part in parts {
        for (span, check) in &part.checks {
            folding.repeats(part.file, span, check, &per_shot);
            folding.known_keys(part.file, span, check);
        }
        checks.extend(part.checks.into_iter().map(|(_, check)| check));
        let own: Vec<_> = part.faults.into_iter().map(|(_, fault)| fault).collect();
        faults.splice(0..0, own);
    }
    let probes = places.into_iter().map(|(_, _, probe)| probe).collect();
    Some(Checklist { id, route: own_route, owner, reviewed, hosts, probes, checks, faults })
}

struct Names<'a> {
    checks: HashSet<&'a str>,
    probes: HashSet<&'a str>,
    hosts: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(parts: &'a [Part]) -> Self {
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

struct Folding<'a> {
    diagnostics: &'a mut Vec<Diagnostic>,
    owners: &'a Owners,
}

impl Folding<'_> {
    fn notes(&mut self, file: usize) -> Notes<'_> {
        Notes { file, text: "", taken: &[], diagnostics: self.diagnostics }
    }

    fn routes(&mut self, parts: &[Part], wanted: Option<Route>) {
        for part in parts {
            let (Some(route), Some(wanted)) = (&part.route, wanted) else { continue };
            if *route.get_ref() != wanted {
                let message = format!(
                    "checklist `{}` is of route `{}`, the project of route `{wanted}`",
                    part.id,
                    route.get_ref()
                );
                let help = Some("a claim belongs to its route owner and counts for no other".to_owned());
                self.notes(part.file).error_with("foreign-route", route.span(), message, help);
            }
        }
    }

    fn mentions(&mut self, parts: &[Part], names: &Names<'_>) {
        for part in parts {
            for mention in &part.mentions {
                let (what, known) = names.all(mention.what);
                if !known.contains(&mention.name.as_str()) {
                    let mut sorted: Vec<_> = known.iter().copied().collect();
                    sorted.sort_unstable();
                    let help = suggest::among(&mention.name, sorted);
                    let message = format!("there is no {what} `{}`", mention.name);
                    self.notes(part.file).error_with("unknown-name", mention.span.clone(), message, help);
                }
            }
        }
    }

    fn duplicates(&mut self, parts: &[Part]) {
        let mut seen: HashMap<(&str, &str), (usize, Range<usize>)> = HashMap::new();
        for part in parts {
            let checks = part.checks.iter().map(|(span, check)| ("check", check.id.as_str(), span));
            let probes = part.probes.iter().map(|(span, probe)| ("probe", probe.id.as_str(), span));
            let faults = part.faults.iter().map(|(span, fault)| ("fault", fault.id.as_str(), span));
            for (what, name, span) in checks.chain(probes).chain(faults) {
                match seen.get(&(what, name)) {
                    None => {
                        seen.insert((what, name), (part.file, span.clone()));
                    }
                    Some((file, first)) if *file == part.file => {
                        let first = first.clone();
                        self.notes(part.file).twice(what, name, first, span.clone());
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

    /// `requires` and `needs` may not lead back to where they start.
    fn circles(&mut self, parts: &[Part]) {
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
                    self.notes(part.file).error("circle", span.clone(), message);
                }
            }
            for (span, probe) in &part.probes {
                if let Some(circle) = of_probes.from(probe.id.as_str()) {
                    let message = format!("probes need each other: {circle}");
                    self.notes(part.file).error("circle", span.clone(), message);
                }
            }
        }
    }

    /// Calls go to a known owner's hosts, and a key to its own owner's.
    fn at_home(&mut self, file: usize, placed: &PlacedHost) {
        let name = placed.host.base_url.host_str().unwrap_or_default();
        let known = self.owners.hosts();
        if !known.contains(&name) {
            let help = suggest::among(name, known.iter().copied());
            let message = format!("`{name}` is not a host of a known owner; nothing is called there");
            self.notes(file).error_with("foreign-host", placed.url_at.clone(), message, help);
            return;
        }
        let Some(key) = &placed.host.key else { return };
        if self.owners.key_may_go(key, name) {
            return;
        }
        let message = match self.owners.key(&key.env) {
            None => format!("`{}` is not a key of a known owner; it is not read", key.env),
            Some(owned) if owned.scheme != key.scheme => {
                format!("`{}` is sent with the word `{}` and no other", key.env, owned.scheme)
            }
            Some(_) => format!("`{}` belongs elsewhere and is never sent to `{name}`", key.env),
        };
        let help = Some("keys are bound to their owner's hosts; no checklist can change that".to_owned());
        self.notes(file).error_with("foreign-key", placed.key_at.clone(), message, help);
    }

    /// A rule looks at no variable but those of keys.
    fn known_keys(&mut self, file: usize, span: &Range<usize>, check: &Check) {
        let Decider::Rule { given, .. } = &check.decider else { return };
        for param in given.params.values() {
            if let Param::Key(env) = param
                && self.owners.key(env).is_none()
            {
                let known = self.owners.list.iter().flat_map(|owner| &owner.keys).map(|key| key.env.as_str());
                let help = suggest::among(env, known);
                let message =
                    format!("check `{}`: `{env}` is not a key of a known owner; it is not read", check.id);
                self.notes(file).error_with("foreign-key", span.clone(), message, help);
            }
        }
    }

    /// A checklist adds hosts; it points none of another checklist's calls elsewhere and takes no key from them.
    fn agrees(&mut self, file: usize, name: &str, placed: &PlacedHost, hosts: &mut IndexMap<String, Host>) {
        let key = |host: &Host| host.key.as_ref().map(|key| (key.env.clone(), key.scheme.clone()));
        match hosts.get_mut(name) {
            None => {
                hosts.insert(name.to_owned(), placed.host.clone());
            }
            Some(earlier)
                if earlier.base_url == placed.host.base_url && key(earlier) == key(&placed.host) =>
            {
                // Whatever either of them takes for a foreign key is one.
                let refused = placed.host.key.iter().flat_map(|key| &key.refuse).cloned();
                // What one file calls a success, another may narrow and not widen.
                earlier.success.extend(placed.host.success.iter().cloned());
                earlier.key.iter_mut().for_each(|key| key.refuse.extend(refused.clone()));
            }
            Some(_) => {
                let message =
                    format!("host `{name}` exists already in a checklist that is loaded with this one");
                let help =
                    Some("give it a name of its own; a checklist adds, it does not replace".to_owned());
                self.notes(file).error_with("duplicate-id", placed.url_at.clone(), message, help);
            }
        }
    }

    /// Only listed (method, path) pairs can be probed.
    fn free(&mut self, file: usize, span: &Range<usize>, probe: &Probe, hosts: &IndexMap<String, Host>) {
        let Some(host) = hosts.get(&probe.host) else { return };
        let Some(url) = sample_url(&host.base_url, &probe.path) else {
            let message = format!("the path of probe `{}` does not make an address", probe.id);
            self.notes(file).error("bad-probe", span.clone(), message);
            return;
        };
        if self.owners.free_call(probe.method, &url).is_some() {
            return;
        }
        let name = host.base_url.host_str().unwrap_or_default();
        if !self.owners.hosts().contains(&name) {
            // That there is no such host is said where it stands.
            return;
        }
        let listed: Vec<_> = self
            .owners
            .list
            .iter()
            .flat_map(|owner| &owner.free)
            .filter(|pair| pair.host == name)
            .map(|pair| format!("{} {}", pair.method, pair.path))
            .collect();
        let help = if listed.is_empty() {
            format!("no call to `{name}` is known to be free")
        } else {
            format!("free calls there: {}", listed.join(", "))
        };
        let message = format!("{} {} is not on the list of free calls", probe.method, probe.path);
        self.notes(file).error_with("not-free", span.clone(), message, Some(help));
    }

    /// A check that looks at a per-shot reply, or speaks of a shot, is itself per shot.
    fn repeats(&mut self, file: usize, span: &Range<usize>, check: &Check, per_shot: &HashSet<&str>) {
        if check.for_each == Some(ForEach::Shot) {
            return;
        }
        let by_probe = check.decider.probes().iter().any(|id| per_shot.contains(id.as_str()));
        let by_text = matches!(
            &check.decider,
            Decider::Probe { expect, .. } if expect.iter().any(Expectation::speaks_of_shot)
        );
        if by_probe || by_text {
            self.notes(file).error_with(
                "needs-shot",
                span.clone(),
                format!("check `{}` speaks of a shot", check.id),
                Some("add `for-each = \"shot\"`".into()),
            );
        }
    }
}

/// The address a probe would call, with a harmless word in every hole.
fn sample_url(base: &Url, path: &Template) -> Option<Url> {
    let prefix = base.as_str().trim_end_matches('/');
    Url::parse(&format!("{prefix}{}", path.with_every_hole("x"))).ok()
}
