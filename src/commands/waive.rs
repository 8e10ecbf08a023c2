//! `greenlight waive`: records a dated exception.

use camino::Utf8PathBuf;
use chrono::{Days, NaiveDate};

use super::{at_hand, context::Context, record::record};
use crate::{
    error::Error,
    exit::Exit,
    judge::{self, Files},
    load::NewRecord,
    model::{
        answer::{Defect, LONGEST_WAIVER_DAYS, Waiver},
        days::days,
        nearest::nearest,
        said::WANTED,
    },
};

/// Set a check aside until a day, with a reason and an owner
///
/// The exception is printed in the table and in the decision line until it ends. It never changes an
/// answer, it runs for at most 90 days, and some checks cannot be waived.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The check to set aside, such as api.media-rights
    #[arg(value_name = "CHECK")]
    check: String,

    /// Why it may be set aside
    #[arg(long, value_name = "TEXT")]
    reason: String,

    /// Who is responsible for it
    #[arg(long, value_name = "NAME")]
    owner: String,

    /// The last day, such as 2026-12-01, or days from today, such as 30d
    #[arg(long, value_name = "DATE|DAYS", value_parser = until)]
    until: Until,

    /// Project file or folder [default: greenlight.toml here or above]
    #[arg(long, value_name = "FILE")]
    project: Option<Utf8PathBuf>,
}

/// The last day, as typed.
#[derive(Debug, Clone, Copy)]
enum Until {
    Day(NaiveDate),
    Days(u32),
}

impl Until {
    fn day(self, today: NaiveDate) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Days(count) => today.checked_add_days(Days::new(count.into())).unwrap_or(NaiveDate::MAX),
        }
    }
}

fn until(text: &str) -> Result<Until, &'static str> {
    let day = text.parse().map(Until::Day).ok();
    day.or_else(|| days(text).map(Until::Days)).ok_or("write a day such as 2026-12-01, or days such as `30d`")
}

/// Records the waiver.
///
/// # Errors
/// [`Error`] when the check cannot be waived, the day is out of range, or nothing can be written.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let (loaded, report) = at_hand::judged(context, args.project.as_deref(), context.started)?;
    let today = context.started.date_naive();
    let Some(check) = loaded.checklist.check(&args.check) else {
        let ids = loaded.checklist.checks.iter().map(|check| check.id.as_str());
        let hint = nearest(&args.check, ids)
            .map_or("`greenlight check` shows the checks".to_owned(), |near| {
                format!("did you mean `{near}`?")
            });
        return Err(Error::NoCheck { asked: args.check.clone(), hint });
    };
    let refused = |what: String, why: &str| Err(Error::BadValue { what, why: why.to_owned() });
    if !check.waivable {
        return refused(format!("a waiver of `{}`", check.id), "this check can never be waived");
    }
    let waiver = Waiver {
        check: check.id.clone(),
        route: loaded.project.route,
        provider: loaded.project.provider.clone(),
        account: loaded.project.account.clone(),
        given_for: judge::waived_for(&loaded.project, check, &Files::of(&report.inputs)),
        reason: args.reason.trim().to_owned(),
        owner: args.owner.trim().to_owned(),
        recorded: today,
        until: args.until.day(today),
    };
    if waiver.until < today {
        return refused(format!("`--until {}`", waiver.until), "the day has passed");
    }
    match waiver.sound() {
        Ok(()) => {}
        Err(Defect::Nameless) => return refused("`--owner`".to_owned(), "no name given"),
        Err(Defect::Reasonless) => return refused("`--reason`".to_owned(), &format!("write {WANTED}")),
        Err(Defect::OverLong { .. }) => {
            let why = format!("a waiver runs for at most {LONGEST_WAIVER_DAYS} days");
            return refused(format!("`--until {}`", waiver.until), &why);
        }
    }
    let redactor = context.printer.redactor().with_shapes(loaded.refused_keys());
    let last = waiver.until;
    record(&context.dir.join(&loaded.dir), &NewRecord::Waiver(waiver), &redactor)?;
    context.say(&format!("Waived {} until {last}\n", check.id))?;
    Ok(Exit::Go)
}
