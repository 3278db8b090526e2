//! A call of a built-in: what it was called on and with, with typed access that makes the error texts.

use std::borrow::Cow;

use super::Builtin;
use crate::diagnostic::Code;
use crate::host::{Context, EvalError, Evaluated, stop_if_pulled};
use crate::value::{Collection, File, Kind, List, Map, Value};

/// One call.
pub struct Call<'a, 'h> {
    /// What is called.
    pub builtin: &'static Builtin,
    /// The value it is called on; null for functions and variables. An empty container is settled already.
    pub receiver: &'a Value,
    /// The arguments. With [`Call::pairs`] they are key, value, key, value.
    pub arguments: &'a [Value],
    /// Whether the arguments were written as `key : value` pairs.
    pub pairs: bool,
    /// What may be used.
    pub context: &'a mut Context<'h>,
}

impl Call<'_, '_> {
    /// Whether the argument at an index was given.
    pub fn has(&self, index: usize) -> bool {
        index < self.arguments.len()
    }

    /// The argument at an index from 0; null where it was left out.
    pub fn argument(&self, index: usize) -> &Value {
        self.arguments.get(index).map_or(&Value::Null, Value::settled)
    }

    /// The receiver as text. Values of other kinds give their text form, as Zoho's text functions take them.
    ///
    /// # Errors
    /// The receiver contains itself.
    pub fn text(&self) -> Evaluated<Cow<'_, str>> {
        self.to_text(self.receiver)
    }

    /// An argument as text; other kinds give their text form, null the text `null`.
    ///
    /// # Errors
    /// The argument contains itself.
    pub fn text_arg(&self, index: usize) -> Evaluated<Cow<'_, str>> {
        self.to_text(self.argument(index))
    }

    /// The text form of a value.
    ///
    /// # Errors
    /// The value contains itself.
    pub fn to_text<'v>(&self, value: &'v Value) -> Evaluated<Cow<'v, str>> {
        match value.as_text() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => value
                .to_text(self.context.dates())
                .map(Cow::Owned)
                .map_err(|_| contains_itself()),
        }
    }

    /// An argument as NUMBER. Numeric text counts, a decimal without a fraction too.
    ///
    /// # Errors
    /// The argument is not a whole number.
    pub fn number_arg(&self, index: usize) -> Evaluated<i64> {
        whole_number(self.argument(index)).ok_or_else(|| self.mismatch(index, Kind::Number))
    }

    /// An optional argument as NUMBER.
    ///
    /// # Errors
    /// The argument was given and is not a whole number.
    pub fn number_arg_or(&self, index: usize, default: i64) -> Evaluated<i64> {
        if self.has(index) {
            self.number_arg(index)
        } else {
            Ok(default)
        }
    }

    /// An argument as BOOLEAN. The texts `true` and `false` count.
    ///
    /// # Errors
    /// The argument is neither.
    pub fn boolean_arg(&self, index: usize) -> Evaluated<bool> {
        match self.argument(index) {
            Value::Boolean(boolean) => Ok(*boolean),
            other => match other.as_text() {
                Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
                Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
                _ => Err(self.mismatch(index, Kind::Boolean)),
            },
        }
    }

    /// An optional argument as BOOLEAN.
    ///
    /// # Errors
    /// The argument was given and is no boolean.
    pub fn boolean_arg_or(&self, index: usize, default: bool) -> Evaluated<bool> {
        if self.has(index) {
            self.boolean_arg(index)
        } else {
            Ok(default)
        }
    }

    /// The receiver as list.
    ///
    /// # Errors
    /// The receiver is no list.
    pub fn list(&self) -> Evaluated<List> {
        self.receiver
            .as_list()
            .cloned()
            .ok_or_else(|| self.wrong_receiver(Kind::List))
    }

    /// The receiver as map.
    ///
    /// # Errors
    /// The receiver is no map.
    pub fn map(&self) -> Evaluated<Map> {
        self.receiver
            .as_map()
            .cloned()
            .ok_or_else(|| self.wrong_receiver(Kind::Map))
    }

    /// The receiver as collection.
    ///
    /// # Errors
    /// The receiver is no collection.
    pub fn collection(&self) -> Evaluated<Collection> {
        match self.receiver {
            Value::Collection(collection) => Ok(collection.clone()),
            _ => Err(self.wrong_receiver(Kind::Collection)),
        }
    }

    /// The receiver as file.
    ///
    /// # Errors
    /// The receiver is no file.
    pub fn file(&self) -> Evaluated<File> {
        match self.receiver {
            Value::File(file) => Ok(file.clone()),
            _ => Err(self.wrong_receiver(Kind::File)),
        }
    }

    /// An argument as list.
    ///
    /// # Errors
    /// The argument is no list.
    pub fn list_arg(&self, index: usize) -> Evaluated<List> {
        self.argument(index)
            .as_list()
            .cloned()
            .ok_or_else(|| self.mismatch(index, Kind::List))
    }

    /// An argument as map.
    ///
    /// # Errors
    /// The argument is no map.
    pub fn map_arg(&self, index: usize) -> Evaluated<Map> {
        self.argument(index)
            .as_map()
            .cloned()
            .ok_or_else(|| self.mismatch(index, Kind::Map))
    }

    /// To be called before making values of about this many bytes.
    ///
    /// # Errors
    /// They would not fit the memory limit.
    pub fn reserve(&mut self, bytes: usize) -> Evaluated<()> {
        self.context.meter.reserve(bytes)
    }

    /// An error of this built-in. The message is one sentence without a full stop, Zoho's wording first where there is one.
    pub fn fail(&self, code: Code, message: impl Into<Cow<'static, str>>) -> Box<EvalError> {
        EvalError::failed(code, message)
    }

    /// The documented error for an argument of the wrong kind.
    pub fn mismatch(&self, index: usize, required: Kind) -> Box<EvalError> {
        let found = self.argument(index).kind();
        let name = self
            .builtin
            .params
            .get(index.min(self.builtin.params.len().saturating_sub(1)))
            .map_or("", |param| param.name);
        EvalError::failed(
            if found == Kind::Null {
                Code::NullOperand
            } else {
                Code::WrongKind
            },
            format!(
                "Incompatible types for function `{}` at argument index {index}: Required: [{}] Found: {}",
                self.builtin.name,
                required.name(),
                found.name()
            ),
        )
        .label(format!("`{name}` is {}", found.name()))
        .help(format!("call it as `{}`", self.builtin.signature()))
    }

    fn wrong_receiver(&self, required: Kind) -> Box<EvalError> {
        let found = self.receiver.kind();
        EvalError::failed(
            Code::WrongKind,
            format!(
                "`{}` is called on {}, not on {}",
                self.builtin.name,
                required.name(),
                found.name()
            ),
        )
    }
}

/// The error for a value whose text would not end, or not before the run has to.
pub(crate) fn contains_itself() -> Box<EvalError> {
    if let Err(stop) = stop_if_pulled() {
        return stop;
    }
    EvalError::failed(
        Code::ContainsItself,
        "the value contains itself, or is nested too deeply, and has no text form",
    )
}

/// A value as whole number: a NUMBER, a decimal without fraction, or text that reads as a NUMBER.
pub(super) fn whole_number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Double(double) if double.fract() == 0.0 && double.abs() < 9e18 => Some(*double as i64),
        Value::Decimal(_) | Value::BigDecimal(_) => {
            let wide = value.as_wide()?;
            if wide.fract().is_zero() {
                i64::try_from(wide.trunc().mantissa()).ok()
            } else {
                None
            }
        }
        _ => value.as_text()?.trim().parse().ok(),
    }
}
