//! The event loop of a verb that observes, and how Ctrl-C ends it.

use tokio_util::sync::CancellationToken;

use crate::{error::Error, exit::Exit, preflight::PreflightError, signals};

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
    Ok(done?)
}
