//! From the platform's JSON to the inputs of a handler.

use std::fmt;

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
    /// The files that came along, in the order of the input `attachments` (see [`Event::load_attachments`]).
    pub attachments: Vec<Attachment>,
}

/// Why a payload is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayloadError {
    /// It is not JSON; the reason tells where.
    NotJson(String),
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
            Self::NotJson(reason) => write!(formatter, "the payload is not JSON: {reason}"),
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
    pub fn read(payload: impl Into<Data>) -> Result<Self, PayloadError> {
        let payload = payload.into();
        let Data::Map(envelope) = &payload else {
            return Err(PayloadError::NoObject);
        };
        let component = envelope.get("type").and_then(as_text).unwrap_or_default();
        let name = handler_name(envelope);
        let handler = find(component, name).ok_or_else(|| PayloadError::NoHandler(name.to_owned()))?;
        Self::of(handler, payload)
    }

    /// As [`Event::read`], from the text of a request's body. Numbers keep every digit.
    ///
    /// ```
    /// # use dgscript::bots::Event;
    /// let event = Event::read_json(r#"{"type":"bot","handler":{"type":"message_handler"},"params":{"message":"hi"}}"#)?;
    /// assert_eq!(event.input("message"), Some(&"hi".into()));
    /// # Ok::<(), dgscript::bots::PayloadError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Event::read`], and where the text is not JSON.
    pub fn read_json(payload: impl AsRef<[u8]>) -> Result<Self, PayloadError> {
        Self::read(data_of(payload.as_ref())?)
    }

    /// Reads the payload of a known handler: an envelope, or what would stand in its `params`.
    ///
    /// # Errors
    /// It is no object, or a part of it is of another kind than documented.
    pub fn of(handler: &'static Handler, payload: impl Into<Data>) -> Result<Self, PayloadError> {
        let Data::Map(envelope) = payload.into() else {
            return Err(PayloadError::NoObject);
        };
        let response_url = envelope.get("response_url").and_then(as_text).map(str::to_owned);
        let mut payload = Payload::of(envelope, handler);
        let user = user(&payload.params);
        let mut inputs = Vec::with_capacity(handler.arguments.len());
        let mut attachments = Vec::new();
        for argument in handler.arguments {
            let given = payload.take(argument.name);
            let value = match (argument.kind, given) {
                (Kind::File, Some(Data::List(given))) => {
                    attachments = given.into_iter().map(Attachment::of).collect();
                    Data::List(attachments.iter().map(Attachment::to_file).collect())
                }
                (kind, given) => bind(argument.name, kind, given)?,
            };
            inputs.push((argument.name.to_owned(), value));
        }
        inputs.extend(payload.params);
        Ok(Self {
            handler,
            inputs,
            user,
            response_url,
            attachments,
        })
    }

    /// As [`Event::of`], from the text of a request's body. Numbers keep every digit.
    ///
    /// # Errors
    /// As [`Event::of`], and where the text is not JSON.
    pub fn of_json(handler: &'static Handler, payload: impl AsRef<[u8]>) -> Result<Self, PayloadError> {
        Self::of(handler, data_of(payload.as_ref())?)
    }

    /// The value of an input.
    pub fn input(&self, name: &str) -> Option<&Data> {
        self.inputs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// Gives the files of `attachments` their contents: `fetch` gets each attachment, whose `url` is a link that expires,
    /// and answers with its bytes. Without it the files have names and media types alone.
    ///
    /// # Errors
    /// The first error of `fetch`.
    pub fn load_attachments<E>(&mut self, mut fetch: impl FnMut(&Attachment) -> Result<Vec<u8>, E>) -> Result<(), E> {
        let bound = self.inputs.iter_mut().find(|(name, _)| name == "attachments");
        let Some((_, Data::List(files))) = bound else {
            return Ok(());
        };
        for (file, attachment) in files.iter_mut().zip(&self.attachments) {
            if let Data::File { bytes, .. } = file {
                *bytes = fetch(attachment)?;
            }
        }
        Ok(())
    }

    /// Begins a call of a script with the inputs of this event, on behalf of its user.
    pub fn call(&self, script: &Compiled) -> Call {
        self.clone().into_call(script)
    }

    /// As [`Event::call`], for an event that is called once.
    pub fn into_call(self, script: &Compiled) -> Call {
        let inputs = self.inputs.into_iter();
        let call = inputs.fold(script.call(), |call, (name, value)| call.input(&name, value));
        match self.user {
            Some(user) => call.user(user),
            None => call,
        }
    }
}

/// A file that came with a message, as the platform tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Its name with extension.
    pub name: String,
    /// Its id on the platform; may be empty.
    pub id: String,
    /// Where its bytes are, for a while; may be empty.
    pub url: String,
    /// Its media type; empty where only the name tells.
    pub media_type: String,
    /// What the sender wrote about it; may be empty.
    pub comment: String,
}

impl Attachment {
    /// From a map of the platform, or from a bare name.
    fn of(given: Data) -> Self {
        let mut entries = match given {
            Data::Map(entries) => entries,
            Data::Text(name) => {
                return Self {
                    name,
                    ..Self::default()
                };
            }
            _ => Fields::new(),
        };
        let mut text = |keys: &[&str]| {
            let found = keys.iter().find_map(|key| entries.swap_remove(*key));
            match found {
                Some(Data::Text(text)) => text,
                Some(Data::Number(number)) => number.to_string(),
                _ => String::new(),
            }
        };
        Self {
            name: text(&["name"]),
            id: text(&["id"]),
            url: text(&["url"]),
            media_type: text(&["contenttype", "content_type", "type"]),
            comment: text(&["comment"]),
        }
    }

    fn to_file(&self) -> Data {
        Data::File {
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            bytes: Vec::new(),
        }
    }
}

/// Entries of a map.
type Fields = indexmap::IndexMap<String, Data>;

/// The text of a payload as data.
fn data_of(payload: &[u8]) -> Result<Data, PayloadError> {
    let text = std::str::from_utf8(payload).map_err(|error| PayloadError::NotJson(error.to_string()))?;
    Data::from_json_text(text).map_err(|error| PayloadError::NotJson(error.to_string()))
}

fn as_text(data: &Data) -> Option<&str> {
    match data {
        Data::Text(text) => Some(text),
        _ => None,
    }
}

/// The name in `handler`, which is a map in newer payloads and a text in older ones.
fn handler_name(envelope: &Fields) -> &str {
    match envelope.get("handler") {
        Some(Data::Map(handler)) => handler.get("type").and_then(as_text).unwrap_or_default(),
        Some(Data::Text(name)) => name,
        _ => "",
    }
}

/// The arguments of a payload, and what stands beside them.
struct Payload {
    params: Fields,
    /// The menu item that was chosen, and the one below it.
    action: Option<Data>,
    sub_action: Option<Data>,
    /// What the arguments give twice: the message with its parts, the parameters of a webhook under two names.
    repeated: Option<Data>,
}

impl Payload {
    fn of(mut envelope: Fields, handler: &Handler) -> Self {
        let action = match envelope.get("handler") {
            Some(Data::Map(handler)) => handler.get("name").cloned(),
            _ => envelope.get("handler_name").cloned(),
        };
        let sub_action = envelope.get("sub_action").cloned();
        // A form's own `params`, and those of a webhook, are arguments; an envelope has a handler beside them.
        let is_wrapped = envelope.contains_key("handler") && matches!(envelope.get("params"), Some(Data::Map(_)));
        let params = match envelope.get_mut("params") {
            Some(Data::Map(params)) if is_wrapped => std::mem::take(params),
            _ => envelope,
        };
        let has = |argument: &str| handler.inputs().any(|name| name == argument);
        let name = match () {
            () if has("raw_message") => "message",
            () if has("parameters") => "params",
            () => "",
        };
        let repeated = params.get(name).cloned();
        Self {
            params,
            action,
            sub_action,
            repeated,
        }
    }

    /// Takes what the payload gives for an argument, also where it stands elsewhere.
    fn take(&mut self, name: &str) -> Option<Data> {
        match (name, self.params.shift_remove(name)) {
            // The name of the chosen menu item stands beside the type of the handler.
            ("action", None) => self.action.take(),
            ("sub_action", None) => self.sub_action.take(),
            // A handler whose `message` is a text may get the whole message; the details are the whole.
            ("message_details", None) => self.repeated.clone().filter(|message| matches!(message, Data::Map(_))),
            ("raw_message", None) => text_of_message(self.repeated.clone()?),
            ("parameters", None) => self.repeated.take(),
            (_, given) => given,
        }
    }
}

/// The text of a message, which is a text itself or a map with one.
fn text_of_message(message: Data) -> Option<Data> {
    match message {
        Data::Text(_) => Some(message),
        Data::Map(mut parts) => match (parts.swap_remove("text"), parts.swap_remove("content")) {
            (Some(text), _) => Some(text),
            (None, Some(Data::Map(mut content))) => content.swap_remove("text"),
            (None, _) => None,
        },
        _ => None,
    }
}

/// An argument as data of its documented kind; empty where it is not given.
fn bind(name: &str, kind: Kind, given: Option<Data>) -> Result<Data, PayloadError> {
    let given = given.unwrap_or_default();
    Ok(match (kind, given) {
        (Kind::Text, Data::Null) => Data::from(""),
        (Kind::Text, message @ Data::Map(_)) if name == "message" => {
            text_of_message(message).unwrap_or_else(|| Data::from(""))
        }
        (Kind::Text, Data::Number(number)) => Data::Text(number.to_string()),
        (Kind::Text, Data::Decimal(text)) => Data::Text(text),
        // Cliq writes an empty map as an empty text now and then.
        (Kind::Map, Data::Null) => Data::Map(Fields::new()),
        (Kind::Map, Data::Text(text)) if text.is_empty() => Data::Map(Fields::new()),
        (Kind::List, Data::Null) => Data::List(Vec::new()),
        (Kind::File, Data::Null) => Data::Null,
        (Kind::Boolean, Data::Null) => Data::Boolean(false),
        (Kind::Boolean, Data::Text(text)) if text == "true" || text == "false" => Data::Boolean(text == "true"),
        (Kind::Text, given @ Data::Text(_))
        | (Kind::Map, given @ Data::Map(_))
        | (Kind::List, given @ Data::List(_))
        | (Kind::Boolean, given @ Data::Boolean(_)) => given,
        (_, other) => {
            return Err(PayloadError::Kind {
                path: format!("params.{name}"),
                expected: if kind == Kind::File { Kind::List } else { kind },
                found: other.kind().name(),
            });
        }
    })
}

/// The user of a payload, by his id, else by his address.
fn user(params: &Fields) -> Option<UserId> {
    let Some(Data::Map(user)) = params.get("user") else {
        return None;
    };
    match ["id", "zoho_user_id", "email"].iter().find_map(|key| user.get(*key))? {
        Data::Text(id) if !id.is_empty() && !id.contains(char::is_control) => Some(UserId::new(id)),
        Data::Number(id) => Some(UserId::new(&id.to_string())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn value(event: &Event, name: &str) -> Json {
        event.input(name).unwrap().to_json()
    }

    #[test]
    fn an_envelope_says_which_handler_it_is_for() {
        let event = Event::read(json!({
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
        let old =
            Event::read(json!({ "type": "command", "handler": "execution_handler", "params": { "arguments": "a b" } }));
        assert_eq!(value(&old.unwrap(), "arguments"), json!("a b"));
    }

    #[test]
    fn what_is_missing_is_empty() {
        let handler = find("bot", "message_handler").unwrap();
        let event = Event::of(handler, json!({ "message": { "text": "hi", "id": "1_2" } })).unwrap();
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
        assert_eq!(value(&Event::of(handler, json!({})).unwrap(), "newuser"), json!(false));
        let handler = find("bot", "incomingwebhook_handler").unwrap();
        let event = Event::of(handler, json!({ "params": { "a": "1" }, "body": "{}" })).unwrap();
        for (name, expected) in [
            ("params", json!({ "a": "1" })),
            ("parameters", json!({ "a": "1" })),
            ("body", json!("{}")),
        ] {
            assert_eq!(value(&event, name), expected, "{name}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let handler = find("bot", "message_handler").unwrap();
        let error = Event::of(handler, json!({ "user": "Ada" })).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`params.user` of the payload is TEXT, and KEY-VALUE is documented"
        );
        assert_eq!(Event::read(json!([])).unwrap_err(), PayloadError::NoObject);
        let unknown = Event::read(json!({ "type": "bot", "handler": { "type": "dance" } })).unwrap_err();
        assert_eq!(unknown.to_string(), "there is no handler `dance`");
    }

    #[test]
    fn attachments_are_files_whose_contents_come_when_they_are_loaded() {
        let handler = find("bot", "message_handler").unwrap();
        let payload = r#"{"message":"look","attachments":[{"name":"a.csv","id":12,"url":"https://files.example/1","contenttype":"text/csv"},"b.txt"]}"#;
        let mut event = Event::of_json(handler, payload).unwrap();
        assert_eq!(event.attachments[0].url, "https://files.example/1");
        let contents = |attachment: &Attachment| Ok::<_, ()>(attachment.id.clone().into_bytes());
        event.load_attachments(contents).unwrap();
        let file = |name: &str, media_type: &str, bytes: &[u8]| Data::File {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            bytes: bytes.to_vec(),
        };
        let expected = vec![file("a.csv", "text/csv", b"12"), file("b.txt", "", b"")];
        assert_eq!(event.input("attachments"), Some(&Data::List(expected)));
        assert_eq!(event.load_attachments(|_| Err("gone")), Err("gone"));
    }

    #[test]
    fn a_payload_as_text_keeps_every_digit_and_tells_what_is_no_json() {
        let handler = find("bot", "message_handler").unwrap();
        let event = Event::of_json(handler, r#"{"user":{"id":"1","share":0.12345678901234567890}}"#).unwrap();
        let user = event
            .input("user")
            .unwrap()
            .to_json_text(&crate::value::DateSettings::default());
        assert_eq!(user.unwrap(), r#"{"id":"1","share":0.12345678901234567890}"#);
        let error = Event::read_json("{\"a\":").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("the payload is not JSON: expected a value"),
            "{error}"
        );
        assert!(matches!(Event::read_json(b"\xff"), Err(PayloadError::NotJson(_))));
    }
}
