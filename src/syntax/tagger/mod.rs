//! Names each word and sign for what it is where it stands, so that the grammar has no conflict.
//!
//! One pass forward over the tokens with a stack of open brackets; it looks two tokens ahead, and only the test for a
//! function's header scans on, to its `)`. Nothing is ever taken back. The pass also puts in what a script may leave out
//! (the `;` behind a task block) and what it forgets (closers, a missing `;`), each with a message: without that, one
//! missing `)` would mislead every `=`, `{` and `}` after it.
//!
//! It is a pure function of the tokens and knows nothing of the tree.

mod brackets;
mod signs;
mod statements;
#[cfg(test)]
mod tests;
mod words;

use std::cell::Cell;

use super::error;
use super::lexer::{Found, Scanner};
use super::token::{Spanned, Token};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceId, Span};
use brackets::{Frame, FrameKind};
use words::Word;

/// How many brackets may be open at once, and how many signs may stand before one operand.
const DEEPEST: usize = 500;

/// Tokens as the grammar reads them.
#[derive(Debug)]
pub(super) struct Tagged {
    pub(super) tokens: Vec<Spanned>,
    /// Errors and warnings, in order.
    pub(super) notes: Vec<Note>,
    /// Whether the text nests so deeply that parsing it would be of no use.
    pub(super) too_deep: bool,
    /// Where the last token of the text begins, left out or not.
    pub(super) last: u32,
    /// Whether a bracket or block was still open at the end.
    pub(super) open_at_end: bool,
}

/// A message of the tagger.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) diagnostic: Diagnostic,
    /// Index of the tagged token before which it arose.
    pub(super) token: usize,
    /// Whether it is due to the end of the text alone, so that more text could mend it.
    pub(super) at_end: bool,
}

/// Tags the tokens of `text`.
pub(super) fn tag(text: &str, source: SourceId, raw: Vec<Spanned>) -> Tagged {
    let mut tagger = Tagger::new(text, source, raw, None);
    tagger.tokens.reserve(tagger.raw.len() + 8);
    tagger.run(usize::MAX);
    tagger.end();
    tagger.finish()
}

/// Tagged tokens for a reader that takes each once: those of a long script are never in memory all at once, neither before
/// tagging nor after it.
pub(super) struct Stream<'t> {
    tagger: Tagger<'t>,
    /// How many of the tagger's tokens were given out.
    given: usize,
    ended: bool,
}

/// About how many tokens a stream holds.
const HELD: usize = 4096;

/// How many tokens are there to be looked at ahead. Only a function's header may want more.
const AHEAD: usize = 1024;

impl<'t> Stream<'t> {
    /// The tokens of `text`, tagged as [`tag`] does.
    pub(super) fn new(text: &'t str, source: SourceId, scanner: Scanner<'t>) -> Self {
        Self {
            tagger: Tagger::new(text, source, Vec::new(), Some(scanner)),
            given: 0,
            ended: false,
        }
    }

    /// What the passes found besides the tokens; the places of the notes among them are lost. `None` where more had to be
    /// looked at than was there: then the tokens cannot be trusted.
    pub(super) fn finish(mut self) -> Option<(Tagged, Found)> {
        while !self.ended {
            self.advance();
        }
        let found = std::mem::take(&mut self.tagger.found);
        (!self.tagger.short.get()).then(|| (self.tagger.finish(), found))
    }

    /// Tags until there is a token to give out, if there are more.
    #[cold]
    fn restock(&mut self) {
        while self.given == self.tagger.tokens.len() && !self.ended {
            self.advance();
        }
    }

    /// Tags some more statements, after all before them were given out.
    fn advance(&mut self) {
        self.tagger.forget();
        self.given = self.tagger.tokens.len();
        self.tagger.run(HELD);
        if self.tagger.is_through() {
            self.tagger.end();
            self.ended = true;
        }
    }
}

impl Iterator for Stream<'_> {
    type Item = Spanned;

    #[inline]
    fn next(&mut self) -> Option<Spanned> {
        if self.given == self.tagger.tokens.len() {
            self.restock();
        }
        let token = self.tagger.tokens.get(self.given).copied()?;
        self.given += 1;
        Some(token)
    }
}

/// Which head of a statement is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    None,
    /// Behind `if`, `while` or `catch`: the next `(` is a head's.
    Parenthesis,
    /// Inside `for each x in ...`.
    ForEach,
}

/// The state of the pass.
struct Tagger<'t> {
    text: &'t str,
    source: SourceId,
    /// Tokens of the lexer: all, or those around the one at hand.
    raw: Vec<Spanned>,
    /// Where more of them come from.
    scanner: Option<Scanner<'t>>,
    found: Found,
    /// Whether a token was looked for that was not there yet.
    short: Cell<bool>,
    /// Index of the raw token at hand.
    at: usize,
    tokens: Vec<Spanned>,
    notes: Vec<Note>,
    frames: Vec<Frame>,
    too_deep: bool,
    /// Whether a bracket or block was open when the text ended.
    open_at_end: bool,
    /// Whether a statement begins here.
    starts: bool,
    /// Whether an operand has just ended.
    ended: bool,
    /// Whether a further `=` of this statement compares.
    assigned: bool,
    head: Head,
    /// Whether a head has ended and its block has to follow.
    block_due: bool,
    /// Whether a `range from` waits for its `to`.
    ranging: bool,
    /// Whether `asc` and `desc` belong to a `sort by`.
    sorting: bool,
    /// How many prefix operators stand before the operand to come.
    prefixes: usize,
    /// Index of the statement's first tagged token.
    begun: usize,
    /// Whether messages about the brackets of this statement would only repeat one already given.
    quiet: bool,
    /// Whether the parser has met an error in this statement for certain. The rest of it is left out then, but for its
    /// brackets: in deep nesting the parser's recovery is slow to pass over tokens.
    lost: bool,
    /// How many errors and how many warnings there were.
    told: [usize; 2],
}

impl<'t> Tagger<'t> {
    fn new(text: &'t str, source: SourceId, raw: Vec<Spanned>, scanner: Option<Scanner<'t>>) -> Self {
        Self {
            text,
            source,
            raw,
            scanner,
            found: Found::default(),
            short: Cell::new(false),
            at: 0,
            tokens: Vec::new(),
            notes: Vec::new(),
            frames: Vec::new(),
            too_deep: false,
            open_at_end: false,
            starts: true,
            ended: false,
            assigned: false,
            head: Head::None,
            block_due: false,
            ranging: false,
            sorting: false,
            prefixes: 0,
            begun: 0,
            quiet: false,
            lost: false,
            told: [0; 2],
        }
    }

    /// Goes on to the first statement behind about so many tagged tokens, or to the end.
    fn run(&mut self, enough: usize) {
        loop {
            if self.scanner.is_some() && self.raw.len() < self.at + AHEAD {
                self.refill();
            }
            let ahead = if self.scanner.is_some() { AHEAD } else { 1 };
            while self.at + ahead <= self.raw.len() {
                if self.too_deep || self.tokens.len() >= enough && self.is_between_statements() {
                    return;
                }
                self.step(self.raw[self.at]);
            }
            if self.scanner.is_none() {
                return;
            }
        }
    }

    /// Gets tokens from the lexer, and forgets those that were taken but for the last one, which is looked back at.
    fn refill(&mut self) {
        let taken = self.at.saturating_sub(1);
        self.raw.drain(..taken);
        self.at -= taken;
        if let Some(mut scanner) = self.scanner.take() {
            if scanner.fill(&mut self.raw, HELD) {
                self.scanner = Some(scanner);
            } else {
                self.found = scanner.found();
            }
        }
    }

    /// Whether no token is left to take.
    fn is_through(&self) -> bool {
        self.too_deep || self.scanner.is_none() && self.at >= self.raw.len()
    }

    /// The raw token at an index.
    fn raw(&self, index: usize) -> Option<Spanned> {
        let raw = self.raw.get(index).copied();
        if raw.is_none() && self.scanner.is_some() {
            self.short.set(true);
        }
        raw
    }

    /// Whether a statement is about to begin. The tokens before it stay as they are.
    fn is_between_statements(&self) -> bool {
        self.starts && !self.block_due && self.begun == self.tokens.len() && !self.leaves_out()
    }

    /// Forgets the tokens before the statement that is about to begin, but for the last one, which is looked back at.
    fn forget(&mut self) {
        let all = self.tokens.len();
        self.tokens.drain(..all.saturating_sub(1));
        self.begun = self.tokens.len();
    }

    /// Takes one raw token, or several that belong together.
    fn step(&mut self, raw: Spanned) {
        if self.block_due && !matches!(raw.token, Token::Brace) {
            if self.is_then(raw) {
                return self.then(raw);
            }
            self.block_missing(raw);
        }
        if self.lost && self.is_passed_over(raw) {
            self.at += 1;
            return;
        }
        match raw.token {
            Token::Word => self.word(raw),
            Token::Integer | Token::Decimal | Token::Text | Token::Quoted => self.operand(raw, raw.token),
            Token::UnclosedText => self.unclosed_text(raw),
            Token::UnclosedComment => {
                self.error(
                    error::unclosed_comment(self.source, Span::new(raw.start, raw.end)),
                    true,
                );
                self.at += 1;
            }
            Token::OpenParen => self.open_paren(raw),
            Token::Bracket => self.open_bracket(raw),
            Token::Brace => self.open_brace(raw),
            Token::CloseParen | Token::CloseBracket | Token::Unbrace => self.close(raw),
            Token::Semicolon => self.semicolon(raw),
            Token::Comma => self.comma(raw),
            Token::Colon => self.colon(raw),
            Token::Assign => self.equals(raw),
            Token::Plus | Token::Minus | Token::Not => self.maybe_prefix(raw),
            // What follows a stray sign is no operand's business: a brace behind `->` opens a block.
            Token::Bad => {
                self.take(raw, Token::Bad, true);
                self.lost = true;
            }
            other => {
                let misplaced = !self.ended;
                self.take(raw, other, false);
                self.lost |= misplaced;
            }
        }
    }

    /// Whether a token of a lost statement is left out. A word on a new line may begin the next statement.
    fn is_passed_over(&self, raw: Spanned) -> bool {
        match raw.token {
            Token::Word => {
                let before = self
                    .at
                    .checked_sub(1)
                    .and_then(|index| self.raw(index))
                    .map_or(0, |before| before.end);
                let between = self.text.get(before as usize..raw.start as usize).unwrap_or_default();
                !between.contains('\n')
            }
            Token::OpenParen | Token::Bracket | Token::Brace | Token::CloseParen | Token::CloseBracket => false,
            Token::Unbrace | Token::Semicolon | Token::UnclosedText | Token::UnclosedComment => false,
            _ => true,
        }
    }

    // ---- Looking around ----

    /// The raw token `ahead` places on.
    fn peek(&self, ahead: usize) -> Option<Token> {
        self.raw(self.at + ahead).map(|raw| raw.token)
    }

    /// What the word `ahead` places on may mean; `None` if there is no word.
    fn peek_word(&self, ahead: usize) -> Option<Word> {
        let raw = self.raw(self.at + ahead)?;
        (raw.token == Token::Word).then(|| self.find(raw))
    }

    /// Whether the text ends `ahead` tokens on. Then what would have followed is hoped for.
    fn ends(&self, ahead: usize) -> bool {
        self.raw(self.at + ahead).is_none()
    }

    fn find(&self, raw: Spanned) -> Word {
        words::find(self.slice(raw))
    }

    fn slice(&self, raw: Spanned) -> &'t str {
        self.text.get(raw.start as usize..raw.end as usize).unwrap_or_default()
    }

    fn previous(&self) -> Option<Token> {
        self.tokens.last().map(|token| token.token)
    }

    /// Where the last token ended.
    fn behind(&self) -> u32 {
        self.tokens.last().map_or(0, |token| token.end)
    }

    /// Whether a line break stands between the last token and `raw`.
    fn on_new_line(&self, raw: Spanned) -> bool {
        let between = self
            .text
            .get(self.behind() as usize..raw.start as usize)
            .unwrap_or_default();
        between.contains('\n')
    }

    /// Whether a line break stands before the raw token `ahead` places on.
    fn breaks_line(&self, ahead: usize) -> bool {
        let index = self.at + ahead;
        let before = index.checked_sub(1).and_then(|before| self.raw(before));
        let (Some(before), Some(raw)) = (before, self.raw(index)) else {
            return false;
        };
        let between = self.text.get(before.end as usize..raw.start as usize);
        between.is_some_and(|between| between.contains('\n'))
    }

    fn frame(&self) -> FrameKind {
        self.frames.last().map_or(FrameKind::Block, |frame| frame.kind)
    }

    // ---- Writing ----

    /// Adds a token that stands in the text.
    fn push(&mut self, token: Spanned, ended: bool) {
        self.tokens.push(token);
        self.starts = false;
        self.ended = ended;
    }

    /// Adds the raw token at hand under the name `token` and goes on to the next one.
    fn take(&mut self, raw: Spanned, token: Token, ended: bool) {
        self.push(Spanned { token, ..raw }, ended);
        self.at += 1;
    }

    /// Adds the raw token at hand and the `more` behind it as one.
    fn merge(&mut self, raw: Spanned, more: usize, token: Token) {
        let end = self.raw(self.at + more).map_or(raw.end, |last| last.end);
        self.push(Spanned { token, end, ..raw }, false);
        self.at += 1 + more;
    }

    /// Adds a token that is not in the text, behind the last one; at the end of the text, at its end.
    fn invent(&mut self, token: Token) {
        let at = if self.ends(0) {
            self.text.len() as u32
        } else {
            self.behind()
        };
        self.tokens.push(Spanned {
            token,
            start: at,
            end: at,
        });
    }

    fn operand(&mut self, raw: Spanned, token: Token) {
        self.prefixes = 0;
        let misplaced = self.ended;
        self.take(raw, token, true);
        self.lost |= misplaced;
    }

    /// A statement begins at the next token.
    fn begin(&mut self) {
        self.starts = true;
        self.ended = false;
        self.assigned = false;
        self.head = Head::None;
        self.ranging = false;
        self.sorting = false;
        self.prefixes = 0;
        self.begun = self.tokens.len();
        self.quiet = false;
        self.lost = false;
    }

    fn error(&mut self, diagnostic: Diagnostic, at_end: bool) {
        let warning = usize::from(diagnostic.severity == Severity::Warning);
        self.told[warning] += 1;
        if self.told[warning] <= error::MOST {
            self.notes.push(Note {
                diagnostic,
                token: self.tokens.len(),
                at_end,
            });
        }
    }

    fn unclosed_text(&mut self, raw: Spanned) {
        let at_end = raw.end as usize == self.text.len();
        self.error(error::unclosed_text(self.source, Span::new(raw.start, raw.end)), at_end);
        self.operand(raw, Token::Text);
        // The text swallowed the brackets and the semicolon behind it.
        self.quiet = true;
    }
}
