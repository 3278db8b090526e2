use std::rc::Rc;

use crate::value::entries::Entries;
use crate::value::{
    Caught, Collection, Contents, DateSettings, Decimal, Empty, File, List, Map, Moment, Unprintable, Value,
};

fn list(items: Vec<Value>) -> Value {
    Value::List(List::new(items))
}

fn map(pairs: Vec<(Value, Value)>) -> Value {
    let map = Map::default();
    for (key, value) in pairs {
        map.put(key, value);
    }
    Value::Map(map)
}

fn decimal(mantissa: i64, scale: u32) -> Value {
    Value::Decimal(Decimal::new(mantissa, scale).unwrap())
}

fn at(millis: i64) -> Moment {
    Moment::from_millis(millis, &jiff::tz::TimeZone::UTC).unwrap()
}

#[track_caller]
fn check(value: &Value, expected: &str) {
    assert_eq!(value.to_text(&DateSettings::default()).as_deref(), Ok(expected));
}

#[test]
fn plain_values() {
    check(&Value::Null, "null");
    check(&Value::Boolean(true), "true");
    check(&Value::Number(i64::MIN), "-9223372036854775808");
    check(&Value::Double(3.0), "3.0");
    check(&Value::text("a\"b\n"), "a\"b\n");
    check(&Value::Date(at(0)), "01-Jan-1970");
    check(&Value::DateTime(at(61_000)), "01-Jan-1970 00:01:01");
    check(&Value::File(File::new("report.pdf", "", vec![1])), "report.pdf");
    let caught = Caught::new("stock is empty".to_owned(), 7);
    check(&Value::Caught(Rc::new(caught)), "stock is empty Line:(7)");
}

#[test]
fn decimals_keep_their_scale() {
    for (mantissa, scale, expected) in [
        (1550, 2, "15.50"),
        (-1550, 2, "-15.50"),
        (5, 0, "5"),
        (5, 1, "0.5"),
        (-5, 3, "-0.005"),
        (0, 2, "0.00"),
        (123, 3, "0.123"),
        (i64::MIN, 28, "-0.0000000009223372036854775808"),
    ] {
        check(&decimal(mantissa, scale), expected);
        assert_eq!(Decimal::new(mantissa, scale).unwrap().wide().to_string(), expected);
    }
    check(
        &Value::from_wide("1234567890123456789012345.50".parse().unwrap()),
        "1234567890123456789012345.50",
    );
}

#[test]
fn a_list_is_joined_and_what_is_inside_is_json() {
    check(&list(vec![]), "");
    check(
        &list(vec![Value::text("Creator"), Value::text("Projects")]),
        "Creator,Projects",
    );
    check(&list(vec![Value::text(""), Value::text(""), Value::text("")]), ",,");
    check(&list(vec![Value::Null, decimal(15, 1)]), "null,1.5");
    let inner = list(vec![Value::text("a"), map(vec![(Value::text("k"), Value::text("v"))])]);
    check(&list(vec![inner.clone(), Value::Number(1)]), r#"["a",{"k":"v"}],1"#);
    check(&map(vec![(Value::text("l"), inner)]), r#"{"l":["a",{"k":"v"}]}"#);
}

#[test]
fn a_map_is_valid_json() {
    let entries = vec![
        (Value::text("Creator"), Value::Number(5)),
        (Value::Number(1), Value::text("a\"b\\c\n\u{1}é😀")),
        (Value::text("d"), Value::Date(at(0))),
        (Value::text("x"), Value::Double(f64::NAN)),
        (Value::text("e"), Value::Empty(Empty::default())),
    ];
    check(
        &map(entries),
        r#"{"Creator":5,"1":"a\"b\\c\n\u0001é😀","d":"01-Jan-1970","x":null,"e":{}}"#,
    );
    check(&map(vec![]), "{}");
}

#[test]
fn a_collection_prints_like_what_it_holds() {
    let values = Collection::new(Contents::Values(vec![Value::Number(1), Value::text("b")].into()));
    check(&Value::Collection(values.clone()), "1,b");
    check(&list(vec![Value::Collection(values)]), r#"[1,"b"]"#);
    let mut pairs = Entries::default();
    pairs.insert(crate::value::Key::new(Value::text("k")), Value::Number(1));
    check(
        &Value::Collection(Collection::new(Contents::Pairs(pairs))),
        r#"{"k":1}"#,
    );
    check(&Value::Collection(Collection::new(Contents::Empty)), "{}");
}

#[test]
fn an_empty_container_prints_as_what_it_became() {
    let empty = Value::Empty(Empty::default());
    check(&empty, "{}");
    empty.as_list().unwrap().push(Value::Number(4));
    check(&empty, "4");
}

#[test]
fn what_contains_itself_has_no_text() {
    let dates = DateSettings::default();
    let looped = List::new(Vec::new());
    looped.push(Value::Number(1));
    looped.push(Value::List(looped.clone()));
    assert_eq!(Value::List(looped.clone()).to_text(&dates), Err(Unprintable));
    let mutual = Map::default();
    mutual.put(Value::text("l"), Value::List(looped.clone()));
    assert_eq!(Value::Map(mutual).to_text(&dates), Err(Unprintable));
    looped.edit(Vec::clear);
}

#[test]
fn five_hundred_levels_print_and_more_do_not() {
    let nested = |levels: usize| (0..levels).fold(Value::Number(1), |inner, _| map(vec![(Value::text("k"), inner)]));
    let dates = DateSettings::default();
    let small_stack = std::thread::Builder::new().stack_size(256 << 10);
    let printed = small_stack.spawn(move || {
        let whole = nested(500).to_text(&dates).map(|text| text.len());
        (whole, nested(501).to_text(&dates), nested(100_000).to_text(&dates))
    });
    let printed = printed.unwrap().join().unwrap();
    assert_eq!(printed, (Ok(500 * 6 + 1), Err(Unprintable), Err(Unprintable)));
}

#[test]
fn configured_formats_are_used_and_bad_ones_do_no_harm() {
    let mut dates = DateSettings {
        date_format: "yyyy/MM/dd".to_owned(),
        date_time_format: "no such pattern".to_owned(),
        ..DateSettings::default()
    };
    assert_eq!(Value::Date(at(0)).to_text(&dates).unwrap(), "1970/01/01");
    assert_eq!(Value::DateTime(at(0)).to_text(&dates).unwrap(), "1970-01-01T00:00:00");
    dates.date_time_format = "h:mm a".to_owned();
    assert_eq!(Value::DateTime(at(0)).to_text(&dates).unwrap(), "12:00 AM");
}
