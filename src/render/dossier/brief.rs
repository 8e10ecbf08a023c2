//! What a dossier is made from: a report, how far it can be relied on, and today's date.

use chrono::NaiveDate;

use crate::model::report::Report;

/// What a dossier is made from.
#[derive(Debug, Clone)]
pub struct Brief<'a> {
    /// What was found.
    pub report: &'a Report,
    /// How far that can be relied on.
    pub trust: Trust,
    /// Today's date for the reader (UTC): whatever has expired by then is reported.
    pub today: NaiveDate,
    /// What else expires besides answers and waivers, with its last day.
    pub lasting: &'a [(String, NaiveDate)],
    /// The command that checks all of it again.
    pub again: &'a str,
}

/// How far a report can be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// It was judged just now, from the files at hand.
    Judged,
    /// It was checked just now, with calls.
    Checked,
    /// It comes from this receipt, whose digest matches.
    Receipt(String),
    /// It comes from this receipt, which was changed after it was written.
    NotIntact(String),
    /// It comes from this receipt, whose decision doesn't follow from its own findings.
    Contradictory(String),
}

impl Trust {
    /// Whether anything in it may be relied on.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(self, Self::Judged | Self::Checked | Self::Receipt(_))
    }
}
