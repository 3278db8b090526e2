//! What stops an evaluation. Small to return, its texts made only where it is raised, its places added on the way out.

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Code;
use crate::source::{Location, Span};
use crate::value::{Map, Value};

use super::{Asked, AuthorityError, LimitKind};

/// An error on its way out of a script.
#[derive(Debug)]
pub struct EvalError {
    /// What happened.
    pub raise: Raise,
    /// Where in its function; set by the innermost node that knows.
    pub span: Option<Span>,
    /// Where, with the file; set by the frame that the error leaves first.
    pub at: Option<Location>,
    /// The calls that led there, innermost first.
    pub trace: Vec<CallSite>,
    /// Where a null came from, for an error about one.
    pub origin: Option<Box<Origin>>,
}

/// Where a null came from, as far as that can be seen.
pub struct Origin {
    /// The variable that holds it, and where the value stands that it was assigned; in the file of the error.
    pub assigned: Option<(String, Span)>,
    /// The lookup that found nothing.
    pub lookup: Option<Lookup>,
}

/// A lookup in a map that does not have the key.
pub struct Lookup {
    /// The map, as the script writes it.
    pub of: String,
    /// The map.
    pub map: Map,
    /// The key.
    pub key: Value,
}

/// What a map holds is left out: it is the script's.
impl fmt::Debug for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Origin")
            .field("assigned", &self.assigned)
            .finish_non_exhaustive()
    }
}

/// A call on the way to an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSite {
    /// The function that was called.
    pub function: String,
    /// Where it was called.
    pub at: Location,
}

/// What happened.
#[derive(Debug)]
pub enum Raise {
    /// The script said `throw`; the text is what it threw. Can be caught.
    Thrown(String),
    /// An operation failed. Can be caught.
    Failed(Failure),
    /// A limit was reached, or the run was stopped. Cannot be caught.
    Exhausted(LimitKind),
}

/// A failed operation.
#[derive(Debug)]
pub struct Failure {
    /// Which kind of message.
    pub code: Code,
    /// What failed, in one sentence without a full stop, quoting Zoho's wording where it has one.
    pub message: Cow<'static, str>,
    /// What is at the place, in a few words; may be empty.
    pub label: Cow<'static, str>,
    /// What to do next.
    pub help: Option<Cow<'static, str>>,
    /// A connection or the store failed, not the script (exit status 5).
    pub connection: Option<Box<AuthorityError>>,
    /// What the script asked of that connection.
    pub asked: Option<Box<Asked>>,
}

impl EvalError {
    /// A failed operation.
    pub fn failed(code: Code, message: impl Into<Cow<'static, str>>) -> Box<Self> {
        Self::new(Raise::Failed(Failure {
            code,
            message: message.into(),
            label: Cow::Borrowed(""),
            help: None,
            connection: None,
            asked: None,
        }))
    }

    /// A connection that cannot be used, marked as such: it ends a run with a status of its own.
    pub fn connection(error: AuthorityError, asked: Option<Asked>) -> Box<Self> {
        let mut eval = Self::failed(error.kind.code(), error.message.clone()).help_if(error.help.clone());
        if let Raise::Failed(failure) = &mut eval.raise {
            failure.connection = Some(Box::new(error));
            failure.asked = asked.map(Box::new);
        }
        eval
    }

    /// A reached limit.
    pub fn exhausted(kind: LimitKind) -> Box<Self> {
        Self::new(Raise::Exhausted(kind))
    }

    /// A `throw` of the script.
    pub fn thrown(text: String) -> Box<Self> {
        Self::new(Raise::Thrown(text))
    }

    fn new(raise: Raise) -> Box<Self> {
        Box::new(Self {
            raise,
            span: None,
            at: None,
            trace: Vec::new(),
            origin: None,
        })
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self: Box<Self>, help: impl Into<Cow<'static, str>>) -> Box<Self> {
        if let Raise::Failed(failure) = &mut self.raise {
            failure.help = Some(help.into());
        }
        self
    }

    /// Adds what to do next, where something is known.
    #[must_use]
    pub fn help_if(self: Box<Self>, help: Option<String>) -> Box<Self> {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// Adds the short text shown at the place.
    #[must_use]
    pub fn label(mut self: Box<Self>, label: impl Into<Cow<'static, str>>) -> Box<Self> {
        if let Raise::Failed(failure) = &mut self.raise {
            failure.label = label.into();
        }
        self
    }

    /// Sets the place, unless an inner node has set it.
    #[must_use]
    pub fn at(mut self: Box<Self>, span: Span) -> Box<Self> {
        self.span.get_or_insert(span);
        self
    }

    /// What `e.message` gives.
    pub fn message(&self) -> Cow<'_, str> {
        match &self.raise {
            Raise::Thrown(text) => Cow::Borrowed(text),
            Raise::Failed(failure) => Cow::Borrowed(&failure.message),
            Raise::Exhausted(kind) => Cow::Borrowed(kind.message()),
        }
    }

    /// The code of its message.
    pub fn code(&self) -> Code {
        match &self.raise {
            Raise::Thrown(_) => Code::Thrown,
            Raise::Failed(failure) => failure.code,
            Raise::Exhausted(kind) => kind.code(),
        }
    }
}

/// The result of evaluating something: two words wide.
pub type Evaluated<T = Value> = Result<T, Box<EvalError>>;
