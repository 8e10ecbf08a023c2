//! The state for reading checklist files: where mistakes go, and what must be looked up once all files are merged.

use std::{collections::HashMap, ops::Range};

use super::{
    request::Places,
    sink::{DiagnosticSink, Lines},
    spanned::Spanned,
};
use crate::model::{id::ProbeId, rule::KnownRule};

/// A name that must exist somewhere in the merged checklist.
#[derive(Clone)]
pub(super) struct Mention {
    pub(super) what: Named,
    pub(super) name: String,
    pub(super) span: Range<usize>,
}

/// What a mention names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Check,
    Probe,
    Host,
}

/// Reads the parts of checklists.
pub(super) struct Reader<'a, 'n> {
    pub(super) sink: DiagnosticSink<'n>,
    pub(super) rules: &'a [KnownRule],
    pub(super) mentions: Vec<Mention>,
    pub(super) lines: Lines,
    pub(super) requests: HashMap<ProbeId, Places>,
    /// Names that are declared in the file, even in entries with mistakes.
    pub(super) declared: Vec<(Named, String)>,
}

impl Reader<'_, '_> {
    pub(super) fn mention(&mut self, what: Named, name: &Spanned<String>) {
        self.mentions.push(Mention { what, name: name.get_ref().clone(), span: name.span() });
    }
}
