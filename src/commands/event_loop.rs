//! The event loop of a verb that observes, and how Ctrl-C ends it.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use crate::{
    error::Error,
    exit::Exit,
    preflight::PreflightError,
    signals::{self, InterruptWatchdog},
};

/// Runs cancellable work to its end; the first Ctrl-C cancels it, and the next one ends the process at once.
///
/// One thread: observing is mostly waiting.
///
/// # Errors
/// [`Error::System`] when the system can't start an event loop, and any error of the work.
pub(super) fn run<T>(
    work: impl AsyncFnOnce(&CancellationToken) -> Result<T, PreflightError>,
) -> Result<T, Error> {
    let event_loop = Builder::new_current_thread().enable_all().build().map_err(no_loop)?;
    let watchdog = InterruptWatchdog::new(Exit::Interrupted.code());
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
    drop(watchdog);
    // A slow look at a file is not waited for: no one would read its result.
    event_loop.shutdown_background();
    Ok(done?)
}

/// How long abandoned work has to record where it stopped.
const GRACE: Duration = Duration::from_millis(600);

/// An event loop for several pieces of work in turn, with two kinds of Ctrl-C: the first ends what can be resumed, the
/// second everything.
pub(super) struct EventLoop {
    runtime: Option<Runtime>,
    /// Ends what can be resumed later.
    pub(super) cancel: CancellationToken,
    /// Ends everything.
    pub(super) abandon: CancellationToken,
}

impl EventLoop {
    /// Starts one.
    ///
    /// # Errors
    /// [`Error::System`] when the system can't start one.
    pub(super) fn start() -> Result<Self, Error> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(no_loop)?;
        let (cancel, abandon) = (CancellationToken::new(), CancellationToken::new());
        let (first, second) = (cancel.clone(), abandon.clone());
        runtime.spawn(async move {
            for token in [first, second] {
                if tokio::signal::ctrl_c().await.is_ok() {
                    token.cancel();
                }
            }
        });
        // From here on it listens for Ctrl-C.
        runtime.block_on(tokio::task::yield_now());
        Ok(Self { runtime: Some(runtime), cancel, abandon })
    }

    /// Does a piece of work that handles Ctrl-C itself.
    pub(super) fn run<T>(&self, work: impl Future<Output = Result<T, PreflightError>>) -> Result<T, Error> {
        Ok(self.done(work)?)
    }

    /// Does a piece of work that the first Ctrl-C ends, wherever it is.
    ///
    /// # Errors
    /// [`Error::Interrupted`], and any error of the work.
    pub(super) fn until_cancelled<T, E: Into<Error>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Error> {
        let done = self.done(self.cancel.run_until_cancelled(work));
        done.ok_or(Error::Interrupted)?.map_err(Into::into)
    }

    /// Does a piece of work on a paid job. After the second Ctrl-C it has a moment to record where the job stands.
    ///
    /// # Errors
    /// [`Error::Abandoned`], and any error of the work.
    pub(super) fn until_abandoned<T, E: Into<Error>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Error> {
        let given_up = async {
            self.abandon.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        self.done(async {
            tokio::select! {
                done = work => done.map_err(Into::into),
                () = given_up => Err(Error::Abandoned),
            }
        })
    }

    fn done<T>(&self, work: impl Future<Output = T>) -> T {
        match &self.runtime {
            Some(runtime) => runtime.block_on(work),
            None => unreachable!("it is taken when this is dropped"),
        }
    }
}

impl Drop for EventLoop {
    fn drop(&mut self) {
        // A name lookup that is still running is not waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn no_loop(source: std::io::Error) -> Error {
    Error::System { what: "cannot start the event loop".to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abandoned_work_gets_a_moment_to_record_its_state() {
        let event_loop = EventLoop::start().unwrap();
        event_loop.abandon.cancel();
        let writes = async {
            tokio::task::yield_now().await;
            Ok::<_, Error>("written")
        };
        assert_eq!(event_loop.until_abandoned(writes).unwrap(), "written");
        let hangs = std::future::pending::<Result<(), Error>>();
        assert!(matches!(event_loop.until_abandoned(hangs), Err(Error::Abandoned)));
    }

    #[test]
    fn what_is_cancelled_ends_at_once() {
        let event_loop = EventLoop::start().unwrap();
        event_loop.cancel.cancel();
        let hangs = std::future::pending::<Result<(), Error>>();
        assert!(matches!(event_loop.until_cancelled(hangs), Err(Error::Interrupted)));
    }
}
