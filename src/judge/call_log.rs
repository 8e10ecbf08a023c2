//! Which calls a checklist and a project can bring about, and whether a call log holds those that a finding rests on.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use crate::model::{
    call::{Call, Method, shown},
    checklist::{Checklist, ForEach, Probe},
    id::{ProbeId, ShotId},
    media::Input,
    project::{Project, Shot},
    template::Values,
};

/// Stands for what another reply gave, of which the log says nothing.
const ANYTHING: &str = "\u{0}";

/// A call as a log shows it.
type Line = (Method, String);

/// Every call that may be made for a project, and by which probe.
pub(super) struct Possible<'a> {
    checklist: &'a Checklist,
    project: &'a Project,
    exact: HashSet<Line>,
    with_holes: Vec<Line>,
}

impl<'a> Possible<'a> {
    pub(super) fn of(checklist: &'a Checklist, project: &'a Project) -> Self {
        let mut all = Self { checklist, project, exact: HashSet::new(), with_holes: Vec::new() };
        for probe in &checklist.probes {
            match probe.for_each {
                Some(ForEach::Shot) => project.shots.iter().for_each(|shot| all.add(probe, Some(shot))),
                _ => all.add(probe, None),
            }
        }
        for (_, input) in project.shots.iter().flat_map(|shot| &shot.inputs) {
            if let Input::Url(url) = input {
                all.exact.insert(look(url));
            }
        }
        all
    }

    fn add(&mut self, probe: &Probe, shot: Option<&Shot>) {
        let Some(line) = line(self.checklist, probe, shot) else { return };
        if !line.1.contains(ANYTHING) {
            self.exact.insert(line);
        } else if !self.with_holes.contains(&line) {
            self.with_holes.push(line);
        }
    }

    /// Whether a call is one of them.
    pub(super) fn explains(&self, call: &Call) -> bool {
        let line = (call.method, plain(&call.url));
        self.exact.contains(&line) || self.with_holes.iter().any(|pattern| fits(pattern, &line))
    }

    /// The calls that a probe cannot do without: its own, and those whose replies it needs first.
    pub(super) fn behind(&self, probe: &ProbeId, shot: Option<&ShotId>) -> Vec<Line> {
        let shot = shot.and_then(|id| self.project.shot(id.as_str()));
        let (mut lines, mut waiting, mut seen) = (Vec::new(), vec![probe], HashSet::new());
        while let Some(id) = waiting.pop() {
            let Some(probe) = self.checklist.probe(id.as_str()).filter(|probe| seen.insert(&probe.id)) else {
                continue;
            };
            lines.extend(line(self.checklist, probe, shot.filter(|_| probe.for_each.is_some())));
            waiting.extend(probe.needs.values().map(|need| &need.probe));
        }
        lines
    }
}

/// The call by which an address is looked at.
pub(super) fn look(url: &Url) -> Line {
    (Method::Get, plain(&shown(url)))
}

/// The lines of a log, to be found by what was called.
pub(super) struct Log<'a>(HashMap<Line, Vec<&'a Call>>);

impl<'a> Log<'a> {
    pub(super) fn of(calls: &'a [Call]) -> Self {
        let mut lines: HashMap<Line, Vec<&'a Call>> = HashMap::new();
        for call in calls {
            lines.entry((call.method, plain(&call.url))).or_default().push(call);
        }
        Self(lines)
    }

    /// The calls that a line stands for.
    pub(super) fn find(&self, line: &Line) -> Vec<&'a Call> {
        if !line.1.contains(ANYTHING) {
            return self.0.get(line).cloned().unwrap_or_default();
        }
        self.0.iter().filter(|(made, _)| fits(line, made)).flat_map(|(_, calls)| calls).copied().collect()
    }
}

/// A line as a reader would write it.
pub(super) fn words((method, url): &Line) -> String {
    format!("{method} {}", url.replace(ANYTHING, "…"))
}

fn line(checklist: &Checklist, probe: &Probe, shot: Option<&Shot>) -> Option<Line> {
    let host = checklist.hosts.get(&probe.host)?;
    let bound: IndexMap<String, String> =
        probe.needs.keys().map(|name| (name.clone(), ANYTHING.to_owned())).collect();
    let encode = |value: &str| utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
    let path = probe.path.fill(Values { shot, bound: Some(&bound) }, encode).ok()?;
    let url = Url::parse(&format!("{}{path}", host.base_url.as_str().trim_end_matches('/'))).ok()?;
    Some((probe.method, plain(&shown(&url))))
}

/// Without percent signs: a letter may be written in two ways.
fn plain(url: &str) -> String {
    percent_decode_str(url).decode_utf8_lossy().into_owned()
}

/// Whether a call is that of a line with holes; each hole is one segment of the path.
fn fits((method, pattern): &Line, (made, url): &Line) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), url.split('/'));
    method == made
        && loop {
            match (wanted.next(), given.next()) {
                (None, None) => break true,
                (Some(want), Some(segment)) if want == segment => {}
                (Some(want), Some(segment)) if want.contains(ANYTHING) && !segment.is_empty() => {}
                _ => break false,
            }
        }
}
