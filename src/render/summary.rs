//! The last lines of the table: the decision and what it is based on, what to do first, and what the checking cost.

use anstyle::{AnsiColor, Effects, Style as Look};
use indexmap::IndexMap;

use super::{lines, machine, mark::holds, todo};
use crate::{
    layout::{Cell, GAP, Page, glued, widest},
    model::{
        call::Call,
        decision::{Decided, Decision},
        report::{Batch, Report},
        text::{counted, printable},
        verdict::{Finding, Verdict},
    },
};

/// Columns of the decision, or of the words `to do`.
pub(super) const LABEL: u16 = 5;

/// With less width than this, a command is on its own line.
const ROOM_FOR_WORDS: u16 = 12;

/// Writes the last lines.
pub(super) fn write(page: &mut Page, report: &Report, width: u16) {
    let rest = width - 2 - LABEL - 3;
    decision(page, &report.decided(), &tally(report), width);
    for remark in &report.remarks {
        page.row(&[
            Cell::new(2, LABEL, "note").look(Look::new().bold()),
            Cell::new(GAP + 1, rest, &printable(remark)),
        ]);
    }
    to_do(page, report, rest);
    page.row(&[
        Cell::blank(2),
        Cell::new(0, width - 2, &spent(report.calls.iter(), report.replay.is_some())),
    ]);
}

fn to_do(page: &mut Page, report: &Report, width: u16) {
    let steps = todo::steps(report);
    let command = widest(steps.iter().map(|(command, _)| command.as_str()));
    let about = width.saturating_sub(command + 2);
    for (place, (command_text, what)) in steps.iter().enumerate() {
        let label = if place == 0 { "to do" } else { "" };
        let label = Cell::new(2, LABEL, label).look(Look::new().bold());
        if about < ROOM_FOR_WORDS {
            // A command is never broken: its second half would run by itself when it is pasted.
            page.row(&[label, Cell::new(GAP + 1, command, command_text)]);
        } else {
            page.row(&[
                label,
                Cell::new(GAP + 1, command, command_text),
                Cell::new(GAP, about, what).look(Effects::DIMMED.into()),
            ]);
        }
    }
}

/// Writes the lines below the tables of several projects: the decision for each, and for all.
pub(super) fn several(page: &mut Page, batch: &Batch, width: u16) {
    let heading = counted(batch.reports.len(), "project").to_uppercase();
    page.row(&[Cell::blank(2), Cell::new(0, width - 2, &heading).look(Look::new().bold())]);
    let words: Vec<_> = batch.reports.iter().map(|report| report.decided().short()).collect();
    let label = widest(words.iter().map(String::as_str)).max(LABEL);
    for (report, word) in batch.reports.iter().zip(&words) {
        let text = format!("{} ({})", printable(&report.project.name), printable(report.file()));
        let word = Cell::new(2, label, word).look(look(&report.decided()));
        page.row(&[word, Cell::new(GAP + 1, width - 2 - label - 3, &text)]);
    }
    page.skip();
    decision(page, &batch.decided(), &decided(batch), width);
    let made = batch.reports.iter().flat_map(|report| &report.calls).filter(|call| !call.shared);
    page.row(&[
        Cell::blank(2),
        Cell::new(0, width - 2, &spent(made, batch.reports.iter().any(|report| report.replay.is_some()))),
    ]);
}

/// How many projects have each decision, the worst first.
fn decided(batch: &Batch) -> String {
    if batch.reports.is_empty() {
        return "no project was checked".to_owned();
    }
    let mut words: Vec<_> = batch.reports.iter().map(Report::decided).collect();
    words.sort_by_key(|decided| std::cmp::Reverse(decided.found()));
    let mut counts: IndexMap<String, usize> = IndexMap::new();
    for decided in &words {
        *counts.entry(decided.short()).or_default() += 1;
    }
    let parts: Vec<_> = counts.iter().map(|(word, count)| glued(&format!("{count} {word}"))).collect();
    parts.join(" · ")
}

/// The decision line, with what it is based on. For a run that decides nothing, the words get their own line.
pub(super) fn decision(page: &mut Page, decided: &Decided, text: &str, width: u16) {
    let word = decided.to_string();
    let look = look(decided).bold();
    let text = Cell::new(GAP + 1, width - 2 - LABEL - 3, text);
    if decided.decision().is_some() {
        page.row(&[Cell::new(2, LABEL, &word).look(look), text]);
    } else {
        page.row(&[Cell::new(2, width - 2, &word).look(look)]);
        page.row(&[Cell::blank(2 + LABEL), text]);
    }
}

/// The colour of a decision. A run that decides nothing is never green.
fn look(decided: &Decided) -> Look {
    match decided.decision() {
        Some(Decision::Go) => AnsiColor::Green,
        Some(Decision::Hold) | None => AnsiColor::Yellow,
        Some(Decision::NoGo) => AnsiColor::Red,
    }
    .on_default()
}

/// How many of each verdict, starting with those that keep the gate shut.
fn tally(report: &Report) -> String {
    let count = |of: fn(&Finding) -> bool| report.findings.iter().filter(|finding| of(finding)).count();
    let failed = count(|f| matches!(f.verdict, Verdict::Fail));
    let unknown = count(|f| holds(f) && matches!(f.verdict, Verdict::Unknown { .. }));
    let blocked = count(|f| holds(f) && matches!(f.verdict, Verdict::Blocked { .. }));
    let open = count(|f| !holds(f) && matches!(f.verdict, Verdict::Unknown { .. } | Verdict::Blocked { .. }));
    let totals = report.totals;

    let mut parts = Vec::new();
    if report.found() == Decision::Hold && unknown + blocked > 0 {
        parts.push(holding(unknown, blocked));
        parts.extend(some(failed, "failed"));
    } else {
        parts.extend(some(failed, "failed"));
        parts.extend(some(blocked, "blocked"));
        parts.extend(some(unknown, "unknown"));
    }
    parts.extend((totals.warn > 0).then(|| counted(totals.warn, "warning")));
    parts.extend(some(open, "open but not required"));
    parts.extend(some(totals.pass, "passed"));
    parts.extend(waived(report));
    parts.extend(machine::set_aside(report));
    let absent = count(|f| matches!(f.verdict, Verdict::NotApplicable { .. }) && !lines::is_set_aside(f));
    parts.extend(some(absent, "not applicable"));
    if parts.is_empty() {
        "nothing was checked".to_owned()
    } else {
        parts.iter().map(|part| glued(part)).collect::<Vec<_>>().join(" · ")
    }
}

fn some(count: usize, word: &str) -> Option<String> {
    (count > 0).then(|| format!("{count} {word}"))
}

fn holding(unknown: usize, blocked: usize) -> String {
    let verb = if unknown + blocked == 1 { "holds" } else { "hold" };
    let who: Vec<_> = some(unknown, "unknown").into_iter().chain(some(blocked, "blocked")).collect();
    format!("{} {verb} the gate", who.join(" and "))
}

fn waived(report: &Report) -> Option<String> {
    let days = report.findings.iter().filter_map(|finding| match finding.verdict {
        Verdict::Waived { until } => Some(until),
        _ => None,
    });
    let first = days.min()?;
    let count = report.totals.waived;
    Some(if count == 1 {
        format!("1 waived until {first}")
    } else {
        format!("{count} waived, the first until {first}")
    })
}

fn spent<'a>(made: impl Iterator<Item = &'a Call> + Clone, replayed: bool) -> String {
    if replayed {
        return match made.count() {
            0 => "No calls were made. No credits were spent.".to_owned(),
            1 => "No calls were made; 1 reply came from the transcript. No credits were spent.".to_owned(),
            replies => format!(
                "No calls were made; {replies} replies came from the transcript. No credits were spent."
            ),
        };
    }
    let sent: u32 = made.clone().map(|call| call.attempts).fold(0, u32::saturating_add);
    let calls = made.count();
    let tries = match usize::try_from(sent) {
        Ok(sent) if sent > calls => format!(" in {sent} attempts"),
        _ => String::new(),
    };
    match calls {
        0 => "No calls were made. No credits were spent.".to_owned(),
        1 => format!("1 call{tries}, free. No credits were spent."),
        _ => format!("{calls} calls{tries}, all free. No credits were spent."),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{
        model::{
            call::{Billable, Method},
            checklist::Severity,
            verdict::Reason,
        },
        render::fixture::{finding, report},
    };

    fn last_lines(report: &Report) -> String {
        let mut page = Page::new(false);
        write(&mut page, report, 100);
        page.finish()
    }

    #[test]
    fn nothing_checked_says_so() {
        let report = report(Decision::Hold, vec![]);
        assert_eq!(
            last_lines(&report),
            "  HOLD    nothing was checked\n  to do   greenlight check  check again\n  No calls were made. No credits were spent.\n"
        );
    }

    #[test]
    fn only_what_holds_the_gate_is_said_to_hold_it() {
        let unknown = Verdict::Unknown { reason: Reason::Unanswered };
        let mut aside = finding("a.aside", unknown.clone());
        aside.severity = Severity::Warn;
        let findings = vec![aside, finding("a.holds", unknown), finding("a.pass", Verdict::Pass)];
        assert_eq!(
            last_lines(&report(Decision::Hold, findings)),
            "  HOLD    1 unknown holds the gate · 1 open but not required · 1 passed\n  \
             to do   greenlight answer  2 open questions\n          greenlight check   check again\n  \
             No calls were made. No credits were spent.\n"
        );
    }

    #[test]
    fn the_first_step_is_a_failure_even_below_an_unknown() {
        let findings = vec![
            finding("a.unknown", Verdict::Unknown { reason: Reason::NotMade }),
            finding("a.fail", Verdict::Fail),
            finding("a.also", Verdict::Fail),
        ];
        let text = last_lines(&report(Decision::NoGo, findings));
        let steps: Vec<_> =
            text.lines().filter_map(|line| line.split_once("greenlight ")).map(|(_, step)| step).collect();
        assert_eq!(
            steps,
            [
                "explain a.fail     a.fail",
                "explain a.also     a.also",
                "explain a.unknown  a.unknown",
                "check              check again"
            ]
        );
    }

    #[test]
    fn every_step_names_a_project_that_is_elsewhere() {
        let mut report = report(Decision::NoGo, vec![finding("own.fail", Verdict::Fail)]);
        report.inputs[0].path = "plans/a/greenlight.toml".to_owned();
        let text = last_lines(&report);
        for step in ["explain own.fail", "check"] {
            let line = format!("greenlight {step} --project plans/a/greenlight.toml");
            assert!(text.contains(&line), "{text}");
        }
    }

    #[test]
    fn a_go_leads_to_the_clip_and_what_clears_nothing_does_not() {
        let findings = vec![finding("a.pass", Verdict::Pass), finding("a.warn", Verdict::Warn)];
        assert_eq!(
            last_lines(&report(Decision::Go, findings)),
            "  GO      1 warning · 1 passed\n  \
             to do   greenlight clip  make the first clip; it asks before it pays\n  \
             No calls were made. No credits were spent.\n"
        );
        let mut rehearsal = report(Decision::Go, vec![finding("a.pass", Verdict::Pass)]);
        rehearsal.rehearsal = Some(crate::model::report::Rehearsal { scenario: None });
        assert!(!last_lines(&rehearsal).contains("greenlight clip"));
    }

    #[rstest]
    #[case(&[], "No calls were made. No credits were spent.")]
    #[case(&[1], "1 call, free. No credits were spent.")]
    #[case(&[1, 1], "2 calls, all free. No credits were spent.")]
    #[case(&[1, 3], "2 calls in 4 attempts, all free. No credits were spent.")]
    fn the_call_line_counts_calls(#[case] attempts: &[u32], #[case] says: &str) {
        let mut report = report(Decision::Go, vec![]);
        report.calls = attempts
            .iter()
            .map(|&attempts| Call {
                at: None,
                method: Method::Get,
                url: "https://api.x.ai/v1/api-key".to_owned(),
                body: None,
                status: Some(200),
                trouble: None,
                attempts,
                shared: false,
                billable: Billable::No,
            })
            .collect();
        assert_eq!(spent(report.calls.iter(), false), says);
    }
}
