//! What the machine formats have in common: how a finding counts, and its texts.

use std::borrow::Cow;

use super::{
    lines::{self, Titles},
    mark::mark,
};
use crate::model::{
    checklist::Severity,
    decision::{Bar, Decision, FailOn},
    report::{Batch, Report, Totals},
    text::{printable, without_commands},
    verdict::{Finding, Verdict},
};

/// How a finding counts for readers that only know passed, failed and skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CiOutcome {
    /// The claim holds.
    Passed,
    /// It holds with a caution that leaves the gate open.
    Cautioned,
    /// It does not hold, and closes the gate.
    Failed,
    /// Unknown, and holds the gate.
    Holding,
    /// Unknown, but not required.
    Open,
    /// Set aside by a person until a day: by a waiver, or by saying that its question doesn't apply.
    Waived,
    /// Doesn't apply.
    Absent,
}

/// How the finding counts in a run with this threshold.
fn outcome(finding: &Finding, fail_on: FailOn) -> CiOutcome {
    let required = match fail_on {
        FailOn::Warn => finding.severity >= Severity::Warn,
        FailOn::Fail => finding.severity == Severity::Block,
    };
    match finding.verdict {
        Verdict::Pass => CiOutcome::Passed,
        Verdict::Warn if required && fail_on == FailOn::Warn => CiOutcome::Failed,
        Verdict::Warn => CiOutcome::Cautioned,
        Verdict::Fail => CiOutcome::Failed,
        Verdict::Unknown { .. } | Verdict::Blocked { .. } if required => CiOutcome::Holding,
        Verdict::Unknown { .. } | Verdict::Blocked { .. } => CiOutcome::Open,
        Verdict::Waived { .. } => CiOutcome::Waived,
        Verdict::NotApplicable { .. } if lines::is_set_aside(finding) => CiOutcome::Waived,
        Verdict::NotApplicable { .. } => CiOutcome::Absent,
    }
}

/// Text from outside for a format that is read line by line.
///
/// Does the same as [`printable`], and more: a log may treat part of a line as a command, whatever the format of the
/// line, and XML allows neither U+FFFE nor U+FFFF.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let text = without_commands(printable(text), "# ");
    if !text.contains(['\u{fffe}', '\u{ffff}']) {
        return text;
    }
    Cow::Owned(text.replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}"))
}

/// The text, or as many of its characters as fit plus an ellipsis.
pub(super) fn clipped(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.chars().take(most.saturating_sub(1)).chain(['…']).collect()),
    }
}

/// The check and what it was repeated for; this identifies a finding within a report.
pub(super) fn name(finding: &Finding) -> String {
    match &finding.subject {
        Some(subject) => format!("{} [{}]", finding.check, plain(subject)),
        None => finding.check.to_string(),
    }
}

/// The title and what the check was repeated for.
pub(super) fn title(finding: &Finding) -> String {
    let title = plain(&finding.title);
    match &finding.subject {
        Some(subject) => format!("{title} [{}]", plain(subject)),
        None => title.into_owned(),
    }
}

/// What was seen; the title when nothing was.
fn seen(finding: &Finding, titles: &Titles<'_>) -> String {
    let seen = lines::seen(finding, titles);
    if seen.is_empty() { plain(&finding.title).into_owned() } else { plain(&seen).into_owned() }
}

/// Labels with their texts: what was expected, what was found, what to do.
pub(super) fn notes(finding: &Finding) -> Vec<(&'static str, String)> {
    let texts = [("expected", &finding.expected), ("got", &finding.got), ("fix", &finding.fix)];
    texts
        .into_iter()
        .filter_map(|(label, text)| Some((label, plain(text.as_deref()?).into_owned())))
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

/// Why the report clears nothing, whatever its findings add up to: the words in capitals are the labels.
pub(super) fn labels(report: &Report) -> Vec<String> {
    let label = |(bar, detail): (Bar, Option<String>)| match detail {
        Some(detail) => format!("{bar} ({detail})"),
        None => bar.to_string(),
    };
    barred(report).into_iter().map(label).collect()
}

/// Each bar with its details.
fn barred(report: &Report) -> Vec<(Bar, Option<String>)> {
    let detail = |bar: &Bar| match bar {
        Bar::Rehearsal => {
            let scenario = report.rehearsal.as_ref()?.scenario.as_deref()?;
            Some(format!("scenario {}", plain(scenario)))
        }
        Bar::Replay => Some(format!("of {}", report.replay.as_ref()?.recorded.format("%Y-%m-%d %H:%M UTC"))),
        Bar::Partial => {
            let parts: Vec<_> = report.only.iter().map(|part| plain(part)).collect();
            Some(format!("only {}", parts.join(", ")))
        }
        Bar::Private | Bar::AsOf(_) => None,
    };
    report.bars().into_iter().map(|bar| (bar, detail(&bar))).collect()
}

/// The project, with its file where several were asked for.
pub(super) fn project(report: &Report, several: bool) -> String {
    let name = plain(&report.project.name);
    if several { format!("{name} ({})", plain(report.file())) } else { name.into_owned() }
}

/// How many of each verdict, in the order of [`Totals`], under the words of the verdicts.
pub(super) fn counts(totals: Totals) -> [(&'static str, usize); 7] {
    [
        ("pass", totals.pass),
        ("warn", totals.warn),
        ("fail", totals.fail),
        ("unknown", totals.unknown),
        ("blocked", totals.blocked),
        ("waived", totals.waived),
        ("n/a", totals.not_applicable),
    ]
}

/// The questions that people say don't apply, with the first day on which one applies again.
pub(super) fn set_aside(report: &Report) -> Option<String> {
    let by_people = report.findings.iter().filter(|finding| lines::is_set_aside(finding));
    let recorded: Vec<_> = by_people.filter_map(|finding| finding.recorded.as_ref()).collect();
    let first = recorded.iter().min_by_key(|recorded| recorded.expires)?;
    let until = first.expires;
    Some(match recorded.len() {
        1 => format!("1 n/a by {} until {until}", plain(&first.by)),
        count => format!("{count} n/a by people, the first until {until}"),
    })
}

/// What was decided for one project, on one line, with details of the run: `REHEARSAL · would be GO · Spring teaser ·
/// scenario healthy · 1 warn, 3 pass`.
pub(super) fn decided(report: &Report, several: bool) -> String {
    let aside = report.findings.iter().filter(|finding| lines::is_set_aside(finding)).count();
    let alone =
        Totals { not_applicable: report.totals.not_applicable.saturating_sub(aside), ..report.totals };
    let mut counts: Vec<_> = counts(alone)
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    counts.extend(set_aside(report));
    let tally = if counts.is_empty() { "nothing was checked".to_owned() } else { counts.join(", ") };
    let mut parts = vec![report.decided().to_string(), project(report, several)];
    parts.extend(barred(report).into_iter().filter_map(|(_, detail)| detail));
    parts.push(tally);
    parts.join(" · ")
}

/// What to say about a report whose gate is shut although no finding shuts it.
pub(super) fn shut_without_cause(report: &Report) -> Option<&'static str> {
    let shuts = |finding: &Finding| {
        matches!(outcome(finding, report.fail_on), CiOutcome::Failed | CiOutcome::Holding)
    };
    let open = report.found() == Decision::Go || report.findings.iter().any(shuts);
    (!open).then_some("nothing was checked")
}

/// A file name with forward slashes, as on any system.
pub(super) fn file(name: &str) -> String {
    plain(&name.replace(std::path::MAIN_SEPARATOR, "/")).into_owned()
}

/// A finding of one of several reports.
pub(super) struct Told<'a> {
    /// The report it belongs to.
    pub(super) report: &'a Report,
    /// The finding.
    pub(super) finding: &'a Finding,
    /// How it counts.
    pub(super) outcome: CiOutcome,
    /// What was seen.
    pub(super) seen: String,
}

/// All findings, root causes first; equal ones stay in the order of the projects and of the table.
pub(super) fn causes_first(batch: &Batch) -> Vec<Told<'_>> {
    let mut all: Vec<_> = batch.reports.iter().flat_map(told).collect();
    all.sort_by_key(|told| {
        let shuts = matches!(told.outcome, CiOutcome::Failed | CiOutcome::Holding);
        (!shuts, mark(told.finding).rank)
    });
    all
}

/// The findings of a report in the order of the table.
pub(super) fn told(report: &Report) -> impl Iterator<Item = Told<'_>> {
    let titles = Titles::of(report);
    let rows = lines::rows(report).flat_map(|(_, findings)| findings);
    rows.map(move |finding| Told {
        report,
        finding,
        outcome: outcome(finding, report.fail_on),
        seen: seen(finding, &titles),
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::render::fixture::{finding, report, rich};

    #[rstest]
    #[case("##[error]x", "# #[error]x")]
    #[case("####[group]", "### #[group]")]
    #[case("x ##vso[task.complete]", "x # #vso[task.complete]")]
    #[case("two\n  lines", "two lines")]
    #[case("\u{fffe}\u{1b}", "\\u{fffe}\\u{1b}")]
    #[case("## [not a command]", "## [not a command]")]
    fn text_commands_nobody(#[case] text: &str, #[case] said: &str) {
        assert_eq!(plain(text), said);
    }

    #[rstest]
    #[case("日本語", 3, "日本語")]
    #[case("日本語", 2, "日…")]
    #[case("", 0, "")]
    fn a_text_is_cut_between_characters(#[case] text: &str, #[case] most: usize, #[case] wanted: &str) {
        assert_eq!(clipped(text, most), wanted);
    }

    #[test]
    fn root_causes_come_first_then_what_they_block_then_the_rest() {
        let words: Vec<_> =
            causes_first(&Batch::one(rich())).iter().map(|told| told.finding.verdict.word()).collect();
        assert_eq!(words[..6], ["fail", "unknown", "unknown", "blocked", "unknown", "warn"]);
        assert_eq!(words[words.len() - 4..], ["waived", "n/a", "n/a", "n/a"]);
    }

    #[rstest]
    #[case(Decision::Hold, vec![], true)]
    #[case(Decision::Hold, vec![Verdict::NotApplicable { reason: "no".to_owned() }], true)]
    #[case(Decision::NoGo, vec![Verdict::Fail], false)]
    #[case(Decision::Go, vec![Verdict::Pass], false)]
    fn a_gate_without_a_cause_is_noticed(
        #[case] decision: Decision,
        #[case] verdicts: Vec<Verdict>,
        #[case] noticed: bool,
    ) {
        let findings = verdicts.into_iter().map(|verdict| finding("a.b", verdict)).collect();
        assert_eq!(shut_without_cause(&report(decision, findings)).is_some(), noticed);
    }

    #[test]
    fn a_finding_that_says_nothing_is_told_by_its_title() {
        let report = report(Decision::Go, vec![finding("a.b", Verdict::Pass)]);
        assert_eq!(told(&report).next().unwrap().seen, "a.b");
    }
}
