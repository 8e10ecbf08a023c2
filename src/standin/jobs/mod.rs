//! The paid jobs of a provider, played from create to download. Only grey clips are made, nothing is paid, and nothing
//! is ever sent anywhere.

mod create;
mod download;
mod files_api;
mod flaws;
mod made;
mod order;
pub(super) mod play;
mod poll;
pub(super) mod script;
mod service;
mod table;
#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests are a client of the stand-in")]
mod tests;
pub(super) mod written;

use chrono::{DateTime, Utc};

use self::{
    script::Create,
    service::{JobRequest, within},
};
use super::{call::Call, journal::Entry, reply::Reply};

pub(super) use service::Jobs;

impl Jobs {
    /// Whether a request is about jobs, and so must carry a key.
    pub(super) fn is_behind_the_door(&self, call: Call<'_>) -> bool {
        self.creates(call).is_some() || self.polled(call).is_some() || self.files_path(call).is_some()
    }

    /// The answer to a request about jobs; none for any other.
    pub(super) fn answer(&self, call: Call<'_>, now: DateTime<Utc>, entry: &mut Entry) -> Option<Reply> {
        let request = JobRequest { call, now };
        if let Some(create) = self.creates(call) {
            return Some(self.create(request, create, entry));
        }
        if let Some(id) = self.polled(call) {
            return Some(self.poll(request, id, entry));
        }
        if let Some(rest) = self.files_path(call) {
            return Some(self.files_api(request, rest, entry));
        }
        let id = self.downloaded(call)?;
        Some(self.download(request, id, entry))
    }

    fn creates(&self, call: Call<'_>) -> Option<&Create> {
        let here = call.asked.method == "POST" && call.asked.host == self.script.host;
        self.script.create.iter().find(|create| here && create.path == call.asked.path)
    }

    fn polled<'c>(&self, call: Call<'c>) -> Option<&'c str> {
        let here = is_get(call) && call.asked.host == self.script.host;
        within(&self.script.poll_path, call.asked.path).filter(|_| here)
    }

    fn downloaded<'c>(&self, call: Call<'c>) -> Option<&'c str> {
        let here = is_get(call) && call.asked.host == self.script.film.host;
        within(&self.script.film.path, call.asked.path).filter(|_| here)
    }
}

fn is_get(call: Call<'_>) -> bool {
    matches!(call.asked.method, "GET" | "HEAD")
}
