//! `greenlight standin`: serves the stand-in, so that any client can meet every state for free.

mod kept;
mod told;

use std::{net::IpAddr, pin::pin, str::FromStr, time::Duration};

use camino::Utf8PathBuf;
use clap::ValueEnum;
use tokio_util::sync::CancellationToken;

use super::{conform, context::Context, event_loop};
use crate::{
    error::Error,
    exit::Exit,
    preflight::{HEALTHY, PreflightError},
    standin::{self, Entry, Latency, Setup, StartError},
};

use kept::Kept;

/// Serve a stand-in of a provider's API on this machine
///
/// Point any client to the base URL and the key that are printed, and it meets the provider without paying: video jobs
/// are created, polled and downloaded, with real small clips, the provider's words, and what each would have cost. It
/// cannot reach any provider.
///
/// Choose what happens to all jobs with `--play`, to one job by `[ID]` in its prompt, or to one request by the header
/// `x-greenlight-play: ID`. `--plays` lists them. Below `/__greenlight/` of every host are `GET journal`, `GET costs`,
/// `GET plays`, `POST reset`, and `POST clock` with `{"advance": "90m"}` or `{"now": "2026-11-22T10:00:00Z"}`.
///
/// Ctrl-C stops it and prints what all of it would have cost.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Provider whose API it imitates
    #[arg(long, default_value = "xai", value_name = "PROVIDER")]
    provider: String,

    /// The port of the provider's first host; 0 picks a free one
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    port: u16,

    /// What is wrong with the provider or the account
    ///
    /// `greenlight list --scenarios` lists them.
    #[arg(long, default_value = HEALTHY, value_name = "SCENARIO")]
    scenario: String,

    /// What happens to every job; may be repeated
    ///
    /// If several say how a job ends, the first counts.
    #[arg(long, value_name = "PLAY")]
    play: Vec<String>,

    /// List what can be played, and serve nothing
    #[arg(long)]
    plays: bool,

    /// Delay every answer, by `200ms` or at random by `200ms..2s`
    #[arg(long, default_value = "0s", value_name = "TIME")]
    latency: Wait,

    /// Seed for ids and random choices
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    seed: u64,

    /// Keep every request and answer in this file, a line of JSON each
    ///
    /// Written as it happens. An existing file is replaced.
    #[arg(long, value_name = "FILE")]
    journal: Option<Utf8PathBuf>,

    /// Keep every request and answer in this HTTP archive, at the end
    #[arg(long, value_name = "FILE")]
    har: Option<Utf8PathBuf>,

    /// Grade its clients at the end, into this file
    ///
    /// As JSON, `JUnit` XML or Markdown where the name ends in .json, .xml or .md, else as a table. It can't see what a
    /// client wrote or how it ended; `greenlight conform` does.
    #[arg(long, value_name = "FILE")]
    report: Option<Utf8PathBuf>,

    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    host: IpAddr,

    /// Let other machines reach it, with `--host`
    #[arg(long)]
    beyond_loopback: bool,

    /// How to print where it listens
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT")]
    format: ReadyFormat,
}

/// How it is said where a stand-in listens, and what it would have cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ReadyFormat {
    /// For people
    #[default]
    Table,
    /// A line of JSON when it listens, and one at the end
    Json,
}

/// A time, or a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wait {
    least: Duration,
    most: Duration,
}

impl FromStr for Wait {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = |text: &str| humantime::parse_duration(text).map_err(|error| error.to_string());
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let (least, most) = (read(least)?, read(most)?);
        if least > most {
            return Err("the shorter time comes first, such as `200ms..2s`".to_owned());
        }
        Ok(Self { least, most })
    }
}

/// Serves until it is told to end.
///
/// # Errors
/// [`Error::Preflight`] when it cannot start, and [`Error::File`] when what happens cannot be kept.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    if args.plays {
        let plays = standin::plays(&args.provider).map_err(|error| PreflightError::StandIn(error.into()))?;
        context.say(&told::plays(&args.provider, &plays, args.format == ReadyFormat::Json))?;
        return Ok(Exit::Go);
    }
    if !args.host.is_loopback() && !args.beyond_loopback {
        let why = "other machines could reach it; if you mean that, add `--beyond-loopback`".to_owned();
        return Err(Error::BadValue { what: format!("`--host {}`", args.host), why });
    }
    let report = match &args.report {
        Some(path) => {
            conform::place(path, context)?;
            Some((path.clone(), conform::examiner(&args.provider)?))
        }
        None => None,
    };
    let kept = Kept::new(args.journal.as_deref(), args.har.as_deref(), context)?;
    let setup = Setup {
        scenario: Some(args.scenario.clone()).filter(|name| name != HEALTHY),
        plays: args.play.clone(),
        address: args.host,
        port: args.port,
        seed: args.seed,
        latency: Latency { least: args.latency.least, most: args.latency.most, seed: args.seed },
        starts: Some(context.started),
        locked: true,
        ..Setup::of(&args.provider)
    };
    let journal =
        event_loop::run(async |cancel| Ok(serve(setup, args.format, kept, context, cancel).await))??;
    if let Some((path, examiner)) = report {
        let conformance = examiner.grade(None, &examiner.stories(&journal), context.started);
        conform::write(&path, conform::ConformFormat::of_file(&path), &conformance, context)?;
    }
    Ok(Exit::Go)
}

async fn serve(
    setup: Setup,
    format: ReadyFormat,
    mut kept: Kept,
    context: &mut Context<'_>,
    cancel: &CancellationToken,
) -> Result<Vec<Entry>, Error> {
    let scenario = setup.scenario.clone();
    let provider = setup.provider.clone();
    let failed = |error: StartError| Error::Preflight(error.into());
    let running = setup.start().await.map_err(failed)?;
    let mut news = running.changes();
    let ready = match format {
        ReadyFormat::Table => told::ready(&provider, scenario.as_deref(), &running),
        ReadyFormat::Json => told::ready_json(&provider, scenario.as_deref(), &running),
    };
    let mut stopped = pin!(stopped_by_the_system());
    // A program that reads that it listens may end it at once, so Ctrl-C must work by then.
    tokio::task::yield_now().await;
    context.say(&ready)?;
    loop {
        let ends = tokio::select! {
            () = cancel.cancelled() => true,
            () = &mut stopped => true,
            told = news.changed() => told.is_err(),
        };
        for entry in kept.keep(&running, context.printer.redactor())? {
            context.note(&told::line(&entry));
        }
        if ends {
            break;
        }
    }
    kept.end(&running, context.printer.redactor())?;
    let summary = match format {
        ReadyFormat::Table => told::summary(&running),
        ReadyFormat::Json => told::summary_json(&running),
    };
    context.say(&summary)?;
    Ok(running.journal())
}

/// Starts to listen for the signal to end; ready once it has come.
fn stopped_by_the_system() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let signal = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    async move {
        #[cfg(unix)]
        if let Ok(mut signal) = signal {
            signal.recv().await;
            return;
        }
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0s", Ok((0, 0)))]
    #[case("200ms", Ok((200, 200)))]
    #[case("200ms..2s", Ok((200, 2000)))]
    #[case("2s..1s", Err("the shorter time comes first"))]
    #[case("soon", Err("expected number"))]
    #[case("1s..", Err("value was empty"))]
    fn a_wait_is_a_time_or_one_between_two(#[case] text: &str, #[case] wanted: Result<(u64, u64), &str>) {
        let millis = |time: u64| Duration::from_millis(time);
        match (text.parse::<Wait>(), wanted) {
            (Ok(read), Ok((least, most))) => {
                assert_eq!((read.least, read.most), (millis(least), millis(most)));
            }
            (Err(error), Err(says)) => assert!(error.contains(says), "{error}"),
            (read, wanted) => panic!("{read:?} {wanted:?}"),
        }
    }
}
