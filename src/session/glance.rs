//! A look at what an expression would give, without doing anything: only what is known to be free of effects is
//! computed, and only for a moment. Completion asks for kinds this way.

use std::sync::Arc;
use std::time::Duration;

use super::Session;
use super::read::{Reading, Whole, read};
use crate::builtins::{Builtin, Effect, Returns};
use crate::host::{Cancel, Host, Limits, NoAuthority, NoNetwork};
use crate::interpret::{self, Start};
use crate::resolve::program::{Expression, Program, Statement};
use crate::value::{Kind, Value};

/// How long a look may take.
const MOMENT: Duration = Duration::from_millis(40);

impl Session {
    /// The value of an expression that only reads variables and calls built-ins without effects.
    pub(super) fn glance(&self, expression: &str) -> Option<Value> {
        if let Some(value) = self.variables.get(expression) {
            return Some(value.clone());
        }
        let whole = self.expression(expression)?;
        let (mut program, _) = self.compile(&whole).ok()?;
        let entry = program.entry?;
        let known = |name: &str| self.variables.contains_key(name);
        let inputs = program.inputs_of(entry);
        if !is_harmless(&program) || !inputs.iter().all(|id| known(&program.inputs[id.0 as usize].name)) {
            return None;
        }
        super::show_last(&mut program);
        let host = Host {
            http: Arc::new(NoNetwork),
            authority: Arc::new(NoAuthority),
            ..self.host.clone()
        };
        let limits = Limits {
            time: Some(MOMENT),
            statements: 8,
            memory: 16 << 20,
            ..Limits::zoho()
        };
        let start = Start::of(entry, self.inputs(), limits, Cancel::new());
        interpret::run(&program, &host, &self.settings, start).result.ok()
    }

    /// The kind of an expression: of its value where that can be had, else what its last call promises.
    pub fn kind_of(&self, expression: &str) -> Option<Kind> {
        if let Some(value) = self.glance(expression) {
            return Some(value.kind());
        }
        let whole = self.expression(expression)?;
        let (program, _) = self.compile(&whole).ok()?;
        let body = &program.function(program.entry?).body;
        let Some(Statement::Evaluate(last)) = body.last() else {
            return None;
        };
        match last {
            Expression::Call(call) => program.function(call.function).returns,
            Expression::Builtin(call) => promised(std::iter::once(call.builtin)),
            Expression::Method(method) => promised(method.group.variants()),
            _ => None,
        }
    }

    /// The text as a single expression.
    fn expression(&self, text: &str) -> Option<Whole> {
        let Reading::Whole(whole) = read("", text, self.settings.profile) else {
            return None;
        };
        (whole.script.body.len() == 1 && whole.script.functions.is_empty()).then_some(*whole)
    }
}

/// The kind that all variants promise.
fn promised(mut variants: impl Iterator<Item = &'static Builtin>) -> Option<Kind> {
    let kind = |builtin: &Builtin| match builtin.returns {
        Returns::Kind(kind) => Some(kind),
        _ => None,
    };
    let first = kind(variants.next()?)?;
    variants.all(|builtin| kind(builtin) == Some(first)).then_some(first)
}

/// Whether the main body is one expression without effects.
fn is_harmless(program: &Program) -> bool {
    let Some(entry) = program.entry else { return false };
    let [Statement::Evaluate(expression)] = &*program.function(entry).body else {
        return false;
    };
    let quiet = |builtin: &Builtin| matches!(builtin.effect, Effect::Pure | Effect::Ambient);
    let mut harmless = true;
    expression.each(&mut |inner| {
        harmless &= match inner {
            Expression::Call(_) | Expression::HostCall(_) | Expression::Invoke(_) | Expression::SendMail(_) => false,
            Expression::Builtin(call) => quiet(call.builtin),
            Expression::Method(method) => method.group.variants().all(quiet),
            _ => true,
        };
    });
    harmless
}
