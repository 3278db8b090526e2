//! The kinds of token, what each is called in a message, and how each is coloured.
//!
//! One enum serves two stages. The lexer produces the first group, in which every word is just a [`Token::Word`]; the
//! tagger replaces words and ambiguous signs by the second group, which the grammar reads. A token carries no text:
//! the script has it, under the token's span.

use logos::Logos;

use super::lexer::{Texts, comment, text};

/// A kind of token. The last group stands alone in the grammar's `extern` block, under the names of [`Token::name`].
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
    Type,
    Container,
}

impl Token {
    /// What the token is called in a message. The grammar uses the same names for its terminals.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Word | Self::Name => "a name",
            Self::UnclosedComment => "a comment",
            Self::Integer => "a number",
            Self::Decimal => "a decimal",
            Self::Text | Self::UnclosedText => "a text",
            Self::Quoted => "a quoted text",
            Self::Bad => "an unknown sign",
            Self::FieldCommand => "a field command",
            Self::Alert => "a message command",
            Self::Criterion => "a criterion",
            Self::TaskName => "a task",
            Self::Key => "a key",
            Self::Label => "a label",
            Self::Type => "a type",
            Self::Container => "a container",
            Self::Index => "index",
            other => other.sign(),
        }
    }

    /// The one spelling of the tokens that have one; where two tokens share a sign, a word tells them apart.
    const fn sign(self) -> &'static str {
        match self {
            Self::OpenParen => "(",
            Self::CloseParen => ")",
            Self::OpenList => "[ of a list",
            Self::OpenIndex => "[ behind a value",
            Self::OpenTask => "[ of a task",
            Self::OpenInsert => "[ of insert",
            Self::Bracket => "[",
            Self::CloseBracket => "]",
            Self::Brace | Self::OpenBlock => "{",
            Self::Unbrace | Self::CloseBlock => "}",
            Self::OpenBrace => "{ of a literal",
            Self::CloseBrace => "} of a literal",
            Self::Comma => ",",
            Self::Semicolon => ";",
            Self::Colon => ":",
            Self::Dot => ".",
            Self::Assign => "=",
            Self::AddAssign => "+=",
            Self::SubtractAssign => "-=",
            Self::MultiplyAssign => "*=",
            Self::DivideAssign => "/=",
            Self::RemainderAssign => "%=",
            Self::Ui => ":ui",
            other => other.operator(),
        }
    }

    /// The spelling of operators and of words.
    const fn operator(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Star => "*",
            Self::Slash => "/",
            Self::Percent => "%",
            Self::Equal => "==",
            Self::EqualSign => "= that compares",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::And => "&&",
            Self::Or => "||",
            Self::Not => "!",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Is => "is",
            Self::IsNot => "is not",
            other => other.word(),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::False => "false",
            Self::Null => "null",
            Self::If => "if",
            Self::Else => "else",
            Self::ForEach => "for each",
            Self::While => "while",
            Self::Try => "try",
            Self::Catch => "catch",
            Self::Return => "return",
            Self::Info => "info",
            Self::Throw => "throw",
            Self::Break => "break",
            Self::Continue => "continue",
            Self::Cancel => "cancel",
            Self::DeleteFrom => "delete from",
            Self::InsertInto => "insert into",
            Self::SortBy => "sort by",
            Self::RangeFrom => "range from",
            Self::To => "to",
            Self::Ascending => "asc",
            Self::Descending => "desc",
            _ => "a token",
        }
    }
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
    /// The name of a task block, or a key or label inside one.
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
            Self::TaskName | Self::Key | Self::Label => Class::Task,
            Self::Type | Self::Container => Class::Type,
            Self::Bad => Class::Bad,
            _ if self as u8 >= Self::In as u8 && !matches!(self, Self::Ui) => Class::Keyword,
            _ => Class::Sign,
        }
    }
}

/// Every kind of token.
#[cfg(test)]
pub(super) const ALL: &[Token] = &[
    Token::Word,
    Token::UnclosedComment,
    Token::UnclosedText,
    Token::Brace,
    Token::Bracket,
    Token::Unbrace,
    Token::Integer,
    Token::Decimal,
    Token::Text,
    Token::Quoted,
    Token::OpenParen,
    Token::CloseParen,
    Token::CloseBracket,
    Token::Comma,
    Token::Semicolon,
    Token::Colon,
    Token::Dot,
    Token::Assign,
    Token::AddAssign,
    Token::SubtractAssign,
    Token::MultiplyAssign,
    Token::DivideAssign,
    Token::RemainderAssign,
    Token::Plus,
    Token::Minus,
    Token::Star,
    Token::Slash,
    Token::Percent,
    Token::Equal,
    Token::NotEqual,
    Token::Less,
    Token::LessEqual,
    Token::Greater,
    Token::GreaterEqual,
    Token::And,
    Token::Or,
    Token::Not,
    Token::Bad,
    Token::Name,
    Token::OpenBlock,
    Token::CloseBlock,
    Token::OpenBrace,
    Token::CloseBrace,
    Token::OpenList,
    Token::OpenIndex,
    Token::OpenTask,
    Token::OpenInsert,
    Token::EqualSign,
    Token::In,
    Token::NotIn,
    Token::Is,
    Token::IsNot,
    Token::Criterion,
    Token::True,
    Token::False,
    Token::Null,
    Token::If,
    Token::Else,
    Token::ForEach,
    Token::Index,
    Token::While,
    Token::Try,
    Token::Catch,
    Token::Return,
    Token::Info,
    Token::Throw,
    Token::Break,
    Token::Continue,
    Token::FieldCommand,
    Token::Alert,
    Token::Cancel,
    Token::DeleteFrom,
    Token::InsertInto,
    Token::SortBy,
    Token::RangeFrom,
    Token::To,
    Token::Ascending,
    Token::Descending,
    Token::Ui,
    Token::TaskName,
    Token::Key,
    Token::Label,
    Token::Type,
    Token::Container,
];
