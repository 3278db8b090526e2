//! Looking into texts: what is in them, where, how often, and how long they are.

use super::subject::Subject;
use super::{TEXT, fold};
use crate::builtins::{Builtin, Call, csv, example, optional, required};
use crate::diagnostic::Code;
use crate::host::Evaluated;
use crate::value::{Kind, Value};

/// The table of these built-ins.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(TEXT, "contains", contains)
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Boolean)
        .doc("Whether a text occurs in another, letter case counted. The empty text occurs in every text.")
        .examples(&[
            example("\"Zoho Creator\".contains(\" \")", "true"),
            example("contains(\"Zoho Creator\", \"creator\")", "false"),
        ])
        .source("creator/newhelp/script/built-in-functions/built-in-function-string.html"),
    Builtin::method(TEXT, "notContains", not_contains)
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Boolean)
        .doc("Whether a text does not occur in another, letter case counted.")
        .examples(&[example("\"Zoho Creator\".notContains(\"Creator\")", "false")])
        .source("deluge/help/functions/string/notcontains.html"),
    Builtin::method(TEXT, "containsIgnoreCase", contains_ignore_case)
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Boolean)
        .doc("Whether a text occurs in another, whatever the letter case.")
        .examples(&[example("\"Zoho Creator\".containsIgnoreCase(\"creator\")", "true")])
        .source("deluge/help/functions/string/containsignorecase.html"),
    Builtin::method(TEXT, "startsWith", starts_with)
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Boolean)
        .doc("Whether a text begins with another, letter case counted.")
        .examples(&[example("startsWith(\"Zoho Creator\", \"Zoho\")", "true")])
        .source("deluge/help/functions/string/startswith.html"),
    Builtin::method(TEXT, "startsWithIgnoreCase", starts_with_ignore_case)
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Boolean)
        .doc("Whether a text begins with another, whatever the letter case.")
        .examples(&[example("startsWithIgnoreCase(\"Zoho Creator\", \"zoho\")", "true")])
        .source("deluge/help/functions/string/startswithignorecase.html"),
    Builtin::method(TEXT, "endsWith", ends_with)
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Boolean)
        .doc("Whether a text ends with another, letter case counted.")
        .examples(&[example("endsWith(\"Zoho Creator\", \"Creator\")", "true")])
        .source("deluge/help/functions/string/endswith.html"),
    Builtin::method(TEXT, "endsWithIgnoreCase", ends_with_ignore_case)
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Boolean)
        .doc("Whether a text ends with another, whatever the letter case.")
        .examples(&[example("endsWithIgnoreCase(\"Zoho Creator\", \"creator\")", "true")])
        .source("creator/help/script/built-in-functions/built-in-function-string-endswithignorecase.html"),
    Builtin::method(TEXT, "equalsIgnoreCase", equals_ignore_case)
        .params(&[required("string2", Kind::Text)])
        .returns(Kind::Boolean)
        .doc("Whether two texts are equal but for letter case. Nothing is equal to null.")
        .examples(&[
            example("\"ZohoCreator\".equalsIgnoreCase(\"zohocreator\")", "true"),
            example("equalsIgnoreCase(\"ZohoCreator\", \"Zoho Creator\")", "false"),
        ])
        .source("deluge/help/functions/string/equalsIgnoreCase.html"),
    Builtin::method(TEXT, "indexOf", index_of)
        .aliases(&["find"])
        .params(&[required("searchString", Kind::Text), optional("from", Kind::Number)])
        .returns(Kind::Number)
        .doc("Where a text first occurs in another, counted from 0, or -1; the search may begin further on. It is no pattern.")
        .examples(&[
            example("\"Hello world, welcome to the universe\".indexOf(\"e\")", "1"),
            example("\"Zoho\".find(\"z\")", "-1"),
            example("\"banana\".indexOf(\"an\", 2)", "3"),
        ])
        .source("creator/newhelp/script/built-in-functions/built-in-function-string-indexof.html"),
    Builtin::method(TEXT, "lastIndexOf", last_index_of)
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Number)
        .doc("Where a text last occurs in another, counted from 0, or -1.")
        .examples(&[example(
            "\"Hello world, welcome to the universe\".lastIndexOf(\"e\")",
            "35",
        )])
        .source("deluge/help/functions/string/lastindexof.html"),
    Builtin::method(TEXT, "getOccurenceCount", occurrence_count)
        .aliases(&["getOccurrenceCount"])
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Number)
        .doc("How often a text occurs in another, occurrences that overlap counted once. The empty text counts 0.")
        .examples(&[example("\"Mississippi\".getOccurenceCount(\"ss\")", "2")])
        .source("deluge/help/functions/string/getOccurenceCount.html"),
    Builtin::method(TEXT, "length", length)
        .aliases(&["len"])
        .returns(Kind::Number)
        .doc("How many characters the text has, spaces included. Counted in UTF-16 units, so most emoji count 2.")
        .examples(&[
            example("\"   Zoho Deluge   \".length()", "17"),
            example("len(\"Creator\")", "7"),
            example("\"😀\".length()", "2"),
        ])
        .source("deluge/help/functions/string/length.html"),
    Builtin::method(TEXT, "size", size)
        .returns(Kind::Number)
        .doc("How many elements the text has as a list: between its commas, or in the JSON array it writes. `length` counts characters.")
        .examples(&[
            example("\"a,b,c\".size()", "3"),
            example("repeat(\",\", 19).size()", "20"),
            example("\"\".size()", "0"),
        ])
        .source("deluge/help/functions/list.html"),
    Builtin::method(TEXT, "isAscii", is_ascii)
        .returns(Kind::Boolean)
        .doc("Whether every character is ASCII; so it is for an empty text.")
        .examples(&[
            example("\"Zoho\".isAscii()", "true"),
            example("\"ß\".isAscii()", "false"),
        ])
        .source("deluge/help/functions/string/isAscii"),
];

/// Asks a question about two texts.
fn ask(call: &Call<'_, '_>, question: fn(&str, &str) -> bool) -> Evaluated {
    let (text, wanted) = (Subject::receiver(call)?, Subject::argument(call, 0)?);
    Ok(Value::Boolean(question(text.as_str(), wanted.as_str())))
}

fn contains(call: &mut Call<'_, '_>) -> Evaluated {
    ask(call, |text, wanted| text.contains(wanted))
}

fn not_contains(call: &mut Call<'_, '_>) -> Evaluated {
    ask(call, |text, wanted| !text.contains(wanted))
}

fn contains_ignore_case(call: &mut Call<'_, '_>) -> Evaluated {
    ask(call, |text, wanted| fold::find(text, wanted).is_some())
}

fn starts_with(call: &mut Call<'_, '_>) -> Evaluated {
    ask(call, |text, wanted| text.starts_with(wanted))
}

fn starts_with_ignore_case(call: &mut Call<'_, '_>) -> Evaluated {
    ask(call, fold::starts_with)
}

fn ends_with(call: &mut Call<'_, '_>) -> Evaluated {
    ask(call, |text, wanted| text.ends_with(wanted))
}

fn ends_with_ignore_case(call: &mut Call<'_, '_>) -> Evaluated {
    ask(call, fold::ends_with)
}

fn equals_ignore_case(call: &mut Call<'_, '_>) -> Evaluated {
    if call.argument(0).is_null() {
        return Ok(Value::Boolean(false));
    }
    ask(call, fold::equal)
}

fn index_of(call: &mut Call<'_, '_>) -> Evaluated {
    let (text, wanted) = (Subject::receiver(call)?, Subject::argument(call, 0)?);
    let from = usize::try_from(call.number_arg_or(1, 0)?).unwrap_or_default();
    let from = text.offset(from);
    let found = text.as_str().get(from..).and_then(|rest| rest.find(wanted.as_str()));
    Ok(text.index(found.map(|offset| from + offset)))
}

fn last_index_of(call: &mut Call<'_, '_>) -> Evaluated {
    let (text, wanted) = (Subject::receiver(call)?, Subject::argument(call, 0)?);
    Ok(text.index(text.as_str().rfind(wanted.as_str())))
}

fn occurrence_count(call: &mut Call<'_, '_>) -> Evaluated {
    let (text, wanted) = (Subject::receiver(call)?, Subject::argument(call, 0)?);
    let count = match wanted.as_str() {
        "" => 0,
        wanted => text.as_str().matches(wanted).count(),
    };
    Ok(Value::Number(count as i64))
}

fn length(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Number(Subject::receiver(call)?.length() as i64))
}

fn size(call: &mut Call<'_, '_>) -> Evaluated {
    let Some(text) = call.receiver.as_text() else {
        let message = format!("Not able to find 'size' function on {}", call.receiver.kind().name());
        return Err(call.fail(Code::WrongKind, message));
    };
    let count = if text.is_empty() {
        0
    } else if text.trim_start().starts_with('[') {
        csv::elements_of_text(text).len()
    } else {
        text.matches(',').count() + 1
    };
    Ok(Value::Number(count as i64))
}

fn is_ascii(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Boolean(Subject::receiver(call)?.is_ascii()))
}
