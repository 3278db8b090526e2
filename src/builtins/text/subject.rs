//! The text that a built-in works on, with indexes that count UTF-16 units (DECISIONS: 17).

use std::borrow::Cow;

use crate::builtins::Call;
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::value::{Kind, Value, byte_offset, utf16_index, utf16_length, utf16_slice};

/// A text, held by itself so that the call stays free; a long text is shared, not copied.
pub(in crate::builtins) struct Subject {
    value: Value,
}

impl Subject {
    /// The receiver; other kinds than TEXT by their text form.
    ///
    /// # Errors
    /// The receiver contains itself.
    pub(in crate::builtins) fn receiver(call: &Call<'_, '_>) -> Evaluated<Self> {
        Self::of(call, call.receiver)
    }

    /// An argument; other kinds than TEXT by their text form. Null has none here: looking for `null` in a text is never
    /// what a script means.
    ///
    /// # Errors
    /// The argument is null or contains itself.
    pub(in crate::builtins) fn argument(call: &Call<'_, '_>, index: usize) -> Evaluated<Self> {
        let argument = call.argument(index);
        if argument.is_null() {
            return Err(call.mismatch(index, Kind::Text));
        }
        Self::of(call, argument)
    }

    /// The text form of any value.
    ///
    /// # Errors
    /// The value contains itself.
    pub(in crate::builtins) fn of(call: &Call<'_, '_>, value: &Value) -> Evaluated<Self> {
        let value = match value {
            Value::ShortText(_) | Value::Text(_) => value.copy(),
            other => Value::from_string(call.to_text(other)?.into_owned()),
        };
        Ok(Self { value })
    }

    /// The text.
    pub(in crate::builtins) fn as_str(&self) -> &str {
        self.value.as_text().unwrap_or_default()
    }

    /// The text as a value, without a copy.
    pub(in crate::builtins) fn into_value(self) -> Value {
        self.value
    }

    /// Whether every character is ASCII. Known without looking for a long text.
    pub(in crate::builtins) fn is_ascii(&self) -> bool {
        self.value.is_ascii()
    }

    /// The length in UTF-16 units.
    pub(in crate::builtins) fn length(&self) -> usize {
        if self.is_ascii() {
            self.as_str().len()
        } else {
            utf16_length(self.as_str())
        }
    }

    /// The UTF-16 units from `start` up to, not including, `end`. Bounds past the end count as the end.
    pub(in crate::builtins) fn slice(&self, start: usize, end: usize) -> Cow<'_, str> {
        if self.is_ascii() {
            let end = end.min(self.as_str().len());
            return Cow::Borrowed(self.as_str().get(start.min(end)..end).unwrap_or_default());
        }
        utf16_slice(self.as_str(), start, end)
    }

    /// The byte offset of an index that counts UTF-16 units; one past the end counts as the end.
    pub(in crate::builtins) fn offset(&self, index: usize) -> usize {
        if self.is_ascii() {
            index.min(self.as_str().len())
        } else {
            byte_offset(self.as_str(), index)
        }
    }

    /// The NUMBER for a byte offset, counted in UTF-16 units; -1 for none.
    pub(in crate::builtins) fn index(&self, byte: Option<usize>) -> Value {
        Value::Number(match byte {
            None => -1,
            Some(byte) if self.is_ascii() => byte as i64,
            Some(byte) => utf16_index(self.as_str(), byte) as i64,
        })
    }
}

/// The documented error of a cut past the end (deluge/help/error-messages.html).
pub(super) fn out_of_bounds(call: &Call<'_, '_>, index: i64, length: usize) -> Box<EvalError> {
    call.fail(
        Code::IndexOutOfRange,
        format!(
            "Given string is lesser than the applied boundary, so index out of bounds exception arisen: {index} is not within the text of length {length}"
        ),
    )
}
