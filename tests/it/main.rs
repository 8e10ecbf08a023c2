//! Everything that is tested from outside, in one binary.

mod architecture;
mod bad_input;
mod clock;
mod media;
mod receipt;
mod shipped;
mod support;
mod verbs;
