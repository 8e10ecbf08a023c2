//! `greenlight escalate`: what the provider's support needs to know about a job, and nothing secret.

use camino::Utf8PathBuf;
use serde_json::Value;

use super::{clip, context::Context, event_loop::EventLoop};
use crate::{
    error::Error,
    exit::Exit,
    load::{self, Loaded},
    model::report::Tool,
    spend::{
        Entry, Job, Ledger, LedgerError,
        job::State,
        realm::{Live, Realm, Rehearsal},
    },
};

/// How much of a prompt is printed, in characters.
const SUMMARY: usize = 120;

/// Print what support needs to know about a job
///
/// Request id, times, route, model, mode, a summary of the prompt and what was observed. No key, no address of a clip,
/// nothing about other jobs.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The job, such as opening-1
    #[arg(value_name = "JOB")]
    job: String,

    /// Project file or folder [default: greenlight.toml here or above]
    #[arg(long, value_name = "FILE")]
    project: Option<Utf8PathBuf>,

    /// A job of a rehearsal
    #[arg(long)]
    rehearsal: bool,

    /// A shared PostgreSQL ledger [default: .greenlight/ledger.db]
    #[arg(long, env = "GREENLIGHT_LEDGER", hide_env = true, hide_env_values = true, value_name = "URL")]
    ledger: Option<String>,
}

/// Prints it.
///
/// # Errors
/// [`Error`] when there is no such job.
pub fn run(args: &Args, context: &mut Context<'_>) -> Result<Exit, Error> {
    let path = context.project(args.project.as_deref())?;
    let loaded = load::project(&context.dir, &path, &crate::judge::rules::known())?;
    let (job, entries) = if args.rehearsal {
        found::<Rehearsal>(args, &loaded, context)
    } else {
        found::<Live>(args, &loaded, context)
    }?;
    let text = told(&job, &entries, args.rehearsal, context);
    context.say(&text)?;
    Ok(Exit::Go)
}

fn found<R: Realm>(args: &Args, loaded: &Loaded, context: &Context<'_>) -> Result<(Job, Vec<Entry>), Error> {
    let place = clip::place::<R>(args.ledger.as_deref(), loaded, context)?;
    if !place.is_there() {
        return Err(LedgerError::NoJob(args.job.clone()).into());
    }
    let event_loop = EventLoop::start()?;
    event_loop.until_cancelled(async {
        let ledger = Ledger::<R>::open(&place, &loaded.project.name).await?;
        let (job, entries) = (ledger.job(&args.job).await?, ledger.entries().await?);
        ledger.close().await;
        Ok::<_, LedgerError>((job, entries))
    })
}

fn told(job: &Job, entries: &[Entry], rehearsal: bool, context: &Context<'_>) -> String {
    let request: Value = serde_json::from_str(&job.request).unwrap_or(Value::Null);
    let prompt = request.get("prompt").and_then(Value::as_str).unwrap_or("none");
    let summary: String = prompt.chars().take(SUMMARY).collect();
    let summary = if summary.len() < prompt.len() { format!("{summary}…") } else { summary };
    let fields = ["duration", "aspect_ratio", "resolution"];
    let asked: Vec<String> =
        fields.iter().filter_map(|name| Some(format!("{name} {}", request.get(*name)?))).collect();
    let of_job: Vec<&Entry> = entries.iter().filter(|entry| entry.job == job.id).collect();
    let mut changes = of_job.clone();
    changes.dedup_by(|later, earlier| later.event == earlier.event);
    let observed: Vec<String> = changes.iter().map(|entry| format!("{} {}", entry.at, entry.event)).collect();
    let last = of_job.iter().rev().find(|entry| matches!(entry.event.as_str(), "reply" | "poll"));
    let state = match &job.state {
        State::Settled(settled) => settled.ending.word(),
        open => open.word(),
    };
    let tool = Tool::this();
    let route = format!("{} ({})", job.route, job.provider);
    let tool = format!("{} {}", tool.name, tool.version);
    let (asked, observed) = (asked.join(", "), observed.join("; "));
    let rows = [
        ["request id", job.request_id().unwrap_or("none: the provider never named one")],
        ["begun", job.opened.as_str()],
        ["last change", &job.changed],
        ["route", &route],
        ["model", &job.model],
        ["mode", &job.mode],
        ["asked for", &asked],
        ["prompt", &summary],
        ["status", state],
        ["observed", &observed],
        ["client", &tool],
    ];
    let world = if rehearsal { " (a rehearsal: no provider knows this job)" } else { "" };
    let mut text = format!("Job {}{world}\n\n", job.id) + &context.sheet().columns(&rows, 2);
    if let Some(entry) = last {
        text.push_str("\nLast answer:\n\n");
        for line in without_addresses(&entry.detail).lines().filter(|line| !line.is_empty()) {
            text.push_str(&context.sheet().columns(&[[line]], 2));
        }
    }
    text
}

/// The text without addresses: anyone who has a clip's address has the clip.
fn without_addresses(text: &str) -> String {
    let mut left = text;
    let mut out = String::with_capacity(text.len());
    // `https:` and `http:` end alike, and JSON may write their slashes with a backslash in front.
    while let Some(at) = ["http://", "https://", "http:\\/\\/", "https:\\/\\/"]
        .iter()
        .filter_map(|start| left.find(start))
        .min()
    {
        let (before, address) = left.split_at(at);
        let end = address.find(|sign: char| sign.is_whitespace() || "\"'<>`".contains(sign));
        out.push_str(before);
        out.push_str("[address]");
        left = address.get(end.unwrap_or(address.len())..).unwrap_or_default();
    }
    out + left
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain(r#"{"url":"https://a.example/b.mp4?c=d","x":1}"#, r#"{"url":"[address]","x":1}"#)]
    #[case::escaped(r#"{"url":"https:\/\/a.example\/b.mp4"}"#, r#"{"url":"[address]"}"#)]
    #[case::two("see http://a b https://c", "see [address] b [address]")]
    #[case::none("HTTP 200", "HTTP 200")]
    fn no_address_is_left(#[case] text: &str, #[case] wanted: &str) {
        assert_eq!(without_addresses(text), wanted);
    }
}
