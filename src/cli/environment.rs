//! The environment behind the command line: what it may set, and what is said when a variable is set that isn't read.
//!
//! clap reads the variables that a flag names. They set only what changes no decision, such as the format. Anyone who
//! sets another variable believes that it counts, so it is refused rather than ignored.

use std::{
    collections::HashSet,
    ffi::{OsStr, OsString},
};

use clap::{
    Arg, ArgAction, ArgMatches, Command, Error,
    builder::{Resettable, StyledStr},
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{commands::variables, env::Lookup, model::text::escaped};

/// A flag that no longer exists, and what to do instead.
const GONE: (&str, &str) =
    ("--exit-zero", "the exit code can't be turned off; a job that only collects reports adds `|| true`");

/// The verbs whose exit code gates a job.
const GATES: [&str; 2] = ["check", "verify"];

/// Reads a command line, and takes from the environment what it leaves open.
///
/// # Errors
/// clap's error, which names the variable that caused it and can't steer a terminal.
pub(super) fn read(plain: &Command, args: &[OsString], env: &Lookup<'_>) -> Result<ArgMatches, Error> {
    let command = heard(plain.clone(), env);
    let matches = command.try_get_matches_from(args).map_err(|error| told(error, plain, args, env))?;
    match unread(plain, &matches, env).as_slice() {
        [] => Ok(matches),
        names => Err(refused(names)),
    }
}

/// The command without the variables that aren't set. An empty variable counts as not set.
fn heard(command: Command, env: &Lookup<'_>) -> Command {
    let command = command.mut_args(|arg| {
        let name = arg.get_env().and_then(OsStr::to_str);
        let is_set = name.is_none_or(|name| env(name).is_some_and(|value| !value.is_empty()));
        if is_set { arg } else { arg.env(Resettable::Reset) }
    });
    command.mut_subcommands(|verb| heard(verb, env))
}

/// The variables that are set and named after a flag, although the verb reads that flag only from the command line;
/// each with its flag.
fn unread(plain: &Command, matches: &ArgMatches, env: &Lookup<'_>) -> Vec<(String, String)> {
    let verb = matches.subcommand_name().and_then(|name| plain.find_subcommand(name));
    // A job that sets a variable another gate reads believes that this one reads it too.
    let is_gate = |verb: &&Command| GATES.contains(&verb.get_name());
    let others = plain.get_subcommands().filter(|other| verb.as_ref().is_some_and(is_gate) && is_gate(other));
    let verbs = verb.into_iter().chain(others);
    let args = plain.get_arguments().chain(verbs.flat_map(Command::get_arguments));
    let asks =
        |arg: &&Arg| !matches!(arg.get_action(), ArgAction::Help | ArgAction::HelpLong | ArgAction::Version);
    let flags = args.filter(asks).filter(|arg| arg.get_env().is_none()).filter_map(Arg::get_long);
    let gone = verb.filter(is_gate).map(|_| GONE.0.trim_start_matches('-'));
    let named = flags.chain(gone).map(|long| {
        (format!("GREENLIGHT_{}", long.replace('-', "_").to_ascii_uppercase()), format!("--{long}"))
    });
    let mut set: Vec<_> =
        named.filter(|(name, _)| env(name).is_some_and(|value| !value.is_empty())).collect();
    let mut told = HashSet::new();
    set.retain(|(name, _)| told.insert(name.clone()));
    set
}

fn refused(names: &[(String, String)]) -> Error {
    let lines = names.iter().map(|(name, flag)| format!("{name} is set, but no variable can set {flag}\n"));
    let says = lines.collect::<Vec<_>>().join("error: ");
    let tip = "  tip: unset it, and pass the flag where you need it";
    Error::raw(ErrorKind::ArgumentConflict, format!("{says}\n{tip}\n"))
}

/// The error with its cause, and with any control characters from outside made visible.
fn told(error: Error, plain: &Command, args: &[OsString], env: &Lookup<'_>) -> Error {
    if !error.use_stderr() {
        return error;
    }
    let clean: Vec<_> =
        args.iter().map(|arg| OsString::from(escaped(&arg.to_string_lossy()).into_owned())).collect();
    // Messages repeat what was typed, in places that can't be reached from here, so the error is made again from
    // harmless words.
    let again = || heard(plain.clone(), env).try_get_matches_from(&clean).err();
    let mut error = if clean == args { Some(error) } else { again() }
        .unwrap_or_else(|| Error::raw(ErrorKind::InvalidValue, "an argument holds control characters\n"));
    // The value of a variable isn't an argument.
    let texts: Vec<_> =
        error.context().filter_map(|(kind, value)| Some((kind, made_visible(value)?))).collect();
    for (kind, value) in texts {
        error.insert(kind, value);
    }
    let spoken_of: Vec<String> = flags_in(&error).collect();
    if spoken_of.iter().any(|flag| flag == GONE.0) {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![GONE.1.into()]));
    } else if !is_typed(&error, plain, &clean) {
        let verbs = plain.get_subcommands().chain([plain]);
        let mut guilty: Vec<_> = verbs
            .flat_map(variables)
            .filter(|(_, arg)| arg.get_long().is_some_and(|long| spoken_of.contains(&format!("--{long}"))))
            .filter(|(name, _)| env(name).is_some_and(|value| !value.is_empty()))
            .map(|(name, _)| StyledStr::from(format!("{name} is set in the environment")))
            .collect();
        guilty.dedup();
        if !guilty.is_empty() {
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(guilty));
        }
    }
    error
}

/// Whether the same mistake is made without any variable.
fn is_typed(error: &Error, plain: &Command, args: &[OsString]) -> bool {
    let silent = heard(plain.clone(), &|_| None).try_get_matches_from(args).err();
    silent.is_some_and(|other| {
        let context = |error: &Error| {
            [ContextKind::InvalidArg, ContextKind::InvalidValue]
                .map(|kind| error.get(kind).map(ToString::to_string))
        };
        other.kind() == error.kind() && context(&other) == context(error)
    })
}

/// The flags that an error mentions: there they are written with their values.
fn flags_in(error: &Error) -> impl Iterator<Item = String> {
    let texts =
        [ContextKind::InvalidArg, ContextKind::PriorArg].into_iter().filter_map(|kind| error.get(kind));
    let texts = texts.flat_map(|value| match value {
        ContextValue::String(text) => vec![text.clone()],
        ContextValue::Strings(texts) => texts.clone(),
        _ => Vec::new(),
    });
    texts.filter_map(|text| text.split_whitespace().next().map(str::to_owned))
}

fn made_visible(value: &ContextValue) -> Option<ContextValue> {
    match value {
        ContextValue::String(text) => Some(ContextValue::String(escaped(text).into_owned())),
        ContextValue::Strings(texts) => {
            Some(ContextValue::Strings(texts.iter().map(|text| escaped(text).into_owned()).collect()))
        }
        _ => None,
    }
}
