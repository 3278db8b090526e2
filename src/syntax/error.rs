//! Messages about syntax: what the tagger repaired and what the parser could not fit in, in words.
//!
//! Titles quote the words of Zoho's own messages (`Improper Statement`, `Expecting '}' but found '<EOF>'`; see
//! deluge/help/error-messages.html), so that a search for those finds these. A list of expected tokens is cut down to
//! classes: "a value" says more than the sixteen tokens that may begin one.

use super::token::Token;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};

mod classes;
pub(super) mod foreign;
mod parsing;

pub(super) use parsing::describe;

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

/// `function name(...)` and its like, in place of a type.
pub(super) fn function_word(source: SourceId, at: Span, word: &str, name: &str) -> Diagnostic {
    let title = format!("Deluge has no `{word}`: a function begins with the type that it returns");
    improper(Code::NotDeluge, source, at, &title)
        .label("a type belongs here")
        .help(format!(
            "write `void {name}(string a) {{ ... }}`; where it returns something, its type in place of `void`"
        ))
}

/// `then` behind a condition.
pub(super) fn then_word(source: SourceId, at: Span) -> Diagnostic {
    improper(Code::NotDeluge, source, at, "Deluge has no `then`")
        .label("a block has to begin here")
        .help("write `if(condition) { ... }`")
}

/// A task whose keys stand without brackets.
pub(super) fn task_without_bracket(source: SourceId, at: Span, task: &str) -> Diagnostic {
    improper(Code::Syntax, source, at, &format!("Expecting '[' behind `{task}`"))
        .label("its keys stand in brackets")
        .help(format!("write `{task} [ key : value ... ]`"))
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
