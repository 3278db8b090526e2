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
use crate::peer::{Arrived, Peer, Reply};
use crate::support::Done;

pub type Pairs = HashMap<String, String>;

fn form(body: &str) -> Pairs {
    form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

pub fn query(url: &Url) -> Pairs {
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
        // A server reads a form where the request says that it is one.
        let is_form = request.header("content-type") == ["application/x-www-form-urlencoded"];
        let fields = if is_form { form(&request.body) } else { Pairs::new() };
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
pub fn page(child: &mut Child) -> Url {
    pages(child, 1).remove(0)
}

/// Reads what the command says until it has named so many pages.
pub fn pages(child: &mut Child, count: usize) -> Vec<Url> {
    let lines = BufReader::new(child.stderr.as_mut().unwrap()).lines();
    let urls = lines
        .map_while(Result::ok)
        .filter_map(|line| Url::parse(line.trim()).ok())
        .filter(Url::has_host);
    let pages: Vec<Url> = urls.take(count).collect();
    assert_eq!(pages.len(), count, "pages to open");
    pages
}

/// What a browser shows at an address.
pub fn browse(url: &Url) -> String {
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

pub fn ends(child: Child, status: i32) -> Done {
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

/// An OAuth 1.0a provider (RFC 5849) of the signature method PLAINTEXT, so that a signature is the two secrets
/// themselves: each leg is answered where it is signed with what the leg before gave, and to nobody else.
fn dance_provider() -> Peer {
    Peer::raw(|request| {
        let signed = |token: &str, secret: &str, further: &[(&str, &str)]| {
            let fields = oauth_fields(request);
            let has = |name: &str, value: &str| fields.get(name).map_or("", String::as_str) == value;
            has("oauth_consumer_key", "dg")
                && has("oauth_signature_method", "PLAINTEXT")
                && has("oauth_token", token)
                && has("oauth_signature", &format!("canary-consumer&{secret}"))
                && further.iter().all(|(name, value)| has(name, value))
        };
        let called_back = oauth_fields(request)
            .get("oauth_callback")
            .is_some_and(|callback| callback.starts_with("http://127.0.0.1:"));
        let body = match request.path.as_str() {
            "/initiate" if signed("", "", &[]) && called_back => {
                "oauth_token=hh5s&oauth_token_secret=canary-temporary&oauth_callback_confirmed=true"
            }
            "/token" if signed("hh5s", "canary-temporary", &[("oauth_verifier", "canary-verifier")]) => {
                "oauth_token=canary-token&oauth_token_secret=canary-token-secret"
            }
            "/api" if signed("canary-token", "canary-token-secret", &[]) => "hello=ada",
            "/busy" => return Reply::of(429, "retry-after: 30\r\n", b""),
            _ => return Reply::of(401, "", b"oauth_problem=signature_invalid"),
        };
        Reply::of(
            200,
            "content-type: application/x-www-form-urlencoded\r\n",
            body.as_bytes(),
        )
    })
}

/// The parameters of an `Authorization: OAuth` header (RFC 5849 section 3.5.1).
fn oauth_fields(request: &Arrived) -> Pairs {
    let header = request.header("authorization").join("");
    let Some(listed) = header.strip_prefix("OAuth ") else {
        return Pairs::new();
    };
    let parts = listed.split(',').map(|part| part.trim().replace('"', ""));
    parts.flat_map(|part| form(&part)).collect()
}

#[test]
fn a_user_consents_in_the_three_legs_of_oauth_1() {
    let (provider, store) = (dance_provider(), Store::new());
    let mut service = json!({
        "name": "Photos", "auth": "oauth1", "consumer_key": "dg", "consumer_secret": "canary-consumer",
        "signature_method": "PLAINTEXT", "hosts": [provider.origin()],
        "request_token_url": provider.url("/initiate"), "authorize_url": provider.url("/authorize"),
        "access_token_url": provider.url("/token"),
    });
    store.service(&service);
    let create = ["create", "photos", "--service", "photos", "--no-browser"];
    let mut child = store.connections(&create).spawn();
    let asked = page(&mut child);
    assert_eq!((asked.path(), &*query(&asked)["oauth_token"]), ("/authorize", "hh5s"));
    let mut back = Url::parse(&oauth_fields(&provider.arrived()[0])["oauth_callback"]).unwrap();
    back.query_pairs_mut()
        .extend_pairs([("oauth_token", "hh5s"), ("oauth_verifier", "canary-verifier")]);
    assert!(browse(&back).contains("<h1>Connected</h1>"));
    ends(child, 0);
    store
        .run(&get(&provider.url("/api"), "photos"))
        .exits(0)
        .shows("hello=ada");

    service["name"] = json!("Busy");
    service["request_token_url"] = json!(provider.url("/busy"));
    store.service(&service);
    store
        .connections(&["create", "busy", "--service", "busy", "--no-browser"])
        .exits(5)
        .says("it answered 429; it asks to wait 30 seconds")
        .says("to connect it after all: dg connections connect busy");
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
