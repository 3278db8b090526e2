//! Making connections and connecting them.

use serde_json::Value;

use super::Desk;
use super::arguments::{ConnectConnection, ConsentArguments, CreateConnection};
use super::consent;
use crate::cli::exit::{Exit, Stop};
use crate::cli::prompt;
use crate::connections::{NewConnection, Service};
use crate::host::LinkName;

/// `dg connections create`: makes it, and connects it unless told not to. Secrets are read before anything is made.
pub(super) fn create(arguments: &CreateConnection, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let new = NewConnection {
        link_name: arguments.link.clone(),
        name: arguments.name.clone(),
        service: arguments.service.clone(),
        scopes: arguments.scopes.clone(),
        owner: desk.user.clone(),
        per_user: arguments.use_login_user,
    };
    let service = desk.connections.check_new(&new)?;
    let answers = if arguments.no_connect {
        None
    } else {
        answers(&service, &arguments.link, arguments.secrets.as_deref(), desk)?
    };
    let connection = desk.connections.create_connection(&new)?;
    desk.out.line(&format!(
        "made the connection `{}` to {}",
        connection.link_name, service.name
    ));
    if arguments.no_connect {
        desk.out
            .talk(&format!("next: dg connections connect {}", connection.link_name));
        return Ok(Exit::Done);
    }
    finish(
        &connection.link_name,
        &service,
        answers.as_ref(),
        &arguments.consent,
        desk,
    )
}

/// `dg connections connect` and `reconnect`.
pub(super) fn connect(arguments: &ConnectConnection, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let (connection, service) = desk.connections.connection(&arguments.link, &desk.user)?;
    let answers = answers(&service, &arguments.link, arguments.secrets.as_deref(), desk)?;
    finish(
        &connection.link_name,
        &service,
        answers.as_ref(),
        &arguments.consent,
        desk,
    )
}

/// What whoever connects knows; `None` where the provider gives the credential itself.
fn answers(service: &Service, link: &str, secrets: Option<&str>, desk: &Desk<'_>) -> Result<Option<Value>, Stop> {
    let questions = service.questions();
    if questions.is_empty() && secrets.is_none() {
        return Ok(None);
    }
    let answers = prompt::answers(&questions, secrets, &format!("the connection `{link}`"))?;
    desk.connections.check_answers(service, &answers)?;
    Ok(Some(answers))
}

fn finish(
    link: &LinkName,
    service: &Service,
    answers: Option<&Value>,
    consent: &ConsentArguments,
    desk: &Desk<'_>,
) -> Result<Exit, Stop> {
    let mut connected = None;
    match answers {
        Some(answers) => desk
            .connections
            .connect_with(link.as_str(), &desk.user, answers, &desk.cancel)?,
        None if service.asks_consent() => connected = Some(consent::consent(link, service, consent, desk)?),
        None => desk
            .connections
            .connect_client(link.as_str(), &desk.user, &desk.cancel)?,
    }
    desk.out.line(&format!("connected `{link}`"));
    if let Some(connected) = &connected {
        consent::tell(connected, desk.out);
    }
    desk.out.talk(&format!(
        "in a script: connection: \"{link}\"   to try it: dg connections test {link}"
    ));
    Ok(Exit::Done)
}
