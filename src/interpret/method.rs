//! Method calls: the short ways for the commonest, the table for the rest.

use super::{Frame, Interpreter};
use crate::builtins::{self, Builtin, MethodGroup};
use crate::diagnostic::{Code, nearest};
use crate::host::{EvalError, Evaluated};
use crate::resolve::program::{Expression, Method, Quick};
use crate::value::{Empty, Key, Kind, Map, Value};

impl Interpreter<'_> {
    /// A method call.
    #[inline(never)]
    pub(super) fn method(&mut self, method: &Method, frame: &mut Frame) -> Evaluated {
        if method.quick != Quick::No
            && let Some(value) = self.quick(method, frame)?
        {
            return Ok(value);
        }
        let receiver = self.evaluate(&method.receiver.value, frame)?;
        self.with_arguments(&method.arguments, frame, |this, arguments| {
            this.dispatch(method, receiver, arguments)
        })
    }

    /// The methods that scripts call most, on the kinds they call them on; `None` where the table has to decide. They
    /// do exactly what the table's entries do.
    fn quick(&mut self, method: &Method, frame: &mut Frame) -> Evaluated<Option<Value>> {
        let Expression::Slot(receiver) = method.receiver.value else {
            return Ok(None);
        };
        let slot = receiver.0 as usize;
        match (&frame[slot], method.quick) {
            (Value::Map(map), Quick::Get | Quick::ContainKey) => {
                let map = map.clone();
                let found = self.with_key(&method.arguments[0], frame, |key| map.get_text(key))?;
                Ok(Some(match method.quick {
                    Quick::Get => found.unwrap_or_default(),
                    _ => Value::Boolean(found.is_some()),
                }))
            }
            (Value::List(list), Quick::Get) => {
                let list = list.clone();
                match self.evaluate(&method.arguments[0], frame)? {
                    Value::Number(index) => match usize::try_from(index).ok().and_then(|index| list.get(index)) {
                        Some(item) => Ok(Some(item)),
                        None => self
                            .dispatch(method, Value::List(list), &[Value::Number(index)])
                            .map(Some),
                    },
                    other => self.dispatch(method, Value::List(list), &[other]).map(Some),
                }
            }
            (Value::Map(map), Quick::Put) => {
                let map = map.clone();
                let key = self.evaluate(&method.arguments[0], frame)?;
                let value = self.evaluate(&method.arguments[1], frame)?;
                if value.is_container() {
                    self.context.meter.contain(&Value::Map(map.clone()), &value);
                }
                map.put(key, value);
                Ok(Some(Value::Null))
            }
            (Value::List(list), Quick::Add) if list.element().is_none() => {
                let list = list.clone();
                let value = self.evaluate(&method.arguments[0], frame)?;
                if value.is_container() {
                    self.context.meter.contain(&Value::List(list.clone()), &value);
                }
                list.push(value);
                Ok(Some(Value::Null))
            }
            (Value::List(list), Quick::Size) => Ok(Some(Value::Number(list.len() as i64))),
            (Value::Map(map), Quick::Size) => Ok(Some(Value::Number(map.len() as i64))),
            _ => Ok(None),
        }
    }

    /// Evaluates a key and uses its text.
    fn with_key<R>(&mut self, key: &Expression, frame: &mut Frame, use_key: impl FnOnce(&str) -> R) -> Evaluated<R> {
        if let Some(key) = self.peek(key, frame) {
            return Ok(Key::with_text(key, use_key));
        }
        let key = self.evaluate(key, frame)?;
        Ok(Key::with_text(&key, use_key))
    }

    /// Finds the built-in for the receiver's kind and calls it.
    fn dispatch(&mut self, method: &Method, receiver: Value, arguments: &[Value]) -> Evaluated {
        let receiver = settle(method.group, receiver, arguments);
        let builtin = self.choose(method, &receiver, arguments)?;
        let mut call = builtins::Call {
            builtin,
            receiver,
            arguments,
            pairs: method.pairs,
            context: &mut self.context,
        };
        (builtin.run)(&mut call).map_err(|error| self.explain(error, method, arguments).at(method.at))
    }

    fn choose(&self, method: &Method, receiver: &Value, arguments: &[Value]) -> Evaluated<&'static Builtin> {
        let kind = receiver.kind();
        let given = if method.pairs {
            arguments.len() / 2
        } else {
            arguments.len()
        };
        match method.group.on(kind) {
            Some(builtin) if builtin.takes(given) => Ok(builtin),
            Some(builtin) => Err(EvalError::failed(
                Code::ArgumentCount,
                format!(
                    "Number of Arguments mismatches for the function {} on {}",
                    builtin.name,
                    kind.name()
                ),
            )
            .help(format!("call it as `{}`", builtin.signature()))
            .at(method.at)),
            None if receiver.is_null() => Err(self.null_receiver(method)),
            None => Err(self.wrong_receiver(method, receiver)),
        }
    }

    /// The error of a method on null. It names the expression that is null and, where that is a lookup, a key that may
    /// have been meant.
    #[cold]
    fn null_receiver(&self, method: &Method) -> Box<EvalError> {
        let shown = self
            .program
            .sources
            .get(self.source.0 as usize)
            .map_or("", |file| file.slice(method.receiver.at));
        let shown = shorten(shown);
        EvalError::failed(
            Code::NullOperand,
            format!(
                "Null value occurred while performing {} operation: `{shown}` is null",
                method.group.name
            ),
        )
        .label("this is null")
        .help(format!(
            "check it first with `isNull(...)`, or give a default with `ifnull({shown}, ...)`"
        ))
        .at(method.receiver.at)
    }

    /// The error of a method that the receiver's kind does not have, in Zoho's words.
    #[cold]
    fn wrong_receiver(&self, method: &Method, receiver: &Value) -> Box<EvalError> {
        let kind = receiver.kind();
        let wanted = method
            .group
            .variants()
            .flat_map(|builtin| builtin.receivers)
            .next()
            .map_or("", |kind| kind.name());
        let wanted = if wanted == "KEY-VALUE" { "MAP" } else { wanted };
        let value = shorten(&self.text_of(receiver).unwrap_or_default());
        let message = format!(
            "'{value}' can not be cast to '{wanted}': {} has no method `{}`",
            kind.name(),
            method.group.name
        );
        let error = EvalError::failed(Code::WrongKind, message).label(format!("this is {}", kind.name()));
        match (kind, wanted) {
            (Kind::Text, "MAP") => error.help("if the text is JSON, `toMap()` makes a map of it"),
            (Kind::Text, "LIST") => error.help("`toList()` makes a list of a text"),
            _ => error,
        }
        .at(method.receiver.at)
    }

    /// Adds what only the call site knows: the keys of a map beside a missing one.
    fn explain(&self, error: Box<EvalError>, method: &Method, arguments: &[Value]) -> Box<EvalError> {
        match (method.quick, arguments) {
            (Quick::Get, [Value::Number(index)]) if error.code() == Code::IndexOutOfRange => {
                error.label(format!("index {index}"))
            }
            _ => error,
        }
    }
}

/// An undecided `{}` becomes what the method needs; where both would do it stays undecided and the method sees an empty map.
fn settle(group: &MethodGroup, receiver: Value, arguments: &[Value]) -> Value {
    let Value::Empty(empty) = &receiver else {
        return receiver;
    };
    if let Some(decided) = empty.decided() {
        return decided.clone();
    }
    let (on_list, on_map) = (group.on(Kind::List).is_some(), group.on(Kind::Map).is_some());
    match (on_list, on_map, arguments.first()) {
        (true, false, _) | (true, true, Some(Value::Number(_))) => empty.into_list().clone(),
        (false, true, _) | (true, true, Some(_)) => empty.into_map().clone(),
        _ if group.on(Kind::Empty).is_some() => Value::Empty(Empty::clone(empty)),
        _ => Value::Map(Map::default()),
    }
}

/// A text cut to what fits a message.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        line
    } else {
        line.chars().take(LONGEST).chain(['…']).collect()
    }
}

/// The key of a map that is most like a missing one.
pub(super) fn similar_key(map: &Map, key: &str) -> Option<String> {
    let entries = map.entries();
    let keys: Vec<&str> = entries.keys().filter_map(|key| key.value().as_text()).collect();
    nearest(key, keys).map(str::to_owned)
}
