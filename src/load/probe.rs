//! One probe: what is asked of which host, how often, and what its reply must show.

use std::ops::Range;

use indexmap::IndexMap;

use super::{
    raw::checklist::{RawNeed, RawProbe},
    reader::{Named, Reader},
    request::{Placed, RawRequest},
    spanned::Spanned,
    suggest,
};
use crate::model::{
    checklist::{Need, Probe},
    expect::Path,
    id::ProbeId,
    repeat::ForEach,
    template::Hole,
};

impl Reader<'_, '_> {
    /// The probe from a table.
    pub(super) fn probe(&mut self, raw: RawProbe, at: &Range<usize>) -> Option<Probe> {
        let id = self.sink.need(raw.id, "id", "the probe", at)?;
        self.declared.push((Named::Probe, id.get_ref().clone()));
        let id = self.sink.named(ProbeId::new, id.get_ref(), id.span())?;
        let request = RawRequest { get: raw.get, head: raw.head, post: raw.post, body: raw.body };
        let Placed { request, places, holes } = self.sink.request(&id, request, at)?;
        let host = raw.host.unwrap_or_else(|| Spanned::new(places.path.clone(), "api".to_owned()));
        self.mention(Named::Host, &host);
        let for_each = raw.for_each.map(Spanned::into_inner);
        let speaks = holes.iter().find(|(hole, _)| !matches!(hole, Hole::Bound(_)));
        match (for_each, speaks) {
            (None, Some((_, span))) => self.sink.error_with(
                "needs-shot",
                span.clone(),
                format!("probe `{id}` refers to a shot"),
                Some("add `for-each = \"shot\"`".into()),
            ),
            (Some(ForEach::File | ForEach::Url | ForEach::Input), _) => {
                self.sink.error("bad-probe", at.clone(), "a probe is repeated for shots only");
            }
            _ => {}
        }
        let needs = self.needs(raw.needs)?;
        for (hole, span) in &holes {
            if let Hole::Bound(name) = hole
                && !needs.contains_key(name)
            {
                let names: Vec<&str> = needs.keys().map(String::as_str).chain(Hole::OF_SHOT).collect();
                let help = suggest::among(name, names);
                self.sink.error_with("unfilled", span.clone(), format!("nothing fills `{{{name}}}`"), help);
            }
        }
        let success = self.shown("success", raw.success, for_each == Some(ForEach::Shot));
        let serves = raw.serves.and_then(|path| self.serves(&path, for_each));
        self.requests.insert(id.clone(), places);
        let (host, proves_key) = (host.into_inner(), raw.proves_key.unwrap_or(false));
        Some(Probe { id, host, request, for_each, needs, success, serves, proves_key })
    }

    fn needs(&mut self, raw: IndexMap<String, Spanned<RawNeed>>) -> Option<IndexMap<String, Need>> {
        let mut needs = IndexMap::new();
        for (name, need) in raw {
            let need = need.into_inner();
            self.mention(Named::Probe, &need.probe);
            let probe = self.sink.named(ProbeId::new, need.probe.get_ref(), need.probe.span())?;
            needs.insert(name, Need { probe, path: self.sink.path(&need.path)? });
        }
        Some(needs)
    }

    fn serves(&mut self, path: &Spanned<String>, for_each: Option<ForEach>) -> Option<Path> {
        if for_each != Some(ForEach::Shot) {
            let help = Some("add `for-each = \"shot\"`".to_owned());
            self.sink.error_with("needs-shot", path.span(), "`serves` refers to a shot", help);
        }
        self.sink.path(path)
    }
}
