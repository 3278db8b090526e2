//! What the interpreter asks: connection, service, origin, whose grant, refresh, signature; in this order, each time.

use std::sync::Arc;

use super::audit::Use;
use super::flights::is_stopped;
use super::grant::{GrantState, StoredGrant};
use super::records::{Found, GrantName};
use super::refresh::{Need, Refresh, is_due, is_refreshable};
use super::refusal;
use super::shared::{Registered, Shared};
use super::sign::sign;
use crate::host::{Asked, Authority, AuthorityError, Cancel, Grant, LinkName, Request, Retry, UserId};

/// Signs requests with the grants of a store. Cloning shares it.
#[derive(Clone)]
pub struct StoreAuthority {
    shared: Arc<Shared>,
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
        let registered = self.find(link)?;
        let Registered { connection, service } = &registered;
        if !service.hosts.iter().any(|host| host.allows(&request.url)) {
            return Err(refusal::origin(connection, service, &request.url));
        }
        let name = GrantName {
            connection: link.clone(),
            user: connection.grantee(&asked.user, asked.user_access).clone(),
        };
        let grant = self.serving(&registered, &name, cancel)?;
        let signed = sign(service, &grant.value.credential, request, self.clock.now_millis());
        let overridden = signed.map_err(|what| refusal::misplaced(connection, service, what))?;
        let endpoints = registered.oauth2();
        Ok(Grant {
            connection: name.connection,
            user: name.user,
            version: grant.version,
            refreshable: endpoints.is_some_and(|endpoints| is_refreshable(&grant.value, endpoints)),
            overridden,
        })
    }

    fn rejected(&self, grant: &Grant, cancel: &Cancel) -> Result<Retry, AuthorityError> {
        let registered = self.find(&grant.connection)?;
        let name = GrantName {
            connection: grant.connection.clone(),
            user: grant.user.clone(),
        };
        let stored = self.records.grant(&name);
        let Some(stored) = stored.map_err(|error| refusal::store(&name.connection, error))? else {
            return Ok(Retry::No);
        };
        if stored.value.state != GrantState::Connected {
            return Ok(Retry::No);
        }
        if stored.version != grant.version {
            return Ok(Retry::Again);
        }
        match registered.oauth2() {
            Some(endpoints) if is_refreshable(&stored.value, endpoints) => {
                let need = Need::Rejected(grant.version);
                Refresh::new(self, &registered, endpoints, &name).renew(need, cancel)?;
                Ok(Retry::Again)
            }
            _ => Ok(Retry::No),
        }
    }

    /// The grant of this name, refreshed where it is stale.
    pub(super) fn serving(
        &self,
        registered: &Registered,
        name: &GrantName,
        cancel: &Cancel,
    ) -> Result<Found<StoredGrant>, AuthorityError> {
        let Registered { connection, service } = registered;
        let stored = self.records.grant(name);
        let Some(grant) = stored.map_err(|error| refusal::store(&name.connection, error))? else {
            return Err(refusal::not_connected(connection, service, &name.user));
        };
        if let GrantState::NeedsReconnect { reason } = &grant.value.state {
            return Err(refusal::reconnect(connection, service, reason));
        }
        match registered.oauth2() {
            Some(endpoints) if is_due(&grant.value, endpoints, self.clock.now_millis()) => {
                Refresh::new(self, registered, endpoints, name).renew(Need::Stale, cancel)
            }
            _ => Ok(grant),
        }
    }
}

#[cfg(test)]
mod tests;
