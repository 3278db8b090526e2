use serde_json::json;

use super::super::testing::{effect_of, from_json};
use super::*;

fn on(name: &str, receiver: serde_json::Value, arguments: &[Value]) -> Result<serde_json::Value, String> {
    effect_of(name, &from_json(&receiver), arguments).0
}

#[test]
fn maps_come_from_objects_strict_or_lenient() {
    for (given, expected) in [
        (
            json!("{\"a\":1.50,\"b\":[true,null]}"),
            json!({"a":1.5,"b":[true,null]}),
        ),
        (
            json!("{company:Zoho, product:Creator}"),
            json!({"company":"Zoho","product":"Creator"}),
        ),
        (
            json!("{Name:'Lia Shelton', n:[343,443]}"),
            json!({"Name":"Lia Shelton","n":[343,443]}),
        ),
        (json!(" { } "), json!({})),
        (json!("{\"id\":9223372036854775807}"), json!({"id": i64::MAX})),
        (json!({"a":1}), json!({"a":1})),
    ] {
        assert_eq!(on("toMap", given.clone(), &[]), Ok(expected), "{given}");
    }
}

#[test]
fn lists_come_from_arrays_and_single_objects() {
    for (given, expected) in [
        (json!("[343,'x',{a:1}]"), json!([343,"x",{"a":1}])),
        (json!("[]"), json!([])),
        (json!("{\"a\":1}"), json!([{"a":1}])),
        (json!([1, 2]), json!([1, 2])),
        (json!({"a":1}), json!([{"a":1}])),
    ] {
        assert_eq!(on("toJSONList", given.clone(), &[]), Ok(expected), "{given}");
    }
}

#[test]
fn keys_are_looked_up_in_texts_and_maps() {
    for (given, key, expected) in [
        (json!("{\"a\":{\"b\":2}}"), json!("a"), json!({"b":2})),
        (json!("{\"a\":1}"), json!("A"), json!(null)),
        (json!("{\"1\":\"one\"}"), json!(1), json!("one")),
        (json!({"a":null}), json!("a"), json!(null)),
        (json!("[4,5]"), json!(1), json!(5)),
        (json!("[4,5]"), json!(2), json!(null)),
        (json!("[4,5]"), json!("x"), json!(null)),
        (json!("[{\"x\":1}]"), json!("x"), json!(1)),
        (json!([{"x":1}]), json!("x"), json!(1)),
        (json!([{"x":1}]), json!("y"), json!(null)),
        (json!([4, 5]), json!(1), json!(5)),
    ] {
        assert_eq!(
            on("getJSON", given.clone(), &[from_json(&key)]),
            Ok(expected),
            "{given} {key}"
        );
    }
}

#[test]
fn what_is_no_json_is_refused_in_zohos_words() {
    for (name, given, expected) in [
        ("toMap", json!("not json"), "Invalid JSON Format String"),
        ("toMap", json!(""), "Invalid JSON Format String"),
        ("toMap", json!("{\"a\":1"), "Invalid JSON Format String"),
        ("toMap", json!("[1]"), "can not be cast to 'MAP'"),
        ("toMap", json!([1]), "can not be cast to 'MAP'"),
        ("toMap", json!(5), "'5' can not be cast to 'MAP'"),
        ("toJSONList", json!("a,b"), "Invalid JSON Format String"),
        ("getJSON", json!("<a/>"), "Invalid JSON Format String"),
        ("getJSON", json!([1]), "can not be cast to 'MAP'"),
    ] {
        let arguments: &[Value] = if name == "getJSON" { &[Value::text("a")] } else { &[] };
        let error = on(name, given.clone(), arguments).unwrap_err();
        assert!(error.contains(expected), "{name} {given}: {error}");
    }
}
