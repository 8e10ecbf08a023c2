//! `greenlight check`: load, observe, judge, render.

use std::time::Duration;

use camino::Utf8PathBuf;
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use url::Url;

use super::{context::Context, survey};
use crate::{
    env,
    error::Error,
    exit::Exit,
    judge,
    load::{self, Loaded},
    model::{
        call::Call,
        observation::Observations,
        report::{Batch, Rehearsal, Report},
    },
    observe::{self, ExtraCa, KeyRing, Pause, Plan, Resolver, SendTo, Settings},
    render::{self, Format},
    standin::{self, Resolution, Running},
    ui::Progress,
};

/// Run the preflight: free calls only, one table, one decision
///
/// Looks at the project file, makes the free, read-only calls its checklist names, judges every check
/// and prints GO (exit 0), NO-GO (1) or HOLD (3). No call that can cost anything is made.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Project file or folder [default: greenlight.toml here or above]
    #[arg(long, value_name = "FILE")]
    project: Option<Utf8PathBuf>,

    /// What to print
    #[arg(long, short, value_name = "FORMAT", default_value = "table", value_parser = format())]
    format: Format,

    /// Judge as of this day or moment in UTC, such as 2026-08-10
    ///
    /// A moment is written 2026-08-10T12:00:00Z; a day stands for its first moment.
    #[arg(long, value_name = "DATE", value_parser = moment)]
    at: Option<DateTime<Utc>>,

    /// Make no call at all; what only a call can show is unknown
    #[arg(long)]
    offline: bool,

    /// Rehearse with the built-in stand-in, in a scenario if one is named
    ///
    /// `greenlight list --scenarios` shows the scenarios. Every call goes to the stand-in, no key is
    /// read and nothing leaves this machine.
    #[arg(long, value_name = "SCENARIO", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["offline", "base_url"])]
    rehearse: Option<String>,

    /// Send the API's calls to this base URL, with or without a trailing /v1
    ///
    /// A loopback address makes the run a rehearsal. Any other host but the official one is refused
    /// before a key is sent.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// Most calls to one host at a time
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    concurrency: u16,

    /// How long one reply may take [default: 10s; 1s in a rehearsal]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    timeout: Option<Duration>,

    /// A PEM file of certificate authorities to trust besides the system's
    #[arg(long, value_name = "FILE")]
    ca_cert: Option<Utf8PathBuf>,
}

/// A day stands for its first moment.
pub(super) fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let day = text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let moment = day.or_else(|_| text.parse::<DateTime<Utc>>()).ok();
    // Beyond these years adding a few days can leave the calendar.
    moment
        .filter(|moment| (1..=9999).contains(&moment.year()))
        .ok_or_else(|| "write a day or a moment: 2026-08-10, 2026-08-10T12:00:00Z".to_owned())
}

fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.iter().map(|format| format.word()))
        .try_map(|word| word.parse::<Format>())
}

/// A length of time that is not nothing.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("write a number with its unit, such as `10s`".to_owned()),
    }
}

/// Checks one project and prints what was found.
///
/// # Errors
/// [`Error`] when the project cannot be loaded or the run cannot be set up.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let path = context.project(args.project.as_deref())?;
    let loaded = load::project(&path, &judge::rules::known())?;
    let report = survey::event_loop()?.block_on(async {
        tokio::select! {
            report = examine(args, context, loaded) => report,
            _ = tokio::signal::ctrl_c() => Err(Error::Interrupted),
        }
    })?;
    let text = render::render(&Batch::one(report.clone()), args.format, &context.style());
    context.say(&text)?;
    Ok(report.decision.into())
}

async fn examine(args: &Args, context: &Context<'_>, loaded: Loaded) -> Result<Report, Error> {
    let mut stage = Stage::set(args, context, &loaded).await?;
    let settings = settings(args, &mut stage)?;
    let keys = if stage.stand_in.is_some() {
        KeyRing::rehearsal(&loaded.checklist.hosts)
    } else {
        KeyRing::read(&loaded.checklist.hosts, context.env)
    };
    let progress = Watched(Progress::new(&context.terminal, context.quiet, context.env));
    let plan = Plan {
        project: &loaded.project,
        project_dir: &context.dir.join(&loaded.dir),
        checklist: &loaded.checklist,
        owners: &loaded.owners,
        keys: &keys,
        settings: &settings,
        may_retry: &|observation| judge::faults::may_retry(&loaded.checklist, observation),
        evidence: loaded.answers.evidence_files(),
        temp_dirs: env::temporary_dirs(),
        seen_on: Some(context.started.date_naive()),
    };
    let observations = observe::observe(&plan, &progress).await;
    progress.0.finish();
    let times = (args.at.unwrap_or(context.started), context.started);
    Ok(judged(&loaded, &observations, times, stage.rehearsal))
}

/// How calls are made. The stand-in answers at once or is meant not to, so nobody waits long for it.
fn settings(args: &Args, stage: &mut Stage) -> Result<Settings, Error> {
    let usual = Settings::default();
    let near = Settings {
        connect_timeout: Duration::from_millis(500),
        read_timeout: Duration::from_secs(1),
        attempts: 2,
        pause: Pause { first: Duration::from_millis(20), longest: Duration::from_millis(100) },
        ..usual.clone()
    };
    let mut settings = if stage.stand_in.is_some() { near } else { usual };
    settings.read_timeout = args.timeout.unwrap_or(settings.read_timeout);
    settings.total_timeout = settings.total_timeout.max(settings.read_timeout);
    settings.per_host = args.concurrency.into();
    settings.offline = args.offline;
    settings.send_to = stage.send_to.take();
    if let Some(path) = &args.ca_cert {
        let pem = fs_err::read(path)
            .map_err(|source| Error::File { what: "cannot read `--ca-cert`".to_owned(), source })?;
        settings.extra_ca = ExtraCa::from_pem(&pem)
            .map_err(|why| Error::BadValue { what: format!("`--ca-cert {path}`"), why: why.to_string() })?;
    }
    Ok(settings)
}

/// Tells a person how far observing is.
struct Watched(Progress);

impl observe::Progress for Watched {
    fn planned(&self, calls: usize) {
        self.0.planned(u64::try_from(calls).unwrap_or(u64::MAX));
    }

    fn made(&self, call: &Call) {
        self.0.step(&format!("{} {}", call.method, call.url));
    }
}

fn judged(
    loaded: &Loaded,
    observations: &Observations,
    (now, made): (DateTime<Utc>, DateTime<Utc>),
    rehearsal: Option<Rehearsal>,
) -> Report {
    judge::judge(&judge::Case {
        project: &loaded.project,
        file: &loaded.file,
        checklist: &loaded.checklist,
        catalogue: &loaded.catalogue,
        answers: &loaded.answers,
        observations,
        now,
        made,
        rehearsal,
        replay: None,
        only: Vec::new(),
        fail_on: crate::model::decision::FailOn::default(),
        inputs: loaded.inputs.clone(),
        tool: survey::tool(),
    })
}

/// A foreign host is not even looked up; the official one may be named by hand as well.
fn resolver(origin: &Url, official: Option<&Url>) -> Resolver {
    match official {
        Some(official) if official.origin() == origin.origin() => Resolver::System,
        _ => Resolver::LoopbackOnly,
    }
}

/// Where the calls of this run go.
struct Stage {
    stand_in: Option<Running>,
    send_to: Option<SendTo>,
    rehearsal: Option<Rehearsal>,
}

impl Stage {
    async fn set(args: &Args, context: &Context<'_>, loaded: &Loaded) -> Result<Self, Error> {
        if let Some(scenario) = &args.rehearse {
            return Self::stand_in(Some(scenario.as_str()).filter(|name| !name.is_empty())).await;
        }
        let main = loaded.checklist.hosts.get("api");
        let variable = main.and_then(|host| host.base_url_env.as_deref());
        let named = match (&args.base_url, variable) {
            (Some(url), _) => Some((url.clone(), "--base-url".to_owned())),
            (None, Some(name)) => {
                (context.env)(name).filter(|url| !url.is_empty()).map(|url| (url, name.to_owned()))
            }
            (None, None) => None,
        };
        let Some((text, from)) = named else {
            return Ok(Self { stand_in: None, send_to: None, rehearsal: None });
        };
        let origin =
            observe::base_url(&text).map_err(|source| Error::BaseUrl { from: from.clone(), source })?;
        let rehearsal = observe::is_loopback(&origin).then_some(Rehearsal { scenario: None });
        let resolver = resolver(&origin, main.map(|host| &host.base_url));
        let send_to = SendTo { origin, set_by: from, resolver };
        Ok(Self { stand_in: None, send_to: Some(send_to), rehearsal })
    }

    async fn stand_in(scenario: Option<&str>) -> Result<Self, Error> {
        let running = standin::start(scenario).await?;
        let resolver = match running.resolution {
            // Of the names of this machine the client looks up `localhost` alone, which the stand-in never uses.
            Resolution::LoopbackOnly | Resolution::NoAddress => Resolver::LoopbackOnly,
            Resolution::Stalls => Resolver::Stall,
        };
        let send_to = SendTo { origin: running.origin.clone(), set_by: "--rehearse".to_owned(), resolver };
        let rehearsal = Rehearsal { scenario: Some(scenario.unwrap_or("healthy").to_owned()) };
        Ok(Self { stand_in: Some(running), send_to: Some(send_to), rehearsal: Some(rehearsal) })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://api.x.ai", Resolver::System)]
    #[case("https://api.x.ai:444", Resolver::LoopbackOnly)]
    #[case("https://example.invalid", Resolver::LoopbackOnly)]
    #[case("http://127.0.0.1:9000", Resolver::LoopbackOnly)]
    fn only_the_official_host_is_looked_up(#[case] origin: &str, #[case] wanted: Resolver) {
        let official = Url::parse("https://api.x.ai/").unwrap();
        assert_eq!(resolver(&Url::parse(origin).unwrap(), Some(&official)), wanted);
    }
}
