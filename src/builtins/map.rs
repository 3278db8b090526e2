//! The built-ins of KEY-VALUE. The order of the pairs is the order in which their keys were put first.

use super::{Builtin, Call, Effect, any, example, optional, required};
use crate::host::Evaluated;
use crate::value::{Contents, Entries, Key, Kind, List, Map, Value, compare};

const MAP: &[Kind] = &[Kind::Map];

/// The table of this family.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::function("Map", make)
        .params(&[optional("map", Kind::Map)])
        .returns(Kind::Map)
        .doc("Makes a map: empty, or a copy of another one.")
        .examples(&[
            example("m = Map(); info m.size();", "0"),
            example("m = Map({\"Creator\" : 5}); info m.get(\"Creator\");", "5"),
        ])
        .source("deluge/help/functions/text/is-empty.html"),
    Builtin::method(MAP, "put", put)
        .params(&[any("key"), any("value")])
        .returns_nothing()
        .doc("Puts a value under a key. A key that is there already keeps its place and gets the new value.")
        .examples(&[example(
            "m = Map(); m.put(\"Creator\",4); m.put(\"CRM\",3); m.put(\"Creator\",5); info m;",
            "{\"Creator\":5,\"CRM\":3}",
        )])
        .source("deluge/help/functions/map/put.html")
        .effect(Effect::Changes),
    Builtin::method(MAP, "putAll", put_all)
        .params(&[required("map", Kind::Map)])
        .returns_nothing()
        .doc("Puts every pair of another map.")
        .examples(&[example(
            "m = {\"Product\" : \"Creator\"}; m.putAll({\"Company\" : \"Zoho\"}); info m;",
            "{\"Product\":\"Creator\",\"Company\":\"Zoho\"}",
        )])
        .source("deluge/help/functions/map/putAll.html")
        .effect(Effect::Changes),
    Builtin::method(MAP, "get", get)
        .params(&[any("key")])
        .doc("The value under a key, or null. Keys are case-sensitive; the key 1 and the key \"1\" are the same.")
        .examples(&[
            example("{\"Product\" : \"Creator\"}.get(\"Product\")", "Creator"),
            example("{\"Product\" : \"Creator\"}.get(\"Creator\")", "null"),
        ])
        .source("creator/help/script/built-in-functions/built-in-function-map-get.html"),
    Builtin::method(MAP, "remove", remove)
        .params(&[any("key")])
        .returns_nothing()
        .doc("Takes out the pair of a key; nothing happens where there is none.")
        .examples(&[example(
            "m = {\"Company\" : \"Zoho\", \"Version\" : 5}; m.remove(\"Version\"); info m;",
            "{\"Company\":\"Zoho\"}",
        )])
        .source("deluge/help/functions/map/remove.html")
        .effect(Effect::Changes),
    Builtin::method(MAP, "keys", keys)
        .returns(Kind::List)
        .doc("A list of the keys, in order.")
        .examples(&[example(
            "{\"Product\" : \"Zoho Creator\", \"Version\" : 5}.keys()",
            "Product,Version",
        )])
        .source("deluge/help/functions/map/keys.html"),
    Builtin::method(MAP, "containKey", contain_key)
        .aliases(&["containsKey"])
        .params(&[any("key")])
        .returns(Kind::Boolean)
        .doc("Whether the map has a key.")
        .examples(&[
            example("{\"Product\" : \"Creator\"}.containKey(\"Product\")", "true"),
            example("{\"Product\" : \"Creator\"}.containKey(\"product\")", "false"),
        ])
        .source("deluge/help/functions/map/containkey.html"),
    Builtin::method(MAP, "notContains", not_contains)
        .params(&[any("key")])
        .returns(Kind::Boolean)
        .doc("Whether the map lacks a key.")
        .examples(&[example("{\"product\" : \"Creator\"}.notContains(\"price\")", "true")])
        .source("deluge/help/functions/string/notcontains.html"),
    Builtin::method(MAP, "containValue", contain_value)
        .aliases(&["containsValue"])
        .params(&[any("value")])
        .returns(Kind::Boolean)
        .doc("Whether the map has a value of this type and content.")
        .examples(&[
            example("{\"Product\" : \"Creator\"}.containValue(\"Creator\")", "true"),
            example("{\"Product\" : \"Creator\"}.containValue(\"creator\")", "false"),
        ])
        .source("deluge/help/functions/map/containvalue.html"),
    Builtin::method(MAP, "size", size)
        .returns(Kind::Number)
        .doc("How many pairs the map has.")
        .examples(&[example("{\"Product\" : \"Zoho Creator\", \"Version\" : 5}.size()", "2")])
        .source("deluge/help/functions/map/size.html"),
    Builtin::method(MAP, "clear", clear)
        .returns_nothing()
        .doc("Takes out all pairs.")
        .examples(&[example("m = {\"Version\" : 5}; m.clear(); info m.size();", "0")])
        .source("creator/help/script/built-in-functions/built-in-function-map-emptymap.html")
        .effect(Effect::Changes),
];

/// The pairs that an argument stands for: those of a map, or of a collection with keys.
///
/// # Errors
/// The argument is neither.
pub(super) fn pairs_arg(call: &Call<'_, '_>, index: usize) -> Evaluated<Entries> {
    match call.argument(index) {
        Value::Map(map) => Ok(map.entries().clone()),
        Value::Empty(_) => Ok(Entries::default()),
        Value::Collection(collection) => match &*collection.contents() {
            Contents::Empty => Ok(Entries::default()),
            Contents::Pairs(pairs) => Ok(pairs.clone()),
            Contents::Values(_) => Err(call.mismatch(index, Kind::Map)),
        },
        _ => Err(call.mismatch(index, Kind::Map)),
    }
}

/// What the pairs of a map weigh about, for reserving memory before copying them.
pub(super) const fn weight(pairs: usize) -> usize {
    pairs * 4 * size_of::<Value>()
}

/// The pairs of a call written with `key : value`.
pub(super) fn pairs_of(call: &Call<'_, '_>) -> Entries {
    let pair = |pair: &[Value]| match pair {
        [key, value] => Some((Key::new(key.settled().clone()), value.settled().clone())),
        _ => None,
    };
    call.arguments.chunks(2).filter_map(pair).collect()
}

fn make(call: &mut Call<'_, '_>) -> Evaluated {
    let entries = if call.pairs {
        pairs_of(call)
    } else if call.has(0) {
        pairs_arg(call, 0)?
    } else {
        Entries::default()
    };
    let map = Value::Map(Map::default());
    fill(call, &map, entries)?;
    Ok(map)
}

fn fill(call: &mut Call<'_, '_>, into: &Value, entries: Entries) -> Evaluated<()> {
    let Value::Map(map) = into else { return Ok(()) };
    call.reserve(weight(entries.len()))?;
    for value in entries.values() {
        call.context.meter.contain(into, value);
    }
    map.edit(|known| known.extend(entries));
    Ok(())
}

fn put(call: &mut Call<'_, '_>) -> Evaluated {
    let map = call.map()?;
    let (key, value) = (call.argument(0).clone(), call.argument(1).clone());
    if key.is_container() {
        // The text of a container serves as its key, so it must have one.
        call.to_text(&key)?;
    }
    call.context.meter.contain(call.receiver, &value);
    map.put(key, value);
    Ok(Value::Null)
}

fn put_all(call: &mut Call<'_, '_>) -> Evaluated {
    let entries = pairs_arg(call, 0)?;
    let map = Value::Map(call.map()?);
    fill(call, &map, entries)?;
    Ok(Value::Null)
}

fn get(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(call.map()?.get(call.argument(0)).unwrap_or_default())
}

fn remove(call: &mut Call<'_, '_>) -> Evaluated {
    let map = call.map()?;
    // The map may be its own key, so the text of the key comes first.
    drop(Key::with_text(call.argument(0), |key| {
        map.edit(|entries| entries.take(key))
    }));
    Ok(Value::Null)
}

fn keys(call: &mut Call<'_, '_>) -> Evaluated {
    let map = call.map()?;
    call.reserve(map.len() * size_of::<Value>())?;
    let keys = map.entries().keys().map(|key| key.value().clone()).collect();
    Ok(Value::List(List::new(keys)))
}

fn contain_key(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Boolean(call.map()?.get(call.argument(0)).is_some()))
}

fn not_contains(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Boolean(call.map()?.get(call.argument(0)).is_none()))
}

fn contain_value(call: &mut Call<'_, '_>) -> Evaluated {
    let wanted = call.argument(0);
    let found = call
        .map()?
        .entries()
        .values()
        .any(|value| compare::strict_equal(value, wanted));
    Ok(Value::Boolean(found))
}

fn size(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Number(call.map()?.len() as i64))
}

fn clear(call: &mut Call<'_, '_>) -> Evaluated {
    drop(call.map()?.edit(std::mem::take));
    Ok(Value::Null)
}

#[cfg(test)]
mod tests;
