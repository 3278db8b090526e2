use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::testing::{effect_of, from_json, to_json};
use super::*;
use crate::value::Empty;

/// Checks a call on a list: its result, or a part of its error, and what becomes of the list.
fn check(list: &Json, name: &str, arguments: Json, (expected, after): (Result<Json, &str>, Json)) {
    let receiver = from_json(list);
    let arguments: Vec<Value> = arguments.as_array().unwrap().iter().map(from_json).collect();
    let (result, became) = effect_of(name, &receiver, &arguments);
    match (&result, &expected) {
        (Err(message), Err(part)) => assert!(message.contains(part), "{name}: {message}"),
        _ => assert_eq!(
            result.as_ref().ok(),
            expected.as_ref().ok(),
            "{list}.{name}: {result:?}"
        ),
    }
    assert_eq!(became, after, "{list}.{name}");
}

/// Checks a call that leaves the list as it is.
fn gives(list: Json, name: &str, arguments: Json, expected: Result<Json, &str>) {
    check(&list, name, arguments, (expected, list.clone()));
}

/// Checks a call that changes the list and gives nothing.
fn makes(list: Json, name: &str, arguments: Json, after: Json) {
    check(&list, name, arguments, (Ok(json!(null)), after));
}

#[test]
fn elements_are_added_in_order() {
    makes(
        json!(["Creator"]),
        "add",
        json!([["CRM", "Projects"]]),
        json!(["Creator", ["CRM", "Projects"]]),
    );
    makes(json!([]), "add", json!([null]), json!([null]));
    makes(
        json!(["Creator"]),
        "addAll",
        json!([["CRM", "Projects"]]),
        json!(["Creator", "CRM", "Projects"]),
    );
    makes(json!([1]), "addAll", json!([[]]), json!([1]));
    gives(
        json!([1]),
        "addAll",
        json!(["a,b"]),
        Err("Required: [LIST] Found: TEXT"),
    );
    let list = from_json(&json!([1, 2]));
    assert_eq!(
        effect_of("addAll", &list, std::slice::from_ref(&list)).1,
        json!([1, 2, 1, 2])
    );
}

#[test]
fn places_count_from_zero_and_end_with_the_list() {
    let three = || json!(["Creator", "CRM", ["Projects", "Reports"]]);
    gives(three(), "get", json!([2]), Ok(json!(["Projects", "Reports"])));
    gives(three(), "get", json!(["1"]), Ok(json!("CRM")));
    gives(
        three(),
        "get",
        json!([3]),
        Err("Given index 3 is greater than the list size"),
    );
    gives(
        json!([]),
        "get",
        json!([0]),
        Err("Given index 0 is greater than the list size"),
    );
    gives(three(), "get", json!([-1]), Err("Given index -1 is negative"));
    gives(
        three(),
        "get",
        json!(["x"]),
        Err("argument index 0: Required: [NUMBER] Found: TEXT"),
    );
    gives(three(), "get", json!([null]), Err("Found: null"));
    check(
        &three(),
        "remove",
        json!([1]),
        (Ok(json!("CRM")), json!(["Creator", ["Projects", "Reports"]])),
    );
    gives(three(), "remove", json!([3]), Err("Given index 3 is greater"));
    gives(three(), "remove", json!(["CRM"]), Err("Found: TEXT"));
    gives(three(), "size", json!([]), Ok(json!(3)));
    makes(three(), "clear", json!([]), json!([]));
}

#[test]
fn membership_is_strict_and_shallow() {
    let mixed = || json!([1, "2", "Zoho", {"version": 5}, ["India", "USA"], null]);
    for (wanted, found) in [
        (json!(2), -1),
        (json!("2"), 1),
        (json!(1.0), 0),
        (json!("zoho"), -1),
        (json!("version"), -1),
        (json!({"Version": 5}), -1),
        (json!({"version": 5}), 3),
        (json!(["India"]), -1),
        (json!(["India", "USA"]), 4),
        (json!(null), 5),
    ] {
        gives(mixed(), "indexOf", json!([wanted]), Ok(json!(found)));
        gives(mixed(), "contains", json!([wanted]), Ok(json!(found >= 0)));
        gives(mixed(), "notContains", json!([wanted]), Ok(json!(found < 0)));
    }
    gives(json!(["a", "b", "a"]), "lastIndexOf", json!(["a"]), Ok(json!(2)));
    gives(json!(["a"]), "lastIndexOf", json!(["A"]), Ok(json!(-1)));
    makes(json!(["a", "b", "a"]), "removeElement", json!(["a"]), json!(["b", "a"]));
    makes(json!(["a"]), "removeElement", json!(["x"]), json!(["a"]));
    makes(
        json!(["a", "b", "a", 1]),
        "removeAll",
        json!([["a", "1", "x"]]),
        json!(["b", 1]),
    );
    gives(
        json!(["1", 1, 1, 2, 2, 3]),
        "distinct",
        json!([]),
        Ok(json!(["1", 1, 2, 3])),
    );
    gives(
        json!([1, 2, 2, 3]),
        "intersect",
        json!([[3, 2, "1"]]),
        Ok(json!([2, 3])),
    );
}

#[test]
fn sorting_changes_the_list_and_gives_it() {
    let sorts = |list: Json, arguments: Json, after: Json| check(&list, "sort", arguments, (Ok(after.clone()), after));
    sorts(
        json!(["Creator", "crm", "Zoho Creator"]),
        json!([true]),
        json!(["Creator", "Zoho Creator", "crm"]),
    );
    sorts(json!(["Creator", "CRM"]), json!([]), json!(["CRM", "Creator"]));
    sorts(
        json!(["a", "_", "`", "A", "[", "é"]),
        json!([]),
        json!(["A", "[", "_", "`", "a", "é"]),
    );
    sorts(json!([3, 1.5, 2, -1]), json!([false]), json!([3, 2, 1.5, -1]));
    sorts(json!([10, 9]), json!([]), json!([9, 10]));
    sorts(json!([]), json!([]), json!([]));
    sorts(json!([{"a": 1}]), json!([]), json!([{"a": 1}]));
    gives(json!(["1", 1]), "sort", json!([]), Ok(json!(null)));
    gives(json!([2, null, 1]), "sort", json!([]), Ok(json!(null)));
    gives(
        json!([1]),
        "sort",
        json!(["up"]),
        Err("Required: [BOOLEAN] Found: TEXT"),
    );

    let list = from_json(&json!([2, 1]));
    let (first, _) = super::super::testing::evaluate("sort", Some(list.clone()), &[], Default::default());
    let _ = effect_of("sort", &list, &[Value::Boolean(false)]);
    assert_eq!(to_json(&first.unwrap()), json!([1, 2]));
}

#[test]
fn parts_of_lists() {
    let four = || json!([1, 2, 3, 4]);
    gives(four(), "subList", json!([0, 3]), Ok(json!([1, 2, 3])));
    gives(four(), "sublist", json!([1]), Ok(json!([2, 3, 4])));
    gives(four(), "subList", json!([4]), Ok(json!([])));
    gives(four(), "subList", json!([2, 2]), Ok(json!([])));
    gives(
        four(),
        "subList",
        json!([0, 5]),
        Err("Given index 5 is greater than the list size"),
    );
    gives(four(), "subList", json!([-1, 2]), Err("negative"));
    gives(four(), "subList", json!([3, 1]), Err("behind its end"));
}

#[test]
fn constructors() {
    let made = |arguments: Json| {
        let arguments: Vec<Value> = arguments.as_array().unwrap().iter().map(from_json).collect();
        effect_of("List", &Value::Null, &arguments).0.unwrap()
    };
    assert_eq!(made(json!([])), json!([]));
    assert_eq!(made(json!(["Creator,CRM"])), json!(["Creator", "CRM"]));
    assert_eq!(made(json!([",x"])), json!(["", "x"]));
    assert_eq!(made(json!([""])), json!([]));
    assert_eq!(made(json!([[1, 2]])), json!([1, 2]));
    assert_eq!(made(json!(["a", "b"])), json!(["a", "b"]));
    assert_eq!(made(json!([5])), json!([5]));
}

#[test]
fn typed_lists_convert_or_refuse() {
    let typed = || Value::List(List::typed(vec![Value::Number(1)], Some(Kind::Number)));
    let list = typed();
    assert_eq!(
        effect_of("add", &list, &[Value::text("12")]),
        (Ok(json!(null)), json!([1, 12]))
    );
    assert!(
        effect_of("add", &list, &[Value::text("abc")])
            .0
            .unwrap_err()
            .contains("can not be cast to 'NUMBER'")
    );
    assert!(effect_of("addAll", &list, &[from_json(&json!([2, "x"]))]).0.is_err());
    assert_eq!(to_json(&list), json!([1, 12]));
    assert!(effect_of("removeElement", &list, &[Value::text("1")]).0.is_err());
    assert_eq!(effect_of("removeElement", &list, &[Value::Number(1)]).1, json!([12]));
}

#[test]
fn undecided_and_self_containing_lists() {
    let empty = Value::Empty(Empty::default());
    let list = Value::List(List::new(Vec::new()));
    assert_eq!(effect_of("addAll", &list, std::slice::from_ref(&empty)).1, json!([]));
    let mut tracked = crate::value::Tracked::default();
    tracked.note(&list, &list);
    list.as_list().unwrap().push(list.clone());
    assert_eq!(
        effect_of("indexOf", &from_json(&json!([1])), std::slice::from_ref(&list)).0,
        Ok(json!(-1))
    );
    let (distinct, _) = super::super::testing::evaluate("distinct", Some(list.clone()), &[], Default::default());
    assert_eq!(distinct.unwrap().as_list().unwrap().len(), 1);
    let (found, _) = super::super::testing::evaluate("contains", Some(list.clone()), &[list], Default::default());
    assert!(matches!(found, Ok(Value::Boolean(true))));
}

#[test]
fn a_hundred_thousand_elements_take_no_quadratic_time() {
    let texts = || {
        Value::List(List::new(
            (0..100_000).map(|n| Value::from_string(format!("text {n}"))).collect(),
        ))
    };
    let nested = || (0..100_000).map(|n| Value::List(List::new(vec![Value::text("same"), Value::Number(n)])));
    let nested = || Value::List(List::new(nested().collect()));
    let started = Instant::now();
    for list in [texts(), nested()] {
        let run = |name: &str, arguments: &[Value]| {
            super::super::testing::evaluate(name, Some(list.clone()), arguments, Default::default())
                .0
                .unwrap()
        };
        assert_eq!(run("distinct", &[]).as_list().unwrap().len(), 100_000);
        assert_eq!(
            run("intersect", std::slice::from_ref(&list)).as_list().unwrap().len(),
            100_000
        );
        run("removeAll", std::slice::from_ref(&list));
        assert!(list.as_list().unwrap().is_empty());
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

/// Few different values, so that some are the same.
fn element() -> impl Strategy<Value = Json> {
    let plain = || {
        prop_oneof![
            Just(json!(null)),
            proptest::bool::ANY.prop_map(Json::from),
            (0..4i64).prop_map(Json::from),
            (0..8i64).prop_map(|quarters| json!(quarters as f64 / 4.0)),
            "[0-2ab]{0,2}".prop_map(Json::from),
        ]
    };
    prop_oneof![
        4 => plain(),
        1 => prop::collection::vec(plain(), 0..3).prop_map(Json::from),
        1 => prop::collection::hash_map("[ab]", plain(), 0..3).prop_map(|map| Json::Object(map.into_iter().collect())),
    ]
}

proptest! {
    #[test]
    fn sets_agree_with_a_naive_model(a in prop::collection::vec(element(), 0..12), b in prop::collection::vec(element(), 0..12)) {
        let same = |x: &Json, y: &Json| compare::strict_equal(&from_json(x), &from_json(y));
        let mut distinct: Vec<Json> = Vec::new();
        for x in &a {
            if !distinct.iter().any(|y| same(x, y)) {
                distinct.push(x.clone());
            }
        }
        let both: Vec<&Json> = distinct.iter().filter(|x| b.iter().any(|y| same(x, y))).collect();
        let rest: Vec<&Json> = a.iter().filter(|x| !b.iter().any(|y| same(x, y))).collect();
        let list = || from_json(&Json::from(a.clone()));
        let other = from_json(&Json::from(b.clone()));
        let as_seen = |json: Json| to_json(&from_json(&json));
        prop_assert_eq!(effect_of("distinct", &list(), &[]).0, Ok(as_seen(json!(distinct))));
        prop_assert_eq!(effect_of("intersect", &list(), std::slice::from_ref(&other)).0, Ok(as_seen(json!(both))));
        prop_assert_eq!(effect_of("removeAll", &list(), &[other]).1, as_seen(json!(rest)));
    }
}
