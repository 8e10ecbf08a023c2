//! Verifies a route to Grok/xAI video generation before any credit is spent.
//!
//! Data goes one way:
//!
//! ```text
//! load ──► observe ──► judge ──► render
//!            model: the words all of them speak in
//! ```
//!
//! `judge` and `render` are pure; `load` is the only reader of TOML; `observe` is the only room that touches the
//! outside to check, and can only make calls that are known to be free. `files` is the one door to files for all rooms,
//! so that no pipe, device or link planted by a stranger can block a run, be shown or be overwritten.

pub mod bug;
pub mod cli;
pub mod commands;
pub mod env;
pub mod error;
pub mod exit;
pub(crate) mod files;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod judge;
pub(crate) mod layout;
pub mod load;
pub mod model;
pub mod observe;
pub mod preflight;
pub mod render;
pub mod secrets;
pub mod signals;
pub mod spend;
pub mod standin;
pub mod ui;

use std::ffi::OsString;

use chrono::{DateTime, Utc};

use cli::Cli;
use commands::{
    context::{self, Context},
    failure,
};
use error::Error;
use exit::Exit;
use ui::{Printer, Terminal};

/// Runs the program: reads the command line, runs the verb, prints what went wrong.
pub fn run(args: impl IntoIterator<Item = OsString>, started: DateTime<Utc>) -> Exit {
    let args: Vec<_> = args.into_iter().collect();
    let read = Cli::read(args.iter().cloned(), &env::process);
    let (color, quiet) = match &read {
        Ok(cli) => (cli.color, cli.quiet),
        Err(_) => (Cli::colour_of(args), false),
    };
    let terminal = Terminal::here();
    let mut printer = Printer::new(&terminal, color, quiet, &env::process);
    printer.hide(context::hiding(context::keys(&env::process)));
    let cli = match read {
        Ok(cli) => cli,
        Err(error) => return tell(&mut printer, &error),
    };
    let dir = match env::working_dir() {
        Ok(dir) => dir,
        Err(source) => {
            let error = Error::System { what: "cannot tell the working folder".to_owned(), source };
            return failure::tell(&mut printer, &error);
        }
    };
    let mut context = Context {
        printer,
        terminal,
        quiet: cli.quiet,
        started,
        env: &env::process,
        dir,
        command: cli::command,
    };
    cli.verb.run(&mut context).unwrap_or_else(|error| failure::tell(&mut context.printer, &error))
}

/// clap reports help and version in the same way as a mistake.
fn tell(printer: &mut Printer, error: &clap::Error) -> Exit {
    let text = error.render().ansi().to_string();
    if error.use_stderr() {
        // When standard error is gone too, there is nowhere to report it.
        drop(printer.warn(&text));
        return Exit::Invalid;
    }
    match printer.print(&text) {
        Ok(()) => Exit::Go,
        Err(source) => failure::tell(
            printer,
            &Error::System { what: "cannot write to standard output".to_owned(), source },
        ),
    }
}
