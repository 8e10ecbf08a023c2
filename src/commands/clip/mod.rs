//! `greenlight clip`: the one paid step. Preflight, price, question, and one job.

mod by_hand;
mod change;
mod hints;
mod pay;
mod prepare;
mod told;

pub(super) use self::{hints::Hints, prepare::place, told::left};

use camino::Utf8PathBuf;
use clap::builder::BoolishValueParser;

use self::{change::Change, prepare::Ready};
use super::{context::Context, event_loop::EventLoop};
use crate::{
    error::Error,
    exit::Exit,
    load::{self, Loaded},
    model::{job_api::JobApi, project::Shot, text::printable},
    preflight::HEALTHY,
    spend::{
        Attempt, Ledger,
        realm::{Live, Realm, Rehearsal},
    },
    standin,
    ui::{Asker, Prompt, PromptError},
};

/// Make one short test clip, after a GO and within the budget
///
/// Runs the whole preflight, shows what the clip will cost and what is left of the budget, and asks. Only if this very
/// run says GO does it send one request, once. It downloads and checks the clip and records the cost in the ledger. If
/// anything stops it, `--resume` continues and never pays twice.
///
/// With --rehearse or a loopback --base-url nothing is paid: the same steps run against a stand-in, with a ledger of
/// their own.
#[derive(Debug, Clone, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Args {
    /// The shot to make [default: the first one]
    #[arg(value_name = "SHOT")]
    shot: Option<String>,

    /// Project file or folder [default: greenlight.toml here or above]
    #[arg(long, value_name = "FILE")]
    project: Option<Utf8PathBuf>,

    /// Do not ask before paying
    #[arg(long, short)]
    yes: bool,

    /// Print the exact request, as JSON and for curl, and send nothing
    ///
    /// Makes no call, needs no key and runs no preflight.
    #[arg(long, conflicts_with_all = ["resume", "yes"])]
    dry_run: bool,

    /// Make a failed shot again, with one field changed or none
    ///
    /// For example `--retry duration=4`. The fields are duration, aspect-ratio, resolution, model and prompt. `retries`
    /// under `[failure]` in the project says how often.
    #[arg(long, value_name = "FIELD=VALUE", num_args = 0..=1, default_missing_value = "", conflicts_with = "again")]
    retry: Option<Change>,

    /// Pay for another clip of a shot that has one
    #[arg(long)]
    again: bool,

    /// Continue a job, the newest if none is named
    ///
    /// For a job that was interrupted or timed out, or whose clip could not be stored. Nothing is sent again:
    /// greenlight asks what became of the job and stores its clip.
    #[arg(long, value_name = "JOB", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["shot", "retry", "again"])]
    resume: Option<String>,

    /// What to print: text for people, or one JSON event a line
    #[arg(long, short, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    /// Rehearse with the built-in stand-in, in a scenario if one is named
    #[arg(long, value_name = "SCENARIO", num_args = 0..=1, require_equals = true, default_missing_value = HEALTHY, conflicts_with = "base_url")]
    rehearse: Option<String>,

    /// Rehearse with a server of this machine that imitates the API
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// A shared PostgreSQL ledger [default: .greenlight/ledger.db]
    ///
    /// Such as `postgres://ledger@db.example/video`. Put a password in `GREENLIGHT_LEDGER` or a password file, not on
    /// the command line. A rehearsal has its own ledger.
    #[arg(long, env = "GREENLIGHT_LEDGER", hide_env = true, hide_env_values = true, value_name = "URL")]
    ledger: Option<String>,

    /// Make no call at all: nothing is cleared and nothing is paid
    #[arg(long, env = "GREENLIGHT_OFFLINE", hide_env = true, value_parser = BoolishValueParser::new())]
    offline: bool,

    /// A PEM file of authorities to trust besides those built in
    #[arg(long, value_name = "FILE")]
    ca_cert: Option<Utf8PathBuf>,
}

/// What to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One event a line, for machines
    Json,
}

/// Makes one clip.
///
/// # Errors
/// [`Error::Refused`] when nothing may be spent, and any error that keeps the work from being done.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    made(args, context).map_err(|error| Hints::of(args).in_error(error))
}

fn made(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let path = context.project(args.project.as_deref())?;
    let mut loaded = load::project(&context.dir, &path, &crate::judge::rules::known())?;
    let Some(api) = load::job_api(loaded.project.route, &loaded.project.provider)? else {
        return by_hand::run(args, &loaded, context);
    };
    if args.resume.is_some() {
        if args.offline && !args.is_rehearsal() {
            let why = "continuing a job takes calls, and `--offline` allows none".to_owned();
            return Err(Error::Refused { why, fix: None });
        }
        return if args.is_rehearsal() {
            resume::<Rehearsal>(args, &loaded, &api, context)
        } else {
            resume::<Live>(args, &loaded, &api, context)
        };
    }
    let at = shot_at(args, &loaded)?;
    if let Some(change) = &args.retry
        && let Some(shot) = loaded.project.shots.get_mut(at)
    {
        change.apply(shot);
    }
    let shot = loaded.project.shots.get(at).cloned();
    let shot = shot.ok_or_else(|| Error::BadValue {
        what: "the project".to_owned(),
        why: "it has no shot".to_owned(),
    })?;
    if args.dry_run {
        return prepare::dry_run(args, &loaded, (&shot, &api), context);
    }
    if args.is_rehearsal() {
        one::<Rehearsal>(args, &loaded, (&shot, &api), context)
    } else {
        one::<Live>(args, &loaded, (&shot, &api), context)
    }
}

impl Args {
    /// Whether nothing can be paid: checks the base URL before anything is sent there.
    fn is_rehearsal(&self) -> bool {
        self.rehearse.is_some() || self.base_url.is_some()
    }

    fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    fn attempt(&self) -> Attempt {
        match &self.retry {
            Some(change) => Attempt::Retry(change.told()),
            None if self.again => Attempt::Again,
            None => Attempt::First,
        }
    }
}

/// Makes one clip in one of the two worlds.
fn one<R: pay::World>(
    args: &Args,
    loaded: &Loaded,
    (shot, api): (&Shot, &JobApi),
    context: &mut Context<'_>,
) -> Result<Exit, Error> {
    let event_loop = EventLoop::start()?;
    let cleared = prepare::preflight(args, loaded, &event_loop, context)?;
    prepare::go(&cleared, args, context)?;
    let ledger: Ledger<R> = prepare::ledger(args, loaded, &event_loop, context)?;
    let ready = prepare::ready(loaded, shot, (&cleared, &ledger, args), &event_loop, context)?;
    confirmed::<R>(args, &ready, context)?;
    // The person may have taken their time, or changed a file meanwhile.
    cleared.holds(loaded, &context.dir).map_err(|why| Error::Refused {
        why: why.to_string(),
        fix: Some("run the command again: it checks again".to_owned()),
    })?;
    let exit = pay::pay(loaded, api, (cleared, &ledger, ready), &event_loop, (args, context));
    closed(&ledger, &event_loop);
    exit
}

fn resume<R: pay::World>(
    args: &Args,
    loaded: &Loaded,
    api: &JobApi,
    context: &mut Context<'_>,
) -> Result<Exit, Error> {
    let event_loop = EventLoop::start()?;
    let ledger: Ledger<R> = prepare::ledger(args, loaded, &event_loop, context)?;
    let exit = pay::resume(loaded, api, &ledger, &event_loop, (args, context));
    closed(&ledger, &event_loop);
    exit
}

/// Closes a ledger, unless someone presses Ctrl-C twice: its content is written already.
fn closed<R: pay::World>(ledger: &Ledger<R>, event_loop: &EventLoop) {
    drop(event_loop.until_abandoned(async {
        ledger.close().await;
        Ok::<_, Error>(())
    }));
}

/// The position of the shot that was named, or of the first.
fn shot_at(args: &Args, loaded: &Loaded) -> Result<usize, Error> {
    let Some(name) = &args.shot else { return Ok(0) };
    let shots = &loaded.project.shots;
    shots.iter().position(|shot| shot.id.as_str() == name).ok_or_else(|| {
        let near = crate::model::nearest::nearest(name, shots.iter().map(|shot| shot.id.as_str()));
        let all = || shots.iter().map(|shot| shot.id.as_str()).collect::<Vec<_>>().join(", ");
        let tip =
            near.map_or_else(|| format!("; it has {}", all()), |near| format!("; did you mean `{near}`?"));
        let why = if args.rehearse.is_some() && standin::is_scenario(name) {
            format!("the project doesn't have this shot; a scenario is written `--rehearse={name}`")
        } else {
            format!("the project doesn't have this shot{tip}")
        };
        Error::BadValue { what: format!("shot `{}`", printable(name)), why }
    })
}

/// Shows what is about to happen, and asks for a yes.
fn confirmed<R: Realm>(args: &Args, ready: &Ready, context: &mut Context<'_>) -> Result<(), Error> {
    if !args.is_json() {
        let sheet = told::sheet::<R>(ready, context);
        context.say(&sheet)?;
    }
    if args.yes {
        return Ok(());
    }
    let refused = |why: &str, fix: &str| Error::Refused { why: why.to_owned(), fix: Some(fix.to_owned()) };
    if !context.terminal.can_ask() {
        return Err(refused("no terminal for the question", "pass `--yes` to pay without being asked"));
    }
    let question = if R::REHEARSAL {
        "Rehearse this clip? Nothing is paid".to_owned()
    } else {
        format!("Pay up to {} for this clip?", ready.order.price)
    };
    let mut asker = Asker::new(context.printer.colours(), context.printer.redactor().clone());
    match asker.confirm(&question, false) {
        Ok(true) => Ok(()),
        Err(PromptError::Interrupted) => Err(Error::Interrupted),
        Ok(false) | Err(_) => Err(Error::Refused { why: "not confirmed".to_owned(), fix: None }),
    }
}
