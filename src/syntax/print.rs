//! A tree back to text, in one canonical layout: the ground on which a formatter stands.
//!
//! What is printed parses to the same tree, and printing that gives the same text again. Names, literals and parentheses stay
//! as they were written; blanks, line ends and the optional semicolons become uniform. Comments keep their place between
//! statements and behind one; a comment inside a statement moves above it.

mod expression;

use super::ast::{
    Arm, BinaryOperator, Block, ExpressionId, ExpressionKind, Function, Name, Script, StatementId, StatementKind, Try,
    TypeName,
};
use crate::source::Span;

/// Prints a script without errors; `text` is the text it was parsed from. Of a script with errors the parts that did not
/// parse stay as they are.
///
/// ```
/// use dgscript::source::SourceId;
/// use dgscript::syntax::{Profile, parse, print};
///
/// let text = "if( a==1 ){info a ;}";
/// let parsed = parse(text, SourceId(0), Profile::Standard);
/// assert_eq!(print(&parsed.script, text), "if(a == 1)\n{\n\tinfo a;\n}\n");
/// ```
pub fn print(script: &Script, text: &str) -> String {
    let mut printer = Printer {
        script,
        text,
        out: String::with_capacity(text.len() + text.len() / 8),
        indent: 0,
        comment: 0,
        written: 0,
    };
    printer.file();
    printer.out
}

struct Printer<'a> {
    script: &'a Script,
    text: &'a str,
    out: String,
    indent: usize,
    /// The first comment not yet printed.
    comment: usize,
    /// Up to where the source has been printed.
    written: u32,
}

/// What stands at the top of a file.
#[derive(Clone, Copy)]
enum Top<'a> {
    Function(&'a Function),
    Statement(StatementId),
}

impl<'a> Printer<'a> {
    /// Functions and statements in the order of the file.
    fn file(&mut self) {
        let functions = self
            .script
            .functions
            .iter()
            .map(|function| (function.at.start, Top::Function(function)));
        let statements = self
            .script
            .list(self.script.body)
            .iter()
            .map(|id| (self.script.statement(*id).at.start, Top::Statement(*id)));
        let mut parts: Vec<_> = functions.chain(statements).collect();
        parts.sort_by_key(|(start, _)| *start);
        for (_, part) in parts {
            match part {
                Top::Function(function) => self.function(function),
                Top::Statement(id) => self.statement(id),
            }
        }
        self.comments(self.text.len() as u32);
    }

    fn function(&mut self, function: &Function) {
        self.comments(function.at.end);
        self.gap(function.at.start);
        self.type_name(&function.returns);
        self.out.push(' ');
        self.path(self.script.list(function.path));
        self.out.push('(');
        for (index, parameter) in self.script.list(function.parameters).iter().enumerate() {
            self.separate(index, ", ");
            self.type_name(&parameter.of);
            self.out.push(' ');
            self.name(parameter.name);
        }
        self.out.push_str(")\n");
        self.block(function.body, function.at.end);
        self.end_line(function.end.end);
    }

    // ---- Lines and comments ----

    fn start_line(&mut self) {
        self.out.extend(std::iter::repeat_n('\t', self.indent));
    }

    /// An empty line where the source has one before `start`.
    fn gap(&mut self, start: u32) {
        let between = self.text.get(self.written as usize..start as usize).unwrap_or_default();
        let blank = between.bytes().filter(|byte| *byte == b'\n').count() > 1;
        let stands = self.out.is_empty() || self.out.ends_with("{\n") || self.out.ends_with("\n\n");
        if blank && !stands {
            self.out.push('\n');
        }
        self.written = self.written.max(start);
    }

    fn next_comment(&mut self, before: u32) -> Option<Span> {
        let comment = *self.script.comments.get(self.comment)?;
        if comment.start >= before {
            return None;
        }
        self.comment += 1;
        Some(comment)
    }

    /// The comments that begin before `end`, each on a line of its own.
    fn comments(&mut self, end: u32) {
        while let Some(comment) = self.next_comment(end) {
            self.gap(comment.start);
            self.start_line();
            self.out.push_str(self.slice(comment).trim_end());
            self.out.push('\n');
            self.written = self.written.max(comment.end);
        }
    }

    /// Ends a line; a comment behind it on the same line of the source stays there.
    fn end_line(&mut self, end: u32) {
        self.written = self.written.max(end);
        while let Some(comment) = self.script.comments.get(self.comment).copied() {
            let between = self.text.get(self.written as usize..comment.start as usize);
            let same_line = between.is_some_and(|between| between.trim_matches([' ', '\t', ';']).is_empty());
            if !same_line {
                break;
            }
            self.comment += 1;
            self.out.push(' ');
            self.out.push_str(self.slice(comment).trim_end());
            self.written = comment.end;
        }
        self.out.push('\n');
    }

    // ---- Statements ----

    /// A block on lines of its own. `from` is a place before its brace; what comes back is the place behind its end.
    fn block(&mut self, block: Block, from: u32) -> u32 {
        let block = self.script.list(block);
        let open = self.find(b'{', from);
        self.written = self.written.max(open);
        self.start_line();
        self.out.push_str("{\n");
        self.indent += 1;
        for id in block {
            self.statement(*id);
        }
        let last = block.last().map_or(open, |id| self.script.statement(*id).at.end);
        let close = self.find(b'}', last);
        self.comments(close);
        self.indent -= 1;
        self.start_line();
        self.out.push('}');
        self.written = self.written.max(close);
        close
    }

    /// The place behind the next such sign that stands in no comment; `from` where there is none.
    fn find(&self, sign: u8, from: u32) -> u32 {
        let bytes = self.text.as_bytes();
        let comments = &self.script.comments;
        let mut comment = comments.partition_point(|comment| comment.end <= from);
        let mut at = from;
        while let Some(byte) = bytes.get(at as usize) {
            match comments.get(comment).filter(|comment| comment.start <= at) {
                Some(inside) => {
                    at = inside.end.max(at + 1);
                    comment += 1;
                }
                None if *byte == sign => return at + 1,
                None => at += 1,
            }
        }
        from
    }

    fn statement(&mut self, id: StatementId) {
        stacker::maybe_grow(128 << 10, 1 << 20, || self.one_statement(id));
    }

    fn one_statement(&mut self, id: StatementId) {
        let statement = self.script.statement(id);
        let at = statement.at;
        self.comments(at.start);
        self.gap(at.start);
        match statement.kind {
            StatementKind::If { arms, otherwise } => self.ladder(self.script.list(arms), otherwise),
            StatementKind::ForEach {
                variable,
                index,
                over,
                body,
            } => {
                self.comments(self.at(over).end);
                self.start_line();
                self.out.push_str(if index { "for each index " } else { "for each " });
                self.name(variable);
                self.out.push_str(" in ");
                self.expression(over);
                self.out.push('\n');
                self.block(body, self.at(over).end);
            }
            StatementKind::While { condition, body } => {
                self.headed("while(", condition, body);
            }
            StatementKind::Try(attempt) => self.attempt(at, self.script.part(attempt)),
            StatementKind::Block(body) => {
                self.block(body, at.start);
            }
            _ => {
                self.comments(at.end);
                self.start_line();
                self.simple(statement.kind, at);
            }
        }
        self.end_line(at.end);
    }

    fn headed(&mut self, head: &str, condition: ExpressionId, body: Block) -> u32 {
        self.comments(self.at(condition).end);
        self.start_line();
        self.out.push_str(head);
        self.expression(condition);
        self.out.push_str(")\n");
        self.block(body, self.at(condition).end)
    }

    fn ladder(&mut self, arms: &[Arm], otherwise: Option<Block>) {
        let mut end = 0;
        for (index, arm) in arms.iter().enumerate() {
            if index > 0 {
                self.out.push('\n');
            }
            end = self.headed(if index == 0 { "if(" } else { "else if(" }, arm.condition, arm.body);
        }
        if let Some(block) = otherwise {
            self.branch("else", block, end);
        }
    }

    /// `else` or `catch` behind a block that ended at `from`.
    fn branch(&mut self, head: &str, block: Block, from: u32) {
        self.out.push('\n');
        let open = self.find(b'{', from);
        self.comments(open);
        self.start_line();
        self.out.push_str(head);
        self.out.push('\n');
        self.block(block, from);
    }

    fn attempt(&mut self, at: Span, attempt: &Try) {
        self.start_line();
        self.out.push_str("try\n");
        let end = self.block(attempt.body, at.start);
        if let Some(catch) = attempt.catch {
            let head = catch.variable.map_or_else(
                || "catch".to_owned(),
                |variable| format!("catch ({})", self.script.name(variable.symbol)),
            );
            self.branch(&head, catch.body, end);
        }
    }

    /// A statement that ends with a semicolon.
    fn simple(&mut self, kind: StatementKind, at: Span) {
        match kind {
            StatementKind::Assign {
                target,
                operator,
                value,
            } => {
                self.expression(target);
                self.out.push(' ');
                self.out.push_str(operator.map_or("", BinaryOperator::sign));
                self.out.push_str("= ");
                self.whole(value);
            }
            StatementKind::Expression(value) => self.whole(value),
            StatementKind::Return(value) => self.command("return", value),
            StatementKind::Info(value) => self.command("info", Some(value)),
            StatementKind::Throw(value) => self.command("throw", value),
            StatementKind::Break => self.out.push_str("break"),
            StatementKind::Continue => self.out.push_str("continue"),
            StatementKind::Creator(command) => {
                let command = self.script.part(command);
                let targets = self.script.list(command.targets);
                self.command(command.words, targets.first().copied());
                for target in targets.iter().skip(1) {
                    self.out.push_str(", ");
                    self.expression(*target);
                }
            }
            _ => {
                let written = self.slice(at).trim_end_matches([';', ' ', '\t', '\r', '\n']);
                self.out.push_str(written);
            }
        }
        self.out.push(';');
    }

    fn command(&mut self, word: &str, value: Option<ExpressionId>) {
        self.out.push_str(word);
        if let Some(value) = value {
            self.out.push(' ');
            self.whole(value);
        }
    }

    /// A value that has the rest of its statement for itself: a task block may take lines.
    fn whole(&mut self, id: ExpressionId) {
        match self.script.expression(id).kind {
            ExpressionKind::Task(task) => self.task(self.script.part(task), true),
            ExpressionKind::Insert(insert) => self.insert(self.script.part(insert), true),
            _ => self.expression(id),
        }
    }

    // ---- Words ----

    fn name(&mut self, name: Name) {
        self.out.push_str(self.script.name(name.symbol));
    }

    fn path(&mut self, path: &[Name]) {
        for (index, part) in path.iter().enumerate() {
            self.separate(index, ".");
            self.name(*part);
        }
    }

    fn type_name(&mut self, of: &TypeName) {
        self.name(of.name);
        if let Some(element) = of.element {
            self.out.push(':');
            self.name(element);
        }
    }

    fn separate(&mut self, index: usize, sign: &str) {
        if index > 0 {
            self.out.push_str(sign);
        }
    }

    /// The word at an offset of the source.
    fn word(&self, at: u32) -> &'a str {
        let rest = self.text.get(at as usize..).unwrap_or_default();
        let end = rest
            .find(|letter: char| !letter.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        &rest[..end]
    }

    fn slice(&self, at: Span) -> &'a str {
        self.text.get(at.range()).unwrap_or_default()
    }

    fn at(&self, id: ExpressionId) -> Span {
        self.script.expression(id).at
    }
}
