//! What the findings mean for the gate.

use crate::model::{
    checklist::Severity,
    decision::Decision,
    verdict::{Finding, Verdict},
};

/// Decides over all findings.
///
/// A refuted claim at severity `block` closes the gate; one that is not known holds it, and so
/// does a run in which no claim arose at all.
#[must_use]
pub fn decide(findings: &[Finding]) -> Decision {
    let blocking = || {
        findings.iter().filter(|finding| finding.severity == Severity::Block).map(|finding| &finding.verdict)
    };
    let nothing_ran = findings.iter().all(|finding| matches!(finding.verdict, Verdict::NotApplicable { .. }));
    if blocking().any(|verdict| matches!(verdict, Verdict::Fail)) {
        Decision::NoGo
    } else if nothing_ran || !blocking().all(Verdict::lets_on) {
        Decision::Hold
    } else {
        Decision::Go
    }
}
