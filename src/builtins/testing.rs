//! For the tests of the families: calls a built-in directly, on a fake host.

use super::{Call, function, method};
use crate::host::{Cancel, Context, EvalError, Host, Limits, Meter, Settings};
use crate::value::Value;

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
    let host = Host::fake();
    let mut context = Context {
        host: &host,
        settings: &settings,
        meter: Meter::new(Limits::local(), Cancel::new()),
        requests: Vec::new(),
        warnings: Vec::new(),
    };
    let builtin = match &receiver {
        Some(receiver) => method(name).and_then(|group| group.on(receiver.kind())),
        None => function(name).or_else(|| super::variable(name)),
    }
    .unwrap_or_else(|| panic!("no built-in {name} for {:?}", receiver.as_ref().map(Value::kind)));
    assert!(
        builtin.takes(arguments.len()),
        "{name} does not take {} arguments",
        arguments.len()
    );
    let receiver = receiver.unwrap_or_default();
    let result = (builtin.run)(&mut Call {
        builtin,
        receiver,
        arguments,
        pairs: false,
        context: &mut context,
    });
    (result, settings)
}
