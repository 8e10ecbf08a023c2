//! Signals from the system.

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

/// A file that may not grow further, because of a limit for this process, becomes an error of the code that writes to
/// it, instead of killing the process and leaving half a file behind.
pub fn ignore_file_size_signal() {
    #[cfg(unix)]
    drop(flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false))));
}

/// From now on Ctrl-C ends the process at once, with this code. Otherwise the event loop would keep the signal for as
/// long as the process lives, even when the loop itself is gone and no one listens.
pub fn end_when_interrupted(code: u8) {
    let always = Arc::new(AtomicBool::new(true));
    // If this can't be registered, Ctrl-C does what it did before.
    drop(flag::register_conditional_shutdown(SIGINT, code.into(), always));
}

/// While this lives, Ctrl-C ends the process when nothing else has ended it within a moment: code that computes does
/// not check whether it was cancelled.
pub struct InterruptWatchdog {
    heard: Option<SigId>,
    _done: Sender<()>,
}

/// How long code that handles Ctrl-C has to end.
const MOMENT: Duration = Duration::from_millis(600);

/// How often to check for Ctrl-C.
const BEAT: Duration = Duration::from_millis(100);

impl InterruptWatchdog {
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

impl Drop for InterruptWatchdog {
    fn drop(&mut self) {
        self.heard.take().map(low_level::unregister);
    }
}
