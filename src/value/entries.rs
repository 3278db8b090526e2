//! The entries of a map: pairs in the order in which their keys were put first. Most maps of scripts are records of a
//! few keys, which are searched one after the other; an index of hashes is made where there are more. Taking a pair out of
//! an indexed map leaves a gap that is closed later together with many others, so that a map emptied pair by pair is
//! emptied in linear time.

use std::hash::BuildHasher;

use hashbrown::HashTable;

use super::map::{Key, KeyHasher};
use super::{ShortText, Value};

/// Pairs in order. What it says of places counts gaps, and holds until a pair is taken out.
#[derive(Clone, Default)]
pub struct Entries {
    places: Vec<Place>,
    /// What finds a key among many.
    index: Option<Box<Index>>,
}

/// A pair, or the gap that it left.
type Place = Option<(Key, Value)>;

#[derive(Clone, Default)]
struct Index {
    table: HashTable<Hashed>,
    /// How many places are gaps.
    gaps: usize,
    /// Before this place there are gaps alone.
    first: usize,
}

/// The place of a key beside its hash, so that growing hashes nothing again. A map of four thousand million places would
/// take 128 GB.
#[derive(Clone, Copy)]
struct Hashed {
    hash: u32,
    place: u32,
}

/// As many pairs are searched one after the other.
const SMALL: usize = 12;

/// So few gaps are never worth closing.
const FEW: usize = 32;

fn hash(key: &str) -> u32 {
    KeyHasher.hash_one(key) as u32
}

fn hash_of(key: &Key) -> u32 {
    Key::with_text(key.value(), hash)
}

/// A hash as the table wants it, which looks at both ends of it.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

impl Index {
    /// An index of these places, none of which is a gap.
    fn of(places: &[Place]) -> Self {
        let mut index = Self {
            table: HashTable::with_capacity(places.len() + 1),
            ..Self::default()
        };
        for (place, pair) in places.iter().enumerate() {
            if let Some((key, _)) = pair {
                index.note(hash_of(key), place);
            }
        }
        index
    }

    fn note(&mut self, hash: u32, place: usize) {
        let hashed = Hashed {
            hash,
            place: place as u32,
        };
        self.table
            .insert_unique(spread(hash), hashed, |known| spread(known.hash));
    }

    fn find(&self, hash: u32, is_it: impl Fn(usize) -> bool) -> Option<usize> {
        let found = self
            .table
            .find(spread(hash), |known| known.hash == hash && is_it(known.place as usize));
        found.map(|known| known.place as usize)
    }

    fn forget(&mut self, hash: u32, place: usize) {
        let entry = self
            .table
            .find_entry(spread(hash), |known| known.place as usize == place);
        if let Ok(entry) = entry {
            entry.remove();
        }
    }

    /// Bytes that it takes.
    fn weight(&self) -> usize {
        size_of::<Self>() + self.table.allocation_size()
    }
}

impl Entries {
    /// No entries, with room for some.
    pub fn with_capacity(room: usize) -> Self {
        Self {
            places: Vec::with_capacity(room),
            index: None,
        }
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.places.len() - self.index.as_ref().map_or(0, |index| index.gaps)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes the pairs and what finds them take, besides what the values hold themselves.
    pub fn weight(&self) -> usize {
        self.places.capacity() * size_of::<Place>() + self.index.as_ref().map_or(0, |index| index.weight())
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.at(self.place_of_text(key)?).map(|(_, value)| value)
    }

    /// The pair at a place.
    #[inline]
    pub(super) fn at(&self, place: usize) -> Option<(&Key, &Value)> {
        let (key, value) = self.places.get(place)?.as_ref()?;
        Some((key, value))
    }

    /// Whether there is a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.place_of_text(key).is_some()
    }

    /// The value under the same key as another map's.
    pub fn get_same(&self, key: &Key) -> Option<&Value> {
        self.at(self.place_of(key.value())?).map(|(_, value)| value)
    }

    /// Where a key with this text is.
    fn place_of_text(&self, key: &str) -> Option<usize> {
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
        let is_it = |place: &Place| place.as_ref().is_some_and(|(key, _)| is_it(key));
        self.places.iter().position(is_it)
    }

    fn is_at(&self, place: usize, is_it: impl Fn(&Key) -> bool) -> bool {
        self.at(place).is_some_and(|(key, _)| is_it(key))
    }

    /// Puts a value under a key, and gives the former one; a key that is there keeps its place.
    pub fn insert(&mut self, key: Key, value: Value) -> Option<Value> {
        let (hash, place) = match &self.index {
            None => (None, self.search(|known| known.is(key.value()))),
            Some(index) => {
                let hash = hash_of(&key);
                let place = index.find(hash, |place| self.is_at(place, |known| known.is(key.value())));
                (Some(hash), place)
            }
        };
        if let Some(place) = place
            && let Some(Some((_, former))) = self.places.get_mut(place)
        {
            return Some(std::mem::replace(former, value));
        }
        if self.index.is_none() && self.places.len() == SMALL {
            self.index = Some(Box::new(Index::of(&self.places)));
        }
        if let Some(index) = &mut self.index {
            index.note(hash.unwrap_or_else(|| hash_of(&key)), self.places.len());
        }
        self.places.push(Some((key, value)));
        None
    }

    /// Takes the pair of a key out; the others keep their order.
    pub fn take(&mut self, key: &str) -> Option<(Key, Value)> {
        let place = self.place_of_text(key)?;
        self.take_at(place)
    }

    /// Takes out the pair before which so many others stand.
    pub fn take_nth(&mut self, index: usize) -> Option<(Key, Value)> {
        let first = self.index.as_ref().map_or(0, |index| index.first);
        let live = self.places.iter().enumerate().skip(first);
        let place = live.filter(|(_, place)| place.is_some()).nth(index)?.0;
        self.take_at(place)
    }

    fn take_at(&mut self, place: usize) -> Option<(Key, Value)> {
        let Some(index) = &mut self.index else {
            return self.places.remove(place);
        };
        let taken = self.places.get_mut(place)?.take()?;
        index.forget(hash_of(&taken.0), place);
        index.gaps += 1;
        while let Some(None) = self.places.last() {
            self.places.pop();
            index.gaps -= 1;
        }
        index.first = index.first.min(self.places.len());
        while let Some(None) = self.places.get(index.first) {
            index.first += 1;
        }
        if index.gaps > FEW && index.gaps * 2 > self.places.len() {
            self.places.retain(Option::is_some);
            **index = Index::of(&self.places);
        }
        Some(taken)
    }

    /// The pairs, in order.
    pub fn iter(&self) -> Iter<'_> {
        let first = self.index.as_ref().map_or(0, |index| index.first);
        Iter(self.places.get(first..).unwrap_or_default().iter())
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Key> {
        self.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    /// The values, for dropping them.
    pub(super) fn into_values(self) -> impl Iterator<Item = Value> {
        self.into_iter().map(|(_, value)| value)
    }
}

/// The pairs of [`Entries`], in order.
#[derive(Clone)]
pub struct Iter<'e>(std::slice::Iter<'e, Place>);

impl<'e> Iterator for Iter<'e> {
    type Item = (&'e Key, &'e Value);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let pair = self.0.find_map(Option::as_ref);
        pair.map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.0.size_hint().1)
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let pair = self.0.rfind(|place| place.is_some())?.as_ref();
        pair.map(|(key, value)| (key, value))
    }
}

impl<'e> IntoIterator for &'e Entries {
    type Item = (&'e Key, &'e Value);
    type IntoIter = Iter<'e>;

    fn into_iter(self) -> Iter<'e> {
        self.iter()
    }
}

impl Extend<(Key, Value)> for Entries {
    fn extend<I: IntoIterator<Item = (Key, Value)>>(&mut self, pairs: I) {
        for (key, value) in pairs {
            self.insert(key, value);
        }
    }
}

impl FromIterator<(Key, Value)> for Entries {
    fn from_iter<I: IntoIterator<Item = (Key, Value)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        let mut entries = Self::with_capacity(pairs.size_hint().0);
        entries.extend(pairs);
        entries
    }
}

impl IntoIterator for Entries {
    type Item = (Key, Value);
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Option<(Key, Value)>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.places.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(number: i64) -> Key {
        Key::new(Value::Number(number))
    }

    fn shown(entries: &Entries) -> Vec<(String, String)> {
        let text = |value: &Value| value.key_text();
        entries
            .iter()
            .map(|(key, value)| (text(key.value()), text(value)))
            .collect()
    }

    proptest! {
        #[test]
        fn they_are_what_a_plain_list_of_pairs_would_be(steps in prop::collection::vec((0u8..4, 0i64..40), 0..300)) {
            let mut entries = Entries::default();
            let mut plain: Vec<(i64, i64)> = Vec::new();
            for (index, (step, number)) in steps.into_iter().enumerate() {
                let value = index as i64;
                match step {
                    0 | 1 => {
                        drop(entries.insert(key(number), Value::Number(value)));
                        match plain.iter_mut().find(|(known, _)| *known == number) {
                            Some(pair) => pair.1 = value,
                            None => plain.push((number, value)),
                        }
                    }
                    2 => {
                        let found = plain.iter().position(|(known, _)| *known == number);
                        prop_assert_eq!(entries.take(&number.to_string()).is_some(), found.is_some());
                        found.map(|at| plain.remove(at));
                    }
                    _ => {
                        let at = number as usize;
                        prop_assert_eq!(entries.take_nth(at).is_some(), at < plain.len());
                        if at < plain.len() {
                            plain.remove(at);
                        }
                    }
                }
                let expected: Vec<_> = plain.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
                prop_assert_eq!(entries.len(), plain.len());
                prop_assert_eq!(shown(&entries), expected.clone());
                let mut backwards: Vec<String> = entries.values().rev().map(Value::key_text).collect();
                backwards.reverse();
                prop_assert_eq!(backwards, expected.into_iter().map(|(_, value)| value).collect::<Vec<_>>());
                prop_assert_eq!(entries.clone().into_iter().count(), plain.len());
            }
        }
    }

    #[test]
    fn a_key_stays_two_words() {
        assert_eq!(size_of::<Key>(), 16);
    }
}
