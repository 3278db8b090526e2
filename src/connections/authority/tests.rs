use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::connections::credential::{Credential, Secret};
use crate::connections::store::conformance::Hand;
use crate::connections::testing::{Provider, asked, link, request};
use crate::connections::{Connections, KeySource, MemoryStore, NewConnection, NoAudit, Outside, Store};
use crate::host::{AuthorityErrorKind, Body, Http, HttpError, HttpErrorKind, Method, Response};

mod failing_store;

const API: &str = "https://api.example.com/v1";

/// Where the clock of these tests begins.
const START: i64 = 1_700_000_000_000;

/// A desk over a store, with a connection `crm` of `ada` whose refresh token is the provider's first.
struct Bench {
    desk: Connections,
    provider: Arc<Provider>,
    store: Arc<dyn Store>,
    clock: Arc<Hand>,
}

fn desk(store: &Arc<dyn Store>, http: Arc<dyn Http>, clock: &Arc<Hand>) -> Connections {
    let outside = Outside {
        http,
        clock: Arc::clone(clock) as _,
        audit: Arc::new(NoAudit),
    };
    Connections::new(
        Arc::clone(store),
        KeySource::Given(Secret::new("a".repeat(64))),
        outside,
    )
}

fn bench() -> Bench {
    bench_with(Provider::default())
}

fn bench_with(provider: Provider) -> Bench {
    let clock = Arc::new(Hand::default());
    clock.0.store(START, Ordering::SeqCst);
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new(Arc::clone(&clock) as _));
    let provider = Arc::new(provider);
    let bench = Bench {
        desk: desk(&store, Arc::clone(&provider) as _, &clock),
        provider,
        store,
        clock,
    };
    bench.service("crm", json!({}));
    bench.grant("canary-access-0", Some("canary-refresh-0"), Some(3_600));
    bench
}

impl Bench {
    fn service(&self, name: &str, more: Value) {
        let mut service = json!({
            "name": name, "auth": "oauth2", "hosts": ["api.example.com"], "client_id": "1",
            "client_secret": "canary-client-secret", "authorize_url": "https://login.example.com/auth",
            "access_token_url": "https://login.example.com/token",
        });
        for (key, value) in more.as_object().unwrap() {
            service[key] = value.clone();
        }
        let service = crate::connections::Service::from_json(&service).unwrap();
        self.desk.create_service(&service).unwrap();
        let new = NewConnection {
            link_name: name.to_owned(),
            name: None,
            service: name.to_owned(),
            scopes: Vec::new(),
            owner: UserId::new("ada"),
            per_user: name.starts_with("own"),
            values: Vec::new(),
        };
        self.desk.create_connection(&new).unwrap();
    }

    /// Puts a grant of `ada` in the place of the former one.
    fn grant(&self, access: &str, refresh: Option<&str>, lifetime: Option<u64>) {
        let credential = Credential::OAuth2 {
            access: Some(Secret::new(access)),
            refresh: refresh.map(Secret::new),
        };
        self.put(&StoredGrant::new(credential, self.now(), lifetime));
    }

    fn put(&self, grant: &StoredGrant) {
        let records = &self.desk.shared.records;
        let former = records.grant(&crm()).unwrap().map(|found| found.version);
        records.put_grant(&crm(), grant, former).unwrap().unwrap();
    }

    fn stored(&self) -> StoredGrant {
        self.desk.shared.records.grant(&crm()).unwrap().unwrap().value
    }

    fn now(&self) -> i64 {
        self.clock.0.load(Ordering::SeqCst)
    }

    fn pass(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    /// What a request of `ada` is signed with.
    fn signed(&self) -> Result<(String, Grant), AuthorityError> {
        signed(&self.desk.authority(), "ada")
    }

    fn token(&self) -> String {
        self.signed().unwrap().0
    }
}

fn crm() -> GrantName {
    GrantName {
        connection: link("crm"),
        user: UserId::new("ada"),
    }
}

fn signed(authority: &StoreAuthority, user: &str) -> Result<(String, Grant), AuthorityError> {
    let mut get = request(Method::Get, API, Body::Empty);
    let grant = authority.authorize(&asked("crm", user), &mut get, &Cancel::new())?;
    let value = get.headers.get("Authorization").unwrap_or_default().to_owned();
    Ok((value.replace("Bearer canary-", ""), grant))
}

/// Runs the work in many threads at once, and gives what each came to.
fn together<T: Send>(count: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    let (barrier, outcomes) = (Barrier::new(count), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                barrier.wait();
                let outcome = work();
                outcomes.lock().unwrap().push(outcome);
            });
        }
    });
    outcomes.into_inner().unwrap()
}

#[test]
fn of_32_threads_that_find_a_token_stale_one_refreshes_it() {
    let bench = bench();
    for round in 1..=5 {
        bench.pass(3_600);
        let tokens = together(32, || bench.token());
        assert!(
            tokens.iter().all(|token| *token == format!("access-{round}")),
            "{tokens:?}"
        );
        assert_eq!(bench.provider.count(), round, "one refresh each time");
    }
    assert_eq!(bench.stored().state, GrantState::Connected);
}

#[test]
fn of_32_threads_that_are_refused_one_refreshes_and_all_try_again() {
    let bench = bench();
    let (_, grant) = bench.signed().unwrap();
    let authority = bench.desk.authority();
    let retries = together(32, || authority.rejected(&grant, &Cancel::new()).unwrap());
    assert!(retries.iter().all(|retry| *retry == Retry::Again));
    assert_eq!((bench.provider.count(), bench.token().as_str()), (1, "access-1"));
    assert_eq!(
        authority.rejected(&grant, &Cancel::new()),
        Ok(Retry::Again),
        "an old refusal asks for nothing new"
    );
    assert_eq!(bench.provider.count(), 1);
}

#[test]
fn processes_that_share_a_store_refresh_once() {
    let bench = bench();
    bench.pass(3_600);
    let http = || Arc::clone(&bench.provider) as Arc<dyn Http>;
    let others: Vec<StoreAuthority> = (0..8)
        .map(|_| desk(&bench.store, http(), &bench.clock).authority())
        .collect();
    let next = AtomicUsize::new(0);
    let tokens = together(8, || {
        let authority = &others[next.fetch_add(1, Ordering::SeqCst)];
        signed(authority, "ada").unwrap().0
    });
    assert!(tokens.iter().all(|token| token == "access-1"), "{tokens:?}");
    assert_eq!(bench.provider.count(), 1);
}

#[test]
fn a_token_is_refreshed_ahead_of_its_end_and_not_at_birth() {
    for (lifetime, fresh, stale) in [(3_600_i64, 3_540, 3_541), (90, 45, 46), (2, 1, 2)] {
        let bench = bench();
        bench.grant("canary-access-0", Some("canary-refresh-0"), Some(lifetime as u64));
        bench.pass(fresh);
        assert_eq!(
            (bench.token().as_str(), bench.provider.count()),
            ("access-0", 0),
            "{lifetime}"
        );
        bench.pass(stale - fresh);
        assert_eq!(
            (bench.token().as_str(), bench.provider.count()),
            ("access-1", 1),
            "{lifetime}"
        );
    }
}

#[test]
fn a_life_that_makes_no_sense_lasts_until_a_401() {
    for lifetime in [json!(null), json!(0), json!(-5), json!("soon"), json!([])] {
        let bench = bench_with(Provider {
            lifetime: lifetime.clone(),
            ..Provider::default()
        });
        bench.pass(3_600);
        assert_eq!(bench.token(), "access-1");
        bench.pass(1_000_000);
        let (token, grant) = bench.signed().unwrap();
        assert_eq!((token.as_str(), bench.provider.count()), ("access-1", 1), "{lifetime}");
        assert_eq!(
            bench.desk.authority().rejected(&grant, &Cancel::new()),
            Ok(Retry::Again)
        );
        assert_eq!(bench.token(), "access-2", "{lifetime}");
    }
    let text = bench_with(Provider {
        lifetime: json!("3600"),
        ..Provider::default()
    });
    text.pass(3_600);
    text.token();
    text.pass(3_600);
    assert_eq!(text.token(), "access-2", "a life as a text is one");
}

#[test]
fn an_answer_without_a_refresh_token_keeps_the_former() {
    let bench = bench();
    let answer = "{\"access_token\":\"canary-access-x\",\"expires_in\":60}";
    bench
        .provider
        .instead
        .lock()
        .unwrap()
        .push(Ok(Response::new(200, "application/json", answer)));
    bench.pass(3_600);
    assert_eq!(bench.token(), "access-x");
    bench.pass(60);
    assert_eq!(bench.token(), "access-1", "the former refresh token was still there");
}

/// Answers that say nothing about the grant, and which way the connection failed.
fn troubles() -> Vec<(Result<Response, HttpError>, AuthorityErrorKind)> {
    use AuthorityErrorKind::{ClientRefused, Refresh, ScopeMissing};
    let answer = |status, body: &str| Ok(Response::new(status, "text/html", body));
    let passing = [
        answer(200, "<html><body>Welcome to the hotel</body></html>"),
        answer(500, "<html>oops</html>"),
        answer(503, "{\"error\":\"temporarily_unavailable\"}"),
        answer(429, "{\"error\":\"slow_down\"}"),
        answer(302, ""),
        answer(200, "{}"),
        Err(HttpError::new(HttpErrorKind::Connect, "connection refused")),
        Err(HttpError::new(HttpErrorKind::Timeout, "no answer in time")),
        Err(HttpError::new(HttpErrorKind::Protocol, "the connection was cut")),
    ];
    let mut troubles: Vec<_> = passing.into_iter().map(|answer| (answer, Refresh)).collect();
    troubles.push((answer(401, "{\"error\":\"invalid_client\"}"), ClientRefused));
    troubles.push((answer(400, "{\"error\":\"invalid_scope\"}"), ScopeMissing));
    troubles
}

#[test]
fn a_provider_in_trouble_never_costs_a_grant() {
    for (trouble, expected) in troubles() {
        let shown = format!("{trouble:?}");
        let bench = bench();
        let before = bench.stored();
        bench.pass(3_550);
        bench.provider.instead.lock().unwrap().push(trouble.clone());
        assert_eq!(bench.token(), "access-0", "a token that is not over serves on: {shown}");
        assert_eq!(bench.token(), "access-0");
        assert_eq!(
            bench.provider.count(),
            1,
            "a provider in trouble is left alone for a while: {shown}"
        );

        bench.pass(50);
        bench.provider.instead.lock().unwrap().push(trouble);
        let error = bench.signed().unwrap_err();
        assert_eq!(error.kind, expected, "{shown}");
        assert!(!format!("{error:?}").contains("canary"));
        assert_eq!(bench.stored(), before, "{shown}");
        assert_eq!(bench.token(), "access-1", "and all is well again: {shown}");
    }
}

#[test]
fn a_grant_that_is_gone_is_told_to_everybody_with_the_command() {
    let bench = bench();
    bench.pass(3_600);
    bench.provider.rotate_elsewhere();
    let errors = together(8, || bench.signed().unwrap_err());
    for error in &errors {
        let AuthorityErrorKind::ReconnectNeeded { reason } = &error.kind else {
            panic!("{error:?}");
        };
        assert!(reason.starts_with("the provider refused it (invalid_grant"), "{reason}");
        assert!(error.message.contains("has to be connected again") && error.message.contains("invalid_grant"));
        assert!(error.help.as_ref().unwrap().contains("dg connections reconnect crm"));
        assert!(
            !error.message.contains("canary"),
            "the provider's words repeat the token: {}",
            error.message
        );
    }
    assert_eq!(bench.provider.count(), 1);
    assert!(matches!(bench.stored().state, GrantState::NeedsReconnect { .. }));
    bench.signed().unwrap_err();
    assert_eq!(bench.provider.count(), 1, "nobody asks again");
}

/// A provider that refuses while another process, whose lease ran out, puts the grant it got into the store.
struct Meddling {
    provider: Provider,
    other: Mutex<Option<Connections>>,
}

impl Http for Meddling {
    fn send(&self, request: &Request, cancel: &Cancel) -> Result<Response, HttpError> {
        if let Some(other) = self.other.lock().unwrap().take() {
            let number = self.provider.rotate_elsewhere();
            let credential = Credential::OAuth2 {
                access: Some(Secret::new("canary-access-theirs")),
                refresh: Some(Secret::new(format!("canary-refresh-{number}"))),
            };
            let records = &other.shared.records;
            let former = records.grant(&crm()).unwrap().unwrap().version;
            let grant = StoredGrant::new(credential, START + 3_600_000, Some(3_600));
            records.put_grant(&crm(), &grant, Some(former)).unwrap().unwrap();
            return Ok(Response::new(400, "application/json", "{\"error\":\"invalid_grant\"}"));
        }
        self.provider.send(request, cancel)
    }
}

#[test]
fn who_loses_to_another_process_adopts_what_it_stored() {
    let bench = bench();
    bench.pass(3_600);
    let http = Arc::new(Meddling {
        provider: Provider::default(),
        other: Mutex::new(Some(bench.desk.clone())),
    });
    let loser = desk(&bench.store, Arc::clone(&http) as _, &bench.clock).authority();
    assert_eq!(signed(&loser, "ada").unwrap().0, "access-theirs");
    assert_eq!(bench.stored().state, GrantState::Connected);
    bench.pass(3_600);
    assert_eq!(signed(&loser, "ada").unwrap().0, "access-2", "the grant lives on");
}

#[test]
fn a_clock_that_is_wrong_costs_a_refresh_and_no_grant() {
    let bench = bench();
    bench.token();
    bench.pass(-86_400);
    assert_eq!(bench.token(), "access-0", "a token from the future serves until a 401");
    let (_, grant) = bench.signed().unwrap();
    assert_eq!(
        bench.desk.authority().rejected(&grant, &Cancel::new()),
        Ok(Retry::Again)
    );
    assert_eq!(bench.token(), "access-1");
    bench.pass(2 * 86_400);
    assert_eq!(bench.token(), "access-2", "a clock ahead of time refreshes early");
    assert_eq!(bench.stored().state, GrantState::Connected);
}

#[test]
fn what_another_process_revokes_ends_within_half_a_minute_and_ones_own_at_once() {
    let bench = bench();
    let wish = Wish {
        connection: link("crm"),
        user: UserId::new("ada"),
    };
    let other = desk(&bench.store, Arc::clone(&bench.provider) as _, &bench.clock);
    let elsewhere = other.authority();
    signed(&elsewhere, "ada").unwrap();
    bench.token();
    assert!(bench.desk.revoke(&wish, &Cancel::new()).unwrap().forgotten);
    assert_eq!(
        bench.signed().unwrap_err().kind,
        AuthorityErrorKind::NotAuthorised,
        "its own process knows"
    );
    bench.pass(29);
    assert!(
        signed(&elsewhere, "ada").is_ok(),
        "a grant lives in a process for a while"
    );
    bench.pass(1);
    assert_eq!(
        signed(&elsewhere, "ada").unwrap_err().kind,
        AuthorityErrorKind::NotAuthorised
    );
    assert!(!bench.desk.revoke(&wish, &Cancel::new()).unwrap().forgotten);
}

#[test]
fn a_kept_grant_goes_to_allowed_hosts_alone() {
    let bench = bench();
    bench.token();
    let mut get = request(Method::Get, "https://evil.example.com/v1", Body::Empty);
    let error = bench
        .desk
        .authority()
        .authorize(&asked("crm", "ada"), &mut get, &Cancel::new())
        .unwrap_err();
    assert_eq!(error.kind, AuthorityErrorKind::OriginNotAllowed);
    assert!(get.headers.iter().next().is_none());
}

#[test]
fn each_user_of_a_login_user_connection_consents_for_himself() {
    let bench = bench();
    bench.service("own_books", json!({}));
    let page = Url::parse("https://bot.example.com/oauth/done").unwrap();
    let authority = bench.desk.authority().answering_at(page.clone());
    let ask = |user: &str| {
        let mut get = request(Method::Get, API, Body::Empty);
        let granted = authority.authorize(&asked("own_books", user), &mut get, &Cancel::new());
        granted.map(|_| get.headers.get("Authorization").unwrap_or_default().to_owned())
    };
    let error = ask("ben").unwrap_err();
    assert_eq!(error.kind, AuthorityErrorKind::ConsentNeeded);
    assert!(
        error
            .help
            .unwrap()
            .contains("dg connections connect own_books --as ben")
    );
    let missing = error.missing.unwrap();
    assert_eq!(missing.user, UserId::new("ben"));
    let asked_at = Url::parse(&missing.authorize_url.unwrap()).unwrap();
    let field = |name: &str| {
        asked_at
            .query_pairs()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
            .into_owned()
    };
    assert_eq!(
        (asked_at.host_str(), field("redirect_uri")),
        (Some("login.example.com"), page.to_string())
    );

    let answer = |query: &str| {
        let mut answer = page.clone();
        answer.set_query(Some(query));
        bench.desk.finish_consent(&answer)
    };
    let tokens = "{\"access_token\":\"canary-bens\",\"refresh_token\":\"canary-r\",\"expires_in\":60}";
    bench
        .provider
        .instead
        .lock()
        .unwrap()
        .push(Ok(Response::new(200, "application/json", tokens)));
    assert!(answer("code=c&state=forged").is_err());
    let good = format!("code=c&state={}", field("state"));
    let connected = answer(&good).unwrap();
    assert_eq!((connected.user, connected.renewable), (UserId::new("ben"), true));
    assert!(answer(&good).is_err(), "an answer counts once");
    assert_eq!(ask("ben").unwrap(), "Bearer canary-bens");
    assert_eq!(
        ask("eve").unwrap_err().kind,
        AuthorityErrorKind::ConsentNeeded,
        "a grant is its user's alone"
    );
    assert_eq!(
        ask("ada").unwrap_err().kind,
        AuthorityErrorKind::ConsentNeeded,
        "and not even its owner's"
    );
}

#[test]
fn useraccess_narrows_an_owners_connection_and_never_widens_one() {
    let bench = bench();
    let ask = |user: &str, user_access| {
        let mut get = request(Method::Get, API, Body::Empty);
        let asked = Asked {
            user_access,
            ..asked("crm", user)
        };
        bench
            .desk
            .authority()
            .authorize(&asked, &mut get, &Cancel::new())
            .map(|grant| grant.user)
    };
    assert_eq!(
        ask("ben", None),
        Ok(UserId::new("ada")),
        "the owner's grant serves everybody"
    );
    assert_eq!(ask("ben", Some(false)), Ok(UserId::new("ada")));
    assert_eq!(
        ask("ben", Some(true)).unwrap_err().kind,
        AuthorityErrorKind::ConsentNeeded
    );
    assert_eq!(ask("ada", Some(true)), Ok(UserId::new("ada")));
}
