//! The questions of a project, and the state of their answers.

use serde::Serialize;

use crate::{
    load::Loaded,
    model::{
        answer::Recorded,
        checklist::{AnswerKind, Check, Decider, EvidenceKind, Question},
        report::Report,
        route::Row,
        verdict::{Finding, Reason, Verdict},
    },
    ui::Sheet,
};

/// A question with its findings.
pub(super) struct AskedQuestion<'a> {
    pub(super) check: &'a Check,
    pub(super) question: &'a Question,
    pub(super) findings: Vec<&'a Finding>,
}

impl AskedQuestion<'_> {
    /// Whether an answer is missing: a rule that needs no confirmation asks no one.
    pub(super) fn is_open(&self) -> bool {
        let asks = matches!(self.check.decider, Decider::Question(_));
        self.findings.iter().any(|finding| match finding.verdict {
            Verdict::Fail | Verdict::Warn => true,
            Verdict::Unknown { reason } => asks || reason != Reason::NotMade,
            Verdict::Blocked { .. } => asks,
            Verdict::Pass | Verdict::Waived { .. } | Verdict::NotApplicable { .. } => false,
        })
    }

    fn worst(&self) -> Option<&Finding> {
        let open = self.findings.iter().find(|finding| !finding.verdict.lets_on());
        open.or(self.findings.first()).copied()
    }
}

/// All questions, in the order of the table.
pub(super) fn questions<'a>(
    loaded: &'a Loaded,
    report: &'a Report,
) -> impl Iterator<Item = AskedQuestion<'a>> {
    Row::ALL.into_iter().flat_map(move |row| {
        loaded.checklist.checks.iter().filter(move |check| check.row == row).filter_map(move |check| {
            let findings = report.findings.iter().filter(|finding| finding.check == check.id).collect();
            Some(AskedQuestion { check, question: check.decider.question()?, findings })
        })
    })
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct QuestionRow<'a> {
    check: &'a str,
    row: Row,
    ask: &'a str,
    #[serde(rename = "type")]
    kind: AnswerKind,
    /// The allowed choices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceKind>,
    verdict: &'a str,
    seen: &'a str,
    open: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<&'a Recorded>,
}

/// The list, for people or for programs.
pub(super) fn text(loaded: &Loaded, report: &Report, json: bool, sheet: &Sheet<'_>) -> String {
    let entries: Vec<_> = questions(loaded, report).collect();
    let lines: Vec<QuestionRow<'_>> = entries
        .iter()
        .map(|entry| {
            let worst = entry.worst();
            QuestionRow {
                check: entry.check.id.as_str(),
                row: entry.check.row,
                ask: &entry.question.ask,
                kind: entry.question.kind,
                choices: choices(entry.question),
                evidence: entry.question.evidence,
                verdict: worst.map_or("n/a", |finding| finding.verdict.word()),
                seen: worst.map_or("", |finding| &finding.seen),
                open: entry.is_open(),
                recorded: worst.and_then(|finding| finding.recorded.as_ref()),
            }
        })
        .collect();
    if json {
        // A list of plain structs always serialises.
        return serde_json::to_string_pretty(&lines).unwrap_or_default() + "\n";
    }
    let open = lines.iter().filter(|line| line.open).count();
    let state = |line: &QuestionRow<'_>| match (line.open, line.verdict) {
        (true, _) => "open",
        // Nothing is decided yet, and there is nothing to answer.
        (false, "blocked" | "unknown") => "blocked",
        (false, _) => "done",
    };
    let rows: Vec<_> = lines.iter().map(|line| [state(line), line.check, line.seen]).collect();
    format!("{}\n{open} of {} questions open\n", sheet.columns(&rows, 0), lines.len())
}

fn choices(question: &Question) -> Vec<&str> {
    match question.kind {
        AnswerKind::YesNo => vec!["yes", "no"],
        _ => question.choices.iter().map(String::as_str).collect(),
    }
}
