//! The built-ins of COLLECTION. A collection holds either plain elements, numbered from 0, or pairs, as its first content
//! decides; the other sort is an error from then on (help/functions/collection/insert.html).

use super::list::{index, once_each, position, sorted};
use super::map::{pairs_of, weight};
use super::{Builtin, Call, Effect, any, example, optional, repeated, required};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::value::compare::{self, StrictSet, strict_equal};
use crate::value::{Collection, Contents, Entries, Key, Kind, List, Value, leash};

const COLLECTION: &[Kind] = &[Kind::Collection];

/// The table of this family.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::function("Collection", make)
        .params(&[repeated("elements")])
        .returns(Kind::Collection)
        .doc("Makes a collection: empty, of plain elements, or of `key : value` pairs.")
        .examples(&[
            example("c = Collection(\"Creator\",\"CRM\"); info c.size();", "2"),
            example("c = Collection(\"Creator\" : 5); info c.get(\"Creator\");", "5"),
        ])
        .source("deluge/help/functions/collection.html"),
    Builtin::method(COLLECTION, "insert", insert)
        .params(&[repeated("elements")])
        .returns_nothing()
        .doc("Adds elements at the end, or `key : value` pairs; a key that is there gets the new value.")
        .examples(&[
            example(
                "c = Collection(\"Creator\",\"CRM\"); c.insert(\"Mail\"); info c;",
                "Creator,CRM,Mail",
            ),
            example(
                "c = Collection(\"Creator\" : 5); c.insert(\"CRM\" : 5); info c;",
                "{\"Creator\":5,\"CRM\":5}",
            ),
        ])
        .source("deluge/help/functions/collection/insert.html")
        .effect(Effect::Changes),
    Builtin::method(COLLECTION, "insertAll", insert_all)
        .params(&[any("elements")])
        .returns_nothing()
        .doc("Adds all elements of a list, or all pairs of a map.")
        .examples(&[
            example(
                "c = Collection(\"Creator\"); c.insertAll({\"CRM\",\"Mail\"}); info c;",
                "Creator,CRM,Mail",
            ),
            example(
                "c = Collection(\"Creator\" : 5); c.insertAll({\"CRM\" : 2}); info c;",
                "{\"Creator\":5,\"CRM\":2}",
            ),
        ])
        .source("deluge/help/functions/collection/insertall.html")
        .effect(Effect::Changes),
    Builtin::method(COLLECTION, "update", update)
        .params(&[any("keyOrIndex"), any("value")])
        .returns_nothing()
        .doc("Replaces the element at an index, or the value of a key. An unknown key is added.")
        .examples(&[
            example(
                "c = Collection(\"Creator\",\"CRM\"); c.update(1,\"Mail\"); info c;",
                "Creator,Mail",
            ),
            example(
                "c = Collection(\"Creator\" : 5); c.update(\"Creator\",3); info c;",
                "{\"Creator\":3}",
            ),
        ])
        .source("deluge/help/functions/collection/update.html")
        .effect(Effect::Changes),
    Builtin::method(COLLECTION, "delete", delete)
        .params(&[any("value")])
        .returns_nothing()
        .doc("Takes out the first element, or the first pair, with this value; nothing happens where there is none.")
        .examples(&[example(
            "c = Collection(\"Creator\" : 5, \"CRM\" : 2); c.delete(2); info c;",
            "{\"Creator\":5}",
        )])
        .source("deluge/help/functions/collection/delete.html")
        .effect(Effect::Changes),
    Builtin::method(COLLECTION, "deleteAll", delete_all)
        .params(&[any("values")])
        .returns_nothing()
        .doc("Takes out every element, or every pair, whose value is in a list.")
        .examples(&[example(
            "c = Collection(\"Creator\",\"CRM\",\"Mail\"); c.deleteAll({\"Mail\",\"Creator\"}); info c;",
            "CRM",
        )])
        .source("deluge/help/functions/collection.html")
        .effect(Effect::Changes),
    Builtin::method(COLLECTION, "deleteKey", delete_key)
        .params(&[any("keyOrIndex")])
        .returns_nothing()
        .doc("Takes out the pair of a key, if it is there, or the element at an index.")
        .examples(&[
            example(
                "c = Collection(\"Creator\" : 5, \"CRM\" : 2); c.deleteKey(\"CRM\"); info c;",
                "{\"Creator\":5}",
            ),
            example(
                "c = Collection(\"Creator\",\"CRM\",\"Mail\"); c.deleteKey(1); info c;",
                "Creator,Mail",
            ),
        ])
        .source("deluge/help/functions/collection/deletekey.html")
        .effect(Effect::Changes),
    Builtin::method(COLLECTION, "deleteKeys", delete_keys)
        .params(&[any("keysOrIndexes")])
        .returns_nothing()
        .doc("Takes out the pairs of several keys, or the elements at several indexes, all counted before any is gone.")
        .examples(&[example(
            "c = Collection(\"Creator\",\"CRM\",\"Mail\"); c.deleteKeys({1,2}); info c;",
            "Creator",
        )])
        .source("deluge/help/functions/collection/deletekeys.html")
        .effect(Effect::Changes),
    Builtin::method(COLLECTION, "get", get)
        .params(&[any("keyOrIndex")])
        .doc("The value of a key, null where there is none, or the element at an index.")
        .examples(&[
            example("c = Collection(\"one\" : \"John\"); info c.get(\"one\");", "John"),
            example("c = Collection(\"one\" : \"John\"); info c.get(\"two\");", "null"),
            example("c = Collection(\"John\",\"Bill\"); info c.get(1);", "Bill"),
        ])
        .source("deluge/help/functions/collection/get.html"),
    Builtin::method(COLLECTION, "getKey", get_key)
        .params(&[any("value")])
        .doc("The key of the first pair with this value, or null; the index of the first such element, or -1.")
        .examples(&[example(
            "c = Collection(\"Creator\",\"CRM\"); info c.getKey(\"CRM\");",
            "1",
        )])
        .source("deluge/help/functions/collection/getkey.html"),
    Builtin::method(COLLECTION, "getLastKey", get_last_key)
        .params(&[any("value")])
        .doc("As `getKey`, for the last pair or element with this value.")
        .examples(&[
            example(
                "c = Collection(\"Creator\" : 5, \"CRM\" : 2, \"Mail\" : 5); info c.getLastKey(5);",
                "Mail",
            ),
            example(
                "c = Collection(\"Creator\",\"CRM\",\"Creator\"); info c.getLastKey(\"Creator\");",
                "2",
            ),
        ])
        .source("deluge/help/functions/collection/getlastkey.html"),
    Builtin::method(COLLECTION, "containsKey", contains_key)
        .aliases(&["containKey"])
        .params(&[any("keyOrIndex")])
        .returns(Kind::Boolean)
        .doc("Whether there is a pair of this key, or an element at this index.")
        .examples(&[example(
            "c = Collection(\"CRM\" : 2); info c.containsKey(\"CRM\");",
            "true",
        )])
        .source("deluge/help/functions/collection/containskey.html"),
    Builtin::method(COLLECTION, "containsValue", contains_value)
        .aliases(&["containValue", "contains"])
        .params(&[any("value")])
        .returns(Kind::Boolean)
        .doc("Whether an element, or the value of a pair, has this type and value.")
        .examples(&[example("c = Collection(\"CRM\" : 2); info c.containsValue(2);", "true")])
        .source("deluge/help/functions/collection/containsvalue.html"),
    Builtin::method(COLLECTION, "notContains", not_contains)
        .params(&[any("value")])
        .returns(Kind::Boolean)
        .doc("Whether no element, and no value of a pair, has this type and value.")
        .examples(&[example(
            "c = Collection(\"Creator\",\"CRM\"); info c.notContains(\"Mail\");",
            "true",
        )])
        .source("deluge/help/functions/collection.html"),
    Builtin::method(COLLECTION, "keys", keys)
        .returns(Kind::List)
        .doc("A list of the keys; of a collection without keys, its elements.")
        .examples(&[
            example(
                "c = Collection(\"Creator\" : 5, \"CRM\" : 2); info c.keys();",
                "Creator,CRM",
            ),
            example("c = Collection(\"Creator\",\"CRM\"); info c.keys();", "Creator,CRM"),
        ])
        .source("deluge/help/functions/collection/keys.html"),
    Builtin::method(COLLECTION, "values", values)
        .returns(Kind::List)
        .doc("A list of the values, or of the elements.")
        .examples(&[example(
            "c = Collection(\"Creator\" : 5, \"CRM\" : 2); info c.values();",
            "5,2",
        )])
        .source("deluge/help/functions/collection.html"),
    Builtin::method(COLLECTION, "distinct", distinct)
        .returns(Kind::List)
        .doc("A list in which every value, or element, occurs once, where it occurred first.")
        .examples(&[example(
            "c = Collection(\"Creator\" : 5, \"CRM\" : 2, \"Mail\" : 5); info c.distinct();",
            "5,2",
        )])
        .source("deluge/help/functions/collection/distinct.html"),
    Builtin::method(COLLECTION, "intersect", intersect)
        .params(&[required("collection", Kind::Collection)])
        .returns(Kind::Collection)
        .doc("A new collection of the elements, once each, or of the pairs that both collections have.")
        .examples(&[example(
            "c = Collection(\"Creator\",\"CRM\"); info c.intersect(Collection(\"Mail\",\"CRM\"));",
            "CRM",
        )])
        .source("deluge/help/functions/collection.html"),
    Builtin::method(COLLECTION, "sort", sort)
        .params(&[optional("ascending", Kind::Boolean)])
        .returns_nothing()
        .doc("Sorts the elements, or the pairs by their values, in place. Values of mixed types stay as they are.")
        .examples(&[
            example(
                "c = Collection(\"Creator\",\"CRM\",\"Mail\"); c.sort(false); info c;",
                "Mail,Creator,CRM",
            ),
            example(
                "c = Collection(\"a\" : 5, \"b\" : 2); c.sort(); info c;",
                "{\"b\":2,\"a\":5}",
            ),
        ])
        .source("deluge/help/functions/collection/sort.html")
        .effect(Effect::Changes),
    Builtin::method(COLLECTION, "sortKey", sort_key)
        .params(&[optional("ascending", Kind::Boolean)])
        .returns_nothing()
        .doc("Sorts the pairs by their keys, in place. A collection without keys stays as it is.")
        .examples(&[example(
            "c = Collection(\"Creator\" : 5, \"CRM\" : 2, \"Mail\" : 8); c.sortKey(); info c;",
            "{\"CRM\":2,\"Creator\":5,\"Mail\":8}",
        )])
        .source("deluge/help/functions/collection/sortkey.html")
        .effect(Effect::Changes),
    Builtin::method(COLLECTION, "duplicate", duplicate)
        .returns(Kind::Collection)
        .doc("A new collection with the same contents.")
        .examples(&[example(
            "c = Collection(\"Creator\"); d = c.duplicate(); d.insert(\"CRM\"); info c.size();",
            "1",
        )])
        .source("deluge/help/functions/collection.html"),
    Builtin::method(COLLECTION, "size", size)
        .returns(Kind::Number)
        .doc("How many elements or pairs there are.")
        .examples(&[example("c = Collection(\"Creator\",\"CRM\"); info c.size();", "2")])
        .source("deluge/help/functions/collection.html"),
    Builtin::method(COLLECTION, "clear", clear)
        .returns_nothing()
        .doc("Takes out everything. The collection may hold elements or pairs then.")
        .examples(&[example("c = Collection(\"Creator\"); c.clear(); info c.size();", "0")])
        .source("deluge/help/functions/collection.html")
        .effect(Effect::Changes),
];

/// The elements of a list or collection, or the values of its pairs; none for what is neither.
pub(super) fn values_of(container: &Value) -> Vec<Value> {
    match container {
        Value::List(list) => list.items().to_vec(),
        Value::Collection(collection) => match &*collection.contents() {
            Contents::Empty => Vec::new(),
            Contents::Values(values) => values.to_vec(),
            Contents::Pairs(pairs) => pairs.values().cloned().collect(),
        },
        _ => Vec::new(),
    }
}

fn make(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = Collection::new(Contents::Empty);
    insert_into(call, &collection)?;
    Ok(Value::Collection(collection))
}

fn insert(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = call.collection()?;
    insert_into(call, &collection)?;
    Ok(Value::Null)
}

fn insert_into(call: &mut Call<'_, '_>, collection: &Collection) -> Evaluated<()> {
    if call.pairs {
        let pairs = pairs_of(call);
        return insert_pairs(call, collection, pairs);
    }
    let elements = call.arguments.iter().map(|element| element.settled().clone()).collect();
    insert_elements(call, collection, elements)
}

fn insert_all(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = call.collection()?;
    match call.argument(0).clone() {
        Value::Collection(from) if matches!(&*from.contents(), Contents::Pairs(_)) => {
            let pairs = super::map::pairs_arg(call, 0)?;
            insert_pairs(call, &collection, pairs)?;
        }
        Value::Map(from) => {
            let pairs = from.entries().clone();
            insert_pairs(call, &collection, pairs)?;
        }
        _ => {
            let elements = super::list::elements_arg(call, 0)?;
            insert_elements(call, &collection, elements)?;
        }
    }
    Ok(Value::Null)
}

fn insert_elements(call: &mut Call<'_, '_>, collection: &Collection, mut elements: Vec<Value>) -> Evaluated<()> {
    call.reserve(elements.len() * size_of::<Value>())?;
    note(call, collection, elements.iter());
    let inserted = collection.edit(|contents| match contents {
        _ if elements.is_empty() => true,
        Contents::Empty => {
            *contents = Contents::Values(elements.into());
            true
        }
        Contents::Values(values) => {
            values.settle().append(&mut elements);
            true
        }
        Contents::Pairs(_) => false,
    });
    if inserted {
        Ok(())
    } else {
        Err(mixed("an element", "key-value pairs"))
    }
}

fn insert_pairs(call: &mut Call<'_, '_>, collection: &Collection, pairs: Entries) -> Evaluated<()> {
    call.reserve(weight(pairs.len()))?;
    note(call, collection, pairs.values());
    let inserted = collection.edit(|contents| match contents {
        _ if pairs.is_empty() => true,
        Contents::Empty => {
            *contents = Contents::Pairs(pairs);
            true
        }
        Contents::Pairs(known) => {
            known.extend(pairs);
            true
        }
        Contents::Values(_) => false,
    });
    if inserted {
        Ok(())
    } else {
        Err(mixed("a key-value pair", "elements without keys"))
    }
}

fn note<'v>(call: &mut Call<'_, '_>, collection: &Collection, values: impl Iterator<Item = &'v Value>) {
    let outer = Value::Collection(collection.clone());
    for value in values {
        call.context.meter.contain(&outer, value);
    }
}

fn mixed(given: &str, held: &str) -> Box<EvalError> {
    EvalError::failed(
        Code::MixedCollection,
        format!("{given} cannot go into a collection of {held}"),
    )
    .help("a collection holds either `key : value` pairs or plain elements, as the first insertion decides")
}

fn update(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = call.collection()?;
    let (key, value) = (call.argument(0).clone(), call.argument(1).clone());
    note(call, &collection, std::iter::once(&value));
    let numbered = match &*collection.contents() {
        Contents::Pairs(_) => None,
        Contents::Empty if !matches!(key, Value::Number(_)) => None,
        contents => Some(position(call.number_arg(0)?, contents.len())?),
    };
    let key = Key::new(key);
    let former = collection.edit(|contents| match (contents, numbered) {
        (Contents::Values(values), Some(at)) => values.get_mut(at).map(|place| std::mem::replace(place, value)),
        (Contents::Pairs(pairs), _) => pairs.insert(key, value),
        (contents, _) => {
            let pair = std::iter::once((key, value));
            *contents = Contents::Pairs(pair.collect());
            None
        }
    });
    drop(former);
    Ok(Value::Null)
}

fn delete(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = call.collection()?;
    if let Some(at) = first(&collection, call.argument(0)) {
        take_at(&collection, at);
    }
    Ok(Value::Null)
}

/// Takes out the element or pair at a place that exists.
fn take_at(collection: &Collection, at: usize) {
    let taken = collection.edit(|contents| match contents {
        Contents::Empty => None,
        Contents::Values(values) => values.remove(at).map(|value| (None, value)),
        Contents::Pairs(pairs) => pairs.take_nth(at).map(|(key, value)| (Some(key), value)),
    });
    drop(taken);
}

fn delete_all(call: &mut Call<'_, '_>) -> Evaluated {
    let mut unwanted = match call.argument(0) {
        list @ (Value::List(_) | Value::Collection(_)) => StrictSet::of(&values_of(list)),
        _ => StrictSet::of(&super::list::elements_arg(call, 0)?),
    };
    retain(&call.collection()?, |_, value| !unwanted.contains(value));
    Ok(Value::Null)
}

fn delete_key(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = call.collection()?;
    let numbered = match &*collection.contents() {
        Contents::Values(values) => Some(position(call.number_arg(0)?, values.len())?),
        _ => None,
    };
    match numbered {
        Some(at) => take_at(&collection, at),
        // The collection may be its own key, so the text of the key comes first.
        None => drop(Key::with_text(call.argument(0), |key| {
            collection.edit(|contents| match contents {
                Contents::Pairs(pairs) => pairs.take(key),
                _ => None,
            })
        })),
    }
    Ok(Value::Null)
}

fn delete_keys(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = call.collection()?;
    let keys = super::list::elements_arg(call, 0)?;
    let size = collection.contents().len();
    if matches!(&*collection.contents(), Contents::Pairs(_)) {
        let keys: Entries = keys.into_iter().map(|key| (Key::new(key), Value::Null)).collect();
        retain(
            &collection,
            |place, _| !matches!(place, Place::Key(key) if keys.get_same(key).is_some()),
        );
        return Ok(Value::Null);
    }
    let mut gone = vec![false; size];
    for key in &keys {
        let at = super::conform::whole(key).ok_or_else(|| call.mismatch(0, Kind::List))?;
        gone[position(at, size)?] = true;
    }
    retain(&collection, |place, _| !matches!(place, Place::Index(at) if gone[at]));
    Ok(Value::Null)
}

/// Where a value stands.
enum Place<'k> {
    Index(usize),
    Key(&'k Key),
}

/// Keeps what `keep` says, in order. The collection is not borrowed meanwhile, so that comparing may look into it.
fn retain(collection: &Collection, mut keep: impl FnMut(Place<'_>, &Value) -> bool) {
    let kept = match &*collection.contents() {
        Contents::Empty => Contents::Empty,
        Contents::Values(values) => {
            let kept = values
                .iter()
                .enumerate()
                .filter(|(at, value)| keep(Place::Index(*at), value));
            Contents::Values(kept.map(|(_, value)| value.clone()).collect())
        }
        Contents::Pairs(pairs) => {
            let kept = pairs.iter().filter(|(key, value)| keep(Place::Key(key), value));
            Contents::Pairs(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
        }
    };
    drop(collection.edit(|contents| std::mem::replace(contents, kept)));
}

fn get(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = call.collection()?;
    match &*collection.contents() {
        Contents::Pairs(pairs) => {
            Ok(Key::with_text(call.argument(0), |key| pairs.get(key).cloned()).unwrap_or_default())
        }
        Contents::Empty if !matches!(call.argument(0), Value::Number(_)) => Ok(Value::Null),
        contents => {
            let at = position(call.number_arg(0)?, contents.len())?;
            Ok(match contents {
                Contents::Values(values) => values.get(at).cloned().unwrap_or_default(),
                _ => Value::Null,
            })
        }
    }
}

/// The place of the first value like this.
fn first(collection: &Collection, wanted: &Value) -> Option<usize> {
    match &*collection.contents() {
        Contents::Empty => None,
        Contents::Values(values) => values.iter().position(|value| strict_equal(value, wanted)),
        Contents::Pairs(pairs) => pairs.values().position(|value| strict_equal(value, wanted)),
    }
}

fn last(collection: &Collection, wanted: &Value) -> Option<usize> {
    match &*collection.contents() {
        Contents::Empty => None,
        Contents::Values(values) => values.iter().rposition(|value| strict_equal(value, wanted)),
        Contents::Pairs(pairs) => {
            let after = pairs.values().rev().position(|value| strict_equal(value, wanted));
            after.map(|after| pairs.len() - 1 - after)
        }
    }
}

/// A place as `getKey` gives it: the key, or the index.
fn key_at(collection: &Collection, found: Option<usize>) -> Value {
    match &*collection.contents() {
        Contents::Pairs(pairs) => {
            let pair = found.and_then(|at| pairs.iter().nth(at));
            pair.map_or(Value::Null, |(key, _)| key.value().clone())
        }
        _ => index(found),
    }
}

fn get_key(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = call.collection()?;
    Ok(key_at(&collection, first(&collection, call.argument(0))))
}

fn get_last_key(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = call.collection()?;
    Ok(key_at(&collection, last(&collection, call.argument(0))))
}

fn contains_key(call: &mut Call<'_, '_>) -> Evaluated {
    let found = match &*call.collection()?.contents() {
        Contents::Empty => false,
        Contents::Values(values) => {
            let at = super::conform::whole(call.argument(0)).and_then(|at| usize::try_from(at).ok());
            at.is_some_and(|at| at < values.len())
        }
        Contents::Pairs(pairs) => Key::with_text(call.argument(0), |key| pairs.contains_key(key)),
    };
    Ok(Value::Boolean(found))
}

fn contains_value(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Boolean(first(&call.collection()?, call.argument(0)).is_some()))
}

fn not_contains(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Boolean(first(&call.collection()?, call.argument(0)).is_none()))
}

fn keys(call: &mut Call<'_, '_>) -> Evaluated {
    let keys = match &*call.collection()?.contents() {
        Contents::Empty => Vec::new(),
        Contents::Values(values) => values.to_vec(),
        Contents::Pairs(pairs) => pairs.keys().map(|key| key.value().clone()).collect(),
    };
    Ok(Value::List(List::new(keys)))
}

fn values(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::List(List::new(values_of(call.receiver))))
}

fn distinct(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(once_each(&values_of(call.receiver)))
}

fn intersect(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = call.collection()?;
    let common = match &*collection.contents() {
        Contents::Empty => Contents::Empty,
        Contents::Values(values) => {
            let mut wanted = StrictSet::of(&super::list::elements_arg(call, 0)?);
            Contents::Values(values.iter().filter(|value| wanted.remove(value)).cloned().collect())
        }
        Contents::Pairs(pairs) => {
            let other = super::map::pairs_arg(call, 0)?;
            let both = pairs
                .iter()
                .filter(|(key, value)| other.get_same(key).is_some_and(|same| strict_equal(same, value)));
            Contents::Pairs(both.map(|(key, value)| (key.clone(), value.clone())).collect())
        }
    };
    Ok(Value::Collection(Collection::new(common)))
}

fn sort(call: &mut Call<'_, '_>) -> Evaluated {
    let ascending = call.boolean_arg_or(0, true)?;
    let collection = call.collection()?;
    call.reserve(weight(collection.contents().len()))?;
    let ordered = match &*collection.contents() {
        Contents::Empty => None,
        Contents::Values(values) => sorted(values, ascending).map(|values| Contents::Values(values.into())),
        Contents::Pairs(pairs) => ordered(pairs, ascending, |(_, value)| value),
    };
    replace(&collection, ordered);
    Ok(Value::Null)
}

fn sort_key(call: &mut Call<'_, '_>) -> Evaluated {
    let ascending = call.boolean_arg_or(0, true)?;
    let collection = call.collection()?;
    call.reserve(weight(collection.contents().len()))?;
    let ordered = match &*collection.contents() {
        Contents::Pairs(pairs) => ordered(pairs, ascending, |(key, _)| key.value()),
        _ => None,
    };
    replace(&collection, ordered);
    Ok(Value::Null)
}

/// What pairs are sorted by.
type Sorting = for<'p> fn(&'p (&Key, &Value)) -> &'p Value;

/// Pairs by key or value; `None` where those have no order.
fn ordered(pairs: &Entries, ascending: bool, by: Sorting) -> Option<Contents> {
    let mut ordered: Vec<(&Key, &Value)> = pairs.iter().collect();
    if let [first, _, ..] = &ordered[..] {
        if !ordered.iter().all(|pair| compare::sort_together(by(first), by(pair))) {
            return None;
        }
        let texts = ordered.iter().filter_map(|pair| by(pair).as_text());
        let longest = texts.map(str::len).max();
        leash::sort_by(&mut ordered, 1 + longest.unwrap_or(0) / 16, |a, b| {
            let order = compare::sort_order(by(a), by(b)).unwrap_or(std::cmp::Ordering::Equal);
            if ascending { order } else { order.reverse() }
        });
    }
    let ordered = ordered.into_iter().map(|(key, value)| (key.clone(), value.clone()));
    Some(Contents::Pairs(ordered.collect()))
}

fn replace(collection: &Collection, ordered: Option<Contents>) {
    if let Some(ordered) = ordered {
        drop(collection.edit(|contents| std::mem::replace(contents, ordered)));
    }
}

fn duplicate(call: &mut Call<'_, '_>) -> Evaluated {
    let collection = call.collection()?;
    call.reserve(weight(collection.contents().len()))?;
    let copy = Collection::new(Contents::Empty);
    let contents = match &*collection.contents() {
        Contents::Empty => Contents::Empty,
        Contents::Values(values) => Contents::Values(values.clone()),
        Contents::Pairs(pairs) => Contents::Pairs(pairs.clone()),
    };
    copy.edit(|empty| *empty = contents);
    note(call, &copy, values_of(call.receiver).iter());
    Ok(Value::Collection(copy))
}

fn size(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Number(call.collection()?.contents().len() as i64))
}

fn clear(call: &mut Call<'_, '_>) -> Evaluated {
    drop(call.collection()?.edit(std::mem::take));
    Ok(Value::Null)
}

#[cfg(test)]
mod tests;
