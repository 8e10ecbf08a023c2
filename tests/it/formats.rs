//! Every format says the same: the same verdicts, the same decision, the same exit code.

use std::collections::BTreeMap;

use greenlight::render::Format;
use quick_junit::{TestCase, TestCaseStatus};
use regex::Regex;
use serde_json::Value;

use crate::support::{NOW, Sample, every_scenario, ran, steady};

/// The verdict of each finding, by check and subject, as a format gives it.
type Verdicts = BTreeMap<String, String>;

/// The verdicts from the formats that show everything, including settled findings.
fn all_verdicts(format: Format, text: &str) -> Option<Verdicts> {
    Some(match format {
        Format::Json => of_receipt(&json(text)),
        Format::Junit => of_junit(text),
        Format::Sarif => of_sarif(&json(text)),
        Format::Tap => of_tap(text),
        Format::Prometheus => of_prometheus(text),
        Format::InToto => of_statement(&json(text)),
        Format::Html => of_page(text),
        Format::Table | Format::Github | Format::Markdown | Format::Nagios => return None,
    })
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn of_receipt(receipt: &Value) -> Verdicts {
    let one = |finding: &Value| {
        let subject = finding["subject"].as_str().map(|subject| format!(" [{subject}]"));
        let name = format!("{}{}", finding["check"].as_str().unwrap(), subject.unwrap_or_default());
        (name, text(&finding["verdict"]).replace("not-applicable", "n/a"))
    };
    receipt["findings"].as_array().unwrap().iter().map(one).collect()
}

fn of_junit(text: &str) -> Verdicts {
    let document = quick_junit::Report::deserialize_from_str(text).unwrap();
    let word = |case: &TestCase| match &case.status {
        TestCaseStatus::Success { .. } => {
            case.system_out.as_ref().map_or("pass", |out| out.split(':').next().unwrap()).to_owned()
        }
        TestCaseStatus::NonSuccess { ty, .. } | TestCaseStatus::Skipped { ty, .. } => {
            ty.as_ref().unwrap().to_string()
        }
    };
    document.test_suites[0].test_cases.iter().map(|case| (case.name.to_string(), word(case))).collect()
}

fn of_sarif(log: &Value) -> Verdicts {
    let run = &log["runs"][0];
    let alerts = run["results"].as_array().unwrap().iter().map(|result| &result["properties"]);
    let settled = run["properties"]["settled"].as_array().unwrap();
    alerts.chain(settled).map(|one| (text(&one["check"]), text(&one["verdict"]))).collect()
}

fn of_page(text: &str) -> Verdicts {
    let check = Regex::new(
        r#"(?s)<h4 id="n\d+">(.*?)</h4><span class="badge v-[a-z]+">.*?</svg>(\S+?)</span></header>\s*<p class="meta"><code>(.*?)</code>"#,
    )
    .unwrap();
    let subject = Regex::new(r" (\[.*\])$").unwrap();
    let one = |parts: regex::Captures<'_>| {
        let subject = subject.find(&parts[1]).map_or("", |subject| subject.as_str());
        (format!("{}{subject}", &parts[3]), parts[2].to_lowercase().replace("&#x2f;", "/"))
    };
    check.captures_iter(text).map(one).collect()
}

fn of_tap(text: &str) -> Verdicts {
    let point = Regex::new(r"^(?:not )?ok \d+ - (.*?)(?: # (?:SKIP|TODO) ([a-z/]+):.*)?$").unwrap();
    let verdict = Regex::new("^  verdict: \"(.*)\"$").unwrap();
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(parts) = point.captures(line) {
            let word = parts.get(2).map_or("pass", |word| word.as_str());
            found.push((parts[1].to_owned(), word.to_owned()));
        } else if let Some(parts) = verdict.captures(line) {
            parts[1].clone_into(&mut found.last_mut().unwrap().1);
        }
    }
    found.into_iter().collect()
}

fn of_prometheus(text: &str) -> Verdicts {
    let line =
        Regex::new(r#"greenlight_check_verdict\{.*check="(.*?)",subject="(.*?)",.*verdict="(.*?)"\} 1"#)
            .unwrap();
    let one = |parts: regex::Captures<'_>| {
        let subject = Some(&parts[2]).filter(|subject| !subject.is_empty());
        let subject = subject.map(|subject| format!(" [{subject}]")).unwrap_or_default();
        (format!("{}{subject}", &parts[1]), parts[3].to_owned())
    };
    line.captures_iter(text).map(one).collect()
}

fn of_statement(statement: &Value) -> Verdicts {
    let parts = statement["predicate"]["configuration"].as_array().unwrap();
    let verdicts =
        parts.iter().find_map(|part| part["annotations"]["greenlight-verdicts"].as_array()).unwrap();
    verdicts.iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect()
}

/// Lines that name a verdict and a check, in the formats that leave out what is settled.
fn open_verdicts(format: Format, text: &str) -> Verdicts {
    let line = match format {
        Format::Github => r"^::\w+ .*title=(\w+) · (\S+(?: \[.*?\])?) · .*$",
        Format::Nagios => r"^(\w+) (\S+(?: \[.*?\])?): .*$",
        _ => return Verdicts::new(),
    };
    let line = Regex::new(line).unwrap();
    let one = |text: &str| line.captures(text).map(|parts| (parts[2].to_owned(), parts[1].to_owned()));
    text.lines().skip(usize::from(format == Format::Nagios)).filter_map(one).collect()
}

/// The decision as the format gives it.
fn decision(format: Format, text: &str) -> String {
    let found = |pattern: &str| {
        let pattern = Regex::new(pattern).unwrap();
        pattern.captures(text).unwrap_or_else(|| panic!("{format}: {text}"))[1].to_owned()
    };
    match format {
        Format::Table => found(r"(?m)^  REHEARSAL · AS OF \S+ · would be (\S+)$"),
        Format::Json => json(text)["would-be"].as_str().unwrap().to_owned(),
        Format::Junit => found(r#"<property name="would-be" value="(.*?)"/>"#),
        Format::Sarif => json(text)["runs"][0]["properties"]["would-be"].as_str().unwrap().to_owned(),
        Format::Github => found(r"(?m)^greenlight: REHEARSAL · AS OF \S+ · would be (\S+) "),
        Format::Markdown => found(r"^# greenlight: REHEARSAL · AS OF \S+ · would be (.*)\n"),
        Format::Html => found(r#"<p class="word">would be (\S+)</p>"#),
        Format::Tap => found(r"(?m)^# REHEARSAL · AS OF \S+ · would be (\S+) "),
        Format::Nagios => found(r"^GREENLIGHT - REHEARSAL · AS OF \S+ · would be (\S+) "),
        Format::Prometheus => found(r#"greenlight_would_be\{.*decision="(.*?)"\} 1"#),
        Format::InToto => found("\"greenlight-would-be\": \"(.*?)\""),
    }
}

#[test]
fn all_formats_report_the_same_of_every_scenario_and_end_alike() {
    let play = |id: &str, _: Option<&str>| {
        let sample = Sample::of("api");
        let to = |format: &Format| format!("--report={format}=out/{format}");
        let mut args =
            vec!["check".to_owned(), "--at".to_owned(), NOW.to_owned(), format!("--rehearse={id}")];
        args.extend(Format::ALL.iter().map(to));
        args.push("--record=calls.json".to_owned());
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let run = ran(&mut sample.greenlight(&args));
        let read =
            |format: Format| fs_err::read_to_string(sample.path().join(format!("out/{format}"))).unwrap();
        let receipt = of_receipt(&json(&read(Format::Json)));
        let wanted = decision(Format::Table, &run.out);
        let codes = BTreeMap::from([("GO", 0), ("NO-GO", 1), ("HOLD", 3)]);
        assert_eq!(run.code, codes[wanted.as_str()], "{id}");
        for format in Format::ALL {
            let again = ["check", "--at", NOW, "--replay", "calls.json", "--format", format.word()];
            assert_eq!(ran(&mut sample.greenlight(&again)).code, run.code, "{id} {format}");
            let text = read(*format);
            assert_eq!(decision(*format, &text), wanted, "{id} {format}");
            assert!(text.contains("REHEARSAL") || *format == Format::Json, "{id} {format}: {text}");
            if let Some(verdicts) = all_verdicts(*format, &text) {
                assert_eq!(verdicts, receipt, "{id} {format}");
            }
            for (check, verdict) in open_verdicts(*format, &text) {
                assert_eq!(receipt.get(&check), Some(&verdict), "{id} {format} {check}");
            }
        }
        let open = receipt.values().filter(|word| !matches!(word.as_str(), "pass" | "n/a")).count();
        assert_eq!(open_verdicts(Format::Nagios, &read(Format::Nagios)).len(), open, "{id}");
        let github = read(Format::Github);
        let left_out = Regex::new(r"(?m)^greenlight: not annotated: (.*)$").unwrap().captures(&github);
        let left_out: usize = left_out.map_or(0, |parts| {
            parts[1].split(", ").map(|part| part.split(' ').next().unwrap().parse::<usize>().unwrap()).sum()
        });
        assert_eq!(open_verdicts(Format::Github, &github).len() + left_out, open, "{id}: {github}");
        assert!(open > 0 || wanted == "GO");
    };
    assert!(every_scenario(play).len() > 40);
}

#[test]
fn a_format_says_on_standard_output_what_it_says_in_a_file() {
    let sample = Sample::of("wrapper");
    for format in Format::ALL {
        let report = format!("{format}=report");
        let args = ["check", "--at", NOW, "--format", format.word(), "--report", &report];
        let run = ran(sample.greenlight(&args).env("COLUMNS", "100"));
        let kept = fs_err::read_to_string(sample.path().join("report")).unwrap();
        assert_eq!((steady(&run.out), run.code, run.told()), (steady(&kept), 3, ""), "{format}");
    }
}

#[test]
fn the_step_summary_of_a_github_job_is_added_to() {
    let sample = Sample::of("wrapper");
    sample.write("summary.md", "before\n");
    let check = |format: &str, room: &str| {
        let mut command = sample.greenlight(&["check", "--at", NOW, "--format", format]);
        ran(command.env("GITHUB_STEP_SUMMARY", sample.path().join(room)))
    };
    let read = |room: &str| fs_err::read_to_string(sample.path().join(room)).unwrap();
    assert_eq!(check("table", "summary.md").code, 3);
    assert_eq!(read("summary.md"), "before\n");
    assert_eq!(check("github", "summary.md").code, 3);
    let page = check("markdown", "summary.md").out;
    assert_eq!(steady(&read("summary.md")), steady(&format!("before\n{page}")));
    // GitHub shows no summary of 1 MiB or more.
    sample.write("full.md", &"x".repeat((1 << 20) - 2_000));
    check("github", "full.md");
    let full = read("full.md");
    assert!(
        full.len() < 1 << 20 && full.contains("# greenlight: AS OF 2026-11-22 · would be HOLD"),
        "{}",
        full.len()
    );
    let gone = check("github", "no/such/folder/summary.md");
    assert!(gone.code == 3 && gone.err.contains("the step summary was not written"), "{}", gone.all());
}
