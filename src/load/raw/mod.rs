//! The TOML files exactly as written: plain structs that refuse unknown keys.
//!
//! Everything is optional here. Validation checks what must be there, so that it can report everything that is missing
//! at once.

pub(super) mod answers;
pub(super) mod body;
pub(super) mod catalogue;
pub(super) mod checklist;
pub(super) mod expect;
pub(super) mod operator;
pub(super) mod owners;
pub(super) mod project;
pub(super) mod routes;
pub(super) mod scalar;
pub(super) mod word;
