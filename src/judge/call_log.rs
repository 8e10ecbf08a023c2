//! Which calls a checklist and a project can cause, and whether a call log contains those that a finding is based on.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;
use url::Url;

use crate::model::{
    body::canonical,
    call::{Call, Method, shown},
    checklist::{Checklist, Probe},
    id::{ProbeId, ShotId},
    media::Input,
    project::{Project, Shot},
    repeat::ForEach,
    template::Values,
};

/// Stands for a value from another reply, which the log doesn't contain.
const ANYTHING: &str = "\u{0}";

/// A call as a log shows it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct LoggedCall {
    method: Method,
    pub(super) url: String,
    body: Option<Value>,
}

impl LoggedCall {
    fn of(call: &Call) -> Self {
        Self { method: call.method, url: plain(&call.url), body: call.body.clone().map(canonical) }
    }

    /// Whether a part of it is unknown.
    fn has_holes(&self) -> bool {
        self.url.contains(ANYTHING) || self.body.as_ref().is_some_and(has_holes)
    }
}

/// Every call that can be made for a project, by probe.
pub(super) struct Possible<'a> {
    checklist: &'a Checklist,
    project: &'a Project,
    exact: HashSet<LoggedCall>,
    with_holes: Vec<LoggedCall>,
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
        if !line.has_holes() {
            self.exact.insert(line);
        } else if !self.with_holes.contains(&line) {
            self.with_holes.push(line);
        }
    }

    /// Whether a call is one of them.
    pub(super) fn explains(&self, call: &Call) -> bool {
        let line = LoggedCall::of(call);
        self.exact.contains(&line) || self.with_holes.iter().any(|pattern| fits(pattern, &line))
    }

    /// The calls that a probe needs: its own, and those whose replies it needs first.
    pub(super) fn behind(&self, probe: &ProbeId, shot: Option<&ShotId>) -> Vec<LoggedCall> {
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

/// The call that looks at an address.
pub(super) fn look(url: &Url) -> LoggedCall {
    LoggedCall { method: Method::Get, url: plain(&shown(url)), body: None }
}

/// The lines of a log, indexed by the call.
pub(super) struct Log<'a>(HashMap<LoggedCall, Vec<&'a Call>>);

impl<'a> Log<'a> {
    pub(super) fn of(calls: &'a [Call]) -> Self {
        let mut lines: HashMap<LoggedCall, Vec<&'a Call>> = HashMap::new();
        for call in calls {
            lines.entry(LoggedCall::of(call)).or_default().push(call);
        }
        Self(lines)
    }

    /// The calls that a line describes.
    pub(super) fn find(&self, line: &LoggedCall) -> Vec<&'a Call> {
        if !line.has_holes() {
            return self.0.get(line).cloned().unwrap_or_default();
        }
        self.0.iter().filter(|(made, _)| fits(line, made)).flat_map(|(_, calls)| calls).copied().collect()
    }
}

/// A line for a reader.
pub(super) fn words(LoggedCall { method, url, body }: &LoggedCall) -> String {
    let body = body.as_ref().map(|body| format!(" {body}")).unwrap_or_default();
    // In JSON the character is escaped.
    format!("{method} {url}{body}").replace(ANYTHING, "…").replace("\\u0000", "…")
}

fn line(checklist: &Checklist, probe: &Probe, shot: Option<&Shot>) -> Option<LoggedCall> {
    let host = checklist.hosts.get(&probe.host)?;
    let bound: IndexMap<String, String> =
        probe.needs.keys().map(|name| (name.clone(), ANYTHING.to_owned())).collect();
    let encode = |value: &str| utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
    let values = Values { shot, bound: Some(&bound) };
    let path = probe.request.path.fill(values, encode).ok()?;
    let body = match &probe.request.body {
        Some(body) => Some(canonical(body.fill(values).ok()?)),
        None => None,
    };
    let url = Url::parse(&format!("{}{path}", host.base_url.as_str().trim_end_matches('/'))).ok()?;
    Some(LoggedCall { method: probe.request.method, url: plain(&shown(&url)), body })
}

/// Decodes percent signs, because a letter may be written in two ways.
fn plain(url: &str) -> String {
    percent_decode_str(url).decode_utf8_lossy().into_owned()
}

/// Whether a call matches a line with holes; each hole is one segment of the path, or a part of one text in the body.
fn fits(line: &LoggedCall, made: &LoggedCall) -> bool {
    let bodies = match (&line.body, &made.body) {
        (None, None) => true,
        (Some(pattern), Some(body)) => body_fits(pattern, body),
        (Some(_), None) | (None, Some(_)) => false,
    };
    let (mut wanted, mut given) = (line.url.split('/'), made.url.split('/'));
    line.method == made.method
        && bodies
        && loop {
            match (wanted.next(), given.next()) {
                (None, None) => break true,
                (Some(want), Some(segment)) if want == segment => {}
                (Some(want), Some(segment)) if want.contains(ANYTHING) && !segment.is_empty() => {}
                _ => break false,
            }
        }
}

fn has_holes(body: &Value) -> bool {
    match body {
        Value::String(text) => text.contains(ANYTHING),
        Value::Array(items) => items.iter().any(has_holes),
        Value::Object(fields) => {
            fields.iter().any(|(name, value)| name.contains(ANYTHING) || has_holes(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn body_fits(pattern: &Value, body: &Value) -> bool {
    match (pattern, body) {
        (Value::String(text), Value::String(given)) if text.contains(ANYTHING) => !given.is_empty(),
        (Value::Array(wanted), Value::Array(given)) => {
            wanted.len() == given.len() && wanted.iter().zip(given).all(|(want, one)| body_fits(want, one))
        }
        (Value::Object(wanted), Value::Object(given)) => {
            // Both have their names sorted, and a name with a hole may be anything.
            let one = |((want, inner), (name, value)): ((&String, &Value), (&String, &Value))| {
                (want == name || want.contains(ANYTHING)) && body_fits(inner, value)
            };
            wanted.len() == given.len() && wanted.iter().zip(given).all(one)
        }
        (wanted, given) => wanted == given,
    }
}

#[cfg(test)]
mod tests;
