//! The arithmetic operators on values (LANGUAGE 2.3 to 2.5; DECISIONS: 3 to 5, 14, 19).

use super::decimal::{self, Operation};
use super::{DateSettings, Value};

/// Why an operator refused its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// An operand is null.
    Null,
    /// The operator is not defined between these kinds.
    Kinds,
    /// Division by zero.
    Zero,
    /// The result does not fit.
    Overflow,
    /// An operand has no text form.
    Unprintable,
}

/// `+`: adds numbers; joins where a side is text. Null joins as `null`, but cannot be added to a number.
///
/// # Errors
/// The operands cannot be added.
pub fn add(left: &Value, right: &Value, dates: &DateSettings) -> Result<Value, Refusal> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.checked_add(*b).map(Value::Number).ok_or(Refusal::Overflow),
        _ if joins(left) || joins(right) => {
            let mut joined = left.clone();
            append(&mut joined, right, dates)?;
            Ok(joined)
        }
        _ => numeric(left, right, Some(Operation::Add), |a, b| a + b),
    }
}

/// `left = left + right`, in place where `left` is a text that nobody else holds.
///
/// # Errors
/// The operands cannot be added; `left` is unchanged then.
pub fn append(left: &mut Value, right: &Value, dates: &DateSettings) -> Result<(), Refusal> {
    if left.as_text().is_none() {
        if !joins(left) && !joins(right) {
            *left = add(left, right, dates)?;
            return Ok(());
        }
        *left = Value::from_string(left.to_text(dates).map_err(|_| Refusal::Unprintable)?);
    }
    match right {
        Value::Number(number) => left.push_text(itoa::Buffer::new().format(*number)),
        _ => match right.as_text() {
            Some(text) => left.push_text(text),
            None => left.push_text(&right.to_text(dates).map_err(|_| Refusal::Unprintable)?),
        },
    }
    Ok(())
}

/// Whether `+` with this value joins texts.
fn joins(value: &Value) -> bool {
    matches!(value, Value::ShortText(_) | Value::Text(_) | Value::Caught(_))
}

/// `-`: of numbers; of two dates, the milliseconds between them.
///
/// # Errors
/// The operands cannot be subtracted.
pub fn subtract(left: &Value, right: &Value) -> Result<Value, Refusal> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.checked_sub(*b).map(Value::Number).ok_or(Refusal::Overflow),
        (Value::Date(a) | Value::DateTime(a), Value::Date(b) | Value::DateTime(b)) => {
            Ok(Value::Number(a.millis().saturating_sub(b.millis())))
        }
        _ => numeric(left, right, Some(Operation::Subtract), |a, b| a - b),
    }
}

/// `*`
///
/// # Errors
/// The operands cannot be multiplied.
pub fn multiply(left: &Value, right: &Value) -> Result<Value, Refusal> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.checked_mul(*b).map(Value::Number).ok_or(Refusal::Overflow),
        _ => numeric(left, right, Some(Operation::Multiply), |a, b| a * b),
    }
}

/// `/`: exact; an integral quotient of two NUMBERs stays a NUMBER.
///
/// # Errors
/// The operands cannot be divided.
pub fn divide(left: &Value, right: &Value) -> Result<Value, Refusal> {
    if is_zero(right) && left.is_number() {
        return Err(Refusal::Zero);
    }
    numeric(left, right, None, |a, b| a / b)
}

/// `%`, with the sign of the dividend, as in Java.
///
/// # Errors
/// The operands have no remainder.
pub fn remainder(left: &Value, right: &Value) -> Result<Value, Refusal> {
    if is_zero(right) && left.is_number() {
        return Err(Refusal::Zero);
    }
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.checked_rem(*b).map(Value::Number).ok_or(Refusal::Overflow),
        _ => numeric(left, right, Some(Operation::Remainder), |a, b| a % b),
    }
}

/// Unary `-`.
///
/// # Errors
/// The operand is no number.
pub fn negate(value: &Value) -> Result<Value, Refusal> {
    match value {
        Value::Double(double) => Ok(Value::Double(-double)),
        _ => subtract(&Value::Number(0), value),
    }
}

/// Whether a value is the number zero in any form.
fn is_zero(value: &Value) -> bool {
    match value {
        Value::Number(number) => *number == 0,
        Value::Double(double) => *double == 0.0,
        _ => value.as_wide().is_some_and(|wide| wide.is_zero()),
    }
}

/// An operation between numbers: in double where a side is one, else exact. `None` for the exact operation is division.
fn numeric(
    left: &Value,
    right: &Value,
    exact: Option<Operation>,
    double: impl Fn(f64, f64) -> f64,
) -> Result<Value, Refusal> {
    if matches!(left, Value::Double(_)) || matches!(right, Value::Double(_)) {
        return match (left.as_double(), right.as_double()) {
            (Some(a), Some(b)) => Ok(Value::Double(double(a, b))),
            _ => Err(not_numeric(left, right)),
        };
    }
    match exact {
        Some(operation) => decimal::exact(operation, left, right),
        None => decimal::divide(left, right),
    }
    .ok_or_else(|| match (left.is_number(), right.is_number()) {
        (true, true) => Refusal::Overflow,
        _ => not_numeric(left, right),
    })
}

/// Why two values that are not both numbers do not go together.
fn not_numeric(left: &Value, right: &Value) -> Refusal {
    if left.is_null() || right.is_null() {
        Refusal::Null
    } else {
        Refusal::Kinds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(left: Value, right: Value) -> Result<String, Refusal> {
        add(&left, &right, &DateSettings::default()).map(|value| value.key_text())
    }

    #[test]
    fn plus_adds_numbers_and_joins_texts() {
        assert_eq!(sum(Value::Number(1), Value::Number(2)), Ok("3".to_owned()));
        assert_eq!(sum(Value::Number(3), Value::text("a")), Ok("3a".to_owned()));
        assert_eq!(sum(Value::text("v="), Value::Null), Ok("v=null".to_owned()));
        assert_eq!(sum(Value::Null, Value::text("!")), Ok("null!".to_owned()));
        assert_eq!(sum(Value::Null, Value::Number(1)), Err(Refusal::Null));
        assert_eq!(sum(Value::Boolean(true), Value::Number(1)), Err(Refusal::Kinds));
        assert_eq!(sum(Value::Number(i64::MAX), Value::Number(1)), Err(Refusal::Overflow));
    }

    #[test]
    fn zero_divisors_are_refused_in_every_form() {
        for zero in [
            Value::Number(0),
            Value::Double(0.0),
            Value::from_wide("0.00".parse().unwrap()),
        ] {
            assert_eq!(divide(&Value::Number(1), &zero).err(), Some(Refusal::Zero));
            assert_eq!(remainder(&Value::Number(1), &zero).err(), Some(Refusal::Zero));
        }
        assert_eq!(divide(&Value::Null, &Value::Number(0)).err(), Some(Refusal::Null));
    }
}
