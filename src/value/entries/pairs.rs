//! Pairs that a map has for itself. Most maps of scripts are records of a few keys, which are searched one after the
//! other; an index of hashes is made where there are more. Taking a pair out of an indexed map leaves a gap that is closed
//! later together with many others, so that a map emptied pair by pair is emptied in linear time.

use super::SMALL;
use super::index::{Index, hash, hash_of};
use crate::value::map::Key;
use crate::value::{ShortText, Value};

/// Pairs in order. What it says of places counts gaps, and holds until a pair is taken out.
#[derive(Clone, Default)]
pub(super) struct Pairs {
    places: Vec<Place>,
    many: Option<Box<Many>>,
}

/// A pair, or the gap that it left.
pub(in crate::value) type Place = Option<(Key, Value)>;

/// What there is besides where there are many pairs.
#[derive(Clone, Default)]
struct Many {
    index: Index,
    /// How many places are gaps.
    gaps: usize,
    /// Before this place there are gaps alone.
    first: usize,
}

/// So few gaps are never worth closing.
const FEW: usize = 32;

impl Many {
    /// What goes with these places, none of which is a gap and all of which have different keys.
    fn of(places: &[Place]) -> Self {
        let mut index = Index::with_capacity(places.len() + 1);
        for (place, pair) in places.iter().enumerate() {
            if let Some((key, _)) = pair {
                index.note(hash_of(key), place);
            }
        }
        Self {
            index,
            ..Self::default()
        }
    }

    /// What goes with these places, none of which is a gap, where there are many; `None` where two keys are equal.
    fn of_unknown(places: &[Place]) -> Option<Option<Box<Self>>> {
        let keys = places.iter().flatten().map(|(key, _)| key).enumerate();
        if places.len() <= SMALL {
            for (place, key) in keys {
                if (0..place).any(|before| is_at(places, before, |known| known.is(key.value()))) {
                    return None;
                }
            }
            return Some(None);
        }
        let mut index = Index::with_capacity(places.len() + 1);
        for (place, key) in keys {
            let (hash, is_it) = (hash_of(key), |known: &Key| known.is(key.value()));
            if index.find(hash, |before| is_at(places, before, is_it)).is_some() {
                return None;
            }
            index.note(hash, place);
        }
        Some(Some(Box::new(Self {
            index,
            ..Self::default()
        })))
    }
}

/// Whether the pair at a place has a key that is the one.
fn is_at(places: &[Place], place: usize, is_it: impl Fn(&Key) -> bool) -> bool {
    matches!(places.get(place), Some(Some((key, _))) if is_it(key))
}

impl Pairs {
    /// No pairs, with room for some.
    pub(super) fn with_capacity(room: usize) -> Self {
        Self {
            places: Vec::with_capacity(room),
            many: None,
        }
    }

    /// Pairs with different keys, none of them a gap.
    pub(super) fn of_distinct(places: Vec<Place>) -> Self {
        let many = (places.len() > SMALL).then(|| Box::new(Many::of(&places)));
        Self { places, many }
    }

    /// These pairs, none of them a gap. Of equal keys the first has the place and the last the value.
    pub(super) fn of(places: Vec<Place>) -> Self {
        let Some(many) = Many::of_unknown(&places) else {
            return Self::with_equal_keys(places);
        };
        Self { places, many }
    }

    fn with_equal_keys(places: Vec<Place>) -> Self {
        let mut pairs = Self::with_capacity(places.len());
        for (key, value) in places.into_iter().flatten() {
            match pairs.find(key.value()) {
                Ok(place) => drop(pairs.value_at(place).map(|former| std::mem::replace(former, value))),
                Err(hash) => pairs.add(hash, key, value),
            }
        }
        pairs
    }

    /// How many pairs there are.
    pub(super) fn len(&self) -> usize {
        self.places.len() - self.many.as_ref().map_or(0, |many| many.gaps)
    }

    /// Whether pairs were taken out whose places are still there.
    pub(super) fn has_gaps(&self) -> bool {
        self.many.as_ref().is_some_and(|many| many.gaps > 0)
    }

    /// How many bytes the pairs and what finds them take, besides what the values hold themselves.
    pub(super) fn weight(&self) -> usize {
        let many = |many: &Many| size_of::<Many>() + many.index.weight();
        self.places.capacity() * size_of::<Place>() + self.many.as_deref().map_or(0, many)
    }

    /// The pair at a place.
    #[inline]
    pub(super) fn at(&self, place: usize) -> Option<(&Key, &Value)> {
        let (key, value) = self.places.get(place)?.as_ref()?;
        Some((key, value))
    }

    /// Where a key with this text is.
    pub(super) fn place_of_text(&self, key: &str) -> Option<usize> {
        match (&self.many, ShortText::new(key)) {
            (None, Some(short)) => self.search(|known| known.is(&Value::ShortText(short))),
            (None, None) => self.search(|known| known.has_text(key)),
            (Some(many), _) => {
                let is_it = |known: &Key| known.has_text(key);
                many.index.find(hash(key), |place| is_at(&self.places, place, is_it))
            }
        }
    }

    /// Where a key with the text of this value is; where it is not, its hash if that was needed.
    pub(super) fn find(&self, key: &Value) -> Result<usize, Option<u32>> {
        let Some(many) = &self.many else {
            return self.search(|known| known.is(key)).ok_or(None);
        };
        let hash = Key::with_text(key, hash);
        let is_it = |place| is_at(&self.places, place, |known| known.is(key));
        many.index.find(hash, is_it).ok_or(Some(hash))
    }

    /// The value at a place, to be changed.
    #[inline]
    pub(super) fn value_at(&mut self, place: usize) -> Option<&mut Value> {
        self.places.get_mut(place)?.as_mut().map(|(_, value)| value)
    }

    #[inline]
    fn search(&self, is_it: impl Fn(&Key) -> bool) -> Option<usize> {
        let is_it = |place: &Place| place.as_ref().is_some_and(|(key, _)| is_it(key));
        self.places.iter().position(is_it)
    }

    /// Adds a pair whose key is not there yet, with the hash of the key where [`Self::find`] gave it.
    pub(super) fn add(&mut self, hash: Option<u32>, key: Key, value: Value) {
        if self.many.is_none() && self.places.len() == SMALL {
            self.many = Some(Box::new(Many::of(&self.places)));
        }
        if let Some(many) = &mut self.many {
            many.index
                .note(hash.unwrap_or_else(|| hash_of(&key)), self.places.len());
        }
        self.places.push(Some((key, value)));
    }

    /// Takes the pair of a key out; the others keep their order.
    pub(super) fn take(&mut self, key: &str) -> Option<(Key, Value)> {
        let place = self.place_of_text(key)?;
        self.take_at(place)
    }

    /// Takes out the pair before which so many others stand.
    pub(super) fn take_nth(&mut self, index: usize) -> Option<(Key, Value)> {
        let first = self.many.as_ref().map_or(0, |many| many.first);
        let live = self.places.iter().enumerate().skip(first);
        let place = live.filter(|(_, place)| place.is_some()).nth(index)?.0;
        self.take_at(place)
    }

    fn take_at(&mut self, place: usize) -> Option<(Key, Value)> {
        let Some(many) = &mut self.many else {
            return self.places.remove(place);
        };
        let taken = self.places.get_mut(place)?.take()?;
        many.index.forget(hash_of(&taken.0), place);
        many.gaps += 1;
        while let Some(None) = self.places.last() {
            self.places.pop();
            many.gaps -= 1;
        }
        many.first = many.first.min(self.places.len());
        while let Some(None) = self.places.get(many.first) {
            many.first += 1;
        }
        if many.gaps > FEW && many.gaps * 2 > self.places.len() {
            self.places.retain(Option::is_some);
            **many = Many::of(&self.places);
        }
        Some(taken)
    }

    /// The places from the first pair on.
    pub(super) fn places(&self) -> &[Place] {
        let first = self.many.as_ref().map_or(0, |many| many.first);
        self.places.get(first..).unwrap_or_default()
    }

    /// All places.
    pub(super) fn into_places(self) -> Vec<Place> {
        self.places
    }
}
