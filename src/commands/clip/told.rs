//! What is told of a paid step: before it, while it goes on, and how it ended.

use std::cell::RefCell;

use serde_json::json;

use super::prepare::Ready;
use crate::{
    commands::context::Context,
    error::Error,
    exit::Exit,
    model::{
        checklist::Host,
        job_api::{Again, PointsTo},
    },
    spend::{Advice, Balance, How, JobStep, Listener, NotReserved, Order, Outcome, job::State, realm::Realm},
    ui::Progress,
};

/// What is about to happen.
pub(super) fn sheet<R: Realm>(ready: &Ready, context: &Context<'_>) -> String {
    let order = &ready.order;
    let world = if R::REHEARSAL { " · REHEARSAL, nothing is paid" } else { "" };
    let route = format!("{} ({}){world}", order.route, order.provider);
    let made_of = ["image", "last_frame", "reference_images", "keyframes", "reference_audios", "video"];
    let inputs: Vec<&str> = made_of.into_iter().filter(|name| order.body.get(*name).is_some()).collect();
    let inputs = if inputs.is_empty() { "none".to_owned() } else { inputs.join(", ").replace('_', " ") };
    let asked = ["duration", "aspect_ratio", "resolution"];
    let asked: Vec<String> = asked
        .into_iter()
        .filter_map(|name| Some((name, order.body.get(name)?)))
        .map(|(name, value)| match value.as_str() {
            Some(text) => text.to_owned(),
            None if name == "duration" => format!("{value} s"),
            None => value.to_string(),
        })
        .collect();
    let day = order.priced.map(|day| format!(" (prices as of {day})")).unwrap_or_default();
    let price = format!("{} at most{day}", order.price);
    let budget = left(&ready.balance);
    let prompt = order.body.get("prompt").and_then(|prompt| prompt.as_str()).unwrap_or("none");
    let rows = [
        ["shot", order.shot.as_str()],
        ["route", &route],
        ["model", &order.model],
        ["mode", order.mode.word()],
        ["prompt", prompt],
        ["inputs", &inputs],
        ["asked for", &asked.join(", ")],
        ["price", &price],
        ["budget", &budget],
        ["kept in", ready.folder.as_str()],
    ];
    context.sheet().columns(&rows, 2) + "\n"
}

/// `2.70 of 3.00 USD left`.
pub(in crate::commands) fn left(balance: &Balance) -> String {
    let left = balance.left().to_string();
    format!("{} of {} left", left.trim_end_matches(" USD"), balance.limit())
}

/// The exact request, as JSON and for curl. What is too long stands as its digest; the key is left out.
pub(super) fn request(order: &Order, (host, path): (Option<&Host>, &str), price: &str, json: bool) -> String {
    let url = host
        .map(|host| format!("{}{path}", host.base_url.as_str().trim_end_matches('/')))
        .unwrap_or_default();
    if json {
        let all =
            json!({ "event": "dry-run", "method": "POST", "url": url, "body": order.shown, "price": price });
        return format!("{all}\n");
    }
    let body = serde_json::to_string_pretty(&order.shown).unwrap_or_default();
    let key = host.and_then(|host| host.key.as_ref());
    let header = key.map(|key| {
        let value = key.carrier.value(&format!("${}", key.env));
        format!("  -H \"{}: {value}\" \\\n", key.carrier.header)
    });
    format!(
        "POST {url}\n\n{body}\n\nPrice: {price}. Nothing was sent.\n\nThe same for curl:\n\n\
         curl -X POST {url} \\\n{}  -H 'Content-Type: application/json' \\\n  -d '{}'\n",
        header.unwrap_or_default(),
        body.replace('\'', "'\\''")
    )
}

/// Why nothing was set aside.
pub(super) fn not_reserved(error: NotReserved) -> Error {
    let fix = match &error {
        NotReserved::NotNow(why) => Some(why.fix()),
        NotReserved::OverBudget(_) => {
            Some("raise `budget` under `[project]`, or make the shot smaller".to_owned())
        }
        NotReserved::Ledger(_) => None,
    };
    match error {
        NotReserved::Ledger(error) => error.into(),
        error => Error::Refused { why: error.to_string(), fix },
    }
}

/// Tells what happens: lines of JSON, or a line that moves and a few that stay.
pub(super) struct Teller<'c, 'e> {
    json: bool,
    context: RefCell<&'c mut Context<'e>>,
    progress: Progress,
}

impl<'c, 'e> Teller<'c, 'e> {
    pub(super) fn new(json: bool, context: &'c mut Context<'e>) -> Self {
        let redactor = context.printer.redactor().clone();
        let progress = Progress::new(&context.terminal, context.quiet || json, context.env, redactor);
        Self { json, context: RefCell::new(context), progress: progress.without_count() }
    }

    fn stays(&self, text: &str) {
        self.progress.aside(|| self.context.borrow_mut().note(text));
    }
}

impl Listener for Teller<'_, '_> {
    fn hears(&self, step: &JobStep) {
        if self.json {
            let line = serde_json::to_string(step).unwrap_or_default();
            // Nobody reads any more: the job goes on all the same.
            drop(self.context.borrow_mut().say(&(line + "\n")));
            return;
        }
        match step {
            JobStep::Reserved { amount, .. } => self.stays(&format!("set aside {amount}\n")),
            JobStep::Submitting { .. } => self.progress.says("sending the request"),
            JobStep::Holding { .. } => self.stays(
                "the request is out: waiting up to a minute for the answer; Ctrl-C again leaves the job unknown\n",
            ),
            JobStep::Accepted { job, request_id } => {
                self.stays(&format!("job {job} accepted, request id {request_id}\n"));
            }
            JobStep::Pending { percent, waited, .. } => {
                let percent = percent.map(|percent| format!("{percent} %, ")).unwrap_or_default();
                self.progress.says(&format!("being made: {percent}{waited} s"));
            }
            JobStep::Unclear { why, .. } => self.progress.says(&format!("asking again: {why}")),
            JobStep::Ended { ending, amount, basis, .. } => {
                self.stays(&format!("ended: {ending}, {amount} ({basis})\n"));
            }
            JobStep::Fetching { bytes, total, .. } => {
                let total = total.map(|total| format!(" of {total}")).unwrap_or_default();
                self.progress.says(&format!("downloading: {bytes}{total} bytes"));
            }
            JobStep::Stored { .. } => {}
        }
    }
}

impl Teller<'_, '_> {
    /// Tells how it ended, and with which code.
    pub(super) fn finish<R: Realm>(self, outcome: &Outcome, balance: &Balance) -> Result<Exit, Error> {
        self.progress.finish();
        let exit = exit(&outcome.how);
        let context = self.context.into_inner();
        if self.json {
            let line = finished::<R>(outcome, balance, exit);
            context.say(&line)?;
        } else {
            let rows = rows::<R>(outcome, balance);
            let rows: Vec<_> = rows.iter().map(|(name, text)| [*name, text.as_str()]).collect();
            let text = context.sheet().columns(&rows, 2);
            context.say(&text)?;
        }
        Ok(exit)
    }
}

fn exit(how: &How) -> Exit {
    match how {
        How::Stored(_) | How::Delivered => Exit::Go,
        How::Interrupted => Exit::Interrupted,
        How::Ended(_) | How::NotKept(_) | How::Unknown | How::TimedOut | How::Barred => Exit::NoClip,
    }
}

/// How it ended, in a word.
fn word(how: &How) -> &'static str {
    match how {
        How::Stored(_) => "stored",
        How::Delivered => "delivered",
        How::Ended(ending) => ending.word(),
        How::NotKept(_) => "not-kept",
        How::Unknown => "unknown",
        How::TimedOut => "timed-out",
        How::Interrupted => "interrupted",
        How::Barred => "barred",
    }
}

fn rows<R: Realm>(outcome: &Outcome, balance: &Balance) -> Vec<(&'static str, String)> {
    let (job, advice) = (&outcome.job, &outcome.advice);
    let mut rows = vec![(word(&outcome.how), what_happened(&outcome.how, advice))];
    if let How::Stored(kept) = &outcome.how {
        rows.extend(kept.differs.iter().map(|differs| ("warning", differs.clone())));
    }
    if let Some(told) = &advice.told {
        rows.push(("it said", told.clone()));
    }
    if !matches!(outcome.how, How::Stored(_) | How::Delivered | How::Interrupted | How::TimedOut) {
        rows.push(("points to", points_to(outcome)));
    }
    let cost = match &job.state {
        State::Settled(settled) => format!("{} ({})", settled.amount, basis(settled.basis)),
        _ => format!("{} stay set aside until it is known", job.price),
    };
    let world = if R::REHEARSAL { "; a rehearsal, nothing was paid" } else { "" };
    rows.push(("cost", format!("{cost}{world}")));
    rows.push(("budget", left(balance)));
    if balance.closed {
        rows.push(("closed", "more was charged than the budget holds: nothing more is paid".to_owned()));
    }
    let id = job.request_id().map(|id| format!(", request id {id}")).unwrap_or_default();
    rows.push(("job", format!("{}{id}", job.id)));
    if let Some(next) = next(outcome) {
        rows.push(("next", next));
    }
    rows
}

fn what_happened(how: &How, advice: &Advice) -> String {
    let says = |usual: &str| if advice.says.is_empty() { usual.to_owned() } else { advice.says.clone() };
    match how {
        How::Stored(kept) => {
            let length =
                kept.media.millis.map(|millis| format!("  {}.{} s", millis / 1000, millis % 1000 / 100));
            let size = kept.media.pixels.map(|(width, height)| format!("  {width}x{height}"));
            let digest = kept.sha256.get(..12).unwrap_or_default();
            let (length, size) = (length.unwrap_or_default(), size.unwrap_or_default());
            format!("{}{length}{size}  sha256 {digest}", kept.file)
        }
        How::Delivered => "the provider delivered the clip to your `upload-url`; look at it there".to_owned(),
        How::Ended(_) => says("no clip came of it"),
        How::NotKept(why) => {
            let cause = std::error::Error::source(why).map(|cause| format!(": {cause}")).unwrap_or_default();
            format!("there is a clip, and it is not stored: {why}{cause}")
        }
        How::Unknown => format!("nobody knows whether the job was begun: {}", says("no answer came")),
        How::TimedOut => "the time is over and the job still runs".to_owned(),
        How::Interrupted => "stopped; the job goes on at the provider".to_owned(),
        How::Barred => says("the account may not ask any more"),
    }
}

fn points_to(outcome: &Outcome) -> String {
    let points = match &outcome.how {
        How::NotKept(why) => why.points_to(),
        _ => outcome.advice.points_to.clone(),
    };
    if points.is_empty() {
        return "greenlight cannot tell".to_owned();
    }
    points.iter().map(|point| point.words()).collect::<Vec<_>>().join(", ")
}

fn basis(basis: crate::spend::job::Basis) -> &'static str {
    use crate::spend::job::Basis;
    match basis {
        Basis::NotBegun => "nothing was begun",
        Basis::Reported => "as the provider reports",
        Basis::Reservation => "all that was set aside: nobody said what it cost",
        Basis::Bill => "as billed",
        Basis::Decision => "as decided",
    }
}

/// The command or the change that comes next.
fn next(outcome: &Outcome) -> Option<String> {
    let (job, advice) = (&outcome.job, &outcome.advice);
    match &outcome.how {
        How::Stored(_) | How::Delivered => None,
        How::TimedOut | How::Interrupted | How::NotKept(_) | How::Barred => {
            Some(format!("greenlight clip --resume {}", job.id))
        }
        How::Unknown => Some(format!(
            "look at the provider's usage page; then greenlight ledger settle {id} --amount AMOUNT --evidence URL, or \
             greenlight ledger resolve {id}. It is never sent again",
            id = job.id
        )),
        How::Ended(_) => {
            let again = match advice.again {
                Some(Again::Never) => " Do not try again.",
                Some(Again::Elsewhere) => " Trying the same again does not help.",
                Some(Again::Changed) => " Change one thing before you try again.",
                Some(Again::Same) => " It may be tried again as it is.",
                None => "",
            };
            (!advice.fix.is_empty())
                .then(|| format!("{}{again}", advice.fix.replace("SHOT", &job.shot).replace("JOB", &job.id)))
        }
    }
}

fn finished<R: Realm>(outcome: &Outcome, balance: &Balance, exit: Exit) -> String {
    let (job, advice) = (&outcome.job, &outcome.advice);
    let settled = match &job.state {
        State::Settled(settled) => Some(settled),
        _ => None,
    };
    let differs = match &outcome.how {
        How::Stored(kept) => kept.differs.clone(),
        _ => Vec::new(),
    };
    let points: Vec<&str> = match &outcome.how {
        How::NotKept(why) => why.points_to(),
        _ => advice.points_to.clone(),
    }
    .into_iter()
    .map(PointsTo::words)
    .collect();
    let line = json!({
        "event": "finished",
        "how": word(&outcome.how),
        "rehearsal": R::REHEARSAL,
        "job": job.id,
        "request-id": job.request_id(),
        "file": job.file,
        "sha256": job.sha256,
        "differs": differs,
        "cost-ticks": settled.map(|settled| settled.amount.get()),
        "basis": settled.map(|settled| settled.basis.word()),
        "left-ticks": balance.left().get(),
        "says": what_happened(&outcome.how, advice),
        "told": advice.told,
        "points-to": points,
        "next": next(outcome),
        "exit": exit.code(),
    });
    format!("{line}\n")
}
