//! Traced statements: they run as any other, and tell the log what they read and what they left.

use std::sync::Arc;

use super::statement::Flow;
use super::{Frame, Interpreter};
use crate::host::{Evaluated, Step};
use crate::resolve::program::{Slot, Statement, Traced};
use crate::source::Location;

/// The most characters of a value that are told. Secrets are taken out later, so it is more than what is shown.
const LONGEST: usize = 2_000;

impl Interpreter<'_> {
    /// Runs a statement and reports it: one that holds others before them, every other one afterwards.
    #[inline(never)]
    pub(super) fn traced(&mut self, traced: &Traced, frame: &mut Frame) -> Evaluated<Flow> {
        let Some(file) = self.program.sources.get(usize::from(self.source.0)) else {
            return self.inner(traced, frame);
        };
        let mut step = Step {
            file: Arc::clone(file),
            at: Location {
                source: self.source,
                span: traced.at,
            },
            depth: self.traced,
            reads: traced.reads.iter().map(|read| self.told(read, frame)).collect(),
            wrote: None,
            failed: false,
        };
        if holds_others(&traced.statement) {
            self.context.log.step(&step);
            return self.inner(traced, frame);
        }
        let result = self.inner(traced, frame);
        step.failed = result.is_err();
        if !step.failed {
            step.wrote = traced.writes.as_ref().map(|wrote| self.told(wrote, frame));
        }
        self.context.log.step(&step);
        result
    }

    fn inner(&mut self, traced: &Traced, frame: &mut Frame) -> Evaluated<Flow> {
        self.context.meter.take_back();
        self.traced += 1;
        let result = self.block(std::slice::from_ref(&traced.statement), frame);
        self.traced -= 1;
        result
    }

    fn told(&self, (name, slot): &(Box<str>, Slot), frame: &Frame) -> (String, String) {
        let value = frame[slot.0 as usize].notation(self.context.dates(), LONGEST);
        (name.to_string(), value)
    }
}

/// Whether other statements stand inside a statement, or it prints: those come after it.
fn holds_others(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::If(_)
            | Statement::ForEach(_)
            | Statement::While(_)
            | Statement::Try(_)
            | Statement::Block(_)
            | Statement::Info(_)
    )
}
