//! Source text and places in it. Knows nothing of what the text means.

use std::sync::Arc;

/// Which file of a program a place belongs to: an index into the program's list of sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u16);

/// A stretch of one file, in bytes: from `start` up to, not including, `end`.
///
/// A span does not name its file, so that syntax nodes stay small; [`Location`] does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The stretch from `start` to `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Length in bytes.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether nothing lies inside.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The span as the range that slices a text.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A stretch of a known file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file.
    pub source: SourceId,
    /// The place in it.
    pub span: Span,
}

/// Line and column as people count them, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One file: its name as the user knows it, its text, and where its lines begin.
#[derive(Debug)]
pub struct SourceFile {
    name: Arc<str>,
    text: Box<str>,
    line_starts: std::sync::OnceLock<Vec<u32>>,
    /// How many characters begin before each block of [`BLOCK`] bytes: columns far out in an endless line stay cheap.
    characters: std::sync::OnceLock<Vec<u32>>,
}

const BLOCK: usize = 4096;

impl SourceFile {
    /// A file named `name` that holds `text`. A text of 4 GiB or more is cut by the caller: offsets are 32 bits wide.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<Box<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            line_starts: std::sync::OnceLock::new(),
            characters: std::sync::OnceLock::new(),
        }
    }

    /// The name shown in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text under a span; empty where the span does not fit the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of an offset; an offset past the end counts as the end.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let offset = (offset as usize).min(self.text.len());
        let line = self.line_of(offset);
        let begin = self.line_starts().get(line - 1).map_or(0, |start| *start as usize);
        let column = if offset - begin < BLOCK {
            characters(&self.text.as_bytes()[begin..offset])
        } else {
            self.characters_before(offset) - self.characters_before(begin)
        };
        LineColumn {
            line: line as u32,
            column: column + 1,
        }
    }

    /// The whole line that holds an offset, without its line break.
    pub fn line_around(&self, offset: u32) -> Span {
        let offset = (offset as usize).min(self.text.len());
        let line = self.line_of(offset);
        let starts = self.line_starts();
        let begin = starts.get(line - 1).copied().unwrap_or_default();
        let end = starts.get(line).map_or(self.text.len() as u32, |next| next - 1);
        let ends_with_return = end > begin && self.text.as_bytes()[end as usize - 1] == b'\r';
        Span::new(begin, end - u32::from(ends_with_return))
    }

    fn line_of(&self, offset: usize) -> usize {
        let starts = self.line_starts();
        starts.partition_point(|start| *start as usize <= offset).max(1)
    }

    fn characters_before(&self, offset: usize) -> u32 {
        let marks = self.characters.get_or_init(|| {
            let mut before = 0;
            let blocks = self.text.as_bytes().chunks(BLOCK);
            let sums = blocks.map(|block| {
                let mark = before;
                before += characters(block);
                mark
            });
            sums.collect()
        });
        let block = (offset / BLOCK).min(marks.len().saturating_sub(1));
        let rest = &self.text.as_bytes()[block * BLOCK..offset];
        marks.get(block).copied().unwrap_or_default() + characters(rest)
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            std::iter::once(0)
                .chain(
                    self.text
                        .bytes()
                        .enumerate()
                        .filter(|(_, byte)| *byte == b'\n')
                        .map(|(at, _)| at as u32 + 1),
                )
                .collect()
        })
    }
}

/// How many characters begin in these bytes of a text.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let file = SourceFile::new("a.dg", "é = 1;\nx = \"😀\" + y;");
        let offset = file.text().find("+ y").unwrap() as u32;
        assert_eq!(file.line_column(offset), LineColumn { line: 2, column: 9 });
        assert_eq!(file.line_column(9999), LineColumn { line: 2, column: 13 });
    }

    #[test]
    fn columns_far_out_in_an_endless_line_are_right() {
        let text = format!("x\n{}é!", "aé😀".repeat(5_000));
        let file = SourceFile::new("a.dg", text.clone());
        let place = file.line_column(text.len() as u32 - 1);
        assert_eq!(
            place,
            LineColumn {
                line: 2,
                column: 15_002
            }
        );
    }

    #[test]
    fn a_line_ends_before_its_break() {
        let file = SourceFile::new("a.dg", "one\r\ntwo\n");
        assert_eq!(file.slice(file.line_around(1)), "one");
        assert_eq!(file.slice(file.line_around(6)), "two");
        assert_eq!(file.slice(file.line_around(99)), "");
        assert_eq!(SourceFile::new("e.dg", "").line_around(0), Span::new(0, 0));
    }
}
