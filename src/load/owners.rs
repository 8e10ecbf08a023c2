//! Owners, their keys and free calls. Shipped with the product; there is no other file of this kind.

use super::{
    ownership::Places,
    raw::owners::{RawFollowed, RawFree, RawLooks, RawOwnedKey, RawOwner, RawOwners, RawPages, RawShape},
    sink::DiagnosticSink,
    spanned::Spanned,
};
use crate::model::{
    call::Method,
    key::KeyShape,
    key::{AUTHORIZATION, Carrier, KeyLooks},
    owners::{Followed, FreeRequest, OwnedKey, Owner, Owners},
    pages::PageHost,
};

impl DiagnosticSink<'_> {
    /// The owners of a file.
    pub(super) fn owners(&mut self, raw: RawOwners) -> Owners {
        let mut places = Places::default();
        let list = raw.owner.into_iter().map(|owner| {
            places.owners.push(owner.span());
            self.owner(owner.into_inner(), &mut places)
        });
        let list = list.collect();
        let credentials = raw.credential.into_iter().filter_map(|raw| self.shape(raw)).collect();
        let owners = Owners { list, credentials };
        self.ownership(&owners, &places);
        owners
    }

    fn owner(&mut self, raw: RawOwner, places: &mut Places) -> Owner {
        let keys: Vec<_> = raw.keys.into_iter().filter_map(|key| self.owned_key(key, places)).collect();
        let shapes = raw.shapes.into_iter().filter_map(|raw| self.shape(raw));
        // Anything that begins like one of its keys is looked for as well.
        let of_keys = keys.iter().filter_map(|key| key.looks.as_ref()).map(|looks| &looks.shape);
        let of_keys: Vec<_> = of_keys.filter(|shape| !shape.prefix.is_empty()).cloned().collect();
        let shapes = shapes.chain(of_keys).collect();
        let free = raw.free.into_iter().filter_map(|raw| {
            let at = raw.span();
            let free = self.free_request(raw)?;
            places.free.push(at);
            Some(free)
        });
        let free = free.collect();
        Owner {
            id: raw.id,
            name: raw.name,
            keys,
            shapes,
            pages: raw.pages.into_iter().flat_map(|raw| self.own_pages(raw)).collect(),
            followed: raw.followed.into_iter().filter_map(|raw| self.followed(raw)).collect(),
            free,
        }
    }

    fn owned_key(&mut self, raw: Spanned<RawOwnedKey>, places: &mut Places) -> Option<OwnedKey> {
        let at = raw.span();
        let RawOwnedKey { env, header, scheme, looks, hosts } = raw.into_inner();
        let looks = match looks {
            Some(looks) => Some(self.looks(looks)?),
            None => None,
        };
        places.keys.push(at);
        let header = header.unwrap_or_else(|| AUTHORIZATION.to_owned());
        let hosts = hosts.into_iter().map(Spanned::into_inner).collect();
        Some(OwnedKey { env, carrier: Carrier { header, scheme }, looks, hosts })
    }

    fn looks(&mut self, raw: Spanned<RawLooks>) -> Option<KeyLooks> {
        let at = raw.span();
        let RawLooks { prefix, length, says, source } = raw.into_inner();
        self.source(source, "the looks of a key", &at)?;
        let length = length.map(|[least, most]| (least, most));
        if (prefix.is_empty() && length.is_none()) || length.is_some_and(|(least, most)| least > most) {
            self.error("bad-value", at, "a key looks like a `prefix`, a `length = [FEWEST, MOST]`, or both");
            return None;
        }
        Some(KeyLooks { shape: KeyShape { prefix, says }, length })
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
            public: raw.public,
            repeatable,
            source: source?,
        })
    }
}
