//! JSON: values from text, and looking into either.

use super::{Builtin, Call, any, example};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::value::{Contents, Kind, List, Map, Value, json};

/// What JSON is read from, or what it was read into before.
const JSON: &[Kind] = &[Kind::Text, Kind::Map, Kind::List, Kind::Collection, Kind::Empty];

/// The table of this family.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(JSON, "toMap", to_map)
        .returns(Kind::Map)
        .doc(
            "The map that a text writes as a JSON object. Bare words, single quotes and the like are accepted as well; a \
map is given back as it is.",
        )
        .examples(&[
            example("\"{\\\"id\\\":5,\\\"tags\\\":[1,2]}\".toMap().get(\"tags\")", "1,2"),
            example("\"{company:Zoho, product:Creator}\".toMap()", "{\"company\":\"Zoho\",\"product\":\"Creator\"}"),
        ])
        .source("deluge/help/functions/string/tomap.html"),
    Builtin::method(JSON, "toJSONList", to_json_list)
        .returns(Kind::List)
        .doc(
            "The list that a text writes as a JSON array; a JSON object, and a map, make a list of that one element. A \
list is given back as it is.",
        )
        .examples(&[
            example("\"[343,443,577]\".toJSONList()", "343,443,577"),
            example("\"[{'id':1},{'id':2}]\".toJSONList().get(1).getJSON(\"id\")", "2"),
        ])
        .source("deluge/help/functions/common/tojsonlist.html"),
    Builtin::method(JSON, "getJSON", get_json)
        .params(&[any("key")])
        .doc(
            "The value under a key of a map, or of a text that writes one as JSON; null where there is no such key. Of a \
list, or a JSON array in a text, the element at an index, or what its only element has under the key: scripts read the \
one record of an answer so.",
        )
        .examples(&[
            example("\"{\\\"employee\\\":{\\\"id\\\":\\\"EMP-001\\\"}}\".getJSON(\"employee\").getJSON(\"id\")", "EMP-001"),
            example("{\"id\" : 7}.getJSON(\"name\")", "null"),
            example("{\"data\" : {{\"id\" : 7}}}.getJSON(\"data\").getJSON(\"id\")", "7"),
        ])
        .source("deluge/help/functions/common/getjson.html"),
];

fn to_map(call: &mut Call<'_, '_>) -> Evaluated {
    match structure(call)? {
        map @ Value::Map(_) => Ok(map),
        Value::List(list) => only_map(&list).map(Value::Map).ok_or_else(|| not_a_map(call)),
        Value::Empty(empty) => Ok(empty.into_map().clone()),
        Value::Collection(collection) => match &*collection.contents() {
            Contents::Empty => Ok(Value::Map(Map::default())),
            Contents::Pairs(pairs) => Ok(Value::Map(Map::new(pairs.clone()))),
            Contents::Values(_) => Err(not_a_map(call)),
        },
        _ => Err(not_a_map(call)),
    }
}

fn to_json_list(call: &mut Call<'_, '_>) -> Evaluated {
    match structure(call)? {
        list @ Value::List(_) => Ok(list),
        Value::Empty(empty) => Ok(empty.into_list().clone()),
        map @ Value::Map(_) => Ok(Value::List(List::new(vec![map]))),
        other => Ok(Value::List(List::new(super::collection::values_of(&other)))),
    }
}

pub(super) fn get_json(call: &mut Call<'_, '_>) -> Evaluated {
    let written = call.receiver.as_text().is_some();
    let key = &call.argument(0).clone();
    match structure(call)? {
        Value::Map(map) => Ok(map.get(key).unwrap_or_default()),
        Value::Empty(_) => Ok(Value::Null),
        Value::List(list) => {
            if let Some(index) = super::call::whole_number(key) {
                let at = usize::try_from(index).ok();
                return Ok(at.and_then(|at| list.get(at)).unwrap_or_default());
            }
            match only_map(&list) {
                Some(map) => Ok(map.get(key).unwrap_or_default()),
                None if written || list.is_empty() => Ok(Value::Null),
                None => Err(not_a_map(call).help("`get` gives the element of a list at an index")),
            }
        }
        Value::Collection(collection) => match &*collection.contents() {
            Contents::Pairs(pairs) => Ok(Map::new(pairs.clone()).get(key).unwrap_or_default()),
            Contents::Empty => Ok(Value::Null),
            Contents::Values(_) => Err(not_a_map(call)),
        },
        _ => Err(not_a_map(call).help("`get` gives the element of a list at an index")),
    }
}

/// The map that is the only element of a list, as the record in the `data` of an answer is.
fn only_map(list: &List) -> Option<Map> {
    match (list.len(), list.get(0)) {
        (1, Some(Value::Map(map))) => Some(map),
        _ => None,
    }
}

/// The container that the receiver is or writes.
///
/// # Errors
/// The receiver is a text that is no JSON object or array.
pub(super) fn structure(call: &mut Call<'_, '_>) -> Evaluated {
    let Some(text) = call.receiver.as_text() else {
        return match call.receiver.settled() {
            container if container.is_container() => Ok(container.clone()),
            _ => Err(not_a_map(call)),
        };
    };
    // A value takes more room than the few characters that write it.
    const GROWTH: usize = 4;
    let length = text.len();
    call.reserve(length.saturating_mul(GROWTH))?;
    let text = call.receiver.as_text().unwrap_or_default();
    match json::parse_lenient(text) {
        Ok(container) if container.is_container() => Ok(container),
        Ok(_) => Err(invalid(call, "`{` or `[` is missing at the beginning".to_owned())),
        Err(problem) => Err(invalid(call, problem.to_string())),
    }
}

/// The documented error for a text that is no JSON (deluge/help/error-messages.html).
fn invalid(call: &Call<'_, '_>, why: String) -> Box<EvalError> {
    let error = call.fail(Code::BadJson, format!("Invalid JSON Format String: {why}"));
    match call.receiver.as_text() {
        Some(text) if text.trim().is_empty() => {
            error.help("the text is empty: ask `isEmpty` first, or look at what the server answered")
        }
        Some(text) if text.trim_start().starts_with('<') => {
            error.help("the text looks like XML or HTML: `executeXPath` reads XML")
        }
        _ => error,
    }
}

/// The documented error for a value that is no map.
pub(super) fn not_a_map(call: &Call<'_, '_>) -> Box<EvalError> {
    let shown: String = call.text().unwrap_or_default().chars().take(40).collect();
    call.fail(Code::CannotConvert, format!("'{shown}' can not be cast to 'MAP'"))
        .label(format!("this is {}", call.receiver.kind().name()))
}

#[cfg(test)]
mod tests;
