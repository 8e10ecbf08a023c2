//! Reads TOML and receipts into the model. No other module reads the product's files, and nothing here uses the
//! network.

#[cfg(test)]
mod acme;
mod answers;
mod append;
mod as_route;
mod builtin;
mod catalogue;
mod checklist;
mod circles;
mod coverage;
mod decider;
pub mod diagnostic;
mod document;
pub mod emit;
mod entry;
mod expectation;
mod extent;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod jobs;
mod key_proof;
mod keyframes;
mod known;
mod lineage;
mod lint;
mod loaded;
mod loader;
mod merge;
mod operands;
mod owners;
mod ownership;
mod pieces;
mod probe;
mod project;
mod projects;
mod question;
mod raw;
mod reader;
mod receipt;
mod request;
mod routes;
pub mod schema;
mod seconds;
mod shape;
mod shipped;
mod sink;
mod spanned;
mod suggest;
mod topics;
mod transcript;
mod vacuous;

use std::{io::ErrorKind, sync::Arc};

use camino::{Utf8Path, Utf8PathBuf};

use crate::{
    files::{self, FileError, Root},
    model::{
        answer::Answers,
        catalogue::Catalogue,
        checklist::Checklist,
        owners::Owners,
        project::Project,
        report::InputRole,
        route::{Route, RouteChoice},
        routes::Guide,
        rule::KnownRule,
    },
};
pub use append::{AppendError, NewRecord, append, entries_text};
use diagnostic::{Diagnostic, SourceFile};
pub use jobs::job_api;
pub use lint::{Linted, lint};
pub use loaded::Loaded;
pub use projects::{Projects, projects};
pub use receipt::{ReceiptError, receipt};
pub use transcript::{
    BadTranscript, LARGEST_TRANSCRIPT, transcript, transcript_digest, transcript_schema, transcript_text,
    transcript_to_text,
};

use checklist::ParsedChecklist;
use loader::{Loader, ships};
use shipped::{Merged, Shipped};

pub use crate::model::project::PROJECT_FILE;

/// The name of the file of answers and waivers, beside the project file.
pub const ANSWERS_FILE: &str = "answers.toml";

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file could not be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// Why not.
        source: FileError,
    },
    /// Files were read, but they contain mistakes.
    #[error("{} in {}", count(diagnostics.len()), names(sources, diagnostics))]
    Invalid {
        /// Every mistake.
        diagnostics: Vec<Diagnostic>,
        /// The files they are in.
        sources: Vec<SourceFile>,
    },
    /// A shipped file is damaged; a test in this repository prevents that.
    #[error("the shipped file `{file}` cannot be used: {wrong}")]
    Shipped {
        /// The file.
        file: &'static str,
        /// What is wrong with it.
        wrong: String,
    },
    /// There is no checklist to judge by.
    #[error("no checklist for route `{route}` of provider `{provider}`")]
    NoChecklist {
        /// The route of the project.
        route: Route,
        /// The provider of the project.
        provider: String,
    },
    /// There is more to judge than fits in memory.
    #[error("{what} would make {findings} findings; a run has at most {most}")]
    TooMuch {
        /// The project or the projects, as a reader names them.
        what: String,
        /// How many findings they make.
        findings: usize,
        /// How many there may be.
        most: usize,
    },
    /// A project can't be judged on this route.
    #[error("cannot judge `{path}` by `{route}`: {why}")]
    WrongRoute {
        /// The project file.
        path: Utf8PathBuf,
        /// The route as it was named.
        route: String,
        /// What is wrong with it.
        why: String,
    },
}

impl LoadError {
    /// The user's own files that it is about.
    pub fn files(&self) -> impl Iterator<Item = &Utf8Path> {
        let (read, wrong): (Option<&Utf8PathBuf>, &[SourceFile]) = match self {
            Self::Read { path, .. } | Self::WrongRoute { path, .. } => (Some(path), &[]),
            Self::Invalid { sources, .. } => (None, sources),
            Self::Shipped { .. } | Self::NoChecklist { .. } | Self::TooMuch { .. } => (None, &[]),
        };
        let own = wrong.iter().filter(|source| !source.is_shipped()).map(|source| source.path.as_str());
        read.map(Utf8PathBuf::as_path).into_iter().chain(own.map(Utf8Path::new))
    }
}

fn count(mistakes: usize) -> String {
    if mistakes == 1 { "1 mistake".to_owned() } else { format!("{mistakes} mistakes") }
}

fn names(sources: &[SourceFile], diagnostics: &[Diagnostic]) -> String {
    let mut names: Vec<_> =
        diagnostics.iter().filter_map(|d| sources.get(d.file)).map(|source| source.path.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}

/// The result of searching for the project file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// It is here. It may still be unreadable, but then a project further up isn't used instead.
    Found(Utf8PathBuf),
    /// There is a file here whose name differs only in upper and lower case, and which would be ignored.
    Misnamed(Utf8PathBuf),
    /// There is none.
    Nowhere,
}

/// The project file in this folder or the nearest one above it, not above the root of a git checkout.
#[must_use]
pub fn find_project(start: &Utf8Path) -> Search {
    for folder in start.ancestors() {
        let candidate = folder.join(PROJECT_FILE);
        // A dangling link, a folder, or something unreadable: there is something with this name.
        if !candidate.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            return Search::Found(candidate);
        }
        if let Some(other) = files::in_other_letters(folder, PROJECT_FILE) {
            return Search::Misnamed(other);
        }
        if folder.join(".git").symlink_metadata().is_ok() {
            return Search::Nowhere;
        }
    }
    Search::Nowhere
}

/// Loads a project and everything it is judged by; a relative path starts at `base`. `rules` are the built-in rules
/// that a check may name.
///
/// # Errors
/// [`LoadError`]: all mistakes in all files at once, as long as the files could be read.
pub fn project(base: &Utf8Path, path: &Utf8Path, rules: &[KnownRule]) -> Result<Loaded, LoadError> {
    one(base, path, &Shipped::new(rules), None)
}

/// Loads a project as if it named this route: the same shots, with its owner's names for their models. Also returns
/// what a reader should know about that.
///
/// # Errors
/// As [`project`], and [`LoadError::WrongRoute`].
pub fn project_by(
    base: &Utf8Path,
    path: &Utf8Path,
    choice: &RouteChoice,
    rules: &[KnownRule],
) -> Result<(Loaded, Vec<String>), LoadError> {
    let shipped = Shipped::new(rules);
    let mut loaded = one(base, path, &shipped, Some(choice))?;
    let remarks = as_route::rename(&mut loaded, &shipped)?;
    Ok((loaded, remarks))
}

fn one(
    base: &Utf8Path,
    path: &Utf8Path,
    shipped: &Shipped<'_>,
    choice: Option<&RouteChoice>,
) -> Result<Loaded, LoadError> {
    let mut loader = Loader::new(shipped);
    let owners = loader.owners();
    let guide = loader.guide();
    let mut catalogue = loader.catalogue();
    let file = loader.open_alone(base, path, InputRole::Project)?;
    let project = loader.read_project(file, &guide, &owners);
    let dir = folder_of(path).to_owned();
    let root = Root::checkout(&base.join(&dir));
    let Some(project) = project else { return Err(loader.invalid()) };
    let project = match choice {
        Some(choice) => as_route::of(project, path, choice, (&guide, &owners))?,
        None => project,
    };
    let pages = owners.pages_of(&project.provider);
    for own in &project.catalogues {
        let file = loader.open(&root, own, beside(&dir, own), InputRole::Catalogue)?;
        loader.read_catalogue(file, Arc::make_mut(&mut catalogue), Some(&pages));
    }
    let answers = match dir.join(ANSWERS_FILE) {
        path if base.join(&path).symlink_metadata().is_ok() => {
            let file = loader.open(&root, Utf8Path::new(ANSWERS_FILE), path, InputRole::Answers)?;
            loader.read_answers(file)
        }
        _ => Answers::default(),
    };
    let mut own = Vec::new();
    for own_file in &project.checklists {
        let file = loader.open(&root, own_file, beside(&dir, own_file), InputRole::Checklist)?;
        let part = loader.read_checklist(file);
        let part = part.filter(|part| choice.is_none() || as_route::speaks_of(part, &project));
        own.extend(part.map(|part| part.of(&beside(&dir, own_file))));
    }
    let merged = merged(&mut loader, own, &project, &owners)?;
    if !loader.is_clean() {
        return Err(loader.invalid());
    }
    let Some(Merged { checklist, inputs }) = merged else { return Err(loader.invalid()) };
    extent::one(path, &project, &checklist)?;
    let inputs = loader.digests(inputs);
    Ok(Loaded { project, file: path.to_owned(), dir, checklist, catalogue, answers, owners, inputs })
}

/// The checklist of a project: its own files with everything they extend, and what is shipped for its route.
fn merged(
    loader: &mut Loader<'_>,
    own: Vec<ParsedChecklist>,
    project: &Project,
    owners: &Owners,
) -> Result<Option<Merged>, LoadError> {
    let (route, provider) = (project.route, project.provider.as_str());
    let known = if own.is_empty() { loader.shipped().merged(route, provider) } else { None };
    if known.is_some() {
        return Ok(known);
    }
    let shared = own.is_empty();
    let pack = builtin::pack(provider).filter(|_| route == Route::Wrapper);
    let wanted = [route.word()].into_iter().filter(|id| ships(id)).chain(pack);
    let wanted: Vec<String> =
        wanted.map(str::to_owned).chain(own.iter().map(|part| part.id.to_string())).collect();
    if wanted.is_empty() && loader.is_clean() {
        return Err(LoadError::NoChecklist { route, provider: provider.to_owned() });
    }
    let before = loader.inputs();
    let remarks = topics::remarks(&own, loader.shipped());
    let Some(mut checklist) = loader.merge(own, &wanted, Some(route), owners) else { return Ok(None) };
    checklist.remarks = remarks;
    let inputs = loader.take_inputs(before);
    question::settle(&mut checklist, owners, provider);
    let merged = Merged { checklist: Arc::new(checklist), inputs };
    if shared && loader.is_clean() {
        loader.shipped().keep_merged(route, provider, merged.clone());
    }
    Ok(Some(merged))
}

/// Whether this provider's own free calls are known, because a pack is shipped for it.
#[must_use]
pub fn has_pack(provider: &str) -> bool {
    builtin::pack(provider).is_some()
}

/// The providers for which a pack is shipped.
pub fn providers() -> impl Iterator<Item = &'static str> {
    builtin::providers()
}

/// The id of the provider that a person means: `Fal` and `fal.ai` are `fal`.
///
/// # Errors
/// Why this route can't have a provider of this name.
pub fn provider(route: Route, named: &str, guide: &Guide) -> Result<String, String> {
    let owners = owners();
    let named = owners.spelt_otherwise(named).unwrap_or(named).to_owned();
    as_route::provider(&RouteChoice { route, provider: Some(named) }, guide, &owners)
}

/// The shipped pack of a provider with everything it extends; `None` when none is shipped.
///
/// # Errors
/// [`LoadError::Invalid`] when a shipped file is wrong.
pub fn pack(provider: &str, rules: &[KnownRule]) -> Result<Option<Checklist>, LoadError> {
    builtin::pack(provider).map_or(Ok(None), |id| shipped(id, rules))
}

/// The folder of a file.
fn folder_of(path: &Utf8Path) -> &Utf8Path {
    path.parent().filter(|dir| !dir.as_str().is_empty()).unwrap_or(Utf8Path::new("."))
}

/// A path from the project file, as written from the current folder.
fn beside(dir: &Utf8Path, path: &Utf8Path) -> Utf8PathBuf {
    if dir == "." { path.to_owned() } else { dir.join(path) }
}

/// The shipped checklist of this id with everything it extends; `None` when none is shipped.
///
/// # Errors
/// [`LoadError::Invalid`] when a shipped file is wrong.
pub fn shipped(id: &str, rules: &[KnownRule]) -> Result<Option<Checklist>, LoadError> {
    merged_from_shipped(id, &Shipped::new(rules))
}

fn merged_from_shipped(id: &str, shipped: &Shipped<'_>) -> Result<Option<Checklist>, LoadError> {
    let mut loader = Loader::new(shipped);
    if !ships(id) {
        return Ok(None);
    }
    let owners = loader.owners();
    let checklist = loader.merge(Vec::new(), &[id.to_owned()], None, &owners);
    if loader.is_clean() { Ok(checklist) } else { Err(loader.invalid()) }
}

/// The ids of the shipped checklists that belong to a route, in the order of their files.
///
/// # Errors
/// [`LoadError::Invalid`] when a shipped file is wrong.
pub fn shipped_routes(rules: &[KnownRule]) -> Result<Vec<Checklist>, LoadError> {
    let (mut all, once) = (Vec::new(), Shipped::new(rules));
    for builtin in builtin::checklists() {
        all.extend(merged_from_shipped(builtin.id, &once)?.filter(|checklist| checklist.route.is_some()));
    }
    Ok(all)
}

/// All known owners: their hosts, keys and free calls.
#[must_use]
pub fn owners() -> Arc<Owners> {
    let shipped = Shipped::new(&[]);
    let owners = Loader::new(&shipped).owners();
    shipped.keep_owners();
    owners
}

/// The shipped facts about models.
///
/// # Errors
/// [`LoadError::Invalid`] when the shipped file is wrong.
pub fn catalogue() -> Result<Arc<Catalogue>, LoadError> {
    let shipped = Shipped::new(&[]);
    let mut loader = Loader::new(&shipped);
    let catalogue = loader.catalogue();
    if loader.is_clean() { Ok(catalogue) } else { Err(loader.invalid()) }
}

/// The environment variables that hold the keys of all known owners.
#[must_use]
pub fn key_variables() -> Vec<String> {
    owners().list.iter().flat_map(|owner| &owner.keys).map(|key| key.env.clone()).collect()
}

/// Texts of the product itself, in which there are no keys: its files, and the field names of a receipt.
pub fn own_words() -> impl Iterator<Item = &'static str> {
    let files = [builtin::CATALOGUE, builtin::OWNERS, builtin::ROUTES];
    let files = files.into_iter().chain(builtin::checklists()).map(|builtin| builtin.text);
    files.chain([include_str!("../../schema/receipt.schema.json")])
}

/// The guide behind `init`.
///
/// # Errors
/// [`LoadError::Invalid`] when the shipped file is wrong.
pub fn guide() -> Result<Arc<Guide>, LoadError> {
    let shipped = Shipped::new(&[]);
    let mut loader = Loader::new(&shipped);
    let guide = loader.guide();
    if loader.is_clean() { Ok(guide) } else { Err(loader.invalid()) }
}
