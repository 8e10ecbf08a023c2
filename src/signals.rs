//! What the system tells the process on its way.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};

use signal_hook::{SigId, consts::SIGINT, flag, low_level};

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

/// While this lives, Ctrl-C ends the process by itself when nothing else has ended it within a moment: work that
/// computes asks nobody whether it may go on.
pub struct Impatience {
    heard: Option<SigId>,
    _done: Sender<()>,
}

/// How long whoever hears Ctrl-C has to end by itself.
const MOMENT: Duration = Duration::from_millis(600);

/// How often it is asked whether there was one.
const BEAT: Duration = Duration::from_millis(100);

impl Impatience {
    /// Ends the process with this code.
    #[must_use]
    pub fn new(code: u8) -> Self {
        let asked = Arc::new(AtomicBool::new(false));
        let heard = flag::register(SIGINT, Arc::clone(&asked)).ok();
        let (done, wait) = channel::<()>();
        let watch = move || {
            while wait.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                let is_over = || wait.recv_timeout(MOMENT) != Err(RecvTimeoutError::Timeout);
                if asked.load(Ordering::SeqCst) && !is_over() {
                    low_level::exit(code.into());
                }
            }
        };
        // Without a thread Ctrl-C does what it did before.
        drop(thread::Builder::new().spawn(watch));
        Self { heard, _done: done }
    }
}

impl Drop for Impatience {
    fn drop(&mut self) {
        self.heard.take().map(low_level::unregister);
    }
}
