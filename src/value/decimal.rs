//! DECIMAL in its exact form: up to 28 significant digits, the scale kept (DECISIONS: 3, 4).
//!
//! Most decimals fit a 64-bit mantissa and live inside the value; the others are counted pointers.

use std::cmp::Ordering;
use std::rc::Rc;

use rust_decimal::{Decimal as Wide, RoundingStrategy};

use super::Value;

/// The significant digits that a quotient without a short decimal form keeps.
const QUOTIENT_DIGITS: u32 = 16;

/// The largest scale of an exact decimal.
const MAX_SCALE: u32 = 28;

/// A decimal whose digits fit 64 bits: `mantissa / 10^scale`. Packed so that it fits beside a value's tag.
#[derive(Clone, Copy, Debug)]
#[repr(C, packed(4))]
pub struct Decimal {
    scale: u32,
    mantissa: i64,
}

impl Decimal {
    /// `mantissa / 10^scale`; a scale above 28 is not exact any more and gives `None`.
    pub fn new(mantissa: i64, scale: u32) -> Option<Self> {
        (scale <= MAX_SCALE).then_some(Self { scale, mantissa })
    }

    /// What is written as at most 18 digits, with a point or without one.
    fn read(digits: &str) -> Option<Self> {
        const SURE: usize = 18;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.len() + fraction.len() > SURE {
            return None;
        }
        let mut mantissa = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            mantissa = mantissa * 10 + i64::from(byte.is_ascii_digit().then_some(byte)? - b'0');
        }
        Self::new(mantissa, fraction.len() as u32)
    }

    /// The digits as an integer.
    pub fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// How many of the digits stand behind the point.
    pub fn scale(self) -> u32 {
        self.scale
    }

    /// The same number in the wide form.
    pub fn wide(self) -> Wide {
        Wide::new(self.mantissa, self.scale)
    }

    /// The double nearest to it, as reading its digits would give.
    pub fn to_double(self) -> f64 {
        let magnitude = self.mantissa.unsigned_abs();
        let double = match DOUBLE_POWERS.get(self.scale as usize) {
            // Both are exact as doubles, so one division rounds once.
            Some(power) if magnitude < 1 << f64::MANTISSA_DIGITS => magnitude as f64 / power,
            _ => nearest_quotient(magnitude, self.scale),
        };
        if self.mantissa < 0 { -double } else { double }
    }

    /// Both mantissas at the larger of the two scales, where they fit.
    fn aligned(self, other: Self) -> Option<(i64, i64, u32)> {
        let (a, b) = (self.mantissa, other.mantissa);
        match self.scale.cmp(&other.scale) {
            Ordering::Equal => Some((a, b, self.scale)),
            Ordering::Less => Some((a.checked_mul(power_of_ten(other.scale - self.scale)?)?, b, other.scale)),
            Ordering::Greater => Some((a, b.checked_mul(power_of_ten(self.scale - other.scale)?)?, self.scale)),
        }
    }

    /// The exact sum, where its digits fit 64 bits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        let mantissa = a.checked_add(b)?;
        Some(Self { scale, mantissa })
    }

    /// The exact difference, where its digits fit 64 bits.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        let mantissa = a.checked_sub(b)?;
        Some(Self { scale, mantissa })
    }

    /// The exact product, where its digits fit 64 bits.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let mantissa = self.mantissa.checked_mul(other.mantissa)?;
        Self::new(mantissa, self.scale + other.scale)
    }

    /// The order of two decimals, where it shows within 64 bits.
    pub fn checked_cmp(self, other: Self) -> Option<Ordering> {
        self.aligned(other).map(|(a, b, _)| a.cmp(&b))
    }

    /// The quotient of two integers that has few digits behind the point. `None` for any other, and for a zero divisor.
    fn short_quotient(dividend: i64, divisor: i64) -> Option<Self> {
        /// Finding more digits one by one would cost more than dividing the wide forms.
        const FEW: u32 = 6;
        let mut mantissa = dividend.checked_div(divisor)?;
        let mut remainder = dividend % divisor;
        for scale in 0..=FEW {
            if remainder == 0 {
                return Some(Self { scale, mantissa });
            }
            let next = remainder.checked_mul(10)?;
            mantissa = mantissa.checked_mul(10)?.checked_add(next / divisor)?;
            remainder = next % divisor;
        }
        None
    }
}

impl From<i64> for Decimal {
    fn from(mantissa: i64) -> Self {
        Self { scale: 0, mantissa }
    }
}

/// The double nearest to `mantissa / 10^scale`, for any mantissa but 0.
///
/// The quotient is computed to so many bits that rounding it to a double sees every bit that counts; a last bit that
/// stands for the remainder keeps it from being taken for half-way. Scaling by a power of two is exact.
fn nearest_quotient(mantissa: u64, scale: u32) -> f64 {
    const EXTRA: u32 = 60;
    let divisor = 10u128.pow(scale.min(MAX_SCALE));
    let dividend = u128::from(mantissa) << mantissa.leading_zeros();
    let mut quotient = (dividend << 64) / divisor;
    let mut remainder = (dividend << 64) % divisor;
    let mut shift = 64 + mantissa.leading_zeros();
    if quotient < 1 << EXTRA {
        // A divisor of more than 64 bits leaves too few; the rest of the division gives the others.
        const MORE: u32 = 34;
        quotient = (quotient << MORE) | ((remainder << MORE) / divisor);
        remainder = (remainder << MORE) % divisor;
        shift += MORE;
    }
    let exact = quotient | u128::from(remainder != 0);
    exact as f64 / 2f64.powi(shift.cast_signed())
}

/// The powers of ten that a double holds exactly.
const DOUBLE_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// The powers of ten that 64 bits hold.
const POWERS: [i64; 19] = {
    let mut powers = [1; 19];
    let mut exponent = 1;
    while exponent < powers.len() {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

fn power_of_ten(exponent: u32) -> Option<i64> {
    POWERS.get(exponent as usize).copied()
}

/// The four exact operations between decimals and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `%`, with the sign of the dividend.
    Remainder,
}

impl Value {
    /// A DECIMAL literal: exact where 28 digits suffice, else a double.
    pub fn decimal_literal(digits: &str) -> Self {
        if let Some(decimal) = Decimal::read(digits) {
            return Self::Decimal(decimal);
        }
        match digits.parse::<Wide>() {
            Ok(wide) if wide.to_string().len() >= digits.trim_start_matches('0').len().min(29) => Self::from_wide(wide),
            _ => digits.parse().map_or(Self::Null, Self::Double),
        }
    }

    /// A DECIMAL from the wide form: inside the value where its digits fit.
    pub fn from_wide(wide: Wide) -> Self {
        match i64::try_from(wide.mantissa()) {
            Ok(mantissa) => Self::Decimal(Decimal {
                scale: wide.scale(),
                mantissa,
            }),
            Err(_) => Self::BigDecimal(Rc::new(wide)),
        }
    }

    /// The exact number behind a NUMBER or an exact DECIMAL.
    pub fn as_wide(&self) -> Option<Wide> {
        match self {
            Self::Number(number) => Some(Wide::from(*number)),
            Self::Decimal(decimal) => Some(decimal.wide()),
            Self::BigDecimal(wide) => Some(**wide),
            _ => None,
        }
    }

    /// The number as an IEEE double, whatever its form; `None` for what is no number.
    pub fn as_double(&self) -> Option<f64> {
        use rust_decimal::prelude::ToPrimitive as _;
        match self {
            Self::Number(number) => Some(*number as f64),
            Self::Double(double) => Some(*double),
            Self::Decimal(decimal) => Some(decimal.to_double()),
            Self::BigDecimal(wide) => wide.to_string().parse().ok().or_else(|| wide.to_f64()),
            _ => None,
        }
    }
}

/// Exact arithmetic on two values that are NUMBER or exact DECIMAL, at least one of them a DECIMAL.
/// `None` where the result has more digits before the point than a decimal holds, or a divisor is zero.
pub fn exact(operation: Operation, left: &Value, right: &Value) -> Option<Value> {
    if let (Some(a), Some(b)) = (small(left), small(right)) {
        let quick = match operation {
            Operation::Add => a.checked_add(b),
            Operation::Subtract => a.checked_sub(b),
            Operation::Multiply => a.checked_mul(b),
            Operation::Remainder => None,
        };
        if let Some(quick) = quick {
            return Some(Value::Decimal(quick));
        }
    }
    let (a, b) = (left.as_wide()?, right.as_wide()?);
    match operation {
        Operation::Add => a.checked_add(b),
        Operation::Subtract => a.checked_sub(b),
        Operation::Multiply => a.checked_mul(b),
        Operation::Remainder => a.checked_rem(b),
    }
    .map(Value::from_wide)
}

/// The exact quotient where it has a short decimal form, else rounded half-up to 16 significant digits.
/// An integral quotient of two NUMBERs stays a NUMBER. `None` for a zero divisor or a quotient out of range.
pub fn divide(left: &Value, right: &Value) -> Option<Value> {
    if let (Value::Number(a), Value::Number(b)) = (left, right) {
        if a.checked_rem(*b)? == 0 {
            return a.checked_div(*b).map(Value::Number);
        }
        if let Some(quotient) = Decimal::short_quotient(*a, *b) {
            return Some(Value::Decimal(quotient));
        }
    }
    let (a, b) = (left.as_wide()?, right.as_wide()?);
    let quotient = a.checked_div(b)?.normalize();
    let short = quotient.scale() <= QUOTIENT_DIGITS && quotient.checked_mul(b) == Some(a);
    let rounded = if short {
        quotient
    } else {
        quotient
            .round_sf_with_strategy(QUOTIENT_DIGITS, RoundingStrategy::MidpointAwayFromZero)?
            .normalize()
    };
    Some(Value::from_wide(rounded))
}

/// The order of two exact numbers.
pub fn order(left: &Value, right: &Value) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (small(left), small(right))
        && let Some(order) = a.checked_cmp(b)
    {
        return Some(order);
    }
    Some(left.as_wide()?.cmp(&right.as_wide()?))
}

fn small(value: &Value) -> Option<Decimal> {
    match value {
        Value::Decimal(decimal) => Some(*decimal),
        Value::Number(number) => Some(Decimal::from(*number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        match text.parse::<i64>() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::from_wide(text.parse().unwrap()),
        }
    }

    #[test]
    fn sums_and_products_are_exact_and_keep_their_scale() {
        for (a, operation, b, expected) in [
            ("0.1", Operation::Add, "0.2", "0.3"),
            (".45", Operation::Add, "0.55", "1.00"),
            ("1.50", Operation::Subtract, "2", "-0.50"),
            ("1.5", Operation::Multiply, "0.20", "0.300"),
            ("7.5", Operation::Remainder, "2", "1.5"),
            ("9223372036854775807", Operation::Add, "0.5", "9223372036854775807.5"),
        ] {
            assert_eq!(
                exact(operation, &value(a), &value(b)).unwrap().key_text(),
                expected,
                "{a} {operation:?} {b}"
            );
        }
        assert!(exact(Operation::Remainder, &value("1.5"), &value("0")).is_none());
    }

    #[test]
    fn quotients_are_short_or_have_sixteen_digits() {
        for (a, b, expected) in [
            ("20", "100", "0.2"),
            ("10", "5", "2"),
            ("-7", "2", "-3.5"),
            ("1", "3", "0.3333333333333333"),
            ("2", "3", "0.6666666666666667"),
            ("10", "3", "3.333333333333333"),
            ("1.0", "0.25", "4"),
            ("9223372036854775807", "2", "4611686018427387903.5"),
            ("-1", "64", "-0.015625"),
            ("1", "-128", "-0.0078125"),
            ("922337203685477580", "8", "115292150460684697.5"),
        ] {
            assert_eq!(divide(&value(a), &value(b)).unwrap().key_text(), expected, "{a} / {b}");
        }
        assert!(divide(&value("1"), &value("0")).is_none() && divide(&value("1.5"), &value("0.0")).is_none());
        assert!(divide(&value("-9223372036854775808"), &value("-1")).is_none());
    }

    #[test]
    fn literals_are_exact_as_far_as_28_digits_go() {
        for (digits, kept) in [
            ("1.50", "1.50"),
            ("0.10", "0.10"),
            ("007.5", "7.5"),
            ("123456789012345.678", "123456789012345.678"),
            ("1234567890123456789.5", "1234567890123456789.5"),
            ("1.2345678901234567890123456789", "1.2345678901234567890123456789"),
            ("0.12345678901234567890123456789012", "0.1234567890123456789012345679"),
        ] {
            assert_eq!(Value::decimal_literal(digits).key_text(), kept, "{digits}");
        }
    }

    #[test]
    fn doubles_are_the_nearest() {
        let mut mantissa = 1_u64;
        for scale in (0..=MAX_SCALE).cycle().take(20_000) {
            mantissa = mantissa
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let digits = (mantissa >> (mantissa % 40)).cast_signed();
            let decimal = Decimal::new(digits, scale).unwrap();
            let read: f64 = format!("{digits}e-{scale}").parse().unwrap();
            assert_eq!(
                decimal.to_double().to_bits(),
                (read + 0.0).to_bits(),
                "{digits}e-{scale}"
            );
        }
        for digits in [0, 1, i64::MAX, i64::MIN, (1 << 53) + 1, (1 << 54) - 1] {
            for scale in 0..=MAX_SCALE {
                let read: f64 = format!("{digits}e-{scale}").parse().unwrap();
                assert_eq!(Decimal::new(digits, scale).unwrap().to_double(), read);
            }
        }
    }

    #[test]
    fn order_ignores_scale() {
        assert_eq!(order(&value("1.50"), &value("1.5")), Some(Ordering::Equal));
        assert_eq!(order(&value("2"), &value("1.99")), Some(Ordering::Greater));
    }
}
