//! Everything that is tested from outside, in one binary.

mod architecture;
mod recording;
mod rehearsal;
mod secrets;
mod shipped;
mod support;
