//! Where the lines of `info` go.

use std::sync::Arc;

use crate::source::{Location, SourceFile};

/// One line (or more, where the text has line breaks) printed by `info`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InfoLine {
    /// The text, without a line break at its end.
    pub text: String,
    /// The statement that printed it.
    pub at: Location,
}

/// One statement of a traced run: what it read, and what it left in a variable. Values are written as a script would
/// write them, and cut where they are long.
#[derive(Clone, Debug)]
pub struct Step {
    /// The file that the statement stands in.
    pub file: Arc<SourceFile>,
    /// The statement.
    pub at: Location,
    /// How many statements it stands in: none in the main body. A statement that calls a function holds the function's.
    pub depth: u32,
    /// The variables it read, as they were before.
    pub reads: Vec<(String, String)>,
    /// The variable it assigned, as it is now.
    pub wrote: Option<(String, String)>,
    /// Whether it failed.
    pub failed: bool,
}

/// Takes the lines of `info` as they come.
pub trait Log: Send + Sync {
    /// One printed value.
    fn info(&self, line: &InfoLine);

    /// One statement, in a run that is traced: a statement that holds others before those, every other one after it ran.
    fn step(&self, _step: &Step) {}
}

/// Takes lines and forgets them: they are in the outcome of each call anyway.
pub struct NoLog;

impl Log for NoLog {
    fn info(&self, _line: &InfoLine) {}
}
