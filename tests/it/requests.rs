//! Requests of scripts over real sockets: every method with every payload, every kind of answer, and what servers do
//! wrong.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use dgscript::Runtime;
use dgscript::diagnostic::Code;
use dgscript::host::{Cancel, Limits};
use dgscript::runtime::RunError;
use dgscript::system::{Network, SystemHttp};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::peer::{Peer, Reply};
use crate::support::Dg;

/// The most bytes that an answer may have in these tests.
const LIMIT: usize = 1 << 20;

fn limits() -> Limits {
    Limits {
        response_bytes: LIMIT,
        ..Limits::local()
    }
}

fn run_on(network: Network, script: &str) -> Result<String, Box<RunError>> {
    let runtime = Runtime::builder()
        .http(SystemHttp::new(network))
        .limits(limits())
        .build();
    let compiled = runtime.compile("script.dg", script).expect("a script");
    compiled.call().run().map(|outcome| outcome.lines().join("\n"))
}

#[track_caller]
fn printed(script: &str) -> String {
    run_on(Network::open(), script).unwrap_or_else(|error| panic!("{script}\n{}", error.diagnostic.title))
}

/// The number and the title of the error that stops a script.
#[track_caller]
fn failure(script: &str) -> (Code, String) {
    let error = run_on(Network::open(), script).expect_err("an error");
    (error.diagnostic.code, error.diagnostic.title)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Tells what arrived, as JSON.
fn echo() -> Peer {
    Peer::new(|request| {
        let told = json!({
            "method": request.method,
            "path": request.path,
            "type": request.header("content-type"),
            "length": request.header("content-length"),
            "body": request.body,
        });
        (200, told.to_string())
    })
}

/// A payload in a script: its entries, and what arrives of it as content type and body.
const PAYLOADS: &[(&str, &str, &str)] = &[
    ("", "", ""),
    (
        "parameters : m",
        "application/x-www-form-urlencoded",
        "a=1&b=x+%26+%C3%A4",
    ),
    (
        "parameters : m headers : j",
        "application/json",
        "{\"a\":1,\"b\":\"x & ä\"}",
    ),
    ("parameters : m.toString()", "text/plain", "{\"a\":1,\"b\":\"x & ä\"}"),
    (
        "parameters : m.toString() headers : j",
        "application/json",
        "{\"a\":1,\"b\":\"x & ä\"}",
    ),
    ("parameters : {1,2} headers : j", "application/json", "[1,2]"),
    (
        "parameters : \"raw\" content-type : \"text/x-own\"",
        "text/x-own",
        "raw",
    ),
    ("body : m", "multipart/form-data", "name=\"b\"\r\n\r\nx & ä\r\n"),
    ("body : m headers : j", "application/json", "{\"a\":1,\"b\":\"x & ä\"}"),
    ("body : \"raw\"", "text/plain", "raw"),
    ("parameters : f", "text/csv", "one,two"),
    ("body : f", "text/csv", "one,two"),
    (
        "files : f parameters : m",
        "multipart/form-data",
        "name=\"doc\"; filename=\"a \\\"b\\\".csv\"\r\nContent-Type: text/csv\r\n\r\none,two\r\n",
    ),
];

#[test]
fn every_method_carries_every_payload() {
    let peer = echo();
    let mut script = String::from(
        "m = {\"a\":1,\"b\":\"x & ä\"};\nj = {\"Content-Type\":\"application/json\"};\n\
         f = \"one,two\".toFile(\"a.csv\");\nf.setFileName(\"a \\\"b\\\".csv\");\nf.setFileType(\"csv\");\nf.setParamName(\"doc\");\n",
    );
    let methods = ["POST", "PUT", "PATCH", "DELETE"];
    for (method, (entries, ..)) in methods
        .iter()
        .flat_map(|method| PAYLOADS.iter().map(move |payload| (method, payload)))
    {
        let task = format!(
            "invokeurl [ url : \"{}\" type : {method} {entries} ]",
            peer.url("/x?y=1")
        );
        script.push_str(&format!("info {task};\n"));
    }
    let text = printed(&script);
    let mut lines = text.lines();
    for (method, (entries, media_type, body)) in methods
        .iter()
        .flat_map(|method| PAYLOADS.iter().map(move |payload| (method, payload)))
    {
        let told: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
        assert_eq!(told["method"], *method);
        assert_eq!(told["path"], "/x?y=1");
        let arrived_type = told["type"][0].as_str().unwrap_or_default();
        assert!(arrived_type.starts_with(media_type), "{method} {entries}: {told}");
        let arrived = told["body"].as_str().unwrap();
        match *media_type {
            "multipart/form-data" => assert!(arrived.contains(body), "{method} {entries}: {arrived}"),
            _ => assert_eq!(arrived, *body, "{method} {entries}"),
        }
        let has_length = *method != "DELETE" || !body.is_empty();
        assert_eq!(
            told["length"].as_array().map(Vec::len),
            Some(usize::from(has_length)),
            "{method} {entries}"
        );
    }
}

#[test]
fn a_get_carries_its_parameters_in_the_query() {
    let peer = echo();
    let script = format!(
        "info invokeurl [ url : \"{0}?y=1\" parameters : {{\"a\":\"x y\",\"n\":null}} ].get(\"path\");\n\
         info invokeurl [ url : \"{0}\" body : \"x\" ].get(\"body\");\ninfo getUrl(\"{0}\").toMap().get(\"method\");",
        peer.url("/g")
    );
    assert_eq!(printed(&script), "/g?y=1&a=x+y&n=\n\nGET");
}

#[test]
fn answers_come_plain_detailed_and_as_files() {
    let peer = Peer::raw(|request| match request.path.as_str() {
        "/object" => Reply::of(
            200,
            "content-type: application/json\r\n",
            br#"{"id":9223372036854775807}"#,
        ),
        "/array" => Reply::of(200, "content-type: application/json\r\n", br#"[{"a":1}]"#),
        "/text" => Reply::of(200, "content-type: text/html\r\n", b"<p>"),
        "/image.png" => Reply::of(200, "content-type: image/png\r\n", b"\x89PNG"),
        "/empty" => Reply::Bytes(b"HTTP/1.1 204 X\r\n\r\n".to_vec()),
        "/bad" => Reply::of(400, "content-type: application/json\r\n", br#"{"code":"INVALID"}"#),
        "/latin" => Reply::of(200, "content-type: text/plain\r\nx-name: caf\u{e9}\r\n", b"caf\xe9"),
        _ => Reply::of(500, "content-type: text/plain\r\n", b"oops"),
    });
    let url = |path: &str| peer.url(path);
    for (task, expected) in [
        (format!("url : \"{}\"", url("/object")), r#"{"id":9223372036854775807}"#),
        (format!("url : \"{}\"", url("/array")), r#"{"a":1}"#),
        (format!("url : \"{}\"", url("/text")), "<p>"),
        (format!("url : \"{}\"", url("/empty")), ""),
        (format!("url : \"{}\"", url("/bad")), r#"{"code":"INVALID"}"#),
        (format!("url : \"{}\"", url("/other")), "oops"),
        (
            format!("url : \"{}\" response-decoding : \"ISO-8859-1\"", url("/latin")),
            "café",
        ),
        (
            format!("url : \"{}\" response-decoding : \"UTF-16LE\"", url("/latin")),
            "\u{6163}\u{e966}",
        ),
    ] {
        assert_eq!(printed(&format!("info invokeurl [ {task} ];")), expected, "{task}");
    }
    let detailed = printed(&format!(
        "info invokeurl [ url : \"{}\" detailed : true ];",
        url("/other")
    ));
    let detailed: Value = serde_json::from_str(&detailed).unwrap();
    assert_eq!(
        (&detailed["responseCode"], &detailed["responseText"]),
        (&json!(500), &json!("oops"))
    );
    assert_eq!(detailed["responseHeader"]["content-type"], "text/plain");
    let script = format!(
        "f = invokeurl [ url : \"{}\" ];\ninfo f.getFileName() + \" \" + f.getFileType() + \" \" + f.getFileSize();",
        url("/image.png")
    );
    assert_eq!(printed(&script), "image.png image/png 4");
}

#[test]
fn packed_answers_are_unpacked_and_bombs_are_given_up() {
    // 64 MB of zeros in 102 bytes, and a small object, as brotli packs them.
    const BOMB: &str = "cbffff3f002400e2b14072effff8ffff078004401c1680eefd1fffffff00900088c302d0bdffe3ffff1f001200715800baf77ffcffff034002200e0b40f7fe8fffff7f004800c46101e8defff1ffff0f000980382c00ddfbbffcffff032001108705a07bff07";
    const SMALL: &str = "0b09807b227061636b6564223a2262726f746c69227d03";
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    };
    let (bomb, small) = (bytes(BOMB), bytes(SMALL));
    let packed = gzip(br#"{"packed":"gzip"}"#);
    let zeros = gzip(&vec![0; 4 * LIMIT]);
    let peer = Peer::raw(move |request| {
        assert_eq!(request.header("accept-encoding"), ["gzip,br"]);
        let (encoding, body) = match request.path.as_str() {
            "/gzip" => ("gzip", packed.as_slice()),
            "/brotli" => ("br", small.as_slice()),
            "/cut" => ("gzip", &packed[..packed.len() - 9]),
            "/lie" => ("gzip", b"plain".as_slice()),
            "/gzip-bomb" => ("gzip", zeros.as_slice()),
            _ => ("br", bomb.as_slice()),
        };
        Reply::of(
            200,
            &format!("content-type: application/json\r\ncontent-encoding: {encoding}\r\n"),
            body,
        )
    });
    let get = |path: &str| format!("info invokeurl [ url : \"{}\" ];", peer.url(path));
    assert_eq!(printed(&get("/gzip")), r#"{"packed":"gzip"}"#);
    assert_eq!(printed(&get("/brotli")), r#"{"packed":"brotli"}"#);
    for (path, code) in [
        ("/gzip-bomb", Code::ResponseTooLarge),
        ("/brotli-bomb", Code::ResponseTooLarge),
        ("/cut", Code::BadResponse),
        ("/lie", Code::BadResponse),
    ] {
        assert_eq!(failure(&get(path)).0, code, "{path}");
    }
}

#[test]
fn a_large_answer_is_given_up_early_whether_announced_or_not() {
    let peer = Peer::raw(|request| {
        let length = if request.path == "/announced" {
            "content-length: 209715200\r\n"
        } else {
            ""
        };
        Reply::Flood(format!("HTTP/1.1 200 X\r\ncontent-type: text/plain\r\n{length}\r\n").into_bytes())
    });
    for path in ["/announced", "/endless"] {
        let script = format!("info invokeurl [ url : \"{}\" ];", peer.url(path));
        let (code, title) = failure(&script);
        assert_eq!(code, Code::ResponseTooLarge);
        assert!(
            title.starts_with("the answer is larger than 1 MB: GET http://127.0.0.1"),
            "{title}"
        );
    }
    // What the sockets of both sides hold comes on top of what was read.
    assert!(peer.written() < 32 * LIMIT, "{} bytes", peer.written());
}

#[test]
fn what_servers_do_wrong_is_told_and_can_be_caught() {
    let peer = Peer::raw(|request| match request.path.split('?').next().unwrap_or_default() {
        "/short" => Reply::Last(b"HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\nonly this".to_vec()),
        "/chunk" => Reply::Last(b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n64\r\nonly this".to_vec()),
        "/other" => Reply::Stall(b"220 mail.example ESMTP\r\n\r\n".to_vec()),
        _ => Reply::Last(Vec::new()),
    });
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let ended = "the host ended the connection before the answer was complete";
    for (url, code, reason) in [
        (peer.url("/short"), Code::BadResponse, ended),
        (peer.url("/chunk"), Code::BadResponse, ended),
        (peer.url("/nothing"), Code::BadResponse, ended),
        (
            peer.url("/other"),
            Code::BadResponse,
            "the host does not answer as HTTP asks for",
        ),
        (
            format!("http://{closed}/"),
            Code::ConnectFailed,
            "the host refuses the connection",
        ),
        (
            peer.url("/tls").replace("http:", "https:"),
            Code::ConnectFailed,
            "no connection to the host",
        ),
        (
            "http://nowhere.invalid/".to_owned(),
            Code::ConnectFailed,
            "the name of the host is not known",
        ),
    ] {
        let (found, title) = failure(&format!("x = invokeurl [ url : \"{url}?key=s3cret\" ];"));
        assert_eq!(found, code, "{url}: {title}");
        assert!(title.starts_with(reason) && !title.contains("s3cret"), "{url}: {title}");
        let caught = format!("try\n{{\n x = invokeurl [ url : \"{url}\" ];\n}}\ncatch (e)\n{{\n info e.message;\n}}");
        assert!(printed(&caught).starts_with(reason));
    }
}

#[test]
fn slow_servers_run_into_the_time_out_of_the_task() {
    let peer = Peer::raw(|request| match request.path.as_str() {
        "/silent" => Reply::Stall(Vec::new()),
        _ => Reply::Stall(b"HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\nbegun".to_vec()),
    });
    for path in ["/silent", "/begun"] {
        let script = format!("x = invokeurl [ url : \"{}\" timeout : 0.05 ];", peer.url(path));
        let (code, title) = failure(&script);
        assert_eq!(code, Code::Timeout);
        assert!(
            title.starts_with("socket timeout error: GET http://127.0.0.1:"),
            "{title}"
        );
    }
}

#[test]
fn those_who_wait_at_once_end_each_in_its_own_way() {
    let peer = Peer::raw(|request| match request.path.as_str() {
        "/silent" => Reply::Stall(Vec::new()),
        _ => Reply::of(200, "", b"ok"),
    });
    let answered = format!("return invokeurl [ url : \"{}\" ];", peer.url("/"));
    let late = format!("return invokeurl [ url : \"{}\" timeout : 0.06 ];", peer.url("/silent"));
    let ended = format!("return invokeurl [ url : \"{}\" ];", peer.url("/silent"));
    let runtime = Runtime::builder().http(SystemHttp::new(Network::open())).build();
    let limits = Limits {
        time: Some(Duration::from_millis(80)),
        ..Limits::local()
    };
    let check = |script: &str, limits: Limits, expected: Result<&str, Code>| {
        let outcome = runtime
            .compile("script.dg", script)
            .unwrap()
            .call()
            .limits(limits)
            .run();
        match expected {
            Ok(text) => assert_eq!(outcome.unwrap().result, text.into()),
            Err(code) => assert_eq!(outcome.unwrap_err().diagnostic.code, code),
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..50).for_each(|_| check(&answered, Limits::local(), Ok("ok"))));
            scope.spawn(|| (0..3).for_each(|_| check(&late, Limits::local(), Err(Code::Timeout))));
            scope.spawn(|| (0..3).for_each(|_| check(&ended, limits.clone(), Err(Code::TimeLimit))));
        }
    });
}

#[test]
fn no_time_out_is_too_long() {
    let peer = Peer::echo();
    for seconds in ["100000000000", "10000000000000000000", "1.8e19"] {
        let script = format!(
            "info invokeurl [ url : \"{}\" timeout : \"{seconds}\" ].get(\"ok\");",
            peer.url("/")
        );
        assert_eq!(printed(&script), "true", "{seconds}");
    }
}

#[test]
fn a_waiting_run_is_stopped_by_its_deadline_and_from_outside() {
    let cancel = Cancel::new();
    let on_arrival = cancel.clone();
    let peer = Peer::raw(move |_| {
        on_arrival.cancel();
        Reply::Stall(Vec::new())
    });
    let script = format!(
        "try\n{{\n x = invokeurl [ url : \"{}\" ];\n}}\ncatch (e)\n{{\n}}",
        peer.url("/")
    );
    let runtime = Runtime::builder().http(SystemHttp::new(Network::open())).build();
    let compiled = runtime.compile("script.dg", &script).unwrap();
    let stopped = compiled.call().cancel(cancel).run().unwrap_err();
    assert_eq!(stopped.diagnostic.code, Code::Interrupted);
    let limits = Limits {
        time: Some(Duration::from_millis(20)),
        ..Limits::local()
    };
    let late = compiled.call().limits(limits).run().unwrap_err();
    assert_eq!(late.diagnostic.code, Code::TimeLimit);
}

#[test]
fn redirects_are_followed_over_real_sockets() {
    let target = Arc::new(echo());
    let there = Arc::clone(&target);
    let peer = Peer::raw(move |request| {
        let status = request.path[1..].parse().unwrap();
        Reply::of(status, &format!("location: {}\r\n", there.url("/there")), b"")
    });
    for (status, method, payload) in [
        (301, "GET", ""),
        (302, "GET", ""),
        (303, "GET", ""),
        (307, "POST", "a=1"),
        (308, "POST", "a=1"),
    ] {
        let task = format!(
            "r = invokeurl [ url : \"{}\" type : POST parameters : {{\"a\":1}} headers : {{\"X-Key\":\"own\"}} ];",
            peer.url(&format!("/{status}"))
        );
        let script = format!("{task}\ninfo r.get(\"method\") + \" \" + r.get(\"path\") + \" \" + r.get(\"body\");");
        assert_eq!(printed(&script), format!("{method} /there {payload}"), "{status}");
    }
    assert!(target.headers_of("x-key").is_empty() && target.headers_of("referer").is_empty());
}

#[test]
fn connections_of_the_pool_are_used_again() {
    let peer = echo();
    let script = format!(
        "for each i in {{1,2,3}}\n{{\n x = invokeurl [ url : \"{}\" ];\n info x.get(\"method\");\n}}",
        peer.url("/")
    );
    assert_eq!(printed(&script), "GET\nGET\nGET");
}

#[test]
fn a_public_network_reaches_nothing_on_this_machine() {
    let peer = echo();
    let port = peer.url("/").rsplit(':').next().unwrap().to_owned();
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ] {
        let script = format!("x = invokeurl [ url : \"http://{host}:{port}\" ];");
        let error = run_on(Network::public(), &script).expect_err("a refusal");
        assert_eq!(
            error.diagnostic.code,
            Code::HostNotAllowed,
            "{host}: {}",
            error.diagnostic.title
        );
    }
    assert_eq!(peer.count(), 0);
}

#[test]
fn the_network_of_a_run_holds_for_redirects_too() {
    let target = Arc::new(echo());
    let there = Arc::clone(&target);
    let peer = Peer::raw(move |_| Reply::of(302, &format!("location: {}\r\n", there.url("/there")), b""));
    let script = format!("x = invokeurl [ url : \"{}\" ];", peer.url("/"));
    let done = Dg::new("run")
        .args(["-", "--allow-host", &peer.origin()])
        .stdin(script)
        .exits(3);
    done.says("error[DG0507]").says(&target.origin());
    assert_eq!((peer.count(), target.count()), (1, 0));
}

#[test]
fn proxies_are_used_for_other_hosts_and_never_for_this_machine() {
    let peer = echo();
    let proxy = echo();
    let script = format!(
        "info invokeurl [ url : \"{}\" ].get(\"path\");\ninfo invokeurl [ url : \"http://far.example/x\" ].get(\"path\");",
        peer.url("/near")
    );
    let done = Dg::new("run")
        .arg("-")
        .env("http_proxy", proxy.origin())
        .stdin(script)
        .exits(0);
    done.stdout("/near\nhttp://far.example/x\n");
    assert_eq!((peer.count(), proxy.count()), (1, 1));
}

#[test]
fn offline_runs_send_nothing() {
    let peer = echo();
    let script = format!("x = invokeurl [ url : \"{}\" ];", peer.url("/"));
    Dg::new("run")
        .args(["-", "--offline"])
        .stdin(script)
        .exits(3)
        .says("error[DG0506]");
    assert_eq!(peer.count(), 0);
}
