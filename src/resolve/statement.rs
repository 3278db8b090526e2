//! Statements: one function a kind.

use super::program::{
    Arithmetic, Expression, ForEach, If, Promised, SetElement, Slot, Spanned, Statement, Traced, Try, Unavailable,
    Update, While,
};
use super::{Promise, Resolver};
use crate::builtins::{Builtin, Effect};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};
use crate::syntax::ast::{self, BinaryOperator, Block, ExpressionId, ExpressionKind, List, StatementKind, Symbol};

impl Resolver<'_> {
    /// The statements of a block, in order.
    pub(super) fn block(&mut self, block: Block) -> Box<[Statement]> {
        let mut statements = Vec::with_capacity(block.len());
        let mut ended = None;
        for id in self.script().list(block) {
            let statement = self.script().statement(*id);
            if let Some(ender) = ended.take() {
                let diagnostic = Diagnostic::warning(
                    Code::Unreachable,
                    SourceId(self.unit as u16),
                    statement.at,
                    format!("this statement is never reached: it stands behind `{ender}`"),
                );
                self.diagnostics.push(diagnostic.help("remove it, or move it up"));
            }
            let deep = self.depth;
            let resolved = stacker::maybe_grow(256 << 10, 2 << 20, || self.statement(statement));
            self.depth = deep;
            statements.push(if self.options.trace {
                self.traced(resolved, statement.at)
            } else {
                resolved
            });
            ended = match statement.kind {
                StatementKind::Return(_) => Some("return"),
                StatementKind::Throw(_) => Some("throw"),
                StatementKind::Break => Some("break"),
                StatementKind::Continue => Some("continue"),
                _ => None,
            };
        }
        statements.into_boxed_slice()
    }

    /// A statement that reports itself: with the variables that stand directly in it, and the one it assigns.
    fn traced(&mut self, statement: Statement, at: Span) -> Statement {
        let mut reads: Vec<Slot> = Vec::new();
        let mut note = |expression: &Expression| match expression {
            Expression::Slot(slot) if !reads.contains(slot) => reads.push(*slot),
            _ => {}
        };
        statement.each_expression(&mut note);
        let changed = |expression: &Expression| match expression {
            Expression::Slot(slot) => Some(*slot),
            _ => None,
        };
        let writes = match &statement {
            Statement::Assign { slot, .. } | Statement::Append { slot, .. } => Some(*slot),
            Statement::Update(update) => Some(update.slot),
            Statement::SetElement(set) => changed(&set.base.value),
            Statement::Evaluate(Expression::Method(method)) => {
                let changes = |builtin: &Builtin| builtin.effect == Effect::Changes;
                changed(&method.receiver.value).filter(|_| method.group.variants().any(changes))
            }
            _ => None,
        };
        if let Statement::Update(update) = &statement
            && !reads.contains(&update.slot)
        {
            reads.insert(0, update.slot);
        }
        let named = |slot: Slot| (self.scope.name(self.script(), slot), slot);
        Statement::Traced(Box::new(Traced {
            at,
            reads: reads.into_iter().map(named).collect(),
            writes: writes.map(named),
            statement,
        }))
    }

    fn statement(&mut self, statement: &ast::Statement) -> Statement {
        let at = statement.at;
        match statement.kind {
            StatementKind::Assign {
                target,
                operator,
                value,
            } => self.assign(target, operator, value),
            StatementKind::Expression(expression) => self.effect(expression),
            StatementKind::If { arms, otherwise } => self.branches(arms, otherwise),
            StatementKind::ForEach {
                variable,
                index,
                over,
                body,
            } => self.for_each(variable.symbol, index, over, body),
            StatementKind::While { condition, body } => self.while_loop(condition, body),
            StatementKind::Try(attempt) => self.try_catch(at, self.script().part(attempt)),
            StatementKind::Return(value) => self.returned(value),
            StatementKind::Info(value) => Statement::Info(Box::new(self.value(value))),
            StatementKind::Throw(value) => self.throw(at, value),
            StatementKind::Break => self.in_loop(at, "break", Statement::Break),
            StatementKind::Continue => self.in_loop(at, "continue", Statement::Continue),
            StatementKind::Block(body) => Statement::Block(self.block(body)),
            StatementKind::Creator(command) => Statement::Unavailable(Box::new(Unavailable {
                message: format!(
                    "`{}` needs a form of Zoho Creator, which is not here",
                    self.script().part(command).words
                ),
                help: Some("run this part in Creator, or leave it out".to_owned()),
                at,
                code: Code::NotAvailable,
            })),
            StatementKind::Bad => Statement::Block(Box::default()),
        }
    }

    fn assign(&mut self, target: ExpressionId, operator: Option<BinaryOperator>, value: ExpressionId) -> Statement {
        let node = self.script().expression(target);
        match node.kind {
            ExpressionKind::Name(symbol) => self.assign_name(symbol, node.at, operator, value),
            ExpressionKind::Field(field) if self.is_input_word(self.script().part(field).base) => {
                let name = self.script().part(field).name;
                self.assign_name(name.symbol, node.at, operator, value)
            }
            ExpressionKind::Bracket {
                base,
                inner: Some(inner),
            } if operator.is_none() => Statement::SetElement(Box::new(SetElement {
                base: self.spanned(base),
                index: self.spanned(inner),
                value: self.expression(value),
            })),
            ExpressionKind::Field(_) | ExpressionKind::Bracket { .. } | ExpressionKind::Ui(_) => {
                self.expression(value);
                Statement::Unavailable(Box::new(Unavailable {
                    message: "fields of a record can only be set in Zoho Creator, which is not here".to_owned(),
                    help: Some("a map takes values with `put`".to_owned()),
                    at: node.at,
                    code: Code::NotAvailable,
                }))
            }
            ExpressionKind::Bad => Statement::Block(Box::default()),
            _ => {
                let shown = self.text(node.at);
                let help = "write a variable on the left of `=`; to compare, use `==`";
                self.report(
                    Code::InvalidTarget,
                    node.at,
                    format!("Improper Statement: `{shown}` cannot be assigned to"),
                    Some(help.to_owned()),
                );
                Statement::Block(Box::default())
            }
        }
    }

    fn assign_name(
        &mut self,
        symbol: Symbol,
        at: Span,
        operator: Option<BinaryOperator>,
        value: ExpressionId,
    ) -> Statement {
        match operator {
            Some(operator) => {
                let slot = self.read(symbol, at);
                self.update(slot, symbol, at, (arithmetic(operator), value))
            }
            None => self.assign_plain(symbol, value),
        }
    }

    /// `x = e`, where `e` may begin with `x` itself.
    fn assign_plain(&mut self, symbol: Symbol, value: ExpressionId) -> Statement {
        if self.scope.is_defined(symbol) {
            if let Some(addends) = self.own_sum(symbol, value) {
                return self.append(symbol, addends);
            }
            if let ExpressionKind::Binary {
                operator, left, right, ..
            } = self.script().expression(value).kind
                && let Some(operator) = own_operator(operator)
                && let ExpressionKind::Name(name) = self.script().expression(left).kind
                && name == symbol
            {
                let slot = self.scope.define(symbol);
                return self.update(slot, symbol, self.script().expression(left).at, (operator, right));
            }
        }
        if self.is_foreign(value) {
            self.scope.note_foreign(symbol);
        }
        let mut value = self.expression(value);
        let slot = self.scope.define(symbol);
        if let Expression::Method(method) = &mut value {
            method.note_target(slot);
        }
        Statement::Assign { slot, value }
    }

    fn update(&mut self, slot: Slot, symbol: Symbol, at: Span, change: (Arithmetic, ExpressionId)) -> Statement {
        let (operator, value) = change;
        let appends = operator == Arithmetic::Add && !self.mentions(value, symbol);
        Statement::Update(Box::new(Update {
            appends,
            slot,
            operator,
            value: self.spanned(value),
            slot_at: at,
        }))
    }

    /// The addends behind `x`, two or more, where a sum begins with the variable it is assigned to and does not mention
    /// it again.
    fn own_sum(&mut self, symbol: Symbol, value: ExpressionId) -> Option<Vec<ExpressionId>> {
        let sum = |id: ExpressionId| match self.script().expression(id).kind {
            ExpressionKind::Binary {
                operator: BinaryOperator::Add,
                left,
                ..
            } => Some(left),
            _ => None,
        };
        sum(sum(value)?)?;
        let addends = self.addends(value);
        let (first, rest) = addends.split_first()?;
        let begins = matches!(self.script().expression(*first).kind, ExpressionKind::Name(name) if name == symbol);
        let free = rest.len() > 1 && !rest.iter().any(|addend| self.mentions(*addend, symbol));
        (begins && free).then(|| rest.to_vec())
    }

    fn append(&mut self, symbol: Symbol, addends: Vec<ExpressionId>) -> Statement {
        let addends: Box<[Spanned]> = addends.into_iter().map(|addend| self.spanned(addend)).collect();
        let at = addends
            .iter()
            .fold(addends.first().map_or(Span::default(), |first| first.at), |at, next| {
                at.to(next.at)
            });
        Statement::Append {
            slot: self.scope.define(symbol),
            addends,
            at,
        }
    }

    /// An expression that stands as a statement.
    fn effect(&mut self, id: ExpressionId) -> Statement {
        let node = self.script().expression(id);
        let does_something = matches!(
            node.kind,
            ExpressionKind::Call(_)
                | ExpressionKind::Method(_)
                | ExpressionKind::Task(_)
                | ExpressionKind::Insert(_)
                | ExpressionKind::Conditional(_)
                | ExpressionKind::Bad
        );
        if !does_something {
            self.warn(
                Code::UnusedValue,
                node.at,
                "the value of this expression is not used",
                "assign it, print it with `info`, or remove it",
            );
        }
        let resolved = self.any_expression(id);
        self.lint_dropped_result(&resolved, node.at);
        Statement::Evaluate(resolved)
    }

    fn branches(&mut self, arms: List<ast::Arm>, otherwise: Option<Block>) -> Statement {
        let mut arms = self.script().list(arms).iter().map(|arm| {
            let condition = self.condition(arm.condition);
            (condition, self.block(arm.body))
        });
        let Some((condition, then)) = arms.next() else {
            return Statement::Block(Box::default());
        };
        let others = arms.collect();
        let otherwise = otherwise.map(|block| self.block(block)).unwrap_or_default();
        Statement::If(Box::new(If {
            condition,
            then,
            others,
            otherwise,
        }))
    }

    fn for_each(&mut self, variable: Symbol, index: bool, over: ExpressionId, body: Block) -> Statement {
        if self.is_foreign(over) {
            self.scope.note_foreign(variable);
        }
        let over = self.value(over);
        let slot = self.scope.define(variable);
        let body = self.loop_body(body);
        Statement::ForEach(Box::new(ForEach {
            slot,
            index,
            over,
            body,
        }))
    }

    fn while_loop(&mut self, condition: ExpressionId, body: Block) -> Statement {
        let at = self.script().expression(condition).at;
        self.warn(
            Code::NotPortable,
            at,
            "`while` is an extension: Zoho rejects it as an Improper Statement",
            "walk a list with `for each` where the script has to run in Zoho too",
        );
        let condition = self.condition(condition);
        let body = self.loop_body(body);
        Statement::While(Box::new(While { condition, body }))
    }

    fn loop_body(&mut self, body: Block) -> Box<[Statement]> {
        self.scope.loops += 1;
        let body = self.block(body);
        self.scope.loops -= 1;
        body
    }

    fn try_catch(&mut self, at: Span, attempt: &ast::Try) -> Statement {
        let body = self.block(attempt.body);
        let Some(catch) = attempt.catch else {
            self.warn(
                Code::NotPortable,
                Span::new(at.start, at.start + 3),
                "`try` without `catch` catches nothing, and Zoho may refuse it",
                "add `catch (e) { ... }` behind it",
            );
            return Statement::Block(body);
        };
        let variable = catch.variable.map(|variable| self.scope.define(variable.symbol));
        if catch.body.is_empty() && !self.is_explained(at) {
            self.lint_swallowed(at);
        }
        let handled = self.block(catch.body);
        Statement::Try(Box::new(Try {
            body,
            variable,
            catch: handled,
        }))
    }

    fn returned(&mut self, value: Option<ExpressionId>) -> Statement {
        let Some(value) = value.map(|value| self.value(value)) else {
            return Statement::Return(None);
        };
        match self.promise {
            Promise::Kind(kind) => Statement::ReturnAs(Box::new(Promised { value, kind })),
            Promise::Nothing => {
                self.warn(
                    Code::ReturnKind,
                    value.at,
                    "Invalid return Type: a void function returns no value",
                    "write `return;`, or name the type in the function's header",
                );
                Statement::Return(Some(value.value))
            }
            Promise::Open => Statement::Return(Some(value.value)),
        }
    }

    fn throw(&mut self, at: Span, value: Option<ExpressionId>) -> Statement {
        let value = match value {
            Some(value) => self.value(value),
            None => Spanned {
                value: Expression::Null,
                at,
            },
        };
        Statement::Throw(Box::new(value))
    }

    fn in_loop(&mut self, at: Span, word: &str, statement: Statement) -> Statement {
        if self.scope.loops == 0 {
            self.report(
                Code::MisplacedStatement,
                at,
                format!("`{word}` stands outside of any loop"),
                Some("put it inside a `for each`, or use `return` to end the script".to_owned()),
            );
        }
        statement
    }

    /// Makes a name readable: its slot, as an input where nothing has assigned it before.
    pub(super) fn read(&mut self, symbol: Symbol, at: Span) -> Slot {
        if self.scope.is_defined(symbol) {
            return self.scope.define(symbol);
        }
        let input = self.input(self.script().name(symbol), at);
        self.scope.define_input(symbol, input)
    }
}

/// The operator of `x = x op e`, where that is a form of its own.
fn own_operator(operator: BinaryOperator) -> Option<Arithmetic> {
    use BinaryOperator as Op;
    matches!(
        operator,
        Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder
    )
    .then(|| arithmetic(operator))
}

/// The operator of a compound assignment.
fn arithmetic(operator: BinaryOperator) -> Arithmetic {
    match operator {
        BinaryOperator::Subtract => Arithmetic::Subtract,
        BinaryOperator::Multiply => Arithmetic::Multiply,
        BinaryOperator::Divide => Arithmetic::Divide,
        BinaryOperator::Remainder => Arithmetic::Remainder,
        _ => Arithmetic::Add,
    }
}
