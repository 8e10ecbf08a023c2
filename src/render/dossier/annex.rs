//! The annexes: everything, each item once.

use indexmap::IndexMap;

use super::{
    sorted::{Placed, Sorted},
    words::{badge, heading, list, named, page, said, some, title},
};
use crate::{
    model::{
        call::Call,
        dossier::{
            AnswerLine, CallLine, CheckEntry, CounterLine, EvidenceLine, FileLine, Page, TopicSheet,
            UsedAnswer, WaiverLine,
        },
        id::CheckId,
        recorded::{ReportedAnswer, ReportedEvidence},
        report::{InputDigest, Report},
        verdict::{Finding, Verdict},
    },
    render::machine,
};

/// The most names in one list.
const MOST_NAMES: usize = 4;

/// The most contradictions that are listed.
const MOST_AGAINST: usize = 8;

/// The heading for checks without a topic.
const NO_TOPIC: &str = "Without a topic";

/// The pieces of evidence of a report, each with its number.
pub(super) struct Register<'a>(IndexMap<String, Vec<(usize, &'a ReportedAnswer, &'a ReportedEvidence)>>);

impl<'a> Register<'a> {
    /// Every piece once, in the order in which they were recorded.
    pub(super) fn of(report: &'a Report) -> Self {
        let mut all: IndexMap<String, Vec<_>> = IndexMap::new();
        for (number, answer) in (1..).zip(&report.answers) {
            for evidence in &answer.evidence {
                all.entry(key(evidence)).or_default().push((number, answer, evidence));
            }
        }
        Self(all)
    }

    fn numbers(&self, answer: &ReportedAnswer) -> Vec<usize> {
        let mut numbers: Vec<_> =
            answer.evidence.iter().filter_map(|one| Some(self.0.get_index_of(&key(one))? + 1)).collect();
        numbers.dedup();
        numbers
    }

    /// Its lines.
    pub(super) fn lines(&self) -> Vec<EvidenceLine> {
        (1..).zip(self.0.values()).filter_map(|(number, uses)| evidence(number, uses)).collect()
    }
}

fn key(evidence: &ReportedEvidence) -> String {
    match evidence {
        ReportedEvidence::Url { url, read, clause, .. } => format!("page {read} {url} {clause:?}"),
        ReportedEvidence::File { file, sha256, captured, .. } => format!("file {captured} {sha256} {file}"),
        ReportedEvidence::Quote { quote, captured, clause } => {
            format!("quotation {captured} {quote} {clause:?}")
        }
    }
}

fn evidence(number: usize, uses: &[(usize, &ReportedAnswer, &ReportedEvidence)]) -> Option<EvidenceLine> {
    let (_, _, one) = uses.first()?;
    let text = |text: &str| Page { href: None, text: said(text), whole: true };
    let (kind, what, as_of, sha256, clause) = match one {
        ReportedEvidence::Url { url, read, clause, passage_sha256 } => {
            ("page", page(url), *read, passage_sha256.as_deref().map(named), clause)
        }
        ReportedEvidence::File { file, sha256, captured, bytes } => {
            ("file", text(&format!("{file} ({bytes} bytes)")), *captured, Some(named(sha256)), &None)
        }
        ReportedEvidence::Quote { quote, captured, clause } => {
            ("quotation", text(quote), *captured, None, clause)
        }
    };
    let mut people: Vec<String> = Vec::new();
    for (_, answer, _) in uses {
        let name = named(&answer.by);
        if !people.contains(&name) {
            people.push(name);
        }
    }
    let in_force = uses.iter().filter(|(_, answer, _)| answer.used).map(|(_, answer, _)| answer.until).min();
    let last = uses.iter().map(|(_, answer, _)| answer.until).max();
    Some(EvidenceLine {
        number,
        kind,
        what,
        clause: clause.as_deref().map(named),
        as_of,
        sha256,
        by: list(&people, MOST_NAMES),
        expires: in_force.or(last)?,
        answers: uses.iter().map(|(number, ..)| *number).collect(),
        used: in_force.is_some(),
    })
}

/// Every check, by topic.
pub(super) fn topics(sorted: &Sorted<'_>, register: &Register<'_>) -> Vec<TopicSheet> {
    let mut topics: IndexMap<Option<&str>, Vec<CheckEntry>> = IndexMap::new();
    for placed in &sorted.all {
        topics.entry(placed.topic).or_default().push(entry(sorted, register, placed));
    }
    let sheet = |(topic, checks): (Option<&str>, _)| TopicSheet {
        name: topic.map_or_else(|| NO_TOPIC.to_owned(), heading),
        checks,
    };
    topics.into_iter().map(sheet).collect()
}

fn entry(sorted: &Sorted<'_>, register: &Register<'_>, placed: &Placed<'_>) -> CheckEntry {
    let finding = placed.finding;
    let settled = matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable { .. });
    let check = placed.check;
    let fix = finding.fix.as_deref().or(check.map(|check| &*check.fix)).filter(|_| !settled);
    let answer = |(number, answer): (usize, &ReportedAnswer)| UsedAnswer {
        number,
        value: value(answer),
        by: named(&answer.by),
        answered: answer.answered,
        until: answer.until,
        note: answer.note.as_deref().and_then(some),
        evidence: register.numbers(answer),
    };
    CheckEntry {
        number: placed.number,
        badge: badge(finding),
        title: title(finding),
        id: finding.check.to_string(),
        row: heading(finding.row.word()),
        severity: finding.severity.word(),
        seen: said(&sorted.seen(finding)),
        expected: finding.expected.as_deref().and_then(some),
        got: finding.got.as_deref().and_then(some),
        why: check.and_then(|check| some(&check.why)),
        fix: fix.and_then(some),
        question: check.and_then(|check| check.question.as_ref()).and_then(|question| some(&question.ask)),
        answers: sorted.answers(finding).into_iter().map(answer).collect(),
        source: page(&finding.source.url),
        age: finding.source.age(),
    }
}

fn value(answer: &ReportedAnswer) -> String {
    match (&answer.value, &answer.not_applicable) {
        (Some(value), _) => said(value),
        (None, Some(why)) => said(&format!("does not apply: {why}")),
        (None, None) => String::new(),
    }
}

/// What contradicts a claim, and what says otherwise.
pub(super) fn counter(sorted: &Sorted<'_>) -> Vec<CounterLine> {
    let mut passes: IndexMap<&str, Vec<&Placed<'_>>> = IndexMap::new();
    for placed in &sorted.all {
        if let (Some(topic), Verdict::Pass) = (placed.topic, &placed.finding.verdict) {
            passes.entry(topic).or_default().push(placed);
        }
    }
    let against = |placed: &&Placed<'_>| matches!(placed.finding.verdict, Verdict::Fail | Verdict::Warn);
    let line = |placed: &Placed<'_>| {
        let finding = placed.finding;
        let others = placed.topic.and_then(|topic| passes.get(topic)).into_iter().flatten();
        let of_others = others
            .filter(|other| other.finding.subject == finding.subject || other.finding.subject.is_none())
            .map(|other| format!("check {}: {}", other.number, title(other.finding)));
        let said_so = sorted.answers(finding).into_iter().map(|(number, answer)| {
            format!("answer A{number} of {}: {}", named(&answer.by), named(&value(answer)))
        });
        CounterLine {
            badge: badge(finding),
            number: placed.number,
            title: title(finding),
            seen: seen(sorted, finding),
            against: few(said_so.chain(of_others).collect()),
        }
    };
    sorted.all.iter().filter(against).map(line).collect()
}

/// The first few; the others are only counted.
fn few(mut all: Vec<String>) -> Vec<String> {
    let more = all.len().saturating_sub(MOST_AGAINST);
    all.truncate(MOST_AGAINST);
    all.extend((more > 0).then(|| format!("and {more} more of this topic")));
    all
}

fn seen(sorted: &Sorted<'_>, finding: &Finding) -> String {
    let sides = [("expected", &finding.expected), ("got", &finding.got)];
    let sides = sides.into_iter().filter_map(|(label, text)| Some(format!("{label}: {}", text.as_deref()?)));
    let all: Vec<_> =
        std::iter::once(sorted.seen(finding)).filter(|seen| !seen.is_empty()).chain(sides).collect();
    said(&all.join("; "))
}

fn title_of(sorted: &Sorted<'_>, check: &CheckId) -> String {
    match sorted.name(check) {
        id if id == check.as_str() => id.to_owned(),
        title => format!("{} ({check})", named(title)),
    }
}

fn scope(account: Option<&str>, models: &[String], given_for: &[String]) -> String {
    let account = account.map(|account| format!("account {}", named(account)));
    let all: Vec<_> =
        account.into_iter().chain(models.iter().chain(given_for).map(|text| named(text))).collect();
    all.join("; ")
}

/// Every waiver.
pub(super) fn waivers(sorted: &Sorted<'_>) -> Vec<WaiverLine> {
    let lines = (1..).zip(&sorted.report.waivers).map(|(number, waiver)| WaiverLine {
        number,
        check: title_of(sorted, &waiver.check),
        used: waiver.used,
        reason: said(&waiver.reason),
        owner: named(&waiver.owner),
        recorded: waiver.recorded,
        until: waiver.until,
        scope: scope(waiver.account.as_deref(), &[], &waiver.given_for),
    });
    lines.collect()
}

/// Every answer.
pub(super) fn history(sorted: &Sorted<'_>, register: &Register<'_>) -> Vec<AnswerLine> {
    let lines = (1..).zip(&sorted.report.answers).map(|(number, answer)| AnswerLine {
        number,
        check: title_of(sorted, &answer.check),
        used: answer.used,
        value: value(answer),
        by: named(&answer.by),
        answered: answer.answered,
        until: answer.until,
        scope: scope(answer.account.as_deref(), &answer.models, &answer.given_for),
        note: answer.note.as_deref().and_then(some),
        evidence: register.numbers(answer),
    });
    lines.collect()
}

/// Every call.
pub(super) fn calls(report: &Report) -> Vec<CallLine> {
    report.calls.iter().map(call).collect()
}

fn call(call: &Call) -> CallLine {
    let reply = match (call.status, &call.trouble) {
        (_, Some(trouble)) => said(trouble),
        (Some(status), None) => status.to_string(),
        (None, None) => "no reply".to_owned(),
    };
    CallLine {
        at: call.at.map(|at| at.format("%Y-%m-%d %H:%M:%S UTC").to_string()),
        words: said(&call.words()),
        reply,
        attempts: call.attempts,
        shared: call.shared,
        billable: "no",
    }
}

/// Every file that was read.
pub(super) fn files(report: &Report) -> Vec<FileLine> {
    let line = |input: &InputDigest| FileLine {
        role: input.role.words(),
        path: said(&machine::file(&input.path)),
        sha256: input.sha256.as_deref().map(named),
    };
    report.inputs.iter().map(line).collect()
}
