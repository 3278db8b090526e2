use super::*;
use crate::host::fake::FakeAuthority;
use crate::host::{Cancel, Host};
use crate::runtime::Runtime;

fn session() -> Session {
    let mut host = Host::fake();
    host.authority = std::sync::Arc::new(FakeAuthority::knowing(&["crm", "crates", "trello"]));
    let runtime = Runtime::builder()
        .host(host)
        .function("stock.count(item)", |_item: String| 1)
        .function("ping", || 1)
        .build();
    let mut session = Session::new(&runtime);
    for entry in [
        "m = {\"name\": \"Amy\", \"nick\": 1}",
        "title = \"x\"",
        "int total(list prices) { return 1; }",
    ] {
        session.enter(entry, &Cancel::new()).unwrap();
    }
    session
}

/// What `entry` could go on with at its end.
fn shown(entry: &str) -> Vec<String> {
    let completion = session().complete(entry, entry.len());
    completion
        .candidates
        .into_iter()
        .map(|candidate| candidate.shown)
        .collect()
}

#[test]
fn methods_are_those_of_the_value() {
    assert_eq!(shown("m.contain"), ["containKey", "containValue"]);
    assert_eq!(shown("m.get(\"name\").toUpper"), ["toUpperCase"]);
    assert_eq!(shown("x = title.toUpper"), ["toUpperCase"]);
    assert_eq!(shown("info \"\".toUpper"), ["toUpperCase"]);
    assert!(shown("m.keys().").contains(&"sort".to_owned()));
    assert!(!shown("m.keys().").contains(&"toUpperCase".to_owned()));
    assert!(shown("zoho.encryption.md").contains(&"md5".to_owned()));
}

#[test]
fn names_are_those_in_sight() {
    assert_eq!(shown("tit"), ["title"]);
    assert_eq!(shown("x = stoc"), ["stock."]);
    assert_eq!(shown("x = stock.c"), ["count"]);
    assert_eq!(shown("pin"), ["ping"]);
    assert_eq!(shown("x = tot"), ["total"]);
    assert!(shown("i").contains(&"invokeurl".to_owned()));
    assert_eq!(shown("// tit"), Vec::<String>::new());
    assert_eq!(shown("x = \"tit"), Vec::<String>::new());
}

#[test]
fn tasks_offer_keys_methods_and_link_names() {
    assert_eq!(shown("x = invokeurl [ ur"), ["url"]);
    assert_eq!(shown("x = invokeurl [ url : \"a\" content-t"), ["content-type"]);
    assert_eq!(shown("x = invokeurl [ url : \"a\" type : P"), ["PATCH", "POST", "PUT"]);
    assert_eq!(shown("x = invokeurl [ connection : \"cr"), ["crates", "crm"]);
    assert_eq!(
        shown("x = invokeurl\n[\n\turl : title\n\tconnection : "),
        ["\"crates\"", "\"crm\"", "\"trello\""]
    );
    assert!(shown("sendmail [ ").contains(&"subject".to_owned()));
}

#[test]
fn keys_are_those_of_the_map() {
    assert_eq!(shown("m.get(\"n"), ["name", "nick"]);
    assert_eq!(shown("m.get(\"nam"), ["name"]);
}

#[test]
fn a_completed_method_is_ready_to_be_called() {
    let entry = "m.siz";
    let completion = session().complete(entry, entry.len());
    assert_eq!(
        (completion.start, completion.candidates[0].text.as_str()),
        (2, "size()")
    );
}

#[test]
fn the_call_around_the_cursor_shows_its_signature() {
    let session = session();
    let signature = |entry: &str| session.signature(entry).unwrap_or_default();
    assert_eq!(signature("x = title.leftPad("), "text.leftpad(width NUMBER)");
    assert_eq!(signature("total("), "int total(list prices)");
    assert_eq!(signature("x = stock.count("), "stock.count(item TEXT)");
    assert!(signature("zoho.encryption.md5(").starts_with("zoho.encryption.md5("));
    assert_eq!(signature("title.leftPad(3)"), "");
    assert_eq!(signature("x = (1 + "), "");
}

#[test]
fn nothing_typed_makes_completion_fail() {
    let session = session();
    for entry in [
        "",
        ".",
        "(",
        ").",
        "].x",
        "\"",
        "'",
        "é.",
        "m.get(é",
        "[",
        "a[",
        "invokeurl[",
        "}.",
        "-",
        "/*",
        "\"\\",
    ] {
        for at in (0..=entry.len()).filter(|at| entry.is_char_boundary(*at)) {
            session.complete(entry, at);
        }
        session.signature(entry);
    }
}
