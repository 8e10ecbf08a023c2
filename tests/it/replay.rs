//! `--record` and `--replay`: the same judgement from the same replies, without a network.

use std::net::TcpListener;

use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{
    NOW, Ran, Sample, every_scenario, finding,
    provider::healthy,
    ran,
    recorder::{Answer, Recorder},
    steady,
};

const KEY: &str = "xai-CANARY-of-a-developer";

/// Looks like another person's key.
const FOREIGN: &str = "xai-0123456789abcdefghij";

fn check(sample: &Sample, args: &[&str]) -> Ran {
    ran(sample.greenlight(&["check", "--at", NOW, "--format", "json"]).args(args))
}

/// Runs against a provider with a key, and records.
fn record(sample: &Sample, origin: &str) -> Ran {
    record_with(sample, origin, &[])
}

fn record_with(sample: &Sample, origin: &str, more: &[&str]) -> Ran {
    let args = ["check", "--at", NOW, "--format", "json", "--base-url", origin, "--record", "run.json"];
    let run = ran(sample.greenlight(&args).args(more).env("XAI_API_KEY", KEY).env("XAI_MANAGEMENT_KEY", KEY));
    assert!(run.err.is_empty(), "{}", run.all());
    run
}

fn replay(sample: &Sample) -> Ran {
    check(sample, &["--replay", "run.json"])
}

fn transcript(sample: &Sample) -> Value {
    serde_json::from_str(&fs_err::read_to_string(sample.path().join("run.json")).unwrap()).unwrap()
}

/// A receipt without the fields of a replay, the proxy in between, and the free space on this disk.
fn judged(run: &Ran) -> Value {
    let mut receipt: Value =
        serde_json::from_str(&free(&run.out)).unwrap_or_else(|_| panic!("{}", run.all()));
    for own in ["replay", "digest", "made", "via"] {
        receipt.as_object_mut().unwrap().remove(own);
    }
    // All replayed calls have the time at which the recording started.
    let alone = receipt.get("reports").is_none();
    let reports = if alone {
        vec![&mut receipt]
    } else {
        receipt["reports"].as_array_mut().unwrap().iter_mut().collect()
    };
    for call in reports.into_iter().flat_map(|report| report["calls"].as_array_mut().unwrap()) {
        call.as_object_mut().unwrap().remove("at");
    }
    receipt
}

/// The free space on a disk changes all the time.
fn free(text: &str) -> String {
    regex::Regex::new("[0-9.]+ [KMGT]iB free").unwrap().replace_all(text, "ROOM free").into_owned()
}

/// A recording of the healthy provider, whose server is gone.
fn recorded() -> (Sample, Ran) {
    let (sample, provider) = (Sample::of("api"), Recorder::start(|request, _| healthy(request)));
    let run = record(&sample, &provider.origin);
    (sample, run)
}

#[test]
fn every_scenario_is_judged_again_as_it_was() {
    every_scenario(|id, _| {
        let sample = Sample::of("api");
        let live = check(&sample, &["--rehearse", id, "--record", "run.json"]);
        let again = replay(&sample);
        assert_eq!(judged(&live), judged(&again), "{id}");
        assert_eq!(live.code, again.code, "{id}");
        assert_eq!(again.json()["rehearsal"]["scenario"], id);
    });
}

#[test]
fn a_replay_needs_no_server_no_key_and_opens_no_connection() {
    let (sample, live) = recorded();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    silent.set_nonblocking(true).unwrap();
    let origin = format!("http://{}", silent.local_addr().unwrap());
    let mut command = sample.greenlight(&["check", "--at", NOW, "--format", "json", "--replay", "run.json"]);
    command.env("XAI_BASE_URL", &origin).env("HTTPS_PROXY", &origin).env("HTTP_PROXY", &origin);
    let again = ran(&mut command);
    assert_eq!(judged(&again), judged(&live));
    assert!(live.json()["calls"].as_array().unwrap().len() >= 4, "{}", live.all());
    assert_eq!(silent.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_look_at_a_media_address_is_recorded_too() {
    let image = fs_err::read(Sample::of("api").path().join("robot.jpg")).unwrap();
    let media = Recorder::start_tls(move |_, _| Answer::new(200, "image/jpeg", image.clone()));
    let provider = Recorder::start(|request, _| healthy(request));
    let sample = Sample::of("api");
    sample.write("ca.pem", &media.pem);
    sample.edit("\"robot.jpg\"", &format!("\"{}/robot.jpg?X-Signature=signed-CANARY\"", media.origin));
    let live = record_with(&sample, &provider.origin, &["--allow-private", "--ca-cert", "ca.pem"]);
    let looks = media.requests().len();
    assert!(looks > 0);
    let kept = fs_err::read_to_string(sample.path().join("run.json")).unwrap();
    assert!(kept.contains("robot.jpg?X-Signature=…") && !kept.contains("CANARY"), "{kept}");
    assert_eq!(judged(&replay(&sample)), judged(&live));
    sample.edit("X-Signature=signed", "X-Signature=other");
    let other = replay(&sample).json();
    // A run that was allowed to look at a private address is no clearance now.
    assert_eq!(other["allow-private"], true);
    let looked = |receipt: &Value| receipt["calls"].to_string().contains("robot.jpg");
    assert!(looked(&live.json()) && !looked(&other));
    assert_eq!(media.requests().len(), looks, "a replay looked");
}

#[test]
fn local_files_are_looked_at_as_they_are_now() {
    let (sample, live) = recorded();
    assert_eq!(finding(&live.json(), "api.media-present", None)["verdict"], "pass");
    fs_err::remove_file(sample.path().join("robot.jpg")).unwrap();
    assert_eq!(finding(&replay(&sample).json(), "api.media-present", None)["verdict"], "fail");
}

#[test]
fn a_replay_judges_as_of_the_recording_unless_told_otherwise() {
    let (sample, _) = recorded();
    let kept = fs_err::read_to_string(sample.path().join("run.json")).unwrap();
    let told = ran(&mut sample.greenlight(&["check", "--replay", "run.json", "--format", "json"])).json();
    assert_eq!(told["at"], transcript(&sample)["recorded"]);
    assert_eq!(told["replay"]["recorded"], transcript(&sample)["recorded"]);
    let digest = Sha256::digest(&kept).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    assert_eq!(told["replay"]["sha256"], digest);
    assert_eq!(replay(&sample).json()["at"], NOW);
}

#[test]
fn a_call_that_was_not_recorded_is_unknown() {
    let (sample, _) = recorded();
    let mut kept = transcript(&sample);
    let accepted = |one: &Value| one["url"].as_str().is_some_and(|url| url.ends_with("/v1/api-key"));
    kept["exchanges"].as_array_mut().unwrap().retain(|one| !accepted(one));
    sample.write("run.json", &kept.to_string());
    let again = replay(&sample);
    let accepted = finding(&again.json(), "api.key-accepted", None).clone();
    assert_eq!(
        (&accepted["verdict"], &accepted["reason"]),
        (&json!("unknown"), &json!("not-made")),
        "{accepted}"
    );
    assert_eq!(accepted["seen"], "not called: not in the transcript");
    assert_ne!(again.code, 0);
}

/// An id is an unreadable digest: what is shown next to it must be the call.
#[rstest]
#[case::another_server("url", json!("https://evil.example/v1/api-key"))]
#[case::another_path("url", json!("https://api.x.ai/v1/me"))]
#[case::another_path_here("url", json!("http://127.0.0.1:1/v1/me"))]
#[case::another_method("method", json!("HEAD"))]
#[case::another_body("body", json!({"a": 1}))]
fn a_reply_counts_for_the_call_that_is_shown_with_it(#[case] field: &str, #[case] value: Value) {
    let (sample, _) = recorded();
    let mut kept = transcript(&sample);
    let accepted = |one: &&mut Value| one["url"].as_str().is_some_and(|url| url.ends_with("/v1/api-key"));
    kept["exchanges"].as_array_mut().unwrap().iter_mut().find(accepted).unwrap()[field] = value;
    sample.write("run.json", &kept.to_string());
    let again = replay(&sample);
    let accepted = finding(&again.json(), "api.key-accepted", None).clone();
    assert_eq!(accepted["seen"], "not called: not in the transcript", "{accepted}");
}

#[test]
fn a_key_that_was_not_there_is_not_there_in_a_replay() {
    let sample = Sample::of("api");
    let live = check(&sample, &["--record", "run.json", "--only", "api.key-present"]);
    assert_eq!(transcript(&sample)["keys"]["XAI_API_KEY"], "missing", "{}", live.all());
    let args =
        ["check", "--at", NOW, "--format", "json", "--replay", "run.json", "--only", "api.key-present"];
    let again = ran(sample.greenlight(&args).env("XAI_API_KEY", KEY));
    assert_eq!(judged(&again), judged(&live));
    assert_eq!(finding(&again.json(), "api.key-present", None)["verdict"], "fail");
    let mut kept = transcript(&sample);
    kept["keys"] = json!({});
    kept["bases"] = json!({});
    sample.write("run.json", &kept.to_string());
    let blank = replay(&sample).json();
    for check in ["api.key-present", "api.base-url-official"] {
        assert_eq!(finding(&blank, check, None)["verdict"], "unknown", "{blank:#}");
    }
}

#[test]
fn the_table_says_what_it_is() {
    let (sample, _) = recorded();
    let shown = ran(&mut sample.greenlight(&["check", "--replay", "run.json", "--only", "api.key-accepted"]));
    let recorded = regex::Regex::new(r"20\d\d-\d\d-\d\d \d\d:\d\d UTC").unwrap();
    insta::assert_snapshot!(recorded.replace_all(&steady(&shown.all()), "DAY TIME UTC"));
}

#[test]
fn a_transcript_fits_its_schema_and_holds_no_key() {
    let (sample, _) = recorded();
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/transcript.schema.json");
    let schema: Value = serde_json::from_str(&fs_err::read_to_string(schema).unwrap()).unwrap();
    assert!(jsonschema::is_valid(&schema, &transcript(&sample)));
    assert!(!transcript(&sample).to_string().contains("CANARY"));
}

// Files that aren't transcripts.

fn with(pointer: &str, value: Value) -> impl FnOnce(&str) -> String + use<> {
    let pointer = pointer.to_owned();
    move |text| {
        let mut kept: Value = serde_json::from_str(text).unwrap();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        kept.pointer_mut(parent).unwrap()[name] = value;
        serde_json::to_string_pretty(&kept).unwrap()
    }
}

fn twice(text: &str) -> String {
    let mut kept: Value = serde_json::from_str(text).unwrap();
    let first = kept["exchanges"][0].clone();
    kept["exchanges"].as_array_mut().unwrap().push(first);
    kept.to_string()
}

#[rstest]
#[case::truncated(|text: &str| text[..text.len() / 2].to_owned(), &["EOF while parsing", " at line "])]
#[case::empty(|_: &str| String::new(), &["EOF while parsing a value at line 1 column 0"])]
#[case::no_json(|_: &str| "GO\n".to_owned(), &["expected value at line 1 column 1"])]
#[case::a_receipt(|_: &str| "{\"schema-version\":1,\"findings\":[]}".to_owned(), &["unknown field `findings`", "line 1"])]
#[case::unknown_field(with("/exchanges/0/note", json!(1)), &["unknown field `note`", "line "])]
#[case::wrong_type(with("/exchanges/0/outcome/reply/status", json!("200")), &["invalid type", "line "])]
#[case::later(with("/schema-version", json!(7)), &["version 7", "reads versions 1 to 2"])]
#[case::twice(twice, &["$.exchanges[", "an earlier exchange has the same id"])]
#[case::deep(|_: &str| "[".repeat(100_000), &["it is not a transcript", " at line 1 column "])]
#[case::deep_body(
    |text: &str| {
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        with("/exchanges/0/outcome/reply/body", json!({ "json": "HERE" }))(text).replace("\"HERE\"", &deep)
    },
    &["recursion limit exceeded at line "],
)]
#[case::key(with("/exchanges/0/outcome/reply/body", json!({"json": {"name": [FOREIGN]}})), &["what looks like an xAI key at $.exchanges[0].outcome.reply.body.json.name[0]"])]
#[case::other_key(with("/tool/name", json!("gsk_0123456789abcdefghij")), &["what looks like a Groq key at $.tool.name"])]
#[case::own_key(with("/exchanges/0/url", json!(format!("https://a.example/{KEY}"))), &["a key of this environment at $.exchanges[0].url"])]
#[case::own_key_in_a_name(with(&["/keys/", KEY].concat(), json!("present")), &["a key of this environment as the name of a field at $.keys"])]
#[case::key_of_wrong_type(with("/exchanges/0/attempts", json!(FOREIGN)), &["an xAI key at $.exchanges[0].attempts"])]
#[case::key_in_broken_text(|text: &str| format!("{}\n{FOREIGN}", &text[..100]), &["an xAI key at line "])]
#[case::header(with("/exchanges/0/outcome/reply/headers/Authorization", json!("x")), &["the field `authorization`"])]
fn a_file_that_is_no_transcript_is_refused(
    #[case] wrong: impl FnOnce(&str) -> String,
    #[case] says: &[&str],
) {
    let (sample, _) = recorded();
    let text = wrong(&fs_err::read_to_string(sample.path().join("run.json")).unwrap());
    sample.write("run.json", &text);
    let mut command = sample.greenlight(&["check", "--replay", "run.json"]);
    let run = ran(command.env("XAI_API_KEY", KEY).env("RUST_BACKTRACE", "1"));
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
    assert!(run.err.contains("run.json") && run.err.contains("hint: "), "{}", run.err);
    for part in says {
        assert!(run.err.contains(part), "no {part:?} in {}", run.err);
    }
    for key in [KEY, FOREIGN, "CANARY", "0123456789abcdef"] {
        assert!(!run.err.contains(key), "{}", run.err);
    }
}

#[test]
fn a_file_of_another_kind_is_refused() {
    let sample = Sample::of("api");
    fs_err::create_dir(sample.path().join("folder")).unwrap();
    sample.write_bytes("bytes", b"{\"a\": \"\xff\"}");
    fs_err::File::create(sample.path().join("huge")).unwrap().set_len((32 << 20) + 1).unwrap();
    for (name, says) in [
        ("folder", "it is a folder, not a file"),
        ("bytes", "it is not UTF-8 text"),
        ("huge", "larger than 32 MiB"),
        ("gone", "file not found"),
    ] {
        let run = check(&sample, &["--replay", name]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.all());
        assert!(run.err.contains(name) && run.err.contains(says), "{}", run.err);
    }
}

#[rstest]
#[case(&["--record", "a", "--replay", "run.json"], "cannot be used with")]
#[case(&["--rehearse", "--replay", "run.json"], "cannot be used with")]
#[case(&["--base-url", "http://127.0.0.1:1", "--replay", "run.json"], "cannot be used with")]
#[case(&["--offline", "--record", "a"], "no calls are made offline")]
fn what_makes_no_sense_together_is_refused(#[case] args: &[&str], #[case] says: &str) {
    let run = check(&Sample::of("api"), args);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains(says), "{}", run.err);
}

// Writing.

#[test]
fn a_transcript_and_a_report_need_a_file_each() {
    let run = check(&Sample::of("api"), &["--rehearse", "--record", "a.json", "--report", "json=a.json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("another output goes to the same file"), "{}", run.err);
}

#[test]
fn a_transcript_is_written_on_no_go_too_and_for_its_owner_alone() {
    let sample = Sample::of("api");
    sample.write("old.json", "somebody else's longer text, which is replaced as a whole");
    for name in ["deep/er/run.json", "old.json"] {
        let run = check(&sample, &["--rehearse", "bad-key", "--record", name]);
        assert_eq!((run.code, run.err.as_str()), (1, ""));
        let path = sample.path().join(name);
        let kept: Value = serde_json::from_str(&fs_err::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(kept["rehearsal"]["scenario"], "bad-key");
        #[cfg(unix)]
        {
            let mode =
                std::os::unix::fs::PermissionsExt::mode(&fs_err::metadata(&path).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}

#[test]
fn a_transcript_that_cannot_be_written_is_told_after_the_result() {
    let sample = Sample::of("api");
    fs_err::create_dir(sample.path().join("run.json")).unwrap();
    let run = check(&sample, &["--rehearse", "--record", "run.json"]);
    assert_eq!((run.code, &run.json()["would-be"]), (2, &json!("HOLD")));
    assert!(run.err.contains("cannot keep the transcript in `run.json`"), "{}", run.err);
}

/// Keys of this environment and of others, in the forms a server may send them.
#[test]
fn no_key_that_comes_back_is_in_a_transcript() {
    let old = [FOREIGN, "gsk_0123456789abcdefghij", KEY];
    let provider = Recorder::start(move |request, _| match request.path.as_str() {
        "/v1/me" => Answer::json(200, json!({ "zdr_status": "no_zdr", "old": old }).to_string()),
        _ => healthy(request),
    });
    let sample = Sample::of("api");
    let args = ["check", "--base-url", &provider.origin, "--record", "run.json"];
    let run = ran(sample.greenlight(&args).env("XAI_API_KEY", KEY));
    assert!(run.out.contains("No credits were spent."), "{}", run.out);
    let kept = fs_err::read_to_string(sample.path().join("run.json")).unwrap();
    assert_eq!(kept.matches("\"[redacted]\"").count(), old.len(), "{kept}");
    assert!(old.iter().all(|key| !kept.contains(key) && !run.all().contains(key)), "{kept}");
    assert_eq!(ran(&mut sample.greenlight(&["check", "--replay", "run.json"])).code, run.code);
}

// Several projects.

/// Two projects next to each other; the second has one shot less and asks for another model.
fn two() -> Sample {
    let (all, one) = (Sample::empty(), Sample::of("api"));
    for folder in ["one", "two"] {
        fs_err::create_dir(all.path().join(folder)).unwrap();
        for entry in fs_err::read_dir(one.path()).unwrap() {
            let entry = entry.unwrap();
            let to = all.path().join(folder).join(entry.file_name().to_str().unwrap());
            fs_err::copy(entry.path(), to).unwrap();
        }
    }
    all.write("two/greenlight.toml", &one.project().replace("grok-imagine-video\"", "grok-imagine-other\""));
    all
}

#[test]
fn projects_of_one_run_make_the_same_call_once() {
    let (all, provider) = (two(), Recorder::start(|request, _| healthy(request)));
    let live = |args: &[&str]| {
        let mut command =
            all.greenlight(&["check", "--at", NOW, "--format", "json", "--base-url", &provider.origin]);
        ran(command.args(args).env("XAI_API_KEY", KEY).env("XAI_MANAGEMENT_KEY", KEY))
    };
    let both = live(&["one", "two", "--record", "run.json"]);
    let lines = provider.lines();
    let mut once = lines.clone();
    once.dedup();
    assert_eq!(lines, once, "a call was made twice");
    let both_again = check(&all, &["one", "two", "--replay", "run.json"]);
    let reports = judged(&both)["reports"].clone();
    let calls = |at: usize| reports[at]["calls"].as_array().unwrap().clone();
    let shared = |call: &Value| call.get("shared") == Some(&json!(true));
    assert!(!calls(0).iter().any(shared));
    assert_eq!(calls(0).len() + calls(1).iter().filter(|call| !shared(call)).count(), lines.len());
    assert!(calls(1).iter().any(shared) && !calls(1).iter().all(shared), "{:#?}", calls(1));
    for (at, name) in ["one", "two"].into_iter().enumerate() {
        let single = judged(&live(&[name]));
        for part in ["findings", "totals", "would-be"] {
            assert_eq!(reports[at][part], single[part], "{name}");
        }
        assert_eq!(calls(at).len(), single["calls"].as_array().unwrap().len());
        let again = &judged(&both_again)["reports"][at];
        for part in ["findings", "totals", "would-be", "calls"] {
            assert_eq!(reports[at][part], again[part], "{name}");
        }
    }
    let alone = judged(&check(&all, &["two", "--replay", "run.json"]));
    assert_eq!(alone["findings"], reports[1]["findings"]);
    assert!(!alone["calls"].as_array().unwrap().iter().any(shared));
}

#[test]
fn the_summary_of_a_replay_counts_replies_once_and_no_calls() {
    let (all, provider) = (two(), Recorder::start(|request, _| healthy(request)));
    let mut command =
        all.greenlight(&["check", "one", "two", "--base-url", &provider.origin, "--record", "run.json"]);
    ran(command.env("XAI_API_KEY", KEY).env("XAI_MANAGEMENT_KEY", KEY));
    let shown = ran(&mut all.greenlight(&["check", "one", "two", "--replay", "run.json"]));
    let count = provider.lines().len();
    let says =
        format!("No calls were made; {count} replies came from the transcript. No credits were spent.");
    assert!(shown.out.split("2 PROJECTS").nth(1).unwrap().contains(&says), "{}", shown.out);
}
