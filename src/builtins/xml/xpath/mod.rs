//! XPath 1.0 (W3C Recommendation of 16 November 1999) over the tree of [`super::document`].
//!
//! Names are compared as they are written, prefix included, as the Java behind Deluge does without namespaces.

mod compare;
mod evaluate;
mod function;
mod parse;
mod token;

use std::fmt;

pub(super) use evaluate::{Answer, evaluate};
pub(super) use parse::parse;

/// An expression.
#[derive(Debug, PartialEq)]
pub(super) enum Expression {
    /// `a or b`, `a + b` and their kin.
    Binary(Operator, Box<[Expression; 2]>),
    /// `-a`
    Negated(Box<Expression>),
    /// `"text"`
    Literal(String),
    /// `12.5`
    Number(f64),
    /// `name(arguments)`
    Call(function::Function, Vec<Expression>),
    /// `/a/b[1]`: steps from the root, or from the context node.
    Path { absolute: bool, steps: Vec<Step> },
    /// `(expression)[1]/b`: predicates and steps on what an expression selects.
    Filter {
        base: Box<Expression>,
        predicates: Vec<Expression>,
        steps: Vec<Step>,
    },
}

/// An operator between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Divided,
    Modulo,
    Union,
}

/// One step of a path.
#[derive(Debug, PartialEq)]
pub(super) struct Step {
    axis: Axis,
    test: Test,
    predicates: Vec<Expression>,
}

/// Where a step looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Ancestor,
    AncestorOrSelf,
    Attribute,
    Child,
    Descendant,
    DescendantOrSelf,
    Following,
    FollowingSibling,
    Namespace,
    Parent,
    Preceding,
    PrecedingSibling,
    Itself,
}

/// What a step takes.
#[derive(Debug, PartialEq)]
pub(super) enum Test {
    /// `*`
    Any,
    /// `prefix:*`
    Prefix(String),
    /// `name`
    Name(String),
    /// `node()`
    Node,
    /// `text()`
    Text,
    /// `comment()`
    Comment,
    /// `processing-instruction("target")`
    Instruction(Option<String>),
}

/// Why an expression cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// It is no XPath: at which character, from 1, and what was expected there.
    Malformed(usize, String),
    /// It says something that has no meaning.
    Meaningless(String),
    /// It takes too many steps on this text.
    TooHard,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(at, expected) => write!(formatter, "is no XPath, {expected} at character {at}"),
            Self::Meaningless(why) => write!(formatter, "cannot be evaluated: {why}"),
            Self::TooHard => formatter.write_str("takes too long on this text"),
        }
    }
}
