//! Whether a receipt can be relied on now, with the files at hand. Every claim is checked, even after one doesn't hold.

mod at_hand;
mod told;

use chrono::{DateTime, TimeDelta, Utc};
use semver::Version;

use super::{gate, wording::clip};
use crate::model::{
    decision::{Decided, Decision, FailOn},
    receipt::{Outer, ReceiptEntry},
    report::{READABLE, Report, Totals},
    text::counted,
    verification::{About, Claim, Verified},
};

/// How far two clocks may differ, in minutes.
pub const SKEW_MINUTES: i64 = 5;

/// The most names that are listed one by one.
const MOST_NAMED: usize = 6;

/// A receipt and what is at hand.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// The receipt of one project.
    pub entry: &'a ReceiptEntry,
    /// All reports in its file.
    pub all: &'a [ReceiptEntry],
    /// What its file says about all of them, when it covers several projects.
    pub outer: Option<&'a Outer>,
    /// The project at hand, judged for now by this program, with its local files looked at and no calls made.
    pub hand: &'a super::Case<'a>,
    /// How old it may be.
    pub max_age: TimeDelta,
    /// The command that makes a new receipt.
    pub again: &'a str,
    /// What closes the gate now: it may be stricter than in the run, and never loosens it.
    pub fail_on: FailOn,
}

/// Checks every claim and decides.
#[must_use]
pub fn verify(case: &Case<'_>) -> Verified {
    let Some(report) = &case.entry.report else {
        let claims = vec![intact(case), unknown_shape(case)];
        return verified(case, None, claims);
    };
    let mut claims = vec![
        intact(case),
        consistent(case, report),
        known_version(case, report),
        real_run(case, report),
        fresh(case, report),
    ];
    claims.extend(at_hand::claims(case, report));
    claims.push(says_go(case, report));
    verified(case, Some(report), claims)
}

/// The result for a project when one known fact already refuses it.
#[must_use]
pub fn refused(file: &str, about: About, seen: &str, fix: &str) -> Verified {
    let claim = fails(about, seen, fix);
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
    // A receipt that can't be relied on says nothing, so its NO-GO isn't known either.
    let decided = report.filter(|_| reliable).and_then(|report| decided(case, report));
    let decision = decided.unwrap_or(Decision::Hold);
    Verified {
        file: case.hand.file.to_string(),
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
    let sealed = case.outer.map(|outer| outer.intact);
    match (case.entry.is_intact(), sealed) {
        (true, None | Some(Some(true))) => holds(About::Intact, "its digest matches its content"),
        (true, Some(None)) => fails(
            About::Intact,
            "version 1 does not seal its reports together: one may be missing",
            case.again,
        ),
        _ => fails(About::Intact, "it was edited: its digest does not match its content", case.again),
    }
}

/// Where a report contradicts itself: its totals or its decision don't follow from its findings, or from its run.
#[must_use]
pub fn contradictions(report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    if report.totals != Totals::count(&report.findings) {
        wrong.push("its totals do not match its findings".to_owned());
    }
    let due = gate::decide(&report.findings, report.fail_on);
    if report.found() != due {
        let (said, due) = (Decided::from(report.found()), Decided::from(due));
        wrong.push(format!("it says {said}, but its findings say {due}"));
    }
    let decided = report.decided();
    // Version 1 stated a decision for every kind of run.
    if report.schema_version > 1 && decided.stated() != report.stated {
        wrong.push(format!("it states a decision, but its run is: {decided}"));
    }
    if report.bars().is_empty() && !report.stated.decides() {
        wrong.push("it states no decision and no reason".to_owned());
    }
    wrong
}

fn consistent(case: &Case<'_>, report: &Report) -> Claim {
    let mut wrong = contradictions(report);
    let worst = case.all.iter().filter_map(|entry| entry.report.as_ref()).map(Report::found).max();
    let (said, worst) = (case.outer.map(|outer| outer.decision), worst.unwrap_or(Decision::Hold));
    if let Some(said) = said.filter(|said| *said != worst) {
        let (said, worst) = (Decided::from(said), Decided::from(worst));
        wrong.push(format!("the file says {said} for all projects, but the worst is {worst}"));
    }
    if wrong.is_empty() {
        let findings = counted(report.findings.len(), "finding");
        holds(About::Consistent, format!("totals and decision fit {findings}"))
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
    fails(About::KnownVersion, seen, "verify with the program that wrote it, or write it again with this one")
}

fn known_version(case: &Case<'_>, report: &Report) -> Claim {
    let known = |version: u64| READABLE.contains(&version);
    if !known(case.entry.version) || !known(report.schema_version.into()) {
        return unknown_shape(case);
    }
    let (tool, own) = (&report.tool, &case.hand.tool);
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
            fails(About::KnownVersion, format!("written by {wrote}, which is not a version"), case.again)
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
    if report.allow_private {
        let seen = "it allowed media on private addresses, which no provider can fetch";
        return fails(About::RealRun, seen, &format!("run it without `--allow-private`: {}", case.again));
    }
    // Anyone who relies on it should see what its calls went through.
    let via = report.via.as_ref().map(|via| format!("; {via}")).unwrap_or_default();
    holds(About::RealRun, format!("no rehearsal, no replay{via}"))
}

fn fresh(case: &Case<'_>, report: &Report) -> Claim {
    let skew = TimeDelta::minutes(SKEW_MINUTES);
    let (made, age) = (report.made, case.hand.now - report.made);
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
    if !off.is_zero() {
        return fails(
            About::Fresh,
            format!("judged for {} but made {}", minute(report.at), minute(made)),
            &format!("run it without `--at`: {}", case.again),
        );
    }
    let age = if age < TimeDelta::minutes(1) { "just now".to_owned() } else { format!("{} ago", span(age)) };
    holds(About::Fresh, format!("made {age}, at most {}", span(case.max_age)))
}

/// What the run decided; if less closes the gate now, the worse of that and of the result under the stricter gate.
fn decided(case: &Case<'_>, report: &Report) -> Option<Decision> {
    let then = report.decided().decision()?;
    if case.fail_on <= report.fail_on {
        // Whether it follows from its findings is another claim.
        return Some(then);
    }
    Some(then.max(gate::decide(&report.findings, case.fail_on)))
}

fn says_go(case: &Case<'_>, report: &Report) -> Claim {
    let said = report.decided();
    match (said.decision(), decided(case, report)) {
        (Some(Decision::Go), Some(Decision::Go)) => holds(About::SaysGo, "GO"),
        (Some(Decision::Go), Some(now)) => fails(
            About::SaysGo,
            format!("GO, and {} where warnings close the gate", Decided::from(now)),
            "`greenlight check --fail-on warn` shows what keeps the gate shut",
        ),
        _ => fails(About::SaysGo, said.to_string(), "`greenlight check` shows what keeps the gate shut"),
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
