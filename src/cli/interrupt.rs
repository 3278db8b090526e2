//! Ctrl-C, for whatever the command is doing at the time. The system takes one handler for the whole process, so this is
//! the place that knows what an interrupt means now.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use super::exit::Exit;

type Action = Box<dyn Fn() + Send>;

static ACTION: Mutex<Option<Action>> = Mutex::new(None);

/// Whether a secret is being read. Its reader tells of the interrupt itself, after it has put the terminal back as it was.
static READING: AtomicBool = AtomicBool::new(false);

/// From now on an interrupt does this.
pub(super) fn on(action: impl Fn() + Send + 'static) {
    *current() = Some(Box::new(action));
    install();
}

/// Reads a secret: an interrupt ends the reading and not the process, which would leave the terminal without echo.
pub(super) fn while_reading<T>(read: impl FnOnce() -> T) -> T {
    install();
    READING.store(true, Ordering::SeqCst);
    let outcome = read();
    READING.store(false, Ordering::SeqCst);
    outcome
}

fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // Without a handler an interrupt still ends the process, only less politely.
        _ = ctrlc::set_handler(|| {
            if READING.load(Ordering::SeqCst) {
                return;
            }
            match &*current() {
                Some(action) => action(),
                None => std::process::exit(i32::from(Exit::Interrupted.code())),
            }
        });
    });
}

fn current() -> MutexGuard<'static, Option<Action>> {
    ACTION.lock().unwrap_or_else(PoisonError::into_inner)
}
