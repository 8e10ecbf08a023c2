//! A page for a browser and a phone: the dossier of each project, its first sheet in front.

use super::{
    Style,
    dossier::{self, Brief, Several, TemplateError, Trust},
    todo,
};
use crate::model::{
    dossier::Dossier,
    report::{Batch, Report},
    text::counted,
};

/// The page of one project, or of several one behind the other.
#[must_use]
pub fn render(batch: &Batch, _: &Style) -> String {
    let dossiers: Vec<_> = batch.reports.iter().map(document).collect();
    let page = match dossiers.as_slice() {
        [one] if !batch.several => dossier::html::render(one, dossier::html::TEMPLATE),
        all => several(all, batch),
    };
    page.unwrap_or_else(|why| {
        // What is too large for a page is decided all the same.
        let text = format!("greenlight: {}. The page is left out: {why}.", batch.decided());
        format!("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<p>{}</p>\n", dossier::html::html(&text))
    })
}

fn document(report: &Report) -> Dossier {
    dossier::of(&Brief {
        report,
        trust: Trust::Checked,
        today: report.at.date_naive(),
        lasting: &[],
        again: &todo::on(report, "greenlight check"),
    })
}

fn several(all: &[Dossier], batch: &Batch) -> Result<String, TemplateError> {
    let title = counted(all.len(), "project");
    let several = Several::of(title, &batch.decided(), all);
    let last = all.len().saturating_sub(1);
    let part = |(at, one): (usize, &Dossier)| dossier::html::part(one, &several, at, at == last);
    all.iter().enumerate().map(part).collect()
}
