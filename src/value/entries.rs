//! The entries of a map: pairs in the order in which their keys were put first. A map that is built key by key has its
//! pairs for itself. Maps of one document that have the same keys share them, and each has no more than its values, until
//! a pair is added to it or taken out.

mod index;
mod pairs;
mod shape;

use std::rc::Rc;

use super::map::Key;
use super::{Value, release};
use pairs::Pairs;
pub(super) use pairs::Place;
pub(super) use shape::Shape;

/// Pairs in order. What it says of places counts gaps, and holds until a pair is taken out.
#[derive(Clone, Default)]
pub struct Entries(Form);

#[derive(Clone)]
enum Form {
    Own(Pairs),
    /// As many values as there are keys.
    Alike(Rc<Shape>, Box<[Value]>),
}

impl Default for Form {
    fn default() -> Self {
        Self::Own(Pairs::default())
    }
}

/// As many keys are searched one after the other.
const SMALL: usize = 12;

impl Entries {
    /// No entries, with room for some.
    pub fn with_capacity(room: usize) -> Self {
        Self(Form::Own(Pairs::with_capacity(room)))
    }

    /// The entries of maps that are built alike: one value for each key, in the order of the keys.
    pub(super) fn alike(shape: Rc<Shape>, values: Box<[Value]>) -> Self {
        debug_assert_eq!(shape.keys().len(), values.len());
        Self(Form::Alike(shape, values))
    }

    /// The entries of these pairs, none of which is a gap. Of equal keys the first has the place and the last the value.
    pub(super) fn of(pairs: Vec<Place>) -> Self {
        Self(Form::Own(Pairs::of(pairs)))
    }

    /// The entries of these pairs, whose keys are different from each other.
    pub(super) fn of_distinct(pairs: impl Iterator<Item = (Key, Value)>) -> Self {
        Self(Form::Own(Pairs::of_distinct(pairs.map(Some).collect())))
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Own(pairs) => pairs.len(),
            Form::Alike(_, values) => values.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes the pairs and what finds them take, besides what the values hold themselves and what is shared.
    pub fn weight(&self) -> usize {
        match &self.0 {
            Form::Own(pairs) => pairs.weight(),
            Form::Alike(_, values) => size_of_val(&**values),
        }
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.at(self.place_of_text(key)?).map(|(_, value)| value)
    }

    /// The pair at a place.
    #[inline]
    pub(super) fn at(&self, place: usize) -> Option<(&Key, &Value)> {
        match &self.0 {
            Form::Own(pairs) => pairs.at(place),
            Form::Alike(shape, values) => Some((shape.keys().get(place)?, values.get(place)?)),
        }
    }

    /// The pair before which so many others stand.
    pub(super) fn nth(&self, index: usize) -> Option<(&Key, &Value)> {
        match &self.0 {
            Form::Own(pairs) if pairs.has_gaps() => self.iter().nth(index),
            _ => self.at(index),
        }
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
        match &self.0 {
            Form::Own(pairs) => pairs.place_of_text(key),
            Form::Alike(shape, _) => shape.place_of_text(key),
        }
    }

    /// Where a key with the text of this value is.
    #[inline]
    pub(super) fn place_of(&self, key: &Value) -> Option<usize> {
        self.find(key).ok()
    }

    /// Where a key with the text of this value is; where it is not, its hash if that was needed.
    #[inline]
    pub(super) fn find(&self, key: &Value) -> Result<usize, Option<u32>> {
        match &self.0 {
            Form::Own(pairs) => pairs.find(key),
            Form::Alike(shape, _) => shape.place_of(key).ok_or(None),
        }
    }

    /// Changes the pairs in the form in which they may become more or fewer.
    #[inline]
    fn change<R>(&mut self, change: impl FnOnce(&mut Pairs) -> R) -> R {
        match &mut self.0 {
            Form::Own(pairs) => change(pairs),
            Form::Alike(shape, values) => {
                let mut pairs = shape.pairs(std::mem::take(values));
                let result = change(&mut pairs);
                self.0 = Form::Own(pairs);
                result
            }
        }
    }

    /// Puts a value under a key, and gives the former one; a key that is there keeps its place.
    pub fn insert(&mut self, key: Key, value: Value) -> Option<Value> {
        match self.find(key.value()) {
            Ok(place) => Some(self.replace(place, value)),
            Err(hash) => {
                self.add(hash, key, value);
                None
            }
        }
    }

    /// Puts a value where another is, and gives that.
    #[inline]
    pub(super) fn replace(&mut self, place: usize, value: Value) -> Value {
        let there = match &mut self.0 {
            Form::Own(pairs) => pairs.value_at(place),
            Form::Alike(_, values) => values.get_mut(place),
        };
        there.map_or(Value::Null, |there| std::mem::replace(there, value))
    }

    /// Adds a pair whose key is not there yet, with the hash of the key where [`Self::find`] gave it.
    #[inline]
    pub(super) fn add(&mut self, hash: Option<u32>, key: Key, value: Value) {
        self.change(|pairs| pairs.add(hash, key, value));
    }

    /// Takes the pair of a key out; the others keep their order.
    pub fn take(&mut self, key: &str) -> Option<(Key, Value)> {
        self.change(|pairs| pairs.take(key))
    }

    /// Takes out the pair before which so many others stand.
    pub fn take_nth(&mut self, index: usize) -> Option<(Key, Value)> {
        self.change(|pairs| pairs.take_nth(index))
    }

    /// The pairs, in order.
    pub fn iter(&self) -> Iter<'_> {
        match &self.0 {
            Form::Own(pairs) => Iter::Own(pairs.places().iter()),
            Form::Alike(shape, values) => Iter::Alike(shape.keys().iter().zip(values)),
        }
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Key> {
        self.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    /// Drops them, the containers among the values without recursion.
    pub(super) fn release(self) {
        match self.0 {
            Form::Alike(_, values) => release::release(values.into_vec()),
            Form::Own(pairs) => release::release(pairs.into_places().into_iter().flatten().map(|(key, value)| {
                key.discard();
                value
            })),
        }
    }
}

/// The pairs of [`Entries`], in order.
#[derive(Clone)]
pub enum Iter<'e> {
    /// Of a map that has its pairs for itself.
    Own(std::slice::Iter<'e, Place>),
    /// Of one that shares its keys.
    Alike(std::iter::Zip<std::slice::Iter<'e, Key>, std::slice::Iter<'e, Value>>),
}

impl<'e> Iterator for Iter<'e> {
    type Item = (&'e Key, &'e Value);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Own(places) => places.find_map(Option::as_ref).map(|(key, value)| (key, value)),
            Self::Alike(pairs) => pairs.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Own(places) => (0, places.size_hint().1),
            Self::Alike(pairs) => pairs.size_hint(),
        }
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match self {
            Self::Own(places) => {
                let pair = places.rfind(|place| place.is_some())?.as_ref();
                pair.map(|(key, value)| (key, value))
            }
            Self::Alike(pairs) => pairs.next_back(),
        }
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
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Place>>;

    fn into_iter(self) -> Self::IntoIter {
        let pairs = match self.0 {
            Form::Own(pairs) => pairs,
            Form::Alike(shape, values) => shape.pairs(values),
        };
        pairs.into_places().into_iter().flatten()
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
        fn they_are_what_a_plain_list_of_pairs_would_be(
            shared in 0i64..30,
            steps in prop::collection::vec((0u8..4, 0i64..40), 0..300),
        ) {
            let shape = Shape::new((0..shared).map(key).collect());
            let mut entries = Entries::alike(shape, (0..shared).map(Value::Number).collect());
            let mut plain: Vec<(i64, i64)> = (0..shared).map(|number| (number, number)).collect();
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
                let nth = entries.nth(number as usize).map(|(key, _)| key.value().key_text());
                prop_assert_eq!(nth, plain.get(number as usize).map(|(key, _)| key.to_string()));
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
