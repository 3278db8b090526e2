//! A compiled script, and what is known about it without running it.

use std::fmt;
use std::sync::Arc;

use super::{Call, Runtime};
use crate::diagnostic::Diagnostic;
use crate::resolve::program::{FunctionId, Program};
use crate::value::Kind;

/// A compiled script. Cheap to clone; may be called from many threads at once.
#[derive(Clone)]
pub struct Compiled(Arc<Script>);

struct Script {
    program: Program,
    runtime: Runtime,
    warnings: Vec<Diagnostic>,
}

impl fmt::Debug for Compiled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Compiled")
            .field("functions", &self.functions())
            .finish_non_exhaustive()
    }
}

/// A function of a script, as a caller needs to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionInfo<'s> {
    /// Its dotted name.
    pub name: &'s str,
    /// Its parameters with the kinds that their types stand for; `None` for types that only Zoho has.
    pub parameters: Vec<(&'s str, Option<Kind>)>,
    /// The names that it, or what it calls, reads and nothing assigns: they are given like parameters.
    pub inputs: Vec<&'s str>,
}

impl Compiled {
    pub(super) fn new(program: Program, runtime: Runtime, warnings: Vec<Diagnostic>) -> Self {
        Self(Arc::new(Script {
            program,
            runtime,
            warnings,
        }))
    }

    /// The dotted names of its functions, libraries included.
    pub fn functions(&self) -> Vec<&str> {
        let names = self.program().functions.iter().map(|function| function.name.as_str());
        names.filter(|name| !name.is_empty()).collect()
    }

    /// One of its functions, by its dotted name.
    pub fn function(&self, name: &str) -> Option<FunctionInfo<'_>> {
        let id = self.program().find(name)?;
        let function = self.program().function(id);
        let parameters = function.parameters.iter();
        Some(FunctionInfo {
            name: &function.name,
            parameters: parameters.map(|parameter| (&*parameter.name, parameter.kind)).collect(),
            inputs: self.free(id),
        })
    }

    /// The names that a run of the main body, or of the only function, has to be given.
    pub fn inputs(&self) -> Vec<&str> {
        let Some(entry) = self.program().entry else {
            return Vec::new();
        };
        let parameters = self.program().function(entry).parameters.iter();
        let mut needed: Vec<&str> = parameters.map(|parameter| &*parameter.name).collect();
        let free = self.free(entry);
        free.into_iter().for_each(|name| {
            if !needed.contains(&name) {
                needed.push(name);
            }
        });
        needed
    }

    /// The connection link names that stand as literals in it.
    pub fn connections(&self) -> Vec<&str> {
        let links = self.program().connections.iter().map(|(link, _)| link.as_str());
        let mut links: Vec<&str> = links.collect();
        links.sort_unstable();
        links.dedup();
        links
    }

    /// What was warned about when it was compiled.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.0.warnings
    }

    /// The resolved program.
    pub fn program(&self) -> &Program {
        &self.0.program
    }

    /// The runtime that compiled it.
    pub fn runtime(&self) -> &Runtime {
        &self.0.runtime
    }

    /// Begins a call of the main body, or of the only function of a script without one.
    pub fn call(&self) -> Call {
        Call::new(self.clone())
    }

    /// What a function reads and nothing assigns.
    fn free(&self, function: FunctionId) -> Vec<&str> {
        let inputs = self.program().inputs_of(function).into_iter();
        inputs
            .map(|id| self.program().inputs[id.0 as usize].name.as_str())
            .filter(|name| *name != "input")
            .collect()
    }
}
