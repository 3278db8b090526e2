//! Messages that no script alone provokes: each has a scene here, and a file under `tests/corpus/messages` that shows
//! how it reads. And the count: every code is shown somewhere, or it is said why not.
//!
//! `DG_BLESS=1 cargo test --test it messages` rewrites the files; whoever does so reads the difference.

use std::sync::Arc;
use std::time::Duration;

use dgscript::Runtime;
use dgscript::diagnostic::{Code, render};
use dgscript::host::fake::FakeHttp;
use dgscript::host::{Cancel, Host, HttpError, HttpErrorKind, Limits, NoAuthority, Response};
use serde_json::json;

use crate::connections::{Store, get};
use crate::peer::Peer;
use crate::support::{Dg, Done, root};

/// Codes without a file, and what shows them instead.
const TOLD_ELSEWHERE: &[(Code, &str)] = &[
    (
        Code::BadArchive,
        "needs a damaged zip file; `builtins::file::tests` damages one",
    ),
    (Code::NoThread, "needs a system without threads"),
    (
        Code::Internal,
        "needs a fault in dg itself; `cli::fault` shows how it reads",
    ),
    (
        Code::RefreshFailed,
        "needs a provider that breaks down; `it::peers` has one",
    ),
    (
        Code::ConsentRefused,
        "needs a person at a browser; `it::consent` plays one",
    ),
    (
        Code::ConsentMismatch,
        "needs a person at a browser; `it::consent` plays one",
    ),
    (
        Code::CallbackUnusable,
        "needs a port that somebody else holds; `it::consent` holds one",
    ),
    (Code::TokenRefused, "needs a provider; `it::consent` has one"),
    (
        Code::StoreBusy,
        "needs a second process at the same instant; `it::store` has one",
    ),
    (Code::StoreCorrupt, "needs a damaged store; `it::store` damages one"),
    (
        Code::StoreFailed,
        "needs a system that refuses; `connections::authority::tests` has one",
    ),
];

/// A code and how it comes about, with what is then said.
type Scene = (Code, fn() -> String);

const SCENES: &[Scene] = &[
    (Code::TooDeep, || {
        script(&format!("x = {}1{};", "(".repeat(3_000), ")".repeat(3_000)))
    }),
    (Code::NotUtf8, || {
        said(dg("run").arg("-").stdin(b"info \"caf\xe9\";".to_vec()).run())
    }),
    (Code::TooManyErrors, || last_message(&script(&"x = ;\n".repeat(150)))),
    (Code::NoSuchEntry, || {
        script("void a()\n{\n info 1;\n}\nvoid b()\n{\n info 2;\n}\n")
    }),
    (Code::PossibleInput, || checked("total = price * 2;\ninfo totl;")),
    (Code::UnknownConnection, || {
        let store = stock_store();
        let check = store.dg("check").args(["-", "--error-format", "plain"]);
        result(&check.stdin(get("https://stock.example.com/", "stok")).run())
    }),
    (Code::CredentialOverridden, || {
        let peer = Peer::echo();
        let store = Store::new();
        store.stock(&peer.origin(), "canary-key-1");
        let url = peer.url("/items");
        let script = format!(
            "r = invokeurl [ url: \"{url}\" type: GET headers: {{\"X-Key\":\"mine\"}} connection: \"stock\" ];"
        );
        without_port(&said(store.run(&script).run()), &peer)
    }),
    (Code::Unsuccessful, || {
        let peer = Peer::answering(404, "{}");
        let script = format!(
            "for each id in {{1, 2}}\n{{\n\tr = invokeurl [ url: \"{}\" + id ];\n}}",
            peer.url("/items/")
        );
        without_times(&without_port(&said(dg("run").arg("-").stdin(script).run()), &peer))
    }),
    (Code::ReplyShape, || {
        let reply = r#"return {"txt":"hi","slides":{{"type":"tabel","data":"x"}},"buttons":{{"label":"Go"}}};"#;
        said(dg("run").args(["-", "--handler", "message"]).stdin(reply).run())
    }),
    (Code::HostFailed, || {
        let reserve = |id: i64| -> Result<i64, String> { Err(format!("no item {id}")) };
        run_in(
            &Runtime::builder().function("stock.reserve", reserve).build(),
            "info stock.reserve(7);",
        )
    }),
    (Code::StatementLimit, || {
        said(
            dg("run")
                .args(["-", "--limits", "zoho"])
                .stdin("n = 0;\nwhile(true)\n{\n\tn = n + 1;\n}")
                .run(),
        )
    }),
    (Code::MemoryLimit, || {
        let limits = Limits {
            memory: 1 << 20,
            ..Limits::local()
        };
        limited(
            limits,
            "text = \"0123456789\";\nfor each n in {1,2,3,4,5,6,7}\n{\n\ttext = text.repeat(10);\n}",
        )
    }),
    (Code::OutputLimit, || {
        let limits = Limits {
            output_bytes: 20,
            ..Limits::local()
        };
        limited(limits, "for each n in {1,2,3}\n{\n\tinfo \"a line of text\";\n}")
    }),
    (Code::RequestLimit, || {
        let limits = Limits {
            requests: 1,
            ..Limits::local()
        };
        let answer = || Ok(Response::new(200, "text/plain", "ok"));
        let runtime = Runtime::builder()
            .host(answering([answer(), answer()]))
            .limits(limits)
            .build();
        run_in(
            &runtime,
            "for each n in {1,2}\n{\n\tr = invokeurl [ url: \"https://api.example.com/\" ];\n}",
        )
    }),
    (Code::TimeLimit, || {
        let limits = Limits {
            time: Some(Duration::ZERO),
            ..Limits::local()
        };
        limited(limits, "n = 0;\nwhile(true)\n{\n\tn = n + 1;\n}")
    }),
    (Code::Interrupted, || {
        let runtime = Runtime::builder().build();
        let compiled = runtime.compile("script.dg", "info 1;").expect("a script");
        let cancel = Cancel::new();
        cancel.cancel();
        compiled.call().cancel(cancel).run().expect_err("stopped").to_string() + "\n"
    }),
    (Code::ConnectFailed, || {
        failing(HttpErrorKind::Connect, "connection refused")
    }),
    (Code::Timeout, || failing(HttpErrorKind::Timeout, "no answer in time")),
    (Code::ResponseTooLarge, || {
        failing(HttpErrorKind::TooLarge, "the answer is larger than 50 MB")
    }),
    (Code::BadResponse, || {
        failing(
            HttpErrorKind::Protocol,
            "the connection was closed before the answer was complete",
        )
    }),
    (Code::HostNotAllowed, || {
        let run = dg("run").args(["-", "--allow-host", "https://api.example.com"]);
        without_times(&said(
            run.stdin("r = invokeurl [ url: \"https://other.example.com/\" ];")
                .run(),
        ))
    }),
    (Code::ConnectionUnknown, || {
        said(stock_store().run(&get("https://stock.example.com/", "stok")).run())
    }),
    (Code::ConnectionNotAuthorised, || {
        let store = stock_store();
        store
            .connections(&["create", "idle", "--service", "stock", "--no-connect"])
            .exits(0);
        said(store.run(&get("https://stock.example.com/", "idle")).run())
    }),
    (Code::OriginNotAllowed, || {
        said(stock_store().run(&get("https://other.example.com/", "stock")).run())
    }),
    (Code::PlacementImpossible, || {
        let store = Store::new();
        store.service(&json!({
            "name": "Forms", "auth": "api_key", "params": ["key"], "param_type": "form",
            "hosts": ["https://forms.example.com"],
        }));
        store.connect("forms", "forms", &json!({"key": "canary-key-1"}));
        said(store.run(&get("https://forms.example.com/", "forms")).run())
    }),
    (Code::ConsentNeeded, || {
        let store = Store::new();
        store.service(&json!({
            "name": "Stock", "auth": "api_key", "params": ["X-Key"], "hosts": ["https://stock.example.com"],
        }));
        let create = [
            "create",
            "own",
            "--service",
            "stock",
            "--use-login-user",
            "--secrets",
            "-",
        ];
        store
            .connections(&create)
            .stdin(json!({"X-Key": "canary-key-1"}).to_string())
            .exits(0);
        let run = store.dg("run").args(["-", "--as", "bob"]);
        said(run.stdin(get("https://stock.example.com/", "own")).run())
    }),
    (Code::ReconnectNeeded, || {
        let store = stock_store();
        store
            .services(&["edit", "stock", "--host", "https://new.example.com"])
            .exits(0);
        said(store.run(&get("https://new.example.com/", "stock")).run())
    }),
    (Code::ScopeMissing, || {
        let peer = Peer::answering(401, "{\"code\":\"OAUTH_SCOPE_MISMATCH\",\"message\":\"Unauthorized\"}");
        let store = Store::new();
        store.stock(&peer.origin(), "canary-key-1");
        without_times(&without_port(
            &said(store.run(&get(&peer.url("/leads"), "stock")).run()),
            &peer,
        ))
    }),
    (Code::InvalidService, || {
        said(
            Store::new()
                .services(&["create", "--from", "-"])
                .stdin("{\"name\":\"Stock\"}")
                .run(),
        )
    }),
    (Code::NoStore, || {
        let host = Host {
            authority: Arc::new(NoAuthority),
            ..Host::fake()
        };
        run_in(
            &Runtime::builder().host(host).build(),
            &get("https://stock.example.com/", "stock"),
        )
    }),
    (Code::ServiceUnknown, || {
        said(stock_store().connections(&["create", "new", "--service", "stok"]).run())
    }),
    (Code::NameTaken, || {
        let store = stock_store();
        let again =
            json!({"name": "Stock", "auth": "api_key", "params": ["X-Key"], "hosts": ["https://a.example.com"]});
        said(
            store
                .services(&["create", "--from", "-"])
                .stdin(again.to_string())
                .run(),
        )
    }),
    (Code::ServiceInUse, || {
        said(stock_store().services(&["remove", "stock"]).run())
    }),
    (Code::StoreKey, || {
        let store = stock_store();
        let run = store.run(&get("https://stock.example.com/", "stock"));
        let said = said(run.env("DG_KEY", "A".repeat(43)).run());
        said.replace(&store.path().display().to_string(), "HOME")
    }),
    (Code::FileUnreadable, || said(dg("run").arg("nowhere.dg").run())),
    (Code::Usage, || {
        said(dg("run").args(["-", "--arg", "novalue"]).stdin("info 1;").run())
    }),
];

fn dg(command: &str) -> Dg {
    Dg::new(command).env("NO_COLOR", "1")
}

/// What `dg` says on standard error; what it prints is no message.
fn said(done: Done) -> String {
    done.stderr
}

fn result(done: &Done) -> String {
    done.stdout.clone()
}

fn script(text: &str) -> String {
    said(dg("run").arg("-").stdin(text).run())
}

fn checked(text: &str) -> String {
    result(&dg("check").args(["-", "--error-format", "plain"]).stdin(text).run())
}

/// A store with the service and the connection `stock`, at a host that nobody reaches.
fn stock_store() -> Store {
    let store = Store::new();
    store.stock("https://stock.example.com", "canary-key-1");
    store
}

fn limited(limits: Limits, text: &str) -> String {
    run_in(&Runtime::builder().limits(limits).build(), text)
}

fn run_in(runtime: &Runtime, text: &str) -> String {
    let compiled = runtime.compile("script.dg", text).expect("a script");
    let error = compiled.call().run().expect_err("it fails");
    without_times(&render::plain(&error.diagnostic, &error.sources))
}

fn answering<const N: usize>(answers: [Result<Response, HttpError>; N]) -> Host {
    Host {
        http: Arc::new(FakeHttp::answering(answers)),
        ..Host::fake()
    }
}

/// A request that fails in this way.
fn failing(kind: HttpErrorKind, reason: &str) -> String {
    let host = answering([Err(HttpError::new(kind, reason))]);
    run_in(
        &Runtime::builder().host(host).build(),
        "r = invokeurl [ url: \"https://api.example.com/items\" type: POST ];",
    )
}

fn last_message(said: &str) -> String {
    let at = said.rfind("\nerror[").map_or(0, |at| at + 1);
    said[at..].to_owned()
}

fn without_port(said: &str, peer: &Peer) -> String {
    said.replace(&peer.origin(), "http://127.0.0.1:PORT")
}

/// How long something took is another number each time.
fn without_times(said: &str) -> String {
    let mut text = String::new();
    let mut rest = said;
    while let Some(at) = rest.find(" after ") {
        let (before, behind) = rest.split_at(at + " after ".len());
        text.push_str(before);
        rest = behind.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        if rest.len() < behind.len() {
            text.push('T');
        }
    }
    text + rest
}

#[test]
fn every_scene_reads_as_reviewed() {
    let mut failures = Vec::new();
    for (code, scene) in SCENES {
        let said = scene();
        let path = root().join(format!("tests/corpus/messages/{}.txt", code.number()));
        assert!(
            said.contains(&format!("[{}]", code.number())),
            "{} is not told:\n{said}",
            code.number()
        );
        assert!(!said.contains("canary"), "a secret is told:\n{said}");
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        if expected != said && std::env::var_os("DG_BLESS").is_some() {
            std::fs::write(&path, &said).expect("the file is written");
        } else if expected != said {
            failures.push(format!(
                "{}\n--- expected\n{expected}--- actual\n{said}",
                path.display()
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Everything that the files under `tests/corpus` show.
fn shown() -> String {
    let folders = ["errors", "messages"].map(|folder| root().join("tests/corpus").join(folder));
    let files = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).expect("a folder"));
    let texts = files.map(|file| file.expect("an entry").path());
    let texts = texts.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    texts
        .map(|path| std::fs::read_to_string(path).expect("a file"))
        .collect()
}

#[test]
fn every_code_is_shown_or_it_is_said_why_not() {
    let shown = shown();
    let is_shown = |code: &Code| shown.contains(&format!("[{}]", code.number()));
    let is_excused = |code: &Code| TOLD_ELSEWHERE.iter().any(|(excused, _)| excused == code);
    let missing: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| !is_shown(code) && !is_excused(code))
        .map(|code| code.number())
        .collect();
    assert!(missing.is_empty(), "no file shows how these read: {missing:?}");
}

#[test]
fn every_message_says_what_to_do() {
    let mut silent = Vec::new();
    for message in shown()
        .split_inclusive('\n')
        .collect::<String>()
        .split("error[")
        .skip(1)
    {
        let number = &message[..6];
        let has_help = message.contains("\n  help: ");
        if !has_help && !silent.contains(&number.to_owned()) {
            silent.push(number.to_owned());
        }
    }
    assert!(silent.is_empty(), "without help: {silent:?}");
}
