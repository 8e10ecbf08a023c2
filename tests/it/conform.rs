//! Clients are graded: a careful one keeps every rule, and each careless one breaks exactly the rule it should.

#![expect(clippy::disallowed_methods, reason = "the clients of these tests call the stand-in")]

use std::{collections::BTreeSet, env, process::Command, time::Duration};

use reqwest::{Client, Response};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Ran, Sample, ran};

/// Tells this binary to act as a client, and which one.
const CLIENT: &str = "GREENLIGHT_TEST_CLIENT";

/// A careful client makes no more polls than this without success.
const MOST_POLLS: usize = 8;

/// A client of the provider, careful except for one habit.
struct Acting {
    habit: String,
    base: String,
    key: String,
    client: Client,
}

/// Not a test: the other tests run it as a client.
#[tokio::test]
#[ignore = "it is the client of other tests"]
async fn acts_as_a_client() {
    let Ok(habit) = env::var(CLIENT) else { return };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client =
        Client::builder().no_proxy().tls_certs_only([]).timeout(Duration::from_secs(5)).build().unwrap();
    let (base, key) = (env::var("XAI_BASE_URL").unwrap(), env::var("XAI_API_KEY").unwrap());
    let acting = Acting { habit, base, key, client };
    let made = acting.clip().await;
    if !acting.has("ends-well") {
        made.unwrap();
    }
}

impl Acting {
    fn has(&self, habit: &str) -> bool {
        self.habit == habit
    }

    #[expect(clippy::print_stdout, reason = "a client says which job it made")]
    async fn clip(&self) -> Result<(), String> {
        let id = self.create().await?;
        if !self.has("says-no-id") {
            println!("job {id}");
        }
        let url = self.ended(&id).await;
        if url.is_err() && self.has("tries-another") {
            drop(self.create().await);
        }
        match url? {
            url if !self.has("stores-nothing") => self.stored(&url).await,
            _ => Ok(()),
        }
    }

    async fn create(&self) -> Result<String, String> {
        let mut body = json!({ "model": "grok-imagine-video", "prompt": "A calm sea", "duration": 1, "resolution": "480p" });
        if self.has("misnames-the-image") {
            body["image_url"] = "https://pictures.example/a.png".into();
        }
        if self.has("says-no-length") {
            body.as_object_mut().unwrap().remove("duration");
        }
        let send = || async {
            let request =
                self.client.post(format!("{}/videos/generations", self.base)).bearer_auth(&self.key);
            let request = request.header("content-type", "application/json").body(body.to_string());
            let reply = request.send().await.map_err(|error| error.to_string())?;
            let told = read(reply).await?;
            told["request_id"].as_str().map(str::to_owned).ok_or_else(|| format!("no id in {told}"))
        };
        match send().await {
            Err(_) if self.has("sends-again") => send().await,
            other => other,
        }
    }

    /// Polls until the job has ended; returns the link of its clip.
    async fn ended(&self, id: &str) -> Result<String, String> {
        let mut after_the_end = 0;
        for _ in 0..MOST_POLLS {
            let request = self.client.get(format!("{}/videos/{id}", self.base)).bearer_auth(&self.key);
            let Ok(reply) = request.send().await else { continue };
            let status = reply.status().as_u16();
            if status == 429 || status >= 500 {
                if self.has("gives-up-at-once") {
                    return Err(format!("HTTP {status}"));
                }
                continue;
            }
            if status == 202 && !self.has("reads-every-body") {
                continue;
            }
            let told = match read(reply).await {
                Ok(told) => told,
                Err(why) if status == 202 => return Err(why),
                Err(_) if status == 200 => continue,
                Err(why) => {
                    after_the_end += 1;
                    if self.has("polls-on") && after_the_end < 3 {
                        continue;
                    }
                    return Err(why);
                }
            };
            if status == 202 {
                continue;
            }
            let url = told["video"]["url"].as_str().filter(|url| !url.is_empty());
            return url.map(str::to_owned).ok_or_else(|| format!("no clip: {told}"));
        }
        Err("it never ended".to_owned())
    }

    async fn stored(&self, url: &str) -> Result<(), String> {
        let mut last = String::new();
        for _ in 0..3 {
            let mut request = self.client.get(url);
            if self.has("sends-the-key-along") {
                request = request.bearer_auth(&self.key);
            }
            let reply = request.send().await.map_err(|error| error.to_string())?;
            let (status, kind) = (reply.status(), reply.headers().get("content-type").cloned());
            let whole = match reply.bytes().await {
                Ok(bytes) if status == 200 => {
                    kind.is_some_and(|kind| kind == "video/mp4") && is_whole(&bytes)
                }
                _ => false,
            };
            if whole {
                return Ok(());
            }
            last = format!("no clip at HTTP {status}");
            if self.has("downloads-once") {
                break;
            }
        }
        Err(last)
    }
}

fn is_whole(bytes: &[u8]) -> bool {
    re_mp4::Mp4::read_bytes(bytes).is_ok_and(|read| {
        let end = |track: &re_mp4::Track| track.samples.iter().map(|one| one.offset + one.size).max();
        read.tracks().values().filter_map(end).all(|end| usize::try_from(end).unwrap() <= bytes.len())
    })
}

async fn read(reply: Response) -> Result<Value, String> {
    let status = reply.status();
    let bytes = reply.bytes().await.map_err(|error| error.to_string())?;
    let told: Value = serde_json::from_slice(&bytes).map_err(|error| format!("HTTP {status}: {error}"))?;
    if status.is_success() { Ok(told) } else { Err(format!("HTTP {status}: {told}")) }
}

fn graded(sample: &Sample, habit: &str, args: &[&str]) -> Ran {
    let me = env::current_exe().unwrap();
    let client = [me.to_str().unwrap(), "conform::acts_as_a_client", "--exact", "--ignored", "--nocapture"];
    let mut command: Command = sample.greenlight(&[&["conform", "--quiet"], args, &["--"], &client].concat());
    ran(command.env(CLIENT, habit))
}

fn broken(report: &Value, standing: &str) -> BTreeSet<String> {
    let rules = report["rules"].as_array().unwrap().iter().filter(|rule| rule["standing"] == standing);
    rules.map(|rule| rule["id"].as_str().unwrap().to_owned()).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// It polls faster than it should, to keep the test short; everything else is right, and all of it is seen.
#[test]
fn a_careful_client_keeps_every_other_rule() {
    let graded = graded(&Sample::empty(), "careful", &["--format", "json", "--jobs", "4"]);
    let report = graded.json();
    assert_eq!(broken(&report, "broken"), set(&["polls-politely", "waits-as-told"]), "{report:#}");
    assert_eq!((broken(&report, "not-seen"), graded.code), (set(&[]), 1), "{report:#}");
}

#[rstest]
#[case("sends-again", "no-resend", "cut-after-accept")]
#[case("sends-again", "no-resend", "error-after-accept")]
#[case("sends-again", "no-resend", "no-request-id")]
#[case("sends-the-key-along", "no-key-with-download", "done")]
#[case("reads-every-body", "survives-an-empty-answer", "poll-empty")]
#[case("gives-up-at-once", "survives-a-bad-poll", "poll-error")]
#[case("polls-on", "stops-at-the-end", "moderated")]
#[case("polls-on", "stops-at-the-end", "forgotten")]
#[case("ends-well", "tells-failure", "expired")]
#[case("ends-well", "tells-failure", "download-short")]
#[case("tries-another", "no-job-after-moderation", "moderated")]
#[case("stores-nothing", "stores-the-clip", "done")]
#[case("downloads-once", "downloads-again", "download-cut")]
#[case("says-no-id", "logs-the-request-id", "never")]
#[case("misnames-the-image", "sends-what-is-read", "done")]
#[case("says-no-length", "says-what-it-wants", "done")]
fn each_careless_habit_is_named_and_no_other(#[case] habit: &str, #[case] rule: &str, #[case] play: &str) {
    let sample = Sample::empty();
    let report = graded(&sample, habit, &["--format", "json", "--play", play]).json();
    assert_eq!(&broken(&report, "broken") - &set(&["polls-politely"]), set(&[rule]), "{report:#}");
    let found = report["rules"].as_array().unwrap().iter().find(|one| one["id"] == rule).unwrap();
    let bad = found["sightings"].as_array().unwrap().iter().find(|one| one["kept"] == false).unwrap();
    assert_eq!(bad["play"], play);
    assert!(!bad["lines"].as_array().unwrap().is_empty(), "{bad}");
    let careful = graded(&sample, "careful", &["--format", "json", "--play", play]).json();
    assert!(!broken(&careful, "broken").contains(rule), "{careful:#}");
}

#[test]
fn a_rule_that_was_not_seen_ends_with_hold() {
    let graded = graded(&Sample::empty(), "careful", &["--play", "never"]);
    assert_eq!(graded.code, 3, "{}", graded.all());
    assert!(
        graded.out.contains("NOT ALL SEEN") && graded.out.contains("not seen  sends no create again"),
        "{}",
        graded.out
    );
}

#[rstest]
#[case("markdown", "report.md", "# greenlight conform")]
#[case("junit", "report.xml", "<testsuites")]
fn a_conformance_is_written_for_others(#[case] format: &str, #[case] name: &str, #[case] starts: &str) {
    let sample = Sample::empty();
    let graded =
        graded(&sample, "sends-the-key-along", &["--format", format, "--output", name, "--play", "done"]);
    assert_eq!((graded.code, graded.out.as_str()), (1, ""), "{}", graded.all());
    let text = fs_err::read_to_string(sample.path().join(name)).unwrap();
    assert!(text.contains(starts) && text.contains("the download came with a key"), "{text}");
}

#[rstest]
#[case::no_client(&["conform", "--", "./no-such-client"], "cannot start the client")]
#[case::no_rules(&["conform", "--provider", "fal", "--", "true"], "there are no rules for its clients")]
#[case::no_play(&["conform", "--play", "moderatet", "--", "true"], "did you mean `moderated`?")]
#[case::nothing(&["conform"], "COMMAND")]
fn what_cannot_be_graded_is_told(#[case] args: &[&str], #[case] says: &str) {
    let told = ran(&mut crate::support::greenlight(args));
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains(says), "{}", told.err);
}

#[cfg(unix)]
#[test]
fn a_client_out_of_time_ends_with_all_it_started() {
    let sample = Sample::empty();
    // The child process holds the pipe open; reading it ends only when both processes are gone.
    let (reader, writer) = std::io::pipe().unwrap();
    let mut command =
        crate::support::greenlight(&["conform", "--play", "never", "--patience", "200ms", "--"]);
    command.args(["sh", "-c", "sleep 600 & wait"]).current_dir(sample.path()).stdin(writer);
    let told = ran(&mut command);
    assert_eq!(told.code, 3, "{}", told.all());
    drop(command);
    assert_eq!(std::io::read_to_string(reader).unwrap(), "");
}

#[test]
fn a_report_is_evidence_for_what_its_rules_are_about_and_for_nothing_else() {
    let sample = Sample::of("api");
    let answer = |check: &str, report: &str| {
        ran(&mut sample.greenlight(&["answer", check, "--value", "yes", "--by", "Ann", "--evidence", report]))
    };
    let graded_into = |habit: &str, name: &str, more: &[&str]| {
        let flags = [&["--jobs", "4", "--format", "json", "--output", name][..], more].concat();
        graded(&sample, habit, &flags)
    };
    graded_into("careful", "careful.json", &[]);
    let report = fs_err::read_to_string(sample.path().join("careful.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let supported =
        report["rules"].as_array().unwrap().iter().flat_map(|rule| rule["supports"].as_array().unwrap());
    let supported: BTreeSet<_> = supported.map(|check| check.as_str().unwrap()).collect();
    assert!(supported.contains("api.terminal-states") && supported.contains("api.request-id-logged"));
    for check in supported {
        let told = answer(check, "careful.json");
        assert_eq!(told.code, 0, "{}", told.all());
        assert!(told.out.contains(&format!("Recorded {check}")), "{}", told.out);
        assert!(!told.all().contains("does not count"), "{}", told.all());
    }
    let told = answer("api.failure-billing", "careful.json");
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains("none of its rules is about this"), "{}", told.err);
    graded_into("polls-on", "careless.json", &["--play", "moderated"]);
    let told = answer("api.terminal-states", "careless.json");
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains("it is a conformance report that says broken: stops polling"), "{}", told.err);
    graded_into("careful", "part.json", &["--play", "moderated"]);
    let told = answer("api.terminal-states", "part.json");
    assert_eq!(told.code, 2, "{}", told.all());
    assert!(told.err.contains("it is a conformance report that says not"), "{}", told.err);
}
