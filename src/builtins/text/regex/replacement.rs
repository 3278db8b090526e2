//! The replacement of a match as `Matcher.appendReplacement` of Java reads it: `$1` and `${name}` are groups, a
//! backslash takes the next character as it stands.

use super::{Found, Pattern};

/// A replacement, read.
pub(in crate::builtins::text) struct Replacement(Vec<Piece>);

enum Piece {
    Text(String),
    Group(usize),
}

impl Replacement {
    /// A replacement that means itself.
    pub(in crate::builtins::text) fn literal(text: &str) -> Self {
        Self(vec![Piece::Text(text.to_owned())])
    }

    /// Reads a replacement for a pattern.
    ///
    /// # Errors
    /// What is wrong with it, in Java's words.
    pub(in crate::builtins::text) fn read(text: &str, pattern: &Pattern) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(sign) = rest.find(['\\', '$']) {
            plain.push_str(rest.get(..sign).unwrap_or_default());
            let after = rest.get(sign + 1..).unwrap_or_default();
            if rest.as_bytes().get(sign) == Some(&b'\\') {
                let Some(character) = after.chars().next() else {
                    return Err("character to be escaped is missing".to_owned());
                };
                plain.push(character);
                rest = after.get(character.len_utf8()..).unwrap_or_default();
            } else {
                let (group, length) = reference(after, pattern)?;
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Group(group));
                rest = after.get(length..).unwrap_or_default();
            }
        }
        plain.push_str(rest);
        pieces.push(Piece::Text(plain));
        Ok(Self(pieces))
    }

    /// Whether it refers to groups.
    pub(in crate::builtins::text) fn has_groups(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Group(_)))
    }

    /// The replacement, where it is the same for every match.
    pub(in crate::builtins::text) fn fixed(&self) -> Option<&str> {
        match self.0.as_slice() {
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Appends the replacement of a match in a text. A group that took no part gives nothing.
    pub(in crate::builtins::text) fn append(&self, found: &Found, text: &str, out: &mut String) {
        for piece in &self.0 {
            match piece {
                Piece::Text(piece) => out.push_str(piece),
                Piece::Group(number) => {
                    let group = found.group(*number).and_then(|range| text.get(range));
                    out.push_str(group.unwrap_or_default());
                }
            }
        }
    }
}

/// The group that the text behind a `$` names, and how many bytes name it.
fn reference(text: &str, pattern: &Pattern) -> Result<(usize, usize), String> {
    if let Some(rest) = text.strip_prefix('{') {
        let Some((name, _)) = rest.split_once('}') else {
            return Err("named capturing group is missing trailing '}'".to_owned());
        };
        let known = pattern.names.iter().find(|(known, _)| known == name);
        let Some((_, number)) = known else {
            return Err(format!("no group with name {{{name}}}"));
        };
        return Ok((*number, name.len() + 2));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut number = 0;
    for length in 1..=digits {
        // Java takes further digits only as long as there is such a group.
        let wider = text
            .get(..length)
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(usize::MAX);
        if wider > pattern.groups {
            return match length {
                1 => Err(format!("no group {wider}")),
                _ => Ok((number, length - 1)),
            };
        }
        number = wider;
    }
    match digits {
        0 => Err("illegal group reference".to_owned()),
        digits => Ok((number, digits)),
    }
}
