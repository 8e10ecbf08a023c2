//! `greenlight conform`: runs a client through everything that can happen to a job, and grades it.

use std::{ffi::OsString, num::NonZeroU8, time::Duration};

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, Utc};
use clap::ValueEnum;
use futures_util::{StreamExt as _, stream};
use tokio_util::sync::CancellationToken;

use super::{context::Context, event_loop};
use crate::{
    error::Error,
    exit::Exit,
    files::{self, FileError},
    model::{conformance::Conformance, text::printable},
    preflight::PreflightError,
    render::{self, Style},
    standin::{Examiner, Setup, Story},
};

/// Columns of a table in a file.
const WIDTH: u16 = 100;

/// Grade a client by what it does against the stand-in
///
/// Runs COMMAND once for each play (a way in which a job can go), each time against a fresh stand-in, and reads the
/// journal: does it resend a create that may have been accepted, send the key with the download, survive an empty
/// answer, recognise every ending, wait as told, store the clip?
///
/// COMMAND makes one clip and exits. It gets a base URL and a key in the variables that public clients read, such as
/// `XAI_BASE_URL` and `XAI_API_KEY`. Nothing is charged.
///
/// Exit codes: 0 if every rule was kept, 1 if one was broken, 3 if one was not seen.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Provider whose API the client uses
    #[arg(long, default_value = "xai", value_name = "PROVIDER")]
    provider: String,

    /// Play to run; repeat for more [default: all that a rule needs]
    #[arg(long, value_name = "PLAY")]
    play: Vec<String>,

    /// Time limit for each run
    #[arg(long, default_value = "60s", value_parser = humantime::parse_duration, value_name = "TIME")]
    patience: Duration,

    /// How many plays run at once
    ///
    /// Leave it at 1 if the client always writes to the same file.
    #[arg(long, short, default_value = "1", value_name = "N")]
    jobs: NonZeroU8,

    /// Output format
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT")]
    format: ConformFormat,

    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<Utf8PathBuf>,

    /// The client, after `--`
    #[arg(required = true, last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// What a conformance can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ConformFormat {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
    /// For CI
    Junit,
    /// For a pull request or a docs page
    Markdown,
}

impl ConformFormat {
    /// The format that a file's name asks for.
    pub(super) fn of_file(path: &Utf8Path) -> Self {
        match path.extension().map(str::to_ascii_lowercase).as_deref() {
            Some("json") => Self::Json,
            Some("xml") => Self::Junit,
            Some("md") => Self::Markdown,
            _ => Self::Table,
        }
    }

    /// The text in this format.
    pub(super) fn text(self, conformance: &Conformance, style: Style) -> String {
        match self {
            Self::Table => render::conformance::table(conformance, &style),
            Self::Json => render::conformance::json(conformance),
            Self::Junit => render::conformance::junit(conformance),
            Self::Markdown => render::conformance::markdown(conformance),
        }
    }
}

/// Writes a conformance into a file.
///
/// # Errors
/// [`Error::File`] when it cannot be written.
pub(super) fn write(
    path: &Utf8Path,
    format: ConformFormat,
    conformance: &Conformance,
    context: &Context<'_>,
) -> Result<(), Error> {
    let place = place(path, context)?;
    let text = context.printer.covered(&format.text(conformance, Style::new(WIDTH, false)));
    files::write_whole(&place, &text, true).map_err(|source| unwritten(path, source))
}

/// Where a conformance may be written.
///
/// # Errors
/// [`Error::File`] when it would replace something else.
pub(super) fn place(path: &Utf8Path, context: &Context<'_>) -> Result<Utf8PathBuf, Error> {
    files::output(&context.dir, path).map_err(|source| unwritten(path, source))
}

fn unwritten(path: &Utf8Path, source: FileError) -> Error {
    Error::File { what: format!("cannot write `{path}`"), source }
}

/// The rules for the clients of a provider.
///
/// # Errors
/// [`Error::BadValue`] when there are none.
pub(super) fn examiner(provider: &str) -> Result<Examiner, Error> {
    let found = Examiner::of(provider).map_err(|error| PreflightError::StandIn(error.into()))?;
    found.ok_or_else(|| Error::BadValue {
        what: format!("provider `{provider}`"),
        why: format!(
            "there are no rules for its clients; providers with rules: {}",
            Examiner::providers().join(", ")
        ),
    })
}

/// Runs the client through all plays and grades it.
///
/// # Errors
/// [`Error`] when a stand-in or the client cannot be started.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let examiner = examiner(&args.provider)?;
    args.output.as_deref().map_or(Ok(()), |path| place(path, context).map(drop))?;
    let plays = if args.play.is_empty() { examiner.plays() } else { args.play.clone() };
    let stories = event_loop::run(async |cancel| Ok(all(args, &examiner, &plays, context, cancel).await))??;
    let client: Vec<_> = args.command.iter().map(|word| word.to_string_lossy()).collect();
    let conformance = examiner.grade(Some(client.join(" ")), &stories, context.started);
    match &args.output {
        Some(path) => write(path, args.format, &conformance, context)?,
        None => context.say(&args.format.text(&conformance, context.style()))?,
    }
    Ok(conformance.decision().into())
}

async fn all(
    args: &Args,
    examiner: &Examiner,
    plays: &[String],
    context: &mut Context<'_>,
    cancel: &CancellationToken,
) -> Result<Vec<Story>, Error> {
    let starts = context.started;
    let each = plays.iter().map(|play| one(args, examiner, play, starts));
    let mut all = stream::iter(each).buffered(args.jobs.get().into());
    let mut stories = Vec::new();
    loop {
        let next = tokio::select! {
            next = all.next() => next,
            () = cancel.cancelled() => return Err(Error::Interrupted),
        };
        let Some(story) = next else { return Ok(stories) };
        let story = story?;
        context.note(&format!("{:>3}/{}  {}\n", stories.len() + 1, plays.len(), printable(&story.play)));
        stories.push(story);
    }
}

/// Runs the client in one play.
async fn one(args: &Args, examiner: &Examiner, play: &str, starts: DateTime<Utc>) -> Result<Story, Error> {
    let setup = Setup {
        plays: vec![play.to_owned()],
        starts: Some(starts),
        locked: true,
        ..Setup::of(&args.provider)
    };
    let running = setup.start().await.map_err(|error| Error::Preflight(error.into()))?;
    let ran = examiner.run(&args.command, args.patience, &running).await;
    let ran = ran.map_err(|source| Error::System { what: "cannot start the client".to_owned(), source })?;
    Ok(Story { play: play.to_owned(), entries: running.journal(), ran: Some(ran) })
}
