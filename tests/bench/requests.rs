//! A request of a script against the fake host: what the interpreter spends on it. What it costs over a network stands in
//! `embed`.

use std::sync::Arc;

use criterion::Criterion;
use dgscript::Runtime;
use dgscript::host::fake::FakeHttp;
use dgscript::host::{Host, Response};

use crate::compiled;

const ANSWER: &str = "{\"id\":4876876000001234567,\"name\":\"Ada Lovelace\",\"tags\":[\"a\",\"b\"],\"total\":12.50}";

const SCRIPT: &str = "x = invokeurl\n[\n url :\"https://api.example.com/v1\"\n type :POST\n parameters :{\"a\":1}\n];\nreturn x.get(\"id\");";

/// `invokeurl` against the fake host.
pub(crate) fn requesting(criterion: &mut Criterion) {
    criterion.bench_function("requesting/invokeurl against the fake host", |bencher| {
        let answers =
            || FakeHttp::answering((0..1_000_000).map(|_| Ok(Response::new(200, "application/json", ANSWER))));
        let mut host = Host::fake();
        host.http = Arc::new(answers());
        let script = compiled(&Runtime::builder().host(host).build(), SCRIPT);
        bencher.iter(|| script.call().run().is_ok());
    });
}
