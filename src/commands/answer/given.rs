//! What a person gave, checked before it is kept, and what is said about it afterwards.

use chrono::{Days, NaiveDate};

use super::{AnswerContext, bad, evidence};
use crate::{
    error::Error,
    judge::{
        self,
        evidence::NotCounted,
        quote::{Quote, quote},
    },
    model::{
        answer::{Answer, AnswerValue, Evidence, EvidenceFacts, longest},
        checklist::{AnswerKind, EvidenceKind, Question},
        days::days,
        id::CheckId,
        said::{WANTED, is_name, is_reason},
        text::printable,
    },
};

/// A value in the form it will be kept in, or what would fit.
pub(super) fn fitting(question: &Question, value: &str) -> Result<String, Error> {
    let value = question.spelt(value.trim());
    question.fits(value).map_err(|why| bad(&format!("`{value}` as an answer"), &why))?;
    Ok(value.to_owned())
}

/// Why a question does not arise, in words that someone else can judge.
pub(super) fn reason_of(text: &str) -> Result<String, Error> {
    let reason = text.trim();
    if is_reason(reason) {
        Ok(reason.to_owned())
    } else {
        Err(bad("`--not-applicable`", &format!("it needs {WANTED}")))
    }
}

/// The name of the person who answers, in the form it will be kept in.
pub(super) fn named(by: &str) -> Result<String, Error> {
    let name = by.trim();
    if is_name(name) { Ok(name.to_owned()) } else { Err(bad("an answer without a name", "pass `--by NAME`")) }
}

/// Whether one of these pieces of evidence will count.
pub(super) fn proven(
    asked: (&CheckId, &Question),
    kind: EvidenceKind,
    (given, seen): (&[Evidence], &EvidenceFacts),
    on: NaiveDate,
) -> Result<(), Error> {
    let (mut wrong, mut other) = (None, None);
    for evidence in given {
        match judge::evidence::counts(asked, evidence, seen, on) {
            Ok(()) => return Ok(()),
            Err(why) => {
                // A piece of the right kind that does not count gives a better reason than one of another kind.
                let is_other = matches!(why, NotCounted::Kind(_));
                let flag = format!("; pass `--evidence {}`", evidence_flag(kind));
                let why = format!("{why}{}", if is_other { flag.as_str() } else { "" });
                let told = bad(&evidence::shown(evidence), &why);
                *(if is_other { &mut other } else { &mut wrong }) = Some(told);
            }
        }
    }
    let missing = || bad("an answer without evidence", &format!("pass `--evidence {}`", evidence_flag(kind)));
    Err(wrong.or(other).unwrap_or_else(missing))
}

pub(super) fn last_day(answered: NaiveDate, question: &Question, value: &AnswerValue) -> NaiveDate {
    let days = Days::new(longest(question, value).into());
    answered.checked_add_days(days).unwrap_or(NaiveDate::MAX)
}

/// A day, or a number of days from the answer; never later than the question allows.
pub(super) fn expiry(
    text: &str,
    answered: NaiveDate,
    question: &Question,
    value: &AnswerValue,
) -> Result<NaiveDate, Error> {
    let what = format!("`--expires {text}`");
    let day = match days(text) {
        Some(days) => answered.checked_add_days(Days::new(days.into())),
        None => text.parse().ok(),
    };
    let form = "write a day such as 2026-12-24, or days such as `30d`; `1m` and `1y` are ambiguous";
    let day = day.ok_or_else(|| bad(&what, form))?;
    if day < answered {
        return Err(bad(&what, "it is before the answer"));
    }
    let last = last_day(answered, question, value);
    if day > last {
        let days = longest(question, value);
        let held = match value {
            AnswerValue::Text(_) => "an answer to this question holds",
            AnswerValue::NotApplicable(_) => "this question is set aside",
        };
        let why = format!("{held} for at most {days} days, until {last}");
        return Err(bad(&what, &why));
    }
    Ok(day)
}

fn evidence_flag(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Url => "https://…",
        EvidenceKind::File => "FILE",
        EvidenceKind::Quote => "\"quote:…\"",
        EvidenceKind::Any => "URL|FILE|QUOTE",
    }
}

/// What was recorded, and what it means.
pub(super) fn receipt(answer: &Answer, question: &Question, answering: &AnswerContext<'_>) -> String {
    let check = &answer.check;
    let value = match &answer.value {
        AnswerValue::Text(value) => value,
        AnswerValue::NotApplicable(reason) => {
            let (by, until) = (printable(&answer.by), answer.expires);
            return format!("Recorded {check}: n/a by {by} until {until}: {}\n", printable(reason));
        }
    };
    let (seen, project) = (&evidence::seen(&answer.evidence, answering), &answering.loaded.project);
    let mut text = format!("Recorded {check}: {} (valid until {})\n", printable(value), answer.expires);
    for evidence in answer.evidence.iter().filter(|_| question.evidence.is_some()) {
        match judge::evidence::counts((check, question), evidence, seen, answer.answered) {
            // A piece of another kind may come with the one that is wanted.
            Ok(()) | Err(NotCounted::Kind(_)) => {}
            Err(why) => {
                let why = format!("{} does not count: {why}", evidence::shown(evidence));
                text = format!("{text}{}\n", printable(&why));
            }
        }
    }
    let held = (question.kind == AnswerKind::Money).then(|| quote(project, question, value));
    let (says, fix) = match held {
        Some(Quote::Over(seen, fix) | Quote::Unknown(_, seen, fix)) => {
            (format!(": {seen}"), format!(" {fix}"))
        }
        Some(Quote::Within(_)) | None if question.passes(value) => return text,
        Some(Quote::Within(_)) | None => (String::new(), String::new()),
    };
    text.push_str(&printable(&format!("This answer does not pass the check{says}.{fix}")));
    text.push('\n');
    text
}
