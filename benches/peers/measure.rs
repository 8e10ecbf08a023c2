//! One whole process: its time, its CPU and its memory.

use std::{
    process::{Command, Stdio},
    time::Instant,
};

use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike as _,
};

use crate::myself;

/// What a process took.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    /// From start to end, in milliseconds.
    pub(crate) wall: f64,
    /// User and system, in milliseconds.
    pub(crate) cpu: f64,
    /// Peak memory in MiB. A small process can't be told apart from the one that started it, which takes some 4 MiB.
    pub(crate) memory: f64,
}

/// Runs a command as the only child of a process of its own.
pub(crate) fn measure(command: &Command) -> Figures {
    let mut measured = myself();
    measured.arg("measure").arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => measured.env(name, value),
            None => measured.env_remove(name),
        };
    }
    let output = measured.stdin(Stdio::null()).stderr(Stdio::inherit()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let told: Vec<f64> = text.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let [wall, cpu, memory] = told[..] else { panic!("{text}") };
    Figures { wall, cpu, memory }
}

/// Runs the command and prints what it took.
pub(crate) fn told(words: &[&str]) {
    let (program, args) = words.split_first().unwrap();
    let begun = Instant::now();
    let ended = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let wall = begun.elapsed().as_secs_f64() * 1000.0;
    ended.unwrap();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let cpu = (usage.user_time() + usage.system_time()).num_microseconds();
    #[expect(clippy::cast_precision_loss, reason = "thousandths are told")]
    let (cpu, memory) = (cpu as f64 / 1000.0, usage.max_rss() as f64 / 1024.0);
    println!("{wall} {cpu} {memory}");
}

/// The medians of several runs.
pub(crate) fn medians(runs: &[Figures]) -> Figures {
    let of = |part: fn(&Figures) -> f64| {
        let mut values: Vec<f64> = runs.iter().map(part).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Figures { wall: of(|run| run.wall), cpu: of(|run| run.cpu), memory: of(|run| run.memory) }
}
