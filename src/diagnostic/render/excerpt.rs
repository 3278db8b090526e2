//! One line of a file, made fit to be shown: cut around a place, tabs widened, control characters visible.

use unicode_width::UnicodeWidthChar;

use crate::source::{SourceFile, Span};

/// The most columns that are shown of a line.
const WIDTH: usize = 110;

/// How many columns of a longer line are shown before the place.
const BEFORE: usize = 50;

/// A tab is shown as this many blanks: where the next stop would be depends on what is drawn before the line.
const TAB: &str = "    ";

/// A line as it is shown.
pub(super) struct Excerpt {
    /// Its number, from 1.
    pub(super) number: u32,
    /// What is shown of it.
    pub(super) text: String,
    /// Offset in the file and offset in `text` of every shown character, in order, and of the end.
    places: Vec<(u32, u32)>,
}

impl Excerpt {
    /// The line in which `focus` begins, cut so that its beginning is visible.
    pub(super) fn around(file: &SourceFile, focus: Span) -> Self {
        let line = file.line_around(focus.start);
        let whole = file.slice(line);
        let mut at = (focus.start.clamp(line.start, line.end) - line.start) as usize;
        while !whole.is_char_boundary(at) {
            at -= 1;
        }
        let (from, to) = window(whole, at);
        let mut excerpt = Self {
            number: file.line_column(line.start).line,
            text: String::new(),
            places: Vec::new(),
        };
        if from > 0 {
            excerpt.text.push('…');
        }
        for (index, character) in whole[from..to].char_indices() {
            let offset = line.start + (from + index) as u32;
            excerpt.places.push((offset, excerpt.text.len() as u32));
            push_visible(&mut excerpt.text, character);
        }
        excerpt.places.push((line.start + to as u32, excerpt.text.len() as u32));
        if to < whole.len() {
            excerpt.text.push('…');
        }
        excerpt
    }

    /// The part of the shown text that stands for a span of the file; at least one character where there is one.
    pub(super) fn shown(&self, span: Span) -> std::ops::Range<usize> {
        let start = self.position(span.start);
        let end = self.position(span.end);
        if end > start {
            return start..end;
        }
        let next = self.text[start..].chars().next().map_or(0, char::len_utf8);
        start..start + next
    }

    fn position(&self, offset: u32) -> usize {
        let index = self.places.partition_point(|(real, _)| *real < offset);
        let place = self.places.get(index).or(self.places.last());
        place.map_or(0, |(_, shown)| *shown as usize)
    }
}

/// Which bytes of a line are shown so that the byte `at` is among them.
fn window(line: &str, at: usize) -> (usize, usize) {
    let columns = |text: &str| text.chars().take(WIDTH + 1).map(columns_of).sum::<usize>();
    if line.len() <= WIDTH * 4 && columns(line) <= WIDTH {
        return (0, line.len());
    }
    let mut used = 0;
    let mut from = at;
    for (index, character) in line[..at].char_indices().rev() {
        used += columns_of(character);
        if used > BEFORE {
            break;
        }
        from = index;
    }
    let mut to = at;
    let mut used = used.min(BEFORE);
    for (index, character) in line[at..].char_indices() {
        used += columns_of(character);
        if used > WIDTH {
            break;
        }
        to = at + index + character.len_utf8();
    }
    (from, to)
}

fn columns_of(character: char) -> usize {
    if character == '\t' {
        return TAB.len();
    }
    visible(character).unwrap_or(character).width().unwrap_or(0)
}

fn push_visible(text: &mut String, character: char) {
    if character == '\t' {
        text.push_str(TAB);
    } else {
        text.push(visible(character).unwrap_or(character));
    }
}

/// What is shown in place of a character that would steer the terminal or reorder the line.
fn visible(character: char) -> Option<char> {
    match character {
        '\0'..='\x1f' => char::from_u32(0x2400 + character as u32),
        '\x7f' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' => Some('\u{fffd}'),
        '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some('\u{fffd}'),
        _ => None,
    }
}

/// A text that may hold what a script or a server made, with nothing in it that steers a terminal. Line breaks stay.
pub(super) fn harmless(text: &str) -> std::borrow::Cow<'_, str> {
    let replaced = |character: char| match character {
        '\n' => None,
        '\t' => Some(' '),
        _ => visible(character),
    };
    if text.chars().all(|character| replaced(character).is_none()) {
        return text.into();
    }
    let shown = text.chars().filter(|character| *character != '\r');
    shown
        .map(|character| replaced(character).unwrap_or(character))
        .collect::<String>()
        .into()
}
