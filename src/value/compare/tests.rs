use std::cmp::Ordering;

use jiff::tz::TimeZone;

use super::*;
use crate::value::{Empty, Moment};

fn decimal(text: &str) -> Value {
    Value::from_wide(text.parse().unwrap())
}

fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::List(List::new(items.into_iter().collect()))
}

fn map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let map = Map::default();
    for (key, value) in entries {
        map.put(Value::text(key), value);
    }
    Value::Map(map)
}

fn at(millis: i64) -> Moment {
    Moment::from_millis(millis, &TimeZone::UTC).unwrap()
}

fn hashes_agree(left: &Value, right: &Value) -> bool {
    let mut set = StrictSet::default();
    set.insert(left);
    set.contains(right)
}

#[test]
fn equality_of_plain_values() {
    let number = Value::Number;
    for (left, right, loose, strict) in [
        (number(200), Value::text("200"), true, false),
        (number(200), Value::text("200.0"), true, false),
        (decimal("0.5"), Value::text(".5"), true, false),
        (number(0), Value::text(""), false, false),
        (number(0), Value::text("-"), false, false),
        (number(0), Value::text("."), false, false),
        (number(1000), Value::text("1_000"), false, false),
        (number(1000), Value::text("1e3"), false, false),
        (Value::text("1"), Value::text("1.0"), false, false),
        (Value::text("Ab"), Value::text("ab"), false, false),
        (Value::text("ab"), Value::text("ab"), true, true),
        (number(1), decimal("1.00"), true, true),
        (decimal("0.1"), Value::Double(0.1), true, true),
        (number(3), Value::Double(3.0), true, true),
        (Value::Double(0.0), Value::Double(-0.0), true, true),
        (Value::Double(0.0), number(0), true, true),
        (number((1 << 53) + 1), Value::Double((1u64 << 53) as f64), false, false),
        (number(i64::MAX), Value::text("9223372036854775807"), true, false),
        (Value::Boolean(true), Value::Boolean(true), true, true),
        (Value::Boolean(true), Value::text("true"), false, false),
        (Value::Boolean(true), number(1), false, false),
        (Value::Null, Value::Null, true, true),
        (Value::Null, Value::text(""), false, false),
        (Value::Null, Value::text("null"), false, false),
        (Value::Null, number(0), false, false),
        (Value::Date(at(0)), Value::DateTime(at(0)), true, true),
        (Value::Date(at(0)), Value::DateTime(at(1)), false, false),
        (Value::Date(at(0)), number(0), false, false),
        (Value::Date(at(0)), Value::text("01-Jan-1970"), false, false),
        (list([]), Value::text(""), false, false),
    ] {
        let shown = format!("{:?} {} == {}", left.kind(), left.key_text(), right.key_text());
        assert_eq!(loose_equal(&left, &right), loose, "{shown}");
        assert_eq!(loose_equal(&right, &left), loose, "{shown}");
        assert_eq!(strict_equal(&left, &right), strict, "{shown}");
        assert_eq!(strict_equal(&right, &left), strict, "{shown}");
        assert_eq!(hashes_agree(&left, &right), strict, "{shown}");
    }
}

#[test]
fn containers_are_equal_by_contents() {
    let one = || list([Value::Number(1), map([("a", Value::text("x")), ("b", Value::Null)])]);
    let other = list([decimal("1.0"), map([("b", Value::Null), ("a", Value::text("x"))])]);
    assert!(loose_equal(&one(), &other) && strict_equal(&one(), &other) && hashes_agree(&one(), &other));
    let text = list([Value::text("1"), map([("a", Value::text("x")), ("b", Value::Null)])]);
    assert!(loose_equal(&one(), &text) && !strict_equal(&one(), &text));
    assert!(!loose_equal(&one(), &list([Value::Number(1)])));
    assert!(!loose_equal(&map([("a", Value::Null)]), &map([("b", Value::Null)])));
    assert!(!loose_equal(&list([]), &map([])));
    let undecided = Value::Empty(Empty::default());
    assert!(loose_equal(&undecided, &map([])) && loose_equal(&list([]), &undecided));
    assert!(hashes_agree(&undecided, &map([])) && !loose_equal(&undecided, &one()));
    undecided.as_list().unwrap().push(Value::Null);
    assert!(loose_equal(&undecided, &list([Value::Null])) && hashes_agree(&undecided, &list([Value::Null])));
    let values = || Value::Collection(Collection::new(Contents::Values(vec![Value::Number(1)].into())));
    assert!(loose_equal(&values(), &values()) && !loose_equal(&values(), &list([Value::Number(1)])));
}

#[test]
fn nesting_cycles_and_shared_contents_cost_no_more_than_their_size() {
    let mut tracked = crate::value::Tracked::default();
    let mut cycle = || {
        let list = List::new(vec![Value::Number(1)]);
        tracked.note(&Value::List(list.clone()), &Value::List(list.clone()));
        list.push(Value::List(list.clone()));
        Value::List(list)
    };
    let (one, other) = (cycle(), cycle());
    assert!(loose_equal(&one, &other) && hashes_agree(&one, &other));

    let deep = |depth| (0..depth).fold(Value::Null, |inner, _| list([inner]));
    assert!(strict_equal(&deep(200_000), &deep(200_000)));
    assert!(!strict_equal(&deep(200_000), &deep(200_001)));
    assert!(hashes_agree(&deep(200_000), &deep(200_000)));

    let doubled = || (0..60).fold(Value::Number(1), |inner, _| list([inner.clone(), inner]));
    assert!(strict_equal(&doubled(), &doubled()) && hashes_agree(&doubled(), &doubled()));
}

#[test]
fn relations_take_numbers_dates_and_numeric_text() {
    for (left, right, expected) in [
        (Value::Number(2), decimal("1.99"), Some(Ordering::Greater)),
        (Value::Number(2), Value::text("10"), Some(Ordering::Less)),
        (Value::text("10.5"), Value::Double(10.5), Some(Ordering::Equal)),
        (Value::text("2"), Value::text("10"), Some(Ordering::Less)),
        (Value::text("2"), Value::text("b"), None),
        (Value::text("a"), Value::Number(1), None),
        (Value::Date(at(5)), Value::DateTime(at(6)), Some(Ordering::Less)),
        (Value::Date(at(5)), Value::Number(6), None),
        (Value::Null, Value::Number(1), None),
        (Value::Boolean(true), Value::Boolean(false), None),
        (list([]), list([]), None),
    ] {
        assert_eq!(order(&left, &right), expected);
        assert_eq!(order(&right, &left), expected.map(Ordering::reverse));
    }
}

#[test]
fn the_order_of_sorting_is_total_within_a_sort() {
    let numbers = [
        Value::Double(f64::NEG_INFINITY),
        decimal("-0.1"),
        Value::Number(0),
        Value::Double(0.1),
        Value::Double(9_007_199_254_740_992.0),
        Value::Number(9_007_199_254_740_993),
        Value::Number(i64::MAX),
        Value::Double(1e300),
        Value::Double(f64::NAN),
    ];
    let texts = ["", "CRM", "Creator", "Zoho", "crm", "é", "\u{FFFD}", "😀"].map(Value::text);
    let booleans = [Value::Boolean(false), Value::Boolean(true)];
    for sorted in [&numbers[..], &texts[..], &booleans[..]] {
        for (i, left) in sorted.iter().enumerate() {
            for (j, right) in sorted.iter().enumerate() {
                assert_eq!(sort_order(left, right), Some(i.cmp(&j)), "{i} {j}");
            }
        }
    }
    assert_eq!(sort_order(&Value::text("1"), &Value::Number(1)), None);
    assert_eq!(sort_order(&Value::Null, &Value::Null), None);
    assert_eq!(sort_order(&list([]), &list([])), None);
}

#[test]
fn a_set_stays_linear_on_large_and_similar_values() {
    let mut set = StrictSet::default();
    let shared = list((0..1000).map(Value::Number));
    for number in 0..100_000 {
        assert!(set.insert(&list([shared.clone(), Value::Number(number)])));
    }
    assert!(!set.insert(&list([list((0..1000).map(Value::Number)), Value::Number(99_999)])));
    assert!(set.remove(&list([shared.clone(), Value::Number(5)])) && !set.contains(&list([shared, Value::Number(5)])));
}
