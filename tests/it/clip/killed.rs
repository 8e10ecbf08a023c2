//! Killed at every system call that reaches outside, then started again: what was sent is known or set aside, nothing
//! is sent twice, and nothing is lost. Journal, ledger and budget decide.

use std::{
    collections::BTreeMap,
    process::{Command, Stdio},
    time::Instant,
};

use camino::Utf8Path;
use greenlight::model::text::hex;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{
    cleared, ledger,
    stand::{KEY, Stand},
};
use crate::support::{Sample, greenlight, ran};

/// The system calls with an effect that others can see.
const CALLS: [&str; 14] = [
    "connect",
    "sendto",
    "sendmsg",
    "write",
    "writev",
    "pwrite64",
    "fdatasync",
    "fsync",
    "openat",
    "unlink",
    "rename",
    "linkat",
    "ftruncate",
    "fchmod",
];

/// What a kill may leave behind.
#[derive(Debug, Default)]
struct Counts {
    kills: usize,
    stored: usize,
    unknown: usize,
    never_sent: usize,
    violations: Vec<String>,
}

/// Continues whatever an earlier run left, as a person would: resumes, and if nothing was started, starts.
fn restarted(place: &Sample, stand: &Stand) {
    for args in [&["clip", "--resume"][..], &["clip"]] {
        let mut command = place.greenlight(args);
        command.args(["--yes", "--format", "json", "--base-url", &stand.base_url]);
        if args.contains(&"--resume") {
            command =
                place.greenlight(&["clip", "--resume", "--format", "json", "--base-url", &stand.base_url]);
        }
        drop(ran(command.env("XAI_API_KEY", KEY)));
    }
}

/// Compares the journal with the ledger and the budget.
fn judged(place: &Sample, paid: usize, what: &str, counts: &mut Counts) {
    let all = ledger(place);
    let jobs = all["jobs"].as_array().unwrap();
    let mut wrong = |why: String| counts.violations.push(format!("{what}: {why}\n{all:#}"));
    let may_be_sent = |job: &&Value| !matches!(job["ending"].as_str(), Some("not-sent"));
    let known = jobs.iter().filter(may_be_sent).count();
    if paid > known {
        wrong(format!("{paid} requests were sent and the ledger knows of {known}"));
    }
    let held = all["held-ticks"].as_i64().unwrap();
    if held > all["limit-ticks"].as_i64().unwrap() {
        wrong("over budget".to_owned());
    }
    let sum: i64 = jobs
        .iter()
        .map(|job| job["amount-ticks"].as_i64().unwrap_or_else(|| job["reserved-ticks"].as_i64().unwrap()))
        .sum();
    if held != sum {
        wrong(format!("{held} are held and the jobs hold {sum}"));
    }
    let stored = jobs.iter().filter(|job| job["ending"] == "done" && job["to-store"] == false).count();
    let unknown = jobs.iter().filter(|job| job["state"] == "unknown").count();
    if stored + unknown != 1 || paid > 1 {
        wrong(format!("{stored} stored, {unknown} unknown, {paid} sent"));
    }
    for job in jobs.iter().filter(|job| job["file"].is_string()) {
        let file = place.path().join(job["file"].as_str().unwrap());
        match fs_err::read(&file) {
            Err(_) => wrong(format!("{file} is gone")),
            Ok(clip) if hex(&Sha256::digest(&clip)) != job["sha256"].as_str().unwrap() => {
                wrong(format!("{file} is not what was stored"));
            }
            Ok(_) => {}
        }
    }
    counts.stored += stored;
    counts.unknown += unknown;
    counts.never_sent += usize::from(paid == 0);
}

/// A clean state for the next kill, with the answers of the first.
fn reset(place: &Sample, stand: &Stand) -> usize {
    drop(fs_err::remove_dir_all(place.path().join(".greenlight")));
    stand.paid()
}

fn clip(stand: &Stand, place: &Utf8Path) -> Command {
    let mut command = greenlight(&["clip", "--yes", "--format", "json", "--base-url", &stand.base_url]);
    command.current_dir(place).env("XAI_API_KEY", KEY).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The same under strace, which kills it at the n-th call of this name, or makes that call fail.
fn traced(call: &str, number: usize, fault: &str, (stand, place): (&Stand, &Utf8Path)) -> Command {
    let plain = clip(stand, place);
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e"]).arg(format!("trace={call}"));
    command.arg("-e").arg(format!("inject={call}:{fault}:when={number}"));
    command.arg(plain.get_program()).args(plain.get_args()).current_dir(place).env_clear();
    for (name, value) in plain.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn can_trace() -> bool {
    let run = Command::new("strace").args(["-f", "-qq", "-o", "/dev/null", "true"]).status();
    run.is_ok_and(|status| status.success())
}

/// Kills it at every call of each name, until it ends by itself.
fn at_every_call(place: &Sample, stand: &Stand, fault: &str) -> (Counts, BTreeMap<&'static str, usize>) {
    let (mut counts, mut points) = (Counts::default(), BTreeMap::new());
    for call in CALLS {
        for number in 1.. {
            let before = reset(place, stand);
            let status = traced(call, number, fault, (stand, &place.path())).status().unwrap();
            // A killed process has no exit code; one that continued after the failed call did not end because of it.
            let reached = status.code().is_none() || (fault.starts_with("error") && status.code() != Some(0));
            if !reached {
                break;
            }
            counts.kills += 1;
            *points.entry(call).or_default() += 1;
            restarted(place, stand);
            judged(place, stand.paid() - before, &format!("{call} {number} {fault}"), &mut counts);
            assert!(number < 500, "{call} never ends");
        }
    }
    (counts, points)
}

/// Where tracing isn't allowed, it is killed at instants all through the run.
fn at_any_instant(place: &Sample, stand: &Stand) -> Counts {
    let mut counts = Counts::default();
    let before = reset(place, stand);
    let begun = Instant::now();
    assert!(clip(stand, &place.path()).status().unwrap().success());
    let whole = begun.elapsed();
    assert_eq!(stand.paid() - before, 1);
    for number in 0..200_u32 {
        let before = reset(place, stand);
        let mut child = clip(stand, &place.path()).spawn().unwrap();
        let until = Instant::now() + whole * number / 200;
        while Instant::now() < until && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        drop(child.kill());
        child.wait().unwrap();
        counts.kills += 1;
        restarted(place, stand);
        judged(place, stand.paid() - before, &format!("instant {number}"), &mut counts);
    }
    counts
}

#[expect(clippy::print_stdout, reason = "CI keeps what it prints")]
fn certificate(title: &str, counts: &Counts, points: &BTreeMap<&str, usize>) {
    let places: Vec<_> = points.iter().map(|(call, count)| format!("{call} {count}")).collect();
    println!(
        "{title}: {} points ({}); after one restart each: {} stored, {} unknown, {} sent nothing before; violations: {}",
        counts.kills,
        places.join(", "),
        counts.stored,
        counts.unknown,
        counts.never_sent,
        counts.violations.len()
    );
}

#[test]
#[ignore = "takes minutes: tests/run does it"]
fn killed_anywhere_it_pays_once_and_loses_nothing() {
    let place = cleared("");
    let stand = Stand::start(&place, &[]);
    let (counts, points) = if can_trace() {
        at_every_call(&place, &stand, "signal=KILL")
    } else {
        println!("no tracing here: 200 kills at any instant stand in for every system call");
        (at_any_instant(&place, &stand), BTreeMap::new())
    };
    certificate("killed", &counts, &points);
    assert!(counts.kills >= 40 && counts.violations.is_empty(), "{}", counts.violations.join("\n"));
    // Only a stop at every call is sure to hit the moment between the request and its answer.
    assert!(counts.stored > 0 && (counts.unknown > 0 || points.is_empty()), "{counts:?}");
}

#[test]
#[ignore = "takes minutes: tests/run does it"]
fn a_full_or_broken_disk_loses_no_charge() {
    if !can_trace() {
        println!("no tracing here: full and broken disks are not tried");
        return;
    }
    let place = cleared("");
    let stand = Stand::start(&place, &[]);
    for fault in ["error=ENOSPC", "error=EIO"] {
        let (mut counts, mut points) = (Counts::default(), BTreeMap::new());
        for call in ["pwrite64", "fdatasync", "fsync", "ftruncate", "linkat"] {
            for number in 1..200 {
                let before = reset(&place, &stand);
                let status = traced(call, number, fault, (&stand, &place.path())).status().unwrap();
                if status.code() == Some(0) && number > 1 {
                    break;
                }
                counts.kills += 1;
                *points.entry(call).or_default() += 1;
                restarted(&place, &stand);
                judged(&place, stand.paid() - before, &format!("{call} {number} {fault}"), &mut counts);
            }
        }
        certificate(fault, &counts, &points);
        assert!(counts.kills >= 5 && counts.violations.is_empty(), "{}", counts.violations.join("\n"));
    }
}
