//! The tree that runs: names are slots, constants are built once, callees are known.
//!
//! A [`Program`] is immutable plain data, `Send + Sync`, made once and run many times at once. Nodes are small: what an
//! expression needs beyond two words stands behind a box.

use std::sync::Arc;

use crate::builtins::{Builtin, MethodGroup};
use crate::diagnostic::Code;
use crate::source::{Location, SourceFile, SourceId, Span};
use crate::value::{Decimal, Kind, Near, ShortText};

/// A resolved script with its libraries.
#[derive(Debug)]
pub struct Program {
    /// The files; a [`SourceId`] is an index.
    pub sources: Vec<Arc<SourceFile>>,
    /// The functions; a [`FunctionId`] is an index. The main body is one of them.
    pub functions: Vec<Function>,
    /// What runs when no function is named: the main body, or the only function of a file without one.
    pub entry: Option<FunctionId>,
    /// The literals; a [`ConstantId`] is an index.
    pub constants: Vec<Constant>,
    /// The keys of the map literals that are [records](Expression::Record); a [`RecordId`] is an index.
    pub records: Vec<Box<[ConstantId]>>,
    /// The names that callers supply; an [`InputId`] is an index.
    pub inputs: Vec<Input>,
    /// The connection link names that stand as literals in the program, in order.
    pub connections: Vec<(String, Location)>,
}

/// A function of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FunctionId(pub u32);

/// A literal of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConstantId(pub u32);

/// The keys of a map literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordId(pub u32);

/// An input of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InputId(pub u32);

/// The place of a variable in the frame of its function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot(pub u32);

/// A literal, as plain data; a run makes values of them at its start.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Constant {
    /// An integer.
    Number(i64),
    /// A decimal with more digits than [`Expression::Decimal`] holds, as written.
    Decimal(String),
    /// A text in double quotes, escapes resolved.
    Text(String),
    /// A text in single quotes: a date-time where it reads as one, else text.
    Quoted(String),
}

/// A name that a caller supplies.
#[derive(Debug)]
pub struct Input {
    /// The name.
    pub name: String,
    /// Where it is read first.
    pub at: Location,
    /// The variable of a similar name, where there is one.
    pub similar: Option<String>,
    /// What is meant by the name in other languages, where it is one of theirs.
    pub meant: Option<String>,
}

impl Input {
    /// What to do about it where nobody supplies it, if that is known.
    pub fn advice(&self) -> Option<String> {
        let similar = self.similar.as_ref();
        let similar = similar.map(|similar| format!("there is a variable of a similar name: `{similar}`"));
        self.meant.clone().or(similar)
    }
}

/// A function, or the main body.
#[derive(Debug)]
pub struct Function {
    /// The dotted name; empty for the main body.
    pub name: String,
    /// The file it stands in.
    pub source: SourceId,
    /// Its header; for the main body the whole file.
    pub at: Span,
    /// The parameters; they take the first slots.
    pub parameters: Vec<Parameter>,
    /// Whether it returns nothing.
    pub is_void: bool,
    /// The kind its header promises, where it is a built-in one.
    pub returns: Option<Kind>,
    /// How many variables it has.
    pub slots: u32,
    /// The names of the variables, by slot.
    pub variables: Vec<Arc<str>>,
    /// Inputs that it reads as variables: they are copied into their slots when it is called.
    pub inputs: Vec<(Slot, InputId)>,
    /// The functions it calls.
    pub calls: Vec<FunctionId>,
    /// What it does.
    pub body: Box<[Statement]>,
}

/// A parameter of a function.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Arc<str>,
    /// The kind behind the type, where it is a built-in one.
    pub kind: Option<Kind>,
}

/// A statement.
#[derive(Debug)]
pub enum Statement {
    /// `x = e;`
    Assign {
        /// The variable.
        slot: Slot,
        /// The value.
        value: Expression,
    },
    /// `x = x + a + b;` with two or more addends that do not mention `x`: appended in place where `x` is a text.
    Append {
        /// The variable.
        slot: Slot,
        /// What is added, in order.
        addends: Box<[Spanned]>,
        /// The whole sum.
        at: Span,
    },
    /// `x = x op e;` and `x op= e;`
    Update(Box<Update>),
    /// `x[i] = e;`
    SetElement(Box<SetElement>),
    /// An expression for its effect.
    Evaluate(Expression),
    /// `if`, with any number of `else if`.
    If(Box<If>),
    /// `for each`, `for each index`.
    ForEach(Box<ForEach>),
    /// `while`
    While(Box<While>),
    /// `try`
    Try(Box<Try>),
    /// `return`
    Return(Option<Expression>),
    /// `return` in a function whose header promises a built-in type.
    ReturnAs(Box<Promised>),
    /// `info`
    Info(Box<Spanned>),
    /// `throw`
    Throw(Box<Spanned>),
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// A block of its own.
    Block(Box<[Statement]>),
    /// A statement that this runtime cannot carry out; running it is an error.
    Unavailable(Box<Unavailable>),
    /// Any other statement, in a program whose runs are traced.
    Traced(Box<Traced>),
}

/// A statement that reports what it did.
#[derive(Debug)]
pub struct Traced {
    /// Where it stands.
    pub at: Span,
    /// The variables that stand directly in it.
    pub reads: Box<[(Box<str>, Slot)]>,
    /// The variable that it assigns.
    pub writes: Option<(Box<str>, Slot)>,
    /// What it does.
    pub statement: Statement,
}

/// An expression with its place.
#[derive(Debug)]
pub struct Spanned {
    /// The expression.
    pub value: Expression,
    /// Where it stands.
    pub at: Span,
}

/// `x = x op e;`
#[derive(Debug)]
pub struct Update {
    /// Whether it is a `+` whose addend does not mention `x`, so that a text may grow in place.
    pub appends: bool,
    /// The variable.
    pub slot: Slot,
    /// Which operator.
    pub operator: Arithmetic,
    /// The right operand.
    pub value: Spanned,
    /// Where the variable stands.
    pub slot_at: Span,
}

/// `x[i] = e;`
#[derive(Debug)]
pub struct SetElement {
    /// The list or map.
    pub base: Spanned,
    /// The index or key.
    pub index: Spanned,
    /// The value.
    pub value: Expression,
}

/// `return e;` where the function's header promises a kind.
#[derive(Debug)]
pub struct Promised {
    /// The value.
    pub value: Spanned,
    /// What the header promises.
    pub kind: Kind,
}

/// `if`
#[derive(Debug)]
pub struct If {
    /// The first condition.
    pub condition: Spanned,
    /// What is done where it holds.
    pub then: Box<[Statement]>,
    /// Each `else if`, in order.
    pub others: Box<[Arm]>,
    /// The last `else`; empty where there is none.
    pub otherwise: Box<[Statement]>,
}

/// A condition with its block.
pub type Arm = (Spanned, Box<[Statement]>);

/// `for each`
#[derive(Debug)]
pub struct ForEach {
    /// The loop variable.
    pub slot: Slot,
    /// Whether it takes indexes instead of elements.
    pub index: bool,
    /// What is walked.
    pub over: Spanned,
    /// What is repeated.
    pub body: Box<[Statement]>,
}

/// `while`
#[derive(Debug)]
pub struct While {
    /// The condition.
    pub condition: Spanned,
    /// What is repeated.
    pub body: Box<[Statement]>,
}

/// `try`
#[derive(Debug)]
pub struct Try {
    /// What may fail.
    pub body: Box<[Statement]>,
    /// The variable that takes the error.
    pub variable: Option<Slot>,
    /// What is done then.
    pub catch: Box<[Statement]>,
}

/// Something that parses but needs what is not here.
#[derive(Debug)]
pub struct Unavailable {
    /// What it needs, as a sentence without a full stop.
    pub message: String,
    /// What to do instead.
    pub help: Option<String>,
    /// Where it stands.
    pub at: Span,
    /// The code of the message.
    pub code: Code,
}

/// An expression.
#[derive(Debug)]
pub enum Expression {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A NUMBER literal.
    Number(i64),
    /// A DECIMAL literal whose digits fit 64 bits.
    Decimal(Decimal),
    /// Another literal.
    Constant(ConstantId),
    /// A variable.
    Slot(Slot),
    /// `a - b` and its kin.
    Arithmetic(Box<Binary<Arithmetic>>),
    /// `a + b + c ...`
    Sum(Box<Sum>),
    /// `a < b` and its kin.
    Compare(Box<Binary<Comparison>>),
    /// `a && b && c ...` or `a || b || c ...`
    Logic(Box<Logic>),
    /// `!a`
    Not(Box<Spanned>),
    /// `-a`
    Negate(Box<Spanned>),
    /// `if(c, a, b)`
    Conditional(Box<(Spanned, Expression, Expression)>),
    /// `ifnull(a, b)`: an index past the end of `a` counts as null too.
    IfNull(Box<(Expression, Expression)>),
    /// A list literal.
    List(Box<[Expression]>),
    /// A map literal.
    Map(Box<[(Expression, Expression)]>),
    /// A map literal whose keys are different literal texts: the maps that it makes share their keys.
    Record(Box<Record>),
    /// `{}`
    Empty,
    /// `List:Int(...)`
    TypedList(Box<TypedList>),
    /// A call of a function of the program.
    Call(Box<Call>),
    /// A call of a built-in function, or a built-in variable.
    Builtin(Box<BuiltinCall>),
    /// A method.
    Method(Box<Method>),
    /// A call of a function that only the host may know.
    HostCall(Box<HostCall>),
    /// `x[i]`
    Index(Box<Index>),
    /// `e.message`
    Field(Box<Field>),
    /// `invokeurl [ ... ]` and `invokeapi [ ... ]`
    Invoke(Box<Invoke>),
    /// `sendmail [ ... ]`
    SendMail(Box<Invoke>),
    /// Something that this runtime cannot do; evaluating it is an error.
    Unavailable(Box<Unavailable>),
}

/// Two operands with an operator between them.
#[derive(Debug)]
pub struct Binary<O> {
    /// Which operator.
    pub operator: O,
    /// How deep it is nested, where it is nothing but operators on variables, literals and items of lists, and worth
    /// trying to compute without making values.
    pub scalar: Option<u8>,
    /// Whether a function of the program is called in an operand, and what it returns is tried in registers.
    pub measured: bool,
    /// The left operand.
    pub left: Expression,
    /// The right operand.
    pub right: Expression,
    /// Where the left operand stands.
    pub left_at: Span,
    /// Where the right operand stands.
    pub right_at: Span,
}

impl<O> Binary<O> {
    /// Where the whole stands.
    pub fn at(&self) -> Span {
        self.left_at.to(self.right_at)
    }
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
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
}

impl Arithmetic {
    /// The operator as written.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
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
    /// `in`
    In,
    /// `not in`
    NotIn,
}

impl Comparison {
    /// The operator as written.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }
}

/// A sum of two or more addends, evaluated from the left.
#[derive(Debug)]
pub struct Sum {
    /// As [`Binary::scalar`].
    pub scalar: Option<u8>,
    /// The first addend.
    pub first: Spanned,
    /// The others.
    pub rest: Box<[Spanned]>,
}

/// Operands joined by `&&`, or by `||`.
#[derive(Debug)]
pub struct Logic {
    /// `true` for `||`: the value that decides.
    pub decides: bool,
    /// The operands, two or more.
    pub operands: Box<[Spanned]>,
}

/// A map literal whose keys are different literal texts.
#[derive(Debug)]
pub struct Record {
    /// Its keys.
    pub keys: RecordId,
    /// The values, in their order.
    pub values: Box<[Expression]>,
}

/// `List:Int(...)`
#[derive(Debug)]
pub struct TypedList {
    /// The kind of the elements.
    pub element: Kind,
    /// What it is made from, where an argument was given.
    pub from: Option<Expression>,
    /// Where it stands.
    pub at: Span,
}

/// A call of a function of the program.
#[derive(Debug)]
pub struct Call {
    /// Which.
    pub function: FunctionId,
    /// The arguments; as many as there are parameters.
    pub arguments: Box<[Expression]>,
    /// Where it stands.
    pub at: Span,
}

/// A call of a built-in function.
#[derive(Debug)]
pub struct BuiltinCall {
    /// Which.
    pub builtin: &'static Builtin,
    /// The arguments; with `pairs` key, value, key, value.
    pub arguments: Box<[Expression]>,
    /// Whether they were written as pairs.
    pub pairs: bool,
    /// Where it stands.
    pub at: Span,
}

/// Methods that the interpreter does itself for the commonest receivers; all others go through the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quick {
    /// None of them.
    No,
    /// `get`
    Get,
    /// `put`
    Put,
    /// `add`
    Add,
    /// `size`
    Size,
    /// `containKey`, `containsKey`
    ContainKey,
    /// `concat` on the variable to which its result is assigned
    Concat,
    /// `keys`, of which a method behind it may want no more than one, or how many there are
    Keys,
}

/// A method call.
#[derive(Debug)]
pub struct Method {
    /// The built-ins of this name.
    pub group: &'static MethodGroup,
    /// Whether the interpreter knows a short way.
    pub quick: Quick,
    /// Whether the arguments were written as pairs.
    pub pairs: bool,
    /// Whether every built-in of the group takes as many arguments, so that nobody has to count them again.
    pub fits: bool,
    /// The only argument, where it is a short literal text: the key of a map.
    pub key: Option<ShortText>,
    /// Where a literal key was found last.
    pub near: Near,
    /// The variables of `x.get(y)`, where both are variables.
    pub item: Option<(Slot, Slot)>,
    /// What it is called on.
    pub receiver: Spanned,
    /// The arguments; with `pairs` key, value, key, value.
    pub arguments: Box<[Expression]>,
    /// Where the arguments stand, for the quick ways.
    pub at: Span,
}

/// A call of a function that only the host may know.
#[derive(Debug)]
pub struct HostCall {
    /// The dotted name as written.
    pub name: String,
    /// The arguments.
    pub arguments: Box<[Expression]>,
    /// Where it stands.
    pub at: Span,
}

/// `x[i]`
#[derive(Debug)]
pub struct Index {
    /// The list, map or text.
    pub base: Spanned,
    /// The index or key.
    pub index: Spanned,
}

/// `e.name`
#[derive(Debug)]
pub struct Field {
    /// The value.
    pub base: Spanned,
    /// The name of the field.
    pub name: String,
    /// Where it stands.
    pub at: Span,
}

/// A task block with evaluated keys.
#[derive(Debug)]
pub struct Invoke {
    /// The task: `invokeurl`, `invokeapi`, `sendmail`.
    pub task: &'static str,
    /// Keys in lower case without blanks, hyphens and underscores (`contenttype`), with their values and places.
    pub entries: Box<[InvokeEntry]>,
    /// Where it stands.
    pub at: Span,
}

/// One entry of a task block.
#[derive(Debug)]
pub struct InvokeEntry {
    /// The key in lower case without blanks, hyphens and underscores.
    pub key: String,
    /// The values; more than one where commas separate them.
    pub values: Box<[Expression]>,
    /// Where the first value stands.
    pub at: Span,
}

impl Program {
    /// The function of this dotted name.
    pub fn find(&self, name: &str) -> Option<FunctionId> {
        let is_named = |function: &Function| !function.name.is_empty() && function.name == name;
        self.functions
            .iter()
            .position(is_named)
            .map(|index| FunctionId(index as u32))
    }

    /// The function behind an id.
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.0 as usize]
    }

    /// The names that a caller must supply to run a function: its own inputs and those of all it may call.
    pub fn inputs_of(&self, entry: FunctionId) -> Vec<InputId> {
        let mut found = Vec::new();
        let mut seen = vec![false; self.functions.len()];
        let mut waiting = vec![entry];
        while let Some(id) = waiting.pop() {
            if std::mem::replace(&mut seen[id.0 as usize], true) {
                continue;
            }
            let function = self.function(id);
            found.extend(function.inputs.iter().map(|(_, input)| *input));
            waiting.extend(&function.calls);
        }
        found.sort_by_key(|input| input.0);
        found.dedup();
        found
    }
}
