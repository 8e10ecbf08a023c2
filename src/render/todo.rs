//! What to type next, in order: failures to look into, questions to answer, then the check again or the clip.

use indexmap::IndexSet;

use super::{lines, mark::mark};
use crate::model::{
    decision::Decision,
    project::PROJECT_FILE,
    report::Report,
    text::{counted, printable, shell_word},
    verdict::{Finding, Reason, Verdict},
};

/// The most checks that are named one by one.
const MOST: usize = 5;

/// A command, and what it is for.
pub(super) type Step = (String, String);

/// The steps after a report, in order.
pub(super) fn steps(report: &Report) -> Vec<Step> {
    if report.found() == Decision::Go {
        let clip = (on(report, "greenlight clip"), "make the first clip; it asks before it pays".to_owned());
        return report.decided().decision().map(|_| clip).into_iter().collect();
    }
    let mut open: Vec<&Finding> =
        lines::rows(report).flat_map(|(_, findings)| findings).filter(|f| is_open(f)).collect();
    open.sort_by_key(|finding| mark(finding).rank);
    let (asked, found): (Vec<&Finding>, Vec<&Finding>) =
        open.into_iter().partition(|finding| is_question(finding));
    let mut steps = explained(&found);
    steps.extend(answered(&asked));
    steps.push(("greenlight check".to_owned(), "check again".to_owned()));
    steps.into_iter().map(|(command, about)| (on(report, &command), about)).collect()
}

/// A command for the project of a report. The project isn't named if it is found from here.
pub(super) fn on(report: &Report, command: &str) -> String {
    let mut file = report.file();
    while let Some(rest) = file.strip_prefix("../").or_else(|| file.strip_prefix("./")) {
        file = rest;
    }
    if file == PROJECT_FILE {
        return command.to_owned();
    }
    format!("{command} --project {}", printable(&shell_word(report.file())))
}

fn is_open(finding: &Finding) -> bool {
    matches!(finding.verdict, Verdict::Fail | Verdict::Warn | Verdict::Unknown { .. })
}

/// Whether only a person can settle it.
fn is_question(finding: &Finding) -> bool {
    let Verdict::Unknown { reason } = finding.verdict else { return false };
    matches!(
        reason,
        Reason::Unanswered
            | Reason::Borrowed
            | Reason::Reworded
            | Reason::Expired
            | Reason::NoEvidence
            | Reason::EvidenceChanged
    )
}

fn explained(found: &[&Finding]) -> Vec<Step> {
    let checks: IndexSet<_> = found.iter().map(|finding| (finding.check.as_str(), &*finding.title)).collect();
    let step = |(check, title): &(&str, &str)| {
        (format!("greenlight explain {check}"), printable(title).into_owned())
    };
    let mut steps: Vec<_> = checks.iter().take(MOST).map(step).collect();
    if let (1.., Some((_, about))) = (checks.len().saturating_sub(MOST), steps.last_mut()) {
        *about = format!("{about}, and {} more", checks.len() - MOST);
    }
    steps
}

fn answered(asked: &[&Finding]) -> Option<Step> {
    let checks: IndexSet<_> = asked.iter().map(|finding| finding.check.as_str()).collect();
    let first = checks.first()?;
    Some(match checks.len() {
        1 => (format!("greenlight answer {first}"), "1 open question".to_owned()),
        count => ("greenlight answer".to_owned(), counted(count, "open question")),
    })
}
