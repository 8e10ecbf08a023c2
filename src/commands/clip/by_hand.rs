//! What `clip` prints where nothing is automated: the first move, what to look at, and how to record it.

use std::fmt::Write as _;

use super::{Args, Hints};
use crate::{
    commands::context::Context,
    error::Error,
    exit::Exit,
    load::{self, Loaded},
    model::route::Row,
};

/// The rows in which a person looks at the first clip.
const ROWS: [Row; 3] = [Row::OutputHandling, Row::FailurePolicy, Row::Cost];

pub(super) fn run(args: &Args, loaded: &Loaded, context: &mut Context<'_>) -> Result<Exit, Error> {
    let project = &loaded.project;
    let (guide, hints) = (load::guide()?, Hints::of(args));
    let mut rows = Vec::new();
    if let Some(route) = guide.route(project.route) {
        rows.push(["first move", route.first_move.as_str()]);
        rows.push(["stop rule", &route.stop_rule]);
    }
    let questions = loaded.checklist.checks.iter().filter(|check| ROWS.contains(&check.row));
    let questions = questions.filter(|check| check.decider.question().is_some());
    let asked: Vec<(String, String)> = questions
        .map(|check| (hints.typed(&format!("greenlight answer {}", check.id)), check.title.to_string()))
        .collect();
    let head = format!(
        "greenlight pays for nothing on route {} ({}): make the clip by hand.\n\n",
        project.route, project.provider
    );
    let mut text = head + &context.sheet().columns(&rows, 2);
    if !asked.is_empty() {
        text.push_str(
            "\nLook at these, and record what you saw with the clip or a screenshot as evidence:\n\n",
        );
        let lines: Vec<_> = asked.iter().map(|(command, title)| [command.as_str(), title]).collect();
        text.push_str(&context.sheet().columns(&lines, 2));
    }
    let folder = project.output.as_deref().map_or("a folder of the project", camino::Utf8Path::as_str);
    let _ = write!(
        text,
        "\nKeep the file in {folder}, then for example:\n\n  {}\n",
        hints.typed("greenlight answer CHECK --value VALUE --evidence FILE")
    );
    context.say(&text)?;
    Ok(Exit::Go)
}
