//! What a literal of the script stands for.

use std::borrow::Cow;

/// The content of a text literal, as it stands in the script with its quotes. An unclosed one is taken as it is.
pub fn text(literal: &str) -> Cow<'_, str> {
    let mut characters = literal.chars();
    let content = match characters.next() {
        Some(quote @ ('"' | '\'')) => {
            let rest = characters.as_str();
            rest.strip_suffix(quote).unwrap_or(rest)
        }
        _ => literal,
    };
    decode(content)
}

/// Replaces the escapes `\" \' \\ \/ \b \f \n \r \t`. Of any other `\x` both characters stay: patterns such as `\d` and
/// `\.` are written so in real scripts.
pub fn decode(content: &str) -> Cow<'_, str> {
    let Some(first) = content.find('\\') else {
        return Cow::Borrowed(content);
    };
    let mut decoded = String::with_capacity(content.len());
    decoded.push_str(&content[..first]);
    let mut rest = &content[first..];
    while let Some(at) = rest.find('\\') {
        decoded.push_str(&rest[..at]);
        let mut behind = rest[at + 1..].chars();
        match behind.next() {
            Some(quoted @ ('"' | '\'' | '\\' | '/')) => decoded.push(quoted),
            Some('b') => decoded.push('\u{8}'),
            Some('f') => decoded.push('\u{C}'),
            Some('n') => decoded.push('\n'),
            Some('r') => decoded.push('\r'),
            Some('t') => decoded.push('\t'),
            Some(other) => decoded.extend(['\\', other]),
            None => decoded.push('\\'),
        }
        rest = behind.as_str();
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_escapes_are_replaced_and_others_stay() {
        for (literal, expected) in [
            (r#""plain""#, "plain"),
            (r#""say \"hi\"""#, "say \"hi\""),
            (r#""a\\b""#, r"a\b"),
            (r#""a\tb\nc\r\/""#, "a\tb\nc\r/"),
            (r#""\d+\.\s""#, r"\d+\.\s"),
            (r#""\\d""#, r"\d"),
            (r"'it\'s'", "it's"),
            (r#"'"'"#, "\""),
            (r#""é\b😀""#, "é\u{8}😀"),
            (r#""""#, ""),
            (r#""never closed"#, "never closed"),
            ("\"end\\", "end\\"),
        ] {
            assert_eq!(text(literal), expected, "{literal}");
        }
        assert!(matches!(text("\"plain\""), Cow::Borrowed(_)));
    }
}
