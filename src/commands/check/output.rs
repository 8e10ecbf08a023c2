//! Where the reports of a run go besides standard output: files, and the step summary of a GitHub job.

use std::{io::Write as _, str::FromStr};

use camino::{Utf8Path, Utf8PathBuf};

use crate::{
    commands::context::Context,
    error::Error,
    load,
    model::report::Batch,
    render::{self, Format, Style},
};

/// Names the file whose Markdown GitHub shows on the page of a job
/// (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>, as of 2026-11-23).
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Columns of a table in a file.
const WIDTH: u16 = 100;

/// A report into a file: `FORMAT=PATH`.
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
            return Err(format!("name a file: `{format}=PATH`; standard output takes `--format`"));
        }
        Ok(Self { format, path: path.into() })
    }
}

/// Refuses two reports for one file, or a report and the transcript: the second would replace the first.
///
/// # Errors
/// [`Error::BadValue`] with the file.
pub(super) fn distinct(reports: &[ReportTo], transcript: Option<&Utf8Path>) -> Result<(), Error> {
    let twice = reports
        .iter()
        .enumerate()
        .find(|(at, report)| reports.iter().take(*at).any(|earlier| earlier.path == report.path))
        .or_else(|| reports.iter().enumerate().find(|(_, report)| Some(report.path.as_path()) == transcript));
    twice.map_or(Ok(()), |(_, report)| {
        let what = format!("`--report {}={}`", report.format, report.path);
        Err(Error::BadValue { what, why: "something else goes to the same file".to_owned() })
    })
}

/// Writes every report, also when one of them cannot be written.
///
/// # Errors
/// The first failure.
pub(super) fn write(reports: &[ReportTo], batch: &Batch, context: &Context<'_>) -> Result<(), Error> {
    let style = Style { width: WIDTH, colour: false };
    let one = |report: &ReportTo| {
        let text = context.printer.covered(&render::render(batch, report.format, &style));
        load::write_whole(&context.dir.join(&report.path), &text, true).map_err(|source| Error::File {
            what: format!("cannot write the {} report to `{}`", report.format, report.path),
            source,
        })
    };
    reports.iter().map(one).fold(Ok(()), Result::and)
}

/// Appends the reports to the step summary of a GitHub job, when there is one. What is shown beside the result
/// decides nothing, so that it cannot be written is told and no more.
pub(super) fn step_summary(batch: &Batch, context: &mut Context<'_>) {
    let Some(path) = (context.env)(STEP_SUMMARY).filter(|path| !path.is_empty()) else { return };
    let path = context.dir.join(path);
    let taken = fs_err::metadata(&path).map_or(0, |file| usize::try_from(file.len()).unwrap_or(usize::MAX));
    let text = render::markdown::within(batch, render::markdown::SUMMARY_LIMIT.saturating_sub(taken));
    let text = context.printer.covered(&text);
    let append =
        || fs_err::OpenOptions::new().create(true).append(true).open(&path)?.write_all(text.as_bytes());
    if let Err(source) = append() {
        context.note(&format!("note: the step summary is not written: {source}\n"));
    }
}
