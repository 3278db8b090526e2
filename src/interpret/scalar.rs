//! Numbers and booleans on their way through expressions in two registers.
//!
//! A value is sixteen bytes and comes back through memory; much of what scripts compute is numbers from variables,
//! literals and items of lists. Those are computed here without ever becoming a value. Everything here is pure: where
//! something else than a scalar turns up, nothing has happened yet, and the general way begins anew.

use std::cell::Ref;
use std::cmp::Ordering;

use super::Frame;
use super::expression::whole;
use crate::resolve::program::{Arithmetic, Binary, Comparison, Expression, Method, Quick, SetElement, Spanned, Update};
use crate::value::{Decimal, Value};

/// A value that fits one register, and which kind it is.
#[derive(Clone, Copy)]
pub(super) struct Scalar {
    kind: ScalarKind,
    bits: u64,
}

/// Which kind of scalar it is; for a DECIMAL the scale as well.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ScalarKind(u32);

impl ScalarKind {
    /// No scalar: the general way has to be taken.
    const NONE: Self = Self(0);
    const NUMBER: Self = Self(1);
    const DOUBLE: Self = Self(2);
    const BOOLEAN: Self = Self(3);
    /// A DECIMAL without digits behind the point. Those with more follow.
    const DECIMAL: Self = Self(4);

    fn scale(self) -> Option<u32> {
        self.0.checked_sub(Self::DECIMAL.0)
    }
}

impl Scalar {
    const NONE: Self = Self {
        kind: ScalarKind::NONE,
        bits: 0,
    };

    #[inline(always)]
    fn number(number: i64) -> Self {
        Self {
            kind: ScalarKind::NUMBER,
            bits: number.cast_unsigned(),
        }
    }

    #[inline(always)]
    fn double(double: f64) -> Self {
        Self {
            kind: ScalarKind::DOUBLE,
            bits: double.to_bits(),
        }
    }

    #[inline(always)]
    fn decimal(decimal: Decimal) -> Self {
        Self {
            kind: ScalarKind(ScalarKind::DECIMAL.0 + decimal.scale()),
            bits: decimal.mantissa().cast_unsigned(),
        }
    }

    #[inline(always)]
    fn boolean(boolean: bool) -> Self {
        Self {
            kind: ScalarKind::BOOLEAN,
            bits: u64::from(boolean),
        }
    }

    /// The scalar that a value is, if it is one.
    #[inline(always)]
    pub(super) fn of(value: &Value) -> Self {
        if let Value::Number(number) = value {
            return Self::number(*number);
        }
        if let Value::Double(double) = value {
            return Self::double(*double);
        }
        Self::of_rarer(value)
    }

    #[inline(never)]
    fn of_rarer(value: &Value) -> Self {
        match value {
            Value::Boolean(boolean) => Self::boolean(*boolean),
            Value::Decimal(decimal) => Self::decimal(*decimal),
            _ => Self::NONE,
        }
    }

    /// Whether it is a scalar at all.
    #[inline(always)]
    pub(super) fn is_some(self) -> bool {
        self.kind != ScalarKind::NONE
    }

    #[inline(always)]
    pub(super) fn as_number(self) -> Option<i64> {
        (self.kind == ScalarKind::NUMBER).then_some(self.bits.cast_signed())
    }

    #[inline(always)]
    pub(super) fn as_boolean(self) -> Option<bool> {
        (self.kind == ScalarKind::BOOLEAN).then_some(self.bits != 0)
    }

    /// The exact number behind a NUMBER or a DECIMAL.
    fn as_decimal(self) -> Option<Decimal> {
        match self.kind {
            ScalarKind::NUMBER => Some(Decimal::from(self.bits.cast_signed())),
            kind => Decimal::new(self.bits.cast_signed(), kind.scale()?),
        }
    }

    /// The number as a double.
    fn to_double(self) -> Option<f64> {
        match self.kind {
            ScalarKind::DOUBLE => Some(f64::from_bits(self.bits)),
            ScalarKind::NUMBER => Some(self.bits.cast_signed() as f64),
            _ => self.as_decimal().map(Decimal::to_double),
        }
    }

    /// Puts the scalar into a place; `false` where it is none. It is written in the parts in which it will be read: a value
    /// that is assembled elsewhere and then moved as a whole has to wait until its parts have arrived.
    #[inline(always)]
    pub(super) fn put(self, place: &mut Value) -> bool {
        match self.kind {
            ScalarKind::NUMBER => place.set(Value::Number(self.bits.cast_signed())),
            ScalarKind::DOUBLE => place.set(Value::Double(f64::from_bits(self.bits))),
            ScalarKind::BOOLEAN => place.set(Value::Boolean(self.bits != 0)),
            ScalarKind::NONE => return false,
            _ => match self.as_decimal() {
                Some(decimal) => place.set(Value::Decimal(decimal)),
                None => return false,
            },
        }
        true
    }

    /// The scalar as a value.
    #[inline(always)]
    pub(super) fn value(self) -> Option<Value> {
        match self.kind {
            ScalarKind::NUMBER => Some(Value::Number(self.bits.cast_signed())),
            ScalarKind::DOUBLE => Some(Value::Double(f64::from_bits(self.bits))),
            ScalarKind::BOOLEAN => Some(Value::Boolean(self.bits != 0)),
            ScalarKind::NONE => None,
            _ => self.as_decimal().map(Value::Decimal),
        }
    }
}

/// The NUMBER that a variable or a literal is: the commonest operands, looked at before anything else.
#[inline(always)]
pub(super) fn number(expression: &Expression, frame: &Frame) -> Option<i64> {
    match expression {
        Expression::Slot(slot) => match frame[slot.0 as usize] {
            Value::Number(number) => Some(number),
            _ => None,
        },
        Expression::Number(number) => Some(*number),
        _ => None,
    }
}

/// The value of an expression, where it is a scalar that variables, literals and items of lists give. What a map has under
/// a key is text more often than not, so looking whether it is a scalar pays only for an operand: [`operand`].
#[inline(always)]
pub(super) fn scalar(expression: &Expression, frame: &Frame) -> Scalar {
    match expression {
        Expression::Method(method) if method.key.is_some() => Scalar::NONE,
        Expression::Boolean(boolean) => Scalar::boolean(*boolean),
        other => operand(other, frame),
    }
}

/// The same, with the entries of maps: for what has to be a number or boolean anyway.
#[inline(always)]
pub(super) fn operand(expression: &Expression, frame: &Frame) -> Scalar {
    if let Expression::Slot(slot) = expression {
        return Scalar::of(&frame[slot.0 as usize]);
    }
    if let Expression::Number(number) = expression {
        return Scalar::number(*number);
    }
    if let Expression::Method(method) = expression {
        return match method.quick {
            Quick::Get => scalar_item(method, frame),
            _ => Scalar::NONE,
        };
    }
    computed(expression, frame)
}

#[inline(never)]
fn computed(expression: &Expression, frame: &Frame) -> Scalar {
    match expression {
        Expression::Arithmetic(node) if node.scalar.is_some() => scalar_arithmetic(node, frame),
        Expression::Sum(sum) if sum.scalar.is_some() => scalar_sum(operand(&sum.first.value, frame), &sum.rest, frame),
        Expression::Boolean(boolean) => Scalar::boolean(*boolean),
        Expression::Decimal(decimal) => Scalar::decimal(*decimal),
        _ => Scalar::NONE,
    }
}

/// An operator on scalars.
#[inline(always)]
pub(super) fn scalar_arithmetic(node: &Binary<Arithmetic>, frame: &Frame) -> Scalar {
    if let Some(a) = number(&node.left, frame)
        && let Some(b) = number(&node.right, frame)
    {
        return whole(node.operator, a, b).map_or(Scalar::NONE, Scalar::number);
    }
    let a = operand(&node.left, frame);
    if a.kind == ScalarKind::NONE {
        return a;
    }
    combine(node.operator, a, operand(&node.right, frame))
}

/// A sum of scalars.
#[inline(always)]
pub(super) fn scalar_sum(first: Scalar, rest: &[Spanned], frame: &Frame) -> Scalar {
    let mut total = first;
    for addend in rest {
        if total.kind == ScalarKind::NONE {
            return total;
        }
        total = combine(Arithmetic::Add, total, operand(&addend.value, frame));
    }
    total
}

/// `x = x op e`, where the result is a scalar; `false` where more is to be done.
#[inline(always)]
pub(super) fn scalar_update(update: &Update, frame: &mut Frame) -> bool {
    let slot = update.slot.0 as usize;
    if let Some(right) = number(&update.value.value, frame)
        && let Value::Number(place) = &mut frame[slot]
        && let Some(result) = whole(update.operator, *place, right)
    {
        *place = result;
        return true;
    }
    other_update(update, frame)
}

#[inline(never)]
fn other_update(update: &Update, frame: &mut Frame) -> bool {
    let right = operand(&update.value.value, frame);
    let place = &mut frame[update.slot.0 as usize];
    combine(update.operator, Scalar::of(place), right).put(place)
}

/// `list[index] = e`, where the list is a variable and index and value are scalars; `false` where more is to be done.
#[inline(always)]
pub(super) fn set_scalar(set: &SetElement, frame: &Frame) -> bool {
    let Expression::Slot(slot) = set.base.value else {
        return false;
    };
    let index = number(&set.index.value, frame).or_else(|| scalar(&set.index.value, frame).as_number());
    let value = scalar(&set.value, frame);
    match (&frame[slot.0 as usize], index) {
        (Value::List(list), Some(index)) => usize::try_from(index)
            .ok()
            .and_then(|index| list.edit_item(index, |place| value.put(place)))
            .unwrap_or(false),
        _ => false,
    }
}

/// Whether a comparison of two scalars holds.
#[inline(always)]
pub(super) fn scalar_comparison(node: &Binary<Comparison>, frame: &Frame) -> Option<bool> {
    if let Some(a) = number(&node.left, frame)
        && let Some(b) = number(&node.right, frame)
    {
        return holds(node.operator, a.cmp(&b));
    }
    node.scalar?;
    other_comparison(node, frame)
}

#[inline(never)]
fn other_comparison(node: &Binary<Comparison>, frame: &Frame) -> Option<bool> {
    let (a, b) = (operand(&node.left, frame), operand(&node.right, frame));
    if let (Some(a), Some(b)) = (a.as_number(), b.as_number()) {
        return holds(node.operator, a.cmp(&b));
    }
    other_order(node.operator, a, b)
}

/// An operator on two scalars, where the result is one.
#[inline(always)]
pub(super) fn combine(operator: Arithmetic, a: Scalar, b: Scalar) -> Scalar {
    if let (Some(a), Some(b)) = (a.as_number(), b.as_number()) {
        return whole(operator, a, b).map_or(Scalar::NONE, Scalar::number);
    }
    if a.kind == ScalarKind::DOUBLE && b.kind == ScalarKind::DOUBLE {
        return on_doubles(operator, f64::from_bits(a.bits), f64::from_bits(b.bits));
    }
    mixed(operator, a, b)
}

/// Numbers of different kinds, or two DECIMALs.
#[inline(never)]
fn mixed(operator: Arithmetic, a: Scalar, b: Scalar) -> Scalar {
    if a.kind == ScalarKind::DOUBLE || b.kind == ScalarKind::DOUBLE {
        return match (a.to_double(), b.to_double()) {
            (Some(a), Some(b)) => on_doubles(operator, a, b),
            _ => Scalar::NONE,
        };
    }
    let (Some(a), Some(b)) = (a.as_decimal(), b.as_decimal()) else {
        return Scalar::NONE;
    };
    match operator {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide | Arithmetic::Remainder => None,
    }
    .map_or(Scalar::NONE, Scalar::decimal)
}

#[inline(always)]
fn on_doubles(operator: Arithmetic, a: f64, b: f64) -> Scalar {
    Scalar::double(match operator {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide if b != 0.0 => a / b,
        Arithmetic::Remainder if b != 0.0 => a % b,
        Arithmetic::Divide | Arithmetic::Remainder => return Scalar::NONE,
    })
}

/// `list.get(index)` or `map.get("key")` on a variable.
#[inline(never)]
fn scalar_item(method: &Method, frame: &Frame) -> Scalar {
    match item_of_list(method, frame) {
        Some(item) => Scalar::of(&item),
        None => rarer_item(method, frame),
    }
}

/// What `list.get(index)` with two variables gives, where it lies.
#[inline(always)]
fn item_of_list<'f>(method: &Method, frame: &'f Frame) -> Option<Ref<'f, Value>> {
    let (list, index) = method.item?;
    match (&frame[list.0 as usize], &frame[index.0 as usize]) {
        (Value::List(list), Value::Number(index)) => list.at(*index),
        _ => None,
    }
}

/// The same with another index or a key, and on `list.get(index)`.
#[inline(never)]
fn rarer_item(method: &Method, frame: &Frame) -> Scalar {
    match &method.receiver.value {
        Expression::Slot(slot) => item_of(&frame[slot.0 as usize], method, frame),
        Expression::Method(row) => item_of_list(row, frame).map_or(Scalar::NONE, |row| item_of(&row, method, frame)),
        _ => Scalar::NONE,
    }
}

/// What `get` finds in a container.
#[inline(always)]
fn item_of(container: &Value, method: &Method, frame: &Frame) -> Scalar {
    let found = match (container, method.key, &*method.arguments) {
        (Value::Map(map), Some(key), _) => map.look_near(&Value::ShortText(key), &method.near, Scalar::of),
        (Value::List(list), None, [index]) => {
            let index = number(index, frame).or_else(|| computed(index, frame).as_number());
            index.and_then(|index| list.at(index).map(|item| Scalar::of(&item)))
        }
        _ => None,
    };
    found.unwrap_or(Scalar::NONE)
}

/// A comparison of two doubles, or of numbers that are exact; one of a double with an exact number is not done here.
#[inline(never)]
fn other_order(operator: Comparison, a: Scalar, b: Scalar) -> Option<bool> {
    if a.kind == ScalarKind::DOUBLE && b.kind == ScalarKind::DOUBLE {
        return holds(operator, f64::from_bits(a.bits).partial_cmp(&f64::from_bits(b.bits))?);
    }
    holds(operator, a.as_decimal()?.checked_cmp(b.as_decimal()?)?)
}

/// Whether an order is the one that an operator asks for.
#[inline(always)]
fn holds(operator: Comparison, order: Ordering) -> Option<bool> {
    Some(match operator {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterEqual => order.is_ge(),
        Comparison::In | Comparison::NotIn => return None,
    })
}
