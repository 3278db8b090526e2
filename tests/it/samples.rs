//! Every script of `scripts/samples` and `scripts/bots`, run against a fake host that answers as its service would.

use std::sync::Arc;

use dgscript::Runtime;
use dgscript::host::fake::{FakeAuthority, FakeHttp};
use dgscript::host::{Body, Host, HttpError, HttpErrorKind, Method, Request, Response};
use dgscript::source::SourceFile;
use serde_json::{Value, json};

use crate::support::root;

/// A run of one sample.
struct Sample {
    name: &'static str,
    inputs: Value,
    answers: Vec<Result<Response, HttpError>>,
    libraries: &'static [&'static str],
}

/// What it printed, returned and asked for.
struct Seen {
    lines: Vec<String>,
    result: Value,
    requests: Vec<Request>,
}

fn file(path: &str) -> SourceFile {
    let text = std::fs::read_to_string(root().join("scripts").join(path)).expect("a script");
    SourceFile::new(path, text.as_str())
}

fn answer(status: u16, body: &Value) -> Result<Response, HttpError> {
    Ok(Response::new(status, "application/json", body.to_string()))
}

impl Sample {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            inputs: json!({}),
            answers: Vec::new(),
            libraries: &[],
        }
    }

    fn inputs(mut self, inputs: Value) -> Self {
        self.inputs = inputs;
        self
    }

    fn answers(mut self, answers: impl IntoIterator<Item = Result<Response, HttpError>>) -> Self {
        self.answers.extend(answers);
        self
    }

    fn run(self) -> Seen {
        let http = Arc::new(FakeHttp::answering(self.answers));
        let mut host = Host::fake();
        host.http = Arc::<FakeHttp>::clone(&http);
        host.authority = Arc::new(FakeAuthority::knowing(&["shop", "books", "drive"]));
        let runtime = Runtime::builder().host(host).build();
        let libraries = self.libraries.iter().map(|path| file(path)).collect();
        let compiled = runtime.compile_with(file(self.name), libraries).expect("it compiles");
        assert!(compiled.warnings().is_empty(), "{:?}", compiled.warnings());
        let outcome = compiled.call().inputs_from(&self.inputs).expect("inputs").run();
        let outcome = outcome.unwrap_or_else(|error| panic!("{}: {}", self.name, error.diagnostic.title));
        Seen {
            lines: outcome.lines().into_iter().map(str::to_owned).collect(),
            result: outcome.result.to_json(),
            requests: http.requests(),
        }
    }
}

#[test]
fn paginated_orders_are_fetched_until_there_are_no_more() {
    let page = |orders: Value, more: bool| answer(200, &json!({"data": orders, "more_records": more}));
    let seen = Sample::new("samples/paginated_orders.dg")
        .inputs(json!({"baseUrl": "https://shop.example"}))
        .answers([
            page(
                json!([{"id": 1, "amount": "10.50"}, {"id": 2, "amount": "4"}, {"id": 3, "amount": 0.25}]),
                true,
            ),
            page(json!([{"id": 4, "amount": "5.25"}]), false),
        ])
        .run();
    assert_eq!(seen.lines, ["fetched 4 orders from 2 pages", "they are worth 20.00"]);
    let urls: Vec<_> = seen.requests.iter().map(|request| request.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "https://shop.example/orders?page=1&per_page=3",
            "https://shop.example/orders?page=2&per_page=3"
        ]
    );
    assert_eq!(seen.requests[0].headers.get("authorization"), Some("Bearer fake-shop"));
    assert_eq!(seen.result.as_array().map(Vec::len), Some(4));
}

#[test]
fn an_order_summary_keeps_ids_and_fills_gaps() {
    let seen = Sample::new("samples/order_summary.dg").run();
    let invoices: Vec<Value> = seen
        .lines
        .iter()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(invoices[0]["reference"], "4876876000000333001");
    assert!(seen.lines[0].ends_with("\"total\":105.00}"), "{}", seen.lines[0]);
    assert_eq!(invoices[1]["customer"], "Walk-in customer");
    assert_eq!(invoices[1]["salesperson"], "Amy");
    assert_eq!(invoices[1]["lines"][0]["position"], 1);
}

#[test]
fn a_message_handler_answers_with_a_card() {
    let inputs = std::fs::read_to_string(root().join("scripts/bots/order_bot.json")).expect("inputs");
    let seen = Sample::new("bots/order_bot.dg")
        .inputs(serde_json::from_str(&inputs).expect("JSON"))
        .run();
    assert_eq!(seen.result["text"], "Order *1001* of Scott");
    assert_eq!(seen.result["card"]["title"], "Order 1001");
    assert_eq!(seen.result["slides"][0]["data"]["rows"][1]["State"], "back-ordered");
    let other = Sample::new("bots/order_bot.dg")
        .inputs(json!({"message": "hi", "user": {}}))
        .run();
    assert_eq!(other.result["text"], "Hello there 👋, ask me about an order.");
}

/// The signatures are those that `openssl dgst -sha256 -hmac` gives.
#[test]
fn a_webhook_is_believed_only_with_its_signature() {
    let body = r#"{"type":"order.paid","order":{"id":1234567890123456789,"total":"19.90"}}"#;
    let webhook = |signature: &str| {
        let inputs = json!({"body": body, "signature": signature, "signingKey": "k3y"});
        Sample::new("samples/verify_webhook.dg").inputs(inputs).run()
    };
    let right = webhook("sha256=20574fddb1f91d855a1b1f15991b4804a5b74fc515da1c705d1600dd7a8461f6");
    assert_eq!(right.lines, ["order 1234567890123456789 was paid: 19.90"]);
    assert_eq!(right.result, json!({"status": 200}));
    let wrong = webhook("sha256=00");
    assert_eq!(
        (wrong.lines.as_slice(), wrong.result),
        (["signature refused".to_owned()].as_slice(), json!({"status": 401}))
    );
}

#[test]
fn a_report_is_uploaded_in_parts() {
    let seen = Sample::new("samples/upload_report.dg")
        .inputs(json!({"baseUrl": "https://drive.example", "folderId": "f1"}))
        .answers([answer(
            200,
            &json!({"file_name": "report.csv", "size": 43, "parent_id": "f1"}),
        )])
        .run();
    assert_eq!(seen.lines, ["uploaded report.csv, 43 bytes, to folder f1"]);
    let Body::Multipart(parts) = &seen.requests[0].body else {
        panic!("{:?}", seen.requests[0].body)
    };
    let named = |name: &str| parts.iter().find(|part| part.name == name).expect("a part");
    assert_eq!(named("parent_id").bytes, b"f1");
    assert_eq!(named("content").file_name.as_deref(), Some("report.csv"));
    assert_eq!(named("content").bytes, b"region,sold\n\"North\",12\n\"South, coast\",7");
}

#[test]
fn an_invoice_is_created_or_refused_by_its_status() {
    let create = |status: u16, body: Value| {
        Sample::new("samples/create_invoice.dg")
            .inputs(json!({"baseUrl": "https://books.example", "invoice": {"customer": "N"}}))
            .answers([answer(status, &body)])
            .run()
    };
    let created = create(
        201,
        json!({"invoice": {"number": "INV-7", "id": 4_876_876_000_000_333_001_i64}}),
    );
    assert_eq!(created.lines, ["created INV-7"]);
    assert_eq!(created.result, "4876876000000333001");
    let request = &created.requests[0];
    assert_eq!(
        (request.method, request.headers.get("content-type")),
        (Method::Post, Some("application/json"))
    );
    assert_eq!(request.body, Body::Bytes(br#"{"customer":"N"}"#.to_vec()));
    let refused = create(422, json!({"message": "no such customer"}));
    assert_eq!(refused.lines, ["refused with 422: no such customer"]);
    assert_eq!(refused.result, "");
}

#[test]
fn hosts_are_asked_in_turn_until_one_answers() {
    let down = Err(HttpError::new(HttpErrorKind::Connect, "connection refused"));
    let seen = Sample::new("samples/resilient_fetch.dg")
        .inputs(json!({"hosts": ["https://a.example", "https://b.example", "https://c.example"]}))
        .answers([down, answer(503, &json!({})), answer(200, &json!({"up": true}))])
        .run();
    assert_eq!(
        seen.lines,
        [
            "skipped a host that does not answer (line 12)",
            "answered after 3 attempts"
        ]
    );
    assert_eq!(seen.result, json!({"up": true}));
}

#[test]
fn a_price_list_uses_functions_of_a_library() {
    let mut sample = Sample::new("samples/price_list.dg");
    sample.libraries = &["library/tax.dg", "library/text.dg"];
    assert_eq!(
        sample.run().lines,
        [
            "chair: 59.38 in Germany, 58.88 in India",
            "desk: 380.8 in Germany, 377.6 in India",
            "lamp: 18.15 in Germany, 18.00 in India",
            "3 articles, 1 page",
        ]
    );
}

#[test]
fn the_first_script_greets() {
    let seen = Sample::new("hello.dg").inputs(json!({"name": "Ada"})).run();
    assert!(seen.lines[0].contains("Ada"), "{:?}", seen.lines);
}
