//! Keeps a stand-in's run: the journal as it happens, and the archive at its end.

use std::collections::HashSet;

use camino::{Utf8Path, Utf8PathBuf};

use crate::{
    commands::context::Context,
    error::Error,
    files::{self, FileError},
    secrets::Redactor,
    standin::{Entry, Running, archive},
};

/// Where a run is kept, and up to which entry.
pub(super) struct Kept {
    journal: Option<Utf8PathBuf>,
    archive: Option<Utf8PathBuf>,
    known: HashSet<usize>,
}

impl Kept {
    /// Starts to keep a run in these files.
    ///
    /// # Errors
    /// [`Error::File`] when one of them cannot be written.
    pub(super) fn new(
        journal: Option<&Utf8Path>,
        archive: Option<&Utf8Path>,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let place = |path: &Utf8Path| {
            let place = files::output(&context.dir, path).map_err(|source| failed(path, source))?;
            files::write_whole(&place, "", true).map_err(|source| failed(path, source))?;
            Ok::<_, Error>(place)
        };
        let journal = journal.map(place).transpose()?;
        Ok(Self { journal, archive: archive.map(place).transpose()?, known: HashSet::new() })
    }

    /// Writes the entries since the last call, and returns them.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be written.
    pub(super) fn keep(&mut self, running: &Running, redactor: &Redactor) -> Result<Vec<Entry>, Error> {
        let all = running.journal();
        if all.len() < self.known.len() {
            // The stand-in was reset; the file goes on.
            self.known.clear();
        }
        let new: Vec<_> = all.into_iter().filter(|entry| self.known.insert(entry.number)).collect();
        if let Some(path) = &self.journal {
            let lines: String = new.iter().map(|entry| serde_json::json!(entry).to_string() + "\n").collect();
            files::append(path, &redactor.cover(&lines)).map_err(|source| failed(path, source))?;
        }
        Ok(new)
    }

    /// Keeps the whole run.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be written.
    pub(super) fn end(&self, running: &Running, redactor: &Redactor) -> Result<(), Error> {
        let Some(path) = &self.archive else { return Ok(()) };
        let text = format!("{:#}\n", archive(&running.journal()));
        files::write_whole(path, &redactor.cover(&text), true).map_err(|source| failed(path, source))
    }
}

fn failed(path: &Utf8Path, source: FileError) -> Error {
    Error::File { what: format!("cannot write `{path}`"), source }
}
