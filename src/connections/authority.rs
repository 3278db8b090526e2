//! What the interpreter asks: connection, service, origin, whose grant, refresh, signature; in this order, each time.

use std::sync::Arc;

use url::Url;

use super::Connections;
use super::audit::Use;
use super::cache::Ready;
use super::consent::Wish;
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
    /// A page of the host that takes the answers of providers.
    page: Option<Url>,
}

impl StoreAuthority {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, page: None }
    }

    /// The same authority for a host with a page of its own at this address, registered at the provider: where a consent
    /// is missing, the refusal carries the address to send the user to, and that page hands what his browser brings back to
    /// [`Connections::finish_consent`].
    #[must_use]
    pub fn answering_at(mut self, page: Url) -> Self {
        self.page = Some(page);
        self
    }

    /// Begins the consent that is missing, where a page could take the answer.
    fn begin_missing(&self, asked: &Asked, error: &mut AuthorityError) {
        let (Some(page), Some(missing)) = (&self.page, &mut error.missing) else {
            return;
        };
        let wish = Wish {
            connection: asked.connection.clone(),
            user: missing.user.clone(),
        };
        let connections = Connections {
            shared: Arc::clone(&self.shared),
        };
        // Where it cannot be begun, the refusal itself is all there is to say.
        if let Ok(begun) = connections.begin_consent(&wish, page) {
            missing.authorize_url = Some(begun.authorize_url.into());
        }
    }
}

impl Authority for StoreAuthority {
    fn authorize(&self, asked: &Asked, request: &mut Request, cancel: &Cancel) -> Result<Grant, AuthorityError> {
        let signed = self.shared.authorize(asked, request, cancel).map_err(|mut error| {
            self.begin_missing(asked, &mut error);
            error
        });
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
        if cancel.is_stopped() {
            return Err(refusal::interrupted(link));
        }
        let (ready, refreshed) = self.ready(asked, &request.url, cancel)?;
        let Registered { connection, service } = &*ready.registered;
        check_origin(&ready.registered, &request.url)?;
        let signed = sign(service, &ready.grant.value.credential, request, self.clock.now_millis());
        let overridden = signed.map_err(|what| refusal::misplaced(connection, service, what))?;
        let endpoints = ready.registered.oauth2();
        Ok(Grant {
            connection: ready.name.connection,
            user: ready.name.user,
            version: ready.grant.version,
            refreshable: endpoints.is_some_and(|endpoints| is_refreshable(&ready.grant.value, endpoints)),
            refreshed,
            overridden,
        })
    }

    /// What a question comes to: looked up, refreshed where it is stale, and kept for the next one; and whether it was
    /// refreshed now.
    fn ready(&self, asked: &Asked, url: &Url, cancel: &Cancel) -> Result<(Ready, bool), AuthorityError> {
        let writes = self.records.writes();
        if let Some(ready) = self.cache.get(asked, writes, self.clock.now_millis()) {
            return Ok((ready, false));
        }
        let registered = Arc::new(self.find(&asked.connection)?);
        // Before the grant, which would be refreshed for nothing.
        check_origin(&registered, url)?;
        let connection = &registered.connection;
        let name = GrantName {
            connection: connection.link_name.clone(),
            user: connection.grantee(&asked.user, asked.user_access).clone(),
        };
        let (grant, refreshed) = self.serving(&registered, &name, cancel)?;
        let ready = Ready {
            registered,
            name,
            grant: Arc::new(grant),
        };
        self.cache.keep(asked, &ready, writes, self.clock.now_millis());
        Ok((ready, refreshed))
    }

    fn rejected(&self, grant: &Grant, cancel: &Cancel) -> Result<Retry, AuthorityError> {
        let registered = self.find(&grant.connection)?;
        let name = GrantName {
            connection: grant.connection.clone(),
            user: grant.user.clone(),
        };
        self.cache.forget(&name);
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

    /// The grant of this name, refreshed where it is stale, and whether it was.
    pub(super) fn serving(
        &self,
        registered: &Registered,
        name: &GrantName,
        cancel: &Cancel,
    ) -> Result<(Found<StoredGrant>, bool), AuthorityError> {
        let Registered { connection, service } = registered;
        let stored = self.records.grant(name);
        let Some(grant) = stored.map_err(|error| refusal::store(&name.connection, error))? else {
            return Err(refusal::not_connected(connection, service, &name.user));
        };
        if let GrantState::NeedsReconnect { reason } = &grant.value.state {
            return Err(refusal::reconnect(connection, service, &name.user, reason));
        }
        match registered.oauth2() {
            Some(endpoints) if is_due(&grant.value, endpoints, self.clock.now_millis()) => {
                let renewed = Refresh::new(self, registered, endpoints, name).renew(Need::Stale, cancel)?;
                let refreshed = renewed.version != grant.version;
                Ok((renewed, refreshed))
            }
            _ => Ok((grant, false)),
        }
    }
}

/// Whether the service lists where the request goes.
fn check_origin(registered: &Registered, url: &Url) -> Result<(), AuthorityError> {
    let Registered { connection, service } = registered;
    if service.hosts.iter().any(|host| host.allows(url)) {
        Ok(())
    } else {
        Err(refusal::origin(connection, service, url))
    }
}

#[cfg(test)]
mod tests;
