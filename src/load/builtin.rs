//! The files that are embedded at build time. A new checklist is one TOML file in `checklists/`, a provider's pack one
//! in `checklists/packs/`; the build script lists them.

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

/// The digest of every file in `checklists/` and `checklists/packs/` by its id: SHA-256, lower-case hexadecimal.
const DIGESTS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/digests.rs"));

impl Builtin {
    /// The digest of its text.
    pub(super) fn digest(&self) -> &'static str {
        DIGESTS.iter().find(|(id, _)| *id == self.id).map_or("", |(_, digest)| digest)
    }
}

/// The shipped checklists by name: the stem and the text of every file in `checklists/`, except the four below.
const CHECKLISTS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/checklists.rs"));

/// The packs, by name: the id and the text of every file in `checklists/packs/`, `wrapper-PROVIDER` for `PROVIDER.toml`.
const PACKS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/checklists-packs.rs"));

/// The shipped checklists by name, followed by the packs that extend them.
pub(super) fn checklists() -> impl Iterator<Item = Builtin> {
    CHECKLISTS.iter().chain(PACKS).map(|(id, text)| Builtin { id, text })
}

/// The providers that have a pack.
pub(super) fn providers() -> impl Iterator<Item = &'static str> {
    PACKS.iter().filter_map(|(id, _)| id.strip_prefix("wrapper-"))
}

/// The id of a provider's pack, if there is one.
pub(super) fn pack(provider: &str) -> Option<&'static str> {
    let of_provider = |id: &&str| id.strip_prefix("wrapper-") == Some(provider);
    PACKS.iter().map(|(id, _)| *id).find(of_provider)
}

/// Dated facts about models.
pub(super) const CATALOGUE: Builtin = builtin!("catalogue");

/// Hosts, keys and free calls.
pub(super) const OWNERS: Builtin = builtin!("owners");

/// Routes, materials and the short workflow.
pub(super) const ROUTES: Builtin = builtin!("routes");

/// How paid jobs work.
pub(super) const JOBS: Builtin = builtin!("jobs");
