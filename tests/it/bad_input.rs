//! Bad input: every mistake is reported with its place, nothing wrong ever passes, and nothing panics.

mod generated;
mod mutated;

use std::{collections::BTreeSet, path::Path};

use camino::Utf8PathBuf;

use crate::support::{Ran, greenlight, ran};

fn fixtures() -> Utf8PathBuf {
    Utf8PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad")
}

/// The stems of the files of a folder, sorted.
fn stems(folder: &str) -> Vec<String> {
    let mut stems: Vec<String> = fs_err::read_dir(fixtures().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    stems.sort_unstable();
    stems
}

/// Projects are checked, other files are linted.
fn read(file: &str) -> Ran {
    let text = fs_err::read_to_string(fixtures().join(file)).unwrap();
    let args = if text.contains("[project]") {
        vec!["check", "--offline", "--project", file]
    } else {
        vec!["lint", file]
    };
    let ran = ran(greenlight(&args).env("COLUMNS", "100").current_dir(fixtures()));
    refused(&ran, file);
    ran
}

/// Exit 2, nothing on standard output, and no panic.
fn refused(ran: &Ran, what: &str) {
    assert_eq!(ran.code, 2, "{what}: {}", ran.all());
    assert_eq!(ran.out, "", "{what}");
    assert!(ran.err.contains("error"), "{what}: {}", ran.err);
    assert!(!ran.err.contains("panicked"), "{what}: {}", ran.err);
}

/// The codes that a run showed.
fn codes_in(text: &str) -> BTreeSet<String> {
    let shown = regex::Regex::new(r"(?m)^error\[([a-z-]+)\]").unwrap();
    shown.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

/// The codes that the loader can report, read from its source.
fn codes_of_the_loader() -> BTreeSet<String> {
    let given = [
        r#"\berror(?:_with)?\(\s*"([a-z-]+)""#,
        r#"\bcode: "([a-z-]+)""#,
        r#"\bkeep\([^;]*?"([a-z]+-[a-z]+)""#,
        r#"\("([a-z]+-[a-z]+)", (?:format!|with_key)\("#,
    ];
    let given = given.map(|pattern| regex::Regex::new(pattern).unwrap());
    let mut codes = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/load");
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = fs_err::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let found = given.iter().flat_map(|pattern| pattern.captures_iter(code));
            codes.extend(found.map(|found| found[1].to_owned()));
        }
    }
    codes
}

#[test]
fn every_code_of_the_loader_has_a_file_that_shows_it() {
    let codes = codes_of_the_loader();
    // One example of each way in which the source writes a code, so that the patterns above still find them.
    for known in ["no-shots", "duplicate-id", "bad-path", "wrong-type", "empty-value"] {
        assert!(codes.contains(known), "{known} is not found in the source: {codes:?}");
    }
    assert_eq!(stems("codes").into_iter().collect::<BTreeSet<_>>(), codes);
}

#[test]
fn a_file_named_after_a_code_shows_that_code_alone() {
    for code in stems("codes") {
        let ran = read(&format!("codes/{code}.toml"));
        assert_eq!(codes_in(&ran.err), BTreeSet::from([code.clone()]), "{}", ran.err);
        insta::assert_snapshot!(format!("code-{code}"), ran.all());
    }
}

#[test]
fn every_case_is_refused_with_its_reasons() {
    for case in stems("cases") {
        insta::assert_snapshot!(format!("case-{case}"), read(&format!("cases/{case}.toml")).all());
    }
}

#[test]
fn all_mistakes_of_a_file_are_shown_at_once() {
    let ran = read("cases/ten-mistakes.toml");
    assert_eq!(ran.err.matches("error[").count(), 13, "{}", ran.err);
    assert!(ran.err.ends_with("error: 13 mistakes in cases/ten-mistakes.toml\n"), "{}", ran.err);
}

/// Every line of a file that is marked as a mistake is reported.
fn every_line_is_noted(file: &str, marked: impl Fn(&str) -> bool) {
    let text = fs_err::read_to_string(fixtures().join(file)).unwrap();
    let ran = read(file);
    let mut count = 0;
    for (at, line) in text.lines().enumerate().filter(|(_, line)| marked(line)) {
        let place = format!("--> {file}:{}:", at + 1);
        assert!(ran.err.contains(&place), "line {} passed: {line}\n{}", at + 1, ran.err);
        count += 1;
    }
    assert!(count > 4, "{file} marks {count} lines");
}

#[test]
fn no_form_of_asserting_nothing_or_half_is_taken() {
    for file in ["cases/asserts-nothing.toml", "cases/half-ignored.toml", "cases/operands.toml"] {
        every_line_is_noted(file, |line| line.starts_with("  { "));
    }
}

#[test]
fn a_check_that_cannot_fail_is_a_mistake_and_no_other_is() {
    let file = "cases/cannot-fail.toml";
    let text = fs_err::read_to_string(fixtures().join(file)).unwrap();
    let err = read(file).err;
    let lines: Vec<&str> = text.lines().collect();
    let checks = lines.iter().enumerate().filter(|(_, line)| **line == "[[check]]");
    let (mut noted, mut passed) = (0, 0);
    for (at, _) in checks {
        let told = err.contains(&format!("--> {file}:{}:", at + 1));
        let id = lines[at + 1];
        assert_eq!(told, !id.contains("own.fine-"), "{id}: {err}");
        if told { noted += 1 } else { passed += 1 }
    }
    assert_eq!((noted, passed), (16, 12));
}

#[test]
fn no_base_url_and_no_key_leads_elsewhere() {
    every_line_is_noted("cases/hosts.toml", |line| line.starts_with("base-url"));
    every_line_is_noted("cases/keys.toml", |line| line.ends_with("# wrong"));
}

#[test]
fn no_trick_in_a_path_reaches_a_call_that_is_not_free() {
    let file = "cases/off-the-list.toml";
    let probes = fs_err::read_to_string(fixtures().join(file)).unwrap().matches("[[probe]]").count();
    let err = read(file).err;
    let places = regex::Regex::new(r"--> \S+:(\d+):\d+").unwrap();
    let lines: BTreeSet<usize> = places.captures_iter(&err).map(|c| c[1].parse().unwrap()).collect();
    assert!(probes > 15 && lines.len() >= probes, "{probes} probes, {} places: {err}", lines.len());
    for trick in ["/v1/api-key/../videos", "/v1/api-key/%2e%2e/videos", "//api-key", "/v1/{shot.id}"] {
        assert!(err.contains(&format!("GET {trick} is not on the list")), "{trick} passed: {err}");
    }
}

#[test]
fn a_circle_over_two_files_is_one_mistake_wherever_it_is_entered() {
    let files = ["parts/extends-first.toml", "parts/extends-second.toml"];
    let ran =
        ran(greenlight(&[&["lint"], &files[..]].concat()).env("COLUMNS", "100").current_dir(fixtures()));
    refused(&ran, "two checklists that extend each other");
    assert_eq!(codes_in(&ran.err), BTreeSet::from(["circle".to_owned()]), "{}", ran.err);
}

#[test]
fn the_parts_of_cases_are_right_by_themselves() {
    // Otherwise the cases that use them would be refused for another reason.
    for part in ["own-app", "twin", "other-twin", "same-name"] {
        let ran = ran(greenlight(&["lint", &format!("parts/{part}.toml")]).current_dir(fixtures()));
        assert_eq!(ran.code, 0, "{part}: {}", ran.all());
    }
}
