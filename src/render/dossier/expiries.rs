//! Everything with a last day that a report is based on: answers, waivers, and facts.

use chrono::NaiveDate;

use super::{brief::Brief, sorted::Sorted, words::named};
use crate::model::{dossier::Expiry, id::CheckId};

/// All of them, the earliest first.
pub(super) fn all(brief: &Brief<'_>, sorted: &Sorted<'_>) -> Vec<Expiry> {
    let report = brief.report;
    let title = |check: &CheckId| named(sorted.name(check));
    let expiry = |day: NaiveDate, what: String, at: Option<String>| Expiry {
        day,
        what,
        at,
        left: (day - brief.today).num_days(),
    };
    let answers = (1..).zip(&report.answers).filter(|(_, answer)| answer.used).map(|(number, answer)| {
        let what = format!("answer on {} by {}", title(&answer.check), named(&answer.by));
        expiry(answer.until, what, Some(format!("A{number}")))
    });
    let waivers = (1..).zip(&report.waivers).filter(|(_, waiver)| waiver.used).map(|(number, waiver)| {
        let what = format!("waiver of {} by {}", title(&waiver.check), named(&waiver.owner));
        expiry(waiver.until, what, Some(format!("W{number}")))
    });
    let lasting = brief.lasting.iter().map(|(what, day)| expiry(*day, named(what), None));
    let mut all: Vec<_> = answers.chain(waivers).chain(lasting).collect();
    all.sort_by_key(|expiry| expiry.day);
    all
}
