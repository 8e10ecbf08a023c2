//! Which call proves a key: it must be one of the wrapper's own, and not one that answers everyone.

use std::ops::Range;

use indexmap::IndexMap;

use super::{checklist::ParsedChecklist, known::sample_url, merge::Merger};
use crate::model::{
    checklist::{Host, Probe},
    route::Route,
};

/// A probe, the file it is in, and where.
pub(super) type Placed<'p> = (&'p ParsedChecklist, Range<usize>, Probe);

impl Merger<'_> {
    /// A wrapper that sends its key has exactly one call that proves it. A list that answers a wrong key with 200
    /// proves nothing.
    pub(super) fn key_proof(
        &mut self,
        route: Option<Route>,
        probes: &[Placed<'_>],
        hosts: &IndexMap<String, Host>,
    ) {
        let proofs: Vec<&Placed<'_>> = probes.iter().filter(|(_, _, probe)| probe.proves_key).collect();
        for (part, at, probe) in &proofs {
            if let Some(wrong) = self.no_proof(probe, hosts) {
                self.sink(part.file).error("key-proof", at.clone(), wrong);
            }
        }
        if route != Some(Route::Wrapper) {
            return;
        }
        if let [_, (part, at, probe), ..] = proofs.as_slice() {
            let message = format!("probe `{}` is the second that proves the key; only one can", probe.id);
            self.sink(part.file).error("key-proof", at.clone(), message);
        }
        let keyed = |(_, _, probe): &&Placed<'_>| self.is_keyed(probe, hosts);
        if let (true, Some((part, at, probe))) = (proofs.is_empty(), probes.iter().find(keyed)) {
            let message =
                format!("probe `{}` sends a key, but no call proves that the key is valid", probe.id);
            let help = "set `proves-key = true` in the one probe that refuses a wrong key".to_owned();
            self.sink(part.file).error_with("key-proof", at.clone(), message, Some(help));
        }
    }

    /// Why a call doesn't prove a key, if it doesn't.
    fn no_proof(&self, probe: &Probe, hosts: &IndexMap<String, Host>) -> Option<String> {
        let host = hosts.get(&probe.host)?;
        let url = sample_url(&host.base_url, &probe.request.path)?;
        let id = &probe.id;
        if !self.is_keyed(probe, hosts) {
            Some(format!("probe `{id}` can't prove a key: it sends none"))
        } else if self.owners.takes_any_key(probe.request.method, &url) {
            Some(format!("probe `{id}` can't prove a key: everyone gets an answer to it"))
        } else {
            None
        }
    }

    fn is_keyed(&self, probe: &Probe, hosts: &IndexMap<String, Host>) -> bool {
        hosts.get(&probe.host).is_some_and(|host| {
            let url = sample_url(&host.base_url, &probe.request.path);
            let keyless = |url| self.owners.is_keyless(probe.request.method, &url);
            host.key.is_some() && !url.is_some_and(keyless)
        })
    }
}

#[cfg(test)]
mod tests;
