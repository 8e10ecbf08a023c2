//! Turns a checklist, a project and what was observed into a report: pure, without clock or I/O.

pub mod changes;
pub mod compare;
pub mod estimate;
pub mod evidence;
pub mod expect;
pub mod faults;
pub mod gate;
pub mod inputs;
pub mod length;
pub mod order;
pub mod purchase;
pub mod quote;
pub mod rule_context;
pub mod rule_outcome;
pub mod rules;
pub mod selection;
pub mod truth;
pub mod value;
pub mod verification;

mod again;
pub mod answers;
mod call_log;
mod causes;
mod clearance;
mod entry;
mod finding;
mod given;
mod heard;
mod instance;
mod offer;
mod price_list;
mod records;
mod served;
mod terms;
mod waivers;
mod wording;

#[cfg(test)]
mod rule_fixture;
#[cfg(test)]
mod tests;

use std::{cell::Cell, collections::HashMap};

use camino::Utf8Path;
use chrono::{DateTime, Utc};

pub use self::{
    clearance::Clearance,
    terms::{Files, of_waiver as waived_for},
};
use self::{
    finding::CheckEvaluator,
    heard::Heard,
    instance::{Instance, instances},
    order::{About, Judged},
    rule_context::Quoted,
    served::Served,
};
use crate::model::{
    answer::Answers,
    catalogue::Catalogue,
    checklist::{Check, Checklist},
    decision::{FailOn, Stated},
    id::CheckId,
    observation::Observations,
    project::{Project, ShotIndex},
    report::{InputDigest, ProjectSummary, Rehearsal, Replay, Report, SCHEMA_VERSION, Tool, Totals},
    verdict::Finding,
    via::Via,
};

/// Everything a judgement is made from.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// What is to be made.
    pub project: &'a Project,
    /// The project file as it was named.
    pub file: &'a Utf8Path,
    /// The claims to be decided.
    pub checklist: &'a Checklist,
    /// The dated facts.
    pub catalogue: &'a Catalogue,
    /// What people recorded.
    pub answers: &'a Answers,
    /// Everything that was observed.
    pub observations: &'a Observations,
    /// The time it is judged for.
    pub now: DateTime<Utc>,
    /// The time of the run itself.
    pub made: DateTime<Utc>,
    /// Present when the calls went to a stand-in.
    pub rehearsal: Option<Rehearsal>,
    /// Present when the replies were read from a transcript.
    pub replay: Option<Replay>,
    /// Whether media may be at addresses that no provider can reach.
    pub allow_private: bool,
    /// What was between this program and the servers it called.
    pub via: Option<Via>,
    /// The rows and checks that were asked for; empty for all.
    pub only: Vec<String>,
    /// What closes the gate.
    pub fail_on: FailOn,
    /// Every file that was loaded; files that were looked at are among the observations.
    pub inputs: Vec<InputDigest>,
    /// What writes the report.
    pub tool: Tool,
}

/// The result of a judgement.
#[derive(Debug)]
pub struct Judgement {
    /// All findings, for every reader.
    pub report: Report,
    /// Present only for a GO that is live, complete and for now.
    pub clearance: Option<Clearance>,
}

/// Judges every check of the checklist and decides.
#[must_use]
pub fn judge(case: &Case<'_>) -> Judgement {
    let report = report(case);
    Judgement { clearance: Clearance::of(case, &report), report }
}

fn report(case: &Case<'_>) -> Report {
    let findings = findings(case, &mut |_, _, finding| finding);
    Report {
        schema_version: SCHEMA_VERSION,
        tool: case.tool.clone(),
        at: case.now,
        made: case.made,
        rehearsal: case.rehearsal.clone(),
        replay: case.replay.clone(),
        allow_private: case.allow_private,
        via: case.via.clone(),
        only: case.only.clone(),
        fail_on: case.fail_on,
        project: summary(case.project),
        inputs: inputs::all(case),
        totals: Totals::count(&findings),
        stated: Stated::decision(gate::decide(&findings, case.fail_on)),
        checks: case.checklist.reported(),
        answers: records::answers(case, &findings),
        waivers: records::waivers(case, &findings),
        // What a partial run doesn't need may be needed by the rest.
        remarks: if case.only.is_empty() { remarks(case, &findings) } else { ended(case).collect() },
        findings,
        calls: case.observations.calls.clone(),
        digest: String::new(),
    }
    .sealed()
}

/// A note that the run ended before everything was seen.
fn ended(case: &Case<'_>) -> impl Iterator<Item = String> {
    let told = |after| {
        let after = wording::span(after);
        format!(
            "the run ended at its deadline of {after}; what was still open then is unknown. A longer `--deadline` \
             gives it more time"
        )
    };
    case.observations.ended.map(told).into_iter()
}

fn remarks(case: &Case<'_>, findings: &[Finding]) -> Vec<String> {
    let mut remarks: Vec<String> = ended(case).collect();
    remarks.extend(case.checklist.remarks.iter().cloned());
    remarks.extend(waivers::remarks(case, findings));
    remarks
}

/// What is to be made, in short.
#[must_use]
pub fn summary(project: &Project) -> ProjectSummary {
    ProjectSummary {
        name: project.name.clone(),
        route: project.route,
        provider: project.provider.clone(),
        shots: project.shots.len(),
        budget: project.budget,
    }
}

/// All findings in the order of the checklist. Each one goes through `settle` before waivers are applied.
fn findings(case: &Case<'_>, settle: &mut Settle<'_>) -> Vec<Finding> {
    let checks = &case.checklist.checks;
    let mut judged: Vec<Option<Judged>> = checks.iter().map(|_| None).collect();
    let places = Places::of(case);
    for at in order::topological(checks) {
        if let Some(check) = checks.get(at) {
            let findings = judge_check(case, check, (&places, &judged), settle);
            if let Some(place) = judged.get_mut(at) {
                *place = Some(Judged::new(findings));
            }
        }
    }
    judged.into_iter().flatten().flat_map(Judged::into_findings).collect()
}

/// Where checks are in the checklist.
struct Places<'a> {
    checks: HashMap<&'a CheckId, usize>,
    /// Those whose results are evidence for a question.
    supporters: HashMap<&'a CheckId, Vec<usize>>,
    shots: ShotIndex,
    /// Those that answer a question as well as a person can.
    settlers: HashMap<&'a CheckId, Vec<usize>>,
    served: Option<Served>,
    quoted: Option<Quoted>,
    visits: Cell<u64>,
}

impl<'a> Places<'a> {
    fn of(case: &Case<'a>) -> Self {
        let checks = &case.checklist.checks;
        let mut supporters: HashMap<&CheckId, Vec<usize>> = HashMap::new();
        let mut settlers: HashMap<&CheckId, Vec<usize>> = HashMap::new();
        for (at, check) in checks.iter().enumerate() {
            if let Some(question) = &check.supports {
                supporters.entry(question).or_default().push(at);
            }
            for question in &check.settles {
                settlers.entry(question).or_default().push(at);
            }
        }
        let places = checks.iter().enumerate().map(|(at, check)| (&check.id, at)).collect();
        let shots = ShotIndex::of(case.project);
        let served = Served::of(case, &shots);
        let quoted = answers::quoted(case);
        let visits = Cell::new(value::MOST_VISITS);
        Self { checks: places, supporters, settlers, shots, served, quoted, visits }
    }
}

/// Has the last word on a finding.
type Settle<'s> = dyn FnMut(&Check, &Instance<'_>, Finding) -> Finding + 's;

fn judge_check(
    case: &Case<'_>,
    check: &Check,
    (places, judged): (&Places<'_>, &[Option<Judged>]),
    settle: &mut Settle<'_>,
) -> Vec<Finding> {
    let evaluator = CheckEvaluator {
        case,
        check,
        index: &places.shots,
        served: places.served.as_ref(),
        quoted: places.quoted.as_ref(),
        visits: &places.visits,
    };
    let instances = match instances(case.project, check) {
        Ok(instances) => instances,
        Err(why) => return vec![evaluator.not_applicable(&Instance::default(), why)],
    };
    let verdict_of = |id: &CheckId| {
        let at = *places.checks.get(id)?;
        Some((case.checklist.checks.get(at)?, judged.get(at)?.as_ref()?))
    };
    let found = |by: &HashMap<&CheckId, Vec<usize>>| {
        let heard = by.get(&check.id).map_or(&[][..], Vec::as_slice);
        heard.iter().filter_map(|at| judged.get(*at)?.as_ref()).flat_map(Judged::findings).collect()
    };
    let heard = Heard { supporting: found(&places.supporters), settling: found(&places.settlers) };
    let mut judge_one = |instance: &Instance<'_>| {
        let about = About { subject: instance.subject.as_deref(), related: &instance.related };
        match order::blocked_by(check, about, verdict_of) {
            Some(root) => evaluator.blocked(instance, root),
            None => settle(check, instance, evaluator.decide(instance, &heard)),
        }
    };
    instances.iter().map(|instance| waivers::apply(case, check, instance, judge_one(instance))).collect()
}
