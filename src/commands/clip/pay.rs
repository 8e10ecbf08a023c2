//! The paid step itself, and resuming it.

use std::time::Duration;

use super::{
    Args,
    prepare::{self, Ready},
    told::{self, Teller},
};
use crate::{
    commands::{context::Context, event_loop::EventLoop},
    error::Error,
    exit::Exit,
    judge::{Judgement, purchase::purchase},
    load::Loaded,
    model::{checklist::Host, job_api::JobApi, owners::Owners, text::printable},
    observe::{Clock, KeyRing, Settings},
    preflight::{Cleared, Options, Preflight},
    secrets::Redactor,
    spend::{
        ClipStore, Job, Ledger, Line, Listener, NoLine, NotPermitted, Order, PATIENCE, Permit, Runner,
        Wanted,
        realm::{Live, Realm, Rehearsal},
    },
};

/// How long a clip may take when the project does not say so.
const TIMEOUT: Duration = Duration::from_mins(10);

/// How long fetching a clip may take.
const FETCH: Duration = Duration::from_mins(10);

/// The pauses between polls: a paid job takes minutes, a rehearsed one does not.
const PACE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(10));
const NEAR_PACE: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

/// What differs between the two worlds.
pub(super) trait World: Realm + Sized {
    /// The permit that a judgement gives.
    fn permit(judgement: Judgement, order: Order) -> Result<Permit<Self>, NotPermitted>;

    /// The connection to the server.
    fn line<'a>(
        host: &Host,
        keys: (&KeyRing, &Owners),
        settings: &'a Settings,
        scrub: &'a Redactor,
    ) -> Result<Line<'a, Self>, NoLine>;
}

impl World for Live {
    fn permit(judgement: Judgement, order: Order) -> Result<Permit<Self>, NotPermitted> {
        let clearance = judgement.clearance.ok_or(NotPermitted::NotGo)?;
        Permit::of(clearance, &judgement.report, order)
    }

    fn line<'a>(
        host: &Host,
        keys: (&KeyRing, &Owners),
        settings: &'a Settings,
        scrub: &'a Redactor,
    ) -> Result<Line<'a, Self>, NoLine> {
        Line::to_owner(host, keys, settings, scrub)
    }
}

impl World for Rehearsal {
    fn permit(judgement: Judgement, order: Order) -> Result<Permit<Self>, NotPermitted> {
        Permit::rehearse(&judgement.report, order)
    }

    fn line<'a>(
        host: &Host,
        (keys, _): (&KeyRing, &Owners),
        settings: &'a Settings,
        scrub: &'a Redactor,
    ) -> Result<Line<'a, Self>, NoLine> {
        Line::to_here(host, keys, settings, scrub)
    }
}

/// What a job runs with, whether new or resumed.
struct JobContext<'a, R> {
    loaded: &'a Loaded,
    api: &'a JobApi,
    ledger: &'a Ledger<R>,
    event_loop: &'a EventLoop,
}

impl<R> Clone for JobContext<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for JobContext<'_, R> {}

impl<'a, R: World> JobContext<'a, R> {
    fn line<'s>(
        self,
        keys: &KeyRing,
        (settings, scrub): (&'s Settings, &'s Redactor),
    ) -> Result<Line<'s, R>, Error> {
        let host = self.loaded.checklist.hosts.get(&self.api.host).ok_or(NoLine::Keyless);
        let line = host.and_then(|host| R::line(host, (keys, &self.loaded.owners), settings, scrub));
        line.map_err(|why| Error::Refused { why: why.to_string(), fix: None })
    }

    fn runner(
        self,
        way: (&'a Line<'a, R>, &'a ClipStore),
        wanted: Wanted,
        clock: Clock,
        listener: &'a dyn Listener,
    ) -> Runner<'a, R> {
        Runner {
            ledger: self.ledger,
            line: way.0,
            api: self.api,
            faults: &self.loaded.checklist.faults,
            clip_store: way.1,
            wanted,
            timeout: self.loaded.project.failure.timeout.unwrap_or(TIMEOUT),
            pace: if R::REHEARSAL { NEAR_PACE } else { PACE },
            clock,
            listener,
            cancel: &self.event_loop.cancel,
            abandon: &self.event_loop.abandon,
        }
    }
}

/// Uses the clearance up and sends one request.
pub(super) fn pay<R: World>(
    loaded: &Loaded,
    api: &JobApi,
    (cleared, ledger, ready): (Cleared, &Ledger<R>, Ready),
    event_loop: &EventLoop,
    (args, context): (&Args, &mut Context<'_>),
) -> Result<Exit, Error> {
    let job_context = JobContext { loaded, api, ledger, event_loop };
    let scrub = context.printer.redactor().clone();
    // A stand-in runs as long as this is kept.
    let (judgement, way) = cleared.parted();
    let settings = Settings { read_timeout: PATIENCE, ..way.settings.clone() };
    let line = job_context.line(&way.keys, (&settings, &scrub))?;
    let Ready { order, wanted, folder, .. } = ready;
    let budget = order.budget;
    let permit =
        R::permit(judgement, order).map_err(|why| Error::Refused { why: why.to_string(), fix: None })?;
    let clip_store = ClipStore { dir: context.dir.join(&loaded.dir), folder, patience: FETCH };
    let teller = Teller::new(args, context);
    let runner = job_context.runner((&line, &clip_store), wanted, way.clock, &teller);
    let outcome = event_loop.until_abandoned(async {
        let reserved = ledger.reserve(permit, way.clock.now()).await.map_err(told::not_reserved)?;
        Ok::<_, Error>(runner.begin(reserved).await?)
    })?;
    let balance = event_loop.until_abandoned(ledger.balance(budget))?;
    teller.finish::<R>(&outcome, &balance)
}

/// Resumes a job as an earlier run left it.
pub(super) fn resume<R: World>(
    loaded: &Loaded,
    api: &JobApi,
    ledger: &Ledger<R>,
    event_loop: &EventLoop,
    (args, context): (&Args, &mut Context<'_>),
) -> Result<Exit, Error> {
    let job_context = JobContext { loaded, api, ledger, event_loop };
    let job = resumable(args, &event_loop.until_cancelled(ledger.jobs())?)?;
    // Nothing is judged: what was paid for is looked after, whatever the gate says by now.
    let options = Options { offline: true, ..prepare::options(args, context)? };
    let cleared = {
        let environment = context.environment();
        let preflight = Preflight::new(options, &environment);
        event_loop.run(preflight.clear(loaded, &(), &event_loop.cancel))?
    };
    let shot = loaded.project.shot(&job.shot);
    let purchase = shot.and_then(|shot| Some((shot, purchase(&cleared.observed.case(loaded), shot).ok()?)));
    let wanted = purchase
        .map_or_else(Wanted::default, |(shot, purchase)| Wanted::of(&loaded.project, shot, &purchase));
    let scrub = context.printer.redactor().clone();
    let (_, way) = cleared.parted();
    let settings = Settings { read_timeout: PATIENCE, ..way.settings.clone() };
    let line = job_context.line(&way.keys, (&settings, &scrub))?;
    let clip_store = ClipStore {
        dir: context.dir.join(&loaded.dir),
        folder: prepare::folder::<R>(loaded),
        patience: FETCH,
    };
    let teller = Teller::new(args, context);
    let runner = job_context.runner((&line, &clip_store), wanted, way.clock, &teller);
    let outcome = event_loop.until_abandoned(runner.resume(&job.id))?;
    let balance = event_loop.until_abandoned(ledger.balance(prepare::limit(loaded)))?;
    teller.finish::<R>(&outcome, &balance)
}

/// The job that was named, or the newest that can be resumed.
fn resumable(args: &Args, jobs: &[Job]) -> Result<Job, Error> {
    let name = args.resume.as_deref().unwrap_or_default();
    let found = if name.is_empty() {
        jobs.iter().rev().find(|job| job.is_resumable())
    } else {
        jobs.iter().find(|job| job.id == name)
    };
    found.cloned().ok_or_else(|| {
        let why = if name.is_empty() {
            "there is no job to continue".to_owned()
        } else {
            format!("the ledger has no job `{}`", printable(name))
        };
        Error::Refused { why, fix: Some("`greenlight ledger` lists all jobs".to_owned()) }
    })
}
