//! The tasks `invokeurl` and `invokeapi`: evaluate the entries, then exchange.

use super::{Frame, Interpreter};
use crate::host::Evaluated;
use crate::resolve::program::Invoke;
use crate::value::Value;

impl Interpreter<'_> {
    /// Evaluates the entries of a request task and performs it.
    pub(super) fn invoke(&mut self, _task: &Invoke, _frame: &mut Frame) -> Evaluated {
        Ok(Value::Null)
    }
}
