//! Brackets: what each one opens, what closes it, and repair where a closer or an opener is missing.

use super::{DEEPEST, Head, Tagged, Tagger, Token};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};
use crate::syntax::error;
use crate::syntax::token::Spanned;

/// What an open bracket holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameKind {
    /// Statements.
    Block,
    /// The items of `{...}`.
    Literal,
    /// Arguments, or an expression in parentheses.
    Parenthesis,
    /// The condition of a statement.
    Head,
    /// An index or criteria.
    Index,
    /// The items of `[...]`.
    List,
    /// The entries of a task.
    Task,
    /// The fields of an insert.
    Insert,
}

impl FrameKind {
    /// Whether it stands inside a statement.
    pub(super) const fn is_expression(self) -> bool {
        !matches!(self, Self::Block)
    }

    /// The token that closes it, and the sign that does.
    const fn closer(self) -> (Token, &'static str) {
        match self {
            Self::Block => (Token::CloseBlock, "}"),
            Self::Literal => (Token::CloseBrace, "}"),
            Self::Parenthesis | Self::Head => (Token::CloseParen, ")"),
            Self::Index | Self::List | Self::Task | Self::Insert => (Token::CloseBracket, "]"),
        }
    }

    const fn is_closed_by(self, raw: Token) -> bool {
        matches!(
            (self.closer().0, raw),
            (Token::CloseParen, Token::CloseParen)
                | (Token::CloseBracket, Token::CloseBracket)
                | (Token::CloseBrace | Token::CloseBlock, Token::Unbrace)
        )
    }
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) kind: FrameKind,
    /// The opener.
    at: Span,
    /// Whether its construct begins a statement and may do without a semicolon.
    begins: bool,
    /// Whether a comma stood directly inside: `if(c, a, b)` has no block.
    pub(super) commas: bool,
    /// Whether the block was put in around a single statement.
    single: bool,
    /// Where the tokens of the bracket begin, if they are left out because their statement is lost.
    left_out: Option<usize>,
}

impl Tagger<'_> {
    pub(super) fn open(&mut self, raw: Spanned, token: Token, kind: FrameKind) {
        if self.frames.len() >= DEEPEST {
            return self.stop_too_deep(raw);
        }
        let left_out = (self.lost && kind.is_expression()).then_some(self.tokens.len());
        self.take(raw, token, false);
        self.frames.push(Frame {
            kind,
            at: Span::new(raw.start, raw.end),
            begins: false,
            commas: false,
            single: false,
            left_out,
        });
        if kind == FrameKind::Block {
            self.block_due = false;
            self.begin();
        }
    }

    /// Opens the bracket that a task lacks.
    pub(super) fn open_invented_task(&mut self) {
        self.invent(Token::OpenTask);
        let at = Span::new(self.behind(), self.behind());
        self.frames.push(Frame {
            kind: FrameKind::Task,
            at,
            begins: false,
            commas: false,
            single: false,
            left_out: None,
        });
    }

    pub(super) fn stop_too_deep(&mut self, raw: Spanned) {
        self.too_deep = true;
        self.error(error::too_deep(self.source, Span::new(raw.start, raw.end)), false);
    }

    /// Notes whether the construct of the innermost frame begins its statement.
    pub(super) fn mark_frame(&mut self, begins: bool) {
        if let Some(frame) = self.frames.last_mut() {
            frame.begins = begins;
        }
    }

    pub(super) fn mark_comma(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.commas = true;
        }
    }

    pub(super) fn open_paren(&mut self, raw: Spanned) {
        let kind = if self.head == Head::Parenthesis {
            FrameKind::Head
        } else {
            FrameKind::Parenthesis
        };
        if kind == FrameKind::Head {
            self.head = Head::None;
        }
        // Only a name can be called.
        self.lost |= self.ended && self.previous() != Some(Token::Name);
        self.open(raw, Token::OpenParen, kind);
    }

    pub(super) fn open_bracket(&mut self, raw: Spanned) {
        if self.ended {
            self.open(raw, Token::OpenIndex, FrameKind::Index);
        } else {
            self.open(raw, Token::OpenList, FrameKind::List);
        }
    }

    /// `{` opens a block behind a complete operand and at the start of a statement, else a literal.
    pub(super) fn open_brace(&mut self, raw: Spanned) {
        let block = if self.block_due {
            true
        } else if self.starts {
            !self.is_literal_at_start()
        } else if !self.ended {
            false
        } else if !self.frame().is_expression() {
            true
        } else if self.head == Head::ForEach || self.has_open_head() {
            self.close_brackets(raw);
            true
        } else {
            false
        };
        if block {
            self.open(raw, Token::OpenBlock, FrameKind::Block);
        } else {
            self.open(raw, Token::OpenBrace, FrameKind::Literal);
        }
    }

    /// A statement that is a literal: only the REPL has use for it.
    fn is_literal_at_start(&self) -> bool {
        match self.peek(1) {
            Some(Token::Text | Token::Quoted | Token::Integer | Token::Decimal) => {
                matches!(self.peek(2), Some(Token::Colon | Token::Comma | Token::Unbrace))
            }
            Some(Token::Word) => matches!(self.peek(2), Some(Token::Colon | Token::Comma)),
            _ => false,
        }
    }

    fn has_open_head(&self) -> bool {
        self.frames
            .iter()
            .rev()
            .take_while(|frame| frame.kind.is_expression())
            .any(|frame| frame.kind == FrameKind::Head)
    }

    // ---- Closing ----

    /// A closer: closes the nearest bracket of its kind, and what is still open inside; dropped where there is none.
    pub(super) fn close(&mut self, raw: Spanned) {
        let found = self
            .frames
            .iter()
            .rposition(|frame| frame.kind.is_closed_by(raw.token) || !frame.kind.is_expression());
        let Some(found) = found.filter(|index| self.frames[*index].kind.is_closed_by(raw.token)) else {
            return self.stray(raw);
        };
        self.close_down_to(found + 1, raw);
        if self.frames[found].kind.is_expression() {
            self.close_innermost(raw);
        } else {
            self.close_block(raw);
        }
    }

    fn stray(&mut self, raw: Spanned) {
        if !self.quiet {
            let sign = self.slice(raw);
            self.error(error::stray(self.source, Span::new(raw.start, raw.end), sign), false);
        }
        self.quiet = true;
        self.at += 1;
    }

    /// Whether the tokens of an open bracket will be left out.
    pub(super) fn leaves_out(&self) -> bool {
        self.frames.iter().any(|frame| frame.left_out.is_some())
    }

    /// Closes a bracket inside a statement by its own closer.
    fn close_innermost(&mut self, raw: Spanned) {
        let Some(frame) = self.frames.pop() else { return };
        if let Some(begin) = frame.left_out {
            self.tokens.truncate(begin);
            self.at += 1;
            self.ended = true;
            return;
        }
        self.take(raw, frame.kind.closer().0, true);
        self.prefixes = 0;
        if frame.kind == FrameKind::Head && !frame.commas {
            self.ended = false;
            self.block_due = true;
            return;
        }
        if frame.begins && !matches!(self.peek(0), Some(Token::Semicolon | Token::Dot)) {
            self.invent(Token::Semicolon);
            self.begin();
            self.close_singles(false);
        }
    }

    fn close_block(&mut self, raw: Spanned) {
        if !self.starts {
            if self.ended || self.is_bare_command() {
                self.missing_semicolon(error::missing_last_semicolon);
                self.invent(Token::Semicolon);
            }
            self.starts = true;
        }
        while self.frames.last().is_some_and(|frame| frame.single) {
            self.frames.pop();
            self.invent(Token::CloseBlock);
        }
        if self.frames.pop().is_none() {
            return self.stray(raw);
        }
        self.take(raw, Token::CloseBlock, false);
        self.begin();
        self.close_singles(true);
    }

    /// Ends the blocks that were put in around one statement. After a block the statement goes on where `else` follows.
    pub(super) fn close_singles(&mut self, behind_block: bool) {
        let mut may_go_on = behind_block;
        while self.frames.last().is_some_and(|frame| frame.single) {
            if may_go_on && matches!(self.peek_word(0), Some(super::Word::Else | super::Word::Catch)) {
                return;
            }
            self.frames.pop();
            self.invent(Token::CloseBlock);
            self.begin();
            may_go_on = true;
        }
    }

    // ---- Repair ----

    /// Closes every bracket of the statement, because `found` shows that the statement has ended.
    pub(super) fn close_brackets(&mut self, found: Spanned) {
        let floor = self
            .frames
            .iter()
            .rposition(|frame| !frame.kind.is_expression())
            .map_or(0, |index| index + 1);
        if self.head == Head::ForEach {
            self.block_due = true;
        }
        self.close_down_to(floor, found);
    }

    /// Closes the brackets from number `floor` on, with one message for all of them.
    fn close_down_to(&mut self, floor: usize, found: Spanned) {
        let Some(innermost) = self.frames.last().filter(|_| self.frames.len() > floor).copied() else {
            return;
        };
        if !self.quiet {
            let sign = self.slice(found);
            let place = Span::new(found.start, found.end);
            self.unclosed(innermost, place, sign);
        }
        self.quiet = true;
        while self.frames.len() > floor {
            let Some(frame) = self.frames.pop() else { break };
            self.invent(frame.kind.closer().0);
            self.block_due |= frame.kind == FrameKind::Head && !frame.commas;
        }
        self.ended = true;
    }

    fn unclosed(&mut self, frame: Frame, place: Span, found: &str) {
        let opener = self.text.get(frame.at.range()).unwrap_or_default();
        let diagnostic = error::unclosed(self.source, (frame.at, opener), (place, found), frame.kind.closer().1);
        self.error(diagnostic, found == "<EOF>");
    }

    /// A statement begins where a block has to: it becomes the block, with a message.
    pub(super) fn block_missing(&mut self, raw: Spanned) {
        self.block_due = false;
        // Of braces missing one inside the other the outermost are told.
        let told = self.quiet || self.frames.last().is_some_and(|frame| frame.single);
        if !told {
            let begun = self.tokens.get(self.begun).map_or(raw, |first| *first);
            let head = (Span::new(begun.start, begun.end), self.slice(begun));
            let diagnostic = error::missing_braces(self.source, Span::new(raw.start, raw.end), head);
            self.error(diagnostic, false);
        }
        if self.frames.len() >= DEEPEST {
            return self.stop_too_deep(raw);
        }
        self.invent(Token::OpenBlock);
        let at = Span::new(self.behind(), self.behind());
        self.frames.push(Frame {
            kind: FrameKind::Block,
            at,
            begins: false,
            commas: false,
            single: true,
            left_out: None,
        });
        self.begin();
    }

    /// Tells in one of two ways that the statement so far lacks its semicolon.
    fn missing_semicolon(&mut self, told: fn(SourceId, Span) -> Diagnostic) {
        if !self.quiet && !self.lost {
            let behind = self.behind();
            let last = self.tokens.last().map_or(behind, |token| token.start);
            self.error(told(self.source, Span::new(last, behind)), self.ends(0));
        }
    }

    /// Whether the statement so far is a command that may stand alone.
    fn is_bare_command(&self) -> bool {
        matches!(
            self.previous(),
            Some(Token::Return | Token::Break | Token::Continue | Token::Cancel)
        )
    }

    /// Ends a statement that lacks its semicolon.
    pub(super) fn end_statement(&mut self) {
        self.missing_semicolon(error::missing_semicolon);
        self.invent(Token::Semicolon);
        self.begin();
        self.close_singles(false);
    }

    // ---- The end of the text ----

    /// Closes what is open, with one message for all of it.
    pub(super) fn end(&mut self) {
        self.open_at_end = !self.frames.is_empty();
        if !self.too_deep {
            self.close_at_end();
        }
    }

    /// What the pass found.
    pub(super) fn finish(self) -> Tagged {
        let last = self.raw.last().map_or(0, |raw| raw.start);
        Tagged {
            last,
            tokens: self.tokens,
            notes: self.notes,
            too_deep: self.too_deep,
            open_at_end: self.open_at_end,
        }
    }

    fn close_at_end(&mut self) {
        let end = self.text.len() as u32;
        let unfinished = !self.starts || self.block_due;
        let told = self.notes.iter().any(|note| note.at_end);
        if let Some(frame) = self
            .frames
            .iter()
            .rev()
            .find(|frame| !frame.single)
            .copied()
            .filter(|_| !told)
        {
            self.unclosed(frame, Span::new(end, end), "<EOF>");
        } else if unfinished && (self.ended || self.is_bare_command()) && self.head != Head::ForEach && !told {
            self.missing_semicolon(error::missing_semicolon);
        }
        let mut unfinished = unfinished;
        while let Some(frame) = self.frames.pop() {
            if !frame.kind.is_expression() && std::mem::take(&mut unfinished) {
                self.invent(Token::Semicolon);
            }
            self.invent(frame.kind.closer().0);
        }
        if unfinished {
            self.invent(Token::Semicolon);
        }
    }
}
