//! A handler with JSON in and a card out as a route of a web server, beside the same work in Rust and beside an echo: CPU
//! time of the server for each request, in rounds that take turns.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use dgscript::bots::{self, Event};
use dgscript::host::Limits;
use dgscript::{Compiled, Runtime};
use serde_json::{Value, json};

use crate::cpu;

const SCRIPT: &str = include_str!("order_card.dg");

const PAYLOAD: &str = r#"{"name":"message","message":"order pen book lamp desk chair sofa pen mug book","user":{"id":"55743307","first_name":"Scott","last_name":"Fisher","email":"scott.fisher@example.com","admin":false,"country":"in","timezone":"Asia/Kolkata"},"chat":{"owner":55743307,"id":"CT_1204","type":"chat","title":"Orders","members":[{"id":55743307,"name":"Scott"},{"id":55743308,"name":"Paula"}]},"location":{"latitude":12.8277,"longitude":80.0481}}"#;

/// What the script does, by hand and over serde's tree.
fn by_hand(body: &[u8]) -> String {
    let payload: Value = serde_json::from_slice(body).unwrap();
    let text = payload["message"].as_str().unwrap().trim().to_lowercase();
    let prices = [("pen", 3), ("book", 12), ("lamp", 40), ("desk", 220), ("chair", 95)];
    let (mut rows, mut total) = (Vec::new(), 0);
    for word in text.split(' ') {
        if let Some((_, price)) = prices.iter().find(|(name, _)| *name == word) {
            rows.push(json!({ "item": word, "price": price }));
            total += price;
        }
    }
    let user = payload["user"]["first_name"].as_str().unwrap();
    json!({
        "text": format!("Hi {user}, {} items, total {total}", rows.len()),
        "card": { "title": "Order", "theme": "modern-inline" },
        "slides": [{ "type": "table", "title": "Items", "data": { "headers": ["item", "price"], "rows": rows } }]
    })
    .to_string()
}

fn as_json(text: impl IntoResponse) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], text)
}

/// The reply of the script with its payload in the platform's envelope, checked.
fn checked(script: &Compiled, body: &[u8]) -> String {
    let handler = bots::find("bot", "message_handler").unwrap();
    let event = Event::of_json(handler, body).unwrap();
    let outcome = event.into_call(script).run().unwrap();
    handler.check(outcome.result).unwrap().envelope_text()
}

/// Method, path, and what answers there.
const ROUTES: &[(&str, &str)] = &[
    ("GET", "/echo"),
    ("POST", "/taken"),
    ("POST", "/native"),
    ("POST", "/ours"),
    ("POST", "/awaited"),
    ("POST", "/serde"),
    ("POST", "/checked"),
];

fn routes() -> Router {
    let runtime = Runtime::builder().limits(Limits::sandbox()).build();
    let script = runtime.compile("order_card.dg", SCRIPT).unwrap();
    let expected: Value = serde_json::from_str(&by_hand(PAYLOAD.as_bytes())).unwrap();
    let ours = script.call().inputs_json(PAYLOAD).run_json().unwrap().result;
    assert_eq!(serde_json::from_str::<Value>(&ours).unwrap(), expected);
    let [awaited, serde, event] = [script.clone(), script.clone(), script.clone()];
    Router::new()
        .route(
            "/echo",
            get(|| async { as_json(r#"{"ok":true,"id":42,"name":"anchor"}"#) }),
        )
        .route("/taken", post(|body: Bytes| async move { as_json(body) }))
        .route("/native", post(|body: Bytes| async move { as_json(by_hand(&body)) }))
        .route(
            "/ours",
            post(|body: Bytes| async move { as_json(script.call().inputs_json(body).run_json().unwrap().result) }),
        )
        .route(
            "/awaited",
            post(|body: Bytes| async move {
                as_json(awaited.call().inputs_json(body).run_json_async().await.unwrap().result)
            }),
        )
        .route(
            "/serde",
            post(|body: Bytes| async move {
                let payload: Value = serde_json::from_slice(&body).unwrap();
                let outcome = serde.call().inputs_from(&payload).unwrap().run().unwrap();
                as_json(outcome.result.to_json().to_string())
            }),
        )
        .route(
            "/checked",
            post(|body: Bytes| async move { as_json(checked(&event, &body)) }),
        )
}

/// A server on a thread of its own; gives its address.
pub(crate) fn serve(routes: impl FnOnce() -> Router + Send + 'static) -> SocketAddr {
    let (ready, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let tokio = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        tokio.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            ready.send(listener.local_addr().unwrap()).unwrap();
            axum::serve(listener, routes()).await.unwrap();
        });
    });
    address.recv().unwrap()
}

/// Asks on every connection, then reads every answer, again and again.
fn load(connections: &mut [BufReader<TcpStream>], request: &[u8], times: usize) {
    let (mut line, mut body) = (String::new(), Vec::new());
    for _ in 0..times {
        for connection in &mut *connections {
            connection.get_mut().write_all(request).unwrap();
        }
        for connection in &mut *connections {
            let mut length = 0;
            loop {
                line.clear();
                connection.read_line(&mut line).unwrap();
                if line == "\r\n" {
                    break;
                }
                if let Some(number) = line.strip_prefix("content-length: ") {
                    length = number.trim().parse().unwrap();
                }
            }
            body.resize(length, 0);
            connection.read_exact(&mut body).unwrap();
        }
    }
    assert!(!body.is_empty());
}

/// Prints what each route costs, and the ratios above the echo.
pub(crate) fn measure() {
    let address = serve(routes);
    let connect = |_| {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        BufReader::new(stream)
    };
    let mut connections: Vec<_> = (0..32).map(connect).collect();
    let mut costs = vec![Vec::new(); ROUTES.len()];
    for _ in 0..7 {
        for ((method, path), costs) in ROUTES.iter().zip(&mut costs) {
            let body = if *method == "POST" { PAYLOAD } else { "" };
            let request = format!(
                "{method} {path} HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            load(&mut connections, request.as_bytes(), 20);
            let (before, times) = (cpu::of_others(), 300);
            load(&mut connections, request.as_bytes(), times);
            let requests = (times * connections.len()) as u32;
            costs.push(cpu::of_others().saturating_sub(before) / requests);
        }
    }
    let costs: Vec<Duration> = costs.iter_mut().map(|costs| median(costs)).collect();
    for ((method, path), cost) in ROUTES.iter().zip(&costs) {
        println!("{method} {path}: {cost:.2?} of CPU a request");
    }
    let micros = |index: usize| costs[index].as_secs_f64() * 1e6;
    for (index, (_, path)) in ROUTES.iter().enumerate().skip(3) {
        println!(
            "{path}: {:.2} times the native handler above GET /echo, {:.2} above the echo that takes the body",
            (micros(index) - micros(0)) / (micros(2) - micros(0)),
            (micros(index) - micros(1)) / (micros(2) - micros(1)),
        );
    }
}

fn median(durations: &mut [Duration]) -> Duration {
    durations.sort_unstable();
    durations[durations.len() / 2]
}
