//! Walking the running tree, for checks that look at whole functions.

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
