//! The items of a list, or of a collection without keys. What is taken from the front leaves its place free, so that items
//! taken one by one from the front are taken in linear time.

use std::ops::{Deref, DerefMut};

use super::Value;

/// Items in order, behind some places that are free.
#[derive(Clone, Default)]
pub struct Items {
    places: Vec<Value>,
    free: usize,
}

impl Items {
    /// These items.
    pub fn new(items: Vec<Value>) -> Self {
        Self { places: items, free: 0 }
    }

    /// For how many items there is memory.
    pub fn capacity(&self) -> usize {
        self.places.capacity()
    }

    /// The item at an index from 0.
    #[inline(always)]
    pub fn at(&self, index: usize) -> Option<&Value> {
        self.places.get(self.free.checked_add(index)?)
    }

    /// The item at an index from 0, to be changed.
    #[inline(always)]
    pub fn at_mut(&mut self, index: usize) -> Option<&mut Value> {
        self.places.get_mut(self.free.checked_add(index)?)
    }

    /// Adds an item at the end.
    #[inline]
    pub fn push(&mut self, item: Value) {
        self.places.push(item);
    }

    /// The items alone, without free places.
    pub fn settle(&mut self) -> &mut Vec<Value> {
        self.places.drain(..std::mem::take(&mut self.free));
        &mut self.places
    }

    /// Takes an item out; the shorter side closes the gap. `None` past the end.
    pub fn remove(&mut self, index: usize) -> Option<Value> {
        let length = self.len();
        if index >= length {
            return None;
        }
        if index > length / 2 {
            return Some(self.places.remove(self.free + index));
        }
        let behind = self.places.get_mut(self.free..=self.free + index)?;
        behind.rotate_right(1);
        let item = behind.first_mut().map(std::mem::take);
        self.free += 1;
        if self.free * 2 > self.places.len() {
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
        self.places.get(self.free..).unwrap_or_default()
    }
}

impl DerefMut for Items {
    #[inline]
    fn deref_mut(&mut self) -> &mut [Value] {
        self.places.get_mut(self.free..).unwrap_or_default()
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
