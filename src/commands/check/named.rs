//! Which projects a run is about: files, folders and patterns.

use std::{
    collections::HashSet,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use camino::Utf8PathBuf;
use glob::{MatchOptions, Pattern};
use walkdir::WalkDir;

use crate::{commands::context::Context, error::Error};

/// At most this many files and folders are looked through for a pattern.
const MOST: usize = 200_000;

/// The project files in the order in which they were named. The matches of a pattern are sorted by name, and each file
/// comes once.
///
/// # Errors
/// [`Error`] when a pattern finds nothing or cannot be read.
pub(in crate::commands) fn files(names: &[String], context: &Context<'_>) -> Result<Vec<Utf8PathBuf>, Error> {
    let (mut files, mut seen) = (Vec::new(), HashSet::new());
    for name in names {
        for path in matching(name, context)? {
            let file = context.project(Some(&path))?;
            if seen.insert(real(&file, context).unwrap_or_else(|| file.clone())) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

/// Whether a name may match several files.
pub(super) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// The files a name stands for: the file of exactly this name, or else all that match it as a pattern.
fn matching(name: &str, context: &Context<'_>) -> Result<Vec<Utf8PathBuf>, Error> {
    if !is_pattern(name) || context.dir.join(name).exists() {
        return Ok(vec![name.into()]);
    }
    let wrong = |why: String| Error::BadValue { what: format!("the pattern `{name}`"), why };
    let here = format!("{}/", Pattern::escape(context.dir.as_str()));
    let whole = if Utf8PathBuf::from(name).is_absolute() { name.to_owned() } else { format!("{here}{name}") };
    let mut paths = Vec::new();
    for path in found(&whole).map_err(wrong)? {
        let path = Utf8PathBuf::from_path_buf(path)
            .map_err(|path| wrong(format!("it finds `{}`, but its name is not UTF-8", path.display())))?;
        paths.push(path.strip_prefix(&context.dir).map(Into::into).unwrap_or(path));
    }
    if paths.is_empty() { Err(wrong("it matches no file".to_owned())) } else { Ok(paths) }
}

/// The matches of a pattern, sorted by name.
fn found(pattern: &str) -> Result<Vec<PathBuf>, String> {
    let Some((above, _)) = pattern.split_once("**") else {
        let all = glob::glob(pattern).map_err(|error| error.to_string())?;
        return all.map(|path| path.map_err(|error| error.to_string())).collect();
    };
    let wanted = Pattern::new(pattern).map_err(|error| error.to_string())?;
    let plain = above.split_once(['*', '?', '[']).map_or(above, |(plain, _)| plain);
    let top = plain.rsplit_once('/').map_or("/", |(top, _)| if top.is_empty() { "/" } else { top });
    if Path::new(top).symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(Vec::new());
    }
    let options = MatchOptions { require_literal_separator: true, ..MatchOptions::default() };
    let mut paths = Vec::new();
    // Links are not followed: they may lead in circles, or outside.
    for (at, entry) in WalkDir::new(top).min_depth(1).into_iter().enumerate() {
        if at >= MOST {
            return Err(format!(
                "more than {MOST} files and folders lie below `{top}`; name a folder further down"
            ));
        }
        let entry = entry.map_err(|error| error.to_string())?;
        if wanted.matches_with(&entry.path().to_string_lossy(), options) {
            paths.push(entry.into_path());
        }
    }
    paths.sort();
    Ok(paths)
}

/// Whether two names lead to the same file; a file that does not exist is reported when it is read.
pub(in crate::commands) fn same(one: &Utf8PathBuf, other: &Utf8PathBuf, context: &Context<'_>) -> bool {
    one == other || real(one, context).is_some_and(|one| Some(one) == real(other, context))
}

/// Where a name leads, if something is there.
fn real(path: &Utf8PathBuf, context: &Context<'_>) -> Option<Utf8PathBuf> {
    context.dir.join(path).canonicalize_utf8().ok()
}
