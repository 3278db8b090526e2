//! Taking definitions out and in: services and connections as JSON, without credentials. What Zoho's consoles show on the
//! JSON tab of a connection comes in as it is. With credentials they travel in a file that a passphrase opens.

use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::connections::age::{self, Unopened};
use crate::connections::catalogue;
use crate::connections::connection::Connection;
use crate::connections::credential::Secret;
use crate::connections::definition::Fields;
use crate::connections::grant::{GrantState, StoredGrant};
use crate::connections::records::GrantName;
use crate::connections::service::Service;
use crate::connections::wire::Stored;
use crate::diagnostic::{Code, Diagnostic};
use crate::host::{LinkName, UserId};

use super::services::{client_secret, set_client_secret};
use super::{Connections, DeskError, NewConnection};

/// What Zoho calls its own OAuth service in the JSON of a connection.
const ZOHO_OAUTH: (&str, &str) = ("zlabs_integration", "zoho_oauth");

/// Definitions that came from elsewhere, read and not kept yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// Services that the store does not have.
    pub services: Vec<Service>,
    /// Connections that the store does not have.
    pub connections: Vec<NewConnection>,
    /// Link names that the store has already; they stay as they are.
    pub kept: Vec<String>,
    /// Services that had a client secret where they come from, and have none now.
    pub secretless: Vec<LinkName>,
    /// Connections whose credentials are left out, because the service of that name here would send them elsewhere.
    pub parted: Vec<LinkName>,
    grants: Vec<Incoming>,
}

/// A grant on its way in.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Incoming {
    connection: LinkName,
    service: String,
    grant: StoredGrant,
}

impl Import {
    /// Whether credentials come with this connection.
    pub fn brings_credentials(&self, connection: &str) -> bool {
        self.grants.iter().any(|one| one.connection.as_str() == connection)
    }

    /// Gives a service the client secret that it came without.
    pub fn give_secret(&mut self, service: &LinkName, secret: &Secret) {
        self.secretless.retain(|name| name != service);
        for known in self.services.iter_mut().filter(|known| known.link_name == *service) {
            set_client_secret(known, secret.clone());
        }
    }
}

/// Whether a file is an export with credentials, to be opened by [`Connections::open_export`].
pub fn is_sealed_export(file: &[u8]) -> bool {
    age::is_age(file)
}

impl Connection {
    /// The connection as Zoho's consoles show it (Projects, plugin manifest), with the values of placeholders beside.
    pub fn to_json(&self) -> Value {
        let mut shown = json!({
            "connectionLinkName": self.link_name.as_str(),
            "connectionName": self.name,
            "serviceName": self.service.as_str(),
            "userAccess": self.per_user,
            "isUserDefinedService": catalogue::find(self.service.as_str()).is_none(),
            "sharedBy": self.owner.as_str(),
            "scope": self.scopes,
        });
        if !self.values.is_empty() {
            let values = self.values.iter().map(|(name, value)| (name.clone(), json!(value)));
            shown["values"] = Value::Object(values.collect());
        }
        shown
    }
}

impl Connections {
    /// The definitions of these connections and of their services; of all that the user made where none is named.
    ///
    /// # Errors
    /// There is no such connection, or it is somebody else's.
    pub fn export(&self, links: &[String], user: &UserId) -> Result<Value, DeskError> {
        let (services, connections) = self.chosen(links, user)?;
        let services: Vec<Value> = services.iter().map(without_secrets).collect();
        let connections: Vec<Value> = connections.iter().map(Connection::to_json).collect();
        Ok(json!({"services": services, "connections": connections}))
    }

    /// The same with client secrets and with the user's own credentials, sealed with a passphrase: a text that the program
    /// `age` opens too.
    ///
    /// # Errors
    /// As [`Connections::export`], or there is no passphrase.
    pub fn export_sealed(&self, links: &[String], user: &UserId, passphrase: &Secret) -> Result<String, DeskError> {
        if passphrase.is_empty() {
            return Err(DeskError::invalid("the passphrase is empty"));
        }
        let (services, connections) = self.chosen(links, user)?;
        let services: Vec<Value> = services.iter().map(with_secrets).collect();
        let mut shown = Vec::with_capacity(connections.len());
        for connection in &connections {
            let mut description = connection.to_json();
            let name = GrantName {
                connection: connection.link_name.clone(),
                user: user.clone(),
            };
            let found = self.shared.records.grant(&name)?;
            if let Some(found) = found.filter(|found| found.value.state == GrantState::Connected) {
                let record = found.value.to_record().unwrap_or_default();
                description["grant"] = serde_json::from_slice(&record).unwrap_or_default();
            }
            shown.push(description);
        }
        let all = json!({"services": services, "connections": shown});
        let plain = Zeroizing::new(all.to_string().into_bytes());
        age::wrap(&plain, passphrase, age::WORK)
            .ok_or_else(|| DeskError::invalid("the system gave no random bytes or no memory to seal with"))
    }

    /// The definitions and credentials of a sealed export, for [`Connections::read_import`].
    ///
    /// # Errors
    /// The file is damaged, or sealed with another passphrase.
    pub fn open_export(file: &[u8], passphrase: &Secret) -> Result<Value, DeskError> {
        let plain = age::unwrap(file, passphrase).map_err(unopened)?;
        serde_json::from_slice(&plain).map_err(|_| unreadable("what is sealed in the file is no export of dg", None))
    }

    fn chosen(&self, links: &[String], user: &UserId) -> Result<(Vec<Service>, Vec<Connection>), DeskError> {
        let mut connections = Vec::new();
        if links.is_empty() {
            let mine = self.summaries(user)?.into_iter().filter(|summary| summary.mine);
            connections.extend(mine.map(|summary| summary.connection));
        }
        for link in links {
            connections.push(self.found_connection(link, user)?.value);
        }
        let mut services = self.services()?;
        let is_used = |service: &Service| connections.iter().any(|one| one.service == service.link_name);
        services.retain(|service| links.is_empty() || is_used(service));
        Ok((services, connections))
    }

    /// Reads definitions: what [`Connections::export`] gives, or the JSON of one or more connections as Zoho shows it.
    /// Nothing is kept yet. `owner` is who imports.
    ///
    /// # Errors
    /// Every problem of the definitions.
    pub fn read_import(&self, definitions: &Value, owner: &UserId) -> Result<Import, DeskError> {
        let mut import = Import::default();
        let mut problems = Vec::new();
        for description in items(&definitions["services"]) {
            match Service::from_json(description) {
                Ok(service) => {
                    let has_none = client_secret(&service).is_some_and(Secret::is_empty);
                    if has_none && description["client_secret_needed"] == true {
                        import.secretless.push(service.link_name.clone());
                    }
                    import.services.push(service);
                }
                Err(found) => problems.extend(found),
            }
        }
        let is_list = definitions.is_array() || definitions.get("connectionLinkName").is_some();
        let connections = if is_list {
            definitions
        } else {
            &definitions["connections"]
        };
        for description in items(connections) {
            match read_connection(description, owner) {
                Ok(connection) => {
                    import.grants.extend(incoming(description, &connection));
                    import.connections.push(connection);
                }
                Err(found) => problems.extend(found),
            }
        }
        if import == Import::default() && problems.is_empty() {
            problems.push(problem("there are neither `services` nor `connections` in it"));
        }
        if !problems.is_empty() {
            return Err(DeskError::Invalid(problems));
        }
        self.leave_out_grants(&mut import)?;
        self.leave_out_what_is_there(&mut import)?;
        self.check_services(&import)?;
        Ok(import)
    }

    /// Credentials come in only where their service comes with them, and where the service of that name here, if there is
    /// one, sends them to the same places.
    fn leave_out_grants(&self, import: &mut Import) -> Result<(), DeskError> {
        let here = self.services()?;
        let is_safe = |wanted: &str| {
            let theirs = import
                .services
                .iter()
                .find(|service| service.link_name.as_str() == wanted);
            let ours = here.iter().find(|service| service.link_name.as_str() == wanted);
            theirs.is_some_and(|theirs| ours.is_none_or(|ours| ours.redirected_by(theirs).is_empty()))
        };
        let (safe, parted): (Vec<Incoming>, Vec<Incoming>) =
            import.grants.drain(..).partition(|one| is_safe(&one.service));
        import.grants = safe;
        import.parted = parted.into_iter().map(|one| one.connection).collect();
        Ok(())
    }

    fn leave_out_what_is_there(&self, import: &mut Import) -> Result<(), DeskError> {
        let services = self.shared.records.service_names()?;
        let connections = self.shared.records.connection_names()?;
        let kept = &mut import.kept;
        import.services.retain(|service| {
            let is_new = !services.contains(&service.link_name);
            if !is_new {
                kept.push(format!("service `{}`", service.link_name));
            }
            is_new
        });
        import.connections.retain(|connection| {
            let is_new = connections.iter().all(|known| known.as_str() != connection.link_name);
            if !is_new {
                kept.push(format!("connection `{}`", connection.link_name));
            }
            is_new
        });
        let comes = |link: &LinkName| import.connections.iter().any(|one| one.link_name == link.as_str());
        import.grants.retain(|one| comes(&one.connection));
        import.parted.retain(comes);
        let comes = |name: &LinkName| import.services.iter().any(|one| one.link_name == *name);
        import.secretless.retain(comes);
        Ok(())
    }

    /// Every connection needs its service, here or among what is imported.
    fn check_services(&self, import: &Import) -> Result<(), DeskError> {
        for connection in &import.connections {
            let wanted = &connection.service;
            if import
                .services
                .iter()
                .all(|service| service.link_name.as_str() != wanted)
            {
                self.service(wanted)?;
            }
        }
        Ok(())
    }

    /// Keeps what was read. Every connection belongs to whoever imports it, and has to be connected where no credentials
    /// came with it.
    ///
    /// # Errors
    /// The store failed, or somebody made one of them meanwhile.
    pub fn import(&self, import: &Import) -> Result<(), DeskError> {
        for service in &import.services {
            self.create_service(service)?;
        }
        for connection in &import.connections {
            self.create_connection(connection)?;
            let grants = import.grants.iter();
            for one in grants.filter(|one| one.connection.as_str() == connection.link_name) {
                let name = GrantName {
                    connection: one.connection.clone(),
                    user: connection.owner.clone(),
                };
                self.shared.records.put_grant(&name, &one.grant, None)?;
            }
        }
        Ok(())
    }
}

fn unopened(why: Unopened) -> DeskError {
    match why {
        Unopened::Damaged => unreadable("the file is no age file, or was damaged on its way", None),
        Unopened::NoPassphrase => unreadable(
            "the file is sealed for the holders of keys, and not with a passphrase",
            Some("open it with the program `age`, and import what comes out"),
        ),
        Unopened::OtherPassphrase => unreadable(
            "the passphrase does not open the file",
            Some("give the passphrase with which the file was written"),
        ),
        Unopened::TooCostly => unreadable("opening the file would take more memory than there is for it", None),
    }
}

fn unreadable(title: &str, help: Option<&str>) -> DeskError {
    let help = help.unwrap_or("write it again with `dg connections export --with-credentials`");
    DeskError::Invalid(vec![Diagnostic::placeless(Code::FileUnreadable, title).help(help)])
}

/// The grant that comes with the description of a connection.
fn incoming(description: &Value, connection: &NewConnection) -> Option<Incoming> {
    let record = Zeroizing::new(description.get("grant")?.to_string().into_bytes());
    Some(Incoming {
        connection: LinkName::new(&connection.link_name)?,
        service: connection.service.clone(),
        grant: StoredGrant::from_record(&record)?,
    })
}

fn items(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        Value::Null => &[],
        other => std::slice::from_ref(other),
    }
}

fn problem(text: impl Into<String>) -> Diagnostic {
    Diagnostic::placeless(Code::InvalidService, text)
}

/// A service's description without its client secret; dots in its place would not read back.
fn without_secrets(service: &Service) -> Value {
    let mut description = service.to_json();
    if let Some(object) = description.as_object_mut() {
        object.remove("client_secret");
        object.remove("consumer_secret");
        if client_secret(service).is_some_and(|secret| !secret.is_empty()) {
            object.insert("client_secret_needed".to_owned(), Value::Bool(true));
        }
    }
    description
}

/// A service's description with its client secret.
fn with_secrets(service: &Service) -> Value {
    let mut description = without_secrets(service);
    if let (Some(object), Some(secret)) = (description.as_object_mut(), client_secret(service)) {
        object.remove("client_secret_needed");
        object.insert("client_secret".to_owned(), json!(secret.expose()));
    }
    description
}

fn read_connection(description: &Value, owner: &UserId) -> Result<NewConnection, Vec<Diagnostic>> {
    let mut fields = Fields::new(description, "connection")?;
    let link_names = ["connection_link_name", "link_name"];
    let name = fields.display_name(&["connection_name", "name"], &link_names);
    let link_name = fields.link_name(&link_names, &name);
    let service = fields.text(&["service_name", "service"]);
    if service.is_none() {
        fields.problem("`serviceName` is missing");
    }
    let scopes = fields.list(&["scope", "scopes"]);
    let per_user = fields.flag(&["user_access", "use_login_user"]).unwrap_or_default();
    let values = fields.pairs(&["values"]);
    fields.finish(&[
        "isuserdefinedservice",
        "sharedby",
        "connectedserviceid",
        "owner",
        "grant",
    ])?;
    let service = service.unwrap_or_default();
    Ok(NewConnection {
        link_name: link_name.map(|link| link.to_string()).unwrap_or_default(),
        name: Some(name),
        service: if service == ZOHO_OAUTH.0 {
            ZOHO_OAUTH.1.to_owned()
        } else {
            service
        },
        scopes,
        owner: owner.clone(),
        per_user,
        values,
    })
}
