//! Runs a [`Program`] against a [`Host`].
//!
//! The tree is walked directly. Variables lie on one value stack; values of variables and literals are looked at where
//! they lie and copied only when they have to outlive the look. Knows neither the store of
//! connections nor the real network: it reaches both through the host.

mod call;
mod condition;
mod element;
mod expression;
mod mail;
mod method;
mod origin;
pub mod report;
mod scalar;
mod statement;
mod task;
#[cfg(test)]
mod tests;
mod trace;

use std::rc::Rc;

use crate::host::{
    Cancel, Context, EvalError, Evaluated, Host, InfoLine, Kept, Limits, Log, Meter, RequestRecord, Settings, Usage,
    UserId, stop_if_pulled,
};
use crate::resolve::program::{Constant, FunctionId, Program};
use crate::source::{Location, SourceId};
use crate::value::{Alike, Map, Value, date_text, memory};

/// What a run gave.
pub struct Ran {
    /// What the script returned, or why it stopped.
    pub result: Evaluated,
    /// What it used.
    pub usage: Usage,
    /// The requests it made, redacted.
    pub requests: Vec<RequestRecord>,
    /// Warnings that only running could find.
    pub warnings: Vec<crate::diagnostic::Diagnostic>,
    /// The variables of the function it began with, by slot, as they were at the end.
    pub variables: Vec<Value>,
    /// What has to be kept until the values of the run are no longer needed.
    pub kept: Kept,
}

/// What a run begins with.
pub struct Start<'a> {
    /// The function to call.
    pub function: FunctionId,
    /// Values for the program's inputs and for the function's parameters, by name. As a whole they are `input`.
    pub inputs: Map,
    /// How many bytes the values of this thread held before the inputs were made, which count as the run's.
    pub held_before: usize,
    /// Who takes the lines of `info`; without one the host's log.
    pub log: Option<&'a dyn Log>,
    /// On whose behalf it runs; without one the host's user.
    pub user: Option<&'a UserId>,
    /// The limits.
    pub limits: Limits,
    /// What stops it from outside.
    pub cancel: Cancel,
}

impl Start<'_> {
    /// A run of `function` on behalf of the host's user, whose lines go to the host's log.
    pub fn of(function: FunctionId, inputs: Map, limits: Limits, cancel: Cancel) -> Self {
        Self {
            function,
            inputs,
            held_before: memory::live(),
            log: None,
            user: None,
            limits,
            cancel,
        }
    }
}

/// Runs one function of a program. Inputs that nobody supplies are null: whoever calls checks them first.
pub fn run(program: &Program, host: &Host, settings: &Settings, start: Start<'_>) -> Ran {
    let meter = Meter::above(start.held_before, start.limits, start.cancel);
    let mut context = Context::new(host, settings, meter);
    context.log = start.log.unwrap_or(context.log);
    context.user = start.user.unwrap_or(context.user);
    let mut interpreter = Interpreter::new(program, context, &start.inputs);
    let function = program.function(start.function);
    let mut variables = call::stack(function);
    let result = interpreter.begin(start.function, &start.inputs, &mut variables);
    let result = unless_pulled(result);
    // Above the variables every place is null, and goes without a call.
    variables.drain(function.slots as usize..).for_each(Value::discard);
    let Interpreter { context, .. } = interpreter;
    Ran {
        result,
        usage: context.meter.usage(),
        requests: context.requests,
        warnings: context.warnings,
        variables,
        kept: context.meter.into_kept(),
    }
}

/// Work that gave up because the leash was pulled has some result, or an error of its own. Neither counts; the place does.
fn unless_pulled(result: Evaluated) -> Evaluated {
    let Err(mut stop) = stop_if_pulled() else {
        return result;
    };
    if let Err(error) = result {
        stop.span = error.span;
        stop.at = error.at;
        stop.trace = error.trace;
    }
    Err(stop)
}

/// One run.
struct Interpreter<'r> {
    program: &'r Program,
    context: Context<'r>,
    /// The literals as values, by [`crate::resolve::program::ConstantId`].
    constants: Vec<Value>,
    /// What the maps of map literals share, by [`crate::resolve::program::RecordId`].
    records: Vec<Alike>,
    /// The inputs as values, by [`crate::resolve::program::InputId`].
    inputs: Vec<Value>,
    /// What the last `return` returned.
    returned: Value,
    /// The file of the running function.
    source: SourceId,
    /// Where in the present frame the next callee's frame begins: behind the variables, and behind the arguments of
    /// calls that are being evaluated.
    top: usize,
    /// The address on the machine's stack below which a function needs a new stack.
    floor: usize,
    /// Pieces of the value stack that were needed once.
    pieces: Vec<Vec<Value>>,
    /// How many traced statements are being run, one inside the other.
    traced: u32,
    /// Reused for building texts.
    scratch: String,
}

/// The value stack from the first variable of the running function on. Behind its variables lies room for its callees.
type Frame = [Value];

impl<'r> Interpreter<'r> {
    fn new(program: &'r Program, context: Context<'r>, supplied: &Map) -> Self {
        let dates = &context.settings.dates;
        let constants = program.constants.iter().map(|constant| match constant {
            Constant::Number(number) => Value::Number(*number),
            Constant::Decimal(digits) => Value::decimal_literal(digits),
            Constant::Text(text) => Value::text(text),
            Constant::Quoted(text) => date_text::quoted(text, dates),
        });
        let constants = constants.collect();
        let inputs = program.inputs.iter().map(|input| match supplied.get_text(&input.name) {
            Some(value) => value,
            None if input.name == "input" => Value::Map(supplied.clone()),
            None => Value::Null,
        });
        let inputs = inputs.collect();
        Self {
            program,
            context,
            constants,
            records: program.records.iter().map(|_| Alike::default()).collect(),
            inputs,
            returned: Value::Null,
            source: SourceId::default(),
            top: 0,
            floor: call::floor(),
            pieces: Vec::new(),
            traced: 0,
            scratch: String::new(),
        }
    }

    /// Prints one value.
    fn print(&mut self, text: String, at: Location) -> Evaluated<()> {
        self.context.meter.output(text.len() + 1)?;
        self.context.log.info(&InfoLine { text, at });
        Ok(())
    }

    /// Makes an error a value for `catch`.
    fn caught(&self, error: &EvalError) -> Value {
        let at = error.at.unwrap_or(Location {
            source: self.source,
            span: error.span.unwrap_or_default(),
        });
        let line = self
            .program
            .sources
            .get(at.source.0 as usize)
            .map_or(0, |file| file.line_column(at.span.start).line);
        let message = error.message().into_owned();
        Value::Caught(Rc::new(crate::value::Caught::new(message, line)))
    }
}
