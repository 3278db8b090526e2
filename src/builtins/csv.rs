//! Texts that stand for lists: comma-separated text, JSON arrays and the rows of CSV files. `for each` walks them, and
//! `toList` and `toListString` make lists of them.

use super::text::Subject;
use super::{Builtin, Call, any, example, json, list, optional};
use crate::host::Evaluated;
use crate::value::{Kind, List, Value, json as notation};

/// The table of this family.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(&[Kind::Text], "toList", to_list)
        .params(&[optional("separator", Kind::Text)])
        .returns(Kind::List)
        .doc("Splits a text at a separator, or at commas; the text of a JSON array becomes the list it writes. An empty separator gives the single characters and an empty text behind them.")
        .examples(&[
            example("\"ZohoCreator/ZohoCRM\".toList(\"/\")", "ZohoCreator,ZohoCRM"),
            example("\"My  Pony\".toList(\" \").size()", "3"),
            example("\"1,1,1\".toList().size()", "3"),
            example("\"[1,{\\\"id\\\":2}]\".toList().get(1).get(\"id\")", "2"),
        ])
        .source("creator/help/script/built-in-functions/built-in-function-list-tolist.html"),
    Builtin::method(&[Kind::List, Kind::Collection], "toList", list_to_list)
        .params(&[optional("separator", Kind::Text)])
        .returns(Kind::List)
        .doc("The list itself, or a list of the elements of a collection.")
        .examples(&[example("{1,2}.toList()", "1,2")])
        .source("deluge/help/functions/list.html"),
    Builtin::method(&[Kind::Text, Kind::List, Kind::Collection], "toListString", to_list_string)
        .returns(Kind::List)
        .doc("A list of texts, of a comma-separated text or of the elements of a list.")
        .examples(&[example("\"1,2,3,4,5\".toListString()", "1,2,3,4,5")])
        .source("deluge/help/functions/list/to-list-string.html"),
    Builtin::method(&[Kind::Text], "get", get)
        .params(&[any("index")])
        .doc("The element at an index of a comma-separated text or of a JSON array in a text; the value under a key of a JSON object in a text.")
        .examples(&[
            example("\"a,b,c\".get(1)", "b"),
            example("\"{'id':7}\".get(\"id\")", "7"),
        ])
        .source("deluge/help/functions/list/get.html"),
];

/// The elements of a text where a list is wanted: of the JSON array it writes, else its parts between commas, empty
/// ones included and blanks kept. An empty text has none.
pub fn elements_of_text(text: &str) -> Vec<Value> {
    match array(text) {
        Some(list) => list.items().to_vec(),
        None if text.is_empty() => Vec::new(),
        None => parts(text, b',').map(Value::text).collect(),
    }
}

/// The rows of a CSV file, each a LIST of texts, as RFC 4180 writes them: fields between commas, in quotes where they
/// hold commas, quotes or line breaks. Empty lines are no rows; a byte order mark is no content.
///
/// Zoho's page says that `for each` walks a CSV file, not what it walks; a list of cells prints as the line does.
pub fn rows(text: &str) -> Vec<Value> {
    let mut reader = Reader {
        rest: text.strip_prefix('\u{FEFF}').unwrap_or(text),
    };
    std::iter::from_fn(|| reader.row())
        .map(|row| Value::List(List::new(row)))
        .collect()
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn row(&mut self) -> Option<Vec<Value>> {
        self.rest = self.rest.trim_start_matches(['\r', '\n']);
        if self.rest.is_empty() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell());
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => return Some(cells),
            }
        }
    }

    /// One field; what stands before the next comma or line break.
    fn cell(&mut self) -> Value {
        let Some(quoted) = self.rest.strip_prefix('"') else {
            return Value::text(self.up_to_the_end());
        };
        let mut content = String::new();
        self.rest = quoted;
        loop {
            let (part, rest) = self.rest.split_once('"').unwrap_or((self.rest, ""));
            content.push_str(part);
            match rest.strip_prefix('"') {
                Some(rest) => {
                    content.push('"');
                    self.rest = rest;
                }
                None => {
                    self.rest = rest;
                    break;
                }
            }
        }
        // What follows the closing quote is against the rules; it is kept, so that nothing is lost.
        content.push_str(self.up_to_the_end());
        Value::from_string(content)
    }

    fn up_to_the_end(&mut self) -> &str {
        let end = self.rest.find([',', '\r', '\n']).unwrap_or(self.rest.len());
        let (cell, rest) = self.rest.split_at(end);
        self.rest = rest;
        cell
    }
}

/// The list that a text writes as a JSON array.
fn array(text: &str) -> Option<List> {
    let trimmed = text.trim();
    if !(trimmed.starts_with('[') && trimmed.ends_with(']')) {
        return None;
    }
    match notation::parse_lenient(trimmed) {
        Ok(Value::List(list)) => Some(list),
        _ => None,
    }
}

fn to_list(call: &mut Call<'_, '_>) -> Evaluated {
    let subject = Subject::receiver(call)?;
    let text = subject.as_str();
    let parts: Vec<Value> = if call.has(0) {
        let separator = call.text_arg(0)?.into_owned();
        call.reserve(weight(text, &separator))?;
        match separator.as_bytes() {
            // As Java splits with a limit below zero: scripts use the empty text at the end to count one more.
            [] => text
                .chars()
                .map(|character| Value::text(character.encode_utf8(&mut [0; 4])))
                .chain([Value::text("")])
                .collect(),
            [byte] => parts(text, *byte).map(Value::text).collect(),
            _ => text.split(separator.as_str()).map(Value::text).collect(),
        }
    } else {
        call.reserve(weight(text, ","))?;
        elements_of_text(text)
    };
    Ok(Value::List(List::new(parts)))
}

/// The parts of a text between the places of a sign that is one byte. Parts are short as a rule, so they are looked through
/// byte by byte: what finds a sign in a long text takes longer to begin.
fn parts(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some(end) = text.bytes().position(|byte| byte == separator) else {
            return Some(text);
        };
        rest = text.get(end + 1..);
        text.get(..end)
    })
}

/// What the parts of a text weigh, for reserving memory before splitting it.
pub(crate) fn weight(text: &str, separator: &str) -> usize {
    if text.len() < 256 {
        return 0;
    }
    let parts = match separator.as_bytes() {
        [] => text.len(),
        [byte] => text.bytes().filter(|other| other == byte).count(),
        _ => text.matches(separator).count(),
    };
    text.len() + (parts + 1) * size_of::<Value>()
}

/// Public scripts take the cells of a line and the elements of a reversed list so, without `toList`.
fn get(call: &mut Call<'_, '_>) -> Evaluated {
    let text = call.receiver.as_text().unwrap_or_default();
    if text.trim_start().starts_with('{') {
        return json::get_json(call);
    }
    let Some(index) = super::call::whole_number(call.argument(0)) else {
        return Err(json::not_a_map(call).help("if the text is JSON, `toMap()` makes a map of it"));
    };
    call.reserve(weight(text, ","))?;
    let mut elements = elements_of_text(call.receiver.as_text().unwrap_or_default());
    let at = list::position(index, elements.len())?;
    Ok(elements.swap_remove(at))
}

fn list_to_list(call: &mut Call<'_, '_>) -> Evaluated {
    match call.receiver {
        list @ Value::List(_) => Ok(list.clone()),
        other => Ok(Value::List(List::new(super::collection::values_of(other)))),
    }
}

fn to_list_string(call: &mut Call<'_, '_>) -> Evaluated {
    let values = match call.receiver.as_text() {
        Some(text) => elements_of_text(text),
        None => super::collection::values_of(call.receiver),
    };
    let text = |value: &Value| match value {
        text @ (Value::ShortText(_) | Value::Text(_)) => Ok(text.clone()),
        other => Ok(Value::from_string(call.to_text(other)?.into_owned())),
    };
    let texts = values.iter().map(text).collect::<Evaluated<Vec<_>>>()?;
    Ok(Value::List(List::new(texts)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{effect_of, from_json, to_json};
    use super::*;
    use serde_json::json;

    #[test]
    fn parts_between_commas_are_elements() {
        for (text, expected) in [
            ("", json!([])),
            (",", json!(["", ""])),
            (",x", json!(["", "x"])),
            ("a, b", json!(["a", " b"])),
            ("one", json!(["one"])),
            ("é,😀", json!(["é", "😀"])),
            ("[a", json!(["[a"])),
            (" [1,'b',{\"c\":[2]}] ", json!([1, "b", {"c":[2]}])),
            ("[]", json!([])),
            ("[a,]b]", json!(["[a", "]b]"])),
        ] {
            assert_eq!(
                to_json(&Value::List(List::new(elements_of_text(text)))),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn texts_split_at_separators() {
        for (text, separator, expected) in [
            ("ZohoCreator/ZohoCRM", Some("/"), json!(["ZohoCreator", "ZohoCRM"])),
            ("a||b", Some("|"), json!(["a", "", "b"])),
            ("a.b", Some("."), json!(["a", "b"])),
            ("a-b", Some("+"), json!(["a-b"])),
            ("", Some(","), json!([""])),
            ("", Some(""), json!([""])),
            ("añ😀", Some(""), json!(["a", "ñ", "😀", ""])),
            ("1,2", None, json!(["1", "2"])),
            ("12", None, json!(["12"])),
        ] {
            let arguments: Vec<Value> = separator.into_iter().map(Value::text).collect();
            assert_eq!(
                effect_of("toList", &Value::text(text), &arguments).0,
                Ok(expected),
                "{text}"
            );
        }
        assert_eq!(
            effect_of("toListString", &Value::text("1,2"), &[]).0,
            Ok(json!(["1", "2"]))
        );
        let mixed = from_json(&json!(["a", 5]));
        assert_eq!(effect_of("toListString", &mixed, &[]).0, Ok(json!(["a", "5"])));
        assert_eq!(effect_of("toList", &mixed, &[]).0, Ok(json!(["a", 5])));
    }

    #[test]
    fn texts_are_looked_into() {
        for (text, key, expected) in [
            ("a,b", json!(1), Ok(json!("b"))),
            ("a", json!("0"), Ok(json!("a"))),
            ("[1,{\"id\":2}]", json!(1), Ok(json!({"id": 2}))),
            (" {\"id\":2}", json!("id"), Ok(json!(2))),
            ("{\"id\":2}", json!("name"), Ok(json!(null))),
            ("a,b", json!(2), Err("Given index 2 is greater than the list size")),
            ("", json!(0), Err("Given index 0 is greater than the list size")),
            ("a,b", json!(-1), Err("Given index -1 is negative")),
            ("a,b", json!("id"), Err("'a,b' can not be cast to 'MAP'")),
        ] {
            let (found, _) = effect_of("get", &Value::text(text), &[from_json(&key)]);
            match expected {
                Ok(value) => assert_eq!(found, Ok(value), "{text}"),
                Err(part) => assert!(found.as_ref().is_err_and(|error| error.contains(part)), "{found:?}"),
            }
        }
    }

    #[test]
    fn rows_of_csv_follow_the_rfc() {
        for (text, expected) in [
            ("", json!([])),
            ("\u{FEFF}a,b\r\nc,d\r\n", json!([["a", "b"], ["c", "d"]])),
            ("a,\n\n,b", json!([["a", ""], ["", "b"]])),
            ("\"a,b\",\"c\"\"d\",\"e\nf\"", json!([["a,b", "c\"d", "e\nf"]])),
            ("\"open, to the end\nx", json!([["open, to the end\nx"]])),
            ("\"a\"b,c", json!([["ab", "c"]])),
            ("\"\"", json!([[""]])),
        ] {
            assert_eq!(to_json(&Value::List(List::new(rows(text)))), expected, "{text:?}");
        }
        assert_eq!(rows(&"x,y\n".repeat(100_000)).len(), 100_000);
    }
}
