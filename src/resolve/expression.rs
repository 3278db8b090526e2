//! Expressions: literals, names, operators, containers.

use super::program::{
    Arithmetic, Binary, Comparison, Constant, ConstantId, Expression, Field, Index, Logic, Record, RecordId, Spanned,
    Sum, TypedList, Unavailable,
};
use super::types::kind_of_type;
use super::{MAX_DEPTH, Resolver};
use crate::builtins;
use crate::diagnostic::Code;
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOperator, ExpressionId, ExpressionKind, Item, Symbol, UnaryOperator};
use crate::syntax::literal;
use crate::value::Value;

/// How many levels of an expression are resolved between two looks at the stack.
const LEVELS_OF_A_LOOK: u32 = 8;

impl Resolver<'_> {
    /// An expression whose value is used.
    pub(super) fn expression(&mut self, id: ExpressionId) -> Expression {
        let at = self.script().expression(id).at;
        let resolved = self.any_expression(id);
        self.refuse_void(&resolved, at);
        resolved
    }

    /// An expression whose value is used, with its place.
    pub(super) fn value(&mut self, id: ExpressionId) -> Spanned {
        Spanned {
            value: self.expression(id),
            at: self.script().expression(id).at,
        }
    }

    /// The same as [`Resolver::value`], for operands.
    pub(super) fn spanned(&mut self, id: ExpressionId) -> Spanned {
        self.value(id)
    }

    /// A condition.
    pub(super) fn condition(&mut self, id: ExpressionId) -> Spanned {
        self.value(id)
    }

    /// An expression, be it void.
    pub(super) fn any_expression(&mut self, id: ExpressionId) -> Expression {
        self.depth += 1;
        let resolved = if self.depth > MAX_DEPTH {
            let at = self.script().expression(id).at;
            if self.depth == MAX_DEPTH + 1 {
                self.report(
                    Code::TooDeep,
                    at,
                    "the expression is nested too deeply",
                    Some("keep parts of it in variables".to_owned()),
                );
            }
            Expression::Null
        } else {
            // A few levels fit what was left at the last look.
            if self.depth % LEVELS_OF_A_LOOK == 1 {
                stacker::maybe_grow(256 << 10, 2 << 20, || self.node(id))
            } else {
                self.node(id)
            }
        };
        self.depth -= 1;
        resolved
    }

    fn node(&mut self, id: ExpressionId) -> Expression {
        let script = self.script();
        let node = script.expression(id);
        let at = node.at;
        match node.kind {
            ExpressionKind::Null | ExpressionKind::Bad => Expression::Null,
            ExpressionKind::Boolean(boolean) => Expression::Boolean(boolean),
            ExpressionKind::Number => self.number(at, false),
            ExpressionKind::Decimal => self.decimal(at),
            ExpressionKind::Text => self.text_literal(at, Constant::Text),
            ExpressionKind::Quoted => self.text_literal(at, Constant::Quoted),
            ExpressionKind::Name(symbol) => self.name(symbol, at),
            ExpressionKind::Field(field) => self.field(*script.part(field), at),
            ExpressionKind::Call(call) => {
                let call = script.part(call);
                self.call(call.name, script.list(call.arguments), at)
            }
            ExpressionKind::Method(method) => {
                let method = script.part(method);
                self.method(method.receiver, method.name, script.list(method.arguments), at)
            }
            ExpressionKind::Bracket { base, inner } => self.bracket(base, inner, at),
            ExpressionKind::Unary { operator, operand } => self.unary(operator, operand),
            ExpressionKind::Binary {
                operator, left, right, ..
            } => self.binary(id, operator, left, right),
            ExpressionKind::Conditional([condition, yes, no]) => {
                let condition = self.condition(condition);
                Expression::Conditional(Box::new((condition, self.expression(yes), self.expression(no))))
            }
            ExpressionKind::Group(inner) => self.any_expression(inner),
            ExpressionKind::List(items) => {
                let items = script.list(items).iter();
                Expression::List(items.map(|item| self.expression(*item)).collect())
            }
            ExpressionKind::Map(pairs) => {
                let pairs = script
                    .list(pairs)
                    .iter()
                    .map(|(key, value)| (self.literal_key(*key), self.expression(*value)));
                let pairs = pairs.collect();
                self.map(pairs)
            }
            ExpressionKind::Empty => Expression::Empty,
            ExpressionKind::Typed(typed) => self.typed(script.part(typed), at),
            ExpressionKind::Task(task) => self.task(script.part(task), at),
            ExpressionKind::Insert(_) => self.creator("`insert into`", at),
            ExpressionKind::Fetch(_) => self.creator("fetching records of a form", at),
            ExpressionKind::Ui(_) => self.creator("the control of a field", at),
            ExpressionKind::Rendered => self.creator("attaching a template or a report", at),
        }
    }

    fn map(&mut self, pairs: Vec<(Expression, Expression)>) -> Expression {
        let Some(keys) = self.different_texts(&pairs) else {
            return Expression::Map(pairs.into_boxed_slice());
        };
        self.program.records.push(keys);
        Expression::Record(Box::new(Record {
            keys: RecordId(self.program.records.len() as u32 - 1),
            values: pairs.into_iter().map(|(_, value)| value).collect(),
        }))
    }

    /// The keys of a map literal, where they are literal texts and no two are equal, however they are written.
    fn different_texts(&self, pairs: &[(Expression, Expression)]) -> Option<Box<[ConstantId]>> {
        /// Looking for equal ones would take long among more.
        const MANY: usize = 64;
        if pairs.len() > MANY {
            return None;
        }
        let text = |id: ConstantId| match &self.program.constants[id.0 as usize] {
            Constant::Text(text) => Some(text),
            _ => None,
        };
        let mut keys = Vec::with_capacity(pairs.len());
        for (key, _) in pairs {
            match key {
                Expression::Constant(id) if text(*id).is_some() => keys.push(*id),
                _ => return None,
            }
        }
        let is_met = |(index, id): (usize, &ConstantId)| keys[..index].iter().any(|met| text(*met) == text(*id));
        let all_differ = !keys.iter().enumerate().any(is_met);
        all_differ.then(|| keys.into_boxed_slice())
    }

    /// A NUMBER literal. The digits of the smallest number only fit behind a minus.
    fn number(&mut self, at: Span, negated: bool) -> Expression {
        let digits = self.text(at);
        let magnitude = digits.parse::<u64>().ok();
        let number = match magnitude {
            Some(magnitude) if negated => 0i64.checked_sub_unsigned(magnitude),
            Some(magnitude) => i64::try_from(magnitude).ok(),
            None => None,
        };
        if number.is_none() {
            self.report(
                Code::NumberTooLarge,
                at,
                format!("{digits} is too large for a NUMBER"),
                Some("a NUMBER goes up to 9223372036854775807; keep longer digits as text in quotes".to_owned()),
            );
        }
        Expression::Number(number.unwrap_or_default())
    }

    fn decimal(&mut self, at: Span) -> Expression {
        let digits = self.text(at);
        match Value::decimal_literal(digits) {
            Value::Decimal(decimal) => Expression::Decimal(decimal),
            _ => Expression::Constant(self.constant(digits, |digits| Constant::Decimal(digits.to_owned()))),
        }
    }

    fn text_literal(&mut self, at: Span, make: fn(String) -> Constant) -> Expression {
        let made = self.constant(self.text(at), |written| make(literal::text(written).into_owned()));
        Expression::Constant(made)
    }

    fn name(&mut self, symbol: Symbol, at: Span) -> Expression {
        if !self.scope.is_variable(symbol) {
            let name = self.script().name(symbol);
            if let Some(builtin) = builtins::variable(name) {
                return self.builtin_variable(builtin, at);
            }
        }
        Expression::Slot(self.read(symbol, at))
    }

    /// `base.name`: a built-in variable of a namespace, an input by its long name, or a field of a value.
    fn field(&mut self, field: ast::Field, at: Span) -> Expression {
        let ast::Field { base, name } = field;
        if self.is_input_word(base) {
            return Expression::Slot(self.read(name.symbol, at));
        }
        if let Some(path) = self.namespace_path(base) {
            let whole = format!("{path}.{}", self.script().name(name.symbol));
            if let Some(builtin) = builtins::variable(&whole) {
                return self.builtin_variable(builtin, at);
            }
            let root = whole.split('.').next().unwrap_or_default();
            if ["zoho", "thisapp"].iter().any(|known| root.eq_ignore_ascii_case(known)) {
                let message = format!("`{whole}` is not available here");
                return unavailable(message, None, at);
            }
        }
        let base = self.value(base);
        let name = self.script().name(name.symbol).to_owned();
        Expression::Field(Box::new(Field { base, name, at }))
    }

    /// A key of a map literal. A name that nothing assigns was meant as text, most likely.
    fn literal_key(&mut self, id: ExpressionId) -> Expression {
        let known = self.program.inputs.len();
        let key = self.expression(id);
        if let ExpressionKind::Name(symbol) = self.script().expression(id).kind
            && let Some(input) = self.program.inputs.get_mut(known)
            && input.similar.is_none()
        {
            let name = self.units[self.unit].script.name(symbol);
            input.meant = Some(format!("put the key in quotes: `\"{name}\"`"));
        }
        key
    }

    /// Whether an expression is the word `input`, by which functions reach their own parameters and inputs.
    pub(super) fn is_input_word(&mut self, id: ExpressionId) -> bool {
        match self.script().expression(id).kind {
            ExpressionKind::Name(symbol) => {
                !self.scope.is_variable(symbol) && self.script().name(symbol).eq_ignore_ascii_case("input")
            }
            _ => false,
        }
    }

    /// The dotted name behind an expression whose first word is no variable: `zoho.crm`, `standalone`.
    pub(super) fn namespace_path(&mut self, id: ExpressionId) -> Option<String> {
        let mut parts = Vec::new();
        let mut id = id;
        loop {
            match self.script().expression(id).kind {
                ExpressionKind::Field(field) => {
                    let field = self.script().part(field);
                    parts.push(self.script().name(field.name.symbol));
                    id = field.base;
                }
                ExpressionKind::Name(symbol) if !self.scope.is_variable(symbol) => {
                    parts.push(self.script().name(symbol));
                    parts.reverse();
                    return Some(parts.join("."));
                }
                _ => return None,
            }
        }
    }

    fn unary(&mut self, operator: UnaryOperator, operand: ExpressionId) -> Expression {
        match operator {
            UnaryOperator::Not => Expression::Not(Box::new(self.condition(operand))),
            UnaryOperator::Plus => self.expression(operand),
            UnaryOperator::Negate => match self.script().expression(operand).kind {
                ExpressionKind::Number => self.number(self.script().expression(operand).at, true),
                _ => Expression::Negate(Box::new(self.spanned(operand))),
            },
        }
    }

    fn binary(
        &mut self,
        id: ExpressionId,
        operator: BinaryOperator,
        left: ExpressionId,
        right: ExpressionId,
    ) -> Expression {
        match operator {
            BinaryOperator::Add => self.sum(id),
            BinaryOperator::And | BinaryOperator::Or => self.logic(id, operator),
            BinaryOperator::Subtract => self.arithmetic(Arithmetic::Subtract, left, right),
            BinaryOperator::Multiply => self.arithmetic(Arithmetic::Multiply, left, right),
            BinaryOperator::Divide => self.arithmetic(Arithmetic::Divide, left, right),
            BinaryOperator::Remainder => self.arithmetic(Arithmetic::Remainder, left, right),
            BinaryOperator::Equal | BinaryOperator::EqualSign | BinaryOperator::Is => {
                self.comparison(Comparison::Equal, left, right)
            }
            BinaryOperator::NotEqual | BinaryOperator::IsNot => self.comparison(Comparison::NotEqual, left, right),
            BinaryOperator::Less => self.comparison(Comparison::Less, left, right),
            BinaryOperator::LessEqual => self.comparison(Comparison::LessEqual, left, right),
            BinaryOperator::Greater => self.comparison(Comparison::Greater, left, right),
            BinaryOperator::GreaterEqual => self.comparison(Comparison::GreaterEqual, left, right),
            BinaryOperator::In => self.comparison(Comparison::In, left, right),
            BinaryOperator::NotIn => self.comparison(Comparison::NotIn, left, right),
            BinaryOperator::Criterion => {
                let at = self.script().expression(id).at;
                self.creator("this operator of a criterion", at)
            }
        }
    }

    fn arithmetic(&mut self, operator: Arithmetic, left: ExpressionId, right: ExpressionId) -> Expression {
        Expression::Arithmetic(Box::new(self.operands(operator, left, right)))
    }

    fn comparison(&mut self, operator: Comparison, left: ExpressionId, right: ExpressionId) -> Expression {
        Expression::Compare(Box::new(self.operands(operator, left, right)))
    }

    fn operands<O>(&mut self, operator: O, left: ExpressionId, right: ExpressionId) -> Binary<O> {
        let (left, right) = (self.value(left), self.value(right));
        Binary::new(operator, left, right)
    }

    /// The addends of a sum, left to right; the expression itself where it is no sum.
    pub(super) fn addends(&self, id: ExpressionId) -> Vec<ExpressionId> {
        self.spine(id, BinaryOperator::Add)
    }

    /// The operands that one operator joins along the left spine of an expression, left to right.
    fn spine(&self, id: ExpressionId, wanted: BinaryOperator) -> Vec<ExpressionId> {
        let mut operands = Vec::new();
        let mut id = id;
        while let ExpressionKind::Binary {
            operator, left, right, ..
        } = self.script().expression(id).kind
            && operator == wanted
        {
            operands.push(right);
            id = left;
        }
        operands.push(id);
        operands.reverse();
        operands
    }

    fn sum(&mut self, id: ExpressionId) -> Expression {
        if let ExpressionKind::Binary { left, right, .. } = self.script().expression(id).kind
            && !matches!(
                self.script().expression(left).kind,
                ExpressionKind::Binary {
                    operator: BinaryOperator::Add,
                    ..
                }
            )
        {
            return self.arithmetic(Arithmetic::Add, left, right);
        }
        let mut addends = self
            .addends(id)
            .into_iter()
            .map(|addend| self.spanned(addend))
            .collect::<Vec<_>>()
            .into_iter();
        match (addends.next(), addends.next(), addends.len()) {
            (Some(left), Some(right), 0) => Expression::Arithmetic(Box::new(Binary::new(Arithmetic::Add, left, right))),
            (Some(first), Some(second), _) => {
                let rest = std::iter::once(second).chain(addends).collect();
                Expression::Sum(Box::new(Sum::new(first, rest)))
            }
            _ => Expression::Null,
        }
    }

    fn logic(&mut self, id: ExpressionId, operator: BinaryOperator) -> Expression {
        let operands = self.spine(id, operator);
        self.lint_mixed_logic(operator, &operands);
        let operands = operands.into_iter().map(|operand| self.condition(operand)).collect();
        Expression::Logic(Box::new(Logic {
            decides: operator == BinaryOperator::Or,
            operands,
        }))
    }

    /// `x[i]` on a value; `Form[criteria]` of Creator where that is what it must be.
    fn bracket(&mut self, base: ExpressionId, inner: Option<ExpressionId>, at: Span) -> Expression {
        if let Some(criteria) = inner.filter(|inner| self.is_criteria(base, *inner)) {
            self.check_criteria(criteria);
            return self.creator("fetching records of a form", at);
        }
        let Some(inner) = inner else {
            return self.creator("fetching records of a form", at);
        };
        self.warn(
            Code::NotPortable,
            at,
            "index brackets are an extension: Zoho reads them as criteria of a form",
            "write `.get(...)` where the script has to run in Zoho too",
        );
        Expression::Index(Box::new(Index {
            base: self.spanned(base),
            index: self.spanned(inner),
        }))
    }

    fn is_criteria(&mut self, base: ExpressionId, inner: ExpressionId) -> bool {
        let known = match self.script().expression(base).kind {
            ExpressionKind::Name(symbol) => self.scope.is_variable(symbol),
            _ => true,
        };
        match self.script().expression(inner).kind {
            ExpressionKind::Binary { operator, .. } => {
                use BinaryOperator as Op;
                let counts = matches!(
                    operator,
                    Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder
                );
                !counts || !known
            }
            ExpressionKind::Number | ExpressionKind::Text | ExpressionKind::Quoted => false,
            _ => !known,
        }
    }

    fn typed(&mut self, typed: &ast::Typed, at: Span) -> Expression {
        let script = self.script();
        let (container, element) = (typed.container, typed.element);
        let arguments = script.list(typed.arguments);
        let word = script.name(element.symbol);
        let Some(kind) = kind_of_type(word) else {
            let help = "the element types are String, Int, Float, Decimal, Bool and Date".to_owned();
            self.report(
                Code::UnknownFunction,
                element.at,
                format!("`{word}` is not an element type"),
                Some(help),
            );
            return Expression::Null;
        };
        let values: Vec<ExpressionId> = arguments.iter().map(|item| item.value).collect();
        if script.name(container.symbol).eq_ignore_ascii_case("list") {
            let from = values.first().map(|value| self.expression(*value));
            return Expression::TypedList(Box::new(TypedList {
                element: kind,
                from,
                at,
            }));
        }
        self.call(container, arguments, at)
    }

    /// What parses but needs Creator.
    pub(super) fn creator(&mut self, what: &str, at: Span) -> Expression {
        unavailable(format!("{what} needs Zoho Creator, which is not here"), None, at)
    }

    /// Whether an expression reads a variable anywhere. Walks without recursion over the left spine that long sums have.
    pub(super) fn mentions(&self, id: ExpressionId, symbol: Symbol) -> bool {
        let script = self.script();
        let mut waiting = Vec::new();
        let mut looked = 0;
        let mut next = Some(id);
        while let Some(id) = next.take().or_else(|| waiting.pop()) {
            looked += 1;
            if looked > 64 {
                // A large addend is not worth the search: the slower way is right in every case.
                return true;
            }
            match script.expression(id).kind {
                ExpressionKind::Name(name) if name == symbol => return true,
                ExpressionKind::Field(field) => waiting.push(script.part(field).base),
                ExpressionKind::Ui(base) => waiting.push(base),
                ExpressionKind::Call(call) => push_items(&mut waiting, script.list(script.part(call).arguments)),
                ExpressionKind::Method(method) => {
                    let method = script.part(method);
                    waiting.push(method.receiver);
                    push_items(&mut waiting, script.list(method.arguments));
                }
                ExpressionKind::Unary { operand, .. } => waiting.push(operand),
                ExpressionKind::Binary { left, right, .. } => waiting.extend([left, right]),
                ExpressionKind::Conditional(parts) => waiting.extend(parts),
                ExpressionKind::Group(inner) => waiting.push(inner),
                ExpressionKind::List(items) => waiting.extend(script.list(items)),
                ExpressionKind::Map(pairs) => {
                    let pairs = script.list(pairs).iter();
                    waiting.extend(pairs.flat_map(|(key, value)| [*key, *value]));
                }
                ExpressionKind::Null
                | ExpressionKind::Boolean(_)
                | ExpressionKind::Number
                | ExpressionKind::Decimal
                | ExpressionKind::Text
                | ExpressionKind::Quoted
                | ExpressionKind::Name(_)
                | ExpressionKind::Empty => {}
                _ => return true,
            }
        }
        false
    }
}

fn push_items(waiting: &mut Vec<ExpressionId>, items: &[Item]) {
    waiting.extend(items.iter().flat_map(|item| item.key.into_iter().chain([item.value])));
}

/// A node that fails when it is reached.
pub(super) fn unavailable(message: String, help: Option<String>, at: Span) -> Expression {
    Expression::Unavailable(Box::new(Unavailable {
        message,
        help,
        at,
        code: Code::NotAvailable,
    }))
}
