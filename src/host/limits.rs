//! Limits of a run, and the meter that holds it to them.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::{Cancel, EvalError};
use crate::diagnostic::Code;
use crate::value::leash::{self, Held, Pull};
use crate::value::{Tracked, Value, memory};

/// How much a run may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Executed statements; a pass of a loop counts too, as Zoho counts (help/limitations.html).
    pub statements: u64,
    /// Calls of functions inside each other.
    pub depth: u32,
    /// Requests sent, redirects and refreshes not counted.
    pub requests: u32,
    /// Bytes held by live values.
    pub memory: usize,
    /// Bytes printed by `info`.
    pub output_bytes: usize,
    /// Bytes of one decoded answer.
    pub response_bytes: usize,
    /// Bytes of one decoded answer from Zoho's own hosts.
    pub zoho_response_bytes: usize,
    /// Wall-clock time of the run.
    pub time: Option<Duration>,
}

impl Limits {
    /// What a person's own machine can bear: depth 1,000, 50 MB an answer, 4 GB of values; no end of statements.
    pub const fn local() -> Self {
        Self {
            statements: u64::MAX,
            depth: 1_000,
            requests: u32::MAX,
            memory: 4 << 30,
            output_bytes: usize::MAX,
            response_bytes: 50 << 20,
            zoho_response_bytes: 50 << 20,
            time: None,
        }
    }

    /// Where Zoho stops: 5,000 statements, 75 nested calls, 5 MB an answer, 15 MB from Zoho's hosts (DECISIONS: 21).
    pub const fn zoho() -> Self {
        Self {
            statements: 5_000,
            depth: 75,
            requests: u32::MAX,
            memory: 1 << 30,
            output_bytes: 500 << 10,
            response_bytes: 5 << 20,
            zoho_response_bytes: 15 << 20,
            time: None,
        }
    }
}

impl Limits {
    /// For scripts of people one does not know: five million statements, 64 MB of values, 500 KB of output, 25 requests
    /// of 5 MB an answer, ten seconds.
    pub const fn sandbox() -> Self {
        Self {
            statements: 5_000_000,
            depth: 100,
            requests: 25,
            memory: 64 << 20,
            output_bytes: 500 << 10,
            response_bytes: 5 << 20,
            zoho_response_bytes: 5 << 20,
            time: Some(Duration::from_secs(10)),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::local()
    }
}

/// Which limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitKind {
    /// Statements.
    Statements,
    /// Nested calls.
    Depth,
    /// Requests.
    Requests,
    /// Memory.
    Memory,
    /// Output.
    Output,
    /// Wall-clock time.
    Time,
    /// Not a limit: somebody stopped the run.
    Interrupted,
}

impl From<Pull> for LimitKind {
    fn from(pull: Pull) -> Self {
        match pull {
            Pull::Memory => Self::Memory,
            Pull::Time => Self::Time,
            Pull::Interrupted => Self::Interrupted,
        }
    }
}

impl LimitKind {
    /// The code of its message.
    pub const fn code(self) -> Code {
        match self {
            Self::Statements => Code::StatementLimit,
            Self::Depth => Code::DepthLimit,
            Self::Requests => Code::RequestLimit,
            Self::Memory => Code::MemoryLimit,
            Self::Output => Code::OutputLimit,
            Self::Time => Code::TimeLimit,
            Self::Interrupted => Code::Interrupted,
        }
    }

    /// What happened, with Zoho's wording where it has one.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Statements => {
                "Number of statement execution limit exceed: the run executed as many statements as it may"
            }
            Self::Depth => "functions call each other deeper than the run may",
            Self::Requests => "Total number of Webhook call exceeded: the run sent as many requests as it may",
            Self::Memory => "the values of the run hold as much memory as they may",
            Self::Output => "the run printed as much as it may",
            Self::Time => "the run took as long as it may",
            Self::Interrupted => "the run was interrupted",
        }
    }
}

/// What a run has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Executed statements.
    pub statements: u64,
    /// Deepest nesting of calls.
    pub depth: u32,
    /// Requests sent.
    pub requests: u32,
    /// Most bytes held by values, sampled while running.
    pub memory: usize,
    /// Bytes printed by `info`.
    pub output_bytes: usize,
    /// The largest decoded answer, in bytes.
    pub response_bytes: usize,
}

/// How many statements pass between two looks at the clock, the memory and the interrupt.
const STRIDE: u64 = 256;

/// A growth from which memory is checked before it happens.
const LARGE: usize = 1 << 12;

/// Counts what a run uses and stops it at its limits.
pub struct Meter {
    /// The statements that may be executed before the next look, and those allowed until then altogether.
    left: u64,
    granted: u64,
    depth: u32,
    base_memory: usize,
    /// The most memory held, as far as anybody looked.
    peak: Cell<usize>,
    deadline: Option<Instant>,
    limits: Limits,
    cancel: Cancel,
    usage: Usage,
    kept: Kept,
}

/// What must live as long as the values of a run: it empties those that contain each other when they are no longer
/// needed, and holds what is done with them to the limits of the run.
pub struct Kept {
    /// The containers to empty.
    pub tracked: Tracked,
    /// The leash of the run.
    pub leash: Held,
}

impl Meter {
    /// A meter that starts now.
    pub fn new(limits: Limits, cancel: Cancel) -> Self {
        Self::above(memory::live(), limits, cancel)
    }

    /// A meter that starts now. What the values of this thread hold above `base_memory` bytes is the run's.
    pub fn above(base_memory: usize, limits: Limits, cancel: Cancel) -> Self {
        let deadline = limits.time.and_then(|time| Instant::now().checked_add(time));
        let stop = cancel.clone();
        let ask = move || {
            if stop.is_cancelled() {
                Some(Pull::Interrupted)
            } else {
                deadline
                    .filter(|deadline| Instant::now() >= *deadline)
                    .map(|_| Pull::Time)
            }
        };
        let leash = leash::hold(base_memory.saturating_add(limits.memory), ask);
        Self {
            left: STRIDE.min(limits.statements),
            granted: STRIDE.min(limits.statements),
            depth: 0,
            base_memory,
            peak: Cell::new(0),
            deadline,
            limits,
            cancel,
            usage: Usage::default(),
            kept: Kept {
                tracked: Tracked::default(),
                leash,
            },
        }
    }

    /// Counts one statement or one pass of a loop.
    ///
    /// # Errors
    /// A limit is reached.
    #[inline(always)]
    pub fn tick(&mut self) -> Result<(), Box<EvalError>> {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => self.look(),
        }
    }

    /// Grants the next statements, and counts the one that asked for them.
    #[cold]
    fn look(&mut self) -> Result<(), Box<EvalError>> {
        let grant = STRIDE.min(self.limits.statements - self.granted);
        if grant == 0 {
            return Err(EvalError::exhausted(LimitKind::Statements));
        }
        self.granted += grant;
        self.left = grant - 1;
        self.check()
    }

    /// Looks at interrupt, deadline and memory.
    ///
    /// # Errors
    /// One of them says stop.
    pub fn check(&mut self) -> Result<(), Box<EvalError>> {
        stop_if_pulled()?;
        if self.cancel.is_cancelled() {
            return Err(EvalError::exhausted(LimitKind::Interrupted));
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(EvalError::exhausted(LimitKind::Time));
        }
        self.reserve(0)
    }

    /// To be called before a single operation makes values of about `bytes` bytes.
    ///
    /// # Errors
    /// They would not fit the memory limit.
    pub fn reserve(&self, bytes: usize) -> Result<(), Box<EvalError>> {
        if bytes != 0 && bytes < LARGE {
            return Ok(());
        }
        let held = memory::live().saturating_sub(self.base_memory).saturating_add(bytes);
        self.peak.set(self.peak.get().max(held));
        if held > self.limits.memory {
            Err(EvalError::exhausted(LimitKind::Memory))
        } else {
            self.work(bytes / 16)
        }
    }

    /// To be called before an operation looks at so many bytes, so that a few statements that each do much are stopped
    /// as soon as many that each do little.
    ///
    /// # Errors
    /// The run was stopped meanwhile.
    #[inline]
    pub fn work(&self, bytes: usize) -> Result<(), Box<EvalError>> {
        if leash::spend(bytes, 0) {
            Ok(())
        } else {
            stop_if_pulled()
        }
    }

    /// Enters a call.
    ///
    /// # Errors
    /// The calls are nested too deeply.
    #[inline(always)]
    pub fn enter(&mut self) -> Result<(), Box<EvalError>> {
        self.depth += 1;
        if self.depth > self.usage.depth {
            self.enter_deeper()
        } else {
            Ok(())
        }
    }

    #[inline(never)]
    fn enter_deeper(&mut self) -> Result<(), Box<EvalError>> {
        if self.depth > self.limits.depth {
            return Err(EvalError::exhausted(LimitKind::Depth));
        }
        self.usage.depth = self.depth;
        Ok(())
    }

    /// Takes one counted statement back: a traced statement is counted for what it holds.
    pub fn take_back(&mut self) {
        self.left += 1;
    }

    /// Leaves a call.
    #[inline(always)]
    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Counts a request about to be sent.
    ///
    /// # Errors
    /// The run sent as many as it may.
    pub fn request(&mut self) -> Result<(), Box<EvalError>> {
        self.usage.requests += 1;
        if self.usage.requests > self.limits.requests {
            Err(EvalError::exhausted(LimitKind::Requests))
        } else {
            Ok(())
        }
    }

    /// Counts printed bytes.
    ///
    /// # Errors
    /// The run printed as much as it may.
    pub fn output(&mut self, bytes: usize) -> Result<(), Box<EvalError>> {
        self.usage.output_bytes = self.usage.output_bytes.saturating_add(bytes);
        if self.usage.output_bytes > self.limits.output_bytes {
            Err(EvalError::exhausted(LimitKind::Output))
        } else {
            Ok(())
        }
    }

    /// Notes the size of a decoded answer.
    pub fn response(&mut self, bytes: usize) {
        self.usage.response_bytes = self.usage.response_bytes.max(bytes);
    }

    /// Notes that `inner` is put into `outer`, so that a cycle is freed at the end of the run.
    #[inline]
    pub fn contain(&mut self, outer: &Value, inner: &Value) {
        self.kept.tracked.note(outer, inner);
    }

    /// Ends the count, and gives what has to be kept until the values of the run are no longer needed.
    pub fn into_kept(self) -> Kept {
        self.kept
    }

    /// The time left, where the run has a deadline.
    pub fn time_left(&self) -> Option<Duration> {
        self.deadline
            .map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What ends whatever the run waits for: whoever stops it, and its deadline.
    pub fn cancel(&self) -> Cancel {
        self.cancel.until(self.deadline)
    }

    /// What was used until now.
    pub fn usage(&self) -> Usage {
        let held = memory::live().saturating_sub(self.base_memory);
        Usage {
            statements: self.granted - self.left,
            memory: self.peak.get().max(held),
            ..self.usage
        }
    }
}

/// The error that ends a run whose leash was pulled.
///
/// # Errors
/// It was.
pub fn stop_if_pulled() -> Result<(), Box<EvalError>> {
    match leash::pulled() {
        Some(pull) => Err(EvalError::exhausted(pull.into())),
        None => Ok(()),
    }
}
