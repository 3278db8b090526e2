//! Patterns of numbers, as Java's `DecimalFormat` has them: `#,##0.00`, `0%`, `$#,##0;($#,##0)`. Digits beyond the
//! pattern are rounded half-even on the exact decimal.

use super::{Value, pattern};

/// A pattern, ready to write numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    positive: Affixes,
    /// What stands around negative numbers; without it, a minus sign before the positive form.
    negative: Option<Affixes>,
    /// By which power of ten a number is multiplied: 2 for `%`, 3 for `‰`.
    power: i64,
    least_whole: usize,
    least_fraction: usize,
    most_fraction: usize,
    /// Digits of a group; 0 for none.
    group: usize,
    /// The least digits of an exponent; `None` without exponent.
    exponent: Option<usize>,
    /// The most digits before the point, which an exponent's steps follow.
    most_whole: usize,
    /// Whether the point is written where no digit follows.
    always_point: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Affixes {
    prefix: String,
    suffix: String,
}

/// The most digits a pattern may ask for on either side of the point, as in Java's exact numbers of everyday size.
const MOST_DIGITS: usize = 340;

/// Whether a text is meant as pattern of numbers rather than of dates: it has a `#`, or a `0` and no letter of a date. With
/// both it is still one of numbers where it has decimals, `0.00 h`, or words that no date can have, `0 per hour`.
pub fn is_number_pattern(text: &str) -> bool {
    let mut quoted = false;
    let outside: Vec<char> = text
        .chars()
        .filter(|&character| {
            quoted ^= character == '\'';
            !quoted
        })
        .collect();
    let may_be_date = || outside.iter().any(|letter| "yMdHhm".contains(*letter)) && pattern::find(text).is_some();
    outside.contains(&'#') || outside.contains(&'0') && (text.contains("0.0") || !may_be_date())
}

impl NumberFormat {
    /// Compiles a pattern; `None` where it is none.
    pub fn compile(text: &str) -> Option<Self> {
        let mut scanner = Scanner::default();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            if character == '\'' && characters.peek() == Some(&'\'') {
                characters.next();
                scanner.literal('\'')?;
                continue;
            }
            scanner.take(character)?;
        }
        scanner.finish()
    }

    /// A number in this pattern; `None` for what is no number.
    pub fn format(&self, value: &Value) -> Option<String> {
        let mut digits = match value {
            Value::Double(double) if double.is_nan() => return Some("NaN".to_owned()),
            Value::Double(double) if double.is_infinite() => return Some(self.wrap(*double < 0.0, "∞")),
            _ => Digits::of(value)?,
        };
        digits.scale -= self.power;
        let negative = digits.negative;
        let body = match self.exponent {
            Some(least) => self.scientific(digits, least),
            None => {
                digits.round(self.most_fraction as i64);
                self.plain(&digits)
            }
        };
        Some(self.wrap(negative, &body))
    }

    fn wrap(&self, negative: bool, body: &str) -> String {
        let affixes = match &self.negative {
            Some(affixes) if negative => affixes,
            _ => &self.positive,
        };
        let minus = if negative && self.negative.is_none() { "-" } else { "" };
        format!("{minus}{}{body}{}", affixes.prefix, affixes.suffix)
    }

    fn plain(&self, digits: &Digits) -> String {
        self.written(digits, self.least_fraction)
    }

    /// The digits with so many behind the point at least.
    fn written(&self, digits: &Digits, least_fraction: usize) -> String {
        let (whole, fraction) = digits.parts();
        let fraction = fraction.trim_end_matches('0');
        let mut out = String::with_capacity(whole.len() * 4 / 3 + fraction.len() + 4);
        let width = whole.len().max(self.least_whole);
        for index in 0..width {
            let left = width - index;
            let padding = width - whole.len();
            out.push(if index < padding {
                '0'
            } else {
                char::from(whole.as_bytes()[index - padding])
            });
            if self.group > 0 && left > 1 && (left - 1) % self.group == 0 {
                out.push(',');
            }
        }
        let behind = fraction.len().max(least_fraction);
        if out.is_empty() && behind == 0 {
            out.push('0');
        }
        if behind > 0 || self.always_point {
            out.push('.');
        }
        out.push_str(fraction);
        out.extend(std::iter::repeat_n('0', behind - fraction.len()));
        out
    }

    /// Scientific notation. With more possible than needed digits before the point, the exponent is a multiple of the
    /// former (`##0.###E0`); else the needed digits stand before the point. As many digits count as the pattern has.
    fn scientific(&self, mut digits: Digits, least: usize) -> String {
        let zero = digits.digits.is_empty();
        let significant = (self.most_whole + self.most_fraction).max(1) as i64;
        digits.round(significant - digits.magnitude());
        let magnitude = digits.magnitude();
        let steps = self.most_whole > self.least_whole && self.most_whole > 1;
        let exponent = match (zero, steps) {
            (true, _) => 0,
            (false, true) => (magnitude - 1).div_euclid(self.most_whole as i64) * self.most_whole as i64,
            (false, false) => magnitude - self.least_whole as i64,
        };
        digits.scale += exponent;
        let before = if zero {
            self.least_whole
        } else {
            usize::try_from(digits.magnitude()).unwrap_or(0)
        };
        let body = self.written(&digits, (self.least_whole + self.least_fraction).saturating_sub(before));
        let sign = if exponent < 0 { "-" } else { "" };
        format!("{body}E{sign}{:0least$}", exponent.abs())
    }
}

/// A number as its decimal digits: `digits / 10^scale`, without zeros in front.
struct Digits {
    negative: bool,
    digits: Vec<u8>,
    scale: i64,
}

impl Digits {
    fn of(value: &Value) -> Option<Self> {
        let (text, scale) = match value {
            Value::Double(double) => {
                let text = format!("{double:e}");
                let (digits, exponent) = text.split_once('e')?;
                let fraction = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len() as i64);
                let exponent: i64 = exponent.parse().ok()?;
                (digits.replace('.', ""), fraction - exponent)
            }
            _ => {
                let wide = value.as_wide()?;
                (wide.mantissa().to_string(), i64::from(wide.scale()))
            }
        };
        let negative = text.starts_with('-');
        let digits = text.trim_start_matches('-').trim_start_matches('0').as_bytes().to_vec();
        Some(Self {
            negative,
            digits,
            scale,
        })
    }

    /// How many digits stand before the point; negative where zeros follow it.
    fn magnitude(&self) -> i64 {
        self.digits.len() as i64 - self.scale
    }

    /// Rounds half-even to a number of digits behind the point.
    fn round(&mut self, most: i64) {
        let dropped = self.scale - most;
        if dropped <= 0 {
            return;
        }
        self.scale = most;
        let Some(kept) = usize::try_from(dropped)
            .ok()
            .and_then(|dropped| self.digits.len().checked_sub(dropped))
        else {
            self.digits.clear();
            return;
        };
        let behind = self.digits.split_off(kept);
        let half = behind[0].cmp(&b'5').then_with(|| {
            let rest = behind[1..].iter().any(|&digit| digit != b'0');
            if rest {
                std::cmp::Ordering::Greater
            } else {
                std::cmp::Ordering::Equal
            }
        });
        let odd = self.digits.last().is_some_and(|digit| digit % 2 == 1);
        if half.is_gt() || half.is_eq() && odd {
            self.add_one();
        }
    }

    fn add_one(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < b'9' {
                *digit += 1;
                return;
            }
            *digit = b'0';
        }
        self.digits.insert(0, b'1');
    }

    /// The digits before the point, without zeros in front, and those behind it.
    fn parts(&self) -> (String, String) {
        let mut digits: String = self.digits.iter().map(|&digit| char::from(digit)).collect();
        if self.scale <= 0 {
            if !digits.is_empty() {
                digits.extend(std::iter::repeat_n('0', self.scale.unsigned_abs() as usize));
            }
            return (digits, String::new());
        }
        let scale = self.scale as usize;
        if digits.len() < scale {
            digits.insert_str(0, &"0".repeat(scale - digits.len()));
        }
        let fraction = digits.split_off(digits.len() - scale);
        (digits, fraction)
    }
}

/// Where in a pattern the scanner is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Prefix,
    Digits,
    Suffix,
}

/// Takes a pattern apart, character by character, as Java's `applyPattern` does.
#[derive(Default)]
struct Scanner {
    phase: Phase,
    quoted: bool,
    power: i64,
    affixes: Affixes,
    positive: Option<Numeral>,
    first: Option<Affixes>,
    numeral: Numeral,
}

/// The part of a pattern that stands for digits.
#[derive(Clone, Default)]
struct Numeral {
    left: usize,
    zeros: usize,
    right: usize,
    group: Option<usize>,
    point: Option<usize>,
    exponent: Option<usize>,
}

impl Scanner {
    fn literal(&mut self, character: char) -> Option<()> {
        if self.phase == Phase::Digits {
            self.phase = Phase::Suffix;
        }
        match self.phase {
            Phase::Prefix => self.affixes.prefix.push(character),
            _ => self.affixes.suffix.push(character),
        }
        Some(())
    }

    fn take(&mut self, character: char) -> Option<()> {
        match character {
            '\'' => {
                self.quoted = !self.quoted;
                Some(())
            }
            _ if self.quoted => self.literal(character),
            '#' | '0' | ',' | '.' if self.phase != Phase::Suffix => {
                self.phase = Phase::Digits;
                self.numeral.take(character)
            }
            'E' if self.phase == Phase::Digits && self.numeral.exponent.is_none() => {
                self.numeral.exponent = Some(0);
                Some(())
            }
            ';' if self.first.is_none() => {
                self.first = Some(std::mem::take(&mut self.affixes));
                self.positive = Some(std::mem::take(&mut self.numeral));
                self.phase = Phase::Prefix;
                Some(())
            }
            // Java refuses digits behind the suffix, and more than two forms.
            '#' | '0' | ',' | '.' | ';' => None,
            '%' | '\u{2030}' => {
                if self.first.is_none() {
                    self.power = if character == '%' { 2 } else { 3 };
                }
                self.literal(character)
            }
            '\u{A4}' => self.literal('$'),
            other => self.literal(other),
        }
    }

    fn finish(mut self) -> Option<NumberFormat> {
        let (affixes, negative) = match self.first.take() {
            Some(first) => {
                // A negative form that only repeats the positive one means a minus sign.
                let negative = Some(std::mem::take(&mut self.affixes)).filter(|negative| *negative != first);
                (first, negative)
            }
            None => (std::mem::take(&mut self.affixes), None),
        };
        let numeral = self.positive.take().unwrap_or(self.numeral);
        if self.quoted {
            return None;
        }
        numeral.finish(affixes, negative, self.power)
    }
}

impl Numeral {
    fn take(&mut self, character: char) -> Option<()> {
        if let Some(digits) = &mut self.exponent {
            // Behind `E` only zeros may follow.
            *digits += 1;
            return (character == '0').then_some(());
        }
        match character {
            '#' if self.zeros > 0 => self.right += 1,
            '#' => self.left += 1,
            '0' if self.right > 0 => return None,
            '0' => self.zeros += 1,
            ',' => {
                self.group = Some(0);
                return Some(());
            }
            _ if self.point.is_some() => return None,
            _ => {
                self.point = Some(self.left + self.zeros + self.right);
                return Some(());
            }
        }
        if self.point.is_none()
            && let Some(group) = &mut self.group
        {
            *group += 1;
        }
        Some(())
    }

    fn finish(mut self, positive: Affixes, negative: Option<Affixes>, power: i64) -> Option<NumberFormat> {
        if self.left + self.zeros + self.right == 0 || self.exponent == Some(0) || self.group == Some(0) {
            return None;
        }
        let total = self.left + self.zeros + self.right;
        if let (0, Some(point)) = (self.zeros, self.point) {
            // `#.##` has one digit before the point at least, as in Java.
            let point = point.max(1);
            self.right = self.left.saturating_sub(point);
            self.left = point - 1;
            self.zeros = 1;
        }
        let misplaced = match self.point {
            Some(point) => point < self.left || point > self.left + self.zeros,
            None => self.right > 0,
        };
        if misplaced || total > MOST_DIGITS {
            return None;
        }
        let point = self.point.unwrap_or(total);
        let least_whole = point.saturating_sub(self.left);
        Some(NumberFormat {
            positive,
            negative,
            power,
            least_whole,
            least_fraction: (self.left + self.zeros).saturating_sub(point).min(total),
            most_fraction: if self.point.is_some() {
                total - point.min(total)
            } else {
                0
            },
            group: self.group.unwrap_or(0),
            exponent: self.exponent,
            most_whole: point,
            always_point: self.point == Some(total) && total == point,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::convert;

    fn check(pattern: &str, number: &str, expected: &str) {
        let format = NumberFormat::compile(pattern).unwrap_or_else(|| panic!("{pattern}"));
        let value = convert::number(number).unwrap();
        assert_eq!(format.format(&value).unwrap(), expected, "{number} in {pattern}");
    }

    #[test]
    fn numbers_follow_their_pattern() {
        for (pattern, number, expected) in [
            ("#,##0", "1000000.05", "1,000,000"),
            ("#,##0.00", "1000000.05", "1,000,000.05"),
            ("#,##0.0", "1000000.05", "1,000,000.0"),
            ("#,##0.0", "1000000.15", "1,000,000.2"),
            ("$#,##0.00", "12345654.1234", "$12,345,654.12"),
            ("000000000", "2434", "000002434"),
            ("0%", "0.2", "20%"),
            ("0.0%", "0.12345", "12.3%"),
            ("0‰", "0.5", "500‰"),
            ("#.##", "0.5", "0.5"),
            ("#.##", "3", "3"),
            ("#.00", ".5", ".50"),
            ("#", "0", "0"),
            ("##", "12.5", "12"),
            ("##", "13.5", "14"),
            ("0.00", "-0.005", "-0.00"),
            ("0.00", "0.0050000000000000001", "0.01"),
            ("0", "99.5", "100"),
            ("#,##0.00;(#,##0.00)", "-1234.5", "(1,234.50)"),
            ("#,##0.00;(#,##0.00)", "1234.5", "1,234.50"),
            ("0;0", "-5", "-5"),
            ("'#'0", "5", "#5"),
            ("0 'o''clock'", "5", "5 o'clock"),
            ("Rs #,##0.00", "1234567", "Rs 1,234,567.00"),
            ("#,####0", "123456789", "1234,56789"),
            ("0.###", "1.23456", "1.235"),
            ("0.00", "0.001", "0.00"),
            ("0.", "5", "5."),
            (".00", "1.5", "1.50"),
            ("00.00E00", "12345", "12.34E03"),
            ("0.00E0", "0.00012345", "1.23E-4"),
            ("0.0E0", "9.99", "1.0E1"),
            ("0.###E0", "0", "0E0"),
            ("##0.#####E0", "12345", "12.345E3"),
            ("##0.##E0", "1234567.891", "1.2346E6"),
            ("##0.##E0", "999999", "1E6"),
            ("##0.00E0", "12000", "12.0E3"),
            (
                "#,##0",
                "123456789012345678901234567",
                "123,456,789,012,345,678,901,234,567",
            ),
        ] {
            check(pattern, number, expected);
        }
    }

    #[test]
    fn doubles_are_rounded_by_their_shortest_decimal() {
        let format = NumberFormat::compile("0.00").unwrap();
        assert_eq!(format.format(&Value::Double(2.675)), Some("2.68".to_owned()));
        assert_eq!(
            format.format(&Value::Double(1e21)),
            Some("1000000000000000000000.00".to_owned())
        );
        assert_eq!(format.format(&Value::Double(f64::NEG_INFINITY)), Some("-∞".to_owned()));
        assert_eq!(format.format(&Value::text("1")), None);
    }

    #[test]
    fn malformed_patterns_are_refused() {
        for pattern in ["", "abc", "#.#.#", "0#", "0.0#0", "0E", "#,", "'0", "0 0", "0;0;0"] {
            assert_eq!(NumberFormat::compile(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn dates_and_numbers_have_different_patterns() {
        for pattern in [
            "#,##0",
            "0.00",
            "0%",
            "0.00 USD",
            "#,##0 'yMd'",
            "Rs.0.00",
            "#,##0 monthly",
            "0.00 per hour",
            "0 per hour",
            "0.0 h",
        ] {
            assert!(is_number_pattern(pattern), "{pattern}");
        }
        for pattern in ["yyyy-MM-dd 10:00:00", "yyyy-MM-01", "00:mm:ss", "HH:mm", "E", "'0'", ""] {
            assert!(!is_number_pattern(pattern), "{pattern}");
        }
    }
}
