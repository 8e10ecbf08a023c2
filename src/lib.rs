//! Verifies a route to Grok/xAI video generation before any credit is spent.
//!
//! Data goes one way:
//!
//! ```text
//! load ──► observe ──► judge ──► render
//!            model: the words all of them speak in
//! ```
//!
//! `judge` and `render` are pure; `load` is the only reader of TOML; `observe` is the only room
//! that touches the outside to check, and can only make calls that are known to be free.

pub mod judge;
pub mod model;
