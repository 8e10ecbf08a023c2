//! The terminal that the program runs in, and what follows from it: colour and width.

use std::io::{self, IsTerminal};

use clap::ValueEnum;

/// Looks up an environment variable; passed in, so that tests need not change their environment.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Columns of a stream that has none.
const FALLBACK_WIDTH: usize = 80;

/// A smaller width is not believed: nothing could be laid out in it.
const LEAST_WIDTH: usize = 20;

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Which streams are terminals, and how wide standard output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terminal {
    /// Whether a person can type.
    pub stdin: bool,
    /// Whether a person reads the results directly.
    pub stdout: bool,
    /// Whether a person reads the messages directly.
    pub stderr: bool,
    /// Columns of standard output, if it has some.
    pub columns: Option<u16>,
}

impl Terminal {
    /// The one of this process.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the streams are asked what they are, and nothing is written"
    )]
    pub fn here() -> Self {
        Self {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
            columns: terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0),
        }
    }

    /// Whether a person can be asked.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        self.stdin && self.stderr
    }

    /// Columns to lay text out in: `COLUMNS`, else the terminal's, else 80.
    #[must_use]
    pub fn width(&self, env: Env) -> usize {
        let told = env("COLUMNS").and_then(|text| text.trim().parse().ok());
        let believed = |width: &usize| *width >= LEAST_WIDTH;
        let own = || self.columns.map(usize::from).filter(believed);
        told.filter(believed).or_else(own).unwrap_or(FALLBACK_WIDTH)
    }
}

impl Colour {
    /// Whether a stream gets colours.
    #[must_use]
    pub fn applies(self, is_terminal: bool, env: Env) -> bool {
        let set = |name| env(name).is_some_and(|value| !value.is_empty());
        let on = |name| env(name).is_some_and(|value| !value.is_empty() && value != "0");
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if set("NO_COLOR") => false,
            Self::Auto if on("CLICOLOR_FORCE") || on("FORCE_COLOR") => true,
            Self::Auto if env("CLICOLOR").as_deref() == Some("0") => false,
            Self::Auto => is_terminal && env("TERM").as_deref() != Some("dumb"),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn env(set: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[rstest]
    #[case(Colour::Auto, true, &[], true)]
    #[case(Colour::Auto, false, &[], false)]
    #[case(Colour::Auto, true, &[("TERM", "dumb")], false)]
    #[case(Colour::Auto, true, &[("NO_COLOR", "1")], false)]
    #[case(Colour::Auto, true, &[("NO_COLOR", "")], true)]
    #[case(Colour::Auto, true, &[("CLICOLOR", "0")], false)]
    #[case(Colour::Auto, false, &[("CLICOLOR_FORCE", "1")], true)]
    #[case(Colour::Auto, false, &[("CLICOLOR_FORCE", "0")], false)]
    #[case(Colour::Auto, false, &[("FORCE_COLOR", "1")], true)]
    #[case(Colour::Auto, false, &[("FORCE_COLOR", "1"), ("CLICOLOR", "0")], true)]
    #[case(Colour::Auto, true, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], false)]
    #[case(Colour::Always, false, &[("NO_COLOR", "1")], true)]
    #[case(Colour::Never, true, &[("FORCE_COLOR", "1")], false)]
    fn colour_is_chosen(
        #[case] colour: Colour,
        #[case] is_terminal: bool,
        #[case] set: &'static [(&str, &str)],
        #[case] expected: bool,
    ) {
        assert_eq!(colour.applies(is_terminal, &env(set)), expected);
    }

    #[rstest]
    #[case(None, &[], 80)]
    #[case(Some(120), &[], 120)]
    #[case(Some(120), &[("COLUMNS", "100")], 100)]
    #[case(None, &[("COLUMNS", "100")], 100)]
    #[case(Some(120), &[("COLUMNS", "wide")], 120)]
    #[case(Some(0), &[], 80)]
    #[case(Some(120), &[("COLUMNS", "0")], 120)]
    fn width_is_never_too_small(
        #[case] columns: Option<u16>,
        #[case] set: &'static [(&str, &str)],
        #[case] expected: usize,
    ) {
        assert_eq!(Terminal { columns, ..Terminal::default() }.width(&env(set)), expected);
    }
}
