//! The head of the first page: the decision, how long it is valid, who decided, and what the document contains.

use indexmap::IndexMap;

use super::{
    brief::{Brief, Trust},
    sorted::{Sorted, shuts},
    words::{face, first, heading, list, named},
};
use crate::{
    model::{
        decision::{Bar, Decided, Decision, FailOn},
        dossier::{Count, Dossier, DossierProject, Expiry, Headline, Record, RowCounts, Tone, Validity},
        report::{Report, Totals},
        route::Row,
        text::{counted, printable},
        verdict::{Finding, Verdict},
    },
    render::{lines, machine},
};

/// The most people that are named.
const MOST_PEOPLE: usize = 4;

/// The symbol of each verdict, in the order of [`machine::counts`].
const SYMBOLS: [&str; 7] = ["✓", "!", "✗", "?", "⊘", "~", "·"];

/// What is to be made.
pub(super) fn project(report: &Report) -> DossierProject {
    let project = &report.project;
    DossierProject {
        name: named(&project.name),
        file: named(&machine::file(report.file())),
        route: project.route.word(),
        provider: named(&project.provider),
        shots: counted(project.shots, "shot"),
        budget: project.budget.map(|budget| budget.to_string()),
    }
}

/// The decision and what the document was made from.
pub(super) fn headline(brief: &Brief<'_>) -> Headline {
    let report = brief.report;
    let decided = report.decided();
    let origin = match &brief.trust {
        Trust::Judged => "Judged from the files at hand, without a call.".to_owned(),
        Trust::Checked => "Judged from the files at hand and the calls of annex G.".to_owned(),
        Trust::Receipt(file) => format!("What the receipt {} says; its digest matches.", named(file)),
        Trust::NotIntact(file) | Trust::Contradictory(file) => {
            format!("What the receipt {} says, which cannot be relied on.", named(file))
        }
    };
    let labels: Vec<_> = machine::labels(report).iter().map(|label| first(label)).collect();
    let (word, tone, sentence) = match &brief.trust {
        Trust::NotIntact(_) => (
            "NOT INTACT".to_owned(),
            Tone::Hold,
            "The receipt was changed after it was written: nothing that follows can be relied on, and nothing is \
             cleared."
                .to_owned(),
        ),
        Trust::Contradictory(_) => (
            "CONTRADICTORY".to_owned(),
            Tone::Hold,
            "The receipt contradicts itself: its decision or totals do not match its findings, so nothing is cleared."
                .to_owned(),
        ),
        Trust::Judged | Trust::Checked | Trust::Receipt(_) => {
            (decided.short(), tone(&decided), sentence(report))
        }
    };
    Headline { word, tone, labels, sentence, origin }
}

/// How a decision is presented.
pub(super) fn tone(decided: &Decided) -> Tone {
    match (decided.decision(), decided.found()) {
        (Some(Decision::Go), _) => Tone::Go,
        (_, Decision::NoGo) => Tone::NoGo,
        _ => Tone::Hold,
    }
}

fn sentence(report: &Report) -> String {
    let shut = || report.findings.iter().filter(|finding| shuts(finding, report.fail_on));
    let kind = match report.fail_on {
        FailOn::Fail => "blocking check",
        FailOn::Warn => "blocking or warning check",
    };
    let refuted = shut().filter(|f| matches!(f.verdict, Verdict::Fail | Verdict::Warn)).count();
    let open = shut().count() - refuted;
    let are = |count: usize| if count == 1 { "is" } else { "are" };
    let found = match report.found() {
        Decision::Go => format!("every {kind} passes{}", aside(report)),
        Decision::Hold if open == 0 => "nothing was checked, so nothing is known".to_owned(),
        Decision::Hold => {
            format!("nothing failed, but {} {} unknown", counted(open, kind), are(open))
        }
        Decision::NoGo if open == 0 => format!("{} failed", counted(refuted, kind)),
        Decision::NoGo => {
            format!("{} failed and {open} more {} unknown", counted(refuted, kind), are(open))
        }
    };
    let why: Vec<_> = report.bars().into_iter().map(barred).collect();
    let text =
        if why.is_empty() { found } else { format!("it clears nothing, as {}; {found}", why.join(" and ")) };
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).chain(['.']).collect())
}

/// What passes only because of waivers.
fn aside(report: &Report) -> String {
    let set = |finding: &&Finding| {
        matches!(finding.verdict, Verdict::Waived { .. }) || lines::is_set_aside(finding)
    };
    match report.findings.iter().filter(set).count() {
        0 => String::new(),
        count => format!(" or is set aside by a person ({count})"),
    }
}

fn barred(bar: Bar) -> String {
    match bar {
        Bar::Rehearsal => "its calls went to a stand-in".to_owned(),
        Bar::Replay => "its replies were read from a transcript".to_owned(),
        Bar::Private => "media could lie where no provider can fetch them".to_owned(),
        Bar::Partial => "not every check was judged".to_owned(),
        Bar::AsOf(day) => format!("it was judged for another time ({day})"),
    }
}

/// The earliest last day of everything it is based on.
pub(super) fn validity(brief: &Brief<'_>, all: &[Expiry]) -> Validity {
    let report = brief.report;
    let none = |what: &str| Validity { until: None, lapsed: false, what: what.to_owned(), at: None };
    if !brief.trust.holds() {
        return none("nothing in it can be relied on, on any day");
    }
    let Some(earliest) = all.first() else {
        return none(if report.found() == Decision::Go {
            "nothing it rests on expires"
        } else {
            "nothing is cleared, and nothing recorded expires"
        });
    };
    let same = all.iter().filter(|expiry| expiry.day == earliest.day).count() - 1;
    let others = if same == 0 { String::new() } else { format!(", and {same} more on that day") };
    let cleared = report.decided().decision() == Some(Decision::Go);
    let nothing = if cleared { "" } else { "; earliest expiry; nothing is cleared now" };
    Validity {
        until: Some(earliest.day),
        lapsed: earliest.left < 0,
        what: format!("{}{others}{nothing}", earliest.what),
        at: earliest.at.clone(),
    }
}

/// Who decided, when and with what.
pub(super) fn record(brief: &Brief<'_>) -> Record {
    let report = brief.report;
    let tool = named(&format!("{} {}", report.tool.name, report.tool.version));
    Record {
        decided_by: format!("{tool}, by the rules of its checklist"),
        people: people(report),
        at: report.at,
        day: report.at.format("%Y-%m-%d %H:%M UTC").to_string(),
        tool,
        digest: named(&report.digest),
        again: printable(brief.again).into_owned(),
        contents: String::new(),
    }
}

fn people(report: &Report) -> String {
    let mut people: IndexMap<&str, (usize, usize)> = IndexMap::new();
    for answer in report.answers.iter().filter(|answer| answer.used) {
        people.entry(&answer.by).or_default().0 += 1;
    }
    for waiver in report.waivers.iter().filter(|waiver| waiver.used) {
        people.entry(&waiver.owner).or_default().1 += 1;
    }
    let told = |(name, (answers, waivers)): (&str, (usize, usize))| {
        let parts = [(answers, "answer"), (waivers, "waiver")];
        let parts: Vec<_> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun)).collect();
        format!("{} ({})", named(name), parts.join(", "))
    };
    let all: Vec<_> = people.into_iter().map(told).collect();
    if all.is_empty() { "no one yet".to_owned() } else { list(&all, MOST_PEOPLE) }
}

/// What the document contains, in a sentence.
pub(super) fn contents(dossier: &Dossier) -> String {
    let checks: usize = dossier.topics.iter().map(|topic| topic.checks.len()).sum();
    let earlier = dossier.history.iter().filter(|answer| !answer.used).count();
    [
        format!("{} in {}", counted(checks, "check"), counted(dossier.topics.len(), "topic")),
        format!("{} ({earlier} not in force)", counted(dossier.history.len(), "answer")),
        match dossier.evidence.len() {
            1 => "1 piece of evidence".to_owned(),
            pieces => format!("{pieces} pieces of evidence"),
        },
        counted(dossier.waivers.len(), "waiver"),
        format!("{}, none billable", counted(dossier.calls.len(), "call")),
        counted(dossier.files.len(), "file"),
    ]
    .join(" · ")
}

/// How many of each verdict.
pub(super) fn counts(totals: Totals) -> Vec<Count> {
    machine::counts(totals)
        .into_iter()
        .zip(SYMBOLS)
        .map(|((word, count), symbol)| Count { badge: face(symbol, word), count })
        .collect()
}

/// The verdicts of each row that has any.
pub(super) fn rows(sorted: &Sorted<'_>) -> Vec<RowCounts> {
    let row = |(row, findings): (Row, Vec<&Finding>)| {
        let findings: Vec<_> = findings.into_iter().cloned().collect();
        RowCounts {
            name: heading(row.word()),
            counts: counts(Totals::count(&findings)),
            total: findings.len(),
        }
    };
    lines::rows(sorted.report).map(row).filter(|row| row.total > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{checklist::Severity, verdict::Reason},
        render::{
            fixture::{day, id},
            mark,
        },
    };

    #[test]
    fn a_verdict_has_the_symbol_of_every_other_format() {
        let verdicts = [
            Verdict::Pass,
            Verdict::Warn,
            Verdict::Fail,
            Verdict::Unknown { reason: Reason::Unanswered },
            Verdict::Blocked { by: id("a.b") },
            Verdict::Waived { until: day(12, 1) },
            Verdict::NotApplicable { reason: String::new() },
        ];
        for (count, verdict) in counts(Totals::default()).iter().zip(&verdicts) {
            let text = mark::face(verdict, Severity::Info).text;
            assert_eq!(format!("{} {}", count.badge.symbol, count.badge.word), text);
        }
    }
}
