//! Properties that hold for any text that is read as one of the product's files, for the fuzz targets.

use std::sync::Arc;

use super::{
    diagnostic::{Diagnostic, SourceFile},
    emit::emit,
    loader::Loader,
    receipt as file,
    shipped::Shipped,
    transcript::{transcript, transcript_to_text},
};
use crate::{
    load::{LoadError, NewRecord, entries_text},
    model::{answer::Answers, catalogue::Catalogue, report::InputRole},
};

thread_local! {
    /// Read once for all texts and leaked, since fuzzer threads live as long as it does.
    static SHIPPED: &'static Shipped<'static> = Box::leak(Box::new(Shipped::new(&[])));
}

/// Reads a text; every mistake must be reported at a place inside the text.
fn told<T>(role: InputRole, text: &str, read: impl FnOnce(&mut Loader<'_>, usize) -> Option<T>) -> Option<T> {
    let mut loader = Loader::new(SHIPPED.with(|shipped| *shipped));
    let file = loader.put("fuzz.toml", text.to_owned(), role);
    let _ = loader.role_of(file);
    let found = read(&mut loader, file);
    let LoadError::Invalid { diagnostics, sources } = loader.invalid() else { unreachable!() };
    assert!(found.is_some() || !diagnostics.is_empty(), "refused without a word");
    has_places(&diagnostics, &sources);
    found.filter(|_| diagnostics.is_empty())
}

fn has_places(diagnostics: &[Diagnostic], sources: &[SourceFile]) {
    for diagnostic in diagnostics {
        assert!(!diagnostic.message.is_empty(), "{}", diagnostic.code);
        for label in &diagnostic.labels {
            let source = sources.get(diagnostic.file);
            assert!(
                source.is_some_and(|source| source.text.get(label.span.clone()).is_some()),
                "{diagnostic:?}"
            );
        }
    }
    assert_eq!(emit(diagnostics, sources, false, 80).is_empty(), diagnostics.is_empty());
}

/// A project file.
pub(crate) fn project(text: &str) {
    told(InputRole::Project, text, |loader, file| {
        let (guide, owners) = (loader.guide(), loader.owners());
        loader.read_project(file, &guide, &owners)
    });
}

/// A checklist, by itself and with what it extends.
pub(crate) fn checklist(text: &str) {
    told(InputRole::Checklist, text, |loader, file| {
        let owners = loader.owners();
        let part = loader.read_checklist(file)?;
        let wanted = [part.id.to_string()];
        loader.merge(vec![part], &wanted, None, &owners)
    });
}

/// A catalogue.
pub(crate) fn catalogue(text: &str) {
    told(InputRole::Catalogue, text, |loader, file| {
        let mut catalogue = Catalogue::default();
        loader.read_catalogue(file, &mut catalogue, None);
        Some(Arc::new(catalogue))
    });
}

/// Answers: what was read is written so that it reads back the same.
pub(crate) fn answers(text: &str) {
    let read = |text: &str| {
        told(InputRole::Answers, text, |loader, file| {
            loader.owners();
            Some(loader.read_answers(file))
        })
    };
    let written = |Answers { answers, waivers }: Answers| {
        let answers = answers.into_iter().map(NewRecord::Answer);
        entries_text(&answers.chain(waivers.into_iter().map(NewRecord::Waiver)).collect::<Vec<_>>())
    };
    let Some(first) = read(text).map(written) else { return };
    assert_eq!(read(&first).map(written).as_ref(), Some(&first), "{first}");
}

/// A receipt: each report in it stays the same when written and read again.
pub(crate) fn receipt(text: &str) {
    let Ok(read) = file::read("fuzz.json", text) else { return };
    for entry in read.entries {
        let _ = entry.is_intact();
        let Some(report) = entry.report else { continue };
        let again = serde_json::to_string(&report).and_then(|text| serde_json::from_str(&text));
        assert!(again.is_ok_and(|again| report == again), "{report:?}");
    }
}

/// A transcript: what was read is written so that it reads back the same.
pub(crate) fn calls(text: &str) {
    let Ok(read) = transcript(text) else { return };
    let Ok(written) = transcript_to_text(&read) else { return };
    assert!(transcript(&written).is_ok_and(|again| again == read), "{written}");
}
