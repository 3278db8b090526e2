//! The built-in methods, functions and variables, each in exactly one place.
//!
//! Every entry is a constant [`Builtin`] in the table of its family. Arity checks, method lookup, `dg doc`, completion
//! and the tests of the examples all read these tables and nothing else.

mod call;
mod collection;
mod conform;
mod conversion;
pub mod csv;
mod date;
mod encode;
mod file;
mod foreign;
mod json;
mod list;
mod logic;
mod lookup;
mod map;
mod number;
pub mod reference;
mod statistics;
mod system;
#[cfg(test)]
pub(crate) mod testing;
mod text;
mod web;
mod xml;

pub use call::Call;
pub(crate) use call::contains_itself;
pub use conform::{conform, fit};
pub use foreign::foreign;
pub use lookup::{Family, MethodGroup, all, families, find, function, method, method_names, variable};

use crate::host::Evaluated;
use crate::value::Kind;

/// One built-in.
#[derive(Debug)]
pub struct Builtin {
    /// The name as the help page writes it; matched without regard to case. Functions and variables of a namespace
    /// carry it: `zoho.encryption.md5`.
    pub name: &'static str,
    /// Other names for the same thing.
    pub aliases: &'static [&'static str],
    /// How it is called.
    pub form: Form,
    /// The kinds of value it is called on; none for functions and variables.
    pub receivers: &'static [Kind],
    /// What goes in, without the receiver.
    pub params: &'static [Param],
    /// What comes out.
    pub returns: Returns,
    /// One or two sentences on what it does.
    pub doc: &'static str,
    /// Scripts with what they print; each runs as a test.
    pub examples: &'static [Example],
    /// The help page, without the host: `deluge/help/functions/string/trim.html`.
    pub source: &'static str,
    /// What it touches.
    pub effect: Effect,
    /// Does it.
    pub run: fn(&mut Call<'_, '_>) -> Evaluated,
}

/// How a built-in is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `receiver.name(arguments)`, and as well `name(receiver, arguments)`.
    Method,
    /// `name(arguments)`
    Function,
    /// `name`, without parentheses: `zoho.currentdate`, `today`.
    Variable,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// The name in the signature.
    pub name: &'static str,
    /// The kind it should have; `None` for any.
    pub kind: Option<Kind>,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it may be given again and again.
    pub repeats: bool,
}

/// A parameter that has to be given.
pub const fn required(name: &'static str, kind: Kind) -> Param {
    Param {
        name,
        kind: Some(kind),
        optional: false,
        repeats: false,
    }
}

/// A parameter of any kind that has to be given.
pub const fn any(name: &'static str) -> Param {
    Param {
        name,
        kind: None,
        optional: false,
        repeats: false,
    }
}

/// A parameter that may be left out.
pub const fn optional(name: &'static str, kind: Kind) -> Param {
    Param {
        name,
        kind: Some(kind),
        optional: true,
        repeats: false,
    }
}

/// Any number of parameters of any kind.
pub const fn repeated(name: &'static str) -> Param {
    Param {
        name,
        kind: None,
        optional: true,
        repeats: true,
    }
}

/// What comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    /// A value of this kind.
    Kind(Kind),
    /// A value of any kind.
    Any,
    /// Nothing that could be used.
    Nothing,
}

/// A script and what it prints.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// One expression, whose value is printed, or a script that prints by itself (it holds a `;` and ends with one, or with a `}`).
    pub code: &'static str,
    /// The printed lines, joined by line breaks.
    pub prints: &'static str,
}

impl Example {
    /// The script as it is run: an expression is printed by `info`.
    pub fn script(&self) -> std::borrow::Cow<'static, str> {
        let code = self.code.trim_end();
        if code.contains(';') && code.ends_with([';', '}']) {
            self.code.into()
        } else {
            format!("info {code};").into()
        }
    }
}

/// A script and what it prints, for the tables.
pub const fn example(code: &'static str, prints: &'static str) -> Example {
    Example { code, prints }
}

/// What a built-in touches beside its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: the same arguments give the same result.
    Pure,
    /// Changes its receiver.
    Changes,
    /// Reads the clock, the users or the settings.
    Ambient,
    /// Uses randomness.
    Random,
    /// Sends requests.
    Network,
}

impl Builtin {
    /// A method on values of these kinds.
    pub const fn method(
        receivers: &'static [Kind],
        name: &'static str,
        run: fn(&mut Call<'_, '_>) -> Evaluated,
    ) -> Self {
        Self {
            receivers,
            ..Self::new(Form::Method, name, run)
        }
    }

    /// A function.
    pub const fn function(name: &'static str, run: fn(&mut Call<'_, '_>) -> Evaluated) -> Self {
        Self::new(Form::Function, name, run)
    }

    /// A variable.
    pub const fn variable(name: &'static str, run: fn(&mut Call<'_, '_>) -> Evaluated) -> Self {
        Self {
            effect: Effect::Ambient,
            ..Self::new(Form::Variable, name, run)
        }
    }

    const fn new(form: Form, name: &'static str, run: fn(&mut Call<'_, '_>) -> Evaluated) -> Self {
        Self {
            name,
            aliases: &[],
            form,
            receivers: &[],
            params: &[],
            returns: Returns::Any,
            doc: "",
            examples: &[],
            source: "",
            effect: Effect::Pure,
            run,
        }
    }

    /// Other names for the same thing.
    #[must_use]
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// What goes in.
    #[must_use]
    pub const fn params(self, params: &'static [Param]) -> Self {
        Self { params, ..self }
    }

    /// What comes out.
    #[must_use]
    pub const fn returns(self, kind: Kind) -> Self {
        Self {
            returns: Returns::Kind(kind),
            ..self
        }
    }

    /// It gives nothing that could be used.
    #[must_use]
    pub const fn returns_nothing(self) -> Self {
        Self {
            returns: Returns::Nothing,
            ..self
        }
    }

    /// What it does.
    #[must_use]
    pub const fn doc(self, doc: &'static str) -> Self {
        Self { doc, ..self }
    }

    /// Scripts with what they print.
    #[must_use]
    pub const fn examples(self, examples: &'static [Example]) -> Self {
        Self { examples, ..self }
    }

    /// The help page.
    #[must_use]
    pub const fn source(self, source: &'static str) -> Self {
        Self { source, ..self }
    }

    /// What it touches.
    #[must_use]
    pub const fn effect(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }

    /// The least and the most arguments it takes, the receiver not counted; `None` where there is no most.
    pub fn arity(&self) -> (usize, Option<usize>) {
        let least = self.params.iter().filter(|param| !param.optional).count();
        let most = (!self.params.iter().any(|param| param.repeats)).then_some(self.params.len());
        (least, most)
    }

    /// Whether it takes this many arguments.
    pub fn takes(&self, count: usize) -> bool {
        let (least, most) = self.arity();
        count >= least && most.is_none_or(|most| count <= most)
    }

    /// How it is called, for people: `text.leftPad(width NUMBER)`. What goes by many kinds is called on a `value`.
    pub fn signature(&self) -> String {
        const MANY: usize = 6;
        let params: Vec<String> = self.params.iter().map(Param::describe).collect();
        let params = params.join(", ");
        match (self.form, self.receivers) {
            (Form::Variable, _) => self.name.to_owned(),
            (Form::Method, [kind, others @ ..]) if others.len() < MANY => {
                format!("{}.{}({params})", kind.word(), self.name)
            }
            (Form::Method, _) => format!("value.{}({params})", self.name),
            (Form::Function, _) => format!("{}({params})", self.name),
        }
    }
}

impl Param {
    fn describe(&self) -> String {
        let kind = self.kind.map_or(String::new(), |kind| format!(" {}", kind.name()));
        let more = if self.repeats { ", ..." } else { "" };
        if self.optional {
            format!("[{}{kind}{more}]", self.name)
        } else {
            format!("{}{kind}{more}", self.name)
        }
    }
}
