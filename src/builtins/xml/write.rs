//! Values as XML: a map is an element of elements named by its keys, a list repeats the element it stands in
//! (creator/newhelp/script/built-in-functions/built-in-function-xml.html).

use std::borrow::Cow;

use crate::value::{Contents, DateSettings, Entries, MAX_DEPTH, Unprintable, Value, leash};

/// The element around everything.
const ROOT: &str = "root";

/// The element of a list that stands in a list.
const INNER: &str = "array";

/// The stack that writing the deepest value may take; more is made where less is left.
const STACK: usize = 512 << 10;

/// Appends a value as XML under one `root` element; a list gives one for each of its elements.
///
/// # Errors
/// The value contains itself or is nested too deeply.
pub(super) fn value(value: &Value, dates: &DateSettings, out: &mut String) -> Result<(), Unprintable> {
    stacker::maybe_grow(STACK, STACK, || Writer { dates, out }.named(ROOT, value, 0))
}

/// Appends an element with what `inside` appends.
pub(super) fn element(name: &str, out: &mut String, inside: impl FnOnce(&mut String)) {
    start(name, out);
    inside(out);
    end(name, out);
}

/// Appends a text with the signs escaped that XML knows. What XML cannot hold at all becomes U+FFFD.
pub(super) fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' | '\r' => out.push(character),
            '\0'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}' => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(character),
        }
    }
}

fn start(name: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    out.push('>');
}

fn end(name: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// A key as the name of an element: signs that no name may hold become `_`.
fn name_of(key: &str) -> Cow<'_, str> {
    let begins = |character: char| character.is_alphabetic() || matches!(character, '_' | ':');
    let goes_on = |character: char| begins(character) || character.is_numeric() || matches!(character, '-' | '.');
    if key.starts_with(begins) && key.chars().all(goes_on) {
        return Cow::Borrowed(key);
    }
    let mut name = String::with_capacity(key.len() + 1);
    if !key.starts_with(begins) {
        name.push('_');
    }
    // The sign that was in the way at the front is replaced already, unless it may follow.
    let skipped = usize::from(!key.starts_with(begins) && !key.starts_with(goes_on));
    name.extend(
        key.chars()
            .skip(skipped)
            .map(|character| if goes_on(character) { character } else { '_' }),
    );
    Cow::Owned(name)
}

struct Writer<'w> {
    dates: &'w DateSettings,
    out: &'w mut String,
}

impl Writer<'_> {
    /// A value under a name: elements of a list each under it.
    fn named(&mut self, name: &str, value: &Value, depth: usize) -> Result<(), Unprintable> {
        match value.settled() {
            Value::List(list) => self.items(name, &list.items(), depth),
            Value::Collection(collection) => match &*collection.contents() {
                Contents::Values(values) => self.items(name, values, depth),
                _ => self.one(name, value, depth),
            },
            value => self.one(name, value, depth),
        }
    }

    fn items(&mut self, name: &str, items: &[Value], depth: usize) -> Result<(), Unprintable> {
        items.iter().try_for_each(|item| self.one(name, item, depth))
    }

    /// One element. What it writes is told to the leash of the run: a few shared containers can make an endless text.
    fn one(&mut self, name: &str, value: &Value, depth: usize) -> Result<(), Unprintable> {
        let before = self.out.len();
        self.write_one(name, value, depth)?;
        if leash::spend(1 + self.out.len() - before, self.out.capacity()) {
            Ok(())
        } else {
            Err(Unprintable)
        }
    }

    fn write_one(&mut self, name: &str, value: &Value, depth: usize) -> Result<(), Unprintable> {
        if depth >= MAX_DEPTH {
            return Err(Unprintable);
        }
        let depth = depth + 1;
        match value.settled() {
            list @ Value::List(_) => self.around(name, |this| this.named(INNER, list, depth)),
            Value::Map(map) => self.around(name, |this| this.entries(&map.entries(), depth)),
            collection @ Value::Collection(inside) => self.around(name, |this| match &*inside.contents() {
                Contents::Empty => Ok(()),
                Contents::Pairs(pairs) => this.entries(pairs, depth),
                Contents::Values(_) => this.named(INNER, collection, depth),
            }),
            Value::Empty(_) => self.around(name, |_| Ok(())),
            plain => {
                let text = plain.to_text(self.dates)?;
                if text.is_empty() {
                    start(name, self.out);
                    self.out.insert(self.out.len() - 1, '/');
                } else {
                    element(name, self.out, |out| escape(&text, out));
                }
                Ok(())
            }
        }
    }

    fn entries(&mut self, entries: &Entries, depth: usize) -> Result<(), Unprintable> {
        for (key, value) in entries {
            let key = match key.value().as_text() {
                Some(text) => text.to_owned(),
                None => key.value().to_text(self.dates)?,
            };
            self.named(&name_of(&key), value, depth)?;
        }
        Ok(())
    }

    fn around(
        &mut self,
        name: &str,
        inside: impl FnOnce(&mut Self) -> Result<(), Unprintable>,
    ) -> Result<(), Unprintable> {
        start(name, self.out);
        inside(self)?;
        end(name, self.out);
        Ok(())
    }
}
