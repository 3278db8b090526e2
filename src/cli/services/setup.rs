//! `dg services setup`: takes a service of the catalogue into the store, with the client that whoever uses it registered
//! at the provider.

use serde_json::{Value, json};

use super::arguments::SetupService;
use crate::cli::exit::{Exit, Stop};
use crate::cli::print::Out;
use crate::cli::prompt;
use crate::connections::catalogue::{self, Entry};
use crate::connections::{AuthKind, CALLBACK_PATH, Connections, DeskError, PASTE_PORT, Service};
use crate::diagnostic::{Code, Diagnostic, nearest};

/// Sets up a service of the catalogue.
pub(super) fn setup(arguments: &SetupService, desk: &Connections, out: &Out) -> Result<Exit, Stop> {
    let Some(entry) = catalogue::find(&arguments.service) else {
        return Err(unknown(&arguments.service));
    };
    let is_oauth = matches!(entry.service.auth, AuthKind::OAuth1(_) | AuthKind::OAuth2(_));
    let mut description = entry.service.to_json();
    if is_oauth {
        let callback = callback(arguments);
        out.talk(&format!(
            "{}: register an app of yours at the provider, with the callback URL\n\n  {callback}\n",
            entry.service.name
        ));
        for secret in ["client_secret", "consumer_secret", "client_id", "consumer_key"] {
            take(&mut description, secret);
        }
        description["redirect_url"] = json!(callback);
        let client = client(arguments, &entry)?;
        description["client_id"] = json!(client.0);
        description["client_secret"] = json!(client.1);
    }
    if let Some(link_name) = &arguments.link_name {
        description["link_name"] = json!(link_name);
    }
    let service = Service::from_json(&description).map_err(DeskError::Invalid)?;
    desk.create_service(&service)?;
    out.line(&format!(
        "set up the service `{}`: {}",
        service.link_name,
        service.auth.label()
    ));
    if !entry.note.is_empty() {
        out.talk(&format!("note: {}", entry.note));
    }
    out.talk(&next(&service, &entry));
    Ok(Exit::Done)
}

/// The command that makes a connection, with what it needs.
fn next(service: &Service, entry: &Entry) -> String {
    let link = &service.link_name;
    let mut command = format!("next: dg connections create {link} --service {link}");
    for placeholder in &service.placeholders {
        command.push_str(&format!(" --set {}=...", placeholder.name));
    }
    if let Some(scope) = entry.scopes.first() {
        command.push_str(&format!(" --scope {scope}"));
    }
    command
}

fn take(description: &mut Value, field: &str) {
    if let Some(object) = description.as_object_mut() {
        object.remove(field);
    }
}

/// The URL to register: one of ours with a fixed port, or an https page from which the user pastes the address back.
fn callback(arguments: &SetupService) -> String {
    match &arguments.callback_url {
        Some(url) => url.clone(),
        None => {
            let port = arguments.callback_port.unwrap_or(PASTE_PORT);
            format!("http://127.0.0.1:{port}{CALLBACK_PATH}")
        }
    }
}

/// Client id and secret: from `--from` and `--client-id`, else from the terminal.
fn client(arguments: &SetupService, entry: &Entry) -> Result<(String, String), Stop> {
    let (id_label, secret_label) = match entry.service.auth {
        AuthKind::OAuth1(_) => ("Consumer key", "Consumer secret"),
        _ => ("Client id", "Client secret"),
    };
    let given = match &arguments.from {
        Some(file) => prompt::read_object(file)?,
        None => json!({}),
    };
    let field = |names: [&str; 2]| names.iter().find_map(|name| given[*name].as_str()).map(str::to_owned);
    let id = arguments
        .client_id
        .clone()
        .or_else(|| field(["client_id", "consumer_key"]));
    let secret = field(["client_secret", "consumer_secret"]);
    if arguments.from.is_none() && !prompt::is_possible() {
        return Err(Stop::usage(
            format!(
                "`{}` needs the id and secret of your client, and there is no terminal to ask at",
                arguments.service
            ),
            "give them as a JSON object with `client_id` and `client_secret`: `--from FILE`, or `--from -` for standard input",
        ));
    }
    let id = match id.filter(|id| !id.is_empty()) {
        Some(id) => id,
        None if arguments.from.is_none() => prompt::text(id_label)?,
        None => {
            return Err(Stop::usage(
                "`client_id` is missing",
                "give it with `--client-id`, or in the file",
            ));
        }
    };
    let secret = match secret {
        Some(secret) => secret,
        None if arguments.from.is_none() => prompt::secret(secret_label)?,
        // A public client has none.
        None => String::new(),
    };
    Ok((id, secret))
}

fn unknown(wanted: &str) -> Stop {
    let wanted = wanted.escape_debug().to_string();
    let title = format!("the catalogue has no service `{wanted}`");
    let help = match nearest(&wanted, catalogue::link_names()) {
        Some(near) => format!("write `{near}` if that is meant; `dg services list --search TEXT` finds services"),
        None => "run `dg services list --search TEXT` to find one, or `dg services create` to make your own".to_owned(),
    };
    Stop::new(
        Exit::Usage,
        Diagnostic::placeless(Code::ServiceUnknown, title).help(help),
    )
}
