//! Routes side by side: their findings by topic, who qualifies, and what each owner charges.

use std::collections::HashMap;

use chrono::NaiveDate;
use indexmap::IndexMap;

use super::{Case, answers, estimate::Estimate, length::Lengths};
use crate::model::{
    compare::{
        Asked, COMPARISON_VERSION, Cell, Column, Comparison, Ground, Open, Price, PriceRow, PricedBy,
        Qualifies, TopicRow,
    },
    id::CheckId,
    pages::Pages,
    project::{Project, ShotIndex},
    question::AnswerKind,
    recorded::{ReportedAnswer, ReportedEvidence},
    report::Report,
    route::Row,
    severity::Severity,
    verdict::{Finding, Verdict},
};

/// One route in a comparison.
#[derive(Debug)]
pub struct Side<'a> {
    /// Its heading.
    pub name: String,
    /// The project file or the receipt.
    pub file: String,
    /// Its report.
    pub report: &'a Report,
    /// What its owner charges, by shot; `None` is the row for all shots.
    pub prices: Vec<(Option<String>, Asked)>,
    /// What a reader should know about it.
    pub remarks: Vec<String>,
}

/// Puts routes side by side.
#[must_use]
pub fn compare(sides: &[Side<'_>]) -> Comparison {
    Comparison {
        schema_version: COMPARISON_VERSION,
        columns: sides.iter().map(column).collect(),
        mandatory: rows(sides, |severity| severity == Severity::Block),
        facts: rows(sides, |severity| severity != Severity::Block),
        prices: prices(sides),
    }
}

fn column(side: &Side<'_>) -> Column {
    let report = side.report;
    let mandatory = report.findings.iter().filter(|finding| finding.severity == Severity::Block);
    let mut open: Vec<_> = mandatory.clone().filter(|finding| !finding.verdict.lets_on()).collect();
    open.sort_by_key(|finding| rank(&finding.verdict));
    let refuted = open.iter().any(|finding| finding.verdict == Verdict::Fail);
    let qualifies = match (open.is_empty(), refuted) {
        // Without mandatory checks nothing is known.
        (true, _) if mandatory.clone().next().is_none() => Qualifies::NotYet,
        (true, _) => Qualifies::Yes,
        (false, true) => Qualifies::No,
        (false, false) => Qualifies::NotYet,
    };
    let waived_until = mandatory.filter_map(|finding| match finding.verdict {
        Verdict::Waived { until } => Some(until),
        _ => None,
    });
    Column {
        name: side.name.clone(),
        file: side.file.clone(),
        project: report.project.clone(),
        at: report.at,
        found: report.found(),
        qualifies,
        waived_until: waived_until.min(),
        open: open.into_iter().map(opened).collect(),
        remarks: side.remarks.clone(),
    }
}

fn opened(finding: &Finding) -> Open {
    Open {
        check: finding.check.clone(),
        title: finding.title.to_string(),
        verdict: finding.verdict.clone(),
        seen: finding.seen.clone(),
    }
}

/// The worst first.
fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Fail => 0,
        Verdict::Unknown { .. } => 1,
        Verdict::Blocked { .. } => 2,
        Verdict::Warn => 3,
        Verdict::Waived { .. } => 4,
        Verdict::Pass => 5,
        Verdict::NotApplicable { .. } => 6,
    }
}

/// The findings of these severities by topic, in the order of the table.
fn rows(sides: &[Side<'_>], of: fn(Severity) -> bool) -> Vec<TopicRow> {
    let mut topics: IndexMap<String, (Row, Vec<Vec<&Finding>>)> = IndexMap::new();
    for (at, side) in sides.iter().enumerate() {
        let known: HashMap<&CheckId, String> = side
            .report
            .checks
            .all()
            .iter()
            .filter_map(|check| Some((&check.id, check.topic.as_ref()?.to_string())))
            .collect();
        for finding in side.report.findings.iter().filter(|finding| of(finding.severity)) {
            let topic = known.get(&finding.check).cloned().unwrap_or_else(|| finding.check.to_string());
            let (row, cells) =
                topics.entry(topic).or_insert_with(|| (finding.row, vec![Vec::new(); sides.len()]));
            *row = finding.row.min(*row);
            if let Some(cell) = cells.get_mut(at) {
                cell.push(finding);
            }
        }
    }
    let mut rows: Vec<TopicRow> = topics
        .into_iter()
        .map(|(topic, (row, found))| {
            let cells: Vec<_> =
                found.iter().zip(sides).map(|(findings, side)| cell(findings, side.report)).collect();
            TopicRow { topic, row, differs: differ(&cells), cells }
        })
        .collect();
    rows.sort_by_key(|row| row.row);
    rows
}

/// Whether routes differ: in a verdict, or in that one has an open topic that another doesn't have at all. A check that
/// doesn't apply isn't a difference.
fn differ(cells: &[Option<Cell>]) -> bool {
    let arises = |cell: &&Cell| !matches!(cell.verdict, Verdict::NotApplicable { .. });
    let mut words: Vec<_> = cells
        .iter()
        .flatten()
        .filter(arises)
        .map(|cell| (cell.verdict.word(), cell.verdict == Verdict::Pass))
        .collect();
    let lacking = words.len() < cells.len();
    words.sort_unstable();
    words.dedup();
    words.len() > 1 || (lacking && words.iter().any(|(_, passes)| !passes))
}

/// The worst of the findings about one topic.
fn cell(findings: &[&Finding], report: &Report) -> Option<Cell> {
    let worst = findings.iter().min_by_key(|finding| rank(&finding.verdict))?;
    let like = findings.iter().filter(|other| other.verdict.word() == worst.verdict.word()).count();
    let (day, rests_on) = grounds(worst, report);
    Some(Cell {
        check: worst.check.clone(),
        title: worst.title.to_string(),
        severity: worst.severity,
        verdict: worst.verdict.clone(),
        seen: worst.seen.clone(),
        day,
        rests_on,
        of: findings.len(),
        like,
    })
}

/// What a finding is based on, and from which day. An unknown finding is based on nothing.
fn grounds(finding: &Finding, report: &Report) -> (Option<NaiveDate>, Vec<Ground>) {
    if let Some(recorded) = &finding.recorded {
        let is_it = |answer: &&ReportedAnswer| {
            answer.used
                && answer.check == finding.check
                && (&answer.by, answer.answered) == (&recorded.by, recorded.answered)
        };
        let answer = report.answers.iter().rev().find(is_it);
        let mut kinds: Vec<Ground> =
            answer.into_iter().flat_map(|answer| &answer.evidence).map(kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() {
            kinds.push(Ground::Said);
        }
        return (Some(recorded.answered), kinds);
    }
    match finding.verdict {
        Verdict::Pass | Verdict::Warn | Verdict::Fail => (Some(report.at.date_naive()), vec![Ground::Tool]),
        _ => (None, Vec::new()),
    }
}

fn kind(evidence: &ReportedEvidence) -> Ground {
    match evidence {
        ReportedEvidence::Url { .. } => Ground::Page,
        ReportedEvidence::File { .. } => Ground::File,
        ReportedEvidence::Quote { .. } => Ground::Words,
    }
}

fn prices(sides: &[Side<'_>]) -> Vec<PriceRow> {
    let mut shots: Vec<&Option<String>> = Vec::new();
    for (shot, _) in sides.iter().flat_map(|side| &side.prices) {
        if !shots.contains(&shot) {
            shots.push(shot);
        }
    }
    // The total comes last.
    shots.sort_by_key(|shot| shot.is_none());
    let asked = |shot: &Option<String>, side: &Side<'_>| {
        let own = side.prices.iter().find(|(of, _)| of == shot).map(|(_, asked)| asked.clone());
        own.unwrap_or_else(|| Asked::Unknown("not given".to_owned()))
    };
    let row = |shot: &Option<String>| PriceRow {
        shot: shot.clone(),
        cells: sides.iter().map(|side| asked(shot, side)).collect(),
    };
    shots.into_iter().map(row).collect()
}

/// What the owner of a project's route charges for each shot and for all of them, made once each: from the owner's
/// dated list or quote. `pages` are those of the owner; a price found elsewhere is someone else's.
#[must_use]
pub fn asked(case: &Case<'_>, pages: &Pages) -> Vec<(Option<String>, Asked)> {
    let whole = listed(case, case.project, pages);
    let mut all = Vec::new();
    for shot in &case.project.shots {
        let alone = Project { shots: vec![shot.clone()], ..case.project.clone() };
        all.push((Some(shot.id.to_string()), known(listed(case, &alone, pages))));
    }
    let quoted = answers::quoted(case).map(|quoted| {
        let owner = case.project.provider.clone();
        Asked::Known(Price { sum: quoted.sum, owner, by: PricedBy::Quote, day: quoted.answered })
    });
    // With only one shot, the price for all shots is its price.
    if let ([(_, only)], Some(quoted)) = (all.as_mut_slice(), &quoted) {
        only.clone_from(quoted);
    }
    all.push((None, quoted.unwrap_or_else(|| known(whole))));
    all
}

fn known(price: Result<Price, String>) -> Asked {
    price.map_or_else(Asked::Unknown, Asked::Known)
}

/// Whether a person is asked what the owner charges.
fn asks_quote(case: &Case<'_>) -> bool {
    let questions = case.checklist.checks.iter().filter_map(|check| check.decider.question());
    questions.into_iter().any(|question| question.kind == AnswerKind::Money)
}

/// The price of these shots from dated claims of the owner only.
fn listed(case: &Case<'_>, project: &Project, pages: &Pages) -> Result<Price, String> {
    let index = ShotIndex::of(project);
    let lengths = Lengths {
        project,
        index: &index,
        catalogue: case.catalogue,
        observations: case.observations,
        probes: &[],
        today: case.now.date_naive(),
    };
    let estimate = Estimate::of(lengths).map_err(|why| why.to_string())?;
    let own = |claim: &&crate::model::catalogue::Claim| pages.count(&claim.source.url).is_ok();
    match estimate.oldest() {
        Some(oldest) if estimate.missing.is_empty() && estimate.claims.iter().all(own) => Ok(Price {
            sum: estimate.once,
            owner: case.project.provider.clone(),
            by: PricedBy::List,
            day: oldest.source.as_of,
        }),
        Some(_) if estimate.missing.is_empty() => {
            Err("the only known price is not from its own pages".to_owned())
        }
        _ if asks_quote(case) => Err("no quote is recorded".to_owned()),
        _ => Err(estimate
            .missing
            .first()
            .map_or_else(|| "no price is known".to_owned(), |gap| gap.what.clone())),
    }
}

#[cfg(test)]
mod tests;
