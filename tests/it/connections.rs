//! Services and connections from outside: what the commands make, show and refuse, and what a script then gets.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::peer::{Peer, Reply};
use crate::support::{Dg, Folder};

/// A home for one test.
pub struct Store {
    folder: Folder,
}

impl Store {
    pub fn new() -> Self {
        Self { folder: Folder::new() }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// `dg COMMAND --store HOME`.
    pub fn dg(&self, command: &str) -> Dg {
        Dg::new(command).arg("--store").arg(self.path())
    }

    pub fn services(&self, arguments: &[&str]) -> Dg {
        self.dg("services").args(arguments)
    }

    pub fn connections(&self, arguments: &[&str]) -> Dg {
        self.dg("connections").args(["--as", "ada"]).args(arguments)
    }

    pub fn service(&self, description: &Value) {
        let create = self.services(&["create", "--from", "-"]);
        create.stdin(description.to_string()).exits(0);
    }

    pub fn connect(&self, link: &str, service: &str, secrets: &Value) {
        let create = self.connections(&["create", link, "--service", service, "--secrets", "-"]);
        create.stdin(secrets.to_string()).exits(0);
    }

    /// A service with an API key in the header `X-Key`, connected with this key.
    pub fn stock(&self, origin: &str, key: &str) {
        self.service(&json!({"name": "Stock", "auth": "api_key", "params": ["X-Key"], "hosts": [origin]}));
        self.connect("stock", "stock", &json!({"X-Key": key}));
    }

    pub fn run(&self, script: &str) -> Dg {
        self.dg("run").args(["-", "--as", "ada"]).stdin(script)
    }
}

pub fn get(url: &str, connection: &str) -> String {
    format!("r = invokeurl [ url: \"{url}\" type: GET connection: \"{connection}\" ];\ninfo r;")
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn a_script_calls_an_api_through_a_connection_and_never_sees_the_key() {
    let peer = Peer::echo();
    let store = Store::new();
    store.stock(&peer.origin(), "canary-key-1");
    let done = store.run(&get(&peer.url("/items"), "stock")).exits(0);
    assert_eq!(peer.headers_of_last("x-key"), ["canary-key-1"]);
    assert!(!done.stderr.contains("canary"));
}

#[cfg(unix)]
#[test]
fn everything_in_the_home_is_its_owners_alone() {
    let peer = Peer::echo();
    let store = Store::new();
    store.stock(&peer.origin(), "canary-key-1");
    store.run(&get(&peer.url("/items"), "stock")).exits(0);
    let arrived = peer.arrived();
    assert_eq!(
        (
            arrived[0].method.as_str(),
            arrived[0].path.as_str(),
            arrived[0].body.as_str()
        ),
        ("GET", "/items", "")
    );
    let mut waiting = vec![store.path()];
    while let Some(folder) = waiting.pop() {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
            }
        }
    }
    for name in ["key", "store", "store.lock", "audit.jsonl"] {
        assert!(store.path().join(name).exists(), "{name}");
    }
}

#[test]
fn what_goes_wrong_with_a_connection_ends_with_5_and_can_be_caught() {
    let peer = Peer::echo();
    let store = Store::new();
    store.stock(&peer.origin(), "canary-key-1");
    let unknown = get(&peer.url("/"), "stok");
    store
        .run(&unknown)
        .exits(5)
        .says("error[DG0601]")
        .says("Connection Name was not found")
        .says("`stock`");
    let caught = format!("try\n{{\n{unknown}\n}}\ncatch (e)\n{{\ninfo \"caught\";\n}}");
    store.run(&caught).exits(0).stdout("caught\n");
    store
        .run(&get("https://api.example.com/", "stock"))
        .exits(5)
        .says("error[DG0603]")
        .says("dg services edit stock --add-host https://api.example.com");
    store
        .connections(&["create", "idle", "--service", "stock", "--no-connect"])
        .exits(0);
    store
        .run(&get(&peer.url("/"), "idle"))
        .exits(5)
        .says("UnAuthenticated Connections")
        .says("dg connections connect idle");
    assert_eq!(peer.count(), 0);
}

#[test]
fn a_missing_scope_is_told_beside_the_answer_and_can_be_added() {
    let peer = Peer::raw(|_| {
        let challenge = "WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"leads.write\"\r\n";
        Reply::of(403, challenge, b"no")
    });
    let store = Store::new();
    store.stock(&peer.origin(), "canary-key-1");
    store
        .run(&get(&peer.url("/"), "stock"))
        .exits(0)
        .stdout("no\n")
        .says("warning[DG0618]")
        .says("403, insufficient_scope")
        .says("dg connections edit stock --add-scope leads.write");
    store
        .connections(&["test", "stock", &peer.url("/")])
        .exits(5)
        .says("error[DG0618]");
    store
        .connections(&["edit", "stock", "--add-scope", "leads.write"])
        .exits(0)
        .says("dg connections reconnect stock");
    let run = store.run(&get(&peer.url("/"), "stock")).arg("--json").exits(5);
    assert_eq!(run.json()["error"]["code"], "DG0617");
    store
        .connections(&["show", "stock"])
        .exits(0)
        .shows("needs reconnect: its scopes were changed");
}

#[test]
fn literal_link_names_are_held_against_the_store_where_there_is_one() {
    let script = get("https://api.example.com/", "stok");
    let store = Store::new();
    let check = |store: &Store| store.dg("check").arg("-").stdin(script.clone());
    assert!(!check(&store).exits(0).stdout.contains("DG0306"));
    assert!(!store.path().exists(), "checking makes nothing");
    store.stock("https://api.example.com", "canary");
    check(&store).exits(0).shows("warning[DG0306]").shows("`stock`");
    store.run(&script).exits(5).says("warning[DG0306]");
}

#[test]
fn what_is_given_in_the_wrong_way_is_told_with_the_right_one() {
    let store = Store::new();
    store
        .connections(&["import", "-"])
        .stdin(" \n")
        .exits(1)
        .says("`<stdin>` is empty");
    let file = store.folder.file("a_file", "");
    Dg::new("connections")
        .args(["list", "--store", &file])
        .exits(1)
        .says("is a file");
    store.service(&json!({"name": "Stock", "auth": "basic", "hosts": ["api.example.com"]}));
    let create = ["create", "stock", "--service", "stock"];
    store
        .connections(&[&create[..], &["--device"]].concat())
        .exits(1)
        .says("`--device` does not serve here: the service `stock` (Basic)");
    store
        .connections(&[&create[..], &["--secrets", "-"]].concat())
        .stdin("{\"name\": \"canary\"}")
        .exits(1)
        .says("write one JSON object: {\"user\": \"...\", \"password\": \"...\"}");
    store.service(&json!({
        "name": "Books", "auth": "oauth2", "hosts": ["api.example.com"],
        "authorize_url": "https://login.example.com/a", "access_token_url": "https://login.example.com/t",
    }));
    store
        .connections(&["create", "books", "--service", "books", "--no-browser"])
        .exits(5)
        .says("no client id")
        .says("dg connections connect books");
}

#[test]
fn a_token_url_that_leads_elsewhere_is_told_with_the_flag_that_mends_it() {
    let provider = Peer::raw(|_| Reply::of(302, "location: https://login.example.com/t\r\n", b""));
    let store = Store::new();
    store.service(&json!({
        "name": "Books", "auth": "oauth2", "client_id": "dg", "hosts": [provider.origin()],
        "authorize_url": provider.url("/a"), "access_token_url": provider.url("/t"),
    }));
    let done = store
        .connections(&["create", "books", "--service", "books", "--secrets", "-"])
        .stdin("{\"refresh_token\": \"canary-refresh\"}")
        .exits(5)
        .says("it redirects (status 302)")
        .says("dg services edit books --access-token-url URL");
    assert!(!done.stderr.contains("later"));

    let state = || store.connections(&["show", "books", "--json"]).exits(0).json()["state"].clone();
    assert_eq!(state(), "not connected", "what failed leaves what was there");
    store
        .connections(&["connect", "books", "--secrets", "-"])
        .stdin("{\"access_token\": \"canary-access\"}")
        .exits(0);
    store
        .connections(&["reconnect", "books", "--secrets", "-"])
        .stdin("{\"refresh_token\": \"canary-refresh\"}")
        .exits(5);
    assert_eq!(state(), "connected", "what failed leaves what was there");
}

#[test]
fn nothing_is_made_where_a_description_or_a_secret_is_unusable() {
    let store = Store::new();
    store
        .services(&["create", "--from", "-"])
        .stdin("{\"name\": \"x\"}")
        .exits(1)
        .says("`hosts` is missing")
        .says("`auth` is missing");
    store
        .services(&["create", "--from", "-"])
        .stdin("{")
        .exits(1)
        .says("is not JSON");
    store.services(&["create"]).exits(1).says("no terminal");
    assert!(!store.path().exists());
    store.service(&json!({"name": "Stock", "auth": "api_key", "params": ["X-Key"], "hosts": ["api.example.com"]}));
    let create = ["create", "stock", "--service", "stock"];
    store
        .connections(&create)
        .exits(1)
        .says("no terminal")
        .says("--secrets");
    store
        .connections(&[&create[..], &["--secrets", "-"]].concat())
        .stdin("{\"x-api-key\": \"canary\"}")
        .exits(1)
        .says("`X-Key` is missing");
    store
        .connections(&["list"])
        .exits(0)
        .stdout("")
        .says("no connections yet");
    store
        .connections(&["create", "My", "--service", "stock"])
        .exits(1)
        .says("error[DG0607]");
    store
        .connections(&["create", "a", "--service", "stok"])
        .exits(1)
        .says("`stock`");
}

/// `dg services create` of an OAuth 2 service out of flags, its client secret from standard input.
fn my_books(store: &Store) -> Dg {
    let flags = [
        ["--name", "My Books"],
        ["--auth", "oauth2"],
        ["--host", "books.example.com"],
        ["--client-id", "id-1"],
        ["--access-token-url", "https://login.example.com/token"],
        ["--authorize-url", "https://login.example.com/auth"],
        ["--scope-delimiter", "space"],
        ["--authorize-param", "access_type=offline"],
        ["--secrets", "-"],
    ];
    let create = store.services(&["create"]).args(flags.as_flattened());
    create.stdin("{\"client_secret\": \"canary-secret\"}")
}

#[test]
fn services_are_shown_without_secrets_and_read_back() {
    let store = Store::new();
    my_books(&store).exits(0).shows("`my_books`");
    my_books(&store).exits(1).says("error[DG0611]");
    let shown = store.services(&["show", "my_books", "--json"]).exits(0).json();
    assert_eq!(shown["authorize_params"], json!({"access_type": "offline"}));
    assert_eq!(shown["client_secret"], json!("••••"));
    let page = store.services(&["show", "my_books"]).exits(0);
    page.shows("https://login.example.com/token");
    let list = store.services(&["list"]).exits(0);
    list.shows("my_books   My Books  OAuth 2");
    store.services(&["remove", "my_books"]).exits(0);
    store.services(&["show", "my_books"]).exits(1).says("error[DG0610]");
}

#[test]
fn a_change_of_hosts_needs_the_client_secret_again() {
    let store = Store::new();
    my_books(&store).exits(0);
    store.services(&["edit", "my_books", "--name", "Ledger"]).exits(0);
    let edit = ["edit", "my_books", "--add-host", "https://files.example.com"];
    store.services(&edit).exits(1).says("client secret");
    let edit = store.services(&[&edit[..], &["--secrets", "-"]].concat());
    edit.stdin("{\"client_secret\": \"canary-secret\"}").exits(0);
    let shown = store.services(&["show", "my_books", "--json"]).exits(0).json();
    let hosts = json!(["https://books.example.com", "https://files.example.com"]);
    assert_eq!((&shown["hosts"], &shown["name"]), (&hosts, &json!("Ledger")));
}

#[test]
fn the_summary_page_has_a_task_to_paste_and_zohos_json() {
    let store = Store::new();
    store.stock("https://api.example.com", "canary-key-1");
    let page = store.connections(&["show", "stock"]).exits(0);
    let page = page
        .shows("State           connected")
        .shows("Owner           ada")
        .shows("Last used       never");
    let task = "response = invokeurl\n[\n\turl :\"https://api.example.com/\"\n\ttype :GET\n\tconnection :\"stock\"\n];";
    let page = page.shows(task).shows("\"connectionLinkName\": \"stock\"");
    assert!(!page.stdout.contains("canary"));
    let shown = store.connections(&["show", "stock", "--json"]).exits(0).json();
    assert_eq!(
        (&shown["userAccess"], &shown["state"]),
        (&json!(false), &json!("connected"))
    );
    let list = store.connections(&["list"]).exits(0);
    list.shows("My Connections\nLINK NAME  SERVICE  STATE");
    store.connections(&["remove", "stock"]).exits(0);
    store.connections(&["show", "stock"]).exits(5).says("error[DG0601]");
}

#[test]
fn a_connection_for_every_login_user_asks_each_for_his_own() {
    let peer = Peer::echo();
    let store = Store::new();
    store.service(&json!({"name": "Stock", "auth": "api_key", "params": ["X-Key"], "hosts": [peer.origin()]}));
    let create = [
        "create",
        "stock",
        "--service",
        "stock",
        "--use-login-user",
        "--secrets",
        "-",
    ];
    store.connections(&create).stdin("{\"X-Key\": \"canary-ada\"}").exits(0);
    let script = get(&peer.url("/"), "stock");
    let ben = || store.dg("run").args(["-", "--as", "ben"]).stdin(script.clone());
    ben()
        .exits(5)
        .says("error[DG0606]")
        .says("dg connections connect stock --as ben");
    let connect = ["--as", "ben", "connect", "stock", "--secrets", "-"];
    store
        .dg("connections")
        .args(connect)
        .stdin("{\"X-Key\": \"canary-ben\"}")
        .exits(0);
    ben().exits(0);
    store.run(&script).exits(0);
    assert_eq!(peer.headers_of("x-key"), ["canary-ben", "canary-ada"]);
    store
        .dg("connections")
        .args(["--as", "ben", "list"])
        .exits(0)
        .shows("Shared Connections");
    store.connections(&["list"]).exits(0).shows("My Connections");
}

#[test]
fn a_trial_tells_every_step() {
    let peer = Peer::answering(401, "{}");
    let store = Store::new();
    store.stock(&peer.origin(), "canary-key-1");
    store.connections(&["test", "stock"]).exits(0).shows("nothing was sent");
    let done = store.connections(&["test", "stock", &peer.url("/me")]).exits(5);
    let done = done.shows("the credential was refused").shows("of `ada`");
    assert!(!done.stdout.contains("canary") && !done.stderr.contains("canary"));
    store
        .connections(&["test", "stock", "https://evil.example.com/"])
        .exits(5)
        .says("error[DG0603]");
    store
        .connections(&["test", "stock", "nonsense"])
        .exits(1)
        .says("is not a URL");
}
