//! Checks that everything a checklist calls is known: hosts and keys have an owner, and requests are on the list of
//! free ones.

use std::ops::Range;

use indexmap::IndexMap;
use url::Url;

use super::{
    checklist::{KeyClaim, ParsedChecklist, PlacedHost},
    merge::Merger,
    suggest,
};
use crate::model::{
    checklist::{Check, Decider, Host, KeySpec, Probe},
    key::Carrier,
    owners::NotFree,
    request::Request,
    rule::Param,
    template::Template,
};

impl Merger<'_> {
    /// Calls may go only to a known owner's hosts, and a key only to its own owner's.
    pub(super) fn at_home(&mut self, file: usize, placed: &PlacedHost) -> Option<Host> {
        let name = placed.host.base_url.host_str().unwrap_or_default();
        let known = self.owners.hosts();
        if !known.contains(&name) {
            let help = suggest::among(name, known.iter().copied());
            let message = format!("`{name}` is not a host of a known owner; nothing is called there");
            self.sink(file).error_with("foreign-host", placed.url_at.clone(), message, help);
            return None;
        }
        let Some(claim) = &placed.key else { return Some(placed.host.clone()) };
        match self.key(claim, name) {
            Ok(key) => Some(Host { key: Some(key), ..placed.host.clone() }),
            Err(message) => {
                let help =
                    Some("keys are bound to their owner's hosts; no checklist can change that".to_owned());
                self.sink(file).error_with("foreign-key", placed.key_at.clone(), message, help);
                None
            }
        }
    }

    /// The key that a checklist means, as its owner defines it; or what is wrong.
    fn key(&self, claim: &KeyClaim, host: &str) -> Result<KeySpec, String> {
        let KeyClaim { env, scheme, header, refuse } = claim;
        let owned = self
            .owners
            .key(env)
            .ok_or_else(|| format!("`{env}` is not a key of a known owner; it is not read"))?;
        let Carrier { header: own_header, scheme: own_scheme } = &owned.carrier;
        if scheme.is_some() && scheme != own_scheme {
            return Err(match own_scheme {
                Some(own) => format!("`{env}` is sent with the word `{own}` and no other"),
                None => format!("`{env}` is sent alone, with no word before it"),
            });
        }
        if header.as_ref().is_some_and(|header| header != own_header) {
            return Err(format!("`{env}` is sent in the header `{own_header}` and no other"));
        }
        if !owned.is_of(host) {
            return Err(format!("`{env}` belongs elsewhere and is never sent to `{host}`"));
        }
        let (env, carrier, looks) = (owned.env.clone(), owned.carrier.clone(), owned.looks.clone());
        Ok(KeySpec { env, carrier, looks, refuse: refuse.clone() })
    }

    /// A rule may look only at variables of known keys.
    pub(super) fn known_keys(&mut self, file: usize, span: &Range<usize>, check: &Check) {
        let Decider::Rule { given, .. } = &check.decider else { return };
        for param in given.params.values() {
            if let Param::Key(env) = param
                && self.owners.key(env).is_none()
            {
                let known = self.owners.list.iter().flat_map(|owner| &owner.keys).map(|key| key.env.as_str());
                let help = suggest::among(env, known);
                let message =
                    format!("check `{}`: `{env}` is not a key of a known owner; it is not read", check.id);
                self.sink(file).error_with("foreign-key", span.clone(), message, help);
            }
        }
    }

    /// Only listed requests can be made: host, method, path and body.
    pub(super) fn free(
        &mut self,
        part: &ParsedChecklist,
        span: &Range<usize>,
        probe: &Probe,
        hosts: &IndexMap<String, Host>,
    ) {
        let Some(host) = hosts.get(&probe.host) else { return };
        let request = &probe.request;
        let Some(url) = sample_url(&host.base_url, &request.path) else {
            let message = format!("the path of probe `{}` does not make an address", probe.id);
            self.sink(part.file).error("bad-probe", span.clone(), message);
            return;
        };
        let owners = self.owners;
        let bodies = request.body.as_ref().map_or_else(|| vec![None], |body| body.samples().map(Some).into());
        let refused = bodies.into_iter().find_map(|body| owners.free_call(request.method, &url, body).err());
        match refused {
            None => {}
            Some(NotFree::Body(misfit)) => {
                let at = part.requests.get(&probe.id).map_or(span.clone(), |places| places.of(&misfit));
                let message = format!("the body of probe `{}`: {misfit}", probe.id);
                let shapes = owners.shapes(request.method, &url);
                let shapes: Vec<_> = shapes.map(|shape| format!("`{}`", shape.words())).collect();
                let help = format!("free with the body {}", shapes.join(" or "));
                self.sink(part.file).error_with("not-free", at, message, Some(help));
            }
            Some(NotFree::NotListed) => self.not_listed(part, span, probe, &host.base_url),
        }
    }

    fn not_listed(&mut self, part: &ParsedChecklist, span: &Range<usize>, probe: &Probe, base: &Url) {
        let name = base.host_str().unwrap_or_default();
        if !self.owners.hosts().contains(&name) {
            // The unknown host is reported where it is defined.
            return;
        }
        let all = self.owners.list.iter().flat_map(|owner| &owner.free);
        let listed: Vec<_> = all
            .filter(|free| free.host == name)
            .map(|free| format!("{} {}", free.method, free.path))
            .collect();
        let known = if listed.is_empty() {
            format!("no call to `{name}` is known to be free")
        } else {
            format!("free calls there: {}", listed.join(", "))
        };
        let help = format!("{known}; the list is part of greenlight, and no file adds to it");
        let Request { method, path, .. } = &probe.request;
        let message = format!("{method} {path} is not on the list of free calls");
        self.sink(part.file).error_with("not-free", span.clone(), message, Some(help));
    }
}

/// The address that a probe would call, with a harmless word in every hole.
pub(super) fn sample_url(base: &Url, path: &Template) -> Option<Url> {
    let prefix = base.as_str().trim_end_matches('/');
    Url::parse(&format!("{prefix}{}", path.with_every_hole("x"))).ok()
}

#[cfg(test)]
mod tests;
