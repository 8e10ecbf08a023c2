//! A part of a checklist: the rows and checks that were asked for, and what they depend on.

use std::collections::{HashMap, HashSet};

use crate::model::{
    checklist::{Check, Checklist, Probe, Told},
    id::{CheckId, ProbeId},
    route::Row,
};

/// What one word of `--only` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// All checks of a row.
    Row(Row),
    /// One check.
    Check(CheckId),
}

impl Selector {
    /// The row or check of this name, if one of these checklists has it.
    #[must_use]
    pub fn find(word: &str, checklists: &[&Checklist]) -> Option<Self> {
        if let Some(row) = Row::ALL.into_iter().find(|row| row.word() == word) {
            return Some(Self::Row(row));
        }
        let check = checklists.iter().find_map(|checklist| checklist.check(word))?;
        Some(Self::Check(check.id.clone()))
    }

    fn takes(&self, check: &Check) -> bool {
        match self {
            Self::Row(row) => check.row == *row,
            Self::Check(id) => check.id == *id,
        }
    }
}

/// The checklist with only the requested checks, the checks that they require or that are evidence for them, and the
/// probes that all of these look at. So nothing passes that would be blocked in a complete run.
#[must_use]
pub fn narrow(checklist: &Checklist, only: &[Selector]) -> Checklist {
    let asked = checklist.checks.iter().filter(|check| only.iter().any(|selector| selector.takes(check)));
    let mut kept: HashSet<&CheckId> = HashSet::new();
    let mut open: Vec<&Check> = asked.collect();
    while let Some(check) = open.pop() {
        if kept.insert(&check.id) {
            open.extend(check.requires.iter().filter_map(|id| checklist.check(id.as_str())));
            let heard =
                |other: &&Check| other.supports.iter().chain(&other.settles).any(|id| *id == check.id);
            open.extend(checklist.checks.iter().filter(heard));
        }
    }
    let checks: Vec<Check> =
        checklist.checks.iter().filter(|check| kept.contains(&check.id)).cloned().collect();
    let probes = probes(checklist, &checks);
    let probes = checklist.probes.iter().filter(|probe| probes.contains(&probe.id)).cloned().collect();
    Checklist { probes, checks, told: Told::default(), ..checklist.clone() }
}

/// The probes that these checks look at, and those whose replies are used to build their calls.
#[must_use]
pub fn probes<'c>(checklist: &'c Checklist, checks: &'c [Check]) -> HashSet<&'c ProbeId> {
    let by_id: HashMap<&ProbeId, &Probe> = checklist.probes.iter().map(|probe| (&probe.id, probe)).collect();
    let mut probes = HashSet::new();
    let mut wanted: Vec<&ProbeId> = checks.iter().flat_map(|check| check.decider.probes()).collect();
    while let Some(id) = wanted.pop() {
        if probes.insert(id) {
            let needs = by_id.get(id).into_iter().flat_map(|probe| probe.needs.values());
            wanted.extend(needs.map(|need| &need.probe));
        }
    }
    probes
}
