//! Makes one free call, retries it where that can help, and writes it into the call log.

use std::{sync::Arc, time::Duration};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use chrono::Utc;
use reqwest::{
    Body, Request,
    header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, RANGE},
};
use serde_json::Value;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    CallCache, Clock, Progress, base, capture,
    clients::Clients,
    settings::{Settings, Until},
    trouble,
};
use crate::{
    model::{
        address,
        call::{Billable, Call, FreeCall, Method, shown},
        observation::{NotMade, Observation, Trouble, TroubleKind},
        transcript,
    },
    secrets::Redactor,
};

/// Makes free calls.
pub(super) struct Caller<'a> {
    pub(super) settings: &'a Settings,
    pub(super) cache: &'a CallCache,
    pub(super) clients: Clients<'a>,
    pub(super) scrub: &'a Redactor,
    pub(super) may_retry: &'a dyn Fn(&Observation) -> bool,
    pub(super) clock: Clock,
    pub(super) cancel: &'a CancellationToken,
    pub(super) progress: &'a dyn Progress,
}

/// A call that is about to be made.
pub(super) struct Job {
    /// The proof that it is free.
    pub(super) call: FreeCall,
    /// Where it really goes.
    pub(super) to: Url,
    /// The header with the key; a replay has none.
    pub(super) key: Option<(HeaderName, HeaderValue)>,
    /// Who makes it: the word before the key and its variable, or another kind of caller.
    pub(super) caller: String,
}

impl Job {
    /// A look at a public file: sent without a key, for its first bytes only.
    pub(super) fn look(url: &Url) -> Self {
        Self { call: FreeCall::look(url.clone()), to: url.clone(), key: None, caller: "look".to_owned() }
    }

    /// Whether it goes to the address that is free, or to the same path on this machine.
    fn is_where_it_may_go(&self) -> bool {
        let free = self.call.url();
        let tail = |url| base::path_and_query(url);
        self.to == *free || (address::is_loopback(&self.to) && tail(&self.to).ends_with(&tail(free)))
    }
}

/// The result of a call.
pub(super) struct Done {
    pub(super) observation: Arc<Observation>,
    /// Its line in the call log; none when a transcript does not hold it.
    pub(super) call: Option<Call>,
}

impl Done {
    /// No one reads the result of a cancelled run.
    fn given_up() -> Self {
        Self { observation: Arc::new(Observation::NotMade(NotMade::Offline)), call: None }
    }
}

impl Caller<'_> {
    /// Makes a call, unless it was made earlier. In a replay nothing is sent.
    pub(super) async fn make(&self, job: &Job) -> Done {
        let id = transcript::id(&job.call, &job.caller);
        let done = if let Some(done) = self.cache.earlier(&id, job, self.scrub) {
            done
        } else if let Some(observation) = self.futile(job) {
            return Done { observation: Arc::new(observation), call: None };
        } else {
            let Some((observation, call)) = self.cancel.run_until_cancelled(self.send(job)).await else {
                return Done::given_up();
            };
            let observation = Arc::new(observation);
            if matches!(*observation, Observation::NotMade(NotMade::HoldsKey)) {
                return Done { observation, call: None };
            }
            if let Observation::Trouble(trouble) = &*observation {
                self.cache.note_trouble(&job.to, trouble);
            }
            self.cache.keep(id, job, &call, &observation);
            Done { observation, call: Some(call) }
        };
        if let Some(call) = &done.call {
            self.progress.made(call);
        }
        done
    }

    /// The result if a call can't succeed: the server did not answer before, or there is no time left.
    fn futile(&self, job: &Job) -> Option<Observation> {
        if let Some(until) = self.settings.until.filter(Until::is_over) {
            return Some(Observation::NotMade(NotMade::OutOfTime(until.after)));
        }
        self.cache.trouble_at(&job.to).map(Observation::Trouble)
    }

    /// Sends a call as often as needed, within the limit.
    async fn send(&self, job: &Job) -> (Observation, Call) {
        let own = Instant::now() + self.settings.total_timeout;
        let deadline = self.settings.until.map_or(own, |until| until.at.min(own));
        let at = self.clock.now();
        let mut pauses = self.pauses();
        let (mut attempts, mut earlier) = (0, None);
        let observation = loop {
            attempts += 1;
            let Ok(seen) = tokio::time::timeout_at(deadline, self.once(job)).await else {
                // The result of an earlier attempt says more than that the last one was cut short.
                break earlier.unwrap_or_else(|| out_of_time(self.settings.until.filter(Until::is_over)));
            };
            let more = self.again(job, &seen) && self.cache.trouble_at(&job.to).is_none();
            let pause = pauses.next().filter(|_| more);
            let left = deadline.saturating_duration_since(Instant::now());
            match pause.and_then(|own| wait(&seen, own, left)) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => break seen,
            }
            earlier = Some(seen);
        };
        let url = self.scrub.text(shown(&job.to));
        let body = job.call.body().map(|body| self.scrub.json(body.clone()));
        let call = log_line((job.call.method(), url, body), &observation, attempts);
        (observation, Call { at: Some(at), ..call })
    }

    #[expect(clippy::disallowed_methods, reason = "the only request is sent here")]
    async fn once(&self, job: &Job) -> Observation {
        if !job.is_where_it_may_go() {
            let why = format!("{} would be sent to another address than the free one", job.call.method());
            return Observation::NotMade(NotMade::NotFree(why));
        }
        let look = job.call.is_look();
        let client = if look { self.clients.of_look() } else { self.clients.of(&job.to) };
        let Some(client) = client else {
            let detail = "no secure connection can be set up".to_owned();
            return Observation::Trouble(Trouble { kind: TroubleKind::Tls, detail });
        };
        let mut builder = match job.call.method() {
            Method::Get => client.get(job.to.clone()),
            Method::Head => client.head(job.to.clone()),
            Method::Post => client.post(job.to.clone()),
        };
        if let Some(body) = job.call.body() {
            builder = builder.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        if let Some((name, key)) = job.key.as_ref().filter(|_| !job.call.keyless()) {
            builder = builder.header(name, key.clone());
        }
        if look {
            // Compressed bytes aren't the bytes of the file, and their number isn't its size.
            builder = builder
                .header(RANGE, format!("bytes=0-{}", capture::HEAD - 1))
                .header(ACCEPT_ENCODING, "identity");
        }
        let carrier = job.key.as_ref().map(|(name, _)| name);
        let sent = match builder.build() {
            Ok(request) if holds_key(&request, carrier, self.scrub) => {
                return Observation::NotMade(NotMade::HoldsKey);
            }
            Ok(request) => client.execute(request).await,
            Err(error) => Err(error),
        };
        match sent {
            Ok(response) if look => capture::first_bytes(response, self.scrub).await,
            Ok(response) => {
                let most = (self.settings.max_body, self.cache.memory());
                capture::observation(response, most, self.scrub).await
            }
            Err(error) => {
                if let Some(why) = trouble::not_public(&error) {
                    return Observation::NotMade(NotMade::NotPublic(why));
                }
                let Trouble { kind, detail } = trouble::of(error);
                Observation::Trouble(Trouble { kind, detail: self.scrub.text(detail) })
            }
        }
    }

    fn pauses(&self) -> impl Iterator<Item = Duration> + use<> {
        let more = usize::try_from(self.settings.attempts.saturating_sub(1)).unwrap_or_default();
        ExponentialBuilder::new()
            .with_min_delay(self.settings.pause.first)
            .with_max_delay(self.settings.pause.longest)
            .with_max_times(more)
            .with_jitter()
            .build()
    }

    /// Whether the same call may get another result later. The provider's faults say nothing about other servers.
    fn again(&self, job: &Job, seen: &Observation) -> bool {
        let passing = match seen {
            Observation::Reply(reply) => reply.status == 429 || (500..600).contains(&reply.status),
            Observation::Trouble(trouble) => {
                !matches!(trouble.kind, TroubleKind::Tls | TroubleKind::TooLarge | TroubleKind::Deadline)
            }
            Observation::NotMade(_) => false,
        };
        passing && job.call.repeatable() && (job.call.is_look() || (self.may_retry)(seen))
    }
}

/// Whether a key is anywhere in a request except in the header made for it: the server would read it.
fn holds_key(request: &Request, carrier: Option<&HeaderName>, scrub: &Redactor) -> bool {
    let others = request.headers().iter().filter(|(name, _)| Some(*name) != carrier);
    let text = |bytes: &[u8]| scrub.knows(&String::from_utf8_lossy(bytes));
    scrub.knows(&format!("{} {}", request.method(), request.url()))
        || others.into_iter().any(|(name, value)| scrub.knows(name.as_str()) || text(value.as_bytes()))
        || request.body().and_then(Body::as_bytes).is_some_and(text)
}

fn out_of_time(until: Option<Until>) -> Observation {
    let of = if until.is_some() { "of the run" } else { "for one call" };
    let detail = format!("no complete reply within the time {of}");
    Observation::Trouble(Trouble { kind: TroubleKind::Deadline, detail })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server may name a time of day, and tell no clock of its own"
)]
/// How long to wait before the next attempt; none when there isn't enough time left for that.
fn wait(seen: &Observation, own: Duration, left: Duration) -> Option<Duration> {
    let wish = match seen {
        Observation::Reply(reply) => reply.retry_after(Utc::now).filter(|wish| !wish.is_zero()),
        Observation::Trouble(_) | Observation::NotMade(_) => None,
    };
    Some(wish.unwrap_or(own)).filter(|pause| *pause < left)
}

/// The call log's word for a name that leads to an address that isn't public: nothing was sent.
const NOT_PUBLIC: &str = "not-public";

/// The call log's line for the result of a call.
pub(super) fn log_line(
    (method, url, body): (Method, String, Option<Value>),
    seen: &Observation,
    attempts: u32,
) -> Call {
    let (status, trouble) = match seen {
        Observation::Reply(reply) => (Some(reply.status), None),
        Observation::Trouble(trouble) => (None, Some(trouble.kind.word().to_owned())),
        Observation::NotMade(why) => {
            (None, matches!(why, NotMade::NotPublic(_)).then(|| NOT_PUBLIC.to_owned()))
        }
    };
    Call { method, url, body, status, trouble, attempts, at: None, shared: false, billable: Billable::No }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rstest::rstest;

    use super::*;
    use crate::model::observation::{Body, ErrorText, Reply};

    fn limited(headers: &[(&str, &str)]) -> Reply {
        let headers: BTreeMap<_, _> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Reply {
            status: 429,
            headers,
            body: Body::Empty,
            error: ErrorText::default(),
            unmet: None,
            more: false,
        }
    }

    fn noon() -> chrono::DateTime<Utc> {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    #[rstest]
    #[case(&[], None)]
    #[case(&[("retry-after", "3")], Some(3))]
    #[case(&[("retry-after", "0")], Some(0))]
    #[case(&[("retry-after", "soon")], None)]
    #[case(&[("retry-after", "-1")], None)]
    #[case(&[("retry-after", "Sun, 22 Nov 2026 12:00:07 GMT")], Some(7))]
    #[case(&[("retry-after", "Sun, 22 Nov 2026 11:00:00 GMT")], Some(0))]
    #[case(&[("retry-after", "Sun, 22 Nov 2026 11:00:05 GMT"), ("date", "Sun, 22 Nov 2026 11:00:00 GMT")], Some(5))]
    #[case(&[("retry-after", "99999999999999999999999")], Some(u64::MAX))]
    fn retry_after_is_seconds_or_a_date(#[case] headers: &[(&str, &str)], #[case] seconds: Option<u64>) {
        let seen = limited(headers).retry_after(noon).map(|wish| wish.as_secs());
        assert_eq!(seen, seconds);
    }

    #[rstest]
    #[case("2", Some(2))]
    #[case("0", Some(1))]
    #[case("nonsense", Some(1))]
    #[case("10", None)]
    #[case("86400", None)]
    fn retry_after_replaces_the_pause_and_an_absurd_one_ends_the_call(
        #[case] wish: &str,
        #[case] seconds: Option<u64>,
    ) {
        let seen = Observation::Reply(limited(&[("retry-after", wish)]));
        let pause = wait(&seen, Duration::from_secs(1), Duration::from_secs(10));
        assert_eq!(pause, seconds.map(Duration::from_secs));
    }

    #[rstest]
    #[case("https://a.b/c", "https://a.b/c")]
    #[case("https://user:pass@a.b:444/c?sig=secret&flag&x=#part", "https://a.b:444/c?sig=…&…&x=…")]
    fn the_call_log_shows_no_values(#[case] url: &str, #[case] text: &str) {
        assert_eq!(shown(&Url::parse(url).unwrap()), text);
    }
}
