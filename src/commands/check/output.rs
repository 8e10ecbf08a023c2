//! Where the reports of a run go besides standard output: files, and the step summary of a GitHub job.

use std::str::FromStr;

use camino::{Utf8Path, Utf8PathBuf};

use super::Args;
use crate::{
    commands::{context::Context, replaced},
    error::Error,
    files::{self, Place},
    load::Loaded,
    model::report::Batch,
    render::{self, Format, Style},
};

/// Names the file whose Markdown GitHub shows on the page of a job
/// (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>, as of 2026-11-23).
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Columns of a table in a file.
const WIDTH: u16 = 100;

/// A report to write to a file: `FORMAT=PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReportTo {
    format: Format,
    path: Utf8PathBuf,
}

impl FromStr for ReportTo {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) =
            text.split_once('=').ok_or("write a format and a file, such as `json=receipt.json`")?;
        let format = format.parse::<Format>().map_err(|error| error.to_string())?;
        if path.is_empty() || path == "-" {
            return Err(format!("name a file: `{format}=PATH`; for standard output, use `--format`"));
        }
        Ok(Self { format, path: path.into() })
    }
}

/// The outputs of a run, as they were typed, and the place each leads to.
fn outputs(args: &Args, context: &Context<'_>) -> Vec<(String, Place)> {
    let place = |path: &Utf8Path| Place::of(&context.dir.join(path));
    let reports = args
        .report
        .iter()
        .map(|report| (format!("`--report {}={}`", report.format, report.path), place(&report.path)));
    let record = args.record.iter().map(|path| (format!("`--record {path}`"), place(path)));
    let summary = step_summary_path(args, context);
    let summary = summary.map(|path| (format!("the step summary ({STEP_SUMMARY})"), place(&path)));
    record.chain(reports).chain(summary).collect()
}

/// The step summary that this run adds to, in a GitHub job.
fn step_summary_path(args: &Args, context: &Context<'_>) -> Option<Utf8PathBuf> {
    let path =
        (context.env)(STEP_SUMMARY).filter(|path| !path.is_empty() && args.format == Format::Github)?;
    Some(context.dir.join(path))
}

/// Refuses two outputs that lead to the same file, under any names: the second would replace the first.
///
/// # Errors
/// [`Error::BadValue`] with the file.
pub(super) fn distinct(args: &Args, context: &Context<'_>) -> Result<(), Error> {
    let outputs = outputs(args, context);
    if let Some((what, _)) = outputs.iter().find(|(_, place)| place.is_gits()) {
        let why = "it is inside `.git`; name another file".to_owned();
        return Err(Error::BadValue { what: what.clone(), why });
    }
    let reports = args.report.iter().map(|report| &report.path);
    for path in reports.chain(&args.record) {
        files::project_output(&context.dir, path)
            .map_err(|source| Error::File { what: format!("cannot write to `{path}`"), source })?;
    }
    if let Some((what, _)) = outputs.iter().find(|(_, place)| place.is_ours()) {
        let why = "it is inside `.greenlight`, which holds the ledger; name another file".to_owned();
        return Err(Error::BadValue { what: what.clone(), why });
    }
    let mut pairs = outputs.iter().enumerate();
    let twice = pairs.find(|(at, (_, place))| outputs.iter().take(*at).any(|(_, earlier)| earlier.is(place)));
    twice.map_or(Ok(()), |(_, (what, _))| {
        Err(Error::BadValue { what: what.clone(), why: "another output goes to the same file".to_owned() })
    })
}

/// Refuses an output that would replace a file the run reads, under any name.
///
/// # Errors
/// [`Error::BadValue`] with both.
pub(super) fn replace_no_input(args: &Args, all: &[Loaded], context: &Context<'_>) -> Result<(), Error> {
    let outputs = outputs(args, context);
    if outputs.is_empty() {
        return Ok(());
    }
    let typed = [("transcript", &args.replay), ("file of certificates", &args.ca_cert)];
    let typed = typed.into_iter().filter_map(|(what, path)| Some((what, path.clone()?)));
    let typed = typed.map(|(what, path)| (format!("the {what} `{path}`"), path));
    let loaded = all.iter().flat_map(replaced::files_of);
    replaced::refuse(&outputs, loaded.chain(typed), context)?;
    // The project, answers or checklist of another project.
    for path in args.report.iter().map(|report| &report.path).chain(&args.record) {
        files::output(&context.dir, path)
            .map_err(|source| Error::File { what: format!("cannot write to `{path}`"), source })?;
    }
    Ok(())
}

/// Writes every report, even when one of them can't be written.
///
/// # Errors
/// The first failure.
pub(super) fn write(reports: &[ReportTo], batch: &Batch, context: &Context<'_>) -> Result<(), Error> {
    let style = Style::new(WIDTH, false);
    let one = |report: &ReportTo| {
        let text = context.printer.covered(&render::render(batch, report.format, &style));
        files::write_whole(&context.dir.join(&report.path), &text, true).map_err(|source| Error::File {
            what: format!("cannot write the {} report to `{}`", report.format, report.path),
            source,
        })
    };
    reports.iter().map(one).fold(Ok(()), Result::and)
}

/// Appends the reports to the step summary of a GitHub job, if there is one. The summary decides nothing, so a failure
/// to write it is only noted.
pub(super) fn step_summary(args: &Args, batch: &Batch, context: &mut Context<'_>) {
    let Some(path) = step_summary_path(args, context) else { return };
    let taken = path.metadata().map_or(0, |file| usize::try_from(file.len()).unwrap_or(usize::MAX));
    let text = render::markdown::within(batch, render::markdown::SUMMARY_LIMIT.saturating_sub(taken));
    let text = context.printer.covered(&text);
    if let Err(source) = files::append(&path, &text) {
        context.note(&format!("note: the step summary was not written: {source}\n"));
    }
}
