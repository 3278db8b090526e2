//! A service's description: the JSON of `--from` with the flags over it, and what is asked for beside.

use serde_json::{Map, Value, json};

use super::arguments::ServiceFields;
use crate::cli::exit::Stop;
use crate::cli::prompt;

/// The description that file and flags make together.
pub(super) fn described(from: Option<&str>, fields: &ServiceFields) -> Result<Map<String, Value>, Stop> {
    let mut description = match from.map(prompt::read_object).transpose()? {
        None => Map::new(),
        Some(Value::Object(object)) => object,
        Some(_) => {
            return Err(Stop::usage(
                "the description of a service has to be one JSON object",
                "`dg services show SERVICE --json` prints one",
            ));
        }
    };
    for (name, value) in flags(fields)? {
        put(&mut description, name, value);
    }
    if let Some(file) = &fields.secrets {
        let Value::Object(secrets) = prompt::read_object(file)? else {
            return Err(Stop::usage(
                format!("`--secrets {file}` is not one JSON object"),
                "write `{\"client_secret\": \"...\"}`",
            ));
        };
        for (name, value) in secrets {
            put(&mut description, &name, value);
        }
    }
    Ok(description)
}

/// Sets a field, in the place of one that is the same but for its spelling.
fn put(description: &mut Map<String, Value>, name: &str, value: Value) {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    description.retain(|other, _| plain(other) != plain(name));
    description.insert(name.to_owned(), value);
}

fn flags(fields: &ServiceFields) -> Result<Vec<(&'static str, Value)>, Stop> {
    let texts = [
        ("name", &fields.name),
        ("link_name", &fields.link_name),
        ("auth", &fields.auth),
        ("param_type", &fields.param_type),
        ("test_url", &fields.test_url),
        ("client_id", &fields.client_id),
        ("grant_type", &fields.grant_type),
        ("authorize_url", &fields.authorize_url),
        ("access_token_url", &fields.access_token_url),
        ("refresh_token_url", &fields.refresh_token_url),
        ("request_token_url", &fields.request_token_url),
        ("signature_method", &fields.signature_method),
        ("scope_delimiter", &fields.scope_delimiter),
        ("header_name", &fields.header_name),
        ("header_prefix", &fields.header_prefix),
        ("token_auth_method", &fields.token_auth_method),
        ("token_body_format", &fields.token_body_format),
    ];
    let texts = texts
        .into_iter()
        .filter_map(|(name, value)| Some((name, json!(value.as_ref()?))));
    let mut given: Vec<(&'static str, Value)> = texts.collect();
    if !fields.hosts.is_empty() {
        given.push(("hosts", json!(fields.hosts)));
    }
    if !fields.params.is_empty() {
        given.push(("params", fields.params.iter().map(|param| parameter(param)).collect()));
    }
    for (name, flag, pairs) in [
        ("extra_headers", "--extra-header", &fields.extra_headers),
        ("authorize_params", "--authorize-param", &fields.authorize_params),
        ("token_params", "--token-param", &fields.token_params),
    ] {
        if !pairs.is_empty() {
            given.push((name, object_of(flag, pairs)?));
        }
    }
    if let Some(seconds) = fields.assumed_lifetime {
        given.push(("assumed_lifetime", json!(seconds)));
    }
    if let Some(pkce) = fields.pkce {
        given.push(("pkce", json!(pkce)));
    }
    Ok(given)
}

fn parameter(text: &str) -> Value {
    match text.split_once('=') {
        Some((key, label)) => json!({"key": key, "label": label}),
        None => json!({"key": text}),
    }
}

fn object_of(flag: &str, pairs: &[String]) -> Result<Value, Stop> {
    let mut object = Map::new();
    for pair in pairs {
        let Some((name, value)) = pair.split_once('=') else {
            let title = format!("`{flag} {pair}` has no `=`");
            return Err(Stop::usage(title, "write the name, `=` and the value"));
        };
        object.insert(name.to_owned(), json!(value));
    }
    Ok(Value::Object(object))
}

/// Asks for what a new service needs and the description does not have.
pub(super) fn ask_for_the_rest(description: &mut Map<String, Value>) -> Result<(), Stop> {
    ask(description, "name", "Name")?;
    ask(description, "auth", "Auth type (api_key, basic, oauth1, oauth2)")?;
    let auth = description
        .get("auth")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    match auth.as_str() {
        "api_key" => {
            ask(description, "param_type", "Where the key goes (header, query, form)")?;
            ask(
                description,
                "params",
                "Name of the parameter on the wire, e.g. X-Api-Key",
            )?;
        }
        "oauth1" => {
            for (field, label) in [
                ("request_token_url", "Request token URL"),
                ("authorize_url", "Authorize URL"),
                ("access_token_url", "Access token URL"),
                ("client_id", "Consumer key"),
            ] {
                ask(description, field, label)?;
            }
        }
        "oauth2" => {
            ask(
                description,
                "grant_type",
                "Grant type (authorization_code, client_credentials)",
            )?;
            if description.get("grant_type").and_then(Value::as_str) != Some("client_credentials") {
                ask(description, "authorize_url", "Authorize URL")?;
            }
            for (field, label) in [
                ("access_token_url", "Access token URL"),
                ("scope_delimiter", "Sign between scopes (comma, space, plus)"),
                ("client_id", "Client id"),
            ] {
                ask(description, field, label)?;
            }
        }
        _ => {}
    }
    if matches!(auth.as_str(), "oauth1" | "oauth2") && !description.contains_key("client_secret") {
        description.insert("client_secret".to_owned(), json!(prompt::secret("Client secret")?));
    }
    if !description.contains_key("hosts") {
        let hosts = prompt::text("Hosts that credentials may go to, blanks between them")?;
        let hosts: Vec<&str> = hosts.split([' ', ',']).filter(|host| !host.is_empty()).collect();
        description.insert("hosts".to_owned(), json!(hosts));
    }
    Ok(())
}

fn ask(description: &mut Map<String, Value>, field: &str, label: &str) -> Result<(), Stop> {
    if !description.contains_key(field) {
        description.insert(field.to_owned(), json!(prompt::text(label)?));
    }
    Ok(())
}
