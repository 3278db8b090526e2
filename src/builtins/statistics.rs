//! Figures over lists of numbers. Numbers in quotes count as numbers (help/functions/number/average.html).

use std::cmp::Ordering;

use super::{Builtin, Call, example, list, required};
use crate::diagnostic::Code;
use crate::host::Evaluated;
use crate::value::decimal::{self, Operation};
use crate::value::{Kind, Value, compare, leash};

const NUMBERS: &[Kind] = &[Kind::List, Kind::Collection];

/// The table of this family.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(NUMBERS, "average", average)
        .returns(Kind::Decimal)
        .doc("The arithmetic mean of the numbers of a list; null for an empty one.")
        .examples(&[example("{1,5,2,3}.average()", "2.75"), example("average({2,4})", "3")])
        .source("deluge/help/functions/number/average.html"),
    Builtin::method(NUMBERS, "median", median)
        .returns(Kind::Decimal)
        .doc("The number in the middle of a list, or the mean of the two in the middle; null for an empty list.")
        .examples(&[example("{1,5,2,3}.median()", "2.5"), example("{5,1,3}.median()", "3")])
        .source("deluge/help/functions/number/median.html"),
    Builtin::method(NUMBERS, "largest", largest)
        .returns(Kind::Decimal)
        .doc("The largest number of a list; null for an empty one.")
        .examples(&[
            example("{1,5,2,3}.largest()", "5"),
            example("{\"10\",\"9\"}.largest()", "10"),
        ])
        .source("deluge/help/functions/number/largest.html"),
    Builtin::method(NUMBERS, "smallest", smallest)
        .returns(Kind::Decimal)
        .doc("The smallest number of a list; null for an empty one.")
        .examples(&[example("{5,1,2,3}.smallest()", "1")])
        .source("deluge/help/functions/list.html"),
    Builtin::method(NUMBERS, "nthLargest", nth_largest)
        .params(&[required("rank", Kind::Number)])
        .returns(Kind::Decimal)
        .doc("The number at a rank when the largest one has rank 1.")
        .examples(&[example("Collection(300,455,124,926,780).nthLargest(5)", "124")])
        .source("deluge/help/functions/number/nth-largest.html"),
    Builtin::method(NUMBERS, "nthSmallest", nth_smallest)
        .params(&[required("rank", Kind::Number)])
        .returns(Kind::Decimal)
        .doc("The number at a rank when the smallest one has rank 1.")
        .examples(&[example("{300,455,124,926,780}.nthSmallest(2)", "300")])
        .source("deluge/help/functions/number/nth-smallest.html"),
];

/// The numbers of the receiver.
fn numbers(call: &mut Call<'_, '_>) -> Evaluated<Vec<Value>> {
    let values = super::collection::values_of(call.receiver);
    call.reserve(values.len() * size_of::<Value>())?;
    let number = |value: &Value| match value.as_text() {
        Some(text) => compare::numeric(text.trim()),
        None => matches!(value.kind(), Kind::Number | Kind::Decimal).then(|| value.clone()),
    };
    values
        .iter()
        .map(|value| {
            number(value).ok_or_else(|| {
                let (name, kind) = (call.builtin.name, value.kind().name());
                let message = format!("`{name}` takes a list of numbers, and this one holds {kind}");
                let code = if value.is_null() {
                    Code::NullOperand
                } else {
                    Code::WrongKind
                };
                call.fail(code, message)
            })
        })
        .collect()
}

/// The numbers of the receiver, the smallest first.
fn ascending(call: &mut Call<'_, '_>) -> Evaluated<Vec<Value>> {
    let mut numbers = numbers(call)?;
    leash::sort_by(&mut numbers, 1, by_size);
    Ok(numbers)
}

fn by_size(left: &Value, right: &Value) -> Ordering {
    compare::order_numbers(left, right).unwrap_or(Ordering::Equal)
}

fn average(call: &mut Call<'_, '_>) -> Evaluated {
    let numbers = numbers(call)?;
    if numbers.is_empty() {
        return Ok(Value::Null);
    }
    mean(&numbers).ok_or_else(|| too_large(call))
}

fn median(call: &mut Call<'_, '_>) -> Evaluated {
    let numbers = ascending(call)?;
    let middle = numbers.len() / 2;
    match numbers.get(middle.saturating_sub(1)..=middle) {
        Some(two) if numbers.len().is_multiple_of(2) => mean(two).ok_or_else(|| too_large(call)),
        _ => Ok(numbers.get(middle).cloned().unwrap_or_default()),
    }
}

fn largest(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(numbers(call)?.into_iter().max_by(by_size).unwrap_or_default())
}

fn smallest(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(numbers(call)?.into_iter().min_by(by_size).unwrap_or_default())
}

fn nth_largest(call: &mut Call<'_, '_>) -> Evaluated {
    let numbers = ascending(call)?;
    let at = rank(call, numbers.len())?;
    Ok(numbers.into_iter().rev().nth(at).unwrap_or_default())
}

fn nth_smallest(call: &mut Call<'_, '_>) -> Evaluated {
    let numbers = ascending(call)?;
    let at = rank(call, numbers.len())?;
    Ok(numbers.into_iter().nth(at).unwrap_or_default())
}

/// The place of the rank that was asked for.
fn rank(call: &Call<'_, '_>, count: usize) -> Evaluated<usize> {
    let rank = call.number_arg(0)?;
    if rank > count as i64 {
        return Err(list::past_the_end(rank).help(format!("there are {count} numbers, and ranks begin with 1")));
    }
    match usize::try_from(rank.saturating_sub(1)) {
        Ok(at) => Ok(at),
        Err(_) => Err(call.fail(
            Code::BadArgument,
            format!("the rank {rank} is none: ranks begin with 1"),
        )),
    }
}

/// The mean of some numbers, exact unless one is a double; `None` where it cannot be represented.
fn mean(numbers: &[Value]) -> Option<Value> {
    if numbers.iter().any(|number| matches!(number, Value::Double(_))) {
        let doubles: Option<Vec<f64>> = numbers.iter().map(Value::as_double).collect();
        return Some(Value::Double(doubles?.iter().sum::<f64>() / numbers.len() as f64));
    }
    let count = Value::Number(numbers.len() as i64);
    decimal::divide(&total(numbers)?, &count)
}

/// The exact sum: in 128 bits while all are whole, so that the order of huge numbers does not matter.
fn total(numbers: &[Value]) -> Option<Value> {
    let whole = |sum: i128, number: &Value| match number {
        Value::Number(number) => Some(sum + i128::from(*number)),
        _ => None,
    };
    if let Some(sum) = numbers.iter().try_fold(0, whole) {
        return match i64::try_from(sum) {
            Ok(sum) => Some(Value::Number(sum)),
            Err(_) => rust_decimal::Decimal::try_from_i128_with_scale(sum, 0)
                .ok()
                .map(Value::from_wide),
        };
    }
    let zero = Value::Number(0);
    numbers
        .iter()
        .try_fold(zero, |sum, number| decimal::exact(Operation::Add, &sum, number))
}

fn too_large(call: &Call<'_, '_>) -> Box<crate::host::EvalError> {
    call.fail(Code::Overflow, "the numbers together are too large for a DECIMAL")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{effect_of, from_json};
    use serde_json::{Value as Json, json};

    #[test]
    fn figures_of_lists() {
        for (name, numbers, rank, expected) in [
            ("average", json!([1, 5, 2, 3]), None, Ok(json!(2.75))),
            ("average", json!(["1", " 2.5 "]), None, Ok(json!(1.75))),
            ("average", json!([]), None, Ok(json!(null))),
            ("average", json!([i64::MAX, i64::MAX]), None, Ok(json!(i64::MAX as f64))),
            ("average", json!([1, 0, 0]), None, Ok(json!(0.3333333333333333))),
            ("median", json!([1, 5, 2, 3]), None, Ok(json!(2.5))),
            ("median", json!([7]), None, Ok(json!(7))),
            ("median", json!([2, 1]), None, Ok(json!(1.5))),
            ("median", json!([]), None, Ok(json!(null))),
            ("largest", json!([1, "30", 4.5]), None, Ok(json!(30))),
            ("smallest", json!([1, "30", -4.5]), None, Ok(json!(-4.5))),
            ("nthLargest", json!([300, 455, 124, 926, 780]), Some(5), Ok(json!(124))),
            ("nthSmallest", json!([300, 455, 124, 926, 780]), Some(2), Ok(json!(300))),
            ("nthSmallest", json!([5, 5, 1]), Some(3), Ok(json!(5))),
            ("nthLargest", json!([1]), Some(2), Err("Given index 2 is greater")),
            ("nthLargest", json!([1]), Some(0), Err("the rank 0")),
            ("nthLargest", json!([1]), Some(i64::MIN + 1), Err("the rank -9")),
            ("average", json!([1, "x"]), None, Err("holds TEXT")),
            ("largest", json!([null]), None, Err("holds null")),
        ] {
            let arguments: Vec<_> = rank.into_iter().map(crate::value::Value::Number).collect();
            let (result, _): (Result<Json, String>, _) = effect_of(name, &from_json(&numbers), &arguments);
            match (&result, &expected) {
                (Err(message), Err(part)) => assert!(message.contains(part), "{message}"),
                _ => assert_eq!(result.as_ref().ok(), expected.as_ref().ok(), "{name} {numbers}"),
            }
        }
    }
}
