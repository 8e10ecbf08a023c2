//! One text that a flag gives or a person types.

use crate::{
    error::Error,
    ui::{Prompt, PromptError},
};

/// A text to ask for.
pub(super) struct TextField<'a> {
    pub(super) title: &'a str,
    /// Used when it is accepted, and where there is no terminal.
    pub(super) default: Option<&'a str>,
    pub(super) what: &'a str,
    pub(super) flag: &'a str,
}

impl<'a> TextField<'a> {
    pub(super) fn new(title: &'a str, what: &'a str, flag: &'a str) -> Self {
        Self { title, default: None, what, flag }
    }

    /// The value of the flag, else the reply; asks again, saying why, until it can be used.
    pub(super) fn value<T>(
        &self,
        given: Option<&str>,
        person: &mut dyn Prompt,
        fit: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Error> {
        let refused = |text: &str, why| Error::BadValue { what: format!("{} `{text}`", self.what), why };
        if let Some(given) = given {
            return fit(given).map_err(|why| refused(given, why));
        }
        let mut title = self.title.to_owned();
        loop {
            let reply = match (person.text(&title, self.default), self.default) {
                (Err(PromptError::NoTerminal), Some(default)) => {
                    return fit(default).map_err(|why| refused(default, why));
                }
                (reply, _) => reply.map_err(|error| self.unanswered(error))?,
            };
            match fit(&reply) {
                Ok(value) => return Ok(value),
                Err(why) => title = format!("{} ({why})", self.title),
            }
        }
    }

    pub(super) fn missing(&self) -> Error {
        Error::NotInteractive { what: self.what.to_owned(), flags: self.flag.to_owned() }
    }

    pub(super) fn unanswered(&self, error: PromptError) -> Error {
        match error {
            PromptError::NoTerminal => self.missing(),
            PromptError::Interrupted | PromptError::Skipped => Error::Interrupted,
            other => Error::Prompt(other),
        }
    }
}
