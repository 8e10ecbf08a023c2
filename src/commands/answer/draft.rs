//! What a person types for one question, prompt by prompt. Esc goes one prompt back and offers what was typed before.

use super::{
    AnswerContext, Given, bad, evidence,
    given::{expiry, fitting, last_day, named, reason_of},
    passage,
    walk::Walk,
};
use crate::{
    commands::context::Context,
    error::Error,
    judge,
    model::{
        answer::{AnswerValue, Evidence},
        checklist::{AnswerKind, Check, Question},
        id::CheckId,
    },
    ui::{Prompt, PromptError},
};

const NOT_APPLICABLE: &str = "does not apply";
const TYPE_IT: &str = "answer";
const LATER: &str = "ask me later";
const BACK: &str = "previous question";
const QUIT: &str = "quit";

/// What one question led to.
pub(super) enum Step<A> {
    Answered(A),
    Later,
    Back,
    Quit,
}

/// A prompt of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// What to do about the question.
    Menu,
    /// A value that is typed, or the reason why the question does not apply.
    Text,
    Evidence,
    Clause,
    Name,
    Until,
}

/// What was typed for a question so far.
pub(super) struct Draft<'a> {
    /// What was picked from the menu.
    picked: String,
    text: String,
    evidence: String,
    found: Option<Evidence>,
    clause: String,
    by: String,
    /// Whether there is a question before this one.
    follows: bool,
    value: Option<AnswerValue>,
    asked: (&'a Check, &'a Question),
}

impl<'a> Draft<'a> {
    /// Nothing typed yet; offers the clause of the previous answer, and the name.
    pub(super) fn of(answering: &AnswerContext<'_>, asked: (&'a Check, &'a Question), walk: &Walk) -> Self {
        let before = passage::before(answering, &asked.0.id);
        let clause = before.and_then(|answer| answer.evidence.iter().find_map(Evidence::clause));
        Self {
            picked: String::new(),
            text: String::new(),
            evidence: String::new(),
            found: None,
            clause: clause.unwrap_or_default().to_owned(),
            by: walk.by.clone().unwrap_or_default(),
            follows: walk.follows,
            value: None,
            asked,
        }
    }

    /// Asks prompt by prompt. Esc at the menu is left to the caller.
    pub(super) fn ask(
        &mut self,
        answering: &AnswerContext<'_>,
        context: &Context<'_>,
        prompt: &mut dyn Prompt,
    ) -> Result<Step<Given>, Error> {
        let question = self.asked.1;
        let mut passed = Vec::new();
        let mut stage = Stage::Menu;
        loop {
            let went = match stage {
                Stage::Menu => match self.menu(prompt)? {
                    Some(step) => return Ok(step),
                    None => Ok(()),
                },
                Stage::Text => self.typed(prompt),
                Stage::Evidence => self.proof(answering, context, prompt),
                Stage::Clause => self.place(prompt),
                Stage::Name => self.name(prompt),
                Stage::Until => match self.until(answering, prompt) {
                    Ok(given) => return Ok(Step::Answered(given)),
                    Err(error) => Err(error),
                },
            };
            match went {
                Ok(()) => {
                    passed.push(stage);
                    stage = self.after(stage, question);
                }
                Err(Error::Prompt(PromptError::Skipped)) => stage = passed.pop().unwrap_or(Stage::Menu),
                Err(error) => return Err(error),
            }
        }
    }

    fn after(&self, stage: Stage, question: &Question) -> Stage {
        let is_typed = self.value.is_none();
        let is_proven = question.evidence.is_some() && self.picked != NOT_APPLICABLE;
        match stage {
            Stage::Menu if is_typed => Stage::Text,
            Stage::Menu | Stage::Text if is_proven => Stage::Evidence,
            Stage::Evidence if matches!(self.found, Some(Evidence::Url { .. })) => Stage::Clause,
            Stage::Menu | Stage::Text | Stage::Evidence | Stage::Clause => Stage::Name,
            Stage::Name | Stage::Until => Stage::Until,
        }
    }

    /// What to do about the question; none once it is answered.
    fn menu(&mut self, prompt: &mut dyn Prompt) -> Result<Option<Step<Given>>, Error> {
        let (check, question) = self.asked;
        let words: Vec<&str> = match question.kind {
            AnswerKind::YesNo => vec!["yes", "no"],
            AnswerKind::Choice => question.choices.iter().map(String::as_str).collect(),
            _ => vec![TYPE_IT],
        };
        let rest = [
            check.may_not_apply().then_some(NOT_APPLICABLE),
            Some(LATER),
            self.follows.then_some(BACK),
            Some(QUIT),
        ];
        let options: Vec<_> =
            words.iter().copied().chain(rest.into_iter().flatten()).map(str::to_owned).collect();
        let at = prompt.select("Your answer", &options).map_err(Error::Prompt)?;
        let picked = options.get(at).map_or(LATER, String::as_str);
        // A choice may have the same name as one of these; it comes first.
        let is_word = at < words.len();
        match picked {
            LATER if !is_word => return Ok(Some(Step::Later)),
            BACK if !is_word => return Ok(Some(Step::Back)),
            QUIT if !is_word => return Ok(Some(Step::Quit)),
            _ => {}
        }
        if self.picked != picked {
            self.text.clear();
        }
        picked.clone_into(&mut self.picked);
        let is_said = is_word && matches!(question.kind, AnswerKind::YesNo | AnswerKind::Choice);
        self.value = is_said.then(|| AnswerValue::Text(picked.to_owned()));
        Ok(None)
    }

    fn typed(&mut self, prompt: &mut dyn Prompt) -> Result<(), Error> {
        let question = self.asked.1;
        let value = if self.picked == NOT_APPLICABLE {
            let reason = again(prompt, "Reason it does not apply", &mut self.text, reason_of)?;
            AnswerValue::NotApplicable(reason)
        } else {
            AnswerValue::Text(again(prompt, "Value", &mut self.text, |text| fitting(question, text))?)
        };
        // When the person comes back here, they type it again.
        self.value = None;
        self.text = match &value {
            AnswerValue::Text(text) | AnswerValue::NotApplicable(text) => text.clone(),
        };
        Ok(())
    }

    fn proof(
        &mut self,
        answering: &AnswerContext<'_>,
        context: &Context<'_>,
        prompt: &mut dyn Prompt,
    ) -> Result<(), Error> {
        let asked: (&CheckId, &Question) = (&self.asked.0.id, self.asked.1);
        let found = again(prompt, "Evidence", &mut self.evidence, |text| {
            let found = evidence::read(text, answering, &context.dir, answering.today)?;
            let seen = evidence::seen(std::slice::from_ref(&found), answering);
            match judge::evidence::counts(asked, &found, &seen, answering.today) {
                Ok(()) => Ok(found),
                Err(why) => Err(bad("this evidence", &why.to_string())),
            }
        })?;
        self.found = Some(found);
        Ok(())
    }

    /// The clause of a page; offers the one that was named before.
    fn place(&mut self, prompt: &mut dyn Prompt) -> Result<(), Error> {
        again(prompt, "Clause, such as 7.2 Fees (optional)", &mut self.clause, |text| {
            passage::clause(if text.trim() == "-" { "" } else { text })
        })
        .map(|clause| self.clause = clause.unwrap_or_default())
    }

    fn name(&mut self, prompt: &mut dyn Prompt) -> Result<(), Error> {
        let name = again(prompt, "Your name", &mut self.by, |text| {
            named(text).map_err(|_| bad("a blank", "name is required"))
        });
        name.map(|name| self.by = name)
    }

    fn until(&mut self, answering: &AnswerContext<'_>, prompt: &mut dyn Prompt) -> Result<Given, Error> {
        let (question, today) = (self.asked.1, answering.today);
        let value = match &self.value {
            Some(value) => value.clone(),
            None if self.picked == NOT_APPLICABLE => AnswerValue::NotApplicable(self.text.clone()),
            None => AnswerValue::Text(self.text.clone()),
        };
        let last = last_day(today, question, &value);
        let day = prompt.date("Valid until", last, (today, last)).map_err(Error::Prompt)?;
        let expires = expiry(&day.to_string(), today, question, &value)?;
        let proven = question.evidence.is_some() && matches!(value, AnswerValue::Text(_));
        let found = self.found.clone().filter(|_| proven);
        let clause = Some(self.clause.as_str())
            .filter(|clause| matches!(found, Some(Evidence::Url { .. })) && !clause.is_empty());
        let evidence = passage::placed(found.into_iter().collect(), clause)?;
        Ok(Given { value, evidence, by: self.by.clone(), answered: today, expires, note: None })
    }
}

/// Asks until the value can be used, saying each time what is wrong with it, and offers what was typed.
fn again<T>(
    prompt: &mut dyn Prompt,
    title: &str,
    typed: &mut String,
    read: impl Fn(&str) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut asked = title.to_owned();
    loop {
        let proposed = Some(typed.as_str()).filter(|text| !text.is_empty());
        let text = prompt.text(&asked, proposed).map_err(Error::Prompt)?;
        match read(&text) {
            Ok(value) => {
                *typed = text;
                return Ok(value);
            }
            // The person knows what they typed; the line only has room for the reason.
            Err(Error::BadValue { why, .. }) => asked = format!("{title} ({why})"),
            Err(error) => return Err(error),
        }
        *typed = text;
    }
}
