//! Against fakes: requests as they leave, answers as scripts see them, redirects.

mod answers;
mod redirects;
mod requests;

use std::sync::Arc;

use url::form_urlencoded;

use super::*;
use crate::diagnostic::Code;
use crate::host::fake::FakeHttp;
use crate::host::{
    Asked, Authority, AuthorityError, AuthorityErrorKind, Body, Cancel, Context, EvalError, Grant, Host, HttpError,
    HttpErrorKind, Limits, LinkName, Meter, Request, Response, Retry, Settings,
};
use crate::value::{File, Map, Value, json};

/// What came of a task.
struct Done {
    result: Result<Value, Box<EvalError>>,
    requests: Vec<Request>,
    warnings: Vec<Code>,
    shown: Vec<String>,
}

impl Done {
    fn text(&self) -> String {
        let settings = Settings::default();
        match &self.result {
            Ok(value) => value.to_text(&settings.dates).unwrap(),
            Err(error) => format!("{}: {}", error.code().number(), error.message()),
        }
    }

    fn sent(&self) -> &Request {
        self.requests.last().unwrap()
    }
}

/// Performs a task whose keys are given, a key's value being JSON.
fn perform_with(
    keys: &[(&str, Value)],
    answers: Vec<Result<Response, HttpError>>,
    authority: Option<Arc<dyn Authority>>,
) -> Done {
    let http = Arc::new(FakeHttp::answering(answers));
    let mut host = Host::fake();
    host.http = Arc::<FakeHttp>::clone(&http);
    if let Some(authority) = authority {
        host.authority = authority;
    }
    let settings = Settings::default();
    let mut context = Context::new(&host, &settings, Meter::new(Limits::zoho(), Cancel::new()));
    let mut outgoing = Outgoing::default();
    let set = keys
        .iter()
        .try_for_each(|(key, value)| outgoing.set(key, value, &context));
    let result = set.and_then(|()| perform(&outgoing, &mut context));
    let warnings = context.warnings.iter().map(|warning| warning.code).collect();
    let shown = context.requests.iter().map(|record| record.url.clone()).collect();
    Done {
        result,
        requests: http.requests(),
        warnings,
        shown,
    }
}

fn text(text: &str) -> Value {
    Value::text(text)
}

fn read(text: &str) -> Value {
    json::parse(text).unwrap()
}

const URL: &str = "https://api.example.com/v1?a=1";

/// Performs a task of this method with one payload, against an answer nobody looks at.
fn sent(method: &str, payload: &[(&str, Value)]) -> Done {
    let mut keys = vec![("url", text(URL)), ("type", text(method))];
    keys.extend(payload.iter().cloned());
    perform_with(&keys, vec![Ok(Response::new(200, "", ""))], None)
}

/// The body of a request in one line: its content type, and what it holds.
fn body(request: &Request) -> String {
    let media_type = request.headers.get("content-type").unwrap_or("-");
    let content = match &request.body {
        Body::Empty => String::new(),
        Body::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Body::Form(pairs) => form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish(),
        Body::Multipart(parts) => {
            let part = |part: &crate::host::Part| {
                let file = match (&part.file_name, &part.media_type) {
                    (Some(name), Some(media_type)) => format!("<{name} {media_type}>"),
                    _ => String::new(),
                };
                format!("{}{file}={}", part.name, String::from_utf8_lossy(&part.bytes))
            };
            let parts: Vec<String> = parts.iter().map(part).collect();
            return format!("multipart {}", parts.join(" | "));
        }
    };
    format!("{media_type} {content}").trim_end().to_owned()
}

fn file(name: &str, param: &str) -> Value {
    let file = File::new(name, "", b"abc".to_vec());
    file.content_mut().param_name = param.to_owned();
    Value::File(file)
}

/// An answer with further header fields.
fn answer(status: u16, media_type: &str, fields: &[(&str, &str)], body: &[u8]) -> Response {
    let mut response = Response::new(status, media_type, body);
    for (name, value) in fields {
        response.headers.add(*name, *value);
    }
    response
}
