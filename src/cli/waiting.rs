//! A line on the terminal that tells what a run waits for, gone when it goes on.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::print::Out;
use crate::host::Request;
use crate::system::Progress;

/// Tells on standard error, where that is a terminal, which host has not answered for how many seconds.
pub(super) struct Waiting {
    out: Arc<Out>,
    is_seen: bool,
    /// The seconds that stand on the terminal.
    shown: AtomicU64,
}

impl Waiting {
    /// On the channels of a command.
    pub(super) fn on(out: &Arc<Out>) -> Self {
        Self {
            out: Arc::clone(out),
            is_seen: io::stderr().is_terminal(),
            shown: AtomicU64::new(0),
        }
    }
}

impl Progress for Waiting {
    fn waiting(&self, request: &Request, waited: Duration) {
        let seconds = waited.as_secs();
        if !self.is_seen || self.shown.swap(seconds, Ordering::Relaxed) == seconds {
            return;
        }
        self.out.flush();
        let host = request.url.host_str().unwrap_or_default();
        _ = write!(io::stderr().lock(), "\r\x1b[Kwaiting for {host} ({seconds} s)");
    }

    fn over(&self) {
        self.shown.store(0, Ordering::Relaxed);
        if self.is_seen {
            _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}
