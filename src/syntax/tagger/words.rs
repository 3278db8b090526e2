//! The words that can mean something to the language, looked up without regard to case.

/// What a word may be, where it stands right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Any other word.
    Plain,
    True,
    False,
    Null,
    If,
    Else,
    For,
    Each,
    In,
    Return,
    Try,
    Catch,
    Break,
    Continue,
    While,
    Index,
    Info,
    Throw,
    Alert,
    Success,
    Message,
    Cancel,
    Submit,
    Delete,
    Insert,
    Into,
    From,
    Sort,
    Range,
    By,
    To,
    Ascending,
    Descending,
    And,
    Or,
    Not,
    Is,
    /// `contains`, `like`, ...: an operator of Creator criteria.
    Criterion,
    /// `hide`, `show`, `enable`, `disable`, `clear`.
    FieldCommand,
    Reload,
    Ui,
    File,
    /// `template`, `view`: what a mail may attach besides files.
    Rendered,
    As,
    /// `invokeurl` and the other words that open a task block whatever stands inside.
    Task,
    /// `list`, `map`, `collection`: a type, and a container that may be typed.
    Container,
    /// The other built-in types.
    Type,
}

/// The shortest and the longest word of the table, in bytes.
const SHORTEST: usize = 2;
const LONGEST: usize = 16;

/// Looks a word up.
pub(super) fn find(word: &str) -> Word {
    let bytes = word.as_bytes();
    let mut folded = [0_u8; LONGEST];
    let Some(folded) = folded.get_mut(..bytes.len()).filter(|word| word.len() >= SHORTEST) else {
        return Word::Plain;
    };
    for (to, from) in folded.iter_mut().zip(bytes) {
        *to = from.to_ascii_lowercase();
    }
    match &*folded {
        b"true" => Word::True,
        b"false" => Word::False,
        b"null" => Word::Null,
        b"if" => Word::If,
        b"else" => Word::Else,
        b"for" => Word::For,
        b"each" => Word::Each,
        b"in" => Word::In,
        b"return" => Word::Return,
        b"try" => Word::Try,
        b"catch" => Word::Catch,
        b"break" => Word::Break,
        b"continue" => Word::Continue,
        b"while" => Word::While,
        b"index" => Word::Index,
        b"info" => Word::Info,
        b"throw" => Word::Throw,
        b"alert" => Word::Alert,
        b"success" => Word::Success,
        b"message" => Word::Message,
        b"cancel" => Word::Cancel,
        b"submit" => Word::Submit,
        b"delete" => Word::Delete,
        b"insert" => Word::Insert,
        b"into" => Word::Into,
        b"from" => Word::From,
        b"sort" => Word::Sort,
        b"range" => Word::Range,
        b"by" => Word::By,
        b"to" => Word::To,
        b"asc" => Word::Ascending,
        b"desc" => Word::Descending,
        b"and" => Word::And,
        b"or" => Word::Or,
        b"not" => Word::Not,
        b"is" => Word::Is,
        b"like" | b"contains" | b"startswith" | b"endswith" => Word::Criterion,
        b"hide" | b"show" | b"enable" | b"disable" | b"clear" => Word::FieldCommand,
        b"reload" => Word::Reload,
        b"ui" => Word::Ui,
        b"file" => Word::File,
        b"template" | b"view" => Word::Rendered,
        b"as" => Word::As,
        b"invokeurl" | b"invokeapi" | b"sendmail" | b"sendsms" | b"pushnotification" => Word::Task,
        b"list" | b"map" | b"collection" => Word::Container,
        b"void" | b"string" | b"text" | b"int" | b"integer" | b"number" | b"bigint" | b"long" | b"float"
        | b"double" | b"decimal" | b"bool" | b"boolean" | b"date" | b"datetime" | b"time" | b"timestamp" => Word::Type,
        _ => Word::Plain,
    }
}

impl Word {
    /// Whether the word names a built-in type.
    pub(super) const fn is_type(self) -> bool {
        matches!(self, Self::Container | Self::Type | Self::File)
    }

    /// Whether a statement may begin with the word, so that on a line of its own it shows that the one before has ended.
    pub(super) const fn begins_statement(self) -> bool {
        matches!(
            self,
            Self::If | Self::For | Self::Return | Self::Try | Self::Break | Self::Continue | Self::While | Self::Info
        ) || matches!(
            self,
            Self::Throw | Self::Alert | Self::Cancel | Self::FieldCommand | Self::Else | Self::Delete
        )
    }
}
