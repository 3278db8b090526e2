//! Dropping containers without recursion, so that a list nested a million levels deep is freed like any other.

use std::cell::RefCell;

use super::Value;

thread_local! {
    /// Contents waiting to be dropped, while a drop is under way on this thread.
    static WAITING: RefCell<Option<Vec<Value>>> = const { RefCell::new(None) };
}

/// Drops the contents of a container that is itself being dropped: at once where this is the outermost drop, after it
/// where it is an inner one.
pub(super) fn release(contents: impl Iterator<Item = Value>) {
    let mut contents = contents.filter(Value::is_container).peekable();
    if contents.peek().is_none() {
        return;
    }
    let outermost = WAITING.try_with(|waiting| {
        let mut waiting = waiting.borrow_mut();
        let outermost = waiting.is_none();
        waiting.get_or_insert_default().extend(contents);
        outermost
    });
    if outermost == Ok(true) {
        while let Ok(Some(value)) = WAITING.try_with(|waiting| waiting.borrow_mut().as_mut().and_then(Vec::pop)) {
            drop(value);
        }
        let _ = WAITING.try_with(|waiting| waiting.borrow_mut().take());
    }
}
