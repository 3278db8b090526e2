//! The syntax tree: exactly what was written, every node with its span.
//!
//! Nodes live in two arenas of the [`Script`] and name each other by number; what a node has many of lies in tables
//! beside them. A tree nested a hundred thousand levels deep is therefore built and dropped without recursion, and a node
//! is plain data, small enough to be copied.

mod tables;

pub use tables::{Id, List, Part};

use tables::Tables;

use crate::source::{SourceId, Span};

/// A distinct name of one script: an index into [`Script::names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(pub u32);

/// An expression of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExpressionId(pub u32);

/// A statement of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StatementId(pub u32);

/// A name where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// Which name.
    pub symbol: Symbol,
    /// Where it stands.
    pub at: Span,
}

/// A whole file.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The file it was read from.
    pub source: SourceId,
    /// Functions, in the order of the file.
    pub functions: Vec<Function>,
    /// The statements that stand outside functions: the main body.
    pub body: Block,
    /// Spans of the comments, in the order of the file.
    pub comments: Vec<Span>,
    /// The distinct names; a [`Symbol`] is an index. Names keep the case they were written in.
    pub names: Vec<Box<str>>,
    /// All expressions.
    pub expressions: Vec<Expression>,
    /// All statements.
    pub statements: Vec<Statement>,
    /// What the nodes have many of, or what is too large for them: [`Script::part`], [`Script::list`].
    pub(super) tables: Tables,
}

impl Script {
    /// The node behind an expression's number.
    pub fn expression(&self, id: ExpressionId) -> &Expression {
        &self.expressions[id.0 as usize]
    }

    /// The node behind a statement's number.
    pub fn statement(&self, id: StatementId) -> &Statement {
        &self.statements[id.0 as usize]
    }

    /// The text of a name.
    pub fn name(&self, symbol: Symbol) -> &str {
        &self.names[symbol.0 as usize]
    }
}

/// Statements between braces, or the main body.
pub type Block = List<StatementId>;

/// A function: `TYPE name.space.name(TYPE parameter, ...) { ... }`.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// The type it returns; `void` included.
    pub returns: TypeName,
    /// The dotted name; the last part is the function, the others its namespace.
    pub path: List<Name>,
    /// The parameters in order.
    pub parameters: List<Parameter>,
    /// The statements.
    pub body: Block,
    /// The header, from the type to the closing parenthesis.
    pub at: Span,
    /// The closing brace.
    pub end: Span,
}

/// One parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its type: a built-in one, or a form of Creator.
    pub of: TypeName,
    /// Its name.
    pub name: Name,
}

/// A type as written: `string`, `list:int`, or the name of a Creator form.
#[derive(Clone, Copy, Debug)]
pub struct TypeName {
    /// The first word.
    pub name: Name,
    /// What stands behind the colon of a typed container.
    pub element: Option<Name>,
}

/// A statement and where it stands, its semicolon or closing brace included.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// Where it stands.
    pub at: Span,
}

/// The statements of Deluge.
#[derive(Clone, Copy, Debug)]
pub enum StatementKind {
    /// `x = e;`, `x += e;`, also with an element, a field or a field of a form on the left.
    Assign {
        /// What is written to; checked by the resolver.
        target: ExpressionId,
        /// `None` for `=`, the arithmetic operator for a compound assignment.
        operator: Option<BinaryOperator>,
        /// The value.
        value: ExpressionId,
    },
    /// An expression for its effect: a call, a task.
    Expression(ExpressionId),
    /// `if (c) {} else if (c) {} else {}`; a ladder is flat.
    If {
        /// Conditions with their blocks, in order.
        arms: List<Arm>,
        /// The last `else`.
        otherwise: Option<Block>,
    },
    /// `for each x in e {}` and `for each index i in e {}`.
    ForEach {
        /// The loop variable.
        variable: Name,
        /// Whether the word `index` was written.
        index: bool,
        /// What is walked; a [`ExpressionKind::Fetch`] in Creator.
        over: ExpressionId,
        /// What is repeated.
        body: Block,
    },
    /// `while (c) {}`, an extension.
    While {
        /// The condition.
        condition: ExpressionId,
        /// What is repeated.
        body: Block,
    },
    /// `try {} catch (e) {}`.
    Try(Id<Try>),
    /// `return;` or `return e;`.
    Return(Option<ExpressionId>),
    /// `info e;`.
    Info(ExpressionId),
    /// `throw e;`.
    Throw(Option<ExpressionId>),
    /// `break;`
    Break,
    /// `continue;`
    Continue,
    /// A block of its own.
    Block(Block),
    /// A statement that needs a Creator form: `hide f;`, `cancel submit;`, `alert e;`, `success message e;`, `delete from F[c];`.
    Creator(Id<Command>),
    /// What could not be parsed; an error was reported.
    Bad,
}

/// One `if` or `else if`.
#[derive(Clone, Copy, Debug)]
pub struct Arm {
    /// The condition.
    pub condition: ExpressionId,
    /// What is done where it holds.
    pub body: Block,
}

/// `try {} catch (e) {}`.
#[derive(Clone, Copy, Debug)]
pub struct Try {
    /// What may fail.
    pub body: Block,
    /// The variable and block of `catch`; `None` where it is missing, which the resolver reports.
    pub catch: Option<Catch>,
}

/// The `catch` of a `try`.
#[derive(Clone, Copy, Debug)]
pub struct Catch {
    /// The variable that takes the error; `None` for `catch { }` and `catch () { }`.
    pub variable: Option<Name>,
    /// What is done with it.
    pub body: Block,
}

/// A statement that needs a Creator form.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// The command in lower case, words joined by one blank: `hide`, `cancel submit`, `delete from`.
    pub words: &'static str,
    /// The fields or values behind it.
    pub targets: List<ExpressionId>,
}

/// An expression and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub at: Span,
}

/// The expressions of Deluge.
#[derive(Clone, Copy, Debug)]
pub enum ExpressionKind {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// An integer; its digits are the text under its span.
    Number,
    /// A number with a decimal point; its digits are the text under its span.
    Decimal,
    /// `"..."`; the text under the span has the quotes and escapes still in it.
    Text,
    /// `'...'`: a date-time where it reads as one, else text.
    Quoted,
    /// A variable, or the first word of a dotted name.
    Name(Symbol),
    /// `base.name` without a call.
    Field(Id<Field>),
    /// `name(arguments)`
    Call(Id<Call>),
    /// `receiver.name(arguments)`: a method, or a function of a namespace.
    Method(Id<Method>),
    /// `base[inner]`: an index, or criteria on a Creator form. `None` for `base[]`.
    Bracket {
        /// What stands before the bracket.
        base: ExpressionId,
        /// What stands inside.
        inner: Option<ExpressionId>,
    },
    /// `!e`, `-e`, `+e`, `not e`.
    Unary {
        /// Which.
        operator: UnaryOperator,
        /// On what.
        operand: ExpressionId,
    },
    /// `a + b` and its kin.
    Binary {
        /// Which.
        operator: BinaryOperator,
        /// Offset of the operator's first byte.
        operator_at: u32,
        /// Left operand.
        left: ExpressionId,
        /// Right operand.
        right: ExpressionId,
    },
    /// `if(c, a, b)`: the condition, the value where it holds, the value where not.
    Conditional([ExpressionId; 3]),
    /// `(e)`, kept so that a printer and the lint on mixed logic see the parentheses.
    Group(ExpressionId),
    /// `{a, b}` or `[a, b]`.
    List(List<ExpressionId>),
    /// `{k : v, ...}` or `[k : v, ...]`.
    Map(List<(ExpressionId, ExpressionId)>),
    /// `{}`: map or list, decided by its first use. (`[]` is an empty [`ExpressionKind::List`].)
    Empty,
    /// `List:Int(...)`, `Map:String()`.
    Typed(Id<Typed>),
    /// `invokeurl [ ... ]`, `sendmail [ ... ]` and the other task blocks.
    Task(Id<Task>),
    /// `insert into F [ a = x b = y ]`.
    Insert(Id<Insert>),
    /// A fetch of a Creator form with `sort by` or `range from ... to ...` behind it.
    Fetch(Id<Fetch>),
    /// `field:ui`, the control of a Creator field.
    Ui(ExpressionId),
    /// What Creator attaches to a mail: `template : T as PDF`, `view : V[criteria] as XLS`.
    Rendered,
    /// A literal or argument list that mixes pairs and values; an error was reported.
    Bad,
}

/// `base.name` without a call.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// What stands before the dot.
    pub base: ExpressionId,
    /// The word behind it.
    pub name: Name,
}

/// `name(arguments)`
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The word before the parenthesis.
    pub name: Name,
    /// The arguments.
    pub arguments: List<Item>,
}

/// `receiver.name(arguments)`
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// What stands before the dot.
    pub receiver: ExpressionId,
    /// The word behind it.
    pub name: Name,
    /// The arguments.
    pub arguments: List<Item>,
}

/// `List:Int(...)`
#[derive(Clone, Copy, Debug)]
pub struct Typed {
    /// `List`, `Map` or `Collection`.
    pub container: Name,
    /// The element type.
    pub element: Name,
    /// The arguments.
    pub arguments: List<Item>,
}

/// An argument or element: a value, or a pair `key : value`.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// The key of a pair.
    pub key: Option<ExpressionId>,
    /// The value.
    pub value: ExpressionId,
}

/// A task block: `name [ key : value ... ]`.
#[derive(Clone, Debug)]
pub struct Task {
    /// The task as written, e.g. `invokeUrl`.
    pub name: Name,
    /// Its entries in order.
    pub entries: Vec<Entry>,
}

/// One entry of a task block.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key as written, words and hyphens included: `content-type`, `reply to`.
    pub key: Span,
    /// Its values; more than one where they are separated by commas (`to : a, b`).
    pub values: Vec<EntryValue>,
}

/// A value of an entry, with the label of `file : f`.
#[derive(Clone, Copy, Debug)]
pub struct EntryValue {
    /// The label before it, as in `Attachments : file : f`.
    pub label: Option<Name>,
    /// The value.
    pub value: ExpressionId,
}

/// `insert into F [ a = x b = y ]`
#[derive(Clone, Debug)]
pub struct Insert {
    /// The form.
    pub form: Name,
    /// Field paths with their values.
    pub fields: Box<[(List<Name>, ExpressionId)]>,
}

/// The tail of a fetch.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// What is fetched.
    pub base: ExpressionId,
    /// `sort by` fields; `true` is ascending.
    pub sort: Vec<(ExpressionId, bool)>,
    /// `range from a to b`.
    pub range: Option<(ExpressionId, ExpressionId)>,
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `!`, `not`
    Not,
    /// `-`
    Negate,
    /// `+`
    Plus,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `==`
    Equal,
    /// `=` where it compares: inside parentheses of a condition, an argument or a criterion.
    EqualSign,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `&&`, `and`
    And,
    /// `||`, `or`
    Or,
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `is` (`is null`; with `is not` the resolver sees [`BinaryOperator::IsNot`])
    Is,
    /// `is not`
    IsNot,
    /// `contains`, `startsWith`, `endsWith`, `like` written as operators of Creator criteria; the word is under the operator's offset.
    Criterion,
}

impl BinaryOperator {
    /// Whether the operator asks for equality or order.
    pub const fn compares(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::EqualSign
                | Self::NotEqual
                | Self::Less
                | Self::LessEqual
                | Self::Greater
                | Self::GreaterEqual
        )
    }

    /// The operator as written.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Equal => "==",
            Self::EqualSign => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::And => "&&",
            Self::Or => "||",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::Criterion => "like",
        }
    }
}

// Ten megabytes of script make two million of these, so each word of them counts.
const _: () = assert!(size_of::<Expression>() == 24 && size_of::<Statement>() == 36);
