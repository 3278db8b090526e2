//! The embedding API among the threads and the async runtime of somebody else's program.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use dgscript::bots::{Event, Reply};
use dgscript::host::{Cancel, Host};
use dgscript::runtime::{Call, CompileError, RunError, RunErrorKind};
use dgscript::value::Data;
use dgscript::{Compiled, Outcome, Runtime};

use crate::connections::{Store, get};
use crate::peer::Peer;

fn on_one_thread<F: Future>(future: F) -> F::Output {
    let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
    tokio.block_on(future)
}

#[test]
fn what_goes_between_threads_may() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Runtime>();
    shared::<Compiled>();
    shared::<Call>();
    shared::<Outcome>();
    shared::<Outcome<String>>();
    shared::<RunError>();
    shared::<CompileError>();
    shared::<Data>();
    shared::<Cancel>();
    shared::<Host>();
    shared::<Event>();
    shared::<Reply>();
}

#[test]
fn an_awaited_call_lets_the_only_worker_of_a_runtime_go_on() {
    let ticks = Arc::new(AtomicU32::new(0));
    let (seen, goal) = (Arc::clone(&ticks), 1_000);
    // The script ends when the task beside it got on: on a blocked worker it never would.
    let runtime = Runtime::builder()
        .function("task.ticks", move || i64::from(seen.load(Ordering::Relaxed)))
        .build();
    let text = format!("while(task.ticks() < {goal}) {{ a = 1; }} return task.ticks();");
    let script = runtime.compile("t.dg", &text).unwrap();
    let outcome = on_one_thread(async {
        let call = tokio::spawn(script.call().within(Duration::from_secs(60)).run_async());
        while ticks.fetch_add(1, Ordering::Relaxed) < goal {
            tokio::task::yield_now().await;
        }
        call.await.unwrap()
    });
    assert!(outcome.unwrap().result.to::<u32>().unwrap() >= goal);
}

#[test]
fn a_blocking_call_may_be_made_inside_an_async_runtime() {
    let peer = Peer::answering(200, "{\"a\":1}");
    let runtime = Runtime::system().network(dgscript::system::Network::open()).build();
    let script = format!("r = getUrl(\"{}\"); return r.toMap().get(\"a\");", peer.url("/"));
    let script = runtime.compile("t.dg", &script).unwrap();
    on_one_thread(async {
        assert_eq!(script.call().run().unwrap().result, Data::Number(1));
        assert_eq!(script.call().run_async().await.unwrap().result, Data::Number(1));
    });
}

#[test]
fn a_handle_cancels_from_another_thread() {
    let (started, ready) = mpsc::channel();
    let runtime = Runtime::builder()
        .function("started", move || _ = started.send(()))
        .build();
    let script = runtime.compile("t.dg", "started(); while(true) { a = 1; }").unwrap();
    let cancel = Cancel::new();
    let stop = cancel.clone();
    let canceller = std::thread::spawn(move || {
        ready.recv().unwrap();
        stop.cancel();
    });
    let error = script.call().cancel(cancel).run().unwrap_err();
    canceller.join().unwrap();
    assert_eq!(error.kind, RunErrorKind::Cancelled);
    assert!(error.usage.statements > 0);
}

#[test]
fn the_connections_of_a_home_are_one_line() {
    let peer = Peer::echo();
    let store = Store::new();
    store.stock(&peer.origin(), "canary-key-1");
    let network = dgscript::system::Network::open();
    let runtime = Runtime::system().network(network).store(store.path()).build();
    let script = runtime.compile("t.dg", &get(&peer.url("/items"), "stock")).unwrap();
    let outcome = script.call().run().unwrap();
    assert_eq!(outcome.requests[0].outcome, Ok(200));
    assert!(!format!("{:?}", outcome.requests).contains("canary"));
    let missing = runtime.compile("t.dg", &get(&peer.url("/items"), "stok")).unwrap();
    let error = missing.call().run().unwrap_err();
    assert!(matches!(error.kind, RunErrorKind::ConnectionMissing(_)), "{error}");
}
