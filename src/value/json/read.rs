//! The reader of JSON: one pass over the text, straight into values, without recursion.

use std::borrow::Cow;

use super::JsonError;
use super::paths::{self, Paths};
use crate::value::entries::{self, Entries};
use crate::value::map::Key;
use crate::value::print::MAX_DEPTH;
use crate::value::{Decimal, List, Map, Value, convert, leash};

/// Reads a whole text. A strict text is read alike with and without `lenient`.
pub(super) fn read(text: &str, lenient: bool) -> Result<Value, JsonError> {
    let at = if lenient && text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let reader = Reader {
        text,
        at,
        lenient,
        items: Vec::new(),
        pairs: Vec::new(),
        paths: Paths::of(text),
    };
    reader.whole()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    lenient: bool,
    /// The items of all lists whose end is not read yet, and the values of all maps on a path, and the pairs of all others:
    /// a container is made when its size is known, so it takes no room that it does not need.
    items: Vec<Value>,
    pairs: Vec<entries::Place>,
    paths: Paths,
}

/// A container whose end is not read yet.
enum Open {
    /// Where its items begin.
    List(usize),
    /// A map whose keys are on a path: where its values begin, and the place of the key whose value comes next.
    Alike(usize, paths::Place),
    /// Any other map: where its pairs begin, and the key whose value comes next.
    Map(usize, Value),
}

/// What stands at the place of a value.
enum Start {
    Whole(Value),
    List,
    Map,
}

type Read<T> = Result<T, JsonError>;

/// What a pair of a map weighs.
const PAIR: usize = 2 * size_of::<Value>();

impl<'t> Reader<'t> {
    fn whole(mut self) -> Read<Value> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let mut value = match self.start(open.last())? {
                Start::Whole(value) => value,
                start => match self.open(start, &mut open)? {
                    Some(empty) => empty,
                    None => continue,
                },
            };
            // Every container that ends here is itself a value of the one around it.
            loop {
                match self.place(value, &mut open)? {
                    Placed::More => break,
                    Placed::Closed(container) => value = container,
                    Placed::Last(value) => return self.end(value),
                }
            }
        }
    }

    fn end(&mut self, value: Value) -> Read<Value> {
        self.skip_blanks();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(self.expected("nothing behind the JSON value")),
        }
    }

    /// Opens a container; gives it where it is closed at once.
    fn open(&mut self, start: Start, open: &mut Vec<Open>) -> Read<Option<Value>> {
        if open.len() == MAX_DEPTH {
            return Err(self.expected("no more than 500 brackets inside each other"));
        }
        self.at += 1;
        if matches!(start, Start::List) {
            if self.closes(b']') {
                return Ok(Some(Value::List(List::new(Vec::new()))));
            }
            open.push(Open::List(self.items.len()));
        } else {
            if self.closes(b'}') {
                return Ok(Some(Value::Map(Map::default())));
            }
            let key = self.key()?;
            let (values, pairs) = (self.items.len(), self.pairs.len());
            open.push(match self.paths.step(paths::ROOT, &key) {
                Some(place) => Open::Alike(values, place),
                None => Open::Map(pairs, Value::from_cow(key)),
            });
        }
        Ok(None)
    }

    /// Puts a value into the innermost open container, and looks whether that ends.
    fn place(&mut self, value: Value, open: &mut Vec<Open>) -> Read<Placed> {
        let more = match open.last_mut() {
            None => return Ok(Placed::Last(value)),
            Some(Open::List(_)) => {
                self.items.push(value);
                self.spend(size_of::<Value>())?;
                self.more(b']', "`,` or `]`")?
            }
            Some(Open::Map(_, key)) => {
                self.pairs.push(Some((Key::new(std::mem::take(key)), value)));
                self.spend(PAIR)?;
                let more = self.more(b'}', "`,` or `}`")?;
                if more {
                    *key = Value::from_cow(self.key()?);
                }
                more
            }
            Some(map @ Open::Alike(..)) => {
                self.items.push(value);
                self.spend(PAIR)?;
                let more = self.more(b'}', "`,` or `}`")?;
                if more {
                    self.go_on(map)?;
                }
                more
            }
        };
        if more {
            return Ok(Placed::More);
        }
        Ok(match open.pop() {
            Some(Open::List(from)) => Placed::Closed(Value::List(List::new(split(&mut self.items, from)))),
            Some(Open::Map(from, _)) => {
                let entries = Entries::of(split(&mut self.pairs, from));
                Placed::Closed(Value::Map(Map::new(entries)))
            }
            Some(Open::Alike(from, end)) => {
                let entries = match self.paths.shape(end) {
                    Some(shape) => Entries::alike(shape, self.items.drain(from..).collect()),
                    None => Entries::of(
                        self.paths
                            .keys(end)
                            .into_iter()
                            .zip(self.items.drain(from..))
                            .map(Some)
                            .collect(),
                    ),
                };
                Placed::Closed(Value::Map(Map::new(entries)))
            }
            None => Placed::Last(Value::Null),
        })
    }

    /// Reads the next key of a map whose keys were on a path until now.
    fn go_on(&mut self, map: &mut Open) -> Read<()> {
        let key = self.key()?;
        if let Open::Alike(from, place) = map {
            match self.paths.step(*place, &key) {
                Some(next) => *place = next,
                None => {
                    let pairs = self.pairs.len();
                    let values = self.items.drain(*from..);
                    self.pairs
                        .extend(self.paths.keys(*place).into_iter().zip(values).map(Some));
                    *map = Open::Map(pairs, Value::from_cow(key));
                }
            }
        }
        Ok(())
    }

    /// Tells of a value that was read, and of those that no container holds yet.
    fn spend(&self, work: usize) -> Read<()> {
        let held = self.items.capacity() * size_of::<Value>() + self.pairs.capacity() * PAIR;
        if leash::spend(work, held) {
            Ok(())
        } else {
            Err(self.expected("fewer values than the run may hold"))
        }
    }

    /// Whether a further element follows; `false` where the container ends.
    fn more(&mut self, close: u8, expected: &'static str) -> Read<bool> {
        self.skip_blanks();
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(b',') => {
                self.at += 1;
                Ok(!(self.lenient && self.closes(close)))
            }
            Some(b';') if self.lenient => {
                self.at += 1;
                Ok(!self.closes(close))
            }
            _ => Err(self.expected(expected)),
        }
    }

    /// Steps over blanks, and over a closing bracket where it follows.
    fn closes(&mut self, close: u8) -> bool {
        self.skip_blanks();
        let closes = self.peek() == Some(close);
        self.at += usize::from(closes);
        closes
    }

    fn start(&mut self, around: Option<&Open>) -> Read<Start> {
        let outermost = around.is_none();
        self.skip_blanks();
        match self.peek() {
            Some(b'"') => self.text(b'"').map(Start::Whole),
            Some(b'{') => Ok(Start::Map),
            Some(b'[') => Ok(Start::List),
            Some(byte) if byte.is_ascii_digit() || byte == b'-' => {
                let from = self.at;
                match self.number() {
                    Some(number) if self.at_delimiter() => Ok(Start::Whole(number)),
                    _ => {
                        self.at = from;
                        self.word(outermost).map(Start::Whole)
                    }
                }
            }
            Some(b'\'') if self.lenient && !outermost => self.text(b'\'').map(Start::Whole),
            Some(b',' | b']' | b';') if self.lenient && matches!(around, Some(Open::List(_))) => {
                Ok(Start::Whole(Value::Null))
            }
            _ => self.word(outermost).map(Start::Whole),
        }
    }

    /// `true`, `false`, `null`, or a bare word.
    fn word(&mut self, outermost: bool) -> Read<Value> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        for (word, value) in [
            ("true", Value::Boolean(true)),
            ("false", Value::Boolean(false)),
            ("null", Value::Null),
        ] {
            if rest.starts_with(word) {
                let from = self.at;
                self.at += word.len();
                if self.at_delimiter() {
                    return Ok(value);
                }
                self.at = from;
            }
        }
        let expected = if outermost { "`{` or `[`" } else { "a value" };
        if !self.lenient || outermost {
            return Err(self.expected(expected));
        }
        let word = self.bare(b",;]}", expected)?;
        Ok(match word {
            _ if word.eq_ignore_ascii_case("true") => Value::Boolean(true),
            _ if word.eq_ignore_ascii_case("false") => Value::Boolean(false),
            _ if word.eq_ignore_ascii_case("null") => Value::Null,
            _ => Value::text(word),
        })
    }

    /// A bare word up to one of these bytes, without the blanks around it.
    fn bare(&mut self, ends: &[u8], expected: &'static str) -> Read<&'t str> {
        let text = self.text;
        let rest = text.get(self.at..).unwrap_or_default();
        let end = rest
            .bytes()
            .position(|byte| ends.contains(&byte) || b"\"[{".contains(&byte));
        let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default().trim();
        if word.is_empty() {
            return Err(self.expected(expected));
        }
        self.at += end.unwrap_or(rest.len());
        match self.peek() {
            Some(byte) if ends.contains(&byte) => Ok(word),
            _ => Err(self.expected("the end of the bare word")),
        }
    }

    /// A key with the colon behind it.
    fn key(&mut self) -> Read<Cow<'t, str>> {
        self.skip_blanks();
        let key = match self.peek() {
            Some(b'"') => self.quoted(b'"')?,
            Some(b'\'') if self.lenient => self.quoted(b'\'')?,
            _ if self.lenient => Cow::Borrowed(self.bare(b":=,;}]", "a key")?),
            _ => return Err(self.expected("a key in double quotes")),
        };
        self.skip_blanks();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(b'=') if self.lenient => {
                self.at += 1;
                self.at += usize::from(self.peek() == Some(b'>'));
            }
            _ => return Err(self.expected("`:`")),
        }
        Ok(key)
    }

    /// A text in quotes as value.
    fn text(&mut self, quote: u8) -> Read<Value> {
        self.quoted(quote).map(Value::from_cow)
    }

    /// A text in quotes.
    fn quoted(&mut self, quote: u8) -> Read<Cow<'t, str>> {
        self.at += 1;
        let from = self.at;
        let end = self.special(quote)?;
        if self.text.as_bytes().get(end) == Some(&quote) {
            self.at = end + 1;
            return Ok(Cow::Borrowed(self.text.get(from..end).unwrap_or_default()));
        }
        let mut content = String::new();
        let mut clean = from;
        loop {
            let at = self.special(quote)?;
            content.push_str(self.text.get(clean..at).unwrap_or_default());
            self.at = at + 1;
            if self.text.as_bytes().get(at) == Some(&quote) {
                content.shrink_to_fit();
                return Ok(Cow::Owned(content));
            }
            self.escape(&mut content)?;
            clean = self.at;
        }
    }

    /// The offset of the next quote or backslash from here on.
    fn special(&mut self, quote: u8) -> Read<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        loop {
            at += clean_bytes(bytes.get(at..).unwrap_or_default(), quote);
            match bytes.get(at) {
                Some(byte) if *byte == quote || *byte == b'\\' => return Ok(at),
                Some(_) if self.lenient => at += 1,
                Some(_) => {
                    self.at = at;
                    return Err(self.expected("an escaped control character"));
                }
                None => {
                    self.at = at;
                    return Err(self.expected("the closing quote"));
                }
            }
        }
    }

    /// What a backslash stands for; the backslash is read already.
    fn escape(&mut self, content: &mut String) -> Read<()> {
        let character = match self.peek() {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(byte @ (b'"' | b'\\' | b'/')) => byte.into(),
            Some(b'\'') if self.lenient => '\'',
            Some(b'u') => {
                self.at += 1;
                content.push(self.unicode()?);
                return Ok(());
            }
            _ => return Err(self.expected("an escape that JSON knows")),
        };
        self.at += 1;
        content.push(character);
        Ok(())
    }

    /// The character of a `\u` escape, or of two that make a pair; half a pair is U+FFFD.
    fn unicode(&mut self) -> Read<char> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let after = self.at;
        if self.text.get(after..).is_some_and(|rest| rest.starts_with("\\u")) {
            self.at += 2;
            let second = self.hex()?;
            if (0xDC00..0xE000).contains(&second) {
                let pair = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = after;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Read<u32> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                self.at += 4;
                Ok(unit)
            }
            None => Err(self.expected("four hexadecimal digits")),
        }
    }

    /// A number as JSON writes it; `None` where this is none.
    fn number(&mut self) -> Option<Value> {
        let from = self.at;
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let (mut mantissa, start) = (0i64, self.at);
        self.digits(&mut mantissa);
        let whole = self.at - start;
        if whole == 0 || whole > 1 && self.text.as_bytes().get(start) == Some(&b'0') {
            return None;
        }
        let mut scale = 0;
        if self.peek() == Some(b'.') {
            self.at += 1;
            let start = self.at;
            self.digits(&mut mantissa);
            scale = self.at - start;
            if scale == 0 {
                return None;
            }
        }
        let mut plain = whole + scale <= 18;
        if matches!(self.peek(), Some(b'e' | b'E')) {
            plain = false;
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            let start = self.at;
            self.digits(&mut 0);
            if self.at == start {
                return None;
            }
        }
        if plain {
            let mantissa = if negative { -mantissa } else { mantissa };
            return if scale == 0 {
                Some(Value::Number(mantissa))
            } else {
                Decimal::new(mantissa, scale as u32).map(Value::Decimal)
            };
        }
        let literal = self.text.get(from..self.at)?;
        // A number beyond what a double reaches stays what was written.
        Some(convert::number(literal).unwrap_or_else(|| Value::text(literal)))
    }

    /// Steps over digits, adding them to a mantissa; more than 18 make it meaningless.
    fn digits(&mut self, mantissa: &mut i64) {
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            *mantissa = mantissa.wrapping_mul(10).wrapping_add(i64::from(byte - b'0'));
            self.at += 1;
        }
    }

    /// Whether a number or word may end here.
    fn at_delimiter(&mut self) -> bool {
        let from = self.at;
        self.skip_blanks();
        let ends = matches!(self.peek(), None | Some(b',' | b']' | b'}' | b';'));
        // Only a lenient word may go on behind a blank; the strict reader reports what follows.
        let blank = self.at > from;
        self.at = from;
        ends || blank && !self.lenient
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            if byte > b' ' || !self.lenient && !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return;
            }
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[cold]
    fn expected(&self, expected: &'static str) -> JsonError {
        JsonError {
            offset: self.at.min(self.text.len()),
            expected,
            found: self.text.get(self.at..).and_then(|rest| rest.chars().next()),
        }
    }
}

/// Where a value went.
enum Placed {
    /// Into a container in which more follows.
    More,
    /// Into a container that is whole now.
    Closed(Value),
    /// Nowhere: it is the value of the text.
    Last(Value),
}

/// As many items of a container are moved once more rather than with what lay before them.
const FEW: usize = 1 << 12;

/// Takes the end of a stack off it, in memory of its size. Where it is most of the stack it keeps the stack's memory, so
/// that a large container is never there twice.
fn split<T>(stack: &mut Vec<T>, from: usize) -> Vec<T> {
    if stack.len() < from + FEW || stack.len() < 2 * from {
        return stack.drain(from..).collect();
    }
    let before = stack.drain(..from).collect();
    let mut taken = std::mem::replace(stack, before);
    taken.shrink_to_fit();
    taken
}

/// How many bytes from the start are neither quote nor backslash nor control character; eight are looked at at once.
fn clean_bytes(bytes: &[u8], quote: u8) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    let equal = |word: u64, byte: u8| {
        let difference = word ^ (ONES * u64::from(byte));
        difference.wrapping_sub(ONES) & !difference
    };
    let (chunks, _) = bytes.as_chunks::<8>();
    for (index, chunk) in chunks.iter().enumerate() {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (control | equal(word, quote) | equal(word, b'\\')) & HIGHS;
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let rest = chunks.len() * 8;
    let tail = bytes.get(rest..).unwrap_or_default();
    let clean = tail
        .iter()
        .position(|&byte| byte == quote || byte == b'\\' || byte < b' ');
    rest + clean.unwrap_or(tail.len())
}
