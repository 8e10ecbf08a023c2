//! The receipt as programs read it: valid, complete, alone on standard output.

use std::process::Stdio;

use rstest::rstest;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{Sample, greenlight, ran};

fn repository(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}

fn receipt(sample: &Sample, args: &[&str]) -> Value {
    ran(sample.greenlight(&["check", "--format", "json"]).args(args)).json()
}

#[rstest]
#[case::healthy(&["--rehearse"])]
#[case::faulty(&["--rehearse", "bad-key"])]
#[case::out_of_reach(&["--rehearse", "refused"])]
#[case::offline(&["--offline"])]
fn a_receipt_fits_its_schema(#[case] args: &[&str]) {
    let schema = fs_err::read_to_string(repository("schema/receipt.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let receipt = receipt(&Sample::of("api"), args);
    let mistakes: Vec<_> = validator.iter_errors(&receipt).map(|mistake| mistake.to_string()).collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}");
}

#[test]
fn digests_are_those_of_the_files() {
    let sample = Sample::of("api");
    let own = "id = \"own\"\nreviewed = 2026-11-01\n[[claim]]\nmodels = [\"grok-imagine-video\"]\nsupported = true\n\
               modes = [\"edit\"]\nsource = { url = \"https://docs.x.ai\", as-of = 2026-11-01 }\n";
    sample.write("own.toml", own).edit("commercial = true", "catalogues = [\"own.toml\"]");
    let receipt = receipt(&sample, &["--offline"]);
    let mut seen = Vec::new();
    for input in receipt["inputs"].as_array().unwrap() {
        let path = input["path"].as_str().unwrap();
        let file = match path.strip_prefix("builtin:") {
            Some(name) => repository(&format!("checklists/{name}.toml")).into(),
            None => sample.path().join(path),
        };
        let digest = Sha256::digest(fs_err::read(&file).unwrap());
        let hex = digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        assert_eq!(input["sha256"], hex, "{file}");
        seen.push(path);
    }
    for file in ["greenlight.toml", "own.toml", "builtin:api", "builtin:catalogue", "builtin:owners"] {
        assert!(seen.contains(&file), "{file} is not among {seen:?}");
    }
}

/// Someone who only has the receipt can see what each of its findings is about.
#[rstest]
#[case::api("api")]
#[case::app("app")]
#[case::wrapper("wrapper")]
fn a_receipt_tells_what_its_checks_say(#[case] route: &str) {
    let sample = Sample::of(route);
    let receipt = receipt(&sample, &["--offline"]);
    let checks = receipt["checks"].as_array().unwrap();
    for finding in receipt["findings"].as_array().unwrap() {
        let about: Vec<_> = checks.iter().filter(|check| check["id"] == finding["check"]).collect();
        let [check] = about[..] else { panic!("{} is told {} times", finding["check"], about.len()) };
        for field in ["row", "title", "severity"] {
            assert_eq!(check[field], finding[field], "{finding:#}");
        }
        for field in ["topic", "why", "fix"] {
            assert!(check[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {check:#}");
        }
        assert!(check["source"]["url"].is_string() && check["source"]["as-of"].is_string(), "{check:#}");
    }
    let asked: Vec<_> = checks.iter().filter_map(|check| check.get("question")).collect();
    assert!(asked.len() > 10, "{}", asked.len());
    for question in asked {
        assert!(question["ask"].is_string() && question["type"].is_string(), "{question:#}");
        assert!(question["valid-for-days"].as_u64().is_some_and(|days| days > 0), "{question:#}");
    }
    assert!(receipt.get("answers").is_none() && receipt.get("waivers").is_none());
}

#[test]
fn a_rehearsal_says_so_and_every_call_is_free() {
    let receipt = receipt(&Sample::of("api"), &["--rehearse", "incident"]);
    assert_eq!(receipt["rehearsal"]["scenario"], "incident");
    let calls = receipt["calls"].as_array().unwrap();
    assert!(calls.len() >= 5, "{calls:#?}");
    for call in calls {
        assert_eq!(call["billable"], "no", "{call:#}");
        assert!(["GET", "HEAD"].contains(&call["method"].as_str().unwrap()), "{call:#}");
    }
}

#[test]
fn offline_nothing_is_called_and_nothing_is_a_rehearsal() {
    let receipt = receipt(&Sample::of("api"), &["--offline"]);
    assert_eq!(receipt["calls"], Value::Array(Vec::new()));
    assert!(receipt.get("rehearsal").is_none(), "{receipt:#}");
}

#[test]
fn standard_output_holds_the_receipt_alone() {
    let sample = Sample::of("api");
    let json = ran(sample.greenlight(&["check", "--rehearse", "--format", "json"]).env("FORCE_COLOR", "1"));
    assert!(json.out.starts_with("{\n") && json.out.ends_with("}\n") && !json.out.contains('\u{1b}'));
    assert!(!json.err.contains('{'), "{}", json.err);
    assert_eq!(json.json()["schema-version"], 2);
}

#[rstest]
#[case::table(&["check", "--rehearse"], 3)]
#[case::json(&["check", "--rehearse", "--format", "json"], 3)]
#[case::list(&["list"], 0)]
#[case::explain(&["explain", "api.key-accepted"], 0)]
#[case::help(&["--help"], 0)]
fn a_reader_that_leaves_is_no_failure(#[case] args: &[&str], #[case] code: i32) {
    let sample = Sample::of("api");
    let mut child = sample.greenlight(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), err.as_str()), (Some(code), ""));
}

#[cfg(target_os = "linux")]
#[rstest]
#[case::table(&["check", "--rehearse"])]
#[case::json(&["check", "--rehearse", "--format", "json"])]
#[case::list(&["list"])]
#[case::explain(&["explain", "api.key-accepted"])]
#[case::help(&["--help"])]
#[case::version(&["--version"])]
fn a_full_disk_is_told(#[case] args: &[&str]) {
    let full = fs_err::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let sample = Sample::of("api");
    let output = sample.greenlight(args).stdout(full.into_parts().0).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("cannot write to standard output") && err.contains("No space left"), "{err}");
}

#[test]
fn a_closed_standard_error_keeps_the_exit_code() {
    let mut child = greenlight(&["check"]).stderr(Stdio::piped()).current_dir("/").spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(2));
}
