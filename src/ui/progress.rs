//! Shows the progress of observing to a person who waits.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

use super::{Env, Terminal, drawn::drawn};
use crate::secrets::Redactor;

/// No colours: this line must suit every colour setting.
const LINE: &str = "{spinner} {pos}/{len} {wide_msg}";

/// The same without a count.
const PLAIN: &str = "{spinner} {wide_msg}";

/// How often the line is redrawn, to show that the program is alive.
const BEAT: Duration = Duration::from_millis(120);

/// A line on standard error that disappears when the work is done.
pub struct Progress {
    bar: ProgressBar,
    redactor: Redactor,
}

impl Progress {
    /// Only shown to a person: standard error is a terminal, `CI` is not set and quiet was not asked for.
    #[must_use]
    pub fn new(terminal: &Terminal, quiet: bool, env: Env, redactor: Redactor) -> Self {
        let ci = env("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0");
        Self::shown(terminal.stderr && !ci && !quiet, redactor)
    }

    #[expect(clippy::disallowed_methods, reason = "the only line that is drawn and not printed")]
    fn shown(visible: bool, redactor: Redactor) -> Self {
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template(LINE).unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::with_draw_target(Some(0), target)
            .with_style(style)
            .with_finish(ProgressFinish::AndClear);
        if visible {
            bar.enable_steady_tick(BEAT);
        }
        Self { bar, redactor }
    }

    /// The same for work with an unknown number of steps.
    #[must_use]
    pub fn without_count(self) -> Self {
        let style = ProgressStyle::with_template(PLAIN).unwrap_or_else(|_| ProgressStyle::default_spinner());
        self.bar.set_style(style);
        self
    }

    /// What is being done now.
    pub fn says(&self, text: &str) {
        self.bar.set_message(drawn(text, &self.redactor));
    }

    /// Writes something while the line is out of the way.
    pub fn aside(&self, write: impl FnOnce()) {
        self.bar.suspend(write);
    }

    /// This many more steps are planned.
    pub fn planned(&self, steps: u64) {
        self.bar.inc_length(steps);
    }

    /// One more step is done.
    pub fn step(&self, text: &str) {
        self.bar.set_message(drawn(text, &self.redactor));
        self.bar.inc(1);
    }

    /// Removes the line, so that results don't mix with it.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn steps_are_counted_against_the_plan() {
        let progress = Progress::shown(false, Redactor::default());
        progress.planned(2);
        progress.planned(1);
        progress.step("first");
        progress.step("second \u{1b}[2J?token=0a1b2c");
        assert_eq!((progress.bar.position(), progress.bar.length()), (2, Some(3)));
        assert_eq!(progress.bar.message(), "second \\u{1b}[2J?token=******");
        progress.finish();
        assert!(progress.bar.is_finished());
    }

    #[test]
    fn the_line_can_be_drawn() {
        assert!(ProgressStyle::with_template(LINE).is_ok());
    }

    #[rstest]
    #[case(false, false, None)]
    #[case(true, true, None)]
    #[case(true, false, Some("true"))]
    fn nothing_is_shown_without_a_terminal(
        #[case] stderr: bool,
        #[case] quiet: bool,
        #[case] ci: Option<&str>,
    ) {
        let terminal = Terminal { stderr, ..Terminal::default() };
        let env = |name: &str| ci.filter(|_| name == "CI").map(str::to_owned);
        assert!(Progress::new(&terminal, quiet, &env, Redactor::default()).bar.is_hidden());
    }
}
