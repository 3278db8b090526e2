//! How much memory the live values of this thread hold.
//!
//! Values never leave their thread, so one counter a thread is exact: every container and long text adds its bytes when
//! it grows and takes them back when it is dropped. The meter of a run compares the counter with its limit.

use std::cell::Cell;

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
}

/// Bytes held by the live values of this thread.
pub fn live() -> usize {
    LIVE.try_with(Cell::get).unwrap_or_default()
}

/// Adds bytes that a value has just taken.
pub(super) fn grow(bytes: usize) {
    adjust(0, bytes);
}

/// Takes back bytes that a value has just given up.
pub(super) fn shrink(bytes: usize) {
    adjust(bytes, 0);
}

/// Replaces a former size with the present one. A thread that is ending has no counter any more, and needs none.
pub(super) fn adjust(before: usize, after: usize) {
    let _ = LIVE.try_with(|live| live.set(live.get().wrapping_add(after).wrapping_sub(before)));
}
