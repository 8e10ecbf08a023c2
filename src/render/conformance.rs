//! How a client behaved against the stand-in: the broken rules first, each with the lines of the journal that show it.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style as Look};
use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::{Style, json::pretty, machine, markdown};
use crate::{
    layout::{Cell, GAP, NARROWEST, Page},
    model::{
        conformance::{Conformance, Graded, Sighting, Standing},
        decision::Decision,
        severity::Severity,
        text::{counted, printable},
    },
};

/// Columns of the word before a rule, and of its symbol.
const WORD: u16 = 8;
const SIGN: u16 = 1;

/// The most plays that are shown in full; the others are only named.
const SHOWN: usize = 3;

/// Columns before a rule's own lines.
const INDENT: u16 = 4;

/// As JSON.
#[must_use]
pub fn json(conformance: &Conformance) -> String {
    pretty(conformance)
}

/// In the order of importance: broken, not seen, kept.
fn ordered(conformance: &Conformance) -> impl Iterator<Item = &Graded> {
    let rank = [Standing::Broken, Standing::NotSeen, Standing::Kept];
    rank.into_iter()
        .flat_map(|standing| conformance.rules.iter().filter(move |rule| rule.standing == standing))
}

/// What was seen against a rule; if nothing was, everything that was seen of it.
fn told(rule: &Graded) -> impl Iterator<Item = &Sighting> {
    let wanted = match rule.standing {
        Standing::Broken => Some(false),
        Standing::Kept => Some(true),
        Standing::NotSeen => None,
    };
    rule.sightings.iter().filter(move |one| one.kept == wanted)
}

fn sentence(conformance: &Conformance) -> String {
    let count = |standing| conformance.count(standing);
    let word = match conformance.decision() {
        Decision::Go => "CONFORMS",
        Decision::Hold => "NOT ALL SEEN",
        Decision::NoGo => "DOES NOT CONFORM",
    };
    format!(
        "{word} · {} broken · {} not seen · {} kept · {}",
        count(Standing::Broken),
        count(Standing::NotSeen),
        count(Standing::Kept),
        counted(conformance.plays.len(), "play")
    )
}

fn heading(conformance: &Conformance) -> String {
    let client = conformance.client.as_deref().unwrap_or("a client of the stand-in");
    format!("greenlight conform · {} · {}", printable(&conformance.provider), printable(client))
}

/// As a table for people.
#[must_use]
pub fn table(conformance: &Conformance, style: &Style) -> String {
    let width = style.width.max(NARROWEST);
    let mut page = Page::new(style.colour);
    page.row(&[Cell::new(0, width, &heading(conformance)).look(Look::new().bold())]);
    page.skip();
    let left = 2 + SIGN + 1 + WORD + 2;
    for rule in ordered(conformance) {
        let (sign, look) = face(rule);
        let title = printable(&rule.title);
        page.row(&[
            Cell::blank(2),
            Cell::new(0, SIGN, sign).look(look),
            Cell::new(1, WORD, rule.standing.word()).look(look),
            Cell::new(GAP, width.saturating_sub(left), &title),
        ]);
        if rule.standing != Standing::Broken {
            continue;
        }
        details(&mut page, rule, width);
    }
    page.skip();
    page.row(&[Cell::new(0, width, &sentence(conformance)).look(Look::new().bold())]);
    if let Some(check) = proven(conformance).first() {
        page.skip();
        let keep = format!(
            "Evidence for {}. To keep it, run this again with `--format json --output conformance.json`, then:",
            proven(conformance).join(" and ")
        );
        page.row(&[Cell::new(0, width, &keep)]);
        page.row(&[
            Cell::blank(2),
            Cell::new(
                0,
                width.saturating_sub(2),
                &format!("greenlight answer {check} --value yes --evidence conformance.json"),
            ),
        ]);
    }
    page.finish()
}

/// The checks that this is evidence for.
fn proven(conformance: &Conformance) -> Vec<String> {
    conformance
        .supports()
        .into_iter()
        .filter(|(_, against)| against.is_none())
        .map(|(check, _)| check)
        .collect()
}

fn face(rule: &Graded) -> (&'static str, Look) {
    let colour = |colour: AnsiColor| Look::new().fg_color(Some(colour.into()));
    match (rule.standing, rule.severity) {
        (Standing::Kept, _) => ("✓", colour(AnsiColor::Green)),
        (Standing::Broken, Severity::Block) => ("✗", colour(AnsiColor::Red)),
        (Standing::Broken, _) => ("!", colour(AnsiColor::Yellow)),
        (Standing::NotSeen, _) => ("?", colour(AnsiColor::Yellow)),
    }
}

fn details(page: &mut Page, rule: &Graded, width: u16) {
    let mut row = |indent: u16, text: &str| {
        page.row(&[Cell::blank(indent), Cell::new(0, width.saturating_sub(indent), text)]);
    };
    let all: Vec<_> = told(rule).collect();
    let (shown, others) = all.split_at(all.len().min(SHOWN));
    for sighting in shown {
        row(INDENT, &format!("{}: {}", printable(&sighting.play), printable(&sighting.says)));
        for line in &sighting.lines {
            row(INDENT + 2, &format!("{:>3}  {}", line.number, printable(&line.text)));
        }
    }
    if !others.is_empty() {
        let plays: Vec<_> = others.iter().map(|one| printable(&one.play)).collect();
        row(INDENT, &format!("also in {}", plays.join(", ")));
    }
    row(INDENT, &format!("why: {}", printable(&rule.why)));
    row(INDENT, &format!("fix: {}", printable(&rule.fix)));
}

/// As Markdown for a forge such as GitHub.
#[must_use]
pub fn markdown(conformance: &Conformance) -> String {
    let mut text = format!("# {}\n\n", markdown::literal(&heading(conformance)));
    let _ =
        writeln!(text, "**{}**\n\n| | rule | severity | seen |\n|---|---|---|---|", sentence(conformance));
    for rule in ordered(conformance) {
        let all: Vec<_> = told(rule).collect();
        let seen: Vec<_> = match rule.standing {
            Standing::Kept => vec![format!("in {}", counted(all.len(), "play"))],
            _ => all.iter().map(|one| format!("{}: {}", one.play, one.says)).collect(),
        };
        let [title, seen] = [rule.title.clone(), seen.join("; ")].map(|text| markdown::cell(&text));
        let _ = writeln!(text, "| {} | {title} | {} | {seen} |", rule.standing.word(), rule.severity.word());
    }
    for rule in ordered(conformance).filter(|rule| rule.standing == Standing::Broken) {
        let [title, why, fix] =
            [&rule.title, &rule.why, &rule.fix].map(|text| markdown::literal(&printable(text)));
        let _ = writeln!(text, "\n## Broken: {title}\n\n{why} {fix}\n");
        for sighting in told(rule) {
            let [play, says] =
                [&sighting.play, &sighting.says].map(|text| markdown::literal(&printable(text)));
            let _ = writeln!(text, "- {play}: {says}");
            for line in &sighting.lines {
                let _ = writeln!(text, "  - {} · {}", line.number, markdown::literal(&printable(&line.text)));
            }
        }
    }
    text
}

/// As `JUnit` XML: one case per rule. A broken rule is a failure; one that couldn't be seen is an error if it blocks,
/// otherwise skipped.
#[must_use]
pub fn junit(conformance: &Conformance) -> String {
    let mut suite = TestSuite::new(machine::plain(&heading(conformance)));
    for rule in &conformance.rules {
        let mut status = match (rule.standing, rule.severity) {
            (Standing::Kept, _) => TestCaseStatus::success(),
            (Standing::Broken, Severity::Block) => TestCaseStatus::non_success(NonSuccessKind::Failure),
            (Standing::NotSeen, Severity::Block) => TestCaseStatus::non_success(NonSuccessKind::Error),
            (Standing::Broken | Standing::NotSeen, _) => TestCaseStatus::skipped(),
        };
        let seen: Vec<_> = told(rule).map(|one| format!("{}: {}", one.play, one.says)).collect();
        if rule.standing != Standing::Kept {
            let message = if seen.is_empty() { rule.title.clone() } else { seen.join("; ") };
            status.set_type(rule.standing.word()).set_message(machine::plain(&message).as_ref());
        }
        if rule.standing != Standing::Kept && rule.severity == Severity::Block {
            let lines = told(rule)
                .flat_map(|one| &one.lines)
                .map(|line| format!("{:>3}  {}", line.number, line.text));
            let all = [format!("why: {}", rule.why), format!("fix: {}", rule.fix)].into_iter().chain(lines);
            let text: Vec<_> = all.collect();
            status.set_description(machine::plain(&text.join("\n").replace('\n', " | ")).as_ref());
        }
        let mut case = TestCase::new(rule.id.as_str(), status);
        case.set_classname(format!("conform.{}", machine::plain(&conformance.provider)));
        suite.add_test_case(case);
    }
    let mut document = Document::new("greenlight conform");
    document.add_test_suite(suite);
    // Writing to memory can't fail.
    let text = document.to_string().unwrap_or_default();
    text.replacen(&format!(" skipped=\"{}\"", document.skipped), "", 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::conformance::{JournalLine, Kind};

    fn sighting(kept: Option<bool>, says: &str) -> Sighting {
        let line =
            JournalLine { number: 7, text: "1.000 s  POST api.acme.example/v1/videos: HTTP 500".to_owned() };
        Sighting { play: "cut".to_owned(), kept, says: says.to_owned(), lines: vec![line] }
    }

    fn conformance() -> Conformance {
        let rule = |id: &str, severity, standing, sightings| Graded {
            id: id.to_owned(),
            title: format!("does <{id}> | well"),
            severity,
            standing,
            why: format!("{id} matters."),
            fix: format!("Do {id}."),
            supports: vec!["acme.endings".to_owned()],
            plays: Vec::new(),
            sightings,
        };
        Conformance {
            kind: Kind::Conformance,
            graded: chrono::DateTime::UNIX_EPOCH,
            provider: "acme".to_owned(),
            client: Some("./make\u{1b}[31m".to_owned()),
            version: "0".to_owned(),
            plays: vec!["done".to_owned(), "cut".to_owned()],
            rules: vec![
                rule("a", Severity::Block, Standing::Kept, vec![sighting(Some(true), "it did")]),
                rule(
                    "b",
                    Severity::Block,
                    Standing::Broken,
                    vec![sighting(Some(true), "it did"), sighting(Some(false), "it sent 1 more")],
                ),
                rule("c", Severity::Warn, Standing::Broken, vec![sighting(Some(false), "too soon"); 5]),
                rule("d", Severity::Block, Standing::NotSeen, Vec::new()),
            ],
        }
    }

    #[test]
    fn the_table_tells_what_is_broken_with_its_lines() {
        let text = table(&conformance(), &Style::new(80, false));
        insta::assert_snapshot!(text);
    }

    #[test]
    fn the_page_escapes_what_came_from_outside() {
        let text = markdown(&conformance());
        insta::assert_snapshot!(text);
        assert!(!text.contains('\u{1b}') && !text.contains("<b>"), "{text}");
    }

    #[test]
    fn each_rule_is_a_case() {
        let text = junit(&conformance());
        let count = |what: &str| text.matches(what).count();
        assert_eq!(
            (count("<testcase"), count("<failure"), count("<error"), count("<skipped")),
            (4, 1, 1, 1),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn json_is_for_programs() {
        let value: serde_json::Value = serde_json::from_str(&json(&conformance())).unwrap();
        assert_eq!(value["rules"][1]["standing"], "broken");
        assert_eq!(value["rules"][1]["sightings"][1]["lines"][0]["number"], 7);
    }
}
