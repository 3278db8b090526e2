//! From the platform's JSON to the inputs of a handler.

use std::fmt;

use serde_json::{Map, Value as Json};

use super::handlers::{Handler, find};
use crate::host::UserId;
use crate::runtime::{Call, Compiled};
use crate::value::{Data, Kind};

/// A call of a handler by the platform.
#[derive(Clone, Debug)]
pub struct Event {
    /// Which handler is called.
    pub handler: &'static Handler,
    /// The inputs, the documented ones first.
    pub inputs: Vec<(String, Data)>,
    /// The login user: who wrote, clicked or typed. His credentials are used where a connection asks for them.
    pub user: Option<UserId>,
    /// Where an answer that comes late may be posted.
    pub response_url: Option<String>,
}

/// Why a payload is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayloadError {
    /// It is no JSON object.
    NoObject,
    /// It does not tell which handler is called, or none that there is.
    NoHandler(String),
    /// A part is of another kind than documented.
    Kind {
        /// Where: `params.user`.
        path: String,
        /// What is documented.
        expected: Kind,
        /// What is there.
        found: &'static str,
    },
}

impl fmt::Display for PayloadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoObject => write!(formatter, "the payload is no JSON object"),
            Self::NoHandler(name) if name.is_empty() => {
                write!(
                    formatter,
                    "the payload has no `handler`, so nothing says which one is called"
                )
            }
            Self::NoHandler(name) => write!(formatter, "there is no handler `{name}`"),
            Self::Kind { path, expected, found } => {
                write!(
                    formatter,
                    "`{path}` of the payload is {found}, and {} is documented",
                    expected.name()
                )
            }
        }
    }
}

impl std::error::Error for PayloadError {}

impl Event {
    /// Reads an envelope that says itself which handler is called: `type`, `handler` and `params`.
    ///
    /// # Errors
    /// It does not, or a part of it is of another kind than documented.
    pub fn read(payload: &Json) -> Result<Self, PayloadError> {
        let envelope = payload.as_object().ok_or(PayloadError::NoObject)?;
        let component = envelope.get("type").and_then(Json::as_str).unwrap_or_default();
        let name = handler_name(envelope);
        let handler = find(component, name).ok_or_else(|| PayloadError::NoHandler(name.to_owned()))?;
        Self::of(handler, payload)
    }

    /// Reads the payload of a known handler: an envelope, or what would stand in its `params`.
    ///
    /// # Errors
    /// It is no object, or a part of it is of another kind than documented.
    pub fn of(handler: &'static Handler, payload: &Json) -> Result<Self, PayloadError> {
        let envelope = payload.as_object().ok_or(PayloadError::NoObject)?;
        let wrapped = envelope.get("params").and_then(Json::as_object);
        // A form's own `params`, and those of a webhook, are arguments; an envelope has a handler beside them.
        let params = match wrapped {
            Some(params) if envelope.contains_key("handler") => params,
            _ => envelope,
        };
        let mut inputs = Vec::with_capacity(handler.arguments.len());
        for argument in handler.arguments {
            let given = given(argument.name, params, envelope);
            inputs.push((
                argument.name.to_owned(),
                bind(argument.name, argument.kind, given.as_ref())?,
            ));
        }
        let further = params
            .iter()
            .filter(|(name, _)| handler.inputs().all(|known| known != name.as_str()));
        inputs.extend(further.map(|(name, value)| (name.clone(), Data::from(value.clone()))));
        Ok(Self {
            handler,
            inputs,
            user: user(params),
            response_url: envelope.get("response_url").and_then(Json::as_str).map(str::to_owned),
        })
    }

    /// The value of an input.
    pub fn input(&self, name: &str) -> Option<&Data> {
        self.inputs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// Begins a call of a script with the inputs of this event, on behalf of its user.
    pub fn call(&self, script: &Compiled) -> Call {
        let call = self
            .inputs
            .iter()
            .fold(script.call(), |call, (name, value)| call.input(name, value.clone()));
        match &self.user {
            Some(user) => call.user(user.clone()),
            None => call,
        }
    }
}

/// The name in `handler`, which is a map in newer payloads and a text in older ones.
fn handler_name(envelope: &Map<String, Json>) -> &str {
    let handler = envelope.get("handler");
    let typed = handler.and_then(|handler| handler.get("type"));
    typed.or(handler).and_then(Json::as_str).unwrap_or_default()
}

/// What a payload gives for an argument, also where it stands elsewhere.
fn given(name: &str, params: &Map<String, Json>, envelope: &Map<String, Json>) -> Option<Json> {
    let message = || params.get("message").filter(|message| message.is_object());
    match (name, params.get(name)) {
        // The name of the chosen menu item stands beside the type of the handler.
        ("action", None) => envelope.get("handler")?.get("name").cloned(),
        ("sub_action", None) => envelope.get(name).cloned(),
        // A handler whose `message` is a text may get the whole message; the details are the whole.
        ("message_details", None) => message().cloned(),
        ("raw_message", None) => text_of_message(params.get("message")?),
        (_, given) => given.cloned(),
    }
}

/// The text of a message, which is a text itself or a map with one.
fn text_of_message(message: &Json) -> Option<Json> {
    match message {
        Json::String(_) => Some(message.clone()),
        Json::Object(parts) => parts.get("text").or_else(|| parts.get("content")?.get("text")).cloned(),
        _ => None,
    }
}

/// An argument as data of its documented kind; empty where it is not given.
fn bind(name: &str, kind: Kind, given: Option<&Json>) -> Result<Data, PayloadError> {
    let wrong = |found: &Json| PayloadError::Kind {
        path: format!("params.{name}"),
        expected: if kind == Kind::File { Kind::List } else { kind },
        found: kind_of(found),
    };
    Ok(match (kind, given) {
        (Kind::Text, None | Some(Json::Null)) => Data::from(""),
        (Kind::Text, Some(message @ Json::Object(_))) if name == "message" => {
            text_of_message(message).map_or_else(|| Data::from(""), Data::from)
        }
        (Kind::Text, Some(Json::Number(number))) => Data::Text(number.to_string()),
        (Kind::Text, Some(given @ Json::String(_))) => Data::from(given.clone()),
        (Kind::Map, None | Some(Json::Null)) => Data::Map(indexmap::IndexMap::new()),
        // Cliq writes an empty map as an empty text now and then.
        (Kind::Map, Some(Json::String(text))) if text.is_empty() => Data::Map(indexmap::IndexMap::new()),
        (Kind::Map, Some(given @ Json::Object(_))) => Data::from(given.clone()),
        (Kind::List, None | Some(Json::Null)) => Data::List(Vec::new()),
        (Kind::List | Kind::File, Some(given @ Json::Array(_))) => Data::from(given.clone()),
        (Kind::File, None | Some(Json::Null)) => Data::Null,
        (Kind::Boolean, None | Some(Json::Null)) => Data::Boolean(false),
        (Kind::Boolean, Some(Json::Bool(given))) => Data::Boolean(*given),
        (Kind::Boolean, Some(Json::String(text))) if text == "true" || text == "false" => Data::Boolean(text == "true"),
        (_, Some(other)) => return Err(wrong(other)),
        (_, None) => Data::Null,
    })
}

fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => Kind::Null,
        Json::Bool(_) => Kind::Boolean,
        Json::Number(_) => Kind::Number,
        Json::String(_) => Kind::Text,
        Json::Array(_) => Kind::List,
        Json::Object(_) => Kind::Map,
    }
    .name()
}

/// The user of a payload, by his id, else by his address.
fn user(params: &Map<String, Json>) -> Option<UserId> {
    let user = params.get("user")?;
    let id = ["id", "zoho_user_id", "email"].iter().find_map(|key| user.get(key));
    match id? {
        Json::String(id) if !id.is_empty() && !id.contains(char::is_control) => Some(UserId::new(id)),
        Json::Number(id) => Some(UserId::new(&id.to_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(event: &Event, name: &str) -> Json {
        event.input(name).unwrap().to_json()
    }

    #[test]
    fn an_envelope_says_which_handler_it_is_for() {
        let event = Event::read(&json!({
            "type": "bot", "handler": { "type": "action_handler", "name": "Reports" }, "sub_action": "Daily",
            "response_url": "https://cliq.example/responses/1",
            "params": { "user": { "id": 648 }, "environment": { "tld": ".com" } }
        }))
        .unwrap();
        assert_eq!(event.handler.name, "action_handler");
        assert_eq!(
            (value(&event, "action"), value(&event, "sub_action")),
            (json!("Reports"), json!("Daily"))
        );
        assert_eq!(value(&event, "environment"), json!({ "tld": ".com" }));
        assert_eq!(event.user, Some(UserId::new("648")));
        assert_eq!(event.response_url.as_deref(), Some("https://cliq.example/responses/1"));
        let old = Event::read(
            &json!({ "type": "command", "handler": "execution_handler", "params": { "arguments": "a b" } }),
        );
        assert_eq!(value(&old.unwrap(), "arguments"), json!("a b"));
    }

    #[test]
    fn what_is_missing_is_empty() {
        let handler = find("bot", "message_handler").unwrap();
        let event = Event::of(handler, &json!({ "message": { "text": "hi", "id": "1_2" } })).unwrap();
        for (name, expected) in [
            ("message", json!("hi")),
            ("message_details", json!({ "text": "hi", "id": "1_2" })),
            ("raw_message", json!("hi")),
            ("mentions", json!([])),
            ("attachments", json!(null)),
            ("location", json!({})),
            ("arguments", json!("")),
        ] {
            assert_eq!(value(&event, name), expected, "{name}");
        }
        let handler = find("bot", "welcome_handler").unwrap();
        assert_eq!(value(&Event::of(handler, &json!({})).unwrap(), "newuser"), json!(false));
        let handler = find("bot", "incomingwebhook_handler").unwrap();
        let event = Event::of(handler, &json!({ "params": { "a": "1" }, "body": "{}" })).unwrap();
        assert_eq!(
            (value(&event, "params"), value(&event, "body")),
            (json!({ "a": "1" }), json!("{}"))
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let handler = find("bot", "message_handler").unwrap();
        let error = Event::of(handler, &json!({ "user": "Ada" })).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`params.user` of the payload is TEXT, and KEY-VALUE is documented"
        );
        assert_eq!(Event::read(&json!([])).unwrap_err(), PayloadError::NoObject);
        let unknown = Event::read(&json!({ "type": "bot", "handler": { "type": "dance" } })).unwrap_err();
        assert_eq!(unknown.to_string(), "there is no handler `dance`");
    }
}
