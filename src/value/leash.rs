//! How far the run on this thread may go.
//!
//! Some work of values is long by itself: the text of a list that holds the same list a thousand times, the comparison of
//! large lists, a sort. Values know no meter, so the meter of a run leaves word here, and such work tells now and then
//! what it spent. Once the leash is pulled, whatever is under way gives up with the result it has, and the run ends before
//! anybody sees that result: the interpreter looks at [`pulled`].

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;

use super::memory;

/// Why the leash was pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pull {
    /// The values would hold more than they may.
    Memory,
    /// The run has no time left.
    Time,
    /// Somebody stopped the run.
    Interrupted,
}

/// Asks what is outside of memory: the clock, and whoever may interrupt.
type Ask = Box<dyn Fn() -> Option<Pull>>;

struct Leash {
    /// The most bytes that the live values of the thread may hold.
    ceiling: usize,
    ask: Ask,
}

/// How much work passes between two looks: bytes written, or about as many steps.
const STRIDE: usize = 1 << 18;

thread_local! {
    static LEASH: RefCell<Option<Leash>> = const { RefCell::new(None) };
    static LEFT: Cell<usize> = const { Cell::new(STRIDE) };
    static PULLED: Cell<Option<Pull>> = const { Cell::new(None) };
}

/// The leash of a run; dropping it gives the thread back to the run around it, if there is one.
pub struct Held {
    former: Option<Leash>,
    pulled: Option<Pull>,
}

/// Puts the run that begins on a leash: so many bytes may the live values of this thread hold, and `ask` tells whether
/// something else says stop.
pub fn hold(ceiling: usize, ask: impl Fn() -> Option<Pull> + 'static) -> Held {
    let ask = Box::new(ask);
    let leash = Leash { ceiling, ask };
    LEFT.set(STRIDE);
    Held {
        former: LEASH.with(|place| place.replace(Some(leash))),
        pulled: PULLED.replace(None),
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let former = self.former.take();
        _ = LEASH.try_with(|place| place.replace(former));
        _ = PULLED.try_with(|pulled| pulled.set(self.pulled));
        _ = LEFT.try_with(|left| left.set(if self.pulled.is_some() { 0 } else { STRIDE }));
    }
}

/// Whether the leash of the run on this thread was pulled.
#[inline]
pub fn pulled() -> Option<Pull> {
    PULLED.get()
}

/// Tells of work: about so many bytes were written or looked at, and `held` bytes lie in a buffer that no value owns yet.
/// `false` once the run has to end.
#[inline]
pub fn spend(work: usize, held: usize) -> bool {
    match LEFT.get().checked_sub(work) {
        Some(left) => {
            LEFT.set(left);
            true
        }
        None => look(held),
    }
}

#[cold]
fn look(held: usize) -> bool {
    if pulled().is_some() {
        return false;
    }
    LEFT.set(STRIDE);
    let pull = LEASH.with(|place| {
        let place = place.borrow();
        let leash = place.as_ref()?;
        if memory::live().saturating_add(held) > leash.ceiling {
            return Some(Pull::Memory);
        }
        (leash.ask)()
    });
    if pull.is_some() {
        PULLED.set(pull);
        // From now on every look is refused at once, however little was spent.
        LEFT.set(0);
    }
    pull.is_none()
}

/// How many items are sorted between two looks.
const CHUNK: usize = 1 << 14;

/// Sorts as [`slice::sort_by`] does, equal items staying in their order, and gives up in the middle when the leash is
/// pulled. `weight` is about how many bytes one comparison looks at.
pub fn sort_by<T: Clone>(items: &mut Vec<T>, weight: usize, mut order: impl FnMut(&T, &T) -> Ordering) {
    let width = (STRIDE / weight.max(1)).clamp(1, CHUNK);
    for chunk in items.chunks_mut(width) {
        let comparisons = chunk.len() * chunk.len().max(2).ilog2() as usize;
        if !spend(comparisons.saturating_mul(weight), 0) {
            return;
        }
        chunk.sort_by(&mut order);
    }
    let mut width = width;
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        for pair in items.chunks(2 * width) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            if !merge(left, right, &mut merged, |a, b| spend(weight, 0).then(|| order(a, b))) {
                return;
            }
        }
        *items = merged;
        width *= 2;
    }
}

/// Merges two sorted parts; `false` where there was no order to be had.
fn merge<T: Clone>(
    mut left: &[T],
    mut right: &[T],
    into: &mut Vec<T>,
    mut order: impl FnMut(&T, &T) -> Option<Ordering>,
) -> bool {
    while let ([a, rest_left @ ..], [b, rest_right @ ..]) = (left, right) {
        match order(a, b) {
            Some(Ordering::Greater) => {
                into.push(b.clone());
                right = rest_right;
            }
            Some(_) => {
                into.push(a.clone());
                left = rest_left;
            }
            None => return false,
        }
    }
    into.extend_from_slice(left);
    into.extend_from_slice(right);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_leash_nothing_ends() {
        assert!(spend(usize::MAX, usize::MAX));
        assert_eq!(pulled(), None);
    }

    #[test]
    fn a_pulled_leash_stays_pulled_until_its_run_ends() {
        let outer = hold(usize::MAX, || None);
        let inner = hold(memory::live() + 10, || None);
        assert!(spend(STRIDE + 1, 5));
        assert!(!spend(STRIDE + 1, 50));
        assert!(!spend(1, 0));
        assert_eq!(pulled(), Some(Pull::Memory));
        drop(inner);
        assert!(spend(STRIDE + 1, 50));
        assert_eq!(pulled(), None);
        drop(outer);
    }

    #[test]
    fn a_long_sort_sorts_stably() {
        let mut pairs: Vec<(u64, usize)> = (0..50_000).map(|index| ((index as u64 * 7919) % 101, index)).collect();
        let mut expected = pairs.clone();
        expected.sort_by_key(|pair| pair.0);
        sort_by(&mut pairs, 1, |a, b| a.0.cmp(&b.0));
        assert_eq!(pairs, expected);
    }

    #[test]
    fn a_sort_gives_up_when_the_leash_is_pulled() {
        let held = hold(usize::MAX, || Some(Pull::Time));
        let mut numbers: Vec<u32> = (0..1_000_000).rev().collect();
        let mut comparisons = 0_u64;
        sort_by(&mut numbers, 1, |a, b| {
            comparisons += 1;
            a.cmp(b)
        });
        assert_eq!(pulled(), Some(Pull::Time));
        assert!(comparisons < 1_000_000, "{comparisons}");
        drop(held);
    }
}
