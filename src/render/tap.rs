//! TAP version 14: one line per finding, numbered across all projects.
//!
//! A finding that closes or holds the gate is `not ok`. Waived and not applicable are `SKIP`, an unknown that isn't
//! required is `TODO`: neither makes a harness fail. A warning is `ok` with details in its block. The block is YAML
//! with its texts in JSON quotes, which YAML reads the same way
//! (<https://testanything.org/tap-version-14-specification.html>, as of 2026-11-23).

use std::fmt::Write as _;

use super::{
    Style,
    machine::{self, CiOutcome, Told},
};
use crate::model::{report::Batch, verdict::Finding};

/// The stream, with a final line break.
#[must_use]
pub fn render(batch: &Batch, _: &Style) -> String {
    let mut points = Vec::new();
    for report in &batch.reports {
        let prefix =
            if batch.several { format!("{}: ", machine::project(report, true)) } else { String::new() };
        points.extend(machine::told(report).map(|told| point(&told, &prefix)));
        points.extend(machine::shut_without_cause(report).map(|why| Point {
            ok: false,
            rest: escaped(&format!("{prefix}decision: {why}")),
            block: String::new(),
        }));
    }
    let mut out = format!("TAP version 14\n1..{}", points.len());
    out.push_str(if points.is_empty() { " # nothing was checked\n" } else { "\n" });
    for (number, point) in (1..).zip(&points) {
        let word = if point.ok { "ok" } else { "not ok" };
        let _ = write!(out, "{word} {number} - {}\n{}", point.rest, point.block);
    }
    for report in &batch.reports {
        let _ = writeln!(out, "# {}", machine::decided(report, batch.several));
    }
    if batch.several {
        let _ = writeln!(out, "# {}", batch.decided());
    }
    out
}

struct Point {
    ok: bool,
    rest: String,
    block: String,
}

fn point(told: &Told<'_>, prefix: &str) -> Point {
    let Told { finding, outcome, seen, .. } = told;
    let word = finding.verdict.word();
    let named = escaped(&format!("{prefix}{}", machine::name(finding)));
    let rest = match outcome {
        CiOutcome::Passed | CiOutcome::Cautioned | CiOutcome::Failed | CiOutcome::Holding => named,
        CiOutcome::Waived | CiOutcome::Absent => format!("{named} # SKIP {word}: {}", escaped(seen)),
        CiOutcome::Open => format!("{named} # TODO {word}: {}", escaped(seen)),
    };
    let block = match outcome {
        CiOutcome::Passed | CiOutcome::Waived | CiOutcome::Absent => String::new(),
        _ => block(finding, seen),
    };
    let ok = !matches!(outcome, CiOutcome::Failed | CiOutcome::Holding | CiOutcome::Open);
    Point { ok, rest, block }
}

fn block(finding: &Finding, seen: &str) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut out = String::from("  ---\n");
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(out, "  {key}: {value}");
    };
    line("verdict", &quoted(finding.verdict.word()));
    line("severity", finding.severity.word());
    line("row", finding.row.word());
    line("title", &quoted(&machine::plain(&finding.title)));
    line("seen", &quoted(seen));
    for (label, text) in machine::notes(finding) {
        line(label, &quoted(&text));
    }
    line("source", &quoted(&machine::plain(&finding.source.url)));
    line("file", &quoted(&machine::file(&finding.location.file)));
    line("line", &finding.location.line.to_string());
    out.push_str("  ...\n");
    out
}

/// A `#` after a space would start a directive.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#")
}

#[cfg(test)]
mod tests;
