//! Watching requests and credentials: what is shown, and that no secret is.

use serde_json::json;

use crate::connections::{Store, get};
use crate::peer::Peer;
use crate::support::Dg;

#[test]
fn requests_are_shown_as_curl_commands_without_secrets() {
    let peer = Peer::answering(404, "{\"message\":\"no such item\"}");
    let store = Store::new();
    store.stock(&peer.origin(), "canary-key-1");
    let done = store
        .run(&get(&peer.url("/items?q=1"), "stock"))
        .arg("--show-requests")
        .exits(0);
    let shown = format!("curl '{}/items?q=1' -H 'X-Key: ", peer.origin());
    assert!(done.stderr.contains(&shown), "{}", done.stderr);
    assert!(
        done.stderr.contains("→ 404 in ") && done.stderr.contains(" ms, 26 bytes"),
        "{}",
        done.stderr
    );
    assert!(
        done.stderr.contains("warning[DG0330]") && done.stderr.contains("connection `stock`"),
        "{}",
        done.stderr
    );
    assert!(!done.stderr.contains("canary"), "{}", done.stderr);
}

#[test]
fn the_way_of_a_credential_is_explained_and_the_credential_is_not() {
    let peer = Peer::echo();
    let store = Store::new();
    store.service(
        &json!({"name": "Q", "auth": "api_key", "params": ["key"], "param_type": "query", "hosts": [peer.origin()]}),
    );
    store.connect("q", "q", &json!({"key": "canary-key-1"}));
    let run = store.dg("run").args(["-", "--as", "bob", "--explain-auth"]);
    let done = run.stdin(get(&peer.url("/items"), "q")).exits(0);
    done.says("connection `q` signs for http://127.0.0.1:")
        .says("the grant of its owner `ada`, for `bob`: query parameter `key`");
    let done = store
        .run(&get("https://other.example.com/", "q"))
        .arg("--explain-auth")
        .exits(5);
    assert!(
        done.stderr
            .contains("auth: connection `q` does not sign for https://other.example.com"),
        "{}",
        done.stderr
    );
    assert!(!done.stderr.contains("canary"), "{}", done.stderr);
}

#[test]
fn answers_that_are_no_success_are_summed_up() {
    let peer = Peer::answering(503, "busy");
    let script = format!(
        "for each n in {{1,2,3}}\n{{\n\tr = invokeurl [ url: \"{}\" ];\n}}",
        peer.url("/x?token=canary")
    );
    let done = Dg::new("run").arg("-").stdin(script).exits(0);
    done.says("/x was answered with 503, 3 times");
    let peer = Peer::echo();
    let quiet = format!("r = invokeurl [ url: \"{}\" ];", peer.url("/"));
    assert_eq!(Dg::new("run").arg("-").stdin(quiet).exits(0).stderr, "");
}
