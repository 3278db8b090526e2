//! `dg run`: compiles a script, gives it a host and its inputs, and tells what came of it.

use std::sync::Arc;

use serde_json::{Value, json};

use super::arguments::{LimitsName, RunArguments};
use super::exit::{Exit, Stop};
use super::links::Links;
use super::print::{Channel, InfoLines, Out, redacted};
use super::{connections, handler, host, inputs, interrupt, sources, watch};
use crate::bots::Handler;
use crate::diagnostic::{Code, Diagnostic, render};
use crate::host::{Authority, Cancel, InfoLine, Limits, RequestRecord, Usage};
use crate::runtime::{Compiled, Outcome, RunError, Runtime};
use crate::source::SourceFile;
use crate::value::DateSettings;

/// Runs a script and tells what came of it.
pub(super) fn run(arguments: &RunArguments, out: &Arc<Out>) -> Exit {
    let cancel = Cancel::new();
    match start(arguments, out, &cancel) {
        Ok(exit) => exit,
        Err(stop) => {
            if arguments.json {
                print_stop(out, &stop);
            }
            super::tell(&stop, out)
        }
    }
}

fn start(arguments: &RunArguments, out: &Arc<Out>, cancel: &Cancel) -> Result<Exit, Stop> {
    let script = sources::read_script(&arguments.file)?;
    let libraries = sources::read_libraries(&arguments.libraries)?;
    let runtime = Runtime::builder()
        .host(watch::around(host::host(arguments, out)?, &arguments.watch, out))
        .settings(host::settings(arguments)?)
        .limits(limits_of(arguments.limits))
        .build();
    let compiled = runtime.compile_with(script, libraries).map_err(|error| Stop {
        exit: Exit::NotCompiled,
        diagnostics: error.diagnostics,
        sources: error.sources,
    })?;
    let unknown = Links::of(&arguments.store).unknown(compiled.program());
    // A function that no file defines ends the run where it is called; where it is not, only `dg check` has to tell.
    let is_told = |warning: &&Diagnostic| warning.code != Code::UnknownFunction;
    for warning in compiled.warnings().iter().filter(is_told).chain(&unknown) {
        out.message(warning, &compiled.program().sources, Channel::Talk);
    }
    let event = arguments.handler.event(&*runtime.host().http)?;
    let inputs = inputs::gather(arguments)?;
    // The run that is asked to stop tells where it was.
    interrupt::cancels_once(cancel);
    let handler = event.as_ref().map(|event| event.handler);
    let mut call = event.map_or_else(|| compiled.call(), |event| event.into_call(&compiled));
    call = call.cancel(cancel.clone());
    if arguments.user.is_some() {
        call = call.user(runtime.host().user.clone());
    }
    if let Some(function) = &arguments.call {
        call = call.function(function);
    }
    for (name, value) in inputs {
        call = call.input(&name, value);
    }
    if !arguments.json {
        let lines = InfoLines {
            out: Arc::clone(out),
            cancel: cancel.clone(),
            channel: if handler.is_some() {
                Channel::Talk
            } else {
                Channel::Results
            },
        };
        call = call.log(Arc::new(lines)).forget_lines();
    }
    let report = Report {
        arguments,
        out,
        compiled: &compiled,
        handler,
        authority: &*runtime.host().authority,
        dates: &runtime.settings().dates,
    };
    Ok(match call.run() {
        Ok(outcome) => report.success(&outcome),
        Err(error) => {
            let exit = report.failure(&error);
            connections::offer(&error, &arguments.store, cancel, out)?;
            exit
        }
    })
}

/// The limits of this name.
pub(super) fn limits_of(name: LimitsName) -> Limits {
    match name {
        LimitsName::Local => Limits::local(),
        LimitsName::Zoho => Limits::zoho(),
    }
}

/// Tells what came of a run.
struct Report<'a> {
    arguments: &'a RunArguments,
    out: &'a Out,
    compiled: &'a Compiled,
    /// The handler that the run plays, whose reply is checked.
    handler: Option<&'static Handler>,
    authority: &'a dyn Authority,
    dates: &'a DateSettings,
}

impl Report<'_> {
    fn success(&self, outcome: &Outcome) -> Exit {
        self.warn(&outcome.warnings);
        let checked = self.handler.map(|handler| handler::check(handler, &outcome.result));
        let result = || inputs::to_json(&outcome.result, self.dates);
        if self.arguments.json {
            let wrong = checked.as_ref().and_then(|checked| checked.as_ref().err()?.first());
            let object = Object {
                info: lines(&outcome.info),
                result: result(),
                usage: outcome.usage,
                requests: self.requests(&outcome.requests),
                error: wrong.map_or(Value::Null, |wrong| render::json(wrong, self.sources())),
            };
            object.print(self.out);
        } else if self.handler.is_some() {
            self.out.line(&result());
        }
        let exit = if matches!(checked, Some(Err(_))) {
            Exit::Failed
        } else {
            Exit::Done
        };
        if let Some(Ok(noted) | Err(noted)) = checked {
            self.warn(&noted);
        }
        self.out
            .warn(&watch::unsuccessful(&outcome.requests), self.sources(), self.authority);
        self.tell_usage(&outcome.usage);
        exit
    }

    fn failure(&self, error: &RunError) -> Exit {
        if self.out.is_broken() {
            // The run was stopped because nobody reads its lines any more.
            return Exit::Done;
        }
        self.warn(&error.warnings);
        let diagnostic = redacted(&error.diagnostic, self.authority);
        if self.arguments.json {
            let object = Object {
                info: lines(&error.info),
                usage: error.usage,
                requests: self.requests(&error.requests),
                error: render::json(&diagnostic, &error.sources),
                ..Object::default()
            };
            object.print(self.out);
        }
        self.out.message(&diagnostic, &error.sources, Channel::Talk);
        self.out
            .warn(&watch::unsuccessful(&error.requests), self.sources(), self.authority);
        self.tell_usage(&error.usage);
        Exit::from(&error.kind)
    }

    fn warn(&self, warnings: &[Diagnostic]) {
        self.out.warn(warnings, self.sources(), self.authority);
    }

    fn sources(&self) -> &[Arc<SourceFile>] {
        &self.compiled.program().sources
    }

    fn requests(&self, requests: &[RequestRecord]) -> Value {
        let record = |request: &RequestRecord| {
            let place = request.at.and_then(|at| {
                let file = self.sources().get(usize::from(at.source.0))?;
                Some((file.name(), file.line_column(at.span.start).line))
            });
            json!({
                "method": request.method.as_str(),
                "url": self.authority.redact(&request.url),
                "status": request.outcome.as_ref().ok(),
                "error": request.outcome.as_ref().err().map(|error| self.authority.redact(error)),
                "connection": request.connection.as_ref().map(|link| link.as_str()),
                "milliseconds": request.took.as_millis() as u64,
                "bytes": request.bytes,
                "file": place.map(|(file, _)| file),
                "line": place.map(|(_, line)| line),
            })
        };
        requests.iter().map(record).collect()
    }

    /// How close the run came to where Zoho stops (DECISIONS: 21).
    fn tell_usage(&self, used: &Usage) {
        if self.arguments.limits != LimitsName::Zoho {
            return;
        }
        self.out.talk(&usage_against(used, &Limits::zoho()));
    }
}

/// What a run used, beside what it might have.
pub(super) fn usage_against(used: &Usage, limits: &Limits) -> String {
    format!(
        "used {} of {} statements, {} of {} nested calls, {} of {} KB of output, {} request{}, largest answer {} of {} KB",
        used.statements,
        limits.statements,
        used.depth,
        limits.depth,
        used.output_bytes.div_ceil(1024),
        limits.output_bytes / 1024,
        used.requests,
        if used.requests == 1 { "" } else { "s" },
        used.response_bytes.div_ceil(1024),
        limits.response_bytes / 1024,
    )
}

/// What `--json` prints.
struct Object {
    info: Value,
    /// JSON text: what a script returns may have more digits than a `serde_json` number.
    result: String,
    usage: Usage,
    requests: Value,
    error: Value,
}

impl Default for Object {
    fn default() -> Self {
        Self {
            info: json!([]),
            result: "null".to_owned(),
            usage: Usage::default(),
            requests: json!([]),
            error: Value::Null,
        }
    }
}

impl Object {
    fn print(&self, out: &Out) {
        let usage = usage(&self.usage);
        let text = format!(
            r#"{{"info":{},"result":{},"usage":{usage},"requests":{},"error":{}}}"#,
            self.info, self.result, self.requests, self.error
        );
        out.line(&text);
    }
}

fn lines(info: &[InfoLine]) -> Value {
    info.iter().map(|line| line.text.as_str()).collect()
}

fn usage(used: &Usage) -> Value {
    json!({
        "statements": used.statements,
        "depth": used.depth,
        "requests": used.requests,
        "memory": used.memory,
        "output_bytes": used.output_bytes,
        "response_bytes": used.response_bytes,
    })
}

/// The object of a run that did not start. The first error is the error; standard error has them all.
fn print_stop(out: &Out, stop: &Stop) {
    let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == crate::diagnostic::Severity::Error;
    let error = stop
        .diagnostics
        .iter()
        .find(is_error)
        .map(|error| render::json(error, &stop.sources));
    let error = error.unwrap_or(Value::Null);
    Object {
        error,
        ..Object::default()
    }
    .print(out);
}

/// The object of a run whose command line was not understood.
pub(super) fn print_refusal(out: &Out, title: &str) {
    let error = render::json(&Diagnostic::placeless(Code::Usage, title), &[]);
    Object {
        error,
        ..Object::default()
    }
    .print(out);
}
