//! A project from the files at hand: loaded, with its local files looked at, and no call made.

use camino::Utf8Path;
use sha2::{Digest as _, Sha256};

use super::{at_hand, context::Context};
use crate::{
    error::Error,
    judge,
    load::{LoadError, Loaded, Projects},
    model::{
        report::{InputRole, Report},
        text::{counted, hex, printable, shell_word},
    },
    preflight::Observed,
};

/// A project with what its local files show.
pub(super) struct Hand {
    loaded: Loaded,
    observed: Observed,
}

/// Whether everything needed is at hand.
pub(super) enum Found {
    /// All of it.
    Hand(Box<Hand>),
    /// A file that is needed can't be read.
    Gone(LoadError),
    /// A file that was valid when it was checked has changed since, and is invalid now.
    Wrong {
        /// Which file, and what is wrong with it.
        seen: String,
        /// What to do.
        fix: String,
    },
}

impl Hand {
    /// Loads the project and looks at its files. `known` is what a receipt says about it, when that is clear.
    ///
    /// # Errors
    /// [`Error`] when its files are invalid, and have not changed since the receipt was made.
    pub(super) fn load(
        context: &Context<'_>,
        (projects, path): (&Projects<'_>, &Utf8Path),
        known: Option<&Report>,
    ) -> Result<Found, Error> {
        let loaded = match projects.load(&context.dir, path) {
            Ok(loaded) => loaded,
            Err(error @ LoadError::Read { .. }) => return Ok(Found::Gone(error)),
            Err(error) => return changed(&error, path, known).ok_or_else(|| error.into()),
        };
        let mut observed = at_hand::looked_at(context, &loaded)?;
        // What is known about this machine says nothing about the one that checked.
        observed.observations.keys.clear();
        observed.observations.base = None;
        observed.observations.output = None;
        Ok(Found::Hand(Box::new(Self { loaded, observed })))
    }

    /// Everything needed to judge it, at the time of this run.
    pub(super) fn case(&self) -> judge::Case<'_> {
        self.observed.case(&self.loaded)
    }
}

/// Why it can't be read, in one line.
pub(super) fn told(error: &LoadError) -> String {
    match error {
        LoadError::Read { path, source } => format!("`{path}` cannot be read: {source}"),
        other => other.to_string(),
    }
}

/// Which of the invalid files has changed since the receipt was made.
fn changed(error: &LoadError, path: &Utf8Path, known: Option<&Report>) -> Option<Found> {
    let LoadError::Invalid { diagnostics, sources } = error else { return None };
    let known = known?;
    let is_new = |name: &str, text: &str| {
        let sha256 = hex(&Sha256::digest(text));
        let same =
            |role: InputRole, listed: &str| listed == name || role == InputRole::Project && name == path;
        !known
            .inputs
            .iter()
            .any(|input| same(input.role, &input.path) && input.sha256.as_deref() == Some(sha256.as_str()))
    };
    let wrong = diagnostics.iter().filter_map(|one| sources.get(one.file));
    let source = wrong.into_iter().find(|source| is_new(&source.path, &source.text))?;
    let mistakes = diagnostics.iter().filter(|one| sources.get(one.file) == Some(source)).count();
    let file = if source.path == path.as_str() {
        path.to_owned()
    } else {
        path.parent().unwrap_or(Utf8Path::new("")).join(&source.path)
    };
    Some(Found::Wrong {
        seen: format!("{file} changed and has {}", counted(mistakes, "mistake")),
        fix: format!("`greenlight lint {}` shows them", printable(&shell_word(file.as_str()))),
    })
}
