//! Taking parts out of texts, by place, by what stands around them, and by the kind of character.

use super::subject::{Subject, out_of_bounds};
use super::{TEXT, fold};
use crate::builtins::{Builtin, Call, example, optional, required};
use crate::host::Evaluated;
use crate::value::{Kind, Value};

/// The table of these built-ins.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(TEXT, "getPrefix", prefix)
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Text)
        .doc("What stands before the first occurrence of a text; null where it does not occur.")
        .examples(&[
            example("\"Zoho Creator is online, always\".getPrefix(\",\")", "Zoho Creator is online"),
            example("\"Zoho\".getPrefix(\"-\")", "null"),
        ])
        .source("deluge/help/functions/string/getprefix.html"),
    Builtin::method(TEXT, "getPrefixIgnoreCase", prefix_ignore_case)
        .params(&[required("searchText", Kind::Text)])
        .returns(Kind::Text)
        .doc("What stands before the first occurrence of a text, whatever its letter case; null where it does not occur.")
        .examples(&[example("\"Bread and butter\".getPrefixIgnoreCase(\" AND\")", "Bread")])
        .source("deluge/help/functions/string/getPrefixIgnoreCase.html"),
    Builtin::method(TEXT, "getSuffix", suffix)
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Text)
        .doc("What stands behind the first occurrence of a text; null where it does not occur.")
        .examples(&[
            example("\"Create custom apps with Zoho Creator\".getSuffix(\"with \")", "Zoho Creator"),
            example("\"a-b-c\".getSuffix(\"-\")", "b-c"),
        ])
        .source("creator/newhelp/script/built-in-functions/built-in-function-string-getsuffix.html"),
    Builtin::method(TEXT, "getSuffixIgnoreCase", suffix_ignore_case)
        .params(&[required("searchText", Kind::Text)])
        .returns(Kind::Text)
        .doc("What stands behind the first occurrence of a text, whatever its letter case; null where it does not occur.")
        .examples(&[example("\"Bread and butter\".getSuffixIgnoreCase(\"AND \")", "butter")])
        .source("deluge/help/functions/string/getSuffixIgnoreCase"),
    Builtin::method(TEXT, "left", left)
        .params(&[required("number", Kind::Number)])
        .returns(Kind::Text)
        .doc("The first characters of a text; all of it for a negative number. More than there are is an error.")
        .examples(&[
            example("\"Zoho Creator\".left(4)", "Zoho"),
            example("\"Zoho\".left(-1)", "Zoho"),
        ])
        .source("deluge/help/functions/string/left.html"),
    Builtin::method(TEXT, "right", right)
        .params(&[required("number", Kind::Number)])
        .returns(Kind::Text)
        .doc("The last characters of a text. More than there are, or fewer than none, is an error.")
        .examples(&[example("\"Zoho Creator\".right(7)", "Creator")])
        .source("deluge/help/functions/string/right.html"),
    Builtin::method(TEXT, "subString", sub_string)
        .aliases(&["subText", "mid"])
        .params(&[required("startIndex", Kind::Number), optional("endIndex", Kind::Number)])
        .returns(Kind::Text)
        .doc("The characters from one index up to, not including, another, counted from 0. Without the second index, or with a negative one, to the end.")
        .examples(&[
            example("\"Welcome to Zoho Deluge\".subString(11, 22)", "Zoho Deluge"),
            example("\"Email: jack@zylker.com\".subString(7)", "jack@zylker.com"),
            example("\"Zoho Deluge\".mid(5, -1)", "Deluge"),
            example("\"Zoho Deluge\".subText(0, 4)", "Zoho"),
        ])
        .source("deluge/help/functions/string/substring.html"),
    Builtin::method(TEXT, "trim", trim)
        .returns(Kind::Text)
        .doc("The text without blanks, tabs and line breaks at its ends.")
        .examples(&[example("trim(\" Welcome to Zoho Creator \").length()", "23")])
        .source("deluge/help/functions/string/trim.html"),
    Builtin::method(TEXT, "ltrim", trim_left)
        .returns(Kind::Text)
        .doc("The text without blanks, tabs and line breaks at its start.")
        .examples(&[example("\"   Zoho\".ltrim().length()", "4")])
        .source("deluge/help/functions/string/ltrim.html"),
    Builtin::method(TEXT, "rtrim", trim_right)
        .returns(Kind::Text)
        .doc("The text without blanks, tabs and line breaks at its end.")
        .examples(&[example("\"   Zoho Deluge   \".rtrim().length()", "14")])
        .source("deluge/help/functions/string/rtrim.html"),
    Builtin::method(TEXT, "getAlpha", alpha)
        .returns(Kind::Text)
        .doc("The letters of a text, of any script.")
        .examples(&[example("getAlpha(\"January 25th, 2019\")", "Januaryth")])
        .source("deluge/help/functions/string/getalpha.html"),
    Builtin::method(TEXT, "getAlphaNumeric", alpha_numeric)
        .returns(Kind::Text)
        .doc("The letters and digits of a text.")
        .examples(&[example("getAlphaNumeric(\"Joining date: 25-01-2019\")", "Joiningdate25012019")])
        .source("deluge/help/functions/string/getalphanumeric.html"),
    Builtin::method(TEXT, "removeAllAlpha", without_alpha)
        .returns(Kind::Text)
        .doc("The text without its letters.")
        .examples(&[example("\"Zoho5Creator6\".removeAllAlpha()", "56")])
        .source("deluge/help/functions/string/removeAllAlpha.html"),
    Builtin::method(TEXT, "removeAllAlphaNumeric", without_alpha_numeric)
        .returns(Kind::Text)
        .doc("The text without its letters and digits.")
        .examples(&[example("\"Zoho-Creator-5!\".removeAllAlphaNumeric()", "--!")])
        .source("deluge/help/functions/string/removeallalphanumeric.html"),
    Builtin::method(TEXT, "remove", remove)
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Text)
        .doc("The text without any occurrence of another, letter case counted.")
        .examples(&[example("\"a-b-c\".remove(\"-\")", "abc")])
        .source("deluge/help/functions/string/remove.html"),
    Builtin::method(TEXT, "removeFirstOccurence", remove_first)
        .aliases(&["removeFirstOccurrence"])
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Text)
        .doc("The text without the first occurrence of another.")
        .examples(&[example("\"a-b-c\".removeFirstOccurence(\"-\")", "ab-c")])
        .source("deluge/help/functions/string/removefirstoccurence.html"),
    Builtin::method(TEXT, "removeLastOccurence", remove_last)
        .aliases(&["removeLastOccurrence"])
        .params(&[required("searchString", Kind::Text)])
        .returns(Kind::Text)
        .doc("The text without the last occurrence of another, as for a comma left over at the end.")
        .examples(&[example("\"a,b,c,\".removeLastOccurence(\",\")", "a,b,c")])
        .source("deluge/help/functions/string/removelastoccurence.html"),
];

fn prefix(call: &mut Call<'_, '_>) -> Evaluated {
    let (text, wanted) = (Subject::receiver(call)?, Subject::argument(call, 0)?);
    Ok(some_text(
        text.as_str().split_once(wanted.as_str()).map(|parts| parts.0),
    ))
}

fn suffix(call: &mut Call<'_, '_>) -> Evaluated {
    let (text, wanted) = (Subject::receiver(call)?, Subject::argument(call, 0)?);
    Ok(some_text(
        text.as_str().split_once(wanted.as_str()).map(|parts| parts.1),
    ))
}

fn prefix_ignore_case(call: &mut Call<'_, '_>) -> Evaluated {
    let (text, wanted) = (Subject::receiver(call)?, Subject::argument(call, 0)?);
    let found = fold::find(text.as_str(), wanted.as_str());
    Ok(some_text(found.and_then(|found| text.as_str().get(..found.start))))
}

fn suffix_ignore_case(call: &mut Call<'_, '_>) -> Evaluated {
    let (text, wanted) = (Subject::receiver(call)?, Subject::argument(call, 0)?);
    let found = fold::find(text.as_str(), wanted.as_str());
    Ok(some_text(found.and_then(|found| text.as_str().get(found.end..))))
}

fn some_text(part: Option<&str>) -> Value {
    part.map_or(Value::Null, Value::text)
}

fn left(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::receiver(call)?;
    let number = call.number_arg(0)?;
    if number < 0 {
        return Ok(text.into_value());
    }
    let end = within(call, &text, number)?;
    Ok(Value::from_cow(text.slice(0, end)))
}

fn right(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::receiver(call)?;
    let number = within(call, &text, call.number_arg(0)?)?;
    let length = text.length();
    Ok(Value::from_cow(text.slice(length - number, length)))
}

/// `subString`: both indexes have to lie within the text, its end included (functions/string/substring.html).
fn sub_string(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::receiver(call)?;
    let start = within(call, &text, call.number_arg(0)?)?;
    let end = match call.number_arg_or(1, -1)? {
        ..0 => text.length(),
        end => within(call, &text, end)?,
    };
    if end < start {
        return Err(out_of_bounds(call, start as i64, end)
            .help("give the smaller index first; the second one is an end, not a length"));
    }
    Ok(Value::from_cow(text.slice(start, end)))
}

/// An index that lies within the text or at its end.
fn within(call: &Call<'_, '_>, text: &Subject, index: i64) -> Evaluated<usize> {
    let length = text.length();
    match usize::try_from(index) {
        Ok(index) if index <= length => Ok(index),
        _ => Err(out_of_bounds(call, index, length).help("compare it with `length()` first")),
    }
}

/// What Java's `String.trim` takes away: every character up to the blank.
fn is_blank(character: char) -> bool {
    character <= ' '
}

fn trim(call: &mut Call<'_, '_>) -> Evaluated {
    part(call, |text| text.trim_matches(is_blank))
}

fn trim_left(call: &mut Call<'_, '_>) -> Evaluated {
    part(call, |text| text.trim_start_matches(is_blank))
}

fn trim_right(call: &mut Call<'_, '_>) -> Evaluated {
    part(call, |text| text.trim_end_matches(is_blank))
}

/// A part of the text; the text itself, uncopied, where the part is all of it.
fn part(call: &Call<'_, '_>, choose: fn(&str) -> &str) -> Evaluated {
    let text = Subject::receiver(call)?;
    let part = choose(text.as_str());
    if part.len() == text.as_str().len() {
        return Ok(text.into_value());
    }
    Ok(Value::text(part))
}

fn alpha(call: &mut Call<'_, '_>) -> Evaluated {
    keep(call, char::is_alphabetic)
}

fn alpha_numeric(call: &mut Call<'_, '_>) -> Evaluated {
    keep(call, char::is_alphanumeric)
}

fn without_alpha(call: &mut Call<'_, '_>) -> Evaluated {
    keep(call, |character| !character.is_alphabetic())
}

fn without_alpha_numeric(call: &mut Call<'_, '_>) -> Evaluated {
    keep(call, |character| !character.is_alphanumeric())
}

fn keep(call: &mut Call<'_, '_>, wanted: fn(char) -> bool) -> Evaluated {
    let text = Subject::receiver(call)?;
    call.reserve(text.as_str().len())?;
    Ok(Value::from_string(
        text.as_str().chars().filter(|character| wanted(*character)).collect(),
    ))
}

fn remove(call: &mut Call<'_, '_>) -> Evaluated {
    let (text, unwanted) = (Subject::receiver(call)?, Subject::argument(call, 0)?);
    if unwanted.as_str().is_empty() || !text.as_str().contains(unwanted.as_str()) {
        return Ok(text.into_value());
    }
    call.reserve(text.as_str().len())?;
    Ok(Value::from_string(text.as_str().replace(unwanted.as_str(), "")))
}

fn remove_first(call: &mut Call<'_, '_>) -> Evaluated {
    remove_one(call, |text, unwanted| text.split_once(unwanted))
}

fn remove_last(call: &mut Call<'_, '_>) -> Evaluated {
    remove_one(call, |text, unwanted| text.rsplit_once(unwanted))
}

fn remove_one(call: &mut Call<'_, '_>, split: for<'t> fn(&'t str, &str) -> Option<(&'t str, &'t str)>) -> Evaluated {
    let (text, unwanted) = (Subject::receiver(call)?, Subject::argument(call, 0)?);
    let Some((before, after)) = split(text.as_str(), unwanted.as_str()) else {
        return Ok(text.into_value());
    };
    call.reserve(before.len() + after.len())?;
    Ok(Value::from_string([before, after].concat()))
}
