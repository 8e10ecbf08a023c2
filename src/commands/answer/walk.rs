//! The walk through open questions, one at a time. What was answered is kept at once.

use super::{
    AnswerContext, Given, bad, evidence,
    given::{expiry, fitting, last_day, named, reason_of, receipt},
    passage,
};
use crate::{
    commands::context::Context,
    error::Error,
    exit::Exit,
    judge,
    model::{
        answer::{Answer, AnswerValue, Evidence},
        checklist::{AnswerKind, Check, EvidenceKind, Question},
        id::CheckId,
        report::Report,
        text::printable,
    },
    ui::{Prompt, PromptError, Sheet},
};

const NOT_APPLICABLE: &str = "does not apply";
const LATER: &str = "ask me later";
const LEAVE: &str = "quit";

/// What one question led to.
enum Step<A> {
    Answered(A),
    Later,
    Leave,
}

/// Asks the questions in turn. Esc passes one over, Ctrl-C ends the walk; nothing given is lost.
pub(super) fn walk(
    answering: &AnswerContext<'_>,
    report: &Report,
    open: &[&str],
    context: &mut Context<'_>,
    prompt: &mut dyn Prompt,
) -> Result<Exit, Error> {
    let mut recorded = 0;
    let mut ended = Exit::Go;
    for (at, id) in open.iter().enumerate() {
        let (check, question) = answering.asking(id)?;
        context.note(&format!("\n[{}/{}] {} · {}\n", at + 1, open.len(), check.row, printable(&check.title)));
        let read = passage::before(answering, &check.id).and_then(passage::read_for);
        context.note(&heading(check, question, (report, read.as_deref()), &context.sheet()));
        match answered(answering, check, question, context, prompt) {
            Ok(Step::Answered(())) => recorded += 1,
            Ok(Step::Later) | Err(Error::Prompt(PromptError::Skipped)) => {}
            Ok(Step::Leave) => break,
            Err(Error::Prompt(PromptError::Interrupted)) => {
                ended = Exit::Interrupted;
                break;
            }
            Err(other) => return Err(other),
        }
    }
    let left = open.len() - recorded;
    context.say(&format!("{recorded} recorded, {left} still open. `greenlight check` judges them.\n"))?;
    Ok(ended)
}

/// Asks one question until what is replied can be kept, and keeps it.
fn answered(
    answering: &AnswerContext<'_>,
    check: &Check,
    question: &Question,
    context: &mut Context<'_>,
    prompt: &mut dyn Prompt,
) -> Result<Step<()>, Error> {
    loop {
        let given = match ask(answering, check, question, context, prompt)? {
            Step::Answered(given) => given,
            Step::Later => return Ok(Step::Later),
            Step::Leave => return Ok(Step::Leave),
        };
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
    let whose = question.pages.wanted().map(|whose| format!("; pages of {whose} count")).unwrap_or_default();
    format!("{kind}{whose}")
}

fn ask(
    answering: &AnswerContext<'_>,
    check: &Check,
    question: &Question,
    context: &Context<'_>,
    prompt: &mut dyn Prompt,
) -> Result<Step<Given>, Error> {
    let Some(value) = value(check, question, prompt)? else { return Ok(Step::Later) };
    let value = match value {
        Chosen::Leave => return Ok(Step::Leave),
        Chosen::Value(value) => value,
    };
    let mut kept = Vec::new();
    if question.evidence.is_some() && matches!(value, AnswerValue::Text(_)) {
        let found = proof((&check.id, question), answering, context, prompt)?;
        let clause = where_it_stands(&found, passage::before(answering, &check.id), prompt)?;
        kept = passage::placed(vec![found], clause.as_deref())?;
    }
    let by = again(prompt, "Your name", answering.by.as_deref(), |text| {
        named(text).map_err(|_| bad("a blank", "name is required"))
    })?;
    let last = last_day(answering.today, question, &value);
    let day = prompt.date("Valid until", last, (answering.today, last)).map_err(Error::Prompt)?;
    let expires = expiry(&day.to_string(), answering.today, question, &value)?;
    Ok(Step::Answered(Given { value, evidence: kept, by, answered: answering.today, expires, note: None }))
}

enum Chosen {
    Value(AnswerValue),
    Leave,
}

fn value(check: &Check, question: &Question, prompt: &mut dyn Prompt) -> Result<Option<Chosen>, Error> {
    let words: Vec<&str> = match question.kind {
        AnswerKind::YesNo => vec!["yes", "no"],
        AnswerKind::Choice => question.choices.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let first = if words.is_empty() { vec!["answer"] } else { words };
    let mut options: Vec<String> = first.iter().map(|&word| word.to_owned()).collect();
    options.extend(check.may_not_apply().then(|| NOT_APPLICABLE.to_owned()));
    options.extend([LATER, LEAVE].map(str::to_owned));
    let at = prompt.select("Your answer?", &options).map_err(Error::Prompt)?;
    let picked = options.get(at).map_or(LATER, String::as_str);
    Ok(match picked {
        LATER => None,
        LEAVE => Some(Chosen::Leave),
        NOT_APPLICABLE => {
            let reason = again(prompt, "Why does it not apply?", None, reason_of)?;
            Some(Chosen::Value(AnswerValue::NotApplicable(reason)))
        }
        "answer" if question.kind != AnswerKind::Choice => {
            Some(Chosen::Value(AnswerValue::Text(again(prompt, "Value?", None, |text| {
                fitting(question, text)
            })?)))
        }
        word => Some(Chosen::Value(AnswerValue::Text(word.to_owned()))),
    })
}

fn proof(
    asked: (&CheckId, &Question),
    answering: &AnswerContext<'_>,
    context: &Context<'_>,
    prompt: &mut dyn Prompt,
) -> Result<Evidence, Error> {
    again(prompt, "Evidence?", None, |text| {
        let found = evidence::read(text, answering, &context.dir, answering.today)?;
        let seen = evidence::seen(std::slice::from_ref(&found), answering);
        match judge::evidence::counts(asked, &found, &seen, answering.today) {
            Ok(()) => Ok(found),
            Err(why) => Err(bad("this evidence", &why.to_string())),
        }
    })
}

/// The clause of a page; proposed is the one that was named before.
fn where_it_stands(
    found: &Evidence,
    before: Option<&Answer>,
    prompt: &mut dyn Prompt,
) -> Result<Option<String>, Error> {
    if !matches!(found, Evidence::Url { .. }) {
        return Ok(None);
    }
    let before = before.and_then(|answer| answer.evidence.iter().find_map(Evidence::clause));
    // Enter takes what is proposed.
    let none = if before.is_some() { "-" } else { "Enter" };
    let title = &format!("Clause, such as 7.2 Fees? ({none} for none)");
    again(prompt, title, before, |text| match text.trim() {
        "-" => Ok(None),
        text => passage::clause(text),
    })
}

/// Asks until the value can be used, saying each time what is wrong with it.
fn again<T>(
    prompt: &mut dyn Prompt,
    title: &str,
    default: Option<&str>,
    read: impl Fn(&str) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut asked = title.to_owned();
    loop {
        let text = prompt.text(&asked, default).map_err(Error::Prompt)?;
        match read(&text) {
            Ok(value) => return Ok(value),
            // The person knows what was typed; a line has room for the reason only.
            Err(Error::BadValue { why, .. }) => asked = format!("{title} ({why})"),
            Err(error) => return Err(error),
        }
    }
}
