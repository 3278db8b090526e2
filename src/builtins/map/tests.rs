use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::testing::{effect_of, effect_of_pairs, from_json, to_json};
use super::*;

/// The keys in their order, and the map.
fn shown(map: &Value) -> (Vec<String>, Json) {
    let keys = map
        .as_map()
        .unwrap()
        .entries()
        .keys()
        .map(|key| key.value().key_text())
        .collect();
    (keys, to_json(map))
}

fn call(map: &Value, name: &str, arguments: Json) -> Result<Json, String> {
    let arguments: Vec<Value> = arguments.as_array().unwrap().iter().map(from_json).collect();
    effect_of(name, map, &arguments).0
}

#[test]
fn pairs_keep_the_order_of_their_keys() {
    let map = from_json(&json!({}));
    for (key, value) in [("Creator", 4), ("CRM", 3), ("Creator", 5)] {
        call(&map, "put", json!([key, value])).unwrap();
    }
    assert_eq!(
        shown(&map),
        (vec!["Creator".into(), "CRM".into()], json!({"Creator": 5, "CRM": 3}))
    );
    call(&map, "putAll", json!([{"Mail": 1, "CRM": 9}])).unwrap();
    assert_eq!(call(&map, "keys", json!([])), Ok(json!(["Creator", "CRM", "Mail"])));
    call(&map, "remove", json!(["Creator"])).unwrap();
    call(&map, "remove", json!(["Creator"])).unwrap();
    call(&map, "put", json!(["Creator", 1])).unwrap();
    assert_eq!(call(&map, "keys", json!([])), Ok(json!(["CRM", "Mail", "Creator"])));
    assert_eq!(call(&map, "size", json!([])), Ok(json!(3)));
    call(&map, "clear", json!([])).unwrap();
    assert_eq!(call(&map, "size", json!([])), Ok(json!(0)));
}

#[test]
fn looking_up() {
    let map = from_json(&json!({"Product": "Creator", "Company": "Zoho", "1": null, "n": 5}));
    for (name, argument, expected) in [
        ("get", json!("Product"), json!("Creator")),
        ("get", json!("product"), json!(null)),
        ("get", json!("n"), json!(5)),
        ("containKey", json!("Company"), json!(true)),
        ("containsKey", json!("company"), json!(false)),
        ("containKey", json!(1), json!(true)),
        ("containKey", json!("1"), json!(true)),
        ("notContains", json!("price"), json!(true)),
        ("notContains", json!("Product"), json!(false)),
        ("containValue", json!("Creator"), json!(true)),
        ("containValue", json!("creator"), json!(false)),
        ("containsValue", json!(5), json!(true)),
        ("containValue", json!("5"), json!(false)),
        ("containValue", json!(null), json!(true)),
    ] {
        assert_eq!(call(&map, name, json!([argument])), Ok(expected), "{name} {argument}");
    }
    assert!(
        call(&map, "putAll", json!([[1]]))
            .unwrap_err()
            .contains("Required: [KEY-VALUE] Found: LIST")
    );
    assert!(call(&map, "putAll", json!(["{}"])).is_err());
}

#[test]
fn keys_keep_their_kind_and_compare_by_text() {
    let map = Value::Map(Map::default());
    call(&map, "put", json!([1, "one"])).unwrap();
    call(&map, "put", json!(["1", "text"])).unwrap();
    assert_eq!(call(&map, "keys", json!([])), Ok(json!([1])));
    assert_eq!(call(&map, "get", json!([1])), Ok(json!("text")));
}

#[test]
fn constructors_copy() {
    let original = from_json(&json!({"a": 1}));
    let (copy, _) = super::super::testing::evaluate("Map", None, std::slice::from_ref(&original), Default::default());
    let copy = copy.unwrap();
    call(&copy, "put", json!(["b", 2])).unwrap();
    assert_eq!(
        (to_json(&original), to_json(&copy)),
        (json!({"a": 1}), json!({"a": 1, "b": 2}))
    );
    assert_eq!(effect_of("Map", &Value::Null, &[]).0, Ok(json!({})));
    let pairs = [Value::text("k"), Value::Number(1)];
    assert_eq!(effect_of_pairs("Map", &Value::Null, &pairs).0, Ok(json!({"k": 1})));
    assert!(effect_of("Map", &Value::Null, &[Value::Number(1)]).0.is_err());
}

#[test]
fn a_map_put_into_itself_has_no_text_but_can_be_asked() {
    let map = Value::Map(Map::default());
    let mut tracked = crate::value::Tracked::default();
    tracked.note(&map, &map);
    map.as_map().unwrap().put(Value::text("self"), map.clone());
    let (found, _) = super::super::testing::evaluate("containValue", Some(map.clone()), &[map], Default::default());
    assert!(matches!(found, Ok(Value::Boolean(true))));
}

#[test]
fn large_maps_are_built_and_emptied_quickly() {
    let map = Value::Map(Map::default());
    let whole: Entries = (0..100_000)
        .map(|n| (Key::new(Value::Number(n)), Value::Number(n)))
        .collect();
    let _ = effect_of("putAll", &map, &[Value::Map(Map::new(whole))]);
    for n in (0..100_000).rev() {
        let removed = map.as_map().unwrap().edit(|entries| entries.take(&n.to_string()));
        assert!(removed.is_some());
    }
    assert!(map.as_map().unwrap().is_empty());
}

proptest! {
    #[test]
    fn any_sequence_agrees_with_a_list_of_pairs(steps in prop::collection::vec((0..3u8, "[a-d]", 0..5i64), 0..40)) {
        let map = Value::Map(Map::default());
        let mut model: Vec<(String, i64)> = Vec::new();
        for (step, key, value) in steps {
            let place = model.iter().position(|(known, _)| *known == key);
            if step == 0 {
                call(&map, "remove", json!([key])).unwrap();
                place.map(|at| model.remove(at));
            } else {
                call(&map, "put", json!([key, value])).unwrap();
                match place {
                    Some(at) => model[at].1 = value,
                    None => model.push((key, value)),
                }
            }
            let keys: Vec<&String> = model.iter().map(|(key, _)| key).collect();
            prop_assert_eq!(call(&map, "keys", json!([])), Ok(json!(keys)));
            for (key, value) in &model {
                prop_assert_eq!(call(&map, "get", json!([key])), Ok(json!(value)));
            }
        }
    }
}
