//! What the authority and the desk of connections share, and the way from a link name to what it stands for.

use std::sync::Arc;

use super::audit::{Audit, Use};
use super::cache::Cache;
use super::connection::Connection;
use super::consent::Pendings;
use super::flights::Flights;
use super::records::{GrantName, Records};
use super::redact::Redactor;
use super::refusal;
use super::service::{AuthKind, OAuth2Endpoints, Service};
use super::unsaved::Unsaved;
use crate::host::{AuthorityError, Clock, Http, LinkName};

/// What everything here works with.
pub(super) struct Shared {
    pub(super) records: Records,
    pub(super) redactor: Arc<Redactor>,
    pub(super) http: Arc<dyn Http>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) audit: Arc<dyn Audit>,
    pub(super) flights: Flights,
    pub(super) cache: Cache,
    pub(super) unsaved: Unsaved,
    pub(super) pendings: Pendings,
}

/// A connection with its service.
pub(super) struct Registered {
    pub(super) connection: Connection,
    pub(super) service: Service,
}

impl Shared {
    /// The connection of this name, and its service.
    pub(super) fn find(&self, link: &LinkName) -> Result<Registered, AuthorityError> {
        let failed = |error| refusal::store(link, error);
        let Some(connection) = self.records.connection(link).map_err(failed)? else {
            let known = self.records.connection_names().map_err(failed)?;
            return Err(refusal::unknown(link, &known));
        };
        let connection = connection.value;
        let service = self.records.service(&connection.service).map_err(failed)?;
        let service = service.ok_or_else(|| refusal::serviceless(&connection))?.value;
        let filled = service.filled(&connection.values);
        let service = filled.map_err(|missing| refusal::unfilled(&connection, &missing))?;
        Ok(Registered { connection, service })
    }

    /// Notes a token request.
    pub(super) fn note_token_request(&self, name: &GrantName, host: &str, outcome: String) {
        self.audit.note(&Use {
            at: self.clock.now_millis(),
            connection: name.connection.clone(),
            user: name.user.clone(),
            host: host.to_owned(),
            method: "POST",
            outcome,
        });
    }
}

impl Registered {
    /// What OAuth 2 needs, where the service uses it.
    pub(super) fn oauth2(&self) -> Option<&OAuth2Endpoints> {
        match &self.service.auth {
            AuthKind::OAuth2(endpoints) => Some(endpoints),
            _ => None,
        }
    }
}
