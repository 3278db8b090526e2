//! Making texts of texts: letter case, padding, repetition, order, hexadecimal form.

use super::subject::Subject;
use super::{TEXT, TEXT_OR_CONTAINER};
use crate::builtins::encode::hex;
use crate::builtins::{Builtin, Call, any, example, required};
use crate::diagnostic::Code;
use crate::host::Evaluated;
use crate::value::{Kind, Value};

/// The table of these built-ins.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(TEXT, "toUpperCase", upper)
        .aliases(&["upper"])
        .returns(Kind::Text)
        .doc("The text in capital letters.")
        .examples(&[
            example("upper(\"Create online databases\")", "CREATE ONLINE DATABASES"),
            example("\"straße\".toUpperCase()", "STRASSE"),
        ])
        .source("deluge/help/functions/string/touppercase.html"),
    Builtin::method(TEXT, "toLowerCase", lower)
        .aliases(&["lower"])
        .returns(Kind::Text)
        .doc("The text in small letters.")
        .examples(&[example("\"ZOHO Creator\".toLowerCase()", "zoho creator")])
        .source("deluge/help/functions/string/tolowerCase.html"),
    Builtin::method(TEXT, "proper", proper)
        .returns(Kind::Text)
        .doc("Every word with a capital first letter and small letters behind it. Words stand between blanks and line breaks.")
        .examples(&[
            example("\"zoho creator\".proper()", "Zoho Creator"),
            example("\"ANNE-MARIE o'neil\".proper()", "Anne-marie O'neil"),
        ])
        .source("deluge/help/functions/string/proper.html"),
    Builtin::method(TEXT, "leftpad", left_pad)
        .params(&[required("width", Kind::Number)])
        .returns(Kind::Text)
        .doc("The text behind as many blanks as it lacks to the width; a longer one stays as it is.")
        .examples(&[
            example("\"7\".leftpad(5).replaceAll(\" \", \"0\")", "00007"),
            example("\"Zoho\".leftpad(2)", "Zoho"),
        ])
        .source("deluge/help/functions/string/leftpad.html"),
    Builtin::method(TEXT, "rightpad", right_pad)
        .params(&[required("width", Kind::Number)])
        .returns(Kind::Text)
        .doc("The text before as many blanks as it lacks to the width; a longer one stays as it is.")
        .examples(&[example("\"Right\".rightpad(6) + \"|\"", "Right |")])
        .source("deluge/help/functions/string/rightpad.html"),
    Builtin::method(TEXT, "repeat", repeat)
        .params(&[required("repeatCount", Kind::Number)])
        .returns(Kind::Text)
        .doc("The text so many times in a row; 0 times is the empty text.")
        .examples(&[example("\"Zoho\".repeat(3)", "ZohoZohoZoho")])
        .source("deluge/help/functions/string/repeat.html"),
    Builtin::method(TEXT_OR_CONTAINER, "reverse", reverse)
        .returns(Kind::Text)
        .doc("The characters of the text form in reverse order.")
        .examples(&[
            example("reverse(\"Zoho Creator\")", "rotaerC ohoZ"),
            example("reverse({1,2,13})", "31,2,1"),
        ])
        .source("deluge/help/functions/string/reverse.html"),
    Builtin::method(TEXT, "concat", concat)
        .params(&[any("text2")])
        .returns(Kind::Text)
        .doc("The text with another behind it, as `+` joins them.")
        .examples(&[example("\"Zoho\".concat(\" \").concat(\"Deluge\")", "Zoho Deluge")])
        .source("deluge/help/functions/string/concat.html"),
    Builtin::method(TEXT, "textToHex", text_to_hex)
        .returns(Kind::Text)
        .doc("The bytes of the text in UTF-8 as hexadecimal digits.")
        .examples(&[example("textToHex(\"Zoho Creator\")", "5a6f686f2043726561746f72")])
        .source("deluge/help/functions/string/texttohex.html"),
    Builtin::method(TEXT, "hexToText", hex_to_text)
        .returns(Kind::Text)
        .doc("The text whose bytes in UTF-8 are written as hexadecimal digits.")
        .examples(&[example("hexToText(\"5a6f686f2043726561746f72\")", "Zoho Creator")])
        .source("deluge/help/functions/string/hextotext.html"),
];

fn upper(call: &mut Call<'_, '_>) -> Evaluated {
    change(call, str::to_uppercase)
}

fn lower(call: &mut Call<'_, '_>) -> Evaluated {
    change(call, str::to_lowercase)
}

fn proper(call: &mut Call<'_, '_>) -> Evaluated {
    change(call, |text| {
        let mut changed = String::with_capacity(text.len());
        let mut inside = false;
        for character in text.chars() {
            if inside {
                changed.extend(character.to_lowercase());
            } else {
                changed.extend(character.to_uppercase());
            }
            inside = !character.is_whitespace();
        }
        changed
    })
}

/// Case mapping may make a text up to three times as long.
const CASE_GROWTH: usize = 3;

fn change(call: &mut Call<'_, '_>, change: fn(&str) -> String) -> Evaluated {
    let text = Subject::receiver(call)?;
    let bytes = text.as_str().len();
    call.reserve(if text.is_ascii() { bytes } else { bytes * CASE_GROWTH })?;
    Ok(Value::from_string(change(text.as_str())))
}

fn left_pad(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::receiver(call)?;
    let mut padded = blanks(call, &text)?;
    padded.push_str(text.as_str());
    Ok(Value::from_string(padded))
}

fn right_pad(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::receiver(call)?;
    let blanks = blanks(call, &text)?;
    Ok(Value::from_string([text.as_str(), &blanks].concat()))
}

/// The blanks that a text lacks to the width asked for.
fn blanks(call: &mut Call<'_, '_>, text: &Subject) -> Evaluated<String> {
    let width = usize::try_from(call.number_arg(0)?).unwrap_or_default();
    let lacking = width.saturating_sub(text.length());
    call.reserve(lacking.saturating_add(text.as_str().len()).saturating_mul(2))?;
    Ok(" ".repeat(lacking))
}

fn repeat(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::receiver(call)?;
    let count = call.number_arg(0)?;
    let Ok(times) = usize::try_from(count) else {
        return Err(call
            .fail(Code::BadArgument, format!("a text cannot be repeated {count} times"))
            .help("give 0 or more"));
    };
    call.reserve(text.as_str().len().saturating_mul(times))?;
    Ok(Value::from_string(text.as_str().repeat(times)))
}

/// Characters stay whole, as in Java's `StringBuilder.reverse`.
fn reverse(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::receiver(call)?;
    call.reserve(text.as_str().len())?;
    Ok(Value::from_string(text.as_str().chars().rev().collect()))
}

fn concat(call: &mut Call<'_, '_>) -> Evaluated {
    let (text, more) = (Subject::receiver(call)?, Subject::of(call, call.argument(0))?);
    call.reserve(text.as_str().len() + more.as_str().len())?;
    Ok(Value::from_string([text.as_str(), more.as_str()].concat()))
}

fn text_to_hex(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::receiver(call)?;
    call.reserve(text.as_str().len() * 2)?;
    Ok(Value::from_string(hex::encode(text.as_str().as_bytes())))
}

fn hex_to_text(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::receiver(call)?;
    let bytes = hex::decode(text.as_str().trim()).map_err(|why| {
        call.fail(Code::CannotConvert, format!("the text is not hexadecimal: {why}"))
            .help("hexadecimal text has two digits of 0 to 9 and a to f for every byte")
    })?;
    Ok(Value::from_string(String::from_utf8_lossy(&bytes).into_owned()))
}
