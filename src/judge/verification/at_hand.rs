//! Compares a receipt with the files at hand: they are the same, and judging them again gives the same findings.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Case, SKEW_MINUTES, fails, holds, minute, named, some, told};
use crate::{
    judge::{
        self,
        again::{self, Again, Believed},
        call_log::{self, Log, Possible},
        changes, expect, gate,
        truth::Truth,
        value::Scope,
        wording::clip,
    },
    model::{
        call::Call,
        changes::{InputChange, Turn},
        checklist::{Check, Decider},
        decision::FailOn,
        observation::{Body, ErrorText, Observation, Reply, Trouble, TroubleKind},
        report::{InputRole, Report},
        text::counted,
        verdict::{Finding, Verdict},
        verification::{About, Claim},
    },
};

/// The longest time that a run is believed to take, in minutes.
const LONGEST_RUN_MINUTES: i64 = 60;

/// Everything that is compared with the files. What follows from another claim that doesn't hold is left out.
pub(super) fn claims(case: &Case<'_>, report: &Report) -> Vec<Claim> {
    let (whole, same) = (whole_run(case, report), same_files(case, report));
    let comparable = whole.holds && same.holds && report.rehearsal.is_none() && report.replay.is_none();
    let mut claims = vec![whole, same];
    if comparable {
        let of_the_run = judge::Case { now: report.at, ..case.hand.clone() };
        let again = again::judge(&of_the_run, &report.findings);
        let told = told::otherwise(case, report, &of_the_run, &again.findings);
        claims.push(same_findings(case, report, &again, told));
        claims.push(calls(case, report, &again.believed));
        claims.push(in_force(case, report, &again));
    }
    claims
}

fn whole_run(case: &Case<'_>, report: &Report) -> Claim {
    if !report.only.is_empty() {
        let seen = format!("only {} was judged", clip(&report.only.join(", ")));
        return fails(About::WholeRun, seen, &format!("run it without `--only`: {}", case.again));
    }
    let checks = &case.hand.checklist.checks;
    let judged: std::collections::HashSet<_> = report.findings.iter().map(|finding| &finding.check).collect();
    let missing: Vec<_> =
        checks.iter().filter(|check| !judged.contains(&check.id)).map(|check| check.id.to_string()).collect();
    if missing.is_empty() {
        return holds(About::WholeRun, format!("all {} were judged", counted(checks.len(), "check")));
    }
    fails(About::WholeRun, format!("not judged: {}", named(&missing)), case.again)
}

fn same_files(case: &Case<'_>, report: &Report) -> Claim {
    let at_hand = judge::inputs::all(case.hand);
    let changes = changes::inputs(&report.inputs, &at_hand);
    let mut wrong: Vec<_> = changes.iter().map(|input| turned(input, case.hand.file.as_str())).collect();
    if wrong.is_empty() && report.inputs.len() != at_hand.len() {
        wrong.push("it names a file twice".to_owned());
    }
    if wrong.is_empty() {
        return holds(About::SameFiles, format!("{} unchanged", counted(at_hand.len(), "file")));
    }
    let old = report.schema_version == 1
        && changes.iter().any(|input| matches!(input.role, InputRole::Media | InputRole::Evidence));
    if old {
        wrong.push("receipts of version 1 hold no digests of media and evidence".to_owned());
    }
    fails(About::SameFiles, some(&wrong, "; "), case.again)
}

fn turned(input: &InputChange, project: &str) -> String {
    let path = if input.role == InputRole::Project { project } else { &input.path };
    let name = match path.strip_prefix("builtin:") {
        Some(shipped) => format!("the shipped {} {}", input.role.words(), clip(shipped)),
        None => clip(path),
    };
    match (input.role, input.change) {
        (InputRole::Media | InputRole::Evidence, Turn::New) => {
            format!("{name} ({}) is not in the receipt", input.role.words())
        }
        (InputRole::Media | InputRole::Evidence, change) => {
            format!("{name} ({}) {}", input.role.words(), change.words())
        }
        (_, change) => format!("{name} {}", change.words()),
    }
}

fn same_findings(case: &Case<'_>, report: &Report, again: &Again, told: Vec<String>) -> Claim {
    let mut wrong = Vec::new();
    if report.project != judge::summary(case.hand.project) {
        wrong.push("its summary of the project does not match the project file".to_owned());
    }
    if report.fail_on == FailOn::Fail && case.hand.project.check.fail_on == Some(FailOn::Warn) {
        wrong.push("warnings were let through, but the project says `fail-on = \"warn\"`".to_owned());
    }
    let key = |finding: &Finding| (finding.check.clone(), finding.subject.clone());
    if report.findings.iter().map(key).ne(again.findings.iter().map(key)) {
        wrong.push("its findings do not match these checks and shots".to_owned());
    } else {
        let pairs = report.findings.iter().zip(&again.findings);
        wrong.extend(pairs.filter_map(|(said, given)| unlike(said, given)));
    }
    wrong.extend(told);
    if wrong.is_empty() {
        let (all, seen) = (report.findings.len(), again.believed.len());
        let rest = if seen == 0 { String::new() } else { format!("; {seen} rest on what the run saw") };
        return holds(About::SameFindings, format!("judged again: {} agree{rest}", counted(all, "finding")));
    }
    fails(About::SameFindings, some(&wrong, "; "), case.again)
}

/// How a finding differs from the one that these files give.
fn unlike(said: &Finding, given: &Finding) -> Option<String> {
    let name = name(said);
    if said.severity != given.severity {
        return Some(format!("{name}: severity {}, here {}", said.severity.word(), given.severity.word()));
    }
    if said.row != given.row || said.title != given.title {
        return Some(format!("{name}: different row or title"));
    }
    if said.verdict != given.verdict {
        let (was, is) = (verdict(&said.verdict), verdict(&given.verdict));
        return Some(format!("{name}: {was}, here {is} ({})", clip(&given.seen)));
    }
    (said.recorded != given.recorded).then(|| format!("{name}: different answer"))
}

fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Waived { until } => format!("waived until {until}"),
        Verdict::Blocked { by } => format!("blocked by {by}"),
        other => other.word().to_owned(),
    }
}

fn name(finding: &Finding) -> String {
    match &finding.subject {
        Some(subject) => format!("{} ({})", finding.check, clip(subject)),
        None => finding.check.to_string(),
    }
}

fn calls(case: &Case<'_>, report: &Report, believed: &[Believed]) -> Claim {
    let possible = Possible::of(case.hand.checklist, case.hand.project);
    let mut wrong: Vec<String> = Vec::new();
    for call in &report.calls {
        let line = clip(&call.words());
        if !possible.explains(call) {
            wrong.push(format!("{line} is not a call of this checklist"));
        } else if let Some(why) = made_elsewhen(call.at, report.made, case.hand.now) {
            wrong.push(format!("{line} {why}"));
        } else if call.shared && !is_in_a_sibling(case, report, call) {
            wrong.push(format!("{line} was made for another project, which is not in the receipt"));
        }
    }
    let log = Log::of(&report.calls);
    for finding in believed {
        wrong.extend(unfounded(case, finding, &possible, &log));
    }
    wrong.dedup();
    if !wrong.is_empty() {
        return fails(About::Calls, some(&wrong, "; "), case.again);
    }
    let made = counted(report.calls.len(), "call");
    holds(About::Calls, format!("{made}, none billable; every finding has its calls"))
}

/// Why a call can't belong to the run that started at that time.
fn made_elsewhen(at: Option<DateTime<Utc>>, made: DateTime<Utc>, now: DateTime<Utc>) -> Option<String> {
    let Some(at) = at else { return Some("does not say when it was made".to_owned()) };
    let skew = TimeDelta::minutes(SKEW_MINUTES);
    let during =
        -skew <= at - made && at - made <= TimeDelta::minutes(LONGEST_RUN_MINUTES) && at - now <= skew;
    (!during).then(|| format!("was made {}, not in this run", minute(at)))
}

/// Whether another project of the same run made the call.
fn is_in_a_sibling(case: &Case<'_>, report: &Report, call: &Call) -> bool {
    case.all.iter().filter(|entry| entry.is_intact()).filter_map(|entry| entry.report.as_ref()).any(|other| {
        let own = Call { shared: false, ..call.clone() };
        let same_run = (other.made, &other.tool, other.schema_version)
            == (report.made, &report.tool, report.schema_version)
            && other.rehearsal.is_none()
            && other.replay.is_none();
        same_run && other.calls.contains(&own)
    })
}

/// Why the calls that a finding is based on are missing, if they are.
fn unfounded(case: &Case<'_>, finding: &Believed, possible: &Possible<'_>, log: &Log<'_>) -> Option<String> {
    let name = match &finding.subject {
        Some(subject) => format!("{} ({})", finding.check, clip(subject)),
        None => finding.check.to_string(),
    };
    if let Some(address) = &finding.address {
        let look = call_log::look(address);
        let looked = log.find(&look).iter().any(|call| matches!(call.status, Some(200 | 206)));
        return (!looked).then(|| format!("{name} rests on a look at {}, which is not in it", look.url));
    }
    let check = case.hand.checklist.check(finding.check.as_str())?;
    finding.probes.iter().find_map(|probe| {
        let lines = possible.behind(probe, finding.shot.as_ref());
        let lacks = |line: &&call_log::LoggedCall| log.find(line).is_empty();
        if let Some(line) = lines.iter().find(lacks) {
            return Some(format!("{name} rests on {}, which is not in it", call_log::words(line)));
        }
        let own = lines.first()?;
        let refutes =
            finding.verdict == Verdict::Pass && log.find(own).iter().all(|call| refutes(case, check, call));
        refutes.then(|| format!("{name} passes, though {} did not", call_log::words(own)))
    })
}

/// Whether the result of a call alone proves that a check didn't pass.
fn refutes(case: &Case<'_>, check: &Check, call: &Call) -> bool {
    let Decider::Probe { expect, .. } = &check.decider else {
        return call.status.is_none_or(|status| !(200..300).contains(&status));
    };
    let seen = if let Some(status) = call.status {
        Observation::Reply(Reply {
            status,
            headers: [].into(),
            body: Body::Empty,
            error: ErrorText::default(),
            unmet: None,
            more: false,
        })
    } else {
        let word = call.trouble.as_deref().unwrap_or_default();
        let Some(kind) = TroubleKind::ALL.into_iter().find(|kind| kind.word() == word) else { return true };
        Observation::Trouble(Trouble { kind, detail: String::new() })
    };
    let scope = Scope { now: Some(case.hand.now), shot: None, visits: None };
    match expect::all(expect, &seen, scope).truth {
        Truth::False => true,
        // Without a reply, only the failure itself can have been expected.
        Truth::Unknown => call.status.is_none(),
        Truth::True => false,
    }
}

/// Judged for now, nothing that made the run pass has expired.
fn in_force(case: &Case<'_>, report: &Report, then: &Again) -> Claim {
    let now = again::judge(case.hand, &report.findings);
    let lapsed: Vec<_> = then
        .findings
        .iter()
        .zip(&now.findings)
        .filter(|(then, now)| then.verdict.lets_on() && !now.verdict.lets_on())
        .map(|(_, now)| format!("{}: {}", name(now), clip(&now.seen)))
        .collect();
    if !lapsed.is_empty() {
        let fix = format!("record it again with `greenlight answer` or `waive`, then {}", case.again);
        return fails(About::InForce, some(&lapsed, "; "), &fix);
    }
    let (before, after) =
        (gate::decide(&then.findings, report.fail_on), gate::decide(&now.findings, report.fail_on));
    if before < after {
        let seen = "judged for today, the decision is worse".to_owned();
        return fails(About::InForce, seen, case.again);
    }
    match now.findings.iter().filter_map(last_day).min() {
        Some(day) => holds(About::InForce, format!("what people recorded is valid until {day} at least")),
        None => holds(About::InForce, "it rests on nothing that people recorded"),
    }
}

/// The last day on which a person's record makes a finding pass.
fn last_day(finding: &Finding) -> Option<NaiveDate> {
    match (&finding.verdict, &finding.recorded) {
        (Verdict::Waived { until }, _) => Some(*until),
        (verdict, Some(recorded)) if verdict.lets_on() => Some(recorded.expires),
        _ => None,
    }
}
