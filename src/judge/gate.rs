//! What the findings mean for the gate.

use crate::model::{
    checklist::Severity,
    decision::{Decision, FailOn},
    verdict::{Finding, Verdict},
};

/// Decides over all findings.
///
/// A refuted claim at severity `block` closes the gate; an unknown one holds it, and so does a run in which no claim
/// applied at all. With [`FailOn::Warn`] the severity `warn` counts like `block`, and a caution like a refutation.
#[must_use]
pub fn decide(findings: &[Finding], fail_on: FailOn) -> Decision {
    let least = match fail_on {
        FailOn::Warn => Severity::Warn,
        FailOn::Fail => Severity::Block,
    };
    let counts =
        || findings.iter().filter(|finding| finding.severity >= least).map(|finding| &finding.verdict);
    let closes = |verdict: &Verdict| match verdict {
        Verdict::Fail => true,
        Verdict::Warn => fail_on == FailOn::Warn,
        _ => false,
    };
    let nothing_ran = findings.iter().all(|finding| matches!(finding.verdict, Verdict::NotApplicable { .. }));
    if counts().any(closes) {
        Decision::NoGo
    } else if nothing_ran || !counts().all(Verdict::lets_on) {
        Decision::Hold
    } else {
        Decision::Go
    }
}
