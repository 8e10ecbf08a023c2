//! `greenlight completions`: what a shell needs to complete verbs, flags, check ids, scenarios and files.

use std::fmt::Write as _;

use clap::{
    Arg, Command, ValueEnum, ValueHint,
    builder::{PossibleValue, PossibleValuesParser},
};
use clap_complete::{Generator, Shell};
use clap_complete_nushell::Nushell;

use super::context::Context;
use crate::{
    error::Error,
    exit::Exit,
    judge, load,
    model::route::Row,
    preflight::{HEALTHY, PreflightError},
    standin,
};

/// Generate shell completions
///
/// Save them where your shell looks, and again after an update:
///
///   bash  ~/.local/share/bash-completion/completions/greenlight
///   zsh   _greenlight, in a folder of your fpath
///   fish  ~/.config/fish/completions/greenlight.fish
///
/// In bash, zsh, fish and nushell they complete the shipped checks, scenarios, plays and providers, too.
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
    /// One of those that `clap_complete` supports.
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
    let command = Words::shipped()?.known_to((context.command)());
    let script = match args.shell {
        Known::Usual(Shell::Fish) => script(Shell::Fish, command.clone()) + &arguments_in_fish(&command),
        Known::Usual(shell) => script(shell, command),
        Known::Nushell => script(Nushell, command),
    };
    context.say(&script)?;
    Ok(Exit::Go)
}

fn script(shell: impl Generator, mut command: Command) -> String {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut command, "greenlight", &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What `clap_complete` leaves out for fish: positional words, such as the check of `explain`.
fn arguments_in_fish(command: &Command) -> String {
    let mut text = String::new();
    for verb in command.get_subcommands() {
        for value in verb.get_positionals().flat_map(Arg::get_possible_values) {
            let help = value.get_help().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(
                text,
                "complete -c greenlight -n \"__fish_greenlight_using_subcommand {}\" -f -a {} -d {}",
                verb.get_name(),
                in_fish(value.get_name()),
                in_fish(&help)
            );
        }
    }
    text
}

/// A word quoted for fish, where only these two characters are special between single quotes.
fn in_fish(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

/// The words that this version ships, by the value name that help shows for them.
struct Words {
    checks: Vec<PossibleValue>,
    scenarios: Vec<PossibleValue>,
    plays: Vec<PossibleValue>,
    providers: Vec<PossibleValue>,
}

impl Words {
    fn shipped() -> Result<Self, Error> {
        let damaged = |error: standin::ScriptError| PreflightError::StandIn(error.into());
        let mut words = Self {
            checks: Vec::new(),
            scenarios: vec![PossibleValue::new(HEALTHY).help("Nothing is wrong")],
            plays: Vec::new(),
            providers: Vec::new(),
        };
        for list in load::shipped_routes(&judge::rules::known())? {
            add(
                &mut words.checks,
                list.own_checks().map(|check| (check.id.to_string(), check.title.to_string())),
            );
        }
        for provider in standin::providers() {
            let scenarios = standin::scenarios(provider).map_err(damaged)?;
            add(&mut words.scenarios, scenarios.into_iter().map(|scenario| (scenario.id, scenario.title)));
            let plays = standin::plays(provider).map_err(damaged)?;
            add(&mut words.plays, plays.into_iter().map(|play| (play.id, play.title)));
            words.providers.push(PossibleValue::new(provider));
        }
        Ok(words)
    }

    /// The command, with these words as possible values of the arguments, by the name of their value.
    fn known_to(&self, command: Command) -> Command {
        let verbs: Vec<_> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
        let verbs: Vec<_> = verbs.into_iter().map(PossibleValue::new).collect();
        command.mut_subcommands(|verb| {
            let verb = verb.mut_subcommands(|below| below.mut_args(|arg| self.taken_by(arg, &verbs)));
            verb.mut_args(|arg| self.taken_by(arg, &verbs))
        })
    }

    fn taken_by(&self, arg: Arg, verbs: &[PossibleValue]) -> Arg {
        let name = arg.get_value_names().and_then(<[_]>::first).map(ToString::to_string).unwrap_or_default();
        let rows = || Row::ALL.iter().map(|row| PossibleValue::new(row.word()).help(row.heading()));
        let words = match name.as_str() {
            "CHECK" => self.checks.clone(),
            "ROW|CHECK" => rows().chain(self.checks.iter().cloned()).collect(),
            "SCENARIO" => self.scenarios.clone(),
            "PLAY" => self.plays.clone(),
            "PROVIDER" => self.providers.clone(),
            "VERB" => verbs.to_vec(),
            "FILE" | "PROJECT" | "RECEIPT" | "OLD" | "NEW" | "COLUMN" => {
                return arg.value_hint(ValueHint::FilePath);
            }
            "DIR" => return arg.value_hint(ValueHint::DirPath),
            _ => return arg,
        };
        arg.value_parser(PossibleValuesParser::new(words))
    }
}

/// Adds the words that aren't in the list yet: providers share scenarios.
fn add(words: &mut Vec<PossibleValue>, more: impl Iterator<Item = (String, String)>) {
    for (name, help) in more {
        if !words.iter().any(|word| word.get_name() == name) {
            words.push(PossibleValue::new(name).help(help));
        }
    }
}
