//! Drawn for a terminal, by miette's graphical handler.
//!
//! The handler is not given the files themselves but a small document made of the lines around the places, so that long
//! lines are cut and control characters visible, as in every rendering.

use std::fmt;
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};

use super::excerpt::{Excerpt, harmless};
use super::file_of;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Location, SourceFile, SourceId, Span};

/// How a message is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Whether colours are used.
    pub colours: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// The message as miette draws it, a line break at its end.
pub fn pretty(diagnostic: &Diagnostic, sources: &[Arc<SourceFile>], drawing: Drawing) -> String {
    let theme = if drawing.colours {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(drawing.width)
        .with_links(false)
        .without_cause_chain();
    let mut text = String::new();
    if handler
        .render_report(&mut text, &Report::new(diagnostic, sources))
        .is_err()
    {
        return super::plain(diagnostic, sources);
    }
    text
}

/// A message with the lines it shows, in the shape that miette draws.
#[derive(Debug)]
struct Report {
    title: String,
    code: Option<&'static str>,
    severity: Severity,
    help: Option<String>,
    document: Document,
    labels: Vec<LabeledSpan>,
    /// Places in other files: miette draws one file a report.
    elsewhere: Vec<Report>,
}

impl Report {
    fn new(diagnostic: &Diagnostic, sources: &[Arc<SourceFile>]) -> Self {
        let main = diagnostic.at.map(|at| (at, diagnostic.label.as_str()));
        let also: Vec<(Location, &str)> = diagnostic
            .also
            .iter()
            .map(|label| (label.at, label.text.as_str()))
            .collect();
        let source = main.or(also.first().copied()).map(|(at, _)| at.source);
        let (here, there): (Vec<_>, Vec<_>) = also.iter().partition(|(at, _)| Some(at.source) == source);
        let places: Vec<(Location, &str)> = main.into_iter().chain(here).collect();
        let mut report = Self {
            title: harmless(&diagnostic.title).into_owned(),
            code: Some(diagnostic.code.number()),
            severity: diagnostic.severity,
            help: diagnostic.help.as_deref().map(|help| harmless(help).into_owned()),
            document: Document::default(),
            labels: Vec::new(),
            elsewhere: Vec::new(),
        };
        report.show(source, &places, sources);
        report.elsewhere = there.iter().map(|place| Self::elsewhere(*place, sources)).collect();
        report
    }

    /// A report of nothing but a place in another file.
    fn elsewhere((at, label): (Location, &str), sources: &[Arc<SourceFile>]) -> Self {
        let mut report = Self {
            title: harmless(label).into_owned(),
            code: None,
            severity: Severity::Warning,
            help: None,
            document: Document::default(),
            labels: Vec::new(),
            elsewhere: Vec::new(),
        };
        report.show(Some(at.source), &[(at, "")], sources);
        report
    }

    fn show(&mut self, source: Option<SourceId>, places: &[(Location, &str)], sources: &[Arc<SourceFile>]) {
        let location = source.map(|source| Location {
            source,
            span: Span::default(),
        });
        let Some(file) = location.and_then(|location| file_of(location, sources)) else {
            return;
        };
        self.document = Document::around(file, places);
        let document = &self.document;
        let labels = places.iter().enumerate().filter_map(|(index, (at, text))| {
            let range = document.shown(file, at.span)?;
            let text = (!text.is_empty()).then(|| harmless(text).into_owned());
            Some(if index == 0 {
                LabeledSpan::new_primary_with_span(text, (range.start, range.len()))
            } else {
                LabeledSpan::new_with_span(text, (range.start, range.len()))
            })
        });
        self.labels = labels.collect();
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.title)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Warning if self.code.is_none() => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.document.lines.is_empty()).then_some(&self.document as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = _>>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        let reports = self.elsewhere.iter().map(|report| report as &dyn miette::Diagnostic);
        (!self.elsewhere.is_empty()).then(|| Box::new(reports) as Box<dyn Iterator<Item = _>>)
    }
}

/// The shown lines of one file, one behind the other.
#[derive(Debug, Default)]
struct Document {
    name: String,
    text: String,
    lines: Vec<DocumentLine>,
}

struct DocumentLine {
    excerpt: Excerpt,
    /// Offset of the line in the document's text.
    start: usize,
    /// Column in the file of the line's first place, from 1, for the heading.
    column: u32,
}

impl fmt::Debug for DocumentLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}", self.excerpt.number)
    }
}

impl Document {
    fn around(file: &SourceFile, places: &[(Location, &str)]) -> Self {
        let mut lines: Vec<DocumentLine> = Vec::new();
        let mut add = |focus: Span| {
            let excerpt = Excerpt::around(file, focus);
            if lines.iter().all(|line| line.excerpt.number != excerpt.number) {
                let column = file.line_column(focus.start).column;
                lines.push(DocumentLine {
                    excerpt,
                    start: 0,
                    column,
                });
            }
        };
        for (at, _) in places {
            add(at.span);
        }
        for (at, _) in places {
            let line = file.line_around(at.span.start);
            let after = file.line_around(line.end + 1);
            if line.start > 0 {
                add(Span::new(line.start - 1, line.start - 1));
            }
            if after.start > line.start && !after.is_empty() {
                add(Span::new(after.start, after.start));
            }
        }
        lines.sort_by_key(|line| line.excerpt.number);
        let mut document = Self {
            name: harmless(file.name()).into_owned(),
            ..Self::default()
        };
        for mut line in lines {
            line.start = document.text.len();
            document.text.push_str(&line.excerpt.text);
            document.text.push('\n');
            document.lines.push(line);
        }
        document
    }

    /// Where a span of the file stands in the document, cut to the line in which it begins.
    fn shown(&self, file: &SourceFile, span: Span) -> Option<std::ops::Range<usize>> {
        let number = file.line_column(span.start).line;
        let line = self.lines.iter().find(|line| line.excerpt.number == number)?;
        let shown = line.excerpt.shown(span);
        Some(line.start + shown.start..line.start + shown.end)
    }

    fn line_at(&self, offset: usize) -> usize {
        self.lines
            .partition_point(|line| line.start <= offset)
            .saturating_sub(1)
    }

    /// The last line that follows `from` without a gap, `count` lines further at most.
    fn reach(&self, from: usize, count: usize) -> usize {
        let mut last = from;
        while last < from + count && self.follows(last) {
            last += 1;
        }
        last
    }

    fn follows(&self, index: usize) -> bool {
        let number = |index: usize| self.lines.get(index).map(|line| line.excerpt.number);
        number(index + 1).is_some() && number(index + 1) == number(index).map(|number| number + 1)
    }

    fn end_of(&self, index: usize) -> usize {
        self.lines.get(index + 1).map_or(self.text.len(), |next| next.start)
    }
}

impl SourceCode for Document {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let here = self.line_at(span.offset());
        let last_inside = self.line_at(span.offset() + span.len().saturating_sub(1));
        // Lines with a gap between them cannot be drawn as one piece.
        if self.reach(here, last_inside - here) != last_inside {
            return Err(MietteError::OutOfBounds);
        }
        let mut first = here;
        while first > 0 && first + before > here && self.follows(first - 1) {
            first -= 1;
        }
        let last = self.reach(last_inside, after);
        let line = self.lines.get(first).ok_or(MietteError::OutOfBounds)?;
        // Without context the heading is asked for: it names the column too.
        let (start, column) = if before == 0 && after == 0 {
            (span.offset(), line.column as usize - 1)
        } else {
            (line.start, 0)
        };
        let end = self.end_of(last);
        let data = self.text.as_bytes().get(start..end).ok_or(MietteError::OutOfBounds)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data,
            (start, end - start).into(),
            line.excerpt.number as usize - 1,
            column,
            last - first + 1,
        )))
    }
}
