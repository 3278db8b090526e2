//! Why nobody is connected: kinds for programs, sentences for people, and the command that goes on.

use crate::diagnostic::{Code, Diagnostic};
use crate::host::{AuthorityError, AuthorityErrorKind, LinkName};

use super::super::refusal;
use super::super::store::StoreError;
use super::super::token::TokenError;

/// What providers call a scope that they do not grant (RFC 6749 sections 4.1.2.1 and 5.2).
pub(super) const SCOPE_REFUSED: &str = "invalid_scope";

/// Which way a consent failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsentErrorKind {
    /// The user, or the provider for him, said no.
    Denied,
    /// Nobody answered in time.
    TimedOut,
    /// The answer belongs to another request, or to another provider.
    Mismatch,
    /// The address for the answer cannot be used.
    Callback,
    /// The provider gave no token.
    Provider,
    /// The provider does not grant the scopes that the connection asks for.
    Scope,
    /// The provider could not be reached, or made no sense; later it may.
    ProviderDown,
    /// The service cannot be connected in this way.
    Unsuitable,
    /// Somebody stopped it.
    Interrupted,
    /// The connection or the store failed.
    Connection(AuthorityErrorKind),
}

/// Why nobody is connected. Holds no secret; what was there before still is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentError {
    /// Which way.
    pub kind: ConsentErrorKind,
    /// What happened, in one sentence without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl ConsentErrorKind {
    /// The code of its message.
    pub const fn code(&self) -> Code {
        match self {
            Self::Denied | Self::TimedOut => Code::ConsentRefused,
            Self::Mismatch => Code::ConsentMismatch,
            Self::Callback => Code::CallbackUnusable,
            Self::Provider | Self::ProviderDown => Code::TokenRefused,
            Self::Scope => Code::ScopeMissing,
            Self::Unsuitable => Code::InvalidService,
            Self::Interrupted => Code::Interrupted,
            Self::Connection(kind) => kind.code(),
        }
    }
}

impl ConsentError {
    pub(super) fn new(kind: ConsentErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            help: None,
        }
    }

    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    pub(super) fn interrupted() -> Self {
        Self::new(
            ConsentErrorKind::Interrupted,
            "the connecting was stopped; nothing was changed",
        )
    }

    pub(super) fn denied(words: &str) -> Self {
        let why = if words.is_empty() {
            String::new()
        } else {
            format!(": {words}")
        };
        Self::new(ConsentErrorKind::Denied, format!("the consent was refused{why}"))
            .help("run the command again, and allow the access on the provider's page")
    }

    /// The provider names a scope that it does not have, or not for this client.
    pub(super) fn scope(words: &str) -> Self {
        let message = format!("the provider does not grant the scopes that the connection asks for: {words}");
        Self::new(ConsentErrorKind::Scope, message).help("correct its scopes, then connect again")
    }

    pub(super) fn timed_out(what: &str) -> Self {
        Self::new(ConsentErrorKind::TimedOut, what).help("run the command again when you are at the browser")
    }

    pub(super) fn unsuitable(message: impl Into<String>) -> Self {
        Self::new(ConsentErrorKind::Unsuitable, message)
    }

    /// The provider's answer to a token request.
    pub(super) fn token(error: TokenError, host: &str) -> Self {
        match error {
            TokenError::Interrupted => Self::interrupted(),
            TokenError::Unavailable(why) => Self::new(
                ConsentErrorKind::ProviderDown,
                format!("the provider at `{host}` gave no token: {why}"),
            )
            .help("try again later"),
            TokenError::Moved(why) => Self::moved(host, &why),
            TokenError::Refused { code, words } if code == SCOPE_REFUSED => Self::scope(&words),
            TokenError::Refused { words, .. } | TokenError::GrantRefused(words) => Self::new(
                ConsentErrorKind::Provider,
                format!("the provider at `{host}` refused to give a token: {words}"),
            )
            .help("check client id, client secret, callback URL and scopes of the service"),
        }
    }

    /// The URL of the service is not where tokens are had.
    pub(super) fn moved(host: &str, why: &str) -> Self {
        let message = format!("the provider at `{host}` gave no token: {why}");
        Self::new(ConsentErrorKind::Provider, message).help(
            "look where it leads, and write that address into the service: `dg services edit SERVICE --access-token-url URL`",
        )
    }

    /// The error of this connection's consent: the command that mends it names it.
    pub(super) fn of(self, link: &LinkName) -> Self {
        if self.kind != ConsentErrorKind::Scope {
            return self;
        }
        let help = format!("correct them with `dg connections edit {link} --scope SCOPE`, then connect again");
        self.help(help)
    }

    pub(super) fn store(link: &LinkName, error: StoreError) -> Self {
        Self::from(refusal::store(link, error))
    }

    /// The message for people.
    pub fn into_diagnostic(self) -> Diagnostic {
        Diagnostic::placeless(self.kind.code(), self.message).help_if(self.help)
    }
}

impl From<AuthorityError> for ConsentError {
    fn from(error: AuthorityError) -> Self {
        Self {
            kind: match error.kind {
                AuthorityErrorKind::Interrupted => ConsentErrorKind::Interrupted,
                kind => ConsentErrorKind::Connection(kind),
            },
            message: error.message,
            help: error.help,
        }
    }
}
