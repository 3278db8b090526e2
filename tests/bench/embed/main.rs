//! What embedding costs: memory over a million calls, many threads on one script, compiling, a handler with JSON in and a
//! card out, a request beside bare reqwest, a thousand calls that wait at once, and how soon hostile scripts are stopped.
//! `cargo bench --bench embed`; words behind `--` choose among the parts.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    missing_docs,
    reason = "a measurement prints, and stops where it cannot go on"
)]

mod cpu;
mod requests;
mod route;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use dgscript::bots::{self, Event};
use dgscript::host::{Cancel, Http, HttpError, Limits, Request, Response};
use dgscript::value::Data;
use dgscript::{Compiled, Runtime};

const SMALL: &str =
    r#"m = Map(); m.put("text", "Hello " + user.get("name")); l = List(); l.add(m); m.put("l", {1,2}); return m;"#;

/// A figure of this process, in the unit of `/proc/self/status`.
fn status(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

fn small(runtime: &Runtime) -> Compiled {
    runtime.compile("small.dg", SMALL).unwrap()
}

fn user() -> Data {
    Data::from(serde_json::json!({ "name": "Ada", "id": 1_234_567_890_123_456_789_i64 }))
}

fn a_million_calls() {
    let script = small(&Runtime::builder().build());
    let started = Instant::now();
    for number in 1..=1_000_000_u64 {
        script.call().input("user", user()).run().unwrap();
        if [1_000, 100_000, 1_000_000].contains(&number) {
            println!(
                "{number} calls: {} kB resident, {:.2?}",
                status("VmRSS:"),
                started.elapsed()
            );
        }
    }
}

fn many_threads() {
    let script = small(&Runtime::builder().build());
    let calls = 400_000;
    for threads in [1, 2, 64] {
        let started = Instant::now();
        let spent: Duration = std::thread::scope(|scope| {
            let script = &script;
            let call = move |_| _ = script.call().input("user", user()).run().unwrap();
            let work = move || {
                (0..calls / threads).for_each(call);
                cpu::of_this_thread()
            };
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        let rate = f64::from(calls) / started.elapsed().as_secs_f64();
        println!(
            "{threads} threads on one script: {rate:.0} calls a second, {:.2?} of CPU a call",
            spent / calls
        );
    }
}

fn compiling() {
    let text = include_str!("../../../scripts/bots/order_bot.dg");
    let runtime = Runtime::builder().build();
    let payload: serde_json::Value =
        serde_json::from_str(include_str!("../../../scripts/bots/order_bot.json")).unwrap();
    let handler = bots::find("bot", "message_handler").unwrap();
    let script = runtime.compile("order_bot.dg", text).unwrap();
    let call = |script: &Compiled| {
        let event = Event::of(handler, &payload).unwrap();
        let outcome = event.into_call(script).run().unwrap();
        handler.check(outcome.result).unwrap().envelope_text()
    };
    let times = 20_000;
    let spent = |work: &dyn Fn()| {
        let before = cpu::of_this_thread();
        (0..times).for_each(|_| work());
        (cpu::of_this_thread() - before) / times
    };
    let once = spent(&|| _ = call(&script));
    let each = spent(&|| _ = call(&runtime.compile("order_bot.dg", text).unwrap()));
    println!("JSON in, card out, checked: {once:.2?} of CPU a call; compiled for each call: {each:.2?}");
}

/// Answers after a while, as a slow server does.
struct Slow(Arc<AtomicUsize>);

impl Http for Slow {
    fn send(&self, _request: &Request, _cancel: &Cancel) -> Result<Response, HttpError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(500));
        Ok(Response::new(200, "application/json", "{\"a\":1}"))
    }
}

fn waiting() {
    for workers in [256, 1_000] {
        let asked = Arc::new(AtomicUsize::new(0));
        let runtime = Runtime::builder()
            .workers(workers)
            .http(Slow(Arc::clone(&asked)))
            .build();
        let text = "r = invokeurl [ url: \"https://slow.example/\" type: GET ]; return r.get(\"a\");";
        let script = runtime.compile("slow.dg", text).unwrap();
        let (before, started) = (status("VmRSS:"), Instant::now());
        let calls: Vec<_> = (0..1_000).map(|_| script.call().run_async()).collect();
        while asked.load(Ordering::Relaxed) < workers {
            std::thread::sleep(Duration::from_millis(1));
        }
        println!(
            "1000 calls on at most {workers} threads: {} threads, {} kB more resident",
            status("Threads:"),
            status("VmRSS:").saturating_sub(before)
        );
        let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let all = tokio.block_on(async {
            let mut sum = 0;
            for call in calls {
                sum += call.await.unwrap().result.to::<usize>().unwrap();
            }
            sum
        });
        println!("all {all} answered after {:.2?}", started.elapsed());
    }
}

/// Name, script.
const HOSTILE: &[(&str, &str)] = &[
    ("endless loop", "while(true) { a = 1; }"),
    ("endless recursion", "int f(int n)\n{\n return f(n + 1);\n}\ninfo f(1);"),
    (
        "branching recursion",
        "int f(int n)\n{\n if(n < 2)\n {\n return n;\n }\n return f(n - 1) + f(n - 2);\n}\ninfo f(60);",
    ),
    ("doubling text", "s = \"0123456789abcdef\"; while(true) { s = s + s; }"),
    ("doubling list", "l = {1}; while(true) { l.addAll(l); }"),
    ("leftPad of billions", "info \"\".leftPad(2000000000).length();"),
    ("repeat of billions", "info \"ab\".repeat(2000000000).length();"),
    (
        "growing replaceAll",
        "s = \"a\"; while(true) { s = s.replaceAll(\"a\", \"aaaaaaaa\"); }",
    ),
    (
        "growing replaceAll by groups",
        "s = \"a\"; while(true) { s = s.replaceAll(\"(.)\", \"$1$1$1$1$1$1$1$1\"); }",
    ),
    (
        "regex bomb",
        "s = \"a\".repeat(3000) + \"!\"; info s.matches(\"(.+)(.+)(.+)(.+)\\\\1\\\\2\\\\3\\\\4x\");",
    ),
    (
        "regex bombs, caught",
        "s = \"a\".repeat(3000) + \"!\"; while(true) { try { b = s.matches(\"(.+)(.+)(.+)(.+)\\\\1\\\\2\\\\3\\\\4x\"); } catch(e) { a = 1; } }",
    ),
    (
        "huge JSON",
        "s = \"[\" + \"{},\".repeat(5000000) + \"{}]\"; l = s.toJSONList();",
    ),
    (
        "shared list as text",
        "l = {1}; for each i in \"1,\".repeat(50) { l = {l, l}; } s = \"\" + l;",
    ),
    (
        "shared list as result",
        "l = {1}; for each i in \"1,\".repeat(50) { l = {l, l}; } return l;",
    ),
    (
        "toXml of a shared map",
        "m = {\"a\":1}; for each i in \"1,\".repeat(40) { n = Map(); n.put(\"l\", m); n.put(\"r\", m); m = n; } info m.toXML().length();",
    ),
    (
        "sort of long texts",
        "a = \"x\".repeat(1000000) + \"1\"; b = \"x\".repeat(1000000) + \"2\"; l = {a, b}; for each i in \"1,\".repeat(17) { l.addAll(l); } l.sort();",
    ),
    (
        "search among alike lists",
        "a = {1}; for each i in \"1,\".repeat(16) { a.addAll(a); } b = {1}; for each i in \"1,\".repeat(16) { b.addAll(b); } b.add(2); a.add(3); l = {a}; for each i in \"1,\".repeat(18) { l.addAll(l); } info l.contains(b);",
    ),
    (
        "set of long texts",
        "a = \"x\".repeat(1000000); l = {a}; for each i in \"1,\".repeat(20) { l.addAll(l); } info l.distinct().size();",
    ),
    (
        "kept errors",
        "s = \"x\".repeat(100000); l = List(); while(true) { try { throw s; } catch(e) { l.add(e); } }",
    ),
    ("endless output", "while(true) { info \"0123456789\"; }"),
    (
        "endless requests",
        "while(true) { try { r = getUrl(\"https://slow.example/\"); } catch(e) { a = 1; } }",
    ),
];

fn hostile() {
    let limits = Limits {
        statements: u64::MAX,
        time: Some(Duration::from_secs(1)),
        ..Limits::sandbox()
    };
    let runtime = Runtime::builder().limits(limits).build();
    for (name, script) in HOSTILE {
        let script = runtime.compile("hostile.dg", script).unwrap();
        let started = Instant::now();
        match script.call().run() {
            Err(error) => println!(
                "{name}: {} {} after {:.2?}",
                error.diagnostic.code.number(),
                error.diagnostic.code.title(),
                started.elapsed()
            ),
            Ok(_) => println!("{name}: ended by itself after {:.2?}", started.elapsed()),
        }
    }
    println!("afterwards: {} kB resident", status("VmRSS:"));
}

/// The parts by name.
const PARTS: &[(&str, fn())] = &[
    ("million", a_million_calls),
    ("route", route::measure),
    ("requests", requests::measure),
    ("compiling", compiling),
    ("threads", many_threads),
    ("waiting", waiting),
    ("hostile", hostile),
];

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    for (name, part) in PARTS {
        if asked.is_empty() || asked.iter().any(|word| word == name) {
            println!("## {name}");
            part();
        }
    }
}
