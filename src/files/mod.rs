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
mod part;
mod place;
mod read;
mod stamp;
mod state;
mod timed;
#[cfg(unix)]
mod unix;
mod write;

pub(crate) use error::{Bounds, FileError};
pub(crate) use inside::Root;
pub(crate) use kind::{Kind, Sort};
pub(crate) use output::output;
pub(crate) use part::Part;
pub(crate) use place::{Identity, Place, in_other_letters};
pub(crate) use read::{bytes, open, text};
pub(crate) use stamp::Stamps;
pub(crate) use state::{IGNORE, LOCK, STATE, lock};
pub(crate) use timed::Opened;
pub(crate) use write::{append, make_folder, write_new, write_private, write_whole};

#[cfg(not(unix))]
use elsewhere as system;
#[cfg(unix)]
use unix as system;
