//! From what was written to what it means: names become slots, literals constants, callees known.
//!
//! [`resolve`] is the only door. It reports everything that can be known before a script runs; the program it gives is
//! complete only where no error was reported.

mod calls;
mod criteria;
mod expression;
mod flow;
mod kinds;
mod lint;
pub mod program;
mod scalar;
mod scope;
mod statement;
mod task;
#[cfg(test)]
mod tests;
mod types;
mod walk;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::builtins;
use crate::diagnostic::{Code, Diagnostic};
use crate::host::{Functions, NoFunctions};
use crate::source::{Location, SourceFile, SourceId, Span};
use crate::syntax::Profile;
use crate::syntax::ast::{self, Script};
use crate::value::Kind;
pub use task::keys as task_keys;

use program::{Constant, ConstantId, Function, FunctionId, Input, InputId, Parameter, Program, Slot};
use scope::Scope;
use types::kind_of_type;

/// A parsed file with its text. The first unit is the script, the others are libraries.
pub struct Unit<'a> {
    /// The syntax tree.
    pub script: &'a Script,
    /// The text.
    pub file: Arc<SourceFile>,
}

/// What resolving depends on.
pub struct Options<'a> {
    /// Which dialect.
    pub profile: Profile,
    /// The functions that the host adds.
    pub host: &'a dyn Functions,
    /// Names that have a value before the main body begins: the variables of a session. The body reads them as inputs,
    /// even where a built-in has the same name.
    pub known: &'a [&'a str],
    /// Whether every statement reports what it did.
    pub trace: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            profile: Profile::Standard,
            host: &NoFunctions,
            known: &[],
            trace: false,
        }
    }
}

/// Resolves a script with its libraries.
pub fn resolve(units: &[Unit<'_>], options: &Options<'_>) -> (Program, Vec<Diagnostic>) {
    let mut resolver = Resolver::new(units, options);
    resolver.declare();
    for (index, unit) in units.iter().enumerate() {
        resolver.functions_of(index, unit.script);
    }
    resolver.main_body();
    let mut program = resolver.program;
    program.sources = units.iter().map(|unit| Arc::clone(&unit.file)).collect();
    let mut diagnostics = resolver.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.at.map(|at| (at.source, at.span.start)));
    (program, diagnostics)
}

/// A map with names or literals of scripts as keys: hashed fast, with randomness of the process against crafted ones.
type Names<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// The state of one resolution.
struct Resolver<'a> {
    units: &'a [Unit<'a>],
    options: &'a Options<'a>,
    program: Program,
    diagnostics: Vec<Diagnostic>,
    /// Literals as they are written, quotes included.
    constants: Names<&'a str, ConstantId>,
    inputs: Names<String, InputId>,
    /// Functions by their whole dotted name.
    by_path: Names<Cow<'a, str>, FunctionId>,
    /// Functions by the last part of their name; `None` where several share it.
    by_name: Names<&'a str, Option<FunctionId>>,
    /// Headers as written, in the order of `program.functions`.
    declared: Vec<(usize, usize)>,
    scope: Scope,
    /// What the header of the function at hand promises to return.
    promise: Promise,
    unit: usize,
    depth: u32,
}

/// What a function returns by its header.
#[derive(Clone, Copy)]
enum Promise {
    /// Anything: the main body, or a type that is a form of Creator.
    Open,
    /// No value: `void`.
    Nothing,
    /// A value of this kind.
    Kind(Kind),
}

/// How deep the running tree may be nested: far beyond real scripts, well within the stack.
const MAX_DEPTH: u32 = 400;

impl<'a> Resolver<'a> {
    fn new(units: &'a [Unit<'a>], options: &'a Options<'a>) -> Self {
        let program = Program {
            sources: Vec::new(),
            functions: Vec::new(),
            entry: None,
            constants: Vec::new(),
            records: Vec::new(),
            inputs: Vec::new(),
            connections: Vec::new(),
        };
        Self {
            units,
            options,
            program,
            diagnostics: Vec::new(),
            constants: Names::default(),
            inputs: Names::default(),
            by_path: Names::default(),
            by_name: Names::default(),
            declared: Vec::new(),
            scope: Scope::default(),
            promise: Promise::Open,
            unit: 0,
            depth: 0,
        }
    }

    /// Notes every function of every file, so that calls may stand before definitions.
    fn declare(&mut self) {
        let all = self.units.iter().map(|unit| unit.script.functions.len()).sum();
        self.by_path.reserve(all);
        self.by_name.reserve(all);
        self.declared.reserve(all);
        // The main body is one more.
        self.program.functions.reserve(all + 1);
        for (unit, Unit { script, .. }) in self.units.iter().enumerate() {
            self.unit = unit;
            self.scope.enter_file(script);
            for (index, function) in script.functions.iter().enumerate() {
                let id = FunctionId(self.program.functions.len() as u32);
                let path = path(script, function);
                let declared = self.header(script, function, &path);
                let last = script.list(function.path).last();
                let last = last.map_or("", |name| script.name(name.symbol));
                if let Some(first) = self.by_path.get(&path) {
                    let first = self.program.function(*first);
                    let diagnostic = self
                        .error(
                            Code::DuplicateName,
                            function.at,
                            format!("the function `{}` is defined twice", declared.name),
                        )
                        .also(first.source, first.at, "first defined here")
                        .help("rename one of the two");
                    self.diagnostics.push(diagnostic);
                }
                self.by_path.entry(path).or_insert(id);
                self.by_name
                    .entry(last)
                    .and_modify(|known| *known = None)
                    .or_insert(Some(id));
                self.program.functions.push(declared);
                self.declared.push((unit, index));
            }
        }
    }

    fn header(&mut self, script: &Script, function: &ast::Function, path: &str) -> Function {
        let returns = script.name(function.returns.name.symbol);
        let parameters = script.list(function.parameters).iter().map(|parameter| Parameter {
            name: self.scope.share(script, parameter.name.symbol),
            kind: kind_of_type(script.name(parameter.of.name.symbol)),
        });
        Function {
            name: path.to_owned(),
            source: SourceId(self.unit as u16),
            at: function.at,
            parameters: parameters.collect(),
            is_void: returns.eq_ignore_ascii_case("void"),
            returns: kind_of_type(returns),
            slots: 0,
            variables: Vec::new(),
            inputs: Vec::new(),
            calls: Vec::new(),
            body: Box::default(),
        }
    }

    /// Resolves the bodies of one file's functions.
    fn functions_of(&mut self, unit: usize, script: &'a Script) {
        self.unit = unit;
        self.scope.enter_file(script);
        let first = self
            .declared
            .iter()
            .position(|(declared, _)| *declared == unit)
            .unwrap_or_default();
        for (index, function) in script.functions.iter().enumerate() {
            let id = first + index;
            self.lint_types(script, function);
            self.scope.enter(script);
            for parameter in script.list(function.parameters) {
                if !self.scope.declare(parameter.name.symbol) {
                    let name = script.name(parameter.name.symbol);
                    self.report(
                        Code::DuplicateName,
                        parameter.name.at,
                        format!("the parameter `{name}` stands twice"),
                        None,
                    );
                }
                if kind_of_type(script.name(parameter.of.name.symbol)).is_none() {
                    self.scope.note_foreign(parameter.name.symbol);
                }
            }
            let declared = &self.program.functions[id];
            self.promise = match declared.returns {
                _ if declared.is_void => Promise::Nothing,
                Some(kind) => Promise::Kind(kind),
                None => Promise::Open,
            };
            self.scope.collect(script, function.body);
            let body = self.block(function.body);
            self.check_returns(script, function);
            self.finish(id, body);
        }
    }

    /// Resolves the statements outside functions and decides what runs first.
    fn main_body(&mut self) {
        let Some(unit) = self.units.first() else { return };
        let script = unit.script;
        let own = script.functions.len();
        if script.body.is_empty() && own > 0 {
            self.program.entry = (own == 1).then_some(FunctionId(0));
            return;
        }
        self.unit = 0;
        self.scope.enter_file(script);
        self.promise = Promise::Open;
        self.scope.enter(script);
        self.scope.collect(script, script.body);
        self.know(script);
        let body = self.block(script.body);
        let id = self.program.functions.len();
        self.program.functions.push(Function {
            name: String::new(),
            source: SourceId(0),
            at: Span::new(0, unit.file.text().len() as u32),
            parameters: Vec::new(),
            is_void: false,
            returns: None,
            slots: 0,
            variables: Vec::new(),
            inputs: Vec::new(),
            calls: Vec::new(),
            body: Box::default(),
        });
        self.finish(id, body);
        self.program.entry = Some(FunctionId(id as u32));
    }

    /// Makes the names that have a value already inputs of the body, whatever it does with them: a value that the body
    /// does not get to replace stays.
    fn know(&mut self, script: &Script) {
        for (index, name) in script.names.iter().enumerate() {
            if self.options.known.contains(&&**name) {
                let symbol = ast::Symbol(index as u32);
                self.scope.know(symbol);
                self.read(symbol, Span::default());
            }
        }
    }

    fn finish(&mut self, id: usize, body: Box<[program::Statement]>) {
        let script = self.script();
        let resolved = self.scope.leave(script);
        let parameters = self.program.functions[id].parameters.len() as u32;
        let outside = (0..parameters)
            .map(Slot)
            .chain(resolved.inputs.iter().map(|(slot, _)| *slot));
        self.check_kinds(&body, resolved.variables.len(), outside);
        let function = &mut self.program.functions[id];
        function.body = body;
        function.slots = resolved.variables.len() as u32;
        function.variables = resolved.variables;
        function.inputs = resolved.inputs;
        function.calls = resolved.calls;
    }

    fn script(&self) -> &'a Script {
        self.units[self.unit].script
    }

    fn text(&self, span: Span) -> &'a str {
        self.units[self.unit].file.slice(span)
    }

    fn location(&self, span: Span) -> Location {
        Location {
            source: SourceId(self.unit as u16),
            span,
        }
    }

    fn error(&self, code: Code, at: Span, title: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, SourceId(self.unit as u16), at, title)
    }

    fn report(&mut self, code: Code, at: Span, title: impl Into<String>, help: Option<String>) {
        let diagnostic = self.error(code, at, title).help_if(help);
        self.diagnostics.push(diagnostic);
    }

    fn warn(&mut self, code: Code, at: Span, title: impl Into<String>, help: &str) {
        let diagnostic = Diagnostic::warning(code, SourceId(self.unit as u16), at, title).help(help);
        self.diagnostics.push(diagnostic);
    }

    /// The literal that is written so, made at its first use. How it is written tells its kind.
    fn constant(&mut self, written: &'a str, make: impl FnOnce(&str) -> Constant) -> ConstantId {
        let constants = &mut self.program.constants;
        *self.constants.entry(written).or_insert_with(|| {
            constants.push(make(written));
            ConstantId(constants.len() as u32 - 1)
        })
    }

    /// The input of this name, made at its first use.
    fn input(&mut self, name: &str, at: Span) -> InputId {
        if let Some(id) = self.inputs.get(name) {
            return *id;
        }
        let id = InputId(self.program.inputs.len() as u32);
        let similar = self.scope.similar(self.script(), name);
        let at = self.location(at);
        self.program.inputs.push(Input {
            name: name.to_owned(),
            at,
            similar,
            meant: builtins::foreign_value(name),
        });
        self.inputs.insert(name.to_owned(), id);
        id
    }
}

/// The dotted name of a function.
fn path<'s>(script: &'s Script, function: &ast::Function) -> Cow<'s, str> {
    match script.list(function.path) {
        [name] => Cow::Borrowed(script.name(name.symbol)),
        parts => {
            let parts: Vec<&str> = parts.iter().map(|part| script.name(part.symbol)).collect();
            Cow::Owned(parts.join("."))
        }
    }
}
