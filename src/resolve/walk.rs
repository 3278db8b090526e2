//! Walking the running tree, for checks that look at whole functions.
//!
//! The resolver bounds how deep the tree is nested, so the walks recurse; nothing is allocated.

use super::program::{Expression, Statement};
use crate::source::Span;

impl Statement {
    /// Calls `see` with every statement of a block in the order of the text, inner ones after the one they stand in.
    pub(crate) fn each<'s>(block: &'s [Self], see: &mut impl FnMut(&'s Self)) {
        for statement in block {
            let statement = match statement {
                Self::Traced(traced) => &traced.statement,
                other => other,
            };
            see(statement);
            match statement {
                Self::If(branches) => {
                    Self::each(&branches.then, see);
                    branches.others.iter().for_each(|(_, body)| Self::each(body, see));
                    Self::each(&branches.otherwise, see);
                }
                Self::ForEach(walk) => Self::each(&walk.body, see),
                Self::While(repeat) => Self::each(&repeat.body, see),
                Self::Try(attempt) => {
                    Self::each(&attempt.body, see);
                    Self::each(&attempt.catch, see);
                }
                Self::Block(body) => Self::each(body, see),
                _ => {}
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
            Self::Assign { value, .. } | Self::Evaluate(value) | Self::Return(Some(value)) => value.place(),
            Self::Return(None) | Self::Break | Self::Continue => None,
        }
    }

    /// Calls `see` with every expression that stands in a statement, inner ones after the one they stand in; blocks inside
    /// the statement are left out.
    pub(crate) fn each_expression<'s>(&'s self, see: &mut impl FnMut(&'s Expression)) {
        match self {
            Self::Assign { value, .. } | Self::Evaluate(value) | Self::Return(Some(value)) => value.each(see),
            Self::Append { addends, .. } => addends.iter().for_each(|addend| addend.value.each(see)),
            Self::Update(update) => update.value.value.each(see),
            Self::SetElement(set) => {
                set.base.value.each(see);
                set.index.value.each(see);
                set.value.each(see);
            }
            Self::If(branches) => {
                branches.condition.value.each(see);
                branches
                    .others
                    .iter()
                    .for_each(|(condition, _)| condition.value.each(see));
            }
            Self::ForEach(walk) => walk.over.value.each(see),
            Self::While(repeat) => repeat.condition.value.each(see),
            Self::ReturnAs(promised) => promised.value.value.each(see),
            Self::Info(value) | Self::Throw(value) => value.value.each(see),
            Self::Return(None)
            | Self::Try(_)
            | Self::Block(_)
            | Self::Unavailable(_)
            | Self::Traced(_)
            | Self::Break
            | Self::Continue => {}
        }
    }
}

impl Expression {
    /// Where an expression stands, if it or the first of its parts that knows says so.
    fn place(&self) -> Option<Span> {
        let mut first = None;
        self.each(&mut |part| first = first.or_else(|| part.spot()));
        first
    }

    /// Where an expression stands, if it says so itself.
    fn spot(&self) -> Option<Span> {
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
            _ => None,
        }
    }

    /// Calls `see` with an expression and all inside it.
    pub(crate) fn each<'e>(&'e self, see: &mut impl FnMut(&'e Self)) {
        see(self);
        match self {
            Self::Null
            | Self::Boolean(_)
            | Self::Number(_)
            | Self::Decimal(_)
            | Self::Constant(_)
            | Self::Slot(_)
            | Self::Empty
            | Self::Unavailable(_) => {}
            Self::Arithmetic(node) => each_of([&node.left, &node.right], see),
            Self::Compare(node) => each_of([&node.left, &node.right], see),
            Self::Sum(sum) => each_of(
                std::iter::once(&sum.first).chain(&sum.rest).map(|part| &part.value),
                see,
            ),
            Self::Logic(logic) => each_of(logic.operands.iter().map(|part| &part.value), see),
            Self::Not(operand) | Self::Negate(operand) => operand.value.each(see),
            Self::Conditional(parts) => each_of([&parts.0.value, &parts.1, &parts.2], see),
            Self::IfNull(parts) => each_of([&parts.0, &parts.1], see),
            Self::List(items) => each_of(items, see),
            Self::Record(record) => each_of(record.values.iter(), see),
            Self::Map(pairs) => each_of(pairs.iter().flat_map(|(key, value)| [key, value]), see),
            Self::TypedList(typed) => each_of(&typed.from, see),
            Self::Call(call) => each_of(&call.arguments, see),
            Self::Builtin(call) => each_of(&call.arguments, see),
            Self::HostCall(call) => each_of(&call.arguments, see),
            Self::Method(method) => {
                method.receiver.value.each(see);
                each_of(&method.arguments, see);
            }
            Self::Index(index) => each_of([&index.base.value, &index.index.value], see),
            Self::Field(field) => field.base.value.each(see),
            Self::Invoke(task) | Self::SendMail(task) => {
                each_of(task.entries.iter().flat_map(|entry| entry.values.iter()), see);
            }
        }
    }
}

fn each_of<'e>(parts: impl IntoIterator<Item = &'e Expression>, see: &mut impl FnMut(&'e Expression)) {
    parts.into_iter().for_each(|part| part.each(see));
}
