//! Making connections and connecting them.

use serde_json::Value;

use super::Desk;
use super::arguments::{ConnectConnection, ConsentArguments, CreateConnection, EditConnection};
use super::consent;
use crate::cli::exit::{Exit, Stop};
use crate::cli::prompt;
use crate::connections::{ConnectionEdit, DeskError, NewConnection, Service};
use crate::host::LinkName;

/// `dg connections create`: makes it, and connects it unless told not to. Secrets are read before anything is made.
pub(super) fn create(arguments: &CreateConnection, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let mut new = NewConnection {
        link_name: arguments.link.clone(),
        name: arguments.name.clone(),
        service: arguments.service.clone(),
        scopes: arguments.scopes.clone(),
        owner: desk.user.clone(),
        per_user: arguments.use_login_user,
        values: pairs(&arguments.values)?,
    };
    let service = plan(&mut new, desk)?;
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

/// Looks whether the connection can be made; placeholders without a value are asked for at the terminal.
fn plan(new: &mut NewConnection, desk: &Desk<'_>) -> Result<Service, Stop> {
    let missing = match desk.connections.check_new(new) {
        Err(DeskError::ValuesNeeded(missing)) if prompt::is_possible() => missing,
        other => return Ok(other?),
    };
    for placeholder in missing {
        let value = prompt::text(&placeholder.label)?;
        new.values.push((placeholder.name, value));
    }
    Ok(desk.connections.check_new(new)?)
}

/// `NAME=VALUE`, as `--set` takes it.
fn pairs(texts: &[String]) -> Result<Vec<(String, String)>, Stop> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(Stop::usage(
            format!("`--set {text}` has no `=`"),
            "write `--set NAME=VALUE`",
        )),
    };
    texts.iter().map(pair).collect()
}

/// `dg connections edit`.
pub(super) fn edit(arguments: &EditConnection, desk: &Desk<'_>) -> Result<Exit, Stop> {
    let edit = ConnectionEdit {
        name: arguments.name.clone(),
        scopes: (!arguments.scopes.is_empty()).then(|| arguments.scopes.clone()),
        added_scopes: arguments.added_scopes.clone(),
        per_user: arguments.use_login_user,
        values: pairs(&arguments.values)?,
    };
    if edit == ConnectionEdit::default() {
        return Err(Stop::usage(
            "nothing says what to change",
            "see `dg help connections edit`",
        ));
    }
    let reconnect = desk.connections.edit_connection(&arguments.link, &desk.user, &edit)?;
    desk.out.line(&format!("changed the connection `{}`", arguments.link));
    if reconnect {
        let link = &arguments.link;
        desk.out.talk(&format!(
            "it has to be connected again: dg connections reconnect {link}"
        ));
    }
    Ok(Exit::Done)
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
