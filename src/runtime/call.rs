//! One call of a script: what it is given, on whose behalf it runs, when it has to end.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::outcome::conclude;
use super::{Compiled, Outcome, RunError};
use crate::diagnostic::{Code, Diagnostic};
use crate::host::{Cancel, InfoLine, Limits, Log, Step, UserId};
use crate::interpret::{self, Start};
use crate::resolve::program::FunctionId;
use crate::value::{Data, DateSettings, Map, Unprintable, Value, WireError, json, memory};

/// One call of a script, being prepared.
#[must_use]
pub struct Call {
    script: Compiled,
    function: Option<String>,
    json: Option<Vec<u8>>,
    inputs: Vec<(String, Data)>,
    user: Option<UserId>,
    log: Option<Arc<dyn Log>>,
    keeps_lines: bool,
    limits: Option<Limits>,
    deadline: Option<Instant>,
    cancel: Cancel,
}

impl Call {
    pub(super) fn new(script: Compiled) -> Self {
        Self {
            script,
            function: None,
            json: None,
            inputs: Vec::new(),
            user: None,
            log: None,
            keeps_lines: true,
            limits: None,
            deadline: None,
            cancel: Cancel::new(),
        }
    }

    /// Calls this function instead of the main body; the name is dotted where the function has a namespace.
    pub fn function(mut self, name: &str) -> Self {
        self.function = Some(name.to_owned());
        self
    }

    /// Supplies an input, or a parameter by its name. The last value of a name counts.
    pub fn input(mut self, name: &str, value: impl Into<Data>) -> Self {
        self.inputs.push((name.to_owned(), value.into()));
        self
    }

    /// Supplies every entry of a JSON object as an input of its name, read straight into the values of the run: every digit
    /// of a number stays. Where [`Call::input`] gives the same name, that counts. What is not one JSON object is an error
    /// of the run: it is not started.
    pub fn inputs_json(mut self, json: impl Into<Vec<u8>>) -> Self {
        self.json = Some(json.into());
        self
    }

    /// Supplies an input from any type that serde can write.
    ///
    /// # Errors
    /// The value has no form in JSON.
    pub fn input_from<T: Serialize + ?Sized>(self, name: &str, value: &T) -> Result<Self, WireError> {
        Ok(self.input(name, Data::from_serialize(value)?))
    }

    /// Supplies every field of a struct, or entry of a map, as an input of its name.
    ///
    /// # Errors
    /// The value has no form in JSON, or is neither struct nor map.
    pub fn inputs_from<T: Serialize + ?Sized>(mut self, values: &T) -> Result<Self, WireError> {
        match Data::from_serialize(values)? {
            Data::Map(entries) => {
                for (name, value) in entries {
                    self = self.input(&name, value);
                }
                Ok(self)
            }
            _ => Err(serde::ser::Error::custom("inputs come from a struct or a map")),
        }
    }

    /// Runs on behalf of this user: the connections that are set so use his credentials, and no one else's.
    pub fn user(mut self, user: UserId) -> Self {
        self.user = Some(user);
        self
    }

    /// Sends the lines of `info` here as they come, and to the outcome as well.
    pub fn log(mut self, log: Arc<dyn Log>) -> Self {
        self.log = Some(log);
        self
    }

    /// Leaves the lines of `info` out of the outcome: a long run that prints to its log then stays small.
    pub fn forget_lines(mut self) -> Self {
        self.keeps_lines = false;
        self
    }

    /// Limits for this call alone.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Stops the call at this instant, the time it waits for a thread included.
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Stops the call when so much time has passed from now on.
    pub fn within(self, time: Duration) -> Self {
        match Instant::now().checked_add(time) {
            Some(deadline) => self.deadline(deadline),
            None => self,
        }
    }

    /// Stops the call when this handle is cancelled.
    pub fn cancel(mut self, cancel: Cancel) -> Self {
        self.cancel = cancel;
        self
    }

    /// Runs it on this thread and waits.
    ///
    /// # Errors
    /// The script cannot be started, or stopped with an error; [`RunError::kind`] says which way.
    pub fn run(self) -> Result<Outcome, Box<RunError>> {
        self.perform(Data::from_value)
    }

    /// Runs it on this thread and waits; the result is compact JSON, written straight from the values of the run: keys in
    /// their order, every digit of a number, dates and files as their text.
    ///
    /// ```
    /// # use dgscript::Runtime;
    /// let script = Runtime::builder().build().compile("t.dg", r#"return {"text":"Hello " + user.get("name")};"#)?;
    /// let outcome = script.call().inputs_json(r#"{"user":{"name":"Ada"}}"#).run_json()?;
    /// assert_eq!(outcome.result, r#"{"text":"Hello Ada"}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Call::run`].
    pub fn run_json(self) -> Result<Outcome<String>, Box<RunError>> {
        self.perform(json::to_text)
    }

    fn perform<R>(mut self, leave: Leave<R>) -> Result<Outcome<R>, Box<RunError>> {
        let entry = self.entry()?;
        let script = self.script.clone();
        let (program, shared) = (script.program(), &script.runtime().0);
        let held_before = memory::live();
        let inputs = self.inputs(&shared.settings.dates)?;
        self.check_inputs(entry, &inputs)?;
        let lines = Lines {
            kept: self.keeps_lines.then(Mutex::default),
            further: [self.log.as_deref(), Some(&*shared.host.log)],
        };
        let mut limits = self.limits.unwrap_or_else(|| shared.limits.clone());
        if let Some(deadline) = self.deadline {
            let left = deadline.saturating_duration_since(Instant::now());
            limits.time = Some(limits.time.map_or(left, |time| time.min(left)));
        }
        let start = Start {
            function: entry,
            inputs,
            held_before,
            log: Some(&lines),
            user: self.user.as_ref(),
            limits,
            cancel: self.cancel,
        };
        let ran = interpret::run(program, &shared.host, &shared.settings, start);
        conclude(ran, lines.take(), &program.sources, |value| {
            leave(value, &shared.settings.dates)
        })
    }

    /// The inputs as values, by name.
    fn inputs(&mut self, dates: &DateSettings) -> Result<Map, Box<RunError>> {
        let inputs = match self.json.take() {
            Some(json) => read_inputs(&json).map_err(|reason| {
                let title = format!("the inputs are not one JSON object: {reason}");
                let help = "give an object whose keys are the names of inputs: `{\"message\":\"Hello\"}`";
                self.refuse(Diagnostic::placeless(Code::BadJson, title).help(help))
            })?,
            None => Map::default(),
        };
        for (name, data) in std::mem::take(&mut self.inputs) {
            inputs.put(Value::from_string(name), data.into_value(dates));
        }
        Ok(inputs)
    }

    /// Runs it on a thread of the runtime, which is there already while nobody awaits it. Any async runtime can await
    /// it, and none of its workers is blocked; dropping the future cancels the call. At most as many calls run at once as
    /// the builder said ([`super::RuntimeBuilder::workers`]); the others wait their turn.
    ///
    /// ```
    /// # use dgscript::Runtime;
    /// let script = Runtime::builder().build().compile("double.dg", "return n * 2;")?;
    /// # let tokio = tokio::runtime::Builder::new_current_thread().build()?;
    /// # tokio.block_on(async {
    /// let (one, two) = (script.call().input("n", 1).run_async(), script.call().input("n", 2).run_async());
    /// assert_eq!((one.await?.result, two.await?.result), (2.into(), 4.into()));
    /// # Ok(())
    /// # })
    /// # as Result<(), Box<dyn std::error::Error>>
    /// # ;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run_async(self) -> impl Future<Output = Result<Outcome, Box<RunError>>> + Send + 'static {
        self.perform_elsewhere(Data::from_value)
    }

    /// As [`Call::run_async`], with the result of [`Call::run_json`].
    pub fn run_json_async(self) -> impl Future<Output = Result<Outcome<String>, Box<RunError>>> + Send + 'static {
        self.perform_elsewhere(json::to_text)
    }

    fn perform_elsewhere<R: Send + 'static>(
        mut self,
        leave: Leave<R>,
    ) -> impl Future<Output = Result<Outcome<R>, Box<RunError>>> + Send + 'static {
        let script = self.script.clone();
        self.cancel = self.cancel.child();
        let cancel = self.cancel.clone();
        let running = script.runtime().0.workers.run(cancel, move || self.perform(leave));
        async move {
            running.await.unwrap_or_else(|| {
                let title = "the system gives no thread to run the script on";
                let diagnostic = Diagnostic::placeless(Code::NoThread, title)
                    .help("let fewer calls run at once: `RuntimeBuilder::workers`");
                Err(RunError::not_started(diagnostic, &script.program().sources))
            })
        }
    }

    /// Which function the call begins with.
    fn entry(&self) -> Result<FunctionId, Box<RunError>> {
        let program = self.script.program();
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
    fn check_inputs(&self, entry: FunctionId, inputs: &Map) -> Result<(), Box<RunError>> {
        let program = self.script.program();
        let given = |name: &str| inputs.entries().contains_key(name);
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
        RunError::not_started(diagnostic, &self.script.program().sources)
    }
}

/// How the result of a run leaves its thread.
type Leave<R> = fn(&Value, &DateSettings) -> Result<R, Unprintable>;

/// The entries of a JSON object; else why it is none.
fn read_inputs(json: &[u8]) -> Result<Map, String> {
    let text = std::str::from_utf8(json).map_err(|error| error.to_string())?;
    match json::parse(text) {
        Ok(Value::Map(map)) => Ok(map),
        Ok(other) => Err(format!("it is {}", other.kind().name())),
        Err(error) => Err(error.to_string()),
    }
}

/// Keeps lines and hands them on.
struct Lines<'l> {
    kept: Option<Mutex<Vec<InfoLine>>>,
    further: [Option<&'l dyn Log>; 2],
}

impl Lines<'_> {
    fn take(&self) -> Vec<InfoLine> {
        let kept = self
            .kept
            .as_ref()
            .map(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner));
        kept.map(|mut kept| std::mem::take(&mut *kept)).unwrap_or_default()
    }
}

impl Log for Lines<'_> {
    fn step(&self, step: &Step) {
        self.further.iter().flatten().for_each(|further| further.step(step));
    }

    fn info(&self, line: &InfoLine) {
        self.further.iter().flatten().for_each(|further| further.info(line));
        if let Some(kept) = &self.kept {
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(line.clone());
        }
    }
}
