//! A request of a script beside the same request of bare reqwest, over one kept connection on loopback.

use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use criterion::Criterion;
use dgscript::Runtime;
use dgscript::host::fake::FakeHttp;
use dgscript::host::{Body, Cancel, Headers, Host, Http, Method, Request, Response};
use dgscript::system::{Network, SystemHttp};

use crate::compiled;

const ANSWER: &str = "{\"id\":4876876000001234567,\"name\":\"Ada Lovelace\",\"tags\":[\"a\",\"b\"],\"total\":12.50}";

/// A server that answers everything alike and keeps its connections.
fn server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("{error}"));
    let address = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream));
        }
    });
    address
}

fn serve(stream: TcpStream) -> Option<()> {
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{ANSWER}",
        ANSWER.len()
    );
    stream.set_nodelay(true).ok()?;
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    while reader.read_line(&mut line).ok()? > 0 {
        if line == "\r\n" {
            writer.write_all(answer.as_bytes()).ok()?;
        }
        line.clear();
    }
    Some(())
}

/// `invokeurl` against the fake host, and over loopback beside the parts it stands on.
pub(crate) fn requesting(criterion: &mut Criterion) {
    let url = format!("http://{}/v1", server());
    let mut group = criterion.benchmark_group("requesting");
    group.bench_function("invokeurl against the fake host", |bencher| {
        let script = "x = invokeurl\n[\n url :\"https://api.example.com/v1\"\n type :POST\n parameters :{\"a\":1}\n];\nreturn x.get(\"id\");";
        let answers = || FakeHttp::answering((0..1_000_000).map(|_| Ok(Response::new(200, "application/json", ANSWER))));
        let mut host = Host::fake();
        host.http = Arc::new(answers());
        let script = compiled(&Runtime::builder().host(host).build(), script);
        bencher.iter(|| script.call().run().is_ok());
    });
    group.bench_function("bare reqwest over loopback", |bencher| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.unwrap_or_else(|error| panic!("{error}"));
        let client = reqwest::Client::builder().no_proxy().build();
        let client = client.unwrap_or_else(|error| panic!("{error}"));
        let fetch = async || {
            let answer = client.get(&url).timeout(Duration::from_secs(40)).send().await?;
            answer.bytes().await
        };
        bencher.iter(|| {
            runtime
                .block_on(fetch())
                .is_ok_and(|bytes| black_box(bytes).len() == ANSWER.len())
        });
    });
    group.bench_function("the system's http over loopback", |bencher| {
        let http = SystemHttp::new(Network::open());
        let request = Request {
            method: Method::Get,
            url: url.parse().unwrap_or_else(|error| panic!("{error}")),
            headers: Headers::default(),
            body: Body::Empty,
            timeout: Duration::from_secs(40),
            response_limit: 1 << 20,
        };
        let cancel = Cancel::new();
        bencher.iter(|| http.send(&request, &cancel).is_ok_and(|answer| answer.status == 200));
    });
    group.bench_function("invokeurl over loopback", |bencher| {
        let runtime = Runtime::builder().http(SystemHttp::new(Network::open())).build();
        let script = compiled(&runtime, &format!("return invokeurl [ url : \"{url}\" ].get(\"id\");"));
        bencher.iter(|| script.call().run().is_ok());
    });
    group.finish();
}
