//! The embedding API from the side of an embedding program.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use super::workers::tests::wait;
use super::*;
use crate::host::{Caller, Cancel, Json, LimitKind, Limits, Mail, MailError, Message, UserId};
use crate::value::Data;

fn run(runtime: &Runtime, script: &str) -> Result<Outcome, Box<RunError>> {
    let compiled = runtime
        .compile("t.dg", script)
        .unwrap_or_else(|error| panic!("{error}"));
    compiled.call().run()
}

/// What a script gives that calls functions of the host, as JSON; or its error.
fn gives(runtime: &Runtime, script: &str) -> String {
    match run(runtime, script) {
        Ok(outcome) => outcome.result.to_json().to_string(),
        Err(error) => error.diagnostic.title.clone(),
    }
}

#[test]
fn scripts_are_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    fn awaited<F: Future + Send + 'static>(_: fn(Call) -> F) {}
    shared::<Runtime>();
    shared::<Compiled>();
    shared::<Outcome>();
    shared::<RunError>();
    awaited(Call::run_async);
}

#[test]
fn a_script_tells_its_functions_inputs_and_connections() {
    let script = "int twice(int n)\n{\n return n * factor;\n}\nx = invokeurl [ url: \"https://a.example/\" connection: \"crm\" ];\n\
                  info twice(size);";
    let compiled = Runtime::builder().build().compile("t.dg", script).unwrap();
    assert_eq!(compiled.functions(), ["twice"]);
    assert_eq!(compiled.connections(), ["crm"]);
    assert_eq!(compiled.inputs(), ["factor", "size"]);
    let twice = compiled.function("twice").unwrap();
    assert_eq!(twice.parameters, [("n", Some(crate::value::Kind::Number))]);
    assert_eq!(twice.inputs, ["factor"]);
    let outcome = compiled.call().function("twice").input("n", 3).input("factor", 5).run();
    assert_eq!(outcome.unwrap().result, Data::Number(15));
}

#[test]
fn inputs_come_from_whatever_serde_writes() {
    let compiled = Runtime::builder()
        .build()
        .compile("t.dg", "return user.get(\"name\") + \" \" + tags.size() + \" \" + id;")
        .unwrap();
    let payload: BTreeMap<&str, serde_json::Value> = BTreeMap::from([
        ("user", serde_json::json!({"name": "Ada"})),
        ("id", serde_json::json!(1234567890123456789_i64)),
    ]);
    let call = compiled.call().inputs_from(&payload).unwrap();
    let outcome = call.input_from("tags", &["a", "b"]).unwrap().run().unwrap();
    assert_eq!(outcome.result.to::<String>().unwrap(), "Ada 2 1234567890123456789");
    assert!(compiled.call().inputs_from(&[1, 2]).is_err());
}

#[test]
fn closures_over_rust_types_are_functions_of_scripts() {
    let calls = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&calls);
    let runtime = Runtime::builder()
        .function("crm.lookup(id)", |id: i64| {
            if id == 7 {
                Ok("Ada")
            } else {
                Err(format!("no customer {id}"))
            }
        })
        .function("count", move || counter.fetch_add(1, Ordering::Relaxed) + 1)
        .function("sum", |numbers: Vec<i64>| numbers.iter().sum::<i64>())
        .function("greet", |name: String, times: Option<u32>| {
            name.repeat(times.unwrap_or(1) as usize)
        })
        .function("entries", |map: HashMap<String, i64>| map.len())
        .function("first", |list: Vec<Data>| list.into_iter().next())
        .function("who", |caller: Caller| caller.user.as_str().to_owned())
        .function("swap", |Json((a, b)): Json<(i64, String)>| Json((b, a)))
        .function("six", |a: i64, b: f64, c: bool, d: String, e: Option<i64>, f: Data| {
            serde_json::json!([a, b, c, d, e, f])
        })
        .build();
    for (script, expected) in [
        ("return crm.lookup(7);", "\"Ada\""),
        ("return CRM.Lookup(\"7\");", "\"Ada\""),
        (
            "try { crm.lookup(8); } catch(e) { return e.message; }",
            "\"no customer 8\"",
        ),
        ("return crm.lookup(8);", "no customer 8"),
        ("count(); return count();", "2"),
        ("return sum({1,2,3});", "6"),
        ("return greet(\"ab\") + greet(\"c\", 3);", "\"abccc\""),
        ("return entries({\"a\":1,\"b\":2});", "2"),
        ("return first({\"x\",1});", "\"x\""),
        ("return first(List());", "null"),
        ("return who();", "\"tester\""),
        ("return swap({1,\"b\"});", "[\"b\",1]"),
        (
            "return six(1, 2.5, true, \"d\", null, {\"k\":1});",
            "[1,2.5,true,\"d\",null,{\"k\":1}]",
        ),
        (
            "return sum({1,\"x\"});",
            "Incompatible types for function `sum` at argument index 0: Required: [elements of NUMBER] Found: TEXT",
        ),
        (
            "return crm.lookup(null);",
            "Incompatible types for function `crm.lookup` at argument index 0: Required: [NUMBER] Found: null",
        ),
    ] {
        assert_eq!(gives(&runtime, script), expected, "{script}");
    }
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[test]
fn functions_of_the_host_are_checked_when_a_script_is_compiled() {
    let runtime = Runtime::builder()
        .function("crm.lookup(id, deep)", |id: i64, _deep: Option<bool>| id)
        .describe("crm.lookup", "Finds a customer by its number.")
        .build();
    let error = |script: &str| runtime.compile("t.dg", script).unwrap_err().diagnostics.remove(0);
    let count = error("x = crm.lookup();");
    assert_eq!(count.code, Code::ArgumentCount);
    assert_eq!(
        count.help.as_deref(),
        Some("call it as `crm.lookup(id NUMBER, [deep BOOLEAN])`")
    );
    let misspelt = error("x = crm.lookpu(1);");
    assert_eq!(misspelt.code, Code::UnknownFunction);
    assert_eq!(
        misspelt.help.as_deref(),
        Some("there is a function of a similar name: `crm.lookup`")
    );
    let known = runtime.functions();
    assert_eq!(
        (known[0].name.as_str(), known[0].doc.as_str()),
        ("crm.lookup", "Finds a customer by its number.")
    );
}

#[test]
fn a_call_runs_as_its_user() {
    let runtime = Runtime::builder()
        .function("who", |caller: Caller| caller.user.as_str().to_owned())
        .build();
    let compiled = runtime
        .compile("t.dg", "return who() + \" \" + zoho.loginuserid;")
        .unwrap();
    let outcome = compiled.call().user(UserId::new("ada@example.com")).run().unwrap();
    assert_eq!(outcome.result, Data::from("ada@example.com ada@example.com"));
}

#[test]
fn an_awaited_call_gives_what_a_blocking_one_gives() {
    let compiled = Runtime::builder()
        .workers(3)
        .build()
        .compile("t.dg", "return n * 2;")
        .unwrap();
    let calls: Vec<_> = (0..40_i64).map(|n| compiled.call().input("n", n).run_async()).collect();
    for (n, call) in calls.into_iter().enumerate() {
        assert_eq!(wait(call).unwrap().result, Data::Number(2 * n as i64));
    }
    assert_eq!(
        wait(compiled.call().run_async()).unwrap_err().kind,
        RunErrorKind::NotStarted
    );
}

#[test]
fn dropping_an_awaited_call_stops_it_and_leaves_its_neighbours() {
    let (started, ready) = mpsc::channel();
    let (ended, end) = mpsc::channel();
    struct Ended(mpsc::Sender<()>);
    impl Drop for Ended {
        fn drop(&mut self) {
            _ = self.0.send(());
        }
    }
    impl crate::host::Log for Ended {
        fn info(&self, _line: &crate::host::InfoLine) {}
    }
    let runtime = Runtime::builder()
        .function("started", move || _ = started.send(()))
        .build();
    let endless = runtime.compile("t.dg", "started(); while(true) { a = 1; }").unwrap();
    let shared = Cancel::new();
    let call = endless
        .call()
        .cancel(shared.clone())
        .log(Arc::new(Ended(ended)))
        .run_async();
    ready.recv().unwrap();
    drop(call);
    end.recv().unwrap();
    assert!(!shared.is_cancelled(), "the handle may serve other calls");
}

#[test]
fn a_deadline_stops_a_call_before_and_while_it_runs() {
    let compiled = Runtime::builder()
        .build()
        .compile("t.dg", "while(true) { a = 1; }")
        .unwrap();
    for call in [
        compiled.call().deadline(Instant::now()),
        compiled.call().within(Duration::from_millis(20)),
    ] {
        assert_eq!(call.run().unwrap_err().kind, RunErrorKind::Exhausted(LimitKind::Time));
    }
    let short = Runtime::builder().build().compile("t.dg", "return 1;").unwrap();
    let late = short.call().deadline(Instant::now()).run().unwrap_err();
    assert_eq!(late.kind, RunErrorKind::Exhausted(LimitKind::Time));
}

#[test]
fn zones_are_known_by_name() {
    let runtime = Runtime::builder().zone("Asia/Kolkata").unwrap().build();
    assert_eq!(
        gives(&runtime, "return zoho.currenttime.toString(\"HH:mm\");"),
        "\"05:30\""
    );
    assert!(Runtime::builder().zone("Mars/Olympus").is_err());
}

#[test]
fn inputs_and_results_may_be_json_text() {
    let runtime = Runtime::builder().build();
    let script = runtime
        .compile(
            "t.dg",
            r#"return {"sum":price + 1,"who":user.get("name"),"whole":input.size()};"#,
        )
        .unwrap();
    let json = r#"{"price":0.1234567890123456789,"user":{"name":"Ada"},"spare":[]}"#;
    let outcome = script.call().inputs_json(json).run_json().unwrap();
    assert_eq!(outcome.result, r#"{"sum":1.1234567890123456789,"who":"Ada","whole":3}"#);
    let outcome = wait(script.call().input("price", 2).inputs_json(json).run_json_async()).unwrap();
    assert_eq!(
        outcome.result, r#"{"sum":3,"who":"Ada","whole":3}"#,
        "an input by name counts more"
    );
    for (json, said) in [
        ("{\"price\":", "the inputs are not one JSON object: expected a value"),
        ("[1]", "the inputs are not one JSON object: it is LIST"),
        ("{}", "Variable 'price' is not defined"),
    ] {
        let error = script.call().inputs_json(json).run().unwrap_err();
        assert_eq!(error.kind, RunErrorKind::NotStarted, "{json}");
        assert!(error.diagnostic.title.starts_with(said), "{error}");
    }
    assert!(script.call().inputs_json(b"\xff".to_vec()).run().is_err());
}

#[test]
fn inputs_count_as_what_the_run_holds() {
    let limits = Limits {
        memory: 1 << 20,
        ..Limits::sandbox()
    };
    let runtime = Runtime::builder().limits(limits).build();
    let script = runtime.compile("t.dg", "return list.size();").unwrap();
    let large = format!("{{\"list\":[{}0]}}", "0,".repeat(100_000));
    let error = script.call().inputs_json(large).run().unwrap_err();
    assert_eq!(error.kind, RunErrorKind::Exhausted(LimitKind::Memory));
    let small = script.call().inputs_json(r#"{"list":[1,2]}"#).run().unwrap();
    assert_eq!(small.result, Data::Number(2));
    assert!(small.usage.memory > 0);
}

#[test]
fn an_input_may_be_nested_as_deep_as_it_likes_and_a_result_may_not() {
    let nested = || (0..100_000).fold(Data::Null, |inner, _| Data::List(vec![inner]));
    let runtime = Runtime::builder().build();
    let run = |script: &str| {
        runtime
            .compile("t.dg", script)
            .unwrap()
            .call()
            .input("deep", nested())
            .run()
    };
    assert_eq!(run("return deep.get(0).size();").unwrap().result, Data::Number(1));
    let error = run("return deep;").unwrap_err();
    assert_eq!(
        (error.kind, error.diagnostic.code),
        (RunErrorKind::Failed, Code::ContainsItself)
    );
}

/// Mail that takes no message before the run is stopped.
struct Endless;

impl Mail for Endless {
    fn send(&self, _message: &Message, cancel: &Cancel) -> Result<(), MailError> {
        let (_sender, receiver) = mpsc::channel::<()>();
        while !cancel.is_stopped() {
            assert!(cancel.deadline().is_some(), "the wait would never end");
            // The time is over, or a look at the handle is due.
            _ = receiver.recv_timeout(cancel.patience(Duration::from_millis(5)));
        }
        Err(MailError::new("stopped"))
    }
}

#[test]
fn waiting_for_mail_ends_with_the_time_of_the_run() {
    let limits = Limits {
        time: Some(Duration::from_millis(20)),
        ..Limits::local()
    };
    let runtime = Runtime::builder().limits(limits).mail(Endless).build();
    let script = "sendmail [ from: \"a@example.com\" to: \"b@example.com\" subject: \"s\" message: \"m\" ]";
    let error = run(&runtime, script).unwrap_err();
    assert!(
        matches!(error.kind, RunErrorKind::Exhausted(LimitKind::Time)),
        "{error}"
    );
}
