//! What changed between two receipts: the decision first, then the checks by row, each with what was seen before and
//! after, and why.

use anstyle::{AnsiColor, Effects, Style as Look};
use indexmap::IndexMap;

use super::{
    Style,
    json::pretty,
    mark::{face, reason},
    summary::LABEL,
};
use crate::{
    layout::{Cell, GAP, NARROWEST, Page, glued},
    model::{
        changes::{Change, Changes, Glimpse, InputChange, Kind, ProjectChanges, Sides},
        route::Row,
        text::{counted, printable},
        verdict::Verdict,
    },
};

/// Columns of the word before a note.
const NOTE: u16 = 4;

/// As JSON.
#[must_use]
pub fn json(changes: &Changes) -> String {
    pretty(changes)
}

/// As a table for people.
#[must_use]
pub fn table(changes: &Changes, style: &Style) -> String {
    let width = style.width.max(NARROWEST);
    let mut page = Page::new(style.colour);
    let several = changes.projects.len() != 1;
    if several {
        let text = format!(
            "greenlight diff · {} · {}",
            turn(&changes.decided),
            glued(&counted(changes.projects.len(), "project"))
        );
        page.row(&[Cell::new(0, width, &text).look(Look::new().bold())]);
    }
    for project in &changes.projects {
        page.skip();
        heading(&mut page, project, several, width);
        body(&mut page, project, width);
    }
    page.finish()
}

/// One word, or both sides with an arrow.
fn turn<T: ToString + PartialEq>(sides: &Sides<T>) -> String {
    match (&sides.old, &sides.new) {
        (Some(old), Some(new)) if old == new => format!("still {}", new.to_string()),
        (Some(old), Some(new)) => format!("{} → {}", old.to_string(), new.to_string()),
        (None, Some(new)) => format!("new: {}", new.to_string()),
        (Some(old), None) => format!("gone: {}", old.to_string()),
        (None, None) => "nothing".to_owned(),
    }
}

fn heading(page: &mut Page, project: &ProjectChanges, several: bool, width: u16) {
    let summary = &project.project;
    let mut parts = Vec::new();
    if !several {
        parts.push("greenlight diff".to_owned());
    }
    parts.push(glued(&turn(&project.decided)));
    parts.push(printable(&summary.name).into_owned());
    if several {
        parts.push(printable(&project.file).into_owned());
    }
    parts.push(glued(&format!("route {} ({})", summary.route, printable(&summary.provider))));
    let minute = |at: chrono::DateTime<chrono::Utc>| glued(&at.format("%Y-%m-%d %H:%M UTC").to_string());
    let days: Vec<_> = [project.at.old, project.at.new].into_iter().flatten().map(minute).collect();
    parts.push(days.join(" → "));
    page.row(&[Cell::new(0, width, &parts.join(" · ")).look(Look::new().bold())]);
}

fn body(page: &mut Page, project: &ProjectChanges, width: u16) {
    if project.decided.old.is_none() || project.decided.new.is_none() {
        let which = if project.decided.old.is_none() { "old" } else { "new" };
        let text = format!("the {which} receipt contains no report on it");
        page.row(&[Cell::blank(2), Cell::new(0, width - 2, &text)]);
        return;
    }
    let mut note = |label: &str, text: &str| {
        let label = Cell::new(2, LABEL, label).look(Look::new().bold());
        page.row(&[label, Cell::new(GAP + 1, width - 2 - LABEL - 3, &printable(text))]);
    };
    for remark in &project.remarks {
        note("note", remark);
    }
    if !project.inputs.is_empty() {
        note("files", &project.inputs.iter().map(file).collect::<Vec<_>>().join("; "));
    }
    for row in Row::ALL {
        let bundles = bundles(project.changes.iter().filter(|change| change.row == row));
        if !bundles.is_empty() {
            page.skip();
            page.row(&[Cell::blank(2), Cell::new(0, width - 2, &row.heading()).look(Look::new().bold())]);
        }
        for bundle in &bundles {
            line(page, bundle, width);
        }
    }
    page.skip();
    page.row(&[Cell::blank(2), Cell::new(0, width - 2, &tally(project))]);
}

/// Merges changes of one check that differ only in their subjects.
fn bundles<'a>(changes: impl Iterator<Item = &'a Change>) -> Vec<(&'a Change, Vec<&'a str>)> {
    let mut alike: IndexMap<_, (&Change, Vec<&str>)> = IndexMap::new();
    for change in changes {
        let said = [&change.sides.old, &change.sides.new]
            .map(|side| side.as_ref().map(|side| (mark(side), seen(side))));
        let why: Vec<_> = change.why.iter().map(|cause| (cause.cause, cause.says.as_str())).collect();
        let bundle = alike.entry((&change.check, change.kind, said, why)).or_insert((change, Vec::new()));
        bundle.1.extend(change.subject.as_deref());
    }
    alike.into_values().collect()
}

fn mark(side: &Glimpse) -> &'static str {
    face(&side.verdict, side.severity).text
}

/// The most subjects that are named.
const MOST_NAMED: usize = 3;

fn title(change: &Change, subjects: &[&str]) -> String {
    let title = printable(&change.title);
    let names: Vec<_> = subjects.iter().take(MOST_NAMED).map(|subject| printable(subject)).collect();
    match subjects.len().saturating_sub(MOST_NAMED) {
        _ if names.is_empty() => title.into_owned(),
        0 => format!("{title} [{}]", names.join(", ")),
        more => format!("{title} [{} and {more} more]", names.join(", ")),
    }
}

fn file(input: &InputChange) -> String {
    format!("{} {}", input.path, input.change.words())
}

fn line(page: &mut Page, (change, subjects): &(&Change, Vec<&str>), width: u16) {
    let sides = &change.sides;
    let shown = sides.new.as_ref().or(sides.old.as_ref());
    let look = shown.map_or_else(Look::new, |side| face(&side.verdict, side.severity).look);
    let verdicts = match (&sides.old, &sides.new) {
        (Some(old), Some(new)) if mark(old) == mark(new) => mark(new).to_owned(),
        (Some(old), Some(new)) => format!("{} → {}", mark(old), mark(new)),
        (None, Some(new)) => format!("new: {}", mark(new)),
        (Some(old), None) => format!("gone: {}", mark(old)),
        (None, None) => String::new(),
    };
    let title = title(change, subjects);
    let room = width - 2 - VERDICTS;
    if room < 30 {
        page.row(&[Cell::new(2, width - 2, &verdicts).look(look)]);
        page.row(&[Cell::new(4, width - 4, &title)]);
    } else {
        let gap = u16::try_from(GAP).unwrap_or(2);
        page.row(&[Cell::new(2, VERDICTS, &verdicts).look(look), Cell::new(GAP, room - gap, &title)]);
    }
    let mut note = |label: &str, text: &str, look: Look| {
        page.row(&[Cell::new(4, NOTE, label).look(look), Cell::new(1, width - 4 - NOTE - 1, text)]);
    };
    let told = |side: &Glimpse| match change.kind {
        Kind::Severity => format!("severity {}", side.severity.word()),
        _ => seen(side),
    };
    let (was, now) = (sides.old.as_ref().map(told), sides.new.as_ref().map(told));
    if was != now {
        for (label, text) in [("was:", was), ("now:", now)] {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                note(label, &text, Effects::DIMMED.into());
            }
        }
    }
    let why: Vec<_> = change
        .why
        .iter()
        .map(|cause| format!("{}: {}", cause.cause.word(), printable(&cause.says)))
        .collect();
    note("why:", &why.join("; "), AnsiColor::Cyan.on_default());
}

/// Columns of a verdict before and after.
const VERDICTS: u16 = 21;

fn seen(side: &Glimpse) -> String {
    let seen = printable(&side.seen);
    match &side.verdict {
        Verdict::Waived { until } => format!("until {until}; {seen}"),
        Verdict::Unknown { reason: why } if seen.is_empty() => reason(*why).to_owned(),
        _ => seen.into_owned(),
    }
}

fn tally(project: &ProjectChanges) -> String {
    let count = |of: fn(Kind) -> bool| project.changes.iter().filter(|change| of(change.kind)).count();
    let turned = count(|kind| matches!(kind, Kind::Verdict | Kind::Severity));
    let parts = [
        (turned, "changed"),
        (count(|kind| kind == Kind::Appeared), "new"),
        (count(|kind| kind == Kind::Vanished), "gone"),
        (count(|kind| kind == Kind::Seen), "for another reason"),
        (project.same, "the same"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| glued(&format!("{count} {word}")))
        .collect();
    if parts.is_empty() { "Nothing was checked.".to_owned() } else { parts.join(" · ") }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        model::{
            changes::{Cause, Why},
            decision::Decision,
            report::SCHEMA_VERSION,
            verdict::Reason,
        },
        render::fixture::{finding, id, report},
    };

    fn change(subject: &str, seen: &str) -> Change {
        let side = |verdict, seen: &str| Some(Glimpse { seen: seen.to_owned(), ..side_of(verdict) });
        Change {
            kind: Kind::Verdict,
            check: id("api.model-available"),
            subject: Some(subject.to_owned()),
            row: Row::Access,
            title: "model available".to_owned(),
            sides: Sides {
                old: side(Verdict::Unknown { reason: Reason::Unreachable }, ""),
                new: side(Verdict::Fail, seen),
            },
            why: vec![Cause {
                cause: Why::Provider,
                says: "fault none → \u{1b}[2Jmodel-not-visible".to_owned(),
            }],
        }
    }

    fn side_of(verdict: Verdict) -> Glimpse {
        let finding = finding("api.model-available", verdict);
        Glimpse { severity: finding.severity, verdict: finding.verdict, seen: finding.seen }
    }

    fn some() -> Changes {
        let report = report(Decision::NoGo, vec![]);
        let mut changes: Vec<_> =
            (0..5).map(|n| change(&format!("shot-{n}"), "asked `a`, listed: `b`")).collect();
        changes.push(change("other", "the server said \u{1b}[32mno\u{7}"));
        Changes {
            schema_version: SCHEMA_VERSION,
            old: "old.json".to_owned(),
            new: "new.json".to_owned(),
            decided: Sides { old: Some(Decision::Hold.into()), new: Some(report.decided()) },
            changed: true,
            projects: vec![ProjectChanges {
                project: report.project.clone(),
                file: report.file().to_owned(),
                decided: Sides { old: Some(Decision::Hold.into()), new: Some(report.decided()) },
                at: Sides { old: Some(report.at), new: Some(report.at) },
                remarks: vec!["a remark".to_owned()],
                inputs: vec![],
                changes,
                same: 3,
            }],
        }
    }

    #[rstest]
    #[case(40)]
    #[case(80)]
    fn changes_at_this_width(#[case] width: u16) {
        let text = table(&some(), &Style::new(width, false));
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text:?}");
        insta::assert_snapshot!(format!("changes_{width}"), text);
    }

    #[test]
    fn colour_repeats_what_the_words_say() {
        let [plain, coloured] = [false, true].map(|colour| table(&some(), &Style::new(80, colour)));
        assert_ne!(plain, coloured);
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    }

    #[test]
    fn the_json_keeps_its_shape() {
        insta::assert_snapshot!(json(&some()));
    }
}
