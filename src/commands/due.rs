//! `greenlight due`: what expires soon.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use chrono::{DateTime, Days, NaiveDate, Utc};

use super::{at_hand, check::moment, context::Context};
use crate::{
    error::Error,
    exit::Exit,
    load::Loaded,
    model::{
        days::{self, MOST_DAYS},
        id::CheckId,
        report::Report,
        text::counted,
        verdict::Verdict,
    },
};

/// Show which answers, waivers and facts expire soon
///
/// Exits with 3 if something expires, with 0 if nothing does. Makes no call.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How far to look ahead, in days such as 30d
    #[arg(long, value_name = "DAYS", default_value = "14d", value_parser = days)]
    within: u32,

    /// Look from this day or moment in UTC, such as 2026-08-10
    #[arg(long, value_name = "DATE", value_parser = moment)]
    at: Option<DateTime<Utc>>,

    /// Project file or folder [default: greenlight.toml here or above]
    #[arg(long, value_name = "FILE")]
    project: Option<Utf8PathBuf>,
}

fn days(text: &str) -> Result<u32, String> {
    let days = days::days(text).filter(|days| *days <= MOST_DAYS);
    days.ok_or_else(|| "write a number of days such as `14d`; `1m` is ambiguous".to_owned())
}

/// Prints what expires.
///
/// # Errors
/// [`Error`] when the project cannot be loaded.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let at = args.at.unwrap_or(context.started);
    let (loaded, report) = at_hand::judged(context, args.project.as_deref(), at)?;
    let today = at.date_naive();
    let horizon = today.checked_add_days(Days::new(args.within.into())).unwrap_or(NaiveDate::MAX);
    let due: Vec<_> = last_days(&loaded, &report).into_iter().filter(|(_, day)| *day <= horizon).collect();
    if due.is_empty() {
        context.say(&format!("Nothing expires by {horizon}.\n"))?;
        return Ok(Exit::Go);
    }
    let mut sorted = due;
    sorted.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    let days: Vec<_> = sorted.iter().map(|(_, day)| (day.to_string(), age(*day, today))).collect();
    let rows: Vec<_> =
        sorted.iter().zip(&days).map(|((what, _), (day, age))| [day.as_str(), age, what]).collect();
    let text = context.sheet().columns(&rows, 0);
    context.say(&text)?;
    Ok(Exit::Hold)
}

fn age(last: NaiveDate, today: NaiveDate) -> String {
    match (last - today).num_days() {
        0 => "expires today".to_owned(),
        1 => "expires tomorrow".to_owned(),
        left @ 2.. => format!("expires in {left} days"),
        gone => format!("expired {} ago", counted(usize::try_from(-gone).unwrap_or_default(), "day")),
    }
}

/// Everything that is valid or has lapsed, with its last day.
fn last_days(loaded: &Loaded, report: &Report) -> BTreeMap<String, NaiveDate> {
    let mut all = BTreeMap::new();
    // The findings of one check may depend on several answers; the first to expire is the one to act on.
    let mut note = |what: String, day: NaiveDate| {
        all.entry(what).and_modify(|first: &mut NaiveDate| *first = day.min(*first)).or_insert(day);
    };
    for finding in &report.findings {
        if let Some(recorded) = &finding.recorded {
            note(format!("answer {}, by {}", finding.check, recorded.by), recorded.expires);
        }
        if let Verdict::Waived { until } = finding.verdict {
            note(format!("waiver {}", finding.check), until);
        }
    }
    // A waiver that has lapsed no longer shows in a finding; the check it waived is open again.
    let open = |check: &CheckId| {
        let mut findings = report.findings.iter().filter(|finding| finding.check == *check);
        findings.any(|finding| !finding.verdict.lets_on())
    };
    let mut lapsed: BTreeMap<&CheckId, NaiveDate> = BTreeMap::new();
    let project = &loaded.project;
    for waiver in loaded.answers.waivers.iter().filter(|waiver| {
        let (route, provider, account) = (waiver.route, &waiver.provider, &waiver.account);
        (route, provider, account) == (project.route, &project.provider, &project.account)
            && open(&waiver.check)
    }) {
        let last = lapsed.entry(&waiver.check).or_insert(waiver.until);
        *last = waiver.until.max(*last);
    }
    for (check, last) in lapsed {
        note(format!("waiver {check}"), last);
    }
    for (what, day) in facts(loaded) {
        note(what, day);
    }
    all
}

/// The catalogues that a project is judged by, with the last day on which each counts as fresh.
pub(super) fn facts(loaded: &Loaded) -> Vec<(String, NaiveDate)> {
    let editions = loaded.catalogue.editions.iter().enumerate();
    let named = editions.filter_map(|(at, edition)| {
        let what = match at {
            0 => "the shipped catalogue of models and prices".to_owned(),
            _ => format!("the catalogue `{}`", edition.id),
        };
        Some((what, edition.last_day()?))
    });
    named.collect()
}
