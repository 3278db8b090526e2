//! Statements: one function a kind. The match has one line an arm.

use super::expression::quick;
use super::scalar::{Scalar, scalar, scalar_sum, scalar_update, set_scalar};
use super::{Frame, Interpreter};
use crate::builtins;
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated, Raise, stop_if_pulled};
use crate::resolve::program::{
    Arithmetic, Arm, Expression, ForEach, If, Promised, SetElement, Slot, Spanned, Statement, Try, Unavailable, Update,
    While,
};
use crate::source::{Location, Span};
use crate::value::{Contents, Kind, List, Value, operate};

/// Where control goes after a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// To the next statement.
    Next,
    /// Out of the loop.
    Break,
    /// To the next pass of the loop.
    Continue,
    /// Out of the function; the value is in [`Interpreter::returned`].
    Return,
}

impl Interpreter<'_> {
    /// Runs statements in order.
    pub(super) fn block(&mut self, block: &[Statement], frame: &mut Frame) -> Evaluated<Flow> {
        self.statements(block, frame)
    }

    /// The same, for the few places that repeat it so often that the call would show: bodies of loops and functions. The
    /// commonest kinds of statement are done here, so that they need no call either.
    #[inline(always)]
    pub(super) fn statements(&mut self, block: &[Statement], frame: &mut Frame) -> Evaluated<Flow> {
        let mut waiting = block.iter();
        while let Some(statement) = waiting.next() {
            if let Err(error) = self.context.meter.tick() {
                return Err(stopped(error, statement));
            }
            match statement {
                Statement::Assign { slot, value } => self.evaluate_into(value, slot.0 as usize, frame)?,
                Statement::Update(update) if scalar_update(update, frame) => {}
                Statement::Update(update) => self.update(update, frame)?,
                Statement::If(branches) => match self.branch(branches, frame)? {
                    [] => {}
                    // Where nothing is left to come back to, the branch is gone on with in the block's stead.
                    chosen if waiting.as_slice().is_empty() || leaves(chosen) => waiting = chosen.iter(),
                    chosen => match self.block(chosen, frame)? {
                        Flow::Next => {}
                        flow => return Ok(flow),
                    },
                },
                Statement::Evaluate(Expression::Call(call)) => {
                    self.call_in_place(call, frame)?;
                    self.returned.set(Value::Null);
                }
                Statement::Evaluate(expression) => self.evaluate(expression, frame)?.discard(),
                Statement::Append { slot, addends, at } => self.append(*slot, addends, *at, frame)?,
                Statement::SetElement(set) => self.set_element(set, frame)?,
                Statement::Return(None) => {
                    self.returned.set(Value::Null);
                    return Ok(Flow::Return);
                }
                Statement::Return(Some(value)) => return self.give_back(value, frame),
                Statement::ReturnAs(promised) => return self.give_back_as(promised, frame),
                Statement::Break => return Ok(Flow::Break),
                Statement::Continue => return Ok(Flow::Continue),
                other => match self.statement(other, frame)? {
                    Flow::Next => {}
                    flow => return Ok(flow),
                },
            }
        }
        Ok(Flow::Next)
    }

    /// The kinds of statement that cost more than the call.
    #[inline(never)]
    fn statement(&mut self, statement: &Statement, frame: &mut Frame) -> Evaluated<Flow> {
        match statement {
            // A limit that is reached between two statements is told at the loop that reached it.
            Statement::ForEach(walk) => self.for_each(walk, frame).map_err(|error| error.at(walk.over.at)),
            Statement::While(repeat) => self
                .repeat(repeat, frame)
                .map_err(|error| error.at(repeat.condition.at)),
            Statement::Try(attempt) => self.attempt(attempt, frame),
            Statement::Info(value) => self.info(value, frame).map(|()| Flow::Next),
            Statement::Throw(value) => Err(self.throw(value, frame)?),
            Statement::Block(block) => self.block(block, frame),
            Statement::Unavailable(what) => Err(unavailable(what)),
            Statement::Traced(traced) => self.traced(traced, frame),
            _ => Ok(Flow::Next),
        }
    }

    /// `return e`
    #[inline(always)]
    fn give_back(&mut self, value: &Expression, frame: &mut Frame) -> Evaluated<Flow> {
        match value {
            Expression::Slot(slot) if matches!(frame[slot.0 as usize], Value::Number(_)) => {
                self.returned.set(frame[slot.0 as usize].copy());
            }
            Expression::Call(call) => self.call_in_place(call, frame)?,
            other => self.compute_returned(other, frame)?,
        }
        Ok(Flow::Return)
    }

    #[inline(never)]
    fn compute_returned(&mut self, value: &Expression, frame: &mut Frame) -> Evaluated<()> {
        match value {
            Expression::Arithmetic(node) if node.measured => {
                // What is no scalar is in its place already.
                self.measure(node, frame)?.put(&mut self.returned);
            }
            other => {
                if !scalar(other, frame).put(&mut self.returned) {
                    let value = self.evaluate(other, frame)?;
                    self.returned.set(value);
                }
            }
        }
        Ok(())
    }

    /// `return e` of a function whose header promises a kind.
    #[inline(always)]
    fn give_back_as(&mut self, promised: &Promised, frame: &mut Frame) -> Evaluated<Flow> {
        let flow = self.give_back(&promised.value.value, frame)?;
        match (&self.returned, promised.kind) {
            (Value::Number(_), Kind::Number) => {}
            (returned, kind) if returned.kind() == kind => {}
            _ => self.fit_returned(promised)?,
        }
        Ok(flow)
    }

    /// The block that an `if` leads to; empty where there is none.
    #[inline(always)]
    fn branch<'p>(&mut self, branches: &'p If, frame: &mut Frame) -> Evaluated<&'p [Statement]> {
        if self.holds(&branches.condition, frame)? {
            return Ok(&branches.then);
        }
        match &*branches.others {
            [] => Ok(&branches.otherwise),
            others => self.other_branch(others, &branches.otherwise, frame),
        }
    }

    #[inline(never)]
    fn other_branch<'p>(
        &mut self,
        others: &'p [Arm],
        otherwise: &'p [Statement],
        frame: &mut Frame,
    ) -> Evaluated<&'p [Statement]> {
        for (condition, block) in others {
            if self.holds(condition, frame)? {
                return Ok(block);
            }
        }
        Ok(otherwise)
    }

    /// Converts what a function returns to the kind that its header promises, where that loses nothing. A function of texts
    /// may return containers, which have a text form wherever one is wanted.
    #[cold]
    fn fit_returned(&mut self, promised: &Promised) -> Evaluated<()> {
        self.returned = builtins::fit(promised.kind, self.returned.take(), self.context.settings);
        let given = self.returned.kind();
        let date = |kind| matches!(kind, Kind::Date | Kind::DateTime);
        let fits = match promised.kind {
            _ if given == promised.kind || given == Kind::Null => true,
            Kind::Text => true,
            Kind::List | Kind::Map | Kind::Collection => given == Kind::Empty,
            kind => date(kind) && date(given),
        };
        if fits {
            return Ok(());
        }
        let (wanted, given) = (promised.kind.name(), given.name());
        let message = format!("Invalid return Type: the function's header promises {wanted}, this is {given}");
        let error = EvalError::failed(Code::ReturnKind, message).at(promised.value.at);
        Err(error.help("return a value of the promised type, or change the type in the header"))
    }

    /// `x = x + a + b` and `x = x + a`: a text grows in place. Nothing is changed if an addend fails.
    #[inline(never)]
    fn append(&mut self, slot: Slot, addends: &[Spanned], at: Span, frame: &mut Frame) -> Evaluated<()> {
        let slot = slot.0 as usize;
        if scalar_sum(Scalar::of(&frame[slot]), addends, frame).put(&mut frame[slot]) {
            return Ok(());
        }
        if frame[slot].as_text().is_none() {
            let mut sum = frame[slot].clone();
            for addend in addends {
                self.add_to(&mut sum, addend, at, frame)?;
            }
            frame[slot] = sum;
            return Ok(());
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        for addend in addends {
            self.write_addend(addend, &mut scratch, frame)?;
        }
        self.reserve_text(frame[slot].as_text().map_or(0, str::len) + scratch.len(), at)?;
        frame[slot].push_text(&scratch);
        self.scratch = scratch;
        Ok(())
    }

    fn append_one(&mut self, slot: usize, addend: &Spanned, at: Span, frame: &mut Frame) -> Evaluated<()> {
        let right = self.evaluate(&addend.value, frame)?;
        if let Some(sum) = quick(Arithmetic::Add, &frame[slot], &right) {
            frame[slot] = sum;
            return Ok(());
        }
        let mut left = std::mem::take(&mut frame[slot]);
        let length = left.as_text().map_or(0, str::len) + right.as_text().map_or(0, str::len);
        let done = match self.context.meter.reserve(length.max(1)) {
            Ok(()) => operate::append(&mut left, &right, self.context.dates())
                .map_err(|refusal| self.refused(refusal, Arithmetic::Add, (&left, &right), (at, addend.at))),
            Err(error) => Err(error.at(at)),
        };
        frame[slot] = left;
        done
    }

    /// Checks the memory limit before a text of this length is made.
    pub(super) fn reserve_text(&self, length: usize, at: Span) -> Evaluated<()> {
        self.context.meter.reserve(length.max(1)).map_err(|error| error.at(at))
    }

    /// `x = x op e`.
    #[inline(never)]
    fn update(&mut self, update: &Update, frame: &mut Frame) -> Evaluated<()> {
        if update.appends {
            let at = update.slot_at.to(update.value.at);
            return self.append_one(update.slot.0 as usize, &update.value, at, frame);
        }
        let right = self.evaluate(&update.value.value, frame)?;
        let slot = update.slot.0 as usize;
        if let Some(result) = quick(update.operator, &frame[slot], &right) {
            frame[slot] = result;
            return Ok(());
        }
        let places = (update.slot_at, update.value.at);
        frame[slot] = self.arithmetic_on(update.operator, &frame[slot], &right, places)?;
        Ok(())
    }

    #[inline(never)]
    fn set_element(&mut self, set: &SetElement, frame: &mut Frame) -> Evaluated<()> {
        if set_scalar(set, frame) {
            return Ok(());
        }
        let base = self.evaluate(&set.base.value, frame)?;
        let index = self.evaluate(&set.index.value, frame)?;
        let value = self.evaluate(&set.value, frame)?;
        self.context.meter.contain(&base, &value);
        self.put_element(&base, index, value, (set.base.at, set.index.at))
    }

    #[inline(never)]
    fn for_each(&mut self, walk: &ForEach, frame: &mut Frame) -> Evaluated<Flow> {
        let over = self.evaluate(&walk.over.value, frame)?;
        let list = self.elements(over, walk.over.at)?;
        let slot = walk.slot.0 as usize;
        // The length at the start counts; an element gone by then ends the walk (DECISIONS: 7).
        for index in 0..list.len() {
            if walk.index {
                frame[slot].set(Value::Number(index as i64));
            } else {
                match list.items().get(index) {
                    Some(Value::Number(number)) => frame[slot].set(Value::Number(*number)),
                    Some(element) => frame[slot].set(element.clone()),
                    None => break,
                }
            }
            self.context.meter.tick().map_err(|error| error.at(walk.over.at))?;
            match self.statements(&walk.body, frame)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                Flow::Return => return Ok(Flow::Return),
            }
        }
        Ok(Flow::Next)
    }

    /// What `for each` walks: a list itself, the elements of a collection, the parts of a text, the rows of a CSV file.
    fn elements(&mut self, over: Value, at: Span) -> Evaluated<List> {
        match over.settled() {
            Value::List(list) => Ok(list.clone()),
            Value::Null | Value::Empty(_) => Ok(List::new(Vec::new())),
            Value::Collection(collection) => {
                let length = collection.contents().len();
                self.context.meter.reserve(length * size_of::<Value>())?;
                Ok(match &*collection.contents() {
                    Contents::Empty => List::new(Vec::new()),
                    Contents::Values(values) => List::new(values.to_vec()),
                    Contents::Pairs(pairs) => List::new(pairs.values().cloned().collect()),
                })
            }
            Value::File(file) => {
                let content = file.content();
                let text = String::from_utf8_lossy(content.bytes());
                self.context.meter.reserve(builtins::csv::weight(&text, ","))?;
                Ok(List::new(builtins::csv::rows(&text)))
            }
            other => match other.as_text() {
                Some(text) => {
                    self.context.meter.reserve(builtins::csv::weight(text, ","))?;
                    Ok(List::new(builtins::csv::elements_of_text(text)))
                }
                None => Err(not_walkable(other.kind()).at(at)),
            },
        }
    }

    #[inline(never)]
    fn repeat(&mut self, repeat: &While, frame: &mut Frame) -> Evaluated<Flow> {
        while self.holds(&repeat.condition, frame)? {
            self.context
                .meter
                .tick()
                .map_err(|error| error.at(repeat.condition.at))?;
            match self.statements(&repeat.body, frame)? {
                Flow::Next | Flow::Continue => {}
                Flow::Break => break,
                Flow::Return => return Ok(Flow::Return),
            }
        }
        Ok(Flow::Next)
    }

    #[inline(never)]
    fn attempt(&mut self, attempt: &Try, frame: &mut Frame) -> Evaluated<Flow> {
        match self.block(&attempt.body, frame) {
            Err(error) if !matches!(error.raise, Raise::Exhausted(_)) => {
                stop_if_pulled().map_err(|stop| stop.at(error.span.unwrap_or_default()))?;
                if let Some(slot) = attempt.variable {
                    frame[slot.0 as usize] = self.caught(&error);
                }
                self.block(&attempt.catch, frame)
            }
            other => other,
        }
    }

    #[inline(never)]
    fn info(&mut self, value: &Spanned, frame: &mut Frame) -> Evaluated<()> {
        let printed = self.evaluate(&value.value, frame)?;
        let text = self.text_of(&printed).map_err(|error| error.at(value.at))?;
        let at = Location {
            source: self.source,
            span: value.at,
        };
        self.print(text, at).map_err(|error| error.at(value.at))
    }

    #[inline(never)]
    fn throw(&mut self, value: &Spanned, frame: &mut Frame) -> Evaluated<Box<EvalError>> {
        let thrown = match &value.value {
            Expression::Null => return Ok(EvalError::thrown("the script threw an error".to_owned()).at(value.at)),
            expression => self.evaluate(expression, frame)?,
        };
        let text = match &thrown {
            // An error that is thrown again keeps its message.
            Value::Caught(caught) => caught.message().to_owned(),
            other => self.text_of(other).map_err(|error| error.at(value.at))?,
        };
        Ok(EvalError::thrown(text).at(value.at))
    }
}

/// The error of what needs something that is not here.
pub(super) fn unavailable(what: &Unavailable) -> Box<EvalError> {
    EvalError::failed(what.code, what.message.clone())
        .help_if(what.help.clone())
        .at(what.at)
}

fn not_walkable(kind: Kind) -> Box<EvalError> {
    let error = EvalError::failed(
        Code::WrongKind,
        format!("`for each` cannot walk a value of the type {}", kind.name()),
    );
    match kind {
        Kind::Map => error.help("walk its keys: `for each key in map.keys()`"),
        _ => error.help("it walks lists, collections, comma-separated text and CSV files"),
    }
}

/// Whether a block ends by leaving what it stands in.
#[inline(always)]
fn leaves(block: &[Statement]) -> bool {
    matches!(
        block.last(),
        Some(Statement::Return(_) | Statement::ReturnAs(_) | Statement::Break | Statement::Continue)
    )
}

/// The error of a limit, with the statement before which it was reached.
#[cold]
fn stopped(error: Box<EvalError>, statement: &Statement) -> Box<EvalError> {
    match statement.place() {
        Some(place) => error.at(place),
        None => error,
    }
}
