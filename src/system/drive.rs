//! Where exchanges happen: in one runtime of the process, driven by the threads that wait for their answers.
//!
//! Several threads may wait at once; one of them drives for all, and hands over when its own answer is there. So the usual
//! request, one at a time, wakes no other thread.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::OnceLock;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::yield_now;

use super::bell::Bell;
use super::failure::{late, unavailable};
use crate::host::{Cancel, HttpError, HttpErrorKind};

/// How long an interrupt may go unnoticed while a run waits.
const PATIENCE: Duration = Duration::from_millis(25);

/// Waits for the outcome of an exchange, and gives the exchange up when it takes longer than `time`, or when the run is
/// stopped.
pub(super) fn drive<T: Send>(
    exchange: impl Future<Output = Result<T, HttpError>> + Send,
    time: Duration,
    cancel: &Cancel,
) -> Result<T, HttpError> {
    let runtime = runtime()?;
    let waiting = stoppable(exchange, time, cancel);
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

async fn stoppable<T>(
    exchange: impl Future<Output = Result<T, HttpError>>,
    time: Duration,
    cancel: &Cancel,
) -> Result<T, HttpError> {
    let started = Instant::now();
    // Nobody drives between requests. In this turn the connections of the pool see what came meanwhile: one that a server
    // has closed takes no request any more, and gives back what it is handed, to be sent on another.
    yield_now().await;
    let mut exchange = pin!(exchange);
    let mut bell = Bell::take();
    bell.set(cancel.patience(PATIENCE).min(time));
    let outcome = poll_fn(|task| {
        while bell.rings(task) {
            let left = time.saturating_sub(started.elapsed());
            if cancel.is_stopped() {
                return Poll::Ready(Err(HttpError::new(HttpErrorKind::Interrupted, "the run was stopped")));
            }
            if left.is_zero() {
                return Poll::Ready(Err(late()));
            }
            bell.set(cancel.patience(PATIENCE).min(left));
        }
        exchange.as_mut().poll(task)
    });
    let outcome = outcome.await;
    bell.give_back();
    outcome
}

fn runtime() -> Result<&'static Runtime, HttpError> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let build = || Builder::new_current_thread().enable_all().build().ok();
    RUNTIME
        .get_or_init(build)
        .as_ref()
        .ok_or_else(|| unavailable("the system has nothing left for requests"))
}
