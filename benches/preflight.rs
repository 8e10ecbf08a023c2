//! Whole processes against a local server: `greenlight check` beside the least a prober can do.
//!
//! `cargo bench --bench preflight` prints the median of several runs and the ratio to the bare prober. Absolute times
//! drift between machines; the ratios of one run count.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a program for developers"
)]

use std::{
    fmt::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use axum::{Router, routing::any};
use camino::Utf8Path;
use chrono::{Days, NaiveDate};
use futures_util::{StreamExt as _, stream};
use greenlight::{
    judge::{Files, answers::scope_of},
    load::{self, NewRecord},
    model::answer::{Answer, AnswerValue, Evidence},
};

const RUNS: usize = 9;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["bare-prober", origin, count, at_once] => {
            block_on(probe(origin, count.parse().unwrap(), at_once.parse().unwrap()));
        }
        ["server", millis] => block_on(serve(Duration::from_millis(millis.parse().unwrap()))),
        _ => compare(),
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// The least a prober can do: one client, so many calls at once, bodies read and dropped.
async fn probe(origin: &str, count: usize, at_once: usize) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    stream::iter(0..count)
        .map(|n| client.get(format!("{origin}/v1/models/m-{n}")).send())
        .buffer_unordered(at_once)
        .for_each(|reply| async move {
            reply.unwrap().bytes().await.unwrap();
        })
        .await;
}

async fn serve(delay: Duration) {
    let reply = move || async move {
        tokio::time::sleep(delay).await;
        ([("content-type", "application/json")], r#"{"id":"m","state":"active"}"#)
    };
    let instant = || async { ([("content-type", "application/json")], r#"{"id":"m","state":"active"}"#) };
    let app = if delay.is_zero() {
        Router::new().fallback(any(instant))
    } else {
        Router::new().fallback(any(reply))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    axum::serve(listener, app).await.unwrap();
}

/// A server in a process of its own, ended with this value.
struct Server {
    process: std::process::Child,
    origin: String,
}

impl Server {
    fn start(millis: u64) -> Self {
        let mut process =
            myself().args(["server", &millis.to_string()]).stdout(Stdio::piped()).spawn().unwrap();
        let mut origin = String::new();
        let out = process.stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut origin).unwrap();
        Self { process, origin: origin.trim().to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn myself() -> Command {
    Command::new(std::env::current_exe().unwrap())
}

fn greenlight() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_greenlight"));
    command.env("XAI_API_KEY", "bench").env_remove("XAI_MANAGEMENT_KEY").stdout(Stdio::null());
    command
}

/// A project whose own checklist has so many probes and checks besides the shipped ones.
fn write_project(folder: &Path, probes: usize, questions: usize) {
    let project = r#"
[project]
name = "bench"
route = "api"
budget = "2 USD"
output = "clips"
checklists = ["own.toml"]
[failure]
retries = 1
timeout = "10m"
[[shot]]
id = "a"
mode = "text-to-video"
model = "m"
duration = 6
resolution = "480p"
prompt = "x"
"#;
    fs_err::write(folder.join("greenlight.toml"), project).unwrap();
    let mut own = "id = \"own\"\nextends = \"api\"\nroute = \"api\"\nreviewed = 2026-11-22\n".to_owned();
    let head = |id: &str| {
        format!(
            "[[check]]\nid = \"{id}\"\nrow = \"access\"\ntitle = \"t {id}\"\nseverity = \"block\"\nwhy = \"w\"\nfix = \"f\"\n\
             source = {{ url = \"https://example.com\", as-of = 2026-11-22 }}\n"
        )
    };
    for n in 0..probes {
        let _ = writeln!(own, "[[probe]]\nid = \"p-{n}\"\nget = \"/v1/models/m-{n}\"");
        own.push_str(&head(&format!("own.{n}")));
        let _ = writeln!(
            own,
            "probe = \"p-{n}\"\nexpect = [{{ status = 200 }}, {{ path = \"$.state\", equals = \"active\" }}]"
        );
    }
    for n in 0..questions {
        own.push_str(&head(&format!("ask.{n}")));
        let _ = writeln!(
            own,
            "question = {{ ask = \"q?\", type = \"yes-no\", pass = [\"yes\"], valid-for = \"30d\" }}"
        );
    }
    fs_err::write(folder.join("own.toml"), own).unwrap();
}

struct Figures {
    wall: f64,
    cpu: f64,
    memory: f64,
}

/// One whole process under GNU time: wall and CPU in milliseconds, peak memory in MiB.
fn measure(command: &Command) -> Figures {
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["-f", "%U %S %M", "--quiet"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => timed.env(name, value),
            None => timed.env_remove(name),
        };
    }
    timed.stdout(Stdio::null()).stderr(Stdio::piped());
    let start = Instant::now();
    // GNU time: CPU seconds and peak memory of the whole process.
    let output = timed.output().unwrap();
    let wall = start.elapsed().as_secs_f64() * 1000.0;
    let text = String::from_utf8(output.stderr).unwrap();
    let last: Vec<f64> =
        text.lines().last().unwrap().split(' ').map(|n| n.parse().unwrap_or(f64::NAN)).collect();
    Figures { wall, cpu: (last[0] + last[1]) * 1000.0, memory: last[2] / 1024.0 }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn row(name: &str, ours: &dyn Fn() -> Command, bare: Option<&dyn Fn() -> Command>, runs: usize) {
    let (mut wall, mut cpu, mut memory, mut ratio) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    measure(&ours());
    for _ in 0..runs {
        let mine = measure(&ours());
        if let Some(bare) = bare {
            ratio.push(mine.wall / measure(&bare()).wall);
        }
        wall.push(mine.wall);
        cpu.push(mine.cpu);
        memory.push(mine.memory);
    }
    let ratio = if ratio.is_empty() { "–".to_owned() } else { format!("{:.2}", median(ratio)) };
    println!("{name:<38} {:>9.1} {:>8.0} {:>8.1} {ratio:>7}", median(wall), median(cpu), median(memory));
}

/// What takes no call: the time is that of loading, judging and printing.
fn offline() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    for at in 0..500 {
        write_shots(&place(&format!("many/{at:03}")), 1);
    }
    write_shots(&place("one"), 1);
    write_shots(&place("shots"), 10_000);
    fs_err::create_dir(place("own")).unwrap();
    write_project(&place("own"), 0, 10_000);
    let rows = [
        ("offline check, one project", "one", RUNS),
        ("offline check, 500 projects", "many/*/greenlight.toml", 5),
        ("offline check, 10,000 own checks", "own", 5),
        ("offline check, 10,000 shots", "shots", 3),
    ];
    for (name, projects, runs) in rows {
        let projects = place(projects);
        row(name, &|| with(greenlight(), &["check", "--offline", projects.to_str().unwrap()]), None, runs);
    }
}

/// A project of so many shots that are alike.
fn write_shots(folder: &Path, shots: usize) {
    fs_err::create_dir_all(folder).unwrap();
    let mut project =
        "[project]\nname = \"bench\"\nroute = \"api\"\nbudget = \"9000 USD\"\noutput = \"clips\"\n\
                       [failure]\nretries = 1\ntimeout = \"10m\"\n"
            .to_owned();
    for at in 0..shots {
        let _ = writeln!(
            project,
            "[[shot]]\nid = \"s-{at}\"\nmode = \"text-to-video\"\nmodel = \"m\"\nduration = 6\nresolution = \"480p\"\n\
             prompt = \"A paper boat drifts, {at}.\""
        );
    }
    fs_err::write(folder.join("greenlight.toml"), project).unwrap();
}

/// A project of so many questions, each with an answer, a remark and two pieces of evidence.
fn write_answered(folder: &Path, questions: usize) {
    fs_err::create_dir_all(folder).unwrap();
    write_project(folder, 0, questions);
    let dir = Utf8Path::from_path(folder).unwrap();
    let loaded =
        load::project(dir, Utf8Path::new("greenlight.toml"), &greenlight::judge::rules::known()).unwrap();
    let answered: NaiveDate = "2026-11-21".parse().unwrap();
    let files = Files::of(&[]);
    let asked = loaded.checklist.checks.iter().filter_map(|check| Some((check, check.decider.question()?)));
    let asked = asked.filter(|(check, _)| check.id.as_str().starts_with("ask."));
    let answers = asked.enumerate().map(|(at, (check, question))| {
        NewRecord::Answer(Answer {
            check: check.id.clone(),
            scope: scope_of(&loaded.project, &files, check, question),
            value: AnswerValue::Text("yes".to_owned()),
            by: "Ann".to_owned(),
            answered,
            expires: answered + Days::new(30),
            question: question.digest.clone(),
            evidence: vec![
                Evidence::Url {
                    url: format!("https://example.com/terms/{at}"),
                    read: answered,
                    clause: None,
                    passage: None,
                },
                Evidence::Quote {
                    words: format!("clause {at}: the clip is yours"),
                    read: answered,
                    clause: None,
                },
            ],
            note: Some("read with counsel".to_owned()),
        })
    });
    fs_err::write(folder.join("answers.toml"), load::entries_text(&answers.collect::<Vec<_>>())).unwrap();
}

/// A document of many answers: from the files at hand, and from a receipt.
fn dossiers() {
    let folder = tempfile::tempdir().unwrap();
    write_answered(folder.path(), 300);
    let project = folder.path().to_str().unwrap().to_owned();
    let receipt = folder.path().join("receipt.json").to_str().unwrap().to_owned();
    let json = format!("json={receipt}");
    let kept = with(greenlight(), &["check", "--offline", &project, "--report", &json]).status();
    assert!(kept.is_ok());
    for format in ["markdown", "html"] {
        for (from, args) in [("at hand", ["--project", &project]), ("receipt", ["--quiet", &receipt])] {
            let ours = || with(with(greenlight(), &["report", "--format", format]), &args);
            row(&format!("dossier, 300 answers, {from}, {format}"), &ours, None, RUNS);
        }
    }
}

fn compare() {
    println!("{:<38} {:>9} {:>8} {:>8} {:>7}", "whole process, median", "wall ms", "cpu ms", "MiB", "× bare");
    row("--version", &|| with(greenlight(), &["--version"]), None, RUNS * 2 + 1);
    offline();
    dossiers();
    let folder = tempfile::tempdir().unwrap();
    write_project(folder.path(), 0, 164);
    let path = folder.path().to_str().unwrap();
    row(
        "offline check, 200 checks",
        &|| with(greenlight(), &["check", "--offline", "--project", path]),
        None,
        RUNS,
    );
    for (probes, at_once, millis, runs) in [(2, 8, 50, RUNS), (1_000, 64, 50, 5), (10_000, 64, 0, 5)] {
        write_project(folder.path(), probes, 0);
        let server = Server::start(millis);
        // The shipped checklist makes a few calls of its own for one shot.
        let calls = if probes == 2 { 8 } else { probes };
        let ours = || {
            let at_once = at_once.to_string();
            let args = [
                "check",
                "--format",
                "json",
                "--project",
                path,
                "--base-url",
                &server.origin,
                "--concurrency",
                &at_once,
            ];
            with(greenlight(), &args)
        };
        let bare =
            || with(myself(), &["bare-prober", &server.origin, &calls.to_string(), &at_once.to_string()]);
        row(&format!("{calls} probes at {millis} ms, {at_once} at once"), &ours, Some(&bare), runs);
    }
}

fn with(mut command: Command, args: &[&str]) -> Command {
    command.args(args);
    command
}
