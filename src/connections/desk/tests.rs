use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::*;
use crate::connections::home::scratch::Scratch;
use crate::connections::testing::{Provider, asked, request};
use crate::connections::{FileAudit, MemoryStore, NoAudit, Secret, Service};
use crate::host::fake::{FakeClock, NOW_MILLIS};
use crate::host::{Authority, AuthorityErrorKind, Body, Cancel, Method, UserId};

struct Bench {
    desk: Connections,
    provider: Arc<Provider>,
    ada: UserId,
    ben: UserId,
}

fn bench() -> Bench {
    bench_with(Arc::new(NoAudit))
}

fn bench_with(audit: Arc<dyn Audit>) -> Bench {
    let clock = Arc::new(FakeClock(NOW_MILLIS));
    let provider = Arc::new(Provider::default());
    let outside = Outside {
        http: Arc::clone(&provider) as _,
        clock: Arc::clone(&clock) as _,
        audit,
    };
    let store = Arc::new(MemoryStore::new(clock));
    Bench {
        desk: Connections::new(store, KeySource::Given(Secret::new("a".repeat(64))), outside),
        provider,
        ada: UserId::new("ada"),
        ben: UserId::new("ben"),
    }
}

impl Bench {
    fn service(&self, description: Value) {
        let service = Service::from_json(&description).unwrap();
        self.desk.create_service(&service).unwrap();
    }

    fn stock(&self) {
        self.service(json!({"name": "Stock", "auth": "api_key", "params": ["X-Key"], "hosts": ["api.example.com"]}));
    }

    fn books(&self) {
        self.service(json!({
            "name": "Books", "auth": "oauth2", "hosts": ["api.example.com"], "client_id": "1",
            "client_secret": "canary-client-secret", "access_token_url": "https://login.example.com/token",
        }));
    }

    fn connection(&self, link: &str, service: &str, per_user: bool) {
        self.desk
            .create_connection(&NewConnection {
                link_name: link.to_owned(),
                name: None,
                service: service.to_owned(),
                scopes: Vec::new(),
                owner: self.ada.clone(),
                per_user,
                values: Vec::new(),
            })
            .unwrap();
    }

    fn connect(&self, link: &str, user: &UserId, answers: Value) -> Result<(), DeskError> {
        self.desk.connect_with(link, user, &answers, &Cancel::new())
    }

    fn standing(&self, link: &str, user: &UserId) -> Standing {
        self.desk.summary(link, user).unwrap().standing
    }
}

fn title(error: DeskError) -> String {
    error.into_diagnostics().remove(0).title
}

#[test]
fn names_are_unique_and_the_nearest_is_told() {
    let bench = bench();
    bench.stock();
    bench.connection("stock", "stock", false);
    let service = bench.desk.service("stock").unwrap();
    assert!(matches!(
        bench.desk.create_service(&service),
        Err(DeskError::ServiceExists(_))
    ));
    assert_eq!(
        title(bench.desk.service("stokc").unwrap_err()),
        "there is no service `stokc`"
    );
    let new = |link: &str, service: &str, name: Option<String>| NewConnection {
        link_name: link.to_owned(),
        name,
        service: service.to_owned(),
        scopes: Vec::new(),
        owner: bench.ada.clone(),
        per_user: false,
        values: Vec::new(),
    };
    let refused = |new: &NewConnection| bench.desk.check_new(new).unwrap_err();
    assert!(matches!(
        refused(&new("stock", "stock", None)),
        DeskError::ConnectionExists(_)
    ));
    assert!(matches!(
        refused(&new("other", "nosuch", None)),
        DeskError::NoService { .. }
    ));
    assert!(title(refused(&new("My Link", "stock", None))).contains("not a link name"));
    assert!(title(refused(&new("other", "stock", Some("x".repeat(51))))).contains("longer than 50"));
    let DeskError::Connection(error) = bench.desk.summary("stok", &bench.ada).unwrap_err() else {
        panic!()
    };
    assert_eq!(error.kind, AuthorityErrorKind::Unknown);
    assert!(error.message.contains("`stock`"), "{}", error.message);
}

#[test]
fn an_api_key_connects_by_name_label_or_alone() {
    let bench = bench();
    bench.stock();
    bench.connection("stock", "stock", false);
    assert_eq!(bench.standing("stock", &bench.ada), Standing::NotConnected);
    for answers in [json!({"x-key": "canary"}), json!({"X-Key": "canary"}), json!("canary")] {
        bench.connect("stock", &bench.ada, answers).unwrap();
        assert_eq!(bench.standing("stock", &bench.ada), Standing::Connected);
    }
    for (answers, part) in [
        (json!({}), "`X-Key` is missing"),
        (json!({"X-Key": ""}), "`X-Key` is missing"),
        (json!({"X-Key": "a", "other": "b"}), "`other` is not a parameter"),
        (json!([1]), "JSON object"),
    ] {
        let title = title(bench.connect("stock", &bench.ada, answers).unwrap_err());
        assert!(title.contains(part), "{title}");
    }
}

#[test]
fn basic_takes_an_empty_password_and_no_colon_in_the_user() {
    let bench = bench();
    bench.service(json!({"name": "Pay", "auth": "basic", "hosts": ["api.example.com"]}));
    bench.connection("pay", "pay", false);
    bench.connect("pay", &bench.ada, json!({"user": "sk_canary"})).unwrap();
    let refused = bench.connect("pay", &bench.ada, json!({"user": "a:b", "password": "c"}));
    assert!(title(refused.unwrap_err()).contains("colon"));
    assert!(title(bench.connect("pay", &bench.ada, json!({})).unwrap_err()).contains("missing"));
}

#[test]
fn a_refresh_token_is_tried_at_once() {
    let bench = bench();
    bench.books();
    bench.connection("books", "books", false);
    bench
        .connect("books", &bench.ada, json!({"refresh_token": "canary-refresh-0"}))
        .unwrap();
    assert_eq!(bench.provider.count(), 1);
    let summary = bench.desk.summary("books", &bench.ada).unwrap();
    assert_eq!((summary.standing, summary.refreshes), (Standing::Connected, true));
    let newest = format!("canary-refresh-{}", bench.provider.rotate_elsewhere());
    bench
        .connect("books", &bench.ada, json!({"refresh_token": newest}))
        .unwrap();
    let refused = bench.connect("books", &bench.ada, json!({"refresh_token": "canary-refresh-0"}));
    assert!(matches!(refused, Err(DeskError::Connection(_))));
    assert!(matches!(
        bench.standing("books", &bench.ada),
        Standing::NeedsReconnect { .. }
    ));
}

#[test]
fn the_toggle_decides_who_sees_a_connection() {
    let bench = bench();
    bench.stock();
    bench.connection("own", "stock", false);
    bench.connection("each", "stock", true);
    let seen = |user: &UserId| -> Vec<(String, bool)> {
        let summaries = bench.desk.summaries(user).unwrap();
        summaries
            .into_iter()
            .map(|summary| (summary.connection.link_name.to_string(), summary.mine))
            .collect()
    };
    assert_eq!(seen(&bench.ada), [("each".to_owned(), true), ("own".to_owned(), true)]);
    assert!(seen(&bench.ben).is_empty());
    bench.connect("each", &bench.ben, json!("canary-ben")).unwrap();
    assert_eq!(seen(&bench.ben), [("each".to_owned(), false)]);
    assert_eq!(bench.standing("each", &bench.ada), Standing::NotConnected);
    for refused in [
        bench.connect("own", &bench.ben, json!("canary")),
        bench.desk.remove_connection("own", &bench.ben),
        bench.desk.remove_connection("each", &bench.ben),
    ] {
        assert!(matches!(refused, Err(DeskError::NotYours { .. })));
    }
}

#[test]
fn a_signed_request_is_the_last_use() {
    let scratch = Scratch::new();
    let audit = || Arc::new(FileAudit::at(scratch.path().join("audit.jsonl")));
    let bench = bench_with(audit());
    bench.stock();
    bench.connection("stock", "stock", false);
    bench.connect("stock", &bench.ada, json!("canary-key")).unwrap();
    let last_use = || bench.desk.summary("stock", &bench.ada).unwrap().last_use;
    assert_eq!(last_use(), None);
    let authority = bench.desk.authority();
    for (url, used) in [
        ("https://evil.example.com/", None),
        ("https://api.example.com/", Some(NOW_MILLIS)),
    ] {
        let mut request = request(Method::Get, url, Body::Empty);
        let signed = authority.authorize(&asked("stock", "ben"), &mut request, &Cancel::new());
        assert_eq!((signed.is_ok(), last_use()), (used.is_some(), used));
    }
    assert_eq!(bench.desk.summaries(&bench.ada).unwrap()[0].last_use, Some(NOW_MILLIS));
}

#[test]
fn a_redirecting_change_asks_the_secret_again_and_ends_the_grants() {
    let bench = bench();
    bench.books();
    bench.connection("books", "books", false);
    bench
        .connect("books", &bench.ada, json!({"refresh_token": "canary-refresh-0"}))
        .unwrap();
    let renamed = bench.desk.edit_service("books", &json!({"name": "Ledger"})).unwrap();
    assert!(renamed.redirected.is_empty() && renamed.reconnect.is_empty());
    assert_eq!(bench.standing("books", &bench.ada), Standing::Connected);
    let moved = json!({"access_token_url": "https://evil.example.com/token"});
    let refused = bench.desk.edit_service("books", &moved).unwrap_err();
    assert!(matches!(&refused, DeskError::SecretNeeded { changed, .. } if changed.contains(&"access_token_url")));
    assert_eq!(bench.standing("books", &bench.ada), Standing::Connected);
    let mut moved = moved;
    moved["client_secret"] = json!("canary-client-secret");
    let edit = bench.desk.edit_service("books", &moved).unwrap();
    assert_eq!(edit.reconnect.len(), 1);
    assert!(matches!(
        bench.standing("books", &bench.ada),
        Standing::NeedsReconnect { .. }
    ));
    let hosts = json!({"hosts": ["evil.example.com"], "client_secret": "canary-client-secret"});
    assert_eq!(bench.desk.edit_service("books", &hosts).unwrap().redirected, ["hosts"]);
    assert_eq!(
        bench.provider.asked.load(Ordering::SeqCst),
        1,
        "nothing was sent to the new place"
    );
}

#[test]
fn a_service_in_use_stays_and_a_connection_goes_with_its_grants() {
    let bench = bench();
    bench.stock();
    bench.connection("each", "stock", true);
    bench.connect("each", &bench.ada, json!("canary-ada")).unwrap();
    bench.connect("each", &bench.ben, json!("canary-ben")).unwrap();
    assert!(matches!(
        bench.desk.remove_service("stock"),
        Err(DeskError::InUse { .. })
    ));
    bench.desk.remove_connection("each", &bench.ada).unwrap();
    assert!(
        bench
            .desk
            .shared
            .records
            .grants(&LinkName::new("each").unwrap())
            .unwrap()
            .is_empty()
    );
    bench.desk.remove_service("stock").unwrap();
    assert!(bench.desk.services().unwrap().is_empty());
}

#[test]
fn a_trial_tells_its_steps_and_no_secret() {
    let bench = bench();
    bench.stock();
    bench.connection("stock", "stock", false);
    let trial = |url: Option<&str>| {
        let url = url.map(|url| url::Url::parse(url).unwrap());
        bench.desk.test("stock", &bench.ada, url.as_ref(), &Cancel::new())
    };
    assert!(!trial(None).is_good(), "nobody connected it yet");
    bench.connect("stock", &bench.ada, json!("canary-key")).unwrap();
    let silent = trial(None);
    assert!(silent.is_good() && silent.status.is_none());
    let asked = trial(Some("https://api.example.com/me"));
    assert_eq!((asked.status, asked.is_good()), (Some(200), true));
    assert!(!format!("{asked:?}").contains("canary"));
    let sent = bench.provider.requests.lock().unwrap();
    assert_eq!(sent[0].headers.get("X-Key"), Some("canary-key"));
    drop(sent);
    let elsewhere = trial(Some("https://evil.example.com/me"));
    assert!(matches!(elsewhere.failure, Some(DeskError::Connection(_))));
}
