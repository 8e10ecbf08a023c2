//! `greenlight man`: manual pages, generated from the command line definition.

use std::fmt::Write as _;

use camino::Utf8PathBuf;
use clap::Command;
use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};

use super::{
    context::Context,
    examples::{self, Example},
    variables,
};
use crate::{error::Error, exit::Exit, files, model::text::printable};

/// Print a manual page
///
/// Read it with `greenlight man check | man -l -`, or write all pages into a folder where man looks:
///
///   greenlight man --dir ~/.local/share/man/man1
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The verb; without it, the page of greenlight itself
    #[arg(value_name = "VERB")]
    verb: Option<String>,

    /// Write all pages into this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "verb")]
    dir: Option<Utf8PathBuf>,
}

/// Prints a page, or writes all of them.
///
/// # Errors
/// [`Error`] when there is no such verb or something cannot be written.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let mut command = (context.command)();
    command.build();
    let text = match (&args.dir, &args.verb) {
        (Some(folder), _) => {
            let failed =
                |source| Error::File { what: format!("cannot write manual pages to `{folder}`"), source };
            let mut told = String::new();
            for command in std::iter::once(&command).chain(command.get_subcommands()) {
                let path = folder.join(format!("{}.1", name(command)));
                let place = files::output(&context.dir, &path).map_err(failed)?;
                files::write_new(&place, &page(command)).map_err(failed)?;
                let _ = writeln!(told, "wrote {}", printable(path.as_str()));
            }
            told
        }
        (None, Some(verb)) => {
            let found = command.find_subcommand(verb);
            page(found.ok_or_else(|| Error::BadValue {
                what: format!("`{verb}`"),
                why: "unknown verb; `greenlight --help` lists them".to_owned(),
            })?)
        }
        (None, None) => page(&command),
    };
    context.say(&text)?;
    Ok(Exit::Go)
}

/// The name of a page: `greenlight-VERB` for a verb.
fn name(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

fn page(command: &Command) -> String {
    let source = concat!("greenlight ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).title(name(command)).source(source).manual("greenlight manual");
    let mut bytes = Vec::new();
    let sections = [
        Man::render_title,
        Man::render_name_section,
        Man::render_synopsis_section,
        Man::render_description_section,
        Man::render_options_section,
    ];
    // Writing to memory can't fail.
    for section in sections {
        drop(section(&man, &mut bytes));
    }
    if command.has_subcommands() {
        drop(man.render_subcommands_section(&mut bytes));
    }
    let mut rest = Roff::new();
    environment(command, &mut rest);
    exit_codes(&mut rest);
    typed_like(command, &mut rest);
    drop(rest.to_writer(&mut bytes));
    once_at_the_top(&String::from_utf8_lossy(&bytes))
}

/// Every section repeats the definition of the apostrophe; a page needs it once.
fn once_at_the_top(page: &str) -> String {
    let (head, body): (Vec<_>, Vec<_>) =
        page.split_inclusive('\n').partition(|line| line.starts_with(".ie ") || line.starts_with(".el "));
    head.into_iter().take(2).chain(body).collect()
}

fn typed_like(command: &Command, page: &mut Roff) {
    let examples = examples::of(command.get_name());
    if !examples.is_empty() {
        page.control("SH", ["EXAMPLES"]);
    }
    for Example { does, line } in examples {
        page.control("TP", []);
        page.text([roman(*does)]);
        // A page is filled to the width of its reader.
        page.text([bold(line.replace(" \\\n   ", ""))]);
    }
}

fn environment(command: &Command, page: &mut Roff) {
    page.control("SH", ["ENVIRONMENT"]);
    page.text([roman(
        "A flag comes first, then its variable, then the project file; for --fail-on the strictest counts. An empty \
         variable is ignored. No other flag can be set by a variable.",
    )]);
    for (name, arg) in variables(command) {
        let Some(long) = arg.get_long() else { continue };
        page.control("TP", []);
        page.text([bold(name)]);
        page.text([roman("as "), bold(format!("--{long}"))]);
    }
}

fn exit_codes(page: &mut Roff) {
    page.control("SH", ["EXIT STATUS"]);
    for exit in Exit::ALL {
        page.control("TP", []);
        page.text([bold(exit.code().to_string())]);
        page.text([roman(exit.meaning())]);
    }
}
