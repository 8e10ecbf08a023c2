//! What a verdict looks like: symbol, word, colour, and its position within a row.

use anstyle::{AnsiColor, Effects, Style};

use crate::model::{
    checklist::Severity,
    verdict::{Finding, Reason, Verdict},
};

/// Columns that the longest symbol and word take.
pub(super) const WIDTH: u16 = 9;

/// How a verdict looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Symbol and word. Upper case is reserved for root causes that keep the gate shut.
    pub(super) text: &'static str,
    /// Its colour.
    pub(super) look: Style,
    /// Root causes first.
    pub(super) rank: u8,
}

/// How the verdict of a finding looks.
pub(super) fn mark(finding: &Finding) -> Mark {
    face(&finding.verdict, finding.severity)
}

/// How a verdict at a severity looks.
pub(super) fn face(verdict: &Verdict, severity: Severity) -> Mark {
    let (text, look, rank) = match (verdict, severity) {
        (Verdict::Fail, Severity::Block) => ("✗ FAIL", colour(AnsiColor::Red).bold(), 0),
        (Verdict::Fail, _) => ("✗ fail", colour(AnsiColor::Red), 1),
        (Verdict::Unknown { .. }, Severity::Block) => ("? UNKNOWN", colour(AnsiColor::Yellow).bold(), 2),
        (Verdict::Unknown { .. }, _) => ("? unknown", colour(AnsiColor::Yellow), 3),
        (Verdict::Blocked { .. }, _) => ("⊘ blocked", colour(AnsiColor::Magenta), 4),
        (Verdict::Warn, _) => ("! warn", colour(AnsiColor::Yellow), 5),
        (Verdict::Pass, _) => ("✓ pass", colour(AnsiColor::Green), 6),
        (Verdict::Waived { .. }, _) => ("~ waived", colour(AnsiColor::Cyan), 7),
        (Verdict::NotApplicable { .. }, _) => ("· n/a", Style::new().effects(Effects::DIMMED), 8),
    };
    Mark { text, look, rank }
}

/// Whether the finding keeps the gate shut.
pub(super) fn holds(finding: &Finding) -> bool {
    finding.severity == Severity::Block
        && matches!(finding.verdict, Verdict::Fail | Verdict::Unknown { .. } | Verdict::Blocked { .. })
}

/// A reason in a few words, for a finding that says nothing else.
pub(super) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Unanswered => "not answered",
        Reason::Borrowed => "answered for another account",
        Reason::Reworded => "the question was reworded",
        Reason::Expired => "the answer has expired",
        Reason::Future => "the answer lies in the future",
        Reason::NoEvidence => "the evidence is missing",
        Reason::EvidenceChanged => "the evidence has changed",
        Reason::NotMade => "the call was not made",
        Reason::Unreachable => "no reply came",
        Reason::UnclearReply => "the reply says nothing about it",
        Reason::MissingValue => "the value is missing",
        Reason::NoClaim => "the catalogue has no claim of that date",
        Reason::NotDeclared => "the project does not say",
        Reason::Fault => "the provider had a fault",
    }
}

fn colour(colour: AnsiColor) -> Style {
    colour.on_default()
}
