//! From keys to requests.

use super::*;

type Keys = Vec<(&'static str, Value)>;

/// Checks how a payload travels with every method that has a body.
#[track_caller]
fn travels<const N: usize>(cases: [(Keys, &str); N]) {
    let methods = ["POST", "put", "Patch", "DELETE"];
    let each = cases
        .into_iter()
        .flat_map(|case| methods.map(|method| (method, case.clone())));
    for (method, (payload, expected)) in each {
        let done = sent(method, &payload);
        assert_eq!(done.warnings, [], "{method} {expected}");
        assert_eq!(body(done.sent()), expected, "{method}");
        assert_eq!(done.sent().url.as_str(), URL);
        assert_eq!(done.sent().method.as_str(), method.to_uppercase());
    }
}

fn map() -> Value {
    read(r#"{"a": 1, "b": {"c": [2]}, "d": null, "e": "x y"}"#)
}

fn map_with_file() -> Value {
    let map = Map::default();
    map.put(text("a"), Value::Number(1));
    map.put(text("doc"), file("a.pdf", ""));
    Value::Map(map)
}

fn json_header() -> (&'static str, Value) {
    ("headers", read(r#"{"content-type": "application/json"}"#))
}

fn media_type(name: &str) -> (&'static str, Value) {
    ("contenttype", text(name))
}

const FORM: &str = "application/x-www-form-urlencoded a=1&b=%7B%22c%22%3A%5B2%5D%7D&d=&e=x+y";
const JSON: &str = r#"application/json {"a":1,"b":{"c":[2]},"d":null,"e":"x y"}"#;
const PARTS: &str = r#"multipart a=1 | b={"c":[2]} | d= | e=x y"#;
const PARTS_WITH_FILE: &str = "multipart a=1 | doc<a.pdf application/pdf>=abc";

#[test]
fn parameters_travel_as_form_or_raw_or_as_the_content_type_says() {
    travels([
        (vec![("parameters", map())], FORM),
        (vec![("parameters", map()), json_header()], JSON),
        (vec![("parameters", map()), media_type("multipart/form-data")], PARTS),
        (vec![("parameters", map_with_file())], PARTS_WITH_FILE),
        (vec![("parameters", text("a b"))], "text/plain a b"),
        (vec![("parameters", text("{}")), json_header()], "application/json {}"),
        (
            vec![("parameters", text("<a/>")), media_type("text/xml")],
            "text/xml <a/>",
        ),
        (
            vec![("parameters", read("[1,2]")), json_header()],
            "application/json [1,2]",
        ),
        (vec![("parameters", file("a.csv", ""))], "text/csv abc"),
        (vec![("parameters", Value::Number(5))], "text/plain 5"),
        (vec![("parameters", Value::Null)], "-"),
        (vec![], "-"),
    ]);
}

#[test]
fn a_body_travels_as_multipart_or_raw_or_as_the_content_type_says() {
    travels([
        (vec![("body", map())], PARTS),
        (vec![("body", map()), json_header()], JSON),
        (
            vec![("body", map()), media_type("application/x-www-form-urlencoded")],
            FORM,
        ),
        (vec![("body", map_with_file())], PARTS_WITH_FILE),
        (vec![("body", read("[1,2]"))], "application/json [1,2]"),
        (vec![("body", text("hi"))], "text/plain hi"),
        (vec![("body", file("a", "")), media_type("image/png")], "image/png abc"),
    ]);
}

#[test]
fn files_are_parts_beside_the_parameters() {
    let with_parameters = vec![
        ("files", file("a.txt", "content")),
        ("parameters", read(r#"{"id": 7}"#)),
        json_header(),
    ];
    travels([
        (
            vec![("files", file("a.txt", ""))],
            "multipart file<a.txt text/plain>=abc",
        ),
        (with_parameters, "multipart id=7 | content<a.txt text/plain>=abc"),
    ]);
}

#[test]
fn a_list_of_files_is_one_part_each() {
    let list = Value::List(crate::value::List::new(vec![file("a.txt", "one"), file("b.txt", "")]));
    let expected = "multipart one<a.txt text/plain>=abc | file<b.txt text/plain>=abc";
    assert_eq!(body(sent("POST", &[("files", list)]).sent()), expected);
    let wrong = sent("POST", &[("files", text("a.txt"))]);
    assert_eq!(
        wrong.text(),
        "DG0501: `files` takes FILE or a LIST of them, and holds TEXT"
    );
}

#[test]
fn a_get_has_its_parameters_in_the_query_and_no_body() {
    let query = sent("GET", &[("parameters", read(r#"{"b": "x&y", "c": [1]}"#))]);
    assert_eq!(
        query.sent().url.as_str(),
        "https://api.example.com/v1?a=1&b=x%26y&c=%5B1%5D"
    );
    for payload in [
        ("parameters", text("b=2")),
        ("parameters", file("a", "")),
        ("body", read(r#"{"b": 2}"#)),
        ("body", text("x")),
        ("files", file("a", "")),
    ] {
        let done = sent("GET", &[payload]);
        assert_eq!(done.warnings, [Code::PayloadIgnored]);
        assert_eq!((body(done.sent()).as_str(), done.sent().url.as_str()), ("-", URL));
    }
}

#[test]
fn what_cannot_be_sent_is_said_before_anything_leaves() {
    let url = |url| vec![("url", text(url))];
    let with = |key, value| vec![("url", text(URL)), (key, value)];
    for (keys, expected) in [
        (url(""), "the URL cannot be used: it is empty"),
        (url("example.com"), "the URL cannot be used"),
        (url("ftp://example.com"), "`ftp` is not http or https"),
        (url("https://"), "the URL cannot be used"),
        (with("type", text("HEAD")), "`HEAD` is not a request method"),
        (with("headers", text("x")), "`headers` has to be KEY-VALUE, and is TEXT"),
        (with("headers", read(r#"{"a b": "x"}"#)), "`a b` is not a header name"),
        (with("headers", read(r#"{"A": "x\ny: z"}"#)), "holds a line break"),
        (with("detailed", text("maybe")), "`detailed` has to be BOOLEAN"),
        (with("connection", text("My CRM")), "`My CRM` is not a link name"),
        (with("responseformat", text("PDF")), "`PDF` is not a response format"),
        (
            with("responsedecoding", text("klingon")),
            "`klingon` is not a character encoding",
        ),
        (with("timeout", text("soon")), "`timeout` has to be a number of seconds"),
        (
            with("timeout", Value::Number(-1)),
            "`timeout` has to be a number of seconds",
        ),
    ] {
        let done = perform_with(&keys, vec![], None);
        assert!(done.text().contains(expected), "{}", done.text());
        assert!(done.requests.is_empty());
    }
    let both = sent("POST", &[("parameters", read("{}")), ("body", text("x"))]);
    assert_eq!(both.text(), "DG0501: a request takes `parameters` or `body`, not both");
}

#[test]
fn keys_that_are_null_count_as_left_out() {
    let nulls = [
        "headers",
        "parameters",
        "body",
        "files",
        "connection",
        "detailed",
        "timeout",
    ];
    let payload: Vec<(&str, Value)> = nulls.iter().map(|key| (*key, Value::Null)).collect();
    assert_eq!(body(sent("POST", &payload).sent()), "-");
}

#[test]
fn invokeapi_has_its_parameters_in_the_query_beside_a_body() {
    let keys = [
        ("service", text("zohocrm")),
        ("path", text("/crm/v3/Leads")),
        ("type", text("POST")),
        ("parameters", read(r#"{"page": 2}"#)),
        ("body", text("{}")),
    ];
    let done = perform_with(&keys, vec![Ok(Response::new(200, "", ""))], None);
    assert_eq!(done.sent().url.as_str(), "https://www.zohoapis.com/crm/v3/Leads?page=2");
    assert_eq!(body(done.sent()), "text/plain {}");
    assert_eq!(done.sent().response_limit, 15 << 20);
}
