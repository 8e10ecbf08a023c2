//! The preflight: observes what was loaded, and judges what was observed. One pipeline for every verb that needs to
//! know the state of a project.

mod cleared;
mod observed;
mod options;
mod run_target;
mod stand_ins;

use std::cell::{Cell, RefCell};

use camino::Utf8PathBuf;
use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

pub use self::{
    cleared::{Cleared, FRESH, Way},
    observed::Observed,
    options::{Calls, Environment, Options},
    stand_ins::HEALTHY,
};
use self::{run_target::RunTarget, stand_ins::StandIns};
use crate::{
    judge::{
        self, Judgement,
        value::{MOST_VISITS, Scope},
    },
    load::Loaded,
    model::{
        checklist::Checklist,
        report::{Replay, Report, Tool},
        transcript::Transcript,
    },
    observe::{self, BadBaseUrl, CallCache, Clock, KeyRing, Plan, Progress, Settings},
    secrets::Clean,
    standin::StartError,
};

/// Why nothing was judged.
#[derive(Debug, thiserror::Error)]
pub enum PreflightError {
    /// The base URL cannot be used.
    #[error("cannot use base URL from {from}")]
    BaseUrl {
        /// What named it.
        from: String,
        /// What is wrong with it.
        source: BadBaseUrl,
    },
    /// The stand-in did not start.
    #[error(transparent)]
    StandIn(#[from] StartError),
    /// A file has changed since the run read it.
    #[error("`{0}` changed while it was judged, so nothing is decided")]
    Changed(Utf8PathBuf),
    /// It was made too long ago to clear anything.
    #[error("the preflight is {0} minutes old")]
    Aged(i64),
    /// The run was cancelled.
    #[error("interrupted")]
    Interrupted,
}

/// A run over one or several projects, which share identical calls.
pub struct Preflight<'a> {
    options: Options,
    environment: &'a Environment<'a>,
    cache: CallCache,
    replay: Option<Replay>,
    clock: Clock,
    clean: RefCell<Clean>,
}

impl<'a> Preflight<'a> {
    /// A run in which nothing has been called yet.
    #[must_use]
    pub fn new(options: Options, environment: &'a Environment<'a>) -> Self {
        Self::after(CallCache::default(), options, environment)
    }

    /// A run that knows the replies of an earlier one; a replay knows its own.
    #[must_use]
    pub fn after(mut cache: CallCache, mut options: Options, environment: &'a Environment<'a>) -> Self {
        let clock = Clock::set_to(environment.started);
        let mut replay = None;
        if let Calls::Replay(replayed) = &options.calls {
            options.allow_private |= replayed.0.allow_private;
            replay = Some(replayed.1.clone());
            cache = CallCache::of(replayed.0.clone());
        }
        Self { options, environment, cache, replay, clock, clean: RefCell::default() }
    }

    /// Observes and judges projects, in order.
    ///
    /// When it is cancelled, no new call is made, open calls are given up, and nothing is judged.
    ///
    /// # Errors
    /// [`PreflightError`] when calls can't be sent where they should go, a file changed meanwhile, or it was cancelled.
    pub async fn run(
        &self,
        all: &[Loaded],
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<Vec<Judgement>, PreflightError> {
        let stand_ins = match &self.options.calls {
            Calls::StandIn(scenario) => Some(StandIns::start(scenario.as_deref(), all).await?),
            _ => None,
        };
        let (mut judgements, mut read) = (Vec::with_capacity(all.len()), Vec::with_capacity(all.len()));
        for loaded in all {
            let (observed, _) = self.seen(loaded, stand_ins.as_ref(), progress, cancel).await?;
            read.push((loaded, judge::inputs::all(&observed.case(loaded))));
            judgements.push(self.judge(loaded, &observed));
        }
        // A GO is about these files: it does not cover one that was replaced while the last call was open.
        let mut changed = read.iter().filter_map(|(loaded, files)| {
            observe::since::changed(loaded.files(), files, (self.environment.dir, &loaded.dir))
        });
        changed.next().map_or(Ok(judgements), |path| Err(PreflightError::Changed(path)))
    }

    /// Observes and judges one project that is about to be paid for, and keeps the connection to the owner's server. A
    /// stand-in keeps running until this is dropped.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn clear(
        &self,
        loaded: &Loaded,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<Cleared, PreflightError> {
        let stand_ins = match &self.options.calls {
            Calls::StandIn(scenario) => {
                Some(StandIns::start(scenario.as_deref(), std::slice::from_ref(loaded)).await?)
            }
            _ => None,
        };
        let (observed, (settings, keys)) = self.seen(loaded, stand_ins.as_ref(), progress, cancel).await?;
        let read = judge::inputs::all(&observed.case(loaded));
        let judgement = self.judge(loaded, &observed);
        let place = (self.environment.dir, loaded.dir.as_path());
        if let Some(path) = observe::since::changed(loaded.files(), &read, place) {
            return Err(PreflightError::Changed(path));
        }
        let way = Way { settings, keys, clock: self.clock, _stand_ins: stand_ins };
        Ok(Cleared { judgement, observed, read, way })
    }

    /// Observes one project, without judging it.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn observe(
        &self,
        loaded: &Loaded,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<Observed, PreflightError> {
        self.seen(loaded, None, progress, cancel).await.map(|(observed, _)| observed)
    }

    /// Judges a project by what was observed. The report contains no secret, however it is laid out.
    #[must_use]
    pub fn judge(&self, loaded: &Loaded, observed: &Observed) -> Judgement {
        let Judgement { report, clearance } = judge::judge(&observed.case(loaded));
        let covered = self.environment.redactor.covered(&report, &mut self.clean.borrow_mut());
        Judgement { report: covered.map_or(report, Report::sealed), clearance }
    }

    /// The replies of the run, to be judged again later; none when two projects sent the same call to different places.
    #[must_use]
    pub fn transcript(&self, reports: &[Report]) -> Option<Transcript> {
        let rehearsal = reports.iter().find_map(|report| report.rehearsal.clone());
        let transcript = self.cache.transcript(Tool::this(), self.environment.started, rehearsal)?;
        Some(Transcript { allow_private: self.options.allow_private, ..transcript })
    }

    /// The calls and their results, for a later run.
    #[must_use]
    pub fn into_cache(self) -> CallCache {
        self.cache
    }

    async fn seen(
        &self,
        loaded: &Loaded,
        stand_ins: Option<&StandIns>,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<(Observed, (Settings, KeyRing)), PreflightError> {
        let Environment { started, dir, env, temp_dirs, redactor } = self.environment;
        let target = RunTarget::of(&self.options, loaded, (stand_ins, &self.cache), self.environment)?;
        let selectors: Vec<_> = self.options.only.iter().map(|(_, selector)| selector.clone()).collect();
        let narrowed =
            (!selectors.is_empty()).then(|| judge::selection::narrow(&loaded.checklist, &selectors));
        let checklist = narrowed.as_ref().unwrap_or(&loaded.checklist);
        let keys = self.keys(checklist, stand_ins.is_some());
        let seen_at = self.seen_at();
        let now = self.options.at.unwrap_or(seen_at);
        let read = judge::selection::probes(checklist, &checklist.checks);
        let visits = Cell::new(MOST_VISITS);
        let plan = Plan {
            project: &loaded.project,
            project_dir: &dir.join(&loaded.dir),
            checklist,
            owners: &loaded.owners,
            keys: &keys,
            followed: &observe::followed(checklist, &loaded.owners, env),
            redactor,
            settings: &target.settings,
            cache: &self.cache,
            may_retry: &|observation| judge::faults::may_retry(checklist, observation),
            reads: &|probe, shot, observation| {
                judge::expect::reading(
                    checklist,
                    probe,
                    observation,
                    Scope { now: Some(now), shot, visits: Some(&visits) },
                )
            },
            is_read: &|probe| read.contains(&probe.id),
            evidence: loaded.answers.evidence_files(),
            own: loaded.own_files(),
            temp_dirs: temp_dirs.clone(),
            seen_on: Some(seen_at.date_naive()),
            clock: self.clock,
            cancel,
        };
        let observations = observe::observe(&plan, progress).await.ok_or(PreflightError::Interrupted)?;
        let observed = Observed {
            observations,
            narrowed,
            only: self.options.only.iter().map(|(word, _)| word.clone()).collect(),
            now,
            made: *started,
            rehearsal: target.rehearsal,
            replay: self.replay.clone(),
            allow_private: self.options.allow_private,
            via: target.via,
            fail_on: self.options.fail_on.max(loaded.project.check.fail_on.unwrap_or_default()),
        };
        Ok((observed, (target.settings, keys)))
    }

    /// When the replies came.
    fn seen_at(&self) -> DateTime<Utc> {
        self.replay.as_ref().map_or(self.environment.started, |replay| replay.recorded)
    }

    fn keys(&self, checklist: &Checklist, rehearsed: bool) -> KeyRing {
        if self.replay.is_some() {
            self.cache.keys(checklist)
        } else if rehearsed {
            KeyRing::rehearsal(&checklist.hosts)
        } else {
            KeyRing::read(&checklist.hosts, self.environment.env)
        }
    }
}
