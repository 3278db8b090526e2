//! TEXT: short texts inside the value, long ones shared and grown in place while nobody else holds them.

use std::borrow::Cow;
use std::rc::Rc;

use super::{Value, memory};

/// The most bytes a text may have to live inside its [`Value`].
pub(super) const SHORT: usize = 11;

/// A text of at most 11 bytes; those behind it are zero, and the last one of all is the length, so that texts are equal
/// where all bytes are. One array is copied and compared in two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortText([u8; SHORT + 1]);

impl ShortText {
    /// The text, if it is short enough.
    pub fn new(text: &str) -> Option<Self> {
        if text.len() > SHORT {
            return None;
        }
        let mut bytes = [0; SHORT + 1];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        bytes[SHORT] = text.len() as u8;
        Some(Self(bytes))
    }

    fn len(&self) -> usize {
        self.0[SHORT] as usize
    }

    /// The text.
    #[expect(
        unsafe_code,
        reason = "checking the bytes at every look took a fifth of all work on texts"
    )]
    #[inline]
    pub fn as_str(&self) -> &str {
        // SAFETY: the bytes are private to this file. `new` copies a whole `str` and its length; `followed_by` appends
        // a whole `str` behind it and adds its length; nothing else writes either. So the first `len` bytes are always whole
        // `str`s one behind the other, which is valid UTF-8.
        unsafe { std::str::from_utf8_unchecked(&self.0[..self.len()]) }
    }

    /// The text with another behind it, short or long.
    fn followed_by(mut self, more: &str) -> Value {
        let length = self.len();
        let joined = length + more.len();
        if let (true, Some(room)) = (joined <= SHORT, self.0.get_mut(length..joined)) {
            room.copy_from_slice(more.as_bytes());
            self.0[SHORT] = joined as u8;
            return Value::ShortText(self);
        }
        let mut content = String::with_capacity(joined.max(32));
        content.push_str(self.as_str());
        content.push_str(more);
        Value::Text(Text::new(content))
    }
}

/// A text on the heap, shared by counting.
#[derive(Clone)]
pub struct Text(Rc<Shared>);

struct Shared {
    content: String,
    ascii: bool,
}

impl Drop for Shared {
    fn drop(&mut self) {
        memory::shrink(self.content.capacity() + size_of::<Self>());
    }
}

impl Clone for Shared {
    fn clone(&self) -> Self {
        Self::new(self.content.clone(), self.ascii)
    }
}

impl Shared {
    fn new(content: String, ascii: bool) -> Self {
        memory::grow(content.capacity() + size_of::<Self>());
        Self { content, ascii }
    }
}

impl Text {
    /// A shared text that owns `content`.
    pub fn new(content: String) -> Self {
        let ascii = content.is_ascii();
        Self(Rc::new(Shared::new(content, ascii)))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0.content
    }

    /// Whether every character is ASCII, so that bytes, characters and UTF-16 units count the same.
    pub fn is_ascii(&self) -> bool {
        self.0.ascii
    }

    /// Appends in place where nobody else holds the text, else to a copy with room to grow.
    fn push(&mut self, more: &str) {
        if Rc::get_mut(&mut self.0).is_none() {
            let mut content = String::with_capacity((self.as_str().len() + more.len()) * 3 / 2);
            content.push_str(self.as_str());
            *self = Self(Rc::new(Shared::new(content, self.0.ascii)));
        }
        if let Some(shared) = Rc::get_mut(&mut self.0) {
            let before = shared.content.capacity();
            shared.content.push_str(more);
            shared.ascii &= more.is_ascii();
            memory::adjust(before, shared.content.capacity());
        }
    }
}

impl Value {
    /// A TEXT with this content.
    pub fn text(content: &str) -> Self {
        ShortText::new(content).map_or_else(|| Self::Text(Text::new(content.to_owned())), Self::ShortText)
    }

    /// A TEXT that takes over a string.
    pub fn from_string(content: String) -> Self {
        ShortText::new(&content).map_or_else(|| Self::Text(Text::new(content)), Self::ShortText)
    }

    /// A TEXT from either kind of string.
    pub fn from_cow(content: Cow<'_, str>) -> Self {
        match content {
            Cow::Borrowed(content) => Self::text(content),
            Cow::Owned(content) => Self::from_string(content),
        }
    }

    /// The content of a TEXT; `None` for every other kind.
    #[inline]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::ShortText(text) => Some(text.as_str()),
            Self::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// Appends to a TEXT, in place where possible; a value of another kind is left as it is.
    pub fn push_text(&mut self, more: &str) {
        match self {
            Self::Text(text) => text.push(more),
            Self::ShortText(short) => {
                let joined = short.followed_by(more);
                self.set(joined);
            }
            _ => {}
        }
    }
}

/// Length of a text as Deluge counts it: in UTF-16 units, so that most emoji count 2 (DECISIONS: 17).
pub fn utf16_length(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    }
}

/// The UTF-16 units from `start` up to, not including, `end`; a cut inside a surrogate pair gives U+FFFD.
/// Bounds past the end count as the end.
pub fn utf16_slice(text: &str, start: usize, end: usize) -> Cow<'_, str> {
    if text.is_ascii() {
        let end = end.min(text.len());
        return Cow::Borrowed(text.get(start.min(end)..end).unwrap_or_default());
    }
    let units: Vec<u16> = text
        .encode_utf16()
        .skip(start)
        .take(end.saturating_sub(start))
        .collect();
    Cow::Owned(String::from_utf16_lossy(&units))
}

/// The UTF-16 index that belongs to a byte offset of the text.
pub fn utf16_index(text: &str, byte: usize) -> usize {
    utf16_length(text.get(..byte).unwrap_or(text))
}

/// The byte offset of a UTF-16 index; an index inside a surrogate pair counts as the character's start, one past the end
/// as the end.
pub fn byte_offset(text: &str, index: usize) -> usize {
    if text.is_ascii() {
        return index.min(text.len());
    }
    let mut units = 0;
    for (offset, character) in text.char_indices() {
        units += character.len_utf16();
        if units > index {
            return offset;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_grow_in_place_and_copies_stay() {
        let mut text = Value::text("");
        for _ in 0..5 {
            text.push_text("añb😀");
        }
        let copy = text.clone();
        text.push_text("!");
        assert_eq!(copy.as_text(), Some("añb😀".repeat(5).as_str()));
        assert_eq!(text.as_text(), Some(format!("{}!", "añb😀".repeat(5)).as_str()));
    }

    #[test]
    fn memory_is_given_back() {
        let before = memory::live();
        let mut text = Value::text(&"x".repeat(1000));
        assert!(memory::live() >= before + 1000);
        text.push_text(&"y".repeat(5000));
        assert!(memory::live() >= before + 6000);
        drop(text);
        assert_eq!(memory::live(), before);
    }

    #[test]
    fn indexes_count_utf16_units() {
        assert_eq!(utf16_length("a😀b"), 4);
        assert_eq!(utf16_slice("a😀b", 1, 3), "😀");
        assert_eq!(utf16_slice("a😀b", 2, 4), "\u{FFFD}b");
        assert_eq!(utf16_slice("abc", 2, 99), "c");
        assert_eq!(
            (byte_offset("a😀b", 3), byte_offset("a😀b", 2), byte_offset("a😀b", 9)),
            (5, 1, 6)
        );
        assert_eq!(utf16_index("a😀b", 5), 3);
    }
}
