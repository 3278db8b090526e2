//! Equality and order of values: loose as `==` and `<` see them, strict as `contains` and `distinct` do, and the order
//! of `sort` (DECISIONS: 16).
//!
//! Containers are compared by contents, without recursion: however deep they are nested, and even if they contain
//! themselves, the work stays within the number of different pairs.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, Hash, Hasher};
use std::rc::Rc;

use rust_decimal::Decimal as Wide;

use super::entries::Entries;
use super::map::KeyHasher;
use super::{Collection, Contents, List, Map, Value, decimal, leash};

/// Whether `==` holds. NUMBER and DECIMAL compare by value, also with numeric TEXT; dates by instant; containers by
/// contents; null equals null alone.
pub fn loose_equal(left: &Value, right: &Value) -> bool {
    equal(left, right, loose_scalars)
}

/// Whether two values are the same for `contains`, `distinct` and `indexOf`: like `==`, but a text never equals a
/// number.
#[inline]
pub fn strict_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::ShortText(a), Value::ShortText(b)) => a == b,
        _ => equal(left, right, strict_scalars),
    }
}

/// The order that `<` and its kin see: of numbers, numeric texts included, and of dates. `None` where there is none, as
/// between texts that spell no numbers.
pub fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        _ => match (instant(left), instant(right)) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            (None, None) => order_loosely(left, right),
            _ => None,
        },
    }
}

/// The order of `sort`: texts by code point, numbers, dates, booleans with false first; `None` for two values of
/// different sorts and for containers. Within one sort it is a total order.
#[inline]
pub fn sort_order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        _ => order_others(left, right),
    }
}

/// The order of two values that are not both NUMBER.
#[inline(never)]
fn order_others(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Boolean(a), Value::Boolean(b)) => Some(a.cmp(b)),
        _ => match (left.as_text(), right.as_text()) {
            (Some(a), Some(b)) => Some(a.cmp(b)),
            (None, None) => match (instant(left), instant(right)) {
                (Some(a), Some(b)) => Some(a.cmp(&b)),
                _ => order_numbers(left, right),
            },
            _ => None,
        },
    }
}

/// Whether two values are of one sort, so that [`sort_order`] orders them. Looks at neither text.
pub fn sort_together(left: &Value, right: &Value) -> bool {
    match (left.as_text(), right.as_text()) {
        (Some(_), Some(_)) => true,
        (None, None) => sort_order(left, right).is_some(),
        _ => false,
    }
}

/// The order of two numbers of any form; `None` where one is no number.
///
/// A double takes part with the shortest decimal that names it, so that the order is total: 0.1 of either form is one
/// number, and large numbers that differ in a digit no double holds stay different.
pub fn order_numbers(left: &Value, right: &Value) -> Option<Ordering> {
    if !matches!(left, Value::Double(_)) && !matches!(right, Value::Double(_)) {
        return decimal::order(left, right);
    }
    let (a, b) = (left.as_double()?, right.as_double()?);
    let by_double = if a == b { Ordering::Equal } else { a.total_cmp(&b) };
    Some(by_double.then_with(|| match (exact(left), exact(right)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => Ordering::Equal,
    }))
}

/// The exact decimal that a number prints as; `None` beyond 28 digits.
fn exact(number: &Value) -> Option<Wide> {
    match number {
        Value::Double(double) if double.abs() < 1e28 => Wide::from_str_exact(&double.to_string()).ok(),
        other => other.as_wide(),
    }
}

fn order_loosely(left: &Value, right: &Value) -> Option<Ordering> {
    match (left.as_text(), right.as_text()) {
        (None, None) => order_numbers(left, right),
        (Some(text), None) => order_numbers(&numeric(text)?, right),
        (None, Some(text)) => order_numbers(left, &numeric(text)?),
        (Some(a), Some(b)) => order_numbers(&numeric(a)?, &numeric(b)?),
    }
}

/// The number a text spells: digits with an optional sign and fraction, and nothing else.
pub fn numeric(text: &str) -> Option<Value> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !plain || !digits.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match text.parse() {
        Ok(number) => Some(Value::Number(number)),
        Err(_) => Wide::from_str_exact(text).ok().map(Value::from_wide),
    }
}

fn instant(value: &Value) -> Option<i64> {
    match value {
        Value::Date(moment) | Value::DateTime(moment) => Some(moment.millis()),
        _ => None,
    }
}

fn loose_scalars(left: &Value, right: &Value) -> bool {
    match (left.as_text(), right.as_text()) {
        (Some(a), Some(b)) => same_text(a, b),
        (None, None) => strict_scalars(left, right),
        (Some(text), None) => is_number(right) && numeric(text).is_some_and(|number| strict_scalars(&number, right)),
        (None, Some(text)) => is_number(left) && numeric(text).is_some_and(|number| strict_scalars(left, &number)),
    }
}

fn strict_scalars(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Null, Value::Null) => true,
        (Value::Boolean(a), Value::Boolean(b)) => a == b,
        (Value::File(a), Value::File(b)) => a.is_same(b),
        (Value::Caught(a), Value::Caught(b)) => Rc::ptr_eq(a, b) || (a.message(), a.line()) == (b.message(), b.line()),
        _ => match (left.as_text(), right.as_text()) {
            (Some(a), Some(b)) => same_text(a, b),
            (None, None) => match (instant(left), instant(right)) {
                (Some(a), Some(b)) => a == b,
                _ => order_numbers(left, right) == Some(Ordering::Equal),
            },
            _ => false,
        },
    }
}

fn is_number(value: &Value) -> bool {
    matches!(
        value,
        Value::Number(_) | Value::Decimal(_) | Value::BigDecimal(_) | Value::Double(_)
    )
}

/// Whether two texts are the same. Where long ones have to be looked at whole, that is work like any other.
fn same_text(a: &str, b: &str) -> bool {
    const LONG: usize = 1 << 10;
    a.len() == b.len() && (a.len() < LONG || leash::spend(a.len() / 16, 0)) && a == b
}

/// How two values without contents compare.
type Scalars = fn(&Value, &Value) -> bool;

fn equal(left: &Value, right: &Value, scalars: Scalars) -> bool {
    let (left, right) = (left.settled(), right.settled());
    match (left.is_container(), right.is_container()) {
        (false, false) => scalars(left, right),
        (true, true) => Comparison::new(scalars).containers(left, right),
        _ => false,
    }
}

/// A comparison of containers under way. Two containers that are met again count as equal: their contents are compared
/// already, or about to be.
struct Comparison {
    scalars: Scalars,
    met: HashSet<(usize, usize), KeyHasher>,
    waiting: Vec<(Value, Value)>,
}

impl Comparison {
    fn new(scalars: Scalars) -> Self {
        Self {
            scalars,
            met: HashSet::default(),
            waiting: Vec::new(),
        }
    }

    fn containers(mut self, left: &Value, right: &Value) -> bool {
        if !self.contents(left, right) {
            return false;
        }
        while let Some((left, right)) = self.waiting.pop() {
            let pair = (address(&left), address(&right));
            if pair.0 != pair.1 && self.met.insert(pair) && !self.contents(&left, &right) {
                return false;
            }
        }
        true
    }

    /// Whether two containers agree as far as one look shows; what they contain further has to wait.
    fn contents(&mut self, left: &Value, right: &Value) -> bool {
        match (left, right) {
            (Value::List(a), Value::List(b)) => a.is_same(b) || self.items(&a.items(), &b.items()),
            (Value::Map(a), Value::Map(b)) => a.is_same(b) || self.entries(&a.entries(), &b.entries()),
            (Value::Collection(a), Value::Collection(b)) => {
                a.is_same(b)
                    || match (&*a.contents(), &*b.contents()) {
                        (Contents::Values(a), Contents::Values(b)) => self.items(a, b),
                        (Contents::Pairs(a), Contents::Pairs(b)) => self.entries(a, b),
                        (a, b) => a.is_empty() && b.is_empty(),
                    }
            }
            // An undecided `{}` may still become either, so it equals whatever is empty.
            (Value::Empty(_), other) | (other, Value::Empty(_)) => size(other) == 0,
            _ => false,
        }
    }

    fn items(&mut self, left: &[Value], right: &[Value]) -> bool {
        let mut pairs = left.iter().zip(right);
        left.len() == right.len() && pairs.all(|(a, b)| leash::spend(1, 0) && self.item(a, b))
    }

    fn entries(&mut self, left: &Entries, right: &Entries) -> bool {
        let same = |(key, a)| leash::spend(4, 0) && right.get_same(key).is_some_and(|b| self.item(a, b));
        left.len() == right.len() && left.iter().all(same)
    }

    fn item(&mut self, left: &Value, right: &Value) -> bool {
        let (left, right) = (left.settled(), right.settled());
        match (left.is_container(), right.is_container()) {
            (false, false) => (self.scalars)(left, right),
            (true, true) => {
                self.waiting.push((left.clone(), right.clone()));
                true
            }
            _ => false,
        }
    }
}

/// What tells containers apart while they live; 0 for an undecided one, which has no contents to repeat.
fn address(container: &Value) -> usize {
    match container {
        Value::List(list) => list.address(),
        Value::Map(map) => map.address(),
        Value::Collection(collection) => collection.address(),
        _ => 0,
    }
}

fn size(container: &Value) -> usize {
    match container {
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        Value::Collection(collection) => collection.contents().len(),
        _ => 0,
    }
}

/// How deep a hash looks into a value. Values that differ only further down are told apart by comparing them.
const HASH_DEPTH: usize = 32;

/// A set of values that are the same when [`strict_equal`] says so. It is made for one operation: the values must not
/// change while it lives.
#[derive(Default)]
pub struct StrictSet {
    members: HashSet<Member, KeyHasher>,
    hasher: StrictHasher,
}

struct Member {
    hash: u64,
    value: Value,
}

impl Hash for Member {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl PartialEq for Member {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && strict_equal(&self.value, &other.value)
    }
}

impl Eq for Member {}

impl StrictSet {
    /// The set of these values.
    pub fn of(values: &[Value]) -> Self {
        let mut set = Self::default();
        set.members.reserve(values.len());
        for value in values {
            set.insert(value);
        }
        set
    }

    /// Adds a value; `true` where it was not there. A run that has to end adds nothing more.
    pub fn insert(&mut self, value: &Value) -> bool {
        let member = self.member(value);
        leash::pulled().is_none() && self.members.insert(member)
    }

    /// Whether the value is there.
    pub fn contains(&mut self, value: &Value) -> bool {
        let member = self.member(value);
        leash::pulled().is_none() && self.members.contains(&member)
    }

    /// Takes a value out; `true` where it was there.
    pub fn remove(&mut self, value: &Value) -> bool {
        let member = self.member(value);
        leash::pulled().is_none() && self.members.remove(&member)
    }

    fn member(&mut self, value: &Value) -> Member {
        Member {
            hash: self.hasher.hash(value, 0),
            value: value.settled().clone(),
        }
    }
}

/// Hashes values so that equal ones have equal hashes. What a container hashes to is kept, so that contents shared by
/// many containers are looked at once; the container is kept with it, so that no other takes over its address.
#[derive(Default)]
struct StrictHasher {
    keys: KeyHasher,
    known: HashMap<(usize, usize), (u64, Value), KeyHasher>,
}

impl StrictHasher {
    fn hash(&mut self, value: &Value, depth: usize) -> u64 {
        let value = value.settled();
        if !value.is_container() {
            return self.scalar(value);
        }
        if size(value) == 0 || depth >= HASH_DEPTH {
            return self.keys.hash_one("container");
        }
        let place = (address(value), depth);
        if let Some((hash, _)) = self.known.get(&place) {
            return *hash;
        }
        let hash = match value {
            Value::List(list) => self.list(list, depth + 1),
            Value::Map(map) => self.map(map, depth + 1),
            Value::Collection(collection) => self.collection(collection, depth + 1),
            _ => 0,
        };
        self.known.insert(place, (hash, value.clone()));
        hash
    }

    fn scalar(&self, value: &Value) -> u64 {
        if let Some(text) = value.as_text() {
            if !leash::spend(1 + text.len() / 16, 0) {
                return 0;
            }
            return self.keys.hash_one(text);
        }
        match value {
            Value::Boolean(boolean) => self.keys.hash_one(boolean),
            Value::Date(moment) | Value::DateTime(moment) => self.keys.hash_one(moment.millis()),
            // Adding zero makes one of the two zeros.
            _ => self
                .keys
                .hash_one(value.as_double().map(|double| (double + 0.0).to_bits())),
        }
    }

    fn list(&mut self, list: &List, depth: usize) -> u64 {
        self.items(&list.items(), depth)
    }

    fn map(&mut self, map: &Map, depth: usize) -> u64 {
        self.entries(&map.entries(), depth)
    }

    fn collection(&mut self, collection: &Collection, depth: usize) -> u64 {
        match &*collection.contents() {
            Contents::Empty => 0,
            Contents::Values(values) => self.items(values, depth),
            Contents::Pairs(pairs) => self.entries(pairs, depth),
        }
    }

    fn items(&mut self, items: &[Value], depth: usize) -> u64 {
        let may_go_on = leash::spend(items.len(), 0);
        let items = if may_go_on { items } else { &[] };
        items.iter().fold(items.len() as u64, |hash, item| {
            let item = self.hash(item, depth);
            self.keys.hash_one((hash, item))
        })
    }

    /// A sum, since the order of the entries does not matter.
    fn entries(&mut self, entries: &Entries, depth: usize) -> u64 {
        entries.iter().fold(0, |hash: u64, (key, value)| {
            let entry = (self.keys.hash_one(key), self.hash(value, depth));
            hash.wrapping_add(self.keys.hash_one(entry))
        })
    }
}

#[cfg(test)]
mod tests;
