//! The lists: services of the store, and those of the catalogue that one can pick.

use serde_json::{Value, json};

use super::arguments::{ListServices, ShowService};
use super::hosts;
use crate::cli::exit::{Exit, Stop};
use crate::cli::print::Out;
use crate::cli::table;
use crate::connections::catalogue::{self, Entry};
use crate::connections::{Connections, DeskError, Service};

/// `dg services list`: those of the store, then those of the catalogue that the store does not have.
pub(super) fn list(arguments: &ListServices, desk: &Connections, out: &Out) -> Result<Exit, Stop> {
    let search = arguments.search.as_deref().unwrap_or_default();
    let wanted = search.to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&wanted);
    let fits = |service: &Service| holds(service.link_name.as_str()) || holds(&service.name) || holds(&hosts(service));
    let own: Vec<Service> = desk.services()?;
    let is_new = |entry: &Entry| own.iter().all(|service| service.link_name != entry.service.link_name);
    let offered: Vec<Service> = catalogue::search(search)
        .filter(is_new)
        .map(|entry| entry.service)
        .collect();
    let own: Vec<Service> = own.into_iter().filter(fits).collect();
    if arguments.json {
        let described = |service: &Service, is_set_up: bool| {
            let mut description = service.to_json();
            description["set_up"] = json!(is_set_up);
            description
        };
        let own = own.iter().map(|service| described(service, true));
        let all: Value = own
            .chain(offered.iter().map(|service| described(service, false)))
            .collect();
        out.line(&all.to_string());
        return Ok(Exit::Done);
    }
    if own.is_empty() && offered.is_empty() {
        out.talk(&format!(
            "no service has `{}` in its name or hosts",
            search.escape_debug()
        ));
        return Ok(Exit::Done);
    }
    section(out, "Your services", &own);
    if !own.is_empty() && !offered.is_empty() {
        out.line("");
    }
    section(out, "Pick Your Service (dg services setup LINK_NAME)", &offered);
    Ok(Exit::Done)
}

fn section(out: &Out, title: &str, services: &[Service]) {
    if services.is_empty() {
        return;
    }
    out.line(title);
    let row = |service: &Service| {
        [
            service.link_name.to_string(),
            service.name.clone(),
            service.auth.label().to_owned(),
            hosts(service),
        ]
    };
    let rows: Vec<[String; 4]> = services.iter().map(row).collect();
    table::rows(out, ["LINK NAME", "NAME", "AUTH TYPE", "HOSTS"], &rows);
}

/// `dg services show`: of the store, else of the catalogue.
pub(super) fn show(arguments: &ShowService, desk: &Connections, out: &Out) -> Result<Exit, Stop> {
    let (service, entry) = match desk.service(&arguments.service) {
        Ok(service) => (service, None),
        Err(error @ DeskError::NoService { .. }) => match catalogue::find(&arguments.service) {
            Some(entry) => (entry.service.clone(), Some(entry)),
            None => return Err(error.into()),
        },
        Err(error) => return Err(error.into()),
    };
    let description = service.to_json();
    if arguments.json {
        out.line(&format!("{description:#}"));
        return Ok(Exit::Done);
    }
    let empty = serde_json::Map::new();
    let fields = description.as_object().unwrap_or(&empty);
    let mut values: Vec<(&str, String)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), shown(value)))
        .collect();
    if let Some(entry) = &entry {
        // Whose client it is, is nobody's yet.
        values.retain(|(_, value)| !value.is_empty());
        values.push(("scopes", entry.scopes.join(", ")));
        values.push(("note", entry.note.clone()));
        values.retain(|(_, value)| !value.is_empty());
    }
    table::values(out, &values);
    if entry.is_some() {
        out.talk(&format!(
            "not set up yet; run `dg services setup {}`",
            service.link_name
        ));
    }
    Ok(Exit::Done)
}

/// A value on one line.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if text == " " => "(a blank)".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let pairs = fields.iter().map(|(name, value)| format!("{name}={}", shown(value)));
            pairs.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}
