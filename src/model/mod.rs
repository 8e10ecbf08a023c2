//! The vocabulary of the product: plain values that every other room speaks in.
//!
//! Nothing here does I/O, reads a clock or knows a colour, and nothing here uses another room.

pub mod address;
pub mod ahead;
pub mod amount;
pub mod answer;
pub mod body;
pub mod call;
pub mod catalogue;
pub mod changes;
pub mod checklist;
pub mod decision;
pub mod expect;
pub mod flaw;
pub mod id;
pub mod json;
pub mod key;
pub mod link;
pub mod media;
pub mod mode;
pub mod money;
pub mod observation;
pub mod owners;
pub mod pages;
pub mod project;
pub mod question;
pub mod receipt;
pub mod recorded;
pub mod report;
pub mod reported;
pub mod request;
pub mod route;
pub mod routes;
pub mod rule;
pub mod said;
pub mod severity;
pub mod shape;
pub mod source;
pub mod template;
pub mod text;
pub mod topic;
pub mod transcript;
pub mod verdict;
pub mod verification;
pub mod via;
