//! The state of the recorded answers to a question: which is in force, and whether it is still valid.

use chrono::{Days, NaiveDate};

use super::{
    Case, evidence,
    instance::Instance,
    quote::{Quote, quote},
    rule_context::Quoted,
    terms::{self, Files},
    wording,
};
use crate::model::{
    answer::{Answer, AnswerValue, Evidence, Recorded, Scope, longest},
    checklist::{AnswerKind, Check, Question},
    project::Project,
    question::{Covers, HangsOn},
    repeat::ForEach,
    verdict::Reason,
};

/// The state of the answers to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AnswerStatus {
    /// There is no answer.
    Unanswered,
    /// There is an answer, but it isn't valid.
    Void { reason: Reason, seen: String, fix: Option<String>, recorded: Option<Recorded> },
    /// The question doesn't apply.
    NotApplicable { why: String, recorded: Recorded },
    /// The answer passes; `worn` says what is odd about the evidence it is based on.
    Passes { seen: String, recorded: Recorded, worn: Option<String> },
    /// The answer is one that does not pass.
    Refutes { seen: String, fix: Option<String>, recorded: Recorded },
}

impl AnswerStatus {
    /// Whether there is no valid answer, so that a probe may settle the question. An answer dated in the future is
    /// still a person's word.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Self::Unanswered => true,
            Self::Void { reason, .. } => *reason != Reason::Future,
            Self::NotApplicable { .. } | Self::Passes { .. } | Self::Refutes { .. } => false,
        }
    }
}

/// The answer that is looked at: the newest of those that apply here, or one that is dated in the future.
pub(super) fn looked_at<'a>(
    case: &Case<'a>,
    check: &Check,
    question: &Question,
    instance: &Instance<'_>,
) -> Option<&'a Answer> {
    let today = case.now.date_naive();
    let wanted =
        wanted_scope(case.project, check, question, (instance, &Files::seen(&case.observations.media)));
    let ours = of_scope(case, check, &wanted);
    // Of two answers with the same date, the later one in the file is newer.
    let newest = ours.clone().filter(|answer| answer.answered <= today).max_by_key(|answer| answer.answered);
    // Someone has already given another answer, in another time zone or by mistake: the earlier ones are no longer in
    // force.
    let ahead = ours.clone().find(|answer| answer.answered > case.made.date_naive());
    ahead.or(newest).or_else(|| ours.min_by_key(|answer| answer.answered))
}

/// The answers to a check that apply here, whatever their date.
fn of_scope<'a, 'w>(
    case: &Case<'a>,
    check: &'w Check,
    wanted: &'w Scope,
) -> impl Iterator<Item = &'a Answer> + Clone + use<'a, 'w> {
    let all = case.answers.answers.iter();
    all.filter(|answer| answer.check == check.id && counts_for(&answer.scope, wanted))
}

/// Finds the answer in force and determines its state.
pub(super) fn stand(
    case: &Case<'_>,
    check: &Check,
    question: &Question,
    instance: &Instance<'_>,
) -> AnswerStatus {
    let today = case.now.date_naive();
    let wanted =
        wanted_scope(case.project, check, question, (instance, &Files::seen(&case.observations.media)));
    let Some(answer) = looked_at(case, check, question, instance) else {
        let borrowed = case.answers.answers.iter().rfind(|answer| answer.check == check.id);
        return borrowed.map_or(AnswerStatus::Unanswered, |borrowed| AnswerStatus::Void {
            reason: Reason::Borrowed,
            seen: difference(&borrowed.scope, &wanted),
            fix: None,
            recorded: None,
        });
    };
    if answer.answered > today.min(case.made.date_naive()) {
        let seen = format!("answered for {}, which is after {today}", answer.answered);
        return void(case, question, answer, (Reason::Future, seen));
    }
    let always = !check.may_not_apply() && matches!(answer.value, AnswerValue::NotApplicable(_));
    if always {
        let seen = "answered as not applicable, but this question always applies".to_owned();
        return void(case, question, answer, (Reason::Unanswered, seen));
    }
    let stand = void_for(case, question, (answer, &wanted), today)
        .unwrap_or_else(|| valued(case, question, answer, today));
    let earlier = of_scope(case, check, &wanted).filter(|other| other.answered < answer.answered);
    match stand {
        AnswerStatus::Passes { seen, recorded, .. } => {
            let ended = earlier.map(|other| (other, own_last_day(question, other)));
            let worn = evidence::worn(answer, ended, today)
                .map(|day| format!("with the same file as the answer of {day}, which has expired"));
            AnswerStatus::Passes { seen, recorded, worn }
        }
        other => other,
    }
}

/// Why an answer isn't valid, if it isn't.
fn void_for(
    case: &Case<'_>,
    question: &Question,
    (answer, wanted): (&Answer, &Scope),
    today: NaiveDate,
) -> Option<AnswerStatus> {
    let stale = |reason, seen| Some(void(case, question, answer, (reason, seen)));
    let answered = answer.answered;
    if let Err(defect) = answer.sound(question) {
        return stale(Reason::Unanswered, format!("the answer of {answered} {defect}"));
    }
    if !question.was_asked_as(&answer.question) {
        return stale(Reason::Reworded, format!("answered {answered}, {}", reworded(question, answer)));
    }
    // What is free is free for other shots too.
    let free = question.kind == AnswerKind::Money && matches!(answer.value, AnswerValue::NotApplicable(_));
    let changed = terms::changed(question, &answer.scope.given_for, &wanted.given_for);
    if let Some(changed) = changed.filter(|_| !free) {
        return stale(Reason::Borrowed, format!("answered {answered} {changed}"));
    }
    let last = own_last_day(question, answer);
    if last < today {
        return stale(Reason::Expired, format!("answered {answered}, expired {last}"));
    }
    if let Some(changed) = evidence::changed(answer, &case.observations.evidence) {
        return stale(Reason::EvidenceChanged, changed);
    }
    let (reason, wrong) = evidence::missing(question, answer, &case.observations.evidence, today)?;
    stale(reason, format!("answered {answered} {wrong}"))
}

/// How the question differs from the one that was answered.
fn reworded(question: &Question, answer: &Answer) -> String {
    let known = answer.question.len() == 16 || answer.question.starts_with("v2:");
    if !known {
        "and the question is recorded in a form that this version does not know".to_owned()
    } else if question.revision > 1 {
        format!("and the question's meaning changed with revision {}", question.revision)
    } else {
        "and the question was reworded since".to_owned()
    }
}

fn void(
    case: &Case<'_>,
    question: &Question,
    answer: &Answer,
    (reason, seen): (Reason, String),
) -> AnswerStatus {
    AnswerStatus::Void { reason, seen, fix: None, recorded: Some(recorded(case, question, answer)) }
}

/// The last day on which an answer by itself is valid: the day it names, but no later than its question allows.
fn own_last_day(question: &Question, answer: &Answer) -> NaiveDate {
    let most = answer.answered.checked_add_days(Days::new(longest(question, &answer.value).into()));
    most.map_or(answer.expires, |most| answer.expires.min(most))
}

/// The last day on which an answer and its evidence are valid.
fn last_day(case: &Case<'_>, question: &Question, answer: &Answer) -> NaiveDate {
    let own = own_last_day(question, answer);
    evidence::last_day(question, answer, &case.observations.evidence).map_or(own, |last| own.min(last))
}

fn valued(case: &Case<'_>, question: &Question, answer: &Answer, today: NaiveDate) -> AnswerStatus {
    let recorded = recorded(case, question, answer);
    let value = match &answer.value {
        AnswerValue::NotApplicable(why) => {
            let (by, until) = (wording::clip(&answer.by), recorded.expires);
            return AnswerStatus::NotApplicable {
                why: format!("n/a by {by} until {until}: {}", wording::clip(why)),
                recorded,
            };
        }
        AnswerValue::Text(value) => value,
    };
    let left = (recorded.expires - today).num_days();
    let until = match left {
        0 => "expires today".to_owned(),
        1 => "expires tomorrow".to_owned(),
        2..=14 => format!("expires in {left} days"),
        _ => format!("until {}", recorded.expires),
    };
    let clause = answer.evidence.iter().find_map(Evidence::clause);
    let clause = clause.map_or_else(String::new, |clause| format!(", clause \"{}\"", wording::clip(clause)));
    let said = |what: &str| {
        format!("{what}, by {} on {}{clause}, {until}", wording::clip(&answer.by), answer.answered)
    };
    if question.kind == AnswerKind::Money {
        match quote(case.project, question, value) {
            Quote::Within(_) if !question.passes(value) => {}
            Quote::Within(seen) => return AnswerStatus::Passes { seen: said(&seen), recorded, worn: None },
            Quote::Over(seen, fix) => {
                return AnswerStatus::Refutes { seen: said(&seen), fix: Some(fix), recorded };
            }
            Quote::Unknown(reason, seen, fix) => {
                return AnswerStatus::Void {
                    reason,
                    seen: said(&seen),
                    fix: Some(fix),
                    recorded: Some(recorded),
                };
            }
        }
    }
    let seen = said(&wording::clip(value));
    if question.passes(value) {
        AnswerStatus::Passes { seen, recorded, worn: None }
    } else {
        AnswerStatus::Refutes { seen, fix: None, recorded }
    }
}

/// What the provider charges for all shots, made once each, according to the answer to a question that asks for exactly
/// that.
pub(super) fn quoted(case: &Case<'_>) -> Option<Quoted> {
    let asked = case.checklist.checks.iter().filter_map(|check| Some((check, check.decider.question()?)));
    let mut sums =
        asked.filter(|(_, question)| question.kind == AnswerKind::Money && question.covers == Covers::Shots);
    sums.find_map(|(check, question)| {
        let instance = Instance::default();
        match stand(case, check, question, &instance) {
            AnswerStatus::Passes { .. } | AnswerStatus::Refutes { .. } => {}
            AnswerStatus::Unanswered | AnswerStatus::Void { .. } | AnswerStatus::NotApplicable { .. } => {
                return None;
            }
        }
        let answer = looked_at(case, check, question, &instance)?;
        match &answer.value {
            AnswerValue::Text(value) => {
                Some(Quoted { sum: question.amount(value).ok()?, answered: answer.answered })
            }
            AnswerValue::NotApplicable(_) => None,
        }
    })
}

/// How a finding shows an answer: it is valid for as long as this question allows.
pub(super) fn recorded(case: &Case<'_>, question: &Question, answer: &Answer) -> Recorded {
    Recorded { by: answer.by.clone(), answered: answer.answered, expires: last_day(case, question, answer) }
}

/// The scope that an answer must have to apply here.
fn wanted_scope(
    project: &Project,
    check: &Check,
    question: &Question,
    (instance, files): (&Instance<'_>, &Files<'_>),
) -> Scope {
    let mut models: Vec<String> = match (check.for_each, instance.shot) {
        (Some(ForEach::Shot), Some(shot)) => vec![shot.model.clone()],
        _ if question.hangs_on.contains(&HangsOn::Models) => {
            project.shots.iter().map(|shot| shot.model.clone()).collect()
        }
        _ => Vec::new(),
    };
    models.sort_unstable();
    models.dedup();
    Scope {
        route: project.route,
        provider: project.provider.clone(),
        account: project.account.clone(),
        models,
        given_for: terms::of(project, question, files),
    }
}

/// The scope to record for an answer to this question of this project, and for which files.
#[must_use]
pub fn scope_of(project: &Project, files: &Files<'_>, check: &Check, question: &Question) -> Scope {
    let mut everywhere = question.clone();
    everywhere.hangs_on.extend((check.for_each == Some(ForEach::Shot)).then_some(HangsOn::Models));
    wanted_scope(project, check, &everywhere, (&Instance::default(), files))
}

/// Whether an answer given for one scope applies to the other: a claim belongs to its owner.
fn counts_for(given: &Scope, wanted: &Scope) -> bool {
    given.route == wanted.route
        && given.provider == wanted.provider
        && given.account == wanted.account
        && wanted.models.iter().all(|model| given.models.contains(model))
}

fn difference(given: &Scope, wanted: &Scope) -> String {
    let account =
        |scope: &Scope| scope.account.as_deref().map_or("no account".to_owned(), |a| format!("account {a}"));
    let (had, want) = if given.route != wanted.route {
        (given.route.to_string(), wanted.route.to_string())
    } else if given.provider != wanted.provider {
        (given.provider.clone(), wanted.provider.clone())
    } else if given.account != wanted.account {
        (account(given), account(wanted))
    } else {
        (given.models.join(", "), wanted.models.join(", "))
    };
    format!("answered for {}, asked for {}", wording::clip(&had), wording::clip(&want))
}
