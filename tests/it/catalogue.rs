//! The catalogue from outside, and definitions that come and go.

use serde_json::json;

use crate::connections::{Store, get};
use crate::peer::Peer;
use crate::support::Folder;

#[test]
fn the_catalogue_is_listed_searched_and_shown_without_a_store() {
    let store = Store::new();
    let all = store.services(&["list"]).exits(0);
    assert_eq!(all.stdout.lines().count(), 123 + 2);
    let found = store.services(&["list", "--search", "ZOHO", "--json"]).exits(0).json();
    let names: Vec<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["link_name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["zoho_crm", "zoho_desk", "zoho_mail", "zoho_oauth"]);
    let shown = store.services(&["show", "google_drive"]).exits(0);
    shown
        .shows("https://accounts.google.com/o/oauth2/v2/auth")
        .says("dg services setup google_drive");
    store
        .services(&["list", "--search", "nothing like it"])
        .exits(0)
        .stdout("");
    assert!(!store.path().exists(), "looking makes nothing");
}

#[test]
fn a_service_of_the_catalogue_is_set_up_with_a_client_of_ones_own() {
    let store = Store::new();
    let client = "{\"client_id\": \"id-1\", \"client_secret\": \"canary-secret\"}";
    store
        .services(&["setup", "github"])
        .exits(1)
        .says("no terminal")
        .says("--from");
    let setup = store
        .services(&["setup", "github", "--from", "-", "--callback-port", "9123"])
        .stdin(client);
    let setup = setup
        .exits(0)
        .says("http://127.0.0.1:9123/callback")
        .says("dg connections create github");
    assert!(!setup.stderr.contains("canary"));
    let shown = store.services(&["show", "github", "--json"]).exits(0).json();
    assert_eq!(shown["redirect_url"], json!("http://127.0.0.1:9123/callback"));
    assert_eq!(
        (&shown["client_id"], &shown["client_secret"]),
        (&json!("id-1"), &json!("••••"))
    );
    let again = store.services(&["setup", "github", "--from", "-"]).stdin(client);
    again.exits(1).says("error[DG0611]");
    let paste = [
        "setup",
        "slack",
        "--from",
        "-",
        "--callback-url",
        "https://example.com/back",
    ];
    store
        .services(&paste)
        .stdin(client)
        .exits(0)
        .says("https://example.com/back");
    let dance = store.services(&["setup", "trello", "--from", "-"]);
    dance
        .stdin("{\"consumer_key\": \"k\", \"consumer_secret\": \"canary\"}")
        .exits(0);
    store.services(&["setup", "sendgrid"]).exits(0);
    store
        .services(&["setup", "gihtub"])
        .exits(1)
        .says("error[DG0610]")
        .says("`github`");
    store
        .connections(&["create", "box", "--service", "box"])
        .exits(1)
        .says("dg services setup box");
}

#[test]
fn placeholders_are_filled_when_a_connection_is_made() {
    let store = Store::new();
    store
        .services(&["setup", "freshdesk"])
        .exits(0)
        .says("--set subdomain=...");
    let create = ["create", "desk", "--service", "freshdesk", "--secrets", "-"];
    let secrets = "{\"user\": \"canary-key\", \"password\": \"X\"}";
    store
        .connections(&create)
        .stdin(secrets)
        .exits(1)
        .says("--set subdomain=VALUE");
    let evil = store.connections(&[&create[..], &["--set", "subdomain=evil.com/"]].concat());
    evil.stdin(secrets).exits(1).says("no part of a host");
    let acme = store.connections(&[&create[..], &["--set", "subdomain=acme"]].concat());
    acme.stdin(secrets).exits(0);
    store
        .connections(&["show", "desk"])
        .exits(0)
        .shows("https://acme.freshdesk.com/api/v2/agents/me");
    let script = get("https://other.freshdesk.com/", "desk");
    store.run(&script).exits(5).says("https://acme.freshdesk.com");
    store
        .connections(&["edit", "desk", "--set", "subdomain=globex"])
        .exits(0)
        .says("reconnect desk");
    store.connections(&["list"]).exits(0).shows("needs reconnect");
}

#[test]
fn a_connection_is_edited_but_for_its_link_name() {
    let store = Store::new();
    store.stock("https://api.example.com", "canary-key");
    let edit = |flags: &[&str]| store.connections(&[&["edit", "stock"], flags].concat());
    edit(&["--name", "Warehouse"]).exits(0);
    edit(&["--name", &"x".repeat(51)]).exits(1).says("longer than 50");
    edit(&[]).exits(1).says("nothing says what to change");
    let page = store.connections(&["show", "stock"]).exits(0);
    page.shows("Warehouse").shows("State           connected");
    edit(&["--scope", "a", "--scope", "b"]).exits(0).says("reconnect stock");
    store
        .connections(&["show", "stock"])
        .exits(0)
        .shows("its scopes were changed");
}

#[test]
fn zohos_own_json_comes_in_and_definitions_go_out_without_credentials() {
    let store = Store::new();
    store.stock("https://api.example.com", "canary-key");
    let zoho = json!({
        "connectionLinkName": "shelf", "connectionName": "Shelf", "serviceName": "stock", "userAccess": true,
        "isUserDefinedService": true, "sharedBy": "123456789", "scope": ["items.read"],
    });
    let import = |store: &Store, json: String| store.connections(&["import", "-"]).stdin(json);
    import(&store, zoho.to_string())
        .exits(0)
        .shows("0 services and 1 connection")
        .says("owned by `ada`");
    import(&store, zoho.to_string())
        .exits(0)
        .shows("there already")
        .says("stays as it is");
    let shown = store.connections(&["show", "shelf", "--json"]).exits(0).json();
    assert_eq!(
        (&shown["userAccess"], &shown["scope"]),
        (&json!(true), &json!(["items.read"]))
    );
    assert_eq!(shown["owner"], json!("ada"));
    let definitions = store.connections(&["export"]).exits(0);
    assert!(!definitions.stdout.contains("canary"));
    let other = Store::new();
    let taken = import(&other, definitions.stdout).exits(0);
    taken
        .shows("1 service and 2 connections")
        .says("`stock`: its credentials may go to https://api.example.com");
    other
        .connections(&["list"])
        .exits(0)
        .shows("shelf")
        .shows("not connected");
    let desk = json!([{"connectionLinkName": "desk", "connectionName": "desk", "serviceName": "zlabs_integration"}]);
    import(&store, desk.to_string())
        .exits(1)
        .says("dg services setup zoho_oauth");
    import(&store, "{}".to_owned()).exits(1).says("neither");
}

#[test]
fn credentials_travel_sealed_and_only_to_a_service_that_sends_them_to_the_same_places() {
    let peer = Peer::new(|request| match request.path.as_str() {
        "/token" => (
            200,
            json!({"access_token": "canary-access", "expires_in": 3600}).to_string(),
        ),
        _ => (200, "{}".to_owned()),
    });
    let store = Store::new();
    store.stock(&peer.origin(), "canary-key");
    store.service(&json!({
        "name": "Books", "auth": "oauth2", "client_id": "dg", "client_secret": "canary-client",
        "access_token_url": peer.url("/token"), "hosts": [peer.origin()],
    }));
    store.connect("books", "books", &json!({"refresh_token": "canary-refresh"}));
    let folder = Folder::new();
    let passphrase = folder.file("passphrase", "canary passphrase\n");
    let sealing = ["export", "--with-credentials", "--passphrase-file", &passphrase];
    let sealed = store.connections(&sealing).exits(0).stdout;
    assert!(sealed.starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n") && !sealed.contains("canary"));
    let file = folder.file("export.age", &sealed);
    let import = |store: &Store| store.connections(&["import", &file, "--passphrase-file", &passphrase]);

    let other = Store::new();
    import(&other)
        .exits(0)
        .shows("2 services and 2 connections")
        .says("next: dg connections test books");
    import(&other).exits(0).shows("there already");
    for link in ["stock", "books"] {
        other.run(&get(&peer.url("/items"), link)).exits(0);
    }
    assert_eq!(peer.headers_of_last("authorization"), ["Bearer canary-access"]);
    let services = other.services(&["show", "books", "--json"]).exits(0).json();
    assert_eq!(services["client_secret"], json!("••••"));

    let elsewhere = Store::new();
    elsewhere.service(&json!({
        "name": "Stock", "auth": "api_key", "params": ["X-Key"], "hosts": ["https://evil.example.com"],
    }));
    import(&elsewhere)
        .exits(0)
        .says("the credentials of `stock` are left out")
        .says("next: dg connections connect stock");
    elsewhere
        .run(&get("https://evil.example.com/", "stock"))
        .exits(5)
        .says("DG0602");

    let wrong = folder.file("wrong", "canary other");
    Store::new()
        .connections(&["import", &file, "--passphrase-file", &wrong])
        .exits(1)
        .says("the passphrase does not open the file");
    Store::new()
        .connections(&["import", &file])
        .exits(1)
        .says("--passphrase-file FILE");
}

#[test]
fn a_client_secret_that_did_not_travel_is_asked_for() {
    let store = Store::new();
    store.service(&json!({
        "name": "Books", "auth": "oauth2", "client_id": "dg", "client_secret": "canary-client",
        "access_token_url": "https://books.example.com/token", "hosts": ["https://books.example.com"],
    }));
    let definitions = store.connections(&["export"]).exits(0).stdout;
    assert!(!definitions.contains("canary"));
    Store::new()
        .connections(&["import", "-"])
        .stdin(definitions)
        .exits(0)
        .says("dg services edit books --secrets FILE");
}

#[test]
fn the_log_tells_who_used_what() {
    let peer = Peer::echo();
    let store = Store::new();
    store.stock(&peer.origin(), "canary-key");
    store.connections(&["log"]).exits(0).stdout("").says("no use");
    store.run(&get(&peer.url("/items?q=private"), "stock")).exits(0);
    store.run(&get("https://evil.example.com/", "stock")).exits(5);
    let log = store.connections(&["log", "stock", "--json"]).exits(0).json();
    assert_eq!(log[0]["outcome"], json!("signed"));
    assert_eq!(
        (&log[1]["host"], &log[1]["user"]),
        (&json!("evil.example.com"), &json!("ada"))
    );
    let text = store.connections(&["log"]).exits(0);
    assert!(!text.stdout.contains("private") && text.stdout.contains("refused"));
    store.dg("connections").args(["--as", "ben", "log", "stock"]).exits(5);
}
