//! What helps while an entry is typed: completion, hints, colours, and whether Enter ends it.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Context, Helper};

use super::{colour, commands};
use crate::session::Session;

/// The help at the prompt.
pub(super) struct Assistant {
    session: Rc<RefCell<Session>>,
    files: FilenameCompleter,
    former: HistoryHinter,
    /// Whether the entry is being shown for the last time, when a bracket is no longer pointed at.
    is_final: Cell<bool>,
}

impl Assistant {
    pub(super) fn new(session: Rc<RefCell<Session>>) -> Self {
        Self {
            session,
            files: FilenameCompleter::new(),
            former: HistoryHinter::new(),
            is_final: Cell::new(false),
        }
    }
}

impl Helper for Assistant {}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, context: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if let Some(command) = line.strip_prefix(':') {
            if commands::takes_a_file(command) {
                return self.files.complete(line, at, context);
            }
            if let Some(found) = commands::complete(&self.session.borrow(), &line[..at]) {
                return Ok(found);
            }
        }
        let found = self.session.borrow().complete(line, at);
        let pairs = found.candidates.into_iter().map(|candidate| Pair {
            display: candidate.shown,
            replacement: candidate.text,
        });
        Ok((found.start, pairs.collect()))
    }
}

/// What stands behind the cursor in grey.
pub(super) enum Shadow {
    /// How the call is written that the cursor is in; only to be read.
    Signature(String),
    /// The rest of a former entry, taken with the right arrow.
    Former(String),
}

impl Hint for Shadow {
    fn display(&self) -> &str {
        match self {
            Self::Signature(text) | Self::Former(text) => text,
        }
    }

    fn completion(&self) -> Option<&str> {
        match self {
            Self::Signature(_) => None,
            Self::Former(text) => Some(text),
        }
    }
}

impl Hinter for Assistant {
    type Hint = Shadow;

    fn hint(&self, line: &str, at: usize, context: &Context<'_>) -> Option<Shadow> {
        if at < line.len() || line.is_empty() {
            return None;
        }
        if line.starts_with(':') {
            return commands::hint(line).map(Shadow::Signature);
        }
        if let Some(signature) = self.session.borrow().signature(line) {
            return Some(Shadow::Signature(format!("   {signature}")));
        }
        self.former.hint(line, at, context).map(Shadow::Former)
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, at: usize) -> Cow<'l, str> {
        if line.starts_with(':') {
            return line.into();
        }
        let cursor = (!self.is_final.get()).then_some(at);
        colour::paint_with_brackets(line, cursor).into()
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _default: bool) -> Cow<'b, str> {
        format!("\x1b[1m{prompt}\x1b[0m").into()
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        colour::faint(hint).into()
    }

    fn highlight_candidate<'c>(&self, candidate: &'c str, _completion: CompletionType) -> Cow<'c, str> {
        candidate.into()
    }

    fn highlight_char(&self, _line: &str, _at: usize, kind: CmdKind) -> bool {
        self.is_final.set(kind == CmdKind::ForcedRefresh);
        true
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let entry = context.input();
        let is_command = entry.trim_start().starts_with(':') || super::question(entry.trim()).is_some();
        // Two empty lines end whatever was begun: nobody gets stuck in a bracket.
        let given_up = entry.ends_with("\n\n");
        if is_command || given_up || !self.session.borrow().is_unfinished(entry) {
            Ok(ValidationResult::Valid(None))
        } else {
            Ok(ValidationResult::Incomplete)
        }
    }
}
