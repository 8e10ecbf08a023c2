//! The `greenlight` binary: hands the process over to the library.

use std::process::ExitCode;

use greenlight::{bug, signals};
use mimalloc::MiMalloc;

/// A report is many small texts: with the system's allocator, a quarter of the time for five hundred projects goes into
/// allocation.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[expect(clippy::disallowed_methods, reason = "the clock is asked here and nowhere else")]
fn main() -> ExitCode {
    signals::ignore_file_size_signal();
    bug::install_panic_hook();
    bug::guard(|| greenlight::run(std::env::args_os(), chrono::Utc::now())).into()
}
