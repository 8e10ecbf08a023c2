//! What is known of a project without a single call: what `answer`, `due` and `waive` start from.

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
    let environment = context.environment();
    let preflight = Preflight::new(Options::offline(at), &environment);
    // Files may change meanwhile: somebody else answers too, and nothing is decided here.
    let observed = event_loop::run(async |cancel| preflight.observe(&loaded, &(), cancel).await)?;
    let report = preflight.judge(&loaded, &observed).report;
    Ok((loaded, report))
}

/// Looks at the local files of a project, and calls nobody.
///
/// # Errors
/// As [`event_loop::run`].
pub(super) fn looked_at(context: &Context<'_>, loaded: &Loaded) -> Result<Observed, Error> {
    let environment = context.environment();
    let preflight = Preflight::new(Options::offline(context.started), &environment);
    event_loop::run(async |cancel| preflight.observe(loaded, &(), cancel).await)
}
