//! The only room that can pay: what a job may cost, what becomes of it, and what it did cost.

pub mod budget;
pub mod job;
