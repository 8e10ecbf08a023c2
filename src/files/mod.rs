//! The one door to files. What is read is a regular file of bearable size that answers in bearable time; what a
//! project names lies inside it; what is written replaces no device, and follows no link out of the project.
//!
//! Every other room asks here, so that none has to think of pipes, devices, links and files without an end.

#[cfg(not(unix))]
mod elsewhere;
mod error;
mod inside;
mod kind;
mod output;
mod place;
mod read;
mod state;
mod timed;
#[cfg(unix)]
mod unix;
mod write;

pub use error::{Bounds, FileError};
pub use inside::Root;
pub use kind::{Kind, Sort};
pub use output::output;
pub use place::{Place, in_other_letters};
pub use read::{bytes, open, text};
pub use state::{IGNORE, LOCK, Lock, STATE, lock};
pub use timed::Opened;
pub use write::{append, make_folder, write_new, write_private, write_whole};

#[cfg(not(unix))]
use elsewhere as system;
#[cfg(unix)]
use unix as system;
