//! What is known about a project without a call: the starting point of `answer`, `due` and `waive`.

use camino::Utf8Path;
use chrono::{DateTime, Utc};

use super::{context::Context, event_loop};
use crate::{
    error::Error,
    judge,
    load::{self, Loaded},
    model::report::Report,
    preflight::{Observed, Options, Preflight},
};

/// Loads a project and judges it offline.
///
/// # Errors
/// [`Error`] when the project cannot be loaded.
pub(super) fn judged(
    context: &Context<'_>,
    project: Option<&Utf8Path>,
    at: DateTime<Utc>,
) -> Result<(Loaded, Report), Error> {
    let path = context.project(project)?;
    let loaded = load::project(&context.dir, &path, &judge::rules::known())?;
    let (_, report) = judged_as(context, &loaded, at, |_| {})?;
    Ok((loaded, report))
}

/// Judges offline what was loaded, with the same result on any machine: which keys are set here says nothing about the
/// route. Keeps what was seen.
///
/// # Errors
/// As [`event_loop::run`].
pub(super) fn judged_without_keys(
    context: &Context<'_>,
    loaded: &Loaded,
    at: DateTime<Utc>,
) -> Result<(Observed, Report), Error> {
    judged_as(context, loaded, at, |observed| {
        observed.observations.keys.clear();
        observed.observations.base = None;
    })
}

fn judged_as(
    context: &Context<'_>,
    loaded: &Loaded,
    at: DateTime<Utc>,
    change: impl FnOnce(&mut Observed),
) -> Result<(Observed, Report), Error> {
    let environment = context.environment();
    let preflight = Preflight::new(Options::offline(at), &environment);
    // Files may change meanwhile, since other people answer too; but nothing is decided here.
    let mut observed = event_loop::run(async |cancel| preflight.observe(loaded, &(), cancel).await)?;
    change(&mut observed);
    let report = preflight.judge(loaded, &observed).report;
    Ok((observed, report))
}

/// Looks at the local files of a project, without a call.
///
/// # Errors
/// As [`event_loop::run`].
pub(super) fn looked_at(context: &Context<'_>, loaded: &Loaded) -> Result<Observed, Error> {
    let environment = context.environment();
    let preflight = Preflight::new(Options::offline(context.started), &environment);
    event_loop::run(async |cancel| preflight.observe(loaded, &(), cancel).await)
}
