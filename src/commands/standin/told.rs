//! What is printed about a stand-in: where it listens, what happens, and what it would have cost.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    model::{money::Usd, text::printable},
    preflight::HEALTHY,
    standin::{Entry, PlayInfo, Running},
};

/// Ticks in a micro-dollar.
const TICKS: i64 = 10_000;

/// Where it listens and what a client needs, for people.
pub(super) fn ready(provider: &str, scenario: Option<&str>, running: &Running) -> String {
    let mut text = format!("stand-in for {provider}, {}\n\n", scenario.unwrap_or(HEALTHY));
    let width = running.origins.keys().map(String::len).max().unwrap_or_default();
    for (host, origin) in &running.origins {
        let _ = writeln!(text, "  {host:<width$}  {}", origin.as_str().trim_end_matches('/'));
    }
    let _ = match running.base_url() {
        Some(base) => writeln!(text, "\n  base URL  {base}"),
        None => writeln!(text),
    };
    for key in &running.keys {
        let _ = writeln!(text, "  {}={}", key.env, key.value);
    }
    text + "\nNothing is made, nothing is paid, and nothing leaves this machine. Ctrl-C ends it.\n"
}

/// The same on one line, for programs.
pub(super) fn ready_json(provider: &str, scenario: Option<&str>, running: &Running) -> String {
    let keys: serde_json::Map<String, Value> =
        running.keys.iter().map(|key| (key.env.clone(), key.value.clone().into())).collect();
    let ready = json!({
        "provider": provider, "scenario": scenario.unwrap_or(HEALTHY),
        "base_url": running.base_url(), "hosts": running.origins, "keys": keys,
    });
    format!("{ready}\n")
}

/// One request, on one line.
pub(super) fn line(entry: &Entry) -> String {
    // The whole id would be redacted, because it looks like a key.
    let path = match &entry.job {
        Some(job) => entry.path.replace(job.as_str(), &format!("{}…", job.get(..8).unwrap_or(job))),
        None => entry.path.clone(),
    };
    let mut line = format!("{:>4}  {:<4} {}{}  ", entry.number, entry.method, entry.host, printable(&path));
    let _ = match (entry.status, entry.cut) {
        (Some(status), None) => write!(line, "{status}"),
        (Some(status), Some(cut)) => write!(line, "{status}, cut {cut}"),
        (None, _) => write!(line, "cut before the answer"),
    };
    if let Some(state) = &entry.state {
        let _ = write!(line, "  {state}");
    }
    if let Some(ticks) = entry.cost_in_usd_ticks {
        let _ = write!(line, "  {}", usd(ticks));
    }
    line.push('\n');
    for note in &entry.notes {
        let _ = writeln!(line, "      {}", printable(&note.says));
    }
    line
}

/// What a run would have cost, for people.
pub(super) fn summary(running: &Running) -> String {
    let (costs, requests) = (running.costs(), running.journal().len());
    let count =
        |number: usize, one: &str, more: &str| format!("{number} {}", if number == 1 { one } else { more });
    format!(
        "\n{}, {}, {} of them billed: this would have cost {}\n",
        count(requests, "request", "requests"),
        count(costs.jobs, "job", "jobs"),
        costs.billed,
        usd(costs.cost_in_usd_ticks),
    )
}

/// The same on one line, for programs.
pub(super) fn summary_json(running: &Running) -> String {
    format!("{}\n", json!({ "requests": running.journal().len(), "costs": running.costs() }))
}

/// What can be played.
pub(super) fn plays(provider: &str, plays: &[PlayInfo], as_json: bool) -> String {
    if as_json {
        return format!("{:#}\n", json!(plays));
    }
    if plays.is_empty() {
        return format!("the stand-in for `{provider}` has no jobs, so there is nothing to play\n");
    }
    let width = plays.iter().map(|play| play.id.len()).max().unwrap_or_default();
    let mut text = String::new();
    for play in plays {
        let _ = writeln!(text, "  {:<width$}  {}", play.id, play.title);
    }
    text
}

fn usd(ticks: i64) -> String {
    Usd::from_micros(ticks / TICKS).to_string()
}
