//! LIST: ordered and shared. Assigning or passing a list shares it (DECISIONS: 7).

use std::cell::{Ref, RefCell};
use std::rc::{Rc, Weak};

use super::items::Items;
use super::{Kind, Value, memory, release};

/// A shared list.
#[derive(Clone)]
pub struct List(Rc<Shared>);

/// With the two counts it is seven words: as much as a block of memory of that size has room for.
#[derive(Default)]
struct Shared {
    items: RefCell<Items>,
}

/// A list that is watched without being kept alive.
pub(super) struct WeakList(Weak<Shared>);

impl Drop for Shared {
    fn drop(&mut self) {
        let items = std::mem::take(self.items.get_mut());
        memory::shrink(items.capacity() * size_of::<Value>() + size_of::<Self>());
        release::release(items.into_values());
    }
}

impl List {
    /// A list of these items.
    pub fn new(items: Vec<Value>) -> Self {
        Self::typed(items, None)
    }

    /// A list whose elements are all of one kind (`List:Int()`); converting them is the caller's work.
    pub fn typed(items: Vec<Value>, element: Option<Kind>) -> Self {
        memory::grow(items.capacity() * size_of::<Value>() + size_of::<Shared>());
        Self(Rc::new(Shared {
            items: RefCell::new(Items::typed(items, element)),
        }))
    }

    /// The kind that a typed list demands of its elements.
    pub fn element(&self) -> Option<Kind> {
        self.0.items.borrow().element()
    }

    /// The items, borrowed. Nothing may change the list meanwhile.
    pub fn items(&self) -> Ref<'_, [Value]> {
        Ref::map(self.0.items.borrow(), |items| &**items)
    }

    /// Changes the items; what they grow or shrink is counted.
    pub fn edit<R>(&self, change: impl FnOnce(&mut Vec<Value>) -> R) -> R {
        let mut items = self.0.items.borrow_mut();
        let items = items.settle();
        let before = items.capacity();
        let result = change(items);
        if items.capacity() != before {
            memory::adjust(before * size_of::<Value>(), items.capacity() * size_of::<Value>());
        }
        result
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.0.items.borrow().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at an index from 0.
    pub fn get(&self, index: usize) -> Option<Value> {
        self.0.items.borrow().get(index).cloned()
    }

    /// The item at an index from 0, borrowed; `None` outside the list. Nothing may change the list meanwhile.
    #[inline(always)]
    pub fn at(&self, index: i64) -> Option<Ref<'_, Value>> {
        let index = usize::try_from(index).ok()?;
        Ref::filter_map(self.0.items.borrow(), |items| items.at(index)).ok()
    }

    /// Changes one item in its place; `None` past the end.
    #[inline(always)]
    pub fn edit_item<R>(&self, index: usize, change: impl FnOnce(&mut Value) -> R) -> Option<R> {
        self.0.items.borrow_mut().at_mut(index).map(change)
    }

    /// Puts an item where another was, and gives the former one; `None` past the end.
    pub fn replace(&self, index: usize, item: Value) -> Option<Value> {
        self.edit_item(index, |place| std::mem::replace(place, item))
    }

    /// Adds an item at the end.
    pub fn push(&self, item: Value) {
        let mut items = self.0.items.borrow_mut();
        let before = items.capacity();
        items.push(item);
        if items.capacity() != before {
            memory::adjust(before * size_of::<Value>(), items.capacity() * size_of::<Value>());
        }
    }

    /// Takes out the item at an index; `None` past the end.
    pub fn remove(&self, index: usize) -> Option<Value> {
        self.0.items.borrow_mut().remove(index)
    }

    /// Whether both are one and the same list.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// An address that tells lists apart while they live.
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.0) as usize
    }

    /// Whether nobody watches the list yet.
    pub(super) fn is_unwatched(&self) -> bool {
        Rc::weak_count(&self.0) == 0
    }

    pub(super) fn downgrade(&self) -> WeakList {
        WeakList(Rc::downgrade(&self.0))
    }
}

impl WeakList {
    pub(super) fn is_alive(&self) -> bool {
        self.0.strong_count() > 0
    }

    pub(super) fn clear(&self) {
        if let Some(shared) = self.0.upgrade() {
            let items = shared
                .items
                .try_borrow_mut()
                .map(|mut items| std::mem::take(&mut *items))
                .unwrap_or_default();
            memory::shrink(items.capacity() * size_of::<Value>());
            release::release(items.into_values());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lists_are_what_a_plain_vector_would_be(steps in prop::collection::vec((0u8..5, 0usize..30), 0..200)) {
            let (list, mut plain) = (List::new(Vec::new()), Vec::new());
            for (step, index) in steps {
                match step {
                    0 | 1 => {
                        list.push(Value::Number(index as i64));
                        plain.push(index);
                    }
                    2 => {
                        let front = index / 10;
                        let expected = (front < plain.len()).then(|| plain.remove(front).to_string());
                        prop_assert_eq!(list.remove(front).map(|item| item.key_text()), expected);
                    }
                    3 => {
                        let expected = (index < plain.len()).then(|| plain.remove(index).to_string());
                        prop_assert_eq!(list.remove(index).map(|item| item.key_text()), expected);
                    }
                    _ => {
                        list.edit(|items| items.truncate(index));
                        plain.truncate(index);
                    }
                }
                let shown: Vec<String> = list.items().iter().map(Value::key_text).collect();
                prop_assert_eq!(shown, plain.iter().map(usize::to_string).collect::<Vec<_>>());
                prop_assert_eq!(list.len(), plain.len());
                prop_assert_eq!(list.get(index).map(|item| item.key_text()), plain.get(index).map(usize::to_string));
            }
        }
    }
}
