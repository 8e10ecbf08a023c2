//! The evidence of an answer: whether it has the kind, the owner and the age that its question requires.

use chrono::{Days, NaiveDate};

use super::wording;
use crate::model::{
    answer::{Answer, AnswerValue, Evidence, EvidenceFact, EvidenceFacts, Shows},
    checklist::{EvidenceKind, Question},
    id::CheckId,
    link,
    pages::NotTheirs,
    said::{is_reason, passage},
    verdict::Reason,
};

/// Why a piece of evidence isn't accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCounted {
    /// It is of another kind.
    #[error("it must be {}", word(*.0))]
    Kind(EvidenceKind),
    /// It is someone else's page.
    #[error("{}; it must be {wanted}", wording::clip(&why.to_string()))]
    Page {
        /// What is wrong with its address.
        why: NotTheirs,
        /// Whose page it should be.
        wanted: String,
    },
    /// It was read too long ago.
    #[error("it was read on {read}, and a reading counts for {days} days")]
    Old {
        /// The day.
        read: NaiveDate,
        /// For how long a reading is accepted.
        days: u32,
    },
    /// It shows something from too long ago.
    #[error("it was captured on {captured}, and a file counts for {days} days")]
    Faded {
        /// The day.
        captured: NaiveDate,
        /// For how long it is accepted.
        days: u32,
    },
    /// Its address grants access to something that isn't public, and would be stored in a file that others read.
    #[error("its address contains a credential ({}); record it without, and revoke the credential if it was shared", .0.join(", "))]
    Credential(Vec<String>),
    /// It is empty.
    #[error("there is nothing in it")]
    Empty,
    /// It doesn't show anything, for this reason.
    #[error("{0}")]
    Hollow(String),
    /// It is a conformance report whose rules are about something else.
    #[error("it is a conformance report, and none of its rules is about this")]
    Unrelated,
    /// It is a conformance report that says the opposite.
    #[error("it is a conformance report that says {}", wording::clip(.0))]
    Unkept(String),
    /// It is too short to say anything.
    #[error("write a few words that someone else can check")]
    Wordless,
}

/// Why an answer has no accepted evidence, if so.
pub(super) fn missing(
    question: &Question,
    answer: &Answer,
    facts: &EvidenceFacts,
    today: NaiveDate,
) -> Option<(Reason, String)> {
    // No one can have read a page on a future day, whatever the question requires.
    if let Some(ahead) = answer.evidence.iter().find(|evidence| evidence.day() > today) {
        let what = match ahead {
            Evidence::Url { .. } => "a page read",
            Evidence::File { .. } => "a file captured",
            Evidence::Quote { .. } => "words read",
        };
        let seen = format!("with {what} on {}, which is after {today}", ahead.day());
        return Some((Reason::Future, seen));
    }
    let kind = question.evidence.filter(|_| matches!(answer.value, AnswerValue::Text(_)))?;
    let mut wrong = None;
    for evidence in answer.evidence.iter().filter(|evidence| evidence.is(kind)) {
        match counts((&answer.check, question), evidence, facts, today) {
            Ok(()) => return None,
            Err(why) => wrong = wrong.or(Some(why)),
        }
    }
    let wrong = wrong.map_or_else(
        || format!("without the evidence it asks for: {}", word(kind)),
        |why| format!("with evidence that does not count: {why}"),
    );
    Some((Reason::NoEvidence, wrong))
}

/// Whether a piece of evidence is accepted on this day, given what was seen of its file. This doesn't check that it is
/// still the file that was recorded.
///
/// # Errors
/// [`NotCounted`] says why not.
pub fn counts(
    (check, question): (&CheckId, &Question),
    evidence: &Evidence,
    facts: &EvidenceFacts,
    today: NaiveDate,
) -> Result<(), NotCounted> {
    if let Some(kind) = question.evidence.filter(|kind| !evidence.is(*kind)) {
        return Err(NotCounted::Kind(kind));
    }
    match evidence {
        Evidence::Url { url, .. } => {
            let names = link::names(url);
            if !names.is_empty() {
                return Err(NotCounted::Credential(names));
            }
            if let Err(why) = question.pages.count(url) {
                let wanted = question.pages.wanted().unwrap_or_default();
                return Err(NotCounted::Page { why, wanted });
            }
        }
        Evidence::File { bytes: 0, .. } => return Err(NotCounted::Empty),
        Evidence::File { path, .. } => shows(check, facts.get(path))?,
        Evidence::Quote { words, .. } if !is_reason(words) => return Err(NotCounted::Wordless),
        Evidence::Quote { .. } => {}
    }
    match (evidence, question.valid_for_days) {
        _ if reading_ends(question, evidence.day()).is_none_or(|last| last >= today) => Ok(()),
        (Evidence::File { captured, .. }, days) => Err(NotCounted::Faded { captured: *captured, days }),
        (_, days) => Err(NotCounted::Old { read: evidence.day(), days }),
    }
}

/// Whether a file shows something that an answer to this check could be based on.
fn shows(check: &CheckId, fact: Option<&EvidenceFact>) -> Result<(), NotCounted> {
    let Some(EvidenceFact::Present { shows, .. }) = fact else { return Ok(()) };
    match shows {
        Shows::Something => Ok(()),
        Shows::Nothing(why) => Err(NotCounted::Hollow(why.clone())),
        Shows::Conformance(supports) => match supports.get(check.as_str()) {
            None => Err(NotCounted::Unrelated),
            Some(Some(rule)) => Err(NotCounted::Unkept(rule.clone())),
            Some(None) => Ok(()),
        },
    }
}

/// The last day on which its evidence is accepted; `None` when the answer is based on nothing.
pub(super) fn last_day(question: &Question, answer: &Answer, facts: &EvidenceFacts) -> Option<NaiveDate> {
    let kind = question.evidence.filter(|_| matches!(answer.value, AnswerValue::Text(_)))?;
    let counting = answer.evidence.iter().filter(|evidence| {
        // On its own day nothing is too old.
        evidence.is(kind) && counts((&answer.check, question), evidence, facts, evidence.day()).is_ok()
    });
    reading_ends(question, counting.map(Evidence::day).max()?)
}

/// What has changed in the evidence since it was recorded, if anything: a file, or the words that were read on a page.
pub(super) fn changed(answer: &Answer, facts: &EvidenceFacts) -> Option<String> {
    answer.evidence.iter().find_map(|evidence| match evidence {
        Evidence::File { path, sha256, bytes, .. } => match facts.get(path) {
            Some(EvidenceFact::Present { sha256: now, .. }) if now != sha256 => {
                Some(format!("evidence `{path}` has changed"))
            }
            Some(EvidenceFact::Present { bytes: now, .. }) if now != bytes => {
                Some(format!("evidence `{path}` has {now} bytes, and {bytes} were recorded"))
            }
            Some(EvidenceFact::Present { .. }) => None,
            Some(EvidenceFact::Missing(why)) => Some(format!("evidence `{path}`: {why}")),
            None => Some(format!("evidence `{path}` was not looked at")),
        },
        Evidence::Url { url, passage: Some(digest), .. } => {
            let mut quoted = answer.evidence.iter().filter_map(|evidence| match evidence {
                Evidence::Quote { words, .. } => Some(passage(words)),
                Evidence::Url { .. } | Evidence::File { .. } => None,
            });
            let other = quoted.clone().next().is_some() && !quoted.any(|one| one == *digest);
            let seen = || format!("the quoted words are not the ones recorded for `{}`", wording::clip(url));
            other.then(seen)
        }
        Evidence::Url { .. } | Evidence::Quote { .. } => None,
    })
}

/// The day of an earlier, expired answer that is based on the very same file.
pub(super) fn worn<'a>(
    answer: &Answer,
    earlier: impl Iterator<Item = (&'a Answer, NaiveDate)>,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let digests = |answer: &'a Answer| {
        answer.evidence.iter().filter_map(|evidence| match evidence {
            Evidence::File { sha256, .. } => Some(sha256.as_str()),
            Evidence::Url { .. } | Evidence::Quote { .. } => None,
        })
    };
    let own = |digest: &str| {
        let same =
            |evidence: &Evidence| matches!(evidence, Evidence::File { sha256, .. } if sha256 == digest);
        answer.evidence.iter().any(same)
    };
    let mut ended = earlier.filter(|(_, last)| *last < today);
    ended.find(|(other, _)| digests(other).any(own)).map(|(other, _)| other.answered)
}

fn reading_ends(question: &Question, read: NaiveDate) -> Option<NaiveDate> {
    read.checked_add_days(Days::new(question.valid_for_days.into()))
}

fn word(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Url => "an address",
        EvidenceKind::File => "a file, such as a screenshot",
        EvidenceKind::Quote => "a quotation",
        EvidenceKind::Any => "an address, a file or a quotation",
    }
}
