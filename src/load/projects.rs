//! Several projects: shipped files are read once for all of them.

use camino::{Utf8Path, Utf8PathBuf};

use super::{
    LoadError, Loaded,
    diagnostic::{Diagnostic, SourceFile},
    extent, one,
    shipped::Shipped,
    sink::MOST_MISTAKES,
};
use crate::model::rule::KnownRule;

/// Loads projects one by one.
pub struct Projects<'r>(Shipped<'r>);

impl<'r> Projects<'r> {
    /// `rules` are the built-in rules that a check may name.
    #[must_use]
    pub fn new(rules: &'r [KnownRule]) -> Self {
        Self(Shipped::new(rules))
    }

    /// Loads one of them; a relative path starts at `base`.
    ///
    /// # Errors
    /// As [`project`](super::project).
    pub fn load(&self, base: &Utf8Path, path: &Utf8Path) -> Result<Loaded, LoadError> {
        one(base, path, &self.0, None)
    }
}

/// Loads several projects; relative paths start at `base`.
///
/// # Errors
/// [`LoadError`]: all mistakes in all projects at once, as long as the files could be read.
pub fn projects(
    base: &Utf8Path,
    paths: &[Utf8PathBuf],
    rules: &[KnownRule],
) -> Result<Vec<Loaded>, LoadError> {
    let (mut all, mut mistakes, mut files) = (Vec::new(), Vec::new(), Vec::new());
    let shared = Projects::new(rules);
    for path in paths {
        match shared.load(base, path) {
            Ok(loaded) => all.push(loaded),
            Err(LoadError::Invalid { diagnostics, sources }) => {
                // Projects may share a checklist, whose mistakes are reported once.
                let places: Vec<usize> =
                    sources.into_iter().map(|source| place(&mut files, source)).collect();
                for one in diagnostics {
                    let file = places.get(one.file).copied().unwrap_or_default();
                    let one = Diagnostic { file, ..one };
                    if mistakes.len() < MOST_MISTAKES && !mistakes.contains(&one) {
                        mistakes.push(one);
                    }
                }
            }
            Err(other) => return Err(other),
        }
    }
    if mistakes.is_empty() {
        extent::all(&all)?;
        Ok(all)
    } else {
        Err(LoadError::Invalid { diagnostics: mistakes, sources: files })
    }
}

/// The index of a file among these; a new file is added at the end.
fn place(files: &mut Vec<SourceFile>, file: SourceFile) -> usize {
    files.iter().position(|known| *known == file).unwrap_or_else(|| {
        files.push(file);
        files.len() - 1
    })
}
