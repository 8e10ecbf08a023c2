//! The findings of a report in document order: by topic, each with its number.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::{
    model::{
        checklist::Severity,
        decision::FailOn,
        id::CheckId,
        recorded::ReportedAnswer,
        report::Report,
        reported::ReportedCheck,
        verdict::{Finding, Verdict},
    },
    render::{
        lines::{self, Titles},
        mark,
    },
};

/// A finding with its position in the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed<'a> {
    /// Its number in the whole document, from 1.
    pub(super) number: usize,
    /// What its check is about.
    pub(super) topic: Option<&'a str>,
    /// What its check says; a receipt of version 1 doesn't contain this.
    pub(super) check: Option<&'a ReportedCheck>,
    /// The finding itself.
    pub(super) finding: &'a Finding,
}

/// All findings of a report, each once.
pub(super) struct Sorted<'a> {
    /// The report.
    pub(super) report: &'a Report,
    /// In document order.
    pub(super) all: Vec<Placed<'a>>,
    titles: Titles<'a>,
    names: HashMap<&'a CheckId, &'a str>,
    answers: HashMap<&'a CheckId, Vec<(usize, &'a ReportedAnswer)>>,
}

impl<'a> Sorted<'a> {
    /// Sorted by topic: the topics in the order of the rows, findings without one last.
    pub(super) fn of(report: &'a Report) -> Self {
        let told: HashMap<&CheckId, &ReportedCheck> =
            report.checks.all().iter().map(|check| (&check.id, check)).collect();
        let mut topics: IndexMap<Option<&str>, Vec<&Finding>> = IndexMap::new();
        for finding in lines::rows(report).flat_map(|(_, findings)| findings) {
            let check = told.get(&finding.check);
            let topic = check.and_then(|check| check.topic.as_ref()).map(crate::model::topic::Topic::as_str);
            topics.entry(topic).or_default().push(finding);
        }
        let without = topics.shift_remove(&None);
        let groups = topics.into_iter().chain(without.map(|findings| (None, findings)));
        let flat =
            groups.flat_map(|(topic, findings)| findings.into_iter().map(move |finding| (topic, finding)));
        let place = |(number, (topic, finding)): (usize, (Option<&'a str>, &'a Finding))| Placed {
            number,
            topic,
            check: told.get(&finding.check).copied(),
            finding,
        };
        let all = (1..).zip(flat).map(place).collect();
        let mut answers: HashMap<_, Vec<_>> = HashMap::new();
        for (number, answer) in (1..).zip(&report.answers).filter(|(_, answer)| answer.used) {
            answers.entry(&answer.check).or_default().push((number, answer));
        }
        let names = report.findings.iter().map(|finding| (&finding.check, &*finding.title)).collect();
        Self { report, all, titles: Titles::of(report), names, answers }
    }

    /// The title of a check; its id if it has no finding.
    pub(super) fn name<'s>(&'s self, check: &'s CheckId) -> &'s str {
        self.names.get(check).copied().unwrap_or(check.as_str())
    }

    /// What was seen, in the same words as in every other format.
    pub(super) fn seen(&self, finding: &Finding) -> String {
        lines::seen(finding, &self.titles)
    }

    /// The findings of one check with the same verdict, wherever they are: root causes first, then in document order.
    pub(super) fn bundles(&self, of: impl Fn(&Finding) -> bool) -> Vec<Vec<Placed<'a>>> {
        let mut bundles: IndexMap<(&CheckId, u8), Vec<Placed<'a>>> = IndexMap::new();
        for placed in self.all.iter().filter(|placed| of(placed.finding)) {
            let rank = mark::mark(placed.finding).rank;
            bundles.entry((&placed.finding.check, rank)).or_default().push(*placed);
        }
        let mut bundles: Vec<_> = bundles.into_iter().collect();
        bundles.sort_by_key(|((_, rank), _)| *rank);
        bundles.into_iter().map(|(_, bundle)| bundle).collect()
    }

    /// The answers that a finding is based on, with their numbers in the history.
    pub(super) fn answers(&self, finding: &Finding) -> Vec<(usize, &'a ReportedAnswer)> {
        let Some(recorded) = &finding.recorded else { return Vec::new() };
        let all = self.answers.get(&finding.check).cloned().unwrap_or_default();
        let told = |answer: &ReportedAnswer| answer.by == recorded.by && answer.answered == recorded.answered;
        let exact: Vec<_> = all.iter().filter(|(_, answer)| told(answer)).copied().collect();
        if exact.is_empty() { all } else { exact }
    }
}

/// Whether the finding keeps the gate shut in a run with this threshold.
pub(super) fn shuts(finding: &Finding, fail_on: FailOn) -> bool {
    let least = match fail_on {
        FailOn::Warn => Severity::Warn,
        FailOn::Fail => Severity::Block,
    };
    let closes = fail_on == FailOn::Warn && finding.verdict == Verdict::Warn;
    finding.severity >= least && (closes || !finding.verdict.lets_on())
}
