//! Redirects with real connections of every auth type: what reaches another origin, and what it may know.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::connections::Store;
use crate::peer::{Arrived, Peer, Reply};

/// Redirects as the query says; at any other path it answers.
fn home() -> Peer {
    Peer::raw(|request| {
        let url = Url::parse(&format!("http://home{}", request.path)).unwrap();
        let field = |name: &str| {
            let mut pairs = url.query_pairs();
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        match (url.path(), field("status"), field("to")) {
            ("/go", Some(status), Some(to)) => Reply::of(status.parse().unwrap(), &format!("location: {to}\r\n"), b""),
            _ => Reply::of(200, "content-type: application/json\r\n", b"{\"ok\":true}"),
        }
    })
}

/// A service and the secrets that connect it.
fn auths(origin: &str) -> Vec<(String, Value, Value)> {
    let mut all = vec![(
        "basic".to_owned(),
        json!({"name": "basic", "auth": "basic", "hosts": [origin]}),
        json!({"user": "ada", "password": "canary-password"}),
    )];
    for place in ["header", "query", "form"] {
        let mut add = |name: String, mut service: Value, secrets: Value| {
            service["name"] = json!(name);
            service["param_type"] = json!(place);
            service["hosts"] = json!([origin]);
            all.push((name, service, secrets));
        };
        let key = json!({"auth": "api_key", "params": ["apikey"]});
        add(format!("key_{place}"), key, json!({"apikey": "canary-key"}));
        let token = json!({"auth": "oauth2", "client_id": "dg", "access_token_url": format!("{origin}/token")});
        add(format!("token_{place}"), token, json!({"access_token": "canary-token"}));
        let signed = json!({
            "auth": "oauth1", "consumer_key": "canary-consumer", "consumer_secret": "canary-consumer-secret",
            "request_token_url": format!("{origin}/1"), "authorize_url": format!("{origin}/2"),
            "access_token_url": format!("{origin}/3"),
        });
        let secrets = json!({"token": "canary-oauth1", "token_secret": "canary-oauth1-secret"});
        add(format!("signed_{place}"), signed, secrets);
    }
    all
}

/// Whether a request carries anything of a credential.
fn knows(request: &Arrived) -> bool {
    let mut text = format!("{} {}", request.path, request.body);
    for (name, value) in &request.headers {
        text.push_str(&format!("\n{name}: {value}"));
    }
    let basic = STANDARD.encode("ada:canary-password");
    ["canary", "oauth_", "authorization:", "access_token", "apikey", &basic]
        .iter()
        .any(|needle| text.contains(needle))
}

/// A script that asks for every redirect with every method, and goes on whatever happens.
fn script(home: &Peer, targets: &[String], link: &str) -> String {
    let mut script = String::new();
    for status in [301, 302, 303, 307, 308] {
        for target in targets {
            for method in ["GET", "POST"] {
                let to: String = form_urlencoded::byte_serialize(target.as_bytes()).collect();
                let url = home.url(&format!("/go?status={status}&to={to}"));
                let parameters = if method == "POST" {
                    "parameters: {\"a\":\"b\"}"
                } else {
                    ""
                };
                script.push_str(&format!(
                    "try {{ r = invokeurl [ url: \"{url}\" type: {method} {parameters} connection: \"{link}\" ]; }} catch (e) {{ \
                     info e; }}\n"
                ));
            }
        }
    }
    script
}

#[test]
fn no_credential_of_any_auth_type_follows_a_redirect_to_another_origin() {
    let (home, foreign, store) = (home(), Peer::echo(), Store::new());
    let port = Url::parse(&home.origin()).unwrap().port().unwrap();
    let elsewhere = foreign.origin();
    let targets = [
        format!("{elsewhere}/other-port"),
        format!("http://localhost:{port}/other-name"),
        format!("{}/user-info", elsewhere.replace("http://", "http://ada:own@")),
        format!("{}/at-home", home.origin()),
    ];
    let mut reached = 0;
    for (name, service, secrets) in auths(&home.origin()) {
        store.service(&service);
        store.connect(&name, &name, &secrets);
        let (before, abroad) = (home.count(), foreign.count());
        store.run(&script(&home, &targets, &name)).exits(0);
        let at_home = home.arrived().split_off(before);
        let by_other_name = |request: &&Arrived| request.header("host").join("").starts_with("localhost");
        let strange: Vec<Arrived> = at_home.iter().filter(by_other_name).cloned().collect();
        let abroad = foreign.arrived().split_off(abroad);
        for request in abroad.iter().chain(&strange) {
            reached += 1;
            assert!(!knows(request), "{name}: {request:?}");
            assert!(request.header("referer").is_empty(), "{name}: {request:?}");
        }
        assert!(
            !abroad.is_empty() && !strange.is_empty(),
            "{name}: the redirects were followed"
        );
        let landed = at_home.iter().filter(|request| request.path.starts_with("/at-home"));
        let landed: Vec<&Arrived> = landed.collect();
        assert!(
            landed.iter().all(|request| knows(request)) && !landed.is_empty(),
            "{name}: at home it is signed again"
        );
    }
    println!("credentials that reached a foreign host: 0 of {reached}");
}
