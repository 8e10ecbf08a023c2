//! How much there is to judge: every finding is judged, kept and printed, so their number is limited before any is.

use camino::Utf8Path;

use super::{LoadError, Loaded};
use crate::model::{checklist::Checklist, project::Project, repeat::ForEach};

/// The most findings of one run: with more, its receipt could be larger than what `verify` reads, and a run or its page
/// could take more than 256 MiB.
const MOST_FINDINGS: usize = 30_000;

/// How many findings a project makes at most: one of each check, for each shot or input that it is repeated for.
fn findings(project: &Project, checklist: &Checklist) -> usize {
    let [files, urls, inputs] =
        [ForEach::File, ForEach::Url, ForEach::Input].map(|kind| kind.inputs(project).len());
    let of = |for_each| match for_each {
        None => 1,
        Some(ForEach::Shot) => project.shots.len(),
        Some(ForEach::File) => files,
        Some(ForEach::Url) => urls,
        Some(ForEach::Input) => inputs,
    };
    checklist.checks.iter().map(|check| of(check.for_each)).fold(0, usize::saturating_add)
}

/// Refuses a project with more to judge than fits in memory.
pub(super) fn one(path: &Utf8Path, project: &Project, checklist: &Checklist) -> Result<(), LoadError> {
    limited(findings(project, checklist), || format!("`{path}`"))
}

/// Refuses projects that together have more to judge than fits in memory.
pub(super) fn all(projects: &[Loaded]) -> Result<(), LoadError> {
    let findings = projects.iter().map(|loaded| findings(&loaded.project, &loaded.checklist));
    limited(findings.fold(0, usize::saturating_add), || format!("these {} projects", projects.len()))
}

fn limited(findings: usize, what: impl FnOnce() -> String) -> Result<(), LoadError> {
    if findings <= MOST_FINDINGS {
        return Ok(());
    }
    Err(LoadError::TooMuch { what: what(), findings, most: MOST_FINDINGS })
}
