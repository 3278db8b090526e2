//! Percent-encoding of texts: for forms, as `java.net.URLEncoder` does, and for paths.

use super::hex;
use crate::builtins::text::Subject;
use crate::builtins::{Builtin, Call, any, example};
use crate::diagnostic::Code;
use crate::host::Evaluated;
use crate::value::{Kind, Value};

/// The table of these built-ins.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(
        &[Kind::Text, Kind::List, Kind::Map, Kind::Collection, Kind::Empty],
        "encodeUrl",
        encode_url,
    )
    .returns(Kind::Text)
    .doc("The text for a parameter of a URL: a blank becomes `+`, other signs `%` and two digits for each byte of UTF-8.")
    .examples(&[
        example(
            "encodeUrl(\"http://www.zoho.com/test?name=John&age=101\")",
            "http%3A%2F%2Fwww.zoho.com%2Ftest%3Fname%3DJohn%26age%3D101",
        ),
        example("encodeUrl(\"a b\")", "a+b"),
    ])
    .source("creator/help/script/built-in-functions/built-in-function-url-encodeurl.html"),
    Builtin::function("zoho.encryption.urlEncode", url_encode)
        .params(&[any("string")])
        .returns(Kind::Text)
        .doc("The text for any part of a URL: a blank becomes `%20`, as other signs become `%` and digits. Null for what is no text.")
        .examples(&[
            example("zoho.encryption.urlEncode(\"https://www.zoho.com/creator\")", "https%3A%2F%2Fwww.zoho.com%2Fcreator"),
            example("zoho.encryption.urlEncode(\"a b\")", "a%20b"),
            example("zoho.encryption.urlEncode(5)", "null"),
        ])
        .source("deluge/help/functions/encryption/urlencode.html"),
    Builtin::function("zoho.encryption.urlDecode", url_decode)
        .params(&[any("string")])
        .returns(Kind::Text)
        .doc("The text behind a percent-encoded one; `+` is a blank. Null for what is no text.")
        .examples(&[example("zoho.encryption.urlDecode(\"https%3A%2F%2Fwww.zoho.com\")", "https://www.zoho.com")])
        .source("deluge/help/functions/encryption/urldecode.html"),
];

fn encode_url(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::receiver(call)?;
    call.reserve(text.as_str().len().saturating_mul(3))?;
    Ok(Value::from_string(encode(text.as_str(), "+")))
}

fn url_encode(call: &mut Call<'_, '_>) -> Evaluated {
    let Some(bytes) = call.argument(0).as_text().map(str::len) else {
        return Ok(Value::Null);
    };
    call.reserve(bytes.saturating_mul(3))?;
    let text = call.argument(0).as_text().unwrap_or_default();
    Ok(Value::from_string(encode(text, "%20")))
}

/// Letters, digits and `.-*_` stay, as in `java.net.URLEncoder`.
fn encode(text: &str, blank: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'*' | b'_' => encoded.push(char::from(byte)),
            b' ' => encoded.push_str(blank),
            _ => {
                encoded.push('%');
                encoded.extend(hex::digits(byte).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
    encoded
}

fn url_decode(call: &mut Call<'_, '_>) -> Evaluated {
    let Some(text) = call.argument(0).as_text() else {
        return Ok(Value::Null);
    };
    match decode(text) {
        Ok(bytes) => Ok(Value::from_string(super::lossy(bytes))),
        Err(offset) => {
            let shown: String = text.get(offset..).unwrap_or_default().chars().take(3).collect();
            Err(call
                .fail(
                    Code::CannotConvert,
                    format!("the text is not percent-encoded: `{shown}` does not stand for a byte"),
                )
                .help("write a percent sign that is meant as it stands as `%25`"))
        }
    }
}

/// The bytes behind a percent-encoded text, or where it is wrong.
fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let mut decoded = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'%' => {
                decoded.push(bytes.get(at + 1..at + 3).and_then(hex::byte).ok_or(at)?);
                at += 2;
            }
            b'+' => decoded.push(b' '),
            byte => decoded.push(*byte),
        }
        at += 1;
    }
    Ok(decoded)
}
