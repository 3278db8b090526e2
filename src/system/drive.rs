//! Where exchanges happen: in one runtime of the process, driven by the threads that wait for their answers.
//!
//! Several threads may wait at once; one of them drives for all, and hands over when its own answer is there. So the usual
//! request, one at a time, wakes no other thread.

use std::pin::pin;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::yield_now;
use tokio::time::timeout;

use super::failure::unavailable;
use crate::host::{Cancel, HttpError, HttpErrorKind};

/// How long an interrupt may go unnoticed while a run waits.
const PATIENCE: Duration = Duration::from_millis(25);

/// Waits for the outcome of an exchange, and gives the exchange up when the run is stopped.
pub(super) fn drive<T: Send>(
    exchange: impl Future<Output = Result<T, HttpError>> + Send,
    cancel: &Cancel,
) -> Result<T, HttpError> {
    let runtime = runtime()?;
    let waiting = stoppable(exchange, cancel);
    if Handle::try_current().is_err() {
        return runtime.block_on(waiting);
    }
    // The caller blocks a thread that belongs to another runtime, in which no second one may be entered.
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("dg-network".to_owned());
        let started = thread.spawn_scoped(scope, || runtime.block_on(waiting));
        let joined = started.map(std::thread::ScopedJoinHandle::join);
        joined
            .ok()
            .and_then(Result::ok)
            .unwrap_or_else(|| Err(unavailable("the request was given up")))
    })
}

async fn stoppable<T>(exchange: impl Future<Output = Result<T, HttpError>>, cancel: &Cancel) -> Result<T, HttpError> {
    // Nobody drives between requests. The first turn sees that a server has closed a connection of the pool, the second
    // takes it out, so that the request does not go out on it.
    yield_now().await;
    yield_now().await;
    let mut exchange = pin!(exchange);
    loop {
        if let Ok(outcome) = timeout(cancel.patience(PATIENCE), &mut exchange).await {
            return outcome;
        }
        if cancel.is_stopped() {
            return Err(HttpError::new(HttpErrorKind::Interrupted, "the run was stopped"));
        }
    }
}

fn runtime() -> Result<&'static Runtime, HttpError> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let build = || Builder::new_current_thread().enable_all().build().ok();
    RUNTIME
        .get_or_init(build)
        .as_ref()
        .ok_or_else(|| unavailable("the system has nothing left for requests"))
}
