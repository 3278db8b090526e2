//! The prompts of services and connections, typed at in a terminal: what is asked, in which order, what is not shown, and
//! what is then made.

use serde_json::json;
use url::Url;

use crate::connections::{Store, get};
use crate::consent::{browse, query};
use crate::peer::Peer;
use crate::support::{Dg, Folder};
use crate::terminal::{CTRL_C, ENTER, Terminal};

/// A conversation: what has to stand on the screen, and what is then typed.
fn converse(dg: Dg, turns: &[(&str, &str)]) -> Terminal {
    let mut terminal = Terminal::of(dg);
    for (question, answer) in turns {
        terminal.shows(question.trim_end());
        if question.contains("(not shown)") {
            terminal.hides();
        }
        terminal.types(&format!("{answer}{ENTER}"));
    }
    terminal
}

#[test]
fn a_service_is_asked_for_field_by_field_and_its_secret_is_not_shown() {
    let store = Store::new();
    let terminal = converse(
        store.services(&["create"]),
        &[
            ("Name: ", "Book keeping"),
            ("Auth type (api_key, basic, oauth1, oauth2): ", "oauth2"),
            (
                "Grant type (authorization_code, client_credentials): ",
                "client_credentials",
            ),
            ("Access token URL: ", "https://books.example.com/token"),
            ("Sign between scopes (comma, space, plus): ", "space"),
            ("Client id: ", "dg"),
            ("Client secret (not shown): ", "canary-client"),
            (
                "Hosts that credentials may go to, blanks between them: ",
                "https://books.example.com",
            ),
        ],
    );
    let written = terminal.exits(0);
    assert!(written.contains("made the service `book_keeping`"), "{written}");
    assert!(!written.contains("canary"), "{written}");
    let shown = store.services(&["show", "book_keeping", "--json"]).exits(0).json();
    assert_eq!(
        (&shown["grant_type"], &shown["client_secret"]),
        (&json!("client_credentials"), &json!("••••"))
    );
}

#[test]
fn a_service_of_the_catalogue_is_set_up_and_its_placeholders_are_asked_when_connecting() {
    let store = Store::new();
    let terminal = converse(
        store.services(&["setup", "zendesk"]),
        &[("Client id: ", "dg"), ("Client secret (not shown): ", "canary-client")],
    );
    let written = terminal.exits(0);
    assert!(
        written.contains("/callback") && !written.contains("canary"),
        "{written}"
    );
    let create = store.connections(&["create", "help", "--service", "zendesk", "--no-connect"]);
    let written = converse(create, &[("Subdomain, the part", "acme")]).exits(0);
    assert!(written.contains("made the connection `help`"), "{written}");
    let shown = store.connections(&["show", "help", "--json"]).exits(0).json();
    assert_eq!(shown["values"], json!({"subdomain": "acme"}));
}

#[test]
fn the_secrets_of_a_connection_are_asked_for_and_not_shown() {
    let peer = Peer::echo();
    let store = Store::new();
    store.service(&json!({
        "name": "Stock", "auth": "api_key", "hosts": [peer.origin()],
        "params": [{"key": "X-Key", "label": "Key of the shelf"}, {"key": "X-Shop", "label": "Shop"}],
    }));
    let create = store.connections(&["create", "stock", "--service", "stock"]);
    // What is empty is asked for again.
    let turns = [
        ("Key of the shelf (not shown): ", ""),
        ("(not shown):\nKey of the shelf (not shown):", "canary-key"),
        ("Shop (not shown): ", "canary-shop"),
    ];
    let written = converse(create, &turns).exits(0);
    assert!(
        written.contains("connected `stock`") && !written.contains("canary"),
        "{written}"
    );
    store.run(&get(&peer.url("/"), "stock")).exits(0);
    assert_eq!(peer.headers_of_last("x-shop"), ["canary-shop"]);

    let mut terminal = Terminal::of(store.connections(&["reconnect", "stock"]));
    terminal.shows("Key of the shelf (not shown):");
    terminal.hides();
    terminal.types(CTRL_C);
    terminal.exits(130);
    store.run(&get(&peer.url("/"), "stock")).exits(0);
}

#[test]
fn a_run_offers_to_connect_whoever_has_not_authorised() {
    let provider = Peer::new(|request| match request.path.as_str() {
        "/token" => (
            200,
            json!({"access_token": "canary-access", "expires_in": 3600}).to_string(),
        ),
        _ => (200, json!({"hello": "ben"}).to_string()),
    });
    let store = Store::new();
    store.service(&json!({
        "name": "Books", "auth": "oauth2", "client_id": "dg", "client_secret": "canary-client",
        "authorize_url": provider.url("/authorize"), "access_token_url": provider.url("/token"),
        "hosts": [provider.origin()],
    }));
    let create = [
        "create",
        "books",
        "--service",
        "books",
        "--use-login-user",
        "--no-connect",
    ];
    store.connections(&create).exits(0);
    let scripts = Folder::new();
    let script = scripts.file("hello.dg", get(&provider.url("/api"), "books"));
    // Where no browser can be started, the page is told all the same.
    let run = || store.dg("run").args([script.as_str(), "--as", "ben"]).env("PATH", "");

    let mut terminal = Terminal::of(run());
    terminal.shows("connect `books` as `ben` now? [y/N]:");
    terminal.types(&format!("n{ENTER}"));
    terminal.exits(5);

    let mut terminal = Terminal::of(run());
    terminal.shows("connect `books` as `ben` now? [y/N]:");
    terminal.types(&format!("y{ENTER}"));
    terminal.shows("waiting for the provider's answer");
    let page = address_in(&terminal.written());
    let query = query(&page);
    let answer = format!("{}?code=canary-code&state={}", query["redirect_uri"], query["state"]);
    let shown = browse(&Url::parse(&answer).expect("an address"));
    assert!(shown.starts_with("HTTP/1.1 200"), "{shown}");
    let written = terminal.exits(5);
    assert!(written.contains("connected `books`; run the script again"), "{written}");
    assert!(!written.contains("canary"), "{written}");

    let written = Terminal::of(run()).exits(0);
    assert!(written.contains("ben"), "{written}");
}

/// The address to open: a line of its own.
fn address_in(written: &str) -> Url {
    let mut lines = written.lines().map(str::trim);
    let line = lines.find(|line| line.starts_with("http://")).expect("an address");
    Url::parse(line).expect("an address")
}

#[test]
fn an_export_with_credentials_is_sealed_with_what_is_typed_twice() {
    let peer = Peer::echo();
    let store = Store::new();
    store.stock(&peer.origin(), "canary-key");
    let folder = Folder::new();
    let file = folder.path().join("export.age").display().to_string();
    let export = || store.connections(&["export", "--with-credentials", "--to", &file]);
    let differ = [
        ("passphrase (not shown): ", "canary-one"),
        ("passphrase again (not shown): ", "canary-two"),
    ];
    converse(export(), &differ).exits(1);
    let alike = [
        ("passphrase (not shown): ", "canary-one"),
        ("passphrase again (not shown): ", "canary-one"),
    ];
    let written = converse(export(), &alike).exits(0);
    assert!(!written.contains("canary"), "{written}");

    let other = Store::new();
    let turns = [
        ("passphrase (not shown): ", "canary-one"),
        ("take these in? [y/N]: ", "y"),
    ];
    converse(other.connections(&["import", &file]), &turns).exits(0);
    other.run(&get(&peer.url("/"), "stock")).exits(0);
    assert_eq!(peer.headers_of_last("x-key"), ["canary-key"]);
}
