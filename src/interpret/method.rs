//! Method calls: the short ways for the commonest, the table for the rest.

use super::{Frame, Interpreter};
use crate::builtins::{self, Builtin, MethodGroup};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::resolve::program::{Expression, Method, Quick};
use crate::value::{Empty, Kind, Map, Value};

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
    /// do exactly what the table's entries do. An argument cannot assign to the receiver's variable, so the receiver is
    /// looked at in its slot before and after the arguments are evaluated, and never copied.
    fn quick(&mut self, method: &Method, frame: &mut Frame) -> Evaluated<Option<Value>> {
        let Expression::Slot(receiver) = method.receiver.value else {
            return Ok(None);
        };
        let slot = receiver.0 as usize;
        match (&frame[slot], method.quick) {
            (Value::Map(_), Quick::Get) => self
                .map_get(method, slot, frame)
                .map(|found| Some(found.unwrap_or_default())),
            (Value::Map(_), Quick::ContainKey) => self
                .map_get(method, slot, frame)
                .map(|found| Some(Value::Boolean(found.is_some()))),
            (Value::List(_), Quick::Get) => self.list_get(method, slot, frame).map(Some),
            (Value::Map(_), Quick::Put) => {
                let key = self.evaluate(&method.arguments[0], frame)?;
                let value = self.evaluate(&method.arguments[1], frame)?;
                self.context.meter.contain(&frame[slot], &value);
                if let Value::Map(map) = &frame[slot] {
                    map.put(key, value);
                }
                Ok(Some(Value::Null))
            }
            (Value::List(list), Quick::Add) if list.element().is_none() => {
                let value = self.evaluate(&method.arguments[0], frame)?;
                self.context.meter.contain(&frame[slot], &value);
                if let Value::List(list) = &frame[slot] {
                    list.push(value);
                }
                Ok(Some(Value::Null))
            }
            (Value::List(list), Quick::Size) => Ok(Some(Value::Number(list.len() as i64))),
            (Value::Map(map), Quick::Size) => Ok(Some(Value::Number(map.len() as i64))),
            _ => Ok(None),
        }
    }

    /// The entry of the map in a slot under the only argument.
    fn map_get(&mut self, method: &Method, slot: usize, frame: &mut Frame) -> Evaluated<Option<Value>> {
        let key = &method.arguments[0];
        let find = |map: &Value, key: &Value| match map {
            Value::Map(map) => map.get(key),
            _ => None,
        };
        if let Some(key) = self.peek(key, frame) {
            return Ok(find(&frame[slot], key));
        }
        let key = self.evaluate(key, frame)?;
        Ok(find(&frame[slot], &key))
    }

    /// The item of the list in a slot at the only argument.
    fn list_get(&mut self, method: &Method, slot: usize, frame: &mut Frame) -> Evaluated {
        let index = self.evaluate(&method.arguments[0], frame)?;
        if let (Value::List(list), Value::Number(number)) = (&frame[slot], &index)
            && let Ok(at) = usize::try_from(*number)
        {
            match list.items().get(at) {
                Some(Value::Number(item)) => return Ok(Value::Number(*item)),
                Some(item) => return Ok(item.clone()),
                None => {}
            }
        }
        self.dispatch(method, frame[slot].clone(), &[index])
    }

    /// Finds the built-in for the receiver's kind and calls it.
    fn dispatch(&mut self, method: &Method, receiver: Value, arguments: &[Value]) -> Evaluated {
        let receiver = settle(method.group, receiver, arguments);
        self.context
            .meter
            .work(weight(&receiver))
            .map_err(|stop| stop.at(method.at))?;
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

/// About how many bytes a built-in looks at that goes through its receiver once.
fn weight(receiver: &Value) -> usize {
    match receiver {
        Value::Text(text) => text.as_str().len(),
        Value::List(list) => list.len() * size_of::<Value>(),
        Value::Map(map) => map.len() * 4 * size_of::<Value>(),
        Value::File(file) => file.content().bytes().len(),
        _ => 0,
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
