//! The types of Deluge and what they are called.

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// `null`
    Null,
    /// BOOLEAN
    Boolean,
    /// NUMBER, a 64-bit integer.
    Number,
    /// DECIMAL, exact or an IEEE double.
    Decimal,
    /// TEXT
    Text,
    /// DATE: a DATE-TIME that prints without a time.
    Date,
    /// DATE-TIME
    DateTime,
    /// LIST
    List,
    /// KEY-VALUE
    Map,
    /// COLLECTION
    Collection,
    /// `{}` before its first use.
    Empty,
    /// FILE
    File,
    /// What `catch` caught.
    Caught,
}

impl Kind {
    /// How many kinds there are.
    pub const COUNT: usize = Self::ALL.len();

    /// Every kind, in the order of the discriminants.
    pub const ALL: [Self; 13] = [
        Self::Null,
        Self::Boolean,
        Self::Number,
        Self::Decimal,
        Self::Text,
        Self::Date,
        Self::DateTime,
        Self::List,
        Self::Map,
        Self::Collection,
        Self::Empty,
        Self::File,
        Self::Caught,
    ];

    /// The name in messages and documentation, as Zoho's help pages write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "BOOLEAN",
            Self::Number => "NUMBER",
            Self::Decimal => "DECIMAL",
            Self::Text => "TEXT",
            Self::Date => "DATE",
            Self::DateTime => "DATE-TIME",
            Self::List => "LIST",
            Self::Map => "KEY-VALUE",
            Self::Collection => "COLLECTION",
            Self::Empty => "empty container",
            Self::File => "FILE",
            Self::Caught => "error",
        }
    }

    /// What a value of it is called in signatures: `map.put(key, value)`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Decimal => "decimal",
            Self::Text => "text",
            Self::Date => "date",
            Self::DateTime => "dateTime",
            Self::List => "list",
            Self::Map => "map",
            Self::Collection => "collection",
            Self::Empty => "empty",
            Self::File => "file",
            Self::Caught => "error",
        }
    }

    /// The name in Zoho's errors about operators, where it differs (creator/newhelp/script/operators.html).
    pub const fn operand_name(self) -> &'static str {
        match self {
            Self::Date | Self::DateTime => "TIMESTAMP",
            Self::Number => "BIGINT",
            Self::Map => "MAP",
            kind => kind.name(),
        }
    }
}
