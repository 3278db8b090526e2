//! Walking the running tree, for checks that look at whole functions.

use crate::source::Span;

use super::program::{Expression, Spanned, Statement};

impl Statement {
    /// Calls `see` with every statement of a block, inner ones after the one they stand in.
    pub(crate) fn each<'s>(block: &'s [Self], see: &mut impl FnMut(&'s Self)) {
        let mut waiting: Vec<&'s [Self]> = vec![block];
        while let Some(block) = waiting.pop() {
            for statement in block {
                let statement = match statement {
                    Self::Traced(traced) => &traced.statement,
                    other => other,
                };
                see(statement);
                match statement {
                    Self::If(branches) => {
                        waiting.push(&branches.then);
                        waiting.extend(branches.others.iter().map(|(_, body)| &**body));
                        waiting.push(&branches.otherwise);
                    }
                    Self::ForEach(walk) => waiting.push(&walk.body),
                    Self::While(repeat) => waiting.push(&repeat.body),
                    Self::Try(attempt) => waiting.extend([&*attempt.body, &*attempt.catch]),
                    Self::Block(body) => waiting.push(body),
                    _ => {}
                }
            }
        }
    }

    /// Where a statement stands, as far as its parts tell: for an error that no part of it raised.
    pub(crate) fn place(&self) -> Option<Span> {
        match self {
            Self::Update(update) => Some(update.slot_at.to(update.value.at)),
            Self::Append { at, .. } => Some(*at),
            Self::If(branches) => Some(branches.condition.at),
            Self::ForEach(walk) => Some(walk.over.at),
            Self::While(repeat) => Some(repeat.condition.at),
            Self::Info(value) | Self::Throw(value) => Some(value.at),
            Self::ReturnAs(promised) => Some(promised.value.at),
            Self::SetElement(set) => Some(set.base.at.to(set.index.at)),
            Self::Unavailable(what) => Some(what.at),
            Self::Block(block) => block.first()?.place(),
            Self::Try(attempt) => attempt.body.first()?.place(),
            Self::Traced(traced) => Some(traced.at),
            Self::Assign { .. } | Self::Evaluate(_) | Self::Return(_) | Self::Break | Self::Continue => {
                self.expressions().into_iter().find_map(Expression::place)
            }
        }
    }

    /// The expressions that stand directly in a statement.
    pub(crate) fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Assign { value, .. } | Self::Evaluate(value) | Self::Return(Some(value)) => vec![value],
            Self::Append { addends, .. } => addends.iter().map(|addend| &addend.value).collect(),
            Self::Update(update) => vec![&update.value.value],
            Self::SetElement(set) => vec![&set.base.value, &set.index.value, &set.value],
            Self::If(branches) => std::iter::once(&branches.condition)
                .chain(branches.others.iter().map(|(condition, _)| condition))
                .map(|condition| &condition.value)
                .collect(),
            Self::ForEach(walk) => vec![&walk.over.value],
            Self::While(repeat) => vec![&repeat.condition.value],
            Self::ReturnAs(promised) => vec![&promised.value.value],
            Self::Info(value) | Self::Throw(value) => vec![&value.value],
            Self::Return(None)
            | Self::Try(_)
            | Self::Block(_)
            | Self::Unavailable(_)
            | Self::Traced(_)
            | Self::Break
            | Self::Continue => Vec::new(),
        }
    }
}

impl Expression {
    /// Where an expression stands, if it or its first part says so.
    fn place(&self) -> Option<Span> {
        match self {
            Self::Arithmetic(node) => Some(node.at()),
            Self::Compare(node) => Some(node.at()),
            Self::Sum(sum) => Some(sum.rest.last().map_or(sum.first.at, |last| sum.first.at.to(last.at))),
            Self::Not(operand) | Self::Negate(operand) => Some(operand.at),
            Self::Call(call) => Some(call.at),
            Self::Builtin(call) => Some(call.at),
            Self::Method(method) => Some(method.at),
            Self::HostCall(call) => Some(call.at),
            Self::Invoke(task) | Self::SendMail(task) => Some(task.at),
            Self::Unavailable(what) => Some(what.at),
            _ => {
                let mut parts = Vec::new();
                self.push_children(&mut parts);
                parts.into_iter().find_map(Self::place)
            }
        }
    }

    /// Calls `see` with an expression and all inside it.
    pub(crate) fn each<'e>(&'e self, see: &mut impl FnMut(&'e Self)) {
        let mut waiting = vec![self];
        while let Some(expression) = waiting.pop() {
            see(expression);
            expression.push_children(&mut waiting);
        }
    }

    fn push_children<'e>(&'e self, waiting: &mut Vec<&'e Self>) {
        let spanned = |part: &'e Spanned| &part.value;
        match self {
            Self::Null
            | Self::Boolean(_)
            | Self::Number(_)
            | Self::Constant(_)
            | Self::Slot(_)
            | Self::Empty
            | Self::Unavailable(_) => {}
            Self::Arithmetic(node) => waiting.extend([&node.left, &node.right]),
            Self::Compare(node) => waiting.extend([&node.left, &node.right]),
            Self::Sum(sum) => waiting.extend(std::iter::once(&sum.first).chain(&sum.rest).map(spanned)),
            Self::Logic(logic) => waiting.extend(logic.operands.iter().map(spanned)),
            Self::Not(operand) | Self::Negate(operand) => waiting.push(&operand.value),
            Self::Conditional(parts) => waiting.extend([&parts.0.value, &parts.1, &parts.2]),
            Self::IfNull(parts) => waiting.extend([&parts.0, &parts.1]),
            Self::List(items) => waiting.extend(items.iter()),
            Self::Map(pairs) => waiting.extend(pairs.iter().flat_map(|(key, value)| [key, value])),
            Self::TypedList(typed) => waiting.extend(&typed.from),
            Self::Call(call) => waiting.extend(call.arguments.iter()),
            Self::Builtin(call) => waiting.extend(call.arguments.iter()),
            Self::HostCall(call) => waiting.extend(call.arguments.iter()),
            Self::Method(method) => {
                waiting.push(&method.receiver.value);
                waiting.extend(method.arguments.iter());
            }
            Self::Index(index) => waiting.extend([&index.base.value, &index.index.value]),
            Self::Field(field) => waiting.push(&field.base.value),
            Self::Invoke(task) | Self::SendMail(task) => {
                waiting.extend(task.entries.iter().flat_map(|entry| entry.values.iter()));
            }
        }
    }
}
