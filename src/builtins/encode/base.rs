//! Base64 and Base32 of texts and files (RFC 4648).

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::charset::Charset;
use super::{base32, with_bytes};
use crate::builtins::text::Subject;
use crate::builtins::{Builtin, Call, any, example, optional, required};
use crate::diagnostic::Code;
use crate::host::Evaluated;
use crate::value::{File, Kind, Value};

/// The table of these built-ins.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::function("zoho.encryption.base64Encode", base64_encode)
        .params(&[any("data"), optional("destination_character_set", Kind::Text)])
        .returns(Kind::Text)
        .doc("A text or a file in Base64. The bytes of a text are those of UTF-8, unless a character set is named: UTF-16LE, UTF-16BE.")
        .examples(&[
            example("zoho.encryption.base64Encode(\"john@zylker.com\")", "am9obkB6eWxrZXIuY29t"),
            example("zoho.encryption.base64Encode(\"key\", \"UTF-16BE\")", "AGsAZQB5"),
        ])
        .source("deluge/help/encryption-tasks/base-64-encode"),
    Builtin::function("zoho.encryption.base64Decode", base64_decode)
        .params(&[required("data", Kind::Text), optional("source_character_set", Kind::Text)])
        .returns(Kind::Text)
        .doc("The text behind Base64, padded or not, of the URL alphabet too. The bytes are read as UTF-8, unless a character set is named.")
        .examples(&[
            example("zoho.encryption.base64Decode(\"am9obkB6eWxrZXIuY29t\")", "john@zylker.com"),
            example("zoho.encryption.base64Decode(\"AGEAcABpAF8AawBlAHk=\", \"UTF-16BE\")", "api_key"),
        ])
        .source("deluge/help/functions/encryption/base64decode.html"),
    Builtin::function("zoho.encryption.base64DecodeToFile", base64_decode_to_file)
        .params(&[required("data", Kind::Text), required("file_name", Kind::Text)])
        .returns(Kind::File)
        .doc("A file of this name with the bytes behind Base64.")
        .examples(&[example(
            "f = zoho.encryption.base64DecodeToFile(\"SGVsbG8=\", \"hello.txt\"); info zoho.encryption.base64Encode(f);",
            "SGVsbG8=",
        )])
        .source("deluge/help/encryption-tasks/base-64-decode-to-file"),
    Builtin::function("zoho.encryption.base32Encode", base32_encode)
        .params(&[any("data"), optional("destination_character_set", Kind::Text)])
        .returns(Kind::Text)
        .doc("A text or a file in Base32.")
        .examples(&[example("zoho.encryption.base32Encode(\"john@zylker.com\")", "NJXWQ3SAPJ4WY23FOIXGG33N")])
        .source("deluge/help/encryption-tasks/base-32-encode.html"),
    Builtin::function("zoho.encryption.base32Decode", base32_decode)
        .params(&[required("data", Kind::Text), optional("source_character_set", Kind::Text)])
        .returns(Kind::Text)
        .doc("The text behind Base32, padded or not.")
        .examples(&[
            example("zoho.encryption.base32Decode(\"NJXWQ3SAPJ4WY23FOIXGG33N\")", "john@zylker.com"),
            example("zoho.encryption.base32Decode(\"MEAHAADJABPQA2YAMUAHSAA\", \"UTF-16LE\")", "api_key"),
        ])
        .source("deluge/help/encryption-tasks/base-32-decode.html"),
];

/// Standard letters, padding written and not asked for.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Bytes in Base64, padded.
pub(super) fn to_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// The bytes behind Base64; blanks and line breaks do not count.
///
/// # Errors
/// What is wrong with the text.
pub(super) fn from_base64(text: &str) -> Result<Vec<u8>, String> {
    let letter = |byte: u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    };
    let letters: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(letter)
        .collect();
    if let Some(sign) = text
        .chars()
        .find(|sign| !sign.is_ascii() || sign.is_ascii_control() && !sign.is_ascii_whitespace())
    {
        return Err(format!("`{}` is no sign of Base64", sign.escape_debug()));
    }
    BASE64.decode(letters).map_err(|error| match error {
        base64::DecodeError::InvalidByte(_, byte) => format!("`{}` does not belong there", char::from(byte)),
        _ => "its end is missing".to_owned(),
    })
}

/// The character set that an optional argument names.
fn charset(call: &Call<'_, '_>, index: usize) -> Evaluated<Charset> {
    if call.argument(index).is_null() {
        return Ok(Charset::Utf8);
    }
    let name = call.text_arg(index)?;
    Charset::find(&name).ok_or_else(|| {
        call.fail(Code::BadArgument, format!("there is no character set `{name}`"))
            .help("name UTF-8, UTF-16LE or UTF-16BE")
    })
}

/// The bytes of the first argument in the character set that the second one names.
fn encode(call: &mut Call<'_, '_>, write: fn(&[u8]) -> String) -> Evaluated {
    let text = match charset(call, 1)? {
        Charset::Utf8 => with_bytes(call, 0, 2, write)?,
        _ if matches!(call.argument(0), Value::File(_)) => with_bytes(call, 0, 2, write)?,
        charset => {
            let text = Subject::argument(call, 0)?;
            call.reserve(text.as_str().len().saturating_mul(5))?;
            write(&charset.encode(text.as_str()))
        }
    };
    Ok(Value::from_string(text))
}

/// The bytes behind the first argument.
fn decoded(call: &mut Call<'_, '_>, form: &str, read: fn(&str) -> Result<Vec<u8>, String>) -> Evaluated<Vec<u8>> {
    let text = Subject::argument(call, 0)?;
    call.reserve(text.as_str().len().saturating_mul(2))?;
    read(text.as_str()).map_err(|why| {
        call.fail(Code::CannotConvert, format!("the text is not {form}: {why}"))
            .help("check where the text comes from; it may be cut, or encoded otherwise")
    })
}

fn base64_encode(call: &mut Call<'_, '_>) -> Evaluated {
    encode(call, to_base64)
}

fn base64_decode(call: &mut Call<'_, '_>) -> Evaluated {
    let charset = charset(call, 1)?;
    let bytes = decoded(call, "Base64", from_base64)?;
    Ok(Value::from_string(charset.decode(bytes)))
}

fn base64_decode_to_file(call: &mut Call<'_, '_>) -> Evaluated {
    let bytes = decoded(call, "Base64", from_base64)?;
    let name = Subject::argument(call, 1)?;
    Ok(Value::File(File::new(name.as_str(), "", bytes)))
}

fn base32_encode(call: &mut Call<'_, '_>) -> Evaluated {
    encode(call, base32::encode)
}

fn base32_decode(call: &mut Call<'_, '_>) -> Evaluated {
    let charset = charset(call, 1)?;
    let bytes = decoded(call, "Base32", base32::decode)?;
    Ok(Value::from_string(charset.decode(bytes)))
}
