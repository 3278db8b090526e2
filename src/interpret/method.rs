//! Method calls: the short ways for the commonest, the table for the rest.

use super::scalar::number;
use super::{Frame, Interpreter};
use crate::builtins::{self, Builtin, MethodGroup};
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::resolve::program::{Expression, Method, Quick};
use crate::value::{Empty, Kind, Map, Value};

impl Interpreter<'_> {
    /// A method call.
    ///
    /// The methods that scripts call most are done here on the kinds they are called on most, exactly as the table's
    /// entries do them. An argument cannot assign to the variable of a receiver, so a receiver that is a variable is
    /// looked at in its place after the arguments are evaluated, and never copied.
    #[inline(never)]
    pub(super) fn method(&mut self, method: &Method, frame: &mut Frame) -> Evaluated {
        match method.quick {
            Quick::Get | Quick::ContainKey => self.look_up(method, frame),
            Quick::Add => self.add(method, frame),
            Quick::Put => self.put(method, frame),
            Quick::Size => self.size(method, frame),
            Quick::Concat => self.concat(method, frame),
            Quick::No | Quick::Keys => self.table_method(method, frame),
        }
    }

    /// A method that the table does.
    fn table_method(&mut self, method: &Method, frame: &mut Frame) -> Evaluated {
        if let Expression::Slot(slot) = method.receiver.value {
            return self.with_arguments(&method.arguments, frame, |this, frame, arguments| {
                this.dispatch(method, &frame[slot.0 as usize], arguments)
            });
        }
        let receiver = self.evaluate(&method.receiver.value, frame)?;
        let result = self.with_arguments(&method.arguments, frame, |this, _, arguments| {
            this.dispatch(method, &receiver, arguments)
        });
        receiver.discard();
        result
    }

    /// `get` and `containKey`.
    #[inline(always)]
    fn look_up(&mut self, method: &Method, frame: &mut Frame) -> Evaluated {
        if let (Expression::Slot(slot), Some(key), Quick::Get) = (&method.receiver.value, method.key, method.quick)
            && let Value::Map(map) = &frame[slot.0 as usize]
        {
            let found = map.look_near(&Value::ShortText(key), &method.near, Value::copy);
            return Ok(found.unwrap_or_default());
        }
        if let Some((container, key)) = method.item {
            match (&frame[container.0 as usize], &frame[key.0 as usize]) {
                (Value::List(list), Value::Number(index)) => {
                    if let Some(item) = list.at(*index) {
                        return Ok(item.copy());
                    }
                }
                (Value::Map(map), key) => return Ok(map.get(key).unwrap_or_default()),
                _ => {}
            }
        }
        let computed = match &method.receiver.value {
            Expression::Slot(_) => None,
            other => match listed_key(method, frame) {
                Some(key) => return Ok(key),
                None => Some(self.evaluate(other, frame)?),
            },
        };
        let argument = &method.arguments[0];
        let index = match argument {
            Expression::Constant(_) => None,
            other => Some(self.evaluate(other, frame)?),
        };
        let receiver = match (&computed, &method.receiver.value) {
            (Some(receiver), _) => receiver,
            (None, Expression::Slot(slot)) => &frame[slot.0 as usize],
            _ => &Value::Null,
        };
        match (receiver, &index, method.quick) {
            (Value::List(list), Some(Value::Number(at)), Quick::Get) => {
                if let Some(item) = usize::try_from(*at).ok().and_then(|at| list.get(at)) {
                    return Ok(item);
                }
            }
            (Value::Map(map), _, quick) => {
                let found = match (&index, argument) {
                    (None, Expression::Constant(id)) => {
                        map.look_near(&self.constants[id.0 as usize], &method.near, Value::copy)
                    }
                    (Some(key), _) => map.get(key),
                    _ => None,
                };
                return Ok(match quick {
                    Quick::ContainKey => Value::Boolean(found.is_some()),
                    _ => found.unwrap_or_default(),
                });
            }
            _ => {}
        }
        let argument = match (index, argument) {
            (None, Expression::Constant(id)) => self.constants[id.0 as usize].clone(),
            (index, _) => index.unwrap_or_default(),
        };
        self.dispatch(method, receiver, &[argument])
    }

    fn add(&mut self, method: &Method, frame: &mut Frame) -> Evaluated {
        let Expression::Slot(slot) = method.receiver.value else {
            return self.table_method(method, frame);
        };
        let item = self.evaluate(&method.arguments[0], frame)?;
        let receiver = &frame[slot.0 as usize];
        match receiver {
            Value::List(list) if list.element().is_none() => {
                self.context.meter.contain(receiver, &item);
                list.push(item);
                Ok(Value::Null)
            }
            _ => self.dispatch(method, receiver, &[item]),
        }
    }

    fn put(&mut self, method: &Method, frame: &mut Frame) -> Evaluated {
        let Expression::Slot(slot) = method.receiver.value else {
            return self.table_method(method, frame);
        };
        let key = self.evaluate(&method.arguments[0], frame)?;
        let value = self.evaluate(&method.arguments[1], frame)?;
        let receiver = &frame[slot.0 as usize];
        match receiver {
            Value::Map(map) => {
                self.context.meter.contain(receiver, &value);
                map.put(key, value);
                Ok(Value::Null)
            }
            _ => self.dispatch(method, receiver, &[key, value]),
        }
    }

    fn size(&mut self, method: &Method, frame: &mut Frame) -> Evaluated {
        if let Expression::Slot(slot) = method.receiver.value {
            match &frame[slot.0 as usize] {
                Value::List(list) => return Ok(Value::Number(list.len() as i64)),
                Value::Map(map) => return Ok(Value::Number(map.len() as i64)),
                _ => {}
            }
        }
        if let Some(map) = listed(&method.receiver.value, frame) {
            return Ok(Value::Number(map.len() as i64));
        }
        self.table_method(method, frame)
    }

    /// `s = s.concat(more)`: the variable hands over its text and gets it back longer, so that nothing is copied where
    /// nobody else holds it.
    fn concat(&mut self, method: &Method, frame: &mut Frame) -> Evaluated {
        let Expression::Slot(slot) = method.receiver.value else {
            return self.table_method(method, frame);
        };
        let more = self.evaluate(&method.arguments[0], frame)?;
        let own = &mut frame[slot.0 as usize];
        if let (Some(text), Some(added)) = (own.as_text(), more.as_text()) {
            self.reserve_text(text.len() + added.len(), method.at)?;
            let mut text = own.take();
            text.push_text(added);
            return Ok(text);
        }
        let receiver = own.clone();
        self.dispatch(method, &receiver, &[more])
    }

    /// Finds the built-in for the receiver's kind and calls it.
    fn dispatch(&mut self, method: &Method, receiver: &Value, arguments: &[Value]) -> Evaluated {
        let settled;
        let receiver = match receiver {
            Value::Empty(empty) => {
                settled = settle(method.group, empty, arguments);
                &settled
            }
            other => other,
        };
        if !receiver.is_plain() {
            let work = self.context.meter.work(weight(receiver));
            work.map_err(|stop| stop.at(method.at))?;
        }
        let builtin = self.choose(method, receiver, arguments)?;
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
        let given = || {
            if method.pairs {
                arguments.len() / 2
            } else {
                arguments.len()
            }
        };
        match method.group.on(kind) {
            Some(builtin) if method.fits || builtin.takes(given()) => Ok(builtin),
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
            (Kind::List | Kind::Map | Kind::Collection, "TEXT") if is_length(method.group.name) => {
                error.help("`size()` counts its elements")
            }
            (Kind::List, "MAP") => error.help("take an element out of the list first: `get(0)`"),
            (_, "TEXT") => error.help("make a text of it first: `toString()`"),
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

/// The map where an expression lists the keys of one that is a variable. Scripts ask in the condition of a loop how many
/// there are, or for one of them, and need no list for that.
fn listed<'f>(expression: &Expression, frame: &'f Frame) -> Option<&'f Map> {
    let Expression::Method(keys) = expression else {
        return None;
    };
    match (&keys.receiver.value, keys.quick) {
        (Expression::Slot(slot), Quick::Keys) => match &frame[slot.0 as usize] {
            Value::Map(map) => Some(map),
            _ => None,
        },
        _ => None,
    }
}

/// `map.keys().get(index)` on a variable, with an index that is a variable or a literal.
fn listed_key(method: &Method, frame: &Frame) -> Option<Value> {
    let map = listed(&method.receiver.value, frame)?;
    let index = match (&*method.arguments, method.quick) {
        ([index], Quick::Get) => number(index, frame)?,
        _ => return None,
    };
    map.nth_key(usize::try_from(index).ok()?)
}

/// An undecided `{}` becomes what the method needs; where both would do it stays undecided and the method sees an empty map.
fn settle(group: &MethodGroup, empty: &Empty, arguments: &[Value]) -> Value {
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

/// Whether a method tells the length of a text.
fn is_length(name: &str) -> bool {
    ["len", "length"].iter().any(|known| known.eq_ignore_ascii_case(name))
}
