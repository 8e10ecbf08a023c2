//! All tests that run the program from outside, in one binary.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails, and functions beside tests are tests too"
)]

mod addresses;
mod answers;
mod architecture;
mod bad_input;
mod bounds;
mod ci;
mod clip;
mod clock;
mod compare;
mod conform;
mod diff;
mod dossier;
mod files;
mod formats;
mod gate;
mod init;
mod journey;
mod kept_in_git;
mod keys;
mod laid_out;
mod local;
mod media;
mod newcomer;
mod other_keys;
mod own_checklists;
mod packs;
mod printed;
mod projects;
mod providers;
mod readme;
mod receipt;
mod recording;
mod rehearsal;
mod replay;
mod sample;
mod schemas;
mod secrets;
mod shipped;
mod standin;
mod success;
mod support;
mod tools;
mod trust;
mod unknown;
mod unseen;
mod variables;
mod verbs;
mod verify;
mod watch;
mod wording;
