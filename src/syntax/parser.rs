//! Builds the tree: the actions of the grammar, and the call that runs them.
//!
//! It knows the shape of the tree and nothing of messages, which [`super::error`] writes. Lists under construction wait
//! on stacks of the builder (`grammar/deluge.lalrpop` says why), so a node's only allocation is the list it keeps.

use std::cell::Cell;

use lalrpop_util::{ErrorRecovery, ParseError, lalrpop_mod};

use super::Profile;
use super::ast::{
    Arm, BinaryOperator, Block, Call, Catch, Command, Entry, EntryValue, Expression, ExpressionId, ExpressionKind,
    Fetch, Field, Function, Insert, Item, List, Method, Name, Parameter, Part, Script, Statement, StatementId,
    StatementKind, Task, Try, TypeName, Typed, UnaryOperator,
};
use super::error::{self, SyntaxError};
use super::names::Names;
use super::token::{Spanned, Token};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

macro_rules! parser {
    ($name:ident, $file:literal) => {
        lalrpop_mod!(
            #[allow(
                clippy::all,
                clippy::pedantic,
                clippy::restriction,
                unused,
                missing_docs,
                unreachable_pub,
                private_interfaces
            )]
            $name,
            $file
        );
    };
}

parser!(plain, "/plain/deluge.rs");
parser!(mending, "/mending/deluge.rs");

/// How deep expressions may nest. Sums count once however long they are; a chain of methods counts each link.
const DEEPEST: u16 = 1000;

/// The `sort by` and the `range from` of a fetch.
type Tail = (Option<u32>, Option<(ExpressionId, ExpressionId)>);

/// What parsing gives besides the tree.
pub(super) struct Built {
    pub(super) script: Script,
    /// What the parser could not fit in, in order; the first few hundred at most.
    pub(super) errors: Vec<SyntaxError>,
    /// Complaints about constructs that parse and mean nothing.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Parses tagged tokens; `None` where they do not fit the grammar.
pub(super) fn build(
    text: &str,
    source: SourceId,
    profile: Profile,
    tokens: impl Iterator<Item = Spanned>,
) -> Option<Built> {
    let enough = Cell::new(false);
    let mut builder = Builder::new(text, source, profile, &enough);
    let tokens = tokens.map(|token| (token.start, token.token, token.end));
    plain::ScriptParser::new().parse(&mut builder, tokens).ok()?;
    Some(builder.finish())
}

/// Parses tagged tokens, and goes on behind errors.
pub(super) fn mend(text: &str, source: SourceId, profile: Profile, tokens: &[Spanned]) -> Built {
    // After more errors than are ever shown the rest is not worth the time: in deep nesting each costs some.
    let enough = Cell::new(false);
    let mut builder = Builder::new(text, source, profile, &enough);
    let tokens = tokens.iter().take_while(|_| !enough.get());
    let tokens = tokens.map(|token| (token.start, token.token, token.end));
    if let Err(error) = mending::ScriptParser::new().parse(&mut builder, tokens) {
        builder.note(error);
    }
    builder.finish()
}

/// The state behind the grammar's actions.
pub(super) struct Builder<'t> {
    text: &'t str,
    source: SourceId,
    profile: Profile,
    distinct: Names<'t>,
    script: Script,
    /// How deep each expression is; parallel to the script's expressions.
    depths: Vec<u16>,
    too_deep: bool,
    /// Set when no further error will be shown.
    enough: &'t Cell<bool>,
    errors: Vec<SyntaxError>,
    diagnostics: Vec<Diagnostic>,

    // Lists under construction.
    statements: Vec<StatementId>,
    arms: Vec<Arm>,
    items: Vec<Item>,
    names: Vec<Name>,
    types: Vec<TypeName>,
    parameters: Vec<Parameter>,
    catches: Vec<Catch>,
    operands: Vec<ExpressionId>,
    operators: Vec<(BinaryOperator, u32)>,
    entries: Vec<Entry>,
    values: Vec<EntryValue>,
    fields: Vec<(List<Name>, ExpressionId)>,
    sorts: Vec<(ExpressionId, bool)>,
}

/// The waiting elements from `mark` on, taken off their stack.
fn take<T>(stack: &mut Vec<T>, mark: u32) -> std::vec::Drain<'_, T> {
    let mark = (mark as usize).min(stack.len());
    stack.drain(mark..)
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, source: SourceId, profile: Profile, enough: &'t Cell<bool>) -> Self {
        let script = Script {
            source,
            expressions: Vec::with_capacity(text.len() / 16),
            statements: Vec::with_capacity(text.len() / 64),
            ..Script::default()
        };
        Self {
            text,
            source,
            profile,
            distinct: Names::of(text.len()),
            depths: Vec::with_capacity(text.len() / 16),
            script,
            too_deep: false,
            enough,
            errors: Vec::new(),
            diagnostics: Vec::new(),
            statements: Vec::new(),
            arms: Vec::new(),
            items: Vec::new(),
            names: Vec::new(),
            types: Vec::new(),
            parameters: Vec::new(),
            catches: Vec::new(),
            operands: Vec::new(),
            operators: Vec::new(),
            entries: Vec::new(),
            values: Vec::new(),
            fields: Vec::new(),
            sorts: Vec::new(),
        }
    }

    fn finish(mut self) -> Built {
        self.script.body = self.block(0);
        Built {
            script: self.script,
            errors: self.errors,
            diagnostics: self.diagnostics,
        }
    }

    /// Puts the waiting elements of a list into the script.
    fn keep<T: Part>(script: &mut Script, stack: &mut Vec<T>, mark: u32) -> List<T> {
        script.add_list(take(stack, mark))
    }

    // ---- Names ----

    pub(super) fn name(&mut self, start: u32, end: u32) -> Name {
        let at = Span::new(start, end);
        let text = self.text.get(at.range()).unwrap_or_default();
        let symbol = self.distinct.symbol(text, &mut self.script.names);
        Name { symbol, at }
    }

    /// A label is tagged together with its colon.
    pub(super) fn label(&mut self, start: u32, end: u32) -> Name {
        let word = self.without_colon(start, end);
        self.name(word.start, word.end)
    }

    fn without_colon(&self, start: u32, end: u32) -> Span {
        let text = self.text.get(start as usize..end as usize).unwrap_or_default();
        Span::new(start, start + text.trim_end_matches(':').trim_end().len() as u32)
    }

    pub(super) fn name_mark(&self) -> u32 {
        self.names.len() as u32
    }

    pub(super) fn first_name(&mut self, name: Name) -> u32 {
        self.names.push(name);
        self.names.len() as u32 - 1
    }

    pub(super) fn more_name(&mut self, mark: u32, name: Name) -> u32 {
        self.names.push(name);
        mark
    }

    // ---- Functions ----

    pub(super) fn type_name(&mut self, name: Name, element: Option<Name>) -> u32 {
        self.types.push(TypeName { name, element });
        self.types.len() as u32 - 1
    }

    pub(super) fn parameter_mark(&self) -> u32 {
        self.parameters.len() as u32
    }

    pub(super) fn first_parameter(&mut self, of: u32, name: Name) -> u32 {
        self.more_parameter(self.parameter_mark(), of, name)
    }

    pub(super) fn more_parameter(&mut self, mark: u32, of: u32, name: Name) -> u32 {
        let types = take(&mut self.types, of).next();
        self.parameters.extend(types.map(|of| Parameter { of, name }));
        mark
    }

    pub(super) fn function(&mut self, header: (u32, u32, u32), at: Span, body: (Block, u32)) {
        let (returns, path, parameters) = header;
        let (body, end) = body;
        let Some(returns) = take(&mut self.types, returns).next() else {
            return;
        };
        let path = Self::keep(&mut self.script, &mut self.names, path);
        let parameters = Self::keep(&mut self.script, &mut self.parameters, parameters);
        let brace = u32::from(end > 0 && self.text.as_bytes().get(end as usize - 1) == Some(&b'}'));
        let end = Span::new(end - brace, end);
        self.script.functions.push(Function {
            returns,
            path,
            parameters,
            body,
            at,
            end,
        });
    }

    // ---- Statements ----

    pub(super) fn statement_mark(&self) -> u32 {
        self.statements.len() as u32
    }

    pub(super) fn block(&mut self, mark: u32) -> Block {
        Self::keep(&mut self.script, &mut self.statements, mark)
    }

    /// Adds a statement whose place [`Builder::place`] tells.
    pub(super) fn simple(&mut self, kind: StatementKind) {
        self.statement(kind, Span::default());
    }

    /// Tells where the last statement stands.
    pub(super) fn place(&mut self, at: Span) {
        if let Some(last) = self.script.statements.last_mut() {
            last.at = at;
        }
    }

    pub(super) fn statement(&mut self, kind: StatementKind, at: Span) {
        self.statements.push(StatementId(self.script.statements.len() as u32));
        self.script.statements.push(Statement { kind, at });
    }

    pub(super) fn first_arm(&mut self, condition: ExpressionId, body: Block) -> u32 {
        self.more_arm(self.arms.len() as u32, condition, body)
    }

    pub(super) fn more_arm(&mut self, mark: u32, condition: ExpressionId, body: Block) -> u32 {
        self.arms.push(Arm { condition, body });
        mark
    }

    pub(super) fn ladder(&mut self, mark: u32, otherwise: Option<Block>, at: Span) {
        let arms = Self::keep(&mut self.script, &mut self.arms, mark);
        self.statement(StatementKind::If { arms, otherwise }, at);
    }

    pub(super) fn for_each(&mut self, head: (Name, bool, ExpressionId), body: Block, at: Span) {
        let (variable, index, over) = head;
        self.statement(
            StatementKind::ForEach {
                variable,
                index,
                over,
                body,
            },
            at,
        );
    }

    /// `catch`, with its variable among the waiting names.
    pub(super) fn catch(&mut self, variable: Option<u32>, body: Block) -> u32 {
        let variable = variable.and_then(|mark| take(&mut self.names, mark).next());
        self.catches.push(Catch { variable, body });
        self.catches.len() as u32 - 1
    }

    pub(super) fn attempt(&mut self, body: Block, catch: Option<u32>, at: Span) {
        let catch = catch.and_then(|mark| take(&mut self.catches, mark).next());
        let attempt = self.script.add(Try { body, catch });
        self.statement(StatementKind::Try(attempt), at);
    }

    pub(super) fn command(&mut self, at: Span, mark: Option<u32>) {
        let words = command(self.text.get(at.range()).unwrap_or_default());
        let targets = mark.map(|mark| {
            let targets = take(&mut self.items, mark).map(|item| item.value);
            self.script.add_list(targets)
        });
        let targets = targets.unwrap_or_default();
        let command = self.script.add(Command { words, targets });
        self.simple(StatementKind::Creator(command));
    }

    // ---- Expressions ----

    pub(super) fn leaf(&mut self, kind: ExpressionKind, at: Span) -> ExpressionId {
        self.node(kind, at, 1)
    }

    pub(super) fn expression(&mut self, kind: ExpressionKind, at: Span) -> ExpressionId {
        self.node(kind, at, 1)
    }

    /// Adds a node; one that is nested too deeply becomes a [`ExpressionKind::Bad`], so that no later pass meets it.
    fn node(&mut self, kind: ExpressionKind, at: Span, depth: u16) -> ExpressionId {
        let (kind, depth) = if depth > DEEPEST {
            self.complain_of_depth(at);
            (ExpressionKind::Bad, 1)
        } else {
            (kind, depth)
        };
        self.script.expressions.push(Expression { kind, at });
        self.depths.push(depth);
        ExpressionId(self.script.expressions.len() as u32 - 1)
    }

    #[cold]
    fn complain_of_depth(&mut self, at: Span) {
        if !std::mem::replace(&mut self.too_deep, true) {
            // The node ends where the nesting is deepest or its outermost link stands; its first bytes are enough to find it.
            let start = Span::new(at.start, at.start.saturating_add(1).min(at.end));
            self.diagnostics.push(error::too_deep(self.source, start));
        }
    }

    fn depth(&self, id: ExpressionId) -> u16 {
        self.depths.get(id.0 as usize).copied().unwrap_or(1)
    }

    fn items_depth(&self, items: &[Item]) -> u16 {
        items
            .iter()
            .map(|item| self.depth(item.value).max(item.key.map_or(0, |key| self.depth(key))))
            .max()
            .unwrap_or(0)
    }

    pub(super) fn field(&mut self, base: ExpressionId, name: Name, at: Span) -> ExpressionId {
        let depth = self.depth(base) + 1;
        let field = self.script.add(Field { base, name });
        self.node(ExpressionKind::Field(field), at, depth)
    }

    pub(super) fn ui(&mut self, base: ExpressionId, at: Span) -> ExpressionId {
        let depth = self.depth(base) + 1;
        self.node(ExpressionKind::Ui(base), at, depth)
    }

    pub(super) fn call(&mut self, name: Name, mark: u32, at: Span) -> ExpressionId {
        let (arguments, depth) = self.arguments(mark);
        let call = self.script.add(Call { name, arguments });
        self.node(ExpressionKind::Call(call), at, depth + 1)
    }

    pub(super) fn method(&mut self, call: (ExpressionId, Name), mark: u32, at: Span) -> ExpressionId {
        let (receiver, name) = call;
        let (arguments, depth) = self.arguments(mark);
        let depth = depth.max(self.depth(receiver)) + 1;
        let method = self.script.add(Method {
            receiver,
            name,
            arguments,
        });
        self.node(ExpressionKind::Method(method), at, depth)
    }

    pub(super) fn bracket(&mut self, base: ExpressionId, inner: Option<ExpressionId>, at: Span) -> ExpressionId {
        let depth = self.depth(base).max(inner.map_or(0, |inner| self.depth(inner))) + 1;
        self.node(ExpressionKind::Bracket { base, inner }, at, depth)
    }

    pub(super) fn unary(&mut self, operator: UnaryOperator, operand: ExpressionId, at: Span) -> ExpressionId {
        if operator == UnaryOperator::Negate && self.negate_receiver(operand, at.start) {
            return operand;
        }
        let depth = self.depth(operand) + 1;
        self.node(ExpressionKind::Unary { operator, operand }, at, depth)
    }

    /// A minus in front of a number belongs to the number: `-1.5.abs()` is a method of -1.5. Whether `id` is such a
    /// chain of methods; then the number at its beginning has become negative.
    fn negate_receiver(&mut self, id: ExpressionId, start: u32) -> bool {
        let mut chain = Vec::new();
        let mut innermost = id;
        while let ExpressionKind::Method(method) = self.script.expression(innermost).kind {
            chain.push((innermost, method));
            innermost = self.script.part(method).receiver;
        }
        let number = self.script.expression(innermost);
        let is_number = matches!(number.kind, ExpressionKind::Number | ExpressionKind::Decimal);
        let (Some((_, first)), true) = (chain.last().copied(), is_number) else {
            return false;
        };
        let kind = ExpressionKind::Unary {
            operator: UnaryOperator::Negate,
            operand: innermost,
        };
        let negative = self.node(kind, Span::new(start, number.at.end), 2);
        for (link, _) in chain {
            let link = &mut self.script.expressions[link.0 as usize];
            link.at = Span::new(start, link.at.end);
        }
        self.script.part_mut(first).receiver = negative;
        true
    }

    pub(super) fn conditional(&mut self, parts: [ExpressionId; 3], at: Span) -> ExpressionId {
        let depth = parts.iter().map(|part| self.depth(*part)).max().unwrap_or(0) + 1;
        self.node(ExpressionKind::Conditional(parts), at, depth)
    }

    pub(super) fn typed(&mut self, kind: (Name, Name), mark: u32, at: Span) -> ExpressionId {
        let (container, element) = kind;
        let (arguments, depth) = self.arguments(mark);
        let typed = self.script.add(Typed {
            container,
            element,
            arguments,
        });
        self.node(ExpressionKind::Typed(typed), at, depth + 1)
    }

    pub(super) fn fetch(&mut self, base: ExpressionId, tail: Tail, at: Span) -> ExpressionId {
        let (sort, range) = tail;
        let sort = sort.map(|mark| take(&mut self.sorts, mark).collect::<Vec<_>>());
        let sort = sort.unwrap_or_default();
        let sorted = sort.iter().map(|(field, _)| self.depth(*field)).max().unwrap_or(0);
        let ranged = range.map_or(0, |(from, to)| self.depth(from).max(self.depth(to)));
        let depth = self.depth(base).max(sorted).max(ranged) + 1;
        let fetch = self.script.add(Fetch { base, sort, range });
        self.node(ExpressionKind::Fetch(fetch), at, depth)
    }

    pub(super) fn first_sort(&mut self, field: (ExpressionId, bool)) -> u32 {
        self.more_sort(self.sorts.len() as u32, field)
    }

    pub(super) fn more_sort(&mut self, mark: u32, field: (ExpressionId, bool)) -> u32 {
        self.sorts.push(field);
        mark
    }

    // ---- Items: arguments and literals ----

    pub(super) fn item_mark(&self) -> u32 {
        self.items.len() as u32
    }

    pub(super) fn first_item(&mut self, item: Item) -> u32 {
        self.items.push(item);
        self.items.len() as u32 - 1
    }

    pub(super) fn more_item(&mut self, mark: u32, item: Item) -> u32 {
        self.items.push(item);
        mark
    }

    /// The waiting items, and how deep the deepest of them is.
    fn arguments(&mut self, mark: u32) -> (List<Item>, u16) {
        let depth = self.items_depth(self.items.get(mark as usize..).unwrap_or_default());
        (Self::keep(&mut self.script, &mut self.items, mark), depth)
    }

    /// `(e)`; more than one value, or a pair, has no meaning in Deluge.
    pub(super) fn group(&mut self, mark: u32, at: Span) -> ExpressionId {
        if let Some([Item { key: None, value }]) = self.items.get(mark as usize..) {
            let inner = *value;
            self.items.truncate(mark as usize);
            let depth = self.depth(inner) + 1;
            return self.node(ExpressionKind::Group(inner), at, depth);
        }
        self.items.truncate(mark as usize);
        self.diagnostics.push(error::tuple(self.source, at));
        self.node(ExpressionKind::Bad, at, 1)
    }

    /// `{...}`: empty, a list or a map.
    pub(super) fn braces(&mut self, mark: u32, at: Span) -> ExpressionId {
        if self.items.len() <= mark as usize {
            return self.leaf(ExpressionKind::Empty, at);
        }
        self.brackets(mark, at)
    }

    /// `[...]`: a list or a map.
    pub(super) fn brackets(&mut self, mark: u32, at: Span) -> ExpressionId {
        let items = self.items.get(mark as usize..).unwrap_or_default();
        let depth = self.items_depth(items) + 1;
        let pairs = items.iter().filter(|item| item.key.is_some()).count();
        let kind = if pairs == 0 {
            ExpressionKind::List(self.script.add_list(items.iter().map(|item| item.value)))
        } else if pairs == items.len() {
            let pairs = items.iter().filter_map(|item| Some((item.key?, item.value)));
            ExpressionKind::Map(self.script.add_list(pairs))
        } else {
            self.diagnostics.push(error::mixed_literal(self.source, at));
            ExpressionKind::Bad
        };
        self.items.truncate(mark as usize);
        self.node(kind, at, depth)
    }

    // ---- Operators ----

    pub(super) fn first_link(
        &mut self,
        left: ExpressionId,
        operator: (BinaryOperator, u32),
        right: ExpressionId,
    ) -> (u32, u32) {
        let mark = (self.operands.len() as u32, self.operators.len() as u32);
        self.operands.push(left);
        self.more_link(mark, operator, right)
    }

    pub(super) fn more_link(
        &mut self,
        mark: (u32, u32),
        operator: (BinaryOperator, u32),
        right: ExpressionId,
    ) -> (u32, u32) {
        self.operators.push(operator);
        self.operands.push(right);
        mark
    }

    /// Makes a tree of a flat chain. The parts already built stay at the bottom of the two stacks, which shrink from below
    /// as they are read from above: what is written never overtakes what is read.
    pub(super) fn climb(&mut self, mark: (u32, u32)) -> ExpressionId {
        let (first, bottom) = (mark.0 as usize, mark.1 as usize);
        let (mut operand, mut pending) = (first, bottom);
        for index in bottom..self.operators.len() {
            let (operator, at) = self.operators[index];
            let tier = self.tier(operator);
            while pending > bottom && self.tier(self.operators[pending - 1].0) >= tier {
                pending -= 1;
                operand -= 1;
                self.join(operand, pending);
            }
            self.operators[pending] = (operator, at);
            pending += 1;
            operand += 1;
            self.operands[operand] = self.operands[first + 1 + index - bottom];
        }
        while pending > bottom {
            pending -= 1;
            operand -= 1;
            self.join(operand, pending);
        }
        let tree = self.operands[first];
        self.operands.truncate(first);
        self.operators.truncate(bottom);
        tree
    }

    /// Joins the operands at `left` and behind it.
    fn join(&mut self, left: usize, operator: usize) {
        let (operator, operator_at) = self.operators[operator];
        let (a, b) = (self.operands[left], self.operands[left + 1]);
        let at = self.script.expression(a).at.to(self.script.expression(b).at);
        // A left spine is walked in a loop by every later pass, so it does not count as depth.
        let depth = self.depth(a).max(self.depth(b) + 1);
        self.operands[left] = self.node(
            ExpressionKind::Binary {
                operator,
                operator_at,
                left: a,
                right: b,
            },
            at,
            depth,
        );
    }

    /// How tightly an operator binds.
    const fn tier(&self, operator: BinaryOperator) -> u8 {
        use BinaryOperator as B;
        match operator {
            B::Multiply | B::Divide | B::Remainder => 6,
            B::Add | B::Subtract => 5,
            B::Less | B::LessEqual | B::Greater | B::GreaterEqual => 4,
            B::In | B::NotIn | B::Is | B::IsNot | B::Criterion => 4,
            B::Equal | B::EqualSign | B::NotEqual => 3,
            B::And => match self.profile {
                Profile::Standard => 2,
                Profile::Creator => 1,
            },
            B::Or => match self.profile {
                Profile::Standard => 1,
                Profile::Creator => 2,
            },
        }
    }

    // ---- Task blocks ----

    pub(super) fn entry_mark(&self) -> u32 {
        self.entries.len() as u32
    }

    pub(super) fn value(&mut self, label: Option<Name>, value: ExpressionId) -> u32 {
        self.values.push(EntryValue { label, value });
        self.values.len() as u32 - 1
    }

    pub(super) fn rendered(&mut self, at: Span) -> u32 {
        let template = self.leaf(ExpressionKind::Rendered, at);
        self.value(None, template)
    }

    /// A key is tagged together with its colon.
    pub(super) fn entry(&mut self, at: Span, mark: u32) {
        let key = self.without_colon(at.start, at.end);
        let values = take(&mut self.values, mark).collect();
        self.entries.push(Entry { key, values });
    }

    pub(super) fn task(&mut self, name: Name, mark: u32, at: Span) -> ExpressionId {
        let entries: Vec<Entry> = take(&mut self.entries, mark).collect();
        let values = entries.iter().flat_map(|entry| &entry.values);
        let depth = values.map(|value| self.depth(value.value)).max().unwrap_or(0) + 1;
        let task = self.script.add(Task { name, entries });
        self.node(ExpressionKind::Task(task), at, depth)
    }

    pub(super) fn insert_mark(&self) -> u32 {
        self.fields.len() as u32
    }

    pub(super) fn insert_field(&mut self, mark: u32, path: u32, value: ExpressionId) -> u32 {
        let path = Self::keep(&mut self.script, &mut self.names, path);
        self.fields.push((path, value));
        mark
    }

    pub(super) fn insert(&mut self, form: Name, mark: u32, at: Span) -> ExpressionId {
        let fields: Box<[_]> = take(&mut self.fields, mark).collect();
        let depth = fields.iter().map(|(_, value)| self.depth(*value)).max().unwrap_or(0) + 1;
        let insert = self.script.add(Insert { form, fields });
        self.node(ExpressionKind::Insert(insert), at, depth)
    }

    // ---- Errors ----

    pub(super) fn syntax_error(&mut self, recovery: ErrorRecovery<u32, Token, ()>) {
        self.note(recovery.error);
    }

    fn note(&mut self, error: ParseError<u32, Token, ()>) {
        if self.errors.len() >= error::MOST {
            self.enough.set(true);
            return;
        }
        let (at, token, expected) = match error {
            ParseError::UnrecognizedToken {
                token: (start, token, end),
                expected,
            } => (Span::new(start, end), Some(token), expected),
            ParseError::ExtraToken {
                token: (start, token, end),
            } => (Span::new(start, end), Some(token), Vec::new()),
            ParseError::UnrecognizedEof { location, expected } => (Span::new(location, location), None, expected),
            ParseError::InvalidToken { location } => (Span::new(location, location), None, Vec::new()),
            ParseError::User { error: () } => return,
        };
        self.errors.push(SyntaxError { at, token, expected });
    }
}

/// The canonical form of a command's words.
fn command(words: &str) -> &'static str {
    const COMMANDS: [&str; 11] = [
        "hide",
        "show",
        "enable",
        "disable",
        "clear",
        "reload",
        "alert",
        "success message",
        "cancel submit",
        "cancel delete",
        "delete from",
    ];
    let same = |command: &&&str| {
        words
            .split_ascii_whitespace()
            .map(str::to_ascii_lowercase)
            .eq(command.split(' '))
    };
    COMMANDS.iter().find(same).copied().unwrap_or("cancel")
}
