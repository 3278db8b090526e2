//! Expressions and task blocks.

use super::Printer;
use crate::source::Span;
use crate::syntax::ast::{
    BinaryOperator, Call, Entry, EntryValue, ExpressionId, ExpressionKind, Fetch, Field, Insert, Item, List, Method,
    Task, Typed, UnaryOperator,
};
use crate::syntax::lexer;
use crate::syntax::token::Token;

impl Printer<'_> {
    pub(super) fn expression(&mut self, id: ExpressionId) {
        stacker::maybe_grow(128 << 10, 1 << 20, || self.one_expression(id));
    }

    fn one_expression(&mut self, id: ExpressionId) {
        let node = self.script.expression(id);
        match node.kind {
            ExpressionKind::Null => self.out.push_str("null"),
            ExpressionKind::Boolean(true) => self.out.push_str("true"),
            ExpressionKind::Boolean(false) => self.out.push_str("false"),
            ExpressionKind::Empty => self.out.push_str("{}"),
            ExpressionKind::Number
            | ExpressionKind::Decimal
            | ExpressionKind::Text
            | ExpressionKind::Quoted
            | ExpressionKind::Rendered
            | ExpressionKind::Bad => self.out.push_str(self.slice(node.at)),
            ExpressionKind::Name(symbol) => self.out.push_str(self.script.name(symbol)),
            ExpressionKind::Unary { operator, operand } => self.unary(operator, operand),
            ExpressionKind::Binary { .. } => self.chain(id),
            ExpressionKind::Conditional(parts) => self.bracketed("if(", parts.as_slice(), ")"),
            ExpressionKind::Group(inner) => self.bracketed("(", &[inner], ")"),
            ExpressionKind::List(items) => {
                let brackets = self.slice(node.at).starts_with('[');
                let (open, close) = if brackets { ("[", "]") } else { ("{", "}") };
                self.bracketed(open, self.script.list(items), close);
            }
            ExpressionKind::Map(pairs) => self.map(node.at, self.script.list(pairs)),
            ExpressionKind::Task(task) => self.task(self.script.part(task), false),
            ExpressionKind::Insert(insert) => self.insert(self.script.part(insert), false),
            ExpressionKind::Fetch(fetch) => self.fetch(self.script.part(fetch)),
            postfix => self.postfix(postfix),
        }
    }

    fn postfix(&mut self, kind: ExpressionKind) {
        match kind {
            ExpressionKind::Field(field) => {
                let Field { base, name } = *self.script.part(field);
                self.expression(base);
                self.out.push('.');
                self.name(name);
            }
            ExpressionKind::Method(method) => {
                let Method {
                    receiver,
                    name,
                    arguments,
                } = *self.script.part(method);
                self.expression(receiver);
                self.out.push('.');
                self.name(name);
                self.items(arguments);
            }
            ExpressionKind::Call(call) => {
                let Call { name, arguments } = *self.script.part(call);
                self.name(name);
                self.items(arguments);
            }
            ExpressionKind::Typed(typed) => {
                let Typed {
                    container,
                    element,
                    arguments,
                } = *self.script.part(typed);
                self.name(container);
                self.out.push(':');
                self.name(element);
                self.items(arguments);
            }
            ExpressionKind::Bracket { base, inner } => {
                self.expression(base);
                self.bracketed("[", inner.as_slice(), "]");
            }
            ExpressionKind::Ui(base) => {
                self.expression(base);
                self.out.push_str(":ui");
            }
            _ => {}
        }
    }

    fn unary(&mut self, operator: UnaryOperator, operand: ExpressionId) {
        self.out.push(match operator {
            UnaryOperator::Not => '!',
            UnaryOperator::Negate => '-',
            UnaryOperator::Plus => '+',
        });
        // Two signs side by side would read as the increment of other languages.
        if matches!(self.script.expression(operand).kind, ExpressionKind::Unary { operator: inner, .. } if inner != UnaryOperator::Not)
        {
            self.out.push(' ');
        }
        self.expression(operand);
    }

    /// Binary operators; the left spine, which may be long, in a loop.
    fn chain(&mut self, id: ExpressionId) {
        let mut links = Vec::new();
        let mut first = id;
        while let ExpressionKind::Binary {
            operator,
            operator_at,
            left,
            right,
        } = self.script.expression(first).kind
        {
            links.push((operator, operator_at, right));
            first = left;
        }
        self.expression(first);
        for (operator, at, right) in links.into_iter().rev() {
            self.out.push(' ');
            match operator {
                BinaryOperator::Criterion => self.out.push_str(self.word(at)),
                _ => self.out.push_str(operator.sign()),
            }
            self.out.push(' ');
            self.expression(right);
        }
    }

    fn bracketed(&mut self, open: &str, items: &[ExpressionId], close: &str) {
        self.out.push_str(open);
        for (index, item) in items.iter().enumerate() {
            self.separate(index, ",");
            self.expression(*item);
        }
        self.out.push_str(close);
    }

    fn map(&mut self, at: Span, pairs: &[(ExpressionId, ExpressionId)]) {
        let brackets = self.slice(at).starts_with('[');
        self.out.push(if brackets { '[' } else { '{' });
        for (index, (key, value)) in pairs.iter().enumerate() {
            self.separate(index, ",");
            self.expression(*key);
            self.out.push(':');
            self.expression(*value);
        }
        self.out.push(if brackets { ']' } else { '}' });
    }

    fn items(&mut self, items: List<Item>) {
        self.out.push('(');
        for (index, item) in self.script.list(items).iter().enumerate() {
            self.separate(index, ",");
            if let Some(key) = item.key {
                self.expression(key);
                self.out.push(':');
            }
            self.expression(item.value);
        }
        self.out.push(')');
    }

    fn fetch(&mut self, fetch: &Fetch) {
        self.expression(fetch.base);
        for (index, (field, ascending)) in fetch.sort.iter().enumerate() {
            self.out.push_str(if index == 0 { " sort by " } else { ", " });
            self.expression(*field);
            self.out.push_str(if *ascending { "" } else { " desc" });
        }
        if let Some((from, to)) = fetch.range {
            self.out.push_str(" range from ");
            self.expression(from);
            self.out.push_str(" to ");
            self.expression(to);
        }
    }

    // ---- Task blocks ----

    /// A task with its entries, each on a line where it has lines for itself.
    pub(super) fn task(&mut self, task: &Task, lines: bool) {
        self.name(task.name);
        self.open(lines);
        for entry in &task.entries {
            self.entry_start(lines);
            self.entry(entry);
        }
        self.close(lines);
    }

    fn entry(&mut self, entry: &Entry) {
        self.key(entry.key);
        self.out.push_str(" :");
        for (index, EntryValue { label, value }) in entry.values.iter().enumerate() {
            self.separate(index, ",");
            if let Some(label) = label {
                self.name(*label);
                self.out.push(':');
            }
            self.expression(*value);
        }
    }

    /// A key of one or more words; hyphens stand close.
    fn key(&mut self, at: Span) {
        let written = self.slice(at);
        let mut behind_word = false;
        for token in lexer::lex(written, false).0 {
            let is_word = token.token != Token::Minus;
            if is_word && behind_word {
                self.out.push(' ');
            }
            behind_word = is_word;
            self.out.push_str(
                written
                    .get(token.start as usize..token.end as usize)
                    .unwrap_or_default(),
            );
        }
    }

    pub(super) fn insert(&mut self, insert: &Insert, lines: bool) {
        self.out.push_str("insert into ");
        self.name(insert.form);
        self.open(lines);
        for (path, value) in &insert.fields {
            self.entry_start(lines);
            self.path(self.script.list(*path));
            self.out.push_str(" = ");
            self.expression(*value);
        }
        self.close(lines);
    }

    fn open(&mut self, lines: bool) {
        if lines {
            self.out.push('\n');
            self.start_line();
            self.out.push('[');
        } else {
            self.out.push_str(" [");
        }
    }

    fn entry_start(&mut self, lines: bool) {
        if lines {
            self.out.push('\n');
            self.start_line();
            self.out.push('\t');
        } else {
            self.out.push(' ');
        }
    }

    fn close(&mut self, lines: bool) {
        if lines {
            self.out.push('\n');
            self.start_line();
            self.out.push(']');
        } else {
            self.out.push_str(" ]");
        }
    }
}
