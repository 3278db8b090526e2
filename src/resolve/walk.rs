//! Walking the running tree, for checks that look at whole functions.
//!
//! The resolver bounds how deep the tree is nested, so the walks recurse; nothing is allocated.

use super::program::{Expression, Statement};

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
    /// Calls `see` with an expression and all inside it.
    pub(crate) fn each<'e>(&'e self, see: &mut impl FnMut(&'e Self)) {
        see(self);
        match self {
            Self::Null
            | Self::Boolean(_)
            | Self::Number(_)
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
