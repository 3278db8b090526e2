//! Consent from outside: the commands that connect, reconnect and revoke, a provider on loopback, and a user whose browser
//! is a few lines.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;
use std::sync::Mutex;

use serde_json::json;
use url::{Url, form_urlencoded};

use crate::connections::{Store, get};
use crate::peer::{Arrived, Peer};
use crate::support::Done;

type Pairs = HashMap<String, String>;

fn form(body: &str) -> Pairs {
    form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

fn query(url: &Url) -> Pairs {
    url.query_pairs().into_owned().collect()
}

/// Whether the request bears this token.
fn bears(request: &Arrived, token: &str) -> bool {
    request.header("authorization") == [format!("Bearer {token}")]
}

/// A provider with a token endpoint, a revocation endpoint and an API. Codes are good once.
fn provider() -> Peer {
    let (spent, revoked) = (Mutex::new(HashSet::new()), Mutex::new(HashSet::new()));
    Peer::new(move |request| {
        let fields = form(&request.body);
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        match request.path.as_str() {
            "/token" if field("grant_type") == "authorization_code" => {
                let verified = field("code_verifier").len() >= 43 && field("client_secret") == "canary-client";
                let fresh = field("code") == "canary-code" && spent.lock().unwrap().insert(field("code_verifier"));
                if verified && fresh {
                    let tokens = json!({"access_token": "canary-access", "refresh_token": "canary-refresh",
                                        "expires_in": 3600, "scope": "read"});
                    (200, tokens.to_string())
                } else {
                    (400, json!({"error": "invalid_grant"}).to_string())
                }
            }
            "/token" if field("grant_type").ends_with("device_code") => (
                200,
                json!({"access_token": "canary-access", "expires_in": 3600}).to_string(),
            ),
            "/device" => {
                let started = json!({"device_code": "canary-device", "user_code": "WDJB-MJHT", "expires_in": 60,
                                     "interval": 1, "verification_uri": "https://login.example.com/device"});
                (200, started.to_string())
            }
            "/revoke" => {
                revoked.lock().unwrap().insert(field("token"));
                (200, String::new())
            }
            "/api" if bears(request, "canary-access") && !revoked.lock().unwrap().contains("canary-access") => {
                (200, json!({"hello": "ada"}).to_string())
            }
            _ => (401, json!({"error": "unauthorised"}).to_string()),
        }
    })
}

fn books(store: &Store, provider: &Peer, more: serde_json::Value) {
    let mut service = json!({
        "name": "Books", "auth": "oauth2", "client_id": "dg", "client_secret": "canary-client",
        "authorize_url": provider.url("/authorize"), "access_token_url": provider.url("/token"),
        "revocation_url": provider.url("/revoke"), "hosts": [provider.origin()],
    });
    for (name, value) in more.as_object().unwrap() {
        service[name] = value.clone();
    }
    store.service(&service);
}

/// Reads what the command says until it names the page to open.
fn page(child: &mut Child) -> Url {
    let lines = BufReader::new(child.stderr.as_mut().unwrap()).lines();
    let mut urls = lines
        .map_while(Result::ok)
        .filter_map(|line| Url::parse(line.trim()).ok());
    urls.find(Url::has_host).expect("a page to open")
}

/// What a browser shows at an address.
fn browse(url: &Url) -> String {
    let mut stream = TcpStream::connect(url.socket_addrs(|| None).unwrap()[0]).unwrap();
    let target = &url[url::Position::BeforePath..];
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", url.authority()).unwrap();
    let mut page = String::new();
    let _ = stream.read_to_string(&mut page);
    page
}

/// The address that the provider sends the browser back to, with these fields.
fn back(page: &Url, fields: &[(&str, &str)]) -> Url {
    let mut back = Url::parse(&query(page)["redirect_uri"]).unwrap();
    back.query_pairs_mut().extend_pairs(fields);
    back
}

fn ends(child: Child, status: i32) -> Done {
    let done = Done::of(&child.wait_with_output().unwrap());
    assert_eq!(done.status, status, "{}{}", done.stdout, done.stderr);
    done
}

#[test]
fn a_user_consents_in_a_browser_a_script_calls_and_the_tokens_are_revoked() {
    let (provider, store) = (provider(), Store::new());
    books(&store, &provider, json!({}));
    let create = [
        "create",
        "books",
        "--service",
        "books",
        "--scope",
        "read",
        "--scope",
        "write",
        "--no-browser",
    ];
    let mut child = store.connections(&create).spawn();
    let asked = page(&mut child);
    let fields = query(&asked);
    assert_eq!(fields["scope"], "read,write");
    assert_eq!(fields["code_challenge_method"], "S256");
    let shown = browse(&back(&asked, &[("code", "canary-code"), ("state", &fields["state"])]));
    assert!(shown.contains("<h1>Connected</h1>"), "{shown}");
    ends(child, 0).shows("connected `books`");
    store
        .run(&get(&provider.url("/api"), "books"))
        .exits(0)
        .stdout("{\"hello\":\"ada\"}\n");

    store
        .connections(&["revoke", "books"])
        .exits(0)
        .shows("revoked `books`")
        .says("the provider revoked");
    let told: Vec<Pairs> = provider
        .arrived()
        .iter()
        .filter(|request| request.path == "/revoke")
        .map(|request| form(&request.body))
        .collect();
    let tokens: Vec<&str> = told.iter().map(|form| form["token"].as_str()).collect();
    assert_eq!(tokens, ["canary-refresh", "canary-access"]);
    store.connections(&["list"]).exits(0).shows("not connected");
    store
        .run(&get(&provider.url("/api"), "books"))
        .exits(5)
        .says("dg connections connect books");
    store
        .connections(&["revoke", "books"])
        .exits(0)
        .shows("was not connected");
}

#[test]
fn an_answer_that_does_not_belong_or_says_no_connects_nobody() {
    let (provider, store) = (provider(), Store::new());
    books(&store, &provider, json!({}));
    store
        .connections(&["create", "books", "--service", "books", "--no-connect"])
        .exits(0);
    for (fields, kept, words, code) in [
        (
            vec![("code", "canary-code"), ("state", "forged")],
            false,
            "does not belong",
            "DG0614",
        ),
        (vec![("error", "access_denied")], true, "refused", "DG0613"),
        (
            vec![("code", "canary-code"), ("iss", "https://evil.example")],
            true,
            "another provider",
            "DG0614",
        ),
        (vec![("code", "stolen")], true, "invalid_grant", "DG0616"),
    ] {
        let mut child = store.connections(&["connect", "books", "--no-browser"]).spawn();
        let asked = page(&mut child);
        let state = query(&asked)["state"].clone();
        let mut fields = fields;
        if kept {
            fields.push(("state", &state));
        }
        let shown = browse(&back(&asked, &fields));
        assert!(shown.contains("Not connected"), "{shown}");
        let done = ends(child, 5).says(words).says(code);
        assert!(!done.stderr.contains("canary"), "{}", done.stderr);
    }
    store.connections(&["list"]).exits(0).shows("not connected");
}

#[test]
fn the_address_may_be_pasted_where_no_browser_comes_back() {
    let (provider, store) = (provider(), Store::new());
    books(
        &store,
        &provider,
        json!({"redirect_url": "https://app.example.com/done"}),
    );
    store
        .connections(&["create", "books", "--service", "books", "--no-connect"])
        .exits(0);
    for pasted in [
        "",
        "canary-code",
        "https://app.example.com/done?code=canary-code&state=forged",
    ] {
        let connect = store.connections(&["connect", "books"]).stdin(format!("{pasted}\n"));
        let done = connect.run();
        assert_eq!(done.status, 5, "{pasted}: {}", done.stderr);
    }
    let mut child = store.connections(&["connect", "books"]).hold();
    let asked = page(&mut child);
    assert_eq!(query(&asked)["redirect_uri"], "https://app.example.com/done");
    let state = query(&asked)["state"].clone();
    let answer = back(&asked, &[("code", "canary-code"), ("state", &state)]);
    child
        .stdin
        .take()
        .unwrap()
        .write_all(format!("  {answer}\n").as_bytes())
        .unwrap();
    ends(child, 0).shows("connected `books`");
    store.run(&get(&provider.url("/api"), "books")).exits(0);
}

#[test]
fn a_device_shows_a_code_and_waits() {
    let (provider, store) = (provider(), Store::new());
    books(
        &store,
        &provider,
        json!({"authorize_url": null, "device_authorization_url": provider.url("/device")}),
    );
    let done = store.connections(&["create", "books", "--service", "books"]).exits(0);
    let done = done
        .says("WDJB-MJHT")
        .says("https://login.example.com/device")
        .says("no refresh token");
    assert!(!done.stderr.contains("canary"));
    store.run(&get(&provider.url("/api"), "books")).exits(0);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_waiting_and_leaves_everything_as_it_was() {
    let (provider, store) = (provider(), Store::new());
    books(&store, &provider, json!({}));
    store
        .connections(&["create", "books", "--service", "books", "--no-connect"])
        .exits(0);
    let mut child = store.connections(&["connect", "books", "--no-browser"]).spawn();
    // The command says what it waits for once it waits. One reader takes both lines: a second one would miss what the
    // first has buffered.
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("Ctrl-C") {
        line.clear();
        assert!(stderr.read_line(&mut line).unwrap() > 0, "it ended by itself");
    }
    let process = child.id().to_string();
    std::process::Command::new("kill")
        .args(["-INT", &process])
        .status()
        .unwrap();
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    store.connections(&["list"]).exits(0).shows("not connected");
}

#[test]
fn a_taken_callback_port_is_told_with_the_ways_out() {
    let (provider, store) = (provider(), Store::new());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/callback", taken.local_addr().unwrap());
    books(&store, &provider, json!({"redirect_url": url}));
    let create = store.connections(&["create", "books", "--service", "books", "--no-browser"]);
    create.exits(5).says("DG0615").says("another program").says("--paste");
}
