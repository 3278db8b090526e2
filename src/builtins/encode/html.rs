//! Texts inside HTML.

use crate::builtins::text::Subject;
use crate::builtins::{Builtin, Call, any, example};
use crate::host::Evaluated;
use crate::value::{Kind, Value};

/// The table of these built-ins.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::function("zoho.encryption.htmlEncode", html_encode)
        .aliases(&["htmlEncode"])
        .params(&[any("data")])
        .returns(Kind::Text)
        .doc("The text with `& < > \" '` written so that HTML shows them.")
        .examples(&[example(
            "zoho.encryption.htmlEncode(\"<b>Q&A</b>\")",
            "&lt;b&gt;Q&amp;A&lt;/b&gt;",
        )])
        .source("deluge/help/encryption-tasks.html"),
    Builtin::function("zoho.encryption.htmlDecode", html_decode)
        .aliases(&["htmlDecode"])
        .params(&[any("data")])
        .returns(Kind::Text)
        .doc("The text that HTML shows: named and numbered entities become their characters, unknown ones stay.")
        .examples(&[example(
            "info zoho.encryption.htmlDecode(\"&lt;b&gt; &eacute; &#8364; &nosuch;\");",
            "<b> é € &nosuch;",
        )])
        .source("deluge/help/encryption-tasks.html"),
];

fn html_encode(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::argument(call, 0)?;
    let special = text.as_str().bytes().filter(|byte| b"&<>\"'".contains(byte)).count();
    call.reserve(text.as_str().len().saturating_add(special * 5))?;
    let mut encoded = String::with_capacity(text.as_str().len() + special * 5);
    for character in text.as_str().chars() {
        match character {
            '&' => encoded.push_str("&amp;"),
            '<' => encoded.push_str("&lt;"),
            '>' => encoded.push_str("&gt;"),
            '"' => encoded.push_str("&quot;"),
            '\'' => encoded.push_str("&#39;"),
            other => encoded.push(other),
        }
    }
    Ok(Value::from_string(encoded))
}

/// The longest name or number between `&` and `;`.
const LONGEST: usize = 10;

fn html_decode(call: &mut Call<'_, '_>) -> Evaluated {
    let text = Subject::argument(call, 0)?;
    call.reserve(text.as_str().len())?;
    let mut decoded = String::with_capacity(text.as_str().len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let end = after.bytes().take(LONGEST + 1).position(|byte| byte == b';');
        let character = end.and_then(|end| after.get(..end)).and_then(entity);
        match (character, end) {
            (Some(character), Some(end)) => {
                decoded.push(character);
                rest = after.get(end + 1..).unwrap_or_default();
            }
            _ => {
                decoded.push('&');
                rest = after;
            }
        }
    }
    decoded.push_str(rest);
    Ok(Value::from_string(decoded))
}

/// The character that stands between `&` and `;` by name or number.
fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let point = match number.strip_prefix(['x', 'X']) {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => u32::from_str_radix(digits, 16),
            None if number.bytes().all(|byte| byte.is_ascii_digit()) => number.parse(),
            _ => return None,
        };
        return char::from_u32(point.ok()?);
    }
    if let Some(index) = LATIN_1.split(' ').position(|known| known == name) {
        return char::from_u32(0xA0 + index as u32);
    }
    NAMED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, character)| *character)
}

/// The names of U+00A0 to U+00FF (HTML 4.01, section 24.2).
const LATIN_1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 \
acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil \
Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc \
Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml \
eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// Further names that texts use.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("euro", '€'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("hellip", '…'),
    ("bull", '•'),
    ("trade", '™'),
    ("dagger", '†'),
    ("Dagger", '‡'),
    ("permil", '‰'),
    ("prime", '′'),
    ("Prime", '″'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200C}'),
    ("zwj", '\u{200D}'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("Yuml", 'Ÿ'),
    ("fnof", 'ƒ'),
    ("circ", 'ˆ'),
    ("tilde", '˜'),
    ("larr", '←'),
    ("uarr", '↑'),
    ("rarr", '→'),
    ("darr", '↓'),
    ("harr", '↔'),
    ("minus", '−'),
    ("ne", '≠'),
    ("le", '≤'),
    ("ge", '≥'),
    ("asymp", '≈'),
    ("infin", '∞'),
    ("radic", '√'),
    ("sum", '∑'),
    ("check", '✓'),
];
