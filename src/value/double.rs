//! The text form of an IEEE double, as Java's `Double.toString` gives it.

use std::fmt::Write as _;

/// Appends a double as Java prints it: at least one digit behind the point, an exponent below 0.001 and from ten
/// million on (`3.0`, `1.0E7`, `1.0E-4`, `NaN`, `-Infinity`).
pub fn write(double: f64, out: &mut String) {
    let size = double.abs();
    if double.is_nan() {
        out.push_str("NaN");
    } else if double.is_infinite() {
        out.push_str(if double > 0.0 { "Infinity" } else { "-Infinity" });
    } else if size == 0.0 || (1e-3..1e7).contains(&size) {
        // In this range both write the shortest digits without an exponent.
        out.push_str(ryu::Buffer::new().format_finite(double));
    } else {
        write_scientific(double, out);
    }
}

/// A double as Java prints it.
pub fn to_text(double: f64) -> String {
    let mut text = String::with_capacity(24);
    write(double, &mut text);
    text
}

fn write_scientific(double: f64, out: &mut String) {
    let shortest = format!("{double:e}");
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    if digits.contains('.') {
        _ = write!(out, "{digits}E{exponent}");
        return;
    }
    // Java always writes two digits, and takes the closest such number: the smallest double is 4.9E-324, not 5.0E-324.
    let closest = format!("{double:.1e}");
    match closest.split_once('e') {
        Some((digits, exponent)) if closest.parse() == Ok(double) => _ = write!(out, "{digits}E{exponent}"),
        _ => _ = write!(out, "{digits}.0E{exponent}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn doubles_print_as_java_prints_them() {
        for (double, expected) in [
            (3.0, "3.0"),
            (0.1, "0.1"),
            (-0.4480736161291702, "-0.4480736161291702"),
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (0.001, "0.001"),
            (0.00099, "9.9E-4"),
            (1e-4, "1.0E-4"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (12_345_678.9, "1.23456789E7"),
            (2e23, "2.0E23"),
            (5e-324, "4.9E-324"),
            (f64::MAX, "1.7976931348623157E308"),
            (f64::MIN_POSITIVE, "2.2250738585072014E-308"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(to_text(double), expected);
        }
    }

    proptest! {
        #[test]
        fn the_text_reads_back_as_the_same_double(bits in any::<u64>()) {
            let double = f64::from_bits(bits);
            prop_assume!(double.is_finite());
            prop_assert_eq!(to_text(double).parse::<f64>().unwrap().to_bits(), bits);
        }

        #[test]
        fn no_shorter_digits_than_rusts_shortest(double in prop::num::f64::NORMAL) {
            let digits = |text: &str| -> String {
                let text = text.split(['E', 'e']).next().unwrap();
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                digits.trim_start_matches('0').trim_end_matches('0').to_owned()
            };
            let (java, rust) = (digits(&to_text(double)), digits(&format!("{double:e}")));
            prop_assert!(java == rust || rust.len() == 1 && java.len() == 2, "{} {}", java, rust);
        }
    }
}
