//! The walk through open questions, one at a time. Each answer is kept at once.

use std::collections::BTreeSet;

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
    let mut recorded = BTreeSet::new();
    let mut walk = Walk { by: answering.by.clone(), follows: false };
    let mut at = 0;
    while let Some(&id) = open.get(at) {
        let (check, question) = answering.asking(id)?;
        context.note(&format!("\n[{}/{}] {} · {}\n", at + 1, open.len(), check.row, printable(&check.title)));
        let read = passage::before(answering, &check.id).and_then(passage::read_for);
        context.note(&heading(check, question, (report, read.as_deref()), &context.sheet()));
        walk.follows = at > 0;
        match answered(answering, (check, question), &mut walk, context, prompt) {
            Ok(Step::Answered(())) => {
                recorded.insert(id);
            }
            Ok(Step::Later) | Err(Error::Prompt(PromptError::Skipped)) => {}
            Ok(Step::Back) => {
                at = at.saturating_sub(1);
                continue;
            }
            Ok(Step::Quit) => break,
            Err(Error::Prompt(PromptError::Interrupted)) => return Ok((recorded, Exit::Interrupted)),
            Err(other) => return Err(other),
        }
        at += 1;
    }
    Ok((recorded, Exit::Go))
}

/// Asks one question until the reply can be kept, and keeps it.
fn answered(
    answering: &AnswerContext<'_>,
    (check, question): (&Check, &Question),
    walk: &mut Walk,
    context: &mut Context<'_>,
    prompt: &mut dyn Prompt,
) -> Result<Step<()>, Error> {
    let mut draft = Draft::of(answering, (check, question), walk);
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
                return Ok(Step::Answered(()));
            }
            Err(refused @ Error::BadValue { .. }) => context.note(&format!("{refused}\n")),
            Err(other) => return Err(other),
        }
    }
}

fn heading(
    check: &Check,
    question: &Question,
    (report, read): (&Report, Option<&str>),
    sheet: &Sheet<'_>,
) -> String {
    let mut rows = vec![["ask", question.ask.as_str()], ["why", &check.why]];
    let wanted = question.evidence.map(|kind| wanted(kind, question));
    rows.extend(wanted.as_deref().map(|wanted| ["evidence", wanted]));
    let so_far = report.findings.iter().find(|finding| finding.check == check.id);
    rows.extend(so_far.map(|finding| ["so far", finding.seen.as_str()]));
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
