//! What a request of a script costs beside the same request of bare reqwest: time on the clock and CPU time of the thread
//! that asks, over one kept connection on loopback for each client. All take turns, call by call. Kept on one core
//! (`taskset`) the figures hold still; on several they swing with where the system puts the server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use dgscript::connections::{
    Audit, Connections, FileAudit, KeySource, MemoryStore, NewConnection, NoAudit, Outside, Secret, Service,
};
use dgscript::host::{Body, Cancel, Headers, Http, Method, Request, UserId};
use dgscript::system::{Network, SystemClock, SystemHttp};
use dgscript::{Compiled, Runtime};
use serde_json::json;

use crate::{cpu, route};

const ANSWER: &str = "{\"id\":4876876000001234567,\"name\":\"Ada Lovelace\",\"tags\":[\"a\",\"b\"],\"total\":12.50}";

/// How long a request may take, in every way of sending one.
const TIMEOUT: Duration = Duration::from_secs(40);

/// Calls whose CPU time is read at once.
const BLOCK: usize = 50;

/// A server that answers everything alike. All connections share its one thread, so that the system cannot put the
/// server of one way of asking nearer to the asking thread than that of another.
fn server() -> SocketAddr {
    let answer = || async { ([(CONTENT_TYPE, "application/json")], ANSWER) };
    route::serve(move || Router::new().route("/v1", get(answer)))
}

/// Asks once.
type Ask = Box<dyn FnMut()>;

/// Makes ready for asking at a URL.
type Way = fn(&str) -> Ask;

fn bare(url: &str) -> Ask {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let (tokio, url) = (tokio.unwrap(), url.to_owned());
    Box::new(move || {
        let fetch = async || client.get(&url).timeout(TIMEOUT).send().await?.bytes().await;
        assert_eq!(tokio.block_on(fetch()).unwrap().len(), ANSWER.len());
    })
}

fn system(url: &str) -> Ask {
    let http = SystemHttp::new(Network::open());
    let request = Request {
        method: Method::Get,
        url: url.parse().unwrap(),
        headers: Headers::default(),
        body: Body::Empty,
        timeout: TIMEOUT,
        response_limit: 1 << 20,
    };
    let cancel = Cancel::new();
    Box::new(move || assert_eq!(http.send(&request, &cancel).unwrap().body.len(), ANSWER.len()))
}

/// A connection `crm` to the server, with a token that stays good.
fn connections(url: &str, audit: Arc<dyn Audit>) -> Connections {
    let clock = Arc::new(SystemClock);
    let outside = Outside {
        http: Arc::new(SystemHttp::new(Network::open())),
        clock: Arc::clone(&clock) as _,
        audit,
    };
    let key = KeySource::Given(Secret::new("a".repeat(64)));
    let desk = Connections::new(Arc::new(MemoryStore::new(clock)), key, outside);
    let service = json!({"name": "crm", "auth": "oauth2", "hosts": [url.trim_end_matches("/v1")], "client_id": "1",
                         "access_token_url": url});
    desk.create_service(&Service::from_json(&service).unwrap()).unwrap();
    let owner = UserId::new("ada");
    let new = NewConnection {
        link_name: "crm".to_owned(),
        name: None,
        service: "crm".to_owned(),
        scopes: Vec::new(),
        owner: owner.clone(),
        per_user: false,
        values: Vec::new(),
    };
    desk.create_connection(&new).unwrap();
    let tokens = json!({"access_token": "1000.0123456789abcdef.0123456789abcdef", "expires_in": 3600});
    desk.connect_with("crm", &owner, &tokens, &Cancel::new()).unwrap();
    desk
}

fn runs(script: Compiled) -> Ask {
    Box::new(move || {
        script.call().run().unwrap();
    })
}

fn invokeurl(url: &str) -> Ask {
    let runtime = Runtime::builder().network(Network::open()).build();
    runs(
        runtime
            .compile(
                "plain.dg",
                &format!("return invokeurl [ url : \"{url}\" ].get(\"id\");"),
            )
            .unwrap(),
    )
}

fn connected(url: &str, audit: impl Audit + 'static) -> Ask {
    let connections = connections(url, Arc::new(audit));
    let runtime = Runtime::builder()
        .network(Network::open())
        .connections(&connections, None)
        .build();
    let script = format!("return invokeurl [ url : \"{url}\" connection : \"crm\" ].get(\"id\");");
    runs(runtime.compile("connected.dg", &script).unwrap())
}

fn connection(url: &str) -> Ask {
    connected(url, NoAudit)
}

/// With the record of uses that the command line keeps.
fn audited(url: &str) -> Ask {
    let file = std::env::temp_dir().join(format!("dgscript-bench-{}.jsonl", std::process::id()));
    connected(url, FileAudit::at(file))
}

/// The ways of asking, by name.
const WAYS: &[(&str, Way)] = &[
    ("bare", bare),
    ("http", system),
    ("invokeurl", invokeurl),
    ("connection", connection),
    ("audited", audited),
];

/// Prints what each way costs. Words of the command line choose among the ways, a number says how many calls.
pub(crate) fn measure() {
    let url = format!("http://{}/v1", server());
    let words: Vec<String> = std::env::args().skip(1).collect();
    let calls: usize = words.iter().find_map(|word| word.parse().ok()).unwrap_or(20_000);
    let chosen = |name: &str| words.iter().any(|word| word == name);
    let any = WAYS.iter().any(|(name, _)| chosen(name));
    let ways = WAYS.iter().filter(|(name, _)| !any || chosen(name));
    let mut asks: Vec<(&str, Ask)> = ways.map(|(name, way)| (*name, way(&url))).collect();
    asks.iter_mut().for_each(|(_, ask)| ask());
    let clock = on_the_clock(&mut asks, calls);
    let cpu = of_the_processor(&mut asks, calls);
    for (at, (name, _)) in asks.iter().enumerate() {
        println!(
            "{name}: {:.1} us a call, {:+.1} us beside {}; {:.1} us of CPU, {:+.1} us",
            clock[at],
            clock[at] - clock[0],
            asks[0].0,
            cpu[at],
            cpu[at] - cpu[0],
        );
    }
}

/// The median time of a call in microseconds, for each way.
fn on_the_clock(asks: &mut [(&str, Ask)], calls: usize) -> Vec<f64> {
    let mut taken = vec![Vec::with_capacity(calls); asks.len()];
    for _ in 0..calls {
        for ((_, ask), taken) in asks.iter_mut().zip(&mut taken) {
            let started = Instant::now();
            ask();
            taken.push(started.elapsed());
        }
    }
    taken.iter_mut().map(|taken| median(taken)).collect()
}

/// The median over blocks of calls of what a call takes of this thread's CPU time, in microseconds.
fn of_the_processor(asks: &mut [(&str, Ask)], calls: usize) -> Vec<f64> {
    let mut taken = vec![Vec::with_capacity(calls / BLOCK); asks.len()];
    for _ in 0..calls / BLOCK {
        for ((_, ask), taken) in asks.iter_mut().zip(&mut taken) {
            let before = cpu::of_this_thread();
            (0..BLOCK).for_each(|_| ask());
            taken.push((cpu::of_this_thread() - before) / BLOCK as u32);
        }
    }
    taken.iter_mut().map(|taken| median(taken)).collect()
}

fn median(taken: &mut [Duration]) -> f64 {
    taken.sort_unstable();
    taken
        .get(taken.len() / 2)
        .map_or(0.0, |median| median.as_secs_f64() * 1e6)
}
