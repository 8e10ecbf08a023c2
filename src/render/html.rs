//! A page for a browser or a phone: the dossier of each project, starting with its first page.

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

/// The page for one project, or for several one after the other.
#[must_use]
pub fn render(batch: &Batch, _: &Style) -> String {
    let dossiers: Vec<_> = batch.reports.iter().map(document).collect();
    let page = match dossiers.as_slice() {
        [] => return short(batch, "no project was checked"),
        [one] if !batch.several => dossier::html::render(one, dossier::html::TEMPLATE),
        all => several(all, batch),
    };
    page.unwrap_or_else(|why| short(batch, &why.to_string()))
}

/// The decision alone, for when the page can't be made.
fn short(batch: &Batch, why: &str) -> String {
    let text = dossier::html::html(&format!("greenlight: {}: {why}", batch.decided()));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{text}</title>\n<p>{text}</p>\n"
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture::STYLE;

    #[test]
    fn nothing_is_decided_as_well() {
        let page = render(&Batch { reports: vec![], several: true }, &STYLE);
        assert!(page.contains("<p>greenlight: HOLD: no project was checked</p>"), "{page}");
    }
}
