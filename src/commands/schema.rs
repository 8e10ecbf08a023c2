//! `greenlight schema`: what each kind of file may contain, for editors and other programs.

use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use clap::ValueEnum;

use super::context::Context;
use crate::{
    error::Error,
    exit::Exit,
    files, judge,
    load::{self, schema::FileKind},
    model::text::printable,
    render,
};

/// Print the JSON Schema of a kind of file
///
/// With it an editor completes keys, explains them and marks mistakes while you type. Keep it beside
/// your files and name it on their first line:
///
///   greenlight schema --all schema
///   #:schema schema/project.schema.json
///
/// The schemas are those of this version; write them again after an update.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The kind of file
    #[arg(value_name = "KIND", value_enum, default_value_t)]
    kind: Kind,

    /// Write the schemas of all kinds into this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "kind")]
    all: Option<Utf8PathBuf>,
}

/// A kind of file with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Kind {
    /// What is to be made: greenlight.toml.
    #[default]
    Project,
    /// Checks of your own.
    Checklist,
    /// Recorded answers and waivers: answers.toml.
    Answers,
    /// Prices and limits of your own.
    Catalogue,
    /// What `check --format json` prints.
    Receipt,
    /// What `check --record` keeps.
    Transcript,
    /// What `compare --format json` prints.
    Comparison,
}

impl Kind {
    /// The name of the schema's file.
    fn file(self) -> &'static str {
        match self {
            Self::Project => "project.schema.json",
            Self::Checklist => "checklist.schema.json",
            Self::Answers => "answers.schema.json",
            Self::Catalogue => "catalogue.schema.json",
            Self::Receipt => "receipt.schema.json",
            Self::Transcript => "transcript.schema.json",
            Self::Comparison => "comparison.schema.json",
        }
    }

    /// The schema, with a final line break.
    fn text(self) -> String {
        let kind = match self {
            Self::Project => FileKind::Project,
            Self::Checklist => FileKind::Checklist,
            Self::Answers => FileKind::Answers,
            Self::Catalogue => FileKind::Catalogue,
            Self::Receipt => return render::json::schema(),
            Self::Transcript => return load::transcript_schema(),
            Self::Comparison => return render::compare::schema(),
        };
        format!("{:#}\n", load::schema::schema(kind, &judge::rules::known()))
    }
}

/// Prints a schema, or writes all of them.
///
/// # Errors
/// [`Error::File`] when something cannot be written.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let text = match &args.all {
        None => args.kind.text(),
        Some(folder) => all(&context.dir, folder)?,
    };
    context.say(&text)?;
    Ok(Exit::Go)
}

fn all(dir: &Utf8Path, folder: &Utf8Path) -> Result<String, Error> {
    let failed = |source| Error::File { what: format!("cannot write schemas to `{folder}`"), source };
    files::make_folder(&files::output(dir, folder).map_err(failed)?).map_err(failed)?;
    let mut text = String::new();
    for kind in Kind::value_variants() {
        let path = folder.join(kind.file());
        let place = files::output(dir, &path).map_err(failed)?;
        files::write_new(&place, &kind.text()).map_err(failed)?;
        let _ = writeln!(text, "wrote {}", printable(path.as_str()));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a switch for developers")]
    fn the_committed_schemas_are_fresh() {
        for kind in Kind::value_variants() {
            let path = format!("{}/schema/{}", env!("CARGO_MANIFEST_DIR"), kind.file());
            if std::env::var_os("GREENLIGHT_UPDATE").is_some() {
                fs_err::write(&path, kind.text()).unwrap();
            }
            assert!(
                fs_err::read_to_string(&path).unwrap_or_default() == kind.text(),
                "{path} is stale: run `GREENLIGHT_UPDATE=1 cargo test --lib committed_schema`"
            );
        }
    }
}
