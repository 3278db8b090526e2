//! The one shape of every message: what, where, why, what to do next.
//!
//! A [`Diagnostic`] is data. Rendering it (graphical, plain, JSON) is the business of [`render`].

mod code;
pub mod render;
mod suggest;

pub use code::Code;
pub use suggest::{is_slip, nearest};

use crate::source::{Location, SourceId, Span};

/// How much a message weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The script may run; something in it is likely not meant.
    Warning,
    /// The script does not compile, or stopped.
    Error,
}

/// A place that belongs to a message, with a short text about what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub at: Location,
    /// What is there, in a few words.
    pub text: String,
}

/// A message for people: an error or a warning with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code, as in `dg explain DG0101`.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// One sentence that stands alone, without a full stop.
    pub title: String,
    /// The exact place; `None` for what has no place in a script (a store that is locked, say).
    pub at: Option<Location>,
    /// What is at that place, in a few words; may be empty.
    pub label: String,
    /// Further places: the opener of an unclosed bracket, the calls that led here.
    pub also: Vec<Label>,
    /// What to do next; begins with a verb.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, source: SourceId, span: Span, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, Some(Location { source, span }), title.into())
    }

    /// A warning at a place.
    pub fn warning(code: Code, source: SourceId, span: Span, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, Some(Location { source, span }), title.into())
    }

    /// An error that has no place in a script.
    pub fn placeless(code: Code, title: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, None, title.into())
    }

    fn new(code: Code, severity: Severity, at: Option<Location>, title: String) -> Self {
        Self {
            code,
            severity,
            title,
            at,
            label: String::new(),
            also: Vec::new(),
            help: None,
        }
    }

    /// Adds the short text shown at the place itself.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn also(mut self, source: SourceId, span: Span, text: impl Into<String>) -> Self {
        self.also.push(Label {
            at: Location { source, span },
            text: text.into(),
        });
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds what to do next, where something is known.
    #[must_use]
    pub fn help_if(mut self, text: Option<String>) -> Self {
        self.help = text.or(self.help);
        self
    }
}
