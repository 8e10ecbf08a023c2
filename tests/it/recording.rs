//! What really goes over the wire: every request of a check, as a loopback server saw it.

use std::{collections::BTreeSet, process::Command, time::Instant};

use rstest::rstest;
use serde_json::Value;

use crate::support::{
    NOW, Ran, Sample,
    provider::{self, healthy},
    ran,
    recorder::{Answer, Recorder, Request},
    steady,
};

const KEY: &str = "xai-recorded-0123456789";
const MANAGEMENT: &str = "xai-management-0123456789";

/// Every call that the sample project needs; each is made once, although three shots share a model.
const ALL: [&str; 6] = [
    "GET /feed.xml",
    "GET /v1/api-key",
    "GET /v1/billing/teams/team-1/prepaid/balance",
    "GET /v1/me",
    "GET /v1/video-generation-models",
    "GET /v1/video-generation-models/grok-imagine-video",
];

/// A check of a sample with both keys, and its receipt on standard output.
fn check(sample: &Sample, args: &[&str]) -> Command {
    let mut command = sample.greenlight(&["check", "--at", NOW, "--format", "json"]);
    command.args(args).env("XAI_API_KEY", KEY).env("XAI_MANAGEMENT_KEY", MANAGEMENT);
    command
}

fn check_at(base: &str) -> Ran {
    ran(&mut check(&Sample::of("api"), &["--base-url", base]))
}

/// The findings of a check, for one subject each.
fn findings(run: &Ran, check: &str) -> Vec<Value> {
    let receipt = run.json();
    let all = receipt["findings"].as_array().unwrap().iter();
    let found: Vec<_> = all.filter(|finding| finding["check"] == check).cloned().collect();
    assert!(!found.is_empty(), "no {check}: {}", run.all());
    found
}

fn finding(run: &Ran, check: &str) -> Value {
    findings(run, check).remove(0)
}

fn calls(run: &Ran) -> Vec<Value> {
    run.json()["calls"].as_array().unwrap().clone()
}

fn call(run: &Ran, path: &str) -> Value {
    let calls = calls(run);
    let found = calls.iter().find(|call| call["url"].as_str().unwrap().ends_with(path));
    found.unwrap_or_else(|| panic!("no call of {path}: {calls:?}")).clone()
}

/// Method and path pattern of every call on the closed list.
fn closed_list() -> Vec<(String, regex::Regex)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/checklists/owners.toml");
    let table: toml::Table = fs_err::read_to_string(path).unwrap().parse().unwrap();
    let owners = table["owner"].as_array().unwrap();
    let free = owners.iter().filter_map(|owner| owner.get("free")?.as_array()).flatten();
    free.map(|free| {
        let (method, path) = ["get", "head", "post"]
            .iter()
            .find_map(|method| Some((method.to_uppercase(), free.get(method)?.as_str()?)))
            .unwrap();
        let pattern = regex::escape(path).replace(r"\*", "[^/]+");
        (method, regex::Regex::new(&format!("^{pattern}$")).unwrap())
    })
    .collect()
}

fn is_listed(request: &Request) -> bool {
    closed_list().iter().any(|(method, path)| *method == request.method && path.is_match(&request.path))
}

/// The key that belongs to a path of the provider.
fn key_of(path: &str) -> Option<String> {
    if path == "/feed.xml" {
        None
    } else if path.starts_with("/v1/billing/") || path.starts_with("/auth/") {
        Some(format!("Bearer {MANAGEMENT}"))
    } else {
        Some(format!("Bearer {KEY}"))
    }
}

#[rstest]
#[case("")]
#[case("/")]
#[case("/v1")]
#[case("/v1/")]
fn only_listed_calls_arrive_each_once_and_each_with_its_own_key(#[case] tail: &str) {
    let provider = Recorder::start(|request, _| healthy(request));
    let run = check_at(&format!("{}{tail}", provider.origin));
    assert_eq!(provider.lines(), ALL, "{}", run.all());
    for request in provider.requests() {
        assert!(is_listed(&request), "{request:?}");
        assert_eq!(request.key, key_of(&request.path), "{request:?}");
        assert!(!request.headers.iter().any(|(name, _)| name == "cookie"), "{request:?}");
    }
    assert_eq!(calls(&run).len(), ALL.len(), "{}", run.all());
    assert_eq!(finding(&run, "api.key-accepted")["verdict"], "pass", "{}", run.all());
    assert_eq!(run.json()["rehearsal"], serde_json::json!({}), "a loopback server clears nothing");
}

#[test]
fn two_shots_with_two_models_are_asked_for_separately() {
    let provider = Recorder::start(|request, _| healthy(request));
    let sample = Sample::of("api");
    sample.edit("model = \"grok-imagine-video\"", "model = \"an odd/../model?x\"");
    let run = ran(&mut check(&sample, &["--base-url", &provider.origin]));
    let single: Vec<_> =
        provider.lines().into_iter().filter(|line| line.contains("generation-models/")).collect();
    // A name from the project stays one segment of the path.
    assert_eq!(
        single,
        [
            "GET /v1/video-generation-models/an%20odd%2F..%2Fmodel%3Fx",
            "GET /v1/video-generation-models/grok-imagine-video"
        ],
        "{}",
        run.all()
    );
    assert!(provider.requests().iter().all(is_listed));
}

#[test]
fn a_media_address_is_looked_at_without_any_key() {
    let provider = Recorder::start(|request, _| healthy(request));
    let media = Recorder::start_tls(|_, _| Answer::new(200, "image/jpeg", vec![0xff; 2000]));
    let sample = Sample::of("api");
    sample.write("ca.pem", &media.pem);
    sample.edit("\"robot.jpg\"", &format!("\"{}/robot.jpg?sig=s3cret\"", media.origin));
    let lab = ["--base-url", &provider.origin, "--allow-private", "--ca-cert", "ca.pem"];
    let run = ran(&mut check(&sample, &lab));
    let looks = media.requests();
    assert_eq!(media.lines(), ["GET /robot.jpg?sig=s3cret"], "{}", run.all());
    for look in looks {
        assert_eq!(look.key, None);
        let headers = format!("{:?}", look.headers);
        assert!(!headers.contains(KEY) && !headers.contains(MANAGEMENT), "{headers}");
    }
    assert!(!run.all().contains("s3cret"), "{}", run.all());
    assert_eq!(provider.lines(), ALL);
}

#[rstest]
#[case(301)]
#[case(302)]
#[case(307)]
#[case(308)]
fn a_redirect_is_not_followed(#[case] status: u16) {
    let elsewhere = Recorder::start(|request, _| healthy(request));
    let target = elsewhere.origin.clone();
    let provider = Recorder::start(move |request, _| {
        Answer::json(status, "").header("location", &format!("{target}{}", request.path))
    });
    let run = check_at(&provider.origin);
    assert_eq!(elsewhere.lines(), Vec::<String>::new());
    assert_eq!(finding(&run, "api.key-accepted")["fault"], "redirected", "{}", run.all());
    // The balance needs the team's name, which was not given.
    assert_eq!(provider.lines().len(), ALL.len() - 1);
    assert_eq!(call(&run, "/v1/api-key")["status"], status);
}

#[test]
fn a_redirect_of_a_media_address_is_not_followed() {
    let provider = Recorder::start(|request, _| healthy(request));
    let elsewhere = Recorder::start(|_, _| Answer::new(200, "image/jpeg", "x"));
    let target = elsewhere.origin.clone();
    let media =
        Recorder::start_tls(move |_, _| Answer::new(302, "text/plain", "").header("location", &target));
    let sample = Sample::of("api");
    sample.write("ca.pem", &media.pem);
    sample.edit("\"robot.jpg\"", &format!("\"{}/robot.jpg\"", media.origin));
    let lab = ["--base-url", &provider.origin, "--allow-private", "--ca-cert", "ca.pem"];
    let run = ran(&mut check(&sample, &lab));
    assert!(!media.lines().is_empty(), "{}", run.all());
    assert_eq!(elsewhere.lines(), Vec::<String>::new());
    assert_ne!(finding(&run, "api.media-reachable")["verdict"], "pass");
}

#[test]
fn a_foreign_host_is_refused_before_anything_is_sent() {
    let run = check_at("https://example.invalid/v1");
    assert_eq!(run.code, 1, "{}", run.all());
    let official = finding(&run, "api.base-url-official");
    assert_eq!(official["verdict"], "fail");
    assert!(official["seen"].as_str().unwrap().contains("example.invalid"), "{official}");
    for check in ["api.key-accepted", "api.zero-retention"] {
        let finding = finding(&run, check);
        assert_eq!(finding["verdict"], "blocked", "{finding}");
        assert_eq!(finding["by"], "api.base-url-official", "{finding}");
    }
    // In such a run names are not even resolved, so no attempt left this machine.
    for call in calls(&run) {
        assert!(!call["url"].as_str().unwrap().contains("example.invalid"), "{call}");
        assert_eq!((&call["status"], &call["trouble"]), (&Value::Null, &"dns".into()), "{call}");
    }
    assert!(run.json()["rehearsal"].is_null());
}

/// A loopback proxy that lets nothing through sees which hosts would have been called.
#[rstest]
#[case::usual(&[])]
#[case::named_by_hand(&["--base-url", "https://api.x.ai/v1"])]
fn outside_of_a_rehearsal_only_the_owners_hosts_are_asked(#[case] args: &[&str]) {
    let proxy = Recorder::start(|_, _| Answer::json(403, ""));
    let run = ran(check(&Sample::of("api"), args).env("HTTPS_PROXY", &proxy.origin));
    let mut hosts = proxy.lines();
    hosts.dedup();
    assert_eq!(hosts, ["CONNECT api.x.ai:443", "CONNECT status.x.ai:443"], "{}", run.all());
    assert!(!format!("{:?}", proxy.requests()).contains("0123456789"), "a key went to the proxy");
    assert_eq!(run.code, 3, "{}", run.all());
    assert_eq!(finding(&run, "api.base-url-official")["verdict"], "pass");
}

/// Someone who rehearses with a variable set is told so, and nothing goes there.
#[test]
fn the_flag_rehearses_whatever_a_variable_says() {
    let [one, two] = [(); 2].map(|()| Recorder::start(|request, _| healthy(request)));
    let run = ran(check(&Sample::of("api"), &["--base-url", &two.origin]).env("XAI_BASE_URL", &one.origin));
    assert_eq!((one.lines(), two.lines()), (Vec::new(), ALL.map(str::to_owned).to_vec()));
    let official = finding(&run, "api.base-url-official");
    let told = format!("set by --base-url: a rehearsal; XAI_BASE_URL names {}, where", one.origin);
    assert!(
        official["verdict"] == "pass" && official["seen"].as_str().unwrap().contains(&told),
        "{official}"
    );
}

#[rstest]
#[case("https://user:hunter2@example.invalid")]
#[case("http://example.invalid")]
#[case("https://example.invalid?key=1")]
#[case("not an address")]
fn a_base_url_that_is_none_is_a_mistake_of_use(#[case] url: &str) {
    let run = check_at(url);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains("--base-url"), "{}", run.err);
    assert!(!run.err.contains("hunter2"), "{}", run.err);
}

#[test]
fn offline_nothing_is_asked() {
    let provider = Recorder::start(|request, _| healthy(request));
    let run = ran(&mut check(&Sample::of("api"), &["--base-url", &provider.origin, "--offline"]));
    assert_eq!(provider.lines(), Vec::<String>::new());
    assert_eq!(calls(&run), Vec::<Value>::new());
    assert_eq!(run.code, 3, "{}", run.all());
    let accepted = finding(&run, "api.key-accepted");
    assert_eq!((&accepted["verdict"], &accepted["reason"]), (&"unknown".into(), &"not-made".into()));
}

#[rstest]
#[case::missing(None, "not set")]
#[case::empty(Some(""), "empty")]
#[case::other_vendor(Some("gsk_0123456789abcdef"), "a Groq key")]
#[case::another_vendor(Some("sk-0123456789abcdef"), "OpenAI")]
#[case::white_space(Some("xai-0123 456789"), "white space")]
#[case::line_break(Some("xai-0123456789\n"), "white space")]
#[case::quoted(Some("\"xai-0123456789\""), "quotation marks")]
fn without_a_usable_key_no_keyed_call_is_made(#[case] key: Option<&str>, #[case] says: &str) {
    let provider = Recorder::start(|request, _| healthy(request));
    let mut command = check(&Sample::of("api"), &["--base-url", &provider.origin]);
    command.env_remove("XAI_API_KEY").envs(key.map(|key| ("XAI_API_KEY", key)));
    let sample = Sample::of("api");
    let run = ran(command.current_dir(sample.path()));
    assert_eq!(provider.lines(), ["GET /feed.xml"], "{}", run.all());
    assert!(provider.requests().iter().all(|request| request.key.is_none()));
    let present = finding(&run, "api.key-present");
    assert_eq!(present["verdict"], "fail");
    assert!(present["seen"].as_str().unwrap().contains(says), "{present}");
    assert_eq!(finding(&run, "api.key-accepted")["by"], "api.key-present");
    assert_eq!(run.code, 1);
    let shown = key.is_some_and(|key| key.len() > 4 && run.all().contains(key.trim_matches(['"', '\n'])));
    assert!(!shown, "{}", run.all());
}

#[test]
fn without_a_management_key_the_balance_is_not_asked_for() {
    let provider = Recorder::start(|request, _| healthy(request));
    let sample = Sample::of("api");
    let run = ran(check(&sample, &["--base-url", &provider.origin]).env_remove("XAI_MANAGEMENT_KEY"));
    assert!(!provider.lines().iter().any(|line| line.contains("billing")), "{:?}", provider.lines());
    let balance = finding(&run, "api.balance-covers");
    assert_eq!(balance["verdict"], "unknown");
    assert!(balance["seen"].as_str().unwrap().contains("XAI_MANAGEMENT_KEY"), "{balance}");
}

#[test]
fn a_dead_host_leaves_all_other_checks_reported() {
    let usual = Recorder::start(|request, _| healthy(request));
    let dead = Recorder::start(|request, _| {
        let cut = request.path == "/feed.xml";
        Answer { cut, ..healthy(request) }
    });
    let others = |origin: &str| {
        let run = check_at(origin);
        let port = origin.rsplit(':').next().unwrap().to_owned();
        let mut findings = run.json()["findings"].as_array().unwrap().clone();
        findings.retain(|finding| finding["check"] != "api.service-status");
        (run, steady(&Value::from(findings).to_string().replace(&port, "PORT")))
    };
    let (_, healthy) = others(&usual.origin);
    let (run, others) = others(&dead.origin);
    assert_eq!(others, healthy);
    let status = finding(&run, "api.service-status");
    assert_eq!((&status["verdict"], &status["fault"]), (&"unknown".into(), &"broken".into()));
}

/// Answers the first requests of each path like this, and is healthy after that.
fn after(failures: usize, answer: impl Fn() -> Answer + Send + Sync + 'static) -> Recorder {
    Recorder::start(move |request, earlier| {
        let fails = request.path == "/v1/api-key" && earlier < failures;
        if fails { answer() } else { healthy(request) }
    })
}

const LIMITED: &str = r#"{"code":"resource-exhausted","error":"Too many requests for this team."}"#;

#[rstest]
#[case::limited(429, LIMITED)]
#[case::limited_without_words(429, "")]
#[case::broken_inside(500, r#"{"error":"Service temporarily unavailable."}"#)]
#[case::gateway(503, "")]
fn a_passing_failure_is_retried(#[case] status: u16, #[case] body: &'static str) {
    let provider = after(1, move || Answer::json(status, body).header("retry-after", "0"));
    let run = check_at(&provider.origin);
    assert_eq!(finding(&run, "api.key-accepted")["verdict"], "pass", "{}", run.all());
    let call = call(&run, "/v1/api-key");
    assert_eq!((&call["attempts"], &call["status"]), (&2.into(), &200.into()));
    assert_eq!(provider.lines().iter().filter(|line| line.ends_with("/v1/api-key")).count(), 2);
}

#[rstest]
#[case::no_credits(403, "Your newly created team doesn't have any credits or licenses yet.", "no-credits")]
#[case::used_up(
    429,
    "Your team has either used all available credits or reached its monthly spending limit.",
    "credits-used-up"
)]
#[case::free_quota(429, "Free usage quota exceeded.", "free-quota-used-up")]
#[case::bad_key(400, "Incorrect API key provided.", "key-refused")]
#[case::endpoint(403, "Access to the video endpoint is denied.", "endpoint-denied")]
fn a_failure_that_needs_a_person_is_not_retried(
    #[case] status: u16,
    #[case] error: &'static str,
    #[case] fault: &str,
) {
    let body = serde_json::json!({ "code": "permission-denied", "error": error }).to_string();
    let provider = after(1, move || Answer::json(status, body.clone()).header("retry-after", "0"));
    let run = check_at(&provider.origin);
    let accepted = finding(&run, "api.key-accepted");
    assert_eq!((&accepted["verdict"], &accepted["fault"]), (&"fail".into(), &fault.into()), "{}", run.all());
    assert_eq!(call(&run, "/v1/api-key")["attempts"], 1);
    assert_eq!(run.code, 1);
}

#[rstest]
#[case("86400")]
#[case("99999999999999999999")]
#[case("Thu, 31 Dec 2099 23:59:59 GMT")]
fn an_absurd_retry_after_ends_the_call(#[case] wish: &'static str) {
    let provider = after(9, move || Answer::json(429, LIMITED).header("retry-after", wish));
    let started = Instant::now();
    let run = check_at(&provider.origin);
    assert!(started.elapsed().as_secs() < 20, "it waited");
    assert_eq!(call(&run, "/v1/api-key")["attempts"], 1, "{}", run.all());
    assert_eq!(finding(&run, "api.key-accepted")["fault"], "rate-limited");
}

#[test]
fn retries_come_to_an_end() {
    let provider = after(99, || Answer::json(429, LIMITED));
    let run = check_at(&provider.origin);
    let made = provider.lines().iter().filter(|line| line.ends_with("/v1/api-key")).count();
    assert!((2..=5).contains(&made), "{made} attempts");
    assert_eq!(call(&run, "/v1/api-key")["attempts"], made);
}

#[test]
fn the_receipt_tells_of_exactly_the_requests_that_arrived() {
    let provider = after(1, || Answer::json(429, LIMITED));
    let run = check_at(&provider.origin);
    let told: BTreeSet<String> = calls(&run)
        .iter()
        .map(|call| {
            let path = call["url"].as_str().unwrap().strip_prefix(&provider.origin).unwrap();
            format!("{} {path} {}", call["method"].as_str().unwrap(), call["attempts"])
        })
        .collect();
    let lines = provider.lines();
    let arrived: BTreeSet<String> = lines
        .iter()
        .map(|line| format!("{line} {}", lines.iter().filter(|other| *other == line).count()))
        .collect();
    assert_eq!(told, arrived);
    assert!(lines.iter().any(|line| line.contains(provider::TEAM)));
}
