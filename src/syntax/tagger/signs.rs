//! Signs that are not brackets: `;`, `,`, `:`, `=` and the operators that may be prefixes.

use super::brackets::FrameKind;
use super::{DEEPEST, Tagger, Word};
use crate::source::Span;
use crate::syntax::error;
use crate::syntax::token::{Spanned, Token};

impl Tagger<'_> {
    pub(super) fn semicolon(&mut self, raw: Spanned) {
        if self.frame().is_expression() {
            if self.is_between_entries() {
                self.error(
                    error::semicolon_in_task(self.source, Span::new(raw.start, raw.end)),
                    false,
                );
                self.at += 1;
                return;
            }
            self.close_brackets(raw);
            if self.block_due {
                self.block_missing(raw);
            }
        }
        self.take(raw, Token::Semicolon, false);
        self.begin();
        self.close_singles(false);
    }

    pub(super) fn comma(&mut self, raw: Spanned) {
        if self.is_between_entries() {
            self.error(error::comma_in_task(self.source, Span::new(raw.start, raw.end)), false);
            self.at += 1;
            return;
        }
        if self.frame() == FrameKind::Head {
            self.mark_comma();
        }
        self.take(raw, Token::Comma, false);
    }

    /// Whether the sign at hand stands between two entries of a task or an insert, or behind the last one.
    fn is_between_entries(&self) -> bool {
        let next_entry = match self.frame() {
            FrameKind::Task => {
                let label = matches!(self.peek_word(1), Some(Word::File | Word::Rendered))
                    && self.peek(2) == Some(Token::Colon);
                self.key_length(1).is_some() && !label
            }
            FrameKind::Insert => self.is_insert_field(1),
            _ => return false,
        };
        self.ended && (next_entry || self.peek(1) == Some(Token::CloseBracket))
    }

    /// `:`; with `ui` behind it the control of a Creator field.
    pub(super) fn colon(&mut self, raw: Spanned) {
        let control = self.previous() == Some(Token::Name)
            && self.peek_word(1) == Some(Word::Ui)
            && matches!(self.peek(2), Some(Token::Dot) | None);
        if control {
            self.merge(raw, 1, Token::Ui);
            self.ended = true;
        } else {
            self.take(raw, Token::Colon, false);
        }
    }

    /// `=` assigns once a statement, outside all brackets, and in the fields of an insert. Elsewhere it compares.
    pub(super) fn equals(&mut self, raw: Spanned) {
        let assigns = match self.frame() {
            FrameKind::Block => !std::mem::replace(&mut self.assigned, true),
            FrameKind::Insert => !self.ended,
            _ => false,
        };
        if assigns {
            return self.take(raw, Token::Assign, false);
        }
        self.error(
            error::equals_compares(self.source, Span::new(raw.start, raw.end)),
            false,
        );
        self.take(raw, Token::EqualSign, false);
    }

    /// `+`, `-` and `!`; two `+` or `-` without an operand behind them are the increment of other languages.
    pub(super) fn maybe_prefix(&mut self, raw: Spanned) {
        if raw.token != Token::Not && self.is_increment(raw) {
            self.merge(raw, 1, Token::Bad);
            self.ended = true;
        } else if self.ended {
            self.take(raw, raw.token, false);
        } else {
            self.prefix(raw, raw.token);
        }
    }

    fn is_increment(&self, raw: Spanned) -> bool {
        let twice = self
            .raw
            .get(self.at + 1)
            .is_some_and(|next| next.token == raw.token && next.start == raw.end);
        let operand = matches!(
            self.peek(2),
            Some(Token::Word | Token::Integer | Token::Decimal | Token::Text | Token::Quoted | Token::OpenParen)
        );
        twice && (self.ended && !operand && !self.ends(2) || self.starts && self.peek(2) == Some(Token::Word))
    }

    pub(super) fn prefix(&mut self, raw: Spanned, token: Token) {
        self.prefixes += 1;
        if self.prefixes > DEEPEST {
            return self.stop_too_deep(raw);
        }
        self.take(raw, token, false);
    }
}
