//! Whether a receipt may be relied on now, for the files at hand. Every claim is looked at, not only
//! the first that does not hold.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use semver::Version;

use super::{changes, gate, wording::clip};
use crate::model::{
    changes::InputChange,
    checklist::Check,
    decision::{Decided, Decision},
    receipt::Entry,
    report::{InputDigest, InputRole, READABLE, Report, Tool, Totals},
    text::counted,
    verdict::Verdict,
    verification::{About, Claim, Verified},
};

/// How far two clocks may be apart, in minutes.
pub const SKEW_MINUTES: i64 = 5;

/// Most names that are told one by one.
const MOST_NAMED: usize = 6;

/// A receipt and what is at hand.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// The receipt of one project.
    pub entry: &'a Entry,
    /// The decision of its file over several projects, and the worst of their decisions.
    pub whole: Option<(Decision, Decision)>,
    /// The project file at hand, as it was named.
    pub file: &'a str,
    /// Digests of the files at hand.
    pub inputs: &'a [InputDigest],
    /// The checks at hand.
    pub checks: &'a [Check],
    /// The time it is judged for.
    pub now: DateTime<Utc>,
    /// How old it may be.
    pub max_age: TimeDelta,
    /// This program.
    pub tool: &'a Tool,
    /// The command that makes the receipt anew.
    pub again: &'a str,
}

/// Looks at every claim and decides.
#[must_use]
pub fn verify(case: &Case<'_>) -> Verified {
    let Some(report) = &case.entry.report else {
        let claims = vec![intact(case), unknown_shape(case)];
        return verified(case, None, claims);
    };
    let claims = vec![
        intact(case),
        consistent(case, report),
        known_version(case, report),
        real_run(case, report),
        whole_run(case, report),
        fresh(case, report),
        same_files(case, report),
        in_force(case, report),
        says_go(report),
    ];
    verified(case, Some(report), claims)
}

/// What is found of a project that the receipt does not speak of.
#[must_use]
pub fn absent(file: &str, again: &str) -> Verified {
    let claim = fails(About::Present, "the receipt holds no report of this project", again);
    Verified {
        file: file.to_owned(),
        project: None,
        made: None,
        decision: Decision::Hold,
        claims: vec![claim],
    }
}

fn verified(case: &Case<'_>, report: Option<&Report>, claims: Vec<Claim>) -> Verified {
    let reliable = claims.iter().all(|claim| claim.holds || claim.claim == About::SaysGo);
    // What cannot be relied on says nothing, so its NO-GO is not known either.
    let decided = report.filter(|_| reliable).and_then(|report| report.decided().decision());
    let decision = decided.unwrap_or(Decision::Hold);
    Verified {
        file: case.file.to_owned(),
        project: report.map(|report| report.project.clone()),
        made: report.map(|report| report.made),
        decision,
        claims,
    }
}

fn holds(claim: About, seen: impl Into<String>) -> Claim {
    Claim { claim, holds: true, seen: seen.into(), fix: None }
}

fn fails(claim: About, seen: impl Into<String>, fix: &str) -> Claim {
    Claim { claim, holds: false, seen: seen.into(), fix: Some(fix.to_owned()) }
}

fn intact(case: &Case<'_>) -> Claim {
    if case.entry.is_intact() {
        holds(About::Intact, "its digest is that of what it says")
    } else {
        fails(About::Intact, "it was edited: its digest is not that of what it says", case.again)
    }
}

fn consistent(case: &Case<'_>, report: &Report) -> Claim {
    let mut wrong = Vec::new();
    if report.totals != Totals::count(&report.findings) {
        wrong.push("its totals are not those of its findings".to_owned());
    }
    let due = gate::decide(&report.findings, report.fail_on);
    if report.found() != due {
        let (said, due) = (Decided::from(report.found()), Decided::from(due));
        wrong.push(format!("it says {said} where its findings say {due}"));
    }
    let decided = report.decided();
    // Version 1 stated a decision whatever the run was.
    if report.schema_version > 1 && decided.stated() != report.stated {
        wrong.push(format!("it states a decision where its run is: {decided}"));
    }
    if report.bars().is_empty() && !report.stated.decides() {
        wrong.push("it states no decision, and not why".to_owned());
    }
    if let Some((said, worst)) = case.whole.filter(|(said, worst)| said != worst) {
        let (said, worst) = (Decided::from(said), Decided::from(worst));
        wrong.push(format!("the file says {said} for all projects where the worst is {worst}"));
    }
    if wrong.is_empty() {
        // That every call is free holds of whatever can be read at all.
        let (checks, calls) =
            (counted(report.findings.len(), "finding"), counted(report.calls.len(), "call"));
        holds(About::Consistent, format!("totals and decision fit {checks}; {calls}, none billable"))
    } else {
        fails(About::Consistent, wrong.join("; "), case.again)
    }
}

fn unknown_shape(case: &Case<'_>) -> Claim {
    let seen = format!(
        "schema version {}; this program reads {} to {}",
        case.entry.version,
        READABLE.start(),
        READABLE.end()
    );
    fails(About::KnownVersion, seen, "verify with the program that wrote it, or write it anew with this one")
}

fn known_version(case: &Case<'_>, report: &Report) -> Claim {
    let known = |version: u64| READABLE.contains(&version);
    if !known(case.entry.version) || !known(report.schema_version.into()) {
        return unknown_shape(case);
    }
    let (tool, own) = (&report.tool, case.tool);
    let wrote = format!("{} {}", clip(&tool.name), clip(&tool.version));
    if tool.name != own.name {
        return fails(About::KnownVersion, format!("written by {wrote}"), case.again);
    }
    match (Version::parse(&tool.version), Version::parse(&own.version)) {
        (Ok(theirs), Ok(ours)) if theirs.cmp_precedence(&ours).is_le() => {
            holds(About::KnownVersion, format!("{wrote}, schema version {}", report.schema_version))
        }
        (Ok(_), _) => fails(
            About::KnownVersion,
            format!("written by {wrote}; this is {}", own.version),
            &format!("verify with {wrote} or newer"),
        ),
        (Err(_), _) => {
            fails(About::KnownVersion, format!("written by {wrote}, which is no version"), case.again)
        }
    }
}

fn real_run(case: &Case<'_>, report: &Report) -> Claim {
    if let Some(rehearsal) = &report.rehearsal {
        let scenario = rehearsal.scenario.as_deref().map(|name| format!(", scenario {}", clip(name)));
        let seen = format!("a REHEARSAL{}: the provider was not asked", scenario.unwrap_or_default());
        return fails(About::RealRun, seen, &format!("run it against the provider: {}", case.again));
    }
    if let Some(replay) = &report.replay {
        let seen = format!("a replay of what was recorded {}", minute(replay.recorded));
        return fails(About::RealRun, seen, &format!("run it without `--replay`: {}", case.again));
    }
    holds(About::RealRun, "no rehearsal, no replay")
}

fn whole_run(case: &Case<'_>, report: &Report) -> Claim {
    if !report.only.is_empty() {
        let seen = format!("only {} was judged", clip(&report.only.join(", ")));
        return fails(About::WholeRun, seen, &format!("run it without `--only`: {}", case.again));
    }
    let judged =
        |check: &Check| report.findings.iter().any(|f| f.check == check.id && f.severity == check.severity);
    let missing: Vec<_> =
        case.checks.iter().filter(|check| !judged(check)).map(|check| check.id.to_string()).collect();
    if missing.is_empty() {
        return holds(About::WholeRun, format!("all {} were judged", counted(case.checks.len(), "check")));
    }
    fails(About::WholeRun, format!("not judged: {}", named(&missing)), case.again)
}

fn fresh(case: &Case<'_>, report: &Report) -> Claim {
    let skew = TimeDelta::minutes(SKEW_MINUTES);
    let (made, age) = (report.made, case.now - report.made);
    let off = report.at - made;
    let fail = |seen: String| fails(About::Fresh, seen, case.again);
    if age < -skew {
        return fails(
            About::Fresh,
            format!("made {}, {} from now", minute(made), span(-age)),
            &format!("set the clocks of both machines, then {}", case.again),
        );
    }
    if age > case.max_age {
        return fail(format!("made {} ago, older than {}", span(age), span(case.max_age)));
    }
    if off.abs() > skew {
        return fails(
            About::Fresh,
            format!("judged for {} but made {}", minute(report.at), minute(made)),
            &format!("run it without `--at`: {}", case.again),
        );
    }
    let age = if age < TimeDelta::minutes(1) { "just now".to_owned() } else { format!("{} ago", span(age)) };
    holds(About::Fresh, format!("made {age}, at most {}", span(case.max_age)))
}

fn same_files(case: &Case<'_>, report: &Report) -> Claim {
    let changes = changes::inputs(&report.inputs, case.inputs);
    let wrong: Vec<_> = changes.iter().map(|input| turned(input, case.file)).collect();
    if wrong.is_empty() {
        return holds(About::SameFiles, format!("{} as they were", counted(case.inputs.len(), "file")));
    }
    fails(About::SameFiles, some(&wrong, "; "), case.again)
}

fn turned(input: &InputChange, project: &str) -> String {
    let path = if input.role == InputRole::Project { project } else { &input.path };
    let name = match path.strip_prefix("builtin:") {
        Some(shipped) => format!("the shipped {} {}", role(input.role), clip(shipped)),
        None => clip(path),
    };
    format!("{name} {}", input.change.words())
}

fn role(role: InputRole) -> &'static str {
    match role {
        InputRole::Project => "project",
        InputRole::Checklist => "checklist",
        InputRole::Catalogue => "catalogue",
        InputRole::Owners => "list of free calls",
        InputRole::Answers => "answers",
    }
}

fn in_force(case: &Case<'_>, report: &Report) -> Claim {
    let today = case.now.date_naive();
    let (mut first, mut lapsed): (Option<NaiveDate>, Vec<String>) = (None, Vec::new());
    for finding in report.findings.iter().filter(|finding| finding.verdict.lets_on()) {
        let (what, last) = match (&finding.verdict, &finding.recorded) {
            (Verdict::Waived { until }, _) => ("waiver", *until),
            (_, Some(recorded)) => ("answer", recorded.expires),
            (_, None) => continue,
        };
        first = Some(first.map_or(last, |first| first.min(last)));
        let told = format!("the {what} of {} expired on {last}", finding.check);
        if last < today && !lapsed.contains(&told) {
            lapsed.push(told);
        }
    }
    match first {
        _ if !lapsed.is_empty() => {
            let fix = format!("record it anew with `greenlight answer` or `waive`, then {}", case.again);
            fails(About::InForce, some(&lapsed, "; "), &fix)
        }
        Some(day) => holds(About::InForce, format!("what people recorded counts until {day} at least")),
        None => holds(About::InForce, "it rests on nothing that people recorded"),
    }
}

fn says_go(report: &Report) -> Claim {
    let decided = report.decided();
    match decided.decision() {
        Some(Decision::Go) => holds(About::SaysGo, "GO"),
        _ => fails(About::SaysGo, decided.to_string(), "`greenlight check` shows what keeps the gate shut"),
    }
}

fn named(names: &[String]) -> String {
    some(names, ", ")
}

fn some(all: &[String], between: &str) -> String {
    let shown: Vec<_> = all.iter().take(MOST_NAMED).map(String::as_str).collect();
    let more = all.len() - shown.len();
    let rest = if more == 0 { String::new() } else { format!("{between}{more} more") };
    format!("{}{rest}", shown.join(between))
}

fn minute(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// A length of time in the units a reader thinks in.
fn span(time: TimeDelta) -> String {
    let (hours, minutes) = (time.num_hours(), time.num_minutes());
    let two = |whole: String, rest: i64, unit: &str| {
        if rest == 0 { whole } else { format!("{whole} {rest} {unit}") }
    };
    match hours {
        72.. => two(format!("{} days", hours / 24), hours % 24, "h"),
        1.. => two(format!("{hours} h"), minutes % 60, "min"),
        _ if minutes > 0 => format!("{minutes} min"),
        _ => format!("{} s", time.num_seconds()),
    }
}

#[cfg(test)]
mod tests;
