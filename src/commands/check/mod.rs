//! `greenlight check`: load, observe, judge, render.

pub(super) mod named;
mod output;
mod recording;
mod typed;
mod watch;

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};
use clap::builder::{BoolishValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};

use self::{output::ReportTo, typed::Typed};
use super::{context::Context, event_loop};
use crate::{
    error::Error,
    exit::Exit,
    files::{self, Kind},
    judge::{self, selection::Selector},
    load::{self, Loaded},
    model::{
        call::Call,
        decision::FailOn,
        nearest::nearest,
        project::MOST_AT_A_TIME,
        report::{Batch, Report},
        route::{Route, Row},
        text::printable,
        transcript::Transcript,
    },
    observe::{self, CallCache, ExtraCa, Until},
    preflight::{Calls, HEALTHY, Options, Preflight},
    render::{self, Detail, Format, Style},
    standin,
    ui::Progress,
};

/// The variable of `--fail-on`.
const FAIL_ON: &str = "GREENLIGHT_FAIL_ON";

/// Run the preflight: free calls only, one table, one decision
///
/// Looks at the project file, makes the free, read-only calls its checklist names, judges every check and prints GO
/// (exit 0), NO-GO (1) or HOLD (3). It makes no call that can cost anything.
#[derive(Debug, Clone, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch that a person types")]
pub struct Args {
    /// Projects or patterns [default: greenlight.toml here or above]
    ///
    /// A project is named by its file or its folder. Quote a pattern such as 'plans/**/greenlight.toml'. Several
    /// projects share identical calls and get a table each and a summary; the worst decision sets the exit code.
    #[arg(value_name = "PROJECT")]
    projects: Vec<String>,

    /// The same for one project
    #[arg(long, value_name = "FILE", conflicts_with = "projects")]
    project: Option<Utf8PathBuf>,

    /// What to print
    ///
    /// Every format shows the same verdicts and exits with the same code. `json` is the receipt. `github` also adds to
    /// the step summary of the job, when `GITHUB_STEP_SUMMARY` names one.
    #[arg(long, short, env = "GREENLIGHT_FORMAT", hide_env = true, value_name = "FORMAT", default_value = "table", value_parser = format())]
    format: Format,

    /// Show every check on a terminal too, not only what is open
    ///
    /// In a pipe, a file or a log the table is always complete.
    #[arg(long, short)]
    all: bool,

    /// Write a report to a file as well; may be given several times
    ///
    /// For example `--report json=receipt.json --report junit=out/preflight.xml`. The file is replaced as a whole, on
    /// HOLD and NO-GO too, and missing folders are created. A device or a pipe works as well; a file that the run
    /// itself reads is refused.
    #[arg(long, value_name = "FORMAT=PATH")]
    report: Vec<ReportTo>,

    /// Only these rows or checks, and what they require
    ///
    /// Rows are access, mode, input-media, output-handling, failure-policy, safety and cost; checks are named as in
    /// `greenlight list`. A partial run is labelled as such, and its receipt clears nothing.
    #[arg(long, value_name = "ROW|CHECK", value_delimiter = ',')]
    only: Vec<String>,

    /// What closes the gate: a failure, or a warning too [default: fail]
    ///
    /// With `warn`, a check of severity warn counts like one of severity block, and a caution like a failure. The
    /// project file can set it too: `fail-on` in `[check]`. The strictest setting counts: `--fail-on fail` loosens
    /// nothing.
    #[arg(long, env = "GREENLIGHT_FAIL_ON", hide_env = true, value_name = "VERDICT", value_parser = fail_on())]
    fail_on: Option<FailOn>,

    /// Judge as of this day or moment in UTC, such as 2026-08-10
    ///
    /// A moment is written 2026-08-10T12:00:00Z; a day means its first moment. A run judged for any time but now clears
    /// nothing.
    #[arg(long, value_name = "DATE", value_parser = moment)]
    at: Option<DateTime<Utc>>,

    /// Make no call at all; what only a call can show is unknown
    ///
    /// A rehearsal still makes its calls: they stay on this machine.
    #[arg(long, env = "GREENLIGHT_OFFLINE", hide_env = true, value_parser = BoolishValueParser::new())]
    offline: bool,

    /// Rehearse with the built-in stand-in, in a scenario if one is named
    ///
    /// Without one, nothing is wrong with the API. The scenario may come before or after the projects; a folder with
    /// the name of a scenario is written `./NAME`. `greenlight list --scenarios` lists the scenarios. Every call goes
    /// to the stand-in, no key is read and nothing leaves this machine.
    #[arg(long, value_name = "SCENARIO", num_args = 0..=1, default_missing_value = HEALTHY, conflicts_with = "base_url")]
    rehearse: Option<String>,

    /// Send the API's calls to this base URL, with or without a trailing /v1
    ///
    /// A loopback address makes the run a rehearsal. Any other host but the official one is refused
    /// before a key is sent.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// Look at media on private addresses too; such a run clears nothing
    ///
    /// For a lab. Otherwise an address of this machine, of a private network or of a cloud's own services fails and is
    /// not called, whatever name leads there: no provider can fetch from it. Media are always fetched over https.
    #[arg(long)]
    allow_private: bool,

    /// Most calls to one host at a time [default: 8]
    ///
    /// The project file may say otherwise: `concurrency` in `[check]`.
    #[arg(long, env = "GREENLIGHT_CONCURRENCY", hide_env = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_AT_A_TIME)))]
    concurrency: Option<u16>,

    /// Keep the replies in a file, for --replay
    ///
    /// The transcript holds whole replies, including the name of the key's team and its balance, but no keys: it isn't
    /// written if it would hold one. Read it before you share it.
    #[arg(long, value_name = "FILE")]
    record: Option<Utf8PathBuf>,

    /// Judge from the replies that --record kept; nothing is called
    ///
    /// Judges as of the moment of the recording, unless --at says otherwise. A call that isn't in the transcript is
    /// unknown. Local files are read as they are now. A replay clears nothing.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["record", "rehearse", "base_url"])]
    replay: Option<Utf8PathBuf>,

    /// How long one reply may take [default: 10s; 1s in a rehearsal]
    ///
    /// The project file may say otherwise: `timeout` in `[check]`.
    #[arg(long, env = "GREENLIGHT_TIMEOUT", hide_env = true, value_name = "TIME", value_parser = duration)]
    timeout: Option<Duration>,

    /// How long the whole run may take [default: 60s]
    ///
    /// Whatever is still open then is unknown, never a pass. Calls in flight are abandoned, and no new ones start.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "60s", hide_default_value = true)]
    deadline: Duration,

    /// Check again whenever a file of the projects changes
    ///
    /// A change alone doesn't repeat the calls: `r` does, and so does a change after 15 minutes. `q`, or the end of the
    /// input, quits with the exit code of the last table.
    #[arg(long, conflicts_with_all = ["report", "record"])]
    watch: bool,

    /// A PEM file of authorities to trust besides those built in
    ///
    /// For a network whose proxy decrypts every connection. Anyone who has the authorities' keys can impersonate any
    /// server, so the report names the file and its digest. Certificates that the system or a variable names are
    /// ignored.
    #[arg(long, value_name = "FILE")]
    ca_cert: Option<Utf8PathBuf>,
}

/// A day stands for its first moment.
pub(super) fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let day = text.parse::<NaiveDate>().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let moment = day.or_else(|_| text.parse::<DateTime<Utc>>()).ok();
    // Near the ends of this range, adding a few days can leave the calendar.
    moment
        .filter(|moment| (1..=9999).contains(&moment.year()))
        .ok_or_else(|| "write a day or a moment: 2026-08-10, 2026-08-10T12:00:00Z".to_owned())
}

fn format() -> impl TypedValueParser<Value = Format> {
    let values = Format::ALL.iter().map(|format| PossibleValue::new(format.word()).help(format.about()));
    PossibleValuesParser::new(values).try_map(|word| word.parse::<Format>())
}

pub(super) fn fail_on() -> impl TypedValueParser<Value = FailOn> {
    PossibleValuesParser::new(FailOn::ALL.map(FailOn::word)).try_map(|word| word.parse::<FailOn>())
}

/// A duration above zero.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("write a number with its unit, such as `10s`".to_owned()),
    }
}

/// Checks the projects and prints what was found.
///
/// # Errors
/// [`Error`] when a project cannot be loaded, the run cannot be set up, or a report cannot be written.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let args = &sorted_out(args, context)?;
    if args.watch {
        return watch::run(args, context);
    }
    output::distinct(args, context)?;
    let (all, several) = loaded(args, context)?;
    output::replace_no_input(args, &all, context)?;
    let Round { reports, transcript, .. } = round(args, context, &all, CallCache::default())?;
    let batch = Batch { reports: reports?, several };
    // Files first: someone who reads the output with `| head` wants them all the same.
    let written = output::write(&args.report, &batch, context);
    let keep = |path: &Utf8PathBuf| recording::keep(path, transcript.as_ref(), context);
    let kept = args.record.as_ref().map_or(Ok(()), keep);
    if args.format == Format::Github {
        context.say_commands(&shown(args, &batch, context))?;
        output::step_summary(args, &batch, context);
    } else {
        context.say(&shown(args, &batch, context))?;
    }
    written?;
    kept?;
    // A run that clears nothing exits with the code of what it found, which is what it was run for.
    Ok(batch.found().into())
}

/// The projects that were named, and whether they may be several.
fn loaded(args: &Args, context: &Context<'_>) -> Result<(Vec<Loaded>, bool), Error> {
    let files = match args.projects.as_slice() {
        [] => vec![context.project(args.project.as_deref())?],
        names => named::files(names, context)?,
    };
    let several = args.projects.len() > 1
        || files.len() > 1
        || args.projects.iter().any(|name| named::is_pattern(name));
    Ok((load::projects(&context.dir, &files, &judge::rules::known())?, several))
}

/// The result of checking the projects.
struct Round {
    reports: Result<Vec<Report>, Error>,
    /// Present when it is to be kept.
    transcript: Option<Transcript>,
    cache: CallCache,
}

/// Observes and judges projects; replies that are known already are not requested again.
fn round(args: &Args, context: &mut Context<'_>, all: &[Loaded], known: CallCache) -> Result<Round, Error> {
    // A key that was refused for its format is still a key.
    let refused = all.iter().flat_map(Loaded::refused_keys);
    context.printer.hide(context.printer.redactor().with_shapes(refused));
    for loaded in all {
        stays_strict(args, context, loaded);
    }
    without_pack(context, all);
    let options = options(args, all, context)?;
    let environment = context.environment();
    let preflight = Preflight::after(known, options, &environment);
    let progress =
        Progress::new(&context.terminal, context.quiet, context.env, context.printer.redactor().clone());
    let watched = Watched(progress);
    let judgements = event_loop::run(async |cancel| preflight.run(all, &watched, cancel).await);
    watched.0.finish();
    let reports = judgements.map(|all| all.into_iter().map(|judgement| judgement.report).collect::<Vec<_>>());
    let recorded = args.record.as_ref().and(reports.as_ref().ok());
    let transcript = recorded.and_then(|reports| preflight.transcript(reports));
    Ok(Round { reports, transcript, cache: preflight.into_cache() })
}

/// The output, as it was asked for.
fn shown(args: &Args, batch: &Batch, context: &Context<'_>) -> String {
    let detail = if args.all || !context.terminal.stdout { Detail::All } else { Detail::Open };
    render::render(batch, args.format, &Style { detail, ..context.style() })
}

/// The arguments, with the scenario separated from the projects.
fn sorted_out(args: &Args, context: &Context<'_>) -> Result<Args, Error> {
    if args.record.is_some() && args.offline && args.rehearse.is_none() {
        let why = "no calls are made offline, so there is nothing to keep (`--offline`, GREENLIGHT_OFFLINE)";
        return Err(Error::BadValue { what: "`--record`".to_owned(), why: why.to_owned() });
    }
    let is_scenario = |word: &str| word == HEALTHY || standin::is_scenario(word);
    let is_there = |word: &str| context.dir.join(word).exists();
    let typed = Typed::of(args.rehearse.as_deref(), &args.projects, is_scenario, is_there)?;
    if let (Some(named), Some(other)) = (&args.project, typed.projects.first()) {
        let why = format!("`--project {named}` already names one; to name several, drop the flag");
        return Err(Error::BadValue { what: format!("the project `{other}`"), why });
    }
    Ok(Args { rehearse: typed.rehearse, projects: typed.projects, ..args.clone() })
}

/// What closes the gate for a project: the strictest of flag, variable and file.
fn fail_on_of(args: &Args, context: &Context<'_>, loaded: &Loaded) -> FailOn {
    strictest([args.fail_on, loaded.project.check.fail_on], context)
}

/// The strictest of these and of the variable, which clap only reads when the flag isn't typed.
pub(super) fn strictest<const N: usize>(said: [Option<FailOn>; N], context: &Context<'_>) -> FailOn {
    let variable = (context.env)(FAIL_ON).and_then(|word| word.parse().ok());
    said.into_iter().chain([variable]).flatten().max().unwrap_or_default()
}

/// Notes that the run is stricter than the flag that was typed.
fn stays_strict(args: &Args, context: &mut Context<'_>, loaded: &Loaded) {
    let due = fail_on_of(args, context, loaded);
    if args.fail_on.is_some_and(|asked| asked < due) {
        let of = match loaded.project.check.fail_on {
            Some(level) if level == due => {
                format!("`fail-on = \"{}\"` of {}", level.word(), printable(loaded.file.as_str()))
            }
            _ => format!("{FAIL_ON}={}", due.word()),
        };
        context.note(&format!("note: {of} stays in force: `--fail-on` only tightens\n"));
    }
}

/// Notes which projects have only questions, because nothing about their providers can be asked for free.
fn without_pack(context: &mut Context<'_>, all: &[Loaded]) {
    let wrappers = all.iter().map(|loaded| &loaded.project).filter(|project| project.route == Route::Wrapper);
    let mut unknown: Vec<&str> = wrappers.map(|project| project.provider.as_str()).collect();
    unknown.retain(|provider| !load::has_pack(provider));
    unknown.sort_unstable();
    unknown.dedup();
    for provider in unknown {
        let provider = printable(provider);
        context.note(&format!(
            "note: greenlight has no pack for `{provider}`, so nothing about it is checked with calls: people answer its \
             questions with `greenlight answer`. `checklists` in greenlight.toml adds checks of your own; a pack takes \
             one checklist, one scenario file and one block of owners.toml.\n"
        ));
    }
}

/// The arguments as options for `preflight`, which does not know the command line.
fn options(args: &Args, all: &[Loaded], context: &Context<'_>) -> Result<Options, Error> {
    let calls = match (&args.rehearse, &args.base_url, &args.replay) {
        (Some(scenario), ..) => Calls::StandIn(Some(scenario.clone()).filter(|name| name != HEALTHY)),
        (_, Some(url), _) => Calls::BaseUrl(url.clone()),
        (.., Some(path)) => recording::replayed(path, context)?,
        (None, None, None) => Calls::Live,
    };
    Ok(Options {
        calls,
        offline: args.offline,
        at: args.at,
        only: args.only.iter().cloned().zip(selectors(&args.only, all)?).collect(),
        fail_on: strictest([args.fail_on], context),
        allow_private: args.allow_private,
        timeout: args.timeout,
        until: Until::after(args.deadline),
        concurrency: args.concurrency,
        extra_ca: args.ca_cert.as_deref().map(|path| extra_ca(path, context)).transpose()?,
    })
}

/// The authorities in a file, and the file's name.
pub(super) fn extra_ca(path: &Utf8Path, context: &Context<'_>) -> Result<(String, ExtraCa), Error> {
    let pem = files::bytes(&context.dir.join(path), Kind::Certificates)
        .map_err(|source| Error::File { what: format!("cannot read `--ca-cert {path}`"), source })?;
    let authorities = ExtraCa::from_pem(&pem)
        .map_err(|why| Error::BadValue { what: format!("`--ca-cert {path}`"), why: why.to_string() })?;
    Ok((path.to_string(), authorities))
}

fn selectors(words: &[String], all: &[Loaded]) -> Result<Vec<Selector>, Error> {
    let checklists: Vec<_> = all.iter().map(|loaded| loaded.checklist.as_ref()).collect();
    let one = |word: &String| {
        Selector::find(word, &checklists).ok_or_else(|| {
            let checks = checklists.iter().flat_map(|checklist| &checklist.checks);
            let rows = Row::ALL.iter().map(|row| row.word());
            let near = nearest(word, rows.clone().chain(checks.map(|check| check.id.as_str())));
            let why = match near {
                Some(near) => format!("no row or check has that name; did you mean `{near}`?"),
                None => format!(
                    "no row or check has that name; the rows are {}",
                    rows.collect::<Vec<_>>().join(", ")
                ),
            };
            Error::BadValue { what: format!("`--only {word}`"), why }
        })
    };
    words.iter().map(one).collect()
}

/// Shows a person how far observing has got.
pub(super) struct Watched(pub(super) Progress);

impl observe::Progress for Watched {
    fn planned(&self, calls: usize) {
        self.0.planned(u64::try_from(calls).unwrap_or(u64::MAX));
    }

    fn made(&self, call: &Call) {
        self.0.step(&call.words());
    }
}
