//! A session: entries one after the other, which keep their variables and functions. Usable without a terminal.
//!
//! ```
//! use dgscript::Runtime;
//! use dgscript::host::Cancel;
//! use dgscript::session::Session;
//!
//! let mut session = Session::new(&Runtime::builder().build());
//! let cancel = Cancel::new();
//! session.enter("prices = {12, 30}", &cancel)?;
//! let reply = session.enter("prices.size() * 2", &cancel)?;
//! assert_eq!(session.show(reply.value.as_ref().unwrap(), 80), "4");
//! assert!(session.is_unfinished("if(true) {"));
//! # Ok::<(), Box<dgscript::session::Refusal>>(())
//! ```
//!
//! An entry is compiled with the names of the variables known so far; they are its inputs, and what it leaves in them
//! is what the next entry finds. An entry that fails assigns nothing.

mod changes;
mod complete;
mod glance;
mod read;
mod reply;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use indexmap::IndexMap;

use changes::Sums;
pub use complete::{Candidate, Completion};
use read::{Reading, Whole, read};
use reply::{MailCount, Shown};
pub use reply::{Refusal, Reply};

use crate::diagnostic::{Code, Diagnostic, Severity, nearest};
use crate::host::{Cancel, Host, Limits, Settings, UserId};
use crate::interpret::{self, Start};
use crate::resolve::program::{Expression, FunctionId, Program, Statement};
use crate::resolve::{self, Unit};
use crate::runtime::{RunErrorKind, Runtime};
use crate::source::{SourceFile, SourceId};
use crate::syntax;
use crate::syntax::ast::{Block, Script};
use crate::value::{Data, Entries, Fold, Key, Map, Tracked, Value};

/// The variable that holds the last value shown.
pub const LAST: &str = "_";

/// The most elements of a container that are shown.
const SHOWN_ELEMENTS: usize = 20;

/// Variables and functions, and the host that entries run against. Lives on one thread, as its values do.
pub struct Session {
    host: Host,
    settings: Settings,
    limits: Limits,
    variables: IndexMap<String, Value>,
    kept: Vec<Kept>,
    tracked: Tracked,
    entries: u32,
    transcript: Vec<String>,
}

/// A file whose functions are kept. Functions that were defined again later are taken out of the tree.
struct Kept {
    script: Script,
    file: Arc<SourceFile>,
}

impl Session {
    /// A session without variables, on the host and with the settings and limits of a runtime.
    pub fn new(runtime: &Runtime) -> Self {
        Self {
            host: runtime.host().clone(),
            settings: runtime.settings().clone(),
            limits: runtime.limits().clone(),
            variables: IndexMap::new(),
            kept: Vec::new(),
            tracked: Tracked::default(),
            entries: 0,
            transcript: Vec::new(),
        }
    }

    /// Whether more lines may make a script of a text that is none yet.
    pub fn is_unfinished(&self, text: &str) -> bool {
        matches!(read("", text, self.settings.profile), Reading::Unfinished)
    }

    /// Runs one entry: statements, of which the last may be an expression whose value is shown, and functions.
    ///
    /// # Errors
    /// The entry does not compile, or failed while running. It assigned nothing; what else it did is in the refusal.
    pub fn enter(&mut self, text: &str, cancel: &Cancel) -> Result<Reply, Box<Refusal>> {
        self.entries += 1;
        let name = format!("entry-{}", self.entries);
        let reply = match read(&name, text, self.settings.profile) {
            Reading::Whole(whole) => self.run(*whole, cancel),
            Reading::Wrong(diagnostics, file) => Err(Refusal::before(diagnostics, vec![file])),
            Reading::Unfinished => {
                let file = Arc::new(SourceFile::new(name, text));
                let parsed = syntax::parse(text, SourceId(0), self.settings.profile);
                Err(Refusal::before(parsed.diagnostics, vec![file]))
            }
        }?;
        self.note(text, reply.value.is_some());
        Ok(reply)
    }

    /// Runs the statements of a file as an entry and keeps its functions.
    ///
    /// # Errors
    /// As for [`Session::enter`].
    pub fn load(&mut self, file: SourceFile, cancel: &Cancel) -> Result<Reply, Box<Refusal>> {
        let parsed = syntax::parse(file.text(), SourceId(0), self.settings.profile);
        let file = Arc::new(file);
        if parsed.diagnostics.iter().any(|found| found.severity == Severity::Error) {
            return Err(Refusal::before(parsed.diagnostics, vec![file]));
        }
        let whole = Whole {
            script: parsed.script,
            file: Arc::clone(&file),
            warnings: parsed.diagnostics,
        };
        let reply = self.run(whole, cancel)?;
        self.note(file.text(), false);
        Ok(reply)
    }

    fn run(&mut self, whole: Whole, cancel: &Cancel) -> Result<Reply, Box<Refusal>> {
        let (mut program, warnings) = self.compile(&whole)?;
        let shown = show_last(&mut program);
        let entry = program.entry.filter(|_| !whole.script.body.is_empty());
        let mut reply = Reply {
            warnings,
            sources: program.sources.clone(),
            ..Reply::default()
        };
        if let Some(entry) = entry {
            self.check_inputs(&program, entry)?;
            self.execute(&program, (entry, shown), cancel, &mut reply)?;
        }
        reply.defined = self.keep(whole);
        Ok(reply)
    }

    /// Resolves an entry together with the functions kept so far.
    fn compile(&self, whole: &Whole) -> Result<(Program, Vec<Diagnostic>), Box<Refusal>> {
        let new = Unit {
            script: &whole.script,
            file: Arc::clone(&whole.file),
        };
        let remaining: Vec<Kept> = self.kept.iter().map(|kept| kept.without(&whole.script)).collect();
        let known = remaining.iter().map(|kept| Unit {
            script: &kept.script,
            file: Arc::clone(&kept.file),
        });
        let units: Vec<Unit<'_>> = std::iter::once(new).chain(known).collect();
        let names: Vec<&str> = self.variables.keys().map(String::as_str).collect();
        let options = resolve::Options {
            profile: self.settings.profile,
            host: &*self.host.functions,
            known: &names,
            trace: self.settings.trace,
        };
        let (program, found) = resolve::resolve(&units, &options);
        let last = whole
            .script
            .list(whole.script.body)
            .last()
            .map(|id| whole.script.statement(*id).at.start);
        let mut diagnostics = whole.warnings.clone();
        diagnostics.extend(found.into_iter().filter(|found| {
            let of_kept = found.at.is_some_and(|at| at.source != SourceId(0));
            let is_shown = found.code == Code::UnusedValue && found.at.map(|at| at.span.start) == last;
            // What was warned about once is known; and whether Zoho accepts an entry is no question of a session.
            let is_told = of_kept || is_shown || found.code == Code::NotPortable;
            found.severity == Severity::Error || !is_told
        }));
        if diagnostics.iter().any(|found| found.severity == Severity::Error) {
            return Err(Refusal::before(diagnostics, program.sources));
        }
        Ok((program, diagnostics))
    }

    /// Refuses an entry that reads a name which nothing has assigned.
    fn check_inputs(&self, program: &Program, entry: FunctionId) -> Result<(), Box<Refusal>> {
        let needed = program
            .inputs_of(entry)
            .into_iter()
            .map(|id| &program.inputs[id.0 as usize]);
        let missing = needed.filter(|input| input.name != "input" && !self.variables.contains_key(&input.name));
        let told = missing.map(|input| {
            let title = format!("Variable '{}' is not defined", input.name);
            let names = self.variables.keys().map(String::as_str);
            let near = nearest(&input.name, names).filter(|_| input.meant.is_none());
            let near = near.map(|near| format!("there is a variable of a similar name: `{near}`"));
            let help = near
                .or_else(|| input.advice())
                .unwrap_or_else(|| format!("assign it first: `{} = ...`", input.name));
            Diagnostic::error(Code::UndefinedVariable, input.at.source, input.at.span, title)
                .label("nothing assigned it before")
                .help(help)
        });
        let diagnostics: Vec<Diagnostic> = told.collect();
        if diagnostics.is_empty() {
            Ok(())
        } else {
            Err(Refusal::before(diagnostics, program.sources.clone()))
        }
    }

    /// The variables, as an entry is given them.
    fn inputs(&self) -> Map {
        let variables = self.variables.iter();
        let inputs: Entries = variables
            .map(|(name, value)| (Key::new(Value::text(name)), value.clone()))
            .collect();
        Map::new(inputs)
    }

    fn execute(
        &mut self,
        program: &Program,
        (entry, shown): (FunctionId, Shown),
        cancel: &Cancel,
        reply: &mut Reply,
    ) -> Result<(), Box<Refusal>> {
        let sums = Sums::of(&self.variables, &self.settings.dates);
        let mails = MailCount::around(&mut self.host);
        let start = Start::of(entry, self.inputs(), self.limits.clone(), cancel.clone());
        let ran = interpret::run(program, &self.host, &self.settings, start);
        let mails = mails.finish(&mut self.host);
        self.tracked.absorb(ran.kept.tracked);
        reply.usage = ran.usage;
        reply.requests = ran.requests;
        reply.warnings.extend(ran.warnings);
        let value = match ran.result {
            Ok(value) => value,
            Err(error) => {
                return Err(Box::new(Refusal {
                    kind: RunErrorKind::of(&error),
                    diagnostics: vec![interpret::report::diagnostic(&error)],
                    sources: std::mem::take(&mut reply.sources),
                    warnings: std::mem::take(&mut reply.warnings),
                    usage: reply.usage,
                    requests: std::mem::take(&mut reply.requests),
                    mails,
                    changed: sums.changed(&self.variables, &self.settings.dates),
                }));
            }
        };
        let names = &program.function(entry).variables;
        let names = names.iter().map(|name| name.to_string());
        self.variables.extend(names.zip(ran.variables));
        if shown.shows(&value) {
            if !value.is_null() {
                self.variables.insert(LAST.to_owned(), value.clone());
            }
            reply.value = Some(value);
        }
        Ok(())
    }

    /// Keeps the functions of an entry, in place of former ones of the same name. Their headers are given back.
    fn keep(&mut self, mut whole: Whole) -> Vec<String> {
        if whole.script.functions.is_empty() {
            return Vec::new();
        }
        let headers = whole
            .script
            .functions
            .iter()
            .map(|function| whole.file.slice(function.at).to_owned());
        let headers = headers.collect();
        let mut kept: Vec<Kept> = self.kept.iter().map(|kept| kept.without(&whole.script)).collect();
        kept.retain(|kept| !kept.script.functions.is_empty());
        whole.script.body = Block::default();
        kept.push(Kept {
            script: whole.script,
            file: whole.file,
        });
        self.kept = kept;
        headers
    }

    fn note(&mut self, text: &str, shown: bool) {
        let text = text.trim();
        let ended = text.is_empty() || text.ends_with([';', '}']);
        let end = if ended { "" } else { ";" };
        let word = if shown && !text.contains(';') { "info " } else { "" };
        self.transcript.push(format!("{word}{text}{end}"));
    }
}

/// What a session holds and how it is set up.
impl Session {
    /// The variables in the order of their first assignment.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The value of a variable.
    pub fn variable(&self, name: &str) -> Option<&Value> {
        self.variables.get(name)
    }

    /// Gives a variable a value.
    pub fn set(&mut self, name: &str, value: impl Into<Data>) {
        let value = value.into().into_value(&self.settings.dates);
        self.variables.insert(name.to_owned(), value);
    }

    /// The headers of the functions, as they were written.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().flat_map(|kept| {
            kept.script
                .functions
                .iter()
                .map(|function| kept.file.slice(function.at))
        })
    }

    /// The entries that succeeded so far, as a script.
    pub fn transcript(&self) -> String {
        self.transcript.iter().map(|entry| format!("{entry}\n")).collect()
    }

    /// Forgets every variable and function.
    pub fn reset(&mut self) {
        self.variables.clear();
        self.kept.clear();
        self.tracked = Tracked::default();
        self.transcript.clear();
    }

    /// A value as a script would write it, folded where it is longer than a line of `width` columns.
    pub fn show(&self, value: &Value, width: usize) -> String {
        let fold = Fold {
            width,
            elements: SHOWN_ELEMENTS,
        };
        value.folded(&self.settings.dates, fold)
    }

    /// The host that entries run against.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The settings, to be changed for the entries that follow.
    pub fn settings_mut(&mut self) -> &mut Settings {
        &mut self.settings
    }

    /// The limits of each entry.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Sets the limits of the entries that follow.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Runs the entries that follow on behalf of this user.
    pub fn set_user(&mut self, user: UserId) {
        user.as_str().clone_into(&mut self.settings.login_user.name);
        self.host.user = user;
    }
}

impl Kept {
    /// The same file without the functions that a newer script defines again.
    fn without(&self, newer: &Script) -> Self {
        let path = |script: &Script, function: &syntax::ast::Function| {
            let parts = script
                .list(function.path)
                .iter()
                .map(|part| script.name(part.symbol).to_owned());
            parts.collect::<Vec<_>>()
        };
        let again: Vec<Vec<String>> = newer.functions.iter().map(|function| path(newer, function)).collect();
        let mut script = self.script.clone();
        script
            .functions
            .retain(|function| !again.contains(&path(&self.script, function)));
        Self {
            script,
            file: Arc::clone(&self.file),
        }
    }
}

/// Turns an expression at the end of the main body into what the body returns, so that it can be shown.
fn show_last(program: &mut Program) -> Shown {
    let Some(entry) = program.entry else {
        return Shown::Returned;
    };
    let Some(function) = program.functions.get(entry.0 as usize) else {
        return Shown::Returned;
    };
    let shown = match function.body.last() {
        Some(Statement::Evaluate(expression)) => Shown::of(expression, program),
        _ => return Shown::Returned,
    };
    let body = &mut program.functions[entry.0 as usize].body;
    if let Some(last @ Statement::Evaluate(_)) = body.last_mut()
        && let Statement::Evaluate(expression) = std::mem::replace(last, Statement::Break)
    {
        *last = Statement::Return(Some(expression));
    }
    shown
}

impl Shown {
    fn of(expression: &Expression, program: &Program) -> Self {
        use crate::builtins::Returns;
        let gives_nothing = match expression {
            Expression::Call(call) => program.function(call.function).is_void,
            Expression::Builtin(call) => call.builtin.returns == Returns::Nothing,
            Expression::Method(method) => {
                let mut variants = method.group.variants();
                return if variants.all(|builtin| builtin.returns == Returns::Nothing) {
                    Self::Nothing
                } else if method
                    .group
                    .variants()
                    .any(|builtin| builtin.returns == Returns::Nothing)
                {
                    Self::Returned
                } else {
                    Self::Value
                };
            }
            Expression::HostCall(_) => return Self::Returned,
            Expression::SendMail(_) => true,
            _ => false,
        };
        if gives_nothing { Self::Nothing } else { Self::Value }
    }
}
