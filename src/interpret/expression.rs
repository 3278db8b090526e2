//! Expressions: one function a kind. The match has one line an arm.

use super::scalar::{Scalar, combine, operand, scalar, scalar_arithmetic};
use super::statement::unavailable;
use super::{Frame, Interpreter};
use crate::builtins;
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::resolve::program::{Arithmetic, Binary, Expression, Record, Spanned, Sum, TypedList};
use crate::source::Span;
use crate::value::operate::{self, Refusal};
use crate::value::{Empty, Entries, Key, List, Map, Value};

impl Interpreter<'_> {
    /// The value of an expression. What needs no computing is answered without a call.
    #[inline(always)]
    pub(super) fn evaluate(&mut self, expression: &Expression, frame: &mut Frame) -> Evaluated {
        match expression {
            Expression::Slot(slot) => Ok(frame[slot.0 as usize].copy()),
            Expression::Number(number) => Ok(Value::Number(*number)),
            Expression::Method(method) => self.method(method, frame),
            other => self.compute(other, frame),
        }
    }

    /// Puts the value of an expression into a place of the frame. NUMBERs go in the parts in which they will be read.
    #[inline(always)]
    pub(super) fn evaluate_into(&mut self, expression: &Expression, place: usize, frame: &mut Frame) -> Evaluated<()> {
        match expression {
            Expression::Slot(slot) => match &frame[slot.0 as usize] {
                Value::Number(number) => {
                    let number = *number;
                    frame[place].set(Value::Number(number));
                }
                other => {
                    let value = other.clone();
                    frame[place].set(value);
                }
            },
            Expression::Number(number) => frame[place].set(Value::Number(*number)),
            Expression::Constant(id) => frame[place].set(self.constants[id.0 as usize].copy()),
            Expression::Call(call) => {
                self.call_in_place(call, frame)?;
                frame[place].set(self.returned.take());
            }
            other => return self.compute_into(other, place, frame),
        }
        Ok(())
    }

    #[inline(never)]
    fn compute_into(&mut self, expression: &Expression, place: usize, frame: &mut Frame) -> Evaluated<()> {
        let known = match expression {
            Expression::Arithmetic(node) if node.scalar.is_some() => scalar_arithmetic(node, frame),
            other => scalar(other, frame),
        };
        if !known.put(&mut frame[place]) {
            let value = self.evaluate(expression, frame)?;
            frame[place].set(value);
        }
        Ok(())
    }

    fn compute(&mut self, expression: &Expression, frame: &mut Frame) -> Evaluated {
        Ok(match expression {
            Expression::Null => Value::Null,
            Expression::Boolean(boolean) => Value::Boolean(*boolean),
            Expression::Number(number) => Value::Number(*number),
            Expression::Decimal(decimal) => Value::Decimal(*decimal),
            Expression::Constant(id) => self.constants[id.0 as usize].copy(),
            Expression::Slot(slot) => frame[slot.0 as usize].clone(),
            Expression::Arithmetic(node) => return self.arithmetic(node, frame),
            Expression::Sum(sum) => return self.sum(sum, frame),
            Expression::Call(call) => return self.call(call, frame),
            Expression::Method(method) => return self.method(method, frame),
            Expression::Builtin(call) => return self.builtin(call, frame),
            Expression::Compare(node) => Value::Boolean(self.compare(node, frame)?),
            Expression::Logic(logic) => Value::Boolean(self.logic(logic, frame)?),
            Expression::Not(operand) => Value::Boolean(!self.holds(operand, frame)?),
            Expression::Negate(operand) => return self.negate(operand, frame),
            Expression::Conditional(parts) => return self.conditional(parts, frame),
            Expression::IfNull(parts) => return self.if_null(&parts.0, &parts.1, frame),
            Expression::List(items) => return self.list(items, frame),
            Expression::Map(pairs) => return self.map(pairs, frame),
            Expression::Record(record) => return self.record(record, frame),
            Expression::Empty => Value::Empty(Empty::default()),
            Expression::TypedList(typed) => return self.typed_list(typed, frame),
            Expression::HostCall(call) => return self.host_call(call, frame),
            Expression::Index(index) => return self.index(index, frame),
            Expression::Field(field) => return self.field(field, frame),
            Expression::Invoke(invoke) => return self.invoke(invoke, frame),
            Expression::SendMail(invoke) => return self.send_mail(invoke, frame),
            Expression::Unavailable(what) => return Err(unavailable(what)),
        })
    }

    #[inline(never)]
    fn conditional(&mut self, parts: &(Spanned, Expression, Expression), frame: &mut Frame) -> Evaluated {
        let (condition, yes, no) = parts;
        let chosen = if self.holds(condition, frame)? { yes } else { no };
        self.evaluate(chosen, frame)
    }

    /// The value of a variable or literal where it lies; `None` for what has to be computed.
    #[inline]
    pub(super) fn peek<'v>(&'v self, expression: &Expression, frame: &'v Frame) -> Option<&'v Value> {
        match expression {
            Expression::Slot(slot) => Some(&frame[slot.0 as usize]),
            Expression::Constant(id) => Some(&self.constants[id.0 as usize]),
            _ => None,
        }
    }

    #[inline(never)]
    fn arithmetic(&mut self, node: &Binary<Arithmetic>, frame: &mut Frame) -> Evaluated {
        if node.scalar.is_some()
            && let Some(result) = scalar_arithmetic(node, frame).value()
        {
            return Ok(result);
        }
        if node.measured {
            return match self.measure(node, frame)?.value() {
                Some(result) => Ok(result),
                None => Ok(self.returned.take()),
            };
        }
        let a = self.evaluate(&node.left, frame)?;
        let b = self.evaluate(&node.right, frame)?;
        self.operate(node, a, b)
    }

    /// An operator on values that were just made.
    #[inline(always)]
    fn operate(&mut self, node: &Binary<Arithmetic>, mut a: Value, b: Value) -> Evaluated {
        if let Some(result) = quick(node.operator, &a, &b) {
            a.discard();
            b.discard();
            return Ok(result);
        }
        let places = (node.left_at, node.right_at);
        if node.operator == Arithmetic::Add && a.as_text().is_some() {
            // A text that was just made grows in place instead of being copied.
            self.join(&mut a, &b, places)?;
            return Ok(a);
        }
        self.arithmetic_on(node.operator, &a, &b, places)
    }

    /// An operator on what calls return, mostly numbers: they stay in registers. A result that is no scalar lies in
    /// [`Interpreter::returned`].
    #[inline(never)]
    pub(super) fn measure(&mut self, node: &Binary<Arithmetic>, frame: &mut Frame) -> Evaluated<Scalar> {
        let left = self.gauge(&node.left, frame)?;
        if !left.is_some() {
            let left = self.returned.take();
            let right = self.gauge(&node.right, frame)?;
            return self.measure_values(node, left, right);
        }
        let right = self.gauge(&node.right, frame)?;
        match combine(node.operator, left, right) {
            result if result.is_some() => Ok(result),
            _ => self.measure_values(node, left.value().unwrap_or_default(), right),
        }
    }

    /// The same where it is no matter of registers alone. A right operand that is no scalar is what was returned last.
    #[inline(never)]
    fn measure_values(&mut self, node: &Binary<Arithmetic>, left: Value, right: Scalar) -> Evaluated<Scalar> {
        let right = right.value().unwrap_or_else(|| self.returned.take());
        let value = self.operate(node, left, right)?;
        self.returned.set(value);
        Ok(Scalar::of(&self.returned))
    }

    /// The value of an operand as a scalar; one that is none lies in [`Interpreter::returned`].
    #[inline(always)]
    fn gauge(&mut self, expression: &Expression, frame: &mut Frame) -> Evaluated<Scalar> {
        match expression {
            Expression::Call(call) => self.call_in_place(call, frame)?,
            Expression::Arithmetic(node) if node.measured => return self.measure(node, frame),
            other => {
                let known = operand(other, frame);
                if known.is_some() {
                    return Ok(known);
                }
                let value = self.evaluate(other, frame)?;
                self.returned.set(value);
            }
        }
        Ok(Scalar::of(&self.returned))
    }

    /// An operator on two values.
    #[inline(never)]
    pub(super) fn arithmetic_on(&self, operator: Arithmetic, a: &Value, b: &Value, places: (Span, Span)) -> Evaluated {
        match operator {
            Arithmetic::Add => {
                let length = a.as_text().map_or(0, str::len) + b.as_text().map_or(0, str::len);
                self.reserve_text(length, places.0.to(places.1))?;
                operate::add(a, b, self.context.dates())
            }
            Arithmetic::Subtract => operate::subtract(a, b),
            Arithmetic::Multiply => operate::multiply(a, b),
            Arithmetic::Divide => operate::divide(a, b),
            Arithmetic::Remainder => operate::remainder(a, b),
        }
        .map_err(|refusal| self.refused(refusal, operator, (a, b), places))
    }

    /// The error of an operator that refused its operands, in Zoho's words where it has some.
    #[cold]
    pub(super) fn refused(
        &self,
        refusal: Refusal,
        operator: Arithmetic,
        (a, b): (&Value, &Value),
        (left_at, right_at): (Span, Span),
    ) -> Box<EvalError> {
        let sign = operator.sign();
        let whole = left_at.to(right_at);
        match refusal {
            Refusal::Null if operator == Arithmetic::Remainder => EvalError::failed(
                Code::NullOperand,
                "On performing mod operation mismatch of data type expressions found: a side is null",
            ),
            Refusal::Null => EvalError::failed(
                Code::NullOperand,
                format!("Null value occurred while performing {sign} operation"),
            ),
            Refusal::Zero => EvalError::failed(
                Code::DivideByZero,
                format!("Error in performing the Operation {sign} : Divide by zero error"),
            )
            .label("this is zero")
            .at(right_at),
            Refusal::Overflow => {
                EvalError::failed(Code::Overflow, format!("the result of {sign} does not fit a number"))
                    .help("a NUMBER is a 64-bit integer; use decimals for larger results")
            }
            Refusal::Unprintable => builtins::contains_itself(),
            Refusal::Kinds => bad_operands(operator, a, b),
        }
        .at_null(a, b, left_at, right_at)
        .at(whole)
    }

    /// A sum of several addends: a text grows in place instead of being copied for each.
    #[inline(never)]
    fn sum(&mut self, sum: &Sum, frame: &mut Frame) -> Evaluated {
        let mut total = self.evaluate(&sum.first.value, frame)?;
        for addend in &sum.rest {
            self.add_to(&mut total, addend, sum.first.at.to(addend.at), frame)?;
        }
        Ok(total)
    }

    /// Adds one addend to a running sum.
    pub(super) fn add_to(&mut self, total: &mut Value, addend: &Spanned, at: Span, frame: &mut Frame) -> Evaluated<()> {
        let computed;
        let right = match self.peek(&addend.value, frame) {
            Some(value) => value,
            None => {
                computed = self.evaluate(&addend.value, frame)?;
                &computed
            }
        };
        if let Some(sum) = quick(Arithmetic::Add, total, right) {
            total.set(sum);
            return Ok(());
        }
        self.join(total, right, (at, addend.at))
    }

    /// Adds a value to another, in place where that is a text.
    pub(super) fn join(&self, total: &mut Value, right: &Value, places: (Span, Span)) -> Evaluated<()> {
        let length = total.as_text().map_or(0, str::len) + right.as_text().map_or(0, str::len);
        self.reserve_text(length, places.0.to(places.1))?;
        let done = operate::append(total, right, self.context.dates());
        done.map_err(|refusal| self.refused(refusal, Arithmetic::Add, (total, right), places))
    }

    /// Appends the text form of an addend to a buffer.
    pub(super) fn write_addend(&mut self, addend: &Spanned, out: &mut String, frame: &mut Frame) -> Evaluated<()> {
        let computed;
        let value = match self.peek(&addend.value, frame) {
            Some(value) => value,
            None => {
                computed = self.evaluate(&addend.value, frame)?;
                &computed
            }
        };
        match value.as_text() {
            Some(text) => out.push_str(text),
            None => value
                .write_text(self.context.dates(), out)
                .map_err(|_| builtins::contains_itself().at(addend.at))?,
        }
        Ok(())
    }

    /// The text form of a value.
    pub(super) fn text_of(&self, value: &Value) -> Evaluated<String> {
        value
            .to_text(self.context.dates())
            .map_err(|_| builtins::contains_itself())
    }

    #[inline(never)]
    fn negate(&mut self, operand: &Spanned, frame: &mut Frame) -> Evaluated {
        let value = self.evaluate(&operand.value, frame)?;
        let places = (operand.at, operand.at);
        operate::negate(&value)
            .map_err(|refusal| self.refused(refusal, Arithmetic::Subtract, (&Value::Number(0), &value), places))
    }

    /// `ifnull(a, b)`: an index past the end of a list counts as null (DECISIONS: 14).
    #[inline(never)]
    fn if_null(&mut self, value: &Expression, default: &Expression, frame: &mut Frame) -> Evaluated {
        match self.evaluate(value, frame) {
            Ok(Value::Null) => self.evaluate(default, frame),
            Err(error) if error.code() == Code::IndexOutOfRange => self.evaluate(default, frame),
            other => other,
        }
    }

    #[inline(never)]
    fn list(&mut self, items: &[Expression], frame: &mut Frame) -> Evaluated {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.push(self.evaluate(item, frame)?);
        }
        Ok(Value::List(List::new(values)))
    }

    #[inline(never)]
    fn map(&mut self, pairs: &[(Expression, Expression)], frame: &mut Frame) -> Evaluated {
        let mut entries = Entries::with_capacity(pairs.len());
        for (key, value) in pairs {
            let key = Key::new(self.evaluate(key, frame)?);
            entries.insert(key, self.evaluate(value, frame)?);
        }
        Ok(Value::Map(Map::new(entries)))
    }

    #[inline(never)]
    fn record(&mut self, record: &Record, frame: &mut Frame) -> Evaluated {
        let mut values = Vec::with_capacity(record.values.len());
        for value in &record.values {
            values.push(self.evaluate(value, frame)?);
        }
        let index = record.keys.0 as usize;
        let keys = self.program.records[index].iter();
        let keys = keys.map(|id| self.constants[id.0 as usize].copy());
        Ok(Value::Map(self.records[index].map(keys, values)))
    }

    #[inline(never)]
    fn typed_list(&mut self, typed: &TypedList, frame: &mut Frame) -> Evaluated {
        let list = List::typed(Vec::new(), Some(typed.element));
        let Some(from) = &typed.from else {
            return Ok(Value::List(list));
        };
        let from = self.evaluate(from, frame)?;
        let elements = match (from.as_text(), from.as_list()) {
            (Some(text), _) => builtins::csv::elements_of_text(text),
            (None, Some(from)) => from.items().to_vec(),
            (None, None) => vec![from],
        };
        for element in elements {
            let element =
                builtins::conform(typed.element, element, self.context.settings).map_err(|error| error.at(typed.at))?;
            list.push(element);
        }
        Ok(Value::List(list))
    }
}

/// An operator on two NUMBERs, where the result is one.
#[inline(always)]
pub(super) fn whole(operator: Arithmetic, a: i64, b: i64) -> Option<i64> {
    match operator {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide if a.checked_rem(b) == Some(0) => a.checked_div(b),
        Arithmetic::Divide => None,
        Arithmetic::Remainder => a.checked_rem(b),
    }
}

/// An operator on two NUMBERs whose result is one, or on two doubles; `None` where more is to be done.
#[inline(always)]
pub(super) fn quick(operator: Arithmetic, a: &Value, b: &Value) -> Option<Value> {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => whole(operator, *a, *b).map(Value::Number),
        (Value::Double(a), Value::Double(b)) => match operator {
            Arithmetic::Add => Some(Value::Double(a + b)),
            Arithmetic::Subtract => Some(Value::Double(a - b)),
            Arithmetic::Multiply => Some(Value::Double(a * b)),
            Arithmetic::Divide | Arithmetic::Remainder => None,
        },
        _ => None,
    }
}

/// The documented error for an operator between kinds that it does not take.
fn bad_operands(operator: Arithmetic, a: &Value, b: &Value) -> Box<EvalError> {
    let sign = operator.sign();
    let (left, right) = (a.kind().operand_name(), b.kind().operand_name());
    if operator == Arithmetic::Remainder {
        let message = format!("On performing mod operation mismatch of data type expressions found: {left} % {right}");
        return EvalError::failed(Code::WrongKind, message);
    }
    let message = format!(
        "Left expression is of type {left} and right expression is of type {right} and operator {sign} is not valid"
    );
    let error = EvalError::failed(Code::BadOperands, message);
    match (left, operator) {
        ("TIMESTAMP", Arithmetic::Add | Arithmetic::Subtract) => {
            error.help("use `addDay(n)`, `addHour(n)` and their kin")
        }
        ("TEXT", _) => error.help("convert with `toNumber()` or `toDecimal()` first"),
        _ => error,
    }
}

/// Where a null operand stands.
trait AtNull {
    fn at_null(self, a: &Value, b: &Value, left_at: Span, right_at: Span) -> Self;
}

impl AtNull for Box<EvalError> {
    fn at_null(self, a: &Value, b: &Value, left_at: Span, right_at: Span) -> Self {
        match (self.code(), a.is_null(), b.is_null()) {
            (Code::NullOperand, true, _) => self.label("this is null").at(left_at),
            (Code::NullOperand, _, true) => self.label("this is null").at(right_at),
            _ => self,
        }
    }
}
