//! The walk through open questions, one at a time. Each answer is kept at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    AnswerContext,
    draft::{Draft, Step},
    given::receipt,
    passage,
};
use crate::{
    commands::context::Context,
    error::Error,
    exit::Exit,
    model::{
        answer::{Answer, AnswerValue},
        checklist::{Check, EvidenceKind, Question},
        report::Report,
        text::printable,
    },
    ui::{Prompt, PromptError, Sheet},
};

/// What is remembered while the questions are asked in turn.
pub(super) struct Walk {
    /// The last name that was given, which is offered again.
    pub(super) by: Option<String>,
    /// Whether there is a question before this one.
    pub(super) follows: bool,
}

/// Asks the questions in turn, and returns the checks that were answered. Esc goes back one prompt; at the first prompt
/// it skips to the next question. Ctrl-C ends the walk. No answer given so far is lost.
pub(super) fn walk<'q>(
    answering: &AnswerContext<'_>,
    report: &Report,
    open: &[&'q str],
    context: &mut Context<'_>,
    prompt: &mut dyn Prompt,
) -> Result<(BTreeSet<&'q str>, Exit), Error> {
    // Someone who comes back to a question sees what was recorded, and is offered what was typed.
    let (mut recorded, mut drafts) = (BTreeMap::new(), BTreeMap::new());
    let mut walk = Walk { by: answering.by.clone(), follows: false };
    let mut at = 0;
    while let Some(&id) = open.get(at) {
        let (check, question) = answering.asking(id)?;
        context.note(&format!("\n[{}/{}] {} · {}\n", at + 1, open.len(), check.row, printable(&check.title)));
        let read = passage::before(answering, &check.id).and_then(passage::read_for);
        let judged = || report.findings.iter().find(|finding| finding.check == check.id);
        let so_far = recorded.get(id).cloned().or_else(|| Some(judged()?.seen.clone()));
        context.note(&heading((check, question), so_far.as_deref(), read.as_deref(), &context.sheet()));
        walk.follows = at > 0;
        let draft = drafts.entry(id).or_insert_with(|| Draft::of(answering, (check, question), &walk));
        match answered(answering, (check, question), (draft, &mut walk), context, prompt) {
            Ok(Step::Answered(answer)) => {
                recorded.insert(id, format!("{}, recorded just now", said(&answer)));
            }
            Ok(Step::Later) | Err(Error::Prompt(PromptError::Skipped)) => {}
            Ok(Step::Back) => {
                at = at.saturating_sub(1);
                continue;
            }
            Ok(Step::Quit) => break,
            Err(Error::Prompt(PromptError::Interrupted)) => {
                return Ok((recorded.into_keys().collect(), Exit::Interrupted));
            }
            Err(other) => return Err(other),
        }
        at += 1;
    }
    Ok((recorded.into_keys().collect(), Exit::Go))
}

/// What an answer says, and who gave it.
fn said(answer: &Answer) -> String {
    let value = match &answer.value {
        AnswerValue::Text(value) => value.clone(),
        AnswerValue::NotApplicable(reason) => format!("n/a: {reason}"),
    };
    format!("{value}, by {}", answer.by)
}

/// Asks one question until the reply can be kept, and keeps it.
fn answered(
    answering: &AnswerContext<'_>,
    (check, question): (&Check, &Question),
    (draft, walk): (&mut Draft<'_>, &mut Walk),
    context: &mut Context<'_>,
    prompt: &mut dyn Prompt,
) -> Result<Step<Answer>, Error> {
    loop {
        let given = match draft.ask(answering, context, prompt)? {
            Step::Answered(given) => given,
            Step::Later => return Ok(Step::Later),
            Step::Back => return Ok(Step::Back),
            Step::Quit => return Ok(Step::Quit),
        };
        walk.by = Some(given.by.clone());
        match answering.keep(check, question, given) {
            Ok(answer) => {
                let renewed = passage::renewed(&answer, passage::before(answering, &check.id));
                context.note(&format!("{}{renewed}", receipt(&answer, question, answering)));
                return Ok(Step::Answered(answer));
            }
            Err(refused @ Error::BadValue { .. }) => context.note(&format!("{refused}\n")),
            Err(other) => return Err(other),
        }
    }
}

fn heading(
    (check, question): (&Check, &Question),
    so_far: Option<&str>,
    read: Option<&str>,
    sheet: &Sheet<'_>,
) -> String {
    let mut rows = vec![["ask", question.ask.as_str()], ["why", &check.why]];
    let wanted = question.evidence.map(|kind| wanted(kind, question));
    rows.extend(wanted.as_deref().map(|wanted| ["evidence", wanted]));
    rows.extend(so_far.map(|so_far| ["so far", so_far]));
    rows.extend(read.map(|read| ["read", read]));
    sheet.columns(&rows, 2)
}

fn wanted(kind: EvidenceKind, question: &Question) -> String {
    let kind = match kind {
        EvidenceKind::Url => "the address of the page that says so",
        EvidenceKind::File => "a file inside the project, such as a screenshot",
        EvidenceKind::Quote => "the words, verbatim",
        EvidenceKind::Any => "an address, a file inside the project, or the words, verbatim",
    };
    let hosts = question.pages.wanted().map(|hosts| format!("; pages of {hosts} count")).unwrap_or_default();
    format!("{kind}{hosts}")
}
