//! What closes the gate, what a run of a part counts for, and the reports that are written to files.

use greenlight::{judge, load, model::checklist::Decider};
use rstest::rstest;
use serde_json::Value;

use crate::support::{NOW, Ran, Sample, findings, ran, steady};

fn check(sample: &Sample, args: &[&str]) -> Ran {
    ran(sample.greenlight(&["check", "--at", NOW]).args(args))
}

/// A project with its own check of this severity, and with or without its image.
fn own(severity: &str, image: bool) -> Sample {
    let sample = Sample::empty();
    sample.write(
        "greenlight.toml",
        "[project]\nname = \"Own\"\nroute = \"wrapper\"\nprovider = \"mine\"\nchecklists = [\"own.toml\"]\n\n\
         [[shot]]\nid = \"a\"\nmode = \"image-to-video\"\nmodel = \"grok-imagine-video\"\nimage = \"a.png\"\n",
    );
    sample.write(
        "own.toml",
        &format!(
            "id = \"own\"\nroute = \"wrapper\"\nreviewed = 2026-11-22\n\n[[check]]\nid = \"own.image\"\n\
             row = \"input-media\"\ntitle = \"image there\"\nseverity = \"{severity}\"\nfor-each = \"file\"\n\
             rule = \"media-present\"\nwhy = \"w\"\nfix = \"f\"\n\
             source = {{ url = \"https://example.com\", as-of = 2026-11-01 }}\n"
        ),
    );
    if image {
        sample.write("a.png", "not looked at by this check");
    }
    sample
}

#[test]
fn a_report_goes_into_each_file_named_whatever_was_decided() {
    let sample = Sample::of("api");
    let args = [
        "--rehearse",
        "bad-key",
        "--report",
        "json=out/deep/r.json",
        "--report=table=t.txt",
        "--format",
        "json",
    ];
    let run = check(&sample, &args);
    assert_eq!(run.code, 1);
    let kept = fs_err::read_to_string(sample.path().join("out/deep/r.json")).unwrap();
    assert_eq!(kept, run.out);
    let table = fs_err::read_to_string(sample.path().join("t.txt")).unwrap();
    assert!(table.starts_with("greenlight · ") && table.contains("NO-GO") && !table.contains('\u{1b}'));
}

#[test]
fn an_older_report_is_replaced_as_a_whole() {
    let sample = Sample::of("api");
    sample.write("r.json", &"x".repeat(1 << 20));
    let run = check(&sample, &["--rehearse", "--report", "json=r.json"]);
    let kept: Value =
        serde_json::from_str(&fs_err::read_to_string(sample.path().join("r.json")).unwrap()).unwrap();
    assert_eq!((run.code, &kept["would-be"]), (3, &Value::from("HOLD")));
    let names: Vec<_> =
        fs_err::read_dir(sample.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().starts_with(".greenlight")), "{names:?}");
}

#[test]
fn a_report_that_cannot_be_written_is_told_after_everything_else_is_done() {
    let sample = Sample::of("api");
    sample.write("file", "");
    let run = check(&sample, &["--rehearse", "--report", "json=file/r.json", "--report", "table=t.txt"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("cannot write the json report to `file/r.json`"), "{}", run.err);
    assert!(run.out.contains("HOLD") && sample.path().join("t.txt").exists());
}

#[rstest]
#[case::no_file(&["--report", "json"], "write a format and a file")]
#[case::no_format(&["--report", "jsn=a"], "did you mean `json`?")]
#[case::nowhere(&["--report", "json="], "name a file")]
#[case::standard_output(&["--report", "json=-"], "for standard output, use `--format`")]
#[case::twice(&["--report", "json=a", "--report", "table=a"], "another output goes to the same file")]
#[case::unknown_row(&["--only", "acess"], "did you mean `access`?")]
#[case::unknown_check(&["--only", "access,api.key-acepted"], "did you mean `api.key-accepted`?")]
#[case::unknown_word(&["--only", "xyzzy"], "the rows are access, mode")]
#[case::project_as_scenario(&["--rehearse", "a/greenlight.toml"], "cannot read `a/greenlight.toml`")]
#[case::named_twice(&["--rehearse", "./a", "--project", "b"], "`--project b` already names one")]
#[case::unknown_level(&["--fail-on", "info"], "[possible values: fail, warn]")]
fn wrong_words_are_told_before_anything_is_done(#[case] args: &[&str], #[case] says: &str) {
    let sample = Sample::of("api");
    let mut command = sample.greenlight(&["check", "--at", NOW]);
    let run = ran(command.args(args).env("HTTPS_PROXY", "http://127.0.0.1:9"));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains(says), "{}", run.err);
    assert!(!sample.path().join("a").exists());
}

#[rstest]
#[case::a_failure_closes_it("block", false, "fail", 1)]
#[case::a_warning_does_not("warn", false, "fail", 0)]
#[case::unless_asked_to("warn", false, "warn", 1)]
#[case::and_information_never_does("info", false, "warn", 0)]
#[case::a_pass_is_a_pass("warn", true, "warn", 0)]
fn warnings_close_the_gate_when_asked_to(
    #[case] severity: &str,
    #[case] image: bool,
    #[case] level: &str,
    #[case] code: i32,
) {
    let sample = own(severity, image);
    let run = check(&sample, &["--only", "own.image", "--fail-on", level, "--format", "json"]);
    assert_eq!(run.code, code, "{}", run.all());
    assert_eq!(run.json()["fail-on"], level);
    let finding = &run.json()["findings"][0];
    assert_eq!(finding["location"], serde_json::json!({ "file": "own.toml", "line": 5 }));
}

#[test]
fn a_part_is_labelled_and_brings_what_it_requires() {
    let sample = Sample::of("api");
    let run = check(&sample, &["--rehearse", "--only", "api.model-available", "--format", "json"]);
    let receipt = run.json();
    assert_eq!(receipt["only"], serde_json::json!(["api.model-available"]));
    let checks: Vec<_> =
        receipt["findings"].as_array().unwrap().iter().map(|f| f["check"].as_str().unwrap()).collect();
    assert!(checks.contains(&"api.key-accepted") && !checks.contains(&"api.policy-read"), "{checks:?}");
    let table = check(&sample, &["--rehearse", "--only", "api.model-available"]).out;
    assert!(table.contains("PARTIAL: only api.model-available and what they require; this clears nothing"));
}

#[test]
fn a_part_makes_only_the_calls_it_looks_at() {
    let sample = Sample::of("api");
    let whole = check(&sample, &["--rehearse", "--format", "json"]).json();
    let part = check(&sample, &["--rehearse", "--only", "safety", "--format", "json"]).json();
    let key = check(&sample, &["--rehearse", "--only", "api.key-accepted", "--format", "json"]).json();
    let calls = |receipt: &Value| receipt["calls"].as_array().unwrap().len();
    assert!(calls(&part) == 0 && calls(&key) >= 1 && calls(&key) < calls(&whole));
}

#[test]
fn a_part_says_of_a_check_what_the_whole_says() {
    let sample = Sample::of("api");
    for scenario in ["bad-key", "model-missing", "credits-used-up"] {
        let whole = check(&sample, &["--rehearse", scenario, "--format", "json"]).json();
        let part =
            check(&sample, &["--rehearse", scenario, "--only", "access,cost", "--format", "json"]).json();
        let text = |finding: &Value| steady(&finding.to_string());
        let asked = part["findings"].as_array().unwrap();
        assert!(!asked.is_empty());
        for finding in asked {
            let check = finding["check"].as_str().unwrap();
            assert!(findings(&whole, check).iter().any(|other| text(other) == text(finding)), "{finding:#}");
        }
    }
}

#[test]
fn offline_nothing_that_needs_a_call_passes() {
    let sample = Sample::of("api");
    let mut command = sample.greenlight(&["check", "--at", NOW, "--offline", "--format", "json"]);
    let run = ran(command.env("XAI_API_KEY", "xai-invented-for-a-test-0123456789"));
    let receipt = run.json();
    assert_eq!((run.code, receipt["calls"].as_array().unwrap().len()), (3, 0), "{}", run.all());
    let loaded =
        load::project("".into(), &sample.path().join("greenlight.toml"), &judge::rules::known()).unwrap();
    let by_probe: Vec<_> = loaded
        .checklist
        .checks
        .iter()
        .filter(|check| matches!(check.decider, Decider::Probe { .. }))
        .collect();
    assert!(by_probe.len() >= 3);
    for check in by_probe {
        for finding in findings(&receipt, check.id.as_str()) {
            let verdict = finding["verdict"].as_str().unwrap();
            assert!(matches!(verdict, "unknown" | "blocked" | "not-applicable"), "{finding:#}");
        }
    }
}
