//! Bracketed classes and the classes of one letter: read as Java does, written as the engine reads them.

use super::PatternError;
use super::property;
use super::reader::{Reader, write_point};

/// How deep classes may be nested in each other.
const DEEPEST: usize = 50;

/// What no character is.
pub(super) const NOTHING: &str = "[^\\x{0}-\\x{10FFFF}]";

/// The content of a bracketed class for `\d`, `\s` and their kin; the capital letter has to be negated by the caller.
/// ASCII, unless the flag `U` asks for Unicode.
pub(super) fn short(letter: char, unicode: bool) -> Option<&'static str> {
    Some(match (letter.to_ascii_lowercase(), unicode) {
        ('d', false) => "0-9",
        ('d', true) => "\\p{Nd}",
        ('w', false) => "a-zA-Z_0-9",
        ('w', true) => "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}",
        ('s', false) => "\\x20\\x09-\\x0D",
        ('s', true) => "\\p{White_Space}",
        ('h', _) => "\\x20\\x09\\x{A0}\\x{1680}\\x{180E}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}",
        ('v', _) => "\\x0A-\\x0D\\x{85}\\x{2028}\\x{2029}",
        _ => return None,
    })
}

/// A class around a content.
pub(super) fn bracketed(content: &str, negated: bool) -> String {
    format!("[{}{content}]", if negated { "^" } else { "" })
}

impl Reader<'_> {
    /// The property behind `\p` or `\P`, as a class.
    pub(super) fn property(&mut self, negated: bool) -> Result<String, PatternError> {
        let at = self.at;
        let name: String = match self.take() {
            Some('{') => {
                let length = self.rest().iter().position(|sign| *sign == '}');
                let Some(length) = length else {
                    return Err(self.wrong("unclosed character family", at));
                };
                let name = self.rest().iter().take(length).collect();
                self.at += length + 1;
                name
            }
            Some(letter) => letter.to_string(),
            None => return Err(self.wrong("unclosed character family", at)),
        };
        match property::class_of(&name) {
            Some(content) => Ok(bracketed(&content, negated)),
            None => Err(self.wrong(format!("unknown character property name {{{name}}}"), at)),
        }
    }

    /// A bracketed class; the `[` is taken already.
    pub(super) fn class(&mut self, comments: bool, unicode: bool) -> Result<String, PatternError> {
        let class = Class { comments, unicode };
        class.read(self, 0)
    }
}

#[derive(Clone, Copy)]
struct Class {
    comments: bool,
    unicode: bool,
}

/// One element of a class.
enum Item {
    Point(u32),
    Set(String),
}

impl Class {
    fn read(self, reader: &mut Reader<'_>, depth: usize) -> Result<String, PatternError> {
        let open = reader.at.saturating_sub(1);
        if depth > DEEPEST {
            return Err(reader.wrong("character classes are nested too deeply", open));
        }
        let negated = reader.eat("^");
        let mut class = String::new();
        let mut empty = true;
        loop {
            self.skip(reader);
            let at = reader.at;
            let Some(sign) = reader.take() else {
                return Err(reader.wrong("unclosed character class", open));
            };
            match sign {
                ']' if !empty => break,
                '[' => class.push_str(&self.read(reader, depth + 1)?),
                '&' if reader.eat("&") => class.push_str(if empty { NOTHING } else { "&&" }),
                _ => match self.item(reader, sign)? {
                    Item::Set(set) => class.push_str(&set),
                    Item::Point(first) => self.range(reader, first, at, &mut class)?,
                },
            }
            empty = false;
        }
        Ok(match (class.is_empty(), negated) {
            // Only surrogates were named, which no text has by themselves.
            (true, false) => NOTHING.to_owned(),
            (true, true) => "[\\x{0}-\\x{10FFFF}]".to_owned(),
            (false, _) => bracketed(&class, negated),
        })
    }

    /// Under the flag `x` blanks and comments do not count, inside classes neither.
    fn skip(self, reader: &mut Reader<'_>) {
        if self.comments {
            reader.skip_comments();
        }
    }

    fn item(self, reader: &mut Reader<'_>, sign: char) -> Result<Item, PatternError> {
        if sign != '\\' {
            return Ok(Item::Point(u32::from(sign)));
        }
        let at = reader.at;
        match reader.peek() {
            Some(letter @ ('p' | 'P')) => {
                reader.take();
                reader.property(letter == 'P').map(Item::Set)
            }
            Some('Q') => {
                reader.take();
                let quoted = reader.quoted();
                Ok(Item::Set(if quoted.is_empty() {
                    String::new()
                } else {
                    points(&quoted)
                }))
            }
            Some(letter) => match short(letter, self.unicode) {
                Some(content) => {
                    reader.take();
                    Ok(Item::Set(bracketed(content, letter.is_ascii_uppercase())))
                }
                None => reader.escaped_point().map(Item::Point),
            },
            None => Err(reader.wrong("a backslash at the end", at)),
        }
    }

    /// One character, or the range that begins with it.
    fn range(self, reader: &mut Reader<'_>, first: u32, at: usize, class: &mut String) -> Result<(), PatternError> {
        self.skip(reader);
        let behind = reader.rest().get(1).copied();
        if reader.peek() != Some('-') || matches!(behind, None | Some('[' | ']')) {
            write_point(first, class);
            return Ok(());
        }
        reader.take();
        self.skip(reader);
        let sign = reader.take().unwrap_or_default();
        let Item::Point(last) = self.item(reader, sign)? else {
            return Err(reader.wrong("illegal character range", at));
        };
        if last < first {
            return Err(reader.wrong("illegal character range", at));
        }
        write_range(first, last, class);
        Ok(())
    }
}

fn points(text: &str) -> String {
    let mut class = String::from("[");
    for character in text.chars() {
        write_point(u32::from(character), &mut class);
    }
    class.push(']');
    class
}

/// A range, the surrogates left out: no text has them by themselves.
fn write_range(first: u32, last: u32, class: &mut String) {
    let surrogate = |point: u32| (0xD800..0xE000).contains(&point);
    let first = if surrogate(first) { 0xE000 } else { first };
    let last = if surrogate(last) { 0xD7FF } else { last };
    if first <= last {
        write_point(first, class);
        class.push('-');
        write_point(last, class);
    }
}
