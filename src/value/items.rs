//! The items of a list, or of a collection without keys. What is taken from the front leaves its place free, so that items
//! taken one by one from the front are taken in linear time.

use std::ops::{Deref, DerefMut};

use super::{Kind, Value};

/// Items in order, behind some places that are free.
#[derive(Clone, Default)]
pub struct Items {
    places: Vec<Value>,
    /// How many places are free; as many items as this cannot count would take 64 GB.
    free: u32,
    /// The kind that a typed list demands. It stands here, where it takes no room of its own.
    element: Option<Kind>,
}

impl Items {
    /// These items.
    pub fn new(items: Vec<Value>) -> Self {
        Self::typed(items, None)
    }

    /// These items of a list that demands a kind of them.
    pub(super) fn typed(items: Vec<Value>, element: Option<Kind>) -> Self {
        Self {
            places: items,
            free: 0,
            element,
        }
    }

    /// The kind that a typed list demands of its items.
    pub(super) fn element(&self) -> Option<Kind> {
        self.element
    }

    /// How many places are free.
    fn free(&self) -> usize {
        self.free as usize
    }

    /// For how many items there is memory.
    pub fn capacity(&self) -> usize {
        self.places.capacity()
    }

    /// The item at an index from 0.
    #[inline(always)]
    pub fn at(&self, index: usize) -> Option<&Value> {
        self.places.get(self.free().checked_add(index)?)
    }

    /// The item at an index from 0, to be changed.
    #[inline(always)]
    pub fn at_mut(&mut self, index: usize) -> Option<&mut Value> {
        let place = self.free().checked_add(index)?;
        self.places.get_mut(place)
    }

    /// Adds an item at the end.
    #[inline]
    pub fn push(&mut self, item: Value) {
        self.places.push(item);
    }

    /// The items alone, without free places.
    pub fn settle(&mut self) -> &mut Vec<Value> {
        self.places.drain(..std::mem::take(&mut self.free) as usize);
        &mut self.places
    }

    /// Takes an item out; the shorter side closes the gap. `None` past the end.
    pub fn remove(&mut self, index: usize) -> Option<Value> {
        let length = self.len();
        if index >= length {
            return None;
        }
        if index > length / 2 {
            return Some(self.places.remove(self.free() + index));
        }
        let free = self.free();
        let behind = self.places.get_mut(free..=free + index)?;
        behind.rotate_right(1);
        let item = behind.first_mut().map(std::mem::take);
        self.free += 1;
        if self.free() * 2 > self.places.len() {
            self.settle();
        }
        item
    }

    /// The items as what they are, for dropping them; free places among them are null.
    pub(super) fn into_values(self) -> std::vec::IntoIter<Value> {
        self.places.into_iter()
    }
}

impl Deref for Items {
    type Target = [Value];

    #[inline]
    fn deref(&self) -> &[Value] {
        self.places.get(self.free()..).unwrap_or_default()
    }
}

impl DerefMut for Items {
    #[inline]
    fn deref_mut(&mut self) -> &mut [Value] {
        let free = self.free();
        self.places.get_mut(free..).unwrap_or_default()
    }
}

impl From<Vec<Value>> for Items {
    fn from(items: Vec<Value>) -> Self {
        Self::new(items)
    }
}

impl FromIterator<Value> for Items {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::new(items.into_iter().collect())
    }
}
