//! A project with everything needed to judge it, and the files that all of it comes from.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::{ANSWERS_FILE, beside};
use crate::model::{
    answer::Answers,
    catalogue::Catalogue,
    checklist::Checklist,
    key::KeyShape,
    media::Input,
    owners::Owners,
    project::Project,
    report::{InputDigest, InputRole},
};

/// A project with everything needed to judge it.
#[derive(Debug)]
pub struct Loaded {
    /// What is to be made.
    pub project: Project,
    /// The project file as it was named.
    pub file: Utf8PathBuf,
    /// The folder of the project file; paths in the file start there.
    pub dir: Utf8PathBuf,
    /// All checks of its route, including those in its own files.
    pub checklist: Arc<Checklist>,
    /// All dated facts, including those in its own files.
    pub catalogue: Arc<Catalogue>,
    /// What people recorded for the project.
    pub answers: Answers,
    /// Hosts, keys and free calls.
    pub owners: Arc<Owners>,
    /// Digests of every file that was read.
    pub inputs: Vec<InputDigest>,
}

impl Loaded {
    /// Every file that it is judged from, whether it exists or not, named as from the current folder. Shipped files
    /// aren't included.
    pub fn files(&self) -> impl Iterator<Item = (InputRole, Utf8PathBuf)> {
        let beside = |role, path: &Utf8Path| (role, beside(&self.dir, path));
        let media =
            self.project.shots.iter().flat_map(|shot| &shot.inputs).filter_map(|(_, input)| match input {
                Input::File { path, .. } => Some(path),
                Input::Url(_) | Input::Shot(_) => None,
            });
        std::iter::once((InputRole::Project, self.file.clone()))
            .chain([beside(InputRole::Answers, Utf8Path::new(ANSWERS_FILE))])
            .chain(self.project.checklists.iter().map(move |path| beside(InputRole::Checklist, path)))
            .chain(self.project.catalogues.iter().map(move |path| beside(InputRole::Catalogue, path)))
            .chain(media.map(move |path| beside(InputRole::Media, path)))
            .chain(
                self.answers.evidence_files().into_iter().map(move |path| beside(InputRole::Evidence, &path)),
            )
    }

    /// The files that make up the project itself, whether they exist or not, relative to its folder.
    #[must_use]
    pub fn own_files(&self) -> Vec<Utf8PathBuf> {
        let name = self.file.file_name().map(Utf8PathBuf::from);
        let media =
            self.project.shots.iter().flat_map(|shot| &shot.inputs).filter_map(|(_, input)| match input {
                Input::File { path, .. } => Some(path.clone()),
                Input::Url(_) | Input::Shot(_) => None,
            });
        let named = self.project.checklists.iter().chain(&self.project.catalogues).cloned();
        name.into_iter().chain([ANSWERS_FILE.into()]).chain(named).chain(media).collect()
    }

    /// Shapes of keys that are meant for something else.
    pub fn refused_keys(&self) -> impl Iterator<Item = &KeyShape> {
        self.checklist.hosts.values().filter_map(|host| host.key.as_ref()).flat_map(|key| &key.refuse)
    }
}
