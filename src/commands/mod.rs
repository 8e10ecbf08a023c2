//! One file a verb: its arguments and what it does with the other rooms. No judgement of its own.

pub mod answer;
pub mod check;
pub mod completions;
pub mod context;
pub mod diff;
pub mod due;
pub mod explain;
mod hand;
pub mod init;
pub mod lint;
pub mod list;
pub mod man;
mod record;
pub mod schema;
pub mod survey;
pub mod verify;
pub mod waive;
