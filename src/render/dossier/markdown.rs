//! The dossier as GitHub-flavoured Markdown. It is readable as plain text too.

use std::fmt::Write as _;

use super::FIRST_CONDITIONS;
use crate::{
    model::dossier::{Badge, CheckEntry, Condition, Dossier, Fact, Page},
    render::markdown::literal,
};

/// The whole document.
#[must_use]
pub fn render(dossier: &Dossier) -> String {
    let mut out = first_page(dossier);
    conditions_in_full(&mut out, dossier);
    checks(&mut out, dossier);
    evidence(&mut out, dossier);
    counter(&mut out, dossier);
    waivers(&mut out, dossier);
    history(&mut out, dossier);
    calls(&mut out, dossier);
    files(&mut out, dossier);
    out
}

/// What fits on the first page.
#[must_use]
pub fn first_page(dossier: &Dossier) -> String {
    let mut out = String::new();
    head(&mut out, dossier);
    conditions(&mut out, dossier);
    facts(&mut out, ("Contracting chain", "Link"), &dossier.chain);
    facts(&mut out, ("Money basis", "Basis"), &dossier.money);
    gaps(&mut out, dossier);
    record(&mut out, dossier);
    out
}

fn head(out: &mut String, dossier: &Dossier) {
    let Dossier { headline, project, validity, .. } = dossier;
    let _ = write!(
        out,
        "# Due diligence: {}\n\n**{}**: {}\n",
        literal(&project.name),
        literal(&headline.word),
        literal(&headline.sentence)
    );
    for label in &headline.labels {
        let _ = write!(out, "\n> **{}**: this clears nothing.\n", literal(label));
    }
    let budget = project.budget.as_deref().map(|budget| format!(" · budget {}", literal(budget)));
    let _ = write!(
        out,
        "\nroute {} ({}) · {}{} · {}\n\n{}\n",
        project.route,
        literal(&project.provider),
        project.shots,
        budget.unwrap_or_default(),
        literal(&project.file),
        literal(&headline.origin),
    );
    let at = validity.at.as_deref().map(|at| format!(" ({at})")).unwrap_or_default();
    let what = literal(&validity.what);
    let until = match (validity.until, validity.lapsed) {
        (Some(day), true) => format!("**Expired on** {day}: {what}{at}"),
        (Some(day), false) => format!("**Valid until** {day}: {what}{at}"),
        (None, _) => format!("**Valid until:** {what}"),
    };
    let _ = write!(out, "\n{until}.\n\n");
    let counts = &dossier.counts;
    let names: Vec<_> = counts.iter().map(|count| face(count.badge)).collect();
    let numbers: Vec<_> = counts.iter().map(|count| count.count.to_string()).collect();
    table(out, &names.iter().map(String::as_str).collect::<Vec<_>>(), [numbers]);
    for remark in &dossier.remarks {
        let _ = write!(out, "\nnote: {}\n", literal(remark));
    }
}

const CONDITION_HEAD: [&str; 5] = ["Verdict", "Check", "What to do", "Owner", "By"];

fn conditions(out: &mut String, dossier: &Dossier) {
    out.push_str("\n## Conditions before signing\n\n");
    let all = &dossier.conditions;
    if all.is_empty() {
        out.push_str("None: nothing is open, and nothing is set aside.\n");
        return;
    }
    let first = all.iter().take(FIRST_CONDITIONS);
    table(out, &CONDITION_HEAD, first.map(|one| condition(one, &one.short)));
    if let Some(more @ 1..) = all.len().checked_sub(FIRST_CONDITIONS) {
        let _ = write!(out, "\nAnd {more} more: all {} are in annex A.\n", all.len());
    }
}

fn condition(condition: &Condition, todo: &str) -> Vec<String> {
    let owner = condition.owner.as_deref().map_or_else(|| "no one yet".to_owned(), literal);
    vec![
        face(condition.badge),
        format!("{} ({})", literal(&condition.title), numbers(&condition.numbers)),
        literal(todo),
        owner,
        literal(&condition.date),
    ]
}

fn conditions_in_full(out: &mut String, dossier: &Dossier) {
    out.push_str("\n## A. Conditions in full\n\n");
    let rows = dossier.conditions.iter().map(|one| condition(one, &one.todo));
    listed(out, &CONDITION_HEAD, rows, "None: nothing is open, and nothing is set aside.");
}

fn facts(out: &mut String, (heading, label): (&str, &str), facts: &[Fact]) {
    let _ = write!(out, "\n## {heading}\n\n");
    let row = |fact: &Fact| {
        let mut said: Vec<_> = fact
            .said
            .iter()
            .map(|line| {
                let age = line.age.as_deref().map(|age| format!("{}; ", literal(age))).unwrap_or_default();
                format!("{} · {} ({age}check {})", face(line.badge), literal(&line.text), line.number)
            })
            .collect();
        if fact.said.is_empty() {
            said.push(fact.missing.to_owned());
        }
        if fact.more > 0 {
            said.push(format!("and {} more", fact.more));
        }
        let known = if fact.known { "known" } else { "**unknown**" };
        vec![fact.label.to_owned(), known.to_owned(), said.join("<br>")]
    };
    table(out, &[label, "Known", "By what"], facts.iter().map(row));
}

fn gaps(out: &mut String, dossier: &Dossier) {
    out.push_str("\n## Largest open gaps\n\n");
    if dossier.gaps.is_empty() {
        out.push_str("None: nothing is open.\n");
    }
    for (at, gap) in (1..).zip(&dossier.gaps) {
        let waits = match gap.blocks {
            0 => String::new(),
            1 => "; 1 more waits for it".to_owned(),
            more => format!("; {more} more wait for it"),
        };
        let _ = writeln!(
            out,
            "{at}. {} · {} ({}{waits})<br>{}<br>To do: {}",
            face(gap.badge),
            literal(&gap.title),
            numbers(&gap.numbers),
            literal(&gap.why),
            literal(&gap.fix),
        );
    }
}

fn record(out: &mut String, dossier: &Dossier) {
    let record = &dossier.record;
    out.push_str("\n## Record\n\n");
    let rows = [
        ("Decided by", literal(&record.decided_by)),
        ("Answers of", literal(&record.people)),
        ("Day", record.day.clone()),
        ("Tool", literal(&record.tool)),
        ("Receipt digest", code(&record.digest)),
        ("Verify again", code(&record.again)),
        ("This document", literal(&record.contents)),
    ];
    table(out, &["What", "Which"], rows.map(|(what, which)| vec![what.to_owned(), which]));
}

fn checks(out: &mut String, dossier: &Dossier) {
    out.push_str("\n## B. Every check, by topic\n");
    for topic in &dossier.topics {
        let _ = write!(out, "\n### {}\n", literal(&topic.name));
        for check in &topic.checks {
            entry(out, check);
        }
    }
}

fn entry(out: &mut String, check: &CheckEntry) {
    let _ = write!(
        out,
        "\n#### {}. {} · {}\n\n{} · {} · {}\n\n",
        check.number,
        face(check.badge),
        literal(&check.title),
        code(&check.id),
        check.row,
        check.severity,
    );
    let mut item = |label: &str, text: Option<&str>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            let _ = writeln!(out, "- **{label}:** {}", literal(text));
        }
    };
    item("Seen", Some(&check.seen));
    item("Expected", check.expected.as_deref());
    item("Got", check.got.as_deref());
    item("Why", check.why.as_deref());
    item("Question", check.question.as_deref());
    for answer in &check.answers {
        let note = answer.note.as_deref().map(|note| format!("; {note}")).unwrap_or_default();
        let evidence = pieces(&answer.evidence);
        let text = format!(
            "{} (A{}, {} on {}, until {}{evidence}){note}",
            answer.value, answer.number, answer.by, answer.answered, answer.until
        );
        item("Answer", Some(&text));
    }
    item("To do", check.fix.as_deref());
    let _ = writeln!(out, "- **Source:** {} ({})", link(&check.source), check.age);
}

fn evidence(out: &mut String, dossier: &Dossier) {
    out.push_str("\n## C. Evidence register\n\n");
    let head = ["No.", "Kind", "What", "As of", "SHA-256", "By", "Expires", "For"];
    let rows = dossier.evidence.iter().map(|one| {
        vec![
            format!("E{}", one.number),
            one.kind.to_owned(),
            link(&one.what) + &clause(one.clause.as_deref()),
            one.as_of.to_string(),
            one.sha256.as_deref().map(code).unwrap_or_default(),
            literal(&one.by),
            if one.used { one.expires.to_string() } else { format!("{}, not in force", one.expires) },
            answers(&one.answers),
        ]
    });
    listed(out, &head, rows, "No evidence is recorded.");
}

fn clause(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(", clause {}", literal(name)))
}

fn counter(out: &mut String, dossier: &Dossier) {
    out.push_str("\n## D. Counter-evidence\n\n");
    let rows = dossier.counter.iter().map(|line| {
        let against: Vec<_> = line.against.iter().map(|text| literal(text)).collect();
        vec![
            format!("{} · {} (check {})", face(line.badge), literal(&line.title), line.number),
            literal(&line.seen),
            against.join("<br>"),
        ]
    });
    listed(
        out,
        &["Check", "What was seen", "What says otherwise"],
        rows,
        "Nothing that was seen contradicts a claim.",
    );
}

fn waivers(out: &mut String, dossier: &Dossier) {
    out.push_str("\n## E. Waivers\n\n");
    let rows = dossier.waivers.iter().map(|waiver| {
        vec![
            format!("W{}", waiver.number),
            literal(&waiver.check),
            literal(&waiver.reason),
            literal(&waiver.owner),
            waiver.recorded.to_string(),
            waiver.until.to_string(),
            if waiver.used { "sets its check aside" } else { "sets nothing aside" }.to_owned(),
            literal(&waiver.scope),
        ]
    });
    let head = ["No.", "Check", "Reason", "Owner", "Recorded", "Until", "State", "For"];
    listed(out, &head, rows, "Nothing is waived.");
}

fn history(out: &mut String, dossier: &Dossier) {
    out.push_str("\n## F. History of answers\n\n");
    let rows = dossier.history.iter().map(|answer| {
        let note = answer.note.as_deref().map(|note| format!(" ({})", literal(note))).unwrap_or_default();
        vec![
            format!("A{}", answer.number),
            literal(&answer.check),
            format!("{}{note}", literal(&answer.value)),
            literal(&answer.by),
            answer.answered.to_string(),
            answer.until.to_string(),
            if answer.used { "in force" } else { "not in force" }.to_owned(),
            answer.evidence.iter().map(|number| format!("E{number}")).collect::<Vec<_>>().join(", "),
            literal(&answer.scope),
        ]
    });
    let head = ["No.", "Check", "Answer", "By", "Answered", "Until", "State", "Evidence", "For"];
    listed(out, &head, rows, "Not answered yet.");
}

fn calls(out: &mut String, dossier: &Dossier) {
    out.push_str("\n## G. Call log\n\n");
    let rows = dossier.calls.iter().map(|call| {
        vec![
            call.at.clone().unwrap_or_default(),
            code(&call.words),
            literal(&call.reply),
            call.attempts.to_string(),
            if call.shared { "for another project" } else { "for this project" }.to_owned(),
            call.billable.to_owned(),
        ]
    });
    listed(out, &["When", "Call", "Reply", "Sent", "Made", "Billable"], rows, "No call was made.");
}

fn files(out: &mut String, dossier: &Dossier) {
    out.push_str("\n## H. Files that were read\n\n");
    let rows = dossier.files.iter().map(|file| {
        let sha256 = file.sha256.as_deref().map_or_else(|| "too large to be read whole".to_owned(), code);
        vec![file.role.to_owned(), literal(&file.path), sha256]
    });
    listed(out, &["What", "File", "SHA-256"], rows, "No file was read.");
}

fn listed(out: &mut String, head: &[&str], rows: impl ExactSizeIterator<Item = Vec<String>>, none: &str) {
    if rows.len() == 0 {
        let _ = writeln!(out, "{none}");
    } else {
        table(out, head, rows);
    }
}

fn table(out: &mut String, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let _ = writeln!(out, "| {} |\n|{}", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
}

fn face(badge: Badge) -> String {
    literal(&format!("{} {}", badge.symbol, badge.word))
}

fn numbers(all: &[usize]) -> String {
    let shown: Vec<_> = all.iter().map(usize::to_string).collect();
    format!("check {}", super::words::list(&shown, 5))
}

fn answers(all: &[usize]) -> String {
    all.iter().map(|number| format!("A{number}")).collect::<Vec<_>>().join(", ")
}

fn pieces(all: &[usize]) -> String {
    let names: Vec<_> = all.iter().map(|number| format!("E{number}")).collect();
    if names.is_empty() { String::new() } else { format!("; {}", names.join(", ")) }
}

/// Text as code. It is written as HTML, so that no character is read as Markdown.
fn code(text: &str) -> String {
    format!("<code>{}</code>", literal(text))
}

/// A link if there is an address, otherwise its text.
fn link(page: &Page) -> String {
    let text = literal(&page.text);
    let Some(href) = &page.href else { return text };
    let mut to = String::with_capacity(href.len());
    for c in href.chars() {
        match c {
            '&' => to.push_str("&amp;"),
            '<' | '>' | '|' | '\\' | '`' | ' ' => {
                let _ = write!(to, "%{:02X}", u32::from(c));
            }
            _ => to.push(c),
        }
    }
    format!("[{text}](<{to}>)")
}
