//! Makes many calls at once, within a limit per host, and gives the results in the order of asking.

use futures_util::stream::{self, StreamExt as _};
use indexmap::IndexMap;

use super::caller::{Caller, Done, Job};

/// Makes all calls; the result at a place belongs to the job at that place.
pub(super) async fn make_all(caller: &Caller<'_>, jobs: &[Job]) -> Vec<Done> {
    caller.progress.planned(jobs.len());
    let mut hosts: IndexMap<_, Vec<_>> = IndexMap::new();
    for (place, job) in jobs.iter().enumerate() {
        let host = (job.to.host_str().unwrap_or_default(), job.to.port_or_known_default());
        hosts.entry(host).or_default().push((place, job));
    }
    let limit = caller.settings.per_host.max(1);
    // A stream of its own for each host: a slow one takes no other's place.
    let streams = hosts.into_values().map(|jobs| {
        let calls = jobs.into_iter().map(|(place, job)| async move { (place, caller.make(job).await) });
        Box::pin(stream::iter(calls).buffer_unordered(limit))
    });
    let mut done: Vec<(usize, Done)> = stream::select_all(streams).collect().await;
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, done)| done).collect()
}
