//! Makes many calls at once, within a limit per host, and returns the results in the order of the jobs.

use futures_util::stream::{self, StreamExt as _};
use indexmap::IndexMap;

use super::caller::{Caller, Done, Job};

/// Makes all calls; each result is at the position of its job.
pub(super) async fn make_all(caller: &Caller<'_>, jobs: &[Job]) -> Vec<Done> {
    caller.progress.planned(jobs.len());
    let mut hosts: IndexMap<_, Vec<_>> = IndexMap::new();
    for (place, job) in jobs.iter().enumerate() {
        let host = (job.to.host_str().unwrap_or_default(), job.to.port_or_known_default());
        hosts.entry(host).or_default().push((place, job));
    }
    let limit = caller.settings.per_host.max(1);
    // A separate stream for each host, so that a slow host does not hold up the others.
    let streams = hosts.into_values().map(|jobs| {
        let calls = jobs.into_iter().map(|(place, job)| async move { (place, caller.make(job).await) });
        Box::pin(stream::iter(calls).buffer_unordered(limit))
    });
    let mut done: Vec<(usize, Done)> = stream::select_all(streams).collect().await;
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, done)| done).collect()
}
