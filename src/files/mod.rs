//! The one door to files. A file that is read is a regular file of limited size, and reading it takes limited time; a
//! file that a project names must be inside it; writing never replaces a device, and never follows a link out of the
//! project.
//!
//! Every other room asks here, so that none has to think about pipes, devices, links and endless files.

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
pub(crate) use output::{output, project_output};
pub(crate) use part::Part;
pub(crate) use place::{Identity, Place, in_other_letters};
pub(crate) use read::{bytes, open, text};
pub(crate) use stamp::Stamps;
pub(crate) use state::{STATE, lock};
pub(crate) use timed::Opened;
pub(crate) use write::{append, make_folder, write_new, write_private, write_whole};

#[cfg(not(unix))]
use elsewhere as system;
#[cfg(unix)]
use unix as system;
