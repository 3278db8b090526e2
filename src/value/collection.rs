//! COLLECTION: either plain elements or key-value pairs, decided by the first element; shared.

use std::cell::{Ref, RefCell};
use std::rc::{Rc, Weak};

use super::entries::Entries;
use super::items::Items;
use super::{Value, memory, release};

/// A shared collection.
#[derive(Clone)]
pub struct Collection(Rc<Shared>);

/// What a collection holds.
#[derive(Default)]
pub enum Contents {
    /// Nothing yet, so either is still possible.
    #[default]
    Empty,
    /// Plain elements, numbered from 0.
    Values(Items),
    /// Key-value pairs.
    Pairs(Entries),
}

impl Contents {
    /// How many elements or pairs there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Values(values) => values.len(),
            Self::Pairs(pairs) => pairs.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn weight(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Values(values) => values.capacity() * size_of::<Value>(),
            Self::Pairs(pairs) => pairs.weight(),
        }
    }

    fn release(self) {
        match self {
            Self::Empty => {}
            Self::Values(values) => release::release(values.into_values()),
            Self::Pairs(pairs) => pairs.release(),
        }
    }
}

#[derive(Default)]
struct Shared {
    contents: RefCell<Contents>,
}

/// A collection that is watched without being kept alive.
pub(super) struct WeakCollection(Weak<Shared>);

impl Drop for Shared {
    fn drop(&mut self) {
        let contents = std::mem::take(self.contents.get_mut());
        memory::shrink(contents.weight() + size_of::<Self>());
        contents.release();
    }
}

impl Collection {
    /// A collection of these contents.
    pub fn new(contents: Contents) -> Self {
        memory::grow(contents.weight() + size_of::<Shared>());
        Self(Rc::new(Shared {
            contents: RefCell::new(contents),
        }))
    }

    /// The contents, borrowed. Nothing may change the collection meanwhile.
    pub fn contents(&self) -> Ref<'_, Contents> {
        self.0.contents.borrow()
    }

    /// Changes the contents; what they grow or shrink is counted.
    pub fn edit<R>(&self, change: impl FnOnce(&mut Contents) -> R) -> R {
        let mut contents = self.0.contents.borrow_mut();
        let before = contents.weight();
        let result = change(&mut contents);
        memory::adjust(before, contents.weight());
        result
    }

    /// Whether both are one and the same collection.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// An address that tells collections apart while they live.
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.0) as usize
    }

    /// Whether nobody watches the collection yet.
    pub(super) fn is_unwatched(&self) -> bool {
        Rc::weak_count(&self.0) == 0
    }

    pub(super) fn downgrade(&self) -> WeakCollection {
        WeakCollection(Rc::downgrade(&self.0))
    }
}

impl WeakCollection {
    pub(super) fn is_alive(&self) -> bool {
        self.0.strong_count() > 0
    }

    pub(super) fn clear(&self) {
        if let Some(shared) = self.0.upgrade() {
            let contents = shared
                .contents
                .try_borrow_mut()
                .map(|mut contents| std::mem::take(&mut *contents))
                .unwrap_or_default();
            memory::shrink(contents.weight());
            contents.release();
        }
    }
}
