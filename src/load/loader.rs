//! The loader of one run: every file that was opened, with its digest and its mistakes.

use std::{
    cell::{Cell, OnceCell},
    collections::HashMap,
    sync::Arc,
};

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};
use toml::de::DeTable;

use super::{
    LoadError,
    builtin::{self, Builtin},
    checklist::ParsedChecklist,
    diagnostic::{Diagnostic, SourceFile},
    document::{self, Taken},
    expectation::MOST_PATTERNS,
    folder_of, pieces,
    raw::checklist::RawChecklist,
    reader::Reader,
    shipped::Shipped,
    sink::{DiagnosticSink, Lines},
};
use crate::{
    files::{FileError, Kind, Root, Sort},
    model::{
        answer::Answers,
        catalogue::Catalogue,
        owners::Owners,
        pages::Pages,
        project::Project,
        report::{InputDigest, InputRole},
        routes::{FirstClip, Guide},
        text::hex,
    },
};

pub(super) struct Loader<'s> {
    shipped: &'s Shipped<'s>,
    sources: Vec<SourceFile>,
    inputs: Vec<InputDigest>,
    pub(super) diagnostics: Vec<Diagnostic>,
    taken: Vec<Taken>,
    patterns: Cell<usize>,
}

impl<'s> Loader<'s> {
    pub(super) fn new(shipped: &'s Shipped<'s>) -> Self {
        Self {
            shipped,
            sources: Vec::new(),
            inputs: Vec::new(),
            diagnostics: Vec::new(),
            taken: Vec::new(),
            patterns: Cell::new(MOST_PATTERNS),
        }
    }

    pub(super) fn shipped(&self) -> &'s Shipped<'s> {
        self.shipped
    }

    /// How many files were read.
    pub(super) fn inputs(&self) -> usize {
        self.inputs.len()
    }

    /// The digests of all files except the first `first`, which no longer count as read.
    pub(super) fn take_inputs(&mut self, first: usize) -> Vec<InputDigest> {
        self.inputs.split_off(first)
    }

    pub(super) fn is_clean(&self) -> bool {
        self.diagnostics.is_empty()
    }

    pub(super) fn invalid(self) -> LoadError {
        // A file that several others extend is merged several times.
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for diagnostic in self.diagnostics {
            if !diagnostics.contains(&diagnostic) {
                diagnostics.push(diagnostic);
            }
        }
        diagnostics.sort_by_key(|d| (d.file, d.labels.first().map_or(0, |label| label.span.start)));
        LoadError::Invalid { diagnostics, sources: self.sources }
    }

    /// Digests of everything loaded and of these, by role and then by name.
    pub(super) fn digests(mut self, more: Vec<InputDigest>) -> Vec<InputDigest> {
        let mut inputs = std::mem::take(&mut self.inputs);
        inputs.extend(more);
        inputs.sort_by(|a, b| (a.role, &a.path).cmp(&(b.role, &b.path)));
        inputs
    }

    /// Loads a file that a project names by this path; messages and receipts use the same name. `shown` is its name as
    /// seen from the current folder.
    pub(super) fn open(
        &mut self,
        root: &Root,
        path: &Utf8Path,
        shown: Utf8PathBuf,
        role: InputRole,
    ) -> Result<usize, LoadError> {
        let failed = |source| LoadError::Read { path: shown, source };
        let text = root.toml(path, kind_of(role), false).map_err(failed)?;
        Ok(self.put(path.as_str(), text, role))
    }

    /// Loads a file that a person named or that was found. A link is treated as something the project brought along. A
    /// relative path starts at `base`.
    pub(super) fn open_alone(
        &mut self,
        base: &Utf8Path,
        path: &Utf8Path,
        role: InputRole,
    ) -> Result<usize, LoadError> {
        let root = Root::checkout(&base.join(folder_of(path)));
        let text = match path.file_name() {
            Some(name) => root.toml(Utf8Path::new(name), kind_of(role), true),
            None => Err(FileError::Is(Sort::Folder)),
        };
        let text = text.map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
        Ok(self.put(path.as_str(), text, role))
    }

    pub(super) fn put(&mut self, name: &str, text: String, role: InputRole) -> usize {
        let sha256 = hex(&Sha256::digest(text.as_bytes()));
        self.inputs.push(InputDigest::read(role, name, sha256));
        self.sources.push(SourceFile { path: name.to_owned(), text: text.into() });
        self.sources.len() - 1
    }

    pub(super) fn put_builtin(&mut self, builtin: &Builtin, role: InputRole) -> usize {
        let path = format!("builtin:{}", builtin.id);
        self.inputs.push(InputDigest::read(role, &path, builtin.digest().to_owned()));
        self.sources.push(SourceFile { path, text: builtin.text.into() });
        self.sources.len() - 1
    }

    /// The contents of a shipped file, read now or for an earlier project.
    fn once<T: Clone>(&mut self, memo: &OnceCell<T>, read: impl FnOnce(&mut Self) -> T) -> T {
        if let Some(known) = memo.get() {
            return known.clone();
        }
        let mistakes = self.diagnostics.len();
        let value = read(self);
        if self.diagnostics.len() == mistakes {
            memo.get_or_init(|| value.clone());
        }
        value
    }

    fn raw<T: serde::de::DeserializeOwned>(&mut self, file: usize) -> Option<T> {
        let text = &self.sources.get(file)?.text;
        document::read(file, text, &mut self.diagnostics, &mut self.taken)
    }

    pub(super) fn sink(&mut self, file: usize) -> DiagnosticSink<'_> {
        let source = self.sources.get(file);
        let (text, shipped) = source.map_or(("", false), |source| (&*source.text, source.is_shipped()));
        let Self { taken, patterns, diagnostics, .. } = self;
        DiagnosticSink { file, text, shipped, taken, patterns, diagnostics }
    }

    pub(super) fn owners(&mut self) -> Arc<Owners> {
        let file = self.put_builtin(&builtin::OWNERS, InputRole::Owners);
        self.once(&self.shipped.owners, |loader| {
            Arc::new(loader.raw(file).map(|raw| loader.sink(file).owners(raw)).unwrap_or_default())
        })
    }

    pub(super) fn guide(&mut self) -> Arc<Guide> {
        // Suggestions for beginners aren't part of a judgement, so no digest is kept.
        let file = self.put_builtin(&builtin::ROUTES, InputRole::Owners);
        self.inputs.pop();
        self.once(&self.shipped.guide, |loader| Arc::new(loader.read_guide(file)))
    }

    fn read_guide(&mut self, file: usize) -> Guide {
        let first_clip = FirstClip { duration: 0, aspect_ratio: String::new(), resolution: String::new() };
        self.raw(file).map_or(
            Guide { routes: Vec::new(), materials: Vec::new(), first_clip, steps: Vec::new() },
            |raw| self.sink(file).guide(raw),
        )
    }

    pub(super) fn catalogue(&mut self) -> Arc<Catalogue> {
        let file = self.put_builtin(&builtin::CATALOGUE, InputRole::Catalogue);
        self.once(&self.shipped.catalogue, |loader| {
            let mut catalogue = Catalogue::default();
            loader.read_catalogue(file, &mut catalogue, None);
            Arc::new(catalogue)
        })
    }

    pub(super) fn read_catalogue(&mut self, file: usize, into: &mut Catalogue, pages: Option<&Pages>) {
        if self.is_blank(file) {
            return;
        }
        if let Some(raw) = self.raw(file) {
            self.sink(file).catalogue(raw, into, pages);
        }
    }

    pub(super) fn read_answers(&mut self, file: usize) -> Answers {
        self.raw(file).map(|raw| self.sink(file).answers(raw)).unwrap_or_default()
    }

    pub(super) fn read_project(&mut self, file: usize, guide: &Guide, owners: &Owners) -> Option<Project> {
        if self.is_blank(file) {
            return None;
        }
        let raw = self.raw(file)?;
        self.sink(file).project(raw, guide, owners)
    }

    pub(super) fn read_checklist(&mut self, file: usize) -> Option<ParsedChecklist> {
        if self.is_blank(file) {
            return None;
        }
        let pieces = pieces::read(&self.sources.get(file)?.text);
        let raw: RawChecklist = pieces.or_else(|| self.raw(file))?;
        let source = self.sources.get(file)?;
        let reader = Reader {
            sink: DiagnosticSink {
                file,
                text: &source.text,
                shipped: source.is_shipped(),
                taken: &self.taken,
                patterns: &self.patterns,
                diagnostics: &mut self.diagnostics,
            },
            rules: self.shipped.rules,
            mentions: Vec::new(),
            requests: HashMap::new(),
            declared: Vec::new(),
            lines: Lines::default(),
        };
        reader.part(raw)
    }

    /// Whether a file is empty, which is one mistake and not one for every missing key.
    fn is_blank(&mut self, file: usize) -> bool {
        let text = self.sources.get(file).map_or("", |source| &*source.text);
        let blank = text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        if blank {
            let help = Some("`greenlight init` writes a project to start from".to_owned());
            self.sink(file).error_with("empty-file", 0..0, "the file is empty", help);
        }
        blank
    }

    /// What a file is, by its top-level keys.
    pub(super) fn role_of(&self, file: usize) -> InputRole {
        let text = self.sources.get(file).map_or("", |source| &*source.text);
        let Ok(table) = DeTable::parse(text) else { return InputRole::Checklist };
        let table = table.get_ref();
        if table.contains_key("project") || table.contains_key("shot") {
            InputRole::Project
        } else if table.contains_key("claim") || table.contains_key("model") {
            InputRole::Catalogue
        } else if table.contains_key("answer") || table.contains_key("waiver") {
            InputRole::Answers
        } else {
            InputRole::Checklist
        }
    }
}

/// Whether a checklist of this id is shipped.
pub(super) fn ships(id: &str) -> bool {
    builtin::checklists().any(|builtin| builtin.id == id)
}

fn kind_of(role: InputRole) -> Kind {
    if role == InputRole::Answers { Kind::Answers } else { Kind::Toml }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// They are compiled on first use, so a wrong one would be found too late.
    #[test]
    fn every_shipped_pattern_can_be_compiled() {
        let shipped = Shipped::new(&[]);
        let mut read = 0;
        for builtin in builtin::checklists() {
            let mut loader = Loader::new(&shipped);
            let file = loader.put(builtin.id, builtin.text.to_owned(), InputRole::Checklist);
            loader.read_checklist(file);
            read += MOST_PATTERNS - loader.patterns.get();
            let wrong = loader.diagnostics.iter().find(|told| told.code == "bad-regex");
            assert!(wrong.is_none(), "{wrong:?}");
        }
        assert!(read > 50, "{read}");
    }
}
