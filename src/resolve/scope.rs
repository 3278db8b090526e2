//! The variables of one function: which names are assigned, which are inputs, and the slot of each.

use std::collections::HashSet;
use std::sync::Arc;

use super::program::{FunctionId, InputId, Slot};
use crate::diagnostic::nearest;
use crate::syntax::ast::{Block, ExpressionKind, Script, StatementKind, Symbol};

/// The names of the function being resolved. Its tables are kept from function to function, so that a file of ten
/// thousand functions costs no more than its size.
#[derive(Default)]
pub(super) struct Scope {
    /// By symbol: what is known of the name, if `epoch` is the present one.
    names: Vec<Known>,
    epoch: u32,
    /// By symbol: the name as functions share it, made at its first use.
    shared: Vec<Option<Arc<str>>>,
    slots: Vec<Symbol>,
    assigned: Vec<Symbol>,
    inputs: Vec<(Slot, InputId)>,
    calls: HashSet<FunctionId>,
    /// Room for the blocks that [`Scope::collect`] has still to look at.
    blocks: Vec<Block>,
    /// How many loops enclose the present statement.
    pub(super) loops: u32,
}

#[derive(Clone, Copy, Default)]
struct Known {
    epoch: u32,
    slot: Option<Slot>,
    /// Assigned somewhere in the function.
    assigned: bool,
    /// Assigned in the text read so far, or a parameter, or an input already.
    defined: bool,
    /// Takes something from outside at some place: an input, a record of a form. It may have methods that no built-in is.
    foreign: bool,
}

/// What is left of a function's scope when it is resolved.
pub(super) struct Resolved {
    pub(super) variables: Vec<Arc<str>>,
    pub(super) inputs: Vec<(Slot, InputId)>,
    pub(super) calls: Vec<FunctionId>,
}

impl Scope {
    /// Begins a file.
    pub(super) fn enter_file(&mut self, script: &Script) {
        self.shared.clear();
        self.shared.resize(script.names.len(), None);
    }

    /// A name as functions share it.
    pub(super) fn share(&mut self, script: &Script, symbol: Symbol) -> Arc<str> {
        let shared = &mut self.shared[symbol.0 as usize];
        Arc::clone(shared.get_or_insert_with(|| script.name(symbol).into()))
    }

    /// Begins a function of this script.
    pub(super) fn enter(&mut self, script: &Script) {
        self.epoch += 1;
        self.names
            .resize(script.names.len().max(self.names.len()), Known::default());
        self.slots.clear();
        self.assigned.clear();
        self.inputs.clear();
        self.calls.clear();
        self.loops = 0;
    }

    fn known(&mut self, symbol: Symbol) -> &mut Known {
        let epoch = self.epoch;
        let known = &mut self.names[symbol.0 as usize];
        if known.epoch != epoch {
            *known = Known {
                epoch,
                ..Known::default()
            };
        }
        known
    }

    /// Gives a parameter its slot; `false` where the name is taken.
    pub(super) fn declare(&mut self, symbol: Symbol) -> bool {
        let fresh = !self.known(symbol).defined;
        self.note_assigned(symbol);
        self.define(symbol);
        if !fresh {
            self.slots.push(symbol);
        }
        fresh
    }

    /// Notes every name that a block assigns, wherever it stands in it.
    pub(super) fn collect(&mut self, script: &Script, block: Block) {
        let mut waiting = std::mem::take(&mut self.blocks);
        waiting.push(block);
        while let Some(block) = waiting.pop() {
            for id in script.list(block) {
                self.collect_statement(script, script.statement(*id).kind, &mut waiting);
            }
        }
        self.blocks = waiting;
    }

    fn collect_statement(&mut self, script: &Script, kind: StatementKind, inner: &mut Vec<Block>) {
        match kind {
            StatementKind::Assign { target, .. } => {
                if let ExpressionKind::Name(symbol) = script.expression(target).kind {
                    self.note_assigned(symbol);
                }
            }
            StatementKind::If { arms, otherwise } => {
                inner.extend(script.list(arms).iter().map(|arm| arm.body).chain(otherwise));
            }
            StatementKind::ForEach { variable, body, .. } => {
                self.note_assigned(variable.symbol);
                inner.push(body);
            }
            StatementKind::While { body, .. } | StatementKind::Block(body) => inner.push(body),
            StatementKind::Try(attempt) => {
                let attempt = script.part(attempt);
                inner.push(attempt.body);
                if let Some(catch) = attempt.catch {
                    catch
                        .variable
                        .iter()
                        .for_each(|variable| self.note_assigned(variable.symbol));
                    inner.push(catch.body);
                }
            }
            _ => {}
        }
    }

    /// Makes a name a variable, though nothing in the text assigns it.
    pub(super) fn know(&mut self, symbol: Symbol) {
        self.note_assigned(symbol);
    }

    fn note_assigned(&mut self, symbol: Symbol) {
        let known = self.known(symbol);
        if !known.assigned {
            known.assigned = true;
            self.assigned.push(symbol);
        }
    }

    /// Whether the function assigns the name anywhere, or has it as parameter.
    pub(super) fn is_variable(&mut self, symbol: Symbol) -> bool {
        let known = self.known(symbol);
        known.assigned || known.defined
    }

    /// Whether the name has a value where the text has been read up to.
    pub(super) fn is_defined(&mut self, symbol: Symbol) -> bool {
        self.known(symbol).defined
    }

    /// The slot of a name that is assigned here.
    pub(super) fn define(&mut self, symbol: Symbol) -> Slot {
        let next = Slot(self.slots.len() as u32);
        let known = self.known(symbol);
        known.defined = true;
        let slot = *known.slot.get_or_insert(next);
        if slot == next {
            self.slots.push(symbol);
        }
        slot
    }

    /// Whether the name may hold something from outside where the text has been read up to.
    pub(super) fn is_foreign(&mut self, symbol: Symbol) -> bool {
        let known = self.known(symbol);
        known.foreign || !known.assigned && !known.defined
    }

    /// Notes that the name may hold something from outside.
    pub(super) fn note_foreign(&mut self, symbol: Symbol) {
        self.known(symbol).foreign = true;
    }

    /// Makes a name an input: its slot is filled when the function is called.
    pub(super) fn define_input(&mut self, symbol: Symbol, input: InputId) -> Slot {
        self.note_foreign(symbol);
        let slot = self.define(symbol);
        self.inputs.push((slot, input));
        slot
    }

    /// The name of the variable in a slot.
    pub(super) fn name(&self, script: &Script, slot: Slot) -> Box<str> {
        let symbol = self.slots.get(slot.0 as usize);
        symbol.map_or_else(Box::default, |symbol| script.name(*symbol).into())
    }

    /// Notes that the function calls another.
    pub(super) fn call(&mut self, function: FunctionId) {
        self.calls.insert(function);
    }

    /// A variable of a similar name.
    pub(super) fn similar(&self, script: &Script, name: &str) -> Option<String> {
        nearest(name, self.assigned.iter().map(|symbol| script.name(*symbol))).map(str::to_owned)
    }

    /// Ends the function.
    pub(super) fn leave(&mut self, script: &Script) -> Resolved {
        let mut calls: Vec<FunctionId> = self.calls.drain().collect();
        calls.sort_by_key(|id| id.0);
        let slots = std::mem::take(&mut self.slots);
        let variables = slots.iter().map(|symbol| self.share(script, *symbol)).collect();
        self.slots = slots;
        Resolved {
            variables,
            inputs: std::mem::take(&mut self.inputs),
            calls,
        }
    }
}
