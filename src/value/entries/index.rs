//! What finds a key among many: their hashes beside their places.

use std::hash::BuildHasher;

use hashbrown::HashTable;

use crate::value::map::{Key, KeyHasher};

/// Places of keys by their hashes.
#[derive(Clone, Default)]
pub(super) struct Index(HashTable<Hashed>);

/// The place of a key beside its hash, so that growing hashes nothing again. A map of four thousand million places would
/// take 128 GB.
#[derive(Clone, Copy)]
struct Hashed {
    hash: u32,
    place: u32,
}

/// The hash of a key with this text.
pub(super) fn hash(key: &str) -> u32 {
    KeyHasher.hash_one(key) as u32
}

/// The hash of a key.
pub(super) fn hash_of(key: &Key) -> u32 {
    Key::with_text(key.value(), hash)
}

/// A hash as the table wants it, which looks at both ends of it.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

impl Index {
    /// No places, with room for so many.
    pub(super) fn with_capacity(room: usize) -> Self {
        Self(HashTable::with_capacity(room))
    }

    /// Notes where the key with this hash is, which is not there yet.
    pub(super) fn note(&mut self, hash: u32, place: usize) {
        let hashed = Hashed {
            hash,
            place: place as u32,
        };
        self.0.insert_unique(spread(hash), hashed, |known| spread(known.hash));
    }

    /// The place of the key with this hash that is the one.
    pub(super) fn find(&self, hash: u32, is_it: impl Fn(usize) -> bool) -> Option<usize> {
        let found = self
            .0
            .find(spread(hash), |known| known.hash == hash && is_it(known.place as usize));
        found.map(|known| known.place as usize)
    }

    /// Forgets the place of a key with this hash.
    pub(super) fn forget(&mut self, hash: u32, place: usize) {
        let entry = self.0.find_entry(spread(hash), |known| known.place as usize == place);
        if let Ok(entry) = entry {
            entry.remove();
        }
    }

    /// Bytes that it takes.
    pub(super) fn weight(&self) -> usize {
        size_of::<Self>() + self.0.allocation_size()
    }
}
