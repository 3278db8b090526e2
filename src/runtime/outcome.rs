//! How a call ends: with an outcome, or with an error that says which kind it is.

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Severity, render};
use crate::host::{
    AuthorityErrorKind, EvalError, Failure, InfoLine, LimitKind, LinkName, Raise, RequestRecord, Usage, UserId,
    stop_if_pulled,
};
use crate::interpret::{self, Ran};
use crate::source::SourceFile;
use crate::value::{Data, Unprintable, Value};

/// What a run gave, as plain data.
#[derive(Clone, Debug)]
pub struct Outcome<R = Data> {
    /// What the script returned: [`Data`], or JSON text of [`super::Call::run_json`]; null where it returned nothing.
    pub result: R,
    /// What it printed.
    pub info: Vec<InfoLine>,
    /// What it used.
    pub usage: Usage,
    /// The requests it made, without secrets.
    pub requests: Vec<RequestRecord>,
    /// Warnings that only running could find.
    pub warnings: Vec<Diagnostic>,
}

impl<R> Outcome<R> {
    /// The texts of the printed lines.
    pub fn lines(&self) -> Vec<&str> {
        self.info.iter().map(|line| line.text.as_str()).collect()
    }
}

/// Which way a run ended without a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunErrorKind {
    /// It was not started: an input is missing, or there is no such function.
    NotStarted,
    /// The script failed or threw, and nothing caught it.
    Failed,
    /// This limit was reached.
    Exhausted(LimitKind),
    /// It was cancelled.
    Cancelled,
    /// A user has to authorise a connection before the script can use it.
    ConsentNeeded(Consent),
    /// A connection was authorised, and is not any more: the same user has to authorise it again.
    ReconnectNeeded {
        /// Whose authorisation, and where he gives it.
        consent: Consent,
        /// Why the former one does not serve any more, as a sentence without a full stop.
        reason: String,
    },
    /// The provider does not grant the scopes that a connection asks for.
    ScopeMissing(LinkName),
    /// The provider refuses the client of a connection's service, its id or its secret; trying again does not help.
    ClientRefused(LinkName),
    /// There is no connection of this name, or no store to find it in.
    ConnectionMissing(LinkName),
    /// The provider of a connection could not be reached, or answered nonsense; trying later may help.
    ProviderDown(LinkName),
    /// A connection may not be used for this request: its service does not list the host, or the credential has no place.
    ConnectionRefused(LinkName),
    /// The store of connections is locked, damaged, or sealed with another key.
    Store,
}

impl RunErrorKind {
    /// Whether a connection or its store failed, and not the script.
    pub const fn is_connection(&self) -> bool {
        matches!(
            self,
            Self::ConsentNeeded(_)
                | Self::ReconnectNeeded { .. }
                | Self::ScopeMissing(_)
                | Self::ClientRefused(_)
                | Self::ConnectionMissing(_)
                | Self::ProviderDown(_)
                | Self::ConnectionRefused(_)
                | Self::Store
        )
    }

    /// The consent that would mend it, whether it was never given or does not serve any more.
    pub const fn consent(&self) -> Option<&Consent> {
        match self {
            Self::ConsentNeeded(consent) | Self::ReconnectNeeded { consent, .. } => Some(consent),
            _ => None,
        }
    }
}

/// A consent that is missing: who has to give it, for what, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The connection.
    pub connection: LinkName,
    /// Who has to authorise it: the login user, or the owner where his own authorisation ran out.
    pub user: UserId,
    /// The page of the provider that asks the user; `None` where the connection takes a key or password instead, or the
    /// host cannot begin a consent.
    pub authorize_url: Option<String>,
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

impl RunError {
    /// The error of a call that was not started.
    pub(super) fn not_started(diagnostic: Diagnostic, sources: &[Arc<SourceFile>]) -> Box<Self> {
        Box::new(Self {
            kind: RunErrorKind::NotStarted,
            diagnostic,
            sources: sources.to_vec(),
            info: Vec::new(),
            usage: Usage::default(),
            requests: Vec::new(),
            warnings: Vec::new(),
        })
    }
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

/// What a run gave, as it leaves its thread.
pub(super) fn conclude<R>(
    ran: Ran,
    info: Vec<InfoLine>,
    sources: &[Arc<SourceFile>],
    leave: impl FnOnce(&Value) -> Result<R, Unprintable>,
) -> Result<Outcome<R>, Box<RunError>> {
    let Ran {
        result,
        usage,
        requests,
        warnings,
        ..
    } = ran;
    let result = result.and_then(|value| {
        leave(&value).map_err(|_| match stop_if_pulled() {
            Err(stop) => stop,
            Ok(()) => EvalError::failed(
                Code::ContainsItself,
                "the result contains itself, or is nested too deeply",
            ),
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
            Raise::Exhausted(LimitKind::Interrupted) => Self::Cancelled,
            Raise::Exhausted(limit) => Self::Exhausted(*limit),
            Raise::Thrown(_) => Self::Failed,
            Raise::Failed(failure) => connection_kind(failure).unwrap_or(Self::Failed),
        }
    }
}

/// Which way a connection failed; `None` where it was not a connection.
fn connection_kind(failure: &Failure) -> Option<RunErrorKind> {
    let refused = failure.connection.as_ref()?;
    let asked = failure.asked.as_ref()?;
    let link = asked.connection.clone();
    let missing = refused.missing.as_deref();
    let consent = || Consent {
        connection: asked.connection.clone(),
        user: missing.map_or(&asked.user, |missing| &missing.user).clone(),
        authorize_url: missing.and_then(|missing| missing.authorize_url.clone()),
    };
    Some(match &refused.kind {
        AuthorityErrorKind::Unknown | AuthorityErrorKind::Store(Code::NoStore) => RunErrorKind::ConnectionMissing(link),
        AuthorityErrorKind::NotAuthorised | AuthorityErrorKind::ConsentNeeded => RunErrorKind::ConsentNeeded(consent()),
        AuthorityErrorKind::ReconnectNeeded { reason } => RunErrorKind::ReconnectNeeded {
            consent: consent(),
            reason: reason.clone(),
        },
        AuthorityErrorKind::ScopeMissing => RunErrorKind::ScopeMissing(link),
        AuthorityErrorKind::ClientRefused => RunErrorKind::ClientRefused(link),
        AuthorityErrorKind::OriginNotAllowed | AuthorityErrorKind::Placement => RunErrorKind::ConnectionRefused(link),
        AuthorityErrorKind::Refresh => RunErrorKind::ProviderDown(link),
        AuthorityErrorKind::Store(_) => RunErrorKind::Store,
        AuthorityErrorKind::Interrupted => RunErrorKind::Cancelled,
    })
}
