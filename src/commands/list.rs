//! `greenlight list`: the shipped checks by row and route, or the rehearsal scenarios.

use std::sync::Arc;

use camino::Utf8PathBuf;
use clap::ValueEnum;
use serde::Serialize;

use super::context::Context;
use crate::{
    error::Error,
    exit::Exit,
    judge,
    load::{self, Loaded},
    model::{
        checklist::{Check, Decider, Severity},
        route::{Route, Row},
        source::Source,
        text::{printable, shell_word},
        topic::Topic,
    },
    preflight::PreflightError,
    standin,
    ui::Sheet,
};

/// List the checks, or the rehearsal scenarios
///
/// Works offline and needs no project. In a project's folder, or with `--project`, its own checks are listed beside the
/// shipped ones.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this route: api, app or wrapper
    #[arg(long, value_name = "ROUTE")]
    route: Option<Route>,

    /// Also this project's checks [default: greenlight.toml here or above]
    #[arg(long, value_name = "FILE", conflicts_with = "scenarios")]
    project: Option<Utf8PathBuf>,

    /// The scenarios of `check --rehearse` instead
    #[arg(long, conflicts_with = "route")]
    scenarios: bool,

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

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ListFormat {
    /// For a reader.
    #[default]
    Table,
    /// For a program.
    Json,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct CheckRow {
    id: String,
    checklist: String,
    route: Option<Route>,
    row: Row,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<Topic>,
    title: Arc<str>,
    severity: Severity,
    decided_by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<Utf8PathBuf>,
    source: Source,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ScenarioRow {
    provider: &'static str,
    id: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

/// Prints the list.
///
/// # Errors
/// [`Error`] when a shipped file is wrong.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let text = if args.scenarios { scenarios(args, &context.sheet())? } else { checks(args, context)? };
    context.say(&text)?;
    Ok(Exit::Go)
}

fn checks(args: &Args, context: &mut Context<'_>) -> Result<String, Error> {
    let checklists = load::shipped_routes(&judge::rules::known())?;
    let wanted =
        checklists.iter().filter(|checklist| args.route.is_none_or(|route| checklist.route == Some(route)));
    let mut entries: Vec<CheckRow> =
        wanted.flat_map(|checklist| rows(checklist.own_checks(), checklist.route)).collect();
    if let Some(loaded) = own(args, context)? {
        let route = loaded.project.route;
        let checks = loaded.checklist.checks.iter().filter(|check| check.file.is_some());
        if args.route.is_none_or(|wanted| wanted == route) {
            entries.extend(rows(checks, Some(route)));
        }
    }
    entries.sort_by_key(|entry| (entry.route, entry.row));
    if args.format == ListFormat::Json {
        return Ok(json(&entries));
    }
    let widest = entries.iter().map(|entry| entry.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut last = None;
    for entry in &entries {
        if last != Some((entry.route, entry.row)) {
            let route = entry.route.map_or("every route", Route::word);
            let gap = if last.is_none() { "" } else { "\n" };
            text.extend([format!("{gap}{route} · {}\n", entry.row.heading())]);
            last = Some((entry.route, entry.row));
        }
        text.extend([format!(
            "  {:<widest$}  {:<5}  {:<8}  {}\n",
            entry.id,
            entry.severity.word(),
            entry.decided_by,
            entry.title
        )]);
    }
    text.extend([format!("\n{} checks. `greenlight explain CHECK` tells more.\n", entries.len())]);
    Ok(text)
}

/// The project whose own checks are listed too. If no project was named, a failure to load one does not stop the list.
fn own(args: &Args, context: &mut Context<'_>) -> Result<Option<Loaded>, Error> {
    let named = args.project.as_deref();
    let path = match context.project(named) {
        Err(_) if named.is_none() => return Ok(None),
        found => found?,
    };
    match load::project(&context.dir, &path, &judge::rules::known()) {
        Ok(loaded) => Ok(Some(loaded)),
        Err(error) if named.is_some() => Err(error.into()),
        Err(_) => {
            let (named, word) = (printable(path.as_str()), shell_word(path.as_str()));
            context.note(&format!(
                "note: `{named}` has mistakes, so its own checks are not listed: `greenlight lint {}`\n",
                printable(&word)
            ));
            Ok(None)
        }
    }
}

/// The checks to list. An inherited check is listed with the checklist that it comes from.
fn rows<'a>(checks: impl Iterator<Item = &'a Check>, route: Option<Route>) -> impl Iterator<Item = CheckRow> {
    checks.map(move |check| CheckRow {
        id: check.id.to_string(),
        checklist: check.home.to_string(),
        route,
        row: check.row,
        topic: check.topic.clone(),
        title: check.title.clone(),
        severity: check.severity,
        decided_by: match &check.decider {
            Decider::Probe { .. } => "probe",
            Decider::Rule { question: Some(_), .. } => "rule+ask",
            Decider::Rule { .. } => "rule",
            Decider::Question(_) => "question",
        },
        file: check.file.clone(),
        source: check.source.clone(),
    })
}

fn scenarios(args: &Args, sheet: &Sheet<'_>) -> Result<String, Error> {
    let mut entries = Vec::new();
    for provider in standin::providers() {
        let all = standin::scenarios(provider).map_err(|error| PreflightError::StandIn(error.into()))?;
        entries.extend(all.into_iter().map(|scenario| ScenarioRow {
            provider,
            id: scenario.id,
            title: scenario.title,
            fault: scenario.fault.map(|id| id.to_string()),
        }));
    }
    if args.format == ListFormat::Json {
        return Ok(json(&entries));
    }
    let mut text = "Scenarios of `greenlight check --rehearse SCENARIO`, by provider:\n".to_owned();
    for of_one in entries.chunk_by(|one, next| one.provider == next.provider) {
        let rows: Vec<_> = of_one.iter().map(|entry| [entry.id.as_str(), &entry.title]).collect();
        let provider = of_one.first().map_or("", |entry| entry.provider);
        text.extend(["\n", provider, "\n", &sheet.columns(&rows, 2)]);
    }
    Ok(text)
}

fn json(entries: &[impl Serialize]) -> String {
    // A list of plain structs always serialises.
    serde_json::to_string_pretty(entries).unwrap_or_default() + "\n"
}
