//! `greenlight verify`: whether a receipt may be relied on, without a key and without a call.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, TimeDelta, Utc};

use super::{
    check::{self, duration, moment},
    context::Context,
    list::ListFormat,
    survey,
};
use crate::{
    error::Error,
    exit::Exit,
    judge,
    load::{self, Loaded},
    model::{
        decision::Decision,
        receipt::{Entry, ReceiptFile},
        report::{InputDigest, InputRole, Report},
        verification::{Verification, Verified},
    },
    render,
};

/// Gate a deploy with a receipt: no key, no call
///
/// Reads what `greenlight check --format json` wrote and looks at every claim: that the receipt is intact, fits
/// itself, was written by a known version, is neither a rehearsal nor a replay nor a part, is fresh, was made
/// from the very files at hand, rests on nothing that has lapsed since, and says GO. Exits with 0 when all of
/// that holds, with 1 when the receipt can be relied on and says NO-GO, and with 3 in every other case: what
/// cannot be relied on leaves everything unknown. The digest in a receipt shows edits by hand; it is no
/// signature.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The receipt: what `greenlight check --format json` wrote
    #[arg(value_name = "RECEIPT")]
    receipt: Utf8PathBuf,

    /// How old the run may be
    ///
    /// The time of the run itself counts, so a receipt judged with `check --at` clears nothing. Clocks may
    /// be five minutes apart.
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = duration)]
    max_age: Duration,

    /// Project or pattern [default: greenlight.toml here or above]
    ///
    /// A receipt of several projects is verified for all of them, each with the project file it names, seen
    /// from the working folder; with `--project`, which may then be repeated, for those projects alone. Each
    /// of them must be in the receipt.
    #[arg(long, value_name = "FILE")]
    project: Vec<String>,

    /// Verify as of this day or moment (UTC)
    #[arg(long, value_name = "DATE", value_parser = moment)]
    at: Option<DateTime<Utc>>,

    /// What to print
    #[arg(
        long,
        short,
        env = "GREENLIGHT_FORMAT",
        hide_env = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    format: ListFormat,
}

/// Verifies the receipt and prints what was found.
///
/// # Errors
/// [`Error`] when there is no receipt, or when a project at hand cannot be loaded.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let file = load::receipt(&args.receipt)?;
    let files = projects(args, context, &file)?;
    let rules = judge::rules::known();
    let now = args.at.unwrap_or(context.started);
    let again = again(args, &files);
    let mut reports = Vec::with_capacity(files.len());
    for (at, path) in files.iter().enumerate() {
        let loaded = load::project(path, &rules)?;
        let entry = match (&file.several, args.project.is_empty()) {
            (Some(_), false) => of_project(&file, &loaded),
            _ => file.entries.get(at),
        };
        reports.push(entry.map_or_else(
            || judge::verification::absent(path.as_str(), &again),
            |entry| verified(args, (&file, entry), &loaded, now, &again),
        ));
    }
    let verification = Verification::of(args.receipt.to_string(), now, reports);
    let text = match args.format {
        ListFormat::Table => render::verification::table(&verification, &context.style()),
        ListFormat::Json => render::verification::json(&verification),
    };
    context.say(&text)?;
    Ok(verification.decision.into())
}

/// The project files at hand, one for each report that is looked at.
fn projects(args: &Args, context: &Context<'_>, file: &ReceiptFile) -> Result<Vec<Utf8PathBuf>, Error> {
    let wrong = |why: &str| Error::BadValue { what: format!("`{}`", args.receipt), why: why.to_owned() };
    let named = check::named::files(&args.project, context)?;
    match (&file.several, named.as_slice()) {
        (None, []) => Ok(vec![context.project(None)?]),
        (None, [_, _, ..]) => Err(wrong("it is the receipt of one project, so name one `--project`")),
        (_, [_, ..]) => Ok(named),
        (Some(_), []) => {
            let own = |entry: &Entry| {
                let path = entry.report.as_ref().map(Report::file).filter(|path| !path.is_empty());
                path.map(Utf8PathBuf::from).ok_or_else(|| {
                    wrong("a report in it names no project file; name the projects with `--project`")
                })
            };
            file.entries.iter().map(own).collect()
        }
    }
}

/// The report of this very project file, or else the one of a project that is called the same.
fn of_project<'a>(file: &'a ReceiptFile, loaded: &Loaded) -> Option<&'a Entry> {
    let digest = |inputs: &[InputDigest]| {
        inputs.iter().find(|input| input.role == InputRole::Project).map(|input| input.sha256.clone())
    };
    let project = &loaded.project;
    let with = |fits: &dyn Fn(&Report) -> bool| {
        file.entries.iter().find(|entry| entry.report.as_ref().is_some_and(fits))
    };
    with(&|report| digest(&report.inputs) == digest(&loaded.inputs)).or_else(|| {
        with(&|report| {
            let theirs = &report.project;
            (&theirs.name, theirs.route, &theirs.provider)
                == (&project.name, project.route, &project.provider)
        })
    })
}

fn verified(
    args: &Args,
    (file, entry): (&ReceiptFile, &Entry),
    loaded: &Loaded,
    now: DateTime<Utc>,
    again: &str,
) -> Verified {
    let worst = || file.entries.iter().flat_map(|entry| &entry.report).map(Report::found).max();
    judge::verification::verify(&judge::verification::Case {
        entry,
        whole: file.several.map(|said| (said, worst().unwrap_or(Decision::Hold))),
        file: loaded.file.as_str(),
        inputs: &loaded.inputs,
        checks: &loaded.checklist.checks,
        now,
        max_age: TimeDelta::from_std(args.max_age).unwrap_or(TimeDelta::MAX),
        tool: &survey::tool(),
        again,
    })
}

/// The command that makes the receipt anew.
fn again(args: &Args, files: &[Utf8PathBuf]) -> String {
    let named: Vec<&str> = match files {
        [only] if only == load::PROJECT_FILE => Vec::new(),
        all => all.iter().map(Utf8PathBuf::as_path).map(Utf8Path::as_str).collect(),
    };
    let words = std::iter::once("greenlight check").chain(named);
    format!("{} --report json={}", words.collect::<Vec<_>>().join(" "), args.receipt)
}
