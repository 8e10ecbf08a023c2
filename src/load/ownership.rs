//! Conflicts in the list of owners: no host may have two owners or take two keys, and no key may be ambiguous.

use std::{collections::HashMap, hash::Hash, ops::Range};

use super::sink::DiagnosticSink;
use crate::model::{
    key::KEY_HEADERS,
    owners::{OwnedKey, Owner, Owners},
    pages::PageHost,
};

/// The suffix of a variable that names the file of a key.
const FILE: &str = "_FILE";

/// Where the parts of the list are, in the order of the list.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) owners: Vec<Range<usize>>,
    pub(super) keys: Vec<Range<usize>>,
    pub(super) free: Vec<Range<usize>>,
}

/// Who used a name first, by name.
struct Taken<K, V>(HashMap<K, V>);

impl<K: Eq + Hash, V: Copy + PartialEq> Taken<K, V> {
    /// Who else uses it, if anyone.
    fn by(&mut self, name: K, who: V) -> Option<V> {
        Some(*self.0.entry(name).or_insert(who)).filter(|first| *first != who)
    }
}

impl DiagnosticSink<'_> {
    /// Checks the list against its rules.
    pub(super) fn ownership(&mut self, owners: &Owners, places: &Places) {
        let mut ids = Taken(HashMap::new());
        let mut hosts = Taken(HashMap::new());
        let mut free = places.free.iter();
        for ((at, owner), place) in owners.list.iter().enumerate().zip(&places.owners) {
            if ids.by(owner.id.as_str(), at).is_some() {
                self.error("duplicate-id", place.clone(), format!("there are two owners `{}`", owner.id));
            }
            for request in &owner.free {
                let place = free.next().unwrap_or(place).clone();
                let (host, path) = (request.host.as_str(), &request.path);
                self.host(host, &place);
                if hosts.by(host, at).is_some() {
                    self.error("duplicate-id", place.clone(), format!("`{host}` has two owners"));
                }
                if !path.starts_with('/') || path.contains(['?', '#']) {
                    self.error("bad-path", place, format!("`{path}` is not a path from the root alone"));
                }
            }
            self.followed_hosts(owner, place);
        }
        self.keys(owners, places);
    }

    fn keys(&mut self, owners: &Owners, places: &Places) {
        let mut variables = Taken(HashMap::new());
        let mut hosts = Taken(HashMap::new());
        let keys = owners.list.iter().flat_map(|owner| owner.keys.iter().map(move |key| (owner, key)));
        for ((at, (owner, key)), place) in keys.enumerate().zip(&places.keys) {
            self.key(key, place);
            if variables.by(key.env.as_str(), at).is_some() {
                self.error("duplicate-id", place.clone(), format!("there are two keys `{}`", key.env));
            }
            for host in &key.hosts {
                self.host(host, place);
                if hosts.by(host.as_str(), at).is_some() {
                    let message = format!("`{host}` takes another key already; a host takes one");
                    self.error("foreign-key", place.clone(), message);
                }
                // A host belongs to an owner because calls go there.
                if !owner.free.iter().any(|free| free.host == *host) {
                    let message =
                        format!("`{}` may go to `{host}`, where `{}` has no free call", key.env, owner.id);
                    self.error("foreign-host", place.clone(), message);
                }
            }
        }
    }

    fn key(&mut self, key: &OwnedKey, at: &Range<usize>) {
        let of_variable = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        if key.env.is_empty() || !key.env.chars().all(of_variable) || key.env.ends_with(FILE) {
            let message = format!(
                "`{}` is no variable of a key: capitals, digits and `_`, and no `{FILE}` behind",
                key.env
            );
            self.error("bad-value", at.clone(), message);
        }
        if !KEY_HEADERS.contains(&key.carrier.header.as_str()) {
            let message = format!(
                "`{}` is no header for keys; those are {}",
                key.carrier.header,
                KEY_HEADERS.join(" and ")
            );
            self.error("bad-value", at.clone(), message);
        }
        let word =
            |scheme: &String| !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !key.carrier.scheme.as_ref().is_none_or(word) {
            self.error("bad-value", at.clone(), "the word before a key is one word, or is left out");
        }
        if key.hosts.is_empty() {
            self.error("empty-value", at.clone(), format!("`{}` may go nowhere", key.env));
        }
    }

    fn followed_hosts(&mut self, owner: &Owner, at: &Range<usize>) {
        for followed in &owner.followed {
            if !owner.free.iter().any(|free| free.host == followed.host) {
                let message = format!(
                    "`{}` names `{}`, where `{}` has no free call",
                    followed.env, followed.host, owner.id
                );
                self.error("foreign-host", at.clone(), message);
            }
        }
    }

    /// A host is a single name, written as it is sent.
    fn host(&mut self, host: &str, at: &Range<usize>) {
        if host.contains('*') || PageHost::new(host).is_err() {
            self.error("bad-host", at.clone(), format!("`{host}` is not the name of one host"));
        }
    }
}

#[cfg(test)]
mod tests;
