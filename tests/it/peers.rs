//! Other people's servers: each test runs where `.ci/peers` started one and named its origin in the environment, and is
//! over at once elsewhere.

use std::io::Write;
use std::process::Child;
use std::time::Duration;

use dgscript::host::{Body, Cancel, Headers, Http, Method, Request, Response};
use dgscript::system::{Network, SystemHttp};
use serde_json::{Value, json};
use url::Url;

use crate::connections::{Store, get};
use crate::consent::{browse, ends, page, pages, query};
use crate::support::Done;

/// The origin of a peer, where one was started.
fn peer(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|origin| !origin.is_empty())
}

/// A browser with cookies, and a user who says yes to everything.
struct Browser {
    http: SystemHttp,
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn new() -> Self {
        Self {
            http: SystemHttp::new(Network::open()),
            cookies: Vec::new(),
        }
    }

    fn fetch(&mut self, url: &Url, form: Option<Vec<(String, String)>>) -> Response {
        let mut headers = Headers::default();
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        headers.set("Cookie", cookies.join("; "));
        let request = Request {
            method: if form.is_some() { Method::Post } else { Method::Get },
            url: url.clone(),
            headers,
            body: form.map_or(Body::Empty, Body::Form),
            timeout: Duration::from_secs(20),
            response_limit: 1 << 20,
        };
        let response = self.http.send(&request, &Cancel::new()).expect("an answer");
        for (_, cookie) in response
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.retain(|(other, _)| other != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        response
    }

    /// Follows redirects and fills in forms; gives the address that lies elsewhere, or `None` at a page that asks nothing.
    fn consent(&mut self, start: &Url) -> Option<Url> {
        let mut at = start.clone();
        let mut form = None;
        for _ in 0..20 {
            let response = self.fetch(&at, form.take());
            if let Some(location) = response.headers.get("location") {
                let next = at.join(location).expect("an address");
                if next.origin() != start.origin() {
                    return Some(next);
                }
                at = next;
                continue;
            }
            let page = String::from_utf8_lossy(&response.body).into_owned();
            let action = attribute(&page, "<form", "action")?;
            at = at.join(&action).expect("an address");
            form = Some(fields(&page));
        }
        panic!("the provider leads in circles")
    }
}

/// An attribute of the first tag that begins like this.
fn attribute(page: &str, tag: &str, name: &str) -> Option<String> {
    let from = &page[page.find(tag)?..];
    let tag = &from[..from.find('>')?];
    let value = tag.split_once(&format!(" {name}=\""))?.1;
    Some(value.split('"').next()?.replace("&amp;", "&"))
}

/// The fields of a form, those that a user has to fill in included.
fn fields(page: &str) -> Vec<(String, String)> {
    let inputs = page.match_indices("<input").map(|(at, _)| &page[at..]);
    inputs
        .filter_map(|input| {
            let name = attribute(input, "<input", "name")?;
            let value = attribute(input, "<input", "value").unwrap_or_else(|| "alice".to_owned());
            Some((name, value))
        })
        .collect()
}

/// An OAuth 2 service of the provider, with these further fields.
fn service(store: &Store, origin: &str, name: &str, more: Value) {
    let mut service = json!({
        "name": name, "auth": "oauth2", "hosts": [origin], "scope_delimiter": "space",
        "authorize_url": format!("{origin}/auth"), "access_token_url": format!("{origin}/token"),
        "authorize_params": {"prompt": "consent"}, "revocation_url": format!("{origin}/token/revocation"),
        "device_authorization_url": format!("{origin}/device/auth"),
    });
    for (key, value) in more.as_object().expect("fields") {
        service[key] = value.clone();
    }
    store.service(&service);
}

const SCOPES: [&str; 6] = ["--scope", "openid", "--scope", "offline_access", "--scope", "api:read"];

fn create<'a>(link: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["create", link, "--service", link];
    words.extend(SCOPES);
    words.extend(more);
    words
}

/// How many refreshes and revoked grants of this client the provider has seen.
fn counts(origin: &str, client: &str) -> (u64, u64) {
    let url = Url::parse(&format!("{origin}/counts")).expect("an address");
    let counts: Value = serde_json::from_slice(&Browser::new().fetch(&url, None).body).expect("counts");
    let count = |what: &str| counts[client][what].as_u64().unwrap_or_default();
    (count("refreshes"), count("revoked"))
}

/// Access tokens of the provider live twenty seconds, and are refreshed in the second half of that.
fn until_stale() {
    std::thread::sleep(Duration::from_millis(10_500));
}

#[test]
fn oidc_provider_gives_a_code_and_rotates_refresh_tokens() {
    let Some(origin) = peer("DG_PEER_OIDC") else { return };
    let store = Store::new();
    service(
        &store,
        &origin,
        "native",
        json!({"client_id": "native", "issuer": origin}),
    );
    let mut child = store.connections(&create("native", &["--no-browser"])).spawn();
    let back = Browser::new().consent(&page(&mut child)).expect("the callback");
    assert_eq!(query(&back)["iss"], origin, "the answer names its issuer");
    assert!(browse(&back).contains("<h1>Connected</h1>"));
    ends(child, 0);
    let me = get(&format!("{origin}/me"), "native");
    store.run(&me).exits(0).stdout("{\"sub\":\"alice\"}\n");

    let (refreshes, revoked) = counts(&origin, "native");
    until_stale();
    let children: Vec<Child> = (0..8).map(|_| store.run(&me).spawn()).collect();
    for child in children {
        ends(child, 0).stdout("{\"sub\":\"alice\"}\n");
    }
    assert_eq!(
        counts(&origin, "native"),
        (refreshes + 1, revoked),
        "one of eight asks, and no grant is lost"
    );

    store
        .connections(&["revoke", "native"])
        .exits(0)
        .says("the provider revoked");
    store.run(&me).exits(5).says("dg connections connect native");
    println!("peer oidc-provider: code, proof key, issuer, rotation, 8 processes with 1 refresh, revocation");
}

#[test]
fn oidc_provider_ends_a_grant_whose_old_token_is_used_again() {
    let Some(origin) = peer("DG_PEER_OIDC") else { return };
    let (store, thief) = (Store::new(), Store::new());
    let secret = json!({"client_id": "web", "client_secret": "s3:cr+t", "token_auth_method": "basic", "issuer": origin,
                        "redirect_url": "https://app.example.com/done"});
    service(&store, &origin, "web", secret);
    let mut child = store.connections(&create("web", &[])).hold();
    let back = Browser::new().consent(&page(&mut child)).expect("the callback");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(format!("{back}\n").as_bytes())
        .expect("a reader");
    ends(child, 0);
    let copied = std::process::Command::new("cp")
        .arg("-r")
        .arg(store.path())
        .arg(thief.path())
        .status();
    assert!(copied.expect("cp").success());
    let me = get(&format!("{origin}/me"), "web");
    until_stale();
    store.run(&me).exits(0);
    thief
        .run(&me)
        .exits(5)
        .says("invalid_grant")
        .says("dg connections reconnect web");
    until_stale();
    store.run(&me).exits(5).says("dg connections reconnect web");
    println!("peer oidc-provider: confidential client by Basic, pasted answer, reuse ends the grant and is told");
}

#[test]
fn oidc_provider_gives_tokens_to_devices_and_clients() {
    let Some(origin) = peer("DG_PEER_OIDC") else { return };
    let store = Store::new();
    service(&store, &origin, "native", json!({"client_id": "native"}));
    let mut child = store.connections(&create("native", &["--device"])).spawn();
    let pages = pages(&mut child, 2);
    assert!(pages[1].as_str().starts_with(pages[0].as_str()) && pages[1].query().is_some());
    assert_eq!(
        Browser::new().consent(&pages[1]),
        None,
        "the device's page sends nobody back"
    );
    ends(child, 0).shows("connected `native`");
    store
        .run(&get(&format!("{origin}/me"), "native"))
        .exits(0)
        .stdout("{\"sub\":\"alice\"}\n");

    let client = json!({"client_id": "svc", "client_secret": "svcsecret", "token_auth_method": "basic",
                        "grant_type": "client_credentials"});
    service(&store, &origin, "svc", client);
    store
        .connections(&["create", "svc", "--service", "svc", "--scope", "api:read"])
        .exits(0);
    let basic = json!({"name": "Basic", "auth": "basic", "hosts": [origin]});
    store.service(&basic);
    store.connect("basic", "basic", &json!({"user": "svc", "password": "svcsecret"}));
    // The provider itself says whether the header that it was sent holds a token it knows.
    let script = format!(
        "r = invokeurl [ url: \"{origin}/token/introspection\" type: POST parameters: {{\"token\":\"none\"}} connection: \"basic\" ];\n\
         info r.get(\"active\");\n\
         r = invokeurl [ url: \"{origin}/me\" type: GET connection: \"svc\" detailed: true ];\ninfo r.get(\"responseCode\");"
    );
    let done = store.run(&script).exits(0);
    assert!(done.stdout.starts_with("false\n"), "{}", done.stdout);
    println!("peer oidc-provider: device code, client credentials, introspection");
}

#[test]
fn oauth2_mock_server_misbehaves_and_no_grant_is_lost() {
    let Some(origin) = peer("DG_PEER_FAULTS") else { return };
    let store = Store::new();
    service(&store, &origin, "faulty", json!({"client_id": "any", "pkce": false}));
    let tokens = |store: &Store, verb: &[&str]| {
        let tokens = json!({"access_token": "old", "refresh_token": "r0"});
        store.connections(verb).stdin(tokens.to_string()).exits(0);
    };
    tokens(&store, &["create", "faulty", "--service", "faulty", "--secrets", "-"]);
    let call = get(&format!("{origin}/protected"), "faulty");
    let mut checks = 0;
    for (fault, status, words) in [
        ("html", 5, "DG0605"),
        ("error500", 5, "DG0605"),
        ("temporarily_unavailable", 5, "DG0605"),
        ("invalid_client", 5, "client secret"),
        ("expires_text", 0, ""),
        ("expires_zero", 0, ""),
        ("expires_negative", 0, ""),
        ("expires_missing", 0, ""),
        ("no_refresh_token", 0, ""),
        ("invalid_grant", 5, "dg connections reconnect faulty"),
    ] {
        let mut browser = Browser::new();
        for path in ["expire", &format!("next?fault={fault}")] {
            browser.fetch(&Url::parse(&format!("{origin}/{path}")).expect("an address"), None);
        }
        store.run(&call).exits(status).says(words);
        checks += 1;
        let state = store.connections(&["list"]).exits(0).stdout;
        assert_eq!(
            state.contains("needs reconnect"),
            fault == "invalid_grant",
            "{fault}: {state}"
        );
    }
    tokens(&store, &["reconnect", "faulty", "--secrets", "-"]);
    store.run(&call).exits(0);
    println!("peer oauth2-mock-server: {checks} faults, 0 grants lost but the one it declared invalid");
}

#[test]
fn oauthlib_accepts_every_signature_method_and_place() {
    let Some(origin) = peer("DG_PEER_OAUTH1") else { return };
    let store = Store::new();
    let mut checks = 0;
    let signs = ("ckey0123456789abcdefg", "csecret+0123/4567 89&");
    let plain = ("plain0123456789abcdef", "csecret0123456789abcdef");
    for (method, (key, secret)) in [("HMAC-SHA1", signs), ("HMAC-SHA256", signs), ("PLAINTEXT", plain)] {
        for place in ["header", "query", "form"] {
            let link = format!("{}_{place}", method.to_lowercase().replace('-', "_"));
            store.service(&json!({
                "name": link, "auth": "oauth1", "consumer_key": key, "consumer_secret": secret, "param_type": place,
                "signature_method": method, "hosts": [origin],
                "request_token_url": format!("{origin}/initiate"), "authorize_url": format!("{origin}/authorize"),
                "access_token_url": format!("{origin}/token"),
            }));
            let create = ["create", &link, "--service", &link, "--no-browser"];
            let mut child = store.connections(&create).spawn();
            let back = Browser::new().consent(&page(&mut child)).expect("the callback");
            assert!(browse(&back).contains("<h1>Connected</h1>"), "{link}");
            ends(child, 0);
            checks += check_signatures(&store, &origin, &link, place);
        }
    }
    println!("peer oauthlib: {checks} signed requests accepted, every method in every place");
}

/// Signed requests that the provider has to accept; gives how many.
fn check_signatures(store: &Store, origin: &str, link: &str, place: &str) -> usize {
    let read = format!(
        "r = invokeurl [ url: \"{origin}/protected?b=2&a=1%202&a=%C3%A9&e=&c%40=%3D\" type: GET connection: \"{link}\" ];\ninfo r;"
    );
    let write = format!(
        "r = invokeurl [ url: \"{origin}/protected?z=1\" type: POST parameters: {{\"x\":\"1 2+3\",\"y\":\"\u{e9}&=~*\"}} \
         connection: \"{link}\" ];\ninfo r;"
    );
    let json = format!(
        "r = invokeurl [ url: \"{origin}/protected\" type: POST body: {{\"a\":1}}.toString() content-type: \
         \"application/json\" connection: \"{link}\" ];\ninfo r;"
    );
    let mut checks = 0;
    for script in [read, write, json] {
        // Form data needs a form.
        if place == "form" && !script.contains("parameters") {
            store.run(&script).exits(5).says("DG0604");
        } else {
            store.run(&script).exits(0).shows("\"ok\":true");
            checks += 1;
        }
    }
    checks
}

#[test]
fn httpbin_sees_credentials_where_they_belong() {
    let Some(origin) = peer("DG_PEER_HTTPBIN") else { return };
    let store = Store::new();
    let mut checks = 0;
    let mut sees = |name: &str, service: Value, secrets: Value, script: &str, part: &str| {
        store.service(&service);
        store.connect(name, name, &secrets);
        let done: Done = store.run(script).exits(0);
        assert!(done.stdout.contains(part), "{name}: {}", done.stdout);
        checks += 1;
    };
    let to = |path: &str, link: &str| get(&format!("{origin}{path}"), link);
    sees(
        "login",
        json!({"name": "login", "auth": "basic", "hosts": [origin]}),
        json!({"user": "ada", "password": "p:w \u{e9}"}),
        &to("/basic-auth/ada/p%3Aw%20%C3%A9", "login"),
        "\"authenticated\":true",
    );
    sees(
        "bearer",
        json!({"name": "bearer", "auth": "oauth2", "client_id": "x", "hosts": [origin],
               "access_token_url": format!("{origin}/status/500")}),
        json!({"access_token": "tok-1"}),
        &to("/bearer", "bearer"),
        "tok-1",
    );
    for (place, script) in [
        ("query", to("/anything", "query")),
        (
            "form",
            format!(
                "r = invokeurl [ url: \"{origin}/anything\" type: POST parameters: {{\"a\":\"b\"}} connection: \"form\" ];\ninfo r;"
            ),
        ),
    ] {
        let service =
            json!({"name": place, "auth": "api_key", "params": ["key"], "param_type": place, "hosts": [origin]});
        sees(place, service, json!({"key": "k&1"}), &script, "\"key\":\"k&1\"");
    }
    // The same server under its other name is another origin.
    let other = origin.replace("127.0.0.1", "localhost");
    let away = format!("/redirect-to?status_code=307&url={other}%2Fanything");
    let done = store.run(&to(&away, "bearer")).exits(0);
    assert!(
        !done.stdout.contains("tok-1") && done.stdout.contains("\"headers\""),
        "{}",
        done.stdout
    );
    println!(
        "peer httpbin: {} checks of placement, 0 credentials across origins",
        checks + 1
    );
}

/// What the mail servers of the peer took so far.
fn mails(store: &Store, origin: &str, authority: &str) -> Value {
    let script = format!("info invokeurl [ url: \"{origin}/mails\" ];");
    let done = store.run(&script).env("SSL_CERT_FILE", authority).exits(0);
    // A list is printed as its items.
    serde_json::from_str(&format!("[{}]", done.stdout.trim())).expect("messages")
}

#[test]
fn tls_carries_requests_to_servers_with_a_trusted_certificate_alone() {
    let Some(told) = peer("DG_PEER_TLS") else { return };
    let told: Value = serde_json::from_str(&told).expect("a description");
    let authority = told["authority"].as_str().expect("a file");
    let store = Store::new();
    let mut checks = 0;
    for (name, version) in [("modern", "2"), ("old", "1.1")] {
        let origin = told[name].as_str().expect("an origin");
        store.service(&json!({"name": name, "auth": "basic", "hosts": [origin]}));
        store.connect(name, name, &json!({"user": "ada", "password": "hunter2-secret"}));
        let script = format!(
            "r = invokeurl [ url: \"{origin}/\" type: POST parameters: big connection: \"{name}\" ];\n\
             info r.get(\"version\") + \" \" + r.get(\"headers\").get(\"authorization\") + \" \" + r.get(\"bytes\");"
        );
        let size = 3 << 20;
        let big = store.path().join("big.txt");
        std::fs::write(&big, "x".repeat(size)).expect("a file");
        let trusting = store.run(&script).env("SSL_CERT_FILE", authority);
        trusting
            .args(["--arg", &format!("big=@{}", big.display())])
            .exits(0)
            .stdout(&format!("{version} Basic YWRhOmh1bnRlcjItc2VjcmV0 {size}\n"));
        store
            .run(&get(&format!("{origin}/"), name))
            .exits(3)
            .says("certificate");
        // The certificate is for the name, not for the address behind it.
        let by_address = origin.replace("localhost", "127.0.0.1");
        let misled = store.run(&format!("invokeurl [ url: \"{by_address}/\" ];"));
        misled.env("SSL_CERT_FILE", authority).exits(3).says("certificate");
        checks += 3;
    }
    println!("peer tls: {checks} checks of HTTP/2 and HTTP/1.1, with and without trust");
}

#[test]
fn tls_carries_mail() {
    let Some(told) = peer("DG_PEER_TLS") else { return };
    let told: Value = serde_json::from_str(&told).expect("a description");
    let authority = told["authority"].as_str().expect("a file");
    let origin = told["modern"].as_str().expect("an origin");
    let servers = told["mail"].as_array().expect("mail servers");
    for server in servers {
        let store = Store::new();
        store.service(&json!({"name": "Post", "auth": "basic", "hosts": [server]}));
        store.connect("mail", "post", &json!({"user": "ada", "password": "hunter2-secret"}));
        let subject = format!("To {server}");
        let script = format!(
            "sendmail [ from: \"ada@example.com\" to: \"bob@example.com\" subject: {} message: \"Hello\" ]",
            json!(subject)
        );
        let send = || store.run(&script).args(["--mail", "mail"]);
        send().env("SSL_CERT_FILE", authority).exits(0);
        send().exits(3).says("certificate");
        let elsewhere = ["--allow-host", "smtps://mail.example.com"];
        send().args(elsewhere).exits(3).says("may not reach this host");
        let taken = mails(&store, origin, authority);
        let texts = taken
            .as_array()
            .expect("a list")
            .iter()
            .map(|mail| mail["text"].as_str());
        let hits = texts.flatten().filter(|text| text.contains(&subject));
        assert_eq!(hits.count(), 1, "{taken}");
    }
    println!("peer tls: {} mail servers, with and without trust", servers.len());
}
