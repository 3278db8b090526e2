//! The kinds of token, and how each is coloured.
//!
//! One enum serves two stages. The lexer produces the first group, in which every word is just a [`Token::Word`]; the
//! tagger replaces words and ambiguous signs by the second group, which the grammar reads. A token carries no text:
//! the script has it, under the token's span. What a token is called in a message is said once, in the `extern` block at
//! the end of `grammar/deluge.lalrpop`; [`super::error`] cuts lists of those names down to classes.

use logos::Logos;

use super::lexer::{Texts, comment, text};

/// A kind of token.
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
#[logos(skip r"[ \t\r\n\x0B\f\u{FEFF}\u{200B}\u{A0}]+", extras = Texts)]
#[repr(u8)]
pub(super) enum Token {
    // Only before tagging.
    #[regex("[A-Za-z_][A-Za-z0-9_]*")]
    Word,
    /// A closed comment is put aside by the lexer and never becomes a token.
    #[token("//", comment)]
    #[token("/*", comment)]
    UnclosedComment,
    UnclosedText,
    #[token("{")]
    Brace,
    #[token("[")]
    Bracket,
    #[token("}")]
    Unbrace,

    // Before and after.
    #[regex("[0-9]+")]
    Integer,
    #[regex(r"[0-9]*\.[0-9]+")]
    Decimal,
    #[token("\"", text)]
    Text,
    #[token("'", text)]
    Quoted,
    #[token("(")]
    OpenParen,
    #[token(")")]
    CloseParen,
    #[token("]")]
    CloseBracket,
    #[token(",")]
    Comma,
    #[token(";")]
    Semicolon,
    #[token(":")]
    Colon,
    #[token(".")]
    Dot,
    #[token("=")]
    Assign,
    #[token("+=")]
    AddAssign,
    #[token("-=")]
    SubtractAssign,
    #[token("*=")]
    MultiplyAssign,
    #[token("/=")]
    DivideAssign,
    #[token("%=")]
    RemainderAssign,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("%")]
    Percent,
    #[token("==")]
    Equal,
    #[token("!=")]
    NotEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,
    #[token("&&")]
    And,
    #[token("||")]
    Or,
    #[token("!")]
    Not,
    /// What fits nowhere: a stray character, a sign of another language, a word that begins with a digit.
    #[token("->")]
    #[token("=>")]
    #[token("===")]
    #[token("!==")]
    #[token("??")]
    #[regex(r"[0-9]+[A-Za-z_][A-Za-z0-9_]*")]
    #[regex(r"[0-9]*\.[0-9]+[A-Za-z_][A-Za-z0-9_]*")]
    Bad,

    // Only after tagging.
    Name,
    OpenBlock,
    CloseBlock,
    OpenBrace,
    CloseBrace,
    OpenList,
    OpenIndex,
    OpenTask,
    OpenInsert,
    EqualSign,
    In,
    NotIn,
    Is,
    IsNot,
    Criterion,
    True,
    False,
    Null,
    If,
    Else,
    ForEach,
    Index,
    While,
    Try,
    Catch,
    Return,
    Info,
    Throw,
    Break,
    Continue,
    FieldCommand,
    Alert,
    Cancel,
    DeleteFrom,
    InsertInto,
    SortBy,
    RangeFrom,
    To,
    Ascending,
    Descending,
    Ui,
    TaskName,
    Key,
    Label,
    Rendered,
    Type,
    Container,
}

/// A token and where it stands. Twelve bytes, so that a script of ten megabytes stays small in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spanned {
    pub(super) token: Token,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// What a stretch of text is, for colouring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `if`, `return`, `info` and other words of the language where they act as such.
    Keyword,
    /// `true`, `false`, `null`.
    Constant,
    /// The name of a task block, or a key, a label or a template to attach inside one.
    Task,
    /// The name of a function or method that is called.
    Call,
    /// A type in a function's header, or a typed container.
    Type,
    /// Any other name.
    Name,
    /// A text in double or single quotes.
    Text,
    /// A number.
    Number,
    /// A comment.
    Comment,
    /// An operator or a sign of punctuation.
    Sign,
    /// What Deluge does not know.
    Bad,
}

impl Token {
    /// How the token is coloured.
    pub(super) const fn class(self) -> Class {
        match self {
            Self::Integer | Self::Decimal => Class::Number,
            Self::Text | Self::Quoted | Self::UnclosedText => Class::Text,
            Self::UnclosedComment => Class::Comment,
            Self::Name | Self::Word => Class::Name,
            Self::True | Self::False | Self::Null => Class::Constant,
            Self::TaskName | Self::Key | Self::Label | Self::Rendered => Class::Task,
            Self::Type | Self::Container => Class::Type,
            Self::Bad => Class::Bad,
            _ if self as u8 >= Self::In as u8 && !matches!(self, Self::Ui) => Class::Keyword,
            _ => Class::Sign,
        }
    }
}
