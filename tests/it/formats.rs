//! Every scenario of the stand-in in every format: the same verdicts, the same decision, one exit code.

use greenlight::{
    model::report::{Batch, Report},
    render::{self, Format, Style},
};
use quick_junit::TestCaseStatus;
use regex::Regex;
use rstest::rstest;
use serde_json::Value;

use crate::{
    rehearsal::receipts,
    support::{NOW, Sample, ran},
};

/// A check and the word of its verdict.
type Said = (String, String);

/// What a format says of the checks, read by its own rules; `None` where not every check is told apart.
fn read(format: Format, text: &str) -> Option<Vec<Said>> {
    let by = |pattern: &str| -> Vec<Said> {
        let pattern = Regex::new(pattern).unwrap();
        let pair = |found: regex::Captures<'_>| (found["check"].to_owned(), found["word"].to_lowercase());
        text.lines().filter_map(|line| pattern.captures(line)).map(pair).collect()
    };
    let json = || serde_json::from_str::<Value>(text).unwrap();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    Some(match format {
        Format::Table => return None,
        Format::Json => {
            let report: Report = serde_json::from_str(text).unwrap();
            let said = report.findings.iter();
            said.map(|finding| (finding.check.to_string(), finding.verdict.word().to_owned())).collect()
        }
        Format::Junit => {
            let document = quick_junit::Report::deserialize_from_str(text).unwrap();
            let cases = document.test_suites.iter().flat_map(|suite| &suite.test_cases);
            let said = cases.map(|case| {
                let ty = match &case.status {
                    TestCaseStatus::Success { .. } => case.system_out.as_ref().map(|_| "warn"),
                    TestCaseStatus::NonSuccess { ty, .. } | TestCaseStatus::Skipped { ty, .. } => {
                        ty.as_deref()
                    }
                };
                (case.name.to_string(), ty.unwrap_or("pass").to_owned())
            });
            said.collect()
        }
        Format::Sarif => {
            let run = &json()["runs"][0];
            let settled = run["properties"]["settled"].as_array().unwrap();
            let results = run["results"].as_array().unwrap().iter().map(|result| &result["properties"]);
            results.chain(settled).map(|said| (word(&said["check"]), word(&said["verdict"]))).collect()
        }
        Format::InToto => {
            let configuration = json()["predicate"]["configuration"].clone();
            let verdicts =
                &configuration.as_array().unwrap().last().unwrap()["annotations"]["greenlight-verdicts"];
            verdicts.as_array().unwrap().iter().map(|pair| (word(&pair[0]), word(&pair[1]))).collect()
        }
        Format::Prometheus => {
            by(r#"^greenlight_check_verdict\{.*check="(?<check>[^"]+)",.*verdict="(?<word>[^"]+)"\} 1$"#)
        }
        Format::Markdown => by(r"^\| \S (?<word>\S+) \| .*<code>(?<check>[^<]+)</code> \|"),
        Format::Github => by(r"^::[a-z]+ file=[^,]+,line=\d+,title=(?<word>\S+) · (?<check>\S+)"),
        Format::Nagios => by(r"^(?<word>[a-z/]+) (?<check>[a-z]+\.[a-z0-9-]+)[ :]"),
        Format::Tap => tap(text),
    })
}

fn tap(text: &str) -> Vec<Said> {
    let point =
        Regex::new(r"^(not )?ok \d+ - (?<check>\S+)( \[.*\])?( # (SKIP|TODO) (?<word>[^:]+):.*)?$").unwrap();
    let mut said: Vec<Said> = Vec::new();
    for line in text.lines() {
        if let Some(found) = point.captures(line) {
            let word = found.name("word").map_or("pass", |word| word.as_str());
            said.push((found["check"].to_owned(), word.to_owned()));
        } else if let Some(word) = line.strip_prefix("  verdict: ") {
            let (check, _) = said.pop().unwrap();
            said.push((check, word.trim_matches('"').to_owned()));
        }
    }
    said
}

/// Whether the format leaves out what is settled.
fn is_short(format: Format) -> bool {
    matches!(format, Format::Github | Format::Nagios)
}

fn sorted(said: impl IntoIterator<Item = Said>) -> Vec<Said> {
    let bare = |(name, word): Said| (name.split(" [").next().unwrap().to_owned(), word);
    let mut said: Vec<_> = said.into_iter().map(bare).collect();
    said.sort();
    said
}

#[test]
fn every_scenario_reads_the_same_in_every_format() {
    for receipt in receipts() {
        let report: Report = serde_json::from_str(receipt).unwrap();
        let all = read(Format::Json, receipt).unwrap();
        for &format in Format::ALL {
            let text =
                render::render(&Batch::one(report.clone()), format, &Style { width: 80, colour: false });
            let scenario =
                report.rehearsal.as_ref().and_then(|rehearsal| rehearsal.scenario.clone()).unwrap();
            assert!(text.contains(&report.decision.to_string()), "{scenario} as {format}: {text}");
            let label = if format == Format::Json { "\"rehearsal\"" } else { "REHEARSAL" };
            assert!(text.contains(label), "{scenario} as {format}: {text}");
            let Some(said) = read(format, &text) else { continue };
            let settled = |word: &str| word == "pass" || word == "n/a";
            let wanted = all.iter().filter(|(_, word)| !(is_short(format) && settled(word))).cloned();
            let (said, wanted) = (sorted(said), sorted(wanted));
            let more = left_out(&text);
            assert_eq!(said.len() + more, wanted.len(), "{scenario} as {format}: {text}");
            if more == 0 {
                assert_eq!(said, wanted, "{scenario} as {format}: {text}");
            }
            assert!(said.iter().all(|one| wanted.contains(one)), "{scenario} as {format}: {text}");
        }
    }
}

/// How many findings GitHub's limit leaves no room for.
fn left_out(text: &str) -> usize {
    let line = text.lines().find_map(|line| line.strip_prefix("greenlight: not annotated: "));
    let counts = line.into_iter().flat_map(|line| line.split(", "));
    counts.map(|count| count.split(' ').next().unwrap().parse::<usize>().unwrap()).sum()
}

#[rstest]
#[case::no_go(&["--rehearse", "bad-key"], 1)]
#[case::hold(&["--rehearse"], 3)]
fn the_exit_code_is_one_in_every_format(#[case] args: &[&str], #[case] code: i32) {
    let sample = Sample::of("api");
    for format in Format::ALL {
        let run = ran(sample.greenlight(&["check", "--at", NOW, "--format", format.word()]).args(args));
        assert_eq!(run.code, code, "{format}: {}", run.all());
        assert!(run.out.ends_with('\n') && run.err.is_empty(), "{format}: {}", run.all());
    }
}
