//! Taking definitions out and in: services and connections as JSON, without credentials. What Zoho's consoles show on the
//! JSON tab of a connection comes in as it is.

use serde_json::{Value, json};

use crate::connections::catalogue;
use crate::connections::connection::Connection;
use crate::connections::definition::Fields;
use crate::connections::service::Service;
use crate::diagnostic::{Code, Diagnostic};
use crate::host::UserId;

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
        let mut connections = Vec::new();
        if links.is_empty() {
            let mine = self.summaries(user)?.into_iter().filter(|summary| summary.mine);
            connections.extend(mine.map(|summary| summary.connection));
        }
        for link in links {
            connections.push(self.found_connection(link, user)?.value);
        }
        let mut services: Vec<Value> = Vec::new();
        for service in self.services()? {
            if links.is_empty()
                || connections
                    .iter()
                    .any(|connection| connection.service == service.link_name)
            {
                services.push(without_secrets(&service));
            }
        }
        let connections: Vec<Value> = connections.iter().map(Connection::to_json).collect();
        Ok(json!({"services": services, "connections": connections}))
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
                Ok(service) => import.services.push(service),
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
                Ok(connection) => import.connections.push(connection),
                Err(found) => problems.extend(found),
            }
        }
        if import == Import::default() && problems.is_empty() {
            problems.push(problem("there are neither `services` nor `connections` in it"));
        }
        if !problems.is_empty() {
            return Err(DeskError::Invalid(problems));
        }
        self.leave_out_what_is_there(&mut import)?;
        self.check_services(&import)?;
        Ok(import)
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

    /// Keeps what was read. Every connection belongs to whoever imports it, and has to be connected.
    ///
    /// # Errors
    /// The store failed, or somebody made one of them meanwhile.
    pub fn import(&self, import: &Import) -> Result<(), DeskError> {
        for service in &import.services {
            self.create_service(service)?;
        }
        for connection in &import.connections {
            self.create_connection(connection)?;
        }
        Ok(())
    }
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
    fields.finish(&["isuserdefinedservice", "sharedby", "connectedserviceid", "owner"])?;
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
