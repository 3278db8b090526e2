//! Where a null came from: the lookup that found nothing, the place where the variable was assigned. Looked for once,
//! when an error about a null leaves the function whose variables can still be seen.

use super::{Frame, Interpreter};
use crate::diagnostic::Code;
use crate::host::{EvalError, Lookup, Origin};
use crate::resolve::program::{Expression, Function, Quick, Slot, Spanned, Statement};
use crate::source::Span;
use crate::value::Value;

/// What stands at a place.
#[derive(Clone, Copy)]
enum Found<'p> {
    Expression(&'p Expression),
    Variable(Slot),
}

impl Interpreter<'_> {
    /// Adds to an error about a null where the null came from.
    #[cold]
    pub(super) fn with_origin(&self, mut error: Box<EvalError>, function: &Function, frame: &Frame) -> Box<EvalError> {
        let place = error
            .span
            .filter(|_| error.at.is_none() && error.code() == Code::NullOperand);
        if let Some(place) = place
            && let Some(found) = find(function, place)
        {
            error.origin = self.origin(found, place, function, frame).map(Box::new);
        }
        error
    }

    fn origin(&self, found: Found<'_>, place: Span, function: &Function, frame: &Frame) -> Option<Origin> {
        let slot = match found {
            Found::Variable(slot) => slot,
            Found::Expression(Expression::Slot(slot)) => *slot,
            Found::Expression(expression) => {
                let lookup = self.lookup(expression, frame);
                return lookup.map(|lookup| Origin {
                    assigned: None,
                    lookup: Some(lookup),
                });
            }
        };
        let name = function.variables.get(slot.0 as usize)?;
        let (value, at) = last_assignment(function, slot, place)?;
        Some(Origin {
            assigned: Some((name.to_string(), at)),
            lookup: self.lookup(value, frame),
        })
    }

    /// The lookup that an expression is, where it finds nothing.
    fn lookup(&self, expression: &Expression, frame: &Frame) -> Option<Lookup> {
        let (container, key) = parts(expression)?;
        let Value::Map(map) = self.known(&container.value, frame)?.settled().clone() else {
            return None;
        };
        let key = self.known(key, frame)?;
        let file = self.program.sources.get(usize::from(self.source.0))?;
        map.get(&key).is_none().then(|| Lookup {
            of: file
                .slice(container.at)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
            map,
            key,
        })
    }

    /// The value of an expression that only looks something up.
    fn known(&self, expression: &Expression, frame: &Frame) -> Option<Value> {
        match expression {
            Expression::Slot(slot) => frame.get(slot.0 as usize).cloned(),
            Expression::Constant(id) => self.constants.get(id.0 as usize).cloned(),
            Expression::Number(number) => Some(Value::Number(*number)),
            Expression::Decimal(decimal) => Some(Value::Decimal(*decimal)),
            _ => {
                let (container, key) = parts(expression)?;
                let key = self.known(key, frame)?;
                match (self.known(&container.value, frame)?.settled(), &key) {
                    (Value::Map(map), key) => map.get(key),
                    (Value::List(list), Value::Number(at)) => list.items().get(usize::try_from(*at).ok()?).cloned(),
                    _ => None,
                }
            }
        }
    }
}

/// The container and the key of `x.get(k)` and of `x[k]`.
fn parts(expression: &Expression) -> Option<(&Spanned, &Expression)> {
    match expression {
        Expression::Method(method) if method.quick == Quick::Get => Some((&method.receiver, method.arguments.first()?)),
        Expression::Index(index) => Some((&index.base, &index.index.value)),
        _ => None,
    }
}

/// What stands at a place of a function.
fn find(function: &Function, place: Span) -> Option<Found<'_>> {
    let mut found = None;
    Statement::each(&function.body, &mut |statement| {
        if let Statement::Update(update) = statement
            && update.slot_at == place
        {
            found = Some(Found::Variable(update.slot));
        }
        if let Some(part) = spanned_parts(statement).into_iter().find(|part| part.at == place) {
            found = Some(Found::Expression(&part.value));
        }
        statement.each_expression(&mut |expression| {
            if let Some(operand) = operand_at(expression, place) {
                found = Some(Found::Expression(operand));
            }
        });
    });
    found
}

fn spanned_parts(statement: &Statement) -> Vec<&Spanned> {
    match statement {
        Statement::Append { addends, .. } => addends.iter().collect(),
        Statement::Update(update) => vec![&update.value],
        Statement::SetElement(set) => vec![&set.base, &set.index],
        _ => Vec::new(),
    }
}

/// The operand of an expression that stands at a place.
fn operand_at(expression: &Expression, place: Span) -> Option<&Expression> {
    let at = |part: &'_ Spanned| part.at == place;
    let (left, right, sides) = match expression {
        Expression::Method(method) => return at(&method.receiver).then_some(&method.receiver.value),
        Expression::Field(field) => return at(&field.base).then_some(&field.base.value),
        Expression::Index(index) => return at(&index.base).then_some(&index.base.value),
        Expression::Not(operand) | Expression::Negate(operand) => return at(operand).then_some(&operand.value),
        Expression::Sum(sum) => {
            let mut parts = std::iter::once(&sum.first).chain(&sum.rest);
            return parts.find(|part| at(part)).map(|part| &part.value);
        }
        Expression::Arithmetic(node) => (&node.left, &node.right, (node.left_at == place, node.right_at == place)),
        Expression::Compare(node) => (&node.left, &node.right, (node.left_at == place, node.right_at == place)),
        _ => return None,
    };
    match sides {
        (true, _) => Some(left),
        (_, true) => Some(right),
        _ => None,
    }
}

/// The last assignment to a variable that stands before a place, and where its value stands.
fn last_assignment(function: &Function, slot: Slot, before: Span) -> Option<(&Expression, Span)> {
    let mut last: Option<(&Expression, Span)> = None;
    Statement::each(&function.body, &mut |statement| {
        let (assigned, value, at) = match statement {
            Statement::Assign { slot, value } => (*slot, value, place_of(value)),
            Statement::ForEach(walk) => (walk.slot, &walk.over.value, Some(walk.over.at)),
            _ => return,
        };
        if let Some(at) = at.filter(|at| assigned == slot && at.end <= before.start)
            && last.is_none_or(|(_, known)| known.start < at.start)
        {
            last = Some((value, at));
        }
    });
    last
}

/// Where an expression stands that can give null.
fn place_of(expression: &Expression) -> Option<Span> {
    Some(match expression {
        Expression::Method(method) => method.receiver.at.to(method.at),
        Expression::Call(call) => call.at,
        Expression::Builtin(call) => call.at,
        Expression::HostCall(call) => call.at,
        Expression::Index(index) => index.base.at.to(index.index.at),
        Expression::Field(field) => field.at,
        Expression::Invoke(task) => task.at,
        _ => return None,
    })
}
