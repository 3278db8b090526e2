//! What is told of a connection: the summary page and the two lists of the Connections console.

use crate::connections::audit::Use;
use crate::connections::connection::Connection;
use crate::connections::credential::Credential;
use crate::connections::grant::{GrantState, StoredGrant};
use crate::connections::service::{AuthKind, Service};
use crate::host::UserId;

use super::connections::grant_name;
use super::{Connections, DeskError};

/// A connection as one user sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The connection.
    pub connection: Connection,
    /// Its service; `None` where it is gone.
    pub service: Option<Service>,
    /// Whether it can be used.
    pub standing: Standing,
    /// The scopes that the provider says it granted.
    pub granted: Vec<String>,
    /// When the access token ends, in milliseconds since 1970.
    pub expires_at: Option<i64>,
    /// Whether a new access token can be had without asking anybody.
    pub refreshes: bool,
    /// When it was last used, in milliseconds since 1970, as far as the audit tells.
    pub last_use: Option<i64>,
    /// Whether it is listed under My Connections, because this user made it; else under Shared Connections.
    pub mine: bool,
}

/// Whether a connection can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can.
    Connected,
    /// Nobody gave a credential yet, or it was revoked.
    NotConnected,
    /// The access token is over and cannot be refreshed.
    Expired,
    /// Somebody has to connect again.
    NeedsReconnect {
        /// Why, as a sentence without a full stop.
        reason: String,
    },
}

impl Standing {
    /// The state in a word or two.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::NotConnected => "not connected",
            Self::Expired => "expired",
            Self::NeedsReconnect { .. } => "needs reconnect",
        }
    }
}

impl Connections {
    /// The connections that a user sees: those that he made, and those of others that he connected with his own
    /// credentials.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn summaries(&self, user: &UserId) -> Result<Vec<Summary>, DeskError> {
        let mut summaries = Vec::new();
        let uses = self.shared.audit.uses();
        for found in self.shared.records.connections()? {
            let connection = found.value;
            let is_mine = connection.owner == *user;
            let grant = self.shared.records.grant(&grant_name(&connection, user))?;
            if is_mine || (connection.per_user && grant.is_some()) {
                let grant = grant.map(|found| found.value);
                let last_use = last_use(&uses, &connection, user);
                let summary = self.summarise(connection, grant, user)?;
                summaries.push(Summary { last_use, ..summary });
            }
        }
        Ok(summaries)
    }

    /// One connection as a user sees it.
    ///
    /// # Errors
    /// There is none, or it is somebody else's.
    pub fn summary(&self, link: &str, user: &UserId) -> Result<Summary, DeskError> {
        let connection = self.found_connection(link, user)?.value;
        let grant = self.shared.records.grant(&grant_name(&connection, user))?;
        let last_use = last_use(&self.shared.audit.uses(), &connection, user);
        let summary = self.summarise(connection, grant.map(|found| found.value), user)?;
        Ok(Summary { last_use, ..summary })
    }

    /// The uses of one connection, or of all that the user sees, oldest first. The owner of a connection sees every use of
    /// it, another user his own.
    ///
    /// # Errors
    /// There is no such connection, it is somebody else's, or the store cannot be read.
    pub fn uses(&self, link: Option<&str>, user: &UserId) -> Result<Vec<Use>, DeskError> {
        let seen = match link {
            Some(link) => vec![self.found_connection(link, user)?.value],
            None => {
                let summaries = self.summaries(user)?;
                summaries.into_iter().map(|summary| summary.connection).collect()
            }
        };
        let mut uses = self.shared.audit.uses();
        uses.retain(|event| {
            let connection = seen.iter().find(|connection| connection.link_name == event.connection);
            connection.is_some_and(|connection| connection.owner == *user || event.user == *user)
        });
        Ok(uses)
    }

    fn summarise(
        &self,
        connection: Connection,
        grant: Option<StoredGrant>,
        user: &UserId,
    ) -> Result<Summary, DeskError> {
        let service = self.shared.records.service(&connection.service)?;
        let service = service.map(|found| found.value.clone().filled(&connection.values).unwrap_or(found.value));
        let refreshes = grant.as_ref().is_some_and(|grant| is_renewed(grant, service.as_ref()));
        Ok(Summary {
            standing: self.standing(grant.as_ref(), refreshes),
            refreshes,
            granted: grant.as_ref().map(|grant| grant.scopes.clone()).unwrap_or_default(),
            expires_at: grant.as_ref().and_then(|grant| grant.expires_at),
            last_use: None,
            mine: connection.owner == *user,
            connection,
            service,
        })
    }

    fn standing(&self, grant: Option<&StoredGrant>, refreshes: bool) -> Standing {
        match grant {
            None => Standing::NotConnected,
            Some(StoredGrant {
                state: GrantState::NeedsReconnect { reason },
                ..
            }) => Standing::NeedsReconnect { reason: reason.clone() },
            Some(grant) if grant.is_over(self.shared.clock.now_millis()) && !refreshes => Standing::Expired,
            Some(_) => Standing::Connected,
        }
    }
}

/// When a connection last signed a request: for its owner whoever used it, for another user his own use.
fn last_use(uses: &[Use], connection: &Connection, user: &UserId) -> Option<i64> {
    let counts = |event: &&Use| {
        event.connection == connection.link_name
            && event.outcome == Use::SIGNED
            && (!connection.per_user || event.user == *user)
    };
    uses.iter().rev().find(counts).map(|event| event.at)
}

fn is_renewed(grant: &StoredGrant, service: Option<&Service>) -> bool {
    let by_client = service.is_some_and(|service| match &service.auth {
        AuthKind::OAuth2(endpoints) => crate::connections::refresh::is_refreshable(grant, endpoints),
        _ => false,
    });
    by_client || matches!(&grant.credential, Credential::OAuth2 { refresh: Some(_), .. })
}
