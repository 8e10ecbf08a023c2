//! Reading files only to find their mistakes.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    LoadError, beside, checklist::ParsedChecklist, folder_of, loader::Loader, shipped::Shipped, topics,
};
use crate::{
    files::Root,
    model::{catalogue::Catalogue, owners::Owners, project::Project, report::InputRole, rule::KnownRule},
};

/// What the files without mistakes are, and remarks on them.
pub type Linted = (Vec<(Utf8PathBuf, InputRole)>, Vec<String>);

/// Reads files only to find their mistakes; each may be a project, a checklist or a catalogue. Returns what each file
/// is, and what isn't a mistake but may be unintended.
///
/// # Errors
/// [`LoadError`]: all mistakes in all files at once.
pub fn lint(base: &Utf8Path, paths: &[Utf8PathBuf], rules: &[KnownRule]) -> Result<Linted, LoadError> {
    let shipped = Shipped::new(rules);
    let mut loader = Loader::new(&shipped);
    let owners = loader.owners();
    let guide = loader.guide();
    let mut catalogue = loader.catalogue();
    let (mut seen, mut own) = (Vec::new(), Vec::new());
    for path in paths {
        let file = loader.open_alone(base, path, InputRole::Checklist)?;
        let role = loader.role_of(file);
        match role {
            InputRole::Project => {
                if let Some(project) = loader.read_project(file, &guide, &owners) {
                    loader.files_of(&project, (base, path, paths), &catalogue, &owners);
                }
            }
            InputRole::Catalogue => loader.read_catalogue(file, Arc::make_mut(&mut catalogue), None),
            InputRole::Answers => {
                loader.read_answers(file);
            }
            _ => {
                own.extend(loader.read_checklist(file).map(|part| part.of(path)));
            }
        }
        seen.push((path.clone(), role));
    }
    loader.distinct(&own);
    for at in 0..own.len() {
        loader.merge_alone(&own, at, &owners);
    }
    if loader.is_clean() { Ok((seen, topics::remarks(&own, &shipped))) } else { Err(loader.invalid()) }
}

impl Loader<'_> {
    /// Finds the mistakes in the files that a project names, unless they are linted anyway. One that can't be opened is
    /// reported once nothing else is wrong.
    fn files_of(
        &mut self,
        project: &Project,
        (base, path, linted): (&Utf8Path, &Utf8Path, &[Utf8PathBuf]),
        catalogue: &Arc<Catalogue>,
        owners: &Owners,
    ) {
        let dir = folder_of(path);
        let root = Root::checkout(&base.join(dir));
        let open = |loader: &mut Self, own: &Utf8Path, role| {
            let shown = beside(dir, own);
            if linted.contains(&shown) { None } else { loader.open(&root, own, shown, role).ok() }
        };
        let (mut known, pages) = (Arc::clone(catalogue), owners.pages_of(&project.provider));
        for own in &project.catalogues {
            if let Some(file) = open(self, own, InputRole::Catalogue) {
                self.read_catalogue(file, Arc::make_mut(&mut known), Some(&pages));
            }
        }
        let mut parts: Vec<ParsedChecklist> = Vec::new();
        for own in &project.checklists {
            let file = open(self, own, InputRole::Checklist);
            parts.extend(
                file.and_then(|file| self.read_checklist(file)).map(|part| part.of(&beside(dir, own))),
            );
        }
        self.distinct(&parts);
        for at in 0..parts.len() {
            self.merge_alone(&parts, at, owners);
        }
    }
}
