//! The built-ins of NUMBER and DECIMAL. What can be exact is exact; roots, logarithms and angles are IEEE doubles
//! (DECISIONS: 4). Angles go through `libm`, which gives the last digit that the help pages print, on every platform.
//! Numeric text counts as its number, as in Zoho's functions.

use std::cmp::Ordering;

use rust_decimal::RoundingStrategy;

use super::conversion::{cannot_cast, numeric};
use super::{Builtin, Call, Effect, any, example, optional, required};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::value::{Kind, Value, compare, convert, operate};

const NUMERIC: &[Kind] = &[Kind::Number, Kind::Decimal, Kind::Text];

/// The table of this family.
pub(super) const TABLE: &[Builtin] = &[
    Builtin::method(NUMERIC, "abs", abs)
        .doc("The number without its sign.")
        .examples(&[example("(-15.50).abs()", "15.50"), example("abs(-7)", "7")])
        .source("deluge/help/functions/number/abs.html"),
    Builtin::method(NUMERIC, "ceil", ceil)
        .returns(Kind::Number)
        .doc("The smallest whole number that is not less.")
        .examples(&[example("10.1.ceil()", "11"), example("(-10.1).ceil()", "-10")])
        .source("deluge/help/functions/number/ceil.html"),
    Builtin::method(NUMERIC, "floor", floor)
        .returns(Kind::Number)
        .doc("The largest whole number that is not greater.")
        .examples(&[example("10.1.floor()", "10"), example("(-10.1).floor()", "-11")])
        .source("deluge/help/functions/number/floor.html"),
    Builtin::method(NUMERIC, "round", round)
        .params(&[required("precision", Kind::Number)])
        .doc(
            "Rounds half-up to a number of digits behind the point; with a negative precision, to tens, hundreds and so \
on. Never adds digits.",
        )
        .examples(&[
            example("218.5.round(0)", "219"),
            example("218.49.round(1)", "218.5"),
            example("214.2.round(-1)", "210"),
        ])
        .source("deluge/help/functions/number/round.html"),
    Builtin::method(NUMERIC, "truncate", truncate)
        .params(&[optional("digits", Kind::Number)])
        .doc("Cuts a number off behind some digits after the point, none if left out, without rounding. On no help page; scripts that run in Zoho CRM use it.")
        .examples(&[
            example("12.349.truncate(2)", "12.34"),
            example("-12.349.truncate(1)", "-12.3"),
            example("truncate(12.9)", "12"),
        ])
        .source("github.com/audley2077/Zoho-Deluge-Examples"),
    Builtin::method(NUMERIC, "frac", frac)
        .doc("What stands behind the point, with the sign of the number.")
        .examples(&[example("24.6.frac()", "0.6"), example("frac(-25.1)", "-0.1")])
        .source("deluge/help/functions/number/frac.html"),
    Builtin::method(NUMERIC, "power", power)
        .params(&[any("exponent")])
        .doc("The number to the power of another; exact where the exponent is whole and the digits suffice.")
        .examples(&[example("3.power(2)", "9"), example("1.5.power(2)", "2.25")])
        .source("deluge/help/functions/number/power.html"),
    Builtin::method(NUMERIC, "sqrt", |call| real(call, sqrt_of))
        .returns(Kind::Decimal)
        .doc("The square root; null for a negative number.")
        .examples(&[example("9.sqrt()", "3.0"), example("(-1).sqrt()", "null")])
        .source("deluge/help/functions/number/sqrt.html"),
    Builtin::method(NUMERIC, "log", |call| real(call, log_of))
        .returns(Kind::Decimal)
        .doc("The natural logarithm; null for zero and below.")
        .examples(&[example("1.log()", "0.0"), example("0.log()", "null")])
        .source("creator/newhelp/script/built-in-functions/built-in-function-number-log.html"),
    Builtin::method(NUMERIC, "exp", |call| real(call, |x| Some(x.exp())))
        .returns(Kind::Decimal)
        .doc("e to the power of the number.")
        .examples(&[example("1.exp()", "2.718281828459045")])
        .source("creator/help/script/built-in-functions/built-in-function-number-exp.html"),
    Builtin::method(NUMERIC, "sin", |call| real(call, |x| Some(libm::sin(x))))
        .returns(Kind::Decimal)
        .doc("The sine of an angle in radians.")
        .examples(&[example("0.sin()", "0.0"), example("90.sin()", "0.8939966636005579")])
        .source("deluge/help/functions/number/sin.html"),
    Builtin::method(NUMERIC, "cos", |call| real(call, |x| Some(libm::cos(x))))
        .returns(Kind::Decimal)
        .doc("The cosine of an angle in radians.")
        .examples(&[example("0.cos()", "1.0"), example("90.cos()", "-0.4480736161291702")])
        .source("deluge/help/functions/number/cos.html"),
    Builtin::method(NUMERIC, "tan", |call| real(call, |x| Some(libm::tan(x))))
        .returns(Kind::Decimal)
        .doc("The tangent of an angle in radians.")
        .examples(&[example("0.tan()", "0.0"), example("90.tan()", "-1.995200412208242")])
        .source("deluge/help/functions/number/tan.html"),
    Builtin::method(NUMERIC, "min", |call| chosen(call, Ordering::Less))
        .params(&[any("other")])
        .doc("The smaller of two numbers.")
        .examples(&[example("100.min(200)", "100"), example("min(1.5, 1)", "1")])
        .source("deluge/help/functions/number/min.html"),
    Builtin::method(NUMERIC, "max", |call| chosen(call, Ordering::Greater))
        .params(&[any("other")])
        .doc("The larger of two numbers.")
        .examples(&[example("100.max(200)", "200"), example("max(1.5, 1)", "1.5")])
        .source("deluge/help/functions/number/max.html"),
    Builtin::method(NUMERIC, "isEven", |call| parity(call, 0))
        .returns(Kind::Boolean)
        .doc("Whether the number is even. A number with a fraction is neither even nor odd.")
        .examples(&[example("1234.isEven()", "true"), example("isEven(111)", "false")])
        .source("deluge/help/functions/number/is-even.html"),
    Builtin::method(NUMERIC, "isOdd", |call| parity(call, 1))
        .returns(Kind::Boolean)
        .doc("Whether the number is odd. A number with a fraction is neither even nor odd.")
        .examples(&[example("1234.isOdd()", "false"), example("isOdd(-3)", "true")])
        .source("deluge/help/functions/number/is-odd.html"),
    Builtin::method(NUMERIC, "toHex", to_hex)
        .returns(Kind::Text)
        .doc("The whole number in hexadecimal digits, in lower case; a negative one as 64-bit two's complement.")
        .examples(&[example("100.toHex()", "64"), example("255.toHex()", "ff")])
        .source("creator/help/script/built-in-functions/built-in-function-common-tohex.html"),
    Builtin::method(NUMERIC, "randomNumber", random_from)
        .params(&[optional("end", Kind::Number)])
        .returns(Kind::Number)
        .doc("A random whole number from this one to the other, both possible. Without another: from 0 up to this one, which is left out.")
        .examples(&[example("7.randomNumber(7)", "7"), example("randomNumber(1)", "0")])
        .source("deluge/help/functions/number/randomnumber.html")
        .effect(Effect::Random),
    Builtin::function("randomNumber", random)
        .returns(Kind::Number)
        .doc("A random whole number from 0 to two billion.")
        .examples(&[example("randomNumber() >= 0", "true")])
        .source("deluge/help/functions/number/randomnumber.html")
        .effect(Effect::Random),
];

fn abs(call: &mut Call<'_, '_>) -> Evaluated {
    match numeric(call.receiver)? {
        Value::Number(number) => number.checked_abs().map(Value::Number).ok_or_else(|| overflow(call)),
        Value::Double(double) => Ok(Value::Double(double.abs())),
        exact => {
            let wide = exact.as_wide().ok_or_else(|| overflow(call))?;
            Ok(Value::from_wide(wide.abs()))
        }
    }
}

fn ceil(call: &mut Call<'_, '_>) -> Evaluated {
    whole(call, |wide| wide.ceil(), f64::ceil)
}

fn floor(call: &mut Call<'_, '_>) -> Evaluated {
    whole(call, |wide| wide.floor(), f64::floor)
}

/// A whole number from a number, by one of two ways to cut.
fn whole(
    call: &Call<'_, '_>,
    exact: fn(&rust_decimal::Decimal) -> rust_decimal::Decimal,
    double: fn(f64) -> f64,
) -> Evaluated {
    let number = numeric(call.receiver)?;
    let cut = match &number {
        Value::Number(_) => return Ok(number),
        Value::Double(value) => Value::Double(double(*value)),
        other => Value::from_wide(exact(&other.as_wide().ok_or_else(|| overflow(call))?)),
    };
    convert::to_number(&cut).map(Value::Number).map_err(|_| overflow(call))
}

/// Rounds half away from zero, as Java's `HALF_UP` does. A precision beyond the digits before the point gives 0, even
/// where rounding up would give more (deluge/help/functions/number/round.html).
fn round(call: &mut Call<'_, '_>) -> Evaluated {
    let precision = call.number_arg(0)?;
    let number = numeric(call.receiver)?;
    let Some(wide) = convert::to_exact(&number).and_then(|exact| exact.as_wide()) else {
        // A double beyond 28 digits has no fraction to round, or none but zeros.
        return Ok(number);
    };
    if precision >= 0 {
        let digits = u32::try_from(precision).unwrap_or(u32::MAX).min(28);
        let rounded = wide.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
        return Ok(match number {
            Value::Number(_) => number,
            _ => Value::from_wide(rounded),
        });
    }
    let digits = wide
        .trunc()
        .mantissa()
        .unsigned_abs()
        .checked_ilog10()
        .map_or(1, |log| log + 1);
    let places = u32::try_from(precision.unsigned_abs()).unwrap_or(u32::MAX);
    if places >= digits {
        return Ok(Value::Number(0));
    }
    let unit = 10i128.pow(places);
    let whole = wide.trunc().mantissa();
    let rounded = (whole.abs() + unit / 2) / unit * unit * whole.signum();
    Ok(
        match (
            i64::try_from(rounded),
            rust_decimal::Decimal::try_from_i128_with_scale(rounded, 0),
        ) {
            (Ok(rounded), _) => Value::Number(rounded),
            (_, Ok(wide)) => Value::from_wide(wide),
            _ => return Err(overflow(call)),
        },
    )
}

fn truncate(call: &mut Call<'_, '_>) -> Evaluated {
    let digits = if call.has(0) { call.number_arg(0)? } else { 0 };
    let number = numeric(call.receiver)?;
    let digits = u32::try_from(digits.max(0)).unwrap_or(u32::MAX).min(28);
    Ok(match convert::to_exact(&number).and_then(|exact| exact.as_wide()) {
        Some(wide) if !matches!(number, Value::Number(_)) => {
            Value::from_wide(wide.round_dp_with_strategy(digits, RoundingStrategy::ToZero))
        }
        _ => number,
    })
}

fn frac(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(match numeric(call.receiver)? {
        Value::Number(_) => Value::Number(0),
        other => match convert::to_exact(&other).and_then(|exact| exact.as_wide()) {
            Some(wide) => Value::from_wide(wide.fract()),
            None => Value::Double(other.as_double().unwrap_or_default().fract()),
        },
    })
}

fn power(call: &mut Call<'_, '_>) -> Evaluated {
    let base = numeric(call.receiver)?;
    let exponent = numeric(call.argument(0))?;
    if let Value::Number(times) = exponent
        && let Ok(times) = u32::try_from(times)
        && let Some(exact) = exact_power(&base, times)
    {
        return Ok(exact);
    }
    let (base, exponent) = (
        base.as_double().unwrap_or(f64::NAN),
        exponent.as_double().unwrap_or(f64::NAN),
    );
    if base == 0.0 && exponent < 0.0 {
        return Err(EvalError::failed(
            Code::DivideByZero,
            "Error in performing the Operation / : Divide by zero error: zero has no negative power",
        ));
    }
    let result = base.powf(exponent);
    Ok(if result.is_nan() {
        Value::Null
    } else {
        Value::Double(result)
    })
}

/// Exact powers by repeated squaring; `None` for doubles and where the digits do not suffice.
fn exact_power(base: &Value, times: u32) -> Option<Value> {
    if matches!(base, Value::Double(_)) {
        return None;
    }
    if let Value::Number(base) = base
        && let Some(power) = base.checked_pow(times)
    {
        return Some(Value::Number(power));
    }
    let (mut power, mut square, mut times) = (rust_decimal::Decimal::ONE, base.as_wide()?, times);
    // A product with more digits than fit would be rounded; the scales tell.
    let multiply = |a: rust_decimal::Decimal, b: rust_decimal::Decimal| {
        let product = a.checked_mul(b)?;
        (product.scale() == a.scale() + b.scale()).then_some(product)
    };
    while times > 0 {
        if times & 1 == 1 {
            power = multiply(power, square)?;
        }
        times >>= 1;
        if times > 0 {
            square = multiply(square, square)?;
        }
    }
    Some(Value::from_wide(power))
}

fn sqrt_of(number: f64) -> Option<f64> {
    (number >= 0.0).then(|| number.sqrt())
}

fn log_of(number: f64) -> Option<f64> {
    (number > 0.0).then(|| number.ln())
}

/// A function of real numbers; null where it has no value.
fn real(call: &Call<'_, '_>, function: fn(f64) -> Option<f64>) -> Evaluated {
    let number = numeric(call.receiver)?.as_double().unwrap_or(f64::NAN);
    Ok(function(number).map_or(Value::Null, Value::Double))
}

/// The receiver or the argument, whichever stands in this order to the other.
fn chosen(call: &Call<'_, '_>, wanted: Ordering) -> Evaluated {
    let (left, right) = (numeric(call.receiver)?, numeric(call.argument(0))?);
    let order = compare::order_numbers(&right, &left);
    Ok(if order == Some(wanted) { right } else { left })
}

fn parity(call: &Call<'_, '_>, wanted: i64) -> Evaluated {
    let number = numeric(call.receiver)?;
    if let Value::Number(number) = number {
        return Ok(Value::Boolean(number.rem_euclid(2) == wanted));
    }
    let rest = operate::remainder(&number, &Value::Number(2))
        .ok()
        .and_then(|rest| rest.as_double());
    Ok(Value::Boolean(rest.is_some_and(|rest| rest.abs() == wanted as f64)))
}

fn to_hex(call: &mut Call<'_, '_>) -> Evaluated {
    let number = convert::to_number(call.receiver).map_err(|problem| cannot_cast(call.receiver, problem))?;
    Ok(Value::from_string(format!("{number:x}")))
}

fn random(call: &mut Call<'_, '_>) -> Evaluated {
    Ok(Value::Number(draw(call, 0, 2_000_000_000)))
}

fn random_from(call: &mut Call<'_, '_>) -> Evaluated {
    let start = convert::to_number(call.receiver).map_err(|problem| cannot_cast(call.receiver, problem))?;
    if call.has(0) {
        let end = call.number_arg(0)?;
        return Ok(Value::Number(draw(call, start.min(end), start.max(end))));
    }
    if start < 1 {
        let message = format!("`randomNumber` draws from 0 up to {start}, where there is no number");
        return Err(call
            .fail(Code::BadArgument, message)
            .help("give a number of at least 1"));
    }
    Ok(Value::Number(draw(call, 0, start - 1)))
}

/// A random number between two, both possible, every one equally likely.
fn draw(call: &Call<'_, '_>, least: i64, most: i64) -> i64 {
    let span = u128::from(most.abs_diff(least)) + 1;
    loop {
        let mut bytes = [0; 8];
        call.context.host.random.fill(&mut bytes);
        // The high half of the product is even but for the few products whose low half is too small (Lemire).
        let product = u128::from(u64::from_le_bytes(bytes)) * span;
        if product as u64 as u128 >= (1u128 << 64) % span {
            return least.wrapping_add((product >> 64) as i64);
        }
    }
}

fn overflow(call: &Call<'_, '_>) -> Box<EvalError> {
    call.fail(
        Code::Overflow,
        format!("the result of `{}` is beyond the range of NUMBER", call.builtin.name),
    )
}

#[cfg(test)]
mod tests;
