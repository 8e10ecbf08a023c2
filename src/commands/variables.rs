//! Which variables set the flags of a command.

use std::ffi::OsStr;

use clap::{Arg, Command};

/// The variables of a command that are read, in the order of its flags.
pub fn variables(command: &Command) -> impl Iterator<Item = (&str, &Arg)> {
    let arguments = command.get_arguments();
    arguments.filter_map(|arg| Some((arg.get_env().and_then(OsStr::to_str)?, arg)))
}
