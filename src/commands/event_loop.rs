//! The event loop of a verb that observes, and how Ctrl-C ends it.

use tokio_util::sync::CancellationToken;

use crate::{
    error::Error,
    exit::Exit,
    preflight::PreflightError,
    signals::{self, Impatience},
};

/// Runs work that can be cancelled until it is done; Ctrl-C cancels it. From then on Ctrl-C ends the process at once.
///
/// One thread: observing waits far more than it works.
///
/// # Errors
/// [`Error::System`] when the system gives no event loop, and whatever the work ends with.
pub(super) fn run<T>(
    work: impl AsyncFnOnce(&CancellationToken) -> Result<T, PreflightError>,
) -> Result<T, Error> {
    let event_loop = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| Error::System { what: "cannot start the event loop".to_owned(), source })?;
    let impatience = Impatience::new(Exit::Interrupted.code());
    let done = event_loop.block_on(async {
        let cancel = CancellationToken::new();
        let heard = cancel.clone();
        tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                heard.cancel();
            }
        });
        work(&cancel).await
    });
    signals::end_when_interrupted(Exit::Interrupted.code());
    drop(impatience);
    // A look at a file that lasts is not waited for: nobody reads what it comes to.
    event_loop.shutdown_background();
    Ok(done?)
}

/// An event loop that lasts over several pieces of work, with two kinds of Ctrl-C: the first ends what can be gone on
/// with, the second everything.
pub(super) struct EventLoop {
    runtime: tokio::runtime::Runtime,
    /// Ends what can be gone on with later.
    pub(super) cancel: CancellationToken,
    /// Ends everything.
    pub(super) abandon: CancellationToken,
}

impl EventLoop {
    /// Starts one.
    ///
    /// # Errors
    /// [`Error::System`] when the system gives none.
    pub(super) fn start() -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime
            .map_err(|source| Error::System { what: "cannot start the event loop".to_owned(), source })?;
        let (cancel, abandon) = (CancellationToken::new(), CancellationToken::new());
        let (first, second) = (cancel.clone(), abandon.clone());
        runtime.spawn(async move {
            for token in [first, second] {
                if tokio::signal::ctrl_c().await.is_ok() {
                    token.cancel();
                }
            }
        });
        Ok(Self { runtime, cancel, abandon })
    }

    /// Does a piece of work.
    pub(super) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }
}
