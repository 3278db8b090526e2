//! Conditions and comparisons, evaluated to a machine boolean.

use std::cmp::Ordering;

use super::scalar::{operand, scalar_comparison};
use super::{Frame, Interpreter};
use crate::diagnostic::{Code, Diagnostic};
use crate::host::{EvalError, Evaluated};
use crate::resolve::program::{Binary, Comparison, Expression, Logic, Spanned};
use crate::source::Span;
use crate::value::date_text::{self, Reading};
use crate::value::{DateSettings, Value, compare};

impl Interpreter<'_> {
    /// Whether a condition holds.
    #[inline(always)]
    pub(super) fn holds(&mut self, condition: &Spanned, frame: &mut Frame) -> Evaluated<bool> {
        match &condition.value {
            Expression::Compare(node) => {
                if let Some(holds) = scalar_comparison(node, frame) {
                    return Ok(holds);
                }
            }
            other => {
                if let Some(holds) = operand(other, frame).as_boolean() {
                    return Ok(holds);
                }
            }
        }
        self.condition(condition, frame)
    }

    #[inline(never)]
    fn condition(&mut self, condition: &Spanned, frame: &mut Frame) -> Evaluated<bool> {
        match &condition.value {
            Expression::Compare(node) => self.compare(node, frame),
            Expression::Logic(logic) => self.logic(logic, frame),
            Expression::Not(operand) => Ok(!self.holds(operand, frame)?),
            Expression::Boolean(boolean) => Ok(*boolean),
            other => match self.evaluate(other, frame)? {
                Value::Boolean(boolean) => Ok(boolean),
                value => self.truth(&value, condition.at),
            },
        }
    }

    /// `&&` or `||`: the first operand that decides ends it.
    pub(super) fn logic(&mut self, logic: &Logic, frame: &mut Frame) -> Evaluated<bool> {
        for operand in &logic.operands {
            if self.holds(operand, frame)? == logic.decides {
                return Ok(logic.decides);
            }
        }
        Ok(!logic.decides)
    }

    /// Whether a value that is no BOOLEAN counts as true: the texts `true` and `false` do as they say, null is false
    /// with a warning (DECISIONS: 14), everything else is an error.
    fn truth(&mut self, value: &Value, at: Span) -> Evaluated<bool> {
        match value.as_text() {
            Some(text) if text.eq_ignore_ascii_case("true") => return Ok(true),
            Some(text) if text.eq_ignore_ascii_case("false") => return Ok(false),
            _ => {}
        }
        if value.is_null() {
            self.warn_null_condition(at);
            return Ok(false);
        }
        Err(EvalError::failed(
            Code::WrongKind,
            format!("a condition is BOOLEAN, and this value is {}", value.kind().name()),
        )
        .label("used as a condition")
        .help(match value.as_text() {
            Some(_) => "compare it with the text you expect, as in `state == \"open\"`; only the texts `true` and `false` stand for a BOOLEAN",
            None => "compare it with something, for instance `!= null`",
        })
        .at(at))
    }

    #[cold]
    fn warn_null_condition(&mut self, at: Span) {
        let title = "a condition is null and counts as false";
        let warning = Diagnostic::warning(Code::NullCondition, self.source, at, title)
            .help("say what is meant with `isNull(...)` or `ifnull(..., false)`");
        let known = self
            .context
            .warnings
            .iter()
            .any(|known| known.at == warning.at && known.code == warning.code);
        if !known {
            self.context.warnings.push(warning);
        }
    }

    /// A comparison.
    #[inline(never)]
    pub(super) fn compare(&mut self, node: &Binary<Comparison>, frame: &mut Frame) -> Evaluated<bool> {
        let (left, right);
        let left = match self.peek(&node.left, frame) {
            Some(_) => None,
            None => {
                left = self.evaluate(&node.left, frame)?;
                Some(&left)
            }
        };
        let right = match self.peek(&node.right, frame) {
            Some(_) => None,
            None => {
                right = self.evaluate(&node.right, frame)?;
                Some(&right)
            }
        };
        // Operands that are variables or literals are looked at in place, after the others were computed: an
        // expression cannot assign to a variable, so the order does not show.
        let a = left.or_else(|| self.peek(&node.left, frame)).unwrap_or(&Value::Null);
        let b = right.or_else(|| self.peek(&node.right, frame)).unwrap_or(&Value::Null);
        compare_values(node, a, b, &self.context.settings.dates)
    }
}

fn compare_values(node: &Binary<Comparison>, a: &Value, b: &Value, dates: &DateSettings) -> Evaluated<bool> {
    Ok(match node.operator {
        Comparison::Equal => compare::loose_equal(a, b),
        Comparison::NotEqual => !compare::loose_equal(a, b),
        Comparison::Less => ordered(node, a, b, dates)?.is_lt(),
        Comparison::LessEqual => ordered(node, a, b, dates)?.is_le(),
        Comparison::Greater => ordered(node, a, b, dates)?.is_gt(),
        Comparison::GreaterEqual => ordered(node, a, b, dates)?.is_ge(),
        Comparison::In => is_in(a, b),
        Comparison::NotIn => !is_in(a, b),
    })
}

/// The order of two values, or the documented error.
fn ordered(node: &Binary<Comparison>, a: &Value, b: &Value, dates: &DateSettings) -> Evaluated<Ordering> {
    if let Some(order) = compare::order(a, b).or_else(|| order_with_date(a, b, dates)) {
        return Ok(order);
    }
    let sign = node.operator.sign();
    if a.is_null() || b.is_null() {
        let at = if a.is_null() { node.left_at } else { node.right_at };
        let message = format!("Null value occurred while performing {sign} operation");
        return Err(EvalError::failed(Code::NullOperand, message)
            .label("this is null")
            .at(at));
    }
    let message = format!(
        "Comparison of non numeric expression is not supported: {} {sign} {}",
        a.kind().name(),
        b.kind().name()
    );
    Err(EvalError::failed(Code::WrongKind, message)
        .help("`<` and its kin compare numbers and dates; convert with `toNumber()` or `toDate()`")
        .at(node.at()))
}

/// The order of a date and a text that reads as one: records give their dates as texts, and scripts compare those with
/// `zoho.currentdate`.
fn order_with_date(a: &Value, b: &Value, dates: &DateSettings) -> Option<Ordering> {
    let read = |text: &str| date_text::read(text, dates).ok().map(Reading::value);
    match (a.as_text(), b.as_text()) {
        (Some(text), None) => compare::order(&read(text)?, b),
        (None, Some(text)) => compare::order(a, &read(text)?),
        _ => None,
    }
}

/// `a in b`: an element of a list, a key of a map, a part of a text.
fn is_in(a: &Value, b: &Value) -> bool {
    match b.settled() {
        Value::List(list) => list.items().iter().any(|item| compare::loose_equal(item, a)),
        Value::Map(map) => map.get(a).is_some(),
        other => match (a.as_text(), other.as_text()) {
            (Some(part), Some(whole)) => whole.contains(part),
            _ => compare::loose_equal(a, other),
        },
    }
}
