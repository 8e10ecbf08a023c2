//! `greenlight lint`: finds mistakes in projects, checklists and catalogues, without a call.

use std::fmt::Write as _;

use camino::Utf8PathBuf;

use super::context::Context;
use crate::{
    error::Error,
    exit::Exit,
    judge, load,
    model::{report::InputRole, text::printable},
};

/// Look for mistakes in projects, checklists and catalogues
///
/// Shows every mistake of every file at once and exits with 2 when there is one. A project is read
/// together with the checklists and catalogues it names. Makes no call and needs no key.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files or project folders [default: greenlight.toml here or above]
    #[arg(value_name = "FILE")]
    files: Vec<Utf8PathBuf>,
}

/// A folder stands for the project file in it, as for the other verbs.
fn named(args: &Args, context: &Context<'_>) -> Result<Vec<Utf8PathBuf>, Error> {
    args.files.iter().map(|file| context.project(Some(file))).collect()
}

/// Lints the files.
///
/// # Errors
/// [`Error::Load`] with every mistake.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let rules = judge::rules::known();
    let files = if args.files.is_empty() { vec![context.project(None)?] } else { named(args, context)? };
    let (seen, mut remarks) = load::lint(&context.dir, &files, &rules)?;
    let mut text = String::new();
    for (path, role) in seen {
        if role == InputRole::Project {
            remarks.extend(load::project(&context.dir, &path, &rules)?.checklist.remarks.iter().cloned());
        }
        let _ = writeln!(text, "ok  {} ({})", printable(path.as_str()), role.words());
    }
    context.say(&text)?;
    remarks.sort_unstable();
    remarks.dedup();
    for remark in remarks {
        context.note(&format!("note: {remark}\n"));
    }
    Ok(Exit::Go)
}
