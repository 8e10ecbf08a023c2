//! The dossier: a report as a document for someone who signs it. It is first arranged as data, then written as Markdown
//! or as one HTML page.

mod annex;
mod brief;
mod conditions;
mod expiries;
mod facts;
mod figures;
mod headline;
pub mod html;
pub mod markdown;
mod sorted;
mod words;

#[cfg(test)]
mod tests;

pub use self::brief::{Brief, Trust};
pub(in crate::render) use self::html::{Several, TemplateError};
use self::sorted::Sorted;
use crate::model::{dossier::Dossier, report::Totals};

/// How many conditions fit on the first page; an annex has all of them.
const FIRST_CONDITIONS: usize = 5;

/// Arranges a report as a document. Nothing is left out: what doesn't fit on the first page is in an annex.
#[must_use]
pub fn of(brief: &Brief<'_>) -> Dossier {
    let report = brief.report;
    let sorted = Sorted::of(report);
    let register = annex::Register::of(report);
    let expiries = expiries::all(brief, &sorted);
    let remarks = report.via.iter().map(ToString::to_string).chain(report.remarks.iter().cloned());
    let mut dossier = Dossier {
        project: headline::project(report),
        headline: headline::headline(brief),
        validity: headline::validity(brief, &expiries),
        conditions: conditions::conditions(&sorted, brief.today),
        chain: facts::facts(&sorted, &facts::CHAIN),
        money: facts::facts(&sorted, &facts::MONEY),
        gaps: conditions::gaps(&sorted),
        record: headline::record(brief),
        counts: headline::counts(Totals::count(&report.findings)),
        rows: headline::rows(&sorted),
        topics: annex::topics(&sorted, &register),
        evidence: register.lines(),
        counter: annex::counter(&sorted),
        waivers: annex::waivers(&sorted),
        history: annex::history(&sorted, &register),
        calls: annex::calls(report),
        files: annex::files(report),
        expiries,
        remarks: remarks.map(|remark| words::said(&remark)).collect(),
    };
    dossier.record.contents = headline::contents(&dossier);
    dossier
}

/// Every topic that the first page uses, so that a checklist can be compared with it.
pub fn topics() -> impl Iterator<Item = &'static str> {
    facts::topics()
}
