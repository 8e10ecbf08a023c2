//! The files that are embedded at build. A new checklist is one TOML file in `checklists/`; the build lists it.

/// A shipped file.
pub(super) struct Builtin {
    /// The stem of its file.
    pub(super) id: &'static str,
    /// Its text.
    pub(super) text: &'static str,
}

macro_rules! builtin {
    ($id:literal) => {
        Builtin { id: $id, text: include_str!(concat!("../../checklists/", $id, ".toml")) }
    };
}

/// The shipped checklists by name: the stem and the text of every file in `checklists/` but those below.
const CHECKLISTS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/checklists.rs"));

/// The shipped checklists, by name.
pub(super) fn checklists() -> impl Iterator<Item = Builtin> {
    CHECKLISTS.iter().map(|(id, text)| Builtin { id, text })
}

/// Dated facts about models.
pub(super) const CATALOGUE: Builtin = builtin!("catalogue");

/// Hosts, keys and free calls.
pub(super) const OWNERS: Builtin = builtin!("owners");

/// Routes, materials and the short workflow.
pub(super) const ROUTES: Builtin = builtin!("routes");
