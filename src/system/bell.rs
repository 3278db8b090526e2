//! Timers that wake whoever waits for an exchange, to look whether it may go on waiting.
//!
//! A timer that is set wakes the driver of the runtime, which costs a turn; one that is set already costs nothing. An
//! exchange on this machine takes a fraction of a bell's time, so bells are kept for the next one, still running.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// Bells that nobody uses now.
static KEPT: Mutex<Vec<Bell>> = Mutex::new(Vec::new());

/// A timer in the runtime of the exchanges.
pub(super) struct Bell(Pin<Box<Sleep>>);

impl Bell {
    /// A bell for one who waits. Has to be called inside the runtime.
    pub(super) fn take() -> Self {
        let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).pop();
        kept.unwrap_or_else(|| Self(Box::pin(sleep(Duration::ZERO))))
    }

    /// Keeps it for whoever waits next.
    pub(super) fn give_back(self) {
        KEPT.lock().unwrap_or_else(PoisonError::into_inner).push(self);
    }

    /// Lets it ring in `time` from now at the latest. It may ring earlier.
    pub(super) fn set(&mut self, time: Duration) {
        let due = Instant::now() + time;
        if self.0.is_elapsed() || self.0.deadline() > due {
            self.0.as_mut().reset(due);
        }
    }

    /// Whether it has rung; if not, it will wake the task.
    pub(super) fn rings(&mut self, task: &mut Context<'_>) -> bool {
        self.0.as_mut().poll(task).is_ready()
    }
}
