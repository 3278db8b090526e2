//! Dropping containers without recursion, so that a list nested a million levels deep is freed like any other.

use std::cell::RefCell;

use super::Value;

thread_local! {
    /// Contents waiting to be dropped, while a drop is under way on this thread.
    static WAITING: RefCell<Option<Vec<Value>>> = const { RefCell::new(None) };
}

/// Drops the contents of a container that is itself being dropped: at once where this is the outermost drop, after it
/// where it is an inner one.
pub(super) fn release(contents: impl IntoIterator<Item = Value>) {
    let mut contents = contents.into_iter().filter_map(|value| {
        if value.is_plain() || !value.is_container() {
            value.discard();
            return None;
        }
        Some(value)
    });
    let Some(first) = contents.next() else { return };
    let outermost = WAITING.try_with(|waiting| {
        let mut waiting = waiting.borrow_mut();
        let outermost = waiting.is_none();
        let waiting = waiting.get_or_insert_default();
        waiting.push(first);
        waiting.extend(contents);
        outermost
    });
    if outermost == Ok(true) {
        while let Ok(Some(value)) = WAITING.try_with(|waiting| waiting.borrow_mut().as_mut().and_then(Vec::pop)) {
            drop(value);
        }
        let _ = WAITING.try_with(|waiting| waiting.borrow_mut().take());
    }
}
