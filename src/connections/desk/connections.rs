//! Connections at the desk: made, changed, connected with what somebody knows, and removed.

use serde_json::Value;

use crate::connections::connection::Connection;
use crate::connections::credential::Credential;
use crate::connections::definition::check_display_name;
use crate::connections::grant::StoredGrant;
use crate::connections::records::{Found, GrantName};
use crate::connections::refusal;
use crate::connections::service::{AuthKind, Service};
use crate::connections::shared::Registered;
use crate::host::{AuthorityErrorKind, Cancel, LinkName, UserId};

use super::{Connections, DeskError};

/// A connection to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConnection {
    /// The link name; it never changes.
    pub link_name: String,
    /// The display name; the service's where it is missing.
    pub name: Option<String>,
    /// The link name of the service.
    pub service: String,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// Who makes it.
    pub owner: UserId,
    /// "Use credentials of login user".
    pub per_user: bool,
    /// What stands for the placeholders of the service, by name.
    pub values: Vec<(String, String)>,
}

/// What to change of a connection; `None` leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionEdit {
    /// The display name.
    pub name: Option<String>,
    /// The scopes to ask for: somebody has to consent again.
    pub scopes: Option<Vec<String>>,
    /// Scopes to ask for beside those: somebody has to consent again.
    pub added_scopes: Vec<String>,
    /// "Use credentials of login user".
    pub per_user: Option<bool>,
    /// Values of placeholders: somebody has to connect again.
    pub values: Vec<(String, String)>,
}

impl Connections {
    /// Looks whether a connection could be made, and gives its service.
    ///
    /// # Errors
    /// As [`Connections::create_connection`].
    pub fn check_new(&self, new: &NewConnection) -> Result<Service, DeskError> {
        self.plan(new).map(|(_, service)| service)
    }

    /// Makes a connection. Nobody is connected by it yet.
    ///
    /// # Errors
    /// The link name is none or taken, a name is too long, there is no such service.
    pub fn create_connection(&self, new: &NewConnection) -> Result<Connection, DeskError> {
        let (connection, _) = self.plan(new)?;
        match self.shared.records.put_connection(&connection, None)? {
            Some(_) => Ok(connection),
            None => Err(DeskError::ConnectionExists(connection.link_name)),
        }
    }

    fn plan(&self, new: &NewConnection) -> Result<(Connection, Service), DeskError> {
        let Some(link_name) = LinkName::new(&new.link_name) else {
            return Err(DeskError::no_link_name(&new.link_name));
        };
        let service = self.found_service(&new.service)?.value;
        if self.shared.records.connection(&link_name)?.is_some() {
            return Err(DeskError::ConnectionExists(link_name));
        }
        let name = new.name.clone().unwrap_or_else(|| service.name.clone());
        check_name(&name)?;
        check_values(&service, &new.values)?;
        if let Err(missing) = service.clone().filled(&new.values) {
            return Err(DeskError::ValuesNeeded(missing));
        }
        let connection = Connection {
            link_name,
            name,
            service: service.link_name.clone(),
            scopes: new.scopes.clone(),
            owner: new.owner.clone(),
            per_user: new.per_user,
            values: new.values.clone(),
        };
        Ok((connection, service))
    }

    /// The connection of this link name with its service, for a user who may see it: its owner, and everybody where each
    /// user brings his own credentials.
    ///
    /// # Errors
    /// There is none, or it is somebody else's.
    pub fn connection(&self, link: &str, user: &UserId) -> Result<(Connection, Service), DeskError> {
        let Registered { connection, service } = self.registered(link, user)?;
        Ok((connection, service))
    }

    /// The connection of this link name, whether its service is still there or not.
    ///
    /// # Errors
    /// There is none, or it is somebody else's.
    pub fn connection_only(&self, link: &str, user: &UserId) -> Result<Connection, DeskError> {
        Ok(self.found_connection(link, user)?.value)
    }

    pub(super) fn registered(&self, link: &str, user: &UserId) -> Result<Registered, DeskError> {
        let link = self.link(link)?;
        let registered = self.shared.find(&link)?;
        check_visible(&registered.connection, user)?;
        Ok(registered)
    }

    /// The text as a link name; what is none is no connection's.
    pub(super) fn link(&self, text: &str) -> Result<LinkName, DeskError> {
        match LinkName::new(text) {
            Some(link) => Ok(link),
            None => Err(DeskError::no_link_name(text)),
        }
    }

    pub(super) fn found_connection(&self, link: &str, user: &UserId) -> Result<Found<Connection>, DeskError> {
        let link = self.link(link)?;
        let Some(found) = self.shared.records.connection(&link)? else {
            let known = self.shared.records.connection_names()?;
            return Err(refusal::unknown(&link, &known).into());
        };
        check_visible(&found.value, user)?;
        Ok(found)
    }

    /// Changes a connection; its link name and service stay. Gives whether it has to be connected again.
    ///
    /// # Errors
    /// There is none, it is somebody else's, or a name or value is unusable.
    pub fn edit_connection(&self, link: &str, user: &UserId, edit: &ConnectionEdit) -> Result<bool, DeskError> {
        let found = self.found_connection(link, user)?;
        check_owner(&found.value, user)?;
        let former = found.value;
        let mut connection = former.clone();
        if let Some(name) = &edit.name {
            check_name(name)?;
            connection.name.clone_from(name);
        }
        if let Some(scopes) = &edit.scopes {
            connection.scopes.clone_from(scopes);
        }
        for scope in &edit.added_scopes {
            if !connection.scopes.contains(scope) {
                connection.scopes.push(scope.clone());
            }
        }
        connection.per_user = edit.per_user.unwrap_or(connection.per_user);
        if !edit.values.is_empty() {
            check_values(&self.service(former.service.as_str())?, &edit.values)?;
            let is_kept = |(name, _): &(String, String)| edit.values.iter().all(|(other, _)| other != name);
            connection.values.retain(is_kept);
            connection.values.extend(edit.values.iter().cloned());
        }
        let mut why = Vec::new();
        if connection.scopes != former.scopes {
            why.push("its scopes were changed");
        }
        if connection.values != former.values {
            why.push("its addresses were changed");
        }
        let put = self.shared.records.put_connection(&connection, Some(found.version))?;
        if put.is_none() {
            return Err(DeskError::ChangedMeanwhile(format!("the connection `{link}`")));
        }
        let mut is_touched = false;
        if !why.is_empty() {
            for (user, _) in self.shared.records.grants(&connection.link_name)? {
                let connection = connection.link_name.clone();
                self.mark(&GrantName { connection, user }, &why.join(", "))?;
                is_touched = true;
            }
        }
        Ok(is_touched)
    }

    /// Whether the answers would connect to a service; nothing is kept.
    ///
    /// # Errors
    /// What is missing or unusable.
    pub fn check_answers(&self, service: &Service, answers: &Value) -> Result<(), DeskError> {
        service.grant_from(answers, 0).map(|_| ()).map_err(DeskError::Invalid)
    }

    /// Connects a user with what he knows: the answers to [`Service::questions`], or tokens had elsewhere. A refresh
    /// token is tried at once.
    ///
    /// # Errors
    /// An answer is missing or unusable; the provider refuses the token, which stays listed as refused, or cannot be
    /// reached; then what was there before stays.
    pub fn connect_with(&self, link: &str, user: &UserId, answers: &Value, cancel: &Cancel) -> Result<(), DeskError> {
        let registered = self.registered(link, user)?;
        let now = self.shared.clock.now_millis();
        let grant = registered
            .service
            .grant_from(answers, now)
            .map_err(DeskError::Invalid)?;
        self.keep(&registered, user, &grant, cancel)
    }

    /// Connects without asking anybody: the client acts for itself (RFC 6749 section 4.4).
    ///
    /// # Errors
    /// The provider refuses the client or cannot be reached. What was there before stays.
    pub fn connect_client(&self, link: &str, user: &UserId, cancel: &Cancel) -> Result<(), DeskError> {
        let registered = self.registered(link, user)?;
        let nothing = Credential::OAuth2 {
            access: None,
            refresh: None,
        };
        let grant = StoredGrant::new(nothing, self.shared.clock.now_millis(), None);
        self.keep(&registered, user, &grant, cancel)
    }

    /// Puts a grant in the place of whatever was there, and sees that it serves. Where that cannot be found out, what was
    /// there before is there again.
    fn keep(
        &self,
        registered: &Registered,
        user: &UserId,
        grant: &StoredGrant,
        cancel: &Cancel,
    ) -> Result<(), DeskError> {
        let name = grant_name(&registered.connection, user);
        let former = loop {
            let former = self.shared.records.grant(&name)?;
            let version = former.as_ref().map(|found| found.version);
            if self.shared.records.put_grant(&name, grant, version)?.is_some() {
                break former;
            }
        };
        if matches!(registered.service.auth, AuthKind::OAuth2(_))
            && let Err(error) = self.shared.serving(registered, &name, cancel)
        {
            match error.kind {
                // Tokens that the store did not take wait to replace this grant, which therefore has to stay.
                AuthorityErrorKind::Store(_) => {}
                // A grant that was refused stays listed with the reason: it may be the former one, spent.
                AuthorityErrorKind::ReconnectNeeded { .. } => {}
                _ => self.put_back(&name, grant, former),
            }
            return Err(error.into());
        }
        Ok(())
    }

    /// Undoes the writing of a grant, unless another one is there by now. Where the store fails, the grant stays and tells
    /// at its next use what is wrong with it.
    fn put_back(&self, name: &GrantName, grant: &StoredGrant, former: Option<Found<StoredGrant>>) {
        let records = &self.shared.records;
        let Ok(Some(present)) = records.grant(name) else {
            return;
        };
        if present.value.credential != grant.credential {
            return;
        }
        let _ = match former {
            Some(former) => records
                .put_grant(name, &former.value, Some(present.version))
                .map(|_| ()),
            None => records.delete_grant(name, present.version).map(|_| ()),
        };
    }

    /// Removes a connection with every grant of it.
    ///
    /// # Errors
    /// There is none, or it is somebody else's.
    pub fn remove_connection(&self, link: &str, user: &UserId) -> Result<(), DeskError> {
        let found = self.found_connection(link, user)?;
        check_owner(&found.value, user)?;
        let link = found.value.link_name;
        for (user, grant) in self.shared.records.grants(&link)? {
            let connection = link.clone();
            self.shared
                .records
                .delete_grant(&GrantName { connection, user }, grant.version)?;
        }
        if self.shared.records.delete_connection(&link, found.version)? {
            Ok(())
        } else {
            Err(DeskError::ChangedMeanwhile(format!("the connection `{link}`")))
        }
    }
}

fn check_name(name: &str) -> Result<(), DeskError> {
    check_display_name(name).map_err(|why| DeskError::invalid(format!("the name of the connection {why}")))
}

/// Every value has to stand for a placeholder that there is.
fn check_values(service: &Service, values: &[(String, String)]) -> Result<(), DeskError> {
    for (name, value) in values {
        let Some(placeholder) = service.placeholders.iter().find(|one| one.name == *name) else {
            let name = name.escape_debug();
            let text = format!("the service `{}` has no placeholder `{name}`", service.link_name);
            return Err(DeskError::invalid(text));
        };
        service.check_value(placeholder, value).map_err(DeskError::invalid)?;
    }
    Ok(())
}

/// The grant that a user gives for a connection: his own where each brings his own, else the owner's, which only the
/// owner gives.
pub(super) fn grant_name(connection: &Connection, user: &UserId) -> GrantName {
    GrantName {
        connection: connection.link_name.clone(),
        user: user.clone(),
    }
}

fn check_visible(connection: &Connection, user: &UserId) -> Result<(), DeskError> {
    if connection.per_user {
        return Ok(());
    }
    check_owner(connection, user)
}

pub(super) fn check_owner(connection: &Connection, user: &UserId) -> Result<(), DeskError> {
    if connection.owner == *user {
        return Ok(());
    }
    Err(DeskError::NotYours {
        connection: connection.link_name.clone(),
        owner: connection.owner.clone(),
    })
}
