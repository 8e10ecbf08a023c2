//! The files that are embedded at build. A new checklist is one TOML file and one line here.

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

/// The shipped checklists.
pub(super) const CHECKLISTS: &[Builtin] =
    &[builtin!("network"), builtin!("api"), builtin!("app"), builtin!("wrapper")];

/// Dated facts about models.
pub(super) const CATALOGUE: Builtin = builtin!("catalogue");

/// Hosts, keys and free calls.
pub(super) const OWNERS: Builtin = builtin!("owners");

/// Routes, materials and the short workflow.
pub(super) const ROUTES: Builtin = builtin!("routes");
