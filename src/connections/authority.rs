//! What the interpreter asks: connection, service, origin, whose grant, refresh, signature; in this order, each time.

use std::sync::Arc;

use super::audit::{Audit, Use};
use super::connection::Connection;
use super::flights::{Flights, is_stopped};
use super::grant::{GrantState, StoredGrant};
use super::records::{Found, GrantName, Records};
use super::redact::Redactor;
use super::refresh::{Need, Refresh, is_due, is_refreshable};
use super::refusal;
use super::service::{AuthKind, OAuth2Endpoints, Service};
use super::sign::sign;
use crate::host::{Asked, Authority, AuthorityError, Cancel, Clock, Grant, Http, LinkName, Request, Retry, UserId};

/// What everything here shares.
pub(super) struct Shared {
    pub(super) records: Records,
    pub(super) redactor: Arc<Redactor>,
    pub(super) http: Arc<dyn Http>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) audit: Arc<dyn Audit>,
    pub(super) flights: Flights,
}

/// Signs requests with the grants of a store. Cloning shares it.
#[derive(Clone)]
pub struct StoreAuthority {
    shared: Arc<Shared>,
}

/// A connection with its service.
pub(super) struct Registered {
    pub(super) connection: Connection,
    pub(super) service: Service,
}

impl StoreAuthority {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }
}

impl Authority for StoreAuthority {
    fn authorize(&self, asked: &Asked, request: &mut Request, cancel: &Cancel) -> Result<Grant, AuthorityError> {
        let signed = self.shared.authorize(asked, request, cancel);
        let event = |user: &UserId, outcome: String| Use {
            at: self.shared.clock.now_millis(),
            connection: asked.connection.clone(),
            user: user.clone(),
            host: request.url.host_str().unwrap_or_default().to_owned(),
            method: request.method.as_str(),
            outcome,
        };
        self.shared.audit.note(&match &signed {
            Ok(grant) => event(&grant.user, "signed".to_owned()),
            Err(error) => event(&asked.user, format!("refused: {}", error.kind.code().title())),
        });
        signed
    }

    fn rejected(&self, grant: &Grant, cancel: &Cancel) -> Result<Retry, AuthorityError> {
        self.shared.rejected(grant, cancel)
    }

    fn known(&self) -> Vec<LinkName> {
        self.shared.records.connection_names().unwrap_or_default()
    }

    fn redact(&self, text: &str) -> String {
        self.shared.redactor.redact(text)
    }
}

impl Shared {
    fn authorize(&self, asked: &Asked, request: &mut Request, cancel: &Cancel) -> Result<Grant, AuthorityError> {
        let link = &asked.connection;
        if is_stopped(cancel) {
            return Err(refusal::interrupted(link));
        }
        let Registered { connection, service } = self.find(link)?;
        if !service.hosts.iter().any(|host| host.allows(&request.url)) {
            return Err(refusal::origin(&connection, &service, &request.url));
        }
        let name = GrantName {
            connection: link.clone(),
            user: connection.grantee(&asked.user, asked.user_access).clone(),
        };
        let grant = self.serving(&connection, &service, name.clone(), cancel)?;
        let overridden = sign(&service, &grant.value.credential, request)
            .map_err(|what| refusal::misplaced(&connection, &service, what))?;
        Ok(Grant {
            connection: name.connection,
            user: name.user,
            version: grant.version,
            refreshable: oauth2(&service).is_some_and(|endpoints| is_refreshable(&grant.value, endpoints)),
            overridden,
        })
    }

    fn rejected(&self, grant: &Grant, cancel: &Cancel) -> Result<Retry, AuthorityError> {
        let link = &grant.connection;
        let Registered { connection, service } = self.find(link)?;
        let name = GrantName {
            connection: link.clone(),
            user: grant.user.clone(),
        };
        let stored = self.records.grant(&name).map_err(|error| refusal::store(link, error))?;
        let Some(stored) = stored else {
            return Ok(Retry::No);
        };
        if stored.value.state != GrantState::Connected {
            return Ok(Retry::No);
        }
        if stored.version != grant.version {
            return Ok(Retry::Again);
        }
        match oauth2(&service) {
            Some(endpoints) if is_refreshable(&stored.value, endpoints) => {
                let need = Need::Rejected(grant.version);
                self.renew(&connection, &service, endpoints, name, need, cancel)?;
                Ok(Retry::Again)
            }
            _ => Ok(Retry::No),
        }
    }

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
        Ok(Registered { connection, service })
    }

    /// The grant of this name, refreshed where it is stale.
    pub(super) fn serving(
        &self,
        connection: &Connection,
        service: &Service,
        name: GrantName,
        cancel: &Cancel,
    ) -> Result<Found<StoredGrant>, AuthorityError> {
        let stored = self
            .records
            .grant(&name)
            .map_err(|error| refusal::store(&name.connection, error))?;
        let Some(grant) = stored else {
            return Err(refusal::not_connected(connection, service, &name.user));
        };
        if let GrantState::NeedsReconnect { reason } = &grant.value.state {
            return Err(refusal::reconnect(connection, service, reason));
        }
        match oauth2(service) {
            Some(endpoints) if is_due(&grant.value, endpoints, self.clock.now_millis()) => {
                self.renew(connection, service, endpoints, name, Need::Stale, cancel)
            }
            _ => Ok(grant),
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "every one of them is another thing that was found on the way here"
    )]
    fn renew(
        &self,
        connection: &Connection,
        service: &Service,
        endpoints: &OAuth2Endpoints,
        name: GrantName,
        need: Need,
        cancel: &Cancel,
    ) -> Result<Found<StoredGrant>, AuthorityError> {
        let refresh = Refresh {
            records: &self.records,
            redactor: &self.redactor,
            flights: &self.flights,
            http: &*self.http,
            clock: &*self.clock,
            connection,
            service,
            endpoints,
            name: name.clone(),
            cancel,
        };
        let renewed = refresh.renew(need);
        let outcome = match &renewed {
            Ok(refreshed) if !refreshed.asked => None,
            Ok(_) => Some("refreshed".to_owned()),
            Err(error) => Some(format!("not refreshed: {}", error.kind.code().title())),
        };
        if let Some(outcome) = outcome {
            self.audit.note(&Use {
                at: self.clock.now_millis(),
                connection: name.connection,
                user: name.user,
                host: endpoints.refresh_url().host_str().unwrap_or_default().to_owned(),
                method: "POST",
                outcome,
            });
        }
        Ok(renewed?.grant)
    }
}

/// What OAuth 2 needs, for a service that uses it.
pub(super) fn oauth2(service: &Service) -> Option<&OAuth2Endpoints> {
    match &service.auth {
        AuthKind::OAuth2(endpoints) => Some(endpoints),
        _ => None,
    }
}
