//! Everything that touches the outside to check: free calls, local files, the output folder.
//!
//! It sees and never judges: what came back is kept as it was, without secrets. A call needs a
//! [`FreeCall`](crate::model::call::FreeCall), so nothing here can cost anything.

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;
use tokio_util::sync::CancellationToken;

use crate::{
    model::{
        call::Call,
        checklist::{Checklist, Probe},
        observation::{FollowedBase, Live, Observation, Observations, Reading},
        owners::Owners,
        project::{Project, Shot},
    },
    secrets::Redactor,
};

mod base;
mod beside;
mod call_cache;
mod caller;
mod capture;
mod clients;
mod clock;
mod digest;
pub mod error_text;
pub mod evidence;
mod fan_out;
mod folder;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod keys;
mod media;
mod memory;
mod probes;
mod resolver;
mod settings;
pub mod since;
#[cfg(test)]
mod tests;
mod trouble;

pub(crate) use base::join as joined;
pub use base::{BadBaseUrl, base_url, followed};
pub use call_cache::CallCache;
pub(crate) use capture::Raw;
pub(crate) use clients::Clients;
pub use clock::Clock;
pub use keys::KeyRing;
pub(crate) use media::look_at;
pub(crate) use memory::MemoryBudget;
pub use settings::{BadCa, ExtraCa, Origins, Pause, Resolver, SendTo, Settings, Until};
pub(crate) use trouble::of as trouble_of;

/// Why a file or address was not looked at.
pub(crate) const OUT_OF_TIME: &str = "the time of the run was up";

/// How to read the reply to a probe, for a shot if it is made per shot.
pub type Reads<'a> = dyn Fn(&Probe, Option<&Shot>, &Observation) -> Reading + 'a;

/// What is to be observed, and how.
pub struct Plan<'a> {
    /// What is to be made.
    pub project: &'a Project,
    /// The folder that relative inputs and the output are relative to; absolute.
    pub project_dir: &'a Utf8Path,
    /// The probes.
    pub checklist: &'a Checklist,
    /// Which calls are free, and which key may go where.
    pub owners: &'a Owners,
    /// The keys.
    pub keys: &'a KeyRing,
    /// Base URLs that other programs would follow, as [`followed`] finds them.
    pub followed: &'a [FollowedBase],
    /// Takes secrets out of everything that comes back, before anyone can see it.
    pub redactor: &'a Redactor,
    /// How calls are made.
    pub settings: &'a Settings,
    /// What is known already; what is learned is added to it.
    pub cache: &'a CallCache,
    /// Whether a bad reply may be different the next time. Only asked for 429, 5xx and broken connections.
    pub may_retry: &'a dyn Fn(&Observation) -> bool,
    /// How the checklist reads a reply to this probe, for this shot.
    pub reads: &'a Reads<'a>,
    /// Whether anything reads what a probe sees. A probe that nothing reads is not sent.
    pub is_read: &'a dyn Fn(&Probe) -> bool,
    /// Files that answers name as evidence, relative to the project.
    pub evidence: Vec<Utf8PathBuf>,
    /// Files that the project itself consists of, relative to it: they are evidence of nothing.
    pub own: Vec<Utf8PathBuf>,
    /// Folders that the system empties.
    pub temp_dirs: Vec<Utf8PathBuf>,
    /// The day of the run (UTC).
    pub seen_on: Option<NaiveDate>,
    /// Gives the time at which a call is made.
    pub clock: Clock,
    /// Ends the observing early.
    pub cancel: &'a CancellationToken,
}

/// Receives the progress of observing.
pub trait Progress {
    /// This many more calls are going to be made.
    fn planned(&self, calls: usize);
    /// A call was made.
    fn made(&self, call: &Call);
}

/// Reports to no one.
impl Progress for () {
    fn planned(&self, _: usize) {}
    fn made(&self, _: &Call) {}
}

/// Observes everything that a project and its checklist ask for. Never fails: something that could not be seen is an
/// observation too. None when it was cancelled: then it is unknown what is missing.
pub async fn observe(plan: &Plan<'_>, progress: &dyn Progress) -> Option<Observations> {
    let caller = caller::Caller {
        settings: plan.settings,
        cache: plan.cache,
        clients: Clients::new(plan.settings),
        scrub: plan.redactor,
        may_retry: plan.may_retry,
        clock: plan.clock,
        cancel: plan.cancel,
        progress,
    };
    let ((probes, mut calls), (media, looks), evidence) = tokio::join!(
        probes::observe(plan, &caller),
        media::observe(plan, &caller),
        evidence::look_until(plan)
    );
    calls.extend(looks);
    if plan.cancel.is_cancelled() {
        return None;
    }
    let keys = plan.keys.facts();
    let base = base::fact(plan);
    plan.cache.note(plan.checklist, &keys, base.as_ref());
    let output = plan.project.output.as_deref();
    Some(Observations {
        probes,
        media,
        evidence,
        output: output.map(|output| folder::look(plan.project_dir, output, &plan.temp_dirs)),
        keys,
        base,
        calls,
        ended: plan.settings.until.filter(Until::is_over).map(|until| until.after),
        seen_on: plan.seen_on,
        live: is_live(plan).then(Live::witnessed),
    })
}

/// Whether the owner's own hosts could be called.
fn is_live(plan: &Plan<'_>) -> bool {
    let Plan { checklist, settings, cache, .. } = plan;
    !settings.offline && !cache.replays() && base::is_official(checklist, settings)
}
