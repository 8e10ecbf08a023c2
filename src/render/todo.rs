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

/// A command for the project of a report. The project isn't named if it is in this folder: from a folder above, it is
/// found only if there is no other one on the way.
pub(super) fn on(report: &Report, command: &str) -> String {
    let file = report.file();
    if file.strip_prefix("./").unwrap_or(file) == PROJECT_FILE {
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{layout::Page, model::report::InputRole, render::fixture::rich};

    fn at(file: &str) -> Report {
        let mut report = rich();
        let project = report.inputs.iter_mut().find(|input| input.role == InputRole::Project);
        file.clone_into(&mut project.unwrap().path);
        report
    }

    #[rstest]
    #[case("greenlight.toml", "greenlight check")]
    #[case("./greenlight.toml", "greenlight check")]
    #[case::another_may_be_nearer("../greenlight.toml", "greenlight check --project ../greenlight.toml")]
    #[case("a b/$(x).toml", "greenlight check --project 'a b/$(x).toml'")]
    fn the_project_is_named_unless_it_is_here(#[case] file: &str, #[case] command: &str) {
        assert_eq!(on(&at(file), "greenlight check"), command);
    }

    /// The second half of a broken command would run by itself when it is pasted.
    #[test]
    fn a_command_is_never_broken() {
        let folder = "p/".to_owned() + &"a b".repeat(40);
        let report = at(&format!("{folder}/greenlight.toml"));
        let mut page = Page::new(false);
        super::super::summary::write(&mut page, &report, 80);
        let text = page.finish();
        for (command, _) in steps(&report) {
            assert!(text.lines().any(|line| line.ends_with(&command)), "{command}\n{text}");
        }
    }
}
