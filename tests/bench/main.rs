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

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    targets = reading, running, requests::requesting
}
criterion_main!(benches);
