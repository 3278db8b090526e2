//! Conversions between kinds, with Zoho's words for what cannot be converted (deluge/help/error-messages.html).

use std::fmt;

use rust_decimal::Decimal as Wide;
use rust_decimal::prelude::ToPrimitive as _;

use super::{Decimal, Kind, Value};

/// The most significant digits of an exact decimal, and the most behind its point.
const MAX_DIGITS: usize = 28;

/// A value that cannot be converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uncastable {
    /// What it is.
    pub from: Kind,
    /// What it should become, in Zoho's internal words: `BIGINT`, `DECIMAL`, `BOOLEAN`.
    pub to: &'static str,
    /// It is a number, but beyond the range of the wanted type.
    pub too_large: bool,
}

impl fmt::Display for Uncastable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "'{}' can not be cast to '[{}]'", self.from.name(), self.to)?;
        if self.too_large {
            formatter.write_str(": the number is out of range")?;
        }
        Ok(())
    }
}

impl std::error::Error for Uncastable {}

/// The number a text spells: digits with an optional sign, fraction and exponent, and nothing else. NUMBER where it is
/// whole and fits, else DECIMAL: exact up to 28 digits, else a double. `None` where it is no number or beyond a double.
pub fn number(text: &str) -> Option<Value> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, Some(unsigned.get(at + 1..)?)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let tail = fraction.unwrap_or_default();
    let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric(whole) || !numeric(tail) || whole.len() + tail.len() == 0 {
        return None;
    }
    let power: i64 = match exponent {
        Some(exponent) if numeric(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)) => {
            // An exponent too long to count is far beyond every double, or far below.
            let size = exponent.trim_start_matches(['-', '+', '0']);
            if size.len() > 12 {
                return double(text);
            }
            let size: i64 = match size {
                "" if exponent.ends_with('0') => 0,
                size => size.parse().ok()?,
            };
            if exponent.starts_with('-') { -size } else { size }
        }
        Some(_) => return None,
        None => 0,
    };
    if fraction.is_none()
        && exponent.is_none()
        && let Ok(number) = text.parse()
    {
        return Some(Value::Number(number));
    }
    let negative = text.starts_with('-');
    exact(negative, (whole, tail), power)
        .or_else(|| exponent.is_none().then(|| rounded(negative, (whole, tail))).flatten())
        .or_else(|| double(text))
}

/// The nearest double, as the exact decimal that it prints as where there is one: read again, its text is the same number
/// in the same form. A zero has no sign.
fn double(text: &str) -> Option<Value> {
    let double: f64 = text.parse().ok()?;
    if !double.is_finite() {
        return None;
    }
    let nearest = Value::Double(double + 0.0);
    Some(exact_text(&nearest.key_text()).unwrap_or(nearest))
}

/// The exact decimal that the text of a double spells.
fn exact_text(text: &str) -> Option<Value> {
    let (digits, power) = text.split_once('E').unwrap_or((text, "0"));
    let (whole, tail) = digits.strip_prefix('-').unwrap_or(digits).split_once('.')?;
    exact(text.starts_with('-'), (whole, tail), power.parse().ok()?)
}

/// `whole.tail * 10^power` as exact decimal; the scale that was written is kept.
fn exact(negative: bool, (whole, tail): (&str, &str), power: i64) -> Option<Value> {
    let mut mantissa: i128 = 0;
    for byte in whole.bytes().chain(tail.bytes()) {
        mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
    }
    let mut scale = i64::try_from(tail.len()).ok()?.checked_sub(power)?;
    if mantissa == 0 {
        scale = scale.clamp(0, MAX_DIGITS as i64);
    }
    while scale > MAX_DIGITS as i64 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    if scale < 0 {
        mantissa = mantissa.checked_mul(10i128.checked_pow(u32::try_from(-scale).ok()?)?)?;
        scale = 0;
    }
    if mantissa >= 10i128.pow(MAX_DIGITS as u32) {
        return None;
    }
    decimal_of(negative, mantissa, u32::try_from(scale).ok()?)
}

/// A fraction of more digits than are kept, half-even at the last one that is (DECISIONS: 4).
fn rounded(negative: bool, (whole, tail): (&str, &str)) -> Option<Value> {
    let digits = whole.bytes().chain(tail.bytes()).skip_while(|byte| *byte == b'0');
    let digits: Vec<u8> = digits.map(|byte| byte - b'0').collect();
    let dropped = digits.len().checked_sub(MAX_DIGITS)?;
    let mut scale = tail.len().checked_sub(dropped)?;
    let (kept, rest) = digits.split_at_checked(MAX_DIGITS)?;
    let mut mantissa = kept.iter().fold(0i128, |sum, digit| sum * 10 + i128::from(*digit));
    let more = rest.iter().skip(1).any(|digit| *digit != 0);
    let beside_half = rest.first()?.cmp(&5).then(more.cmp(&false));
    if beside_half.is_gt() || beside_half.is_eq() && mantissa % 2 == 1 {
        mantissa += 1;
    }
    if mantissa == 10i128.pow(MAX_DIGITS as u32) {
        mantissa /= 10;
        scale = scale.checked_sub(1)?;
    }
    decimal_of(negative, mantissa, u32::try_from(scale).ok()?)
}

fn decimal_of(negative: bool, mantissa: i128, scale: u32) -> Option<Value> {
    let mantissa = if negative { -mantissa } else { mantissa };
    Wide::try_from_i128_with_scale(mantissa, scale)
        .ok()
        .map(Value::from_wide)
}

/// A value as NUMBER: a fraction is cut off, a date gives its milliseconds since 1970, text is read as a number, or as
/// hexadecimal behind `0x` (deluge/help/functions/common/tolong.html).
///
/// # Errors
/// The value is not, and does not spell, a number that fits.
pub fn to_number(value: &Value) -> Result<i64, Uncastable> {
    let refuse = |too_large| Uncastable {
        from: value.kind(),
        to: "BIGINT",
        too_large,
    };
    match value {
        Value::Number(number) => Ok(*number),
        Value::Double(double) => {
            // Both bounds are exact as doubles; the upper one is the first that does not fit.
            let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(double);
            if fits { Ok(*double as i64) } else { Err(refuse(true)) }
        }
        Value::Decimal(_) | Value::BigDecimal(_) => {
            let wide = value.as_wide().ok_or(refuse(false))?;
            wide.trunc().to_i64().ok_or(refuse(true))
        }
        Value::Date(moment) | Value::DateTime(moment) => Ok(moment.millis()),
        other => match other
            .as_text()
            .map(str::trim)
            .and_then(|text| number(text).or_else(|| hexadecimal(text)))
        {
            Some(number) => to_number(&number).map_err(|_| refuse(true)),
            None => Err(refuse(false)),
        },
    }
}

fn hexadecimal(text: &str) -> Option<Value> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    i64::from_str_radix(digits, 16).ok().map(Value::Number)
}

/// A value as DECIMAL; `100` stays `100` in print (deluge/help/functions/common/todecimal.html).
///
/// # Errors
/// The value is not, and does not spell, a number.
pub fn to_decimal(value: &Value) -> Result<Value, Uncastable> {
    let refused = Uncastable {
        from: value.kind(),
        to: "DECIMAL",
        too_large: false,
    };
    match value {
        Value::Number(number) => Decimal::new(*number, 0).map(Value::Decimal).ok_or(refused),
        Value::Decimal(_) | Value::BigDecimal(_) | Value::Double(_) => Ok(value.clone()),
        other => match other.as_text().map(str::trim).and_then(number) {
            Some(number) => to_decimal(&number),
            None => Err(refused),
        },
    }
}

/// A value as NUMBER or DECIMAL, whichever it is or spells.
///
/// # Errors
/// The value is not, and does not spell, a number.
pub fn to_numeric(value: &Value) -> Result<Value, Uncastable> {
    match value {
        Value::Number(_) | Value::Decimal(_) | Value::BigDecimal(_) | Value::Double(_) => Ok(value.clone()),
        other => other.as_text().map(str::trim).and_then(number).ok_or(Uncastable {
            from: value.kind(),
            to: "DECIMAL, NUMBER",
            too_large: false,
        }),
    }
}

/// A value as BOOLEAN; the texts `true` and `false` count, whatever their case.
///
/// # Errors
/// The value is neither.
pub fn to_boolean(value: &Value) -> Result<bool, Uncastable> {
    match value {
        Value::Boolean(boolean) => Ok(*boolean),
        other => match other.as_text().map(str::trim) {
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(Uncastable {
                from: value.kind(),
                to: "BOOLEAN",
                too_large: false,
            }),
        },
    }
}

/// The exact decimal that a number stands for: of a double, the shortest one that names it. `None` for what is no
/// number, and beyond 28 digits.
pub fn to_exact(value: &Value) -> Option<Value> {
    match value {
        Value::Double(double) => match number(&super::double::to_text(*double))? {
            Value::Double(_) => None,
            exact => Some(exact),
        },
        Value::Number(_) | Value::Decimal(_) | Value::BigDecimal(_) => Some(value.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: Option<Value>) -> String {
        value.map_or("none".to_owned(), |value| {
            format!("{} {}", value.kind().name(), value.key_text())
        })
    }

    #[test]
    fn numbers_are_exact_where_they_can_be() {
        for (text, expected) in [
            ("12", "NUMBER 12"),
            ("-12", "NUMBER -12"),
            ("+12", "NUMBER 12"),
            ("9223372036854775807", "NUMBER 9223372036854775807"),
            ("9223372036854775808", "DECIMAL 9223372036854775808"),
            ("1.50", "DECIMAL 1.50"),
            ("-.5", "DECIMAL -0.5"),
            ("5.", "DECIMAL 5"),
            ("1e3", "DECIMAL 1000"),
            ("1.25e1", "DECIMAL 12.5"),
            ("1E-3", "DECIMAL 0.001"),
            ("0e999999999999999999999", "DECIMAL 0.0"),
            (
                "0.0000000000000000000000000000000000",
                "DECIMAL 0.0000000000000000000000000000",
            ),
            ("1234567890123456789012345678", "DECIMAL 1234567890123456789012345678"),
            (
                "0.12345678901234567890123456789012",
                "DECIMAL 0.1234567890123456789012345679",
            ),
            (
                "0.12345678901234567890123456785",
                "DECIMAL 0.1234567890123456789012345678",
            ),
            (
                "-12.345678901234567890123456775",
                "DECIMAL -12.34567890123456789012345678",
            ),
            (
                "12.3456789012345678901234567750000001",
                "DECIMAL 12.34567890123456789012345678",
            ),
            (
                "99999999999999999999999999.999",
                "DECIMAL 100000000000000000000000000.0",
            ),
            (
                "-0.0000000005162200000005162262236223",
                "DECIMAL -0.0000000005162200000005163",
            ),
            ("1e300", "DECIMAL 1.0E300"),
            ("-1e-511", "DECIMAL 0.0"),
            ("1e0000000000000000010", "DECIMAL 10000000000"),
            ("1e-00", "DECIMAL 1"),
            ("1e400", "none"),
            ("", "none"),
            (".", "none"),
            ("e5", "none"),
            ("1e", "none"),
            ("1_000", "none"),
            ("1,000", "none"),
            ("--1", "none"),
            ("NaN", "none"),
            ("inf", "none"),
            ("١٢", "none"),
        ] {
            assert_eq!(shown(number(text)), expected, "{text}");
        }
    }

    #[test]
    fn whole_numbers_lose_their_fraction() {
        for (value, expected) in [
            (number("99.9").unwrap(), Ok(99)),
            (number("-99.9").unwrap(), Ok(-99)),
            (Value::Double(3.99), Ok(3)),
            (Value::text(" 100 "), Ok(100)),
            (Value::text("12.5"), Ok(12)),
            (Value::text("0xFF"), Ok(255)),
            (Value::text(""), Err("'TEXT' can not be cast to '[BIGINT]'")),
            (Value::text("134A123B"), Err("'TEXT' can not be cast to '[BIGINT]'")),
            (Value::Boolean(true), Err("'BOOLEAN' can not be cast to '[BIGINT]'")),
            (
                Value::Double(9_223_372_036_854_775_808.0),
                Err("'DECIMAL' can not be cast to '[BIGINT]': the number is out of range"),
            ),
            (
                Value::Double(f64::NAN),
                Err("'DECIMAL' can not be cast to '[BIGINT]': the number is out of range"),
            ),
        ] {
            let found = to_number(&value).map_err(|error| error.to_string());
            assert_eq!(found, expected.map_err(str::to_owned));
        }
    }
}
