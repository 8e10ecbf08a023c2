//! `greenlight completions`: what a shell needs to complete verbs, flags and their words.

use clap::{ValueEnum, builder::PossibleValue};
use clap_complete::{Generator, Shell};
use clap_complete_nushell::Nushell;

use super::context::Context;
use crate::{error::Error, exit::Exit};

/// Generate shell completions
///
/// Save them where your shell looks, and again after an update:
///
///   bash  ~/.local/share/bash-completion/completions/greenlight
///   zsh   _greenlight, in a folder of your fpath
///   fish  ~/.config/fish/completions/greenlight.fish
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Known,
}

/// A shell whose completions can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// One of those that `clap_complete` knows.
    Usual(Shell),
    /// Nushell.
    Nushell,
}

impl ValueEnum for Known {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Usual(Shell::Bash),
            Self::Usual(Shell::Zsh),
            Self::Usual(Shell::Fish),
            Self::Usual(Shell::PowerShell),
            Self::Usual(Shell::Elvish),
            Self::Nushell,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Usual(shell) => shell.to_possible_value(),
            Self::Nushell => Some(PossibleValue::new("nushell")),
        }
    }
}

/// Prints the script.
///
/// # Errors
/// [`Error::System`] when it cannot be written.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let script = match args.shell {
        Known::Usual(shell) => script(shell, context),
        Known::Nushell => script(Nushell, context),
    };
    context.say(&script)?;
    Ok(Exit::Go)
}

fn script(shell: impl Generator, context: &Context<'_>) -> String {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut (context.command)(), "greenlight", &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
