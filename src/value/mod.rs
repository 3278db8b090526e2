//! The values of Deluge. Knows nothing of scripts, hosts or the world.
//!
//! A [`Value`] is 16 bytes and never leaves its thread: texts, containers and files are counted pointers. Lists, maps,
//! collections and files are references, as in the Java that runs Deluge: assigning one shares it (DECISIONS: 7).

pub mod calendar;
mod collection;
pub mod compare;
pub mod convert;
mod data;
pub mod date_text;
mod dates;
pub mod decimal;
pub mod double;
mod empty;
mod entries;
mod file;
mod items;
pub mod json;
mod kind;
pub mod leash;
mod list;
pub mod map;
pub mod memory;
mod moment;
mod notation;
pub mod number_format;
pub mod operate;
pub mod pattern;
mod print;
mod release;
mod text;
mod wire;
pub mod zone;

use std::rc::Rc;

pub use collection::{Collection, Contents};
pub use data::Data;
pub use dates::{DateOrder, DateSettings};
pub use decimal::Decimal;
pub use empty::Empty;
pub use entries::Entries;
pub use file::{Content, File, media_type_of};
pub use items::Items;
pub use kind::Kind;
pub use list::List;
pub use map::{Alike, Key, Map, Near};
pub use moment::{DAY_MILLIS, Moment};
pub use notation::Fold;
pub use print::{MAX_DEPTH, Unprintable, join_list};
pub use text::{ShortText, Text, byte_offset, utf16_index, utf16_length, utf16_slice};
pub use wire::WireError;

/// A value of a running script.
///
/// The tag is 32 bits wide: a byte-wide tag costs a stall at every return of a value in two registers. What owns no
/// memory comes first, so that one comparison of the tag tells it ([`Value::is_plain`]).
#[derive(Clone, Default)]
#[repr(u32)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// BOOLEAN
    Boolean(bool),
    /// NUMBER
    Number(i64),
    /// DECIMAL, exact, digits within 64 bits.
    Decimal(Decimal),
    /// DECIMAL from `sqrt`, `log` and their kin: an IEEE double.
    Double(f64),
    /// TEXT of at most 11 bytes.
    ShortText(ShortText),
    /// DATE: the first instant of a day.
    Date(Moment),
    /// DATE-TIME
    DateTime(Moment),
    /// DECIMAL, exact, up to 28 digits.
    BigDecimal(Rc<rust_decimal::Decimal>),
    /// TEXT
    Text(Text),
    /// LIST
    List(List),
    /// KEY-VALUE
    Map(Map),
    /// COLLECTION
    Collection(Collection),
    /// `{}`; look behind it with [`Value::settled`].
    Empty(Empty),
    /// FILE
    File(File),
    /// What a `catch` received.
    Caught(Rc<Caught>),
}

/// An error as a script sees it: `e.message`, `e.lineNo`.
#[derive(Debug)]
pub struct Caught {
    message: String,
    line: u32,
}

impl Caught {
    /// An error with what happened, and the line it happened on, from 1.
    pub fn new(message: String, line: u32) -> Self {
        memory::grow(message.capacity() + size_of::<Self>());
        Self { message, line }
    }

    /// What happened.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The line it happened on, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }
}

impl Drop for Caught {
    fn drop(&mut self) {
        memory::shrink(self.message.capacity() + size_of::<Self>());
    }
}

impl Value {
    /// What kind of value it is; an empty container that was decided meanwhile has its new kind.
    #[inline]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Boolean(_) => Kind::Boolean,
            Self::Number(_) => Kind::Number,
            Self::Decimal(_) | Self::BigDecimal(_) | Self::Double(_) => Kind::Decimal,
            Self::ShortText(_) | Self::Text(_) => Kind::Text,
            Self::Date(_) => Kind::Date,
            Self::DateTime(_) => Kind::DateTime,
            Self::List(_) => Kind::List,
            Self::Map(_) => Kind::Map,
            Self::Collection(_) => Kind::Collection,
            Self::Empty(empty) => empty.decided().map_or(Kind::Empty, Self::kind),
            Self::File(_) => Kind::File,
            Self::Caught(_) => Kind::Caught,
        }
    }

    /// The value itself, or what an empty container became.
    pub fn settled(&self) -> &Self {
        match self {
            Self::Empty(empty) => empty.decided().unwrap_or(self),
            _ => self,
        }
    }

    /// The list, where the value is one. An undecided `{}` becomes a list.
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Self::List(list) => Some(list),
            Self::Empty(empty) => match empty.into_list() {
                Self::List(list) => Some(list),
                _ => None,
            },
            _ => None,
        }
    }

    /// The map, where the value is one. An undecided `{}` becomes a map.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            Self::Empty(empty) => match empty.into_map() {
                Self::Map(map) => Some(map),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is a NUMBER or a DECIMAL of any form.
    pub const fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Number(_) | Self::Decimal(_) | Self::Double(_) | Self::BigDecimal(_)
        )
    }

    /// Whether dropping it does nothing: it owns no memory.
    #[inline(always)]
    pub const fn is_plain(&self) -> bool {
        matches!(
            self,
            Self::Null
                | Self::Boolean(_)
                | Self::Number(_)
                | Self::Decimal(_)
                | Self::Double(_)
                | Self::ShortText(_)
                | Self::Date(_)
                | Self::DateTime(_)
        )
    }

    /// Puts a value into this place. Most former values are plain: their going needs no work, and no call.
    #[inline(always)]
    pub fn set(&mut self, value: Self) {
        if !self.is_plain() {
            *self = value;
        } else if let Self::Number(number) = &value {
            // Written in the parts in which it came: moving it as a whole would wait for them to arrive.
            std::mem::forget(std::mem::replace(self, Self::Number(*number)));
            std::mem::forget(value);
        } else {
            std::mem::forget(std::mem::replace(self, value));
        }
    }

    /// Takes the value out of its place. What stays there is plain.
    #[inline(always)]
    pub fn take(&mut self) -> Self {
        match self {
            Self::Number(number) => Self::Number(*number),
            other => std::mem::take(other),
        }
    }

    /// A clone, made here where that is least work.
    #[inline(always)]
    pub fn copy(&self) -> Self {
        match self {
            Self::Number(number) => Self::Number(*number),
            Self::ShortText(text) => Self::ShortText(*text),
            other => other.clone(),
        }
    }

    /// Drops the value.
    #[inline(always)]
    pub fn discard(self) {
        if self.is_plain() {
            std::mem::forget(self);
        }
    }

    /// Whether it is a list, map or collection, the undecided one included.
    #[inline]
    pub const fn is_container(&self) -> bool {
        matches!(
            self,
            Self::List(_) | Self::Map(_) | Self::Collection(_) | Self::Empty(_)
        )
    }
}

/// The containers of one run into which a container was put. Only those can become part of a cycle, which counting
/// would never free; the end of the run empties the ones still alive.
#[derive(Default)]
pub struct Tracked {
    watched: Vec<Watched>,
    /// How many there may be before the ones that are gone are looked for.
    room: usize,
}

/// How many containers are watched before the first look for those that are gone.
const FEW: usize = 1 << 10;

enum Watched {
    List(list::WeakList),
    Map(map::WeakMap),
    Collection(collection::WeakCollection),
}

impl Tracked {
    /// Notes that `inner` was put into `outer`. Cheap where `inner` is no container or `outer` is known already.
    #[inline]
    pub fn note(&mut self, outer: &Value, inner: &Value) {
        if inner.is_container() {
            self.watch(outer);
        }
    }

    fn watch(&mut self, outer: &Value) {
        self.watched.push(match outer.settled() {
            Value::List(list) if list.is_unwatched() => Watched::List(list.downgrade()),
            Value::Map(map) if map.is_unwatched() => Watched::Map(map.downgrade()),
            Value::Collection(collection) if collection.is_unwatched() => Watched::Collection(collection.downgrade()),
            _ => return,
        });
        if self.watched.len() > self.room {
            self.forget_gone();
        }
    }

    /// Forgets what is gone, so that a long run watches no more than about twice what it holds.
    #[cold]
    fn forget_gone(&mut self) {
        self.watched.retain(Watched::is_alive);
        self.room = (self.watched.len() * 2).max(FEW);
    }
}

impl Tracked {
    /// Takes over what another run tracked, and forgets what is gone: for a session, whose values outlive its runs.
    pub fn absorb(&mut self, mut other: Self) {
        self.watched.append(&mut other.watched);
        self.forget_gone();
    }
}

impl Watched {
    fn is_alive(&self) -> bool {
        match self {
            Self::List(list) => list.is_alive(),
            Self::Map(map) => map.is_alive(),
            Self::Collection(collection) => collection.is_alive(),
        }
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        for watched in self.watched.drain(..) {
            match watched {
                Watched::List(list) => list.clear(),
                Watched::Map(map) => map.clear(),
                Watched::Collection(collection) => collection.clear(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_and_a_fallible_value_are_two_words() {
        assert_eq!(size_of::<Value>(), 16);
        assert_eq!(size_of::<Option<Value>>(), 16);
        assert_eq!(size_of::<Result<Value, Box<String>>>(), 16);
    }

    #[test]
    fn lists_and_maps_are_seven_words_with_their_counts() {
        let before = memory::live();
        let (list, map) = (List::new(Vec::new()), Map::default());
        assert_eq!(memory::live() - before, 2 * 5 * size_of::<usize>());
        drop((list, map));
    }

    #[test]
    fn deep_nesting_is_dropped_without_recursion() {
        let before = memory::live();
        let mut value = Value::Null;
        for _ in 0..300_000 {
            value = Value::List(List::new(vec![value]));
        }
        drop(value);
        assert_eq!(memory::live(), before);
    }

    #[test]
    fn cycles_end_with_their_run() {
        let before = memory::live();
        let mut tracked = Tracked::default();
        let (list, map) = (List::new(Vec::new()), Map::default());
        let (outer, inner) = (Value::List(list.clone()), Value::Map(map.clone()));
        tracked.note(&outer, &inner);
        list.push(inner.clone());
        tracked.note(&inner, &outer);
        map.put(Value::text("back"), outer.clone());
        drop((list, map, outer, inner));
        assert!(memory::live() > before);
        drop(tracked);
        assert_eq!(memory::live(), before);
    }

    #[test]
    fn an_empty_container_is_decided_for_all_its_references() {
        let empty = Value::Empty(Empty::default());
        let other = empty.clone();
        assert_eq!(other.kind(), Kind::Empty);
        empty.as_map().unwrap().put(Value::text("k"), Value::Number(1));
        assert_eq!(other.kind(), Kind::Map);
        assert!(other.as_list().is_none());
    }
}
