//! What is known of a project without a single call: the report that `answer` and `due` start from.

use camino::Utf8Path;
use chrono::{DateTime, Utc};

use super::context::Context;
use crate::{
    env,
    error::Error,
    judge,
    load::{self, Loaded},
    model::{
        decision::FailOn,
        observation::Observations,
        report::{Report, Tool},
    },
    observe::{self, Clock, Exchanges, KeyRing, Plan, Settings},
};

/// What wrote a report: this program.
#[must_use]
pub fn tool() -> Tool {
    Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
}

/// An event loop for one thread; observing waits far more than it works.
///
/// # Errors
/// [`Error::System`] when the system gives none.
pub fn event_loop() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| Error::System { what: "cannot start the event loop".to_owned(), source })
}

/// A report as it is told: no secret stands in its texts, however they are laid out.
#[must_use]
pub fn told(report: Report, context: &Context<'_>) -> Report {
    let covered = context.printer.redactor().covered(&report);
    covered.map_or(report, Report::sealed)
}

/// Loads a project and judges it offline.
///
/// # Errors
/// [`Error`] when the project cannot be loaded.
pub fn survey(
    context: &Context<'_>,
    project: Option<&Utf8Path>,
    at: DateTime<Utc>,
) -> Result<(Loaded, Report), Error> {
    let path = context.project(project)?;
    let loaded = load::project(&path, &judge::rules::known())?;
    let observations = look(context, &loaded, at)?;
    let judgement = judge::judge(&judge::Case {
        project: &loaded.project,
        file: &loaded.file,
        checklist: &loaded.checklist,
        catalogue: &loaded.catalogue,
        answers: &loaded.answers,
        observations: &observations,
        now: at,
        made: context.started,
        rehearsal: None,
        allow_private: false,
        via: None,
        replay: None,
        only: Vec::new(),
        fail_on: FailOn::default(),
        inputs: loaded.inputs.clone(),
        tool: tool(),
    });
    Ok((loaded, told(judgement.report, context)))
}

/// Looks at the local files of a project, and calls nobody.
///
/// # Errors
/// As [`event_loop`].
pub fn look(context: &Context<'_>, loaded: &Loaded, at: DateTime<Utc>) -> Result<Observations, Error> {
    let settings = Settings { offline: true, ..Settings::default() };
    let plan = Plan {
        project: &loaded.project,
        project_dir: &context.dir.join(&loaded.dir),
        checklist: &loaded.checklist,
        owners: &loaded.owners,
        keys: &KeyRing::default(),
        followed: &[],
        redactor: context.printer.redactor(),
        settings: &settings,
        exchanges: &Exchanges::default(),
        may_retry: &|_| false,
        unmet: &|_, _, _| None,
        evidence: loaded.answers.evidence_files(),
        own: loaded.own_files(),
        temp_dirs: env::temporary_dirs(),
        seen_on: Some(at.date_naive()),
        clock: Clock::set_to(context.started),
    };
    Ok(event_loop()?.block_on(observe::observe(&plan, &())))
}
