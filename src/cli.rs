//! The command line: global flags, the verbs by heading, and the help that lists them.

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, builder::StyledStr};

use crate::{commands, exit::Exit, ui::Colour};

/// The place of the flags that every verb takes: behind the verb's own.
const LAST: usize = 900;

/// Prove a route to Grok/xAI video generation before you spend a credit
#[derive(Debug, Parser)]
#[command(name = "greenlight", version, propagate_version = false, disable_help_subcommand = true)]
pub struct Cli {
    /// When to colour the output
    ///
    /// `NO_COLOR`, `CLICOLOR_FORCE` and `FORCE_COLOR` are honoured; nothing is said by colour alone.
    #[arg(long, value_enum, default_value_t, global = true, display_order = LAST, value_name = "WHEN")]
    pub color: Colour,

    /// Say only what was asked for: no progress, no remarks
    #[arg(long, short, global = true, display_order = LAST)]
    pub quiet: bool,

    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Run the preflight: free calls only, one table, one decision
    Check(commands::check::Args),
    /// Write a project file: what you have, what you need, what to do first
    Init(commands::init::Args),
    /// Record what only a person can find out, with evidence and a last day
    Answer(Box<commands::answer::Args>),
    /// Set a check aside until a day, with a reason and an owner
    Waive(commands::waive::Args),
    /// Gate a deploy with a receipt: no key, no call
    Verify(commands::verify::Args),
    /// Show what changed between two receipts, and why
    Diff(commands::diff::Args),
    /// Show which answers, waivers and facts expire soon
    Due(commands::due::Args),
    /// List the checks, or the rehearsal scenarios
    List(commands::list::Args),
    /// Explain a check: the claim, why it matters, how it is decided
    Explain(commands::explain::Args),
    /// Look for mistakes in projects, checklists and catalogues
    Lint(commands::lint::Args),
}

/// The verbs by heading, as help lists them.
const HEADINGS: [(&str, &[&str]); 3] = [
    ("Everyday", &["init", "check", "answer", "waive"]),
    ("Documents", &["verify", "diff", "due"]),
    ("Checklists", &["list", "explain", "lint"]),
];

/// The command line as clap sees it, with the verbs grouped.
#[must_use]
pub fn command() -> clap::Command {
    let command = Cli::command();
    let mut verbs = String::new();
    for (heading, names) in HEADINGS {
        verbs.extend([format!("{heading}:\n")]);
        for name in names {
            let about = command.find_subcommand(name).and_then(clap::Command::get_about);
            verbs.extend([format!("  {name:<9} {}\n", about.map(StyledStr::to_string).unwrap_or_default())]);
        }
        verbs.push('\n');
    }
    let after = format!(
        "Exit codes:\n{}\nStart with `greenlight init`; `greenlight check --rehearse` then needs no key.",
        Exit::table()
    );
    command
        .help_template(format!(
            "{{about}}\n\n{{usage-heading}} {{usage}}\n\n{verbs}Options:\n{{options}}{{after-help}}"
        ))
        .after_help(after)
}

impl Cli {
    /// Reads the command line.
    ///
    /// # Errors
    /// clap's error, which is also how help and version are asked for.
    pub fn read(args: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Self, clap::Error> {
        let matches = command().try_get_matches_from(args)?;
        Self::from_arg_matches(&matches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn every_verb_stands_under_exactly_one_heading() {
        let listed: Vec<_> = HEADINGS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let mut real: Vec<_> = Cli::command().get_subcommands().map(|c| c.get_name().to_owned()).collect();
        let mut sorted = listed.clone();
        sorted.sort_unstable();
        real.sort_unstable();
        assert_eq!(sorted, real);
    }
}
