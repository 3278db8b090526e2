//! Functions that a host adds to the language, as scripts, checks and documentation see them.

use std::fmt::Write;

use super::{Context, Evaluated};
use crate::value::{Kind, Value};

/// A function of the host: how it is called and what it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// The dotted name: `crm.lookup`, `zoho.cliq.getRecords`.
    pub name: String,
    /// What goes in.
    pub parameters: Vec<Parameter>,
    /// What comes out; `None` for any kind.
    pub returns: Option<Kind>,
    /// What it does, in a sentence or two; may be empty.
    pub doc: String,
    /// The help page it follows; empty for functions that the embedding program made up.
    pub source: &'static str,
}

/// A parameter of a function of the host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, for people; may be empty.
    pub name: String,
    /// The kind it takes; `None` for any.
    pub kind: Option<Kind>,
    /// Whether it may be left out.
    pub optional: bool,
}

impl Signature {
    /// Whether it may be called with so many arguments.
    pub fn takes(&self, count: usize) -> bool {
        count <= self.parameters.len() && count >= self.least()
    }

    /// The fewest arguments: those behind the last that has to be given may be left out.
    fn least(&self) -> usize {
        let needed = self.parameters.iter().rposition(|parameter| !parameter.optional);
        needed.map_or(0, |last| last + 1)
    }

    /// How it is called, for people: `crm.lookup(id NUMBER)`.
    pub fn call_form(&self) -> String {
        let least = self.least();
        let mut text = format!("{}(", self.name);
        for (index, parameter) in self.parameters.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let kind = parameter.kind.map_or("any value", Kind::name);
            let blank = if parameter.name.is_empty() { "" } else { " " };
            let (open, close) = if index < least { ("", "") } else { ("[", "]") };
            _ = write!(text, "{separator}{open}{}{blank}{kind}{close}", parameter.name);
        }
        text.push(')');
        text
    }
}

/// The functions that a host adds, by dotted name; letter case does not count.
pub trait Functions: Send + Sync {
    /// How the function of this name is called; `None` where there is none.
    fn signature(&self, name: &str) -> Option<&Signature>;

    /// Every function, for completion and documentation.
    fn signatures(&self) -> Vec<&Signature>;

    /// Calls a function. `Ok(None)` where there is none of this name.
    ///
    /// # Errors
    /// The error that the script may catch.
    fn call(&self, name: &str, arguments: &[Value], context: &mut Context<'_>) -> Evaluated<Option<Value>>;

    /// Whether there is a function of this name.
    fn knows(&self, name: &str) -> bool {
        self.signature(name).is_some()
    }

    /// Whether some function stands in this namespace: `crm` where there is `crm.lookup`.
    fn knows_namespace(&self, namespace: &str) -> bool {
        self.signatures().iter().any(|signature| {
            let root = signature.name.split_once('.').map(|(root, _)| root);
            root.is_some_and(|root| root.eq_ignore_ascii_case(namespace))
        })
    }
}

/// No functions at all.
pub struct NoFunctions;

impl Functions for NoFunctions {
    fn signature(&self, _name: &str) -> Option<&Signature> {
        None
    }

    fn signatures(&self) -> Vec<&Signature> {
        Vec::new()
    }

    fn call(&self, _name: &str, _arguments: &[Value], _context: &mut Context<'_>) -> Evaluated<Option<Value>> {
        Ok(None)
    }
}
