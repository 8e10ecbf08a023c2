//! The contents of the shipped files, read once for all projects of a run and shared by them.

use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeSet, HashMap},
    sync::{Arc, OnceLock},
};

use super::checklist::ParsedChecklist;
use crate::model::{
    catalogue::Catalogue, checklist::Checklist, owners::Owners, report::InputDigest, route::Route,
    routes::Guide, rule::KnownRule, topic::Topic,
};

/// Every run reads these first, to know what a key looks like, and every project needs them again.
static OWNERS: OnceLock<Arc<Owners>> = OnceLock::new();

/// The shipped files that have been read so far. A file with a mistake isn't kept, so that the mistake is reported for
/// every project.
pub(super) struct Shipped<'r> {
    pub(super) rules: &'r [KnownRule],
    pub(super) owners: OnceCell<Arc<Owners>>,
    pub(super) guide: OnceCell<Arc<Guide>>,
    pub(super) catalogue: OnceCell<Arc<Catalogue>>,
    /// The topics of all shipped checks; read only if a project has its own topics.
    pub(super) topics: OnceCell<BTreeSet<Topic>>,
    parts: RefCell<HashMap<&'static str, ParsedChecklist>>,
    merged: RefCell<HashMap<(Route, String), Merged>>,
}

/// The checklist for projects that have none of their own.
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
            owners: OWNERS.get().cloned().map_or_else(OnceCell::new, OnceCell::from),
            guide: OnceCell::new(),
            catalogue: OnceCell::new(),
            topics: OnceCell::new(),
            parts: RefCell::default(),
            merged: RefCell::default(),
        }
    }

    /// Keeps the list of owners for all runs of this process.
    pub(super) fn keep_owners(&self) {
        if let Some(owners) = self.owners.get() {
            OWNERS.get_or_init(|| Arc::clone(owners));
        }
    }

    /// A checklist that was read before, as if from this file.
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
}
