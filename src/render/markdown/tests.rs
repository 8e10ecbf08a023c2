use proptest::prelude::*;
use rstest::rstest;

use super::{SUMMARY_LIMIT, cell, render, within};
use crate::{
    model::{
        decision::Decision,
        report::{Batch, Report},
        verdict::Verdict,
    },
    render::{
        fixture::{STYLE, finding, report, rich, two},
        hostile::{hostile, long, saying, words},
    },
};

/// The rows of all tables: the word of the verdict, and the title with the check.
fn rows(page: &str) -> Vec<(String, String)> {
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Verdict |"));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 4, "{row}");
        let word = cells[0].split(' ').next_back().unwrap().to_lowercase();
        (word, cells[1].to_owned())
    })
    .collect()
}

/// Many findings with long texts: 20 warnings, one failure, the rest passes.
fn many(count: usize) -> Report {
    let one = |n| {
        let verdict = match n {
            7 => Verdict::Fail,
            10..30 => Verdict::Warn,
            _ => Verdict::Pass,
        };
        let mut finding = finding(&format!("a.check-{n}"), verdict);
        finding.seen = "seen ".repeat(100);
        finding
    };
    report(Decision::NoGo, (0..count).map(one).collect())
}

#[test]
fn the_page_keeps_its_shape() {
    insta::assert_snapshot!(render(&Batch::one(rich()), &STYLE));
}

#[test]
fn several_projects_have_a_section_each() {
    let page = render(&two(), &STYLE);
    assert!(page.starts_with("# greenlight: REHEARSAL · REPLAY · PARTIAL · would be NO-GO\n\n## Spring teaser (greenlight.toml)\n\n> **REHEARSAL (scenario retired-model)**"));
    assert!(page.contains(
        "\n## Autumn teaser (plans/autumn/greenlight.toml)\n\n> **REPLAY (of 2026-11-22 10:04 UTC)**: this clears \
         nothing.\n\n> **PARTIAL (only access)**: this clears nothing.\n\n**REPLAY · PARTIAL · would be GO** · 1 pass, 1 warn\n"
    ));
}

/// GitHub turns these into links by itself (<https://github.github.com/gfm/#autolinks-extension->).
#[rstest]
#[case("see http://evil.example/x", "see http:&#47;&#47;evil.example/x")]
#[case("HTTPS://evil.example ftp://evil.example", "HTTPS:&#47;&#47;evil.example ftp:&#47;&#47;evil.example")]
#[case("www.evil.example WWW.evil.example", "www&#46;evil.example WWW&#46;evil.example")]
#[case("w. éww.a/b: /c", "w. éww.a/b: /c")]
fn no_address_becomes_a_link(#[case] text: &str, #[case] wanted: &str) {
    assert_eq!(cell(text), wanted);
}

#[test]
fn every_verdict_is_told() {
    let wanted: Vec<_> = words(&rich()).into_iter().map(|(_, word)| word.to_owned()).collect();
    let mut found: Vec<_> =
        rows(&render(&Batch::one(rich()), &STYLE)).into_iter().map(|(word, _)| word).collect();
    let sorted = |mut words: Vec<String>| {
        words.sort();
        words
    };
    found = sorted(found);
    assert_eq!(found, sorted(wanted));
}

/// The page has the same lines, cells and tags, whatever the texts contain.
fn survives(text: &str) {
    let quiet = render(&Batch::one(saying("quiet")), &STYLE);
    let shape = |page: &str| -> Vec<String> {
        let tags = |line: &str| line.matches(['<', '>', '`', '|', '*', '[']).collect::<String>();
        page.lines().map(tags).collect()
    };
    let loud = render(&Batch::one(saying(text)), &STYLE);
    let filled = loud.lines().count() == quiet.lines().count();
    assert!(filled, "{text:.80}");
    // An empty note is left out together with its line break.
    if !text.trim().is_empty() {
        assert_eq!(shape(&loud), shape(&quiet), "{text:.80}");
    }
}

#[test]
fn no_text_leaves_its_cell() {
    for text in hostile() {
        survives(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_text_leaves_its_cell_whatever_it_is(text in any::<String>()) {
        survives(&text);
    }
}

#[rstest]
#[case("a | b", "a &#124; b")]
#[case("<b>&amp;", "&#60;b&#62;&#38;amp;")]
#[case("`x` [y](z) \\|", "&#96;x&#96; &#91;y&#93;(z) &#92;&#124;")]
#[case("@everyone, #12, page#part", "@&#8203;everyone, #&#8203;12, page#part")]
#[case("##[error]x", "# #&#91;error&#93;x")]
#[case("two\nlines", "two lines")]
fn marks_are_written_as_characters(#[case] text: &str, #[case] wanted: &str) {
    assert_eq!(cell(text), wanted);
}

#[test]
fn a_long_text_is_cut() {
    let page = render(&Batch::one(long()), &STYLE);
    assert!(page.len() < 20_000, "{}", page.len());
    assert_eq!(rows(&page).len(), 20);
}

#[test]
fn a_page_that_is_too_large_leaves_out_what_passed_first() {
    let batch = Batch::one(many(3_000));
    let page = render(&batch, &STYLE);
    assert!((SUMMARY_LIMIT - 2_000..SUMMARY_LIMIT).contains(&page.len()), "{}", page.len());
    let shown = rows(&page).len();
    let left_out = format!("\n**Left out for lack of room: {} findings.**\n", 3_000 - shown);
    assert!(page.ends_with(&left_out), "{}", &page[page.len() - 200..]);

    let page = within(&batch, 6_000);
    let words: Vec<_> = rows(&page).into_iter().map(|(word, _)| word).collect();
    assert!(page.len() < 6_000 && words.len() > 3, "{page}");
    assert_eq!(words[0], "fail");
    assert!(words[1..].iter().all(|word| word == "warn"), "{page}");
}

#[test]
fn with_too_many_projects_some_are_only_counted() {
    let reports: Vec<_> = (0..200).map(|_| many(3)).collect();
    let page = within(&Batch { reports, several: true }, 10_000);
    let shown = page.matches("\n## ").count();
    assert!(page.len() < 10_000 && shown > 10, "{shown}");
    assert!(page.contains(&format!("{} projects, 600 findings.**", 200 - shown)), "{page}");
    assert!(page.starts_with("# greenlight: NO-GO\n"));
}

#[rstest]
fn the_page_is_always_smaller_than_the_limit(#[values(0, 1, 22, 60, 150, 300, 700, 2_000)] limit: usize) {
    for batch in [Batch::one(rich()), two(), Batch { reports: vec![], several: true }] {
        let page = within(&batch, limit);
        assert!(page.len() < limit || page.is_empty(), "{limit}: {}", page.len());
        assert_eq!(
            page.is_empty(),
            limit <= 60 && !(batch.reports.is_empty() && limit > 20),
            "{limit}: {page}"
        );
    }
}
