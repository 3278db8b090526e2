//! Refreshing under pressure: many threads, many processes, and processes that are killed, against a provider that rotates
//! refresh tokens and ends the whole grant when an old one is used again.
//!
//! `DG_FIGURES=1` runs the large editions: 200 kills at random instants and 50 at chosen ones.

use std::collections::HashSet;
use std::process::Child;
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use dgscript::connections::{
    Connections, Home, KeySource, LinkName, NewConnection, NoAudit, Outside, Service, SledStore, Standing,
};
use dgscript::host::fake::FakeClock;
use dgscript::host::{Asked, Authority, Body, Cancel, Headers, Method, Request, UserId};
use dgscript::system::{Network, SystemClock, SystemHttp};
use serde_json::json;
use url::{Url, form_urlencoded};

use crate::connections::{Store, get};
use crate::peer::Peer;
use crate::support::Done;

/// What the provider knows.
#[derive(Default)]
struct Rotation {
    /// The number of the refresh token that is good.
    good: u64,
    /// Whether an old one was used: the whole grant is over.
    dead: bool,
    refreshes: u64,
    /// Access tokens that came to the API: what a client uses, it must have on its disk.
    used: HashSet<u64>,
    /// Whether an access token is good for one request.
    once: bool,
}

type Shared = Arc<Mutex<Rotation>>;

/// A provider, and what it knows.
fn provider(once: bool) -> (Peer, Shared) {
    let rotation = Arc::new(Mutex::new(Rotation {
        once,
        ..Rotation::default()
    }));
    let known = Arc::clone(&rotation);
    let peer = Peer::new(move |request| {
        let mut known = known.lock().unwrap();
        if request.path == "/token" {
            return known.refresh(&request.body);
        }
        let bearer = request.header("authorization").join("");
        let number: Option<u64> = bearer
            .strip_prefix("Bearer access-")
            .and_then(|number| number.parse().ok());
        match number {
            Some(number) if number == known.good && !known.dead => {
                let first = known.used.insert(number);
                if known.once && !first {
                    (401, "{}".to_owned())
                } else {
                    (200, "{\"ok\":true}".to_owned())
                }
            }
            _ => (401, "{}".to_owned()),
        }
    });
    (peer, rotation)
}

impl Rotation {
    fn refresh(&mut self, body: &str) -> (u16, String) {
        let mut form = form_urlencoded::parse(body.as_bytes());
        let spent = form
            .find(|(name, _)| name == "refresh_token")
            .map(|(_, value)| value.into_owned());
        if self.dead || spent != Some(format!("refresh-{}", self.good)) {
            self.dead = true;
            return (400, json!({"error": "invalid_grant"}).to_string());
        }
        self.refreshes += 1;
        self.good += 1;
        let tokens = json!({"access_token": format!("access-{}", self.good), "expires_in": 3600,
                            "refresh_token": format!("refresh-{}", self.good)});
        (200, tokens.to_string())
    }

    /// A user consented anew: the tokens to begin with.
    fn renew(&mut self) -> serde_json::Value {
        self.dead = false;
        self.good += 1;
        json!({"access_token": format!("access-{}", self.good), "refresh_token": format!("refresh-{}", self.good)})
    }
}

/// A desk over the store of a home, at this time.
fn desk(store: &Store, now: Option<i64>) -> Connections {
    let home = Home::at(store.path());
    let clock: Arc<dyn dgscript::host::Clock> = match now {
        Some(now) => Arc::new(FakeClock(now)),
        None => Arc::new(SystemClock),
    };
    let outside = Outside {
        http: Arc::new(SystemHttp::new(Network::open())),
        clock: Arc::clone(&clock),
        audit: Arc::new(NoAudit),
    };
    let sled = Arc::new(SledStore::at(home.store(), clock));
    Connections::new(sled, KeySource::File(home.key()), outside)
}

/// Makes the connection `crm` of `ada`, whose access token ended an hour ago where `stale`.
fn crm(store: &Store, peer: &Peer, stale: bool) {
    let hour = 3_600_000;
    let now = dgscript::host::Clock::now_millis(&SystemClock);
    let desk = desk(store, Some(if stale { now - 2 * hour } else { now }));
    let service = json!({"name": "crm", "auth": "oauth2", "hosts": [peer.origin()], "client_id": "dg",
                         "access_token_url": peer.url("/token")});
    desk.create_service(&Service::from_json(&service).unwrap()).unwrap();
    let ada = UserId::new("ada");
    let new = NewConnection {
        link_name: "crm".to_owned(),
        name: None,
        service: "crm".to_owned(),
        scopes: Vec::new(),
        owner: ada.clone(),
        per_user: false,
        values: Vec::new(),
    };
    desk.create_connection(&new).unwrap();
    let tokens = json!({"access_token": "access-0", "refresh_token": "refresh-0", "expires_in": 3600});
    desk.connect_with("crm", &ada, &tokens, &Cancel::new()).unwrap();
}

fn standing(store: &Store) -> Standing {
    desk(store, None).summary("crm", &UserId::new("ada")).unwrap().standing
}

fn request(url: &str) -> Request {
    Request {
        method: Method::Get,
        url: Url::parse(url).unwrap(),
        headers: Headers::default(),
        body: Body::Empty,
        timeout: Duration::from_secs(10),
        response_limit: 1 << 20,
    }
}

#[test]
fn of_32_threads_over_one_store_one_refreshes() {
    let ((peer, known), store) = (provider(false), Store::new());
    crm(&store, &peer, true);
    let (desk, barrier) = (desk(&store, None), Barrier::new(32));
    let signed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                let asked = Asked {
                    connection: LinkName::new("crm").unwrap(),
                    user: UserId::new("ada"),
                    user_access: None,
                };
                let mut request = request(&peer.url("/api"));
                barrier.wait();
                desk.authority()
                    .authorize(&asked, &mut request, &Cancel::new())
                    .unwrap();
                signed
                    .lock()
                    .unwrap()
                    .push(request.headers.get("Authorization").unwrap().to_owned());
            });
        }
    });
    assert_eq!(*signed.lock().unwrap(), vec!["Bearer access-1"; 32]);
    let known = known.lock().unwrap();
    assert_eq!((known.refreshes, known.dead), (1, false), "refreshes seen, grant lost");
}

#[test]
fn of_8_processes_that_find_a_token_stale_one_refreshes() {
    let ((peer, known), store) = (provider(false), Store::new());
    crm(&store, &peer, true);
    let script = get(&peer.url("/api"), "crm");
    let children: Vec<Child> = (0..8).map(|_| store.run(&script).spawn()).collect();
    for child in children {
        let done = Done::of(&child.wait_with_output().unwrap());
        assert_eq!(
            (done.status, done.stdout.as_str()),
            (0, "{\"ok\":true}\n"),
            "{}",
            done.stderr
        );
    }
    let known = known.lock().unwrap();
    assert_eq!((known.refreshes, known.dead), (1, false), "refreshes seen, grant lost");
}

/// What became of runs that were killed.
#[derive(Debug, Default)]
struct Toll {
    runs: u32,
    killed: u32,
    /// The store had the newest tokens, or none had been given.
    unharmed: u32,
    /// The provider gave new tokens that never reached the disk: somebody has to connect again, and is told so.
    reconnect: u32,
    /// Tokens that the process had used, so must have stored, and that are gone.
    lost: u32,
    /// Stores that did not open, or said something else than they should.
    broken: Vec<String>,
}

/// Kills runs that refresh, and sees after each what the next one finds. `kill` ends the process somehow.
fn toll(runs: u32, start: impl Fn(&Store, &str) -> Child, mut kill: impl FnMut(&mut Child)) -> Toll {
    let ((peer, known), store) = (provider(true), Store::new());
    crm(&store, &peer, false);
    let script = get(&peer.url("/api"), "crm");
    store.run(&script).exits(0);
    let mut toll = Toll::default();
    for _ in 0..runs {
        let mut child = start(&store, &script);
        kill(&mut child);
        let status = child.wait().unwrap();
        toll.runs += 1;
        toll.killed += u32::from(status.code().is_none());
        let newest = known.lock().unwrap().good;
        let done = store.run(&script).run();
        match done.status {
            0 => toll.unharmed += 1,
            5 if done.stderr.contains("dg connections reconnect crm") => {
                let was_used = known.lock().unwrap().used.contains(&newest);
                toll.lost += u32::from(was_used);
                toll.reconnect += 1;
                assert!(matches!(standing(&store), Standing::NeedsReconnect { .. }));
                let tokens = known.lock().unwrap().renew();
                let again = store.connections(&["reconnect", "crm", "--secrets", "-"]);
                again.stdin(tokens.to_string()).exits(0);
                store.run(&script).exits(0);
            }
            status => toll.broken.push(format!("{status}: {}", done.stderr)),
        }
    }
    toll
}

fn figures() -> bool {
    std::env::var_os("DG_FIGURES").is_some()
}

#[test]
fn a_kill_at_a_chosen_instant_costs_a_reconnect_and_never_a_stored_token() {
    let runs = if figures() { 25 } else { 2 };
    for place in ["answered", "written"] {
        let start = |store: &Store, script: &str| store.run(script).env("DG_CRASH_AT", place).spawn();
        let toll = toll(runs, start, |_| {});
        println!("killed when {place}: {toll:?}");
        assert_eq!((toll.killed, toll.lost, toll.broken.len()), (runs, 0, 0), "{toll:?}");
        if place == "answered" {
            assert_eq!(toll.reconnect, runs, "what never reached the disk is gone: {toll:?}");
        }
    }
}

#[test]
fn a_kill_at_any_instant_never_costs_a_stored_token() {
    let runs = if figures() { 200 } else { 6 };
    // Steps through the life of a run, which takes some 60 ms here, in an order that is the same each time.
    let mut step = 0_u64;
    let kill = |child: &mut Child| {
        step = (step * 7 + 13) % 97;
        std::thread::sleep(Duration::from_millis(step));
        child.kill().unwrap();
    };
    let toll = toll(runs, |store, script| store.run(script).spawn(), kill);
    println!("killed at any instant: {toll:?}");
    assert_eq!((toll.lost, toll.broken.len()), (0, 0), "{toll:?}");
}
