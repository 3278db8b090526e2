//! Scripts that mean harm, each stopped by a limit, with nothing of it left behind.

use std::time::Duration;

use dgscript::Runtime;
use dgscript::diagnostic::Code;
use dgscript::host::Limits;
use dgscript::host::fake::{FakeClock, NOW_MILLIS};
use dgscript::tasks::cliq::Cliq;
use dgscript::value::{Data, memory};

/// Awaits on this thread.
fn wait<F: Future>(future: F) -> F::Output {
    let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
    tokio.block_on(future)
}

/// Little enough that every test is quick, also without optimisation.
fn limits() -> Limits {
    Limits {
        statements: 200_000,
        memory: 8 << 20,
        output_bytes: 64 << 10,
        time: Some(Duration::from_secs(1)),
        ..Limits::sandbox()
    }
}

/// Scripts with the messages that may end them: where time and another limit are both near, either may come first.
const HOSTILE: &[(&str, &str, &[Code])] = &[
    ("a loop without end", "while(true) { a = 1; }", &[Code::StatementLimit]),
    (
        "a loop without end that catches everything",
        "while(true) { try { while(true) { a = 1; } } catch(e) { info e; } }",
        &[Code::StatementLimit],
    ),
    (
        "a recursion without end",
        "int f(int n)\n{\n return f(n + 1);\n}\ninfo f(1);",
        &[Code::DepthLimit],
    ),
    (
        "a recursion that branches",
        "int f(int n)\n{\n if(n < 2)\n {\n return n;\n }\n return f(n - 1) + f(n - 2);\n}\ninfo f(60);",
        &[Code::StatementLimit, Code::TimeLimit],
    ),
    (
        "a text that doubles",
        "s = \"0123456789abcdef\"; while(true) { s = s + s; }",
        &[Code::MemoryLimit],
    ),
    (
        "a list that doubles",
        "l = {1}; while(true) { l.addAll(l); }",
        &[Code::MemoryLimit],
    ),
    (
        "a padding of billions",
        "info \"\".leftPad(2000000000).length();",
        &[Code::MemoryLimit],
    ),
    (
        "a repetition of billions",
        "info \"ab\".repeat(2000000000).length();",
        &[Code::MemoryLimit],
    ),
    (
        "a replacement that grows",
        "s = \"a\"; while(true) { s = s.replaceAll(\"a\", \"aaaaaaaa\"); }",
        &[Code::MemoryLimit],
    ),
    (
        "a replacement by groups that grows",
        "s = \"a\"; while(true) { s = s.replaceAll(\"(.)\", \"$1$1$1$1$1$1$1$1\"); }",
        &[Code::MemoryLimit, Code::TimeLimit],
    ),
    (
        "a pattern that backtracks without end",
        "s = \"a\".repeat(3000) + \"!\"; info s.matches(\"(.+)(.+)(.+)(.+)\\\\1\\\\2\\\\3\\\\4x\");",
        &[Code::BadPattern],
    ),
    (
        "such patterns again and again",
        "s = \"a\".repeat(3000) + \"!\"; while(true) { try { b = s.matches(\"(.+)(.+)(.+)(.+)\\\\1\\\\2\\\\3\\\\4x\"); } catch(e) { a = 1; } }",
        &[Code::TimeLimit],
    ),
    (
        "a sort of long texts that differ at their end",
        "a = \"x\".repeat(600000) + \"1\"; b = \"x\".repeat(600000) + \"2\"; l = {a, b}; for each i in \"1,\".repeat(14) { l.addAll(l); } while(true) { l.sort(true); l.sort(false); }",
        &[Code::TimeLimit],
    ),
    (
        "XML of containers shared again and again",
        "m = {\"a\":1}; for each i in {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30} { m = {\"a\":m,\"b\":m}; } info m.toXml();",
        &[Code::MemoryLimit, Code::TimeLimit],
    ),
    (
        "JSON with millions of elements",
        "s = \"[\" + \"1,\".repeat(1500000) + \"1]\"; l = s.toJSONList();",
        &[Code::MemoryLimit],
    ),
    (
        "JSON with millions of empty maps",
        "s = \"[\" + \"{},\".repeat(500000) + \"{}]\"; l = s.toJSONList();",
        &[Code::MemoryLimit],
    ),
    (
        "JSON nested without end",
        "s = \"[\".repeat(1000000); l = s.toJSONList();",
        &[Code::BadJson],
    ),
    (
        "the text of a list that holds itself twice, fifty levels deep",
        "l = {1}; for each i in \"1,\".repeat(50) { l = {l, l}; } s = \"\" + l;",
        &[Code::MemoryLimit],
    ),
    (
        "the same as a result",
        "l = {1}; for each i in \"1,\".repeat(50) { l = {l, l}; } return l;",
        &[Code::MemoryLimit],
    ),
    (
        "the same as a key, with the error caught",
        "l = {1}; for each i in \"1,\".repeat(50) { l = {l, l}; } m = Map(); try { m.put(l, 1); } catch(e) { a = 1; } return 1;",
        &[Code::MemoryLimit],
    ),
    (
        "a list in itself",
        "l = List(); l.add(l); m = Map(); m.put(\"l\", l); l.add(m); info l;",
        &[Code::ContainsItself],
    ),
    (
        "a list nested a hundred thousand levels deep",
        "l = {1}; for each i in \"1,\".repeat(60000) { l = {l}; } info l;",
        &[Code::ContainsItself],
    ),
    (
        "a sort of long texts that are alike",
        "a = \"x\".repeat(1000000) + \"1\"; b = \"x\".repeat(1000000) + \"2\"; l = {a, b}; \
         for each i in \"1,\".repeat(13) { l.addAll(l); } l.sort();",
        &[Code::TimeLimit],
    ),
    (
        "a search among lists that are alike",
        "a = {1}; for each i in \"1,\".repeat(14) { a.addAll(a); } b = {1}; for each i in \"1,\".repeat(14) { b.addAll(b); } \
         b.add(2); a.add(3); l = {a}; for each i in \"1,\".repeat(16) { l.addAll(l); } info l.contains(b);",
        &[Code::TimeLimit],
    ),
    (
        "a set of long texts",
        "a = \"x\".repeat(1000000); l = {a}; for each i in \"1,\".repeat(17) { l.addAll(l); } info l.distinct().size();",
        &[Code::TimeLimit],
    ),
    (
        "walking a text of a million commas",
        "for each x in \",\".repeat(2000000) { a = x; }",
        &[Code::MemoryLimit],
    ),
    (
        "errors that are kept",
        "s = \"x\".repeat(100000); l = List(); while(true) { try { throw s; } catch(e) { l.add(e); } }",
        &[Code::MemoryLimit],
    ),
    (
        "lines without end",
        "while(true) { info \"0123456789\"; }",
        &[Code::OutputLimit],
    ),
];

#[test]
fn every_hostile_script_is_stopped_and_leaves_nothing_behind() {
    let runtime = Runtime::builder().limits(limits()).build();
    let neighbour = runtime.compile("neighbour.dg", "return {1,2}.size();").unwrap();
    for (name, script, codes) in HOSTILE {
        let compiled = runtime.compile("hostile.dg", script).unwrap();
        let before = memory::live();
        let error = compiled.call().run().expect_err(name);
        assert!(codes.contains(&error.diagnostic.code), "{name}: {error}");
        assert_eq!(memory::live(), before, "{name}");
        assert_eq!(neighbour.call().run().unwrap().result, 2.into(), "{name}");
    }
}

#[test]
fn neighbours_of_hostile_scripts_go_on_undisturbed() {
    let cliq = Cliq::in_memory(FakeClock(NOW_MILLIS));
    let runtime = Runtime::builder().limits(limits()).functions(cliq.functions()).build();
    let good = r#"
        made = zoho.cliq.createRecord("seen", {"name":name,"n":n});
        l = List();
        for each i in {1,2,3} { l.add(i * n); }
        row = zoho.cliq.getRecordById("seen", made.get("id").toLong()).get("data");
        return name + " " + row.get("n") + " " + l;
    "#;
    let good = runtime.compile("good.dg", good).unwrap();
    let call = |number: i64| good.call().input("name", "Ada").input("n", number);
    let expected = |n: i64| Data::from(format!("Ada {n} {},{},{}", n, 2 * n, 3 * n));
    std::thread::scope(|scope| {
        let hostile: Vec<_> = HOSTILE
            .iter()
            .map(|(name, text, _)| {
                let script = runtime.compile("hostile.dg", text).unwrap();
                scope.spawn(move || assert!(script.call().run().is_err(), "{name}"))
            })
            .collect();
        let mut number = 0;
        // On the pool as well as here, for as long as somebody does harm.
        while hostile.iter().any(|thread| !thread.is_finished()) {
            let awaited = call(number + 1).run_async();
            assert_eq!(call(number).run().unwrap().result, expected(number));
            assert_eq!(wait(awaited).unwrap().result, expected(number + 1));
            number += 2;
        }
        assert!(number > 0);
    });
    let rows = runtime.compile(
        "rows.dg",
        r#"return zoho.cliq.getRecords("seen", {"criteria":"n==0"}).get("list").size();"#,
    );
    assert_eq!(rows.unwrap().call().run().unwrap().result, Data::Number(1));
}

#[test]
fn containers_that_come_and_go_are_forgotten() {
    let runtime = Runtime::builder().limits(limits()).build();
    let script = "n = 0; while(n < 40000) { l = List(); l.add({n}); n = n + 1; } return n;";
    let outcome = runtime.compile("t.dg", script).unwrap().call().run().unwrap();
    assert!(outcome.usage.memory < 64 << 10, "{}", outcome.usage.memory);
}

#[test]
fn a_script_reaches_nothing_that_the_host_did_not_give() {
    let runtime = Runtime::builder().build();
    for script in [
        "x = invokeurl [ url: \"http://127.0.0.1:1/\" type: GET ];",
        "x = getUrl(\"http://127.0.0.1:1/\");",
        "x = invokeurl [ url: \"file:///etc/passwd\" type: GET ];",
        "x = zoho.crm.getRecordById(\"Leads\", 1);",
    ] {
        if let Ok(compiled) = runtime.compile("t.dg", script) {
            assert!(compiled.call().run().is_err(), "{script}");
        }
    }
}
