//! A person who answers from a list, to test code that asks.

use std::collections::VecDeque;

use chrono::NaiveDate;

use super::{Prompt, PromptError};

/// One reply of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScriptedInput {
    /// Chooses the first option that holds this text.
    Pick(String),
    /// Enters this text.
    Enter(String),
    /// Accepts what is offered: the default, or the first option.
    Accept,
    /// Says yes or no.
    Say(bool),
    /// Presses Esc.
    Skip,
    /// Presses Ctrl-C.
    Interrupt,
}

/// Gives the replies in order and records what was asked. A reply that does not fit its question, or a missing one, is
/// an error.
#[derive(Debug, Clone, Default)]
pub struct Scripted {
    replies: VecDeque<ScriptedInput>,
    /// Every question so far.
    pub asked: Vec<String>,
}

impl Scripted {
    /// Will reply with these.
    #[must_use]
    pub fn new(replies: impl IntoIterator<Item = ScriptedInput>) -> Self {
        Self { replies: replies.into_iter().collect(), asked: Vec::new() }
    }

    fn next<T>(
        &mut self,
        title: &str,
        fit: impl FnOnce(&ScriptedInput) -> Option<T>,
    ) -> Result<T, PromptError> {
        self.asked.push(title.to_owned());
        let unfit = |reason| PromptError::Unaskable { title: title.to_owned(), reason };
        match self.replies.pop_front() {
            None => Err(unfit("no reply is left".to_owned())),
            Some(ScriptedInput::Skip) => Err(PromptError::Skipped),
            Some(ScriptedInput::Interrupt) => Err(PromptError::Interrupted),
            Some(reply) => fit(&reply).ok_or_else(|| unfit(format!("{reply:?} is no reply to it"))),
        }
    }
}

impl Prompt for Scripted {
    fn select(&mut self, title: &str, options: &[String]) -> Result<usize, PromptError> {
        self.next(title, |reply| match reply {
            ScriptedInput::Pick(text) => options.iter().position(|option| option.contains(text)),
            ScriptedInput::Accept if !options.is_empty() => Some(0),
            _ => None,
        })
    }

    fn text(&mut self, title: &str, default: Option<&str>) -> Result<String, PromptError> {
        self.next(title, |reply| match reply {
            ScriptedInput::Enter(text) => Some(text.clone()),
            ScriptedInput::Accept => default.map(str::to_owned),
            _ => None,
        })
    }

    fn confirm(&mut self, title: &str, default: bool) -> Result<bool, PromptError> {
        self.next(title, |reply| match reply {
            ScriptedInput::Say(said) => Some(*said),
            ScriptedInput::Accept => Some(default),
            _ => None,
        })
    }

    fn date(
        &mut self,
        title: &str,
        default: NaiveDate,
        (first, last): (NaiveDate, NaiveDate),
    ) -> Result<NaiveDate, PromptError> {
        self.next(title, |reply| match reply {
            ScriptedInput::Enter(text) => text.parse().ok().filter(|day| (first..=last).contains(day)),
            ScriptedInput::Accept => Some(default),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_come_in_order_and_must_fit() {
        let options = ["api".to_owned(), "wrapper".to_owned()];
        let mut person = Scripted::new([
            ScriptedInput::Pick("wrap".to_owned()),
            ScriptedInput::Enter("Teaser".to_owned()),
            ScriptedInput::Accept,
            ScriptedInput::Say(false),
            ScriptedInput::Skip,
            ScriptedInput::Interrupt,
            ScriptedInput::Say(true),
        ]);
        assert_eq!(person.select("Route?", &options).unwrap(), 1);
        assert_eq!(person.text("Name?", None).unwrap(), "Teaser");
        assert_eq!(person.text("Folder?", Some("clips/")).unwrap(), "clips/");
        assert!(!person.confirm("Write?", true).unwrap());
        assert!(matches!(person.text("a", None), Err(PromptError::Skipped)));
        assert!(matches!(person.text("b", None), Err(PromptError::Interrupted)));
        assert!(matches!(person.text("c", None), Err(PromptError::Unaskable { .. })), "yes is no text");
        assert!(matches!(person.text("d", None), Err(PromptError::Unaskable { .. })), "none is left");
        assert_eq!(person.asked.join(" "), "Route? Name? Folder? Write? a b c d");
    }
}
