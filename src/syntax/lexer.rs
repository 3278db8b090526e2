//! Text to tokens. Total: what Deluge does not know becomes a token too, so the lexer never fails.
//!
//! It knows no keywords. Which words act as keywords depends on where they stand, and that is the tagger's business.
//! Texts and comments are scanned by hand inside logos callbacks: a regular expression for them would have to
//! decide what an unclosed one is, and a loop says it plainly.

use logos::{FilterResult, Lexer, Logos};

use super::token::{Spanned, Token};
use crate::source::Span;

/// How texts are read, and what was met on the way.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    /// Whether a text ends at the end of its line even without its quote: the second reading of a script in which
    /// a quote seems to be missing.
    pub(super) end_at_line: bool,
    /// The texts that go over several lines.
    several_lines: Vec<Span>,
    /// Comments, in order.
    comments: Vec<Span>,
}

/// Splits a text into tokens.
pub(super) fn lex(text: &str, end_at_line: bool) -> (Vec<Spanned>, Found) {
    let mut tokens = Vec::new();
    let mut scanner = Scanner::new(text, end_at_line);
    while scanner.fill(&mut tokens, usize::MAX) {}
    (tokens, scanner.found())
}

/// What a scanner met besides tokens.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The comments.
    pub(super) comments: Vec<Span>,
    /// Texts that go over several lines.
    pub(super) several_lines: Vec<Span>,
}

/// Splits a text into tokens bit by bit.
pub(super) struct Scanner<'t> {
    text: &'t str,
    lexer: Lexer<'t, Token>,
}

impl<'t> Scanner<'t> {
    /// A scanner at the start of a text.
    pub(super) fn new(text: &'t str, end_at_line: bool) -> Self {
        let texts = Texts {
            end_at_line,
            ..Texts::default()
        };
        Self {
            text,
            lexer: Token::lexer_with_extras(text, texts),
        }
    }

    /// Adds so many tokens to those before them; `false` where the text ended.
    pub(super) fn fill(&mut self, tokens: &mut Vec<Spanned>, count: usize) -> bool {
        for _ in 0..count {
            let Some(result) = self.lexer.next() else {
                return false;
            };
            let span = self.lexer.span();
            let (start, mut end) = (span.start as u32, span.end as u32);
            let token = result.unwrap_or(Token::Bad);
            if token == Token::Bad {
                end += foreign(&self.text[span.end..], &self.text[span]) as u32;
                self.lexer.bump(end as usize - self.lexer.span().end);
                // Neighbouring bad characters are one token, so that they are one message.
                if let Some(last) = tokens
                    .last_mut()
                    .filter(|last| last.token == Token::Bad && last.end == start)
                {
                    last.end = end;
                    continue;
                }
            }
            tokens.push(Spanned { token, start, end });
        }
        true
    }

    /// What was met besides tokens.
    pub(super) fn found(self) -> Found {
        let Texts {
            several_lines,
            comments,
            ..
        } = self.lexer.extras;
        Found {
            comments,
            several_lines,
        }
    }
}

/// How much of `rest` belongs to a text or comment of another language that `opener` begins, so that the words inside are
/// not read as code: up to the closing typographic quote on the same line, up to the next backtick, or up to the end of
/// the line.
fn foreign(rest: &str, opener: &str) -> usize {
    let line = rest.split('\n').next().unwrap_or_default();
    let closers: &[char] = match opener {
        "“" | "”" | "„" => &['“', '”'],
        "‘" | "’" | "‚" => &['‘', '’'],
        "`" => return rest.find('`').map_or(0, |at| at + 1),
        "#" => return line.trim_end().len(),
        _ => return 0,
    };
    line.find(closers)
        .map_or(0, |at| at + line[at..].chars().next().map_or(0, char::len_utf8))
}

/// Scans a text in either kind of quotes; a backslash and what follows it belong together.
pub(super) fn text(lexer: &mut Lexer<'_, Token>) -> Token {
    let quote = lexer.slice().as_bytes()[0];
    let rest = lexer.remainder().as_bytes();
    let mut several_lines = false;
    let mut at = 0;
    let closed = loop {
        match rest.get(at) {
            None => break false,
            Some(byte) if *byte == quote => {
                at += 1;
                break true;
            }
            // The character behind a backslash may be a quote; anything else, a line end included, is seen next.
            Some(b'\\')
                if rest
                    .get(at + 1)
                    .is_some_and(|next| matches!(next, b'"' | b'\'' | b'\\')) =>
            {
                at += 2
            }
            Some(b'\n') if lexer.extras.end_at_line => break false,
            Some(b'\n') => {
                several_lines = true;
                at += 1;
            }
            Some(_) => at += 1,
        }
    };
    // Every stop is at an ASCII character or at the end, hence on a character boundary.
    lexer.bump(at);
    if several_lines {
        let span = lexer.span();
        lexer
            .extras
            .several_lines
            .push(Span::new(span.start as u32, span.end as u32));
    }
    match (closed, quote) {
        (true, b'"') => Token::Text,
        (true, _) => Token::Quoted,
        (false, _) => Token::UnclosedText,
    }
}

/// Scans a comment and puts it aside; only an unclosed one becomes a token.
pub(super) fn comment(lexer: &mut Lexer<'_, Token>) -> FilterResult<(), ()> {
    let rest = lexer.remainder();
    let length = if lexer.slice() == "//" {
        Some(rest.find('\n').unwrap_or(rest.len()))
    } else {
        rest.find("*/").map(|at| at + 2)
    };
    lexer.bump(length.unwrap_or(rest.len()));
    let span = lexer.span();
    lexer
        .extras
        .comments
        .push(Span::new(span.start as u32, span.end as u32));
    match length {
        Some(_) => FilterResult::Skip,
        None => FilterResult::Emit(()),
    }
}
