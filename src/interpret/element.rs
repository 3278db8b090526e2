//! Elements and fields: `x[i]`, `x[i] = e`, `e.message`.

use super::{Frame, Interpreter};
use crate::builtins;
use crate::diagnostic::Code;
use crate::host::{EvalError, Evaluated};
use crate::resolve::program::{Field, Index};
use crate::source::Span;
use crate::value::{Kind, Value, utf16_length, utf16_slice};

impl Interpreter<'_> {
    /// `x[i]`: an item of a list, an entry of a map, a character of a text.
    pub(super) fn index(&mut self, node: &Index, frame: &mut Frame) -> Evaluated {
        let base = self.evaluate(&node.base.value, frame)?;
        let index = self.evaluate(&node.index.value, frame)?;
        match (base.settled(), &index) {
            (Value::Map(map), key) => Ok(map.get(key).unwrap_or_default()),
            (Value::List(list), Value::Number(at)) => {
                let item = usize::try_from(*at).ok().and_then(|at| list.get(at));
                item.ok_or_else(|| past_the_end(*at).at(node.index.at))
            }
            (Value::Empty(_), Value::Number(at)) => Err(past_the_end(*at).at(node.index.at)),
            (Value::Empty(_), _) => Ok(Value::Null),
            (text, Value::Number(at)) if text.as_text().is_some() => {
                let inside = usize::try_from(*at).ok().and_then(|at| character(text, at));
                inside.ok_or_else(|| past_the_end(*at).at(node.index.at))
            }
            (Value::Null, _) => Err(EvalError::failed(
                Code::NullOperand,
                "Null value occurred while performing [] operation",
            )
            .label("this is null")
            .at(node.base.at)),
            (other, _) => Err(no_element(other.kind(), index.kind()).at(node.base.at)),
        }
    }

    /// `x[i] = e` on a list or map.
    pub(super) fn put_element(&self, base: &Value, index: Value, value: Value, places: (Span, Span)) -> Evaluated<()> {
        let base = match (base, &index) {
            (Value::Empty(empty), Value::Number(_)) => empty.into_list(),
            (Value::Empty(empty), _) => empty.into_map(),
            (other, _) => other,
        };
        match (base, &index) {
            (Value::Map(map), _) => map.put(index, value),
            (Value::List(list), Value::Number(at)) => {
                let inside = usize::try_from(*at).ok();
                let former = inside.and_then(|at| list.replace(at, value));
                drop(former.ok_or_else(|| past_the_end(*at).at(places.1))?);
            }
            (other, _) => return Err(no_element(other.kind(), index.kind()).at(places.0)),
        }
        Ok(())
    }

    /// `e.message`, `e.lineNo` of an error.
    pub(super) fn field(&mut self, node: &Field, frame: &mut Frame) -> Evaluated {
        let base = self.evaluate(&node.base.value, frame)?;
        match base.settled() {
            Value::Caught(caught) if node.name.eq_ignore_ascii_case("message") => Ok(Value::text(caught.message())),
            Value::Caught(caught) if node.name.eq_ignore_ascii_case("lineNo") => {
                Ok(Value::Number(i64::from(caught.line())))
            }
            Value::Null => {
                let message = format!("Null value occurred while performing .{} operation", node.name);
                Err(EvalError::failed(Code::NullOperand, message)
                    .label("this is null")
                    .at(node.base.at))
            }
            other => {
                let message = format!("{} has no field `{}`", other.kind().name(), node.name);
                let error = EvalError::failed(Code::NotAvailable, message);
                Err(match other.kind() {
                    Kind::Map => error.help(format!("read the entry with `get(\"{}\")`", node.name)),
                    Kind::Caught => error.help("an error has the fields `message` and `lineNo`"),
                    _ if builtins::method(&node.name).is_some() => {
                        error.help(format!("call the method with parentheses: `{}()`", node.name))
                    }
                    _ => error.help("fields belong to the records of Zoho Creator, which are not here"),
                }
                .at(node.at))
            }
        }
    }
}

/// The character of a text at an index that counts UTF-16 units; `None` past the end.
fn character(text: &Value, at: usize) -> Option<Value> {
    let content = text.as_text()?;
    if text.is_ascii() {
        return content.get(at..at + 1).map(Value::text);
    }
    (at < utf16_length(content)).then(|| Value::from_cow(utf16_slice(content, at, at + 1)))
}

fn past_the_end(index: i64) -> Box<EvalError> {
    EvalError::failed(
        Code::IndexOutOfRange,
        format!("Given index {index} is greater than the list size"),
    )
    .label(format!("index {index}"))
}

fn no_element(base: Kind, index: Kind) -> Box<EvalError> {
    EvalError::failed(
        Code::WrongKind,
        format!("{} has no element under {}", base.name(), index.name()),
    )
    .help("lists take a NUMBER, maps a key")
}
