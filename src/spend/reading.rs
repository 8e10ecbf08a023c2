//! What an answer from the provider means for a job. Pure.

use serde_json::Value;

use super::{
    job::{Ending, Event},
    line::Heard,
};
use crate::{
    judge::{expect, value::Scope},
    model::{
        checklist::Fault,
        job_api::{Again, Cause, CauseEnding, JobApi, PointsTo},
        observation::Reply,
        ticks::Ticks,
    },
};

/// The longest job id that is accepted, in bytes; those seen so far are UUIDs.
const LONGEST_ID: usize = 200;

/// What to do when something is unknown.
const ASK: &str = "Ask the provider's support: `greenlight escalate JOB` prints what they need.";

/// What an answer says in addition to what happened.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Advice {
    /// What happened, for a reader.
    pub says: String,
    /// What the provider said.
    pub told: Option<String>,
    /// What it points to; empty when that can't be told.
    pub points_to: Vec<PointsTo>,
    /// What to do.
    pub fix: String,
    /// Whether another try is worthwhile; absent when that is unknown.
    pub again: Option<Again>,
}

impl Advice {
    /// What happened, and nothing else.
    pub(super) fn said(says: &str) -> Self {
        Self { says: says.to_owned(), ..Self::default() }
    }

    /// The same with an addition.
    fn with(self, more: &str) -> Self {
        let says = if self.says.is_empty() { more.to_owned() } else { format!("{}; {more}", self.says) };
        Self { says, ..self }
    }
}

/// What a poll says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Polled {
    /// It is still running.
    Pending(Option<u64>),
    /// It is over.
    Over(Box<Over>),
    /// Nothing was learnt; the next poll may be different.
    Nothing(String),
    /// The account is no longer allowed to ask.
    Barred(Advice),
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Over {
    pub(super) ending: Ending,
    pub(super) cost: Option<Ticks>,
    /// The address of the clip.
    pub(super) url: Option<String>,
    pub(super) advice: Advice,
}

/// What is needed to read the provider's replies.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) api: &'a JobApi,
    pub(super) faults: &'a [Fault],
    /// Whether the project has its clips delivered.
    pub(super) delivered: bool,
}

impl Reader<'_> {
    /// What the answer to the paid request says.
    pub(super) fn created(&self, heard: &Heard) -> (Event, Advice) {
        let reply = &heard.reply;
        let id = heard.json.as_ref().and_then(|json| json.get("request_id"));
        match (reply.status, id) {
            (200..=299, Some(Value::String(id))) if is_id(id) => {
                (Event::Accepted(id.to_owned()), Advice::default())
            }
            // These mean that the request itself wasn't accepted. Any other answer may come from a server in between,
            // or from after the job was started.
            (400 | 401 | 402 | 403 | 404 | 405 | 413 | 415 | 422 | 429, None) => {
                (Event::Refused(cost(heard)), self.advice(heard, Asked::Create))
            }
            _ => (Event::NoAnswer, self.advice(heard, Asked::Create)),
        }
    }

    /// What the answer to a poll says. Shortly after its start, a job may not be found yet.
    pub(super) fn polled(&self, heard: &Heard, early: bool) -> Polled {
        let reply = &heard.reply;
        let json = heard.json.as_ref();
        match reply.status {
            202 => Polled::Pending(json.and_then(progress)),
            200..=299 => json
                .map_or_else(|| Polled::Nothing("empty reply".to_owned()), |json| self.status(heard, json)),
            401 | 403 => Polled::Barred(self.advice(heard, Asked::Poll(None))),
            400 | 404 => self.not_found(heard, early),
            _ => Polled::Nothing(format!("HTTP {}", reply.status)),
        }
    }

    /// An error page from a server in between isn't an answer from the provider: only the provider's own error ends a
    /// job.
    fn not_found(&self, heard: &Heard, early: bool) -> Polled {
        let reply = &heard.reply;
        if self
            .cause(heard, Asked::Poll(None))
            .is_some_and(|cause| cause.ending == Some(CauseEnding::Moderated))
        {
            return self.over(heard, Ending::Moderated, None, None);
        }
        match reply.status {
            _ if early || !heard.json.as_ref().is_some_and(Value::is_object) => {
                Polled::Nothing(format!("HTTP {}", reply.status))
            }
            404 => self.over(heard, Ending::Expired, None, None),
            _ => self.over(heard, Ending::Unknown, None, None),
        }
    }

    fn status(&self, heard: &Heard, json: &Value) -> Polled {
        let status = json.get("status").and_then(Value::as_str);
        let video = json.get("video").filter(|video| video.is_object());
        let is = |words: &[String]| status.is_some_and(|status| words.iter().any(|word| word == status));
        if is(&self.api.pending) {
            Polled::Pending(progress(json))
        } else if is(&self.api.done) || (status.is_none() && video.is_some()) {
            self.done(heard, video)
        } else if is(&self.api.failed) {
            let code = json.pointer("/error/code").and_then(Value::as_str).map(str::to_owned);
            let cause = self.cause(heard, Asked::Poll(code.as_deref()));
            let moderated = cause.is_some_and(|cause| cause.ending == Some(CauseEnding::Moderated));
            let ending = if moderated { Ending::Moderated } else { Ending::Failed };
            self.over(heard, ending, None, code.as_deref())
        } else if is(&self.api.expired) {
            self.over(heard, Ending::Expired, None, None)
        } else {
            match status {
                // Clients that treat an unknown word as "in progress" poll forever.
                Some(word) => Self::odd(heard, &format!("the job ended as `{word}`, an undocumented status")),
                None => Polled::Nothing("the reply has no status and no clip".to_owned()),
            }
        }
    }

    fn done(&self, heard: &Heard, video: Option<&Value>) -> Polled {
        let url = |at: &str| video?.pointer(at)?.as_str().filter(|url| !url.trim().is_empty());
        let held_back = video.and_then(|video| video.get("respect_moderation")) == Some(&Value::Bool(false));
        match url("/url").or_else(|| url("/file_output/public_url")) {
            Some(url) if !held_back => self.over(heard, Ending::Done, Some(url.to_owned()), None),
            _ if held_back => self.over(heard, Ending::Moderated, None, None),
            _ if self.delivered => self.over(heard, Ending::Delivered, None, None),
            _ => Self::odd(heard, "the provider says the job is done, but names no clip and no reason"),
        }
    }

    /// An undocumented ending.
    fn odd(heard: &Heard, says: &str) -> Polled {
        let advice = Advice {
            says: says.to_owned(),
            told: told(&heard.reply),
            fix: ASK.to_owned(),
            ..Advice::default()
        };
        Polled::Over(Box::new(Over { ending: Ending::Unknown, cost: cost(heard), url: None, advice }))
    }

    fn over(&self, heard: &Heard, ending: Ending, url: Option<String>, code: Option<&str>) -> Polled {
        let advice = match ending {
            Ending::Done | Ending::Delivered => Advice::default(),
            Ending::Expired => Advice {
                says: "the job expired at the provider".to_owned(),
                told: told(&heard.reply),
                points_to: vec![PointsTo::TemporaryUrl],
                fix: "Start again, and let greenlight run until the clip is saved.".to_owned(),
                again: Some(Again::Same),
            },
            Ending::Moderated if self.cause(heard, Asked::Poll(code)).is_none() => Advice {
                says: "moderation held the finished clip back".to_owned(),
                told: told(&heard.reply),
                points_to: vec![PointsTo::Moderation],
                fix: "Change the prompt or the inputs, or stop: the same request costs the same again."
                    .to_owned(),
                again: Some(Again::Changed),
            },
            _ => self.advice(heard, Asked::Poll(code)),
        };
        let advice =
            if is_cost_unread(heard) { advice.with("the cost it reports cannot be read") } else { advice };
        Polled::Over(Box::new(Over { ending, cost: cost(heard), url, advice }))
    }

    fn advice(&self, heard: &Heard, asked: Asked<'_>) -> Advice {
        let told = told(&heard.reply);
        let Some(cause) = self.cause(heard, asked) else {
            let status = heard.reply.status;
            return Advice {
                says: format!("HTTP {status}, an answer greenlight does not recognise"),
                told,
                fix: ASK.to_owned(),
                ..Advice::default()
            };
        };
        let fault = cause.fault.as_ref().and_then(|id| self.faults.iter().find(|fault| fault.id == *id));
        Advice {
            says: fault.map_or_else(|| cause.says.clone(), |fault| fault.says.clone()),
            told,
            points_to: cause.points_to.clone(),
            fix: fault.map_or_else(|| cause.fix.clone(), |fault| fault.fix.clone()),
            again: Some(cause.again),
        }
    }

    fn cause(&self, heard: &Heard, asked: Asked<'_>) -> Option<&Cause> {
        self.api.cause.iter().find(|cause| self.fits(cause, heard, asked))
    }

    fn fits(&self, cause: &Cause, heard: &Heard, asked: Asked<'_>) -> bool {
        let reply = &heard.reply;
        let code = match asked {
            // A request that wasn't accepted can't have such an ending.
            Asked::Create if cause.ending.is_some() => return false,
            Asked::Create => None,
            Asked::Poll(code) => code,
        };
        if let Some(id) = &cause.fault {
            let fault = self.faults.iter().find(|fault| fault.id == *id);
            return fault
                .is_some_and(|fault| expect::shows(&fault.when, &heard.observation(), Scope::default()));
        }
        let says = |wanted: &Option<String>, given: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| given == Some(wanted))
        };
        let message = reply.error.message.as_deref().unwrap_or_default();
        (cause.status.is_empty() || cause.status.contains(&reply.status))
            && says(&cause.code, reply.error.code.as_deref())
            && says(&cause.error_code, code)
            && cause.message.as_ref().is_none_or(|pattern| pattern.is_match(message))
    }
}

/// What an answer is a reply to.
#[derive(Clone, Copy)]
enum Asked<'c> {
    /// The paid request.
    Create,
    /// A poll, of a job that failed with this code.
    Poll(Option<&'c str>),
}

/// Whether a text can be a job id: it becomes part of a URL, and is shown. With an invalid id the job stays unknown.
fn is_id(text: &str) -> bool {
    // One or two dots would be a folder in its path.
    let is_folder = matches!(text, "." | "..");
    !text.trim().is_empty() && !is_folder && text.len() <= LONGEST_ID && !text.chars().any(char::is_control)
}

/// Code and message of an answer, for a reader.
fn told(reply: &Reply) -> Option<String> {
    let error = &reply.error;
    match (&error.code, &error.message) {
        (Some(code), Some(message)) => Some(format!("{code}: {message}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}

/// The cost that an answer reports: `usage.cost_in_usd_ticks`, a whole number in any notation. A number that is too
/// large becomes the largest one, so that a charge never counts as none.
fn cost(heard: &Heard) -> Option<Ticks> {
    let told = heard.json.as_ref()?.pointer("/usage/cost_in_usd_ticks")?;
    let text = told.as_str().map_or_else(|| told.to_string(), |text| text.trim().to_owned());
    let (digits, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = !digits.is_empty() && is_number(digits) && fraction.bytes().all(|byte| byte == b'0');
    let exponent = || told.as_f64().filter(|ticks| ticks.fract() == 0.0 && *ticks >= 0.0);
    if whole {
        Some(Ticks::new(digits.parse().unwrap_or(i64::MAX)))
    } else {
        // `1.5e10`, as some servers write it.
        exponent().map(|ticks| Ticks::new(format!("{ticks:.0}").parse().unwrap_or(i64::MAX)))
    }
}

/// Whether an answer has a cost that can't be read.
fn is_cost_unread(heard: &Heard) -> bool {
    let told = heard.json.as_ref().and_then(|json| json.pointer("/usage/cost_in_usd_ticks"));
    told.is_some_and(|told| !told.is_null()) && cost(heard).is_none()
}

fn progress(json: &Value) -> Option<u64> {
    json.get("progress")?.as_u64().filter(|percent| *percent <= 100)
}

#[cfg(test)]
mod tests;
