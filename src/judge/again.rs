//! Judges a reported run again from files alone; what only the run could see is taken from its report.

use std::collections::{HashMap, VecDeque};

use url::Url;

use super::{Case, findings, instance::Instance};
use crate::model::{
    checklist::{Check, Decider},
    id::{CheckId, ProbeId, ShotId},
    media::Input,
    verdict::{Finding, Reason, Verdict},
};

/// What the files at hand give, together with what the run reported as seen.
#[derive(Debug)]
pub(super) struct Again {
    /// In the order of the checklist.
    pub(super) findings: Vec<Finding>,
    /// What was accepted because the run reported it.
    pub(super) believed: Vec<Believed>,
}

/// A finding that can't be derived from files alone.
#[derive(Debug)]
pub(super) struct Believed {
    pub(super) check: CheckId,
    pub(super) subject: Option<String>,
    pub(super) verdict: Verdict,
    /// The probes whose replies the finding must be based on.
    pub(super) probes: Vec<ProbeId>,
    /// For this shot.
    pub(super) shot: Option<ShotId>,
    /// The address that must have been looked at.
    pub(super) address: Option<Url>,
}

type Told<'a> = HashMap<(CheckId, Option<String>), VecDeque<&'a Finding>>;

/// Judges again. The case contains no replies, and nothing about the machine that checked.
pub(super) fn judge(case: &Case<'_>, reported: &[Finding]) -> Again {
    let mut told: Told<'_> = HashMap::new();
    for finding in reported {
        told.entry((finding.check.clone(), finding.subject.clone())).or_default().push_back(finding);
    }
    let has_addresses = case
        .project
        .shots
        .iter()
        .flat_map(|shot| &shot.inputs)
        .any(|(_, input)| matches!(input, Input::Url(_)));
    let mut believed = Vec::new();
    let findings = findings(case, &mut |check, instance, own| {
        let waiting = told.get_mut(&(check.id.clone(), instance.subject.clone()));
        let Some(reported) = waiting.and_then(VecDeque::pop_front) else { return own };
        if !is_open(check, &own, has_addresses) || !was_looked_at(&reported.verdict) {
            return own;
        }
        let by_files = (&reported.verdict, &reported.recorded) == (&own.verdict, &own.recorded);
        if !by_files && reported.verdict.lets_on() {
            believed.push(of(check, instance, reported));
        }
        let seen = reported.clone();
        Finding {
            verdict: seen.verdict,
            seen: seen.seen,
            expected: seen.expected,
            got: seen.got,
            fix: seen.fix,
            fault: seen.fault,
            source: seen.source,
            // A reply can also settle what a person had confirmed.
            recorded: own.recorded.filter(|_| seen.recorded.is_some()),
            ..own
        }
    });
    Again { findings, believed }
}

/// Whether a run can know more about a check than the files show.
fn is_open(check: &Check, own: &Finding, has_addresses: bool) -> bool {
    match (&check.decider, &own.verdict) {
        (Decider::Question(_), _) | (Decider::Rule { .. }, Verdict::NotApplicable { .. }) => false,
        (Decider::Probe { .. }, _) => true,
        (Decider::Rule { given, .. }, verdict) => {
            !given.probes.is_empty()
                || matches!(verdict, Verdict::Unknown { reason } if has_addresses || *reason == Reason::NotMade)
        }
    }
}

/// Whether a verdict comes from looking, and not from another check or from a person.
fn was_looked_at(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Pass | Verdict::Warn | Verdict::Fail | Verdict::Unknown { .. })
}

fn of(check: &Check, instance: &Instance<'_>, reported: &Finding) -> Believed {
    let address = match instance.input {
        Some(Input::Url(url)) => Some(url.clone()),
        _ => None,
    };
    Believed {
        check: check.id.clone(),
        subject: reported.subject.clone(),
        verdict: reported.verdict.clone(),
        probes: check.decider.probes().into_iter().cloned().collect(),
        shot: instance.shot.map(|shot| shot.id.clone()),
        address,
    }
}
