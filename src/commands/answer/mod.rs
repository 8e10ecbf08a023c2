//! `greenlight answer`: records what only a person can find out.

mod draft;
mod evidence;
mod given;
mod listing;
mod passage;
mod walk;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{Datelike as _, NaiveDate};

use self::given::{expiry, fitting, last_day, named, proven, reason_of, receipt};
use super::{at_hand, context::Context, record::record};
use crate::{
    error::Error,
    exit::Exit,
    judge::{Files, answers::scope_of},
    load::{Loaded, NewRecord},
    model::{
        answer::{Answer, AnswerValue, Evidence},
        checklist::{Check, Question},
        nearest::nearest,
        report::{InputDigest, Report},
        text::counted,
    },
    secrets::Redactor,
    ui::{Asker, Prompt},
};

/// Record what only a person can find out, with evidence and a last day
///
/// Without a check it walks through the open questions of the project, row by row; each answer is kept
/// as soon as it is given. With a check and --value it records one answer. Answers are appended to
/// answers.toml beside the project; nothing is uploaded.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The check to answer, such as api.policy-read
    #[arg(value_name = "CHECK")]
    check: Option<String>,

    /// The answer, in the form the question asks for
    ///
    /// Yes or no, one of the choices, a text, a number, an amount, a day or an address.
    #[arg(long, value_name = "VALUE", requires = "check", group = "reply")]
    value: Option<String>,

    /// Why the question does not apply here, instead of an answer
    ///
    /// An exception like a waiver: it needs a reason of a few words and `--by`, and it lasts at most 90 days.
    #[arg(long, value_name = "REASON", requires = "check", group = "reply")]
    not_applicable: Option<String>,

    /// Evidence: a URL, a file or a quotation; repeatable
    ///
    /// A file of the project is kept as path and digest. Write `quote:…` or `file:…` if it could be mistaken for the
    /// other. If a question wants the owner's own page, `greenlight explain CHECK` names its hosts.
    #[arg(long, value_name = "URL|FILE|QUOTE", requires = "reply")]
    evidence: Vec<String>,

    /// Clause or section of the page or quotation: "7.2 Fees"
    ///
    /// Kept with every address and quotation of this answer, so that re-reading starts there. If a quotation follows an
    /// address, its digest is kept with the address, to compare with what the page says later.
    #[arg(long, value_name = "TEXT", requires = "evidence")]
    clause: Option<String>,

    /// Who answers [default: the user's name]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,

    /// The day on which it was true [default: today]
    #[arg(long, value_name = "DATE", requires = "reply")]
    answered: Option<NaiveDate>,

    /// Its last day, or days such as 30d [default: as the question says]
    #[arg(long, value_name = "DATE|DAYS", requires = "reply")]
    expires: Option<String>,

    /// A remark to keep with the answer
    #[arg(long, value_name = "TEXT", requires = "reply")]
    note: Option<String>,

    /// Walk through the answered questions too
    #[arg(long, conflicts_with = "check")]
    redo: bool,

    /// List the questions and the state of their answers
    #[arg(long, conflicts_with_all = ["check", "redo"])]
    list: bool,

    /// Print that list as JSON
    #[arg(long, requires = "list")]
    json: bool,

    /// Project file or folder [default: greenlight.toml here or above]
    #[arg(long, value_name = "FILE")]
    project: Option<Utf8PathBuf>,
}

/// Answers, or lists the questions.
///
/// # Errors
/// As [`run_with`].
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let mut asker = Asker::new(context.printer.colours(), context.printer.redactor().clone());
    run_with(args, context, &mut asker)
}

/// Answers by asking this person, or lists the questions.
///
/// # Errors
/// [`Error`] when an answer does not fit its question or cannot be recorded.
pub fn run_with(args: &Args, context: &mut Context<'_>, person: &mut dyn Prompt) -> Result<Exit, Error> {
    let (loaded, report) = at_hand::judged(context, args.project.as_deref(), context.started)?;
    if args.list {
        let text = listing::text(&loaded, &report, args.json, &context.sheet());
        context.say(&text)?;
        return Ok(Exit::Go);
    }
    let answering = AnswerContext {
        dir: context.dir.join(&loaded.dir),
        today: context.started.date_naive(),
        by: args.by.clone().or_else(|| usual_name(context)),
        loaded: &loaded,
        inputs: &report.inputs,
        redactor: context.printer.redactor().with_shapes(loaded.refused_keys()),
    };
    match &args.check {
        Some(id) if args.value.is_some() || args.not_applicable.is_some() => {
            one(args, id, &answering, context)
        }
        _ => walk_through(args, &answering, &report, context, person),
    }
}

/// What recording needs to know.
struct AnswerContext<'a> {
    loaded: &'a Loaded,
    /// The files that were read for it.
    inputs: &'a [InputDigest],
    dir: Utf8PathBuf,
    today: NaiveDate,
    by: Option<String>,
    /// What must not be recorded.
    redactor: Redactor,
}

impl AnswerContext<'_> {
    fn asking(&self, id: &str) -> Result<(&Check, &Question), Error> {
        let checks = &self.loaded.checklist.checks;
        let check = self.loaded.checklist.check(id).ok_or_else(|| {
            let near = nearest(id, checks.iter().map(|check| check.id.as_str()));
            let hint = near.map_or("`greenlight answer --list` shows the questions".to_owned(), |near| {
                format!("did you mean `{near}`?")
            });
            Error::NoCheck { asked: id.to_owned(), hint }
        })?;
        let question = check.decider.question().ok_or_else(|| Error::BadValue {
            what: format!("check `{id}`"),
            why: "it is not decided by a person".to_owned(),
        })?;
        Ok((check, question))
    }

    fn keep(&self, check: &Check, question: &Question, given: Given) -> Result<Answer, Error> {
        let answer = Answer {
            check: check.id.clone(),
            scope: scope_of(&self.loaded.project, &Files::of(self.inputs), check, question),
            value: given.value,
            by: given.by,
            answered: given.answered,
            expires: given.expires,
            question: question.digest.clone(),
            evidence: given.evidence,
            note: given.note,
        };
        record(&self.dir, &NewRecord::Answer(answer.clone()), &self.redactor)?;
        Ok(answer)
    }
}

/// What a person said, after it was checked.
struct Given {
    value: AnswerValue,
    evidence: Vec<Evidence>,
    by: String,
    answered: NaiveDate,
    expires: NaiveDate,
    note: Option<String>,
}

fn one(
    args: &Args,
    id: &str,
    answering: &AnswerContext<'_>,
    context: &mut Context<'_>,
) -> Result<Exit, Error> {
    let (check, question) = answering.asking(id)?;
    let answered = args.answered.unwrap_or(answering.today);
    if answered > answering.today {
        return Err(bad(&format!("`--answered {answered}`"), "date is in the future"));
    }
    if answered.year() < 1 {
        return Err(bad(&format!("`--answered {answered}`"), "the year is out of range"));
    }
    let value = match (&args.value, &args.not_applicable) {
        (Some(value), _) => AnswerValue::Text(fitting(question, value)?),
        (None, Some(_)) if !check.may_not_apply() => {
            return Err(bad("`--not-applicable`", "this question always applies"));
        }
        (None, reason) => AnswerValue::NotApplicable(reason_of(reason.as_deref().unwrap_or_default())?),
    };
    if matches!(value, AnswerValue::NotApplicable(_)) && args.by.is_none() {
        let why = "pass `--by NAME` too: a skipped question needs a name";
        return Err(bad("`--not-applicable`", why));
    }
    let expires = match &args.expires {
        None => last_day(answered, question, &value),
        Some(text) => expiry(text, answered, question, &value)?,
    };
    let kept: Result<Vec<_>, _> =
        args.evidence.iter().map(|text| evidence::read(text, answering, &context.dir, answered)).collect();
    let evidence = passage::placed(kept?, args.clause.as_deref())?;
    if let (Some(kind), AnswerValue::Text(_)) = (question.evidence, &value) {
        proven((&check.id, question), kind, (&evidence, &evidence::seen(&evidence, answering)), answered)?;
    }
    let by = named(answering.by.as_deref().unwrap_or_default())?;
    let given = Given { value, evidence, by, answered, expires, note: args.note.clone() };
    let answer = answering.keep(check, question, given)?;
    let before = passage::before(answering, &check.id);
    context.say(&format!(
        "{}{}",
        receipt(&answer, question, answering),
        passage::renewed(&answer, before)
    ))?;
    Ok(Exit::Go)
}

fn walk_through(
    args: &Args,
    answering: &AnswerContext<'_>,
    report: &Report,
    context: &mut Context<'_>,
    person: &mut dyn Prompt,
) -> Result<Exit, Error> {
    let open: Vec<&str> = match &args.check {
        Some(id) => vec![answering.asking(id)?.0.id.as_str()],
        None => listing::questions(answering.loaded, report)
            .filter(|entry| args.redo || entry.is_open())
            .map(|entry| entry.check.id.as_str())
            .collect(),
    };
    if open.is_empty() {
        context.say("Every question of this project is answered. `--redo` walks through them again.\n")?;
        return Ok(Exit::Go);
    }
    if !context.terminal.can_ask() {
        return Err(Error::NotInteractive {
            what: counted(open.len(), "open question"),
            flags: "CHECK with `--value …` (and `--evidence …`); `--list` shows the questions".to_owned(),
        });
    }
    let (recorded, ended) = walk::walk(answering, report, &open, context, person)?;
    // Judged again: what was recorded may not pass, and the question may have been answered before.
    let (loaded, report) = at_hand::judged(context, args.project.as_deref(), context.started)?;
    let left = listing::questions(&loaded, &report).filter(listing::AskedQuestion::is_open).count();
    context.say(&format!(
        "\n{} recorded, {} open. Next: `greenlight {}`\n",
        counted(recorded.len(), "answer"),
        counted(left, "question"),
        if left == 0 || recorded.is_empty() { "check" } else { "answer" }
    ))?;
    Ok(ended)
}

/// The user's name according to the system; never the name in an earlier answer.
fn usual_name(context: &Context<'_>) -> Option<String> {
    let mut names = ["USER", "USERNAME"].iter().filter_map(|name| (context.env)(name));
    names.find(|name| !name.trim().is_empty())
}

fn bad(what: &str, why: &str) -> Error {
    Error::BadValue { what: what.to_owned(), why: why.to_owned() }
}

/// A path as typed, made relative to the project's folder.
fn from_project(path: &Utf8Path, from: &Utf8Path, project: &Utf8Path) -> Option<Utf8PathBuf> {
    let real = from.join(path).canonicalize_utf8().ok()?;
    let project = project.canonicalize_utf8().ok()?;
    real.strip_prefix(project).ok().map(Utf8Path::to_owned)
}
