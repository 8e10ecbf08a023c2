//! The paid step against the stand-in, through the command line: every ending, the gate before it, the budget, and
//! every instant at which it can be killed.

mod endings;
mod gate;
mod killed;
mod stand;

use serde_json::Value;

use crate::{
    answers,
    support::{Ran, Sample, ran},
};

/// A project of the API route with every question answered; these lines are added to its first shot.
pub(super) fn project(words: &str) -> Sample {
    let place = answers::begun("api");
    let prompt = format!("A paper boat drifts. {words}");
    place.edit("A paper boat drifts.", prompt.trim());
    place
}

/// The same, answered.
fn cleared(words: &str) -> Sample {
    let place = project(words);
    answers::settle_lately(&place);
    place
}

/// Runs a rehearsed clip, and its events.
fn rehearsed(place: &Sample, more: &[&str]) -> (Ran, Vec<Value>) {
    events(&mut place.greenlight(&[&["clip", "--rehearse", "--yes", "--format", "json"], more].concat()))
}

fn events(command: &mut std::process::Command) -> (Ran, Vec<Value>) {
    let run = ran(command);
    let events = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (run, events)
}

/// The last event of a run, which says how it ended.
fn finished(run: &Ran, events: &[Value]) -> Value {
    let last = events.last().unwrap_or_else(|| panic!("{}", run.all()));
    assert_eq!(last["event"], "finished", "{}", run.all());
    assert_eq!(last["exit"], run.code, "{}", run.all());
    last.clone()
}

/// Everything in the ledger of rehearsals.
fn ledger(place: &Sample) -> Value {
    ran(&mut place.greenlight(&["ledger", "export", "--rehearsal"])).json()
}
