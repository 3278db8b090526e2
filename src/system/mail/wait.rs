//! Waiting for what another thread does, for as long as the run wants it.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::host::Cancel;

/// How long an interrupt may go unnoticed while a run waits.
const PATIENCE: Duration = Duration::from_millis(25);

/// How a wait ended.
pub(super) enum Waited<T> {
    /// With an answer.
    Answer(T),
    /// The run was stopped, or its time is over.
    Stopped,
    /// The other thread is gone and will not answer.
    Lost,
}

/// Waits for an answer until the run is stopped.
pub(super) fn wait<T>(receiver: &Receiver<T>, cancel: &Cancel) -> Waited<T> {
    loop {
        match receiver.recv_timeout(cancel.patience(PATIENCE)) {
            Ok(answer) => return Waited::Answer(answer),
            Err(RecvTimeoutError::Disconnected) => return Waited::Lost,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if cancel.is_stopped() {
            return Waited::Stopped;
        }
    }
}
