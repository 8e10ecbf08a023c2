//! `greenlight verify`: whether a receipt may be relied on, without a key and without a call.

use std::time::Duration;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use chrono::TimeDelta;

use super::{
    check::{self, duration},
    context::Context,
    hand::{Found, Hand},
    list::ListFormat,
};
use crate::{
    error::Error,
    exit::Exit,
    judge::{self, verification},
    load::{self, Projects},
    model::{
        decision::FailOn,
        receipt::{ReceiptEntry, ReceiptFile},
        report::Report,
        text::{printable, shell_word},
        verification::{About, Verification, Verified},
    },
    render,
    secrets::Clean,
};

/// The oldest that a receipt may be allowed to be, in days.
const OLDEST_DAYS: u64 = 30;

/// Gate a deploy with a receipt: no key, no call
///
/// Reads what `greenlight check --format json` wrote and checks every claim: that the receipt is intact and consistent,
/// was written by a known version, is not a rehearsal, a replay or a partial run, is fresh, and was made from the very
/// files at hand, media and evidence included. Then it judges these files again, for the time of the run and for now:
/// everything except what the provider replied must come out the same, and what rests on replies must have its calls in
/// the log. Exits with 0 when all of that holds and the receipt says GO, with 1 when the receipt can be relied on and
/// says NO-GO, and with 3 in every other case: a receipt that can't be relied on leaves everything unknown.
///
/// No file can prove that the replies were real: the digest shows edits by hand but is not a signature. Fetch the
/// receipt from a place that only your own job can write to, or sign it (`check --format in-toto`).
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The receipt: what `greenlight check --format json` wrote
    #[arg(value_name = "RECEIPT")]
    receipt: Utf8PathBuf,

    /// How old the run may be, at most 30 days
    ///
    /// The time of the run itself counts, so a receipt judged with `check --at` clears nothing. Clocks may
    /// be five minutes apart.
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = age)]
    max_age: Duration,

    /// Project or pattern [default: greenlight.toml here or above]
    ///
    /// A receipt of several projects is verified for all of them, each with the project file it names, which must lie
    /// in the working folder or below; the project of this folder, which `check` would find, must be among them. With
    /// `--project`, which may then be repeated, it is verified only for those projects, and each must be in the
    /// receipt.
    #[arg(long, value_name = "FILE")]
    project: Vec<String>,

    /// What closes the gate: a failure, or a warning too
    ///
    /// With `warn`, a receipt that lets warnings through clears nothing. The strictest of this flag, its variable and
    /// the run counts: `--fail-on fail` loosens nothing.
    #[arg(long, env = "GREENLIGHT_FAIL_ON", hide_env = true, value_name = "VERDICT", value_parser = check::fail_on())]
    fail_on: Option<FailOn>,

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

fn age(text: &str) -> Result<Duration, String> {
    let age = duration(text)?;
    if age > Duration::from_secs(OLDEST_DAYS * 24 * 60 * 60) {
        return Err(format!("a receipt is valid for at most {OLDEST_DAYS} days"));
    }
    Ok(age)
}

/// Verifies the receipt and prints what was found.
///
/// # Errors
/// [`Error`] when there is no receipt, or when a project at hand is invalid and was invalid when it was checked.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let file = load::receipt(&context.dir, &args.receipt)?;
    let wanted = wanted(args, context, &file)?;
    let paths: Vec<&Utf8Path> = wanted.iter().map(Wanted::path).collect();
    let again = again(args, &paths);
    let mut reports = Vec::with_capacity(wanted.len());
    let rules = judge::rules::known();
    let projects = Projects::new(&rules);
    for one in &wanted {
        reports.push(match one {
            Wanted::Outside(path) => outside(path),
            Wanted::Unnamed(path) => unnamed(path),
            Wanted::Here(path, entry) => {
                verified((args, &projects), context, (&file, *entry), (path, &again))?
            }
        });
    }
    let verification = Verification::of(args.receipt.to_string(), context.started, reports);
    // A receipt comes from elsewhere, and is cut into lines here.
    let verification =
        context.printer.redactor().covered(&verification, &mut Clean::default()).unwrap_or(verification);
    let text = match args.format {
        ListFormat::Table => render::verification::table(&verification, &context.style()),
        ListFormat::Json => render::verification::json(&verification),
    };
    context.say(&text)?;
    Ok(verification.decision.into())
}

/// A project that the receipt must clear.
enum Wanted {
    /// The receipt names it, but it is outside this folder.
    Outside(Utf8PathBuf),
    /// It is in this folder or above, and the receipt does not name it.
    Unnamed(Utf8PathBuf),
    /// It is at hand, if it exists at all; with the position of its report, if that is known.
    Here(Utf8PathBuf, Option<usize>),
}

impl Wanted {
    fn path(&self) -> &Utf8Path {
        match self {
            Self::Outside(path) | Self::Unnamed(path) | Self::Here(path, _) => path,
        }
    }
}

/// The projects that the receipt must clear.
fn wanted(args: &Args, context: &Context<'_>, file: &ReceiptFile) -> Result<Vec<Wanted>, Error> {
    let wrong = |why: &str| Error::BadValue { what: format!("`{}`", args.receipt), why: why.to_owned() };
    let named = check::named::files(&args.project, context)?;
    match (&file.outer, named.as_slice()) {
        (None, []) => Ok(vec![Wanted::Here(context.project(None)?, Some(0))]),
        (None, [_, _, ..]) => Err(wrong("it is the receipt of one project, so name one `--project`")),
        (None, [only]) => Ok(vec![Wanted::Here(only.clone(), Some(0))]),
        (Some(_), [_, ..]) => Ok(named.into_iter().map(|path| Wanted::Here(path, None)).collect()),
        (Some(_), []) => {
            let mut all = Vec::new();
            for (at, entry) in file.entries.iter().enumerate() {
                let path = entry.report.as_ref().map(Report::file).filter(|path| !path.is_empty());
                let path = path.map(Utf8Path::new).ok_or_else(|| {
                    wrong("a report in it names no project file; name the projects with `--project`")
                })?;
                // Mistakes in a project are shown with their lines, and a receipt could name any file.
                if path.extension() != Some("toml") {
                    return Err(wrong(
                        "a project file that it names does not end in `.toml`; pass `--project`",
                    ));
                }
                all.push(if is_below(path) {
                    Wanted::Here(path.to_owned(), Some(at))
                } else {
                    Wanted::Outside(path.to_owned())
                });
            }
            // A receipt of other projects must not be taken for one of this folder's project.
            let here = match context.project(None) {
                Ok(found) => Some(found),
                Err(Error::NoProject { .. }) => None,
                Err(other) => return Err(other),
            };
            let is_named = |here: &Utf8PathBuf| {
                all.iter().any(|one| check::named::same(&one.path().to_owned(), here, context))
            };
            all.extend(here.filter(|here| !is_named(here)).map(Wanted::Unnamed));
            Ok(all)
        }
    }
}

/// Whether a path leads to a place in the working folder.
fn is_below(path: &Utf8Path) -> bool {
    path.components().all(|part| matches!(part, Utf8Component::Normal(_) | Utf8Component::CurDir))
}

fn outside(path: &Utf8Path) -> Verified {
    let seen = "the receipt names it outside of this folder, so it is not known to be at hand";
    let fix = format!("if you mean it, pass `--project {path}`");
    verification::refused(path.as_str(), About::Present, seen, &fix)
}

fn unnamed(path: &Utf8Path) -> Verified {
    let seen = "this is the project of this folder, and the receipt does not cover it";
    let fix = "name the ones you mean with `--project FILE`";
    verification::refused(path.as_str(), About::Present, seen, fix)
}

/// The result for one project; if several reports may be about it, the worst counts.
fn verified(
    (args, projects): (&Args, &Projects<'_>),
    context: &Context<'_>,
    (file, place): (&ReceiptFile, Option<usize>),
    (path, again): (&Utf8Path, &str),
) -> Result<Verified, Error> {
    let typed = !args.project.is_empty();
    let known = place.and_then(|place| file.entries.get(place)).and_then(|entry| entry.report.as_ref());
    let hand = match Hand::load(context, (projects, path), known)? {
        Found::Hand(hand) => hand,
        Found::Gone(error) if typed && !context.dir.join(path).exists() => return Err(error.into()),
        Found::Gone(error) => {
            let seen = super::hand::told(&error);
            return Ok(verification::refused(path.as_str(), About::SameFiles, &seen, again));
        }
        Found::Wrong { seen, fix } => {
            return Ok(verification::refused(path.as_str(), About::SameFiles, &seen, &fix));
        }
    };
    let case = hand.case();
    let entries = match place.and_then(|place| file.entries.get(place)) {
        Some(entry) => vec![entry],
        None => reports_of(file, &case),
    };
    let verify = |entry: &ReceiptEntry| {
        verification::verify(&verification::Case {
            entry,
            all: &file.entries,
            outer: file.outer.as_ref(),
            hand: &case,
            max_age: TimeDelta::from_std(args.max_age).unwrap_or(TimeDelta::MAX),
            again,
            fail_on: check::strictest([args.fail_on], context),
        })
    };
    let worst = entries.into_iter().map(verify).max_by_key(|found| found.decision);
    let absent = "the receipt contains no report on this project";
    Ok(worst.unwrap_or_else(|| verification::refused(path.as_str(), About::Present, absent, again)))
}

/// The reports about these very files: those that also name this project file, or else all of them. If there is none,
/// those about a project file of this name, or else about a project of the same name, to show what differs.
fn reports_of<'a>(file: &'a ReceiptFile, case: &judge::Case<'_>) -> Vec<&'a ReceiptEntry> {
    let at_hand = judge::inputs::all(case);
    let summary = judge::summary(case.project);
    let reports = || file.entries.iter().filter_map(|entry| Some((entry, entry.report.as_ref()?)));
    let those = |fits: &dyn Fn(&Report) -> bool| -> Vec<&'a ReceiptEntry> {
        reports().filter(|(_, report)| fits(report)).map(|(entry, _)| entry).collect()
    };
    let is_named = |report: &Report| Utf8Path::new(report.file()) == case.file;
    let same_files = |report: &Report| judge::changes::inputs(&report.inputs, &at_hand).is_empty();
    let called_the_same = |report: &Report| {
        let theirs = &report.project;
        (&theirs.name, theirs.route, &theirs.provider) == (&summary.name, summary.route, &summary.provider)
    };
    let mut found = those(&|report| same_files(report) && is_named(report));
    for fits in [&same_files as &dyn Fn(&Report) -> bool, &is_named, &called_the_same] {
        if found.is_empty() {
            found = those(fits);
        }
    }
    found
}

/// The command that makes the receipt again.
fn again(args: &Args, files: &[&Utf8Path]) -> String {
    let named: Vec<String> = match files {
        [only] if *only == load::PROJECT_FILE => Vec::new(),
        all => all.iter().map(|path| shell_word(path.as_str())).collect(),
    };
    let report = format!("json={}", shell_word(args.receipt.as_str()));
    let words =
        ["greenlight check".to_owned()].into_iter().chain(named).chain(["--report".to_owned(), report]);
    printable(&words.collect::<Vec<_>>().join(" ")).into_owned()
}
