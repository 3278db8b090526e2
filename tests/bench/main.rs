//! What is fast has to stay fast: `cargo bench` measures reading, running and requests against the fake host.
//!
//! The programs of the language benchmarks lie in `programs`; nothing here runs in `cargo test`.

#![allow(
    clippy::panic,
    missing_docs,
    reason = "a benchmark that cannot go on stops; its macros write no docs"
)]

mod requests;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dgscript::source::SourceId;
use dgscript::syntax::{self, Profile};
use dgscript::{Compiled, Runtime};

/// A script of about this many bytes, in the manner of real ones.
fn long_script(bytes: usize) -> String {
    let block = r#"
// Copies what the other service needs.
for each  record in records
{
	if(record.get("Status") == "Open" && !isNull(record.get("Owner")))
	{
		entry = Map();
		entry.put("id",record.get("id").toString());
		entry.put("total",record.get("price") * 1.18 + 4.50);
		entry.put("label","Order " + record.get("number") + " of " + ifnull(record.get("name"),"nobody"));
		result.add(entry);
	}
	else if(record.get("Status") = "Closed")
	{
		continue;
	}
}
"#;
    let mut script = String::from("records = List();\nresult = List();\n");
    while script.len() < bytes {
        script.push_str(block);
    }
    script
}

fn reading(criterion: &mut Criterion) {
    let script = long_script(1 << 20);
    let mut group = criterion.benchmark_group("reading");
    group.throughput(Throughput::Bytes(script.len() as u64));
    group.bench_function("lex and parse", |bencher| {
        bencher.iter(|| black_box(syntax::parse(black_box(&script), SourceId(0), Profile::Standard)));
    });
    group.bench_function("parse and resolve", |bencher| {
        let runtime = Runtime::builder().build();
        bencher.iter(|| runtime.compile("long.dg", black_box(&script)).is_ok());
    });
    group.finish();
}

/// The programs: their name, and a script that does one thing many times.
const PROGRAMS: &[(&str, &str)] = &[
    (
        "a loop of 100,000 passes",
        "total = 0;\ni = 0;\nwhile(i < 100000)\n{\n total = total + i;\n i = i + 1;\n}\nreturn total;",
    ),
    (
        "recursive calls",
        "int fib(int n)\n{\n if(n < 2)\n {\n  return n;\n }\n return fib(n - 1) + fib(n - 2);\n}\nreturn fib(20);",
    ),
    (
        "a list of 10,000",
        "l = List();\ni = 0;\nwhile(i < 10000)\n{\n l.add(i);\n i = i + 1;\n}\nreturn l.size();",
    ),
    (
        "a map of 10,000",
        "m = Map();\ni = 0;\nwhile(i < 10000)\n{\n m.put(\"key\" + i,i);\n i = i + 1;\n}\nreturn m.size();",
    ),
    (
        "a text of 10,000 pieces",
        "t = \"\";\ni = 0;\nwhile(i < 10000)\n{\n t = t + \"piece \" + i;\n i = i + 1;\n}\nreturn t.length();",
    ),
    (
        "records filtered and rebuilt",
        "all = List();\ni = 0;\nwhile(i < 1000)\n{\n all.add({\"id\":i,\"city\":\"Lima\",\"amount\":i % 100});\n i = i + 1;\n}\nkept = List();\n\
         for each r in all\n{\n if(r.get(\"amount\") > 50)\n {\n  kept.add({\"id\":r.get(\"id\"),\"label\":r.get(\"city\") + r.get(\"id\")});\n }\n}\nreturn kept.size();",
    ),
    (
        "words of a text counted",
        "t = repeat(\"kato lora mine rupos \", 500);\nm = Map();\nfor each w in t.trim().toList(\" \")\n{\n m.put(w,ifnull(m.get(w),0) + 1);\n}\nreturn m.get(\"lora\");",
    ),
    (
        "dates moved and printed",
        "d = '01-Jan-2000';\ni = 0;\nn = 0;\nwhile(i < 1000)\n{\n n = n + d.addDay(i).toString(\"yyyy-MM-dd\").length();\n i = i + 1;\n}\nreturn n;",
    ),
    (
        "regular expressions",
        "i = 0;\nn = 0;\nwhile(i < 1000)\n{\n t = \"order \" + i + \" of 2024\";\n if(t.matches(\"order [0-9]+ of .*\"))\n {\n  n = n + t.replaceAll(\"[0-9]+\",\"#\").length();\n }\n i = i + 1;\n}\nreturn n;",
    ),
    (
        "exact decimals",
        "t = 0.00;\ni = 0;\nwhile(i < 10000)\n{\n t = t + i * 1.18;\n i = i + 1;\n}\nreturn t;",
    ),
    (
        "errors caught",
        "i = 0;\nn = 0;\nwhile(i < 10000)\n{\n try\n {\n  throw \"no\";\n }\n catch (e)\n {\n  n = n + 1;\n }\n i = i + 1;\n}\nreturn n;",
    ),
    (
        "JSON there and back",
        "m = Map();\ni = 0;\nwhile(i < 1000)\n{\n m.put(\"key\" + i,{\"id\":i,\"tags\":{\"a\",\"b\"}});\n i = i + 1;\n}\nreturn m.toString().toMap().size();",
    ),
];

fn compiled(runtime: &Runtime, script: &str) -> Compiled {
    match runtime.compile("bench.dg", script) {
        Ok(compiled) => compiled,
        Err(error) => panic!("{error}"),
    }
}

fn running(criterion: &mut Criterion) {
    let runtime = Runtime::builder().build();
    let mut group = criterion.benchmark_group("running");
    for (name, script) in PROGRAMS {
        let script = compiled(&runtime, script);
        group.bench_function(*name, |bencher| bencher.iter(|| script.call().run().is_ok()));
    }
    group.finish();
}

/// A handler as bots have them: an event in, a card out.
const HANDLER: &str = r#"
name = user.get("first_name");
lines = List();
for each item in cart.get("items")
{
	lines.add({"label":item.get("sku"),"value":item.get("qty") + " x " + item.get("price")});
}
response = Map();
response.put("text","Hello " + ifnull(name,"you") + ", your cart:");
response.put("card",{"title":"Cart","theme":"modern-inline"});
response.put("slides",{{"type":"label","data":lines}});
return response;
"#;

fn handling(criterion: &mut Criterion) {
    let handler = compiled(&Runtime::builder().build(), HANDLER);
    let user: serde_json::Value = serde_json::json!({"first_name": "Ada", "id": 1_234_567_890_123_456_789_i64});
    let item = |index: usize| serde_json::json!({"sku": format!("SKU-{index}"), "qty": index, "price": 9.95});
    let cart = serde_json::json!({"items": (0..8).map(item).collect::<Vec<_>>()});
    criterion.bench_function("a handler of a bot", |bencher| {
        bencher.iter(|| {
            let call = handler.call().input("user", user.clone()).input("cart", cart.clone());
            call.run().is_ok()
        });
    });
}

/// One call of a built-in on a text or list of a size: what it costs must grow no faster than the size does.
const SIZED: &[(&str, &str)] = &[
    (
        "append to a text",
        "t = \"\";\nfor each x in l\n{\n t = t + \"ab\";\n}\nreturn t.length();",
    ),
    ("split", "return s.toList(\",\").size();"),
    ("replace", "return s.replaceAll(\",\",\"; \").length();"),
    ("sort", "return l.sort().size();"),
    ("distinct", "return l.distinct().size();"),
    (
        "map of",
        "m = Map();\nfor each x in l\n{\n m.put(x,1);\n}\nreturn m.size();",
    ),
    ("JSON of", "return l.toString().toJSONList().size();"),
];

fn growing(criterion: &mut Criterion) {
    let runtime = Runtime::builder().build();
    let mut group = criterion.benchmark_group("cost against size");
    for (name, script) in SIZED {
        let script = compiled(&runtime, script);
        for size in [100_i64, 1_000, 10_000] {
            let list: Vec<i64> = (0..size).map(|index| index * 7_919 % size).collect();
            let text: Vec<String> = list.iter().map(i64::to_string).collect();
            let (list, text) = (serde_json::json!(list), text.join(","));
            group.throughput(Throughput::Elements(size.unsigned_abs()));
            group.bench_function(format!("{name} {size}"), |bencher| {
                bencher.iter(|| {
                    script
                        .call()
                        .input("l", list.clone())
                        .input("s", text.clone())
                        .run()
                        .is_ok()
                });
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    targets = reading, running, handling, growing, requests::requesting
}
criterion_main!(benches);
