//! TOML → model: the only reader of TOML, with diagnostics that point at the mistake.

pub mod diagnostic;
pub mod show;
