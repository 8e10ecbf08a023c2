//! What the shipped files say, read once for all projects of a run and shared by them.

use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use super::{builtin::Builtin, checklist::ParsedChecklist};
use crate::model::{
    catalogue::Catalogue, checklist::Checklist, owners::Owners, report::InputDigest, route::Route,
    routes::Guide, rule::KnownRule, text::hex, topic::Topic,
};

/// The shipped files that were read so far. A file with a mistake in it is not kept, so that the mistake is told to
/// every project.
pub(super) struct Shipped<'r> {
    pub(super) rules: &'r [KnownRule],
    pub(super) owners: OnceCell<Arc<Owners>>,
    pub(super) guide: OnceCell<Arc<Guide>>,
    pub(super) catalogue: OnceCell<Arc<Catalogue>>,
    /// Of all shipped checks; read only where a project has topics of its own.
    pub(super) topics: OnceCell<BTreeSet<Topic>>,
    parts: RefCell<HashMap<&'static str, ParsedChecklist>>,
    digests: RefCell<HashMap<&'static str, String>>,
    merged: RefCell<HashMap<(Route, String), Merged>>,
}

/// The checklist of projects that have none of their own.
#[derive(Clone)]
pub(super) struct Merged {
    /// For one provider.
    pub(super) checklist: Arc<Checklist>,
    /// The files it is made from.
    pub(super) inputs: Vec<InputDigest>,
}

impl<'r> Shipped<'r> {
    pub(super) fn new(rules: &'r [KnownRule]) -> Self {
        Self {
            rules,
            owners: OnceCell::new(),
            guide: OnceCell::new(),
            catalogue: OnceCell::new(),
            topics: OnceCell::new(),
            parts: RefCell::default(),
            digests: RefCell::default(),
            merged: RefCell::default(),
        }
    }

    /// A checklist that was read before, as if it were this file.
    pub(super) fn part(&self, id: &str, file: usize) -> Option<ParsedChecklist> {
        self.parts.borrow().get(id).map(|part| ParsedChecklist { file, ..part.clone() })
    }

    pub(super) fn keep_part(&self, id: &'static str, part: &ParsedChecklist) {
        self.parts.borrow_mut().insert(id, part.clone());
    }

    pub(super) fn merged(&self, route: Route, provider: &str) -> Option<Merged> {
        self.merged.borrow().get(&(route, provider.to_owned())).cloned()
    }

    pub(super) fn keep_merged(&self, route: Route, provider: &str, merged: Merged) {
        self.merged.borrow_mut().insert((route, provider.to_owned()), merged);
    }

    /// The digest of a shipped file, in lower-case hexadecimal.
    pub(super) fn digest(&self, builtin: &Builtin) -> String {
        let mut digests = self.digests.borrow_mut();
        digests.entry(builtin.id).or_insert_with(|| hex(&Sha256::digest(builtin.text.as_bytes()))).clone()
    }
}
