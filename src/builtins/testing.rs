//! For the tests of the families: calls a built-in directly, on a fake host.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Call, function, method};
use crate::host::fake::FakeHttp;
use crate::host::{Body, Cancel, Context, EvalError, Evaluated, Host, Limits, Meter, Request, Response, Settings};
use crate::value::{Contents, Entries, List, Map, Value};

/// Calls a method on a value, or a function where `receiver` is `None`, and gives the text of its result or the
/// message of its error.
pub(crate) fn call(name: &str, receiver: Option<Value>, arguments: &[Value]) -> Result<String, String> {
    let (result, settings) = evaluate(name, receiver, arguments, Settings::default());
    result
        .map(|value| value.to_text(&settings.dates).unwrap())
        .map_err(|error| error.message().into_owned())
}

/// Calls a built-in with settings and gives the value itself.
pub(crate) fn evaluate(
    name: &str,
    receiver: Option<Value>,
    arguments: &[Value],
    settings: Settings,
) -> (Result<Value, Box<EvalError>>, Settings) {
    let given = Given {
        name,
        receiver,
        arguments,
        pairs: false,
    };
    let result = within(given, &settings, |result| result);
    (result, settings)
}

/// A call to be made.
struct Given<'a> {
    name: &'a str,
    receiver: Option<Value>,
    arguments: &'a [Value],
    pairs: bool,
}

/// Calls a built-in and looks at the result before the run ends: then cycles are broken, and with them every container
/// that holds another.
fn within<R>(given: Given<'_>, settings: &Settings, look: impl FnOnce(Evaluated) -> R) -> R {
    within_host(&Host::fake(), given, settings, look)
}

fn within_host<R>(host: &Host, given: Given<'_>, settings: &Settings, look: impl FnOnce(Evaluated) -> R) -> R {
    let Given {
        name,
        receiver,
        arguments,
        pairs,
    } = given;
    let mut context = Context::new(host, settings, Meter::new(Limits::local(), Cancel::new()));
    let builtin = match &receiver {
        Some(receiver) => method(name).and_then(|group| group.on(receiver.kind())),
        None => function(name).or_else(|| super::variable(name)),
    }
    .unwrap_or_else(|| panic!("no built-in {name} for {:?}", receiver.as_ref().map(Value::kind)));
    let count = if pairs { arguments.len() / 2 } else { arguments.len() };
    assert!(builtin.takes(count), "{name} does not take {count} arguments");
    let receiver = receiver.unwrap_or_default();
    let result = (builtin.run)(&mut Call {
        builtin,
        receiver: &receiver,
        arguments,
        pairs,
        context: &mut context,
    });
    look(result)
}

/// A value from its JSON, so that tests read like what scripts see.
pub(crate) fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Number(number),
            None => Value::from_wide(number.to_string().parse().unwrap()),
        },
        Json::String(text) => Value::text(text),
        Json::Array(items) => Value::List(List::new(items.iter().map(from_json).collect())),
        Json::Object(entries) => {
            let map = Map::default();
            for (key, value) in entries {
                map.put(Value::text(key), from_json(value));
            }
            Value::Map(map)
        }
    }
}

/// A value as JSON. A collection is what its contents are; a file is its name.
pub(crate) fn to_json(value: &Value) -> Json {
    let items = |items: &[Value]| Json::Array(items.iter().map(to_json).collect());
    let entries = |entries: &Entries| {
        let pairs = entries
            .iter()
            .map(|(key, value)| (key.value().key_text(), to_json(value)));
        Json::Object(pairs.collect())
    };
    match value.settled() {
        Value::Null => Json::Null,
        Value::Boolean(boolean) => Json::Bool(*boolean),
        Value::Number(number) => Json::from(*number),
        Value::List(list) => items(&list.items()),
        Value::Map(map) => entries(&map.entries()),
        Value::Collection(collection) => match &*collection.contents() {
            Contents::Empty => Json::Object(serde_json::Map::new()),
            Contents::Values(values) => items(values),
            Contents::Pairs(pairs) => entries(pairs),
        },
        Value::Empty(_) => Json::Object(serde_json::Map::new()),
        Value::File(file) => Json::from(file.content().name.clone()),
        other => match (other.as_text(), other.as_double()) {
            (Some(text), _) => Json::from(text),
            (None, Some(double)) => Json::from(double),
            (None, None) => Json::from(other.kind().name()),
        },
    }
}

/// Calls a built-in and gives its result as JSON, or the message of its error, and what became of the receiver.
pub(crate) fn effect_of(name: &str, receiver: &Value, arguments: &[Value]) -> (Result<Json, String>, Json) {
    looked_at(name, receiver, (arguments, false))
}

/// As [`effect_of`], with the arguments written as `key : value`.
pub(crate) fn effect_of_pairs(name: &str, receiver: &Value, arguments: &[Value]) -> (Result<Json, String>, Json) {
    looked_at(name, receiver, (arguments, true))
}

fn looked_at(name: &str, receiver: &Value, (arguments, pairs): (&[Value], bool)) -> (Result<Json, String>, Json) {
    let given = Given {
        name,
        receiver: (!receiver.is_null()).then(|| receiver.clone()),
        arguments,
        pairs,
    };
    within(given, &Settings::default(), |result| {
        let result = result.map(|value| to_json(&value));
        (result.map_err(|error| error.message().into_owned()), to_json(receiver))
    })
}

/// Calls a function against a host that answers one request with text. Gives the kind of its result or the message of
/// its error, and the request in one line: method, URL, headers but for the content type, the kind of its body.
pub(crate) fn requests_of(name: &str, arguments: &[Value]) -> (Result<String, String>, Vec<String>) {
    let http = Arc::new(FakeHttp::answering([Ok(Response::new(200, "text/plain", "Hello"))]));
    let mut host = Host::fake();
    host.http = Arc::<FakeHttp>::clone(&http);
    let given = Given {
        name,
        receiver: None,
        arguments,
        pairs: false,
    };
    let result = within_host(&host, given, &Settings::default(), |result| {
        let result = result.map(|value| value.kind().name().to_owned());
        result.map_err(|error| error.message().into_owned())
    });
    let line = |request: &Request| {
        let headers = request.headers.iter().filter(|(name, _)| *name != "Content-Type");
        let headers: String = headers.map(|(name, value)| format!(" {name}={value}")).collect();
        let body = match &request.body {
            Body::Empty => "-".to_owned(),
            body => format!("{body:?}"),
        };
        format!("{} {}{headers} {body}", request.method.as_str(), request.url)
    };
    (result, http.requests().iter().map(line).collect())
}
