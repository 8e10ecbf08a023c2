//! Whole processes: `greenlight` next to a minimal prober, and next to other tools where they are installed.
//!
//! `cargo bench --bench peers` prints one table. The commands of a row run in turn, and medians are shown. Absolute
//! times drift between machines; only the ratios within one run count. A word after `--` keeps only the rows that
//! contain it.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a program for developers"
)]

mod measure;
mod project;
mod server;
mod tools;

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use server::Server;

use measure::{Figures, measure, medians};

/// Looks like a real key, so that everything that happens with a key happens here too.
const KEY: &str = "xai-4Jq8ZtR2vWm6Yb1KxN9cLd3Hs7Gf5PaTeUoQiXjVwCzBkMnRyDhSgF0LpA2uE8rT6qW4";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["bare-prober", origin, count, at_once, authority @ ..] => {
            let authority = authority.first().map(Path::new);
            block_on(probe(origin, count.parse().unwrap(), at_once.parse().unwrap(), authority));
        }
        ["server", millis, authority @ ..] => {
            let delay = Duration::from_millis(millis.parse().unwrap());
            block_on(server::serve(delay, authority.first().map(Path::new)));
        }
        ["measure", command @ ..] => measure::told(command),
        rows => table(rows.first().copied().unwrap_or_default()),
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// The least a prober can do: one thread, one client, `at_once` calls at a time, bodies read and dropped.
async fn probe(origin: &str, count: usize, at_once: usize, authority: Option<&Path>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let authority =
        authority.map(|path| reqwest::Certificate::from_pem(&fs_err::read(path).unwrap()).unwrap());
    let client = reqwest::Client::builder().no_proxy().tls_certs_only(authority).build().unwrap();
    stream::iter(0..count)
        .map(|n| client.get(format!("{origin}/v1/models/m-{n}")).send())
        .buffer_unordered(at_once)
        .for_each(|reply| async move {
            reply.unwrap().bytes().await.unwrap();
        })
        .await;
}

fn myself() -> Command {
    Command::new(std::env::current_exe().unwrap())
}

fn greenlight() -> Command {
    // As in the tests, a build of another profile may be named.
    let built =
        std::env::var_os("BINARY_UNDER_TEST").unwrap_or_else(|| env!("CARGO_BIN_EXE_greenlight").into());
    let mut command = Command::new(built);
    command.env("XAI_API_KEY", KEY).env_remove("XAI_MANAGEMENT_KEY").stdout(Stdio::null());
    command
}

fn with(mut command: Command, args: &[&str]) -> Command {
    command.args(args);
    command
}

/// The commands of one row: the product first, then the bare prober and the peers.
struct Row {
    name: String,
    runs: usize,
    ours: Command,
    others: [Option<Command>; 4],
}

impl Row {
    fn alone(name: &str, runs: usize, ours: Command) -> Self {
        Self { name: name.to_owned(), runs, ours, others: [const { None }; 4] }
    }

    /// Measures all commands in turn, then prints the row.
    fn print(&self) {
        let (mut ours, mut others) = (Vec::new(), [const { Vec::new() }; 4]);
        // The first run finds nothing cached.
        measure(&self.ours);
        for _ in 0..self.runs {
            ours.push(measure(&self.ours));
            for (command, figures) in self.others.iter().zip(&mut others) {
                figures.extend(command.as_ref().map(measure));
            }
        }
        let mine = medians(&ours);
        let [bare, peers @ ..] = others;
        let bare = (!bare.is_empty()).then(|| medians(&bare));
        let ratio = |wall: f64| bare.map_or_else(String::new, |bare| format!("{:.2}", wall / bare.wall));
        print!("| {} | {:.1} | {} | {} |", self.name, mine.wall, ratio(mine.wall), beside(mine, bare));
        for peer in peers {
            let cell = if peer.is_empty() { String::new() } else { ratio(medians(&peer).wall) };
            print!(" {cell} |");
        }
        println!();
    }
}

/// CPU and memory, each followed by the bare prober's.
fn beside(mine: Figures, bare: Option<Figures>) -> String {
    let part = |mine: f64, bare: Option<f64>| {
        bare.map_or_else(|| format!("{mine:.1}"), |bare| format!("{mine:.1} ({bare:.1})"))
    };
    let cpu = part(mine.cpu, bare.map(|bare| bare.cpu));
    format!("{cpu} | {}", part(mine.memory, bare.map(|bare| bare.memory)))
}

fn table(wanted: &str) {
    let folder = tempfile::tempdir().unwrap();
    let missing: Vec<&str> = {
        let all = tools::commands(folder.path(), "http://127.0.0.1", 0, 1);
        tools::NAMES.into_iter().zip(all).filter(|(_, tool)| tool.is_none()).map(|(name, _)| name).collect()
    };
    println!(
        "Whole processes, medians; × is the time of the bare prober, whose own figures are in brackets."
    );
    if !missing.is_empty() {
        println!("Not installed: {}.", missing.join(", "));
    }
    let heads = ["lychee ×", "hurl ×", "curl + jq ×"];
    println!("\n| work | ms | × | CPU ms | MiB | {} |", heads.join(" | "));
    println!("|---|---|---|---|---|---|---|---|");
    let start = Row {
        others: [Some(with(myself(), &["bare-prober", "", "0", "1"])), None, None, None],
        ..Row::alone("`--version`", 31, with(greenlight(), &["--version"]))
    };
    if start.name.contains(wanted) {
        start.print();
    }
    probes(folder.path(), wanted);
    offline(folder.path(), wanted);
    dossiers(folder.path(), wanted);
}

/// Calls to a server, each with a check of its own.
fn probes(folder: &Path, wanted: &str) {
    let rows =
        [(2, 8, 50, false, 15), (2, 8, 50, true, 15), (1_000, 64, 50, false, 7), (10_000, 64, 0, false, 7)];
    for (own, at_once, millis, secure, runs) in rows {
        let place = folder.join(format!("probes-{own}-{secure}"));
        let authority = folder.join("authority.pem");
        let over = if secure { " over TLS 1.3" } else { "" };
        let few = if own == 2 { "a few" } else { "" };
        let name = format!(
            "{few}{} probes at {millis} ms{over}, {at_once} at once",
            if own == 2 { String::new() } else { own.to_string() }
        );
        if !name.contains(wanted) {
            continue;
        }
        project::with_checks(&place, own, 0);
        let server = if secure { Server::secure(millis, &authority) } else { Server::plain(millis) };
        let (project, many) = (place.to_str().unwrap(), at_once.to_string());
        let mut args =
            vec!["check", "--project", project, "--base-url", &server.origin, "--concurrency", &many];
        let authority = authority.to_str().unwrap();
        let calls = calls_of(with(greenlight(), &args), secure.then_some(authority));
        assert!(calls >= own, "{calls} of {own} calls were made");
        let count = calls.to_string();
        let mut bare = vec!["bare-prober", &server.origin, &count, &many];
        if secure {
            args.extend(["--ca-cert", authority]);
            bare.push(authority);
        }
        let [lychee, hurl, curl] = if secure {
            [const { None }; 3]
        } else {
            tools::commands(&place, &server.origin, calls, at_once)
        };
        let ours = with(greenlight(), &args);
        let name = name.replacen("a few", &count, 1);
        Row { name, runs, ours, others: [Some(with(myself(), &bare)), lychee, hurl, curl] }.print();
    }
}

/// How many calls a run makes, according to its own report.
fn calls_of(command: Command, authority: Option<&str>) -> usize {
    let mut command = command;
    command.args(authority.iter().flat_map(|file| ["--ca-cert", file])).stdout(Stdio::piped());
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let told =
        text.lines().find_map(|line| line.trim().strip_suffix(" calls, all free. No credits were spent."));
    told.unwrap_or_else(|| panic!("no calls: {text}")).parse().unwrap()
}

/// Runs without a call: this measures loading, judging and printing.
fn offline(folder: &Path, wanted: &str) {
    let place = |name: &str| folder.join(name);
    for at in 0..500 {
        project::with_shots(&place(&format!("many/{at:03}")), 1);
    }
    project::with_shots(&place("one"), 1);
    project::with_shots(&place("shots"), 2_000);
    project::with_checks(&place("few"), 0, 164);
    project::with_checks(&place("own"), 0, 10_000);
    let rows = [
        ("one project, offline", "one", 15),
        ("200 checks, offline", "few", 15),
        ("10,000 own checks, offline", "own", 7),
        ("500 projects, offline", "many/*/greenlight.toml", 7),
        ("2,000 shots, offline", "shots", 3),
    ];
    for (name, projects, runs) in rows {
        if name.contains(wanted) {
            let projects = place(projects);
            Row::alone(name, runs, with(greenlight(), &["check", "--offline", projects.to_str().unwrap()]))
                .print();
        }
    }
}

/// A dossier with many answers: from the files at hand, and from a receipt.
fn dossiers(folder: &Path, wanted: &str) {
    let answered = folder.join("answered");
    project::with_answers(&answered, 300);
    let project = answered.to_str().unwrap();
    let receipt = answered.join("receipt.json").to_str().unwrap().to_owned();
    let kept =
        with(greenlight(), &["check", "--offline", project, "--report", &format!("json={receipt}")]).status();
    assert!(kept.is_ok());
    for format in ["markdown", "html"] {
        for (from, args) in [("at hand", ["--project", project]), ("receipt", ["--quiet", &receipt])] {
            let name = format!("dossier of 300 answers, {from}, {format}");
            if name.contains(wanted) {
                Row::alone(&name, 9, with(with(greenlight(), &["report", "--format", format]), &args))
                    .print();
            }
        }
    }
}
