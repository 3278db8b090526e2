//! The embedding API: compile a script once, call it many times from many threads.
//!
//! ```
//! use dgscript::Runtime;
//!
//! let runtime = Runtime::builder().build();
//! let script = runtime.compile("hello.dg", r#"info "Hello " + name; return name.length();"#)?;
//! let outcome = script.call().input("name", "Ada").run()?;
//! assert_eq!(outcome.lines(), ["Hello Ada"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::{Code, Diagnostic, Severity, render};
use crate::host::{Cancel, EvalError, Host, InfoLine, Limits, Log, Raise, RequestRecord, Settings, Usage, UserId};
use crate::interpret::{self, Ran, Start};
use crate::resolve::program::{FunctionId, Program};
use crate::resolve::{self, Unit};
use crate::source::{SourceFile, SourceId};
use crate::syntax;
use crate::value::{Data, Value};

/// Compiles scripts and holds what their runs share: host, settings, limits. Cheap to clone.
#[derive(Clone)]
pub struct Runtime(Arc<Shared>);

struct Shared {
    host: Host,
    settings: Settings,
    limits: Limits,
}

/// Builds a [`Runtime`]. Without a word it has no network, no connections, a clock that stands still, and the limits of
/// [`Limits::local`].
pub struct RuntimeBuilder {
    host: Host,
    settings: Settings,
    limits: Limits,
}

impl Runtime {
    /// Begins a runtime on a host of fakes: a script reaches nothing but what the builder is given.
    pub fn builder() -> RuntimeBuilder {
        RuntimeBuilder {
            host: Host::fake(),
            settings: Settings::default(),
            limits: Limits::local(),
        }
    }

    /// Compiles one script.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn compile(&self, name: &str, text: &str) -> Result<Compiled, CompileError> {
        self.compile_with(SourceFile::new(name, text), Vec::new())
    }

    /// Compiles a script with libraries, whose functions it may call.
    ///
    /// # Errors
    /// Everything that is wrong with any of the files.
    pub fn compile_with(&self, script: SourceFile, libraries: Vec<SourceFile>) -> Result<Compiled, CompileError> {
        let (program, diagnostics) = self.check(script, libraries);
        let failed = diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error);
        if failed {
            return Err(CompileError {
                diagnostics,
                sources: program.sources,
            });
        }
        Ok(Compiled {
            program: Arc::new(program),
            runtime: self.clone(),
            warnings: diagnostics,
        })
    }

    /// Parses and resolves, and reports everything, warnings included. The program is complete only where no error is
    /// among the messages.
    pub fn check(&self, script: SourceFile, libraries: Vec<SourceFile>) -> (Program, Vec<Diagnostic>) {
        let profile = self.0.settings.profile;
        let files: Vec<Arc<SourceFile>> = std::iter::once(script).chain(libraries).map(Arc::new).collect();
        let parse =
            |(index, file): (usize, &Arc<SourceFile>)| syntax::parse(file.text(), SourceId(index as u16), profile);
        let parsed: Vec<syntax::Parsed> = files.iter().enumerate().map(parse).collect();
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        let mut broken = false;
        for part in &parsed {
            broken |= part
                .diagnostics
                .iter()
                .any(|diagnostic| diagnostic.severity == Severity::Error);
            diagnostics.extend(part.diagnostics.iter().cloned());
        }
        let units = parsed.iter().zip(&files);
        let units: Vec<Unit<'_>> = units
            .map(|(parsed, file)| Unit {
                script: &parsed.script,
                file: Arc::clone(file),
            })
            .collect();
        let options = resolve::Options {
            profile,
            host: &*self.0.host.functions,
            ..resolve::Options::default()
        };
        let (program, resolved) = resolve::resolve(&units, &options);
        // What follows from a broken statement is noise beside the message about it.
        diagnostics.extend(
            resolved
                .into_iter()
                .filter(|diagnostic| !broken || diagnostic.severity == Severity::Error && !follows(diagnostic.code)),
        );
        diagnostics.sort_by_key(|diagnostic| diagnostic.at.map(|at| (at.source, at.span.start)));
        (program, diagnostics)
    }

    /// The host that runs share.
    pub fn host(&self) -> &Host {
        &self.0.host
    }

    /// The settings that runs share.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The limits of each run.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }
}

/// Whether a message of the resolver is likely to be about nothing but a statement that did not parse.
fn follows(code: Code) -> bool {
    matches!(
        code,
        Code::MissingReturn | Code::UndefinedVariable | Code::MisplacedStatement
    )
}

impl RuntimeBuilder {
    /// The whole host.
    #[must_use]
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// The settings.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The limits of each run.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The runtime.
    pub fn build(self) -> Runtime {
        Runtime(Arc::new(Shared {
            host: self.host,
            settings: self.settings,
            limits: self.limits,
        }))
    }
}

/// A compiled script. Cheap to clone; may be called from many threads at once.
#[derive(Clone)]
pub struct Compiled {
    program: Arc<Program>,
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

impl Compiled {
    /// The dotted names of its functions, libraries included.
    pub fn functions(&self) -> Vec<&str> {
        let names = self.program.functions.iter().map(|function| function.name.as_str());
        names.filter(|name| !name.is_empty()).collect()
    }

    /// The names that a run of the main body, or of the only function, has to be given.
    pub fn inputs(&self) -> Vec<&str> {
        self.program.entry.map(|entry| self.needed(entry)).unwrap_or_default()
    }

    /// The connection link names that stand as literals in it.
    pub fn connections(&self) -> Vec<&str> {
        let mut links: Vec<&str> = self.program.connections.iter().map(|(link, _)| link.as_str()).collect();
        links.sort_unstable();
        links.dedup();
        links
    }

    /// What was warned about when it was compiled.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The resolved program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Begins a call of the main body, or of the only function of a script without one.
    pub fn call(&self) -> Call<'_> {
        Call {
            script: self,
            function: None,
            inputs: Vec::new(),
            user: None,
            log: None,
            keeps_lines: true,
            limits: None,
            cancel: Cancel::new(),
        }
    }

    fn needed(&self, entry: FunctionId) -> Vec<&str> {
        let parameters = self
            .program
            .function(entry)
            .parameters
            .iter()
            .map(|parameter| parameter.name.as_str());
        let inputs = self
            .program
            .inputs_of(entry)
            .into_iter()
            .map(|id| self.program.inputs[id.0 as usize].name.as_str());
        let mut needed: Vec<&str> = parameters.collect();
        inputs.filter(|name| *name != "input").for_each(|name| {
            if !needed.contains(&name) {
                needed.push(name)
            }
        });
        needed
    }
}

/// One call of a script, being prepared.
pub struct Call<'s> {
    script: &'s Compiled,
    function: Option<String>,
    inputs: Vec<(String, Data)>,
    user: Option<UserId>,
    log: Option<Arc<dyn Log>>,
    keeps_lines: bool,
    limits: Option<Limits>,
    cancel: Cancel,
}

impl Call<'_> {
    /// Calls this function instead of the main body; the name is dotted where the function has a namespace.
    #[must_use]
    pub fn function(mut self, name: &str) -> Self {
        self.function = Some(name.to_owned());
        self
    }

    /// Supplies an input, or a parameter by its name. The last value of a name counts.
    #[must_use]
    pub fn input(mut self, name: &str, value: impl Into<Data>) -> Self {
        self.inputs.retain(|(known, _)| known != name);
        self.inputs.push((name.to_owned(), value.into()));
        self
    }

    /// Runs on behalf of this user.
    #[must_use]
    pub fn user(mut self, user: UserId) -> Self {
        self.user = Some(user);
        self
    }

    /// Sends the lines of `info` here as they come, and to the outcome as well.
    #[must_use]
    pub fn log(mut self, log: Arc<dyn Log>) -> Self {
        self.log = Some(log);
        self
    }

    /// Leaves the lines of `info` out of the outcome: a long run that prints to its log then stays small.
    #[must_use]
    pub fn forget_lines(mut self) -> Self {
        self.keeps_lines = false;
        self
    }

    /// Limits for this call alone.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Stops the call when this handle is cancelled.
    #[must_use]
    pub fn cancel(mut self, cancel: Cancel) -> Self {
        self.cancel = cancel;
        self
    }

    /// Runs it on this thread and waits.
    ///
    /// # Errors
    /// The script cannot be started, or stopped with an error.
    pub fn run(self) -> Result<Outcome, Box<RunError>> {
        let entry = self.entry()?;
        self.check_inputs(entry)?;
        let shared = &self.script.runtime.0;
        let lines = Arc::new(Lines {
            kept: self.keeps_lines.then(Mutex::default),
            further: self.log,
        });
        let mut host = shared.host.clone();
        host.log = Arc::<Lines>::clone(&lines);
        if let Some(user) = self.user {
            host.user = user;
        }
        let limits = self.limits.unwrap_or_else(|| shared.limits.clone());
        let dates = &shared.settings.dates;
        let inputs: Vec<(String, Value)> = self
            .inputs
            .into_iter()
            .map(|(name, data)| (name, data.into_value(dates)))
            .collect();
        let start = Start {
            function: entry,
            inputs: &inputs,
            limits,
            cancel: self.cancel,
        };
        let ran = interpret::run(&self.script.program, &host, &shared.settings, start);
        let info = lines.take();
        conclude(ran, info, &self.script.program.sources, &shared.settings)
    }

    /// Which function the call begins with.
    fn entry(&self) -> Result<FunctionId, Box<RunError>> {
        let program = &self.script.program;
        if let Some(name) = &self.function {
            let ends_so = |function: &&str| function.rsplit('.').next() == Some(name.as_str());
            let known = self.script.functions();
            let full = if known.contains(&name.as_str()) {
                Some(name.as_str())
            } else {
                known.iter().copied().find(ends_so)
            };
            return full.and_then(|full| program.find(full)).ok_or_else(|| {
                let title = format!("Not able to find '{name}' function");
                let help = format!("the functions are {}", known.join(", "));
                self.refuse(
                    Diagnostic::placeless(Code::NoSuchEntry, title).help_if((!known.is_empty()).then_some(help)),
                )
            });
        }
        program.entry.ok_or_else(|| {
            let help = format!("name one of its functions: {}", self.script.functions().join(", "));
            let title = "the file has several functions and no statement outside them, so nothing says what to run";
            self.refuse(Diagnostic::placeless(Code::NoSuchEntry, title).help(help))
        })
    }

    /// Refuses a run whose inputs are not all supplied (DECISIONS: 10).
    fn check_inputs(&self, entry: FunctionId) -> Result<(), Box<RunError>> {
        let program = &self.script.program;
        let given = |name: &str| self.inputs.iter().any(|(known, _)| known == name);
        for id in program.inputs_of(entry) {
            let input = &program.inputs[id.0 as usize];
            if given(&input.name) || input.name == "input" {
                continue;
            }
            let title = format!("Variable '{}' is not defined", input.name);
            let help = match &input.similar {
                Some(similar) => format!("there is a variable of a similar name: `{similar}`"),
                None => format!(
                    "assign it before it is read, or supply it as an input (`--arg {}=...`)",
                    input.name
                ),
            };
            let diagnostic = Diagnostic::error(Code::UndefinedVariable, input.at.source, input.at.span, title);
            return Err(self.refuse(diagnostic.label("nothing assigns it before").help(help)));
        }
        let function = program.function(entry);
        if let Some(missing) = function.parameters.iter().find(|parameter| !given(&parameter.name)) {
            let title = format!(
                "Variable '{}' is not defined: the parameter was not supplied",
                missing.name
            );
            let diagnostic = Diagnostic::error(Code::UndefinedVariable, function.source, function.at, title);
            return Err(self.refuse(diagnostic.help(format!("supply it (`--arg {}=...`)", missing.name))));
        }
        Ok(())
    }

    fn refuse(&self, diagnostic: Diagnostic) -> Box<RunError> {
        Box::new(RunError {
            kind: RunErrorKind::NotStarted,
            diagnostic,
            sources: self.script.program.sources.clone(),
            info: Vec::new(),
            usage: Usage::default(),
            requests: Vec::new(),
            warnings: Vec::new(),
        })
    }
}

/// Keeps lines and hands them on.
struct Lines {
    kept: Option<Mutex<Vec<InfoLine>>>,
    further: Option<Arc<dyn Log>>,
}

impl Lines {
    fn take(&self) -> Vec<InfoLine> {
        let kept = self
            .kept
            .as_ref()
            .map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner));
        kept.map(|mut kept| std::mem::take(&mut *kept)).unwrap_or_default()
    }
}

impl Log for Lines {
    fn info(&self, line: &InfoLine) {
        if let Some(further) = &self.further {
            further.info(line);
        }
        if let Some(kept) = &self.kept {
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(line.clone());
        }
    }
}

/// What a run gave, as plain data.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What the script returned; null where it returned nothing.
    pub result: Data,
    /// What it printed.
    pub info: Vec<InfoLine>,
    /// What it used.
    pub usage: Usage,
    /// The requests it made, without secrets.
    pub requests: Vec<RequestRecord>,
    /// Warnings that only running could find.
    pub warnings: Vec<Diagnostic>,
}

impl Outcome {
    /// The texts of the printed lines.
    pub fn lines(&self) -> Vec<&str> {
        self.info.iter().map(|line| line.text.as_str()).collect()
    }
}

/// Which way a run ended without a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunErrorKind {
    /// It was not started: an input is missing, or there is no such function.
    NotStarted,
    /// The script failed or threw, and nothing caught it.
    Failed,
    /// A connection or the store failed, and nothing caught it.
    Connection,
    /// A limit was reached.
    Exhausted,
    /// It was cancelled.
    Cancelled,
}

/// Why a run has no result, with what it did until then.
#[derive(Clone, Debug)]
pub struct RunError {
    /// Which way.
    pub kind: RunErrorKind,
    /// The message.
    pub diagnostic: Diagnostic,
    /// The files that the message points into.
    pub sources: Vec<Arc<SourceFile>>,
    /// What the script printed before.
    pub info: Vec<InfoLine>,
    /// What it used.
    pub usage: Usage,
    /// The requests it made, without secrets.
    pub requests: Vec<RequestRecord>,
    /// Warnings that only running could find.
    pub warnings: Vec<Diagnostic>,
}

impl fmt::Display for RunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(render::plain(&self.diagnostic, &self.sources).trim_end())
    }
}

impl std::error::Error for RunError {}

/// Why a script does not compile.
#[derive(Clone, Debug)]
pub struct CompileError {
    /// Errors and warnings, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that they point into.
    pub sources: Vec<Arc<SourceFile>>,
}

impl fmt::Display for CompileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error);
        for (index, diagnostic) in errors.enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(
                formatter,
                "{separator}{}",
                render::plain(diagnostic, &self.sources).trim_end()
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for CompileError {}

fn conclude(
    ran: Ran,
    info: Vec<InfoLine>,
    sources: &[Arc<SourceFile>],
    settings: &Settings,
) -> Result<Outcome, Box<RunError>> {
    let Ran {
        result,
        usage,
        requests,
        warnings,
        ..
    } = ran;
    let result = result.and_then(|value| {
        Data::from_value(&value, &settings.dates).map_err(|_| {
            EvalError::failed(
                Code::ContainsItself,
                "the result contains itself, or is nested too deeply",
            )
        })
    });
    match result {
        Ok(result) => Ok(Outcome {
            result,
            info,
            usage,
            requests,
            warnings,
        }),
        Err(error) => Err(Box::new(RunError {
            kind: RunErrorKind::of(&error),
            diagnostic: interpret::report::diagnostic(&error),
            sources: sources.to_vec(),
            info,
            usage,
            requests,
            warnings,
        })),
    }
}

impl RunErrorKind {
    /// The way in which this error ends a run.
    pub(crate) fn of(error: &EvalError) -> Self {
        match &error.raise {
            Raise::Exhausted(crate::host::LimitKind::Interrupted) => Self::Cancelled,
            Raise::Exhausted(_) => Self::Exhausted,
            Raise::Failed(failure) if failure.connection.is_some() => Self::Connection,
            _ => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Runtime>();
        shared::<Compiled>();
        shared::<Outcome>();
        shared::<RunError>();
    }
}
