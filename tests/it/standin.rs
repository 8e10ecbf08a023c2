//! The verb that serves the stand-in, as a loopback client and as the person who runs it see it.

#![expect(clippy::disallowed_methods, reason = "the tests are a client of the stand-in")]

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout, Stdio},
    time::Duration,
};

use reqwest::{Client, RequestBuilder};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Ran, Sample, greenlight, ran};

/// A running stand-in. It ends with the test, even if the test fails.
struct Serving {
    child: Child,
    out: BufReader<ChildStdout>,
    ready: Value,
    client: Client,
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Serving {
    fn start(sample: &Sample, args: &[&str]) -> Self {
        let args = [&["standin", "--format", "json"], args].concat();
        let mut command = sample.greenlight(&args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().tls_certs_only([]).timeout(Duration::from_secs(20));
        Self { child, out, ready, client: client.build().unwrap() }
    }

    fn base(&self) -> &str {
        self.ready["base_url"].as_str().unwrap()
    }

    fn create(&self, body: &Value) -> RequestBuilder {
        let key = self.ready["keys"]["XAI_API_KEY"].as_str().unwrap();
        let request = self.client.post(format!("{}/videos/generations", self.base())).bearer_auth(key);
        request.header("content-type", "application/json").body(body.to_string())
    }

    /// Ends it with Ctrl-C; returns its exit code and its last line.
    fn end(self) -> (i32, Value) {
        self.end_by("-INT")
    }

    /// Ends it with a signal.
    fn end_by(mut self, signal: &str) -> (i32, Value) {
        let pid = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let mut last = String::new();
        self.out.read_line(&mut last).unwrap();
        let code = self.child.wait().unwrap().code().unwrap();
        (code, serde_json::from_str(&last).unwrap_or_else(|error| panic!("{error}: {last}")))
    }
}

async fn sent(request: RequestBuilder) -> reqwest::Result<(u16, Value)> {
    let reply = request.send().await?;
    let status = reply.status().as_u16();
    Ok((status, serde_json::from_slice(&reply.bytes().await?).unwrap_or_default()))
}

fn sea() -> Value {
    json!({ "model": "grok-imagine-video", "prompt": "A calm sea", "duration": 2, "resolution": "480p" })
}

#[cfg(unix)]
#[tokio::test]
async fn it_serves_until_ctrl_c_and_says_what_it_would_have_cost() {
    let sample = Sample::empty();
    let serving = Serving::start(&sample, &["--journal", "calls.jsonl", "--har", "calls.har"]);
    assert!(serving.base().starts_with("http://127.0.0.1:") && serving.base().ends_with("/v1"));
    let (status, taken) = sent(serving.create(&sea())).await.unwrap();
    assert_eq!((status, taken["request_id"].is_string()), (200, true));
    assert!(sent(serving.create(&sea()).header("x-greenlight-play", "cut-after-accept")).await.is_err());
    // A client may put its key anywhere.
    let elsewhere = "xai-Q7zW3kP9mT2vB8nL5rX4yC6dF1gH0jK";
    let models = serving.client.get(format!("{}/models?api_key={elsewhere}", serving.base()));
    let models = models.header("api-key", elsewhere).header("x-note", format!("my key: {elsewhere}"));
    assert_eq!(sent(models).await.unwrap().0, 401, "every call needs the key");
    let key = serving.ready["keys"]["XAI_API_KEY"].as_str().unwrap().to_owned();
    let (code, summary) = serving.end();
    let costs = json!({ "jobs": 2, "billed": 2, "cost_in_usd_ticks": 2_000_000_000 });
    assert_eq!((code, summary), (0, json!({ "requests": 3, "costs": costs })));
    let text = fs_err::read_to_string(sample.path().join("calls.jsonl")).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = lines.iter().map(|line| (line["status"].as_u64(), line["taken"] == true)).collect();
    assert_eq!(told, [(Some(200), true), (None, true), (Some(401), false)]);
    let archive = fs_err::read_to_string(sample.path().join("calls.har")).unwrap();
    for key in [&*key, elsewhere] {
        assert!(!text.contains(key) && !archive.contains(key), "{text}");
    }
    let archive: Value = serde_json::from_str(&archive).unwrap();
    let entries = archive["log"]["entries"].as_array().unwrap();
    assert_eq!(
        (entries.len(), &entries[0]["request"]["url"]),
        (3, &json!("https://api.x.ai/v1/videos/generations"))
    );
    assert_eq!(
        (&entries[1]["response"]["status"], &entries[1]["_greenlight"]["taken"]),
        (&json!(0), &json!(true))
    );
}

#[cfg(unix)]
#[rstest]
fn it_can_be_ended_as_soon_as_it_listens(#[values("-INT", "-TERM")] signal: &str) {
    let (code, summary) = Serving::start(&Sample::empty(), &[]).end_by(signal);
    assert_eq!((code, &summary["requests"]), (0, &json!(0)));
}

#[cfg(unix)]
#[tokio::test]
async fn its_clients_are_graded_at_the_end() {
    let sample = Sample::empty();
    let serving = Serving::start(&sample, &["--report", "clients.json"]);
    let careless = json!({ "prompt": "A calm sea [cut-after-accept]", "duration": 1, "resolution": "480p" });
    assert!(sent(serving.create(&careless)).await.is_err());
    assert_eq!(sent(serving.create(&careless)).await.unwrap().0, 200);
    // Another job is not a repetition.
    assert_eq!(sent(serving.create(&sea())).await.unwrap().0, 200);
    assert_eq!(serving.end().0, 0);
    let text = fs_err::read_to_string(sample.path().join("clients.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    let of = |id: &str| report["rules"].as_array().unwrap().iter().find(|rule| rule["id"] == id).unwrap();
    assert_eq!(of("no-resend")["standing"], "broken");
    let lines: Vec<_> = of("no-resend")["sightings"][0]["lines"].as_array().unwrap().iter().collect();
    assert_eq!((lines.len(), &lines[0]["number"], &lines[1]["number"]), (2, &json!(1), &json!(2)));
    assert_eq!(of("says-what-it-wants")["standing"], "kept");
    assert_eq!(of("logs-the-request-id")["standing"], "not-seen", "what the client wrote is unknown");
}

#[tokio::test]
async fn plays_scenarios_and_the_seed_are_set_for_all() {
    let sample = Sample::empty();
    let ids = async |seed: &str| {
        let serving = Serving::start(&sample, &["--seed", seed, "--play", "rate-limited"]);
        assert_eq!(sent(serving.create(&sea())).await.unwrap().0, 429);
        sent(serving.create(&sea())).await.unwrap().1["request_id"].as_str().unwrap().to_owned()
    };
    let (first, again, other) = (ids("7").await, ids("7").await, ids("8").await);
    assert!(first == again && first != other, "{first} {again} {other}");
    let serving = Serving::start(&sample, &["--scenario", "no-credits"]);
    assert_eq!(
        (serving.ready["scenario"].as_str(), sent(serving.create(&sea())).await.unwrap().0),
        (Some("no-credits"), 403)
    );
}

#[tokio::test]
async fn another_provider_is_played_as_far_as_it_is_known() {
    let serving = Serving::start(&Sample::empty(), &["--provider", "fal"]);
    assert_eq!((&serving.ready["base_url"], &serving.ready["keys"]), (&Value::Null, &json!({})));
    let host = serving.ready["hosts"]["api.fal.ai"].as_str().unwrap();
    assert!(host.starts_with("http://127.0.0.1:"), "{host}");
}

fn run(args: &[&str]) -> Ran {
    ran(&mut greenlight(args))
}

#[rstest]
#[case::play(&["--play", "moderatet"], "`xai` has no play `moderatet`, did you mean `moderated`?")]
#[case::scenario(&["--scenario", "no-credit"], "did you mean `no-credits`?")]
#[case::a_play_as_scenario(&["--scenario", "moderated"], "`greenlight standin --play moderated`")]
#[case::provider(&["--provider", "acme"], "there is no stand-in for `acme`")]
#[case::others(&["--host", "0.0.0.0"], "add `--beyond-loopback`")]
#[case::latency(&["--latency", "2s..1s"], "the shorter time comes first")]
#[case::folder(&["--journal", "/proc/none/calls.jsonl"], "cannot write")]
fn what_it_cannot_do_it_says_before_it_serves(#[case] args: &[&str], #[case] says: &str) {
    let told = run(&[&["standin"], args].concat());
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.all());
    assert!(told.err.contains(says), "{}", told.err);
}

#[test]
fn plays_are_listed_with_what_happens() {
    let list = run(&["standin", "--plays"]);
    assert_eq!(list.code, 0);
    let all = run(&["standin", "--plays", "--format", "json"]).json();
    for play in all.as_array().unwrap() {
        let (id, title) = (play["id"].as_str().unwrap(), play["title"].as_str().unwrap());
        assert!(
            list.out.lines().any(|line| line.trim_start().starts_with(id) && line.ends_with(title)),
            "{id}"
        );
    }
    assert!(run(&["standin", "--plays", "--provider", "fal"]).out.contains("nothing to play"));
}
