//! Values as a script would write them: `"text"`, `{1, 2}`, `{"a": 1}`. For people who look at a value, in a session or
//! in the trace of a run; cut or folded where it is long, with nothing in it that steers a terminal.

use unicode_width::UnicodeWidthStr;

use super::print::write_plain;
use super::{Contents, DateSettings, Value};

/// How much of a long value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Columns of a line. What fits stays on one line.
    pub width: usize,
    /// The most elements of one container, each on a line of its own; of short plain ones, of which many stand on a line,
    /// ten times as many.
    pub elements: usize,
}

/// The most containers that are shown inside each other.
const DEPTH: usize = 12;

/// The most characters of a text that is folded.
const LONG_TEXT: usize = 2_000;

impl Value {
    /// The value on one line of at most `most` characters; `…` stands for the rest.
    pub fn notation(&self, dates: &DateSettings, most: usize) -> String {
        let mut writer = Writer::new(dates, most);
        writer.value(self, 0);
        writer.finish()
    }

    /// The value on as many lines as it takes: one where it fits, else one an element, up to the limits of `fold`.
    pub fn folded(&self, dates: &DateSettings, fold: Fold) -> String {
        let mut out = String::new();
        Folder { dates, fold }.value(self, 0, &mut out);
        out
    }
}

/// What a container holds, for both ways of writing.
struct Parts {
    open: &'static str,
    close: char,
    /// Keys, where it has some, and values.
    entries: Vec<(Option<Value>, Value)>,
    hidden: usize,
}

/// The first `most` elements of a container; `None` for any other value and for an empty container.
fn parts(value: &Value, most: usize) -> Option<Parts> {
    let (open, close, length, entries): (_, _, usize, Vec<(Option<Value>, Value)>) = match value.settled() {
        Value::List(list) => {
            let items = list.items();
            let first = items.iter().take(most).map(|item| (None, item.clone()));
            ("{", '}', items.len(), first.collect())
        }
        Value::Map(map) => {
            let entries = map.entries();
            let first = entries.iter().take(most);
            let first = first.map(|(key, value)| (Some(key.value().clone()), value.clone()));
            ("{", '}', entries.len(), first.collect())
        }
        Value::Collection(collection) => match &*collection.contents() {
            Contents::Empty => return None,
            Contents::Values(values) => {
                let first = values.iter().take(most).map(|value| (None, value.clone()));
                ("Collection(", ')', values.len(), first.collect())
            }
            Contents::Pairs(pairs) => {
                let first = pairs.iter().take(most);
                let first = first.map(|(key, value)| (Some(key.value().clone()), value.clone()));
                ("Collection(", ')', pairs.len(), first.collect())
            }
        },
        _ => return None,
    };
    (length > 0).then(|| Parts {
        open,
        close,
        hidden: length - entries.len(),
        entries,
    })
}

/// Writes on one line and stops at its length.
struct Writer<'d> {
    dates: &'d DateSettings,
    out: String,
    left: usize,
    cut: bool,
}

impl<'d> Writer<'d> {
    fn new(dates: &'d DateSettings, most: usize) -> Self {
        Self {
            dates,
            out: String::new(),
            left: most,
            cut: false,
        }
    }

    fn finish(mut self) -> String {
        if self.cut {
            self.out.pop();
            self.out.push('…');
        }
        self.out
    }

    fn push(&mut self, character: char) {
        if self.left == 0 {
            self.cut = true;
        } else {
            self.left -= 1;
            self.out.push(character);
        }
    }

    fn word(&mut self, text: &str) {
        text.chars()
            .take(self.left + 1)
            .for_each(|character| self.push(character));
    }

    fn value(&mut self, value: &Value, depth: usize) {
        let Some(parts) = parts(value, self.left + 1) else {
            return self.plain(value.settled());
        };
        if depth == DEPTH {
            return self.word("{…}");
        }
        self.word(parts.open);
        for (index, (key, value)) in parts.entries.iter().enumerate() {
            if self.cut {
                return;
            }
            if index > 0 {
                self.word(", ");
            }
            if let Some(key) = key {
                self.value(key, depth + 1);
                self.word(": ");
            }
            self.value(value, depth + 1);
        }
        self.push(parts.close);
    }

    fn plain(&mut self, value: &Value) {
        match value {
            Value::ShortText(_) | Value::Text(_) => self.quoted(value.as_text().unwrap_or_default()),
            Value::Date(_) | Value::DateTime(_) => {
                self.push('\'');
                self.written(value);
                self.push('\'');
            }
            Value::List(_) => self.word("List()"),
            Value::Map(_) => self.word("Map()"),
            Value::Collection(_) => self.word("Collection()"),
            Value::Empty(_) => self.word("{}"),
            Value::File(file) => {
                let content = file.content();
                self.word("file ");
                self.quoted(&content.name);
                self.word(&format!(" of {} bytes", content.bytes().len()));
            }
            Value::Caught(caught) => {
                self.word("error ");
                self.quoted(&caught.message);
                self.word(&format!(" in line {}", caught.line));
            }
            _ => self.written(value),
        }
    }

    fn written(&mut self, value: &Value) {
        let mut text = String::new();
        write_plain(value, self.dates, &mut text);
        self.word(&text);
    }

    fn quoted(&mut self, text: &str) {
        self.push('"');
        for character in text.chars() {
            if self.cut {
                return;
            }
            match character {
                '"' | '\\' => self.word(&format!("\\{character}")),
                '\n' => self.word("\\n"),
                '\r' => self.word("\\r"),
                '\t' => self.word("\\t"),
                character => self.push(visible(character)),
            }
        }
        self.push('"');
    }
}

/// A character, or what stands for it where it would steer the terminal or reorder the line.
fn visible(character: char) -> char {
    match character {
        '\0'..='\x1f' => char::from_u32(0x2400 + character as u32).unwrap_or(' '),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' => '\u{fffd}',
        '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => character,
    }
}

/// Writes on several lines.
struct Folder<'d> {
    dates: &'d DateSettings,
    fold: Fold,
}

impl Folder<'_> {
    fn value(&self, value: &Value, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        let used = out.chars().rev().take_while(|character| *character != '\n').count();
        let room = self.fold.width.saturating_sub(used).max(20);
        let mut line = Writer::new(self.dates, room);
        line.value(value, depth);
        let parts = if line.cut && depth < DEPTH {
            parts(value, self.fold.elements)
        } else {
            None
        };
        let Some(parts) = parts else {
            return self.line(value, line, out);
        };
        if self.filled(value, &indent, out) {
            return;
        }
        out.push_str(parts.open);
        let last = parts.entries.len() - 1;
        for (index, (key, value)) in parts.entries.iter().enumerate() {
            out.push_str(&format!("\n{indent}  "));
            if let Some(key) = key {
                out.push_str(&key.notation(self.dates, self.fold.width / 2));
                out.push_str(": ");
            }
            self.value(value, depth + 1, out);
            if index < last || parts.hidden > 0 {
                out.push(',');
            }
        }
        if parts.hidden > 0 {
            out.push_str(&format!("\n{indent}  … {} more", parts.hidden));
        }
        out.push_str(&format!("\n{indent}{}", parts.close));
    }

    /// Writes a container of short plain values as full lines; `false` where it holds others.
    fn filled(&self, value: &Value, indent: &str, out: &mut String) -> bool {
        let Some(parts) = parts(value, self.fold.elements * 10) else {
            return false;
        };
        let most = self.fold.width / 4;
        let mut words = Vec::with_capacity(parts.entries.len());
        for (key, value) in &parts.entries {
            let mut writer = Writer::new(self.dates, most);
            writer.value(value, 0);
            if key.is_some() || writer.cut || self::parts(value, 1).is_some() {
                return false;
            }
            words.push(writer.finish() + ",");
        }
        if parts.hidden > 0 {
            words.push(format!("… {} more", parts.hidden));
        } else if let Some(last) = words.last_mut() {
            last.pop();
        }
        out.push_str(parts.open);
        let mut used = self.fold.width;
        for word in words {
            let columns = word.width();
            if used + 1 + columns > self.fold.width {
                out.push_str(&format!("\n{indent}  {word}"));
                used = indent.len() + 2 + columns;
            } else {
                out.push_str(&format!(" {word}"));
                used += 1 + columns;
            }
        }
        out.push_str(&format!("\n{indent}{}", parts.close));
        true
    }

    /// What has no elements to put on lines of their own: a long text goes on over the end of the line.
    fn line(&self, value: &Value, line: Writer<'_>, out: &mut String) {
        let text = value.as_text().filter(|_| line.cut);
        let Some(text) = text else {
            return out.push_str(&line.finish());
        };
        out.push_str(&value.notation(self.dates, LONG_TEXT));
        let length = text.chars().count();
        if length > LONG_TEXT {
            out.push_str(&format!(" ({length} characters)"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Kind, List, Map, json};

    fn shown(text: &str, most: usize) -> String {
        json::parse(text).unwrap().notation(&DateSettings::default(), most)
    }

    fn folded(text: &str, width: usize) -> String {
        let fold = Fold { width, elements: 3 };
        json::parse(text).unwrap().folded(&DateSettings::default(), fold)
    }

    #[test]
    fn values_are_written_as_a_script_would() {
        assert_eq!(
            shown(r#"{"a":[1,2.50,"x"],"b":{}}"#, 80),
            r#"{"a": {1, 2.50, "x"}, "b": Map()}"#
        );
        assert_eq!(shown(r#""say \"hi\"\n\\""#, 80), r#""say \"hi\"\n\\""#);
        assert_eq!(Value::Null.notation(&DateSettings::default(), 9), "null");
        let list = Value::List(List::typed(Vec::new(), Some(Kind::Number)));
        assert_eq!(list.notation(&DateSettings::default(), 9), "List()");
    }

    #[test]
    fn a_line_is_cut_at_its_length() {
        assert_eq!(shown("[1,2,3,4,5]", 15), "{1, 2, 3, 4, 5}");
        assert_eq!(shown("[1,2,3,4,5]", 14), "{1, 2, 3, 4, …");
        assert_eq!(shown(r#""日本語の長い文""#, 5), "\"日本語…");
    }

    #[test]
    fn what_does_not_fit_is_folded() {
        assert_eq!(folded("[1,2]", 20), "{1, 2}");
        let text = r#"{"name":"Amy","list":[1,2,3,4,5,6,7,8,9],"more":true,"x":1}"#;
        let expected = "{\n  \"name\": \"Amy\",\n  \"list\": {\n    1, 2, 3, 4, 5,\n    6, 7, 8, 9\n  },\n  \"more\": true,\n  … 1 more\n}";
        assert_eq!(folded(text, 20), expected);
        let numbers = format!(
            "[{}]",
            (0..40).map(|number| number.to_string()).collect::<Vec<_>>().join(",")
        );
        let lines = folded(&numbers, 40);
        assert!(
            lines.starts_with("{\n  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,\n"),
            "{lines}"
        );
        assert!(lines.ends_with("28, 29,\n  … 10 more\n}"), "{lines}");
        assert!(lines.lines().all(|line| line.len() <= 42), "{lines}");
        let texts = r#"["a text that is long enough","another"]"#;
        assert_eq!(
            folded(texts, 24),
            "{\n  \"a text that is long enough\",\n  \"another\"\n}"
        );
    }

    #[test]
    fn what_contains_itself_ends() {
        let map = Map::default();
        map.put(Value::text("me"), Value::Map(map.clone()));
        let value = Value::Map(map.clone());
        assert!(value.notation(&DateSettings::default(), 1_000).contains("{…}"));
        let fold = Fold { width: 30, elements: 9 };
        assert!(value.folded(&DateSettings::default(), fold).ends_with('}'));
        map.put(Value::text("me"), Value::Null);
    }

    #[test]
    fn nothing_in_a_value_steers_the_terminal() {
        let text = shown(r#""\u001b[2J\u202e""#, 80);
        assert_eq!(text, "\"␛[2J\u{fffd}\"");
    }
}
