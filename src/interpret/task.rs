//! The tasks `invokeurl` and `invokeapi`: evaluate the entries, then exchange.

use super::{Frame, Interpreter};
use crate::exchange::{self, Outgoing};
use crate::host::Evaluated;
use crate::resolve::program::Invoke;
use crate::source::Location;

impl Interpreter<'_> {
    /// Evaluates the entries of a request task in their order and performs it.
    pub(super) fn invoke(&mut self, task: &Invoke, frame: &mut Frame) -> Evaluated {
        let mut outgoing = Outgoing::default();
        for entry in &task.entries {
            for value in &entry.values {
                let value = self.evaluate(value, frame)?;
                let set = outgoing.set(&entry.key, &value, &self.context);
                set.map_err(|error| error.at(entry.at))?;
            }
        }
        self.context.at = Location {
            source: self.source,
            span: task.at,
        };
        exchange::perform(&outgoing, &mut self.context).map_err(|error| error.at(task.at))
    }
}
