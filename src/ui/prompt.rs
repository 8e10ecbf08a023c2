//! Questions to a person at the terminal.

use std::io;

use super::{drawn::drawn, line};
use crate::secrets::Redactor;
use chrono::NaiveDate;
use inquire::{DateSelect, InquireError, Select, ui::RenderConfig};

/// Why a question got no answer.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// The person pressed Esc: skip this question.
    #[error("the question was passed over")]
    Skipped,
    /// The person pressed Ctrl-C: end the program.
    #[error("the questions were interrupted")]
    Interrupted,
    /// There is no terminal; the caller knows which flags answer instead.
    #[error("there is no terminal for the question")]
    NoTerminal,
    /// The terminal failed.
    #[error("could not ask at the terminal")]
    Terminal(#[source] io::Error),
    /// The question cannot be asked as it is, for example a choice without options.
    #[error("could not ask `{title}`: {reason}")]
    Unaskable {
        /// The question.
        title: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Asks a person.
pub trait Prompt {
    /// Lets the person choose one of several; returns its position.
    ///
    /// # Errors
    /// [`PromptError`] when nothing was chosen.
    fn select(&mut self, title: &str, options: &[String]) -> Result<usize, PromptError>;

    /// Asks for a line of text. The default can be edited.
    ///
    /// # Errors
    /// [`PromptError`] when nothing was entered.
    fn text(&mut self, title: &str, default: Option<&str>) -> Result<String, PromptError>;

    /// Asks for yes or no.
    ///
    /// # Errors
    /// [`PromptError`] when the person said neither.
    fn confirm(&mut self, title: &str, default: bool) -> Result<bool, PromptError>;

    /// Asks for a day in a range, both ends included.
    ///
    /// # Errors
    /// [`PromptError`] when none was chosen.
    fn date(
        &mut self,
        title: &str,
        default: NaiveDate,
        range: (NaiveDate, NaiveDate),
    ) -> Result<NaiveDate, PromptError>;
}

/// Asks at the terminal, on standard error.
#[derive(Clone)]
pub struct Asker {
    colours: bool,
    redactor: Redactor,
}

impl Asker {
    /// With or without colours, and with these secrets covered.
    #[must_use]
    pub fn new(colours: bool, redactor: Redactor) -> Self {
        Self { colours, redactor }
    }

    fn drawn(&self, text: &str) -> String {
        drawn(text, &self.redactor)
    }

    fn look(&self) -> RenderConfig<'static> {
        if self.colours { RenderConfig::default_colored() } else { RenderConfig::empty() }
    }
}

impl Prompt for Asker {
    fn select(&mut self, title: &str, options: &[String]) -> Result<usize, PromptError> {
        // All options at once: people don't choose what is scrolled out of sight.
        let title = &self.drawn(title);
        let shown = options.iter().map(|option| self.drawn(option)).collect();
        let question = Select::new(title, shown).with_page_size(options.len().clamp(1, 12));
        let chosen = question.with_render_config(self.look()).raw_prompt();
        chosen.map(|option| option.index).map_err(|error| no_answer(title, error))
    }

    fn text(&mut self, title: &str, default: Option<&str>) -> Result<String, PromptError> {
        // A text that must not be shown is not offered either.
        let proposed = default.filter(|default| self.drawn(default) == **default);
        line::read(&self.drawn(title), proposed, &|text| self.drawn(text))
    }

    fn confirm(&mut self, title: &str, default: bool) -> Result<bool, PromptError> {
        let title = self.drawn(title);
        let mut asked = format!("{title} ({})", if default { "Y/n" } else { "y/N" });
        loop {
            match yes_or_no(&line::read(&asked, None, &|text| self.drawn(text))?, default) {
                Some(said) => return Ok(said),
                None => asked = format!("{title} (y or n)"),
            }
        }
    }

    fn date(
        &mut self,
        title: &str,
        default: NaiveDate,
        (first, last): (NaiveDate, NaiveDate),
    ) -> Result<NaiveDate, PromptError> {
        let title = &self.drawn(title);
        let question = DateSelect::new(title)
            .with_default(default)
            .with_min_date(first)
            .with_max_date(last)
            .with_render_config(self.look());
        question.prompt().map_err(|error| no_answer(title, error))
    }
}

/// Used where no person can be asked. A prompt would take the controlling terminal even when standard input is a file,
/// and wait there for someone who isn't looking.
#[derive(Debug, Clone, Copy)]
pub struct NonInteractive;

impl Prompt for NonInteractive {
    fn select(&mut self, _: &str, _: &[String]) -> Result<usize, PromptError> {
        Err(PromptError::NoTerminal)
    }

    fn text(&mut self, _: &str, _: Option<&str>) -> Result<String, PromptError> {
        Err(PromptError::NoTerminal)
    }

    fn confirm(&mut self, _: &str, _: bool) -> Result<bool, PromptError> {
        Err(PromptError::NoTerminal)
    }

    fn date(&mut self, _: &str, _: NaiveDate, _: (NaiveDate, NaiveDate)) -> Result<NaiveDate, PromptError> {
        Err(PromptError::NoTerminal)
    }
}

/// What a reply to a question says; an empty one is the default.
fn yes_or_no(reply: &str, default: bool) -> Option<bool> {
    match reply.trim().to_ascii_lowercase().as_str() {
        "" => Some(default),
        "y" | "yes" => Some(true),
        "n" | "no" => Some(false),
        _ => None,
    }
}

fn no_answer(title: &str, error: InquireError) -> PromptError {
    match error {
        InquireError::OperationCanceled => PromptError::Skipped,
        InquireError::OperationInterrupted => PromptError::Interrupted,
        InquireError::NotTTY => PromptError::NoTerminal,
        InquireError::IO(error) => PromptError::Terminal(error),
        InquireError::InvalidConfiguration(reason) => {
            PromptError::Unaskable { title: title.to_owned(), reason }
        }
        InquireError::Custom(error) => {
            PromptError::Unaskable { title: title.to_owned(), reason: error.to_string() }
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn esc_and_ctrl_c_are_told_apart() {
        let told = |error| no_answer("Which route?", error);
        assert!(matches!(told(InquireError::OperationCanceled), PromptError::Skipped));
        assert!(matches!(told(InquireError::OperationInterrupted), PromptError::Interrupted));
        assert!(matches!(told(InquireError::NotTTY), PromptError::NoTerminal));
        assert!(matches!(told(InquireError::IO(io::ErrorKind::Other.into())), PromptError::Terminal(_)));
    }

    #[rstest]
    #[case("", Some(true))]
    #[case(" Yes ", Some(true))]
    #[case("n", Some(false))]
    #[case("abc", None)]
    fn yes_and_no_are_told_apart(#[case] reply: &str, #[case] says: Option<bool>) {
        assert_eq!(yes_or_no(reply, true), says);
    }

    #[test]
    fn a_question_that_cannot_be_asked_is_named() {
        let error = no_answer("Which route?", InquireError::InvalidConfiguration("no options".to_owned()));
        assert_eq!(error.to_string(), "could not ask `Which route?`: no options");
    }
}
