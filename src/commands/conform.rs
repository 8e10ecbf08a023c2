//! `greenlight conform`: runs a client through everything that can happen, and grades what it did.

use std::{ffi::OsString, process::Stdio, time::Duration};

use camino::Utf8PathBuf;
use clap::ValueEnum;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::Command,
};
use tokio_util::sync::CancellationToken;

use super::{context::Context, event_loop};
use crate::{
    error::Error,
    exit::Exit,
    files,
    model::{conformance::Conformance, text::printable},
    preflight::PreflightError,
    render::{self, Style},
    standin::{Examiner, Ran, Running, Setup, Story},
};

/// Of what a client writes so much is kept, in bytes.
const KEPT: u64 = 1 << 20;

/// Columns of a table in a file.
const WIDTH: u16 = 100;

/// Grade a client by what it does against the stand-in
///
/// Runs COMMAND once for everything that can happen to a job, each time against a stand-in of its own, and looks in the
/// journal for what a careful client does and does not: sending a create again that may have been taken, sending the key
/// with a download, going on after an empty answer, knowing every ending, waiting as told, storing the clip.
///
/// COMMAND is to make one clip and then to end. It finds the base URL and a key in the variables that public clients
/// read, `XAI_BASE_URL` and `XAI_API_KEY` among them. Nothing is paid.
///
/// Exits with 0 when every rule was seen to be kept, 1 when one is broken, and 3 when one could not be seen.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Whose clients it is one of
    #[arg(long, default_value = "xai", value_name = "PROVIDER")]
    provider: String,

    /// What to play [default: everything that a rule asks for]
    #[arg(long, value_name = "ID")]
    play: Vec<String>,

    /// How long each run may take
    #[arg(long, default_value = "60s", value_parser = humantime::parse_duration, value_name = "TIME")]
    patience: Duration,

    /// What to print
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT")]
    format: ConformFormat,

    /// The file to write it to [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<Utf8PathBuf>,

    /// The client, behind `--`
    #[arg(required = true, last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// What a conformance can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum ConformFormat {
    /// For a reader
    #[default]
    Table,
    /// For programs
    Json,
    /// For CI
    Junit,
    /// As a forge shows it
    Markdown,
}

impl ConformFormat {
    /// The one that a file's name asks for.
    pub(super) fn of_file(path: &camino::Utf8Path) -> Self {
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
    path: &camino::Utf8Path,
    format: ConformFormat,
    conformance: &Conformance,
    context: &Context<'_>,
) -> Result<(), Error> {
    let failed = |source| Error::File { what: format!("cannot write `{path}`"), source };
    let place = files::output(&context.dir, path).map_err(failed)?;
    let text = context.printer.covered(&format.text(conformance, Style { width: WIDTH, colour: false }));
    files::write_whole(&place, &text, true).map_err(failed)
}

/// The rules for the clients of a provider.
///
/// # Errors
/// [`Error::BadValue`] when there are none.
pub(super) fn examiner(provider: &str) -> Result<Examiner, Error> {
    let found = Examiner::of(provider).map_err(|error| PreflightError::StandIn(error.into()))?;
    found.ok_or_else(|| Error::BadValue {
        what: format!("provider `{provider}`"),
        why: "nobody wrote down what its clients must do".to_owned(),
    })
}

/// Runs the client through all plays and grades it.
///
/// # Errors
/// [`Error`] when a stand-in or the client cannot be started.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let examiner = examiner(&args.provider)?;
    let plays = if args.play.is_empty() { examiner.plays() } else { args.play.clone() };
    let stories = event_loop::run(async |cancel| Ok(all(args, &examiner, &plays, context, cancel).await))??;
    let client: Vec<_> = args.command.iter().map(|word| word.to_string_lossy()).collect();
    let conformance = examiner.grade(Some(client.join(" ")), &stories);
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
    let mut stories = Vec::new();
    for (place, play) in plays.iter().enumerate() {
        context.note(&format!("{:>3}/{}  {}\n", place + 1, plays.len(), printable(play)));
        let setup = Setup {
            plays: vec![play.clone()],
            starts: Some(context.started),
            locked: true,
            ..Setup::of(&args.provider)
        };
        let running = setup.start().await.map_err(|error| Error::Preflight(error.into()))?;
        let ran = tokio::select! {
            ran = client(args, examiner, &running) => ran?,
            () = cancel.cancelled() => return Err(Error::Interrupted),
        };
        stories.push(Story { play: play.clone(), entries: running.journal(), ran: Some(ran) });
    }
    Ok(stories)
}

/// Runs the client once.
async fn client(args: &Args, examiner: &Examiner, running: &Running) -> Result<Ran, Error> {
    let failed = |source| Error::System { what: "cannot start the client".to_owned(), source };
    let (name, rest) =
        args.command.split_first().ok_or_else(|| failed(std::io::ErrorKind::NotFound.into()))?;
    let mut command = Command::new(name);
    command.args(rest).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    if let Some(base) = running.base_url() {
        command.envs(examiner.base_env().iter().map(|name| (name, base.as_str())));
    }
    command.envs(running.keys.iter().map(|key| (&key.env, &key.value)));
    // No proxy stands between a program and its own machine.
    command.envs(["NO_PROXY", "no_proxy"].map(|name| (name, "127.0.0.1,localhost")));
    let mut child = command.spawn().map_err(failed)?;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let (from_out, from_err) = (child.stdout.take(), child.stderr.take());
    let ended = tokio::time::timeout(args.patience, async {
        let ((), (), status) = tokio::join!(read(from_out, &mut out), read(from_err, &mut err), child.wait());
        status
    });
    let ended = ended.await;
    let in_time = ended.is_ok();
    let code = ended.ok().transpose().map_err(failed)?.and_then(|status| status.code());
    // Whoever is still at it is ended; that it has ended by itself meanwhile is no failure.
    drop(child.kill().await);
    let output = [out, err].concat();
    Ok(Ran { code, in_time, output: String::from_utf8_lossy(&output).into_owned() })
}

/// Reads a stream to its end; what it breaks off with is no matter. Only its beginning is kept.
async fn read(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) {
    let Some(from) = from else { return };
    let mut kept = from.take(KEPT);
    drop(kept.read_to_end(into).await);
    drop(tokio::io::copy(&mut kept.into_inner(), &mut tokio::io::sink()).await);
}
