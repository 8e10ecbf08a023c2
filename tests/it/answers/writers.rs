//! Several writers at once, and writers that are killed: no answer that was reported as kept is lost.

use std::{
    collections::BTreeSet,
    process::{Child, Stdio},
};

use super::{REFUNDED, begun, loaded};
use crate::support::Sample;

fn writer(place: &Sample, note: &str) -> Child {
    let mut command = place.greenlight(&REFUNDED);
    command.args(["--note", note]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn notes(place: &Sample) -> Vec<String> {
    loaded(place).answers.answers.into_iter().filter_map(|answer| answer.note).collect()
}

#[test]
fn two_writers_lose_nothing() {
    const EACH: usize = 200;
    let place = begun("wrapper");
    std::thread::scope(|scope| {
        for name in ["a", "b"] {
            let place = &place;
            scope.spawn(move || {
                for at in 0..EACH {
                    assert!(writer(place, &format!("{name}{at}")).wait().unwrap().success());
                }
            });
        }
    });
    let kept = notes(&place);
    assert_eq!(kept.len(), 2 * EACH, "each once");
    assert_eq!(kept.iter().collect::<BTreeSet<_>>().len(), 2 * EACH);
    // For each writer, in the order in which it wrote.
    for name in ["a", "b"] {
        let order: Vec<usize> =
            kept.iter().filter_map(|note| note.strip_prefix(name)?.parse().ok()).collect();
        assert!(order.is_sorted(), "{order:?}");
    }
}

#[test]
fn a_killed_writer_leaves_a_file_that_loads_with_all_that_was_kept() {
    let place = begun("wrapper");
    let mut kept = BTreeSet::new();
    let mut killed = 0;
    for at in 0..60_u32 {
        let mut child = writer(&place, &at.to_string());
        // Each is killed after a different delay, so that every part of the work is hit.
        let blow = std::time::Instant::now() + std::time::Duration::from_micros(u64::from(at) * 1500);
        while std::time::Instant::now() < blow && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            kept.insert(at.to_string());
        } else {
            killed += 1;
        }
        let there: BTreeSet<String> = if place.path().join("answers.toml").exists() {
            notes(&place).into_iter().collect()
        } else {
            BTreeSet::new()
        };
        assert!(kept.is_subset(&there), "kept {kept:?}, there {there:?}");
    }
    assert!(killed > 0, "no writer was hit");
    // The lock of a dead process blocks no one.
    assert!(writer(&place, "last").wait().unwrap().success());
    assert!(notes(&place).contains(&"last".to_owned()));
}
