//! JSON: compact text from values, and values from text, strict or in the lenient forms that Deluge takes.

mod paths;
mod read;

use std::fmt;

use super::entries::Entries;
use super::print::{MAX_BYTES, MAX_DEPTH, write_plain};
use super::{Collection, Contents, DateSettings, Unprintable, Value, double, leash};

/// The stack that writing the deepest value may take; more is made where less is left.
const STACK: usize = 512 << 10;

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The byte of the text at which reading ended.
    pub offset: usize,
    /// What would have fitted there.
    pub expected: &'static str,
    /// What is there; `None` at the end of the text.
    pub found: Option<char>,
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            offset,
            expected,
            found,
        } = self;
        match found {
            Some(found) => write!(
                formatter,
                "expected {expected} at byte {offset}, found `{}`",
                found.escape_debug()
            ),
            None => write!(
                formatter,
                "expected {expected}, found the end of the text (byte {offset})"
            ),
        }
    }
}

impl std::error::Error for JsonError {}

/// Reads JSON as RFC 8259 has it. Whole numbers within 64 bits become NUMBER, others DECIMAL: exact up to 28 digits,
/// else a double. The last of two equal keys counts.
///
/// # Errors
/// The text is not JSON, or nested more than [`MAX_DEPTH`] deep.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    read::read(text, false)
}

/// Reads JSON, and as well what Zoho takes for it: bare words as keys and values, single quotes, `=` for `:`, `;` for
/// `,`, a comma before the closing bracket, line breaks inside texts
/// (deluge/help/functions/text/tomap.html shows `{company:Zoho, product:Creator}`).
/// A text that is strict JSON is read as [`parse`] reads it.
///
/// # Errors
/// The text is neither, or nested more than [`MAX_DEPTH`] deep.
pub fn parse_lenient(text: &str) -> Result<Value, JsonError> {
    read::read(text, true)
}

/// A value as compact JSON.
///
/// # Errors
/// The value contains itself or is nested too deeply.
pub fn to_text(value: &Value, dates: &DateSettings) -> Result<String, Unprintable> {
    let mut text = String::new();
    write(value, dates, &mut text)?;
    Ok(text)
}

/// Appends a value as compact JSON: keys in their order, exact digits, dates and files as their text form. Doubles that
/// JSON has no number for are null.
///
/// # Errors
/// The value contains itself or is nested too deeply; what was appended until then stays.
pub fn write(value: &Value, dates: &DateSettings, out: &mut String) -> Result<(), Unprintable> {
    let value = value.settled();
    let mut writer = Writer { dates, out };
    if value.is_container() {
        stacker::maybe_grow(STACK, STACK, || writer.value(value, 0))
    } else {
        writer.value(value, 0)
    }
}

/// Appends a text in double quotes, escaped.
pub fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut clean = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(text.get(clean..at).unwrap_or_default());
        clean = at + 1;
        write_escape(byte, out);
    }
    out.push_str(text.get(clean..).unwrap_or_default());
    out.push('"');
}

fn write_escape(byte: u8, out: &mut String) {
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        0x08 => out.push_str("\\b"),
        0x0C => out.push_str("\\f"),
        _ => {
            out.push_str("\\u00");
            out.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')));
        }
    }
}

struct Writer<'w> {
    dates: &'w DateSettings,
    out: &'w mut String,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Unprintable> {
        match value.settled() {
            Value::List(list) => self.array(&list.items(), depth),
            Value::Map(map) => self.object(&map.entries(), depth),
            Value::Collection(collection) => self.collection(collection, depth),
            Value::Empty(_) => {
                self.out.push_str("{}");
                Ok(())
            }
            plain => {
                let before = self.out.len();
                self.plain(plain);
                self.spend(self.out.len() - before)
            }
        }
    }

    fn plain(&mut self, value: &Value) {
        match value {
            Value::Double(double) if !double.is_finite() => self.out.push_str("null"),
            Value::Double(double) => double::write(*double, self.out),
            Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Decimal(_) | Value::BigDecimal(_) => {
                write_plain(value, self.dates, self.out);
            }
            other => self.quoted(other),
        }
    }

    fn quoted(&mut self, value: &Value) {
        match value.as_text() {
            Some(text) => write_quoted(text, self.out),
            None => {
                let mut text = String::new();
                write_plain(value, self.dates, &mut text);
                write_quoted(&text, self.out);
            }
        }
    }

    fn enter(&self, depth: usize) -> Result<usize, Unprintable> {
        if depth < MAX_DEPTH && self.out.len() <= MAX_BYTES {
            self.spend(1)?;
            Ok(depth + 1)
        } else {
            Err(Unprintable)
        }
    }

    /// Tells of so many written bytes.
    fn spend(&self, bytes: usize) -> Result<(), Unprintable> {
        if leash::spend(bytes, self.out.capacity()) {
            Ok(())
        } else {
            Err(Unprintable)
        }
    }

    fn array(&mut self, items: &[Value], depth: usize) -> Result<(), Unprintable> {
        let depth = self.enter(depth)?;
        self.out.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.value(item, depth)?;
        }
        self.out.push(']');
        Ok(())
    }

    fn object(&mut self, entries: &Entries, depth: usize) -> Result<(), Unprintable> {
        let depth = self.enter(depth)?;
        self.out.push('{');
        for (index, (key, value)) in entries.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.quoted(key.value());
            self.out.push(':');
            self.value(value, depth)?;
        }
        self.out.push('}');
        Ok(())
    }

    fn collection(&mut self, collection: &Collection, depth: usize) -> Result<(), Unprintable> {
        match &*collection.contents() {
            Contents::Empty => {
                self.out.push_str("{}");
                Ok(())
            }
            Contents::Values(values) => self.array(values, depth),
            Contents::Pairs(pairs) => self.object(pairs, depth),
        }
    }
}

#[cfg(test)]
mod tests;
