//! What must be true of every dossier, whatever its report says.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::{
    model::{
        checklist::Severity,
        decision::Decision,
        report::{Rehearsal, Report},
        reported::ReportedCheck,
        topic::Topic,
        verdict::{Finding, Reason, Verdict},
    },
    render::{
        fixture::{self, day, id},
        hostile, machine,
    },
};

fn dossier(report: &Report) -> Dossier {
    told(report, Trust::Receipt("receipt.json".to_owned()))
}

fn told(report: &Report, trust: Trust) -> Dossier {
    let lasting = [("the shipped catalogue of models and prices".to_owned(), day(12, 31))];
    let again = "greenlight verify receipt.json";
    of(&Brief { report, trust, today: day(11, 22), lasting: &lasting, again })
}

fn page(dossier: &Dossier) -> String {
    html::render(dossier, html::TEMPLATE).unwrap()
}

/// The topics of the rich report's checks.
const TOPICS: [(&str, &str); 6] = [
    ("api.key-accepted", "account"),
    ("api.model-available", "which-model"),
    ("api.policy-read", "policy"),
    ("api.estimate-within-budget", "budget"),
    ("api.balance-covers", "funds"),
    ("api.output-stored", "saving-clips"),
];

/// The rich report as if it came from a live run, with the decision that its findings give.
fn live(change: impl Fn(&mut Finding)) -> Report {
    let mut report = fixture::rich();
    report.rehearsal = None;
    report.findings.iter_mut().for_each(change);
    report.totals = Totals::count(&report.findings);
    let decision =
        if report.findings.iter().any(|f| f.severity == Severity::Block && f.verdict == Verdict::Fail) {
            Decision::NoGo
        } else if report.findings.iter().any(|f| sorted::shuts(f, report.fail_on)) {
            Decision::Hold
        } else {
            Decision::Go
        };
    report.stated = crate::model::decision::Stated::decision(decision);
    report.digest = "ab".repeat(32);
    let told = report.checks.all()[0].clone();
    report.checks = TOPICS
        .iter()
        .map(|(check, topic)| ReportedCheck { id: id(check), topic: Topic::new(topic).ok(), ..told.clone() })
        .collect();
    report
}

fn passes(finding: &mut Finding) {
    if !finding.verdict.lets_on() {
        finding.verdict = Verdict::Pass;
        (finding.expected, finding.got, finding.fix) = (None, None, None);
        finding.seen = "seen".to_owned();
    }
}

fn unrefuted(finding: &mut Finding) {
    if finding.verdict == Verdict::Fail {
        finding.verdict = Verdict::Unknown { reason: Reason::NotMade };
    }
}

#[rstest]
#[case::go("go", passes)]
#[case::hold("hold", unrefuted)]
#[case::no_go("no_go", |_: &mut Finding| {})]
fn the_first_page_says_what_a_reader_signs(#[case] name: &str, #[case] change: fn(&mut Finding)) {
    insta::assert_snapshot!(format!("first_page_{name}"), markdown::first_page(&dossier(&live(change))));
}

#[test]
fn the_whole_document_keeps_its_shape() {
    let text = markdown::render(&dossier(&fixture::rich().sealed()));
    let (_, annexes) = text.split_at(text.find("## A.").unwrap());
    let steady = regex::Regex::new("[0-9a-f]{64}").unwrap();
    insta::assert_snapshot!(steady.replace_all(annexes, "SHA-256"));
}

#[test]
fn a_receipt_that_cannot_be_relied_on_is_never_shown_as_good() {
    let go = live(passes);
    let word = regex::Regex::new(r"\bGO\b").unwrap();
    assert!(word.is_match(&page(&dossier(&go))));
    let file = || "receipt.json".to_owned();
    for (trust, says) in
        [(Trust::NotIntact(file()), "NOT INTACT"), (Trust::Contradictory(file()), "CONTRADICTORY")]
    {
        let document = told(&go, trust);
        for text in [markdown::render(&document), page(&document)] {
            assert!(!word.is_match(&text) && text.contains(says), "{text}");
        }
        assert_eq!(
            (document.headline.tone, document.validity.until),
            (crate::model::dossier::Tone::Hold, None)
        );
    }
}

#[test]
fn a_rehearsal_never_reads_as_a_go() {
    let mut report = live(passes);
    report.rehearsal = Some(Rehearsal { scenario: Some("healthy".to_owned()) });
    let document = dossier(&report.sealed());
    let word = regex::Regex::new(r"\bGO\b").unwrap();
    assert_eq!(document.headline.word, "would be GO");
    for text in [markdown::render(&document), page(&document)] {
        assert!(text.contains("REHEARSAL (scenario healthy)"), "{text}");
        assert!(!word.is_match(&text.replace("would be GO", "")), "{text}");
    }
}

#[test]
fn it_is_valid_until_the_first_day_on_which_something_ends() {
    let report = live(passes);
    let until = |report: &Report, today| {
        let again = "greenlight check";
        let trust = Trust::Judged;
        let validity = of(&Brief { report, trust, today, lasting: &[], again }).validity;
        (validity.until, validity.lapsed, validity.at)
    };
    // The answer in force is valid until 28 July, the waiver until 1 December.
    assert_eq!(until(&report, day(7, 28)), (Some(day(7, 28)), false, Some("A2".to_owned())));
    assert_eq!(until(&report, day(7, 29)), (Some(day(7, 28)), true, Some("A2".to_owned())));
    let mut waived = report.clone();
    waived.answers.clear();
    assert_eq!(until(&waived, day(11, 22)), (Some(day(12, 1)), false, Some("W1".to_owned())));
    waived.waivers[0].used = false;
    assert_eq!(until(&waived, day(11, 22)), (None, false, None));
}

#[test]
fn the_gap_that_blocks_most_is_the_largest() {
    let unknown = || Verdict::Unknown { reason: Reason::Unanswered };
    let mut soft = fixture::finding("a.soft", unknown());
    soft.severity = Severity::Info;
    let blocked = |of: &str| fixture::finding(of, Verdict::Blocked { by: id("a.root") });
    let findings = vec![
        soft,
        fixture::finding("a.other", unknown()),
        fixture::finding("a.root", unknown()),
        blocked("a.x"),
        blocked("a.y"),
        fixture::finding("a.refuted", Verdict::Fail),
    ];
    let gaps = dossier(&fixture::report(Decision::NoGo, findings)).gaps;
    let told: Vec<_> = gaps.iter().map(|gap| (gap.title.as_str(), gap.blocks)).collect();
    assert_eq!(told, [("a.refuted", 0), ("a.root", 2), ("a.other", 0)]);
}

#[test]
fn a_fact_that_no_check_covers_is_unknown() {
    let document = dossier(&fixture::report(Decision::Go, vec![fixture::finding("a.b", Verdict::Pass)]));
    assert!(document.chain.iter().chain(&document.money).all(|fact| !fact.known && fact.said.is_empty()));
    let text = page(&document);
    assert!(text.contains("no check of this route asks for its region"), "{text}");
}

#[test]
fn no_text_from_outside_opens_a_tag_or_leads_anywhere() {
    let shipped = page(&dossier(&live(passes)));
    let tags = |page: &str| {
        let all = regex::Regex::new(r"<(/?[a-zA-Z!][a-zA-Z0-9]*)").unwrap();
        all.captures_iter(page).map(|tag| tag[1].to_owned()).collect::<std::collections::BTreeSet<_>>()
    };
    let known = tags(&page(&dossier(&fixture::rich())));
    assert!(!known.contains("script") && !shipped.contains("javascript:"));
    let address = regex::Regex::new("https?:[^ ]*").unwrap();
    for text in hostile::hostile() {
        let document = dossier(&hostile::saying(&text));
        let page = page(&document);
        assert!(tags(&page).is_subset(&known), "{text:?}");
        assert!(!page.contains("href=\"javascript:") && !page.contains("onerror"), "{text:?}");
        assert!(!page.contains(|c| c != '\n' && crate::model::text::is_steering(c)), "{text:?}");
        let markdown = markdown::render(&document);
        assert!(!markdown.contains(|c| c != '\n' && crate::model::text::is_steering(c)), "{text:?}");
        let ours = ["<br>", "<code>", "</code>", "](<", ">)"];
        let rest = ours.iter().fold(markdown, |markdown, own| markdown.replace(own, ""));
        let rest = address.replace_all(&rest, "").into_owned();
        assert!(!rest.contains('<'), "{text:?}: {rest}");
    }
}

#[test]
fn a_word_without_an_end_is_cut() {
    let document = dossier(&hostile::saying(&"x".repeat(10_000)));
    for text in [markdown::render(&document), page(&document)] {
        assert!(!text.contains(&"x".repeat(3_001)) && text.contains("characters more)"));
    }
}

/// Findings of every verdict, with ids, subjects and rows that may repeat.
fn findings() -> impl Strategy<Value = Vec<Finding>> {
    let verdict = prop_oneof![
        Just(Verdict::Pass),
        Just(Verdict::Warn),
        Just(Verdict::Fail),
        Just(Verdict::Unknown { reason: Reason::Expired }),
        Just(Verdict::Blocked { by: id("a.0") }),
        Just(Verdict::Waived { until: day(12, 1) }),
        Just(Verdict::NotApplicable { reason: "nothing goes in".to_owned() }),
    ];
    let one = (0..6_u8, verdict, 0..3_u8, 0..7_usize, proptest::option::of("[ab<|`]{0,3}"));
    let one = one.prop_map(|(check, verdict, severity, row, subject)| Finding {
        severity: [Severity::Info, Severity::Warn, Severity::Block][usize::from(severity)],
        row: crate::model::route::Row::ALL[row],
        subject,
        ..fixture::finding(&format!("a.{check}"), verdict)
    });
    proptest::collection::vec(one, 0..25)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_finding_stands_in_the_document_exactly_once(findings in findings(), topics in 0..6_usize) {
        let mut report = fixture::report(Decision::Hold, findings);
        // Some of the checks have a topic, and only some are in the report at all.
        report.checks = fixture::rich().checks.all().iter().take(topics).enumerate().map(|(at, check)| {
            let mut check = check.clone();
            check.id = id(&format!("a.{at}"));
            check
        }).collect();
        let document = dossier(&report);
        let mut wanted: BTreeMap<(String, String), usize> = BTreeMap::new();
        for finding in &report.findings {
            let title = words::named(&words::large(&machine::title(finding)));
            *wanted.entry((finding.check.to_string(), title)).or_default() += 1;
        }
        let mut found = BTreeMap::new();
        for check in document.topics.iter().flat_map(|topic| &topic.checks) {
            *found.entry((check.id.clone(), check.title.clone())).or_default() += 1;
        }
        prop_assert_eq!(found, wanted);
        let (markdown, html) = (markdown::render(&document), page(&document));
        for number in 1..=report.findings.len() + 1 {
            let once = usize::from(number <= report.findings.len());
            prop_assert_eq!(markdown.matches(&format!("\n#### {number}. ")).count(), once);
            prop_assert_eq!(html.matches(&format!("id=\"c{number}\"")).count(), once);
        }
        let counted: usize = document.counts.iter().map(|count| count.count).sum();
        let by_row: usize = document.rows.iter().map(|row| row.total).sum();
        prop_assert_eq!((counted, by_row), (report.findings.len(), report.findings.len()));
    }
}
