//! Calls: frames, the functions of the program, built-in functions, functions of the host.

use super::statement::Flow;
use super::{Frame, Interpreter};
use crate::builtins::{self, Effect};
use crate::diagnostic::Code;
use crate::host::{CallSite, EvalError, Evaluated};
use crate::resolve::program::{BuiltinCall, Call, Expression, Function, FunctionId, HostCall, Statement};
use crate::source::{Location, Span};
use crate::value::{Map, Value};

/// The stack that must be left when a function is entered; more is made where it is not. A function's own nesting is
/// bounded by the resolver.
const RED_ZONE: usize = if cfg!(debug_assertions) { 1536 << 10 } else { 384 << 10 };

/// How much stack is made at once.
const STACK: usize = 8 << 20;

/// How many values fit the stack that a run begins with, besides the variables of its first function. More is made when
/// calls need it. It is small: a short run is over before it would have made a large one.
const FIRST_PIECE: usize = 96;

/// How many values a piece of the value stack holds: thousands of frames of usual functions.
const PIECE: usize = 4096;

impl Interpreter<'_> {
    /// Runs the function that a run begins with, on a stack from [`stack`]. Its parameters take the inputs of their names,
    /// converted to the types of its header where that loses nothing. Its variables keep their values.
    pub(super) fn begin(&mut self, id: FunctionId, supplied: &Map, stack: &mut Frame) -> Evaluated {
        let function = self.program.function(id);
        for (slot, parameter) in stack.iter_mut().zip(&function.parameters) {
            let value = supplied.get_text(&parameter.name).unwrap_or_default();
            *slot = match parameter.kind {
                Some(kind) => builtins::fit(kind, value, self.context.settings),
                None => value,
            };
        }
        self.context.meter.check()?;
        let done = self.run(function, stack);
        done.map_err(|error| self.locate(error, function))?;
        Ok(self.returned.take())
    }

    /// A call of a function of the program, as a value.
    pub(super) fn call(&mut self, call: &Call, frame: &mut Frame) -> Evaluated {
        self.call_in_place(call, frame)?;
        Ok(self.returned.take())
    }

    /// A call of a function of the program. What it returns stays in [`Interpreter::returned`], where whoever called
    /// looks at it in the parts in which it was written. Its frame begins where the caller's variables and waiting arguments
    /// end, so that the arguments are put where the function looks for them, and nothing is allocated.
    #[inline(never)]
    pub(super) fn call_in_place(&mut self, call: &Call, frame: &mut Frame) -> Evaluated<()> {
        let function = self.program.function(call.function);
        let base = self.top;
        if frame.len() < base + function.slots as usize {
            return self.call_on_new_piece(call, function, frame);
        }
        self.place(&call.arguments, frame)?;
        let callee = &mut frame[base..];
        let done = self.run_here(function, callee);
        vacate(&mut callee[..function.slots as usize]);
        self.top = base;
        done.map_err(|error| self.trace(error, function, call))
    }

    /// The same where the present piece of the stack is used up.
    #[cold]
    #[inline(never)]
    fn call_on_new_piece(&mut self, call: &Call, function: &Function, frame: &mut Frame) -> Evaluated<()> {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(self.evaluate(argument, frame)?);
        }
        let base = self.top;
        let known = self.pieces.pop().filter(|piece| piece.len() >= function.slots as usize);
        let mut stack = known.unwrap_or_else(|| piece(PIECE.max(function.slots as usize)));
        stack
            .iter_mut()
            .zip(arguments)
            .for_each(|(slot, argument)| *slot = argument);
        let result = self.run(function, &mut stack);
        vacate(&mut stack[..function.slots as usize]);
        self.pieces.push(stack);
        self.top = base;
        result.map_err(|error| self.trace(error, function, call))
    }

    /// Runs a function whose arguments are in place. What it returns stays in [`Interpreter::returned`].
    fn run(&mut self, function: &Function, frame: &mut Frame) -> Evaluated<()> {
        self.run_here(function, frame)
    }

    /// The same, within the caller's frame on the machine's stack.
    #[inline(always)]
    fn run_here(&mut self, function: &Function, frame: &mut Frame) -> Evaluated<()> {
        let caller = std::mem::replace(&mut self.source, function.source);
        self.top = function.slots as usize;
        for (slot, input) in &function.inputs {
            frame[slot.0 as usize] = self.inputs[input.0 as usize].clone();
        }
        let flow = match self.context.meter.enter() {
            Ok(()) if self.has_stack() => self.statements(&function.body, frame),
            Ok(()) => self.on_new_stack(&function.body, frame),
            Err(error) => Err(error.at(function.at)),
        };
        self.context.meter.leave();
        self.source = caller;
        match flow {
            Ok(Flow::Return) => Ok(()),
            Ok(_) => {
                self.returned.set(Value::Null);
                Ok(())
            }
            Err(error) => Err(self.with_origin(error, function, frame)),
        }
    }

    /// Whether the machine's stack is far from its end. It asks the address of a variable of its own, which costs less than
    /// asking the system for what is left.
    #[inline(always)]
    fn has_stack(&self) -> bool {
        let here = 0_u8;
        std::ptr::from_ref(std::hint::black_box(&here)).addr() > self.floor
    }

    #[cold]
    #[inline(never)]
    fn on_new_stack(&mut self, body: &[Statement], frame: &mut Frame) -> Evaluated<Flow> {
        stacker::grow(STACK, || {
            let outer = std::mem::replace(&mut self.floor, floor());
            let flow = self.block(body, frame);
            self.floor = outer;
            flow
        })
    }

    /// Adds to an error where it left a function.
    #[cold]
    fn trace(&self, error: Box<EvalError>, function: &Function, call: &Call) -> Box<EvalError> {
        let mut error = self.locate(error, function);
        let at = Location {
            source: self.source,
            span: call.at,
        };
        error.trace.push(CallSite {
            function: function.name.clone(),
            at,
        });
        error
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
        self.with_arguments(&call.arguments, frame, |this, _, arguments| {
            if call.builtin.effect == Effect::Network {
                this.context.at = Location {
                    source: this.source,
                    span: call.at,
                };
            }
            let mut call_to = builtins::Call {
                builtin: call.builtin,
                receiver: &Value::Null,
                arguments,
                pairs: call.pairs,
                context: &mut this.context,
            };
            (call.builtin.run)(&mut call_to).map_err(|error| error.at(call.at))
        })
    }

    /// Evaluates arguments and hands them over as a slice beside the frame: one of the value stack, where they need no
    /// allocation.
    #[inline(always)]
    pub(super) fn with_arguments(
        &mut self,
        arguments: &[Expression],
        frame: &mut Frame,
        use_them: impl FnOnce(&mut Self, &Frame, &[Value]) -> Evaluated,
    ) -> Evaluated {
        if arguments.is_empty() {
            return use_them(self, frame, &[]);
        }
        let base = self.top;
        let end = base + arguments.len();
        if frame.len() < end {
            let mut values = Vec::with_capacity(arguments.len());
            for argument in arguments {
                values.push(self.evaluate(argument, frame)?);
            }
            return use_them(self, frame, &values);
        }
        self.place(arguments, frame)?;
        let result = use_them(self, frame, &frame[base..end]);
        vacate(&mut frame[base..end]);
        self.top = base;
        result
    }

    /// Evaluates arguments into the places from `top` on, and moves it behind them. Where one fails, it is as if there had
    /// been none.
    #[inline(always)]
    fn place(&mut self, arguments: &[Expression], frame: &mut Frame) -> Evaluated<()> {
        let base = self.top;
        for argument in arguments {
            let place = self.top;
            if let Err(error) = self.evaluate_into(argument, place, frame) {
                vacate(&mut frame[base..place]);
                self.top = base;
                return Err(error);
            }
            self.top = place + 1;
        }
        Ok(())
    }

    /// A call of a function that only the host may know.
    #[inline(never)]
    pub(super) fn host_call(&mut self, call: &HostCall, frame: &mut Frame) -> Evaluated {
        self.with_arguments(&call.arguments, frame, |this, _, arguments| {
            let functions = &this.context.host.functions;
            match functions.call(&call.name, arguments, &mut this.context) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => Err(not_available(&call.name, call.at)),
                Err(error) => Err(error.at(call.at)),
            }
        })
    }
}

/// The address on the present machine's stack below which a function is not entered.
pub(super) fn floor() -> usize {
    let here = 0_u8;
    let address = std::ptr::from_ref(std::hint::black_box(&here)).addr();
    // Where the system does not tell what is left, every call makes a stack of its own: slow, and safe.
    match stacker::remaining_stack() {
        Some(left) => address.saturating_sub(left) + RED_ZONE,
        None => usize::MAX,
    }
}

/// A stack for a run that begins with this function.
pub(super) fn stack(function: &Function) -> Vec<Value> {
    piece(function.slots as usize + FIRST_PIECE)
}

/// A piece of the value stack. All of it is null, and so is every place above the frames in use.
fn piece(size: usize) -> Vec<Value> {
    std::iter::repeat_with(|| Value::Null).take(size).collect()
}

/// Makes places null that are not needed any more.
#[inline(always)]
fn vacate(places: &mut [Value]) {
    places.iter_mut().for_each(|place| place.set(Value::Null));
}

fn not_available(name: &str, at: Span) -> Box<EvalError> {
    if name.to_ascii_lowercase().starts_with("zoho.") {
        return EvalError::failed(Code::NotAvailable, format!("`{name}` is not available yet"))
            .help("call the service's REST API with `invokeurl` and a connection, or give the host a function of this name")
            .at(at);
    }
    EvalError::failed(Code::UnknownFunction, format!("Not able to find '{name}' function"))
        .label("no function has this name")
        .help(builtins::meant(name).unwrap_or_else(|| {
            "load the file that defines it with `--lib DIR`, or give the host a function of this name".to_owned()
        }))
        .at(at)
}
