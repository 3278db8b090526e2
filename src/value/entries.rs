//! The entries of a map: pairs in the order in which their keys were put first. Taking one out leaves a gap that is
//! closed later together with many others, so that a map emptied pair by pair is emptied in linear time.

use indexmap::IndexMap;
use indexmap::map;

use super::Value;
use super::map::{Key, KeyHasher};

/// Pairs in order. What it says of places counts gaps, and holds until a pair is taken out.
#[derive(Clone, Default)]
pub struct Entries {
    places: IndexMap<Key, Value, KeyHasher>,
    /// How many places are gaps.
    gaps: usize,
    /// Before this place there are gaps alone.
    first: usize,
    /// Tells gaps apart.
    next_gap: u64,
}

/// So few gaps are never worth closing.
const FEW: usize = 32;

impl Entries {
    /// No entries, with room for some.
    pub fn with_capacity(room: usize) -> Self {
        Self {
            places: IndexMap::with_capacity_and_hasher(room, KeyHasher),
            ..Self::default()
        }
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.places.len() - self.gaps
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// For how many places there is memory.
    pub fn capacity(&self) -> usize {
        self.places.capacity()
    }

    /// Gives back the memory for places that are not in use.
    pub fn shrink_to_fit(&mut self) {
        self.places.shrink_to_fit();
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.places.get(key)
    }

    /// The value under a key, and its place.
    pub(super) fn get_placed(&self, key: &str) -> Option<(usize, &Value)> {
        self.places.get_full(key).map(|(place, _, value)| (place, value))
    }

    /// The pair at a place.
    pub(super) fn at(&self, place: usize) -> Option<(&Key, &Value)> {
        self.places.get_index(place)
    }

    /// Whether there is a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.places.contains_key(key)
    }

    /// The value under the same key as another map's.
    pub fn get_same(&self, key: &Key) -> Option<&Value> {
        self.places.get(key)
    }

    /// Puts a value under a key, and gives the former one; a key that is there keeps its place.
    pub fn insert(&mut self, key: Key, value: Value) -> Option<Value> {
        self.places.insert(key, value)
    }

    /// Takes the pair of a key out; the others keep their order.
    pub fn take(&mut self, key: &str) -> Option<(Key, Value)> {
        let place = self.places.get_index_of(key)?;
        self.take_at(place)
    }

    /// Takes out the pair before which so many others stand.
    pub fn take_nth(&mut self, index: usize) -> Option<(Key, Value)> {
        let live = self.places.iter().enumerate().skip(self.first);
        let place = live.filter(|(_, (key, _))| !key.is_gap()).nth(index)?.0;
        self.take_at(place)
    }

    fn take_at(&mut self, place: usize) -> Option<(Key, Value)> {
        if place + 1 == self.places.len() {
            let taken = self.places.pop();
            while self.places.last().is_some_and(|(key, _)| key.is_gap()) {
                self.gaps -= 1;
                self.places.pop();
            }
            self.first = self.first.min(self.places.len());
            return taken;
        }
        let gap = Key::gap(self.next_gap);
        self.next_gap += 1;
        let key = self.places.replace_index(place, gap).ok()?;
        let value = self.places.get_index_mut(place).map(|(_, value)| std::mem::take(value));
        self.gaps += 1;
        while self.places.get_index(self.first).is_some_and(|(key, _)| key.is_gap()) {
            self.first += 1;
        }
        if self.gaps > FEW && self.gaps * 2 > self.places.len() {
            self.places.retain(|key, _| !key.is_gap());
            (self.gaps, self.first) = (0, 0);
        }
        Some((key, value.unwrap_or_default()))
    }

    /// The pairs, in order.
    pub fn iter(&self) -> Iter<'_> {
        let places = self.places.as_slice();
        Iter(places.get_range(self.first..).unwrap_or(places).iter())
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Key> {
        self.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    /// The values as what they are, for dropping them; gaps among them are null.
    pub(super) fn into_values(self) -> map::IntoValues<Key, Value> {
        self.places.into_values()
    }
}

/// The pairs of [`Entries`], in order.
#[derive(Clone)]
pub struct Iter<'e>(map::Iter<'e, Key, Value>);

impl<'e> Iterator for Iter<'e> {
    type Item = (&'e Key, &'e Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.find(|(key, _)| !key.is_gap())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.0.size_hint().1)
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.rfind(|(key, _)| !key.is_gap())
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
        self.places.extend(pairs);
    }
}

impl FromIterator<(Key, Value)> for Entries {
    fn from_iter<I: IntoIterator<Item = (Key, Value)>>(pairs: I) -> Self {
        Self {
            places: pairs.into_iter().collect(),
            ..Self::default()
        }
    }
}

impl IntoIterator for Entries {
    type Item = (Key, Value);
    type IntoIter = std::iter::Filter<map::IntoIter<Key, Value>, fn(&(Key, Value)) -> bool>;

    fn into_iter(self) -> Self::IntoIter {
        self.places.into_iter().filter(|(key, _)| !key.is_gap())
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
