//! What is printed about a paid step: before it, during it, and how it ended.

use std::cell::RefCell;

use serde_json::json;

use super::{Args, Hints, prepare::Ready};
use crate::{
    commands::context::Context,
    error::Error,
    exit::Exit,
    model::{
        checklist::Host,
        job_api::{Again, PointsTo},
        text::shell_word,
    },
    spend::{Balance, How, JobStep, Listener, NotReserved, Order, Outcome, job::State, realm::Realm},
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
        ["settings", &asked.join(", ")],
        ["preflight", &ready.preflight],
        ["price", &price],
        ["budget", &budget],
        ["output", ready.folder.as_str()],
    ];
    context.sheet().columns(&rows, 2) + "\n"
}

/// `2.70 of 3.00 USD left`.
pub(in crate::commands) fn left(balance: &Balance) -> String {
    let left = balance.left().to_string();
    format!("{} of {} left", left.trim_end_matches(" USD"), balance.limit())
}

/// The exact request, as JSON and for curl. A value that is too long is shown as its digest; the key is left out.
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
         curl -X POST {url} \\\n{}  -H 'Content-Type: application/json' \\\n  -d {}\n",
        header.unwrap_or_default(),
        shell_word(&body)
    )
}

/// Why nothing was set aside.
pub(super) fn not_reserved(error: NotReserved) -> Error {
    let fix = match &error {
        NotReserved::NotNow(why) => Some(why.fix()),
        NotReserved::OverBudget(_) => {
            Some("raise `budget` under `[project]`, or make the shot shorter or smaller".to_owned())
        }
        NotReserved::Ledger(_) => None,
    };
    match error {
        NotReserved::Ledger(error) => error.into(),
        error => Error::Refused { why: error.to_string(), fix },
    }
}

/// Prints what happens: lines of JSON, or one line that is updated and a few that stay.
pub(super) struct Teller<'c, 'e> {
    json: bool,
    hints: Hints,
    context: RefCell<&'c mut Context<'e>>,
    progress: Progress,
}

impl<'c, 'e> Teller<'c, 'e> {
    pub(super) fn new(args: &Args, context: &'c mut Context<'e>) -> Self {
        let json = args.is_json();
        let redactor = context.printer.redactor().clone();
        let progress = Progress::new(&context.terminal, context.quiet || json, context.env, redactor);
        Self {
            json,
            hints: Hints::of(args),
            context: RefCell::new(context),
            progress: progress.without_count(),
        }
    }

    fn stays(&self, text: &str) {
        self.progress.aside(|| self.context.borrow_mut().note(text));
    }
}

impl Listener for Teller<'_, '_> {
    fn hears(&self, step: &JobStep) {
        if self.json {
            let line = serde_json::to_string(step).unwrap_or_default();
            // No one reads the output any more, but the job goes on.
            drop(self.context.borrow_mut().say(&(line + "\n")));
            return;
        }
        match step {
            JobStep::Reserved { amount, .. } => self.stays(&format!("reserved {amount}\n")),
            JobStep::Submitting { .. } => self.progress.says("sending the request"),
            JobStep::Holding { .. } => self.stays(
                "waiting up to a minute for the reply to the paid request; press Ctrl-C again to stop, and the job stays \
                 unknown\n",
            ),
            JobStep::Accepted { job, request_id } => {
                self.stays(&format!("job {job} accepted, request id {request_id}\n"));
            }
            JobStep::Pending { percent, waited, .. } => {
                let percent = percent.map(|percent| format!("{percent} %, ")).unwrap_or_default();
                self.progress.says(&format!("generating: {percent}{waited} s"));
            }
            JobStep::Unclear { why, .. } => self.progress.says(&format!("retrying: {why}")),
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
    /// Prints how it ended, and returns the exit code.
    pub(super) fn finish<R: Realm>(self, outcome: &Outcome, balance: &Balance) -> Result<Exit, Error> {
        self.progress.finish();
        let exit = exit(&outcome.how);
        let context = self.context.into_inner();
        if self.json {
            let line = finished::<R>(outcome, balance, (exit, &self.hints));
            context.say(&line)?;
        } else {
            let rows = rows::<R>(outcome, balance, &self.hints);
            let rows: Vec<_> = rows.iter().map(|(name, text)| [*name, text.as_str()]).collect();
            let text = context.sheet().columns(&rows, 2);
            context.say(&text)?;
        }
        Ok(exit)
    }
}

fn exit(how: &How) -> Exit {
    match how {
        How::Stored(_) | How::AlreadyStored | How::Delivered => Exit::Go,
        How::Interrupted => Exit::Interrupted,
        How::Ended(_) | How::NotKept(_) | How::Unknown | How::TimedOut | How::Barred => Exit::NoClip,
    }
}

/// How it ended, in a word.
fn word(how: &How) -> &'static str {
    match how {
        How::Stored(_) | How::AlreadyStored => "stored",
        How::Delivered => "delivered",
        How::Ended(ending) => ending.word(),
        How::NotKept(_) => "not-kept",
        How::Unknown => "unknown",
        How::TimedOut => "timed-out",
        How::Interrupted => "interrupted",
        How::Barred => "barred",
    }
}

fn rows<R: Realm>(outcome: &Outcome, balance: &Balance, hints: &Hints) -> Vec<(&'static str, String)> {
    let (job, advice) = (&outcome.job, &outcome.advice);
    let mut rows = vec![(word(&outcome.how), what_happened(outcome))];
    if let How::Stored(kept) = &outcome.how {
        let unwritten = Some(&advice.says).filter(|says| !says.is_empty());
        rows.extend(kept.differs.iter().chain(unwritten).map(|warning| ("warning", warning.clone())));
    }
    if let Some(told) = &advice.told {
        rows.push(("reply", told.clone()));
    }
    if !matches!(
        outcome.how,
        How::Stored(_) | How::AlreadyStored | How::Delivered | How::Interrupted | How::TimedOut
    ) {
        rows.push(("points to", points_to(outcome)));
    }
    let cost = match &job.state {
        State::Settled(settled) => format!("{} ({})", settled.amount, basis(settled.basis)),
        _ => format!("{} reserved until the cost is known", job.price),
    };
    let world = if R::REHEARSAL { "; rehearsal, nothing was paid" } else { "" };
    rows.push(("cost", format!("{cost}{world}")));
    rows.push(("budget", left(balance)));
    if balance.closed {
        rows.push((
            "closed",
            "the provider charged more than the budget; no further clip is paid".to_owned(),
        ));
    }
    let id = job.request_id().map(|id| format!(", request id {id}")).unwrap_or_default();
    rows.push(("job", format!("{}{id}", job.id)));
    if let Some(next) = next(outcome) {
        rows.push(("next", hints.typed(&next)));
    }
    rows
}

fn what_happened(outcome: &Outcome) -> String {
    let Outcome { job, how, advice } = outcome;
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
        How::AlreadyStored => format!("{}  saved by an earlier run", job.file.as_deref().unwrap_or_default()),
        How::Delivered => "the provider delivered the clip to your `upload-url`; check it there".to_owned(),
        How::Ended(_) => says("no clip was made"),
        How::NotKept(why) => {
            let cause = std::error::Error::source(why).map(|cause| format!(": {cause}")).unwrap_or_default();
            format!("the clip is made but not saved: {why}{cause}")
        }
        How::Unknown => format!("unclear whether the job started: {}", says("no reply")),
        How::TimedOut => "timed out; the job is still running".to_owned(),
        How::Interrupted if !job.is_resumable() => "stopped before the request was sent".to_owned(),
        How::Interrupted => "stopped waiting; the job continues at the provider".to_owned(),
        How::Barred => says("the account is no longer allowed to poll"),
    }
}

fn points_to(outcome: &Outcome) -> String {
    let points = match &outcome.how {
        How::NotKept(why) => why.points_to(),
        _ => outcome.advice.points_to.clone(),
    };
    if points.is_empty() {
        return "unclear".to_owned();
    }
    points.iter().map(|point| point.words()).collect::<Vec<_>>().join(", ")
}

fn basis(basis: crate::spend::job::Basis) -> &'static str {
    use crate::spend::job::Basis;
    match basis {
        Basis::NotBegun => "nothing was started",
        Basis::Reported => "reported by the provider",
        Basis::Reservation => "the whole reservation; the provider reported no cost",
        Basis::Bill => "billed",
        Basis::Decision => "decided by a person",
    }
}

/// The command or the change that comes next.
fn next(outcome: &Outcome) -> Option<String> {
    let (job, advice) = (&outcome.job, &outcome.advice);
    match &outcome.how {
        How::Stored(_) | How::AlreadyStored | How::Delivered => None,
        How::Interrupted if !job.is_resumable() => None,
        How::TimedOut | How::Interrupted | How::NotKept(_) | How::Barred => {
            Some(format!("greenlight clip --resume {}", job.id))
        }
        How::Unknown => Some(format!(
            "check the provider's usage page, then run `greenlight ledger settle {id} --amount AMOUNT --evidence URL --by \
             NAME`, or `greenlight ledger resolve {id}` if nothing can be proven. greenlight never sends it again",
            id = job.id
        )),
        How::Ended(_) => {
            let again = match advice.again {
                Some(Again::Never) => " Do not retry.",
                Some(Again::Elsewhere) => " A retry without changes does not help.",
                Some(Again::Changed) => " Change one thing before you retry.",
                Some(Again::Same) => " It can be retried as it is.",
                None => "",
            };
            (!advice.fix.is_empty())
                .then(|| format!("{}{again}", advice.fix.replace("SHOT", &job.shot).replace("JOB", &job.id)))
        }
    }
}

fn finished<R: Realm>(outcome: &Outcome, balance: &Balance, (exit, hints): (Exit, &Hints)) -> String {
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
        "says": what_happened(outcome),
        "told": advice.told,
        "points-to": points,
        "next": next(outcome).map(|next| hints.typed(&next)),
        "exit": exit.code(),
    });
    format!("{line}\n")
}
