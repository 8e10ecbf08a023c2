//! `greenlight list`: the shipped checks by row and route, or the rehearsal scenarios.

use std::sync::Arc;

use clap::ValueEnum;
use serde::Serialize;

use super::context::Context;
use crate::{
    error::Error,
    exit::Exit,
    judge, load,
    model::{
        checklist::{Checklist, Decider, Severity},
        route::{Route, Row},
        source::Source,
        topic::Topic,
    },
    preflight::PreflightError,
    standin,
    ui::Sheet,
};

/// List the checks, or the rehearsal scenarios
///
/// Works offline and needs no project.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this route: api, app or wrapper
    #[arg(long, value_name = "ROUTE")]
    route: Option<Route>,

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
    let text = if args.scenarios { scenarios(args, &context.sheet())? } else { checks(args)? };
    context.say(&text)?;
    Ok(Exit::Go)
}

fn checks(args: &Args) -> Result<String, Error> {
    let checklists = load::shipped_routes(&judge::rules::known())?;
    let wanted =
        checklists.iter().filter(|checklist| args.route.is_none_or(|route| checklist.route == Some(route)));
    let mut entries: Vec<CheckRow> = wanted.flat_map(entries).collect();
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

fn entries(checklist: &Checklist) -> impl Iterator<Item = CheckRow> {
    // What it inherits is listed with the checklist that it inherits it from.
    checklist.own_checks().map(|check| CheckRow {
        id: check.id.to_string(),
        checklist: check.home.to_string(),
        route: checklist.route,
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
