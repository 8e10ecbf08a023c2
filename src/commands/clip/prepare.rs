//! Everything before the question: preflight, ledger, price and request.

use camino::Utf8PathBuf;
use serde_json::Value;

use super::{Args, told};
use crate::{
    commands::{check, context::Context, event_loop::EventLoop},
    error::Error,
    exit::Exit,
    judge::purchase::{Purchase, purchase},
    load::Loaded,
    model::{
        decision::Decision, job_api::JobApi, money::Usd, project::Shot, report::Batch, text::counted,
        ticks::Ticks,
    },
    preflight::{Calls, Cleared, HEALTHY, Options, Preflight},
    render::{self, Format},
    secrets::Redactor,
    spend::{
        Balance, Job, Ledger, NotNow, NotReserved, Order, Place, Wanted, budget, materials, may_begin,
        realm::{Live, Realm, Rehearsal},
        two_changes,
    },
    ui::Progress,
};

/// The live ledger beside a project.
const LEDGER: &str = "ledger.db";

/// The variable that names a shared ledger.
const VARIABLE: &str = "GREENLIGHT_LEDGER";

/// The ledger of rehearsals beside a project.
const REHEARSALS: &str = "rehearsal.db";

/// Where clips are kept when the project does not say.
const CLIPS: &str = "clips";

/// Where rehearsed clips are kept.
const REHEARSED: &str = ".greenlight/rehearsal";

/// What is ready to be paid.
pub(super) struct Ready {
    /// The result of the preflight, for a reader.
    pub(super) preflight: String,
    pub(super) order: Order,
    pub(super) wanted: Wanted,
    pub(super) balance: Balance,
    /// Where the clip will be kept, relative to the project's folder.
    pub(super) folder: Utf8PathBuf,
}

/// Runs the whole preflight, as `check` does.
pub(super) fn preflight(
    args: &Args,
    loaded: &Loaded,
    event_loop: &EventLoop,
    context: &mut Context<'_>,
) -> Result<Cleared, Error> {
    context.printer.hide(context.printer.redactor().with_shapes(loaded.refused_keys()));
    let options = options(args, context)?;
    let environment = context.environment();
    let preflight = Preflight::new(options, &environment);
    let progress =
        Progress::new(&context.terminal, context.quiet, context.env, context.printer.redactor().clone());
    let watched = check::Watched(progress);
    let cleared = event_loop.run(preflight.clear(loaded, &watched, &event_loop.cancel));
    watched.0.finish();
    cleared
}

/// How the preflight is run.
pub(super) fn options(args: &Args, context: &Context<'_>) -> Result<Options, Error> {
    let calls = match (&args.rehearse, &args.base_url) {
        (Some(scenario), _) => Calls::StandIn(Some(scenario.clone()).filter(|name| name != HEALTHY)),
        (None, Some(url)) => Calls::BaseUrl(url.clone()),
        (None, None) => Calls::Live,
    };
    let extra_ca = args.ca_cert.as_deref().map(|path| check::extra_ca(path, context)).transpose()?;
    let fail_on = check::strictest([], context);
    Ok(Options { calls, extra_ca, fail_on, offline: args.offline, ..Options::default() })
}

/// Where clips are kept, relative to the project's folder.
pub(super) fn folder<R: Realm>(loaded: &Loaded) -> Utf8PathBuf {
    if R::REHEARSAL {
        REHEARSED.into()
    } else {
        loaded.project.output.clone().unwrap_or_else(|| CLIPS.into())
    }
}

/// The project's budget; nothing when it does not name one.
pub(super) fn limit(loaded: &Loaded) -> Ticks {
    loaded.project.budget.and_then(Ticks::of).unwrap_or(Ticks::ZERO)
}

/// Stops unless the decision is GO.
pub(super) fn go(cleared: &Cleared, args: &Args, context: &mut Context<'_>) -> Result<(), Error> {
    let report = &cleared.judgement.report;
    let decided = report.decided();
    let cleared_now = cleared.judgement.clearance.is_some();
    let rehearsed = report.rehearsal.is_some() && decided.found() == Decision::Go;
    if args.is_rehearsal() && report.rehearsal.is_none() {
        let why = "`--base-url` names a server of this machine, for a rehearsal".to_owned();
        return Err(Error::Refused { why, fix: Some("leave it out to pay at the official API".to_owned()) });
    }
    if if args.is_rehearsal() { rehearsed } else { cleared_now } {
        return Ok(());
    }
    if !args.is_json() {
        let text = render::render(&Batch::one(report.clone()), Format::Table, &context.style());
        context.say(&text)?;
    }
    let is = decided.decision().map_or("", |_| "is ");
    let why = format!("the preflight {is}{}", decided.short());
    Err(Error::Refused { why, fix: Some("`greenlight check` shows what is missing".to_owned()) })
}

/// Opens the ledger of one of the two worlds.
pub(super) fn ledger<R: Realm>(
    args: &Args,
    loaded: &Loaded,
    event_loop: &EventLoop,
    context: &Context<'_>,
) -> Result<Ledger<R>, Error> {
    let place = place::<R>(args.ledger.as_deref(), loaded, context)?;
    event_loop.until_cancelled(Ledger::open(&place, &loaded.project.name))
}

/// Where the ledger of one of the two worlds is kept. A rehearsal's never leaves the project.
pub(in crate::commands) fn place<R: Realm>(
    url: Option<&str>,
    loaded: &Loaded,
    context: &Context<'_>,
) -> Result<Place, Error> {
    let dir = context.dir.join(&loaded.dir);
    let bad = |why: &str| Error::BadValue { what: "the ledger's address".to_owned(), why: why.to_owned() };
    // Anyone who lists the processes of this machine can see what is typed.
    let typed = url.filter(|url| (context.env)(VARIABLE).as_deref() != Some(url));
    let holds_password = |url: &url::Url| {
        url.password().is_some() || url.query_pairs().any(|(name, _)| name.eq_ignore_ascii_case("password"))
    };
    if typed.is_some_and(|url| url::Url::parse(url).is_ok_and(|url| holds_password(&url))) {
        return Err(bad("it contains a password; set GREENLIGHT_LEDGER instead, or use a password file"));
    }
    match url {
        Some(url) if !R::REHEARSAL => Place::server(url).map_err(|why| bad(&why.to_string())),
        _ => Ok(Place::Project(dir, if R::REHEARSAL { REHEARSALS } else { LEDGER })),
    }
}

/// Makes the order, and refuses early whatever the ledger would refuse.
pub(super) fn ready<R: Realm>(
    loaded: &Loaded,
    shot: &Shot,
    (cleared, ledger, args): (&Cleared, &Ledger<R>, &Args),
    event_loop: &EventLoop,
    context: &Context<'_>,
) -> Result<Ready, Error> {
    let purchase = priced(loaded, shot, cleared)?;
    let jobs = event_loop.until_cancelled(ledger.jobs())?;
    let order = order(loaded, shot, (&purchase, &jobs), args, context)?;
    let balance = event_loop.until_cancelled(ledger.balance(order.budget))?;
    if let Err(why) = may_begin(&order, &jobs) {
        if let NotNow::UsedUp { job, .. } = &why {
            event_loop.until_cancelled(ledger.note(job, ("stopped", &why.to_string()), context.started))?;
        }
        return Err(told::not_reserved(why.into()));
    }
    budget::fits(balance.limit(), balance.held(), order.price)
        .map_err(NotReserved::OverBudget)
        .map_err(told::not_reserved)?;
    if let Some(changed) = two_changes(&order, &jobs) {
        let why =
            format!("a retry changes one thing at a time, and this one changes {}", changed.join(" and "));
        let fix = "undo one of them; otherwise you can't tell which one helped";
        return Err(Error::Refused { why, fix: Some(fix.to_owned()) });
    }
    if context.printer.redactor().knows(&order.body.to_string()) {
        let why = "the request contains a key of this environment".to_owned();
        return Err(Error::Refused {
            why,
            fix: Some("take it out of the prompt and the addresses".to_owned()),
        });
    }
    let wanted = Wanted::of(&loaded.project, shot, &purchase);
    let report = &cleared.judgement.report;
    let calls = counted(report.sent().count(), "free call");
    let preflight = format!("{}; {} passed, {calls}", report.decided().short(), report.totals.pass);
    Ok(Ready { preflight, order, wanted, balance, folder: folder::<R>(loaded) })
}

fn priced(loaded: &Loaded, shot: &Shot, cleared: &Cleared) -> Result<Purchase, Error> {
    purchase(&cleared.observed.case(loaded), shot).map_err(|gaps| Error::Refused {
        why: format!("the price is not known: {gaps}"),
        fix: Some("an unknown price is never zero; a catalogue of your own can state it".to_owned()),
    })
}

fn order(
    loaded: &Loaded,
    shot: &Shot,
    (purchase, jobs): (&Purchase, &[Job]),
    args: &Args,
    context: &Context<'_>,
) -> Result<Order, Error> {
    let dir = context.dir.join(&loaded.dir);
    let materials = materials(&dir, shot, jobs)
        .map_err(|error| Error::Refused { why: error.to_string(), fix: Some(error.fix()) })?;
    let order = Order::of(&loaded.project, shot, (purchase, &materials), args.attempt());
    // It is kept, and shown to anyone who reads the ledger, so what opens an address is left out.
    let shown = covered(order.shown, context.printer.redactor());
    Ok(Order { shown, ..order })
}

/// The same without secrets.
fn covered(value: Value, redactor: &Redactor) -> Value {
    match value {
        Value::String(text) => Value::String(redactor.text(text)),
        Value::Array(items) => items.into_iter().map(|item| covered(item, redactor)).collect(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, covered(value, redactor))).collect())
        }
        other => other,
    }
}

/// Prints the exact request and sends nothing.
pub(super) fn dry_run(
    args: &Args,
    loaded: &Loaded,
    (shot, api): (&Shot, &JobApi),
    context: &mut Context<'_>,
) -> Result<Exit, Error> {
    let event_loop = EventLoop::start()?;
    let observed = {
        let environment = context.environment();
        let preflight = Preflight::new(Options::offline(context.started), &environment);
        event_loop.run(preflight.observe(loaded, &(), &event_loop.cancel))?
    };
    let purchase = purchase(&observed.case(loaded), shot);
    let price = match &purchase {
        Ok(purchase) => format!("{} at most", Ticks::of(purchase.price).unwrap_or_default()),
        Err(gaps) => format!("unknown: {gaps}"),
    };
    let nothing = Purchase { price: Usd::ZERO, priced: None, millis: None, ignored: Vec::new() };
    let purchase = purchase.unwrap_or(nothing);
    let jobs = known_jobs(args, loaded, &event_loop, context)?;
    let order = order(loaded, shot, (&purchase, &jobs), args, context)?;
    let host = loaded.checklist.hosts.get(&api.host);
    let path = api.create.get(&shot.mode).map(String::as_str).unwrap_or_default();
    let text = told::request(&order, (host, path), &price, args.is_json());
    context.say(&text)?;
    Ok(Exit::Go)
}

/// The jobs of the ledger, if there is one: reading does not create it.
fn known_jobs(
    args: &Args,
    loaded: &Loaded,
    event_loop: &EventLoop,
    context: &Context<'_>,
) -> Result<Vec<Job>, Error> {
    async fn jobs<R: Realm>(place: Place, project: &str) -> Result<Vec<Job>, Error> {
        if !place.is_there() {
            return Ok(Vec::new());
        }
        Ok(Ledger::<R>::open(&place, project).await?.jobs().await?)
    }
    let name = &loaded.project.name;
    if args.is_rehearsal() {
        event_loop.until_cancelled(jobs::<Rehearsal>(place::<Rehearsal>(None, loaded, context)?, name))
    } else {
        event_loop
            .until_cancelled(jobs::<Live>(place::<Live>(args.ledger.as_deref(), loaded, context)?, name))
    }
}
