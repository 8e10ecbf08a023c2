//! What an answer brings as evidence: whether it is of the kind, the owner and the age that its question wants.

use chrono::{Days, NaiveDate};

use super::wording;
use crate::model::{
    answer::{Answer, Evidence, Reply},
    checklist::{EvidenceKind, Question},
    link,
    pages::NotTheirs,
    said::is_said,
    verdict::Reason,
};

/// Why a piece of evidence does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCounted {
    /// It is of another kind.
    #[error("wanted is {}", word(*.0))]
    Kind(EvidenceKind),
    /// It is somebody else's page.
    #[error("{}; wanted is {wanted}", wording::clip(&why.to_string()))]
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
        /// How long a reading counts.
        days: u32,
    },
    /// Its address opens what is not open to everybody, and stands in a file that others read.
    #[error("its address contains a credential ({}); record it without, and revoke the credential if it was shared", .0.join(", "))]
    Credential(Vec<String>),
    /// There is nothing in it.
    #[error("there is nothing in it")]
    Empty,
}

/// Why an answer has no evidence that counts, if so.
pub(super) fn missing(question: &Question, answer: &Answer, today: NaiveDate) -> Option<(Reason, String)> {
    // Nobody has read a page on a day that has not come, whatever it was wanted for.
    let ahead = answer.evidence.iter().find_map(|evidence| match evidence {
        Evidence::Url { read, .. } if *read > today => Some(read),
        _ => None,
    });
    if let Some(read) = ahead {
        let seen = format!("with a page read on {read}, which lies after {today}");
        return Some((Reason::Future, seen));
    }
    let kind = question.evidence.filter(|_| matches!(answer.reply, Reply::Value(_)))?;
    let mut wrong = None;
    for evidence in answer.evidence.iter().filter(|evidence| evidence.is(kind)) {
        match counts(question, evidence, today) {
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

/// Whether a piece of evidence counts on this day, as far as it can be told without looking at files.
///
/// # Errors
/// [`NotCounted`] says why not.
pub fn counts(question: &Question, evidence: &Evidence, today: NaiveDate) -> Result<(), NotCounted> {
    if let Some(kind) = question.evidence.filter(|kind| !evidence.is(*kind)) {
        return Err(NotCounted::Kind(kind));
    }
    match evidence {
        Evidence::Url { url, read } => {
            let names = link::names(url);
            if !names.is_empty() {
                return Err(NotCounted::Credential(names));
            }
            if let Err(why) = question.pages.count(url) {
                let wanted = question.pages.wanted().unwrap_or_default();
                return Err(NotCounted::Page { why, wanted });
            }
            if reading_ends(question, *read).is_some_and(|last| last < today) {
                return Err(NotCounted::Old { read: *read, days: question.valid_for_days });
            }
            Ok(())
        }
        Evidence::File { bytes: 0, .. } => Err(NotCounted::Empty),
        Evidence::Quote(words) if !is_said(words) => Err(NotCounted::Empty),
        Evidence::File { .. } | Evidence::Quote(_) => Ok(()),
    }
}

/// The last day on which what was read counts; none when an answer rests on more than pages, or on nothing.
pub(super) fn last_day(question: &Question, answer: &Answer) -> Option<NaiveDate> {
    let kind = question.evidence.filter(|_| matches!(answer.reply, Reply::Value(_)))?;
    let mut newest = None;
    for evidence in answer.evidence.iter().filter(|evidence| evidence.is(kind)) {
        match evidence {
            Evidence::Url { url, read }
                if question.pages.count(url).is_ok() && link::names(url).is_empty() =>
            {
                newest = newest.max(Some(*read));
            }
            Evidence::Url { .. } | Evidence::File { bytes: 0, .. } => {}
            Evidence::Quote(words) if !is_said(words) => {}
            Evidence::File { .. } | Evidence::Quote(_) => return None,
        }
    }
    reading_ends(question, newest?)
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
