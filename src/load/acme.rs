//! An invented provider, and checklists of it, for tests.

use std::cell::Cell;

use super::{document, loader::Loader, merge, shipped::Shipped, sink::DiagnosticSink};
use crate::model::{checklist::Checklist, owners::Owners, report::InputRole};

/// A list of owners that contains only this provider.
pub(super) const OWNERS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/acme/owners.toml"));

fn owners() -> Owners {
    let (mut diagnostics, mut taken) = (Vec::new(), Vec::new());
    let raw = document::read(0, OWNERS, &mut diagnostics, &mut taken).unwrap();
    let owners = DiagnosticSink {
        file: 0,
        text: OWNERS,
        shipped: false,
        taken: &taken,
        patterns: &Cell::new(0),
        diagnostics: &mut diagnostics,
    }
    .owners(raw);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    owners
}

/// A checklist with these tables, or each mistake with its code, the text it points at, and its advice.
pub(super) fn checklist(tables: &str) -> Result<Checklist, Vec<String>> {
    let text = format!("id = \"own\"\nreviewed = 2026-11-22\n{tables}");
    let shipped = Shipped::new(&[]);
    let mut loader = Loader::new(&shipped);
    let file = loader.put("own.toml", text.clone(), InputRole::Checklist);
    let parts = loader.read_checklist(file).into_iter().collect();
    let checklist = merge::merge(parts, None, &owners(), &mut loader.diagnostics);
    let told = loader.diagnostics.iter().map(|told| {
        let place = text.get(told.labels[0].span.clone()).unwrap();
        let place = place.lines().next().unwrap_or_default();
        format!("{} at `{place}`: {} ({})", told.code, told.message, told.help.clone().unwrap_or_default())
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() { Ok(checklist.unwrap()) } else { Err(told) }
}
