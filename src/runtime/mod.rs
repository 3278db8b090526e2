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
//!
//! | step | type | what it is |
//! |---|---|---|
//! | build | [`RuntimeBuilder`] | what scripts may reach, their limits, the functions of the host |
//! | compile | [`Runtime`] | gives [`Compiled`], or a [`CompileError`] with every message |
//! | call | [`Call`] | inputs, user, deadline, cancellation; [`Call::run`] waits, [`Call::run_async`] is awaited |
//! | read | [`Outcome`], [`RunError`] | result, printed lines, usage, requests; or which way it failed |
#![cfg_attr(feature = "cli", doc = "\n")]
#![cfg_attr(feature = "cli", doc = include_str!("guide.md"))]

mod builder;
mod call;
mod compiled;
mod outcome;
mod workers;

use std::sync::Arc;

pub use builder::{RuntimeBuilder, UnknownZone};
pub use call::Call;
pub use compiled::{Compiled, FunctionInfo};
pub use outcome::{CompileError, Consent, Outcome, RunError, RunErrorKind};

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::host::{Host, Limits, NoAuthority, NoMail, NoNetwork, Settings, Signature};
use crate::resolve::program::Program;
use crate::resolve::{self, Unit};
use crate::source::{SourceFile, SourceId};
use crate::syntax;
use workers::Workers;

/// Compiles scripts and holds what their runs share: host, settings, limits. Cheap to clone.
#[derive(Clone)]
pub struct Runtime(Arc<Shared>);

struct Shared {
    host: Host,
    settings: Settings,
    limits: Limits,
    workers: Workers,
}

impl Runtime {
    /// Begins a runtime that reaches nothing but what the builder is given. Until it is given others, its clock stands
    /// still and its randomness is a fixed sequence, so that the same call gives the same outcome each time.
    pub fn builder() -> RuntimeBuilder {
        RuntimeBuilder::new(reaching_nothing())
    }

    /// Begins a runtime with the clock and the randomness of this machine. It reaches no network, no connections and no
    /// mail until the builder is given them.
    #[cfg(feature = "http")]
    pub fn system() -> RuntimeBuilder {
        use crate::host::UserId;
        use crate::system::{SystemClock, SystemRandom};
        RuntimeBuilder::new(Host {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            user: UserId::new("owner"),
            ..reaching_nothing()
        })
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
        Ok(Compiled::new(program, self.clone(), diagnostics))
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
            trace: self.0.settings.trace,
            ..resolve::Options::default()
        };
        let (program, resolved) = resolve::resolve(&units, &options);
        // What follows from a broken statement is noise beside the message about it.
        let is_foreign = diagnostics.iter().any(|found| found.code == Code::NotDeluge);
        diagnostics.extend(resolved.into_iter().filter(|diagnostic| {
            !broken || diagnostic.severity == Severity::Error && !follows(diagnostic.code, is_foreign)
        }));
        diagnostics.sort_by_key(|diagnostic| diagnostic.at.map(|at| (at.source, at.span.start)));
        (program, diagnostics)
    }

    /// The host that runs share.
    pub fn host(&self) -> &Host {
        &self.0.host
    }

    /// The functions that the host adds, for completion and documentation.
    pub fn functions(&self) -> Vec<&Signature> {
        self.0.host.functions.signatures()
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

/// A host that takes no request and no mail, and keeps nothing of them either; its clock stands still.
fn reaching_nothing() -> Host {
    Host {
        http: Arc::new(NoNetwork),
        authority: Arc::new(NoAuthority),
        mail: Arc::new(NoMail),
        ..Host::fake()
    }
}

/// Whether a message of the resolver is likely to be about nothing but a statement that did not parse. What another
/// language defines in its own way is not known here, so calls of it say nothing new.
fn follows(code: Code, is_foreign: bool) -> bool {
    match code {
        Code::MissingReturn | Code::UndefinedVariable | Code::MisplacedStatement => true,
        Code::ArgumentCount | Code::ArgumentKind | Code::VoidAsValue => true,
        Code::UnknownFunction => is_foreign,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
