//! What an output must not replace: the files that a run reads, under any name, and those that hold a key.

use camino::Utf8PathBuf;

use super::context::Context;
use crate::{
    error::Error,
    files::Place,
    load::{self, Loaded},
};

/// The files of a project, each with what it is.
pub(super) fn files_of(loaded: &Loaded) -> impl Iterator<Item = (String, Utf8PathBuf)> {
    loaded.files().map(|(role, path)| (format!("the {} `{path}`", role.words()), path))
}

/// Refuses an output that leads to one of these inputs, or to the file of a key.
///
/// # Errors
/// [`Error::BadValue`] with both.
pub(super) fn refuse(
    outputs: &[(String, Place)],
    inputs: impl Iterator<Item = (String, Utf8PathBuf)>,
    context: &Context<'_>,
) -> Result<(), Error> {
    // The path is not repeated: people put the key itself there.
    let keys = load::key_variables().into_iter().filter_map(|name| {
        Some((format!("the file that {name}_FILE names"), (context.env)(&format!("{name}_FILE"))?.into()))
    });
    for (input, path) in inputs.chain(keys) {
        let input_place = Place::of(&context.dir.join(path));
        if let Some((what, _)) = outputs.iter().find(|(_, place)| place.is(&input_place)) {
            let why = format!("it would overwrite {input}; name another file");
            return Err(Error::BadValue { what: what.clone(), why });
        }
    }
    Ok(())
}
