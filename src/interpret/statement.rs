//! Statements: one function a kind. The match has one line an arm.

use super::expression::whole;
use super::{Frame, Interpreter};
use crate::builtins;
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated, Raise};
use crate::resolve::program::{
    Arithmetic, Expression, ForEach, If, Promised, SetElement, Slot, Spanned, Statement, Try, Unavailable, Update,
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
        for statement in block {
            self.context.meter.tick()?;
            let flow = self.statement(statement, frame)?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, statement: &Statement, frame: &mut Frame) -> Evaluated<Flow> {
        match statement {
            Statement::Assign { slot, value } => {
                let value = self.evaluate(value, frame)?;
                store(&mut frame[slot.0 as usize], value);
            }
            Statement::Update(update) => {
                if !quick_update(update, frame) {
                    self.update(update, frame)?;
                }
            }
            Statement::Append { slot, addends, at } => self.append(*slot, addends, *at, frame)?,
            Statement::SetElement(set) => self.set_element(set, frame)?,
            Statement::Evaluate(expression) => drop(self.evaluate(expression, frame)?),
            Statement::If(branches) => return self.branches(branches, frame),
            Statement::ForEach(walk) => return self.for_each(walk, frame),
            Statement::While(repeat) => return self.repeat(repeat, frame),
            Statement::Try(attempt) => return self.attempt(attempt, frame),
            Statement::Return(value) => {
                self.returned = match value {
                    Some(value) => self.evaluate(value, frame)?,
                    None => Value::Null,
                };
                return Ok(Flow::Return);
            }
            Statement::ReturnAs(promised) => {
                self.returned = self.promised(promised, frame)?;
                return Ok(Flow::Return);
            }
            Statement::Info(value) => self.info(value, frame)?,
            Statement::Throw(value) => return Err(self.throw(value, frame)?),
            Statement::Break => return Ok(Flow::Break),
            Statement::Continue => return Ok(Flow::Continue),
            Statement::Block(block) => return self.block(block, frame),
            Statement::Unavailable(what) => return Err(unavailable(what)),
        }
        Ok(Flow::Next)
    }

    /// The value of a function whose header promises a kind, converted where that loses nothing. A function of texts may
    /// return containers, which have a text form wherever one is wanted.
    #[inline]
    fn promised(&mut self, promised: &Promised, frame: &mut Frame) -> Evaluated {
        let value = self.evaluate(&promised.value.value, frame)?;
        if value.kind() == promised.kind {
            return Ok(value);
        }
        self.fitted(promised, value)
    }

    #[cold]
    fn fitted(&self, promised: &Promised, value: Value) -> Evaluated {
        let value = builtins::fit(promised.kind, value, self.context.settings);
        let given = value.kind();
        let date = |kind| matches!(kind, Kind::Date | Kind::DateTime);
        let fits = match promised.kind {
            _ if given == promised.kind || given == Kind::Null => true,
            Kind::Text => true,
            Kind::List | Kind::Map | Kind::Collection => given == Kind::Empty,
            kind => date(kind) && date(given),
        };
        if fits {
            return Ok(value);
        }
        let (wanted, given) = (promised.kind.name(), given.name());
        let message = format!("Invalid return Type: the function's header promises {wanted}, this is {given}");
        Err(EvalError::failed(Code::ReturnKind, message).at(promised.value.at))
    }

    /// `x = x + a + b` and `x = x + a`: a text grows in place. Nothing is changed if an addend fails.
    #[inline(never)]
    fn append(&mut self, slot: Slot, addends: &[Spanned], at: Span, frame: &mut Frame) -> Evaluated<()> {
        let slot = slot.0 as usize;
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
        let computed;
        let right = match self.peek(&addend.value, frame) {
            Some(value) => value.clone(),
            None => {
                computed = self.evaluate(&addend.value, frame)?;
                computed
            }
        };
        if let (Value::Number(a), Value::Number(b)) = (&frame[slot], &right)
            && let Some(sum) = a.checked_add(*b)
        {
            frame[slot] = Value::Number(sum);
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
        let places = (update.slot_at, update.value.at);
        frame[slot] = self.arithmetic_on(update.operator, &frame[slot], &right, places)?;
        Ok(())
    }

    #[inline(never)]
    fn set_element(&mut self, set: &SetElement, frame: &mut Frame) -> Evaluated<()> {
        if let Expression::Slot(slot) = set.base.value
            && let Value::List(_) = frame[slot.0 as usize]
        {
            let index = self.evaluate(&set.index.value, frame)?;
            let value = self.evaluate(&set.value, frame)?;
            let base = &frame[slot.0 as usize];
            self.context.meter.contain(base, &value);
            return self.put_element(base, index, value, (set.base.at, set.index.at));
        }
        let base = self.evaluate(&set.base.value, frame)?;
        let index = self.evaluate(&set.index.value, frame)?;
        let value = self.evaluate(&set.value, frame)?;
        self.context.meter.contain(&base, &value);
        self.put_element(&base, index, value, (set.base.at, set.index.at))
    }

    fn branches(&mut self, branches: &If, frame: &mut Frame) -> Evaluated<Flow> {
        for (condition, block) in &branches.arms {
            if self.holds(condition, frame)? {
                return self.block(block, frame);
            }
        }
        self.block(&branches.otherwise, frame)
    }

    #[inline(never)]
    fn for_each(&mut self, walk: &ForEach, frame: &mut Frame) -> Evaluated<Flow> {
        let over = self.evaluate(&walk.over.value, frame)?;
        let list = self.elements(over, walk.over.at)?;
        let slot = walk.slot.0 as usize;
        // The length at the start counts; an element gone by then ends the walk (DECISIONS: 7).
        for index in 0..list.len() {
            let element = if walk.index {
                Value::Number(index as i64)
            } else {
                match list.items().get(index) {
                    Some(Value::Number(number)) => Value::Number(*number),
                    Some(element) => element.clone(),
                    None => break,
                }
            };
            store(&mut frame[slot], element);
            self.context.meter.tick()?;
            match self.block(&walk.body, frame)? {
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
            Value::Collection(collection) => Ok(match &*collection.contents() {
                Contents::Empty => List::new(Vec::new()),
                Contents::Values(values) => List::new(values.clone()),
                Contents::Pairs(pairs) => List::new(pairs.values().cloned().collect()),
            }),
            Value::File(file) => {
                let content = file.content();
                let text = String::from_utf8_lossy(content.bytes());
                Ok(List::new(builtins::csv::rows(&text)))
            }
            other => match other.as_text() {
                Some(text) => Ok(List::new(builtins::csv::elements_of_text(text))),
                None => Err(not_walkable(other.kind()).at(at)),
            },
        }
    }

    #[inline(never)]
    fn repeat(&mut self, repeat: &While, frame: &mut Frame) -> Evaluated<Flow> {
        while self.holds(&repeat.condition, frame)? {
            self.context.meter.tick()?;
            match self.block(&repeat.body, frame)? {
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
            Value::Caught(caught) => caught.message.clone(),
            other => self.text_of(other).map_err(|error| error.at(value.at))?,
        };
        Ok(EvalError::thrown(text).at(value.at))
    }
}

/// Puts a value where another was. Most are plain numbers, whose going needs no work at all.
#[inline(always)]
fn store(place: &mut Value, value: Value) {
    let former = std::mem::replace(place, value);
    if former.is_plain() {
        std::mem::forget(former)
    } else {
        drop(former)
    }
}

/// `x = x op e` where both are NUMBERs and `e` is a variable or a literal; `false` where more is to be done.
#[inline(always)]
fn quick_update(update: &Update, frame: &mut Frame) -> bool {
    let right = match &update.value.value {
        Expression::Number(number) => *number,
        Expression::Slot(slot) => match &frame[slot.0 as usize] {
            Value::Number(number) => *number,
            _ => return false,
        },
        _ => return false,
    };
    if let Value::Number(number) = &mut frame[update.slot.0 as usize]
        && let Some(result) = whole(update.operator, *number, right)
    {
        *number = result;
        return true;
    }
    false
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
