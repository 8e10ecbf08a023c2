//! The tester's controls of the stand-in, below a path that no provider has.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::{
    asked::Asked,
    call::PLAY,
    jobs::{play::PlayInfo, script::JobScript, written::Span},
    journal::Entry,
    reply::Reply,
    stage::Stage,
};

/// Everything below this path belongs to the stand-in itself.
const OWN: &str = "/__greenlight/";

/// What the clock is set to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Setting {
    /// How far to move it forward.
    advance: Option<Span>,
    /// The time to set it to.
    now: Option<DateTime<Utc>>,
}

/// The answer to a request of the tester; none for one of a client.
pub(super) fn answer(asked: Asked<'_>, body: &[u8], stage: &Stage) -> Option<Reply> {
    let what = asked.path.strip_prefix(OWN)?;
    Some(match (asked.method, what) {
        ("GET", "journal") => journal(asked, stage),
        ("GET", "costs") => Reply::json(200, &json!(stage.costs())),
        ("GET", "plays") => plays(stage.jobs().map(super::jobs::Jobs::script)),
        ("GET", "clock") => Reply::json(200, &json!({ "now": stage.clock().now() })),
        ("POST", "clock") => set(body, stage),
        ("POST", "reset") => {
            stage.reset();
            Reply { status: 204, ..Reply::default() }
        }
        _ => wrong(404, "there are GET journal, GET costs, GET plays, GET clock, POST clock and POST reset"),
    })
}

fn wrong(status: u16, why: &str) -> Reply {
    Reply::json(status, &json!({ "error": why }))
}

fn journal(asked: Asked<'_>, stage: &Stage) -> Reply {
    let since = asked.asked_for("since").and_then(|number| number.parse().ok()).unwrap_or(0);
    let job = asked.asked_for("job");
    let wanted = |entry: &Entry| {
        entry.number > since && job.as_ref().is_none_or(|job| entry.job.as_ref() == Some(job))
    };
    let entries: Vec<_> = stage.journal().into_iter().filter(wanted).collect();
    Reply::json(200, &json!({ "entries": entries, "costs": stage.costs() }))
}

fn plays(script: Option<&JobScript>) -> Reply {
    let all = script.into_iter().flat_map(|script| script.play.clone());
    let all: Vec<_> = all.map(PlayInfo::from).collect();
    Reply::json(200, &json!({ "header": PLAY, "plays": all }))
}

fn set(body: &[u8], stage: &Stage) -> Reply {
    match serde_json::from_slice(body) {
        Ok(Setting { advance: Some(by), now: None }) => stage.clock().advance(by.0),
        Ok(Setting { advance: None, now: Some(now) }) => stage.clock().set(now),
        Ok(_) => {
            return wrong(400, "say `advance`, such as \"90m\", or `now`, such as \"2026-11-22T10:00:00Z\"");
        }
        Err(error) => return wrong(400, &error.to_string()),
    }
    Reply::json(200, &json!({ "now": stage.clock().now() }))
}
