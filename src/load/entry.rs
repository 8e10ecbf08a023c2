//! The list entry that a check looks at.

use super::{raw::checklist::RawEntry, sink::DiagnosticSink, spanned::Spanned};
use crate::model::{
    checklist::ListEntry,
    template::{Hole, Template},
};

impl DiagnosticSink<'_> {
    /// Which entry of a reply is looked at.
    pub(super) fn entry(&mut self, raw: Spanned<RawEntry>) -> Option<ListEntry> {
        let at = raw.span();
        let RawEntry { of, by, is } = raw.into_inner();
        let of = self.path(&of)?;
        if by.get_ref().is_empty() {
            self.error("asserts-nothing", by.span(), "an entry is known by at least one name");
            return None;
        }
        let by = by.into_inner().iter().map(|path| self.path(path)).collect::<Option<_>>()?;
        let is_at = is.span();
        let is = self.keep(Template::parse(is.get_ref()), "bad-template", is_at)?;
        let bound = is.holes().any(|hole| matches!(hole, Hole::Bound(_)));
        if bound {
            self.error("unfilled", at, "only the shot can fill the name of an entry");
            return None;
        }
        Some(ListEntry { of, by, is })
    }
}
