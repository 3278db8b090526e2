//! Messages about syntax: what the tagger repaired and what the parser could not fit in, in words.
//!
//! Titles quote the words of Zoho's own messages (`Improper Statement`, `Expecting '}' but found '<EOF>'`; see
//! deluge/help/error-messages.html), so that a search for those finds these. A list of expected tokens is cut down to
//! classes: "a value" says more than the sixteen tokens that may begin one.

use super::tagger::Tagged;
use super::token::{Spanned, Token};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{SourceId, Span};

/// How many errors are kept: one more than are shown.
pub(super) const MOST: usize = 101;

/// What the parser could not fit in.
#[derive(Debug)]
pub(super) struct SyntaxError {
    /// Where.
    pub(super) at: Span,
    /// The token there; `None` at the end of the text.
    pub(super) token: Option<Token>,
    /// The names of the tokens that would have fitted.
    pub(super) expected: Vec<String>,
}

/// A message, and whether the end of the text alone is to blame.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) diagnostic: Diagnostic,
    pub(super) at_end: bool,
}

// ---- Messages of the tagger and of the tree's builder ----

fn improper(code: Code, source: SourceId, at: Span, what: &str) -> Diagnostic {
    Diagnostic::error(code, source, at, format!("Improper Statement: {what}"))
}

pub(super) fn too_deep(source: SourceId, at: Span) -> Diagnostic {
    improper(Code::TooDeep, source, at, "nested too deeply")
        .label("the nesting is too deep here")
        .help("split it: assign the inner parts to variables first, or move inner blocks into functions")
}

pub(super) fn tuple(source: SourceId, at: Span) -> Diagnostic {
    improper(Code::Syntax, source, at, "parentheses hold one value")
        .label("more than one value, or a pair")
        .help("write a list as `{a, b}` and a map as `{\"key\" : value}`")
}

pub(super) fn mixed_literal(source: SourceId, at: Span) -> Diagnostic {
    improper(
        Code::MisplacedStatement,
        source,
        at,
        "pairs and plain values in one literal",
    )
    .label("neither a list nor a map")
    .help("give every element a key, or none")
}

pub(super) fn unclosed_comment(source: SourceId, at: Span) -> Diagnostic {
    let opener = Span::new(at.start, (at.start + 2).min(at.end));
    Diagnostic::error(
        Code::UnclosedComment,
        source,
        opener,
        "Comment Task is not closed properly: `/*` without `*/`",
    )
    .label("the comment begins here and never ends")
    .help("end the comment with `*/`; comments do not nest")
}

pub(super) fn unclosed_text(source: SourceId, at: Span) -> Diagnostic {
    let opener = Span::new(at.start, (at.start + 1).min(at.end));
    improper(Code::UnclosedText, source, opener, "a text is never closed")
        .label("the text begins here")
        .help("end the text with the same quote; a quote inside it is written `\\\"`")
}

pub(super) fn line_break_in_text(source: SourceId, at: Span) -> Diagnostic {
    Diagnostic::warning(Code::LineBreakInText, source, at, "a text goes over several lines")
        .help("write `\\n` for a line break inside a text")
}

pub(super) fn for_without_each(source: SourceId, at: Span) -> Diagnostic {
    improper(Code::NotDeluge, source, at, "`for` without `each`")
        .label("`each` is missing")
        .help("write `for each x in list { ... }`; to count, walk a list of numbers")
}

pub(super) fn declaration(source: SourceId, at: Span, name: &str) -> Diagnostic {
    improper(Code::NotDeluge, source, at, "a variable is assigned without a type")
        .label("remove this word")
        .help(format!("write `{name} = ...;`"))
}

pub(super) fn key_with_equals(source: SourceId, at: Span) -> Diagnostic {
    improper(
        Code::Syntax,
        source,
        at,
        "a key of a task is followed by ':', not by '='",
    )
    .help("write `key : value`")
}

pub(super) fn semicolon_in_task(source: SourceId, at: Span) -> Diagnostic {
    improper(Code::Syntax, source, at, "a semicolon between the entries of a block")
        .help("remove it; the next key ends a value")
}

pub(super) fn comma_in_task(source: SourceId, at: Span) -> Diagnostic {
    Diagnostic::warning(
        Code::NotPortable,
        source,
        at,
        "Zoho does not accept a comma between the entries of a block",
    )
    .help("remove it; the next key ends a value")
}

pub(super) fn equals_compares(source: SourceId, at: Span) -> Diagnostic {
    Diagnostic::warning(Code::EqualsInCondition, source, at, "`=` compares here").help("write `==`")
}

pub(super) fn stray(source: SourceId, at: Span, sign: &str) -> Diagnostic {
    improper(Code::StrayBracket, source, at, &format!("'{sign}' closes nothing"))
        .label("no bracket of this kind is open here")
        .help("remove it, or add the opener")
}

/// A bracket that is still open where it has to be closed: `opener` with its sign, the place with what stands there.
pub(super) fn unclosed(source: SourceId, opener: (Span, &str), found: (Span, &str), closer: &str) -> Diagnostic {
    let words = format!("Expecting '{closer}' but found '{}'", found.1);
    let (title, label) = if found.1 == "<EOF>" {
        (
            format!("{words}: `{}` is never closed", opener.1),
            "the script ends here",
        )
    } else {
        (
            format!("Improper Statement: {words}"),
            "the bracket has to be closed before this",
        )
    };
    Diagnostic::error(Code::UnclosedBracket, source, found.0, title)
        .label(label)
        .also(source, opener.0, format!("`{}` opened here", opener.1))
        .help(format!("add `{closer}`"))
}

pub(super) fn missing_braces(source: SourceId, at: Span, head: (Span, &str)) -> Diagnostic {
    improper(Code::Syntax, source, at, &format!("Expecting '{{' behind `{}`", head.1))
        .label("a block has to begin here")
        .also(source, head.0, "for this")
        .help("put braces around the statement, even if it is only one")
}

/// A statement without its semicolon right before the `}` of its block: what is meant is beyond doubt, and scripts in use
/// have it.
pub(super) fn missing_last_semicolon(source: SourceId, at: Span) -> Diagnostic {
    Diagnostic::warning(
        Code::MissingSemicolon,
        source,
        at,
        "missing ';' before '}': Zoho may refuse it",
    )
    .label("the statement ends here")
    .help("add `;`")
}

pub(super) fn missing_semicolon(source: SourceId, at: Span) -> Diagnostic {
    improper(Code::MissingSemicolon, source, at, "missing ';' at end of the line")
        .label("the statement ends here")
        .help("add `;`")
}

pub(super) fn application_export(source: SourceId, at: Span) -> Diagnostic {
    let title = "Not a valid Deluge statement: the file is the export of a whole Creator application";
    Diagnostic::error(Code::ApplicationExport, source, at, title)
        .label("an application begins here")
        .help("cut the scripts out of the export into files of their own")
}

pub(super) fn too_many(source: SourceId, at: Span) -> Diagnostic {
    Diagnostic::error(
        Code::TooManyErrors,
        source,
        at,
        "more than 100 errors; the rest is not told",
    )
    .help("mend the first ones and check again")
}

// ---- Messages of the parser ----

/// The parser's errors in words. At most one a statement, and none where the tagger has already said what is wrong.
pub(super) fn describe(errors: Vec<SyntaxError>, text: &str, source: SourceId, tagged: &mut Tagged) -> Vec<Judged> {
    let mut described = Vec::new();
    let mut told: Vec<usize> = tagged
        .notes
        .iter()
        .filter(|note| note.diagnostic.severity == Severity::Error && !note.at_end)
        .map(|note| note.token)
        .collect();
    let mut end_told = tagged.notes.iter().any(|note| note.at_end);
    let mut open = Open {
        tokens: &tagged.tokens,
        read: 0,
        stack: Vec::new(),
    };
    for error in errors {
        let index = tagged.tokens.partition_point(|token| token.start < error.at.start);
        let at_end = error.at.start as usize >= text.len();
        // What the last word of an unfinished text is, may depend on what would have followed.
        let word = text
            .as_bytes()
            .get(error.at.start as usize)
            .is_some_and(u8::is_ascii_alphabetic);
        let cut_off =
            error.at.start == tagged.last && (tagged.open_at_end && word || error.token == Some(Token::Colon));
        let at_end = at_end || cut_off;
        if at_end && end_told || told.iter().any(|other| same_statement(&tagged.tokens, *other, index)) {
            continue;
        }
        end_told |= at_end;
        told.push(index);
        open.advance(index);
        let context = Context {
            text,
            source,
            tokens: &tagged.tokens,
            index,
            open: open.stack.last().copied(),
        };
        described.push(Judged {
            diagnostic: context.describe(&error),
            at_end,
        });
    }
    // Where a statement is wrong anyway, the semicolon that it lacks at the end of the text is no news.
    let Tagged { notes, tokens, .. } = tagged;
    notes.retain(|note| {
        let lacks_semicolon = note.at_end && note.diagnostic.code == Code::MissingSemicolon;
        !lacks_semicolon || !told.iter().any(|other| same_statement(tokens, *other, note.token))
    });
    described
}

/// Whether no statement ends between two tokens. A statement of thousands of tokens is not searched to its end.
fn same_statement(tokens: &[Spanned], a: usize, b: usize) -> bool {
    const FAR: usize = 2000;
    let (from, to) = (a.min(b), a.max(b));
    if to - from > FAR {
        return false;
    }
    let ends = |token: &Spanned| matches!(token.token, Token::Semicolon | Token::OpenBlock | Token::CloseBlock);
    !tokens.get(from..to).unwrap_or_default().iter().any(ends)
}

/// The brackets open at a token; moves forward only.
struct Open<'a> {
    tokens: &'a [Spanned],
    read: usize,
    stack: Vec<Spanned>,
}

impl Open<'_> {
    fn advance(&mut self, to: usize) {
        for token in self.tokens.get(self.read..to).unwrap_or_default() {
            match token.token {
                Token::OpenParen | Token::OpenList | Token::OpenIndex | Token::OpenTask | Token::OpenInsert => {
                    self.stack.push(*token);
                }
                Token::OpenBrace | Token::OpenBlock => self.stack.push(*token),
                Token::CloseParen | Token::CloseBracket | Token::CloseBrace | Token::CloseBlock => {
                    self.stack.pop();
                }
                _ => {}
            }
        }
        self.read = self.read.max(to);
    }
}

/// What surrounds an error.
struct Context<'a> {
    text: &'a str,
    source: SourceId,
    tokens: &'a [Spanned],
    /// Index of the offending token.
    index: usize,
    /// The innermost open bracket.
    open: Option<Spanned>,
}

impl Context<'_> {
    fn describe(&self, error: &SyntaxError) -> Diagnostic {
        let message = self.special(error).unwrap_or_else(|| self.general(error));
        match self.open {
            Some(open) if open.token != Token::OpenBlock && open.end > open.start => {
                let sign = self.slice(Span::new(open.start, open.end));
                message.also(
                    self.source,
                    Span::new(open.start, open.end),
                    format!("this `{sign}` is still open"),
                )
            }
            _ => message,
        }
    }

    fn slice(&self, at: Span) -> &str {
        self.text.get(at.range()).unwrap_or_default()
    }

    fn previous(&self) -> Option<Spanned> {
        self.tokens.get(self.index.checked_sub(1)?).copied()
    }

    /// Whether the offending token stands where a statement begins.
    fn begins(&self) -> bool {
        self.previous()
            .is_none_or(|token| matches!(token.token, Token::Semicolon | Token::OpenBlock | Token::CloseBlock))
    }

    fn improper(&self, error: &SyntaxError, code: Code, what: &str) -> Diagnostic {
        improper(code, self.source, error.at, what)
    }

    /// Slips that deserve words of their own.
    fn special(&self, error: &SyntaxError) -> Option<Diagnostic> {
        let token = error.token?;
        let improper = |what: &str| self.improper(error, Code::Syntax, what);
        let in_block = self.open.is_none_or(|open| open.token == Token::OpenBlock);
        match token {
            Token::Bad => Some(self.unknown(error)),
            Token::Else if self.begins() => Some(
                improper("`else` without `if`")
                    .label("no `if` ends right before this")
                    .help("begin with `if(condition) { ... }`, and put nothing between its `}` and `else`"),
            ),
            Token::Catch if self.begins() => {
                Some(improper("`catch` without `try`").help("begin with `try { ... }` right before it"))
            }
            Token::Dot if self.begins() => Some(
                improper("a statement cannot begin with '.'")
                    .label("the `;` or `}` before it ends the statement")
                    .help("remove what stands between the value and its `.`"),
            ),
            Token::Comma if in_block => Some(improper("statements end with ';', not with ','").help("write `;`")),
            Token::CloseParen | Token::Comma if self.previous().is_some_and(|token| token.token == Token::Type) => {
                Some(improper("a parameter needs a type and a name").help("write, for instance, `string a`"))
            }
            _ if self
                .previous()
                .is_some_and(|token| matches!(token.token, Token::If | Token::While)) =>
            {
                Some(improper("a condition stands in parentheses").help("write `if(condition) { ... }`"))
            }
            Token::OpenBlock if self.previous().is_some_and(|token| token.token == Token::CloseParen) => Some(
                improper("a block that belongs to nothing")
                    .label("neither `if`, `for each` nor a function's header stands before it")
                    .help("begin a function with the type it returns, as in `void name(string a) { ... }`"),
            ),
            _ => self.side_by_side(error, token),
        }
    }

    /// Two operands with nothing between them.
    fn side_by_side(&self, error: &SyntaxError, token: Token) -> Option<Diagnostic> {
        let previous = self.previous()?;
        let ends = matches!(
            previous.token,
            Token::Name | Token::Integer | Token::Decimal | Token::Text | Token::Quoted | Token::True | Token::False
        ) || matches!(
            previous.token,
            Token::Null | Token::CloseParen | Token::CloseBracket | Token::CloseBrace
        );
        let begins = matches!(
            token,
            Token::Name | Token::Integer | Token::Decimal | Token::Text | Token::Quoted | Token::True | Token::False
        ) || token == Token::Null;
        if !ends || !begins {
            return None;
        }
        let found = self.slice(error.at);
        let what = if previous.token == Token::Name && token == Token::Name {
            let before = self.slice(Span::new(previous.start, previous.end));
            format!("two names in a row, `{before}` and `{found}`")
        } else {
            format!("expected an operator or ';', found '{}'", shorten(found))
        };
        let help = if matches!(token, Token::Text) || previous.token == Token::Text {
            "join texts with `+`; write a quote inside a text as `\\\"`"
        } else {
            "put an operator between them, or a `;` if a statement ends here"
        };
        Some(
            self.improper(error, Code::Syntax, &what)
                .label("nothing joins this to what stands before it")
                .help(help),
        )
    }

    /// What the lexer or the tagger gave up on.
    fn unknown(&self, error: &SyntaxError) -> Diagnostic {
        let sign = self.slice(error.at);
        let other = |what: &str| self.improper(error, Code::NotDeluge, what);
        let first = sign.chars().next().unwrap_or_default();
        match sign {
            "++" => other("Deluge has no `++`").help("write `x = x + 1;`"),
            "--" => other("Deluge has no `--`").help("write `x = x - 1;`"),
            "->" | "=>" => other("Deluge has no arrow functions").help("write a function with a name of its own"),
            "===" => other("Deluge has no `===`").help("write `==`"),
            "!==" => other("Deluge has no `!==`").help("write `!=`"),
            "&" | "|" => other(&format!("Unexpected token found '{sign}'")).help(format!("write `{sign}{sign}`")),
            _ if first == '?' => {
                other("Unexpected token found '?', Deluge has no `?:`").help("write `if(condition, a, b)`")
            }
            _ if first.is_ascii_digit() || first == '.' => self
                .improper(error, Code::Syntax, "a name cannot begin with a digit")
                .help("begin the name with a letter or `_`, or put an operator behind the number"),
            _ if "“”„‘’‚".contains(first) => self
                .improper(error, Code::UnknownCharacter, "typographic quotes do not begin a text")
                .help("write straight quotes: `\"...\"`"),
            _ => {
                let shown: String = sign.chars().take(20).collect();
                self.improper(
                    error,
                    Code::UnknownCharacter,
                    &format!("Unexpected token found '{shown}'"),
                )
                .label("Deluge does not use this")
                .help("remove it, or put it into a text")
            }
        }
    }

    fn general(&self, error: &SyntaxError) -> Diagnostic {
        let expected = classes(&error.expected);
        let wanted = if expected.is_empty() {
            "nothing more".to_owned()
        } else {
            join(&expected)
        };
        let invented = error.at.is_empty();
        let what = match error.token {
            _ if error.at.start as usize >= self.text.len() => {
                format!("incomplete expression: expected {wanted}, found the end of the script")
            }
            Some(Token::Semicolon) => format!("incomplete expression: expected {wanted}, found ';'"),
            Some(_) if !invented => format!("expected {wanted}, found '{}'", shorten(self.slice(error.at))),
            _ => format!("incomplete expression: expected {wanted}"),
        };
        let help = if expected.is_empty() {
            "remove what stands here".to_owned()
        } else {
            format!("write {wanted} here, or remove what leads to it")
        };
        let message = self.improper(error, Code::Syntax, &what);
        message.label(format!("expected {wanted}")).help(help)
    }
}

/// A token's text for a message: one line, and not a long one.
fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= 30 && line.len() == text.len() {
        return line.to_owned();
    }
    line.chars().take(27).chain("...".chars()).collect()
}

/// The classes that a list of expected tokens comes down to.
fn classes(expected: &[String]) -> Vec<String> {
    let names: Vec<&str> = expected.iter().map(|name| name.trim_matches('"')).collect();
    let has = |name: &str| names.contains(&name);
    let statement = has("return");
    let value = has("a text");
    let operator = has("*") || has("+=");
    let mut classes: Vec<String> = Vec::new();
    if statement {
        classes.push("a statement".to_owned());
    } else if value {
        classes.push("a value".to_owned());
    }
    if operator {
        classes.push("an operator".to_owned());
    }
    for name in names {
        let covered = statement && is_statement_start(name)
            || (value || statement) && is_value_start(name)
            || operator && is_operator(name);
        if !covered {
            let sign = name
                .split(" of ")
                .next()
                .unwrap_or(name)
                .split(" behind")
                .next()
                .unwrap_or(name);
            let quoted = if sign.starts_with("a ") || sign.starts_with("an ") {
                sign.to_owned()
            } else {
                format!("'{sign}'")
            };
            if !classes.contains(&quoted) {
                classes.push(quoted);
            }
        }
    }
    classes
}

fn is_value_start(name: &str) -> bool {
    matches!(
        name,
        "a name"
            | "a number"
            | "a decimal"
            | "a text"
            | "a quoted text"
            | "true"
            | "false"
            | "null"
            | "("
            | "[ of a list"
    ) || matches!(
        name,
        "{ of a literal"
            | "+"
            | "-"
            | "!"
            | "if"
            | "insert into"
            | "a task"
            | "a container"
            | "a label"
            | "a template to attach"
    )
}

fn is_operator(name: &str) -> bool {
    matches!(
        name,
        "+" | "-" | "*" | "/" | "%" | "==" | "= that compares" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||"
    ) || matches!(
        name,
        "in" | "not in" | "is" | "is not" | "a criterion" | "[ behind a value" | ":ui" | "." | "="
    ) || matches!(name, "+=" | "-=" | "*=" | "/=" | "%=" | "sort by" | "range from")
}

fn is_statement_start(name: &str) -> bool {
    matches!(
        name,
        ";" | "{" | "if" | "for each" | "while" | "try" | "return" | "info" | "throw" | "break" | "continue"
    ) || matches!(
        name,
        "a field command" | "a message command" | "cancel" | "delete from" | "a type" | "}"
    )
}

/// `a`, `a or b`, `a, b or c`; a long list is cut.
fn join(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().take(5).map(String::as_str).collect();
    match parts.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
