//! One run's view of its host, handed to every built-in.

use std::time::Duration;

use super::{Host, LinkName, Log, Meter, Method, Settings, UserId};
use crate::diagnostic::Diagnostic;
use crate::source::Location;
use crate::value::DateSettings;

/// What an evaluation may use: the host, the settings, the meter, and the record of requests.
pub struct Context<'h> {
    /// What may be reached.
    pub host: &'h Host,
    /// What is taken for granted.
    pub settings: &'h Settings,
    /// Who takes the lines of `info`: the host's log, or that of this run alone.
    pub log: &'h dyn Log,
    /// On whose behalf it runs: the host's user, or the one of this run alone.
    pub user: &'h UserId,
    /// What is counted.
    pub meter: Meter,
    /// The requests of the run, redacted.
    pub requests: Vec<RequestRecord>,
    /// Warnings that only running could find.
    pub warnings: Vec<Diagnostic>,
    /// Where the script is, as far as what it calls has to know: set before a request.
    pub at: Location,
}

impl<'h> Context<'h> {
    /// The view of a run that begins.
    pub fn new(host: &'h Host, settings: &'h Settings, meter: Meter) -> Self {
        Self {
            host,
            settings,
            log: &*host.log,
            user: &host.user,
            meter,
            requests: Vec::new(),
            warnings: Vec::new(),
            at: Location::default(),
        }
    }

    /// Zone and formats of dates.
    pub fn dates(&self) -> &DateSettings {
        &self.settings.dates
    }

    /// Adds a warning, unless the same was said already: a loop would say it again and again.
    pub fn warn(&mut self, warning: Diagnostic) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}

/// One request of a run, as it may be shown: without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// The method.
    pub method: Method,
    /// The URL as the script gave it, secrets replaced.
    pub url: String,
    /// The status, or why there is none.
    pub outcome: Result<u16, String>,
    /// The connection, where one was used.
    pub connection: Option<LinkName>,
    /// How long it took.
    pub took: Duration,
    /// Bytes of the decoded answer.
    pub bytes: usize,
    /// Where the script asked for it.
    pub at: Option<Location>,
}
