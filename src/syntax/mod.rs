//! Text to syntax tree. [`parse`] is the only door.

pub mod ast;
pub mod literal;

/// Which of Zoho's dialects a script is read and run in (`--profile`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Cliq, CRM, Books, Desk and the rest.
    #[default]
    Standard,
    /// Zoho Creator: `||` binds tighter than `&&`, and a few built-ins differ.
    Creator,
}
