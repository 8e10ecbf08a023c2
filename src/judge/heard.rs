//! What probes and rules say about a question: evidence for an answer, or as good as one.

use crate::model::verdict::{Finding, Verdict};

/// The findings that are about a question.
#[derive(Debug, Default)]
pub(super) struct Heard<'f> {
    /// What is evidence for it.
    pub(super) supporting: Vec<&'f Finding>,
    /// What answers it as well as a person can.
    pub(super) settling: Vec<&'f Finding>,
}

impl<'f> Heard<'f> {
    /// What all of them saw, for a reader.
    pub(super) fn saw(&self) -> String {
        let all = self.supporting.iter().chain(&self.settling);
        all.map(|finding| told(finding)).collect::<Vec<_>>().join("; ")
    }

    /// The first that contradicts a passing answer.
    pub(super) fn against(&self) -> Option<&'f Finding> {
        let mut all = self.supporting.iter().chain(&self.settling);
        all.find(|finding| contradicts(finding)).copied()
    }

    /// What settles the question without an answer: `Ok` where all of it passes, `Err` where some of it fails.
    pub(super) fn settled(&self) -> Option<Result<String, String>> {
        if let Some(against) = self.settling.iter().find(|finding| contradicts(finding)) {
            return Some(Err(told(against)));
        }
        let passes = |finding: &&Finding| finding.verdict == Verdict::Pass;
        let all = !self.settling.is_empty() && self.settling.iter().all(passes);
        // Evidence against the question prevents a pass.
        (all && self.against().is_none())
            .then(|| Ok(self.settling.iter().map(|finding| told(finding)).collect::<Vec<_>>().join("; ")))
    }
}

fn told(finding: &Finding) -> String {
    format!("{}: {}", finding.title, finding.seen)
}

/// A refuted claim does, whatever its severity; a caution doesn't.
fn contradicts(finding: &Finding) -> bool {
    let refuted_by_fault = finding.verdict == Verdict::Warn && finding.fault.is_some();
    finding.verdict == Verdict::Fail || finding.got.is_some() || refuted_by_fault
}
