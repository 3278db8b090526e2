//! Ctrl-C, for whatever the command is doing at the time. A signal comes between any two instructions, so its handler sets
//! flags, or ends the process where a flag says so, and does nothing else. No thread has to wait for it.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

use super::exit::Exit;
use crate::host::Cancel;

/// The exit status of a process that an interrupt ends.
const STATUS: i32 = Exit::Interrupted.code() as i32;

/// Whether an interrupt ends the process at once.
static ENDS: AtomicBool = AtomicBool::new(true);

/// From now on an interrupt ends the process at once.
pub(super) fn ends() {
    install();
    ENDS.store(true, Ordering::SeqCst);
}

/// From now on an interrupt asks for a stop through this handle.
pub(super) fn cancels(cancel: &Cancel) {
    install();
    ENDS.store(false, Ordering::SeqCst);
    _ = flag::register(SIGINT, cancel.flag());
}

/// From now on the first interrupt asks for a stop through this handle, and one after it ends the process at once.
pub(super) fn cancels_once(cancel: &Cancel) {
    _ = flag::register_conditional_shutdown(SIGINT, STATUS, cancel.flag());
    cancels(cancel);
}

/// Reads a secret: an interrupt ends the reading and not the process, which would leave the terminal without echo. The
/// reader tells of the interrupt itself, after it has put the terminal back as it was.
pub(super) fn while_reading<T>(read: impl FnOnce() -> T) -> T {
    install();
    let ends = ENDS.swap(false, Ordering::SeqCst);
    let outcome = read();
    ENDS.store(ends, Ordering::SeqCst);
    outcome
}

fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // Without a handler an interrupt still ends the process, only less politely.
        _ = flag::register_conditional_shutdown(SIGINT, STATUS, &ENDS);
    });
}
