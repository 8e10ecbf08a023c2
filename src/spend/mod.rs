//! The only module that can pay: what a job may cost, what happens to it, and what it did cost.

pub mod budget;
mod clip_store;
pub mod job;
mod ledger;
mod line;
mod materials;
mod order;
mod permit;
mod reading;
pub mod realm;
mod request;
mod run;
mod steps;
mod turn;

pub use self::{
    clip_store::{ClipStore, Kept, NotKept},
    ledger::{BadPlace, Balance, Entry, Job, Ledger, LedgerError, NotReserved, Place, Reserved},
    line::{Line, NoLine, PATIENCE},
    materials::{NoMaterial, materials},
    order::{Attempt, Order, Wanted},
    permit::{NotPermitted, Permit},
    reading::Advice,
    request::Travels,
    run::{How, Outcome, RunError, Runner},
    steps::{JobStep, Listener},
    turn::{NotNow, may_begin, two_changes},
};
