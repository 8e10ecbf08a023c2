//! Output of a Nagios plugin: `GREENLIGHT OK - … | perfdata`, then a line for each finding that isn't settled.
//!
//! Nagios uses the exit code, not the word, and the exit codes of this program are the same in every format. So the
//! word is the one that Nagios reads from the code:
//!
//! | decision | code | word |
//! |---|---|---|
//! | GO | 0 | `OK` |
//! | NO-GO | 1 | `WARNING` |
//! | HOLD | 3 | `UNKNOWN` |
//!
//! A run that clears nothing has the code of what it would be but no such word: `GREENLIGHT - REHEARSAL · would be GO`.
//!
//! `CRITICAL` is code 2, which here means an error in the project file or the arguments. To be paged for a NO-GO, wrap
//! the call: `negate -t 60 -s -w CRITICAL /usr/local/bin/greenlight check --format nagios`
//! (<https://www.monitoring-plugins.org/doc/man/negate.html>, as of 2026-11-23).
//!
//! The first `|` of a line ends its text, and Nagios reads 8 KiB in total
//! (<https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/3/en/pluginapi.html>, as of 2026-11-23): root
//! causes come first, and each text is kept short.

use std::fmt::Write as _;

use super::{
    Style,
    machine::{self, CiOutcome, Told},
};
use crate::model::{
    decision::Decision,
    report::{Batch, Report, Totals},
    text::counted,
};

/// The most characters of a text.
const LONGEST: usize = 200;

/// The status line, and what it is based on.
#[must_use]
pub fn render(batch: &Batch, _: &Style) -> String {
    let word = batch.decided().decision().map(|decision| format!(" {}", word(decision))).unwrap_or_default();
    let mut out = format!("GREENLIGHT{word} - {} | {}\n", summary(batch), perfdata(batch));
    for told in machine::causes_first(batch) {
        if !matches!(told.outcome, CiOutcome::Passed | CiOutcome::Absent) {
            let _ = writeln!(out, "{}", line(&told, batch.several));
        }
    }
    if batch.several {
        for report in &batch.reports {
            let _ = writeln!(out, "{}", text(&machine::decided(report, true)));
        }
    }
    out
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Go => "OK",
        Decision::NoGo => "WARNING",
        Decision::Hold => "UNKNOWN",
    }
}

fn summary(batch: &Batch) -> String {
    if let ([report], false) = (batch.reports.as_slice(), batch.several) {
        return text(&machine::decided(report, false));
    }
    format!("{} · {}", batch.decided(), counted(batch.reports.len(), "project"))
}

fn perfdata(batch: &Batch) -> String {
    let of = |decision| {
        let decided = batch.reports.iter().filter_map(|report| report.decided().decision());
        decided.filter(|decided| *decided == decision).count()
    };
    let mut values = vec![
        ("projects", batch.reports.len()),
        ("go", of(Decision::Go)),
        ("hold", of(Decision::Hold)),
        ("nogo", of(Decision::NoGo)),
    ];
    let mut sums = machine::counts(Totals::default());
    for report in &batch.reports {
        for (sum, (_, count)) in sums.iter_mut().zip(machine::counts(report.totals)) {
            sum.1 += count;
        }
    }
    values.extend(sums.map(|(word, count)| (label(word), count)));
    let calls = batch.reports.iter().flat_map(Report::sent);
    values.push(("calls", calls.count()));
    values.iter().map(|(label, value)| format!("{label}={value}")).collect::<Vec<_>>().join(" ")
}

/// A label that needs no quotes.
fn label(word: &'static str) -> &'static str {
    if word == "n/a" { "not_applicable" } else { word }
}

fn line(told: &Told<'_>, several: bool) -> String {
    let Told { report, finding, seen, .. } = told;
    let word = finding.verdict.word();
    let project = if several { format!("{}: ", machine::project(report, true)) } else { String::new() };
    let fix = machine::notes(finding).into_iter().find(|(label, _)| *label == "fix");
    let fix = fix.map(|(_, fix)| format!(" · fix: {}", text(&fix))).unwrap_or_default();
    format!("{word} {}: {}{fix}", text(&format!("{project}{}", machine::name(finding))), text(seen))
}

fn text(text: &str) -> String {
    machine::clipped(text, LONGEST).replace('|', "¦")
}

#[cfg(test)]
mod tests;
