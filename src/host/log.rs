//! Where the lines of `info` go.

use crate::source::Location;

/// One line (or more, where the text has line breaks) printed by `info`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InfoLine {
    /// The text, without a line break at its end.
    pub text: String,
    /// The statement that printed it.
    pub at: Location,
}

/// Takes the lines of `info` as they come.
pub trait Log: Send + Sync {
    /// One printed value.
    fn info(&self, line: &InfoLine);
}

/// Takes lines and forgets them: they are in the outcome of each call anyway.
pub struct NoLog;

impl Log for NoLog {
    fn info(&self, _line: &InfoLine) {}
}
