//! How a comparison reads at any width, and that no text in it can control a terminal or open a tag.

use rstest::rstest;

use super::*;
use crate::{
    model::{
        compare::{COMPARISON_VERSION, Ground, Open, Price, PricedBy},
        decision::Decision,
        money::Usd,
        severity::Severity,
        verdict::Reason,
    },
    render::fixture::{day, id, report},
};

fn cell(verdict: Verdict, rests_on: &[Ground]) -> Cell {
    let known = !rests_on.is_empty();
    Cell {
        check: id("a.b"),
        title: "b".to_owned(),
        severity: Severity::Block,
        verdict,
        seen: "seen <b>|\u{1b}[2J".to_owned(),
        day: known.then(|| day(11, 20)),
        rests_on: rests_on.to_vec(),
        of: 2,
        like: if known { 2 } else { 1 },
    }
}

fn column(name: &str, qualifies: Qualifies, open: Vec<Open>) -> Column {
    let report = report(Decision::Hold, vec![]);
    Column {
        name: name.to_owned(),
        file: "greenlight.toml".to_owned(),
        project: report.project.clone(),
        at: report.at,
        found: Decision::Hold,
        qualifies,
        open,
        waived_until: None,
        remarks: vec![],
    }
}

fn open(title: &str, verdict: Verdict) -> Open {
    Open { check: id("a.b"), title: title.to_owned(), verdict, seen: "what was seen".to_owned() }
}

fn some() -> Comparison {
    let unanswered = || Verdict::Unknown { reason: Reason::Unanswered };
    let row = |topic: &str, differs, cells| TopicRow {
        topic: topic.to_owned(),
        row: crate::model::route::Row::Access,
        differs,
        cells,
    };
    let price =
        Price { sum: Usd::from_micros(300_000), owner: "xai".to_owned(), by: PricedBy::List, day: day(8, 1) };
    let many = (0..7).map(|n| open(&format!("check {n}"), unanswered())).collect();
    Comparison {
        schema_version: COMPARISON_VERSION,
        columns: vec![
            column("api (xai)", Qualifies::Yes, vec![]),
            Column {
                waived_until: Some(day(12, 1)),
                remarks: vec!["its model is another".to_owned()],
                ..column(
                    "wrapper (acme)",
                    Qualifies::No,
                    vec![open("refunds", Verdict::Fail), open("support", unanswered())],
                )
            },
            column("wrapper (\u{1b}[2J<b>|)", Qualifies::NotYet, many),
        ],
        mandatory: vec![
            row(
                "which-model",
                true,
                vec![
                    Some(cell(Verdict::Pass, &[Ground::Tool])),
                    Some(cell(Verdict::Fail, &[Ground::Page, Ground::Words])),
                    Some(cell(unanswered(), &[])),
                ],
            ),
            row(
                "policy",
                false,
                vec![
                    Some(cell(unanswered(), &[])),
                    Some(cell(unanswered(), &[])),
                    Some(cell(unanswered(), &[])),
                ],
            ),
            row("own.check", true, vec![None, Some(cell(Verdict::Waived { until: day(12, 1) }, &[])), None]),
        ],
        facts: vec![row(
            "balance",
            true,
            vec![None, Some(cell(Verdict::Blocked { by: id("a.key") }, &[])), None],
        )],
        prices: vec![PriceRow {
            shot: Some("opening".to_owned()),
            cells: vec![
                Asked::Known(price),
                Asked::Unknown("no quote is recorded".to_owned()),
                Asked::Unknown("not told".to_owned()),
            ],
        }],
    }
}

#[rstest]
#[case(40, Rows::Differing)]
#[case(80, Rows::Differing)]
#[case(140, Rows::All)]
fn a_comparison_at_this_width(#[case] width: u16, #[case] rows: Rows) {
    let text = table(&some(), rows, &Style::new(width, false));
    assert!(!text.contains('\u{1b}'), "{text:?}");
    assert!(text.lines().all(|line| line.chars().count() <= usize::from(width)), "{text}");
    insta::assert_snapshot!(format!("compare_{width}"), text);
}

#[test]
fn colour_repeats_what_the_words_say() {
    let [plain, coloured] = [false, true].map(|colour| table(&some(), Rows::All, &Style::new(80, colour)));
    assert_ne!(plain, coloured);
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn a_page_opens_no_tag_and_ends_no_cell() {
    let text = markdown(&some(), Rows::All);
    assert!(!text.contains("<b>") && !text.contains('\u{1b}'), "{text}");
    for line in text.lines().filter(|line| line.starts_with('|') && line.contains("which model")) {
        assert_eq!(line.matches('|').count(), 5, "{line}");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_page_for_a_browser_has_every_row_and_its_texts_are_texts() {
    let text = html(&some()).unwrap();
    assert!(!text.contains("<b>") && !text.contains('\u{1b}') && !text.contains("<script"), "{text}");
    for row in some().mandatory.iter().chain(&some().facts) {
        assert!(text.contains(&format!(r#"<th scope="row">{}</th>"#, topic(row))), "{}", row.topic);
    }
    assert_eq!(text.matches("<h2").count(), 4);
    assert!(text.contains("seen &lt;b&gt;|\\u{1b}[2J") && text.contains("does not"), "{text}");
    assert!(!text.contains("http:") && !text.contains("https:"), "nothing is asked of anybody");
}

#[test]
fn the_schema_accepts_the_json_and_refuses_another_word() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&json(&some())).unwrap();
    let mistakes: Vec<_> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&value).map(|one| one.to_string()).collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    assert_eq!(serde_json::from_value::<Comparison>(value.clone()).unwrap(), some());
    value["columns"][0]["qualifies"] = "best".into();
    assert!(!jsonschema::is_valid(&schema, &value));
}
