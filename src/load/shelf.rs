//! The shelf: every file that was opened in one run, with its digest and its mistakes.

use camino::{Utf8Path, Utf8PathBuf};
use sha2::{Digest, Sha256};

use super::{
    LoadError,
    builtin::{self, Builtin},
    checklist::{Part, Reader},
    diagnostic::{Diagnostic, Label, Level, SourceFile},
    document::{self, Taken},
    fold, folder_of,
    notes::{Lines, Notes},
    raw::checklist::RawChecklist,
    suggest,
};
use crate::{
    files::{FileError, Root, Sort},
    model::{
        answer::Answers,
        catalogue::Catalogue,
        checklist::Checklist,
        owners::Owners,
        project::Project,
        report::{InputDigest, InputRole},
        route::Route,
        routes::{FirstClip, Guide},
        rule::KnownRule,
        text::hex,
    },
};

pub(super) struct Shelf<'r> {
    rules: &'r [KnownRule],
    sources: Vec<SourceFile>,
    inputs: Vec<InputDigest>,
    diagnostics: Vec<Diagnostic>,
    taken: Vec<Taken>,
}

impl<'r> Shelf<'r> {
    pub(super) fn new(rules: &'r [KnownRule]) -> Self {
        Self { rules, sources: Vec::new(), inputs: Vec::new(), diagnostics: Vec::new(), taken: Vec::new() }
    }

    pub(super) fn is_clean(&self) -> bool {
        self.diagnostics.is_empty()
    }

    pub(super) fn invalid(self) -> LoadError {
        // A file that several others extend is folded several times.
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for diagnostic in self.diagnostics {
            if !diagnostics.contains(&diagnostic) {
                diagnostics.push(diagnostic);
            }
        }
        diagnostics.sort_by_key(|d| (d.file, d.labels.first().map_or(0, |label| label.span.start)));
        LoadError::Invalid { diagnostics, sources: self.sources }
    }

    /// Digests of everything on the shelf, by role and then by name.
    pub(super) fn digests(&self) -> Vec<InputDigest> {
        let mut inputs = self.inputs.clone();
        inputs.sort_by(|a, b| (a.role, &a.path).cmp(&(b.role, &b.path)));
        inputs
    }

    /// Puts a file on the shelf that a project names by this path, which messages and receipts call it by. `shown`
    /// is what a reader would call it who stands here.
    pub(super) fn open(
        &mut self,
        root: &Root,
        path: &Utf8Path,
        shown: Utf8PathBuf,
        role: InputRole,
    ) -> Result<usize, LoadError> {
        let failed = |source| LoadError::Read { path: shown, source };
        let text = root.toml(path, false).map_err(failed)?;
        Ok(self.put(path.as_str(), text, role))
    }

    /// Puts a file on the shelf that a person named or that was found. Where it is a link, it is taken for one that
    /// the project brought along.
    pub(super) fn open_alone(&mut self, path: &Utf8Path, role: InputRole) -> Result<usize, LoadError> {
        let root = Root::checkout(folder_of(path));
        let text = match path.file_name() {
            Some(name) => root.toml(Utf8Path::new(name), true),
            None => Err(FileError::Is(Sort::Folder)),
        };
        let text = text.map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
        Ok(self.put(path.as_str(), text, role))
    }

    fn put(&mut self, name: &str, text: String, role: InputRole) -> usize {
        let sha256 = hex(&Sha256::digest(text.as_bytes()));
        self.inputs.push(InputDigest::read(role, name, sha256));
        self.sources.push(SourceFile { path: name.to_owned(), text });
        self.sources.len() - 1
    }

    fn put_builtin(&mut self, builtin: &Builtin, role: InputRole) -> usize {
        self.put(&format!("builtin:{}", builtin.id), builtin.text.to_owned(), role)
    }

    fn raw<T: serde::de::DeserializeOwned>(&mut self, file: usize) -> Option<T> {
        let text = &self.sources.get(file)?.text;
        document::read(file, text, &mut self.diagnostics, &mut self.taken)
    }

    fn notes(&mut self, file: usize) -> Notes<'_> {
        let text = self.sources.get(file).map_or("", |source| source.text.as_str());
        Notes { file, text, taken: &self.taken, diagnostics: &mut self.diagnostics }
    }

    pub(super) fn owners(&mut self) -> Owners {
        let file = self.put_builtin(&builtin::OWNERS, InputRole::Owners);
        self.raw(file).map(|raw| self.notes(file).owners(raw)).unwrap_or_default()
    }

    pub(super) fn guide(&mut self) -> Guide {
        // What is proposed to a beginner does not enter a judgement, so no digest is kept.
        let file = self.put_builtin(&builtin::ROUTES, InputRole::Owners);
        self.inputs.pop();
        let first_clip = FirstClip { duration: 0, aspect_ratio: String::new(), resolution: String::new() };
        self.raw(file).map_or(
            Guide { routes: Vec::new(), materials: Vec::new(), first_clip, steps: Vec::new() },
            |raw| self.notes(file).guide(raw),
        )
    }

    pub(super) fn catalogue(&mut self) -> Catalogue {
        let file = self.put_builtin(&builtin::CATALOGUE, InputRole::Catalogue);
        let mut catalogue = Catalogue::default();
        self.read_catalogue(file, &mut catalogue);
        catalogue
    }

    pub(super) fn read_catalogue(&mut self, file: usize, into: &mut Catalogue) {
        if self.is_blank(file) {
            return;
        }
        if let Some(raw) = self.raw(file) {
            self.notes(file).catalogue(raw, into);
        }
    }

    pub(super) fn read_answers(&mut self, file: usize) -> Answers {
        self.raw(file).map(|raw| self.notes(file).answers(raw)).unwrap_or_default()
    }

    pub(super) fn read_project(&mut self, file: usize, guide: &Guide) -> Option<Project> {
        if self.is_blank(file) {
            return None;
        }
        let raw = self.raw(file)?;
        self.notes(file).project(raw, guide)
    }

    pub(super) fn read_checklist(&mut self, file: usize) -> Option<Part> {
        if self.is_blank(file) {
            return None;
        }
        let raw: RawChecklist = self.raw(file)?;
        let text = self.sources.get(file)?.text.as_str();
        let reader = Reader {
            notes: Notes { file, text, taken: &self.taken, diagnostics: &mut self.diagnostics },
            rules: self.rules,
            mentions: Vec::new(),
            declared: Vec::new(),
            lines: Lines::default(),
        };
        reader.part(raw)
    }

    /// Whether a file says nothing, which is one mistake and not one per key that it should have.
    fn is_blank(&mut self, file: usize) -> bool {
        let text = self.sources.get(file).map_or("", |source| source.text.as_str());
        let blank = text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        if blank {
            let help = Some("`greenlight init` writes a project to start from".to_owned());
            self.notes(file).error_with("empty-file", 0..0, "the file is empty", help);
        }
        blank
    }

    /// What a file is, by its top-level keys.
    pub(super) fn role_of(&self, file: usize) -> InputRole {
        let text = self.sources.get(file).map_or("", |source| source.text.as_str());
        let Ok(table) = text.parse::<toml::Table>() else { return InputRole::Checklist };
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

    /// Folds the wanted checklists and all they extend into one.
    pub(super) fn fold(
        &mut self,
        own: Vec<Part>,
        wanted: &[String],
        route: Option<Route>,
        owners: &Owners,
    ) -> Option<Checklist> {
        for part in own.iter().filter(|part| ships(part.id.as_str())) {
            let label = Label { span: 0..0, text: String::new(), primary: true };
            self.diagnostics.push(Diagnostic {
                code: "duplicate-id",
                level: Level::Error,
                message: format!("a checklist `{}` is shipped already", part.id),
                file: part.file,
                labels: vec![label],
                help: Some(format!("give it another `id`, and `extends = \"{}\"` to add to it", part.id)),
            });
        }
        for (at, part) in own.iter().enumerate() {
            if own.iter().take(at).any(|earlier| earlier.id == part.id) {
                self.diagnostics.push(Diagnostic {
                    code: "duplicate-id",
                    level: Level::Error,
                    message: format!("a checklist `{}` is loaded already", part.id),
                    file: part.file,
                    labels: vec![Label { span: 0..0, text: String::new(), primary: true }],
                    help: Some("name each file once, and give each an `id` of its own".to_owned()),
                });
            }
        }
        let mut own: Vec<Option<Part>> = own.into_iter().map(Some).collect();
        let (mut ordered, mut trail) = (Vec::new(), Vec::new());
        for id in wanted {
            self.line_up(id, None, &mut own, &mut ordered, &mut trail);
        }
        fold::fold(ordered, route, owners, &mut self.diagnostics)
    }

    /// Folds one of these files with its parents, for its mistakes alone.
    pub(super) fn fold_alone(&mut self, own: &[Part], wanted: &[String], owners: &Owners) {
        let files: Vec<usize> = own.iter().map(|part| part.file).collect();
        let before = self.diagnostics.len();
        let mut again = Vec::new();
        for file in files {
            again.extend(self.read_checklist(file));
        }
        self.diagnostics.truncate(before);
        self.fold(again, wanted, None, owners);
    }

    /// Lines up a checklist behind its parent.
    fn line_up(
        &mut self,
        id: &str,
        asked: Option<(usize, std::ops::Range<usize>)>,
        own: &mut [Option<Part>],
        ordered: &mut Vec<Part>,
        trail: &mut Vec<String>,
    ) {
        if ordered.iter().any(|part| part.id.as_str() == id) {
            return;
        }
        let (file, span) = asked.unwrap_or((0, 0..0));
        if trail.iter().any(|above| above == id) {
            let circle = trail.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" → ");
            self.notes(file).error(
                "circle",
                span,
                format!("checklists extend each other: {circle} → `{id}`"),
            );
            return;
        }
        let mine = own.iter_mut().find(|part| part.as_ref().is_some_and(|part| part.id.as_str() == id));
        let part = match mine {
            Some(part) => part.take(),
            None => self.builtin_part(id),
        };
        let Some(part) = part else {
            let known = own.iter().flatten().map(|part| part.id.as_str());
            let help = suggest::among(id, builtin::checklists().map(|builtin| builtin.id).chain(known));
            self.notes(file).error_with("unknown-name", span, format!("there is no checklist `{id}`"), help);
            return;
        };
        if let Some(parent) = &part.extends {
            trail.push(id.to_owned());
            let asked = Some((part.file, parent.span()));
            self.line_up(parent.get_ref(), asked, own, ordered, trail);
            trail.pop();
        }
        ordered.push(part);
    }

    fn builtin_part(&mut self, id: &str) -> Option<Part> {
        let builtin = builtin::checklists().find(|builtin| builtin.id == id)?;
        let file = self.put_builtin(&builtin, InputRole::Checklist);
        self.read_checklist(file)
    }
}

/// Whether a checklist of this id is shipped.
pub(super) fn ships(id: &str) -> bool {
    builtin::checklists().any(|builtin| builtin.id == id)
}
