//! Secrets are planted everywhere, everything is run, and whatever `dg` wrote is searched for them, in each form in which
//! a secret travels.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::json;

use crate::connections::{Store, get};
use crate::consent::{browse, ends, page, query};
use crate::peer::{Arrived, Peer};
use crate::support::{Dg, Folder};

/// Signs that each encoding writes in its own way.
const KEY: &str = "canary\"key+1/%=&~";
const PASSWORD: &str = "canary pässwörd:2 ?";
const CLIENT_SECRET: &str = "canary<client>3\\+";
const REFRESH: &str = "canary-refresh/4+=";
const ACCESS: &str = "canary-access.5_~+/";
const SECRETS: [&str; 5] = [KEY, PASSWORD, CLIENT_SECRET, REFRESH, ACCESS];

/// The forms of a secret: itself, percent-encoded, form-encoded, JSON-escaped, in base64 wherever its bytes begin.
fn forms(secret: &str) -> Vec<String> {
    let percent: String = secret
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let quoted = serde_json::Value::from(secret).to_string();
    let mut forms = vec![secret.to_owned(), percent.to_lowercase(), percent, form];
    forms.push(quoted[1..quoted.len() - 1].to_owned());
    for offset in 0..3 {
        let bytes = [&[0; 3][..offset], secret.as_bytes()].concat();
        let sure = bytes.len() * 8 / 6;
        for encoded in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            forms.push(encoded[[0, 2, 3][offset]..sure].to_owned());
        }
    }
    forms
}

/// Every form of every secret that stands in what was written.
fn found(written: &[u8]) -> Vec<String> {
    let holds = |form: &String| written.windows(form.len()).any(|window| window == form.as_bytes());
    SECRETS.iter().flat_map(|secret| forms(secret)).filter(holds).collect()
}

/// A service and a provider in one: it refuses `/refused`, and repeats refresh tokens in its errors.
fn provider(request: &Arrived) -> (u16, String) {
    let answer = match request.path.as_str() {
        "/token" if request.body.contains("code=canary-code") => {
            let tokens = json!({"access_token": ACCESS, "refresh_token": REFRESH, "expires_in": 3600});
            return (200, tokens.to_string());
        }
        "/token" if request.body.contains("canary-refresh") => {
            return (
                200,
                json!({"access_token": ACCESS, "expires_in": 3600, "scope": "read"}).to_string(),
            );
        }
        "/gone" | "/token" => {
            let words = format!("no such token {REFRESH}, client secret {CLIENT_SECRET}");
            json!({"error": "invalid_grant", "error_description": words})
        }
        path if path.starts_with("/refused") => return (401, "{}".to_owned()),
        _ => return (200, "{\"ok\":true}".to_owned()),
    };
    (400, answer.to_string())
}

/// What one test wrote.
struct Written(Vec<u8>);

impl Written {
    fn by(&mut self, command: Dg, status: i32) {
        let done = command.exits(status);
        self.0.extend_from_slice(done.stdout.as_bytes());
        self.0.extend_from_slice(done.stderr.as_bytes());
    }
}

fn prepare(store: &Store, peer: &Peer, written: &mut Written) {
    let hosts = [peer.origin()];
    let oauth = |name: &str, path: &str| {
        json!({
            "name": name, "auth": "oauth2", "hosts": hosts, "client_id": "id", "client_secret": CLIENT_SECRET,
            "access_token_url": peer.url(path),
        })
    };
    let services = [
        json!({"name": "Key", "auth": "api_key", "params": ["X-Key"], "hosts": hosts}),
        json!({"name": "Query", "auth": "api_key", "params": ["key"], "param_type": "query", "hosts": hosts}),
        json!({"name": "Basic", "auth": "basic", "hosts": hosts}),
        oauth("Books", "/token"),
        oauth("Gone", "/gone"),
    ];
    for service in services {
        written.by(store.services(&["create", "--from", "-"]).stdin(service.to_string()), 0);
    }
    let secrets = [
        ("key", json!({"X-Key": KEY}), 0),
        ("query", json!({"key": KEY}), 0),
        ("basic", json!({"user": "ada", "password": PASSWORD}), 0),
        ("books", json!({"refresh_token": REFRESH}), 0),
        ("gone", json!({"refresh_token": REFRESH}), 5),
    ];
    for (link, secrets, status) in secrets {
        let create = store.connections(&["create", link, "--service", link, "--secrets", "-"]);
        written.by(create.stdin(secrets.to_string()), status);
    }
}

fn use_everything(store: &Store, peer: &Peer, written: &mut Written) {
    for link in ["key", "query", "basic", "books"] {
        written.by(store.run(&get(&peer.url("/items"), link)), 0);
        written.by(store.run(&get(&peer.url("/items"), link)).arg("--json"), 0);
        written.by(store.run(&get(&peer.url("/refused"), link)), 0);
        written.by(store.run(&get("https://evil.example.com/", link)), 5);
        written.by(store.run(&get("http://127.0.0.1:1/", link)).arg("--json"), 5);
        written.by(store.connections(&["test", link, &peer.url("/items")]), 0);
        written.by(store.connections(&["test", link, &peer.url("/refused")]), 5);
        written.by(store.connections(&["show", link]), 0);
        written.by(store.connections(&["show", link, "--json"]), 0);
        written.by(store.services(&["show", link]), 0);
    }
    let overriding = format!(
        "r = invokeurl [ url: \"{}\" type: GET headers: {{\"X-Key\":\"mine\"}} connection: \"key\" ];",
        peer.url("/items")
    );
    written.by(store.run(&overriding), 0);
    written.by(store.run(&get(&peer.url("/items"), "gone")), 5);
    written.by(store.run(&get(&peer.url("/items"), "gone")).arg("--json"), 5);
    written.by(store.connections(&["show", "gone"]), 0);
    written.by(store.connections(&["list", "--json"]), 0);
    written.by(store.services(&["list", "--json"]), 0);
    written.by(
        store.services(&["edit", "books", "--host", "https://new.example.com"]),
        1,
    );
    let broken = store.connections(&["connect", "key", "--secrets", "-"]);
    written.by(broken.stdin(format!("{{\"X-Key\": {KEY}")), 1);
    let misplaced = store.connections(&["connect", "key", "--secrets", "-"]);
    written.by(misplaced.stdin(json!({"x_key": KEY}).to_string()), 1);
    let unreadable = store.services(&["edit", "books", "--from", "-"]);
    written.by(
        unreadable.stdin(json!({"client_secret": [CLIENT_SECRET]}).to_string()),
        1,
    );
}

fn keep_files(folder: &std::path::Path, written: &mut Written) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        written.0.extend_from_slice(path.to_string_lossy().as_bytes());
        if path.is_dir() {
            keep_files(&path, written);
        } else {
            written.0.extend(fs::read(&path).expect("a file"));
        }
    }
}

#[test]
fn no_secret_is_in_anything_that_dg_writes() {
    let peer = Peer::new(provider);
    let store = Store::new();
    let mut written = Written(Vec::new());
    prepare(&store, &peer, &mut written);
    use_everything(&store, &peer, &mut written);
    keep_files(&store.path(), &mut written);
    // What is searched is what is meant: the store, the audit, a message and a result are all in there.
    for sign in [
        "audit.jsonl",
        "\"outcome\":\"signed\"",
        "invalid_grant",
        "connectionLinkName",
        "DG0603",
        "••••",
    ] {
        assert!(
            written.0.windows(sign.len()).any(|window| window == sign.as_bytes()),
            "{sign}"
        );
    }
    assert_eq!(found(&written.0), Vec::<String>::new());
    let arrived: String = peer.arrived().iter().map(|request| format!("{request:?}\n")).collect();
    assert!(
        peer.headers_of("x-key").contains(&KEY.to_owned()),
        "the key did travel:\n{arrived}"
    );
    assert!(
        peer.headers_of("authorization").contains(&format!("Bearer {ACCESS}")),
        "so did the token"
    );
}

/// A consent that succeeds, one with a code that the provider refuses, and one that the user refuses.
fn consent_to_everything(store: &Store, peer: &Peer, written: &mut Written) {
    store.service(&json!({
        "name": "Asked", "auth": "oauth2", "hosts": [peer.origin()], "client_id": "id", "client_secret": CLIENT_SECRET,
        "authorize_url": peer.url("/authorize"), "access_token_url": peer.url("/token"),
        "revocation_url": peer.url("/revoke"),
    }));
    let create = ["create", "asked", "--service", "asked", "--no-connect"];
    written.by(store.connections(&create), 0);
    for (field, value, status) in [
        ("code", "canary-code", 0),
        ("code", "stolen", 5),
        ("error", "access_denied", 5),
    ] {
        let mut child = store.connections(&["connect", "asked", "--no-browser"]).spawn();
        let asked = page(&mut child);
        let fields = query(&asked);
        let mut back = url::Url::parse(&fields["redirect_uri"]).expect("an address");
        back.query_pairs_mut()
            .append_pair(field, value)
            .append_pair("state", &fields["state"]);
        written.0.extend(asked.as_str().as_bytes());
        written.0.extend(browse(&back).as_bytes());
        let done = ends(child, status);
        written.0.extend([done.stdout, done.stderr].concat().as_bytes());
    }
    written.by(store.run(&get(&peer.url("/items"), "asked")), 0);
    written.by(store.connections(&["revoke", "asked"]), 0);
}

/// Everything that shows what a run does, and mail.
fn watch_everything(store: &Store, peer: &Peer, written: &mut Written) {
    for link in ["key", "query", "basic", "books", "gone"] {
        let run = store.run(&get(&peer.url("/refused?q=1"), link));
        let status = if link == "gone" { 5 } else { 0 };
        written.by(run.args(["--trace", "--show-requests", "--explain-auth"]), status);
    }
    let mail = "sendmail\n[\n from : \"ada@example.com\"\n to : \"bob@example.com\"\n subject : \"Stock\"\n message : r.toString()\n]";
    written.by(store.run(&format!("{}\n{mail}", get(&peer.url("/items"), "key"))), 0);
    written.by(
        store
            .run(mail.replace("r.toString()", "\"x\"").as_str())
            .args(["--mail", "basic"]),
        3,
    );
}

/// What keeps a store in order, and what goes from one to another.
fn keep_in_order(store: &Store, written: &mut Written) {
    let (folder, other) = (Folder::new(), Store::new());
    let passphrase = folder.file("passphrase", PASSWORD);
    let file = folder.path().join("export.age").display().to_string();
    let sealing = [
        "export",
        "--with-credentials",
        "--passphrase-file",
        &passphrase,
        "--to",
        &file,
    ];
    written.by(store.connections(&sealing), 0);
    written.0.extend(fs::read(&file).expect("the export"));
    written.by(
        other.connections(&["import", &file, "--passphrase-file", &passphrase]),
        0,
    );
    written.by(other.connections(&["import", &file, "--passphrase-file", &file]), 1);
    written.by(store.connections(&["export"]), 0);
    // The grant that is gone is told as what it is.
    written.by(store.connections(&["doctor"]), 5);
    for arguments in [&["rekey"][..], &["log"], &["log", "--json"], &["list"]] {
        written.by(store.connections(arguments), 0);
    }
    keep_files(&other.path(), written);
}

/// A session in which somebody types secrets of the store: what he sees is his own typing, what is kept of it is ours.
#[cfg(unix)]
fn type_secrets(store: &Store, peer: &Peer) {
    use crate::terminal::{CTRL_D, ENTER, Terminal};
    let mut terminal = Terminal::of(store.dg("repl"));
    let call = format!(
        "r = invokeurl [ url: \"{}\" type: GET connection: \"books\" ]",
        peer.url("/items")
    );
    terminal.ends("leaves.\ndg>");
    for entry in [call, format!("x = \"{ACCESS}\""), "y = 1".to_owned()] {
        terminal.types(&format!("{entry}{ENTER}"));
        // The prompt that comes after this entry, and not the one before it.
        terminal.ends(&format!("{}\ndg>", &entry[entry.len() - 1..]));
    }
    terminal.types(CTRL_D);
    terminal.exits(0);
    let history = fs::read_to_string(store.path().join("history")).expect("a history");
    assert!(history.contains("y = 1") && history.contains("invokeurl"), "{history}");
}

#[test]
fn no_secret_is_in_what_is_written_around_consents_sessions_and_upkeep() {
    let peer = Peer::new(provider);
    let store = Store::new();
    let mut written = Written(Vec::new());
    prepare(&store, &peer, &mut written);
    consent_to_everything(&store, &peer, &mut written);
    watch_everything(&store, &peer, &mut written);
    #[cfg(unix)]
    type_secrets(&store, &peer);
    keep_in_order(&store, &mut written);
    keep_files(&store.path(), &mut written);
    for sign in [
        "DG0613",
        "DG0616",
        "BEGIN AGE",
        "Subject: Stock",
        "curl",
        "client_secret_needed",
        "needs reconnect",
    ] {
        assert!(
            written.0.windows(sign.len()).any(|window| window == sign.as_bytes()),
            "{sign}"
        );
    }
    assert_eq!(found(&written.0), Vec::<String>::new());
}

#[test]
fn the_search_finds_a_secret_in_each_form() {
    for secret in SECRETS {
        for form in forms(secret) {
            let text = format!("before {form} behind");
            assert!(found(text.as_bytes()).contains(&form), "{form}");
        }
    }
    assert!(found(b"canary, and nothing else").is_empty());
}
