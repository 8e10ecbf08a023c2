//! `greenlight compare`: routes side by side for the same shots.

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, Utc};
use clap::ValueEnum;

use super::{at_hand, check::moment, context::Context, diff};
use crate::{
    error::Error,
    exit::Exit,
    judge::{self, compare::Side},
    load::{self, Loaded},
    model::{compare::Asked, report::Report, route::RouteChoice},
    render::{self, compare::Rows},
};

/// Show routes side by side, and who qualifies for the same shots
///
/// Each column is a project, a receipt (FILE.json), or with --project a route by which the shots of that project are
/// judged: `api`, `app` or `wrapper:PROVIDER`. An answer counts only for the route it was recorded for. Mandatory
/// checks are met or not; nothing is weighed or added up. Makes no call, so only receipts show what a provider replied.
/// Decides nothing and exits with 0.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Projects or receipts; with --project also routes such as wrapper:fal
    #[arg(value_name = "COLUMN", required = true)]
    columns: Vec<String>,

    /// Judge the shots of this project by the named routes
    #[arg(long, value_name = "FILE")]
    project: Option<Utf8PathBuf>,

    /// Also show the rows on which the routes agree
    #[arg(long)]
    all: bool,

    /// Judge for this day or moment in UTC, such as 2026-08-10
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
    format: CompareFormat,
}

/// How a comparison is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum CompareFormat {
    /// For a reader.
    #[default]
    Table,
    /// For a page or a comment.
    Markdown,
    /// One self-contained page, with every row.
    Html,
    /// For a program.
    Json,
}

/// What a column is made from.
enum Source {
    /// A project, or one judged by another route.
    Hand {
        loaded: Box<Loaded>,
        report: Box<Report>,
        prices: Vec<(Option<String>, Asked)>,
        remarks: Vec<String>,
    },
    /// A report from a receipt file.
    Receipt { file: String, report: Box<Report>, edited: bool },
}

impl Source {
    fn report(&self) -> &Report {
        match self {
            Self::Hand { report, .. } | Self::Receipt { report, .. } => report,
        }
    }

    fn side(&self, named: bool) -> Side<'_> {
        let report = self.report();
        let project = &report.project;
        let route = format!("{} ({})", project.route, project.provider);
        let name = if named { format!("{}: {route}", project.name) } else { route };
        let (file, prices, mut remarks) = match self {
            Self::Hand { loaded, prices, remarks, .. } => {
                (loaded.file.to_string(), prices.clone(), remarks.clone())
            }
            Self::Receipt { file, edited, .. } => {
                let edited = edited
                    .then(|| "the receipt was edited: its digest does not match its content".to_owned());
                (file.clone(), Vec::new(), edited.into_iter().collect())
            }
        };
        let bars: Vec<_> = report.bars().iter().map(ToString::to_string).collect();
        if matches!(self, Self::Receipt { .. }) {
            remarks.push(format!("from a receipt of {}", report.at.format("%Y-%m-%d %H:%M UTC")));
            remarks.extend((!bars.is_empty()).then(|| format!("{}: it clears nothing", bars.join(", "))));
        }
        Side { name, file, report, prices, remarks }
    }
}

/// Compares and prints.
///
/// # Errors
/// [`Error`] when a project or a receipt can't be read, or a route doesn't exist.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let at = args.at.unwrap_or(context.started);
    if let [lone] = args.columns.as_slice() {
        return Err(bad(lone, "there is nothing to compare it with: name another"));
    }
    let mut sources = Vec::new();
    for column in &args.columns {
        sources.extend(source(column, (args, at), context)?);
    }
    let first = sources.first().map(|source| source.report().project.name.clone());
    let named = sources.iter().any(|source| Some(&source.report().project.name) != first.as_ref());
    let sides: Vec<_> = sources.iter().map(|source| source.side(named)).collect();
    let comparison = judge::compare::compare(&sides);
    // Someone who prints a page, or reads it later, can't ask for the rest.
    let rows = if args.all || !context.terminal.stdout { Rows::All } else { Rows::Differing };
    let text = match args.format {
        CompareFormat::Table => render::compare::table(&comparison, rows, &context.style()),
        CompareFormat::Markdown => render::compare::markdown(&comparison, rows),
        CompareFormat::Html => render::compare::html(&comparison).map_err(|error| Error::BadValue {
            what: "these routes for one page".to_owned(),
            why: error.to_string(),
        })?,
        CompareFormat::Json => render::compare::json(&comparison),
    };
    context.say(&text)?;
    Ok(Exit::Go)
}

fn source(
    column: &str,
    (args, at): (&Args, DateTime<Utc>),
    context: &Context<'_>,
) -> Result<Vec<Source>, Error> {
    let path = Utf8Path::new(column);
    if path.extension() == Some("json") {
        let file = diff::readable(path, context)?;
        let entries = file.entries.into_iter().filter_map(|entry| {
            let edited = !entry.is_intact();
            Some(Source::Receipt { file: column.to_owned(), report: Box::new(entry.report?), edited })
        });
        return Ok(entries.collect());
    }
    let rules = judge::rules::known();
    let (loaded, remarks) = match (&args.project, column.parse::<RouteChoice>()) {
        (Some(project), Ok(choice)) => {
            load::project_by(&context.dir, &context.project(Some(project))?, &choice, &rules)?
        }
        (Some(_), Err(why)) => return Err(bad(column, &why)),
        (None, Ok(_)) if !context.dir.join(path).exists() => {
            return Err(bad(column, "a route needs a project: pass `--project FILE` too"));
        }
        (None, _) => (load::project(&context.dir, &context.project(Some(path))?, &rules)?, Vec::new()),
    };
    let (observed, report) = at_hand::judged_without_keys(context, &loaded, at)?;
    let pages = loaded.owners.pages_of(&loaded.project.provider);
    let prices = judge::compare::asked(&observed.case(&loaded), &pages);
    // Texts from the project file are cut into lines here, too.
    let redactor = context.printer.redactor();
    let prices = prices.into_iter().map(|(shot, asked)| match asked {
        Asked::Unknown(why) => (shot.map(|shot| redactor.text(shot)), Asked::Unknown(redactor.text(why))),
        known @ Asked::Known(_) => (shot.map(|shot| redactor.text(shot)), known),
    });
    let prices = prices.collect();
    let remarks = remarks.into_iter().map(|remark| redactor.text(remark)).collect();
    Ok(vec![Source::Hand { loaded: Box::new(loaded), report: Box::new(report), prices, remarks }])
}

fn bad(column: &str, why: &str) -> Error {
    Error::BadValue { what: format!("`{column}` as a column"), why: why.to_owned() }
}
