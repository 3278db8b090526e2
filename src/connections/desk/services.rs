//! Services at the desk. A change that would send credentials elsewhere than before asks for the client secret again and
//! puts every grant of the service into "needs reconnect" (DECISIONS: 30).

use serde_json::Value;

use crate::connections::credential::Secret;
use crate::connections::definition::edited;
use crate::connections::grant::GrantState;
use crate::connections::records::{Found, GrantName};
use crate::connections::service::{AuthKind, Service};
use crate::host::LinkName;

use super::{Connections, DeskError};

/// How often a grant that changes at the same moment is tried.
const TRIES: usize = 5;

/// What a change of a service came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceEdit {
    /// The service as it is now.
    pub service: Service,
    /// The fields that decide where credentials go and that changed.
    pub redirected: Vec<&'static str>,
    /// The connections that have to be connected again.
    pub reconnect: Vec<LinkName>,
}

impl Connections {
    /// The services, by link name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn services(&self) -> Result<Vec<Service>, DeskError> {
        let services = self.shared.records.services()?;
        Ok(services.into_iter().map(|found| found.value).collect())
    }

    /// The service of this link name.
    ///
    /// # Errors
    /// There is none; the nearest name is told.
    pub fn service(&self, link: &str) -> Result<Service, DeskError> {
        Ok(self.found_service(link)?.value)
    }

    pub(super) fn found_service(&self, link: &str) -> Result<Found<Service>, DeskError> {
        let records = &self.shared.records;
        let found = match LinkName::new(link) {
            Some(name) => records.service(&name)?,
            None => None,
        };
        match found {
            Some(found) => Ok(found),
            None => Err(DeskError::no_service(link, &records.service_names()?)),
        }
    }

    /// Keeps a new service.
    ///
    /// # Errors
    /// Its link name is taken.
    pub fn create_service(&self, service: &Service) -> Result<(), DeskError> {
        let version = self.shared.records.put_service(service, None)?;
        version
            .map(|_| ())
            .ok_or_else(|| DeskError::ServiceExists(service.link_name.clone()))
    }

    /// Changes a service. `changes` is an object of those fields that get another value.
    ///
    /// # Errors
    /// There is no such service, the outcome would be none, or the client secret has to be given again.
    pub fn edit_service(&self, link: &str, changes: &Value) -> Result<ServiceEdit, DeskError> {
        let found = self.found_service(link)?;
        let mut service = edited(&found.value, changes).map_err(DeskError::Invalid)?;
        let redirected = found.value.redirected_by(&service);
        let gives_secret = client_secret(&service).is_some_and(|secret| !secret.is_empty());
        let former = client_secret(&found.value).filter(|secret| !secret.is_empty()).cloned();
        if let (Some(former), false) = (former, gives_secret) {
            if !redirected.is_empty() && client_secret(&service).is_some() {
                return Err(DeskError::SecretNeeded {
                    service: service.link_name,
                    changed: redirected,
                });
            }
            set_client_secret(&mut service, former);
        }
        // Grants first: were this stopped half-way, nothing would have gone to the new places. Then once more, for the
        // grant that was being refreshed meanwhile.
        let reason = format!("its service `{link}` was changed ({})", redirected.join(", "));
        let mut reconnect = Vec::new();
        if !redirected.is_empty() {
            reconnect = self.invalidate(&service.link_name, &reason)?;
        }
        if self
            .shared
            .records
            .put_service(&service, Some(found.version))?
            .is_none()
        {
            return Err(DeskError::ChangedMeanwhile(format!("the service `{link}`")));
        }
        if !redirected.is_empty() {
            self.invalidate(&service.link_name, &reason)?;
        }
        Ok(ServiceEdit {
            service,
            redirected,
            reconnect,
        })
    }

    /// Removes a service that no connection uses.
    ///
    /// # Errors
    /// There is none, or connections use it.
    pub fn remove_service(&self, link: &str) -> Result<(), DeskError> {
        let found = self.found_service(link)?;
        let service = found.value.link_name;
        let connections = self.users_of(&service)?;
        if !connections.is_empty() {
            return Err(DeskError::InUse { service, connections });
        }
        if self.shared.records.delete_service(&service, found.version)? {
            Ok(())
        } else {
            Err(DeskError::ChangedMeanwhile(format!("the service `{link}`")))
        }
    }

    /// The connections of a service.
    fn users_of(&self, service: &LinkName) -> Result<Vec<LinkName>, DeskError> {
        let connections = self.shared.records.connections()?;
        let users = connections.into_iter().filter(|found| found.value.service == *service);
        Ok(users.map(|found| found.value.link_name).collect())
    }

    /// Marks every grant of a service; gives the connections that had one.
    fn invalidate(&self, service: &LinkName, reason: &str) -> Result<Vec<LinkName>, DeskError> {
        let mut touched = Vec::new();
        for connection in self.users_of(service)? {
            let grants = self.shared.records.grants(&connection)?;
            let had_any = !grants.is_empty();
            for (user, _) in grants {
                let connection = connection.clone();
                self.mark(&GrantName { connection, user }, reason)?;
            }
            if had_any {
                touched.push(connection);
            }
        }
        Ok(touched)
    }

    /// Marks one grant as to be connected again.
    pub(super) fn mark(&self, name: &GrantName, reason: &str) -> Result<(), DeskError> {
        for _ in 0..TRIES {
            let Some(found) = self.shared.records.grant(name)? else {
                return Ok(());
            };
            let mut grant = found.value;
            if grant.state != GrantState::Connected {
                return Ok(());
            }
            grant.state = GrantState::NeedsReconnect {
                reason: reason.to_owned(),
            };
            let put = self.shared.records.put_grant(name, &grant, Some(found.version))?;
            if put.is_some() {
                return Ok(());
            }
        }
        Err(DeskError::ChangedMeanwhile(format!(
            "the connection `{}`",
            name.connection
        )))
    }
}

pub(super) fn client_secret(service: &Service) -> Option<&Secret> {
    match &service.auth {
        AuthKind::OAuth2(endpoints) => Some(&endpoints.client_secret),
        AuthKind::OAuth1(endpoints) => Some(&endpoints.consumer_secret),
        AuthKind::ApiKey { .. } | AuthKind::Basic => None,
    }
}

pub(super) fn set_client_secret(service: &mut Service, secret: Secret) {
    match &mut service.auth {
        AuthKind::OAuth2(endpoints) => endpoints.client_secret = secret,
        AuthKind::OAuth1(endpoints) => endpoints.consumer_secret = secret,
        AuthKind::ApiKey { .. } | AuthKind::Basic => {}
    }
}
