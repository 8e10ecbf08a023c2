//! Flags from the environment: `--base-url` is read from `GREENLIGHT_BASE_URL` when it was not typed.

use std::ffi::{OsStr, OsString};

use clap::{
    Arg, ArgAction, ArgMatches, Command, Error,
    builder::{BoolishValueParser, StyledStr, TypedValueParser as _},
    error::{ContextKind, ContextValue},
    parser::ValueSource,
};

use crate::env::Lookup;

/// The variable of a flag. Help, version and what is no flag have none.
#[must_use]
pub fn variable(arg: &Arg) -> Option<String> {
    let asks = matches!(
        arg.get_action(),
        ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
    );
    let long = arg.get_long().filter(|_| !asks)?;
    Some(format!("GREENLIGHT_{}", long.replace('-', "_").to_ascii_uppercase()))
}

/// A variable that a flag is read from in this run.
struct Added {
    variable: String,
    /// The flag, such as `--format`.
    flag: String,
}

/// Reads a command line, and from the environment what it leaves open.
///
/// # Errors
/// clap's error, with the variables that it is due to.
pub(super) fn read(plain: &Command, args: &[OsString], env: &Lookup<'_>) -> Result<ArgMatches, Error> {
    // What was typed is known first: a variable never speaks against it.
    let typed = plain.clone().ignore_errors(true).try_get_matches_from(args)?;
    let mut added = Vec::new();
    let command = with_variables(plain.clone(), &typed, env, &mut added);
    command.try_get_matches_from(args).map_err(|error| blame(error, plain, args, &added))
}

/// Gives every flag that may still be set its variable, down to the verb that was typed.
fn with_variables(command: Command, typed: &ArgMatches, env: &Lookup<'_>, added: &mut Vec<Added>) -> Command {
    let known = command.clone();
    let command = command.mut_args(|arg| {
        let value =
            variable(&arg).and_then(|name| Some((env(&name).filter(|value| !value.is_empty())?, name)));
        let Some((value, name)) = value.filter(|_| is_open(&arg, &known, typed)) else { return arg };
        let switch = matches!(arg.get_action(), ArgAction::SetTrue);
        if switch && says_no(&known, &value) {
            return arg;
        }
        let flag = arg.get_long().map(|long| format!("--{long}")).unwrap_or_default();
        added.push(Added { variable: name.clone(), flag });
        let arg = arg.env(name).hide_env(true);
        if switch { arg.value_parser(BoolishValueParser::new()) } else { arg }
    });
    match typed.subcommand() {
        Some((name, typed)) => command.mut_subcommand(name, |verb| with_variables(verb, typed, env, added)),
        None => command,
    }
}

/// Whether neither a flag nor anything that excludes it was typed.
fn is_open(arg: &Arg, command: &Command, typed: &ArgMatches) -> bool {
    let was_typed =
        |other: &Arg| typed.value_source(other.get_id().as_str()) == Some(ValueSource::CommandLine);
    let excluded = |other: &&Arg| {
        let named =
            |a: &Arg, b: &Arg| command.get_arg_conflicts_with(a).iter().any(|c| c.get_id() == b.get_id());
        let grouped =
            command.get_groups().filter(|group| !group.to_owned().clone().is_multiple()).any(|group| {
                let holds = |arg: &Arg| group.get_args().any(|id| id == arg.get_id());
                holds(arg) && holds(other)
            });
        grouped || named(arg, other) || named(other, arg)
    };
    !was_typed(arg)
        && !command
            .get_arguments()
            .filter(|other| other.get_id() != arg.get_id() && was_typed(other))
            .any(|other| excluded(&other))
}

/// Whether the variable of a switch leaves it off, which is no different from not being set.
fn says_no(command: &Command, value: &str) -> bool {
    BoolishValueParser::new().parse_ref(command, None, OsStr::new(value)).is_ok_and(|on| !on)
}

/// Tells which variables an error is due to: whoever reads it has not typed what it speaks of.
fn blame(mut error: Error, plain: &Command, args: &[OsString], added: &[Added]) -> Error {
    let spoken_of: Vec<&str> = [ContextKind::InvalidArg, ContextKind::PriorArg]
        .iter()
        .filter_map(|kind| error.get(*kind))
        .flat_map(|value| match value {
            ContextValue::String(text) => vec![text.as_str()],
            ContextValue::Strings(texts) => texts.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        })
        // Flags are written with their values there.
        .filter_map(|text| text.split_whitespace().next())
        .collect();
    let mut guilty: Vec<_> = added.iter().filter(|added| spoken_of.contains(&added.flag.as_str())).collect();
    if guilty.is_empty() {
        // What is wrong without the variables too is not due to them.
        match plain.clone().try_get_matches_from(args) {
            Err(error) => return error,
            Ok(_) => guilty.extend(added),
        }
    }
    let tips =
        guilty.iter().map(|added| StyledStr::from(format!("{} is set in the environment", added.variable)));
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips.collect()));
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_of_every_verb_is_read_from_its_variable() {
        let plain = crate::cli::command();
        for name in plain.get_subcommands().map(Command::get_name) {
            let typed = plain.clone().ignore_errors(true).try_get_matches_from(["greenlight", name]).unwrap();
            let mut added = Vec::new();
            let command = with_variables(plain.clone(), &typed, &|_| Some("1".to_owned()), &mut added);
            let verb = command.find_subcommand(name).unwrap();
            for arg in command.get_arguments().chain(verb.get_arguments()) {
                let read = arg.get_env().and_then(OsStr::to_str).map(str::to_owned);
                assert_eq!(read, variable(arg), "{name} {}", arg.get_id());
            }
        }
    }
}
