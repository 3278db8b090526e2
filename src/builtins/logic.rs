//! Asking whether there is anything: `isNull`, `isBlank`, `isEmpty`, `ifNull`. All of them accept null.
//!
//! What they say of blank and empty values follows the help page on their difference; Zoho Creator answers a few
//! questions otherwise (DECISIONS: 14, 15).

use super::{Builtin, Call, any, example};
use crate::host::Evaluated;
use crate::syntax::Profile;
use crate::value::{Kind, Value};

/// These may be called on anything.
const ANY: &[Kind] = &Kind::ALL;

/// The table of this family.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(ANY, "isNull", is_null)
        .returns(Kind::Boolean)
        .doc("Whether a value is null or the empty text. A blank is not null, nor is an empty list or map.")
        .examples(&[
            example("isNull(\"\")", "true"),
            example("isNull(null)", "true"),
            example("\" \".isNull()", "false"),
            example("isNull(Map())", "false"),
        ])
        .source("deluge/help/functions/common/isnull.html"),
    Builtin::method(ANY, "isBlank", is_blank)
        .returns(Kind::Boolean)
        .doc("Whether a text holds nothing but white space, or a list or map holds nothing. Null is blank in Zoho Creator only.")
        .examples(&[
            example("\" \".isBlank()", "true"),
            example("isBlank(\"Zoho\")", "false"),
            example("isBlank(null)", "false"),
        ])
        .source("deluge/help/functions/common/isblank.html"),
    Builtin::method(ANY, "isEmpty", is_empty)
        .returns(Kind::Boolean)
        .doc("Whether a text, list, map or collection has nothing in it; null is empty, a blank is not.")
        .examples(&[
            example("\"\".isEmpty()", "true"),
            example("\" \".isEmpty()", "false"),
            example("c = Collection(); info c.isEmpty();", "true"),
            example("m = {\"a\":1}; info m.isEmpty();", "false"),
        ])
        .source("deluge/help/functions/collection/isempty.html"),
    Builtin::function("ifNull", if_null)
        .params(&[any("expression1"), any("expression2")])
        .doc("The first value, or the second where the first is null. An index past the end of a list counts as null here.")
        .examples(&[
            example("ifNull(null, \"Client\")", "Client"),
            example("ifnull(\"a\", \"b\")", "a"),
            example("names = {\"Ann\"}; info ifNull(names.get(10), \"Not found\");", "Not found"),
        ])
        .source("deluge/help/conditional-statements/condition.html"),
];

fn is_null(call: &mut Call<'_, '_>) -> Evaluated {
    let value = call.receiver.settled();
    if creator(call) && holds_blank_pairs(value) {
        return Ok(Value::Null);
    }
    Ok(Value::Boolean(value.is_null() || value.as_text() == Some("")))
}

fn is_blank(call: &mut Call<'_, '_>) -> Evaluated {
    let value = call.receiver.settled();
    if creator(call) && holds_blank_pairs(value) {
        return Ok(Value::Null);
    }
    Ok(Value::Boolean(match value {
        Value::Null => creator(call),
        value => blank_text(value) || holds_nothing(value),
    }))
}

fn is_empty(call: &mut Call<'_, '_>) -> Evaluated {
    let value = call.receiver.settled();
    Ok(Value::Boolean(
        value.is_null() || value.as_text() == Some("") || holds_nothing(value),
    ))
}

fn if_null(call: &mut Call<'_, '_>) -> Evaluated {
    let first = call.argument(0);
    Ok(if first.is_null() { call.argument(1) } else { first }.clone())
}

fn creator(call: &Call<'_, '_>) -> bool {
    call.context.settings.profile == Profile::Creator
}

fn blank_text(value: &Value) -> bool {
    value
        .as_text()
        .is_some_and(|text| text.chars().all(char::is_whitespace))
}

/// Whether it is a container, and empty. Looking at an undecided `{}` decides nothing.
fn holds_nothing(value: &Value) -> bool {
    match value {
        Value::List(list) => list.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Collection(collection) => collection.contents().is_empty(),
        Value::Empty(_) => true,
        _ => false,
    }
}

/// Whether it is a map whose pairs all have a blank key or a blank value: Zoho Creator cannot tell whether such a map is
/// null or blank, and answers null.
fn holds_blank_pairs(value: &Value) -> bool {
    let blank = |value: &Value| value.is_null() || blank_text(value);
    match value {
        Value::Map(map) => {
            let entries = map.entries();
            !entries.is_empty() && entries.iter().all(|(key, value)| blank(key.value()) || blank(value))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
