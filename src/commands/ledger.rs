//! `greenlight ledger`: what was set aside and charged, and how unknown costs are settled.

use std::fmt::Write as _;

use camino::Utf8PathBuf;
use serde_json::{Value, json};

use super::{clip, context::Context, event_loop::EventLoop};
use crate::{
    error::Error,
    exit::Exit,
    load::{self, Loaded},
    model::{money::Usd, text::says_something, ticks::Ticks},
    spend::{
        Balance, Entry, Job, Ledger, LedgerError,
        job::{Event, State},
        realm::{Live, Realm, Rehearsal},
    },
};

/// Show what clips cost and what is left of the budget
///
/// Without a command it shows every job and the balance. A job with an unknown outcome keeps its whole price reserved
/// until `settle` records the provider's bill, or `resolve` records what a person decided.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,

    /// Project file or folder [default: greenlight.toml here or above]
    #[arg(long, value_name = "FILE", global = true)]
    project: Option<Utf8PathBuf>,

    /// The ledger of rehearsals, in which nothing was paid
    #[arg(long, global = true)]
    rehearsal: bool,

    /// A shared PostgreSQL ledger [default: .greenlight/ledger.db]
    #[arg(
        long,
        env = "GREENLIGHT_LEDGER",
        hide_env = true,
        hide_env_values = true,
        value_name = "URL",
        global = true
    )]
    ledger: Option<String>,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Action {
    /// Show every job and the balance
    Show,
    /// Record what a job cost, from the provider's bill
    Settle {
        /// The job, such as opening-1
        job: String,
        /// What the bill says, such as "0.30 USD"
        #[arg(long, value_name = "AMOUNT")]
        amount: Usd,
        /// Where the bill is: an address or a file
        #[arg(long, value_name = "URL|FILE")]
        evidence: String,
        /// Who read it
        #[arg(long, value_name = "NAME")]
        by: String,
    },
    /// Record what a person decided about a job whose cost can't be proven
    Resolve {
        /// The job, such as opening-1
        job: String,
        /// What it counts as, such as "0.00 USD"
        #[arg(long, value_name = "AMOUNT")]
        amount: Usd,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Who decided
        #[arg(long, value_name = "NAME")]
        by: String,
    },
    /// Print everything as JSON: jobs, history and balance
    Export,
}

/// Shows or settles.
///
/// # Errors
/// [`Error`] when there is no such job, or the ledger cannot do its work.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let path = context.project(args.project.as_deref())?;
    let loaded = load::project(&context.dir, &path, &crate::judge::rules::known())?;
    if args.rehearsal {
        act::<Rehearsal>(args, &loaded, context)
    } else {
        act::<Live>(args, &loaded, context)
    }
}

fn act<R: Realm>(args: &Args, loaded: &Loaded, context: &mut Context<'_>) -> Result<Exit, Error> {
    let place = clip::place::<R>(args.ledger.as_deref(), loaded, context)?;
    let limit = loaded.project.budget.and_then(Ticks::of).unwrap_or(Ticks::ZERO);
    let event_loop = EventLoop::start()?;
    // Reading does not create a ledger.
    let ledger: Option<Ledger<R>> = if place.is_there() {
        Some(event_loop.until_cancelled(Ledger::open(&place, &loaded.project.name))?)
    } else {
        None
    };
    if let (Some(action), Some(ledger)) = (&args.action, &ledger)
        && let Some((job, event, detail)) = settled(action)?
    {
        let happened = ledger.happened(job, (&event, &detail), context.started);
        event_loop.until_cancelled(happened)?;
    } else if let Some(Action::Settle { job, .. } | Action::Resolve { job, .. }) = &args.action {
        return Err(LedgerError::NoJob(job.clone()).into());
    }
    let text = match &ledger {
        Some(ledger) => {
            let (jobs, entries, balance) = event_loop.until_cancelled(async {
                let all = (ledger.jobs().await?, ledger.entries().await?, ledger.balance(limit).await?);
                ledger.close().await;
                Ok::<_, LedgerError>(all)
            })?;
            told(args, (&jobs, &entries, &balance), &place.told(), context)
        }
        None => {
            told(args, (&[], &[], &Balance::untouched(limit)), &place.told(), context)
                + rehearsed(args, loaded, context)?
        }
    };
    context.say(&text)?;
    Ok(Exit::Go)
}

/// The hint where rehearsed jobs are, for someone who may be looking for them.
fn rehearsed(args: &Args, loaded: &Loaded, context: &Context<'_>) -> Result<&'static str, Error> {
    let is_shown = !args.rehearsal && !matches!(args.action, Some(Action::Export));
    let is_there = clip::place::<Rehearsal>(None, loaded, context)?.is_there();
    Ok(if is_shown && is_there { "`greenlight ledger --rehearsal` shows the rehearsals.\n" } else { "" })
}

/// What an action records: the job, what happened, and how to say it.
fn settled(action: &Action) -> Result<Option<(&str, Event, String)>, Error> {
    let ticks = |amount: &Usd| {
        let too_large =
            || Error::BadValue { what: "the amount".to_owned(), why: "it is too large".to_owned() };
        Ticks::of(*amount).ok_or_else(too_large)
    };
    let filled = |name: &str, text: &str| {
        let empty =
            || Error::BadValue { what: format!("`{name}`"), why: "a few words are required".to_owned() };
        says_something(text).then_some(()).ok_or_else(empty)
    };
    Ok(match action {
        Action::Show | Action::Export => None,
        Action::Settle { job, amount, evidence, by } => {
            filled("--evidence", evidence)?;
            filled("--by", by)?;
            Some((job, Event::Bill(ticks(amount)?), format!("{amount} by {by}, evidence {evidence}")))
        }
        Action::Resolve { job, amount, reason, by } => {
            filled("--reason", reason)?;
            filled("--by", by)?;
            Some((job, Event::Decision(ticks(amount)?), format!("{amount} by {by}: {reason}")))
        }
    })
}

fn told(
    args: &Args,
    (jobs, entries, balance): (&[Job], &[Entry], &Balance),
    place: &str,
    context: &Context<'_>,
) -> String {
    if matches!(args.action, Some(Action::Export)) {
        return format!("{:#}\n", export(jobs, entries, balance, args.rehearsal));
    }
    let hints = clip::Hints::for_project(args.project.as_deref(), args.rehearsal);
    let world = if args.rehearsal { "rehearsals: nothing was paid" } else { "paid jobs" };
    let head = format!("Ledger {place} · {world}\n\n");
    if jobs.is_empty() {
        return format!("{head}No jobs yet; {}.\n", clip::left(balance));
    }
    let cells: Vec<[String; 5]> = jobs.iter().map(row).collect();
    let mut rows = vec![["JOB", "STATE", "AMOUNT", "MODEL", "CLIP OR REQUEST ID"]];
    rows.extend(cells.iter().map(|row| std::array::from_fn(|at| row[at].as_str())));
    let mut text = head + &context.sheet().columns(&rows, 2) + "\n";
    let _ = writeln!(text, "  {} · {} spent or reserved", clip::left(balance), balance.held());
    if balance.closed {
        text.push_str("  closed: the provider charged more than the budget, so no further clip is paid\n");
    }
    for job in jobs.iter().filter(|job| job.is_resumable()) {
        let next = match job.state {
            State::Unknown => format!("greenlight ledger settle {} or resolve {}", job.id, job.id),
            _ => format!("greenlight clip --resume {}", job.id),
        };
        let _ = writeln!(text, "  next: {}", hints.typed(&next));
    }
    text
}

fn row(job: &Job) -> [String; 5] {
    let (state, amount) = match &job.state {
        State::Settled(settled) => {
            let state = if settled.to_store { "done, not saved" } else { settled.ending.word() };
            (state.to_owned(), format!("{} {}", settled.amount, settled.basis.word()))
        }
        open => (open.word().to_owned(), format!("{} reserved", job.price)),
    };
    let last = job.file.clone().or_else(|| job.request_id().map(str::to_owned)).unwrap_or_default();
    [job.id.clone(), state, amount, job.model.clone(), last]
}

fn export(jobs: &[Job], entries: &[Entry], balance: &Balance, rehearsal: bool) -> Value {
    let jobs: Vec<Value> = jobs.iter().map(exported).collect();
    json!({
        "schema-version": 1,
        "rehearsal": rehearsal,
        "limit-ticks": balance.limit().get(),
        "held-ticks": balance.held().get(),
        "closed": balance.closed,
        "jobs": jobs,
        "history": entries,
    })
}

fn exported(job: &Job) -> Value {
    let settled = match &job.state {
        State::Settled(settled) => Some(settled),
        _ => None,
    };
    json!({
        "job": job.id,
        "shot": job.shot,
        "route": job.route,
        "provider": job.provider,
        "mode": job.mode,
        "model": job.model,
        "attempt": job.attempt,
        "receipt": job.receipt,
        "request": serde_json::from_str::<Value>(&job.request).unwrap_or(Value::Null),
        "request-id": job.request_id(),
        "state": job.state.word(),
        "ending": settled.map(|settled| settled.ending),
        "reserved-ticks": job.price.get(),
        "amount-ticks": settled.map(|settled| settled.amount.get()),
        "basis": settled.map(|settled| settled.basis),
        "to-store": settled.is_some_and(|settled| settled.to_store),
        "file": job.file,
        "sha256": job.sha256,
        "opened": job.opened,
        "changed": job.changed,
    })
}
