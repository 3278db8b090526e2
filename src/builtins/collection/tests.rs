use serde_json::{Value as Json, json};

use super::super::testing::{effect_of, effect_of_pairs, from_json, to_json};
use super::*;

/// A collection of the elements of an array, or of the pairs of an object.
fn collection(contents: &Json) -> Value {
    let contents = match from_json(contents) {
        Value::List(list) if list.is_empty() => Contents::Empty,
        Value::List(list) => Contents::Values(list.items().to_vec().into()),
        Value::Map(map) => Contents::Pairs(map.entries().clone()),
        _ => Contents::Empty,
    };
    Value::Collection(Collection::new(contents))
}

fn values(json: &Json) -> Vec<Value> {
    json.as_array().unwrap().iter().map(from_json).collect()
}

/// Checks what a call makes of a collection.
fn makes(before: Json, name: &str, arguments: Json, after: Json) {
    let (result, became) = effect_of(name, &collection(&before), &values(&arguments));
    assert_eq!((result, &became), (Ok(json!(null)), &after), "{before} {name}");
    let order = |json: &Json| {
        json.as_object()
            .map(|object| object.keys().cloned().collect::<Vec<_>>())
    };
    assert_eq!(order(&became), order(&after));
}

/// Checks what a call gives; the collection stays as it is.
fn gives(before: Json, name: &str, arguments: Json, expected: Result<Json, &str>) {
    let (result, became) = effect_of(name, &collection(&before), &values(&arguments));
    match (&result, &expected) {
        (Err(message), Err(part)) => assert!(message.contains(part), "{name}: {message}"),
        _ => assert_eq!(
            result.as_ref().ok(),
            expected.as_ref().ok(),
            "{before} {name}: {result:?}"
        ),
    }
    if before != json!([]) {
        assert_eq!(became, before, "{name}");
    }
}

fn three() -> Json {
    json!(["Creator", "CRM", "Mail"])
}

fn pairs() -> Json {
    json!({"Creator": 5, "CRM": 2, "Mail": 5})
}

#[test]
fn insertions_and_their_rule() {
    makes(
        three(),
        "insert",
        json!(["Analytics"]),
        json!(["Creator", "CRM", "Mail", "Analytics"]),
    );
    makes(json!(["a"]), "insert", json!(["b", ["c"]]), json!(["a", "b", ["c"]]));
    makes(json!(["a"]), "insertAll", json!([["b", "c"]]), json!(["a", "b", "c"]));
    makes(
        json!({"a": 1}),
        "insertAll",
        json!([{"b": 2, "a": 3}]),
        json!({"a": 3, "b": 2}),
    );
    gives(
        pairs(),
        "insert",
        json!(["x"]),
        Err("into a collection of key-value pairs"),
    );
    gives(
        pairs(),
        "insertAll",
        json!([["x"]]),
        Err("into a collection of key-value pairs"),
    );
    gives(
        three(),
        "insertAll",
        json!([{"x": 1}]),
        Err("into a collection of elements without keys"),
    );
    let pair = |collection: &Value| effect_of_pairs("insert", collection, &[Value::text("CRM"), Value::Number(5)]);
    assert_eq!(
        pair(&collection(&json!({"Creator": 5}))).1,
        json!({"Creator": 5, "CRM": 5})
    );
    let (refused, became) = pair(&collection(&json!(["Creator"])));
    assert!(refused.unwrap_err().contains("key-value pair") && became == json!(["Creator"]));
    assert_eq!(pair(&collection(&json!([]))).1, json!({"CRM": 5}));
    let emptied = collection(&three());
    let _ = effect_of("clear", &emptied, &[]);
    assert_eq!(pair(&emptied).1, json!({"CRM": 5}));
}

#[test]
fn updates_and_deletions() {
    makes(
        three(),
        "update",
        json!([2, "Analytics"]),
        json!(["Creator", "CRM", "Analytics"]),
    );
    makes(
        pairs(),
        "update",
        json!(["CRM", 3]),
        json!({"Creator": 5, "CRM": 3, "Mail": 5}),
    );
    makes(json!({"a": 1}), "update", json!(["b", 3]), json!({"a": 1, "b": 3}));
    makes(json!([]), "update", json!(["b", 3]), json!({"b": 3}));
    gives(
        three(),
        "update",
        json!([3, "x"]),
        Err("Given index 3 is greater than the list size"),
    );
    gives(json!([]), "update", json!([0, "x"]), Err("Given index 0 is greater"));
    gives(three(), "update", json!(["k", "x"]), Err("Required: [NUMBER]"));
    makes(pairs(), "delete", json!([2]), json!({"Creator": 5, "Mail": 5}));
    makes(pairs(), "delete", json!([5]), json!({"CRM": 2, "Mail": 5}));
    makes(three(), "delete", json!(["crm"]), three());
    makes(pairs(), "deleteAll", json!([[5]]), json!({"CRM": 2}));
    makes(three(), "deleteAll", json!([["Mail", "Creator", "x"]]), json!(["CRM"]));
    makes(pairs(), "deleteKey", json!(["CRM"]), json!({"Creator": 5, "Mail": 5}));
    makes(pairs(), "deleteKey", json!(["x"]), pairs());
    makes(three(), "deleteKey", json!([1]), json!(["Creator", "Mail"]));
    gives(three(), "deleteKey", json!([3]), Err("Given index 3 is greater"));
    makes(three(), "deleteKeys", json!([[1, 2, 1]]), json!(["Creator"]));
    makes(
        pairs(),
        "deleteKeys",
        json!([["CRM", "Mail", "x"]]),
        json!({"Creator": 5}),
    );
    gives(three(), "deleteKeys", json!([[1, 3]]), Err("Given index 3 is greater"));
    gives(three(), "deleteKeys", json!([["a"]]), Err("Incompatible types"));
}

#[test]
fn looking_up() {
    let people = || json!({"name1": "John", "name2": "Bill"});
    gives(people(), "get", json!(["name1"]), Ok(json!("John")));
    gives(people(), "get", json!(["name3"]), Ok(json!(null)));
    gives(three(), "get", json!([1]), Ok(json!("CRM")));
    gives(
        three(),
        "get",
        json!([4]),
        Err("Given index 4 is greater than the list size"),
    );
    gives(json!([]), "get", json!(["k"]), Ok(json!(null)));
    gives(three(), "getKey", json!(["CRM"]), Ok(json!(1)));
    gives(three(), "getKey", json!(["x"]), Ok(json!(-1)));
    gives(pairs(), "getKey", json!([5]), Ok(json!("Creator")));
    gives(pairs(), "getKey", json!(["5"]), Ok(json!(null)));
    gives(pairs(), "getLastKey", json!([5]), Ok(json!("Mail")));
    gives(
        json!(["Creator", "CRM", "Creator"]),
        "getLastKey",
        json!(["Creator"]),
        Ok(json!(2)),
    );
    gives(pairs(), "containsKey", json!(["CRM"]), Ok(json!(true)));
    gives(pairs(), "containKey", json!(["crm"]), Ok(json!(false)));
    gives(three(), "containsKey", json!([2]), Ok(json!(true)));
    gives(three(), "containsKey", json!([3]), Ok(json!(false)));
    gives(three(), "containsKey", json!([-1]), Ok(json!(false)));
    gives(pairs(), "containsValue", json!([2]), Ok(json!(true)));
    gives(pairs(), "containsValue", json!(["2"]), Ok(json!(false)));
    gives(three(), "notContains", json!(["Mail"]), Ok(json!(false)));
    gives(pairs(), "keys", json!([]), Ok(json!(["Creator", "CRM", "Mail"])));
    gives(three(), "keys", json!([]), Ok(three()));
    gives(pairs(), "values", json!([]), Ok(json!([5, 2, 5])));
    gives(pairs(), "distinct", json!([]), Ok(json!([5, 2])));
    gives(json!(["a", "b", "b"]), "distinct", json!([]), Ok(json!(["a", "b"])));
    gives(pairs(), "size", json!([]), Ok(json!(3)));
    gives(json!([]), "values", json!([]), Ok(json!([])));
}

#[test]
fn sorting_in_place() {
    makes(three(), "sort", json!([false]), json!(["Mail", "Creator", "CRM"]));
    makes(pairs(), "sort", json!([]), json!({"CRM": 2, "Creator": 5, "Mail": 5}));
    makes(
        pairs(),
        "sortKey",
        json!([]),
        json!({"CRM": 2, "Creator": 5, "Mail": 5}),
    );
    makes(
        pairs(),
        "sortKey",
        json!([false]),
        json!({"Mail": 5, "Creator": 5, "CRM": 2}),
    );
    makes(three(), "sortKey", json!([]), three());
    makes(json!([1, "1", null]), "sort", json!([]), json!([1, "1", null]));
    makes(json!([]), "sort", json!([]), json!({}));
}

#[test]
fn common_contents_and_copies() {
    let intersect = |a: Json, b: Json| effect_of("intersect", &collection(&a), &[collection(&b)]).0;
    assert_eq!(
        intersect(three(), json!(["Mail", "x", "Creator"])),
        Ok(json!(["Creator", "Mail"]))
    );
    assert_eq!(intersect(pairs(), json!({"Mail": 5, "CRM": 3})), Ok(json!({"Mail": 5})));
    assert!(intersect(three(), pairs()).is_err());
    let original = collection(&three());
    let (copy, _) = super::super::testing::evaluate("duplicate", Some(original.clone()), &[], Default::default());
    let _ = effect_of("insert", &copy.unwrap(), &[Value::Null]);
    assert_eq!(to_json(&original), three());
    let made = effect_of("Collection", &Value::Null, &[Value::Number(1), Value::Number(2)]).0;
    assert_eq!(made, Ok(json!([1, 2])));
}
