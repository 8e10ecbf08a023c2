//! The command line: global flags, the verbs by heading, and the help that lists them.

mod environment;

use std::ffi::OsString;

use clap::{
    CommandFactory, FromArgMatches, Parser,
    builder::{BoolishValueParser, StyledStr},
};

use crate::{
    commands::{Verb, examples, variables},
    env::Lookup,
    exit::Exit,
    ui::Colour,
};

/// Sorts the flags that every verb takes after the verb's own.
const LAST: usize = 900;

/// Prove a route to Grok/xAI video generation before you spend a credit
#[derive(Debug, Parser)]
#[command(name = "greenlight", version, propagate_version = false)]
pub struct Cli {
    /// When to colour the output
    ///
    /// `NO_COLOR`, `CLICOLOR_FORCE` and `FORCE_COLOR` are honoured; nothing is said by colour alone.
    #[arg(long, env = "GREENLIGHT_COLOR", hide_env = true, value_enum, default_value_t, global = true, display_order = LAST, value_name = "WHEN")]
    pub color: Colour,

    /// Print only results: no progress, no notes
    #[arg(long, short, env = "GREENLIGHT_QUIET", hide_env = true, value_parser = BoolishValueParser::new(), global = true, display_order = LAST)]
    pub quiet: bool,

    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The command line as clap sees it, with the verbs grouped.
#[must_use]
pub fn command() -> clap::Command {
    let command = Cli::command();
    let mut verbs = String::new();
    for (heading, names) in Verb::HEADINGS {
        verbs.extend([format!("{heading}:\n")]);
        for name in *names {
            let about = command.find_subcommand(name).and_then(clap::Command::get_about);
            verbs.extend([format!("  {name:<12} {}\n", about.map(StyledStr::to_string).unwrap_or_default())]);
        }
        verbs.push('\n');
    }
    let globals: Vec<_> = variables(&command).map(|(name, _)| name.to_owned()).collect();
    let after = format!(
        "{}\n\nExit codes:\n{}\nStart with `greenlight init`; `greenlight check --rehearse` then needs no key.",
        variables_of(&globals),
        Exit::table()
    );
    command
        // Otherwise the name by which the program was called would be printed, whatever it is.
        .bin_name("greenlight")
        .mut_subcommands(|verb| {
            let own = variables(&verb).map(|(name, _)| name.to_owned());
            let help = variables_of(&own.chain(globals.clone()).collect::<Vec<_>>());
            let examples = examples::help(verb.get_name());
            verb.after_long_help(format!("{examples}{help}"))
        })
        .help_template(format!(
            "{{about}}\n\n{{usage-heading}} {{usage}}\n\n{verbs}Options:\n{{options}}{{after-help}}"
        ))
        .after_help(after)
}

/// The section of help about the variables that are read.
fn variables_of(names: &[String]) -> String {
    format!(
        "Variables (flags override them):\n  {}\nNo other flag can be set by a variable.",
        names.join(", ")
    )
}

impl Cli {
    /// Reads the command line, and takes from the environment what it leaves open.
    ///
    /// # Errors
    /// clap's error, which is also how help and version are asked for.
    pub fn read(args: impl IntoIterator<Item = OsString>, env: &Lookup<'_>) -> Result<Self, clap::Error> {
        let args: Vec<_> = args.into_iter().collect();
        let matches = environment::read(&command(), &args, env)?;
        Self::from_arg_matches(&matches)
    }

    /// Whether messages are coloured when the command line can't be read as a whole.
    pub fn colour_of(args: impl IntoIterator<Item = OsString>) -> Colour {
        let matches = command().ignore_errors(true).try_get_matches_from(args).ok();
        matches.and_then(|matches| matches.get_one("color").copied()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::examples::{EXAMPLES, Example};

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn every_verb_stands_under_exactly_one_heading() {
        let listed: Vec<_> = Verb::HEADINGS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let mut real: Vec<_> = Cli::command().get_subcommands().map(|c| c.get_name().to_owned()).collect();
        let mut sorted = listed.clone();
        sorted.sort_unstable();
        real.sort_unstable();
        assert_eq!(sorted, real);
    }

    #[test]
    fn every_verb_has_examples_that_are_commands_of_its_own() {
        let verbs: Vec<_> = Verb::HEADINGS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let with_examples: Vec<_> = EXAMPLES.iter().map(|(verb, _)| *verb).collect();
        assert_eq!(verbs, with_examples);
        for (verb, examples) in EXAMPLES {
            assert!(!examples.is_empty(), "{verb}");
            for Example { line, .. } in *examples {
                assert!(line.lines().all(|line| line.len() <= 76), "{line}");
                let typed = line.split(['>', '|']).next().unwrap_or_default().replace("\\\n", "");
                let words = shlex::split(&typed).unwrap_or_default();
                assert_eq!(words.get(1).map(String::as_str), Some(*verb), "{line}");
                let read = command().try_get_matches_from(&words);
                assert!(read.is_ok(), "{line}\n{read:?}");
            }
        }
    }
}
