//! Owners, their keys and free calls. Shipped with the product; there is no other file of this kind.

use super::{
    notes::Notes,
    raw::owners::{RawFollowed, RawFree, RawOwners, RawPages, RawShape},
    spanned::Spanned,
};
use crate::model::{
    call::Method,
    checklist::KeyShape,
    owners::{Followed, FreePair, OwnedKey, Owner, Owners},
    pages::PageHost,
};

impl Notes<'_> {
    /// The owners of a file.
    pub(super) fn owners(&mut self, raw: RawOwners) -> Owners {
        let list = raw.owner.into_iter().map(|owner| Owner {
            id: owner.id,
            name: owner.name,
            keys: owner
                .keys
                .into_iter()
                .map(|key| OwnedKey { env: key.env, scheme: key.scheme, hosts: key.hosts })
                .collect(),
            shapes: owner.shapes.into_iter().filter_map(|raw| self.shape(raw)).collect(),
            pages: owner.pages.into_iter().flat_map(|raw| self.own_pages(raw)).collect(),
            followed: owner.followed.into_iter().filter_map(|raw| self.followed(raw)).collect(),
            free: owner.free.into_iter().filter_map(|raw| self.free_pair(raw)).collect(),
        });
        let list = list.collect();
        Owners { list, credentials: raw.credential.into_iter().filter_map(|raw| self.shape(raw)).collect() }
    }

    fn shape(&mut self, raw: Spanned<RawShape>) -> Option<KeyShape> {
        let at = raw.span();
        let RawShape { prefix, says, source } = raw.into_inner();
        self.source(source, "the shape of a key", &at)?;
        Some(KeyShape { prefix, says })
    }

    fn own_pages(&mut self, raw: Spanned<RawPages>) -> Vec<PageHost> {
        let at = raw.span();
        let RawPages { hosts, source } = raw.into_inner();
        if self.source(source, "the pages", &at).is_none() {
            return Vec::new();
        }
        let read = |host: Spanned<String>| self.keep(PageHost::new(host.get_ref()), "bad-host", host.span());
        hosts.into_iter().filter_map(read).collect()
    }

    fn followed(&mut self, raw: Spanned<RawFollowed>) -> Option<Followed> {
        let at = raw.span();
        let RawFollowed { env, host, source } = raw.into_inner();
        let source = self.source(source, "the variable", &at)?;
        Some(Followed { env, host, source })
    }

    fn free_pair(&mut self, raw: Spanned<RawFree>) -> Option<FreePair> {
        let at = raw.span();
        let raw = raw.into_inner();
        let source = self.source(raw.source, "the free call", &at);
        let (method, path) = match (raw.get, raw.head) {
            (Some(path), None) => (Method::Get, path),
            (None, Some(path)) => (Method::Head, path),
            _ => {
                self.error("bad-probe", at, "a free call has exactly one of `get` and `head`");
                return None;
            }
        };
        Some(FreePair { host: raw.host, method, path, source: source? })
    }
}
