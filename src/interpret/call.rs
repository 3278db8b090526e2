//! Calls: frames, the functions of the program, built-in functions, functions of the host.

use super::statement::Flow;
use super::{Frame, Interpreter};
use crate::builtins::{self, Effect};
use crate::diagnostic::Code;
use crate::host::{CallSite, EvalError, Evaluated};
use crate::resolve::program::{BuiltinCall, Call, Expression, Function, FunctionId, HostCall};
use crate::source::{Location, Span};
use crate::value::Value;

/// The stack that must be left when a function is entered; more is made where it is not. A function's own nesting is
/// bounded by the resolver.
const RED_ZONE: usize = if cfg!(debug_assertions) { 1536 << 10 } else { 384 << 10 };

/// How much stack is made at once.
const STACK: usize = 8 << 20;

impl Interpreter<'_> {
    /// Runs the function that a run begins with, in a frame of its size. Its parameters take the inputs of their names, converted to the types
    /// of its header where that loses nothing.
    pub(super) fn begin(&mut self, id: FunctionId, supplied: &[(String, Value)], frame: &mut Frame) -> Evaluated {
        let function = self.program.function(id);
        for (slot, parameter) in frame.iter_mut().zip(&function.parameters) {
            let given = supplied.iter().find(|(name, _)| *name == parameter.name);
            let value = given.map_or(Value::Null, |(_, value)| value.clone());
            *slot = match parameter.kind {
                Some(kind) => builtins::fit(kind, value, self.context.settings),
                None => value,
            };
        }
        self.context.meter.check()?;
        self.context.meter.enter()?;
        let result = stacker::maybe_grow(RED_ZONE, STACK, || self.body(function, frame));
        self.context.meter.leave();
        result.map_err(|error| self.locate(error, function))
    }

    /// A call of a function of the program.
    #[inline(never)]
    pub(super) fn call(&mut self, call: &Call, frame: &mut Frame) -> Evaluated {
        let function = self.program.function(call.function);
        match function.slots {
            0..=2 => self.call_sized::<2>(call, function, frame),
            3..=4 => self.call_sized::<4>(call, function, frame),
            5..=8 => self.call_sized::<8>(call, function, frame),
            9..=16 => self.call_sized::<16>(call, function, frame),
            17..=32 => self.call_sized::<32>(call, function, frame),
            slots => {
                let mut callee = vec![Value::Null; slots as usize];
                self.call_in(call, function, frame, &mut callee)
            }
        }
    }

    fn call_sized<const SLOTS: usize>(&mut self, call: &Call, function: &Function, frame: &mut Frame) -> Evaluated {
        let mut callee = [const { Value::Null }; SLOTS];
        self.call_in(call, function, frame, &mut callee)
    }

    fn call_in(&mut self, call: &Call, function: &Function, frame: &mut Frame, callee: &mut Frame) -> Evaluated {
        for (slot, argument) in callee.iter_mut().zip(&call.arguments) {
            *slot = self.evaluate(argument, frame)?;
        }
        let caller = self.source;
        let result = match self.context.meter.enter() {
            Ok(()) => stacker::maybe_grow(RED_ZONE, STACK, || self.body(function, callee)),
            Err(error) => Err(error.at(function.at)),
        };
        self.context.meter.leave();
        result.map_err(|error| {
            let mut error = self.locate(error, function);
            let at = Location {
                source: caller,
                span: call.at,
            };
            error.trace.push(CallSite {
                function: function.name.clone(),
                at,
            });
            self.source = caller;
            error
        })
    }

    fn body(&mut self, function: &Function, frame: &mut Frame) -> Evaluated {
        let caller = std::mem::replace(&mut self.source, function.source);
        for (slot, input) in &function.inputs {
            frame[slot.0 as usize] = self.inputs[input.0 as usize].clone();
        }
        let flow = self.block(&function.body, frame)?;
        self.source = caller;
        Ok(if flow == Flow::Return {
            std::mem::take(&mut self.returned)
        } else {
            Value::Null
        })
    }

    /// Turns the span of an error into a location when it leaves the function that knows its file.
    fn locate(&self, mut error: Box<EvalError>, function: &Function) -> Box<EvalError> {
        if error.at.is_none() {
            error.at = Some(Location {
                source: function.source,
                span: error.span.unwrap_or(function.at),
            });
        }
        error
    }

    /// A built-in function, or a built-in variable.
    #[inline(never)]
    pub(super) fn builtin(&mut self, call: &BuiltinCall, frame: &mut Frame) -> Evaluated {
        self.with_arguments(&call.arguments, frame, |this, arguments| {
            if call.builtin.effect == Effect::Network {
                this.context.at = Location {
                    source: this.source,
                    span: call.at,
                };
            }
            let mut call_to = builtins::Call {
                builtin: call.builtin,
                receiver: Value::Null,
                arguments,
                pairs: call.pairs,
                context: &mut this.context,
            };
            (call.builtin.run)(&mut call_to).map_err(|error| error.at(call.at))
        })
    }

    /// Evaluates arguments and hands them over as a slice; the commonest counts need no allocation.
    pub(super) fn with_arguments(
        &mut self,
        arguments: &[Expression],
        frame: &mut Frame,
        use_them: impl FnOnce(&mut Self, &[Value]) -> Evaluated,
    ) -> Evaluated {
        match arguments {
            [] => use_them(self, &[]),
            [first] => {
                let values = [self.evaluate(first, frame)?];
                use_them(self, &values)
            }
            [first, second] => {
                let values = [self.evaluate(first, frame)?, self.evaluate(second, frame)?];
                use_them(self, &values)
            }
            more => {
                let mut values = Vec::with_capacity(more.len());
                for argument in more {
                    values.push(self.evaluate(argument, frame)?);
                }
                use_them(self, &values)
            }
        }
    }

    /// A call of a function that only the host may know.
    #[inline(never)]
    pub(super) fn host_call(&mut self, call: &HostCall, frame: &mut Frame) -> Evaluated {
        self.with_arguments(&call.arguments, frame, |this, arguments| {
            let functions = &this.context.host.functions;
            match functions.call(&call.name, arguments, &mut this.context) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => Err(not_available(&call.name, call.at)),
                Err(error) => Err(error.at(call.at)),
            }
        })
    }
}

fn not_available(name: &str, at: Span) -> Box<EvalError> {
    if name.to_ascii_lowercase().starts_with("zoho.") {
        return EvalError::failed(Code::NotAvailable, format!("`{name}` is not available yet"))
            .help("call the service's REST API with `invokeurl` and a connection, or give the host a function of this name")
            .at(at);
    }
    EvalError::failed(Code::UnknownFunction, format!("Not able to find '{name}' function"))
        .help("load the file that defines it with `--lib DIR`, or give the host a function of this name")
        .at(at)
}
