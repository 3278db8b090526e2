//! The tree as one line of text, for tests: prefix form in parentheses.

use std::fmt::Write;

use super::ast::{
    Block, Call, Entry, ExpressionId, ExpressionKind as E, Field, Insert, Item, List, Method, Name, Script,
    StatementId, StatementKind as S, Try, Typed, UnaryOperator,
};

/// The functions, then the statements of the body, in one line.
pub(super) fn dump(text: &str, script: &Script) -> String {
    parts(text, script).join(" ")
}

/// The functions, then the statements of the body.
pub(super) fn parts(text: &str, script: &Script) -> Vec<String> {
    let dump = Dump { text, script };
    let mut parts = Vec::new();
    for function in &script.functions {
        let path: Vec<_> = script.list(function.path).iter().map(|name| dump.name(*name)).collect();
        let typed = |of: &super::ast::TypeName| match of.element {
            Some(element) => format!("{}:{}", dump.name(of.name), dump.name(element)),
            None => dump.name(of.name).to_owned(),
        };
        let parameters: Vec<_> = script
            .list(function.parameters)
            .iter()
            .map(|p| format!("{} {}", typed(&p.of), dump.name(p.name)))
            .collect();
        let (returns, body) = (typed(&function.returns), dump.block(function.body));
        parts.push(format!(
            "{returns} {}({}) {body}",
            path.join("."),
            parameters.join(", ")
        ));
    }
    parts.extend(script.list(script.body).iter().map(|id| dump.statement(*id)));
    parts
}

struct Dump<'a> {
    text: &'a str,
    script: &'a Script,
}

impl Dump<'_> {
    fn name(&self, name: Name) -> &str {
        self.script.name(name.symbol)
    }

    fn block(&self, block: Block) -> String {
        let statements: Vec<_> = self.script.list(block).iter().map(|id| self.statement(*id)).collect();
        format!("{{{}}}", statements.join(" "))
    }

    fn statement(&self, id: StatementId) -> String {
        match self.script.statement(id).kind {
            S::Assign {
                target,
                operator,
                value,
            } => {
                let sign = operator.map_or("", |operator| operator.sign());
                format!("({sign}= {} {})", self.expression(target), self.expression(value))
            }
            S::Expression(value) => self.expression(value),
            S::If { arms, otherwise } => {
                let mut out = String::from("(if");
                for arm in self.script.list(arms) {
                    let _ = write!(out, " {} {}", self.expression(arm.condition), self.block(arm.body));
                }
                if let Some(block) = otherwise {
                    let _ = write!(out, " else {}", self.block(block));
                }
                out + ")"
            }
            S::ForEach {
                variable,
                index,
                over,
                body,
            } => {
                let word = if index { "for-index" } else { "for" };
                format!(
                    "({word} {} {} {})",
                    self.name(variable),
                    self.expression(over),
                    self.block(body)
                )
            }
            S::While { condition, body } => format!("(while {} {})", self.expression(condition), self.block(body)),
            S::Try(attempt) => match *self.script.part(attempt) {
                Try {
                    body,
                    catch: Some(catch),
                } => {
                    let variable = catch.variable.map_or("_", |name| self.name(name));
                    format!("(try {} {variable} {})", self.block(body), self.block(catch.body))
                }
                Try { body, catch: None } => format!("(try {})", self.block(body)),
            },
            S::Return(value) => self.optional("return", value),
            S::Info(value) => self.optional("info", Some(value)),
            S::Throw(value) => self.optional("throw", value),
            S::Break => "break".to_owned(),
            S::Continue => "continue".to_owned(),
            S::Block(block) => self.block(block),
            S::Creator(command) => {
                let command = self.script.part(command);
                let targets = self.script.list(command.targets).iter();
                let targets: Vec<_> = targets.map(|id| format!(" {}", self.expression(*id))).collect();
                format!("({}{})", command.words, targets.concat())
            }
            S::Bad => "BAD".to_owned(),
        }
    }

    fn optional(&self, word: &str, value: Option<ExpressionId>) -> String {
        value.map_or_else(
            || word.to_owned(),
            |value| format!("({word} {})", self.expression(value)),
        )
    }

    fn items(&self, items: List<Item>) -> String {
        let item = |item: &Item| match item.key {
            Some(key) => format!(" {}:{}", self.expression(key), self.expression(item.value)),
            None => format!(" {}", self.expression(item.value)),
        };
        self.script.list(items).iter().map(item).collect()
    }

    fn entry(&self, entry: &Entry) -> String {
        let value = |value: &super::ast::EntryValue| {
            let label = value
                .label
                .map_or(String::new(), |label| format!("{}:", self.name(label)));
            format!("{label}{}", self.expression(value.value))
        };
        let values: Vec<_> = entry.values.iter().map(value).collect();
        // The printer may write `a - b` as `a-b`, which is the same key.
        let words: Vec<_> = self.text[entry.key.range()].split('-').map(str::trim).collect();
        format!(" {}={}", words.join("-"), values.join(","))
    }

    #[expect(clippy::too_many_lines, reason = "a dispatch over the kinds of node")]
    fn expression(&self, id: ExpressionId) -> String {
        let node = self.script.expression(id);
        let of = |id: &ExpressionId| self.expression(*id);
        match node.kind {
            E::Null => "null".to_owned(),
            E::Boolean(value) => value.to_string(),
            E::Number | E::Decimal | E::Text | E::Quoted => self.text[node.at.range()].to_owned(),
            E::Name(symbol) => self.script.name(symbol).to_owned(),
            E::Field(field) => {
                let Field { base, name } = *self.script.part(field);
                format!("{}.{}", of(&base), self.name(name))
            }
            E::Call(call) => {
                let Call { name, arguments } = *self.script.part(call);
                format!("({}!{})", self.name(name), self.items(arguments))
            }
            E::Method(method) => {
                let Method {
                    receiver,
                    name,
                    arguments,
                } = *self.script.part(method);
                format!("({}.{}!{})", of(&receiver), self.name(name), self.items(arguments))
            }
            E::Bracket { base, inner } => format!("{}[{}]", of(&base), inner.as_ref().map_or(String::new(), of)),
            E::Unary { operator, operand } => {
                let sign = match operator {
                    UnaryOperator::Not => "!",
                    UnaryOperator::Negate => "neg",
                    UnaryOperator::Plus => "plus",
                };
                format!("({sign} {})", of(&operand))
            }
            E::Binary {
                operator, left, right, ..
            } => format!("({} {} {})", operator.sign(), of(&left), of(&right)),
            E::Conditional(parts) => format!("(?: {} {} {})", of(&parts[0]), of(&parts[1]), of(&parts[2])),
            E::Group(inner) => format!("<{}>", of(&inner)),
            E::List(values) => format!(
                "(list{})",
                self.script
                    .list(values)
                    .iter()
                    .map(|v| format!(" {}", of(v)))
                    .collect::<String>()
            ),
            E::Map(pairs) => {
                format!(
                    "(map{})",
                    self.script
                        .list(pairs)
                        .iter()
                        .map(|(k, v)| format!(" {}:{}", of(k), of(v)))
                        .collect::<String>()
                )
            }
            E::Empty => "empty".to_owned(),
            E::Typed(typed) => {
                let Typed {
                    container,
                    element,
                    arguments,
                } = *self.script.part(typed);
                format!(
                    "({}:{}!{})",
                    self.name(container),
                    self.name(element),
                    self.items(arguments)
                )
            }
            E::Task(task) => {
                let task = self.script.part(task);
                let entries: String = task.entries.iter().map(|entry| self.entry(entry)).collect();
                format!("({}{entries})", self.name(task.name))
            }
            E::Insert(insert) => {
                let Insert { form, fields } = self.script.part(insert);
                let field = |(path, value): &(List<Name>, ExpressionId)| {
                    let path: Vec<_> = self.script.list(*path).iter().map(|name| self.name(*name)).collect();
                    format!(" {}={}", path.join("."), of(value))
                };
                format!(
                    "(insert {}{})",
                    self.name(*form),
                    fields.iter().map(field).collect::<String>()
                )
            }
            E::Fetch(fetch) => {
                let fetch = self.script.part(fetch);
                let sort = fetch
                    .sort
                    .iter()
                    .map(|(field, up)| format!(" {}{}", if *up { '+' } else { '-' }, of(field)));
                let range = fetch
                    .range
                    .map_or(String::new(), |(a, b)| format!(" {}..{}", of(&a), of(&b)));
                format!("(fetch {}{}{range})", of(&fetch.base), sort.collect::<String>())
            }
            E::Ui(base) => format!("{}:ui", of(&base)),
            E::Rendered => "(rendered)".to_owned(),
            E::Bad => "BAD".to_owned(),
        }
    }
}
