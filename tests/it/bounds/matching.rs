//! Paths that could visit more values than there is time for, and how a run ends while it computes or waits.

use std::{
    net::TcpListener,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rstest::rstest;
use serde_json::json;

use super::doors::{check, with};
use crate::support::{
    NOW, Ran, Sample, finding,
    provider::healthy,
    ran,
    recorder::{Answer, Recorder},
    rows,
};

const KEY: &str = "xai-CANARY-of-a-developer";

/// A provider with this list of models.
fn listing(body: String) -> Recorder {
    Recorder::start(move |request, _| {
        if request.path == "/v1/video-generation-models" {
            return Answer::json(200, body.clone());
        }
        healthy(request)
    })
}

fn judged(provider: &Recorder, sample: &Sample, args: &[&str]) -> Ran {
    let mut command =
        sample.greenlight(&["check", "--at", NOW, "--format", "json", "--base-url", &provider.origin]);
    ran(command.args(args).env("XAI_API_KEY", KEY))
}

fn models(count: usize) -> String {
    let model = |at: usize| json!({ "id": format!("m{at}"), "in": ["text", "image"], "more": { "a": [at], "b": {} } });
    json!({ "models": (0..count).map(model).collect::<Vec<_>>() }).to_string()
}

/// None of these would end today; what they look for is unknown, and so is its absence.
#[rstest]
#[case::through_all_of_all("$..[*,*,*,*]..[*,*,*,*]..[*,*,*,*]..[*,*,*,*]..x")]
#[case::within_each("$..[?@..[?@..[?@..[?@..[?@..x]]]]]")]
#[case::all_for_each("$..[?$..[?$..x]]")]
fn a_path_that_could_look_for_ever_is_unknown(#[case] path: &str) {
    let provider = listing(models(300));
    let claims = [
        check("absent", "video-models", &format!("{{ path = \"{path}\", absent = true }}")),
        check("not", "video-models", &format!("{{ not = {{ path = \"{path}\", exists = true }} }}")),
        check("exists", "video-models", &format!("{{ path = \"{path}\", exists = true }}")),
    ];
    let receipt = judged(&provider, &with(&claims.concat()), &[]).json();
    for id in ["own.absent", "own.not", "own.exists"] {
        let found = finding(&receipt, id, None);
        assert_eq!(found["verdict"], "unknown", "{found:#}");
        let seen = found["seen"].as_str().unwrap();
        assert!(seen.contains("is not evaluated: it could look at"), "{seen}");
    }
}

/// Each alone visits few enough values; all together they don't.
#[test]
fn paths_that_look_too_long_together_are_unknown() {
    let provider = listing(models(1500));
    let all: String = (0..200)
        .map(|at| {
            check(
                &format!("c{at}"),
                "video-models",
                "{ path = \"$.models[0]..[?@..[?@..x]]\", absent = true }",
            )
        })
        .collect();
    let receipt = judged(&provider, &with(&all), &[]).json();
    let verdict =
        |at: usize| finding(&receipt, &format!("own.c{at}"), None)["seen"].as_str().unwrap().to_owned();
    assert!(!verdict(0).contains("not evaluated"), "{}", verdict(0));
    assert!(
        verdict(199).contains("is not evaluated: the paths before it looked at too many values"),
        "{}",
        verdict(199)
    );
}

/// Two probes that no check uses, one of which would be called for every shot.
#[test]
fn an_unused_probe_is_not_sent() {
    let provider = Recorder::start(|request, _| healthy(request));
    let unread = "[[probe]]\nid = \"own.unread\"\nget = \"/v1/models\"\n";
    let read = check("read", "own.read", "{ status = 200 }");
    let probe = "[[probe]]\nid = \"own.read\"\nget = \"/v1/models/any\"\n";
    let run = judged(&provider, &with(&format!("{unread}{probe}{read}")), &[]);
    let lines = provider.lines();
    assert!(lines.contains(&"GET /v1/models/any".to_owned()), "{lines:?}: {}", run.err);
    assert!(!lines.contains(&"GET /v1/models".to_owned()), "{lines:?}");
}

/// A server that accepts connections and sends nothing.
fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    (listener, origin)
}

#[test]
fn a_run_ends_at_its_deadline_and_says_so() {
    let (_open, origin) = silent();
    let begun = Instant::now();
    let sample = Sample::of("api");
    let args = ["check", "--at", NOW, "--base-url", &origin, "--timeout", "60s", "--deadline", "300ms"];
    let run = ran(sample.greenlight(&args).env("XAI_API_KEY", KEY));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(run.code, 3, "{}", run.all());
    let words = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("the run ended at its deadline of 300 ms; what was still open then is unknown"),
        "{}",
        run.out
    );
    let key = rows(&run.out, "key accepted");
    assert!(key.contains("UNKNOWN") && key.contains("time"), "{key}");
}

#[rstest]
#[case("0s", "write a number with its unit")]
#[case("soon", "write a number with its unit")]
fn a_deadline_is_a_length_of_time(#[case] time: &str, #[case] says: &str) {
    let run = ran(&mut Sample::of("api").greenlight(&["check", "--deadline", time]));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains(says), "{}", run.err);
}

/// Sends Ctrl-C once the run has started its work, and waits for its end.
#[cfg(unix)]
fn interrupted(mut command: Command, begun: impl Fn(u32) -> bool) -> (Option<i32>, Duration) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !begun(child.id()) {
        std::thread::yield_now();
    }
    let asked = Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    (child.wait().unwrap().code(), asked.elapsed())
}

/// A file that takes this build a long time: the read is not waited for.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_run_that_reads_a_large_file() {
    let provider = Recorder::start(|request, _| healthy(request));
    let sample = Sample::of("api");
    fs_err::File::create(sample.path().join("large.bin")).unwrap().set_len(512 << 20).unwrap();
    let shot = "\n[[shot]]\nid = \"large\"\nmode = \"image-to-video\"\nmodel = \"grok-imagine-video\"\nimage = \"large.bin\"\n";
    sample.write("greenlight.toml", &(sample.project() + shot));
    let mut command = sample.greenlight(&["check", "--base-url", &provider.origin]);
    command.env("XAI_API_KEY", KEY);
    let (code, took) = interrupted(command, |_| !provider.lines().is_empty());
    assert_eq!(code, Some(130));
    assert!(took < Duration::from_secs(5), "{took:?}");
}

/// How much processor time a process has used, in hundredths of a second.
#[cfg(target_os = "linux")]
fn busy(process: u32) -> u64 {
    let told = fs_err::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = told.rsplit_once(") ").unwrap();
    fields.split(' ').nth(11).unwrap().parse().unwrap()
}

/// Paths that take this build a long time: code that computes does not check whether it was cancelled.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_a_run_that_computes() {
    let provider = listing(models(30_000));
    let path = "{ path = \"$..[?@.a]\", absent = true }";
    let all: String = (0..200).map(|at| check(&format!("c{at}"), "video-models", path)).collect();
    let sample = with(&all);
    let mut command = sample.greenlight(&["check", "--base-url", &provider.origin, "--timeout", "30s"]);
    command.env("XAI_API_KEY", KEY);
    let asked = || provider.lines().iter().any(|line| line.ends_with("/v1/video-generation-models"));
    let (code, took) = interrupted(command, |process| asked() && busy(process) > 300);
    assert_eq!(code, Some(130));
    assert!(took < Duration::from_secs(3), "{took:?}");
}

/// A ledger whose server accepts the connection and sends nothing.
#[cfg(unix)]
#[rstest]
#[case::shown(&["ledger"])]
#[case::settled(&["ledger", "settle", "opening-1", "--amount", "1 USD", "--evidence", "bill.pdf", "--by", "Jo"])]
#[case::escalated(&["escalate", "opening-1"])]
#[case::looked_at(&["clip", "--dry-run"])]
fn ctrl_c_ends_the_wait_for_a_ledger(#[case] args: &[&str]) {
    let (server, origin) = silent();
    let sample = Sample::of("api");
    let mut command = sample.greenlight(args);
    command.env("GREENLIGHT_LEDGER", origin.replace("http://", "postgres://jo@") + "/video");
    let open = std::cell::OnceCell::new();
    let (code, took) = interrupted(command, |_| open.set(server.accept().unwrap()).is_ok());
    assert_eq!(code, Some(130));
    assert!(took < Duration::from_secs(3), "{took:?}");
}
