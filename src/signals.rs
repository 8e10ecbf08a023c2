//! What the system tells the process on its way.

use std::sync::{Arc, atomic::AtomicBool};

use signal_hook::{consts::SIGINT, flag};

/// A file that may grow no further, by its limit for this process, is an error of whoever writes to it, and no end of
/// the process that leaves half a file behind.
pub fn tell_full_files() {
    #[cfg(unix)]
    drop(flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false))));
}

/// From now on Ctrl-C ends the process at once, with this code. The event loop takes it for as long as the process
/// lives, also when the loop itself is gone and nobody asks any more.
pub fn end_when_interrupted(code: u8) {
    let always = Arc::new(AtomicBool::new(true));
    // Where it cannot be told, Ctrl-C does what it did before.
    drop(flag::register_conditional_shutdown(SIGINT, code.into(), always));
}
