use proptest::prelude::*;

use super::super::testing::call;
use crate::value::{Value, convert};

fn number(text: &str) -> Value {
    convert::number(text).unwrap()
}

#[track_caller]
fn check(name: &str, receiver: &str, arguments: &[&str], expected: &str) {
    let arguments: Vec<Value> = arguments.iter().map(|text| number(text)).collect();
    let found = call(name, Some(number(receiver)), &arguments);
    assert_eq!(
        found.as_deref(),
        Ok(expected),
        "{receiver}.{name}({arguments:?})",
        arguments = arguments.len()
    );
    // Text that spells the number counts as the number.
    assert_eq!(
        call(name, Some(Value::text(receiver)), &arguments).as_deref(),
        Ok(expected)
    );
}

#[test]
fn signs_and_fractions() {
    for (name, receiver, expected) in [
        ("abs", "-15.50", "15.50"),
        ("abs", "-7", "7"),
        ("ceil", "10.1", "11"),
        ("ceil", "-10.1", "-10"),
        ("ceil", "7", "7"),
        ("floor", "10.1", "10"),
        ("floor", "-10.1", "-11"),
        ("floor", "9223372036854775806.5", "9223372036854775806"),
        ("frac", "24.6", "0.6"),
        ("frac", "-25.1", "-0.1"),
        ("frac", "24.50", "0.50"),
        ("frac", "3", "0"),
        ("isEven", "1234", "true"),
        ("isEven", "-4.0", "true"),
        ("isEven", "4.5", "false"),
        ("isOdd", "111", "true"),
        ("isOdd", "-3", "true"),
        ("isOdd", "3.5", "false"),
        ("isOdd", "-3.0", "true"),
        ("toHex", "100", "64"),
        ("toHex", "-1", "ffffffffffffffff"),
        ("toHex", "255.9", "ff"),
    ] {
        check(name, receiver, &[], expected);
    }
}

#[test]
fn rounding_is_half_up_and_adds_no_digits() {
    for (receiver, precision, expected) in [
        ("-218.4", "0", "-218"),
        ("218.5", "0", "219"),
        ("-218.5", "0", "-219"),
        ("218.49", "1", "218.5"),
        ("218.44", "1", "218.4"),
        ("214.2", "-1", "210"),
        ("215", "-1", "220"),
        ("-215", "-1", "-220"),
        ("214.9", "-1", "210"),
        ("614.2", "-3", "0"),
        ("0.4", "-1", "0"),
        ("10.1", "2", "10.1"),
        ("2.999", "2", "3.00"),
        ("1.005", "2", "1.01"),
        ("5", "2", "5"),
        ("1.5", "9999999999", "1.5"),
        ("1.5", "-9999999999", "0"),
        ("9223372036854775807", "-1", "9223372036854775810"),
    ] {
        check("round", receiver, &[precision], expected);
    }
    let root = call(
        "round",
        Some(Value::Double(std::f64::consts::SQRT_2)),
        &[Value::Number(2)],
    );
    assert_eq!(root.as_deref(), Ok("1.41"));
    let huge = call("round", Some(Value::Double(1e300)), &[Value::Number(2)]);
    assert_eq!(huge.as_deref(), Ok("1.0E300"));
}

#[test]
fn powers_are_exact_where_they_can_be() {
    for (base, exponent, expected) in [
        ("3", "2", "9"),
        ("2", "62", "4611686018427387904"),
        ("2", "64", "18446744073709551616"),
        ("1.5", "2", "2.25"),
        ("1.1", "3", "1.331"),
        ("-2", "3", "-8"),
        ("5", "0", "1"),
        ("2", "-1", "0.5"),
        ("4", "0.5", "2.0"),
        ("10", "300", "1.0E300"),
        ("-8", "0.5", "null"),
        ("1", "9223372036854775807", "1.0"),
        ("0", "4000000000", "0"),
    ] {
        check("power", base, &[exponent], expected);
    }
    let zero = call("power", Some(Value::Number(0)), &[Value::Number(-1)]);
    assert!(
        zero.unwrap_err()
            .starts_with("Error in performing the Operation / : Divide by zero error")
    );
}

#[test]
fn functions_of_real_numbers_are_doubles() {
    for (name, receiver, expected) in [
        ("sqrt", "9", "3.0"),
        ("sqrt", "2.25", "1.5"),
        ("sqrt", "-1", "null"),
        ("log", "1", "0.0"),
        ("log", "0", "null"),
        ("log", "-3", "null"),
        ("exp", "0", "1.0"),
        ("exp", "1000", "Infinity"),
        ("sin", "0", "0.0"),
        ("cos", "0", "1.0"),
        ("tan", "0", "0.0"),
    ] {
        check(name, receiver, &[], expected);
    }
    // The pages of these print what Java's library gives; another may differ in the last place.
    for (name, argument, expected) in [
        ("sin", 90, 0.893_996_663_600_557_9),
        ("cos", 90, -0.448_073_616_129_170_2),
        ("tan", 90, -1.995_200_412_208_242),
        ("exp", 1, std::f64::consts::E),
    ] {
        let found: f64 = call(name, Some(Value::Number(argument)), &[]).unwrap().parse().unwrap();
        assert!(
            (found - expected).abs() <= 4.0 * f64::EPSILON * expected.abs(),
            "{name}: {found}"
        );
    }
}

#[test]
fn the_smaller_and_the_larger() {
    for (name, left, right, expected) in [
        ("min", "100", "200", "100"),
        ("max", "100", "200", "200"),
        ("min", "1.5", "1", "1"),
        ("max", "1.50", "1.5", "1.50"),
        ("max", "-1", "-2.5", "-1"),
    ] {
        check(name, left, &[right], expected);
    }
    let text = call("max", Some(Value::Number(1)), &[Value::text("x")]);
    assert_eq!(text.unwrap_err(), "'TEXT' can not be cast to '[DECIMAL, NUMBER]'");
}

#[test]
fn what_does_not_fit_is_an_error() {
    for (name, receiver) in [
        ("abs", Value::Number(i64::MIN)),
        ("ceil", Value::Double(1e19)),
        ("floor", Value::Double(f64::NAN)),
    ] {
        assert!(
            call(name, Some(receiver), &[])
                .unwrap_err()
                .contains("beyond the range of NUMBER"),
            "{name}"
        );
    }
    for receiver in [Value::text("abc"), Value::text("")] {
        assert_eq!(
            call("abs", Some(receiver), &[]).unwrap_err(),
            "'TEXT' can not be cast to '[DECIMAL, NUMBER]'"
        );
    }
    assert!(call("randomNumber", Some(Value::Number(0)), &[]).is_err());
}

proptest! {
    #[test]
    fn random_numbers_stay_in_their_range(start in any::<i64>(), end in any::<i64>()) {
        let drawn: i64 = call("randomNumber", Some(Value::Number(start)), &[Value::Number(end)]).unwrap().parse().unwrap();
        prop_assert!((start.min(end)..=start.max(end)).contains(&drawn));
    }

    #[test]
    fn rounding_stays_within_half_a_unit(mantissa in -1_000_000_000i64..1_000_000_000, scale in 0u32..9, places in 0i64..9) {
        let value = Value::Decimal(crate::value::Decimal::new(mantissa, scale).unwrap());
        let rounded: rust_decimal::Decimal = call("round", Some(value.clone()), &[Value::Number(places)]).unwrap().parse().unwrap();
        let distance = (rounded - value.as_wide().unwrap()).abs();
        prop_assert!(distance * rust_decimal::Decimal::TWO <= rust_decimal::Decimal::new(1, places as u32));
    }
}

#[test]
fn random_numbers_reach_both_ends() {
    use crate::host::{Cancel, Context, Host, Limits, Meter, Settings};
    let (host, settings) = (Host::fake(), Settings::default());
    let mut context = Context::new(&host, &settings, Meter::new(Limits::local(), Cancel::new()));
    let builtin = crate::builtins::method("randomnumber")
        .unwrap()
        .on(crate::value::Kind::Number)
        .unwrap();
    let mut seen = [0; 3];
    for _ in 0..300 {
        let mut call = crate::builtins::Call {
            builtin,
            receiver: &Value::Number(3),
            arguments: &[Value::Number(1)],
            pairs: false,
            context: &mut context,
        };
        let Ok(Value::Number(drawn)) = (builtin.run)(&mut call) else {
            panic!("no number")
        };
        seen[(drawn - 1) as usize] += 1;
    }
    assert!(seen.iter().all(|count| *count > 50), "{seen:?}");
}
