//! Who puts credentials into requests. The script names a connection and never sees what it stands for.

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::Code;

use super::http::{Cancel, Request};

/// The name by which a script uses a connection: a lower-case letter, then lower-case letters, digits and underscores,
/// 50 characters at most (the Connections page of Zoho Cliq).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkName(Arc<str>);

impl LinkName {
    /// The most characters a link name may have.
    pub const MAX: usize = 50;

    /// The link name, if the text is one.
    pub fn new(text: &str) -> Option<Self> {
        let first = text.bytes().next()?;
        let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let fits = first.is_ascii_lowercase() && text.bytes().all(rest) && text.len() <= Self::MAX;
        fits.then(|| Self(Arc::from(text)))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LinkName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A user of this machine or of a bot's host; owns connections and grants. Any text without control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(Arc<str>);

impl UserId {
    /// The user of this name.
    pub fn new(name: &str) -> Self {
        Self(Arc::from(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a script asks of a connection for one request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// The connection.
    pub connection: LinkName,
    /// The login user of the run.
    pub user: UserId,
    /// `useraccess` of the task, where it was given.
    pub user_access: Option<bool>,
}

/// Proof that a request was signed with a certain grant in a certain version. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The connection.
    pub connection: LinkName,
    /// Whose grant it is.
    pub user: UserId,
    /// Its version in the store.
    pub version: u64,
    /// Whether a 401 may be answered by refreshing.
    pub refreshable: bool,
    /// Whether it was refreshed right before, because it was about to end.
    pub refreshed: bool,
    /// Names of headers and parameters that held the script's own value before the connection's was set.
    pub overridden: Vec<String>,
}

/// What to do after a 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The grant was refreshed, by us or by somebody else meanwhile: sign and send once more.
    Again,
    /// There is nothing to refresh: the answer stands.
    No,
}

/// Which way a connection failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorityErrorKind {
    /// No connection of this name.
    Unknown,
    /// Nobody authorised it, or it was revoked or refused.
    NotAuthorised,
    /// The login user has to authorise it himself.
    ConsentNeeded,
    /// It was authorised, and is not any more: somebody has to connect it again.
    ReconnectNeeded {
        /// Why, as a sentence without a full stop.
        reason: String,
    },
    /// The provider does not grant the scopes that the connection asks for.
    ScopeMissing,
    /// The provider refuses the client of the service: its id, its secret, or the way of asking.
    ClientRefused,
    /// The origin is not among the allowed ones.
    OriginNotAllowed,
    /// The credential cannot be placed in this request.
    Placement,
    /// The provider could not be reached or answered nonsense; the grant stands.
    Refresh,
    /// The store is locked, damaged, or sealed with another key.
    Store(Code),
    /// The run was stopped meanwhile.
    Interrupted,
}

/// Why a request could not be signed. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityError {
    /// Which way.
    pub kind: AuthorityErrorKind,
    /// What happened, in one sentence without a full stop, naming the connection.
    pub message: String,
    /// The command that mends it, or what else to do.
    pub help: Option<String>,
    /// Whose consent would mend it.
    pub missing: Option<Box<MissingConsent>>,
}

/// A consent that somebody has to give before a connection can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingConsent {
    /// Who: the login user, or the owner whose grant serves everybody.
    pub user: UserId,
    /// The provider's page that asks him, where a consent could be begun.
    pub authorize_url: Option<String>,
}

impl AuthorityErrorKind {
    /// The code of its message.
    pub const fn code(&self) -> Code {
        match self {
            Self::Unknown => Code::ConnectionUnknown,
            Self::NotAuthorised => Code::ConnectionNotAuthorised,
            Self::ConsentNeeded => Code::ConsentNeeded,
            Self::ReconnectNeeded { .. } => Code::ReconnectNeeded,
            Self::ScopeMissing => Code::ScopeMissing,
            Self::ClientRefused => Code::TokenRefused,
            Self::OriginNotAllowed => Code::OriginNotAllowed,
            Self::Placement => Code::PlacementImpossible,
            Self::Refresh => Code::RefreshFailed,
            Self::Store(code) => *code,
            Self::Interrupted => Code::Interrupted,
        }
    }
}

/// Puts credentials into requests.
pub trait Authority: Send + Sync {
    /// Signs one request, or refuses. Called for every exchange, redirects included, so that the origin is checked each
    /// time. Refreshes a stale grant first.
    ///
    /// # Errors
    /// The connection is unknown, not authorised, not meant for this origin, or the store failed.
    fn authorize(&self, asked: &Asked, request: &mut Request, cancel: &Cancel) -> Result<Grant, AuthorityError>;

    /// Tells that the server answered 401 to a request signed with this grant.
    ///
    /// # Errors
    /// The grant could not be refreshed.
    fn rejected(&self, grant: &Grant, cancel: &Cancel) -> Result<Retry, AuthorityError>;

    /// The link names there are, for messages and completion.
    fn known(&self) -> Vec<LinkName>;

    /// Replaces every secret used so far, raw or encoded, by dots: for whatever `dg` itself writes.
    fn redact(&self, text: &str) -> String;
}

/// No connections at all.
pub struct NoAuthority;

impl Authority for NoAuthority {
    fn authorize(&self, asked: &Asked, _request: &mut Request, _cancel: &Cancel) -> Result<Grant, AuthorityError> {
        Err(AuthorityError {
            kind: AuthorityErrorKind::Store(Code::NoStore),
            message: format!(
                "the connection `{}` cannot be used: this run has no store of connections",
                asked.connection
            ),
            help: Some("build the runtime with a store".to_owned()),
            missing: None,
        })
    }

    fn rejected(&self, _grant: &Grant, _cancel: &Cancel) -> Result<Retry, AuthorityError> {
        Ok(Retry::No)
    }

    fn known(&self) -> Vec<LinkName> {
        Vec::new()
    }

    fn redact(&self, text: &str) -> String {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_names_follow_the_founding_page() {
        for good in ["a", "trello", "my_crm_2", &"a".repeat(50)] {
            assert!(LinkName::new(good).is_some(), "{good}");
        }
        for bad in ["", "A", "1a", "_a", "my-crm", "crm prod", "é", &"a".repeat(51)] {
            assert!(LinkName::new(bad).is_none(), "{bad}");
        }
    }
}
