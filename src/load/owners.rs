//! Owners, their keys and free calls. Shipped with the product; there is no other file of this kind.

use super::{
    notes::Notes,
    raw::owners::{RawFollowed, RawFree, RawOwners, RawPages, RawShape},
    spanned::Spanned,
};
use crate::model::{
    call::Method,
    checklist::KeyShape,
    owners::{Followed, FreeRequest, OwnedKey, Owner, Owners},
    pages::PageHost,
};

impl Notes<'_> {
    /// The owners of a file.
    pub(super) fn owners(&mut self, raw: RawOwners) -> Owners {
        Owners(
            raw.owner
                .into_iter()
                .map(|owner| Owner {
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
                    free: owner.free.into_iter().filter_map(|raw| self.free_request(raw)).collect(),
                })
                .collect(),
        )
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

    fn free_request(&mut self, raw: Spanned<RawFree>) -> Option<FreeRequest> {
        let at = raw.span();
        let raw = raw.into_inner();
        let source = self.source(raw.source, "the free call", &at);
        let (method, path) = match (raw.get, raw.head, raw.post) {
            (Some(path), None, None) => (Method::Get, path),
            (None, Some(path), None) => (Method::Head, path),
            (None, None, Some(path)) => (Method::Post, path),
            _ => {
                self.error("bad-probe", at, "a free call has exactly one of `get`, `head` and `post`");
                return None;
            }
        };
        let posts = method == Method::Post;
        if posts != raw.body.is_some() || posts != raw.repeatable.is_some() {
            let message =
                "a POST says the fields of its `body` and whether it is `repeatable`; nothing else does";
            self.error("bad-probe", at, message);
            return None;
        }
        let body = match raw.body {
            Some(fields) => Some(self.shape_of(fields)?),
            None => None,
        };
        let repeatable = raw.repeatable.is_none_or(Spanned::into_inner);
        Some(FreeRequest {
            host: raw.host,
            method,
            path,
            body,
            keyless: raw.keyless,
            repeatable,
            source: source?,
        })
    }
}
