//! Words: commands, headers, keys, operators that are words, and plain names.

use super::brackets::FrameKind;
use super::{Head, Tagger, Word};
use crate::source::Span;
use crate::syntax::error;
use crate::syntax::token::{Spanned, Token};

impl Tagger<'_> {
    /// A word, for what it is where it stands.
    pub(super) fn word(&mut self, raw: Spanned) {
        if self.previous() == Some(Token::Dot) {
            return self.operand(raw, Token::Name);
        }
        match self.frame() {
            FrameKind::Task if self.task_word(raw) => return,
            FrameKind::Insert if self.insert_field(raw) => return,
            _ => {}
        }
        let word = self.find(raw);
        if self.ended {
            self.word_behind_operand(raw, word);
        } else if self.starts {
            self.word_at_start(raw, word);
        } else {
            self.word_as_operand(raw, word);
        }
    }

    // ---- At the start of a statement ----

    pub(super) fn word_at_start(&mut self, raw: Spanned, word: Word) {
        self.begun = self.tokens.len();
        match word {
            Word::If => self.head_word(raw, Token::If),
            Word::While if self.peek(1) == Some(Token::OpenParen) => self.head_word(raw, Token::While),
            Word::Catch => {
                self.head_word(raw, Token::Catch);
                self.block_due = self.peek(0) == Some(Token::Brace);
            }
            Word::Else => self.else_word(raw),
            Word::Try if matches!(self.peek(1), Some(Token::Brace) | None) => {
                self.take(raw, Token::Try, false);
                self.block_due = true;
            }
            Word::For => self.for_word(raw),
            Word::Return => self.command(raw, 0, Token::Return),
            Word::Break => self.command(raw, 0, Token::Break),
            Word::Continue => self.command(raw, 0, Token::Continue),
            Word::Info if self.is_command() => self.command(raw, 0, Token::Info),
            Word::Throw if self.is_command() => self.command(raw, 0, Token::Throw),
            Word::Alert if self.is_command() && self.peek(1) != Some(Token::OpenParen) => {
                self.command(raw, 0, Token::Alert)
            }
            Word::Success if self.peek_word(1) == Some(Word::Message) => self.command(raw, 1, Token::Alert),
            Word::Cancel if matches!(self.peek_word(1), Some(Word::Submit | Word::Delete)) => {
                self.command(raw, 1, Token::Cancel);
            }
            Word::Delete if self.peek_word(1) == Some(Word::From) => self.command(raw, 1, Token::DeleteFrom),
            Word::FieldCommand if self.peek(1) == Some(Token::Word) => self.command(raw, 0, Token::FieldCommand),
            Word::Reload if matches!(self.peek(1), Some(Token::Word | Token::Semicolon)) => {
                self.command(raw, 0, Token::FieldCommand);
            }
            _ if self.frames.is_empty() && self.header(word) => {}
            _ => self.word_as_operand(raw, word),
        }
    }

    /// `info`, `throw` and `alert` are variables where something is assigned to them or read from them.
    fn is_command(&self) -> bool {
        !matches!(
            self.peek(1),
            Some(
                Token::Assign
                    | Token::AddAssign
                    | Token::SubtractAssign
                    | Token::MultiplyAssign
                    | Token::DivideAssign
                    | Token::RemainderAssign
                    | Token::Dot
            )
        )
    }

    /// A command of one word, or of `more` further ones. What follows is a value, so that `=` in it compares.
    fn command(&mut self, raw: Spanned, more: usize, token: Token) {
        self.merge(raw, more, token);
        self.assigned = true;
    }

    fn head_word(&mut self, raw: Spanned, token: Token) {
        self.take(raw, token, false);
        self.head = Head::Parenthesis;
    }

    fn else_word(&mut self, raw: Spanned) {
        // The `if` before had no braces either, which was told.
        self.quiet |= self
            .tokens
            .last()
            .is_some_and(|last| last.token == Token::CloseBlock && last.start == last.end);
        self.take(raw, Token::Else, false);
        if self.peek_word(0) == Some(Word::If) {
            self.starts = true;
        } else {
            self.block_due = true;
        }
    }

    /// `for each`, and what people of other languages write instead.
    fn for_word(&mut self, raw: Spanned) {
        match (self.peek_word(1), self.peek(1)) {
            (Some(Word::Each), _) => self.merge(raw, 1, Token::ForEach),
            (_, Some(Token::OpenParen)) => {
                self.error(
                    error::for_without_each(self.source, Span::new(raw.start, raw.end)),
                    false,
                );
                self.at += 1;
                self.skip_parentheses();
                self.quiet = true;
                self.block_due = true;
                return;
            }
            (Some(_), _) if self.peek_word(2) == Some(Word::In) => {
                self.error(
                    error::for_without_each(self.source, Span::new(raw.start, raw.end)),
                    false,
                );
                self.take(raw, Token::ForEach, false);
            }
            _ => self.take(raw, Token::ForEach, false),
        }
        self.assigned = true;
        if self.peek_word(0) == Some(Word::Index) && !matches!(self.peek_word(1), Some(Word::In)) {
            let index = self.raw[self.at];
            self.take(index, Token::Index, false);
        }
        if let Some(variable) = self.raw(self.at).filter(|next| next.token == Token::Word) {
            self.take(variable, Token::Name, true);
        }
        self.head = Head::ForEach;
    }

    /// Passes over `( ... )`, stopping where a block or the text ends first.
    fn skip_parentheses(&mut self) {
        let mut depth = 0_usize;
        while let Some(raw) = self.raw(self.at) {
            match raw.token {
                Token::Brace if self.literal_length().is_some() => self.at += self.literal_length().unwrap_or(0),
                Token::OpenParen => depth += 1,
                Token::CloseParen if depth <= 1 => {
                    self.at += 1;
                    return;
                }
                Token::CloseParen => depth -= 1,
                Token::Brace | Token::Unbrace => return,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// How far on the brace is that closes the one at hand, where it holds no statement.
    fn literal_length(&self) -> Option<usize> {
        let rest = self.raw.get(self.at + 1..)?;
        let end = rest
            .iter()
            .position(|raw| matches!(raw.token, Token::Brace | Token::Unbrace | Token::Semicolon))?;
        (rest[end].token == Token::Unbrace).then_some(end + 1)
    }

    /// Whether a word is the `then` of other languages, where a block has to begin.
    pub(super) fn is_then(&self, raw: Spanned) -> bool {
        raw.token == Token::Word
            && self.slice(raw).eq_ignore_ascii_case("then")
            && !matches!(self.peek(1), Some(Token::Assign | Token::Dot | Token::OpenParen))
    }

    pub(super) fn then(&mut self, raw: Spanned) {
        self.error(error::then_word(self.source, Span::new(raw.start, raw.end)), false);
        self.quiet = true;
        self.at += 1;
    }

    // ---- Function headers ----

    /// Tags a function's header, told by its shape: `TYPE name.name(TYPE name, ...) {`. A built-in type word is enough
    /// to take an unfinished or slightly wrong one for a header.
    fn header(&mut self, word: Word) -> bool {
        let mut ahead = 1;
        if self.peek(ahead) == Some(Token::Colon) && self.peek(ahead + 1) == Some(Token::Word) {
            ahead += 2;
        }
        let path = ahead;
        loop {
            match self.peek(ahead) {
                Some(Token::Word) => ahead += 1,
                other => return self.unfinished_header(word, path, other.is_none()),
            }
            match self.peek(ahead) {
                Some(Token::Dot) => ahead += 1,
                Some(Token::OpenParen) => break,
                other => return self.unfinished_header(word, path, other.is_none()),
            }
        }
        let mut closed = ahead + 1;
        while matches!(
            self.peek(closed),
            Some(Token::Word | Token::Colon | Token::Comma | Token::Dot)
        ) {
            closed += 1;
        }
        let close = self.peek(closed);
        let block = close == Some(Token::CloseParen) && self.peek(closed + 1) == Some(Token::Brace);
        let hopeful = word.is_type() && (close.is_none() || close == Some(Token::CloseParen));
        if !block && !hopeful {
            return false;
        }
        self.tag_header(path, closed);
        true
    }

    /// Whether a header breaks off with the text. A type word alone may still become a name.
    fn unfinished_header(&mut self, word: Word, path: usize, ends: bool) -> bool {
        if !ends || !word.is_type() || self.ends(path) {
            return false;
        }
        let all = self.raw.len() - self.at;
        self.tag_header(path, all);
        true
    }

    /// Writes the header's tokens: the type before `path`, the name, and the parameters up to `close`.
    fn tag_header(&mut self, path: usize, close: usize) {
        let base = self.at;
        if let (Some(first), Some(name)) = (self.raw.get(base), self.raw.get(base + path))
            && error::foreign::begins_function(self.slice(*first))
        {
            let at = Span::new(first.start, first.end);
            let told = error::function_word(self.source, at, self.slice(*first), self.slice(*name));
            self.error(told, false);
        }
        for index in 0..=close {
            let Some(raw) = self.raw(base + index) else {
                break;
            };
            let token = match (raw.token, self.previous()) {
                (Token::Word, _) if index < path => Token::Type,
                (Token::Word, Some(Token::OpenParen | Token::Comma | Token::Colon)) => Token::Type,
                (Token::Word, _) => Token::Name,
                (other, _) => other,
            };
            self.take(raw, token, false);
        }
        self.block_due = self.previous() == Some(Token::CloseParen);
    }

    // ---- Behind an operand ----

    /// No two operands stand side by side, so a word here is an operator, or begins something new.
    fn word_behind_operand(&mut self, raw: Spanned, word: Word) {
        let next = self.peek_word(1);
        match word {
            Word::And => self.take(raw, Token::And, false),
            Word::Or => self.take(raw, Token::Or, false),
            Word::In => self.take(raw, Token::In, false),
            Word::Not if next == Some(Word::In) => self.merge(raw, 1, Token::NotIn),
            Word::Not if self.ends(1) => self.take(raw, Token::NotIn, false),
            Word::Is if next == Some(Word::Not) => self.merge(raw, 1, Token::IsNot),
            Word::Is => self.take(raw, Token::Is, false),
            Word::Criterion => self.take(raw, Token::Criterion, false),
            Word::Sort if next == Some(Word::By) || self.ends(1) => {
                self.merge(raw, 1, Token::SortBy);
                self.sorting = true;
            }
            Word::Range if next == Some(Word::From) || self.ends(1) => {
                self.merge(raw, 1, Token::RangeFrom);
                self.ranging = true;
            }
            Word::To if self.ranging => {
                self.take(raw, Token::To, false);
                self.ranging = false;
            }
            Word::Ascending if self.sorting => self.take(raw, Token::Ascending, true),
            Word::Descending if self.sorting => self.take(raw, Token::Descending, true),
            _ => self.side_by_side(raw, word),
        }
    }

    /// A word right behind an operand: the statement before has lost its semicolon, or a bracket its closer, or the two
    /// words are an error that the parser reports.
    fn side_by_side(&mut self, raw: Spanned, word: Word) {
        let new_line = self.on_new_line(raw);
        let assigns = self.peek(1) == Some(Token::Assign);
        if !self.frame().is_expression() && !(self.head == Head::ForEach) {
            let declares = assigns || self.peek(1) == Some(Token::Semicolon) && self.is_type_before();
            if !new_line && declares && self.is_declaration() {
                return self.declaration(raw, word);
            }
            if new_line || assigns {
                self.end_statement();
                return self.word_at_start(raw, word);
            }
        } else if new_line && (assigns || self.begins_statement(word)) {
            self.close_brackets(raw);
            if self.block_due {
                self.block_missing(raw);
            } else {
                self.invent(Token::Semicolon);
                self.begin();
            }
            return self.step(raw);
        }
        self.word_as_operand(raw, word);
    }

    fn begins_statement(&self, word: Word) -> bool {
        word.begins_statement() && self.is_command() && self.peek(1) != Some(Token::Colon)
    }

    /// Whether the statement so far is one name, so that `a b =` reads as a declaration with a type.
    fn is_declaration(&self) -> bool {
        self.tokens.len() == self.begun + 1 && self.previous() == Some(Token::Name)
    }

    fn is_type_before(&self) -> bool {
        self.tokens.last().is_some_and(|last| self.find(*last).is_type())
    }

    fn declaration(&mut self, raw: Spanned, word: Word) {
        if let Some(of) = self.tokens.pop() {
            self.error(
                error::declaration(self.source, Span::new(of.start, of.end), self.slice(raw)),
                false,
            );
        }
        self.starts = true;
        self.word_at_start(raw, word);
    }

    // ---- As an operand ----

    pub(super) fn word_as_operand(&mut self, raw: Spanned, word: Word) {
        match word {
            Word::True => self.operand(raw, Token::True),
            Word::False => self.operand(raw, Token::False),
            Word::Null => self.operand(raw, Token::Null),
            Word::If => self.take(raw, Token::If, false),
            Word::Else => self.reserved(raw, Token::Else),
            Word::For => self.reserved(raw, Token::ForEach),
            Word::Return => self.reserved(raw, Token::Return),
            Word::Break => self.reserved(raw, Token::Break),
            Word::Continue => self.reserved(raw, Token::Continue),
            Word::Catch => self.reserved(raw, Token::Catch),
            Word::In => self.take(raw, Token::In, false),
            Word::Not if self.is_prefix() => self.prefix(raw, Token::Not),
            Word::Insert if self.peek_word(1) == Some(Word::Into) => self.insert_into(raw),
            Word::Container if self.is_typed(0) => self.take(raw, Token::Container, false),
            _ if self.is_task(word) => self.task_name(raw),
            Word::Task if self.key_length(1).is_some() => self.task_without_bracket(raw),
            _ => self.operand(raw, Token::Name),
        }
    }

    /// A reserved word where a value should stand.
    fn reserved(&mut self, raw: Spanned, token: Token) {
        self.take(raw, token, false);
        self.lost = true;
    }

    /// Whether `not` stands before an operand; else it is a variable.
    fn is_prefix(&self) -> bool {
        match self.peek(1) {
            Some(Token::Word) => !matches!(self.peek_word(1), Some(Word::In | Word::And | Word::Or | Word::Is)),
            Some(next) => matches!(
                next,
                Token::OpenParen | Token::Text | Token::Quoted | Token::Integer | Token::Decimal | Token::Not
            ),
            None => false,
        }
    }

    /// `List:String(`, `ahead` places on: a typed container, as far as the text goes.
    fn is_typed(&self, ahead: usize) -> bool {
        self.peek_word(ahead) == Some(Word::Container)
            && self.peek(ahead + 1) == Some(Token::Colon)
            && (self.ends(ahead + 2)
                || self.peek_word(ahead + 2).is_some_and(Word::is_type)
                    && matches!(self.peek(ahead + 3), Some(Token::OpenParen) | None))
    }

    /// A known task before a bracket, or any word before a bracket that begins with a key.
    fn is_task(&self, word: Word) -> bool {
        let begins_with_key = || self.key_length(2).is_some() && !self.is_typed(2);
        self.peek(1) == Some(Token::Bracket) && (word == Word::Task || begins_with_key())
    }

    fn task_name(&mut self, raw: Spanned) {
        let begins = self.starts || self.tokens.len() == self.begun;
        self.take(raw, Token::TaskName, false);
        let bracket = self.raw[self.at];
        self.open(bracket, Token::OpenTask, FrameKind::Task);
        self.mark_frame(begins);
    }

    /// `invokeurl url : ...`: the bracket is put in, and what its absence leads to is not told.
    fn task_without_bracket(&mut self, raw: Spanned) {
        let task = self.slice(raw);
        self.error(
            error::task_without_bracket(self.source, Span::new(raw.start, raw.end), task),
            false,
        );
        let begins = self.starts || self.tokens.len() == self.begun;
        self.take(raw, Token::TaskName, false);
        self.open_invented_task();
        self.mark_frame(begins);
        self.quiet = true;
    }

    /// `insert into F [`: the form may be called anything.
    fn insert_into(&mut self, raw: Spanned) {
        let begins = self.starts || self.tokens.len() == self.begun;
        self.merge(raw, 1, Token::InsertInto);
        if let Some(form) = self.raw(self.at).filter(|next| next.token == Token::Word) {
            self.take(form, Token::Name, false);
            if self.peek(0) == Some(Token::Bracket) {
                let bracket = self.raw[self.at];
                self.open(bracket, Token::OpenInsert, FrameKind::Insert);
                self.mark_frame(begins);
            }
        }
    }

    // ---- In a task block ----

    /// How many tokens a key and its colon take, `ahead` places on: `url :`, `reply to :`, `content-type :`. The words of a key
    /// stand on one line: in `to :a, b` the `b` is no part of a key on the next line. `a - List:Int(...)` subtracts.
    pub(super) fn key_length(&self, ahead: usize) -> Option<usize> {
        let mut length = 0;
        loop {
            if self.peek(ahead + length) != Some(Token::Word) || length > 6 {
                return None;
            }
            length += 1;
            match self.peek(ahead + length) {
                Some(Token::Colon) => {
                    let subtracts = length > 1 && self.peek(ahead + length - 2) == Some(Token::Minus);
                    let typed = self.peek_word(ahead + length - 1) == Some(Word::Container);
                    return (!subtracts || !typed).then_some(length + 1);
                }
                Some(Token::Minus) => length += 1,
                Some(Token::Word) if !self.breaks_line(ahead + length) => {}
                _ => return None,
            }
        }
    }

    /// Whether the text ends inside what may become a key.
    fn key_is_cut_off(&self) -> bool {
        let rest = self.raw.get(self.at..).unwrap_or_default();
        self.ends(5) && rest.iter().all(|raw| matches!(raw.token, Token::Word | Token::Minus))
    }

    /// How many words and signs further on `template : T as PDF` ends, where it begins at the word at hand; without its
    /// `as` it is no such thing. A record of another form (`: Form id`) and criteria of a report may stand in it.
    fn rendered_length(&self) -> Option<usize> {
        const FARTHEST: usize = 100;
        let mut depth = 0_usize;
        for ahead in 2..FARTHEST {
            match self.peek(ahead)? {
                Token::Bracket | Token::OpenParen => depth += 1,
                Token::CloseBracket | Token::CloseParen => depth = depth.checked_sub(1)?,
                Token::Semicolon | Token::Comma if depth == 0 => return None,
                Token::Word if depth == 0 && self.peek_word(ahead) == Some(Word::As) => {
                    return (self.peek(ahead + 1) == Some(Token::Word)).then_some(ahead + 1);
                }
                _ => {}
            }
        }
        None
    }

    /// A key where one may stand, the label `file :` of a value, or a template to attach.
    fn task_word(&mut self, raw: Spanned) -> bool {
        let previous = self.previous();
        if matches!(previous, Some(Token::Key | Token::Comma)) {
            if self.find(raw) == Word::File && self.peek(1) == Some(Token::Colon) {
                self.merge(raw, 1, Token::Label);
                return true;
            }
            if self.find(raw) == Word::Rendered
                && self.peek(1) == Some(Token::Colon)
                && let Some(length) = self.rendered_length()
            {
                self.merge(raw, length, Token::Rendered);
                self.ended = true;
                return true;
            }
            // A key without a value: the next line has a key again.
            if previous == Some(Token::Key) && !self.on_new_line(raw) {
                return false;
            }
        } else if !self.ended && previous != Some(Token::OpenTask) {
            return false;
        } else if self.key_is_cut_off() {
            let length = self.raw.len() - self.at;
            self.merge(raw, length - 1, Token::Key);
            return true;
        }
        if let Some(length) = self.key_length(0) {
            self.merge(raw, length - 1, Token::Key);
            return true;
        }
        if self.peek(1) == Some(Token::Assign) && (previous == Some(Token::OpenTask) || self.on_new_line(raw)) {
            let sign = self.raw[self.at + 1];
            self.error(
                error::key_with_equals(self.source, Span::new(sign.start, sign.end)),
                false,
            );
            self.merge(raw, 1, Token::Key);
            return true;
        }
        false
    }

    /// `field =` or `field.part =` where a field of an insert may stand.
    fn insert_field(&mut self, raw: Spanned) -> bool {
        if !self.ended && self.previous() != Some(Token::OpenInsert) || !self.is_insert_field(0) {
            return false;
        }
        self.take(raw, Token::Name, false);
        while self.peek(0) == Some(Token::Dot) {
            let (dot, name) = (self.raw[self.at], self.raw[self.at + 1]);
            self.take(dot, Token::Dot, false);
            self.take(name, Token::Name, false);
        }
        true
    }

    /// Whether a dotted name and `=` stand `ahead` places on.
    pub(super) fn is_insert_field(&self, ahead: usize) -> bool {
        let mut ahead = ahead;
        while self.peek(ahead) == Some(Token::Word) && self.peek(ahead + 1) == Some(Token::Dot) {
            ahead += 2;
        }
        self.peek(ahead) == Some(Token::Word) && self.peek(ahead + 1) == Some(Token::Assign)
    }
}
