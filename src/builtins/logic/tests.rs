use serde_json::json;

use super::super::testing::{evaluate, from_json, to_json};
use crate::host::Settings;
use crate::syntax::Profile;
use crate::value::Value;

/// What a question answers to a value in a profile: `true`, `false` or `null`.
fn answer(question: &str, value: Value, profile: Profile) -> String {
    let settings = Settings {
        profile,
        ..Settings::default()
    };
    let (result, settings) = evaluate(question, Some(value), &[], settings);
    result.unwrap().to_text(&settings.dates).unwrap().to_string()
}

/// The matrix of the page on the difference between null, blank and empty, by value: blank, null, empty.
#[track_caller]
fn matrix(profile: Profile, rows: &[(Value, [&str; 3])]) {
    for (value, expected) in rows {
        let found = ["isBlank", "isNull", "isEmpty"].map(|question| answer(question, value.clone(), profile));
        assert_eq!(found, *expected, "{} in {profile:?}", to_json(value));
    }
}

#[test]
fn most_services_tell_null_blank_and_empty_apart() {
    matrix(
        Profile::Standard,
        &[
            (Value::text(" "), ["true", "false", "false"]),
            (Value::text("\t\n"), ["true", "false", "false"]),
            (Value::text(""), ["true", "true", "true"]),
            (Value::Null, ["false", "true", "true"]),
            (from_json(&json!({})), ["true", "false", "true"]),
            (from_json(&json!([])), ["true", "false", "true"]),
            (from_json(&json!([" "])), ["false", "false", "false"]),
            (from_json(&json!({"a": " "})), ["false", "false", "false"]),
            (Value::Number(0), ["false", "false", "false"]),
            (Value::Boolean(false), ["false", "false", "false"]),
        ],
    );
}

#[test]
fn creator_counts_null_as_blank_and_does_not_answer_about_maps_of_blank_pairs() {
    matrix(
        Profile::Creator,
        &[
            (Value::text(" "), ["true", "false", "false"]),
            (Value::text(""), ["true", "true", "true"]),
            (Value::Null, ["true", "true", "true"]),
            (from_json(&json!({})), ["true", "false", "true"]),
            (from_json(&json!([" "])), ["false", "false", "false"]),
            (from_json(&json!({"a": " "})), ["null", "null", "false"]),
            (from_json(&json!({" ": "a", "b": null})), ["null", "null", "false"]),
            (from_json(&json!({"a": " ", "b": 1})), ["false", "false", "false"]),
        ],
    );
}

#[test]
fn if_null_takes_the_second_value_for_null_alone() {
    let second = Value::text("second");
    for (first, expected) in [
        (Value::Null, "second"),
        (Value::text(""), ""),
        (Value::text(" "), " "),
        (Value::Number(0), "0"),
        (Value::Boolean(false), "false"),
    ] {
        let (result, settings) = evaluate("ifNull", None, &[first, second.clone()], Settings::default());
        assert_eq!(result.unwrap().to_text(&settings.dates).unwrap(), expected);
    }
}
