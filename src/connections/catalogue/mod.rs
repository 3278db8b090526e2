//! "Pick Your Service": what is publicly known of services, so that nobody has to look up their addresses. One line of
//! JSON for each, in the form that [`Service::from_json`] reads, with `scopes` one may ask for and a `note` beside. The
//! client id and secret of an OAuth service are whoever uses it to bring.
//!
//! The text is compiled in and read line by line when it is asked for; nothing else pays for it.

use serde_json::Value;

use super::service::Service;

const TEXT: &str = include_str!("services.jsonl");

/// A service of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// How it authenticates; without client id and secret.
    pub service: Service,
    /// Scopes one may ask for; by no means all.
    pub scopes: Vec<String>,
    /// What else to know; may be empty.
    pub note: String,
}

/// The entry of this link name.
pub fn find(link_name: &str) -> Option<Entry> {
    let start = format!("{{\"link_name\":\"{link_name}\",");
    TEXT.lines().find(|line| line.starts_with(&start)).and_then(read)
}

/// All entries, by link name.
pub fn all() -> impl Iterator<Item = Entry> {
    TEXT.lines().filter_map(read)
}

/// The entries whose link name, name or hosts hold the text, whatever the case of its letters.
pub fn search(text: &str) -> impl Iterator<Item = Entry> {
    let wanted = text.to_lowercase();
    all().filter(move |entry| {
        let service = &entry.service;
        let holds = |text: &str| text.to_lowercase().contains(&wanted);
        holds(service.link_name.as_str())
            || holds(&service.name)
            || service.hosts.iter().any(|host| holds(&host.to_string()))
    })
}

/// The link names of all entries.
pub fn link_names() -> impl Iterator<Item = &'static str> {
    TEXT.lines().filter_map(|line| line.split('"').nth(3))
}

fn read(line: &str) -> Option<Entry> {
    let description: Value = serde_json::from_str(line).ok()?;
    let texts = description["scopes"].as_array().map(Vec::as_slice).unwrap_or_default();
    Some(Entry {
        service: Service::from_json(&description).ok()?,
        scopes: texts.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        note: description["note"].as_str().unwrap_or_default().to_owned(),
    })
}

#[cfg(test)]
mod tests;
