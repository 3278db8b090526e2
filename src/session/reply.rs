//! What an entry of a session gives: a reply, or a refusal that tells what was done nevertheless.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostic::{Diagnostic, render};
use crate::host::{Cancel, Host, Mail, MailError, Message, RequestRecord, Usage};
use crate::runtime::RunErrorKind;
use crate::source::SourceFile;
use crate::value::Value;

/// What an entry gave.
#[derive(Default)]
pub struct Reply {
    /// The value to show, where there is one.
    pub value: Option<Value>,
    /// The headers of the functions it defined.
    pub defined: Vec<String>,
    /// What it used.
    pub usage: Usage,
    /// The requests it made, without secrets.
    pub requests: Vec<RequestRecord>,
    /// What was warned about.
    pub warnings: Vec<Diagnostic>,
    /// The files that the warnings point into.
    pub sources: Vec<Arc<SourceFile>>,
}

impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.value.as_ref().map(Value::kind);
        formatter
            .debug_struct("Reply")
            .field("value", &kind)
            .finish_non_exhaustive()
    }
}

/// Why an entry assigned nothing.
#[derive(Debug)]
pub struct Refusal {
    /// Which way.
    pub kind: RunErrorKind,
    /// What is wrong; one message where it failed while running.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that the messages point into.
    pub sources: Vec<Arc<SourceFile>>,
    /// What was warned about while it ran.
    pub warnings: Vec<Diagnostic>,
    /// What it used.
    pub usage: Usage,
    /// The requests it had made, without secrets.
    pub requests: Vec<RequestRecord>,
    /// How many mails it had sent.
    pub mails: usize,
    /// The variables whose shared value it had changed.
    pub changed: Vec<String>,
}

impl Refusal {
    /// An entry that did not run at all.
    pub(super) fn before(diagnostics: Vec<Diagnostic>, sources: Vec<Arc<SourceFile>>) -> Box<Self> {
        Box::new(Self {
            kind: RunErrorKind::NotStarted,
            diagnostics,
            sources,
            warnings: Vec::new(),
            usage: Usage::default(),
            requests: Vec::new(),
            mails: 0,
            changed: Vec::new(),
        })
    }

    /// What the entry had done before it failed, as a sentence; `None` where it left no trace.
    pub fn aftermath(&self) -> Option<String> {
        let mut done = Vec::new();
        if !self.changed.is_empty() {
            let names: Vec<String> = self.changed.iter().map(|name| format!("`{name}`")).collect();
            done.push(format!("{} had been changed", names.join(", ")));
        }
        let sent = |count: usize, noun: &str| match count {
            0 => None,
            1 => Some(format!("1 {noun} had been sent")),
            _ => Some(format!("{count} {noun}s had been sent")),
        };
        done.extend(sent(self.requests.len(), "request"));
        done.extend(sent(self.mails, "mail"));
        (!done.is_empty()).then(|| format!("nothing was assigned, but {} already", done.join(" and ")))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<String> = self
            .diagnostics
            .iter()
            .map(|found| render::plain(found, &self.sources))
            .collect();
        formatter.write_str(told.concat().trim_end())
    }
}

impl std::error::Error for Refusal {}

/// Which values of an entry are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// The value of the last expression, whatever it is.
    Value,
    /// The last expression gives nothing.
    Nothing,
    /// What was returned, if it is not null.
    Returned,
}

impl Shown {
    pub(super) fn shows(self, value: &Value) -> bool {
        match self {
            Self::Value => true,
            Self::Nothing => false,
            Self::Returned => !value.is_null(),
        }
    }
}

/// Counts the mails of one entry.
pub(super) struct MailCount {
    counted: Arc<Counted>,
}

struct Counted {
    inner: Arc<dyn Mail>,
    sent: AtomicUsize,
}

impl MailCount {
    pub(super) fn around(host: &mut Host) -> Self {
        let counted = Arc::new(Counted {
            inner: Arc::clone(&host.mail),
            sent: AtomicUsize::new(0),
        });
        host.mail = Arc::<Counted>::clone(&counted);
        Self { counted }
    }

    pub(super) fn finish(self, host: &mut Host) -> usize {
        host.mail = Arc::clone(&self.counted.inner);
        self.counted.sent.load(Ordering::Relaxed)
    }
}

impl Mail for Counted {
    fn send(&self, message: &Message, cancel: &Cancel) -> Result<(), MailError> {
        self.inner.send(message, cancel)?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
