//! The built-ins of LIST. Membership is strict: a text never equals a number (DECISIONS: 16).

use super::{Builtin, Call, Effect, any, conform, example, optional, repeated, required};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::value::compare::{self, StrictSet};
use crate::value::{Contents, Kind, List, Value, leash};

const LIST: &[Kind] = &[Kind::List];

/// The table of this family.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::function("List", make)
        .params(&[repeated("elements")])
        .returns(Kind::List)
        .doc("Makes a list: empty, of a comma-separated text, of the elements of another list, or of the values given.")
        .examples(&[
            example("l = List(); info l.size();", "0"),
            example("List(\"Creator,CRM\").get(1)", "CRM"),
            example("List({1,2,3}).size()", "3"),
        ])
        .source("deluge/help/list-manipulations/create-list.html"),
    Builtin::method(LIST, "add", add)
        .params(&[any("element")])
        .returns_nothing()
        .doc("Appends one element. A list is appended as one element of its own.")
        .examples(&[example(
            "l = List(); l.add(\"Creator\"); l.add({\"CRM\",\"Projects\"}); info l.size();",
            "2",
        )])
        .source("creator/help/script/add.html")
        .effect(Effect::Changes),
    Builtin::method(LIST, "addAll", add_all)
        .params(&[any("list")])
        .returns_nothing()
        .doc("Appends every element of another list, in order.")
        .examples(&[example(
            "l = {\"Creator\"}; l.addAll({\"CRM\",\"Projects\"}); info l;",
            "Creator,CRM,Projects",
        )])
        .source("creator/help/script/add-all.html")
        .effect(Effect::Changes),
    Builtin::method(LIST, "get", get)
        .params(&[required("index", Kind::Number)])
        .doc("The element at an index; the first one has index 0.")
        .examples(&[example("{\"Creator\",\"CRM\",\"Projects\"}.get(2)", "Projects")])
        .source("deluge/help/functions/list/get.html"),
    Builtin::method(LIST, "size", size)
        .returns(Kind::Number)
        .doc("How many elements the list has.")
        .examples(&[example("{\"Creator\",\"CRM\"}.size()", "2")])
        .source("deluge/help/functions/list.html"),
    Builtin::method(LIST, "contains", contains)
        .params(&[any("element")])
        .returns(Kind::Boolean)
        .doc("Whether an element of the same type and value is in the list. Lists inside the list are not searched.")
        .examples(&[
            example("{1,\"2\",\"Zoho\"}.contains(2)", "false"),
            example("{1,\"2\",\"Zoho\"}.contains(\"Zoho\")", "true"),
        ])
        .source("deluge/help/functions/list/contains.html"),
    Builtin::method(LIST, "notContains", not_contains)
        .params(&[any("element")])
        .returns(Kind::Boolean)
        .doc("Whether no element of the same type and value is in the list.")
        .examples(&[example("{\"Creator\",\"CRM\"}.notContains(\"Mail\")", "true")])
        .source("deluge/help/functions/string/notcontains.html"),
    Builtin::method(LIST, "indexOf", index_of)
        .params(&[any("element")])
        .returns(Kind::Number)
        .doc("The index of the first such element, or -1.")
        .examples(&[
            example("{\"Creator\",\"CRM\",\"Creator\"}.indexOf(\"Creator\")", "0"),
            example("{\"Creator\",\"CRM\"}.indexOf(\"crm\")", "-1"),
        ])
        .source("deluge/help/functions/list/indexof.html"),
    Builtin::method(LIST, "lastIndexOf", last_index_of)
        .params(&[any("element")])
        .returns(Kind::Number)
        .doc("The index of the last such element, or -1.")
        .examples(&[example("{\"Creator\",\"CRM\",\"Creator\"}.lastIndexOf(\"Creator\")", "2")])
        .source("deluge/help/functions/list/lastindexof.html"),
    Builtin::method(LIST, "remove", remove)
        .params(&[required("index", Kind::Number)])
        .doc("Takes out the element at an index and gives it. `removeElement` removes by value.")
        .examples(&[example(
            "l = {\"Creator\",\"CRM\",\"Projects\"}; info l.remove(1); info l;",
            "CRM\nCreator,Projects",
        )])
        .source("creator/help/script/built-in-functions/built-in-function-list-remove.html")
        .effect(Effect::Changes),
    Builtin::method(LIST, "removeElement", remove_element)
        .params(&[any("element")])
        .returns_nothing()
        .doc("Takes out the first element of this type and value; nothing happens where there is none.")
        .examples(&[example(
            "l = {\"Creator\",\"CRM\",\"Projects\"}; l.removeElement(\"CRM\"); info l;",
            "Creator,Projects",
        )])
        .source("deluge/help/functions/list/removeelement.html")
        .effect(Effect::Changes),
    Builtin::method(LIST, "removeAll", remove_all)
        .params(&[any("list")])
        .returns_nothing()
        .doc("Takes out every element that is in the other list.")
        .examples(&[example(
            "l = {\"Creator\",\"CRM\",\"Projects\"}; l.removeAll({\"CRM\",\"Projects\"}); info l;",
            "Creator",
        )])
        .source("creator/help/script/remove-all.html")
        .effect(Effect::Changes),
    Builtin::method(LIST, "clear", clear)
        .returns_nothing()
        .doc("Takes out all elements.")
        .examples(&[example("l = {\"Projects\",\"Mail\"}; l.clear(); info l.size();", "0")])
        .source("deluge/help/functions/list/clear.html")
        .effect(Effect::Changes),
    Builtin::method(LIST, "distinct", distinct)
        .returns(Kind::List)
        .doc("A new list in which every element occurs once, where it occurred first. \"1\" and 1 are different.")
        .examples(&[example("{\"1\",1,1,2,2,3}.distinct()", "1,1,2,3")])
        .source("deluge/help/functions/list/distinct.html"),
    Builtin::method(LIST, "intersect", intersect)
        .params(&[any("list")])
        .returns(Kind::List)
        .doc("A new list of the elements that both lists have, once each, in the order of the first list.")
        .examples(&[example(
            "{\"Creator\",\"CRM\",\"Projects\"}.intersect({\"Mail\",\"Projects\",\"Creator\"})",
            "Creator,Projects",
        )])
        .source("creator/newhelp/script/built-in-functions/built-in-function-list-intersect.html"),
    Builtin::method(LIST, "sort", sort)
        .params(&[optional("ascending", Kind::Boolean)])
        .returns(Kind::List)
        .doc("Sorts the list in place and gives the sorted list: texts by code point, capitals before small letters. A list of mixed types stays as it is and gives null.")
        .examples(&[
            example("{\"Creator\",\"crm\",\"Zoho Creator\"}.sort(true)", "Creator,Zoho Creator,crm"),
            example("l = {3,1,2}; l.sort(false); info l;", "3,2,1"),
        ])
        .source("deluge/help/functions/list/sort.html")
        .effect(Effect::Changes),
    Builtin::method(LIST, "subList", sub_list)
        .params(&[required("start", Kind::Number), optional("end", Kind::Number)])
        .returns(Kind::List)
        .doc("A new list of the elements from one index up to, not including, another; without it, to the end.")
        .examples(&[example("{1,2,3,4}.subList(0,3)", "1,2,3"), example("{1,2,3,4}.subList(2)", "3,4")])
        .source("creator/newhelp/script/built-in-functions/built-in-function-list-sublist.html"),
];

/// The items that an argument stands for where elements are wanted: those of a list, or of a collection without keys.
///
/// # Errors
/// The argument is neither.
pub(super) fn elements_arg(call: &Call<'_, '_>, index: usize) -> Evaluated<Vec<Value>> {
    match call.argument(index) {
        Value::List(list) => Ok(list.items().to_vec()),
        Value::Empty(_) => Ok(Vec::new()),
        Value::Collection(collection) => match &*collection.contents() {
            Contents::Empty => Ok(Vec::new()),
            Contents::Values(values) => Ok(values.to_vec()),
            Contents::Pairs(_) => Err(call.mismatch(index, Kind::List)),
        },
        _ => Err(call.mismatch(index, Kind::List)),
    }
}

/// A place among `size` elements.
///
/// # Errors
/// The index is negative, or past the end.
pub(super) fn position(index: i64, size: usize) -> Evaluated<usize> {
    match usize::try_from(index) {
        Ok(at) if at < size => Ok(at),
        Ok(_) => Err(past_the_end(index).help(count_of(size))),
        Err(_) => Err(negative(index)),
    }
}

/// The documented error of an index past the end (help/functions/collection/get.html).
pub(super) fn past_the_end(index: i64) -> Box<EvalError> {
    EvalError::failed(
        Code::IndexOutOfRange,
        format!("Given index {index} is greater than the list size"),
    )
}

/// The elements in order, or `None` where they have none: they are of different types, or containers, or null.
pub(super) fn sorted(items: &[Value], ascending: bool) -> Option<Vec<Value>> {
    let mut sorted = items.to_vec();
    if let [first, _, ..] = items {
        // Whatever can be compared with the first can be compared with each other.
        if !items.iter().all(|item| compare::sort_together(first, item)) {
            return None;
        }
        let longest = items.iter().filter_map(Value::as_text).map(str::len).max();
        leash::sort_by(&mut sorted, 1 + longest.unwrap_or(0) / 16, |a, b| {
            let order = compare::sort_order(a, b).unwrap_or(std::cmp::Ordering::Equal);
            if ascending { order } else { order.reverse() }
        });
    }
    Some(sorted)
}

/// The values once each, where they occur first.
pub(super) fn once_each<'v>(values: impl IntoIterator<Item = &'v Value>) -> Value {
    let mut met = StrictSet::default();
    let once = values.into_iter().filter(|value| met.insert(value));
    Value::List(List::new(once.cloned().collect()))
}

fn count_of(size: usize) -> String {
    match size {
        0 => "the list is empty".to_owned(),
        1 => "the list has one element, at index 0".to_owned(),
        _ => format!("the list has {size} elements, at 0 to {}", size - 1),
    }
}

fn negative(index: i64) -> Box<EvalError> {
    EvalError::failed(
        Code::IndexOutOfRange,
        format!("Given index {index} is negative, and lists count from 0"),
    )
}

fn make(call: &mut Call<'_, '_>) -> Evaluated {
    let items = match call.arguments {
        [one] => match one.settled() {
            Value::List(_) | Value::Collection(_) | Value::Empty(_) => elements_arg(call, 0)?,
            other => match other.as_text() {
                Some(text) => super::csv::elements_of_text(text),
                None => vec![other.clone()],
            },
        },
        several => several.iter().map(|item| item.settled().clone()).collect(),
    };
    let list = Value::List(List::new(Vec::new()));
    fill(call, &list, items)?;
    Ok(list)
}

/// Appends to a list, each element converted as a typed list demands.
fn fill(call: &mut Call<'_, '_>, into: &Value, items: Vec<Value>) -> Evaluated<()> {
    let Value::List(list) = into else { return Ok(()) };
    call.reserve(items.len() * size_of::<Value>())?;
    let mut fitting = items;
    if let Some(element) = list.element() {
        let converted = fitting
            .into_iter()
            .map(|item| conform(element, item, call.context.settings));
        fitting = converted.collect::<Evaluated<_>>()?;
    }
    for item in &fitting {
        call.context.meter.contain(into, item);
    }
    list.edit(|items| items.append(&mut fitting));
    Ok(())
}

fn add(call: &mut Call<'_, '_>) -> Evaluated {
    let list = call.list()?;
    let mut item = call.argument(0).clone();
    if let Some(element) = list.element() {
        item = conform(element, item, call.context.settings)?;
    }
    call.context.meter.contain(call.receiver, &item);
    list.push(item);
    Ok(Value::Null)
}

fn add_all(call: &mut Call<'_, '_>) -> Evaluated {
    let items = elements_arg(call, 0)?;
    let list = Value::List(call.list()?);
    fill(call, &list, items)?;
    Ok(Value::Null)
}

fn get(call: &mut Call<'_, '_>) -> Evaluated {
    let (list, index) = (call.list()?, call.number_arg(0)?);
    let at = position(index, list.len())?;
    Ok(list.get(at).unwrap_or_default())
}

fn size(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Number(call.list()?.len() as i64))
}

fn find(call: &Call<'_, '_>) -> Evaluated<Option<usize>> {
    let wanted = call.argument(0);
    let found = call
        .list()?
        .items()
        .iter()
        .position(|item| compare::strict_equal(item, wanted));
    Ok(found)
}

fn contains(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Boolean(find(call)?.is_some()))
}

fn not_contains(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Boolean(find(call)?.is_none()))
}

fn index_of(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(index(find(call)?))
}

fn last_index_of(call: &mut Call<'_, '_>) -> Evaluated {
    let wanted = call.argument(0);
    let found = call
        .list()?
        .items()
        .iter()
        .rposition(|item| compare::strict_equal(item, wanted));
    Ok(index(found))
}

/// A found place as scripts see it.
pub(super) fn index(found: Option<usize>) -> Value {
    Value::Number(found.map_or(-1, |at| at as i64))
}

fn remove(call: &mut Call<'_, '_>) -> Evaluated {
    let index = call
        .number_arg(0)
        .map_err(|error| error.help("`removeElement` removes by value"))?;
    let list = call.list()?;
    let at = position(index, list.len())?;
    Ok(list.remove(at).unwrap_or_default())
}

fn remove_element(call: &mut Call<'_, '_>) -> Evaluated {
    let list = call.list()?;
    if let Some(element) = list.element()
        && !may_hold(element, call.argument(0).kind())
    {
        return Err(call.mismatch(0, element));
    }
    if let Some(at) = find(call)? {
        drop(list.remove(at));
    }
    Ok(Value::Null)
}

/// Whether a list of one type may hold values of a kind: numbers and dates come in two kinds each.
fn may_hold(element: Kind, kind: Kind) -> bool {
    element == kind
        || kind == Kind::Null
        || matches!(
            (element, kind),
            (Kind::Decimal, Kind::Number) | (Kind::Date, Kind::DateTime) | (Kind::DateTime, Kind::Date)
        )
}

fn remove_all(call: &mut Call<'_, '_>) -> Evaluated {
    let mut unwanted = StrictSet::of(&elements_arg(call, 0)?);
    let list = call.list()?;
    let mut kept = list.items().to_vec();
    kept.retain(|item| !unwanted.contains(item));
    drop(list.edit(|items| std::mem::replace(items, kept)));
    Ok(Value::Null)
}

fn clear(call: &mut Call<'_, '_>) -> Evaluated {
    drop(call.list()?.edit(std::mem::take));
    Ok(Value::Null)
}

fn distinct(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(once_each(call.list()?.items().iter()))
}

fn intersect(call: &mut Call<'_, '_>) -> Evaluated {
    let mut wanted = StrictSet::of(&elements_arg(call, 0)?);
    let list = call.list()?;
    let items = list.items();
    let both = items.iter().filter(|item| wanted.remove(item)).cloned().collect();
    Ok(Value::List(List::new(both)))
}

fn sort(call: &mut Call<'_, '_>) -> Evaluated {
    let ascending = call.boolean_arg_or(0, true)?;
    let list = call.list()?;
    call.reserve(list.len() * 2 * size_of::<Value>())?;
    let Some(sorted) = sorted(&list.items(), ascending) else {
        return Ok(Value::Null);
    };
    // The page speaks of the list that comes back, real scripts read the one they called it on. The one that comes back
    // is a list of its own, so that sorting once more the other way does not turn it around.
    list.edit(|items| items.clone_from(&sorted));
    Ok(Value::List(List::new(sorted)))
}

fn sub_list(call: &mut Call<'_, '_>) -> Evaluated {
    let list = call.list()?;
    let (start, end) = (call.number_arg(0)?, call.number_arg_or(1, list.len() as i64)?);
    let bound = |index: i64| match usize::try_from(index) {
        Ok(at) if at <= list.len() => Ok(at),
        Ok(_) => Err(past_the_end(index).help(count_of(list.len()))),
        Err(_) => Err(negative(index)),
    };
    let (from, to) = (bound(start)?, bound(end)?);
    if from > to {
        let message = format!("the start {start} of the part lies behind its end {end}");
        return Err(call.fail(Code::IndexOutOfRange, message));
    }
    call.reserve((to - from) * size_of::<Value>())?;
    let part = list.items().get(from..to).unwrap_or_default().to_vec();
    Ok(Value::List(List::new(part)))
}

#[cfg(test)]
mod tests;
