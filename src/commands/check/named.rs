//! Which projects a run is about: files, folders and patterns.

use camino::Utf8PathBuf;

use crate::{commands::context::Context, error::Error};

/// The project files in the order in which they were named; files that a pattern finds in the order of their
/// names, each file once.
///
/// # Errors
/// [`Error`] when a pattern finds nothing or cannot be read.
pub(in crate::commands) fn files(names: &[String], context: &Context<'_>) -> Result<Vec<Utf8PathBuf>, Error> {
    let mut files: Vec<Utf8PathBuf> = Vec::new();
    for name in names {
        for path in matching(name, context)? {
            let file = context.project(Some(&path))?;
            if !files.iter().any(|earlier| same(earlier, &file, context)) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

/// Whether a name may stand for several files.
pub(super) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// What a name stands for: a file of exactly this name, or else all that match it as a pattern.
fn matching(name: &str, context: &Context<'_>) -> Result<Vec<Utf8PathBuf>, Error> {
    if !is_pattern(name) || context.dir.join(name).exists() {
        return Ok(vec![name.into()]);
    }
    let wrong = |why: String| Error::BadValue { what: format!("the pattern `{name}`"), why };
    let here = format!("{}/", glob::Pattern::escape(context.dir.as_str()));
    let whole = if Utf8PathBuf::from(name).is_absolute() { name.to_owned() } else { format!("{here}{name}") };
    let found = glob::glob(&whole).map_err(|error| wrong(error.to_string()))?;
    let mut paths = Vec::new();
    for path in found {
        let path = path.map_err(|error| wrong(error.to_string()))?;
        let path = Utf8PathBuf::from_path_buf(path)
            .map_err(|path| wrong(format!("it finds `{}`, whose name is not UTF-8", path.display())))?;
        paths.push(path.strip_prefix(&context.dir).map(Into::into).unwrap_or(path));
    }
    if paths.is_empty() { Err(wrong("it matches no file".to_owned())) } else { Ok(paths) }
}

/// Whether two names lead to one file; a file that is not there is told of when it is read.
pub(in crate::commands) fn same(one: &Utf8PathBuf, other: &Utf8PathBuf, context: &Context<'_>) -> bool {
    let real = |path: &Utf8PathBuf| context.dir.join(path).canonicalize_utf8().ok();
    one == other || real(one).is_some_and(|one| Some(one) == real(other))
}
