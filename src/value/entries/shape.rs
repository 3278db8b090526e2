//! The keys of maps that are built alike, held once for all of them.

use std::rc::Rc;

use super::SMALL;
use super::index::{Index, hash, hash_of};
use super::pairs::Pairs;
use crate::value::map::Key;
use crate::value::{ShortText, Value, memory};

/// Keys in their order, each of them once.
pub(in crate::value) struct Shape {
    keys: Box<[Key]>,
    /// What finds a key among many.
    index: Option<Index>,
}

impl Drop for Shape {
    fn drop(&mut self) {
        memory::shrink(self.weight());
    }
}

impl Shape {
    /// The shape of maps with these keys, which are different from each other.
    pub(in crate::value) fn new(keys: Vec<Key>) -> Rc<Self> {
        let index = (keys.len() > SMALL).then(|| {
            let mut index = Index::with_capacity(keys.len());
            for (place, key) in keys.iter().enumerate() {
                index.note(hash_of(key), place);
            }
            index
        });
        let keys = keys.into_boxed_slice();
        let shape = Self { keys, index };
        memory::grow(shape.weight());
        Rc::new(shape)
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.keys) + self.index.as_ref().map_or(0, Index::weight)
    }

    /// The keys.
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Pairs of these keys, each with the value at its place.
    pub(super) fn pairs(&self, values: Box<[Value]>) -> Pairs {
        Pairs::of_distinct(self.keys.iter().cloned().zip(values).map(Some).collect())
    }

    /// Where a key with this text is.
    pub(super) fn place_of_text(&self, key: &str) -> Option<usize> {
        match (&self.index, ShortText::new(key)) {
            (None, Some(short)) => self.search(|known| known.is(&Value::ShortText(short))),
            (None, None) => self.search(|known| known.has_text(key)),
            (Some(index), _) => index.find(hash(key), |place| self.is_at(place, |known| known.has_text(key))),
        }
    }

    /// Where a key with the text of this value is.
    pub(super) fn place_of(&self, key: &Value) -> Option<usize> {
        match &self.index {
            None => self.search(|known| known.is(key)),
            Some(index) => {
                let hash = Key::with_text(key, hash);
                index.find(hash, |place| self.is_at(place, |known| known.is(key)))
            }
        }
    }

    #[inline]
    fn search(&self, is_it: impl Fn(&Key) -> bool) -> Option<usize> {
        self.keys.iter().position(is_it)
    }

    fn is_at(&self, place: usize, is_it: impl Fn(&Key) -> bool) -> bool {
        self.keys.get(place).is_some_and(is_it)
    }
}
