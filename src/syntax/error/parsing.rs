//! What the parser could not fit in, in words.

use std::ops::Range;

use super::classes::{classes, join};
use super::{Judged, SyntaxError, foreign, function_word, improper};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{SourceId, Span};
use crate::syntax::tagger::Tagged;
use crate::syntax::token::{Spanned, Token};

/// The parser's errors in words. At most one a statement, and none where the tagger has already said what is wrong.
pub(in crate::syntax) fn describe(
    errors: Vec<SyntaxError>,
    text: &str,
    source: SourceId,
    tagged: &mut Tagged,
) -> Vec<Judged> {
    let mut described = Vec::new();
    let mut passed_over: Vec<Range<usize>> = Vec::new();
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
        if passed_over.last().is_some_and(|range| index < range.end) {
            continue;
        }
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
        let foreign = context.foreign(&error);
        let (diagnostic, at_end) = match foreign {
            Some((diagnostic, range)) => {
                passed_over.push(range);
                (diagnostic, false)
            }
            None => (context.describe(&error), at_end),
        };
        described.push(Judged { diagnostic, at_end });
    }
    // Where a statement is wrong anyway, the semicolon that it lacks at the end of the text is no news.
    let Tagged { notes, tokens, .. } = tagged;
    let is_told = |token: usize| told.iter().any(|other| same_statement(tokens, *other, token));
    notes.retain(|note| {
        let lacks_semicolon = note.at_end && note.diagnostic.code == Code::MissingSemicolon;
        let is_aside = lacks_semicolon || note.diagnostic.severity == Severity::Warning;
        let is_foreign = passed_over.iter().any(|range| range.contains(&note.token));
        !(is_foreign || is_aside && is_told(note.token))
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
        if let Some(message) = self.slip(error) {
            return message;
        }
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

    /// The statement of another language that the error is about, and the tokens of which nothing more is told.
    fn foreign(&self, error: &SyntaxError) -> Option<(Diagnostic, Range<usize>)> {
        const FAR: usize = 2000;
        let from = self.index.saturating_sub(FAR);
        let before = self.tokens.get(from..self.index)?;
        let ends = |token: &Spanned| matches!(token.token, Token::Semicolon | Token::OpenBlock | Token::CloseBlock);
        let begin = from + before.iter().rposition(ends).map_or(0, |end| end + 1);
        let first = self.tokens.get(begin).filter(|first| first.token == Token::Name)?;
        let is_block = error.token == Some(Token::OpenBlock)
            && self.previous().is_some_and(|token| token.token == Token::CloseParen);
        if self.index != begin + 1 && !is_block {
            return None;
        }
        let at = Span::new(first.start, first.end);
        let word = self.slice(at);
        let message = if foreign::begins_function(word) {
            function_word(self.source, at, word, self.slice(error.at))
        } else if word.eq_ignore_ascii_case("while") {
            improper(Code::Syntax, self.source, error.at, "a condition stands in parentheses")
                .label("`(` is missing before this")
                .help("write `while(condition) { ... }`")
        } else {
            let foreign = foreign::statement(word)?;
            let message = improper(Code::NotDeluge, self.source, at, &format!("Deluge has no `{word}`"))
                .label("this begins no statement")
                .help(foreign.help);
            if foreign.takes_block {
                return Some((message, begin..self.behind_block(begin)));
            }
            message
        };
        Some((message, begin..self.index + 1))
    }

    /// The token behind the block that follows, with the `while` of a `do`.
    fn behind_block(&self, begin: usize) -> usize {
        let mut depth = 0_usize;
        let mut tokens = self.tokens.iter().enumerate().skip(begin);
        for (index, token) in &mut tokens {
            match token.token {
                Token::OpenBlock => depth += 1,
                Token::CloseBlock if depth <= 1 => {
                    let goes_on = self
                        .tokens
                        .get(index + 1)
                        .is_some_and(|next| next.token == Token::While);
                    if goes_on && depth == 1 {
                        depth = 0;
                        continue;
                    }
                    return index + 1;
                }
                Token::CloseBlock => depth -= 1,
                Token::Semicolon if depth == 0 => return index + 1,
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// Slips inside a bracket that have nothing to do with its being open.
    fn slip(&self, error: &SyntaxError) -> Option<Diagnostic> {
        match error.token? {
            Token::CloseParen | Token::CloseBracket | Token::CloseBrace
                if self.previous().is_some_and(|token| token.token == Token::Comma) =>
            {
                Some(self.trailing_comma(error))
            }
            Token::Name if self.lacks_colon() => {
                let key = self.slice(error.at);
                Some(
                    self.improper(error, Code::Syntax, &format!("the key `{key}` lacks its ':'"))
                        .label("a ':' belongs behind this key")
                        .help(format!("write `{key} : ...`")),
                )
            }
            _ => None,
        }
    }

    /// Slips that deserve words of their own.
    fn special(&self, error: &SyntaxError) -> Option<Diagnostic> {
        let token = error.token?;
        let improper = |what: &str| self.improper(error, Code::Syntax, what);
        match token {
            Token::Bad => Some(self.unknown(error)),
            Token::Else if self.begins() => Some(
                improper("`else` without `if`")
                    .label("no `if` ends right before this")
                    .help("begin with `if(condition) { ... }`, and put nothing between its `}` and `else`"),
            ),
            Token::Catch if self.begins() => Some(
                improper("`catch` without `try`")
                    .label("no `try` block ends right before this")
                    .help("begin with `try { ... }` right before it"),
            ),
            Token::Dot if self.begins() => Some(
                improper("a statement cannot begin with '.'")
                    .label("the `;` or `}` before it ends the statement")
                    .help("remove what stands between the value and its `.`"),
            ),
            _ => self
                .misplaced_sign(error, token)
                .or_else(|| self.side_by_side(error, token)),
        }
    }

    /// A sign or a block where something else has to stand.
    fn misplaced_sign(&self, error: &SyntaxError, token: Token) -> Option<Diagnostic> {
        let improper = |what: &str| self.improper(error, Code::Syntax, what);
        let in_block = self.open.is_none_or(|open| open.token == Token::OpenBlock);
        match token {
            Token::Comma if in_block => Some(
                improper("statements end with ';', not with ','")
                    .label("the statement ends here")
                    .help("write `;`"),
            ),
            Token::CloseParen | Token::Comma if self.previous().is_some_and(|token| token.token == Token::Type) => {
                Some(
                    improper("a parameter needs a type and a name")
                        .label("a name is missing before this")
                        .help("write, for instance, `string a`"),
                )
            }
            _ if self
                .previous()
                .is_some_and(|token| matches!(token.token, Token::If | Token::While)) =>
            {
                Some(
                    improper("a condition stands in parentheses")
                        .label("`(` is missing before this")
                        .help("write `if(condition) { ... }`"),
                )
            }
            Token::OpenBlock if self.previous().is_some_and(|token| token.token == Token::CloseParen) => Some(
                improper("a block that belongs to nothing")
                    .label("neither `if`, `for each` nor a function's header stands before it")
                    .help("begin a function with the type it returns, as in `void name(string a) { ... }`"),
            ),
            _ => None,
        }
    }

    /// `{1, 2, }`: the comma is to blame, not what follows it.
    fn trailing_comma(&self, error: &SyntaxError) -> Diagnostic {
        let comma = self
            .previous()
            .map_or(error.at, |comma| Span::new(comma.start, comma.end));
        improper(Code::Syntax, self.source, comma, "a comma with nothing behind it")
            .label("no value follows this")
            .help("remove the comma")
    }

    /// Whether a word in a task's block stands where a key begins.
    fn lacks_colon(&self) -> bool {
        let in_task = self.open.is_some_and(|open| open.token == Token::OpenTask);
        in_task
            && self
                .previous()
                .zip(self.tokens.get(self.index))
                .is_some_and(|(before, word)| {
                    let between = self.slice(Span::new(before.end, word.start));
                    before.token == Token::OpenTask || between.contains('\n')
                })
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
        if let Some(message) = self.foreign_operand(error, previous) {
            return Some(message);
        }
        let what = if previous.token == Token::Name && token == Token::Name {
            let before = self.slice(Span::new(previous.start, previous.end));
            format!("two names in a row, `{before}` and `{found}`")
        } else {
            let mark = if self.separates_by_comma() { "','" } else { "';'" };
            format!("expected an operator or {mark}, found '{}'", shorten(found))
        };
        let is_text = matches!(token, Token::Text) || previous.token == Token::Text;
        let help = if self.separates_by_comma() && is_text {
            "put a comma between two values, or join texts with `+`; write a quote inside a text as `\\\"`"
        } else if self.separates_by_comma() {
            "put a comma or an operator between the two"
        } else if is_text {
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

    /// Whether a comma stands between two values here: in a literal, or among arguments.
    fn separates_by_comma(&self) -> bool {
        self.open.is_some_and(|open| match open.token {
            Token::OpenBrace | Token::OpenList => true,
            Token::OpenParen => {
                let index = self.tokens.partition_point(|token| token.start < open.start);
                let before = index.checked_sub(1).and_then(|before| self.tokens.get(before));
                before.is_some_and(|before| before.token == Token::Name)
            }
            _ => false,
        })
    }

    /// `new Map()`, `f"..."`, `7 mod 2`: a word of another language beside a value.
    fn foreign_operand(&self, error: &SyntaxError, previous: Spanned) -> Option<Diagnostic> {
        let at = Span::new(previous.start, previous.end);
        let (before, found) = (self.slice(at), self.slice(error.at));
        let foreign = |at: Span, what: &str, help: &str| {
            let message = improper(Code::NotDeluge, self.source, at, &format!("Deluge has no {what}"));
            Some(message.label("a word of another language").help(help))
        };
        if previous.token == Token::Name {
            if let Some(help) = foreign::before_value(before, found) {
                return foreign(at, &format!("`{before}`"), &help);
            }
            let is_prefix = matches!(before, "f" | "F" | "r" | "b" | "u") && previous.end == error.at.start;
            if is_prefix && matches!(error.token, Some(Token::Text | Token::Quoted)) {
                return foreign(
                    at,
                    &format!("`{before}\"...\"`"),
                    "join texts and values with `+`: `\"Hello \" + name`",
                );
            }
        }
        let help = (error.token == Some(Token::Name)).then(|| foreign::between_values(found))??;
        foreign(error.at, &format!("`{found}`"), help)
    }

    /// What the lexer or the tagger gave up on.
    fn unknown(&self, error: &SyntaxError) -> Diagnostic {
        let sign = self.slice(error.at);
        let other = |what: &str| {
            self.improper(error, Code::NotDeluge, what)
                .label("a sign of another language")
        };
        let first = sign.chars().next().unwrap_or_default();
        if let Some((what, help)) = foreign::sign(sign) {
            return other(&format!("Deluge has no {what}")).help(help);
        }
        match sign {
            "++" | "--" => {
                let name = self.counted(error.at);
                other(&format!("Deluge has no `{sign}`")).help(format!("write `{name} = {name} {first} 1;`"))
            }
            "&" | "|" => other(&format!("Unexpected token found '{sign}'")).help(format!("write `{sign}{sign}`")),
            "?" if self.text[error.at.end as usize..].starts_with('.') => {
                other("Deluge has no `?.`").help("ask first: `if(x != null) { ... }`")
            }
            _ if first == '?' => {
                other("Unexpected token found '?', Deluge has no `?:`").help("write `if(condition, a, b)`")
            }
            _ if first == '`' => {
                other("Deluge has no texts in backticks").help("join texts and values with `+`: `\"Hello \" + name`")
            }
            _ if first == '#' => self
                .improper(error, Code::UnknownCharacter, "`#` begins no comment")
                .label("Deluge does not use this")
                .help("begin a comment with `//`"),
            _ if first.is_ascii_digit() || first == '.' => self
                .improper(error, Code::Syntax, "a name cannot begin with a digit")
                .label("neither a number nor a name")
                .help("begin the name with a letter or `_`, or put an operator behind the number"),
            _ if "“”„‘’‚".contains(first) => self
                .improper(error, Code::UnknownCharacter, "typographic quotes do not begin a text")
                .label("these quotes are for print")
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

    /// The variable beside `++` or `--`.
    fn counted(&self, at: Span) -> &str {
        let next = self.tokens.get(self.index + 1);
        let beside = self
            .previous()
            .filter(|token| token.end == at.start)
            .or(next.copied().filter(|token| token.start == at.end));
        let name = beside.filter(|token| token.token == Token::Name);
        name.map_or("x", |token| self.slice(Span::new(token.start, token.end)))
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
