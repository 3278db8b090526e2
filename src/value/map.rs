//! KEY-VALUE: insertion order, shared. Keys compare by their text, so `get(1)` finds what JSON stored under `"1"`;
//! the key that was put keeps its own kind.

use std::cell::{Ref, RefCell};
use std::hash::{BuildHasher, Hash, Hasher};
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicU32, Ordering};

use foldhash::SharedSeed;
use foldhash::fast::SeedableRandomState;

use super::entries::{Entries, Shape};
use super::{Value, memory};

/// A key: any value, equal to every key with the same text.
#[derive(Clone)]
pub struct Key(Value);

impl Key {
    /// The value as a key. Containers are not keys themselves; their text is.
    pub fn new(value: Value) -> Self {
        Self(if value.is_container() {
            Value::from_string(value.key_text())
        } else {
            value
        })
    }

    /// The value that was put as key.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// Drops it.
    pub(super) fn discard(self) {
        self.0.discard();
    }

    /// Whether it has the text of this value.
    #[inline(always)]
    pub(super) fn is(&self, other: &Value) -> bool {
        match (&self.0, other) {
            (Value::ShortText(a), Value::ShortText(b)) => a == b,
            _ => self.is_longer(other),
        }
    }

    /// Whether it has the text of this value, where not both are short texts.
    #[inline(never)]
    fn is_longer(&self, other: &Value) -> bool {
        match (&self.0, other) {
            (Value::Text(a), Value::Text(b)) => a.as_str() == b.as_str(),
            (Value::Number(a), Value::Number(b)) => a == b,
            (a, b) => Self::with_text(b, |b| Self::with_text(a, |a| a == b)),
        }
    }

    /// Whether it has this text.
    pub(super) fn has_text(&self, other: &str) -> bool {
        Self::with_text(&self.0, |text| text == other)
    }

    /// Whether both are texts, and equal.
    #[inline]
    fn is_same_text(&self, other: &Value) -> bool {
        match (&self.0, other) {
            (Value::ShortText(a), Value::ShortText(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => a.as_str() == b.as_str(),
            _ => false,
        }
    }

    /// Calls `use_text` with the key's text, which is made without allocation for text and numbers.
    pub fn with_text<R>(value: &Value, use_text: impl FnOnce(&str) -> R) -> R {
        match value {
            Value::Number(number) => use_text(itoa::Buffer::new().format(*number)),
            _ => match value.as_text() {
                Some(text) => use_text(text),
                None => use_text(&value.key_text()),
            },
        }
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Self::with_text(&self.0, |text| text.hash(state));
    }
}

/// The place of a key in the map in which it was found last. Records that are built alike have their keys in the same
/// order, so for a literal key this is a good guess that saves the hashing. A guess only: any value of it is right.
#[derive(Debug, Default)]
pub struct Near(AtomicU32);

/// The hasher of all maps of this process: fast, keyed with randomness of the process against crafted keys. It is asked
/// for where it is needed, so that a map does not carry it.
#[derive(Clone, Default)]
pub struct KeyHasher;

impl BuildHasher for KeyHasher {
    type Hasher = <SeedableRandomState as BuildHasher>::Hasher;

    #[inline]
    fn build_hasher(&self) -> Self::Hasher {
        SeedableRandomState::with_seed(0, SharedSeed::global_random()).build_hasher()
    }
}

/// A shared map.
#[derive(Clone)]
pub struct Map(Rc<Shared>);

/// With the two counts it is seven words: as much as a block of memory of that size has room for.
#[derive(Default)]
struct Shared {
    entries: RefCell<Entries>,
}

/// A map that is watched without being kept alive.
pub(super) struct WeakMap(Weak<Shared>);

impl Drop for Shared {
    fn drop(&mut self) {
        let entries = std::mem::take(self.entries.get_mut());
        memory::shrink(entries.weight() + size_of::<Self>());
        entries.release();
    }
}

/// What the maps share that are made again and again in one place with the same keys. The first has its pairs for itself:
/// it may be the only one.
#[derive(Default)]
pub struct Alike {
    made: bool,
    shape: Option<Rc<Shape>>,
}

impl Alike {
    /// A map of these keys, which are different from each other and always the same, and as many values.
    pub fn map(&mut self, keys: impl Iterator<Item = Value> + Clone, values: Vec<Value>) -> Map {
        let keys = keys.map(Key::new);
        Map::new(match self.shape(|| keys.clone().collect()) {
            Some(shape) => Entries::alike(shape, values.into_boxed_slice()),
            None => Entries::of_distinct(keys.zip(values)),
        })
    }

    /// What the next map shares, which has these keys; `None` for the first.
    pub(super) fn shape(&mut self, keys: impl FnOnce() -> Vec<Key>) -> Option<Rc<Shape>> {
        if !std::mem::replace(&mut self.made, true) {
            return None;
        }
        Some(Rc::clone(self.shape.get_or_insert_with(|| Shape::new(keys()))))
    }
}

impl Default for Map {
    fn default() -> Self {
        Self::new(Entries::default())
    }
}

impl Map {
    /// A map of these entries.
    pub fn new(entries: Entries) -> Self {
        memory::grow(entries.weight() + size_of::<Shared>());
        Self(Rc::new(Shared {
            entries: RefCell::new(entries),
        }))
    }

    /// The entries, borrowed. Nothing may change the map meanwhile.
    pub fn entries(&self) -> Ref<'_, Entries> {
        self.0.entries.borrow()
    }

    /// Changes the entries; what they grow or shrink is counted.
    pub fn edit<R>(&self, change: impl FnOnce(&mut Entries) -> R) -> R {
        let mut entries = self.0.entries.borrow_mut();
        let before = entries.weight();
        let result = change(&mut entries);
        memory::adjust(before, entries.weight());
        result
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.entries.borrow().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key before which so many others stand.
    pub fn nth_key(&self, index: usize) -> Option<Value> {
        let entries = self.0.entries.borrow();
        entries.nth(index).map(|(key, _)| key.value().clone())
    }

    /// The value under a key.
    pub fn get(&self, key: &Value) -> Option<Value> {
        let entries = self.0.entries.borrow();
        let (_, value) = entries.at(entries.place_of(key)?)?;
        Some(value.copy())
    }

    /// What `look` sees in the value under a key that is looked up again and again, in maps that are alike: first where it
    /// was last time.
    #[inline]
    pub fn look_near<R>(&self, key: &Value, near: &Near, look: impl FnOnce(&Value) -> R) -> Option<R> {
        let entries = self.0.entries.borrow();
        if let Some((known, value)) = entries.at(near.0.load(Ordering::Relaxed) as usize)
            && known.is_same_text(key)
        {
            return Some(look(value));
        }
        let place = entries.place_of(key)?;
        let (_, value) = entries.at(place)?;
        near.0.store(place as u32, Ordering::Relaxed);
        Some(look(value))
    }

    /// The value under a textual key.
    pub fn get_text(&self, key: &str) -> Option<Value> {
        self.0.entries.borrow().get(key).cloned()
    }

    /// Puts a value under a key; a key that is there keeps its place.
    pub fn put(&self, key: Value, value: Value) {
        let key = Key::new(key);
        let mut entries = self.0.entries.borrow_mut();
        match entries.find(key.value()) {
            Ok(place) => {
                let former = entries.replace(place, value);
                // The former value goes when the map may be looked at again.
                drop(entries);
                former.discard();
            }
            Err(hash) => {
                let before = entries.weight();
                entries.add(hash, key, value);
                memory::adjust(before, entries.weight());
            }
        }
    }

    /// Whether both are one and the same map.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// An address that tells maps apart while they live.
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.0) as usize
    }

    /// Whether nobody watches the map yet.
    pub(super) fn is_unwatched(&self) -> bool {
        Rc::weak_count(&self.0) == 0
    }

    pub(super) fn downgrade(&self) -> WeakMap {
        WeakMap(Rc::downgrade(&self.0))
    }
}

impl WeakMap {
    pub(super) fn is_alive(&self) -> bool {
        self.0.strong_count() > 0
    }

    pub(super) fn clear(&self) {
        if let Some(shared) = self.0.upgrade() {
            let entries = shared
                .entries
                .try_borrow_mut()
                .map(|mut entries| std::mem::take(&mut *entries))
                .unwrap_or_default();
            memory::shrink(entries.weight());
            entries.release();
        }
    }
}
