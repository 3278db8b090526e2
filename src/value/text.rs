//! TEXT: short texts inside the value, longer ones shared: in one block of memory up to a few words, else in a string that
//! grows in place while nobody else holds it.

use std::borrow::Cow;
use std::rc::Rc;

use super::{Value, memory};

/// A text of fewer bytes than `N`. Those behind it are zero, and the last one of all is the length, so that texts are
/// equal where all bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed<const N: usize>([u8; N]);

/// A text of at most 11 bytes, which lives inside its [`Value`]: one array that is copied and compared in two steps.
pub type ShortText = Packed<12>;

impl<const N: usize> Packed<N> {
    /// The most bytes that it holds; the length of that many still is one byte.
    pub(super) const MOST: usize = {
        assert!(N > 0 && N <= 256);
        N - 1
    };

    /// The text, if it is short enough.
    #[inline]
    pub fn new(text: &str) -> Option<Self> {
        let mut packed = Self([0; N]);
        packed.push(text).then_some(packed)
    }

    fn len(&self) -> usize {
        self.0[Self::MOST] as usize
    }

    /// The text.
    #[expect(
        unsafe_code,
        reason = "checking the bytes at every look took a fifth of all work on texts"
    )]
    #[inline]
    pub fn as_str(&self) -> &str {
        // SAFETY: the bytes are private to this file. They begin as none; only `push` writes them: a whole `str` behind
        // those that are there, whose length it adds. So the first `len` bytes are always whole `str`s one behind the
        // other, which is valid UTF-8.
        unsafe { std::str::from_utf8_unchecked(&self.0[..self.len()]) }
    }

    /// Puts more text behind it; `false`, and nothing changed, where there is not enough room.
    #[inline]
    fn push(&mut self, more: &str) -> bool {
        let length = self.len();
        let joined = length + more.len();
        if joined > Self::MOST {
            return false;
        }
        let Some(room) = self.0.get_mut(length..joined) else {
            return false;
        };
        room.copy_from_slice(more.as_bytes());
        self.0[Self::MOST] = joined as u8;
        true
    }
}

/// A text on the heap, shared by counting.
#[derive(Clone)]
pub struct Text(Rc<Shared>);

/// What the holders of a text share: with the two counts it is seven words.
enum Shared {
    /// So short that it needs no memory elsewhere.
    Packed(Packed<39>),
    /// Any length, and whether it is ASCII throughout.
    Long { content: String, ascii: bool },
}

impl Drop for Shared {
    fn drop(&mut self) {
        memory::shrink(self.weight());
    }
}

impl Shared {
    fn long(content: String, ascii: bool) -> Self {
        let shared = Self::Long { content, ascii };
        memory::grow(shared.weight());
        shared
    }

    fn packed(text: Packed<39>) -> Self {
        let shared = Self::Packed(text);
        memory::grow(shared.weight());
        shared
    }

    /// Two texts as one, with room to grow.
    fn joined(text: &str, more: &str) -> Self {
        let mut content = String::with_capacity((text.len() + more.len()) * 3 / 2);
        content.push_str(text);
        content.push_str(more);
        let ascii = content.is_ascii();
        Self::long(content, ascii)
    }

    /// Bytes that it takes.
    fn weight(&self) -> usize {
        match self {
            Self::Packed(_) => size_of::<Self>(),
            Self::Long { content, .. } => content.capacity() + size_of::<Self>(),
        }
    }
}

impl Text {
    /// A shared text that owns `content`. What was written bit by bit has room that it does not need: a long one gives it
    /// back.
    pub fn new(mut content: String) -> Self {
        const LONG: usize = 1 << 12;
        match Packed::new(&content) {
            Some(packed) => Self(Rc::new(Shared::packed(packed))),
            None => {
                if content.capacity() > content.len() + LONG {
                    content.shrink_to_fit();
                }
                let ascii = content.is_ascii();
                Self(Rc::new(Shared::long(content, ascii)))
            }
        }
    }

    /// A shared text with a copy of `content`.
    fn copied(content: &str) -> Self {
        match Packed::new(content) {
            Some(packed) => Self(Rc::new(Shared::packed(packed))),
            None => Self(Rc::new(Shared::long(content.to_owned(), content.is_ascii()))),
        }
    }

    /// Two texts as one.
    fn joined(text: &str, more: &str) -> Self {
        let packed = Packed::new(text).and_then(|mut packed| packed.push(more).then_some(packed));
        Self(Rc::new(
            packed.map_or_else(|| Shared::joined(text, more), Shared::packed),
        ))
    }

    /// The text.
    #[inline]
    pub fn as_str(&self) -> &str {
        match &*self.0 {
            Shared::Packed(text) => text.as_str(),
            Shared::Long { content, .. } => content,
        }
    }

    /// Whether every character is ASCII, so that bytes, characters and UTF-16 units count the same.
    pub fn is_ascii(&self) -> bool {
        match &*self.0 {
            Shared::Packed(text) => text.as_str().is_ascii(),
            Shared::Long { ascii, .. } => *ascii,
        }
    }

    /// Appends in place where nobody else holds the text and there is room, else to a copy with room to grow.
    fn push(&mut self, more: &str) {
        let in_place = match Rc::get_mut(&mut self.0) {
            Some(Shared::Long { content, ascii }) => {
                let before = content.capacity();
                content.push_str(more);
                *ascii &= more.is_ascii();
                memory::adjust(before, content.capacity());
                true
            }
            Some(Shared::Packed(text)) => text.push(more),
            None => false,
        };
        if !in_place {
            *self = Self::joined(self.as_str(), more);
        }
    }
}

impl Value {
    /// A TEXT with this content.
    pub fn text(content: &str) -> Self {
        ShortText::new(content).map_or_else(|| Self::Text(Text::copied(content)), Self::ShortText)
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

    /// Whether it is a TEXT whose characters are all ASCII. Known without looking for a long text.
    pub fn is_ascii(&self) -> bool {
        match self {
            Self::Text(text) => text.is_ascii(),
            short => short.as_text().is_some_and(str::is_ascii),
        }
    }

    /// Appends to a TEXT, in place where possible; a value of another kind is left as it is.
    pub fn push_text(&mut self, more: &str) {
        match self {
            Self::Text(text) => text.push(more),
            Self::ShortText(short) => {
                let has_room = short.push(more);
                if !has_room {
                    let joined = Text::joined(short.as_str(), more);
                    self.set(Self::Text(joined));
                }
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
        units(text.as_bytes())
    }
}

/// How many UTF-16 units begin in these bytes of a text: one with each character, two with those of four bytes. Counted
/// in pieces so small that a byte holds their count, which the processor does for many bytes at once.
fn units(bytes: &[u8]) -> usize {
    let begun = |byte: &u8| u8::from(byte & 0xC0 != 0x80) + u8::from(*byte >= 0xF0);
    let pieces = bytes.chunks(PIECE);
    pieces
        .map(|piece| usize::from(piece.iter().map(begun).sum::<u8>()))
        .sum()
}

/// A piece of a text has as many bytes, and no more than so many units.
const PIECE: usize = 64;

/// The byte offset of the character in which a UTF-16 index lies, and the index of that character.
fn locate(text: &str, index: usize) -> (usize, usize) {
    let (mut offset, mut before) = (0, 0);
    for piece in text.as_bytes().chunks(PIECE) {
        let further = before + units(piece);
        if further > index {
            break;
        }
        (offset, before) = (offset + piece.len(), further);
    }
    while !text.is_char_boundary(offset) {
        offset += 1;
    }
    for character in text.get(offset..).unwrap_or_default().chars() {
        let further = before + character.len_utf16();
        if further > index {
            break;
        }
        (offset, before) = (offset + character.len_utf8(), further);
    }
    (offset, before)
}

/// The UTF-16 units from `start` up to, not including, `end`; a cut inside a surrogate pair gives U+FFFD.
/// Bounds past the end count as the end.
pub fn utf16_slice(text: &str, start: usize, end: usize) -> Cow<'_, str> {
    if text.is_ascii() {
        let end = end.min(text.len());
        return Cow::Borrowed(text.get(start.min(end)..end).unwrap_or_default());
    }
    let (from, before) = locate(text, start);
    let rest = text.get(from..).unwrap_or_default();
    let (skipped, length) = (start - before, end.saturating_sub(start));
    let (to, whole) = locate(rest, length);
    if skipped == 0 && (whole == length || to == rest.len()) {
        return Cow::Borrowed(rest.get(..to).unwrap_or_default());
    }
    let units: Vec<u16> = rest.encode_utf16().skip(skipped).take(length).collect();
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
    locate(text, index).0
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
    fn texts_of_all_lengths_grow_alike() {
        assert_eq!(size_of::<Shared>(), 40);
        for step in ["a", "é", "0123456789", "😀😀😀😀😀😀😀😀😀"] {
            let (mut grown, mut shared) = (Value::text(""), Vec::new());
            for times in 1..50 {
                grown.push_text(step);
                assert_eq!(grown.as_text(), Some(step.repeat(times).as_str()));
                shared.push(grown.clone());
            }
            for (times, text) in (1..).zip(&shared) {
                assert_eq!(text.as_text(), Some(step.repeat(times).as_str()));
                assert!(!matches!(text, Value::Text(text) if text.is_ascii() != step.is_ascii()));
            }
        }
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

    proptest::proptest! {
        #[test]
        fn slices_are_those_of_the_units(text in "[ab\u{e9}\u{20ac}\u{1F600}]{0,200}", start in 0usize..250, length in 0usize..250) {
            let units: Vec<u16> = text.encode_utf16().collect();
            let end = (start + length).min(units.len());
            let expected = String::from_utf16_lossy(&units[start.min(end)..end]);
            proptest::prop_assert_eq!(utf16_slice(&text, start, start + length), expected);
            proptest::prop_assert_eq!(utf16_length(&text), units.len());
            let offset = byte_offset(&text, start);
            let index = utf16_index(&text, offset);
            let inside = index + 1 == start && text[offset..].starts_with('\u{1F600}');
            proptest::prop_assert!(index == start || inside || offset == text.len());
        }
    }
}
